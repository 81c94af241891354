//! Undo of a batch: every lead nobody touched since goes back to the row it had before, every turn is negated in the
//! bucket it was booked in. What cannot be put back is listed with who touched it.
//!
//! A lead that would only wait again is parked instead, so that the engine does not redo at once what a person took back.

use std::collections::BTreeMap;

use super::host::{BatchFacts, Host};
use super::manual::row_of;
use super::refusal::Refusal;
use super::run::{Run, Step, Stop};
use crate::model::actor::Role;
use crate::model::event::{Body, Event, Restored};
use crate::model::id::{BatchId, BookVersion, LeadId};
use crate::model::lead::{Lead, LeadState, ParkReason};
use crate::world::fold_lead;

/// Undoes `batch`.
///
/// # Errors
/// Refused when there is no such batch, it is someone else's (below supervisor), it was undone already, or nothing of it
/// can be put back any more.
pub fn undo<H: Host>(run: &mut Run<'_, H>, batch: BatchId) -> Step<H> {
    let facts = run.host.batch(batch).map_err(Stop::Host)?.ok_or(Refusal::NoSuchBatch { batch })?;
    if facts.events.is_empty() {
        return Err(Refusal::NoSuchBatch { batch }.into());
    }
    if let Some((by, at)) = facts.undone {
        return Err(Refusal::AlreadyUndone { batch, by, at }.into());
    }
    if facts.actor != run.order.actor.name && run.role < Role::Supervisor {
        return Err(Refusal::NotYourBatch { batch, by: facts.actor }.into());
    }
    undo_leads(run, &facts)?;
    let rest_done = undo_rest(run, &facts)?;
    let (restored, kept) = (run.outcome.done.len() as u64, run.outcome.skipped.len() as u64);
    if restored == 0 && !rest_done {
        return Err(match run.outcome.skipped.first() {
            Some((_, Refusal::Changed { by, at, .. })) => {
                Refusal::NothingLeft { batch, by: by.clone(), at: *at }.into()
            }
            _ => Refusal::NothingToDo.into(),
        });
    }
    run.emit(Body::BatchUndone { batch, restored, kept })
}

fn undo_leads<H: Host>(run: &mut Run<'_, H>, facts: &BatchFacts) -> Step<H> {
    let mut by_lead: BTreeMap<LeadId, Vec<&Event>> = BTreeMap::new();
    for event in &facts.events {
        if let Some(lead) = event.body.lead() {
            by_lead.entry(lead).or_default().push(event);
        }
    }
    for (lead, events) in by_lead {
        run.owns(lead);
        match undo_lead(run, lead, &events) {
            Ok(()) => run.outcome.done.push(lead),
            Err(Stop::Refused(refusal)) => run.outcome.skipped.push((lead, refusal)),
            Err(host) => return Err(host),
        }
    }
    Ok(())
}

/// Events that leave no trace on the row: holds and looks.
fn is_mere_look(event: &Event) -> bool {
    matches!(event.body, Body::LeadHeld { .. } | Body::LeadReleased { .. } | Body::LeadUnmasked { .. })
}

fn undo_lead<H: Host>(run: &mut Run<'_, H>, lead: LeadId, events: &[&Event]) -> Step<H> {
    let (Some(first), Some(last)) = (events.first(), events.iter().rev().find(|e| !is_mere_look(e))) else {
        return Err(Refusal::AlreadySo { lead }.into());
    };
    let (now_row, _) = row_of(run, lead)?;
    if now_row.touched.seq != last.seq {
        let touch = now_row.touched;
        return Err(Refusal::Changed { lead, by: touch.actor, at: touch.at }.into());
    }
    if let Some(hold) = now_row.hold_at(run.moment.now).filter(|h| h.actor != run.order.actor.name) {
        return Err(Refusal::Held { lead, by: hold.actor.clone(), until: hold.until }.into());
    }
    let earlier = run.host.lead_events(lead, first.seq).map_err(Stop::Host)?;
    let before = fold_lead(lead, &earlier);
    let withdrawn = before.is_none();
    let row = match before {
        Some(before) => put_back(run, before, &now_row),
        None => Lead {
            state: LeadState::Invalid,
            owner: None,
            pinned: false,
            park: None,
            hold: None,
            ..now_row.clone()
        },
    };
    let mut charges = Vec::new();
    let mut turns = Vec::new();
    for event in events.iter().rev() {
        match &event.body {
            Body::LeadAssigned(a) => {
                charges.push(a.charge.negated());
                if let Some((rule, before)) = &a.turn
                    && run.world.last_turn(rule) == Some(a.rep)
                {
                    turns.push((rule.clone(), *before));
                }
            }
            Body::LeadRestored(r) => charges.extend(r.charges.iter().map(|c| c.negated())),
            _ => {}
        }
    }
    let restored = Restored { was: now_row.state, row: Box::new(row), charges, turns, withdrawn };
    run.emit_undoing(Body::LeadRestored(restored), Some(last.seq))
}

/// The row as it was, made fit for now: what would only wait again is parked, and a waiting clock goes on.
fn put_back<H: Host>(run: &Run<'_, H>, before: Lead, now_row: &Lead) -> Lead {
    let mut row = Lead { hold: None, ..before };
    let was_placed = now_row.owner.is_some();
    let owner_gone = row.owner.is_some_and(|id| run.world.rep(id).is_none_or(|r| !r.active));
    if (row.state == LeadState::Waiting && was_placed) || owner_gone {
        row.state = LeadState::Parked;
        row.owner = None;
        row.pinned = false;
        row.assigned_at = None;
        row.park = Some(ParkReason::Undone { by: run.order.actor.name.clone() });
    }
    row
}

/// Takes back what in the batch is not about leads. Returns whether anything was.
fn undo_rest<H: Host>(run: &mut Run<'_, H>, facts: &BatchFacts) -> Step<H, bool> {
    let mut any = false;
    for event in facts.events.iter().rev() {
        if let Some(body) = inverse(run, event)? {
            run.emit_undoing(body, Some(event.seq))?;
            any = true;
        }
    }
    Ok(any)
}

/// The event that takes back `event`, when what it set still stands.
fn inverse<H: Host>(run: &mut Run<'_, H>, event: &Event) -> Step<H, Option<Body>> {
    let rep_is = |run: &Run<'_, H>, rep, ask: &dyn Fn(&crate::world::RepState) -> bool| {
        run.world.rep(rep).is_some_and(ask)
    };
    Ok(match &event.body {
        Body::RepAdded { rep, .. } => {
            let free = rep_is(run, *rep, &|r| r.active && r.load == 0);
            free.then_some(Body::RepActive { rep: *rep, active: false })
        }
        Body::RepEdited { rep, before, after } => rep_is(run, *rep, &|r| r.card == *after)
            .then(|| Body::RepEdited { rep: *rep, before: after.clone(), after: before.clone() }),
        Body::RepDuty { rep, on } => {
            rep_is(run, *rep, &|r| r.duty == *on).then_some(Body::RepDuty { rep: *rep, on: !on })
        }
        Body::RepLeave { rep, before, after } => rep_is(run, *rep, &|r| r.leaves == *after)
            .then(|| Body::RepLeave { rep: *rep, before: after.clone(), after: before.clone() }),
        Body::RepActive { rep, active } => rep_is(run, *rep, &|r| r.active == *active)
            .then_some(Body::RepActive { rep: *rep, active: !active }),
        Body::LedgerEntered { rep, team, milli, reason, day } => Some(Body::LedgerEntered {
            rep: *rep,
            team: team.clone(),
            day: *day,
            milli: -milli,
            reason: crate::model::event::LedgerReason::Adjustment(
                format!("undo of {}", describe(reason)).into(),
            ),
        }),
        Body::ModeSet { before, after } => {
            (run.world.mode() == *after).then_some(Body::ModeSet { before: *after, after: *before })
        }
        Body::BookPublished { version, .. } if run.world.published().version == *version => {
            let text = book_before(run, *version)?;
            text.map(|text| Body::BookPublished {
                version: BookVersion(version.0 + 1),
                text,
                note: format!("undo of {version}").into(),
            })
        }
        Body::RoleGranted { actor, before, after } => {
            let stands = run.world.roles().get(actor).copied() == *after;
            stands.then(|| Body::RoleGranted { actor: actor.clone(), before: *after, after: *before })
        }
        _ => None,
    })
}

fn describe(reason: &crate::model::event::LedgerReason) -> &'static str {
    match reason {
        crate::model::event::LedgerReason::Newcomer => "newcomer",
        crate::model::event::LedgerReason::ReEntry { .. } => "re-entry",
        crate::model::event::LedgerReason::Adjustment(_) => "adjustment",
    }
}

/// The text of the version before `version`; empty before the first.
fn book_before<H: Host>(run: &mut Run<'_, H>, version: BookVersion) -> Step<H, Option<smol_str::SmolStr>> {
    if version.0 <= 1 {
        return Ok(Some(smol_str::SmolStr::default()));
    }
    run.host.book_text(BookVersion(version.0 - 1)).map_err(Stop::Host)
}
