//! A moment as decisions see it: the instant plus what the book's zone makes of it. Pure: the instant is given.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeZone, Timelike};
use chrono_tz::Tz;

use crate::model::time::{DAY_MS, DayNo, Millis};

/// An instant with its day, hour and weekday in the book's zone. Made once a transaction, not once a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    pub now: Millis,
    pub zone: Tz,
    pub day: DayNo,
    /// 0..23
    pub hour: u8,
    /// 1 = Monday .. 7
    pub weekday: u8,
    /// First instant of the next day in the zone.
    pub day_ends: Millis,
}

impl Moment {
    /// `now` seen from `zone`.
    #[must_use]
    pub fn at(zone: Tz, now: Millis) -> Moment {
        let (day, hour, weekday) = local(zone, now);
        Moment { now, zone, day, hour, weekday, day_ends: start_of_day(zone, DayNo(day.0.saturating_add(1))) }
    }

    /// Hour and weekday of another instant in the same zone.
    #[must_use]
    pub fn clock_of(&self, at: Millis) -> (u8, u8) {
        if at == self.now {
            return (self.hour, self.weekday);
        }
        let (_, hour, weekday) = local(self.zone, at);
        (hour, weekday)
    }

    /// Day of another instant in the same zone.
    #[must_use]
    pub fn day_of(&self, at: Millis) -> DayNo {
        local(self.zone, at).0
    }
}

/// Day, hour and weekday of `at` in `zone`.
fn local(zone: Tz, at: Millis) -> (DayNo, u8, u8) {
    // Instants outside chrono's range (262,000 years away) are shown as the epoch rather than refused.
    let utc = chrono::DateTime::from_timestamp_millis(at.0).unwrap_or_default();
    let here = utc.with_timezone(&zone);
    let days = here.date_naive().num_days_from_ce() - NaiveDate::default().num_days_from_ce();
    let hour = u8::try_from(here.hour()).unwrap_or(0);
    let weekday = u8::try_from(here.weekday().number_from_monday()).unwrap_or(1);
    (DayNo(days), hour, weekday)
}

/// First instant of `day` in `zone`; where midnight does not exist, the first valid instant after it.
#[must_use]
pub fn start_of_day(zone: Tz, day: DayNo) -> Millis {
    let fallback = Millis(i64::from(day.0).saturating_mul(DAY_MS));
    let Some(date) = NaiveDate::default().checked_add_signed(chrono::TimeDelta::days(i64::from(day.0)))
    else {
        return fallback;
    };
    date.and_hms_opt(0, 0, 0).and_then(|midnight| instant_of(zone, midnight)).unwrap_or(fallback)
}

/// The first instant at which the clocks of `zone` show `local`, or the one at which they skip it.
#[must_use]
pub fn instant_of(zone: Tz, local: NaiveDateTime) -> Option<Millis> {
    let shown = |at: NaiveDateTime| zone.from_local_datetime(&at).earliest().map(|t| t.timestamp_millis());
    if let Some(found) = shown(local) {
        return Some(Millis(found));
    }
    // Gaps are at most a few hours anywhere; step by a quarter of an hour to a time that exists, then halve the way back.
    let quarter = chrono::TimeDelta::minutes(15);
    let (steps, found) = (1..24).find_map(|n| Some((n, shown(local.checked_add_signed(quarter * n)?)?)))?;
    let (mut before, mut after) = (found - quarter.num_milliseconds() * i64::from(steps) - 1, found);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        let here = chrono::DateTime::from_timestamp_millis(middle)?.with_timezone(&zone).naive_local();
        if here >= local {
            after = middle;
        } else {
            before = middle;
        }
    }
    Some(Millis(after))
}

/// Whether `now` lies between the instants at which clocks first show `from` and `to`: an hour that comes twice opens
/// nothing a second time.
#[must_use]
pub fn is_between(zone: Tz, now: Millis, from: NaiveDateTime, to: NaiveDateTime) -> bool {
    let Some(utc) = chrono::DateTime::from_timestamp_millis(now.0) else { return false };
    let local = utc.with_timezone(&zone).naive_local();
    // No clock is turned by a day: far from both ends what it shows decides.
    let day = chrono::TimeDelta::days(1);
    if local < from - day || local > to + day {
        return false;
    }
    if local > from + day && local < to - day {
        return true;
    }
    let reached = |end| instant_of(zone, end).is_some_and(|at| at <= now);
    reached(from) && !reached(to)
}

/// Hour and weekday of `at` in `zone`.
#[must_use]
pub fn clock_in(zone: Tz, at: Millis) -> (u8, u8) {
    let (_, hour, weekday) = local(zone, at);
    (hour, weekday)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_local_midnight_also_where_midnight_is_skipped() {
        // 2026-11-11 12:00 in Shanghai (UTC+8): the day ends at 16:00Z.
        let noon = Millis(1_794_369_600_000);
        let moment = Moment::at(chrono_tz::Asia::Shanghai, noon);
        assert_eq!(noon.to_rfc3339(), "2026-11-11T04:00:00.000Z");
        assert_eq!((moment.hour, moment.weekday), (12, 3));
        assert_eq!(moment.day_ends.to_rfc3339(), "2026-11-11T16:00:00.000Z");
        // Beirut springs forward at midnight of 2026-03-29: the day starts at 01:00 local.
        let before = Millis(moment_ms("2026-03-28T12:00:00Z"));
        let beirut = Moment::at(chrono_tz::Asia::Beirut, before);
        assert_eq!(beirut.day_ends.to_rfc3339(), "2026-03-28T22:00:00.000Z");
    }

    fn moment_ms(text: &str) -> i64 {
        chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis()
    }

    #[test]
    fn a_time_that_is_skipped_is_the_moment_of_the_skip() {
        // New York, 2026-03-08: 02:00 is followed by 03:00.
        let local = |clock: &str| format!("2026-03-08T{clock}:00").parse().unwrap();
        for skipped in ["02:00", "02:10", "02:59"] {
            let at = instant_of(chrono_tz::America::New_York, local(skipped)).unwrap();
            assert_eq!(at.to_rfc3339(), "2026-03-08T07:00:00.000Z", "{skipped}");
        }
        let three = instant_of(chrono_tz::America::New_York, local("03:01")).unwrap();
        assert_eq!(three.to_rfc3339(), "2026-03-08T07:01:00.000Z");
    }

    #[test]
    fn days_are_counted_in_the_zone() {
        let late = Millis(moment_ms("2026-11-10T17:00:00Z"));
        let here = Moment::at(chrono_tz::Asia::Shanghai, late);
        let there = Moment::at(chrono_tz::UTC, late);
        assert_eq!(here.day.0, there.day.0 + 1);
    }
}
