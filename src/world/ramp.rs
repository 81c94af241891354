//! The ramp of new hires 新人爬坡: a rep's weight on a day, and the minimum protected for them. Pure in (book, rep, moment): the
//! ramp ends by itself and nothing is ever stored for it.

use super::moment::Moment;
use super::roster::RepState;
use crate::model::time::DayNo;
use crate::rulebook::{Book, Ramp};

/// The ramp `rep` is on at `day`, with the share of that week in thousandths. Before the first day it is the first week's.
fn step<'b>(ramps: &'b [Ramp], rep: &RepState, day: DayNo) -> Option<(&'b Ramp, u32)> {
    let started = rep.card.started?;
    let of_team = ramps.iter().find(|r| r.team.as_ref().is_some_and(|team| rep.in_team(team)));
    let ramp = of_team.or_else(|| ramps.iter().find(|r| r.team.is_none()))?;
    let week = usize::try_from(day.0.saturating_sub(started.0).max(0) / 7).ok()?;
    ramp.weeks.get(week).map(|share| (ramp, *share))
}

/// The rep's weight at `moment`, in thousandths, at least 1: their own or a promotion's, less while they are being brought
/// in.
#[must_use]
pub fn weight_milli(ramps: &[Ramp], rep: &RepState, moment: &Moment) -> u32 {
    let (own, day) = (rep.weight_at(moment.now), moment.day);
    if rep.card.started.is_none() || ramps.is_empty() {
        return own;
    }
    match step(ramps, rep, day) {
        Some((_, share)) => u32::try_from(u64::from(own) * u64::from(share) / 1000).unwrap_or(own).max(1),
        None => own,
    }
}

/// 1000 ÷ weight: what one turn costs `rep` at `moment`, in thousandths of a turn.
#[must_use]
pub fn turn_cost_milli(book: &Book, rep: &RepState, moment: &Moment) -> i64 {
    1_000_000 / i64::from(weight_milli(&book.ramps, rep, moment).max(1))
}

/// The leads a day protected for `rep` while they are being brought in; 0 = none.
#[must_use]
pub fn protected_minimum(ramps: &[Ramp], rep: &RepState, day: DayNo) -> u32 {
    if rep.card.started.is_none() {
        return 0;
    }
    step(ramps, rep, day).map_or(0, |(ramp, _)| ramp.at_least)
}

/// The week of the ramp (from 1) and its share in thousandths, for screens; `None` when the rep is on none.
#[must_use]
pub fn ramp_week(book: &Book, rep: &RepState, day: DayNo) -> Option<(u32, u32)> {
    let (_, share) = step(&book.ramps, rep, day)?;
    let started = rep.card.started?;
    let week = day.0.saturating_sub(started.0).max(0) / 7 + 1;
    Some((u32::try_from(week).ok()?, share))
}
