//! Undo of a batch: every lead nobody touched since goes back to the row it had before, every turn is negated in the
//! bucket it was booked in. What cannot be put back is listed with who touched it.
//!
//! A lead that would only wait again is parked instead, so that the engine does not redo at once what a person took back.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::desk::has_other_admin;
use super::host::{BatchFacts, Host};
use super::manual::row_of;
use super::refusal::Refusal;
use super::run::{Run, Step, Stop};
use super::timers::rest;
use crate::model::actor::Role;
use crate::model::event::{Body, Event, LedgerReason, Restored};
use crate::model::id::{BatchId, BookVersion, LeadId, RepId, Seq};
use crate::model::lead::{Charge, Lead, LeadState, ParkReason};
use crate::model::respond::ClockStart;
use crate::model::share::Share;
use crate::world::fold_lead;
use crate::world::quiet::quiet_deadline;

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
    let needs = facts.events.iter().map(needs).max().unwrap_or(Role::Coordinator);
    if run.role < needs {
        return Err(Refusal::NotAllowed { needs, has: run.role }.into());
    }
    // The roster first: leads go back to a rep who is there again.
    let rest_done = undo_rest(run, &facts)?;
    undo_leads(run, &facts)?;
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

/// Who may take an event back: whoever may bring it about. But a rep who gave a lead back or took one from the pool does not
/// choose again: others may have waited for it.
fn needs(event: &Event) -> Role {
    match &event.body {
        Body::RoleGranted { .. } => Role::Admin,
        Body::RepAdded { .. }
        | Body::RepEdited { .. }
        | Body::RepLeave { .. }
        | Body::RepActive { .. }
        | Body::ComplaintRuled { .. }
        | Body::BookPublished { .. } => Role::Supervisor,
        Body::LedgerEntered { reason: LedgerReason::Adjustment(_), .. } if event.undoes.is_none() => {
            Role::Supervisor
        }
        Body::ComplaintRaised { .. } | Body::LeadProgressed { .. } => Role::Rep,
        _ => Role::Coordinator,
    }
}

fn undo_leads<H: Host>(run: &mut Run<'_, H>, facts: &BatchFacts) -> Step<H> {
    let mut by_lead: BTreeMap<LeadId, Vec<&Event>> = BTreeMap::new();
    for event in facts.events.iter().filter(|event| !is_of_complaint(event)) {
        if let Some(lead) = event.body.lead() {
            by_lead.entry(lead).or_default().push(event);
        }
    }
    let mut leads: Vec<(LeadId, Vec<&Event>)> = by_lead.into_iter().collect();
    // The last turn first, so that a round-robin pointer goes back step by step.
    leads.sort_by_key(|(_, events)| std::cmp::Reverse(events.last().map(|e| e.seq)));
    let end = facts.events.last().map_or(Seq(0), |e| e.seq);
    for (lead, events) in leads {
        run.owns(lead);
        match undo_lead(run, lead, &events, end) {
            Ok(()) => run.outcome.done.push(lead),
            Err(Stop::Refused(refusal)) => run.outcome.skipped.push((lead, refusal)),
            Err(host) => return Err(host),
        }
    }
    run.outcome.done.sort_unstable();
    run.outcome.skipped.sort_by_key(|(lead, _)| *lead);
    Ok(())
}

/// Complaints and rulings are taken back beside the leads, not with them.
fn is_of_complaint(event: &Event) -> bool {
    matches!(event.body, Body::ComplaintRaised { .. } | Body::ComplaintRuled { .. })
}

/// Events that leave no trace on the row: holds, looks and reminders.
fn is_mere_look(event: &Event) -> bool {
    matches!(
        event.body,
        Body::LeadHeld { .. }
            | Body::LeadReleased { .. }
            | Body::LeadUnmasked { .. }
            | Body::LeadReminded(_)
            | Body::LeadEscalated(_)
    )
}

fn undo_lead<H: Host>(run: &mut Run<'_, H>, lead: LeadId, events: &[&Event], end: Seq) -> Step<H> {
    let Some(first) = events.first() else { return Err(Refusal::AlreadySo { lead }.into()) };
    let earlier = run.host.lead_events(lead, first.seq).map_err(Stop::Host)?;
    let before = fold_lead(lead, &earlier);
    let Some(last) = events.iter().rev().find(|e| !is_mere_look(e)) else {
        return undo_hold(run, lead, events, before.as_ref());
    };
    let (now_row, _) = row_of(run, lead)?;
    if now_row.touched.seq != last.seq {
        let touch = now_row.touched;
        return Err(Refusal::Changed { lead, by: touch.actor, at: touch.at }.into());
    }
    if let Some(hold) = now_row.hold_at(run.moment.now).filter(|h| h.actor != run.order.actor.name) {
        return Err(Refusal::Held { lead, by: hold.actor.clone(), until: hold.until }.into());
    }
    refuse_second_arrival(run, lead, events, &earlier)?;
    let (charges, turns) = taken_back(run, events, before.as_ref(), end);
    let shares = shares_back(events);
    let withdrawn = before.is_none();
    let row = match before {
        Some(before) => put_back(run, before, &now_row, events),
        None => Lead {
            state: LeadState::Invalid,
            owner: None,
            pinned: false,
            park: None,
            hold: None,
            ..now_row.clone()
        },
    };
    let clock = clock_again(run, &row, &now_row, events, &earlier);
    let restored =
        Restored { was: now_row.state, row: Box::new(row), charges, shares, turns, clock, withdrawn };
    run.emit_undoing(Body::LeadRestored(restored), Some(last.seq))
}

/// The response clock of a lead that goes back to an owner it had been taken from, or had answered: what was left then.
fn clock_again<H: Host>(
    run: &Run<'_, H>,
    row: &Lead,
    now_row: &Lead,
    events: &[&Event],
    earlier: &[Event],
) -> Option<Box<ClockStart>> {
    let owner = row.owner.filter(|_| row.state == LeadState::Assigned)?;
    if now_row.state == LeadState::Assigned && now_row.owner == Some(owner) {
        return None;
    }
    let (start, at) = earlier.iter().rev().find_map(|e| match &e.body {
        Body::LeadAssigned(a) if a.rep == owner => Some((a.clock.as_deref()?, e.at)),
        Body::LeadRestored(r) if r.row.owner == Some(owner) => Some((r.clock.as_deref()?, e.at)),
        _ => None,
    })?;
    let taken = events.first()?;
    let worked = match &taken.body {
        Body::LeadRecalled { timer: Some(note), .. } => note.worked_ms,
        _ => start.used_ms + run.world.worked_ms(owner, at, taken.at),
    };
    rest(run.world, start, worked)
}

/// A batch of holds is taken back by setting the lock as it was.
fn undo_hold<H: Host>(
    run: &mut Run<'_, H>,
    lead: LeadId,
    events: &[&Event],
    before: Option<&Lead>,
) -> Step<H> {
    let now = run.moment.now;
    let already = Refusal::AlreadySo { lead };
    let Some(last) = events.iter().rev().find(|e| !matches!(e.body, Body::LeadUnmasked { .. })) else {
        return Err(already.into());
    };
    let Some(row) = run.world.lead(lead) else { return Err(already.into()) };
    let hold = row.hold_at(now);
    let stands = match &last.body {
        Body::LeadHeld { until, .. } => hold.is_some_and(|h| h.until == *until && h.actor == last.actor),
        _ => hold.is_none(),
    };
    if !stands {
        return Err(already.into());
    }
    let me = &run.order.actor.name;
    let body = match before.and_then(|b| b.hold_at(now)).filter(|h| h.actor == *me) {
        Some(earlier) => Body::LeadHeld { lead, until: earlier.until },
        None if hold.is_some() => Body::LeadReleased { lead },
        None => return Err(already.into()),
    };
    run.emit_undoing(body, Some(last.seq))
}

/// Refuses to bring back an arrival when the same external id has come in again since.
fn refuse_second_arrival<H: Host>(
    run: &mut Run<'_, H>,
    lead: LeadId,
    events: &[&Event],
    earlier: &[Event],
) -> Step<H> {
    if !events.iter().any(|e| matches!(&e.body, Body::LeadRestored(r) if r.withdrawn)) {
        return Ok(());
    }
    let arrival = earlier.iter().find_map(|e| match &e.body {
        Body::LeadReceived(r) => Some((r.system.clone(), r.external_id.clone())),
        _ => None,
    });
    let Some((system, external_id)) = arrival else { return Ok(()) };
    match run.host.known(&system, &external_id).map_err(Stop::Host)? {
        Some(other) if other != lead => Err(Refusal::AlreadySo { lead: other }.into()),
        _ => Ok(()),
    }
}

/// What the batch had booked for the lead, negated, and the round-robin pointers to set back where nobody moved them since.
/// `end` is the last event of the batch.
fn taken_back<H: Host>(
    run: &Run<'_, H>,
    events: &[&Event],
    before: Option<&Lead>,
    end: Seq,
) -> (Vec<Charge>, Vec<(SmolStr, Option<RepId>)>) {
    let mut charges = Vec::new();
    let mut turns: Vec<(SmolStr, Option<RepId>)> = Vec::new();
    for event in events.iter().rev() {
        match &event.body {
            Body::LeadAssigned(a) => {
                charges.push(a.charge.negated());
                let no_turn_since = run.world.rep(a.rep).is_some_and(|r| r.last_turn <= end);
                if let Some((rule, pointer)) = &a.turn
                    && run.world.last_turn(rule) == Some(a.rep)
                    && no_turn_since
                {
                    turns.push((rule.clone(), *pointer));
                }
            }
            Body::LeadRestored(r) => {
                charges.extend(r.charges.iter().map(Charge::negated));
                let owner = before.and_then(|b| b.owner);
                let stand = r.turns.iter().filter(|(rule, to)| run.world.last_turn(rule) == *to);
                turns.extend(stand.map(|(rule, _)| (rule.clone(), owner)));
            }
            _ => {}
        }
    }
    (charges, turns)
}

/// What the batch had counted for the spread, negated.
fn shares_back(events: &[&Event]) -> Vec<Share> {
    let counted = events.iter().rev().flat_map(|event| match &event.body {
        Body::LeadAssigned(a) => a.share().into_iter().collect(),
        Body::LeadRestored(r) => r.shares.clone(),
        _ => Vec::new(),
    });
    counted.map(|share| share.negated()).collect()
}

/// The row as it was, made fit for now: what would only wait again is parked, and a waiting clock goes on.
pub(super) fn put_back<H: Host>(run: &Run<'_, H>, before: Lead, now_row: &Lead, events: &[&Event]) -> Lead {
    let mut row = Lead { hold: None, ..before };
    if events.iter().any(|e| matches!(&e.body, Body::LeadEdited(edit) if edit.contact)) {
        // Contact texts are not in the log: the new ones stay, and so does whether there are any.
        row.attrs.has_phone = now_row.attrs.has_phone;
        row.attrs.has_email = now_row.attrs.has_email;
    }
    let was_placed = now_row.owner.is_some();
    let owner_gone =
        row.state.is_load() && row.owner.is_none_or(|id| run.world.rep(id).is_none_or(|r| !r.active));
    if (row.state == LeadState::Waiting && was_placed) || owner_gone {
        row.state = LeadState::Parked;
        row.owner = None;
        row.pinned = false;
        row.assigned_at = None;
        row.contacted_at = None;
        row.park = Some(ParkReason::Undone { by: run.order.actor.name.clone() });
    }
    // Given back to its owner after the pool's clock ran out, it would be taken again at once: a person says it stays.
    if quiet_deadline(run.world, &row).is_some_and(|at| at <= run.moment.now) {
        row.pinned = true;
    }
    row
}

/// Takes back what in the batch is not about leads. Returns whether anything was.
fn undo_rest<H: Host>(run: &mut Run<'_, H>, facts: &BatchFacts) -> Step<H, bool> {
    let mut any = false;
    let mut stay: BTreeSet<RepId> = BTreeSet::new();
    for event in &facts.events {
        if let Some(rep) = of_roster(&event.body)
            && inverse(run, event)?.is_none()
        {
            stay.insert(rep);
        }
    }
    for event in facts.events.iter().rev() {
        // A credit stands or falls with what it was given for.
        if matches!(&event.body, Body::LedgerEntered { rep, milli, .. } if *milli == 0 || stay.contains(rep))
        {
            continue;
        }
        if let Some(body) = inverse(run, event)? {
            run.emit_undoing(body, Some(event.seq))?;
            any = true;
        }
    }
    Ok(any)
}

/// The rep whose card or presence an event changed.
fn of_roster(body: &Body) -> Option<RepId> {
    match body {
        Body::RepAdded { rep, .. }
        | Body::RepEdited { rep, .. }
        | Body::RepDuty { rep, .. }
        | Body::RepActive { rep, .. } => Some(*rep),
        _ => None,
    }
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
            reason: LedgerReason::Adjustment(format!("undo of {}", describe(reason)).into()),
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
            let admin = *before == Some(Role::Admin) || has_other_admin(run.world, actor);
            (stands && admin).then(|| Body::RoleGranted {
                actor: actor.clone(),
                before: *after,
                after: *before,
            })
        }
        Body::ScopeModeSet { scope, before, after } => {
            (run.world.modes().get(scope) == after.as_ref()).then(|| Body::ScopeModeSet {
                scope: scope.clone(),
                before: after.clone(),
                after: before.clone(),
            })
        }
        Body::PromotionStarted { .. } | Body::PromotionStopped { .. } => {
            super::promotion::switch_back(run, &event.body)
        }
        Body::TrialChanged { .. } => super::trial::trial_back(run, &event.body),
        Body::DivertChanged { divert, before, after } => {
            super::overlay::divert_back(run, *divert, before.as_deref(), after.as_deref())
        }
        Body::AlertHandled { .. } | Body::SilenceSet { .. } => super::alerts::back(run, &event.body),
        Body::ComplaintRaised { .. } | Body::ComplaintRuled { .. } => {
            super::complaint::back(run, &event.body)
        }
        // A re-run of the file begins anew instead of going on under a batch that was undone.
        Body::ImportBegan { fingerprint, .. } => {
            let open = run.world.open_import(*fingerprint).is_some_and(|i| i.batch == event.batch);
            let fingerprint = *fingerprint;
            open.then_some(Body::ImportEnded { fingerprint, added: 0, known: 0, rejected: 0 })
        }
        _ => None,
    })
}

fn describe(reason: &LedgerReason) -> &'static str {
    match reason {
        LedgerReason::Newcomer => "newcomer",
        LedgerReason::ReEntry { .. } => "re-entry",
        LedgerReason::Adjustment(_) => "adjustment",
    }
}

/// The text of the version before `version`; empty before the first.
fn book_before<H: Host>(run: &mut Run<'_, H>, version: BookVersion) -> Step<H, Option<SmolStr>> {
    if version.0 <= 1 {
        return Ok(Some(SmolStr::default()));
    }
    run.host.book_text(BookVersion(version.0 - 1)).map_err(Stop::Host)
}
