//! The sums against a counter that looks at every minute, in six zones; and the edges by hand.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Timelike};
use chrono_tz::Tz;
use proptest::prelude::*;

use super::super::book::{Book, Calendar, Days, TimeSpan, WorkHours};
use super::super::compile;
use super::WorkTime;
use crate::model::time::{DAY_MS, HOUR_MS, MINUTE_MS, Millis};

const ZONES: [Tz; 8] = [
    Tz::Asia__Shanghai,
    Tz::America__New_York,
    Tz::Europe__London,
    Tz::Australia__Lord_Howe,
    Tz::Asia__Beirut,
    Tz::America__Santiago,
    Tz::Asia__Kolkata,
    Tz::UTC,
];

/// Whether the clock showing `local` shows working time: read off the calendar's nouns, one day at a time, no sums.
fn shows_work(book: &Book, local: NaiveDateTime) -> bool {
    let minute = i64::from(local.hour() * 60 + local.minute());
    let today = local.date();
    on_shift(&book.calendar, today, minute)
        || today.pred_opt().is_some_and(|yesterday| on_shift(&book.calendar, yesterday, minute + 1440))
}

fn on_shift(c: &Calendar, began: NaiveDate, minute: i64) -> bool {
    let listed = |days: &[Days]| days.iter().any(|d| d.from <= began && began <= d.to);
    let mut weekday = u8::try_from(began.weekday().number_from_monday()).unwrap();
    if listed(&c.workdays) {
        if !c.hours.iter().any(|h| h.days.contains(&weekday)) {
            weekday = *c.hours.iter().flat_map(|h| &h.days).min().unwrap();
        }
    } else if listed(&c.holidays) {
        return false;
    }
    let meets = |s: &TimeSpan, m: i64| {
        let (from, to) = (i64::from(s.from), i64::from(s.to));
        from <= m && m < if to > from { to } else { to + 1440 }
    };
    let of_day = minute % 1440;
    c.hours.iter().filter(|h| h.days.contains(&weekday)).any(|h| {
        h.spans.iter().any(|s| meets(s, minute))
            && !h.except.iter().any(|s| meets(s, of_day) || meets(s, of_day + 1440))
    })
}

fn at_work(book: &Book, at: i64) -> bool {
    let utc = chrono::DateTime::from_timestamp_millis(at).unwrap();
    shows_work(book, utc.with_timezone(&book.zone).naive_local())
}

fn span() -> impl Strategy<Value = TimeSpan> {
    (0..288u16, 0..=288u16)
        .prop_map(|(a, b)| TimeSpan { from: a * 5, to: if a == b { 0 } else { b * 5 } })
        .prop_filter("no empty span", |s| s.from != s.to)
}

fn hours() -> impl Strategy<Value = WorkHours> {
    let days = prop::collection::btree_set(1..=7u8, 1..7);
    (days, prop::collection::vec(span(), 1..3), prop::option::of(span())).prop_map(|(days, spans, except)| {
        WorkHours {
            days: days.into_iter().collect(),
            spans,
            except: except.into_iter().collect(),
            holidays: false,
        }
    })
}

/// A book with special days around `middle`.
fn book(middle: NaiveDate) -> impl Strategy<Value = Book> {
    let days = move || {
        (-12..12i64, 0..4i64).prop_map(move |(from, long)| {
            let from = middle + TimeDelta::days(from);
            Days { from, to: from + TimeDelta::days(long), name: None }
        })
    };
    (
        prop::sample::select(ZONES.to_vec()),
        prop::collection::vec(hours(), 1..3),
        prop::collection::vec(days(), 0..3),
        prop::collection::vec(days(), 0..3),
    )
        .prop_map(|(zone, hours, holidays, workdays)| Book {
            zone,
            calendar: Calendar { hours, holidays, workdays, ..Calendar::default() },
            ..Book::default()
        })
}

/// Moments around which clocks change somewhere, and the ends of a year and of a leap February.
fn middles() -> impl Strategy<Value = (NaiveDate, Book)> {
    let dates = [
        (2026, 3, 8),
        (2026, 11, 1),
        (2026, 3, 29),
        (2026, 10, 25),
        (2026, 4, 5),
        (2026, 10, 4),
        (2026, 9, 6),
        (2026, 12, 31),
        (2028, 2, 29),
    ];
    let dates: Vec<NaiveDate> =
        dates.into_iter().map(|(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).unwrap()).collect();
    prop::sample::select(dates).prop_flat_map(|date| book(date).prop_map(move |book| (date, book)))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sums_are_what_a_minute_counter_counts((date, book) in middles(), lead in 0..14_400i64, long in 1..20_000i64) {
        let time = WorkTime::of_desk(&book);
        let middle = date.and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp_millis();
        let from = middle - lead * MINUTE_MS;
        let to = from + long * MINUTE_MS;
        let mut counted = 0;
        for m in 0..long {
            let at = from + m * MINUTE_MS;
            let working = at_work(&book, at);
            prop_assert_eq!(time.is_working(Millis(at)), working, "{}", Millis(at).to_rfc3339());
            counted += i64::from(working);
        }
        let sum = time.working_ms_between(Millis(from), Millis(to));
        prop_assert_eq!(sum, counted * MINUTE_MS);
        if counted > 0 {
            let end = time.add_working_ms(Millis(from), sum);
            prop_assert!(end <= Millis(to));
            prop_assert_eq!(time.working_ms_between(Millis(from), end), sum);
            prop_assert_eq!(time.working_ms_between(Millis(from), end.plus(-1)), sum - 1, "the first such instant");
        }
    }

    #[test]
    fn hours_of_stretches_are_what_a_minute_counter_counts(
        ((date, book), (_, other)) in (middles(), middles()),
        cuts in prop::collection::btree_set(0..20_000i64, 2..6),
        long in 1..20_000i64,
    ) {
        let start = date.and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp_millis() - 10_000 * MINUTE_MS;
        let cuts: Vec<i64> = cuts.into_iter().map(|m| start + m * MINUTE_MS).collect();
        let pieces: Vec<(i64, i64)> = cuts.chunks_exact(2).map(|c| (c[0], c[1])).collect();
        let over = WorkTime::of_desk(&other);
        let time = WorkTime::of_desk(&book)
            .with_pieces(pieces.iter().map(|(a, b)| (Millis(*a), Millis(*b), over.clone())));
        let works = |at: i64| {
            let here = pieces.iter().any(|(a, b)| *a <= at && at < *b);
            at_work(if here { &other } else { &book }, at)
        };
        let (mut counted, mut change) = (0, None);
        for m in 0..long {
            let at = start + m * MINUTE_MS;
            prop_assert_eq!(time.is_working(Millis(at)), works(at), "{}", Millis(at).to_rfc3339());
            counted += i64::from(works(at));
            change = change.or((works(at) != works(start)).then_some(at));
        }
        let (from, to) = (Millis(start), Millis(start + long * MINUTE_MS));
        let sum = time.working_ms_between(from, to);
        prop_assert_eq!(sum, counted * MINUTE_MS);
        let (open, until) = time.spell(from);
        prop_assert_eq!(open, works(start));
        match change {
            Some(at) => prop_assert_eq!(until.0, at),
            None => prop_assert!(until >= to),
        }
        if counted > 0 {
            let end = time.add_working_ms(from, sum);
            prop_assert!(end <= to);
            prop_assert_eq!(time.working_ms_between(from, end), sum);
            prop_assert_eq!(time.working_ms_between(from, end.plus(-1)), sum - 1, "the first such instant");
        }
    }

    #[test]
    fn openings_and_closings_are_where_the_answer_changes((date, book) in middles(), lead in 0..14_400i64) {
        let time = WorkTime::of_desk(&book);
        let from = date.and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp_millis() - lead * MINUTE_MS;
        let (open, until) = time.spell(Millis(from));
        let mut at = from;
        let end = until.0.min(from + 40 * DAY_MS);
        while at < end {
            prop_assert_eq!(at_work(&book, at), open);
            at += MINUTE_MS;
        }
        if until.0 <= end {
            prop_assert_eq!(at_work(&book, until.0), !open, "{}", until.to_rfc3339());
        }
    }
}

fn at(zone: Tz, text: &str) -> Millis {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    Millis(zone.from_local_datetime(&local).earliest().unwrap().timestamp_millis())
}

fn hours_of(text: &str) -> (Tz, WorkTime) {
    let book = compile(text);
    (book.zone, WorkTime::of_desk(&book))
}

#[test]
fn golden_week_by_hand() {
    let (zone, time) = hours_of(
        "calendar\n timezone Asia/Shanghai\n workdays Mon..Fri 09:00..18:00 except 12:00..13:00\n \
         holiday 2026-10-01..2026-10-07\n workday 2026-10-10\n",
    );
    let at = |text| at(zone, text);
    // Wednesday 17:30: half an hour then, and half an hour on Thursday a week later.
    assert_eq!(time.add_working_ms(at("2026-09-30 17:30"), HOUR_MS), at("2026-10-08 09:30"));
    // Friday 11:30 before a made-up Saturday: over lunch, and on.
    assert_eq!(time.add_working_ms(at("2026-10-09 11:30"), 8 * HOUR_MS), at("2026-10-10 11:30"));
    assert_eq!(time.working_ms_between(at("2026-09-28 00:00"), at("2026-10-12 00:00")), 6 * 8 * HOUR_MS);
    assert_eq!(time.next_open(at("2026-10-01 10:00")), Some(at("2026-10-08 09:00")));
    assert_eq!(time.next_close(at("2026-10-08 09:00")), Some(at("2026-10-08 12:00")));
    assert!(!time.is_working(at("2026-10-08 12:00")) && time.is_working(at("2026-10-08 13:00")));
}

#[test]
fn a_night_shift_over_the_hours_that_are_skipped_and_repeated() {
    let (zone, time) =
        hours_of("calendar\n timezone America/New_York\n workdays Sat 20:00..04:00 except 00:00..00:30\n");
    let at = |text| at(zone, text);
    // 2026-03-08: the hour from 02:00 does not exist.
    assert_eq!(
        time.working_ms_between(at("2026-03-07 12:00"), at("2026-03-08 12:00")),
        6 * HOUR_MS + 30 * MINUTE_MS
    );
    // 2026-11-01: the hour from 01:00 comes twice.
    assert_eq!(
        time.working_ms_between(at("2026-10-31 12:00"), at("2026-11-01 12:00")),
        8 * HOUR_MS + 30 * MINUTE_MS
    );
    // The shift belongs to the day it begins on.
    assert!(time.is_working(at("2026-03-01 03:59")) && !time.is_working(at("2026-03-02 03:59")));
    assert!(!time.is_working(at("2026-03-01 00:15")));
}

#[test]
fn spans_of_decades_cost_no_more_and_never_is_never() {
    let (zone, time) = hours_of("calendar\n timezone Asia/Shanghai\n workdays Mon 09:00..10:00\n");
    let start = at(zone, "2026-01-05 09:00");
    assert_eq!(time.add_working_ms(start, 52_00 * HOUR_MS), start.plus(5_199 * 7 * DAY_MS + HOUR_MS));
    assert_eq!(time.working_ms_between(start, start.plus(5_200 * 7 * DAY_MS)), 5_200 * HOUR_MS);
    let (_, never) = hours_of("calendar\n workdays Mon..Fri 09:00..10:00 except 08:00..11:00\n");
    assert!(never.is_never());
    assert_eq!(never.next_open(start), None);
    assert_eq!(never.add_working_ms(start, 1), Millis(i64::MAX));
    let always = WorkTime::always();
    assert_eq!(always.add_working_ms(start, 5), start.plus(5));
    assert_eq!(always.spell(start), (true, Millis(i64::MAX)));
    assert_eq!(time.working_ms_between(Millis(i64::MIN), Millis(i64::MIN)), 0);
    assert!(time.working_ms_between(Millis(i64::MIN), Millis(i64::MAX)) > 0);
}

#[test]
fn own_hours_may_hold_on_holidays() {
    let book = compile(
        "calendar\n timezone Asia/Shanghai\n workdays Mon..Fri 09:00..18:00\n holiday 2026-10-01\n \
         team Night works Mon..Sun 20:00..02:00 and holidays\n team Late works Mon..Sun 20:00..02:00\n",
    );
    let of = |team: &str| WorkTime::of_own(&book, |w| *w == super::Target::Team(team.into())).unwrap();
    let at = |text| at(book.zone, text);
    assert!(of("Night").is_working(at("2026-10-01 21:00")) && of("Night").is_working(at("2026-10-02 01:00")));
    assert!(!of("Late").is_working(at("2026-10-01 21:00")) && !of("Late").is_working(at("2026-10-02 01:00")));
    assert!(of("Late").is_working(at("2026-10-01 01:00")), "Wednesday's shift ends on the holiday");
    assert!(WorkTime::of_own(&book, |_| false).is_none());
}

#[test]
fn other_hours_for_a_stretch_hold_only_there() {
    let (zone, base) = hours_of("calendar\n timezone Asia/Shanghai\n workdays Mon..Sun 09:00..18:00");
    let (_, late) = hours_of("calendar\n timezone Asia/Shanghai\n workdays Mon..Sun 20:00..22:30");
    let at = |text| at(zone, text);
    let (from, until) = (at("2026-11-10 20:00"), at("2026-11-10 23:00"));
    let time = base.with_pieces([(from, until, late)]);
    assert!(time.is_working(at("2026-11-10 17:40")));
    assert_eq!(time.spell(at("2026-11-10 12:00")), (true, at("2026-11-10 18:00")));
    assert_eq!(time.spell(at("2026-11-10 18:00")), (false, from));
    assert_eq!(time.spell(at("2026-11-10 21:00")), (true, at("2026-11-10 22:30")));
    assert_eq!(time.spell(at("2026-11-10 22:30")), (false, at("2026-11-11 09:00")));
    assert_eq!(time.working_ms_between(at("2026-11-10 17:30"), at("2026-11-11 09:30")), 7 * HOUR_MS / 2);
    assert_eq!(time.add_working_ms(at("2026-11-10 17:30"), HOUR_MS), at("2026-11-10 20:30"));
    assert_eq!(time.add_working_ms(at("2026-11-10 17:30"), 3 * HOUR_MS), at("2026-11-10 22:30"));
}
