//! How fast leads come and reps fill up: counts by minute over the last quarter of an hour.

use crate::model::id::RepId;
use crate::model::time::{MINUTE_MS, Millis};
use rustc_hash::FxHashMap;

/// Minutes looked back.
pub const MINUTES: usize = 15;

/// A ring of counts by minute.
#[derive(Debug, Clone, Default)]
pub struct Minutes {
    counts: [u32; MINUTES],
    /// The minute of the newest count, since 1970.
    newest: i64,
}

impl Minutes {
    /// Counts one at `at`; what is older than the ring is dropped.
    pub fn add(&mut self, at: Millis) {
        let minute = at.0.div_euclid(MINUTE_MS);
        self.turn_to(minute);
        let back = self.newest - minute;
        if let Some(slot) = usize::try_from(back).ok().and_then(|b| self.counts.get_mut(b)) {
            *slot += 1;
        }
    }

    fn turn_to(&mut self, minute: i64) {
        let steps = usize::try_from(minute - self.newest).unwrap_or(0).min(MINUTES);
        if steps > 0 {
            self.counts.rotate_right(steps);
            self.counts.iter_mut().take(steps).for_each(|count| *count = 0);
            self.newest = minute;
        }
    }

    /// The counts as seen at `now`, oldest first.
    #[must_use]
    pub fn at(&self, now: Millis) -> Vec<u32> {
        let mut here = self.clone();
        here.turn_to(now.0.div_euclid(MINUTE_MS));
        here.counts.iter().rev().copied().collect()
    }

    /// Thousandths a minute over the ring.
    #[must_use]
    pub fn rate_milli(&self, now: Millis) -> u32 {
        self.at(now).iter().sum::<u32>() * 1000 / u32::try_from(MINUTES).unwrap_or(1)
    }
}

/// Arrivals of the desk and placements of each rep.
#[derive(Debug, Clone, Default)]
pub struct Rates {
    pub arrivals: Minutes,
    placements: FxHashMap<RepId, Minutes>,
}

impl Rates {
    /// Notes a placement.
    pub fn placed(&mut self, rep: RepId, at: Millis) {
        self.placements.entry(rep).or_default().add(at);
    }

    /// Minutes until `room` more leads have come to `rep`; `None` at no rate, or beyond two working days.
    #[must_use]
    pub fn full_in_min(&self, rep: RepId, room: u32, now: Millis) -> Option<u32> {
        let rate = self.placements.get(&rep)?.rate_milli(now);
        let minutes = (room.checked_mul(1000)?).checked_div(rate)?;
        (minutes < 16 * 60).then_some(minutes.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_pass_and_old_ones_leave() {
        let mut minutes = Minutes::default();
        for second in [0, 10, 70, 71, 72] {
            minutes.add(Millis(1_000_000 * MINUTE_MS + second * 1000));
        }
        let now = Millis(1_000_002 * MINUTE_MS);
        assert_eq!(minutes.at(now)[MINUTES - 3..], [2, 3, 0]);
        assert_eq!(minutes.rate_milli(now), 5 * 1000 / 15);
        assert_eq!(minutes.at(now.plus(20 * MINUTE_MS)).iter().sum::<u32>(), 0);
    }
}
