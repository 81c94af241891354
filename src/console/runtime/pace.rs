//! When a frame may be drawn: a key's at once but not more often than every 8 ms, data's at most ten times a second.

use crate::console::model::Dirty;

const KEY_GAP_MS: u64 = 8;
const DATA_GAP_MS: u64 = 100;
/// Long enough to mean "until something happens"; the clock's tick always comes first.
const FOREVER_MS: u64 = 3_600_000;

/// The time of the last frame, in milliseconds of the loop.
#[derive(Debug, Default)]
pub(super) struct Pace {
    last_ms: Option<u64>,
}

impl Pace {
    /// Milliseconds until a frame is due; none is due of a clean model.
    pub(super) fn wait_ms(&self, dirty: Dirty, now_ms: u64) -> u64 {
        let gap = match dirty {
            Dirty::Clean => return FOREVER_MS,
            Dirty::Data => DATA_GAP_MS,
            Dirty::Key => KEY_GAP_MS,
        };
        self.last_ms.map_or(0, |last| (last + gap).saturating_sub(now_ms))
    }

    pub(super) fn is_due(&self, dirty: Dirty, now_ms: u64) -> bool {
        self.wait_ms(dirty, now_ms) == 0
    }

    pub(super) fn drawn(&mut self, now_ms: u64) {
        self.last_ms = Some(now_ms);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_quick_and_data_waits() {
        let mut pace = Pace::default();
        assert!(pace.is_due(Dirty::Data, 0), "the first frame is at once");
        pace.drawn(1_000);
        assert_eq!(pace.wait_ms(Dirty::Key, 1_003), 5);
        assert_eq!(pace.wait_ms(Dirty::Data, 1_003), 97);
        assert!(pace.is_due(Dirty::Key, 1_008));
        assert!(!pace.is_due(Dirty::Clean, 9_999));
    }
}
