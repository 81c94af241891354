//! Two leads of one person become one: the merged lead leaves the queue and its owner's load, nothing of it is deleted, and
//! its contact keys go on answering, for the lead it was merged into. A person decides; no evidence is asked for.

use super::host::Host;
use super::manual::{each, guard, row_of};
use super::refusal::Refusal;
use super::route::LeadFacts;
use super::run::{Run, Step, Stop};
use super::undo::put_back;
use crate::model::event::{Assigned, Body, Placer, Restored};
use crate::model::id::{LeadId, Seq};
use crate::model::lead::{Charge, Lead, LeadState};
use crate::world::fold_lead;

/// Longest chain of merges followed; it cannot close to a ring, since nothing is merged into a merged lead.
pub(super) const CHAIN_MAX: usize = 64;

/// Merges each of `leads` into `into`, which takes over an owner it has none of.
///
/// # Errors
/// See [`Refusal`].
pub fn merge<H: Host>(run: &mut Run<'_, H>, into: LeadId, leads: &[LeadId]) -> Step<H> {
    run.owns(into);
    each(run, leads, |run, lead| {
        if lead == into {
            return Err(Refusal::MergedIntoItself { lead }.into());
        }
        let (survivor, _) = row_of(run, into)?;
        let (row, readmit) = row_of(run, lead)?;
        for row in [&survivor, &row] {
            if row.state == LeadState::Merged {
                let into = merged_into(run, row.id)?.unwrap_or(row.id);
                return Err(Refusal::AlreadyMerged { lead: row.id, into }.into());
            }
        }
        // Its own place in this batch must not pass for somebody else's change.
        if survivor.touched.seq.0 <= first_of(run).0 {
            guard(run, &survivor)?;
        }
        guard(run, &row)?;
        if row.do_not_contact != survivor.do_not_contact {
            let lead = if row.do_not_contact { lead } else { into };
            return Err(Refusal::DoNotContact { lead }.into());
        }
        run.emit(Body::LeadMerged { lead, into, readmit })?;
        hand_over(run, &row, &survivor)
    })
}

/// The last event before this order's first.
fn first_of<H: Host>(run: &Run<'_, H>) -> Seq {
    Seq(run.events.first().map_or(run.world.seq().0, |e| e.seq.0 - 1))
}

/// The survivor nobody has yet goes to the owner the merged lead had. It was given once already: no second turn.
fn hand_over<H: Host>(run: &mut Run<'_, H>, row: &Lead, survivor: &Lead) -> Step<H> {
    let waits = matches!(survivor.state, LeadState::Waiting | LeadState::Parked);
    let owner = row.owner.filter(|_| row.state.is_load() && waits);
    let Some(rep) = owner.filter(|id| run.world.rep(*id).is_some_and(|r| r.active)) else { return Ok(()) };
    run.emit(Body::LeadAssigned(Assigned {
        lead: survivor.id,
        rep,
        from: None,
        by: Placer::Person { reason: row.id.to_string().into() },
        book: run.world.published().version,
        score: survivor.score,
        charge: Charge { rep, team: None, day: run.moment.day, milli: 0, placements: 0, claims: 0 },
        turn: None,
        why: None,
        clock: None,
        readmit: None,
    }))
}

/// Makes merged leads leads of their own again, as they were before; what the survivor got since stays with it.
///
/// # Errors
/// See [`Refusal`].
pub fn unmerge<H: Host>(run: &mut Run<'_, H>, leads: &[LeadId]) -> Step<H> {
    each(run, leads, |run, lead| {
        let (row, _) = row_of(run, lead)?;
        guard(run, &row)?;
        if row.state != LeadState::Merged {
            return Err(Refusal::NotNow { lead, state: row.state }.into());
        }
        let events = run.host.lead_events(lead, Seq(u64::MAX)).map_err(Stop::Host)?;
        let merge = events.iter().rposition(|e| matches!(e.body, Body::LeadMerged { .. }));
        let before = merge.and_then(|at| fold_lead(lead, events.get(..at)?));
        let (Some(before), Some(at)) = (before, merge) else {
            return Err(Refusal::NotNow { lead, state: row.state }.into());
        };
        let back = put_back(run, before, &row, &[]);
        let restored = Restored {
            was: LeadState::Merged,
            row: Box::new(back),
            charges: Vec::new(),
            shares: Vec::new(),
            turns: Vec::new(),
            clock: None,
            withdrawn: false,
        };
        run.emit_undoing(Body::LeadRestored(restored), events.get(at).map(|e| e.seq))
    })
}

/// The lead `lead` was merged into last, straight from its own events.
fn merged_into<H: Host>(run: &mut Run<'_, H>, lead: LeadId) -> Step<H, Option<LeadId>> {
    let events = run.host.lead_events(lead, Seq(u64::MAX)).map_err(Stop::Host)?;
    Ok(events.iter().rev().find_map(|e| match e.body {
        Body::LeadMerged { into, .. } => Some(into),
        _ => None,
    }))
}

/// Lets hits on merged leads answer for the lead they were merged into.
///
/// # Errors
/// The host's.
pub fn follow<H: Host>(run: &mut Run<'_, H>, facts: &mut LeadFacts) -> Step<H> {
    for at in 0..facts.hits.len() {
        for _ in 0..CHAIN_MAX {
            let Some(hit) = facts.hits.get(at).filter(|h| h.state == LeadState::Merged).cloned() else {
                break;
            };
            let Some(into) = merged_into(run, hit.lead)? else { break };
            let (row, _) = row_of(run, into)?;
            if let Some(hit) = facts.hits.get_mut(at) {
                hit.lead = into;
                hit.state = row.state;
                hit.owner = row.owner;
                hit.arrived_at = hit.arrived_at.max(row.arrived_at);
            }
        }
    }
    Ok(())
}
