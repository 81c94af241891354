//! Ledger entries without a lead (DESIGN §5): a newcomer starts at the mean of those who share a team; whoever comes back
//! after more than four working hours away is credited what those present received on average meanwhile. Without it the one who
//! returns gets 84 of the next 100 leads; with it 17.
//!
//! A credit is booked day by day, in the buckets in which the others hold their turns. In one bucket it would outlast the
//! turns it stands for: the newcomer would starve as theirs leave the window, and be flooded on the day the credit does.

use smol_str::SmolStr;

use super::host::Host;
use super::run::{Run, Step};
use crate::model::event::{Body, LedgerReason};
use crate::model::id::RepId;
use crate::model::rep::Leave;
use crate::model::time::{DayNo, HOUR_MS, Millis};
use crate::world::ledger::{LEDGER_DAYS, Ledger};
use crate::world::{Moment, RepState, World};

/// Shorter absences credit nothing: lifting at every lunch turned 0.4 % spread into 20 %. In milliseconds of the rep's own
/// working time.
pub const AWAY_MIN_MS: i64 = 4 * HOUR_MS;

/// One entry to book.
type Entry = (Option<SmolStr>, DayNo, i64);

/// Books what lifts `rep` to the mean of their mates: org-wide, and in each of `teams`.
///
/// # Errors
/// The host's.
pub fn newcomer<H: Host>(run: &mut Run<'_, H>, rep: RepId, teams: &[SmolStr]) -> Step<H> {
    let Some(me) = run.world.rep(rep) else { return Ok(()) };
    let today = run.moment.day;
    let from = DayNo(today.0.saturating_sub(LEDGER_DAYS - 1));
    let mut entries = Vec::new();
    for team in scopes(teams) {
        let mates: Vec<&RepState> = mates(run.world, me, team.as_ref()).filter(|r| r.active).collect();
        let sum = mean(mates.iter().map(|r| r.ledger_sum(team.as_deref(), today)));
        let behind = sum - me.ledger_sum(team.as_deref(), today);
        lift(me, &mates, team, (from, today), behind, &mut entries);
    }
    for (team, day, milli) in entries {
        run.emit(Body::LedgerEntered { rep, team, day, milli, reason: LedgerReason::Newcomer })?;
    }
    Ok(())
}

/// Org-wide, then each team.
fn scopes(teams: &[SmolStr]) -> impl Iterator<Item = Option<SmolStr>> {
    std::iter::once(None).chain(teams.iter().cloned().map(Some))
}

/// Whoever shares a team with `me`, or is in `team`.
fn mates<'w>(
    world: &'w World,
    me: &'w RepState,
    team: Option<&SmolStr>,
) -> impl Iterator<Item = &'w RepState> {
    let team = team.cloned();
    world.reps().iter().filter(move |r| {
        r.id != me.id && team.as_ref().map_or_else(|| r.shares_team(me), |team| r.in_team(team))
    })
}

fn mean(sums: impl Iterator<Item = i64>) -> i64 {
    let (count, sum) = sums.fold((0i64, 0i64), |(n, s), x| (n + 1, s + x));
    if count == 0 { 0 } else { sum / count }
}

/// Entries that lift `me` to the mean of `mates` on each of `days`, the latest first, `limit` in all.
fn lift(
    me: &RepState,
    mates: &[&RepState],
    team: Option<SmolStr>,
    (from, to): (DayNo, DayNo),
    mut limit: i64,
    out: &mut Vec<Entry>,
) {
    let of = |rep: &RepState, day: DayNo| match &team {
        None => rep.ledger.on(day),
        Some(team) => rep.team_ledger(team).map_or(0, |l: &Ledger| l.on(day)),
    };
    for day in (from.0..=to.0).rev().map(DayNo) {
        let behind = (mean(mates.iter().map(|r| of(r, day))) - of(me, day)).min(limit);
        if behind > 0 {
            limit -= behind;
            out.push((team.clone(), day, behind));
        }
    }
}

/// What lifts `rep` back to those present, for the days since `since`, `limit` in all (a limit a scope).
fn re_entry(
    world: &World,
    rep: &RepState,
    since: Millis,
    to: DayNo,
    limit: i64,
    moment: &Moment,
) -> Vec<Entry> {
    let oldest = DayNo(moment.day.0.saturating_sub(LEDGER_DAYS - 1));
    let days = (moment.day_of(since).max(oldest), to.min(moment.day));
    let mut entries = Vec::new();
    for team in scopes(&rep.card.teams) {
        let present: Vec<&RepState> =
            mates(world, rep, team.as_ref()).filter(|m| counts(m, moment.now)).collect();
        lift(rep, &present, team, days, limit, &mut entries);
    }
    entries
}

/// Whether what `mate` holds says what those present got: somebody who came back too and has not been credited yet was
/// given nothing and would drag the mean down.
fn counts(mate: &RepState, now: Millis) -> bool {
    mate.is_present(now) && mate.leaves.iter().all(|l| l.to > now)
}

/// Entries for a rep who comes back on duty, with the start of the absence; none after a short one.
#[must_use]
pub fn duty_credit(world: &World, rep: &RepState, moment: &Moment) -> Option<(Vec<Entry>, Millis)> {
    let away = rep.away.as_ref()?;
    if world.worked_ms(rep.id, away.since, moment.now) <= AWAY_MIN_MS {
        return None;
    }
    let gains = away.marks.iter().filter_map(|(id, mark)| {
        let mate = world.rep(*id).filter(|m| m.is_present(moment.now))?;
        Some((mate.lifetime_milli - mark).max(0))
    });
    let gain = mean(gains);
    Some((re_entry(world, rep, away.since, moment.day, gain, moment), away.since))
}

/// Credits every rep whose leave has ended; time alone ends it, so whoever decides next settles it.
///
/// # Errors
/// The host's.
pub fn settle_returns<H: Host>(run: &mut Run<'_, H>) -> Step<H> {
    let now = run.moment.now;
    let over: Vec<(RepId, Leave)> = run
        .world
        .reps()
        .iter()
        .filter(|r| !r.leaves.is_empty())
        .flat_map(|r| r.leaves.iter().filter(|l| l.to <= now).map(|l| (r.id, l.clone())))
        .collect();
    for (rep, leave) in over {
        settle_leave(run, rep, &leave)?;
    }
    Ok(())
}

fn settle_leave<H: Host>(run: &mut Run<'_, H>, rep: RepId, leave: &Leave) -> Step<H> {
    let Some(me) = run.world.rep(rep) else { return Ok(()) };
    let mut entries = Vec::new();
    if me.active && run.world.worked_ms(rep, leave.from, leave.to) > AWAY_MIN_MS {
        let last = run.moment.day_of(leave.to.plus(-1));
        entries = re_entry(run.world, me, leave.from, last, i64::MAX, &run.moment);
    }
    if entries.is_empty() {
        // The entry also settles the leave, so there is one even when it is worth nothing.
        entries.push((None, run.moment.day, 0));
    }
    for (team, day, milli) in entries {
        let reason = LedgerReason::ReEntry { away_since: leave.from };
        run.emit_engine(Body::LedgerEntered { rep, team, day, milli, reason })?;
    }
    Ok(())
}
