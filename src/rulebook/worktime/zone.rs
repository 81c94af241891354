//! A zone as the list of its offsets, so that sums over decades need not ask the zone's rules again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{Offset, TimeZone};
use chrono_tz::Tz;

use crate::model::time::{DAY_MS, SECOND_MS};

/// First instant listed, 1970-01-01; earlier ones get the first offset.
const FROM_MS: i64 = 0;
/// Last instant listed, in 2100; later ones get the last offset.
const TO_MS: i64 = 131 * 366 * DAY_MS;
/// Changes nearer to each other than this may be overlooked; no zone had such since 1970.
const STEP_MS: i64 = 3 * DAY_MS;

/// From `from` on clocks show UTC plus `offset`, both in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Region {
    pub from: i64,
    pub offset: i64,
}

/// The offsets of one zone, by time; never empty.
#[derive(Debug)]
pub(super) struct Zone {
    pub regions: Vec<Region>,
}

impl Zone {
    /// The region of `at` and its place in the list.
    pub fn region(&self, at: i64) -> (usize, Region) {
        let index = self.regions.partition_point(|r| r.from <= at).saturating_sub(1);
        let utc = Region { from: FROM_MS, offset: 0 };
        (index, self.regions.get(index).copied().unwrap_or(utc))
    }
}

fn offset(zone: Tz, at: i64) -> i64 {
    let utc = chrono::DateTime::from_timestamp_millis(at).unwrap_or_default();
    i64::from(zone.offset_from_utc_datetime(&utc.naive_utc()).fix().local_minus_utc()) * SECOND_MS
}

fn list(zone: Tz) -> Zone {
    let mut regions = vec![Region { from: FROM_MS, offset: offset(zone, FROM_MS) }];
    let mut at = FROM_MS;
    while at < TO_MS {
        let next = at + STEP_MS;
        let (here, there) = (offset(zone, at), offset(zone, next));
        if here != there {
            let (mut low, mut high) = (at, next);
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                if offset(zone, middle) == here {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            regions.push(Region { from: high, offset: offset(zone, high) });
            at = high;
        } else {
            at = next;
        }
    }
    Zone { regions }
}

/// The list of `zone`, made once a process: it is the same for ever.
pub(super) fn table(zone: Tz) -> Arc<Zone> {
    static MADE: Mutex<BTreeMap<&'static str, Arc<Zone>>> = Mutex::new(BTreeMap::new());
    let mut made = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(made.entry(zone.name()).or_insert_with(|| Arc::new(list(zone))))
}
