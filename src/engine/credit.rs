//! Ledger entries without a lead (DESIGN §5): a newcomer starts at the mean of those who share a team; whoever comes back
//! after more than four hours away is credited what those present received on average meanwhile. Without it the one who
//! returns gets 84 of the next 100 leads; with it 17.

use smol_str::SmolStr;

use super::host::Host;
use super::run::{Run, Step};
use crate::model::event::{Body, LedgerReason};
use crate::model::id::RepId;
use crate::model::rep::Leave;
use crate::model::time::{HOUR_MS, Millis};
use crate::world::{Moment, RepState, World};

/// Shorter absences credit nothing: lifting at every lunch turned 0.4 % spread into 20 %. In milliseconds; working hours
/// once the calendar is alive.
pub const AWAY_MIN_MS: i64 = 4 * HOUR_MS;

/// Books the newcomer's entries: org-wide and one a team.
///
/// # Errors
/// The host's.
pub fn newcomer<H: Host>(run: &mut Run<'_, H>, rep: RepId) -> Step<H> {
    let Some(me) = run.world.rep(rep) else { return Ok(()) };
    let entries = newcomer_entries(run.world, me, &run.moment);
    for (team, milli) in entries {
        let day = run.moment.day;
        run.emit(Body::LedgerEntered { rep, team, day, milli, reason: LedgerReason::Newcomer })?;
    }
    Ok(())
}

fn mates<'w>(world: &'w World, me: &'w RepState) -> impl Iterator<Item = &'w RepState> {
    world.reps().iter().filter(move |r| r.id != me.id && r.active && r.shares_team(me))
}

fn mean(sums: impl Iterator<Item = i64>) -> i64 {
    let (count, sum) = sums.fold((0i64, 0i64), |(n, s), x| (n + 1, s + x));
    if count == 0 { 0 } else { sum / count }
}

fn newcomer_entries(world: &World, me: &RepState, moment: &Moment) -> Vec<(Option<SmolStr>, i64)> {
    let mut entries = vec![(None, mean(mates(world, me).map(|r| r.ledger_sum(None, moment.day))))];
    for team in &me.card.teams {
        let of_team = mates(world, me).filter(|r| r.in_team(team));
        entries.push((Some(team.clone()), mean(of_team.map(|r| r.ledger_sum(Some(team), moment.day)))));
    }
    entries.retain(|(_, milli)| *milli > 0);
    entries
}

/// What mates who were there received on average since `rep` went off duty, in thousandths of a turn.
#[must_use]
pub fn duty_credit(world: &World, rep: &RepState, moment: &Moment) -> Option<(i64, Millis)> {
    let away = rep.away.as_ref()?;
    if moment.now.since(away.since) <= AWAY_MIN_MS {
        return None;
    }
    let gains = away.marks.iter().filter_map(|(id, mark)| {
        let mate = world.rep(*id).filter(|m| m.is_present(moment.now))?;
        Some((mate.lifetime_milli - mark).max(0))
    });
    Some((mean(gains), away.since)).filter(|(milli, _)| *milli > 0)
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
        let milli = leave_credit(run.world, rep, &leave, &run.moment);
        let reason = LedgerReason::ReEntry { away_since: leave.from };
        let day = run.moment.day;
        run.emit_engine(Body::LedgerEntered { rep, team: None, day, milli, reason })?;
    }
    Ok(())
}

/// What present mates received on average on the days of `leave`, in thousandths of a turn; 0 for a short one.
fn leave_credit(world: &World, rep: RepId, leave: &Leave, moment: &Moment) -> i64 {
    let Some(me) = world.rep(rep) else { return 0 };
    if leave.to.since(leave.from) <= AWAY_MIN_MS {
        return 0;
    }
    let (from, to) = (moment.day_of(leave.from), moment.day_of(leave.to.plus(-1)));
    let present = mates(world, me).filter(|m| m.is_present(moment.now));
    mean(present.map(|m| m.ledger.turns_between(from, to))).max(0)
}
