//! The strategies: one of several free reps, deterministically. Ties go to whoever was served longest ago, then to the
//! lower id. Integers only; a draw is a hash of the lead id and the book's salt.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::eligible::{Limits, open_cap};
use crate::model::id::{LeadId, RepId};
use crate::model::why::{Measure, TieBreak};
use crate::rulebook::{Ramp, Strategy};
use crate::world::ramp::{protected_minimum, weight_milli};
use crate::world::{Moment, RepState};

/// What a choice may look at.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    pub reps: &'a [RepState],
    pub moment: &'a Moment,
    pub limits: &'a Limits<'a>,
    /// The team whose ledger counts; `None` = org-wide.
    pub team: Option<&'a str>,
    pub lead: LeadId,
    pub salt: u64,
    pub known_owner: Option<RepId>,
    /// Round-robin: who had the last turn.
    pub last_turn: Option<RepId>,
    /// How new hires are brought in.
    pub ramps: &'a [Ramp],
}

/// The choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pick {
    /// Index into the reps.
    pub rep: u32,
    pub tie: TieBreak,
    pub measure: Measure,
    /// Round-robin moved its pointer.
    pub turn: bool,
}

/// The figure by which `rep` is compared under `strategy`; least wins (for a draw: the weight).
#[must_use]
pub fn figure(strategy: &Strategy, rep: &RepState, ground: &Ground<'_>) -> i64 {
    match strategy {
        Strategy::Fair => rep.ledger_sum(ground.team, ground.moment.day),
        Strategy::LeastLoaded => match open_cap(rep, ground.limits, ground.moment) {
            Some(cap) => i64::from(rep.load) * 1000 / i64::from(cap.max(1)),
            None => i64::from(rep.load),
        },
        Strategy::RoundRobin => {
            let after = ground.last_turn.map_or(0, |r| r.0);
            let id = rep.id.0;
            // Ids after the last turn come first, then the circle closes.
            i64::from(if id > after { id - after } else { id + (u32::MAX / 2 - after) })
        }
        Strategy::Weighted => i64::from(weight_milli(ground.ramps, rep, ground.moment)),
        Strategy::Sticky(_) => i64::from(ground.known_owner != Some(rep.id)),
    }
}

/// What [`figure`] means for `strategy`.
#[must_use]
pub fn measure(strategy: &Strategy) -> Measure {
    match strategy {
        Strategy::Fair => Measure::Ledger,
        Strategy::LeastLoaded => Measure::LoadRatio,
        Strategy::RoundRobin => Measure::TurnOrder,
        Strategy::Weighted => Measure::Draw,
        Strategy::Sticky(_) => Measure::KnownOwner,
    }
}

/// Chooses among `free` (indexes into the reps, ascending); `None` when it is empty.
#[must_use]
pub fn choose(strategy: &Strategy, free: &[u32], ground: &Ground<'_>) -> Option<Pick> {
    match strategy {
        Strategy::Sticky(then) => {
            let theirs =
                |i: &&u32| ground.reps.get(**i as usize).is_some_and(|r| Some(r.id) == ground.known_owner);
            match free.iter().find(theirs) {
                Some(&rep) => {
                    Some(Pick { rep, tie: TieBreak::ByMeasure, measure: Measure::KnownOwner, turn: false })
                }
                None => choose(then, free, ground),
            }
        }
        Strategy::Weighted => draw(free, ground),
        Strategy::Fair | Strategy::LeastLoaded | Strategy::RoundRobin => least(strategy, free, ground),
    }
}

/// The new hire among `free` whose protected minimum of the day is due, before any strategy is asked: had fewer than it
/// today, and no more than an even share of what `pool` was given today. A strict turn and a person's own rep come first.
#[must_use]
pub fn protected(strategy: &Strategy, free: &[u32], pool: &[u32], ground: &Ground<'_>) -> Option<Pick> {
    if ground.ramps.iter().all(|r| r.at_least == 0) {
        return None;
    }
    let mut inner = strategy;
    while let Strategy::Sticky(then) = inner {
        let known = |i: &u32| ground.reps.get(*i as usize).is_some_and(|r| Some(r.id) == ground.known_owner);
        if free.iter().any(known) {
            return None;
        }
        inner = then;
    }
    if *inner == Strategy::RoundRobin {
        return None;
    }
    let day = ground.moment.day;
    let short = free.iter().filter_map(|&i| {
        let rep = ground.reps.get(i as usize)?;
        let had = rep.ledger.placements_on(day);
        (had < protected_minimum(ground.ramps, rep, day)).then_some((had, rep.last_turn, i))
    });
    let (had, _, rep) = short.min()?;
    let reps = pool.iter().filter_map(|&i| ground.reps.get(i as usize));
    let given: u64 = reps.map(|r| u64::from(r.ledger.placements_on(day))).sum();
    let is_due = u64::from(had) * (pool.len() as u64) <= given;
    is_due.then_some(Pick { rep, tie: TieBreak::Protected, measure: measure(inner), turn: false })
}

fn least(strategy: &Strategy, free: &[u32], ground: &Ground<'_>) -> Option<Pick> {
    let mut best: Option<(i64, u64, u32)> = None;
    let (mut same_figure, mut same_turn) = (false, false);
    for &i in free {
        let Some(rep) = ground.reps.get(i as usize) else { continue };
        let key = (figure(strategy, rep, ground), rep.last_turn.0, i);
        match best {
            Some(b) if key > b => {
                same_figure |= key.0 == b.0;
                same_turn |= (key.0, key.1) == (b.0, b.1);
            }
            Some(b) => {
                same_figure = key.0 == b.0;
                same_turn = (key.0, key.1) == (b.0, b.1);
                best = Some(key);
            }
            None => best = Some(key),
        }
    }
    let (_, _, rep) = best?;
    let tie = match (free.len(), same_figure, same_turn) {
        (1, _, _) => TieBreak::OnlyOne,
        (_, false, _) => TieBreak::ByMeasure,
        (_, true, false) => TieBreak::LeastRecent,
        (_, true, true) => TieBreak::LowestId,
    };
    let turn = matches!(strategy, Strategy::RoundRobin);
    Some(Pick { rep, tie, measure: measure(strategy), turn })
}

/// A draw in proportion to weight: the hash of lead and salt names a point on the line of summed weights.
fn draw(free: &[u32], ground: &Ground<'_>) -> Option<Pick> {
    let weight = |i: &u32| {
        ground.reps.get(*i as usize).map_or(0, |r| u64::from(weight_milli(ground.ramps, r, ground.moment)))
    };
    let total: u64 = free.iter().map(weight).sum();
    let mut hasher = SipHasher13::new_with_keys(ground.salt, 0);
    hasher.write_u64(ground.lead.0);
    let mut point = hasher.finish() % total.max(1);
    for i in free {
        let w = weight(i);
        if point < w {
            let tie = if free.len() == 1 { TieBreak::OnlyOne } else { TieBreak::Draw };
            return Some(Pick { rep: *i, tie, measure: Measure::Draw, turn: false });
        }
        point -= w;
    }
    None
}
