//! Moments as the panes write them, in the desk's zone.

use crate::model::time::Millis;
use crate::world::Moment;

/// Day and hour in the desk's zone, short.
#[must_use]
pub fn day_and_hour(at: Millis, moment: &Moment) -> String {
    let here = chrono::DateTime::from_timestamp_millis(at.0).map(|t| t.with_timezone(&moment.zone));
    here.map_or_else(String::new, |t| t.format("%m-%d %H:%M").to_string())
}

/// Hour and minute in the desk's zone.
#[must_use]
pub fn hour_and_minute(at: Millis, moment: &Moment) -> String {
    let here = chrono::DateTime::from_timestamp_millis(at.0).map(|t| t.with_timezone(&moment.zone));
    here.map_or_else(String::new, |t| t.format("%H:%M").to_string())
}

/// Hour and minute, with the day in front unless it is today.
#[must_use]
pub fn short_moment(at: Millis, moment: &Moment) -> String {
    if moment.day_of(at) == moment.day { hour_and_minute(at, moment) } else { day_and_hour(at, moment) }
}
