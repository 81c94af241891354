//! Remedies of alerts carried out: what a person chose of those the watch worked out, and what a line of the book asks for by
//! itself. Both leave a record of which alert it was for. What would help is `watch::remedy`'s affair.
//!
//! What the book asks for moves only leads that nobody contacted, holds, pinned or put aside, only where the engine is on
//! auto, and gives each to somebody who may have it. It pins nothing: the rules go on with these leads.

use std::collections::BTreeSet;

use smol_str::{SmolStr, format_smolstr};

use super::eligible::{Limits, left_out};
use super::host::Host;
use super::intent::{Intent, Relief};
use super::manual::{clock_by_hand, each, open_row, suits};
use super::refusal::Refusal;
use super::route::{matching, score};
use super::run::{Run, Step};
use crate::model::alert::{Alert, AlertKey};
use crate::model::event::{Assigned, Body, Placer};
use crate::model::id::{LeadId, RepId, Seq};
use crate::model::lead::{Lead, LeadState, ParkReason};
use crate::model::mode::Mode;
use crate::model::relief::{Deed, Remedied};
use crate::model::time::Millis;
use crate::world::World;

/// What kind of thing an order does about an alert; none for what is no remedy.
fn deed_of(order: &Intent) -> Option<Deed> {
    Some(match order {
        Intent::Rebalance { .. } => Deed::Reassign,
        Intent::Recall { .. } => Deed::Recall,
        Intent::Free { .. } => Deed::Free,
        Intent::Merge { .. } => Deed::Merge,
        Intent::SetMode(_) => Deed::Resume,
        Intent::Undo { .. } => Deed::RollBack,
        Intent::SetSilence { .. } => Deed::Silence,
        Intent::EditRep { rep, .. } => Deed::RaiseCap(*rep),
        _ => return None,
    })
}

/// The open episode somebody acts on.
fn open<'w, H: Host>(run: &'w Run<'_, H>, key: AlertKey, episode: Seq) -> Result<&'w Alert, Refusal> {
    let alert = run.world.alerts().get(&key).filter(|alert| alert.fired_seq == episode);
    alert.ok_or(Refusal::NoSuchAlert { episode })
}

/// Carries out what a person chose, and notes for which alert.
///
/// # Errors
/// Refused when the alert is over or the order is no remedy; else whatever the order itself meets.
pub fn by_hand<H: Host>(run: &mut Run<'_, H>, key: AlertKey, episode: Seq, order: &Intent) -> Step<H> {
    open(run, key, episode)?;
    let deed = deed_of(order).ok_or(Refusal::NothingToDo)?;
    run.carry(order)?;
    let to = run.events.iter().filter_map(|event| match &event.body {
        Body::LeadAssigned(a) => Some(a.rep),
        _ => None,
    });
    let to: BTreeSet<RepId> = to.collect();
    note(run, (key, episode), deed, to, None)
}

/// Carries out what a line of the book asks for.
///
/// # Errors
/// Refused when the alert is over, the engine is not on auto, or nothing can be moved any more; the host's.
pub fn by_book<H: Host>(
    run: &mut Run<'_, H>,
    key: AlertKey,
    episode: Seq,
    line: &SmolStr,
    relief: &Relief,
) -> Step<H> {
    open(run, key, episode)?;
    if run.world.mode_at(run.moment.now) != Mode::Auto {
        return Err(Refusal::NothingToDo.into());
    }
    let mut to = BTreeSet::new();
    let deed = match relief {
        Relief::Recall { leads } => {
            let reason = format_smolstr!("{episode} {line}");
            each(run, leads, |run, lead| {
                let row = free_row(run, lead)?;
                let Some(from) = row.owner else {
                    return Err(Refusal::NotNow { lead, state: row.state }.into());
                };
                run.emit(Body::LeadRecalled { lead, from, reason: reason.clone(), timer: None })
            })?;
            Deed::Recall
        }
        Relief::Give { team, moves } => {
            let leads: Vec<LeadId> = moves.iter().map(|(lead, _)| *lead).collect();
            each(run, &leads, |run, lead| {
                let rep = moves.iter().find(|(id, _)| *id == lead).map(|(_, rep)| *rep);
                let rep = rep.ok_or(Refusal::NothingToDo)?;
                give(run, lead, rep, team.as_ref(), (episode, line))?;
                to.insert(rep);
                Ok(())
            })?;
            team.clone().map_or(Deed::Reassign, Deed::Spread)
        }
    };
    note(run, (key, episode), deed, to, Some(line.clone()))
}

fn note<H: Host>(
    run: &mut Run<'_, H>,
    (key, episode): (AlertKey, Seq),
    deed: Deed,
    to: BTreeSet<RepId>,
    line: Option<SmolStr>,
) -> Step<H> {
    let (leads, to) = (run.outcome.done.clone(), to.into_iter().collect());
    run.emit(Body::AlertRemedied(Box::new(Remedied { key, episode, deed, leads, to, line })))
}

/// The row of a lead that may be moved without asking anybody.
fn free_row<H: Host>(run: &mut Run<'_, H>, lead: LeadId) -> Step<H, Lead> {
    let row = open_row(run, lead)?;
    if is_free(run.world, &row, run.moment.now) {
        Ok(row)
    } else {
        Err(Refusal::NotNow { lead, state: row.state }.into())
    }
}

/// Whether a lead may be moved without asking anybody: nobody contacted, pinned or holds it, and no person put it aside.
#[must_use]
pub fn is_free(world: &World, row: &Lead, now: Millis) -> bool {
    let put_aside = match &row.park {
        None | Some(ParkReason::Rule(_) | ParkReason::Unmatched) => false,
        Some(_) => true,
    };
    let states = [LeadState::Waiting, LeadState::Parked, LeadState::Assigned];
    states.contains(&row.state)
        && !put_aside
        && !row.pinned
        && !row.do_not_contact
        && row.contacted_at.is_none()
        && row.hold_at(now).is_none()
        && row.owner.is_none_or(|owner| world.rep(owner).is_some())
}

fn give<H: Host>(
    run: &mut Run<'_, H>,
    lead: LeadId,
    rep: RepId,
    team: Option<&SmolStr>,
    (episode, line): (Seq, &SmolStr),
) -> Step<H> {
    let row = free_row(run, lead)?;
    if row.owner == Some(rep) {
        return Err(Refusal::AlreadySo { lead }.into());
    }
    if !is_auto_for(run, &row, rep) {
        return Err(Refusal::NotNow { lead, state: row.state }.into());
    }
    let may = match team {
        None => suits(run.world, &row, &run.moment).contains(&rep),
        Some(team) => takes(run.world, team, rep, &row, run),
    };
    if !may {
        return Err(Refusal::NotNow { lead, state: row.state }.into());
    }
    let body = Body::LeadAssigned(Assigned {
        lead,
        rep,
        from: row.owner,
        by: Placer::Remedy { episode, line: line.clone() },
        book: run.world.published().version,
        score: score(run.world, &row, &run.moment),
        charge: run.charge(rep, team.cloned(), true),
        turn: None,
        why: None,
        clock: clock_by_hand(run, &row),
        readmit: None,
    });
    run.emit(body)
}

/// Whether no part of the desk that has to do with it is held back.
fn is_auto_for<H: Host>(run: &Run<'_, H>, row: &Lead, rep: RepId) -> bool {
    let rule = matching(run.world, row, &run.moment).map(|rule| rule.name.clone());
    let state = run.world.rep(rep);
    state.is_some_and(|rep| {
        run.world.mode_for(&row.attrs.source, rule.as_deref(), rep, run.moment.now).0 == Mode::Auto
    })
}

/// Whether `rep` is of the team and free for the lead.
fn takes<H: Host>(world: &World, team: &SmolStr, rep: RepId, row: &Lead, run: &Run<'_, H>) -> bool {
    let is_member = world.teams().get(team).is_some_and(|members| members.contains(&rep));
    let state = world.rep(rep).filter(|_| is_member);
    state.is_some_and(|state| left_out(state, row, &Limits::default(), &run.moment).is_none())
}
