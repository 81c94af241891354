//! Arrivals by source: how many in each hour of the last eight weeks, when the last one came, how long gaps were, and how
//! often key fields were empty. Live arrivals only: a file that is imported is no news of a source.
//!
//! Hours are UTC's: a slot is the same hour of the same weekday, and where clocks change twice a year the slots of some weeks
//! lie one hour off.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::fixed::{ONE, ratio};
use super::SourceNo;
use crate::model::lead::Attrs;
use crate::model::time::{DAY_MS, HOUR_MS, MINUTE_MS, Millis};

/// Hours in a week.
pub const WEEK_HOURS: i64 = 168;
/// Weeks of which every hour is remembered, the present one included.
pub const WEEKS: i64 = 9;
/// Whole weeks of history a baseline needs.
pub const WEEKS_MIN: i64 = 3;
/// Length of a slice of the last day, in milliseconds.
const SLICE_MS: i64 = 5 * MINUTE_MS;
/// Slices remembered: a day and one.
const SLICES: i64 = DAY_MS / SLICE_MS + 1;
/// Gaps longer than this, in milliseconds, are no gaps: the source was gone.
const GAP_MAX_MS: i64 = 14 * DAY_MS;
/// Leads of a source within this of the one before, in milliseconds, are one clump: what makes one come makes more come.
const CLUMP_MS: i64 = 3 * MINUTE_MS;
/// Leads of which each field is remembered one by one.
pub const RECENT: u32 = 64;
/// History beyond this many leads is halved, so that last year does not outvote last month.
const HISTORY_MAX: u32 = 2_000;

/// Fields whose absence makes a lead hard to hand out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum KeyField {
    /// Neither phone nor mail.
    Contact,
    Region,
    Product,
    Campaign,
}

impl KeyField {
    /// Every field, by its place in the sums.
    pub const ALL: [KeyField; 4] = [Self::Contact, Self::Region, Self::Product, Self::Campaign];

    fn is_empty(self, attrs: &Attrs) -> bool {
        match self {
            Self::Contact => !attrs.has_phone && !attrs.has_email,
            Self::Region => attrs.region.is_empty(),
            Self::Product => attrs.product.is_empty(),
            Self::Campaign => attrs.campaign.is_empty(),
        }
    }
}

/// How often a field was empty: the last leads one by one, those before as sums.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Empties {
    /// Newest in the lowest bit.
    recent: u64,
    count: u32,
    before: (u32, u32),
}

impl Empties {
    fn push(&mut self, empty: bool) {
        if self.count == RECENT {
            let oldest = u32::from(self.recent >> (RECENT - 1) & 1 == 1);
            self.before = (self.before.0 + oldest, self.before.1 + 1);
            if self.before.1 > HISTORY_MAX {
                self.before = (self.before.0 / 2, self.before.1 / 2);
            }
        } else {
            self.count += 1;
        }
        self.recent = self.recent << 1 | u64::from(empty);
    }

    /// Empty ones of the last `n` leads.
    #[must_use]
    pub fn of_last(&self, n: u32) -> u32 {
        let mask = if n >= 64 { u64::MAX } else { (1 << n) - 1 };
        (self.recent & mask).count_ones()
    }

    /// Leads remembered one by one.
    #[must_use]
    pub fn recent(&self) -> u32 {
        self.count
    }

    /// Empty ones and all leads before the last `n`.
    #[must_use]
    pub fn before_last(&self, n: u32) -> (u32, u32) {
        let n = n.min(self.count);
        let here = (self.of_last(self.count) - self.of_last(n), self.count - n);
        (self.before.0 + here.0, self.before.1 + here.1)
    }
}

/// How many times the dispersion of hours that of days is where days go their own way: by chance it is twice one time in a
/// hundred over four weeks.
const DAYS_APART: i64 = 2;

/// By what arrivals are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Leads, each.
    Leads,
    /// Clumps of leads, each once.
    Clumps,
}

/// One source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SourceSum {
    pub first: Millis,
    pub last: Millis,
    pub arrivals: u64,
    /// Arrivals by hour, a ring of [`WEEKS`]; the hour of `hour` is the newest.
    hours: Vec<u16>,
    /// The same of clumps.
    clumps: Vec<u16>,
    hour: i64,
    /// Arrivals of the last day by slices, likewise.
    slices: Vec<u16>,
    slice: i64,
    /// Gaps between arrivals, by quarter octaves of the leads to be expected meanwhile, in thousandths.
    gaps: BTreeMap<u16, u32>,
    pub empties: [Empties; 4],
}

fn ring_place(no: i64, len: i64) -> usize {
    usize::try_from(no.rem_euclid(len)).unwrap_or(0)
}

/// Moves a ring's newest place to `to` and clears what lies between.
fn advance(ring: &mut Vec<u16>, len: i64, newest: &mut i64, to: i64) {
    if ring.is_empty() {
        ring.resize(usize::try_from(len).unwrap_or(0), 0);
        *newest = to;
    }
    for no in (*newest + 1..=to).rev().take(ring.len()) {
        ring[ring_place(no, len)] = 0;
    }
    *newest = (*newest).max(to);
}

/// The class of a gap: quarter octaves of thousandths of a lead.
fn gap_class(micro: i64) -> u16 {
    let milli = u64::try_from(micro / 1000).unwrap_or(0).max(1);
    let octave = 63 - milli.leading_zeros();
    let quarter = if octave >= 2 { (milli >> (octave - 2)) & 3 } else { 0 };
    u16::try_from(u64::from(octave) * 4 + quarter).unwrap_or(u16::MAX)
}

/// The longest gap of a class, in millionths of a lead.
fn class_end(class: u16) -> i64 {
    let (octave, quarter) = (u32::from(class / 4).min(40), i64::from(class % 4));
    let end = if octave >= 2 { (5 + quarter) << (octave - 2) } else { 2 << octave };
    end * 1000
}

impl SourceSum {
    fn arrived(&mut self, at: Millis, attrs: &Attrs) {
        let begins = self.arrivals == 0 || at.since(self.last) > CLUMP_MS;
        if self.arrivals == 0 {
            self.first = at;
        } else {
            let weeks = self.weeks(at);
            if weeks > 0 && at.since(self.last) <= GAP_MAX_MS {
                let gap = gap_class(self.usual_between(self.last, at, weeks));
                *self.gaps.entry(gap).or_default() += 1;
            }
        }
        self.last = at;
        self.arrivals += 1;
        let hour = at.0.div_euclid(HOUR_MS);
        let mut newest = self.hour;
        advance(&mut self.clumps, WEEK_HOURS * WEEKS, &mut newest, hour);
        advance(&mut self.hours, WEEK_HOURS * WEEKS, &mut self.hour, hour);
        let slice = at.0.div_euclid(SLICE_MS);
        advance(&mut self.slices, SLICES, &mut self.slice, slice);
        if let Some(count) = self.clumps.get_mut(ring_place(hour, WEEK_HOURS * WEEKS)).filter(|_| begins) {
            *count = count.saturating_add(1);
        }
        let places = [
            self.hours.get_mut(ring_place(hour, WEEK_HOURS * WEEKS)),
            self.slices.get_mut(ring_place(slice, SLICES)),
        ];
        for count in places.into_iter().flatten() {
            *count = count.saturating_add(1);
        }
        for (field, sums) in KeyField::ALL.into_iter().zip(&mut self.empties) {
            sums.push(field.is_empty(attrs));
        }
    }

    /// Arrivals in the hour of number `hour`; none where it is not remembered.
    #[must_use]
    pub fn in_hour(&self, hour: i64, by: By) -> i64 {
        let len = WEEK_HOURS * WEEKS;
        let known = hour <= self.hour && hour > self.hour - len;
        let counts = if by == By::Leads { &self.hours } else { &self.clumps };
        if known { counts.get(ring_place(hour, len)).copied().map_or(0, i64::from) } else { 0 }
    }

    /// Arrivals within the last `ms` before `now`, by whole slices; at most a day.
    #[must_use]
    pub fn within(&self, now: Millis, ms: i64) -> i64 {
        let newest = now.0.div_euclid(SLICE_MS);
        let first = newest - (ms / SLICE_MS).clamp(1, SLICES - 1) + 1;
        let known = |no: &i64| *no <= self.slice && *no > self.slice - SLICES;
        let count = |no: i64| self.slices.get(ring_place(no, SLICES)).copied().map_or(0, i64::from);
        (first..=newest).filter(known).map(count).sum()
    }

    /// Whole weeks between the first arrival and `now`, as far as they are remembered.
    #[must_use]
    pub fn weeks(&self, now: Millis) -> i64 {
        (now.since(self.first) / (WEEK_HOURS * HOUR_MS)).min(WEEKS - 1)
    }

    /// What is usual in the hour of number `hour`, in millionths of a lead: the mean of that hour and its neighbours in the
    /// weeks before, the middle one counting twice.
    #[must_use]
    pub fn usual(&self, hour: i64, weeks: i64, by: By) -> i64 {
        let sum: i64 = (1..=weeks)
            .map(|week| {
                let same = hour - week * WEEK_HOURS;
                self.in_hour(same - 1, by) + 2 * self.in_hour(same, by) + self.in_hour(same + 1, by)
            })
            .sum();
        ratio(sum, 4 * weeks.max(1))
    }

    /// What is usual between two moments, in millionths of a lead.
    #[must_use]
    pub fn usual_between(&self, from: Millis, to: Millis, weeks: i64) -> i64 {
        self.usual_where(from, to, weeks, By::Leads, &|_| true)
    }

    /// The same, of those parts of hours alone whose middle `counts`.
    #[must_use]
    pub fn usual_where(
        &self,
        from: Millis,
        to: Millis,
        weeks: i64,
        by: By,
        counts: &dyn Fn(Millis) -> bool,
    ) -> i64 {
        let (first, last) = (from.0.div_euclid(HOUR_MS), to.0.div_euclid(HOUR_MS));
        let of = |hour: i64| {
            let (begin, end) = (from.0.max(hour * HOUR_MS), to.0.min((hour + 1) * HOUR_MS));
            if end <= begin || !counts(Millis(begin + (end - begin) / 2)) {
                return 0;
            }
            let whole = i128::from(self.usual(hour, weeks, by)) * i128::from(end - begin);
            i64::try_from(whole / i128::from(HOUR_MS)).unwrap_or(i64::MAX)
        };
        (first..=last).map(of).sum()
    }

    /// Variance ÷ mean of hourly arrivals around what is usual, over the whole weeks before `at`, in millionths. Clumps make
    /// it large. Where whole days go their own way that of days is much larger, and is meant for whatever lasts for `long`.
    #[must_use]
    pub fn dispersion(&self, at: Millis, by: By, long: bool) -> i64 {
        let hours = self.dispersion_of(at, by, 1);
        let days = if long { self.dispersion_of(at, by, 24) } else { 0 };
        // Of independent hours both are the same, but a few days say so less exactly.
        if days > DAYS_APART.saturating_mul(hours) { days } else { hours }
    }

    /// The same of stretches of `hours`.
    fn dispersion_of(&self, at: Millis, by: By, hours: i64) -> i64 {
        let (weeks, end) = (self.weeks(at), at.0.div_euclid(HOUR_MS));
        let (mut square, mut mean) = (0_i128, 0_i128);
        for slot in 0..WEEK_HOURS / hours {
            let seen = |week: i64| {
                let to = end - slot * hours - week * WEEK_HOURS;
                (to - hours..to).map(|hour| self.in_hour(hour, by)).sum::<i64>()
            };
            let usual = (0..weeks).map(seen).sum::<i64>();
            for week in 0..weeks {
                let off = i128::from(seen(week) * weeks - usual);
                square += off * off;
            }
            mean += i128::from(usual);
        }
        if mean == 0 || weeks < 2 {
            return ONE;
        }
        // Σ(x − m)² ÷ (w − 1) ÷ Σm, with x and m both multiplied by w.
        let w = i128::from(weeks);
        let of = square * i128::from(ONE) / (w * w * (w - 1)).max(1) * w / mean.max(1);
        i64::try_from(of).unwrap_or(i64::MAX).max(ONE)
    }

    /// The gap that 995 of a thousand did not exceed, in millionths of the leads to be expected meanwhile; 0 without any.
    #[must_use]
    pub fn longest_usual_gap(&self) -> i64 {
        let total: u64 = self.gaps.values().map(|n| u64::from(*n)).sum();
        let mut left = total.saturating_sub(1) * 995 / 1000 + 1;
        for (class, n) in &self.gaps {
            left = left.saturating_sub(u64::from(*n));
            if left == 0 {
                return class_end(*class);
            }
        }
        0
    }
}

/// Every followed source.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sources(Vec<SourceSum>);

impl Sources {
    pub(super) fn arrived(&mut self, source: SourceNo, at: Millis, attrs: &Attrs) {
        let place = usize::from(source);
        if self.0.len() <= place {
            self.0.resize(place + 1, SourceSum::default());
        }
        if let Some(sum) = self.0.get_mut(place) {
            sum.arrived(at, attrs);
        }
    }

    /// Each followed source that ever sent a live lead.
    pub fn iter(&self) -> impl Iterator<Item = (SourceNo, &SourceSum)> {
        (0..).zip(&self.0).filter(|(_, sum)| sum.arrivals > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hourly(per_hour: impl Fn(i64) -> i64, hours: i64) -> SourceSum {
        let mut sum = SourceSum::default();
        for hour in 0..hours {
            let n = per_hour(hour);
            for k in 0..n {
                sum.arrived(Millis(hour * HOUR_MS + k * (HOUR_MS / n.max(1))), &Attrs::default());
            }
        }
        sum
    }

    #[test]
    fn what_is_usual_is_the_same_hour_of_other_weeks() {
        let office = |hour: i64| if hour % 24 >= 9 && hour % 24 < 18 { 4 } else { 0 };
        let sum = hourly(office, 4 * WEEK_HOURS);
        let now = Millis(4 * WEEK_HOURS * HOUR_MS);
        assert_eq!(sum.weeks(now), 4 - 1, "the first lead came at nine");
        assert_eq!(sum.usual(4 * WEEK_HOURS + 12, 3, By::Leads), 4 * ONE);
        assert_eq!(sum.usual(4 * WEEK_HOURS + 3, 3, By::Leads), 0);
        assert_eq!(sum.dispersion(now, By::Leads, false), ONE, "each week is like the others");
        // Begun in the middle of a week, a source has nothing in the first half of that: no week that was so quiet.
        let begun = hourly(|hour| if hour < 90 { 0 } else { office(hour) }, 4 * WEEK_HOURS);
        assert_eq!(begun.dispersion(now, By::Leads, true), ONE);
        let clumped = hourly(|hour| if (hour / 9 + hour / 168) % 5 == 0 { 10 } else { 0 }, 5 * WEEK_HOURS);
        assert!(clumped.dispersion(Millis(5 * WEEK_HOURS * HOUR_MS), By::Leads, false) > 4 * ONE);
    }

    #[test]
    fn days_that_go_their_own_way_waver_more_than_their_hours() {
        let now = Millis(6 * WEEK_HOURS * HOUR_MS);
        // Hours of a day are alike: two on most days, nine on some that no week repeats.
        let of_day = |hour: i64| if (hour / 24 * 5 + hour / 168) % 11 < 3 { 9 } else { 2 };
        let days = hourly(of_day, 6 * WEEK_HOURS);
        let [short, long] = [false, true].map(|long| days.dispersion(now, By::Leads, long));
        assert!(long > 10 * short, "{long} {short}");
        // The same hours in disorder: the sums of days say nothing more.
        let mixed = hourly(|hour| of_day(hour * 24 % (1000 * 7 + 1)), 6 * WEEK_HOURS);
        let [short, long] = [false, true].map(|long| mixed.dispersion(now, By::Leads, long));
        assert_eq!(long, short);
    }

    #[test]
    fn leads_that_come_together_are_one_clump() {
        let mut sum = SourceSum::default();
        for minute in [0, 1, 3, 5, 30, 31, 40] {
            sum.arrived(Millis(minute * MINUTE_MS), &Attrs::default());
        }
        assert_eq!((sum.in_hour(0, By::Leads), sum.in_hour(0, By::Clumps)), (7, 3));
    }

    #[test]
    fn the_last_hour_and_gaps_are_known() {
        let sum = hourly(|_| 2, 3 * WEEK_HOURS);
        let now = Millis(3 * WEEK_HOURS * HOUR_MS - 1);
        assert_eq!(sum.within(now, HOUR_MS), 2);
        assert_eq!(sum.within(now, 4 * HOUR_MS), 8);
        assert_eq!(sum.within(now.plus(3 * DAY_MS), HOUR_MS), 0);
        let longest = sum.longest_usual_gap();
        assert!((ONE..ONE * 5 / 4).contains(&longest), "{longest}");
        let next = now.plus(1);
        assert_eq!(sum.usual_between(next, next.plus(10 * HOUR_MS), 2), 20 * ONE);
    }

    #[test]
    fn empty_fields_move_from_recent_to_history() {
        let mut empties = Empties::default();
        for lead in 0..200 {
            empties.push(lead >= 180);
        }
        assert_eq!((empties.of_last(20), empties.of_last(64)), (20, 20));
        assert_eq!(empties.before_last(20), (0, 180));
        assert_eq!(empties.before_last(10), (10, 190));
    }
}
