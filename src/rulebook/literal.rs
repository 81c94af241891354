//! Words as figures: decimals in thousandths, durations, dates, times, and the one normal form of text.
//! Integers throughout; nothing here knows which field a figure belongs to.

use std::fmt::Write as _;

use chrono::{NaiveDate, NaiveTime};
use smol_str::SmolStr;
use unicode_normalization::UnicodeNormalization;

use crate::model::lang::Lang;
use crate::model::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};

/// A longer duration is a slip of the finger.
const DURATION_MS_MAX: i64 = 3_660 * DAY_MS;
/// Figures beyond this are refused, so that thousandths and units never overflow.
const WHOLE_MAX: i64 = 1_000_000_000_000;

/// NFKC, trimmed: the form values have after intake.
pub(super) fn normal(text: &str) -> SmolStr {
    if text.is_ascii() { SmolStr::new(text.trim()) } else { text.nfkc().collect::<String>().trim().into() }
}

/// `normal`, with ASCII letters lower-cased: the form in which literals are compared.
pub(super) fn folded(text: &str) -> SmolStr {
    let normal = normal(text);
    if normal.bytes().any(|b| b.is_ascii_uppercase()) { normal.to_ascii_lowercase().into() } else { normal }
}

/// A decimal in thousandths, further digits cut off. Takes the text as it is: no spaces, no exponent.
pub(super) fn decimal(text: &str) -> Option<i64> {
    split_decimal(text).map(|(thousandths, _)| thousandths)
}

/// The decimal in thousandths and whether nothing was cut off.
fn split_decimal(text: &str) -> Option<(i64, bool)> {
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(w, p)| (w, Some(p)));
    if whole.is_empty() || part == Some("") {
        return None;
    }
    let mut value: i64 = 0;
    for b in whole.bytes() {
        value = value.checked_mul(10)?.checked_add(digit(b)?)?;
        if value > WHOLE_MAX {
            return None;
        }
    }
    value *= 1000;
    let mut exact = true;
    let mut unit = 100;
    for b in part.unwrap_or_default().bytes() {
        let d = digit(b)?;
        value += d * unit;
        exact &= unit > 0 || d == 0;
        unit /= 10;
    }
    Some((if negative { -value } else { value }, exact))
}

fn digit(b: u8) -> Option<i64> {
    b.is_ascii_digit().then(|| i64::from(b - b'0'))
}

/// What a number literal says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Figure {
    Exact(i64),
    /// More than three decimals.
    TooPrecise,
    NotOne,
}

/// A number as written in a book: a decimal, perhaps with `k` or `万` after it; in thousandths.
pub(super) fn figure(text: &str) -> Figure {
    let normal = normal(text);
    let (digits, factor) = if let Some(rest) = normal.strip_suffix('万') {
        (rest, 10_000)
    } else if let Some(rest) = normal.strip_suffix(['k', 'K']) {
        (rest, 1_000)
    } else {
        (normal.as_str(), 1)
    };
    match split_decimal(digits) {
        Some((value, true)) => value.checked_mul(factor).map_or(Figure::NotOne, Figure::Exact),
        Some((_, false)) => Figure::TooPrecise,
        None => Figure::NotOne,
    }
}

/// A whole number that is not negative.
pub(super) fn whole(text: &str) -> Option<u64> {
    let normal = normal(text);
    if normal.bytes().all(|b| b.is_ascii_digit()) { normal.parse().ok() } else { None }
}

/// Units of time as people write them; the first of each size is the canonical one of its language.
const UNITS: [(&str, &str, i64); 7] = [
    ("d", "天", DAY_MS),
    ("h", "小时", HOUR_MS),
    ("m", "分钟", MINUTE_MS),
    ("s", "秒", SECOND_MS),
    ("d", "日", DAY_MS),
    ("h", "时", HOUR_MS),
    ("m", "分", MINUTE_MS),
];

/// `30s`, `5m`, `2h`, `3d`, `10分钟`, also `1h30m`, in milliseconds.
pub(super) fn duration(text: &str) -> Option<i64> {
    let normal = normal(text);
    let mut total: i64 = 0;
    let mut rest = normal.as_str();
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let count: i64 = rest[..end].parse().ok()?;
        let (text, unit) = UNITS.iter().find_map(|(en, zh, unit)| {
            let english = rest[end..].get(..en.len()).filter(|word| word.eq_ignore_ascii_case(en));
            let chinese = rest[end..].starts_with(zh).then_some(*zh);
            english.or(chinese).map(|word| (word, *unit))
        })?;
        total = total.checked_add(count.checked_mul(unit)?)?;
        rest = &rest[end + text.len()..];
    }
    (!normal.is_empty() && total <= DURATION_MS_MAX).then_some(total)
}

/// The shortest way to write a duration with one unit.
pub(super) fn duration_text(ms: i64, lang: Lang) -> String {
    let fits = |(_, _, unit): &&(&str, &str, i64)| *unit == SECOND_MS || (ms > 0 && ms % unit == 0);
    let (en, zh, unit) = UNITS.iter().find(fits).copied().unwrap_or(("s", "秒", SECOND_MS));
    format!("{}{}", ms / unit, if lang == Lang::Zh { zh } else { en })
}

/// Thousandths as a decimal without needless zeros.
pub(super) fn decimal_text(thousandths: i64) -> String {
    let mut out = String::new();
    if thousandths < 0 {
        out.push('-');
    }
    let size = thousandths.unsigned_abs();
    let _ = write!(out, "{}", size / 1000);
    if !size.is_multiple_of(1000) {
        let part = format!("{:03}", size % 1000);
        let _ = write!(out, ".{}", part.trim_end_matches('0'));
    }
    out
}

/// `90%` as thousandths of one (900), to a tenth of a percent.
pub(super) fn percent(text: &str) -> Option<i64> {
    let normal = normal(text);
    let value = exact(normal.strip_suffix('%')?)?;
    (value % 100 == 0).then_some(value / 100)
}

/// The text of `percent`.
pub(super) fn percent_text(thousandths: i64) -> String {
    format!("{}%", decimal_text(thousandths.saturating_mul(100)))
}

/// `1.8x` as thousandths.
pub(super) fn times(text: &str) -> Option<i64> {
    exact(normal(text).strip_suffix(['x', 'X', '倍'])?)
}

/// A decimal of at most three places, in thousandths.
pub(super) fn exact(text: &str) -> Option<i64> {
    match figure(text) {
        Figure::Exact(value) => Some(value),
        Figure::TooPrecise | Figure::NotOne => None,
    }
}

/// `2026-10-01`.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let normal = normal(text);
    let mut parts = normal.splitn(3, ['-', '/']);
    let year: i32 = whole_part(parts.next()?, 4)?;
    let month = whole_part(parts.next()?, 2)?;
    let day = whole_part(parts.next()?, 2)?;
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

fn whole_part(text: &str, digits_max: usize) -> Option<i32> {
    let fits = !text.is_empty() && text.len() <= digits_max && text.bytes().all(|b| b.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

/// `09:30` as minutes of the day; `24:00` is the end of the day.
pub(super) fn minute(text: &str) -> Option<u16> {
    let normal = normal(text);
    let (hour, minute) = normal.split_once(':')?;
    let (hour, minute) = (whole_part(hour, 2)?, whole_part(minute, 2)?);
    let fits = minute < 60 && (hour < 24 || (hour == 24 && minute == 0));
    if fits { u16::try_from(hour * 60 + minute).ok() } else { None }
}

/// Minutes of the day as a time of day; `None` for 24:00 and beyond.
pub(super) fn time_of(minute: u16) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(u32::from(minute / 60), u32::from(minute % 60), 0)
}

/// ISO weekday names; the first of each is the canonical English one, the third the Chinese.
const WEEKDAYS: [(u8, &[&str]); 7] = [
    (1, &["Mon", "Monday", "周一", "星期一"]),
    (2, &["Tue", "Tuesday", "周二", "星期二"]),
    (3, &["Wed", "Wednesday", "周三", "星期三"]),
    (4, &["Thu", "Thursday", "周四", "星期四"]),
    (5, &["Fri", "Friday", "周五", "星期五"]),
    (6, &["Sat", "Saturday", "周六", "星期六"]),
    (7, &["Sun", "Sunday", "周日", "星期日", "周天", "星期天"]),
];

/// A weekday by name, 1 = Monday.
pub(super) fn weekday(text: &str) -> Option<u8> {
    let normal = normal(text);
    let named = |names: &[&str]| names.iter().any(|n| n.eq_ignore_ascii_case(&normal));
    WEEKDAYS.iter().find(|(_, names)| named(names)).map(|(day, _)| *day)
}

/// The canonical name of a weekday.
pub(super) fn weekday_text(day: u8, lang: Lang) -> &'static str {
    let known = WEEKDAYS.iter().find(|(d, _)| *d == day).map(|(_, names)| names);
    match lang {
        Lang::En => known.map_or("Mon", |names| names[0]),
        Lang::Zh => known.map_or("周一", |names| names[2]),
    }
}

/// The canonical weekday names of both languages, for suggestions.
pub(super) fn weekday_names() -> impl Iterator<Item = &'static str> {
    WEEKDAYS.iter().flat_map(|(_, names)| [names[0], names[2]])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_thousandths() {
        for (text, value) in
            [("0.9", 900), ("80", 80_000), ("-1.25", -1_250), ("+30", 30_000), ("007", 7_000)]
        {
            assert_eq!(decimal(text), Some(value), "{text}");
        }
        for text in ["", "-", ".", "1.", ".5", "1e5", "1,000", "9999999999999999999", "0x1"] {
            assert_eq!(decimal(text), None, "{text}");
        }
        assert_eq!(decimal("1.23456"), Some(1_234));
        assert_eq!(figure("1.23456"), Figure::TooPrecise);
        assert_eq!(figure("1.5万"), Figure::Exact(15_000_000));
        assert_eq!(figure("５０"), Figure::Exact(50_000));
    }

    #[test]
    fn durations_read_and_write() {
        for (text, ms) in [("30s", 30_000), ("5m", 300_000), ("2h", 7_200_000), ("3d", 259_200_000)] {
            assert_eq!(duration(text), Some(ms));
            assert_eq!(duration_text(ms, Lang::En), text);
            assert_eq!(duration(&duration_text(ms, Lang::Zh)), Some(ms));
        }
        assert_eq!(duration("1小时30分钟"), Some(5_400_000));
        assert_eq!(duration_text(90_000, Lang::Zh), "90秒");
        assert_eq!(duration("1h30m"), Some(5_400_000));
        assert_eq!(duration_text(5_400_000, Lang::En), "90m");
        assert_eq!(duration_text(0, Lang::En), "0s");
        for text in ["", "5", "m", "5x", "99999d", "5 m", "-5m"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn dates_times_and_shares() {
        assert_eq!(date("2026-10-01"), NaiveDate::from_ymd_opt(2026, 10, 1));
        assert_eq!(date("2026/2/3"), NaiveDate::from_ymd_opt(2026, 2, 3));
        assert_eq!(date("2026-02-30"), None);
        assert_eq!(minute("9:05"), Some(545));
        assert_eq!(minute("09：05"), Some(545));
        assert_eq!(minute("24:00"), Some(1440));
        assert_eq!(minute("24:01"), None);
        assert_eq!(percent("90%"), Some(900));
        assert_eq!(percent("12.5%"), Some(125));
        assert_eq!(percent_text(125), "12.5%");
        assert_eq!(times("1.8x"), Some(1_800));
        assert_eq!(times("1.8倍"), Some(1_800));
        assert_eq!(weekday("周六"), Some(6));
    }
}
