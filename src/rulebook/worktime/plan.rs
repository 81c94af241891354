//! Which milliseconds of which local day are worked, and how many up to any local time. Days here are days of the clock on
//! the wall, 24 hours long; what a zone skips or repeats is the caller's affair.

use chrono::{Datelike, NaiveDate};

use super::super::book::{Calendar, Days, TimeSpan, WorkHours};
use crate::model::time::{DAY_MS, MINUTE_MS};

const DAY_MINUTES: i64 = 1440;
/// 1970-01-05, the Monday from which weeks are counted, in days since 1970-01-01.
const MONDAY: i64 = 4;
/// Special days looked at; a calendar with more is a text made to hurt.
const SPECIAL_DAYS_MAX: usize = 20_000;

/// The worked spans of one local day in milliseconds, ascending, apart from each other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct Plan(Vec<(i64, i64)>);

impl Plan {
    fn total(&self) -> i64 {
        self.0.iter().map(|(from, to)| to - from).sum()
    }

    /// Worked milliseconds before `at`.
    fn before(&self, at: i64) -> i64 {
        self.0.iter().map(|(from, to)| (at.min(*to) - from).max(0)).sum()
    }

    fn span_at(&self, at: i64) -> Option<(i64, i64)> {
        self.0.iter().find(|(from, to)| *from <= at && at < *to).copied()
    }
}

/// A day that does not go by its weekday, and what the special days up to it add to the sum of weeks.
#[derive(Debug)]
struct Special {
    day: i64,
    plan: Plan,
    adds: i64,
}

/// All days.
#[derive(Debug)]
pub(super) struct Plans {
    /// Monday first.
    week: [Plan; 7],
    /// Sums of the week before each weekday.
    before: [i64; 7],
    week_total: i64,
    /// Weekdays on which a shift begins.
    shift_days: i64,
    /// Ascending by day.
    special: Vec<Special>,
}

impl Plans {
    pub fn of(lines: &[&WorkHours], calendar: &Calendar) -> Plans {
        let rota = Rota { lines, first: lines.iter().flat_map(|l| &l.days).min().copied().unwrap_or(1) };
        let week: [Plan; 7] = std::array::from_fn(|i| {
            let day = MONDAY + 7 + i as i64;
            joined(&rota.shifts(day, Kind::Ordinary), &rota.shifts(day - 1, Kind::Ordinary))
        });
        let begins = |i: &i64| !rota.shifts(MONDAY + 7 + i, Kind::Ordinary).is_empty();
        let shift_days = (0..7).filter(begins).count() as i64;
        let mut before = [0; 7];
        let mut sum = 0;
        for (slot, plan) in before.iter_mut().zip(&week) {
            *slot = sum;
            sum += plan.total();
        }
        let (holidays, workdays) = (Ranges::of(&calendar.holidays), Ranges::of(&calendar.workdays));
        let kind = |day: i64| match (workdays.has(day), holidays.has(day)) {
            (true, _) => Kind::MakeUp,
            (false, true) => Kind::Holiday,
            (false, false) => Kind::Ordinary,
        };
        // A night shift that does not begin leaves its mark on the day after.
        let mut days: Vec<i64> =
            holidays.days().chain(workdays.days()).take(SPECIAL_DAYS_MAX).flat_map(|d| [d, d + 1]).collect();
        days.sort_unstable();
        days.dedup();
        let mut adds = 0;
        let special = days
            .into_iter()
            .map(|day| {
                let plan = joined(&rota.shifts(day, kind(day)), &rota.shifts(day - 1, kind(day - 1)));
                adds += plan.total() - week.get(weekday(day)).map_or(0, Plan::total);
                Special { day, plan, adds }
            })
            .collect();
        Plans { week, before, week_total: sum, shift_days, special }
    }

    pub fn is_never(&self) -> bool {
        self.week_total == 0
    }

    pub fn day_ms(&self) -> Option<i64> {
        (self.week_total > 0).then(|| self.week_total / self.shift_days.max(1))
    }

    /// The plan of `day` and what special days before it add.
    fn day(&self, day: i64) -> (Option<&Plan>, i64) {
        let index = self.special.partition_point(|s| s.day < day);
        let adds = index.checked_sub(1).and_then(|i| self.special.get(i)).map_or(0, |s| s.adds);
        let special = self.special.get(index).filter(|s| s.day == day);
        (special.map(|s| &s.plan).or_else(|| self.week.get(weekday(day))), adds)
    }

    /// Worked milliseconds of local time up to `local`, counted from a fixed Monday; grows with `local`.
    pub fn total(&self, local: i64) -> i64 {
        let (day, at) = (local.div_euclid(DAY_MS), local.rem_euclid(DAY_MS));
        let (plan, adds) = self.day(day);
        let weeks = (day - MONDAY).div_euclid(7) * self.week_total;
        let days = self.before.get(weekday(day)).copied().unwrap_or(0);
        weeks + days + adds + plan.map_or(0, |p| p.before(at))
    }

    pub fn is_working(&self, local: i64) -> bool {
        self.works_on(local, 1)
    }

    /// Whether the `ms` that follow `local` are all worked within one span of its day.
    pub fn works_on(&self, local: i64, ms: i64) -> bool {
        let at = local.rem_euclid(DAY_MS);
        let (plan, _) = self.day(local.div_euclid(DAY_MS));
        plan.and_then(|p| p.span_at(at)).is_some_and(|(_, to)| ms <= to - at)
    }
}

/// 0 = Monday.
fn weekday(day: i64) -> usize {
    usize::try_from((day - MONDAY).rem_euclid(7)).unwrap_or(0)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Ordinary,
    Holiday,
    MakeUp,
}

struct Rota<'a> {
    lines: &'a [&'a WorkHours],
    /// The first weekday with hours: what a make-up day goes by when its own weekday has none.
    first: u8,
}

impl Rota<'_> {
    /// Shifts that begin on `day`, in minutes from its midnight; a night shift ends beyond 1440.
    fn shifts(&self, day: i64, kind: Kind) -> Vec<(i64, i64)> {
        let own = u8::try_from(weekday(day) + 1).unwrap_or(1);
        let has = |wd: u8| self.lines.iter().any(|l| l.days.contains(&wd));
        let wd = if kind == Kind::MakeUp && !has(own) { self.first } else { own };
        self.lines
            .iter()
            .filter(|l| l.days.contains(&wd) && (kind != Kind::Holiday || l.holidays))
            .flat_map(|l| shifts_of(l))
            .collect()
    }
}

/// The shifts of a line less its breaks. A break is a time of day: it is cut out wherever a shift meets it.
fn shifts_of(line: &WorkHours) -> Vec<(i64, i64)> {
    let mut out: Vec<(i64, i64)> = line.spans.iter().map(minutes).collect();
    for (from, to) in line.except.iter().map(minutes) {
        for shift in [-DAY_MINUTES, 0, DAY_MINUTES] {
            let (from, to) = (from + shift, to + shift);
            let left = out.iter().flat_map(|(a, b)| [(*a, from.min(*b)), (to.max(*a), *b)]);
            out = left.filter(|(a, b)| a < b).collect();
        }
    }
    out
}

fn minutes(span: &TimeSpan) -> (i64, i64) {
    let (from, to) = (i64::from(span.from), i64::from(span.to));
    (from, if to > from { to } else { to + DAY_MINUTES })
}

/// What of today's shifts falls on today, with what of yesterday's does.
fn joined(today: &[(i64, i64)], yesterday: &[(i64, i64)]) -> Plan {
    let rest = yesterday.iter().map(|(a, b)| (a - DAY_MINUTES, b - DAY_MINUTES));
    let mut spans: Vec<(i64, i64)> = today
        .iter()
        .copied()
        .chain(rest)
        .map(|(a, b)| (a.max(0), b.min(DAY_MINUTES)))
        .filter(|(a, b)| a < b)
        .collect();
    spans.sort_unstable();
    let mut out: Vec<(i64, i64)> = Vec::new();
    for (a, b) in spans {
        match out.last_mut() {
            Some((_, end)) if a <= *end => *end = b.max(*end),
            _ => out.push((a, b)),
        }
    }
    Plan(out.into_iter().map(|(a, b)| (a * MINUTE_MS, b * MINUTE_MS)).collect())
}

/// Days as numbers since 1970-01-01, both ends inclusive.
struct Ranges(Vec<(i64, i64)>);

impl Ranges {
    fn of(days: &[Days]) -> Ranges {
        let number = |date: NaiveDate| {
            i64::from(date.num_days_from_ce()) - i64::from(NaiveDate::default().num_days_from_ce())
        };
        Ranges(days.iter().map(|d| (number(d.from), number(d.to))).collect())
    }

    fn has(&self, day: i64) -> bool {
        self.0.iter().any(|(from, to)| (*from..=*to).contains(&day))
    }

    fn days(&self) -> impl Iterator<Item = i64> {
        self.0.iter().flat_map(|(from, to)| *from..=*to)
    }
}
