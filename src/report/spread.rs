//! Spread 均衡度: how far apart active reps stand in what they received against what they were due. One function for screen,
//! report and tests.
//!
//! What each rep was due is not yet summed lead by lead, over the reps eligible at that moment. Until it is, the turns of
//! the last 28 days stand for it: a turn costs 1000 ÷ weight, so equal sums mean everybody got their share.

use crate::world::ledger::LEDGER_DAYS;
use crate::model::time::DayNo;
use crate::world::{Moment, World};

/// (max − min) ÷ mean of turns over the active reps, in per cent, rounded; `None` with fewer than two reps or before the
/// first turn. Entries (newcomers, re-entry) count as received: they stand for leads given while somebody was away.
#[must_use]
pub fn spread_pct(world: &World, moment: &Moment) -> Option<i64> {
    let sums: Vec<i64> =
        world.reps().iter().filter(|rep| rep.active).map(|rep| rep.ledger_sum(None, moment.day)).collect();
    of_sums(&sums)
}

/// The figure over plain sums.
#[must_use]
pub fn of_sums(sums: &[i64]) -> Option<i64> {
    let (max, min) = (sums.iter().max()?, sums.iter().min()?);
    let count = i64::try_from(sums.len()).ok().filter(|n| *n > 1)?;
    let total: i64 = sums.iter().sum();
    // Mean = total ÷ count; multiplied out so that integers suffice.
    (total > 0).then(|| ((max - min) * count * 100 + total / 2) / total)
}

/// First day of the window the figure speaks of.
#[must_use]
pub fn first_day(moment: &Moment) -> DayNo {
    DayNo(moment.day.0.saturating_sub(LEDGER_DAYS - 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_shares_are_no_spread() {
        assert_eq!(of_sums(&[3000, 3000, 3000]), Some(0));
        assert_eq!(of_sums(&[4000, 2000]), Some(67));
        assert_eq!(of_sums(&[1000]), None);
        assert_eq!(of_sums(&[0, 0]), None);
    }
}
