//! Detectors (one file each) and the alerts they raise. No clock, chance or IO: they read the world at a moment.
//!
//! Here are the exact ones, firing or cleared. Their limits come from the book's `watch` lines; the defaults stand here.

mod at_cap;
pub mod delayed;
mod duplicate;
pub mod missed;
mod overdue;
mod stalled;

use std::collections::BTreeSet;

use crate::model::alert::{AlertKey, AlertKind, Finding};
use crate::model::id::LeadId;
use crate::model::time::Millis;
use crate::rulebook::worktime::WorkTime;
use crate::rulebook::{Amount, Loudness, Metric, WatchKind};
use crate::world::{Moment, World};

/// Lead ids an alert names; the rest is a number.
pub const NAMED_MAX: usize = 5;

/// Everything that is wrong at `moment`, in key order.
#[must_use]
pub fn findings(world: &World, moment: &Moment) -> Vec<Finding> {
    let mut all = Vec::new();
    delayed::detect(world, moment, &mut all);
    missed::detect(world, moment, &mut all);
    duplicate::detect(world, moment, &mut all);
    at_cap::detect(world, moment, &mut all);
    stalled::detect(world, moment, &mut all);
    overdue::detect(world, moment, &mut all);
    all.sort_by_key(|f| f.key);
    all
}

/// What is to be raised and cleared so that the firing alerts are those of `moment`. Whether the clock is suspect is not
/// the world's to see: that alert is left to whoever has two clocks to compare.
#[must_use]
pub fn changes(world: &World, moment: &Moment) -> (Vec<Finding>, Vec<AlertKey>) {
    changes_of(world, moment, |kind| kind != AlertKind::ClockSuspect)
}

/// The same while the clock is suspect: what follows from passing time is neither raised nor cleared.
#[must_use]
pub fn changes_beside_time(world: &World, moment: &Moment) -> (Vec<Finding>, Vec<AlertKey>) {
    changes_of(world, moment, |kind| kind != AlertKind::ClockSuspect && !kind.tells_time())
}

fn changes_of(
    world: &World,
    moment: &Moment,
    judged: impl Fn(AlertKind) -> bool,
) -> (Vec<Finding>, Vec<AlertKey>) {
    let mut now = findings(world, moment);
    now.retain(|f| judged(f.key.kind));
    let keys: BTreeSet<AlertKey> = now.iter().map(|f| f.key).collect();
    let stale = |key: &&AlertKey| judged(key.kind) && !keys.contains(*key);
    let clear = world.alerts().keys().filter(stale).copied().collect();
    let fire = now.into_iter().filter(|f| !world.alerts().contains_key(&f.key)).collect();
    (fire, clear)
}

/// The limit of a detector: what the book says, else `default`; `None` when the book switches it off.
fn limit_ms(world: &World, moment: &Moment, kind: WatchKind, metric: Metric, default: i64) -> Option<i64> {
    match world.watch_line(kind, moment.now) {
        Some(line) if line.loudness == Loudness::Off => None,
        // These figures only grow, so "for 10m" is ten minutes more of them.
        Some(line) => Some(line.duration_ms(metric).unwrap_or(default).saturating_add(line.for_ms)),
        None => Some(default),
    }
}

/// Of the moments from `oldest` to `now` the latest that lies more than `limit` of working time back, in milliseconds;
/// `None` when not even `oldest` does. The farther back, the more working time: so one search serves all leads that wait.
fn latest_late(hours: &WorkTime, oldest: Millis, now: Millis, limit: i64) -> Option<Millis> {
    let is_late = |since: i64| hours.working_ms_between(Millis(since), now) > limit;
    if !is_late(oldest.0) {
        return None;
    }
    let (mut late, mut timely) = (oldest.0, now.0.max(oldest.0.saturating_add(1)));
    while timely - late > 1 {
        let middle = late + (timely - late) / 2;
        if is_late(middle) {
            late = middle;
        } else {
            timely = middle;
        }
    }
    Some(Millis(late))
}

/// The first few of what waits, longest first; equal ones by id. Leaves the rest in any order.
fn longest(waits: &mut [(Millis, LeadId)]) -> Vec<LeadId> {
    if waits.len() > NAMED_MAX {
        waits.select_nth_unstable(NAMED_MAX);
    }
    let first = waits.len().min(NAMED_MAX);
    let mut named = waits.get(..first).unwrap_or_default().to_vec();
    named.sort_unstable();
    named.into_iter().map(|(_, lead)| lead).collect()
}

/// The share of the cap, in thousandths, at which the book wants to hear of a rep; the whole cap when it does not say.
fn cap_share_milli(world: &World, moment: &Moment) -> i64 {
    let line = world.watch_line(WatchKind::AtCap, moment.now);
    let loads = line.iter().flat_map(|l| &l.when).filter(|m| m.metric == Metric::Load);
    loads
        .filter_map(|m| if let Amount::Percent(share) = m.amount { Some(share) } else { None })
        .next()
        .unwrap_or(1000)
}

/// Whether the book switches a detector off.
fn is_off(world: &World, moment: &Moment, kind: WatchKind) -> bool {
    world.watch_line(kind, moment.now).is_some_and(|line| line.loudness == Loudness::Off)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::time::{DAY_MS, HOUR_MS, MINUTE_MS};
    use proptest::prelude::*;

    const OFFICE: &str = "calendar\n timezone Asia/Shanghai\n workdays Mon..Fri 09:00..18:00 except 12:00..13:00\n \
                          holiday 2026-11-04";

    proptest! {
        #[test]
        fn one_search_tells_who_is_late_as_asking_for_each_does(
            now in 0..10 * DAY_MS,
            limit in prop_oneof![Just(5 * MINUTE_MS), Just(2 * HOUR_MS), Just(20 * HOUR_MS)],
            back in prop::collection::vec(0..20 * DAY_MS, 1..20),
        ) {
            let hours = WorkTime::of_desk(&crate::rulebook::compile(OFFICE));
            let now = Millis(1_793_514_720_000 + now);
            let oldest = now.plus(-back.iter().copied().max().unwrap_or(0));
            let latest = latest_late(&hours, oldest, now, limit);
            for since in back.iter().map(|ms| now.plus(-ms)) {
                let is_late = hours.working_ms_between(since, now) > limit;
                prop_assert_eq!(latest.is_some_and(|latest| since <= latest), is_late, "{:?}", since);
            }
        }
    }

    #[test]
    fn the_longest_are_named_in_order() {
        let mut waits: Vec<_> = (0..20).rev().map(|n| (Millis(n / 2), LeadId(n.unsigned_abs()))).collect();
        let named: Vec<u64> = longest(&mut waits).into_iter().map(|lead| lead.0).collect();
        assert_eq!(named, [0, 1, 2, 3, 4]);
        assert_eq!(longest(&mut [(Millis(3), LeadId(9))]), [LeadId(9)]);
    }
}
