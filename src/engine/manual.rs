//! A person's work on leads, under the same lock and ledger as the engine's: place, recall, return, park, hold, progress.
//! What cannot be done is refused with who and when; in a bulk, lead by lead.

use smol_str::SmolStr;

use super::eligible::{Limits, left_out};
use super::host::Host;
use super::intent::{HOLD_MAX_MS, Progress, To};
use super::refusal::Refusal;
use super::route::{Exhausted, LeadFacts, matching, route, route_by_book, score};
use super::run::{Run, Step, Stop};
use super::timers::clock_for;
use crate::model::actor::Role;
use crate::model::event::{Assigned, Body, Placer};
use crate::model::id::{LeadId, RepId};
use crate::model::lead::{Charge, Lead, LeadState, ParkReason};
use crate::model::respond::ClockStart;
use crate::model::why::LeftOut;
use crate::world::{Moment, World};

/// The row of a lead, open or closed. For a closed one also what an event must carry to readmit it.
///
/// # Errors
/// Refused when there never was such a lead; the host's error.
pub fn row_of<H: Host>(run: &mut Run<'_, H>, lead: LeadId) -> Step<H, (Lead, Option<Box<Lead>>)> {
    if let Some(row) = run.world.lead(lead) {
        return Ok((row.clone(), None));
    }
    let closed = run.host.closed_lead(lead).map_err(Stop::Host)?;
    let row = closed.ok_or(Refusal::NoSuchLead { lead })?;
    Ok((row.clone(), Some(Box::new(row))))
}

/// Refuses when someone else holds the lead or changed it since the asker looked.
///
/// # Errors
/// [`Refusal::Held`] or [`Refusal::Changed`].
pub fn guard<H: Host>(run: &Run<'_, H>, row: &Lead) -> Result<(), Refusal> {
    let me = &run.order.actor.name;
    if let Some(hold) = row.hold_at(run.moment.now).filter(|h| h.actor != *me) {
        return Err(Refusal::Held { lead: row.id, by: hold.actor.clone(), until: hold.until });
    }
    match run.order.seen.iter().find(|(lead, _)| *lead == row.id) {
        Some((_, rev)) if *rev != row.touched.seq => {
            Err(Refusal::Changed { lead: row.id, by: row.touched.actor.clone(), at: row.touched.at })
        }
        _ => Ok(()),
    }
}

/// Runs `act` on each lead; what it refuses is noted, and only when all are refused is the whole refused.
///
/// # Errors
/// The first refusal when nothing was done; the host's.
pub fn each<H: Host>(
    run: &mut Run<'_, H>,
    leads: &[LeadId],
    mut act: impl FnMut(&mut Run<'_, H>, LeadId) -> Step<H>,
) -> Step<H> {
    if leads.is_empty() {
        return Err(Refusal::NothingToDo.into());
    }
    for &lead in leads {
        match act(run, lead) {
            Ok(()) => run.outcome.done.push(lead),
            Err(Stop::Refused(refusal)) => run.outcome.skipped.push((lead, refusal)),
            Err(host) => return Err(host),
        }
    }
    match run.outcome.skipped.first() {
        Some((_, refusal)) if run.outcome.done.is_empty() => Err(refusal.clone().into()),
        _ => Ok(()),
    }
}

/// The open row, guarded.
///
/// # Errors
/// Refused when it is closed, held by another or changed; the host's.
pub fn open_row<H: Host>(run: &mut Run<'_, H>, lead: LeadId) -> Step<H, Lead> {
    let (row, closed) = row_of(run, lead)?;
    if closed.is_some() {
        return Err(Refusal::Closed { lead, state: row.state }.into());
    }
    guard(run, &row)?;
    Ok(row)
}

/// Refuses a rep's wish about somebody else's lead.
fn own_only<H: Host>(run: &Run<'_, H>, row: &Lead) -> Result<(), Refusal> {
    if run.role != Role::Rep {
        return Ok(());
    }
    let owner = row.owner.and_then(|id| run.world.rep(id));
    if owner.is_some_and(|r| r.card.login == run.order.actor.name) {
        Ok(())
    } else {
        Err(Refusal::NotYours { lead: row.id })
    }
}

/// Why `rep` may not take `row` by hand, as a refusal.
fn obstacle<H: Host>(run: &Run<'_, H>, row: &Lead, rep: RepId) -> Option<Refusal> {
    let state = run.world.rep(rep)?;
    let name = state.card.name.clone();
    match left_out(state, row, &Limits::default(), &run.moment)? {
        LeftOut::Inactive => Some(Refusal::Inactive { rep: name }),
        LeftOut::OffDuty => Some(Refusal::OffDuty { rep: name }),
        LeftOut::OnLeave => Some(Refusal::OnLeave { rep: name }),
        LeftOut::OpenCap { cap } | LeftOut::PromotionOpenCap { cap, .. } => {
            Some(Refusal::OpenCap { rep: name, load: state.load, cap })
        }
        LeftOut::DayCap { cap } | LeftOut::PromotionDayCap { cap, .. } => {
            let today = state.ledger.placements_on(run.moment.day);
            Some(Refusal::DayCap { rep: name, today, cap })
        }
        // A person may well give it back to someone who had it, or have it lie there in the morning; and skills bind
        // rules, not people.
        LeftOut::HadIt | LeftOut::LacksSkill(_) | LeftOut::OutOfHours => None,
    }
}

/// Places leads by hand; each is pinned.
///
/// # Errors
/// See [`Refusal`].
pub fn place<H: Host>(
    run: &mut Run<'_, H>,
    leads: &[LeadId],
    to: &To,
    reason: &SmolStr,
    force: bool,
    turn: bool,
) -> Step<H> {
    match to {
        To::Rep(rep) if run.world.rep(*rep).is_none() => {
            return Err(Refusal::NoSuchRep { name: rep.to_string().into() }.into());
        }
        To::Team(name) if !run.world.teams().contains_key(name) => {
            return Err(Refusal::NoSuchTeam { name: name.clone() }.into());
        }
        To::Rep(_) | To::Team(_) => {}
    }
    if force && reason.trim().is_empty() {
        return Err(Refusal::NeedsReason.into());
    }
    each(run, leads, |run, lead| {
        let (row, readmit) = row_of(run, lead)?;
        guard(run, &row)?;
        if row.do_not_contact {
            return Err(Refusal::DoNotContact { lead }.into());
        }
        if readmit.is_some() {
            return Err(Refusal::Closed { lead, state: row.state }.into());
        }
        let (rep, team) = match to {
            To::Rep(rep) => (*rep, None),
            To::Team(name) => (fairest(run, &row, name)?, Some(name.clone())),
        };
        if row.owner == Some(rep) && row.pinned {
            return Err(Refusal::AlreadySo { lead }.into());
        }
        let in_hand = row.owner == Some(rep);
        match obstacle(run, &row, rep) {
            Some(refusal) if !(in_hand || force && refusal.can_be_forced()) => return Err(refusal.into()),
            _ => {}
        }
        let mut charge = run.charge(rep, team, turn && !in_hand);
        if in_hand {
            // Pinning what they have already is no second placement.
            charge.placements = 0;
        }
        put(run, &row, rep, reason, charge)
    })
}

/// Gives an open lead to `rep` by a person's word. Who may and whether it fits was asked before.
///
/// # Errors
/// The host's.
pub(super) fn put<H: Host>(
    run: &mut Run<'_, H>,
    row: &Lead,
    rep: RepId,
    reason: &SmolStr,
    charge: Charge,
) -> Step<H> {
    // The clock of what they have already runs on.
    let clock = if row.owner == Some(rep) { None } else { clock_by_hand(run, row) };
    let body = Body::LeadAssigned(Assigned {
        lead: row.id,
        rep,
        from: row.owner,
        by: Placer::Person { reason: reason.clone() },
        book: run.world.published().version,
        score: score(run.world, row, &run.moment),
        charge,
        turn: None,
        why: None,
        clock,
        readmit: None,
    });
    run.emit(body)
}

/// Evens out: each lead to the rep beside it, in one batch. Leads somebody has contacted or pinned stay, and nobody gets one
/// their rules would not give them.
///
/// # Errors
/// Refused when none of them can be moved so; those that cannot are listed.
pub fn rebalance<H: Host>(run: &mut Run<'_, H>, moves: &[(LeadId, RepId)], reason: &SmolStr) -> Step<H> {
    let leads: Vec<LeadId> = moves.iter().map(|(lead, _)| *lead).collect();
    each(run, &leads, |run, lead| {
        let row = open_row(run, lead)?;
        let to = moves.iter().find(|(id, _)| *id == lead).map(|(_, rep)| *rep);
        let is_free = row.state == LeadState::Assigned && !row.pinned && row.contacted_at.is_none();
        let Some(rep) = to.filter(|_| is_free) else {
            return Err(Refusal::NotNow { lead, state: row.state }.into());
        };
        if row.owner == Some(rep) {
            return Err(Refusal::AlreadySo { lead }.into());
        }
        if !suits(run.world, &row, &run.moment).contains(&rep) {
            return Err(match obstacle(run, &row, rep) {
                Some(refusal) => refusal.into(),
                None => Refusal::NotNow { lead, state: row.state }.into(),
            });
        }
        let charge = run.charge(rep, None, true);
        put(run, &row, rep, reason, charge)
    })
}

/// Who the book would give `row` to now if it waited: everybody free under the rule that would decide.
#[must_use]
pub fn suits(world: &World, row: &Lead, moment: &Moment) -> Vec<RepId> {
    let waiting = Lead { owner: None, state: LeadState::Waiting, ..row.clone() };
    let why = route_by_book(world, &waiting, moment).why;
    let last = why.as_deref().and_then(|why| why.rules.last());
    last.map_or_else(Vec::new, |trace| trace.free.iter().map(|(rep, _)| *rep).collect())
}

/// The response clock of a lead placed by hand: that of the rule it ran by, else of the rule it meets. It only escalates.
pub(super) fn clock_by_hand<H: Host>(run: &Run<'_, H>, row: &Lead) -> Option<Box<ClockStart>> {
    let world = &*run.world;
    if world.pools().responds.is_empty() {
        return None;
    }
    let running = world.clock(row.id).map(|c| c.rule.clone());
    let rule = running.or_else(|| matching(world, row, &run.moment).map(|r| r.name.clone()));
    clock_for(world, row, rule.as_ref(), 0)
}

/// The member of `team` with the least ledger who can take `row`.
fn fairest<H: Host>(run: &Run<'_, H>, row: &Lead, team: &SmolStr) -> Result<RepId, Refusal> {
    let members = run.world.teams().get(team).map_or(&[][..], Vec::as_slice);
    members
        .iter()
        .filter_map(|id| run.world.rep(*id))
        .filter(|rep| left_out(rep, row, &Limits::default(), &run.moment).is_none())
        .min_by_key(|rep| (rep.ledger_sum(None, run.moment.day), rep.last_turn, rep.id))
        .map(|rep| rep.id)
        .ok_or(Refusal::NobodyFree { team: team.clone() })
}

/// Whether the owner would still be among those the book gives this lead to: then an edit need not move it.
pub fn still_suits<H: Host>(run: &Run<'_, H>, row: &Lead, owner: RepId) -> bool {
    let mut waiting = row.clone();
    waiting.owner = None;
    waiting.state = LeadState::Waiting;
    // The rules as if there were no divert, and the diverts that would have it: neither makes the owner the wrong one.
    let by_book = route_by_book(run.world, &waiting, &run.moment);
    let by_all =
        route(run.world, &waiting, &LeadFacts::default(), &run.moment, &mut Exhausted::default(), true);
    // Being full (perhaps with this very lead), at lunch or on leave does not make the owner the wrong one.
    let suits = |why: &LeftOut| !matches!(why, LeftOut::LacksSkill(_) | LeftOut::Inactive);
    [by_book, by_all].iter().filter_map(|d| d.why.as_ref()).flat_map(|why| &why.rules).any(|rule| {
        rule.free.iter().any(|(rep, _)| *rep == owner)
            || rule.left_out.iter().any(|(why, reps)| suits(why) && reps.contains(&owner))
    })
}

/// Takes leads back into the queue; the engine decides them again, not for the same rep.
///
/// # Errors
/// See [`Refusal`].
pub fn recall<H: Host>(run: &mut Run<'_, H>, leads: &[LeadId], reason: &SmolStr) -> Step<H> {
    each(run, leads, |run, lead| {
        let row = open_row(run, lead)?;
        let Some(from) = row.owner else { return Err(Refusal::NotNow { lead, state: row.state }.into()) };
        run.emit(Body::LeadRecalled { lead, from, reason: reason.clone(), timer: None })
    })
}

/// A rep gives leads back, with a reason.
///
/// # Errors
/// See [`Refusal`].
pub fn give_back<H: Host>(run: &mut Run<'_, H>, leads: &[LeadId], reason: &SmolStr) -> Step<H> {
    if reason.trim().is_empty() {
        return Err(Refusal::NeedsReason.into());
    }
    each(run, leads, |run, lead| {
        let row = open_row(run, lead)?;
        own_only(run, &row)?;
        let Some(from) = row.owner else { return Err(Refusal::NotNow { lead, state: row.state }.into()) };
        run.emit(Body::LeadReturned { lead, from, reason: reason.clone() })
    })
}

/// Puts leads aside until a person releases them.
///
/// # Errors
/// See [`Refusal`].
pub fn park<H: Host>(run: &mut Run<'_, H>, leads: &[LeadId], reason: &SmolStr) -> Step<H> {
    each(run, leads, |run, lead| {
        let row = open_row(run, lead)?;
        if row.state == LeadState::Parked {
            return Err(Refusal::AlreadySo { lead }.into());
        }
        let by = run.order.actor.name.clone();
        let reason = ParkReason::Person { by, reason: reason.clone() };
        run.emit(Body::LeadParked { lead, reason, score: row.score, why: None })
    })
}

/// Gives leads back to the engine: unparks and unpins. An owned lead keeps its owner, only the pin ends.
///
/// # Errors
/// See [`Refusal`].
pub fn free<H: Host>(run: &mut Run<'_, H>, leads: &[LeadId]) -> Step<H> {
    each(run, leads, |run, lead| {
        let row = open_row(run, lead)?;
        if row.state != LeadState::Parked && !row.pinned {
            return Err(Refusal::AlreadySo { lead }.into());
        }
        run.emit(Body::LeadFreed { lead })
    })
}

/// Holds leads for the asker until `until`.
///
/// # Errors
/// See [`Refusal`].
pub fn hold<H: Host>(run: &mut Run<'_, H>, leads: &[LeadId], until: crate::model::time::Millis) -> Step<H> {
    let now = run.moment.now;
    if until <= now || until.since(now) > HOLD_MAX_MS {
        return Err(Refusal::BadEnd.into());
    }
    each(run, leads, |run, lead| {
        open_row(run, lead)?;
        run.emit(Body::LeadHeld { lead, until })
    })
}

/// Ends holds: one's own, or anybody's for a supervisor.
///
/// # Errors
/// See [`Refusal`].
pub fn release<H: Host>(run: &mut Run<'_, H>, leads: &[LeadId]) -> Step<H> {
    let now = run.moment.now;
    each(run, leads, |run, lead| {
        let (row, _) = row_of(run, lead)?;
        match row.hold_at(now) {
            None => Err(Refusal::AlreadySo { lead }.into()),
            Some(hold) if hold.actor != run.order.actor.name && run.role < Role::Supervisor => {
                Err(Refusal::Held { lead, by: hold.actor.clone(), until: hold.until }.into())
            }
            Some(_) => run.emit(Body::LeadReleased { lead }),
        }
    })
}

/// Follow-up: contacted, qualified, won, lost, invalid. A closed lead may move between closed states or come back.
///
/// # Errors
/// See [`Refusal`].
pub fn progress<H: Host>(run: &mut Run<'_, H>, items: &[Progress], note: &SmolStr) -> Step<H> {
    let leads: Vec<LeadId> = items.iter().map(|i| i.lead).collect();
    let mut at = 0;
    each(run, &leads, |run, lead| {
        let item = items.get(at).copied().ok_or(Refusal::NothingToDo)?;
        at += 1;
        run.owns(lead);
        let (row, readmit) = row_of(run, lead)?;
        guard(run, &row)?;
        own_only(run, &row)?;
        if row.state == item.to {
            return Err(Refusal::AlreadySo { lead }.into());
        }
        if !may_follow(&row, item.to) {
            return Err(Refusal::NotNow { lead, state: row.state }.into());
        }
        run.emit(Body::LeadProgressed {
            lead,
            from: row.state,
            to: item.to,
            happened_at: item.happened_at.unwrap_or(run.moment.now),
            note: note.clone(),
            readmit,
        })
    })
}

/// Which follow-up may come after which: contact and wins need an owner; anything may turn out invalid or lost.
fn may_follow(row: &Lead, to: LeadState) -> bool {
    match to {
        LeadState::Contacted => row.owner.is_some() && !row.do_not_contact && row.state != LeadState::Merged,
        LeadState::Qualified | LeadState::Won => row.owner.is_some() && row.state != LeadState::Merged,
        LeadState::Lost | LeadState::Invalid => row.state != LeadState::Merged,
        LeadState::Waiting | LeadState::Parked | LeadState::Assigned | LeadState::Merged => false,
    }
}

/// Records that the asker saw the whole phone number.
///
/// # Errors
/// Refused when there is no such lead.
pub fn unmask<H: Host>(run: &mut Run<'_, H>, lead: LeadId) -> Step<H> {
    row_of(run, lead)?;
    run.emit(Body::LeadUnmasked { lead })
}
