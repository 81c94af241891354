//! One cell of a workbook as the text a person would have typed. Dates are written so that no order of day and month is
//! left open; a number that no longer has its digits is written so that everybody sees it.

use calamine::{Data, DataRef};

/// From here on a spreadsheet keeps no more than its 15 significant digits: the last ones of an id or phone are made up.
const EXACT_BELOW: f64 = 1e15;

/// The text of a value; empty for an empty cell. An error shows as the spreadsheet shows it (`#N/A`).
pub(super) fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => one_line(text),
        DataRef::SharedString(text) => one_line(text),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => float(*number),
        DataRef::Bool(true) => "TRUE".to_owned(),
        DataRef::Bool(false) => "FALSE".to_owned(),
        DataRef::DateTime(at) if at.is_duration() => float(at.as_f64()),
        DataRef::DateTime(at) => moment(at),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
    }
}

/// An owned value as a lent one.
pub(super) fn lent(value: &Data) -> DataRef<'_> {
    match value {
        Data::Empty => DataRef::Empty,
        Data::Int(number) => DataRef::Int(*number),
        Data::Float(number) => DataRef::Float(*number),
        Data::String(text) => DataRef::SharedString(text),
        Data::Bool(is) => DataRef::Bool(*is),
        Data::DateTime(at) => DataRef::DateTime(*at),
        Data::DateTimeIso(text) => DataRef::DateTimeIso(text.clone()),
        Data::DurationIso(text) => DataRef::DurationIso(text.clone()),
        Data::Error(error) => DataRef::Error(error.clone()),
    }
}

/// Breaks within a cell are blanks to everything that reads on.
fn one_line(text: &str) -> String {
    text.replace(['\r', '\n', '\t'], " ").trim().to_owned()
}

/// A whole number as its digits; a fraction with the 15 digits the spreadsheet shows.
fn float(number: f64) -> String {
    if !number.is_finite() {
        return "#NUM!".to_owned();
    }
    if number.abs() >= EXACT_BELOW {
        return format!("{number:E}");
    }
    if number.fract() == 0.0 {
        return format!("{number:.0}");
    }
    let shown = format!("{number:.14e}");
    shown.parse::<f64>().map_or(shown, |rounded| rounded.to_string())
}

fn moment(at: &calamine::ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = at.to_ymd_hms_milli();
    // A time typed as 09:30 is stored a hair below it.
    let second = if milli >= 500 { second + 1 } else { second };
    let (minute, second) = if second > 59 { (minute + 1, 0) } else { (minute, second) };
    let (hour, minute) = if minute > 59 { (hour + 1, 0) } else { (hour, minute) };
    let (hour, minute, second) = if hour > 23 { (23, 59, 59) } else { (hour, minute, second) };
    let time = format!("{hour:02}:{minute:02}:{second:02}");
    if at.as_f64() < 1.0 {
        return time;
    }
    let date = format!("{year:04}-{month:02}-{day:02}");
    if at.as_f64().fract() == 0.0 { date } else { format!("{date} {time}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{CellErrorType, ExcelDateTime, ExcelDateTimeType};

    #[test]
    fn values_read_as_they_were_typed() {
        let table = [
            (DataRef::Empty, ""),
            (DataRef::SharedString(" 李雷\r\n先生 "), "李雷  先生"),
            (DataRef::Float(13_800_138_000.0), "13800138000"),
            (DataRef::Float(-7.0), "-7"),
            (DataRef::Float(19.9 * 3.0), "59.7"),
            (DataRef::Float(0.000_001), "0.000001"),
            (DataRef::Float(110_101_199_003_071_234.0), "1.1010119900307123E17"),
            (DataRef::Float(f64::NAN), "#NUM!"),
            (DataRef::Int(42), "42"),
            (DataRef::Bool(true), "TRUE"),
            (DataRef::Error(CellErrorType::NA), "#N/A"),
        ];
        for (value, wanted) in table {
            assert_eq!(text(&value), wanted, "{value:?}");
        }
    }

    #[test]
    fn dates_of_both_epochs_are_the_same_day() {
        let at = |value, is_1904| {
            DataRef::DateTime(ExcelDateTime::new(value, ExcelDateTimeType::DateTime, is_1904))
        };
        assert_eq!(text(&at(46_325.0, false)), "2026-10-30");
        assert_eq!(text(&at(46_325.0 - 1_462.0, true)), "2026-10-30");
        assert_eq!(text(&at(46_325.395_833_333_3, false)), "2026-10-30 09:30:00");
        assert_eq!(text(&at(0.395_833_333_333, false)), "09:30:00");
    }
}
