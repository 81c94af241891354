//! Respond-within timers: what is due, and what becomes of each lead. Decided under the lock from the world alone, like any
//! other decision; a timer never moves what a person placed, nor a lead whose silence proves nothing.
//!
//! When a timer is due is the fold's arithmetic (`world::clocks`); who asks is the leader.

use smol_str::SmolStr;

use super::host::Host;
use super::route::{Answer, Decision, Exhausted, LeadFacts, route};
use super::run::{Run, Step};
use crate::model::event::Body;
use crate::model::id::LeadId;
use crate::model::lead::{ArrivalKind, Lead, LeadState, ParkReason, PoolWhy};
use crate::model::mode::Mode;
use crate::model::respond::{ClockStart, Escalation, TimerNote, TimerStep};
use crate::model::time::{MINUTE_MS, Millis};
use crate::rulebook::{LateStep, Respond};
pub use crate::world::clocks::CLOCK_SUSPECT;
use crate::world::clocks::{Clock, REMIND_AT_MILLI};
use crate::world::{Moment, World};

/// Most timers one order serves; what is left is the next tick's.
pub const TIMERS_MAX: usize = 200;
/// Most leads timers move in an hour where the book does not say (`timers move at most …`). More at once means that something
/// else is wrong, most likely that replies stopped being recorded: then an alert is raised and nobody loses a lead.
pub const MOVES_AN_HOUR_MAX: usize = 60;
/// Least working time an owner gets when an undo gives a lead back to them, in milliseconds (never more than the limit).
pub const REST_MIN_MS: i64 = 5 * MINUTE_MS;

/// Most leads timers move in an hour, by the book in force.
#[must_use]
pub fn moves_an_hour_max(world: &World) -> usize {
    let said = world.book().timer_moves.and_then(|most| usize::try_from(most).ok());
    said.unwrap_or(MOVES_AN_HOUR_MAX)
}

/// Leads to be served at `moment`; none while the engine is paused or the clock is suspect.
#[must_use]
pub fn due(world: &World, moment: &Moment) -> Vec<LeadId> {
    if world.mode_at(moment.now) == Mode::Paused || world.alerts().contains_key(&CLOCK_SUSPECT) {
        return Vec::new();
    }
    world.timers_due(moment.now, TIMERS_MAX)
}

/// Serves every timer that is due, each lead in a batch of its own, so that one can be undone without the others.
///
/// # Errors
/// The host's.
pub fn serve<H: Host>(run: &mut Run<'_, H>) -> Step<H> {
    let leads = due(run.world, &run.moment);
    run.outcome.more |= leads.len() == TIMERS_MAX;
    serve_each(run, &leads)
}

/// Serves the timers of `leads`, which are due.
///
/// # Errors
/// The host's.
pub(super) fn serve_each<H: Host>(run: &mut Run<'_, H>, leads: &[LeadId]) -> Step<H> {
    for &lead in leads {
        // Whoever waits and can be placed goes before a lead that a timer gives on: also in a place the last one left.
        run.sweep_first()?;
        run.fresh_batch();
        serve_one(run, lead)?;
    }
    run.fresh_batch();
    Ok(())
}

fn serve_one<H: Host>(run: &mut Run<'_, H>, lead: LeadId) -> Step<H> {
    let now = run.moment.now;
    let (Some(row), Some(clock)) = (run.world.lead(lead).cloned(), run.world.clock(lead).cloned()) else {
        return Ok(());
    };
    let (Some(owner), Some(respond)) = (row.owner, run.world.respond(&clock.rule).cloned()) else {
        return Ok(());
    };
    let worked = run.world.answer_time(lead, now);
    let note = |step, done, more| {
        let rule = clock.rule.clone();
        let within_ms = respond.within_ms;
        Box::new(TimerNote { lead, owner, rule, within_ms, worked_ms: worked, step, done, more })
    };
    let recorded = run.world.has_replies(&row.attrs.source);
    let on_duty = run.world.rep(owner).is_some_and(|r| r.duty && r.leave_at(now).is_none());
    if !clock.reminded && recorded && !row.pinned && on_duty && worked < respond.within_ms {
        return run.emit_engine(Body::LeadReminded(note(TimerStep::Remind, clock.done, true)));
    }
    let decided = decide(run, &row, &clock, &respond, recorded);
    match decided.step {
        TimerStep::Remind | TimerStep::Escalate(_) => {
            run.emit_engine(Body::LeadEscalated(note(decided.step, decided.done, decided.more)))
        }
        TimerStep::Reassign { .. } | TimerStep::Recall | TimerStep::RecallToPool | TimerStep::Park => {
            let timer = Some(note(decided.step, decided.done, decided.more));
            let reason = SmolStr::default();
            run.emit_engine(Body::LeadRecalled { lead, from: owner, reason, timer })?;
            after_recall(run, &row, &clock, &decided, respond.within_ms)
        }
    }
}

/// What becomes of a lead that was just taken back. One that is not given on, nor parked, nor put into the pool waits, and
/// the sweep that follows serves it.
fn after_recall<H: Host>(
    run: &mut Run<'_, H>,
    row: &Lead,
    clock: &Clock,
    decided: &Decided,
    within_ms: i64,
) -> Step<H> {
    match (decided.step, &decided.park) {
        (TimerStep::Reassign { .. }, _) => {
            run.goes_on((clock.rule.clone(), decided.done));
            let placed = run.decide(row.id, &LeadFacts::default());
            run.goes_on_no_more();
            placed.map(|_| ())
        }
        (TimerStep::RecallToPool, _) => {
            let why = PoolWhy::Late { rule: clock.rule.clone(), within_ms };
            run.emit_engine(Body::LeadPooled { lead: row.id, from: row.owner, why, score: row.score })
        }
        (_, Some(reason)) => {
            let reason = ParkReason::Rule(reason.clone());
            run.emit_engine(Body::LeadParked { lead: row.id, reason, score: row.score, why: None })
        }
        _ => Ok(()),
    }
}

/// What shall be done about one lead.
struct Decided {
    step: TimerStep,
    park: Option<SmolStr>,
    more: bool,
    /// Steps done with this one.
    done: u8,
}

fn decide<H: Host>(
    run: &Run<'_, H>,
    row: &Lead,
    clock: &Clock,
    respond: &Respond,
    recorded: bool,
) -> Decided {
    let escalate = |why, more, done| Decided { step: TimerStep::Escalate(why), park: None, more, done };
    if row.pinned {
        return escalate(Escalation::Pinned, false, clock.done);
    }
    if !recorded {
        return escalate(Escalation::NoReplies, false, clock.done);
    }
    let all = unrolled(respond, run.world.book().pool.is_some());
    let mut nobody = false;
    for (index, (step, park)) in all.iter().enumerate().skip(usize::from(clock.done)) {
        let done = u8::try_from(index + 1).unwrap_or(u8::MAX);
        let more = index + 1 < all.len();
        if step.moves() && run.world.timer_moves(run.moment.now) >= moves_an_hour_max(run.world) {
            return escalate(Escalation::Budget, false, done);
        }
        match step {
            // Taking it from somebody who may yet call, for nobody, helps no one.
            TimerStep::Reassign { .. } if !has_taker(run.world, row, &run.moment) => nobody = true,
            TimerStep::Escalate(_) if nobody => return escalate(Escalation::NobodyElse, more, done),
            _ => return Decided { step: *step, park: park.clone(), more, done },
        }
    }
    let why = if nobody { Escalation::NobodyElse } else { Escalation::ByBook };
    escalate(why, false, u8::MAX)
}

/// The book's steps one by one: `reassign 2 times` is two. A draft on trial may name a pool that the book in force does not
/// have: then the lead goes back to the queue.
fn unrolled(respond: &Respond, has_pool: bool) -> Vec<(TimerStep, Option<SmolStr>)> {
    let mut out = Vec::new();
    for step in &respond.steps {
        match step {
            LateStep::Reassign(times) => {
                let of = u8::try_from(*times).unwrap_or(u8::MAX);
                out.extend((1..=of).map(|nth| (TimerStep::Reassign { nth, of }, None)));
            }
            LateStep::Escalate => out.push((TimerStep::Escalate(Escalation::ByBook), None)),
            LateStep::Recall => out.push((TimerStep::Recall, None)),
            LateStep::RecallToPool if !has_pool => out.push((TimerStep::Recall, None)),
            LateStep::RecallToPool => out.push((TimerStep::RecallToPool, None)),
            LateStep::Park(reason) => out.push((TimerStep::Park, Some(reason.clone()))),
        }
    }
    out
}

/// Whether the book would give `row` to somebody else at once.
fn has_taker(world: &World, row: &Lead, moment: &Moment) -> bool {
    let mut free = row.clone();
    if let Some(owner) = free.owner.take()
        && let Err(at) = free.not_to.binary_search(&owner)
    {
        free.not_to.insert(at, owner);
    }
    free.state = LeadState::Waiting;
    free.waiting_since = moment.now;
    let Decision { answer, .. } =
        route(world, &free, &LeadFacts::default(), moment, &mut Exhausted::default(), false);
    matches!(answer, Answer::Give(_))
}

/// The clock that a placement of `row` under `rule` starts; none for backlog, for rules without a limit, and for people
/// who must not be contacted.
#[must_use]
pub fn clock_for(world: &World, row: &Lead, rule: Option<&SmolStr>, done: u8) -> Option<Box<ClockStart>> {
    let rule = rule.filter(|_| row.kind == ArrivalKind::Live && !row.do_not_contact)?;
    world.respond(rule)?;
    Some(Box::new(ClockStart { rule: rule.clone(), done, used_ms: 0 }))
}

/// The clock an undo starts again for the owner it gives the lead back to: with the time that was left when it was taken,
/// at least [`REST_MIN_MS`] (or the whole limit, if that is shorter).
#[must_use]
pub fn rest(world: &World, start: &ClockStart, worked_ms: i64) -> Option<Box<ClockStart>> {
    let within = world.respond(&start.rule)?.within_ms;
    let left = (within - worked_ms).clamp(REST_MIN_MS.min(within), within);
    Some(Box::new(ClockStart { used_ms: within - left, ..start.clone() }))
}

/// When the owner of `row` is reminded and when the limit passes: figures for screens, `None` when no clock runs.
#[must_use]
pub fn story(world: &World, lead: LeadId, now: Millis) -> Option<Story> {
    let clock = world.clock(lead)?;
    let within_ms = world.respond(&clock.rule)?.within_ms;
    Some(Story {
        rule: clock.rule.clone(),
        within_ms,
        worked_ms: world.answer_time(lead, now),
        next: clock.due,
        reminds: !clock.reminded && clock.used_ms < within_ms * REMIND_AT_MILLI / 1000,
        escalated: clock.escalated,
    })
}

/// How a lead's clock stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    pub rule: SmolStr,
    /// In milliseconds of working time.
    pub within_ms: i64,
    /// What the owner has had, in milliseconds of working time.
    pub worked_ms: i64,
    /// When something will be done, if anything will.
    pub next: Option<Millis>,
    /// What will be done then may be only a reminder.
    pub reminds: bool,
    pub escalated: bool,
}
