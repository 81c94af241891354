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
