//! Spread 均衡度: (max − min) ÷ mean of what each rep received against what they were due. One function for screen,
//! report and tests.
//!
//! Expected shares per lead are not summed yet; received is the ledger of the last 28 days (turns ÷ weight, with newcomers'
//! and returners' entries), so that a rep of double weight is due double and an absence is allowed for.

use crate::world::{Moment, World};

/// Spread over active reps in thousandths; `None` with fewer than two reps or before the first turn.
#[must_use]
pub fn spread_milli(world: &World, moment: &Moment) -> Option<i64> {
    let sums: Vec<i64> =
        world.reps().iter().filter(|r| r.active).map(|r| r.ledger_sum(None, moment.day)).collect();
    let (min, max) = (sums.iter().min()?, sums.iter().max()?);
    let total: i64 = sums.iter().sum();
    if sums.len() < 2 || total <= 0 {
        return None;
    }
    Some((max - min).saturating_mul(1000).saturating_mul(i64::try_from(sums.len()).ok()?) / total)
}
