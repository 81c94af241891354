//! Dates as real files write them → UTC milliseconds. Day-month order is settled per column from all its values, never
//! per cell. It reads no clock: a date far in the future is a date.

use crate::model::contact::{cleaned, is_blank};
use crate::model::time::Millis;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;

/// Which of three numbers is the day when none has four digits, or only the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    Dmy,
    Mdy,
    Ymd,
}

impl DateOrder {
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dmy => "dmy",
            Self::Mdy => "mdy",
            Self::Ymd => "ymd",
        }
    }
}

impl std::str::FromStr for DateOrder {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim().to_ascii_lowercase().as_str() {
            "dmy" => Ok(Self::Dmy),
            "mdy" => Ok(Self::Mdy),
            "ymd" => Ok(Self::Ymd),
            _ => Err(format!("unknown date order {text:?}: use dmy, mdy or ymd")),
        }
    }
}

/// Why a cell is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFault {
    /// Not a known way to write a date.
    Unreadable,
    /// The parts are there but no such day or time exists (month 13, 30 February).
    Impossible,
    /// A spreadsheet's day number in a column of ordinary dates.
    ExcelSerial,
    /// Before 1900 or after 2199.
    OutOfRange,
}

/// How the dates of one column are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DateReading {
    pub order: DateOrder,
    /// No value proved the order: it is the habit of the separator, and the mapping table says so.
    pub assumed: bool,
    /// Values prove both orders; the more frequent one is taken and the others are refused.
    pub mixed: bool,
    /// Every value is a spreadsheet day number (days since 1899-12-30).
    pub serials: bool,
}

/// What the values of one column say about their order. Feed it every value; it keeps only counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DateEvidence {
    pub values: u64,
    pub dates: u64,
    day_first: u64,
    month_first: u64,
    ambiguous: u64,
    slashes: u64,
    serials: u64,
}

impl DateEvidence {
    /// Takes one cell into account.
    pub fn observe(&mut self, raw: &str) {
        let text = cleaned(raw);
        if is_blank(&text) {
            return;
        }
        self.values += 1;
        match scan(&text) {
            Ok(Scanned::Serial(_)) => self.serials += 1,
            Ok(Scanned::Moment(_)) => self.dates += 1,
            Ok(Scanned::Parts { date: Parts::Fixed(..), .. }) => self.dates += 1,
            Ok(Scanned::Parts { date: Parts::YearLast { first, second, slash, .. }, .. }) => {
                self.dates += 1;
                self.slashes += u64::from(slash);
                match (first > 12, second > 12) {
                    (true, false) => self.day_first += 1,
                    (false, true) => self.month_first += 1,
                    _ if first != second => self.ambiguous += 1,
                    _ => {}
                }
            }
            Err(_) => {}
        }
    }

    /// Whether there are ambiguous values and none that settles them: more values are worth reading.
    #[must_use]
    pub fn undecided(&self) -> bool {
        self.ambiguous > 0 && self.day_first == 0 && self.month_first == 0
    }

    /// The reading these values call for. Undecided: `/` is month first as in the US, `-` and `.` day first.
    #[must_use]
    pub fn reading(&self, forced: Option<DateOrder>) -> DateReading {
        let serials = self.serials > 0 && self.dates == 0 && self.serials == self.values;
        let mixed = self.day_first > 0 && self.month_first > 0;
        let plain = DateReading { order: DateOrder::Dmy, assumed: false, mixed, serials };
        if let Some(order) = forced {
            return DateReading { order, ..plain };
        }
        if self.day_first + self.month_first > 0 {
            let order = if self.day_first >= self.month_first { DateOrder::Dmy } else { DateOrder::Mdy };
            return DateReading { order, ..plain };
        }
        if self.ambiguous > 0 {
            let order = if self.slashes * 2 > self.ambiguous { DateOrder::Mdy } else { DateOrder::Dmy };
            return DateReading { order, assumed: true, ..plain };
        }
        plain
    }

    /// Whether nearly all values are dates.
    #[must_use]
    pub fn mostly_dates(&self) -> bool {
        self.dates > 0 && self.dates * 10 >= self.values * 9
    }
}

/// One cell → a moment. `Ok(None)` for a blank cell. A local time is read in `zone`: in a gap the first valid instant
/// after it, in an overlap the first of the two.
///
/// # Errors
/// Why it is no date.
pub fn parse(raw: &str, reading: DateReading, zone: Tz) -> Result<Option<Millis>, DateFault> {
    let text = cleaned(raw);
    if is_blank(&text) {
        return Ok(None);
    }
    let (date, time, offset) = match scan(&text)? {
        Scanned::Moment(at) => return Ok(Some(at)),
        Scanned::Serial(serial) if reading.serials => {
            return Ok(Some(from_local(from_serial(serial)?, zone)));
        }
        Scanned::Serial(_) => return Err(DateFault::ExcelSerial),
        Scanned::Parts { date, time, offset } => (date, time, offset),
    };
    let (year, month, day) = match date {
        Parts::Fixed(year, month, day) => (year, month, day),
        Parts::YearLast { first, second, year, short, .. } => match reading.order {
            DateOrder::Dmy => (year, second, first),
            DateOrder::Mdy => (year, first, second),
            DateOrder::Ymd if short => {
                (2000 + i64::from(first), second, u32::try_from(year % 100).unwrap_or(0))
            }
            DateOrder::Ymd => return Err(DateFault::Impossible),
        },
    };
    if !(1900..=2199).contains(&year) {
        return Err(DateFault::OutOfRange);
    }
    let date = i32::try_from(year).ok().and_then(|y| NaiveDate::from_ymd_opt(y, month, day));
    let local = date.ok_or(DateFault::Impossible)?.and_time(time);
    match offset {
        Some(seconds) => Ok(Some(Millis(local.and_utc().timestamp_millis() - i64::from(seconds) * 1000))),
        None => Ok(Some(from_local(local, zone))),
    }
}

/// A local time as an instant; see [`parse`] for gaps and overlaps.
#[must_use]
pub fn from_local(local: NaiveDateTime, zone: Tz) -> Millis {
    if let Some(first) = zone.from_local_datetime(&local).earliest() {
        return Millis(first.timestamp_millis());
    }
    // A gap: the offset changes at one instant within a day of it; find that instant.
    let naive = local.and_utc().timestamp();
    let offset = |utc: i64| {
        chrono::DateTime::from_timestamp(utc, 0)
            .map_or(0, |t| i64::from(zone.offset_from_utc_datetime(&t.naive_utc()).fix().local_minus_utc()))
    };
    let (mut before, mut after) = (naive - 26 * 3600, naive + 26 * 3600);
    while after - before > 1 {
        let middle = before + (after - before) / 2;
        if middle + offset(middle) > naive {
            after = middle;
        } else {
            before = middle;
        }
    }
    Millis(after * 1000)
}

fn from_serial(serial: f64) -> Result<NaiveDateTime, DateFault> {
    let seconds = (serial * 86_400.0).round();
    let start = NaiveDate::from_ymd_opt(1899, 12, 30).ok_or(DateFault::OutOfRange)?.and_time(NaiveTime::MIN);
    // serials are bounded by `scan`, so the cast is exact
    #[expect(clippy::cast_possible_truncation, reason = "at most 80,000 days of seconds")]
    let seconds = seconds as i64;
    start.checked_add_signed(chrono::TimeDelta::seconds(seconds)).ok_or(DateFault::OutOfRange)
}

enum Scanned {
    Moment(Millis),
    Serial(f64),
    Parts { date: Parts, time: NaiveTime, offset: Option<i32> },
}

enum Parts {
    Fixed(i64, u32, u32),
    YearLast { first: u32, second: u32, year: i64, short: bool, slash: bool },
}

fn scan(text: &str) -> Result<Scanned, DateFault> {
    // Most cells are words, and every date has a digit.
    if !text.bytes().any(|b| b.is_ascii_digit()) {
        return Err(DateFault::Unreadable);
    }
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'.')
        && text.bytes().filter(|b| *b == b'.').count() <= 1
    {
        return scan_number(text);
    }
    let chinese = text.contains('年') || text.contains('月');
    let text = if chinese { from_chinese(text) } else { text.to_string() };
    let (date_text, time_text) = split_time(&text);
    let (time, offset) = match time_text {
        Some(time) => scan_time(time)?,
        None => (NaiveTime::MIN, None),
    };
    Ok(Scanned::Parts { date: scan_date(date_text)?, time, offset })
}

/// Digits only: `20210105`, `20210105143000`, Unix seconds or milliseconds, a spreadsheet day number.
fn scan_number(text: &str) -> Result<Scanned, DateFault> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let number: i64 = whole.parse().map_err(|_| DateFault::Unreadable)?;
    let cut = |from: usize, to: usize| whole.get(from..to).and_then(|t| t.parse::<u32>().ok()).unwrap_or(99);
    match whole.len() {
        8 | 12 | 14 if fraction.is_empty() => {
            let date = Parts::Fixed(i64::from(cut(0, 4)), cut(4, 6), cut(6, 8));
            let time = match whole.len() {
                8 => Some(NaiveTime::MIN),
                12 => NaiveTime::from_hms_opt(cut(8, 10), cut(10, 12), 0),
                _ => NaiveTime::from_hms_opt(cut(8, 10), cut(10, 12), cut(12, 14)),
            };
            Ok(Scanned::Parts { date, time: time.ok_or(DateFault::Impossible)?, offset: None })
        }
        10 => Ok(Scanned::Moment(Millis(number * 1000))),
        13 => Ok(Scanned::Moment(Millis(number))),
        5 if (14_000..=80_000).contains(&number) => {
            text.parse().map(Scanned::Serial).map_err(|_| DateFault::Unreadable)
        }
        _ => Err(DateFault::Unreadable),
    }
}

/// `2026年1月2日 下午3时04分05秒` → `2026-1-2 3:04:05 pm`.
fn from_chinese(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut half = "";
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '年' | '月' => out.push('-'),
            '日' | '号' => out.push(' '),
            '时' | '点' => out.push(':'),
            '分' => out.push(if chars.peek().is_some_and(char::is_ascii_digit) { ':' } else { ' ' }),
            '秒' => {}
            '上' | '下' if chars.peek() == Some(&'午') => {
                chars.next();
                half = if c == '上' { " am" } else { " pm" };
            }
            c => out.push(c),
        }
    }
    let mut out = out.trim().trim_end_matches('-').to_string();
    if out.ends_with(':') {
        out.push_str("00");
    }
    out + half
}

/// Splits at the word that holds the first colon, or at the `T` of ISO.
fn split_time(text: &str) -> (&str, Option<&str>) {
    let Some(colon) = text.find(':') else { return (text, None) };
    let head = text.get(..colon).unwrap_or_default();
    let start = head.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let date = head.get(..start).unwrap_or_default();
    (date.trim_end_matches(['T', 't', ' ', ',']), text.get(start..))
}

/// `19:58`, `19:58:54.123`, `3:04 PM`, with `Z`, `+08:00`, `+0800`, `UTC` after it.
fn scan_time(text: &str) -> Result<(NaiveTime, Option<i32>), DateFault> {
    let lower = text.trim().to_ascii_lowercase();
    let body_end = lower
        .find(|c: char| !(c.is_ascii_digit() || c == ':' || c == '.' || c == ','))
        .unwrap_or(lower.len());
    let (clock, mut tail) = lower.split_at(body_end);
    tail = tail.trim();
    let mut half = None;
    for (mark, pm) in [("a.m.", false), ("p.m.", true), ("am", false), ("pm", true)] {
        if let Some(rest) = tail.strip_prefix(mark) {
            half = Some(pm);
            tail = rest.trim();
            break;
        }
    }
    let mut parts = clock.splitn(3, ':');
    let number = |t: Option<&str>| t.and_then(|t| t.parse::<u32>().ok()).ok_or(DateFault::Unreadable);
    let mut hour = number(parts.next())?;
    let minute = number(parts.next())?;
    let (second, milli) = match parts.next() {
        None => (0, 0),
        Some(rest) => {
            let (second, fraction) = rest.split_once(['.', ',']).unwrap_or((rest, ""));
            let digits: String = fraction.chars().chain("000".chars()).take(3).collect();
            (number(Some(second))?, number(Some(&digits))?)
        }
    };
    if let Some(pm) = half {
        if !((1..=12).contains(&hour) || pm && hour < 24) {
            return Err(DateFault::Impossible);
        }
        hour = match (pm, hour) {
            (false, 12) => 0,
            (true, h) if h < 12 => h + 12,
            (_, h) => h,
        };
    }
    let time = NaiveTime::from_hms_milli_opt(hour, minute, second.min(60) - u32::from(second == 60), milli);
    Ok((time.ok_or(DateFault::Impossible)?, scan_offset(tail)?))
}

fn scan_offset(tail: &str) -> Result<Option<i32>, DateFault> {
    let tail = tail.trim_start_matches("utc").trim_start_matches("gmt");
    match tail {
        "" => return Ok(None),
        "z" => return Ok(Some(0)),
        _ => {}
    }
    let sign = if tail.starts_with('-') { -1 } else { 1 };
    let digits: String = tail.chars().skip(1).filter(|c| *c != ':').collect();
    if !tail.starts_with(['+', '-']) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(DateFault::Unreadable);
    }
    let number = |t: Option<&str>| t.and_then(|t| t.parse::<i32>().ok()).ok_or(DateFault::Unreadable);
    let (hours, minutes) = match digits.len() {
        1 | 2 => (number(Some(&digits))?, 0),
        4 => (number(digits.get(..2))?, number(digits.get(2..))?),
        _ => return Err(DateFault::Unreadable),
    };
    if hours > 18 || minutes > 59 {
        return Err(DateFault::Impossible);
    }
    Ok(Some(sign * (hours * 3600 + minutes * 60)))
}

fn month_by_name(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let index = MONTHS
        .iter()
        .position(|m| word.len() >= 3 && (m.starts_with(word) || word == "sept" && *m == "september"))?;
    u32::try_from(index + 1).ok()
}

fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    word.len() >= 3 && DAYS.iter().any(|d| d.starts_with(word))
        || (word.starts_with("星期") || word.starts_with('周')) && word.chars().count() <= 3
}

fn scan_date(text: &str) -> Result<Parts, DateFault> {
    let mut numbers: Vec<(u32, usize)> = Vec::with_capacity(3);
    let mut month = None;
    let slash = text.contains('/');
    for word in text.split(|c: char| " -/.,\u{3001}".contains(c)).filter(|w| !w.is_empty()) {
        let lower = word.to_lowercase();
        let digits = lower.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h']);
        if digits.bytes().all(|b| b.is_ascii_digit()) && !digits.is_empty() {
            numbers.push((digits.parse().map_err(|_| DateFault::Unreadable)?, digits.len()));
        } else if let Some(named) = month_by_name(&lower) {
            if month.replace(named).is_some() {
                return Err(DateFault::Unreadable);
            }
        } else if !is_weekday(&lower) && lower != "at" {
            return Err(DateFault::Unreadable);
        }
    }
    let long = |n: u32, len: usize| if len <= 2 { 2000 + i64::from(n) } else { i64::from(n) };
    match (month, numbers.as_slice()) {
        (Some(month), [(year, 4), (day, 1..=2)]) => Ok(Parts::Fixed(i64::from(*year), month, *day)),
        (Some(month), [(day, 1..=2), (year, len @ (2 | 4))]) => {
            Ok(Parts::Fixed(long(*year, *len), month, *day))
        }
        (None, [(year, 4), (month, 1..=2), (day, 1..=2)]) => Ok(Parts::Fixed(i64::from(*year), *month, *day)),
        (None, [(first, 1..=2), (second, 1..=2), (year, len @ (2 | 4))]) => Ok(Parts::YearLast {
            first: *first,
            second: *second,
            year: long(*year, *len),
            short: *len == 2,
            slash,
        }),
        (None, [(whole, 8)]) => Ok(Parts::Fixed(i64::from(whole / 10_000), whole / 100 % 100, whole % 100)),
        _ => Err(DateFault::Unreadable),
    }
}
