//! Working-time arithmetic: is somebody at work, when do they come, how much working time lies between two instants.
//!
//! Closed form: sums over weeks, special days and changes of the zone's offset are made once, and every question is a few
//! look-ups in them, whether it spans a minute or ten years. What the clocks on the wall show decides: an hour that the
//! zone skips is worked by nobody, one that comes twice is worked twice. Knows no rep and no lead.

mod pieces;
mod plan;
mod zone;

use std::sync::Arc;

use self::pieces::Piece;
use self::plan::Plans;
use self::zone::Zone;
use super::book::{Book, Calendar, Target, WorkHours};
use crate::model::time::{DAY_MS, Millis};

/// Instants are taken within this many milliseconds of 1970 (34,000 years), so that no sum can overflow.
const INSTANT_MAX_MS: i64 = 1 << 50;
/// Farthest a question looks ahead, in milliseconds (270 years): what lies beyond never comes.
const AHEAD_MAX_MS: i64 = 1 << 43;

/// The working time of a desk, a team or a rep. Cheap to copy; equal hours need not be equal values.
#[derive(Debug, Clone, Default)]
pub struct WorkTime {
    /// `None` = always at work.
    table: Option<Arc<Table>>,
    /// Stretches of time for which other hours hold, ascending and apart.
    pieces: Option<Arc<[Piece]>>,
}

#[derive(Debug)]
struct Table {
    zone: Arc<Zone>,
    plans: Plans,
    /// Working milliseconds from the first region's start to each region's start.
    before: Vec<i64>,
}

impl WorkTime {
    /// Every hour is a working hour.
    #[must_use]
    pub fn always() -> WorkTime {
        WorkTime::default()
    }

    /// The hours of the desk: `workdays` lines, or always when there are none.
    #[must_use]
    pub fn of_desk(book: &Book) -> WorkTime {
        let lines: Vec<&WorkHours> = book.calendar.hours.iter().collect();
        WorkTime::of_lines(book.zone, &lines, &book.calendar)
    }

    /// The hours of whomever `is_theirs` says a line belongs to; `None` when no line does.
    #[must_use]
    pub fn of_own(book: &Book, mut is_theirs: impl FnMut(&Target) -> bool) -> Option<WorkTime> {
        let own = book.calendar.own.iter().filter(|own| is_theirs(&own.whose));
        let lines: Vec<&WorkHours> = own.map(|own| &own.hours).collect();
        (!lines.is_empty()).then(|| WorkTime::of_lines(book.zone, &lines, &book.calendar))
    }

    /// The hours that `lines` add up to under the holidays and make-up workdays of `calendar`.
    #[must_use]
    pub fn of_lines(zone: chrono_tz::Tz, lines: &[&WorkHours], calendar: &Calendar) -> WorkTime {
        if lines.is_empty() {
            return WorkTime::always();
        }
        let zone = zone::table(zone);
        let plans = Plans::of(lines, calendar);
        let mut before = vec![0];
        for region in zone.regions.windows(2) {
            let [here, next] = region else { continue };
            let worked = plans.total(next.from + here.offset) - plans.total(here.from + here.offset);
            before.push(before.last().copied().unwrap_or(0) + worked);
        }
        WorkTime { table: Some(Arc::new(Table { zone, plans, before })), pieces: None }
    }

    /// Whether every hour is a working hour because no hours were given.
    #[must_use]
    pub fn is_always(&self) -> bool {
        self.table.is_none() && self.pieces.is_none()
    }

    /// Whether breaks leave no weekday any working time.
    #[must_use]
    pub fn is_never(&self) -> bool {
        self.table.as_ref().is_some_and(|t| t.plans.is_never())
    }

    /// What one working day holds, in milliseconds: the mean of a week's, so that a week of them is a week; 24 hours when every
    /// hour is worked. `None` when no weekday has any working time.
    #[must_use]
    pub fn day_ms(&self) -> Option<i64> {
        self.table.as_ref().map_or(Some(DAY_MS), |table| table.plans.day_ms())
    }

    /// Whether `at` is working time.
    #[must_use]
    pub fn is_working(&self, at: Millis) -> bool {
        if let Some(pieces) = &self.pieces {
            return self.within(pieces, at).0.is_working(at);
        }
        let Some(table) = &self.table else { return true };
        let at = bound(at);
        table.plans.is_working(at + table.zone.region(at).1.offset)
    }

    /// Working milliseconds from `from` to `to`; 0 when `to` is not after `from`.
    #[must_use]
    pub fn working_ms_between(&self, from: Millis, to: Millis) -> i64 {
        if let Some(pieces) = &self.pieces {
            return self.pieced_ms_between(pieces, from, to);
        }
        match &self.table {
            None => to.since(from),
            Some(_) if to <= from => 0,
            Some(table) => table.total(bound(to)) - table.total(bound(from)),
        }
    }

    /// The first instant by which `ms` of working time have passed since `at`; `at` itself for 0 or less, the end of time
    /// when they never do.
    #[must_use]
    pub fn add_working_ms(&self, at: Millis, ms: i64) -> Millis {
        if let Some(pieces) = &self.pieces {
            return self.add_pieced_ms(pieces, at, ms);
        }
        let Some(table) = &self.table else { return at.plus(ms.max(0)) };
        if ms <= 0 {
            return at;
        }
        let from = bound(at);
        // Mostly the shift of the moment is long enough.
        let (_, region) = table.zone.region(from);
        if table.plans.works_on(from + region.offset, ms) && table.zone.region(from + ms).1 == region {
            return Millis(from + ms);
        }
        let base = table.total(from);
        first(from, ms, |t| table.total(t) - base >= ms)
    }

    /// The first working instant at or after `at`; `None` when there never is one again.
    #[must_use]
    pub fn next_open(&self, at: Millis) -> Option<Millis> {
        if self.is_working(at) {
            return Some(at);
        }
        // One millisecond after the opening exactly one has been worked.
        let after = self.add_working_ms(at, 1);
        (after.0 < i64::MAX).then(|| after.plus(-1))
    }

    /// The first instant at or after `at` that is no working time; `None` when there never is one.
    #[must_use]
    pub fn next_close(&self, at: Millis) -> Option<Millis> {
        if let Some(pieces) = &self.pieces {
            return self.pieced_close(pieces, at);
        }
        let table = self.table.as_ref()?;
        if !self.is_working(at) {
            return Some(at);
        }
        let from = bound(at);
        let base = table.total(from);
        let after = first(from, 1, |t| (t - from) - (table.total(t) - base) >= 1);
        (after.0 < i64::MAX).then(|| after.plus(-1))
    }

    /// Whether `at` is working time, and the first instant after it at which that changes.
    #[must_use]
    pub fn spell(&self, at: Millis) -> (bool, Millis) {
        let open = self.is_working(at);
        let until = if open { self.next_close(at) } else { self.next_open(at) };
        (open, until.unwrap_or(Millis(i64::MAX)))
    }
}

impl Table {
    /// Working milliseconds from the start of the first region to `at`; grows with `at`.
    fn total(&self, at: i64) -> i64 {
        let (index, region) = self.zone.region(at);
        let here = self.plans.total(at + region.offset) - self.plans.total(region.from + region.offset);
        self.before.get(index).copied().unwrap_or(0) + here
    }
}

fn bound(at: Millis) -> i64 {
    at.0.clamp(-INSTANT_MAX_MS, INSTANT_MAX_MS)
}

/// The first instant after `from` for which `reached` holds, `reached` being false until then and true ever after. Looks
/// `step` ahead, then twice as far, and so on, and halves what lies between.
fn first(from: i64, step: i64, reached: impl Fn(i64) -> bool) -> Millis {
    let mut step = step.clamp(1, DAY_MS);
    let mut low = from;
    let mut high = from + step;
    while !reached(high) {
        if high - from > AHEAD_MAX_MS {
            return Millis(i64::MAX);
        }
        step *= 2;
        low = high;
        high += step;
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if reached(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Millis(high)
}

#[cfg(test)]
mod tests;
