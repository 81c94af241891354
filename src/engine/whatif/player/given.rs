//! What people did, laid into the replayed desk: as recorded where it has its object there, else left out and counted.
//! What followed on the occasion (credits, an edited lead routed anew, a leaver's leads, who has the survivor of a merge) is
//! decided again.

use super::never;
use crate::engine::intent::Theirs;
use crate::engine::run::Run;
use crate::engine::whatif::scribe::Scribe;
use crate::engine::whatif::tape::{AS_RECORDED, Kind, Step, Tape};
use crate::engine::{assist, credit, manual, receive, roster};
use crate::model::event::{Assigned, Body, Event, LedgerReason, Placer, Restored};
use crate::model::id::LeadId;
use crate::model::lead::{Charge, Lead, LeadState, ParkReason};

type Desk<'a> = Run<'a, Scribe>;

/// Lays the replies and given events among `steps` into the desk. What follows from an edit comes last, as it did.
pub(super) fn lay(run: &mut Desk<'_>, tape: &Tape, steps: &[Step], follows: bool) {
    let accepts =
        |body: &Body| matches!(body, Body::LeadAssigned(a) if matches!(a.by, Placer::Accepted { .. }));
    let mut order = Order { tape, steps, follows, proposals: Vec::new() };
    if order.has(accepts) {
        order.proposals = assist::proposals(run.world, &run.moment, assist::PROPOSALS_MAX);
    }
    for step in steps {
        match step.kind {
            Kind::Reply => reply_recorded(run, tape, step),
            Kind::Given => {
                if let Some(event) = tape.given.get(step.key as usize) {
                    lay_one(run, event, &order);
                }
            }
            _ => {}
        }
    }
}

/// What else the order left.
struct Order<'o> {
    tape: &'o Tape,
    steps: &'o [Step],
    follows: bool,
    /// What was proposed when it was given, where it accepts something.
    proposals: Vec<assist::Proposal>,
}

impl Order<'_> {
    fn has(&self, is_it: impl Fn(&Body) -> bool) -> bool {
        let given = self.steps.iter().filter(|s| s.kind == Kind::Given);
        given.filter_map(|s| self.tape.given.get(s.key as usize)).any(|e| is_it(&e.body))
    }

    fn edits(&self, lead: LeadId) -> bool {
        self.has(|body| matches!(body, Body::LeadEdited(e) if e.lead == lead))
    }

    fn merges_into(&self, lead: LeadId) -> bool {
        self.has(|body| matches!(body, Body::LeadMerged { into, .. } if *into == lead))
    }

    fn theirs(&self) -> Theirs {
        if self.has(|body| is_of_leaver(body) && matches!(body, Body::LeadRecalled { .. })) {
            Theirs::Spread
        } else if self.has(is_of_leaver) {
            Theirs::Park
        } else {
            Theirs::Keep
        }
    }
}

/// Whether the event is what became of a lead whose owner left.
fn is_of_leaver(body: &Body) -> bool {
    match body {
        Body::LeadRecalled { reason, timer: None, .. } => *reason == roster::OWNER_LEFT,
        Body::LeadParked { reason: ParkReason::OwnerLeft(_), .. } => true,
        _ => false,
    }
}

/// A reply at the moment it was recorded: it comes now, at another moment, or when somebody has the lead.
fn reply_recorded(run: &mut Desk<'_>, tape: &Tape, step: &Step) {
    let Some(reply) = tape.replies.get(step.key as usize) else { return };
    let lead = LeadId(u64::from(reply.lead));
    let is_next = run.host.course.next_reply(lead).is_some_and(|(next, _)| next == step.key);
    if !is_next {
        return;
    }
    let Some(row) = run.world.lead(lead) else {
        run.host.course.replied(reply);
        return;
    };
    let here = row.owner.and(row.assigned_at);
    let (now, in_step) = (run.moment.now, run.host.course.in_step(run.world, lead));
    // Where the lead is as in history the reply is too; else it comes so long after it was given here.
    let comes = in_step
        || reply.delay == AS_RECORDED
        || here.is_some_and(|since| since.plus(i64::from(reply.delay)) <= now);
    if comes {
        reply_now(run, tape, step.key);
    }
}

/// A reply comes in the replayed desk.
pub(super) fn reply_now(run: &mut Desk<'_>, tape: &Tape, key: u32) {
    let Some(reply) = tape.replies.get(key as usize) else { return };
    let lead = LeadId(u64::from(reply.lead));
    run.host.course.replied(reply);
    let to =
        tape.steps.get(reply.step as usize).and_then(|s| LeadState::ALL.get(usize::from(s.aux)).copied());
    let (Some(row), Some(to)) = (run.world.lead(lead), to) else { return };
    let needs_owner = matches!(to, LeadState::Contacted | LeadState::Qualified | LeadState::Won);
    if row.state == to || (needs_owner && row.owner.is_none()) {
        run.host.side.no_object += 1;
        return;
    }
    let (from, happened_at) = (row.state, run.moment.now);
    let note = smol_str::SmolStr::default();
    never(run.emit(Body::LeadProgressed { lead, from, to, happened_at, note, readmit: None }));
    run.host.replied.push(lead);
}

fn lay_one(run: &mut Desk<'_>, event: &Event, order: &Order<'_>) {
    let body = &event.body;
    match body {
        Body::LeadRecalled { lead, timer: None, reason, .. }
            if *reason == receive::EDITED && order.edits(*lead) => {}
        Body::LeadFreed { lead } if order.edits(*lead) => {}
        Body::LedgerEntered { reason: LedgerReason::Newcomer | LedgerReason::ReEntry { .. }, .. }
            if event.undoes.is_none() => {}
        Body::BookPublished { .. } if !order.follows => {}
        _ if is_of_leaver(body) => {}
        Body::LeadAssigned(a) if matches!(a.by, Placer::Accepted { .. }) => {
            let proposal = order.proposals.iter().find(|p| p.lead == a.lead).cloned();
            if never(assist::accept_present(run, a.lead, proposal)) != Some(true) {
                no_object(run);
            }
        }
        Body::LeadAssigned(a) if is_handed_over(a) && order.merges_into(a.lead) => {}
        Body::LeadAssigned(a) => assigned(run, event, a),
        Body::LeadEdited(e) => {
            if let Some(before) = run.world.lead(e.lead).cloned() {
                as_recorded(run, event);
                never(receive::route_again(run, &before));
            }
        }
        Body::LeadRestored(r) => restored(run, event, r),
        Body::LeadMerged { lead, into, .. } => merged(run, event, *lead, *into),
        Body::RepAdded { .. } | Body::RepEdited { .. } | Body::RepDuty { .. } | Body::RepActive { .. }
            if event.undoes.is_none() =>
        {
            of_roster(run, event, order);
        }
        Body::LeadReceived(_) => as_recorded(run, event),
        _ if body.lead().is_some() => of_lead(run, event),
        _ => as_recorded(run, event),
    }
}

fn as_recorded(run: &mut Desk<'_>, event: &Event) {
    never(run.append_given(event, event.body.clone()));
}

fn no_object(run: &mut Desk<'_>) {
    run.host.side.no_object += 1;
}

/// Verbs about one lead that are no placement.
fn of_lead(run: &mut Desk<'_>, event: &Event) {
    let Some(lead) = event.body.lead() else { return };
    let row = run.world.lead(lead);
    let body = match (&event.body, row) {
        (Body::LeadProgressed { to, readmit: Some(was), .. }, None) => {
            return reopened(run, event, *to, was);
        }
        (_, None) => return no_object(run),
        (Body::LeadRecalled { from, .. } | Body::LeadReturned { from, .. }, Some(row)) => {
            if row.owner != Some(*from) {
                run.host.side.other_owner += 1;
                return;
            }
            event.body.clone()
        }
        (Body::LeadParked { reason, .. }, Some(row)) => {
            Body::LeadParked { lead, reason: reason.clone(), score: row.score, why: None }
        }
        (Body::LeadPooled { why, .. }, Some(row)) => {
            if run.world.book().pool.is_none() || row.pooled_since().is_some() {
                return no_object(run);
            }
            Body::LeadPooled { lead, from: row.owner, why: why.clone(), score: row.score }
        }
        (Body::LeadFreed { .. }, Some(row)) => {
            if row.state != LeadState::Parked && !row.pinned {
                return no_object(run);
            }
            event.body.clone()
        }
        (Body::LeadReleased { .. }, Some(row)) if row.hold.is_none() => return no_object(run),
        (Body::LeadProgressed { to, happened_at, note, .. }, Some(row)) => Body::LeadProgressed {
            lead,
            from: row.state,
            to: *to,
            happened_at: *happened_at,
            note: note.clone(),
            readmit: None,
        },
        (_, Some(_)) => event.body.clone(),
    };
    never(run.append_given(event, body));
}

/// A closed lead comes back to whoever had it last here.
fn reopened(run: &mut Desk<'_>, event: &Event, to: LeadState, was: &Lead) {
    let mut row = was.clone();
    if let Some(fate) = run.host.fate(row.id).map(|fate| *fate) {
        row.owner = super::rep_of(fate.rep);
    }
    if row.owner.is_none_or(|id| run.world.rep(id).is_none()) {
        return no_object(run);
    }
    let Body::LeadProgressed { lead, from, happened_at, note, .. } = &event.body else { return };
    let (lead, from, happened_at, note) = (*lead, *from, *happened_at, note.clone());
    let readmit = Some(Box::new(row));
    never(run.append_given(event, Body::LeadProgressed { lead, from, to, happened_at, note, readmit }));
}

/// A placement by a person: it stands, whoever has the lead here.
fn assigned(run: &mut Desk<'_>, event: &Event, a: &Assigned) {
    let Some(row) = run.world.lead(a.lead).cloned() else { return no_object(run) };
    if a.by == Placer::Claimed && (row.pooled_since().is_none() || run.world.book().pool.is_none()) {
        return no_object(run);
    }
    // What the book's watch moved, it would move only from where it was.
    if matches!(a.by, Placer::Remedy { .. }) && (row.owner != a.from || row.pinned) {
        run.host.side.other_owner += 1;
        return;
    }
    let in_hand = row.owner == Some(a.rep);
    if in_hand && row.pinned && a.by != Placer::Claimed {
        return no_object(run);
    }
    let mut charge = a.charge.clone();
    if charge.milli != 0 {
        charge.milli = run.charge(a.rep, None, true).milli;
    }
    if in_hand && a.from != Some(a.rep) {
        // Pinning what they have already is no second placement.
        (charge.milli, charge.placements) = (0, 0);
    } else if !in_hand && a.from == Some(a.rep) {
        charge = run.charge(a.rep, charge.team, true);
    }
    let clock = if !in_hand && a.by != Placer::Claimed { manual::clock_by_hand(run, &row) } else { None };
    let body = Body::LeadAssigned(Assigned {
        from: row.owner,
        book: run.world.published().version,
        score: run.world.score_of(&row, run.moment.now),
        charge,
        clock,
        why: None,
        readmit: None,
        ..a.clone()
    });
    never(run.append_given(event, body));
}

/// Whether the survivor of a merge got the owner of the other: a lead nobody had, which costs nobody a turn. Pinning what
/// somebody has already costs none either, but that one has it.
fn is_handed_over(a: &Assigned) -> bool {
    a.from.is_none() && a.charge.placements == 0 && matches!(a.by, Placer::Person { .. })
}

/// Two leads become one. Who has the survivor then depends on who has either here.
fn merged(run: &mut Desk<'_>, event: &Event, lead: LeadId, into: LeadId) {
    let Some(row) = run.world.lead(lead).cloned() else {
        if !matches!(&event.body, Body::LeadMerged { readmit: Some(_), .. }) {
            no_object(run);
        }
        return;
    };
    never(run.append_given(event, Body::LeadMerged { lead, into, readmit: None }));
    let waits = |row: &&Lead| matches!(row.state, LeadState::Waiting | LeadState::Parked);
    let Some(score) = run.world.lead(into).filter(waits).map(|survivor| survivor.score) else { return };
    let owner = row.owner.filter(|_| row.state.is_load());
    let Some(rep) = owner.filter(|id| run.world.rep(*id).is_some_and(|r| r.active)) else { return };
    let body = Body::LeadAssigned(Assigned {
        lead: into,
        rep,
        from: None,
        by: Placer::Person { reason: smol_str::format_smolstr!("{lead}") },
        book: run.world.published().version,
        score,
        charge: Charge { rep, team: None, day: run.moment.day, milli: 0, placements: 0, claims: 0 },
        turn: None,
        why: None,
        clock: None,
        readmit: None,
    });
    never(run.append_given(event, body));
}

/// A row put back by an undo: it stands where the lead is where history had it.
fn restored(run: &mut Desk<'_>, event: &Event, r: &Restored) {
    let lead = r.row.id;
    let open = run.world.lead(lead).is_some();
    let in_step = open == r.was.is_open() && run.host.course.in_step(run.world, lead);
    if in_step || r.withdrawn {
        run.host.withdraw(lead, r.withdrawn);
    }
    if in_step {
        as_recorded(run, event);
    } else if r.withdrawn && open {
        // An arrival that was undone is gone in any case; what it used of somebody's turns stays used here.
        run.host.side.other_owner += 1;
        let bare = Restored {
            charges: Vec::new(),
            shares: Vec::new(),
            turns: Vec::new(),
            clock: None,
            was: run.world.lead(lead).map_or(r.was, |row| row.state),
            ..r.clone()
        };
        never(run.append_given(event, Body::LeadRestored(bare)));
    } else {
        run.host.side.other_owner += 1;
    }
}

/// Somebody joins, changes, comes, goes: with the credits that the replayed ledgers give.
fn of_roster(run: &mut Desk<'_>, event: &Event, order: &Order<'_>) {
    match &event.body {
        Body::RepAdded { rep, card } => {
            as_recorded(run, event);
            never(credit::newcomer(run, *rep, &card.teams));
        }
        Body::RepEdited { rep, before, after } => {
            let joined: Vec<_> = after.teams.iter().filter(|t| !before.teams.contains(t)).cloned().collect();
            as_recorded(run, event);
            if !joined.is_empty() {
                never(credit::newcomer(run, *rep, &joined));
            }
        }
        Body::RepDuty { rep, on } => {
            let state = run.world.rep(*rep).cloned().filter(|_| *on);
            let credit = state.and_then(|state| credit::duty_credit(run.world, &state, &run.moment));
            as_recorded(run, event);
            for (team, day, milli, away_since) in credit
                .into_iter()
                .flat_map(|(entries, away)| entries.into_iter().map(move |(t, d, m)| (t, d, m, away)))
            {
                let reason = LedgerReason::ReEntry { away_since };
                never(run.emit(Body::LedgerEntered { rep: *rep, team, day, milli, reason }));
            }
        }
        Body::RepActive { rep, active: true } => {
            as_recorded(run, event);
            let teams = run.world.rep(*rep).map(|r| r.card.teams.clone()).unwrap_or_default();
            never(credit::newcomer(run, *rep, &teams));
        }
        Body::RepActive { rep, active: false } => {
            as_recorded(run, event);
            never(roster::dispose(run, *rep, order.theirs()));
        }
        _ => as_recorded(run, event),
    }
}
