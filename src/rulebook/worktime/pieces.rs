//! Hours that hold for a stretch of time only, laid over ordinary ones. Every question is put to the hours of each stretch
//! in turn; there are few of them, and none in a book without promotions.

use std::sync::Arc;

use super::WorkTime;
use crate::model::time::Millis;

/// Other hours from an instant (inclusive) until another (exclusive).
#[derive(Debug, Clone)]
pub(super) struct Piece {
    from: Millis,
    until: Millis,
    time: WorkTime,
}

const NEVER: Millis = Millis(i64::MAX);

impl WorkTime {
    /// These hours, but others for each of `pieces`: (from, until, hours), ascending and apart. Empty stretches are left out.
    #[must_use]
    pub fn with_pieces(&self, pieces: impl IntoIterator<Item = (Millis, Millis, WorkTime)>) -> WorkTime {
        let pieces: Arc<[Piece]> = pieces
            .into_iter()
            .filter(|(from, until, _)| from < until)
            .map(|(from, until, time)| Piece { from, until, time })
            .collect();
        debug_assert!(pieces.windows(2).all(|w| matches!(w, [a, b] if a.until <= b.from)), "ascending");
        WorkTime { table: self.table.clone(), pieces: (!pieces.is_empty()).then_some(pieces) }
    }

    fn base(&self) -> WorkTime {
        WorkTime { table: self.table.clone(), pieces: None }
    }

    /// The hours that hold at `at`, and until when they do.
    pub(super) fn within(&self, pieces: &[Piece], at: Millis) -> (WorkTime, Millis) {
        let next = pieces.partition_point(|p| p.from <= at);
        let here = next.checked_sub(1).and_then(|i| pieces.get(i)).filter(|p| at < p.until);
        match here {
            Some(piece) => (piece.time.clone(), piece.until),
            None => (self.base(), pieces.get(next).map_or(NEVER, |p| p.from)),
        }
    }

    pub(super) fn pieced_ms_between(&self, pieces: &[Piece], from: Millis, to: Millis) -> i64 {
        let (mut at, mut sum) = (from, 0);
        while at < to {
            let (time, until) = self.within(pieces, at);
            sum += time.working_ms_between(at, until.min(to));
            at = until;
        }
        sum
    }

    pub(super) fn add_pieced_ms(&self, pieces: &[Piece], at: Millis, ms: i64) -> Millis {
        let (mut at, mut left) = (at, ms);
        if left <= 0 {
            return at;
        }
        loop {
            let (time, until) = self.within(pieces, at);
            let here = if until == NEVER { i64::MAX } else { time.working_ms_between(at, until) };
            if here >= left {
                return time.add_working_ms(at, left);
            }
            left -= here;
            at = until;
        }
    }

    pub(super) fn pieced_close(&self, pieces: &[Piece], at: Millis) -> Option<Millis> {
        let mut at = at;
        loop {
            let (time, until) = self.within(pieces, at);
            match time.next_close(at) {
                Some(close) if close < until => return Some(close),
                _ if until == NEVER => return None,
                _ => at = until,
            }
        }
    }
}
