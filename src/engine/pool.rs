//! The pool 线索池: leads put there by a coordinator or by its own clock, claimed by reps within the book's limits. All limits
//! are counted from (world, now) under the lock, so nobody gets around them by being quick, in bulk or on another console.

use smol_str::SmolStr;

use super::host::Host;
use super::manual::{each, guard, open_row, row_of};
use super::refusal::Refusal;
use super::route::score;
use super::run::{Run, Step};
use crate::model::event::{Assigned, Body, Placer};
use crate::model::id::LeadId;
use crate::model::lead::{Lead, PoolWhy};
use crate::model::mode::Mode;
use crate::model::time::Millis;
use crate::rulebook::PoolTerms;
use crate::world::clocks::CLOCK_SUSPECT;
use crate::world::{Moment, RepState, World};

/// Most leads the clock takes back in one transaction; what is left is the next one's.
pub const QUIET_TAKE_MAX: usize = 200;

/// Puts leads into the pool, pinned ones too: it is a person who asks.
///
/// # Errors
/// Refused when the book knows no pool, the lead is closed, held, changed since, or there already.
pub fn put<H: Host>(run: &mut Run<'_, H>, leads: &[LeadId], reason: &SmolStr) -> Step<H> {
    if run.world.book().pool.is_none() {
        return Err(Refusal::NoPool.into());
    }
    each(run, leads, |run, lead| {
        let row = open_row(run, lead)?;
        if row.pooled_since().is_some() {
            return Err(Refusal::AlreadySo { lead }.into());
        }
        let why = PoolWhy::Person { by: run.order.actor.name.clone(), reason: reason.clone() };
        run.emit(Body::LeadPooled { lead, from: row.owner, why, score: row.score })
    })
}

/// The asker takes leads from the pool. They are pinned: no engine moves what a rep chose for themselves.
///
/// # Errors
/// Refused when the asker is no active rep, and for what [`why_not`] says.
pub fn claim<H: Host>(run: &mut Run<'_, H>, leads: &[LeadId]) -> Step<H> {
    let actor = &run.order.actor.name;
    let Some(rep) = run.world.rep_of_login(actor).map(|r| r.id) else {
        return Err(Refusal::NotARep { actor: actor.clone() }.into());
    };
    let Some(terms) = run.world.book().pool.clone() else { return Err(Refusal::NoPool.into()) };
    each(run, leads, |run, lead| {
        let (row, _) = row_of(run, lead)?;
        guard(run, &row)?;
        let Some(me) = run.world.rep(rep) else { return Err(Refusal::NothingToDo.into()) };
        if let Some(refusal) = why_not(run.world, &terms, me, &row, &run.moment) {
            return Err(refusal.into());
        }
        let mut charge = run.charge(rep, None, terms.claim_turn);
        charge.placements = i32::from(terms.claim_turn);
        charge.claims = 1;
        run.emit(Body::LeadAssigned(Assigned {
            lead,
            rep,
            from: None,
            by: Placer::Claimed,
            book: run.world.published().version,
            score: score(run.world, &row, &run.moment),
            charge,
            turn: None,
            why: None,
            clock: None,
            readmit: None,
        }))
    })
}

/// Why `rep` may not claim `row` now; `None` when they may. Being off duty or on leave is no reason: it is they who ask.
#[must_use]
pub fn why_not(
    world: &World,
    terms: &PoolTerms,
    rep: &RepState,
    row: &Lead,
    moment: &Moment,
) -> Option<Refusal> {
    let lead = row.id;
    let Some(since) = row.pooled_since() else { return Some(Refusal::NotInPool { lead, state: row.state }) };
    if !rep.active {
        return Some(Refusal::Inactive { rep: rep.card.name.clone() });
    }
    if !sees(world, terms, rep, row, moment) {
        return Some(Refusal::NotSeen { lead });
    }
    if let Some(until) = still(since, terms.hold_ms, moment) {
        return Some(Refusal::TooNew { lead, until });
    }
    // Whoever had it and lost it stands in `not_to`, however often it changed hands since.
    if row.not_to.binary_search(&rep.id).is_ok()
        && let Some(until) = still(since, terms.cooldown_ms, moment)
    {
        return Some(Refusal::Cooldown { lead, until });
    }
    let today = rep.ledger.claims_on(moment.day);
    if let Some(max) = terms.claim_day.filter(|max| today >= *max) {
        return Some(Refusal::ClaimedToday { today, max });
    }
    let hand = match (terms.claim_hand, rep.cap_open_at(moment.now)) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    };
    if let Some(max) = hand.filter(|max| rep.load >= *max) {
        return Some(Refusal::HandFull { load: rep.load, max });
    }
    let today = rep.ledger.placements_on(moment.day);
    let cap = rep.cap_day_at(moment.now).filter(|cap| terms.claim_turn && today >= *cap)?;
    Some(Refusal::DayCap { rep: rep.card.name.clone(), today, cap })
}

/// Whether `rep` sees `row` in the pool.
#[must_use]
pub fn sees(world: &World, terms: &PoolTerms, rep: &RepState, row: &Lead, moment: &Moment) -> bool {
    let fits = |sight: &crate::rulebook::Sight| {
        let theirs = sight.teams.is_empty() || sight.teams.iter().any(|team| rep.in_team(team));
        theirs && sight.when.holds_for(&world.view(row, row.score, moment))
    };
    terms.seen.is_empty() || terms.seen.iter().any(fits)
}

/// The end of a time that began at `since`, if it lies ahead.
fn still(since: Millis, long_ms: i64, moment: &Moment) -> Option<Millis> {
    let until = since.plus(long_ms);
    (until > moment.now).then_some(until)
}

/// Takes back what nobody was reached for in time, in one batch of the engine's. Pinned leads stay where a person put them,
/// held ones until the hold ends.
///
/// # Errors
/// The host's.
pub fn take_quiet<H: Host>(run: &mut Run<'_, H>) -> Step<H> {
    let now = run.moment.now;
    let Some(days) = run.world.book().pool.as_ref().and_then(|p| p.return_days) else { return Ok(()) };
    let mut due: Vec<LeadId> = due(run.world, now).take(QUIET_TAKE_MAX + 1).collect();
    run.outcome.more = due.len() > QUIET_TAKE_MAX;
    due.truncate(QUIET_TAKE_MAX);
    for lead in due {
        let Some(row) = run.world.lead(lead) else { continue };
        let body = Body::LeadPooled { lead, from: row.owner, why: PoolWhy::Quiet { days }, score: row.score };
        run.emit_engine(body)?;
        run.outcome.done.push(lead);
    }
    Ok(())
}

/// Leads nobody holds whose time without contact is over at `now`, the longest over first; none while the engine is paused or
/// the clock is suspect.
pub fn due(world: &World, now: Millis) -> impl Iterator<Item = LeadId> + '_ {
    let over = world.quiet().range(..=(now, LeadId(u64::MAX))).map(|(_, lead)| *lead);
    let runs = world.mode_at(now) != Mode::Paused && !world.alerts().contains_key(&CLOCK_SUSPECT);
    over.take_while(move |_| runs)
        .filter(move |lead| world.lead(*lead).is_some_and(|row| row.hold_at(now).is_none()))
}

/// Leads that go back to the pool until `until` if nobody is reached, soonest first.
pub fn forecast(world: &World, until: Millis) -> impl Iterator<Item = (Millis, LeadId)> + '_ {
    world.quiet().range(..=(until, LeadId(u64::MAX))).copied()
}
