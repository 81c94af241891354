//! Spread 均衡度: (max − min) ÷ mean of received ÷ expected over active reps, expected summed per lead over the reps eligible
//! at that moment. One function for screen, report and tests; what counts as a turn is told in `model::share`.
//!
//! It looks at the 28 days of the ledger. Someone who was due less than one lead is left out: a lead cannot be halved, so
//! having none yet says nothing.

use crate::model::id::RepId;
use crate::model::share::{ratio_micro, spread_milli as spread_milli_of};
use crate::model::time::DayNo;
use crate::world::{Moment, RepState, Shares, World};

/// What a rep received and was due over 28 days, in millionths of a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    pub rep: RepId,
    pub received_micro: i64,
    pub due_micro: i64,
}

impl Part {
    /// Received ÷ due in millionths; `None` below one lead due.
    #[must_use]
    pub fn ratio_micro(&self) -> Option<i64> {
        ratio_micro(self.received_micro, self.due_micro)
    }
}

/// Every active rep's part, by id.
#[must_use]
pub fn parts(world: &World, day: DayNo) -> Vec<Part> {
    world.reps().iter().filter(|r| r.active).map(|r| part(world, r, day)).collect()
}

fn part(world: &World, rep: &RepState, day: DayNo) -> Part {
    let (received_micro, due_micro) = world.shares().over_window(rep.id, day);
    Part { rep: rep.id, received_micro, due_micro }
}

/// Spread over active reps in thousandths; `None` while fewer than two of them were due a lead.
#[must_use]
pub fn spread_milli(world: &World, moment: &Moment) -> Option<i64> {
    of(world, moment, |_| true)
}

/// Spread over the active members of `team`, with all they received and were due; in thousandths.
#[must_use]
pub fn spread_of_team(world: &World, team: &str, moment: &Moment) -> Option<i64> {
    of(world, moment, |rep| rep.in_team(team))
}

/// Spread over active reps by `shares` alone, of the 28 days that end with `day`; in thousandths.
#[must_use]
pub fn spread_of_parts(world: &World, shares: &Shares, day: DayNo) -> Option<i64> {
    let part = |rep: &RepState| {
        let (received_micro, due_micro) = shares.over_window(rep.id, day);
        Part { rep: rep.id, received_micro, due_micro }
    };
    of_ratios(world.reps().iter().filter(|r| r.active).filter_map(|r| part(r).ratio_micro()).collect())
}

/// Spread of `parts` as they are, in thousandths; `None` while fewer than two of them were due a lead.
#[must_use]
pub fn spread_of(parts: impl IntoIterator<Item = Part>) -> Option<i64> {
    of_ratios(parts.into_iter().filter_map(|part| part.ratio_micro()).collect())
}

fn of(world: &World, moment: &Moment, belongs: impl Fn(&RepState) -> bool) -> Option<i64> {
    let reps = world.reps().iter().filter(|r| r.active && belongs(r));
    of_ratios(reps.filter_map(|rep| part(world, rep, moment.day).ratio_micro()).collect())
}

fn of_ratios(ratios: Vec<i64>) -> Option<i64> {
    spread_milli_of(&ratios)
}
