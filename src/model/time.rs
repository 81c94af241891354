//! Time as the log keeps it: UTC milliseconds and day numbers. Nothing here reads a clock.

use serde::{Deserialize, Serialize};

/// One second in milliseconds.
pub const SECOND_MS: i64 = 1_000;
/// One minute in milliseconds.
pub const MINUTE_MS: i64 = 60 * SECOND_MS;
/// One hour in milliseconds.
pub const HOUR_MS: i64 = 60 * MINUTE_MS;
/// One day of 24 hours in milliseconds; a local day may be 23 or 25 hours long.
pub const DAY_MS: i64 = 24 * HOUR_MS;

/// A moment: milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    /// Milliseconds from `earlier` to `self`; 0 when the clock went back in between.
    #[must_use]
    pub fn since(self, earlier: Millis) -> i64 {
        self.0.saturating_sub(earlier.0).max(0)
    }

    /// `self` moved by `ms`, saturating.
    #[must_use]
    pub fn plus(self, ms: i64) -> Millis {
        Millis(self.0.saturating_add(ms))
    }

    /// RFC 3339 in UTC with milliseconds, e.g. `2026-11-11T04:00:00.000Z`.
    #[must_use]
    pub fn to_rfc3339(self) -> String {
        chrono::DateTime::from_timestamp_millis(self.0).map_or_else(
            || format!("{} ms", self.0),
            |t| t.to_rfc3339_opts(chrono::SecondsFormat::Millis, true),
        )
    }
}

/// A calendar day in the book's zone: days since 1970-01-01 there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DayNo(pub i32);

impl DayNo {
    /// The date, e.g. `2026-11-23`.
    #[must_use]
    pub fn to_date_text(self) -> String {
        let date =
            chrono::NaiveDate::default().checked_add_signed(chrono::TimeDelta::days(i64::from(self.0)));
        date.map_or_else(|| self.0.to_string(), |d| d.format("%Y-%m-%d").to_string())
    }
}
