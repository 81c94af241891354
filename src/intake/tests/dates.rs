//! Dates of real files, day-month order, zones, amounts.

use crate::intake::amount::{canonical, score, thousandths};
use crate::intake::dates::{DateEvidence, DateFault, DateOrder, DateReading, parse};
use chrono_tz::Tz;

fn reading(values: &[&str]) -> DateReading {
    let mut evidence = DateEvidence::default();
    values.iter().for_each(|v| evidence.observe(v));
    evidence.reading(None)
}

fn at(raw: &str, order: DateOrder) -> Result<Option<String>, DateFault> {
    let reading = DateReading { order, assumed: false, mixed: false, serials: false };
    parse(raw, reading, Tz::UTC).map(|m| m.map(|m| m.to_rfc3339()))
}

fn in_zone(raw: &str, zone: Tz) -> String {
    parse(raw, reading(&[]), zone).unwrap().unwrap().to_rfc3339()
}

#[test]
fn spellings() {
    use DateOrder::*;
    for (raw, order, iso) in [
        ("2018-02-01", Dmy, "2018-02-01T00:00:00.000Z"),
        ("20210105", Dmy, "2021-01-05T00:00:00.000Z"),
        ("20210105143000", Dmy, "2021-01-05T14:30:00.000Z"),
        ("2018-02-26 19:58:54", Dmy, "2018-02-26T19:58:54.000Z"),
        ("2018-02-26T19:58:54Z", Dmy, "2018-02-26T19:58:54.000Z"),
        ("2011-10-01T00:38:44.546+02:00", Dmy, "2011-09-30T22:38:44.546Z"),
        ("2025-09-12T15:05:13+05:30", Dmy, "2025-09-12T09:35:13.000Z"),
        ("2025-09-12T15:05:13+0000", Dmy, "2025-09-12T15:05:13.000Z"),
        ("2025-09-12 15:05:13 UTC", Dmy, "2025-09-12T15:05:13.000Z"),
        ("2025-09-12 15:05 +08", Dmy, "2025-09-12T07:05:00.000Z"),
        ("26-02-2018 19:58", Dmy, "2018-02-26T19:58:00.000Z"),
        ("26.02.2018", Dmy, "2018-02-26T00:00:00.000Z"),
        ("01-02-2018", Dmy, "2018-02-01T00:00:00.000Z"),
        ("1/2/2018", Mdy, "2018-01-02T00:00:00.000Z"),
        ("1/18/2021 0:00", Mdy, "2021-01-18T00:00:00.000Z"),
        ("1/18/21 3:04 PM", Mdy, "2021-01-18T15:04:00.000Z"),
        ("1/18/2021 12:04 AM", Mdy, "2021-01-18T00:04:00.000Z"),
        ("18/1/21", Dmy, "2021-01-18T00:00:00.000Z"),
        ("21/1/18", Ymd, "2021-01-18T00:00:00.000Z"),
        ("15 Apr, 2021 00:03:00", Dmy, "2021-04-15T00:03:00.000Z"),
        ("Apr 15, 2021", Dmy, "2021-04-15T00:00:00.000Z"),
        ("April 15th, 2021 3:04 p.m.", Dmy, "2021-04-15T15:04:00.000Z"),
        ("Thu, 15 Apr 2021 00:03:00 GMT", Dmy, "2021-04-15T00:03:00.000Z"),
        ("15-Apr-21", Dmy, "2021-04-15T00:00:00.000Z"),
        ("2021-Apr-15", Dmy, "2021-04-15T00:00:00.000Z"),
        ("2026年1月2日", Dmy, "2026-01-02T00:00:00.000Z"),
        ("2026年1月2日 15:04", Dmy, "2026-01-02T15:04:00.000Z"),
        ("2026年1月2日 下午3时04分05秒", Dmy, "2026-01-02T15:04:05.000Z"),
        ("2026年1月2日9点", Dmy, "2026-01-02T09:00:00.000Z"),
        ("2026年1月2日 9时30分", Dmy, "2026-01-02T09:30:00.000Z"),
        ("2026/1/2", Dmy, "2026-01-02T00:00:00.000Z"),
        ("２０２６／１／２　９：０５", Dmy, "2026-01-02T09:05:00.000Z"),
        ("2026.01.02", Dmy, "2026-01-02T00:00:00.000Z"),
        ("1524009600", Dmy, "2018-04-18T00:00:00.000Z"),
        ("1524009600123", Dmy, "2018-04-18T00:00:00.123Z"),
        ("2016-12-31 23:59:60", Dmy, "2016-12-31T23:59:59.000Z"),
    ] {
        assert_eq!(at(raw, order), Ok(Some(iso.to_string())), "{raw}");
    }
    for blank in ["", "  ", "N/A", "null", "-"] {
        assert_eq!(at(blank, Dmy), Ok(None), "{blank:?}");
    }
    for (raw, fault) in [
        ("yesterday", DateFault::Unreadable),
        ("2021-13-01", DateFault::Impossible),
        ("2021-02-30", DateFault::Impossible),
        ("30-02-2021", DateFault::Impossible),
        ("2021-02-03 25:00", DateFault::Impossible),
        ("44561", DateFault::ExcelSerial),
        ("44561.5", DateFault::ExcelSerial),
        ("1021-01-01", DateFault::OutOfRange),
        ("12/2021", DateFault::Unreadable),
        ("1-2-3-4", DateFault::Unreadable),
        ("2021-01-01 10:00 MOON", DateFault::Unreadable),
        ("123", DateFault::Unreadable),
        ("99999999", DateFault::OutOfRange),
        ("::", DateFault::Unreadable),
        ("年月日", DateFault::Unreadable),
    ] {
        assert_eq!(at(raw, Dmy), Err(fault), "{raw}");
    }
}

#[test]
fn order_is_settled_by_the_column() {
    use DateOrder::*;
    let of = |values: &[&str]| {
        let r = reading(values);
        (r.order, r.assumed, r.mixed)
    };
    assert_eq!(of(&["01-02-2018", "20-10-2017"]), (Dmy, false, false));
    assert_eq!(of(&["1/2/2018", "10/20/2017"]), (Mdy, false, false));
    assert_eq!(of(&["1/2/2018", "20/10/2017"]), (Dmy, false, false));
    assert_eq!(of(&["1/2/2018", "3/4/2018"]), (Mdy, true, false));
    assert_eq!(of(&["01-02-2018", "03-04-2018"]), (Dmy, true, false));
    assert_eq!(of(&["05-05-2018"]), (Dmy, false, false));
    assert_eq!(of(&["2018-01-02"]), (Dmy, false, false));
    assert_eq!(of(&["13-01-2018", "14-01-2018", "01-13-2018"]), (Dmy, false, true));
    assert!(reading(&["44561", "44562.5", ""]).serials);
    assert!(!reading(&["44561", "2021-01-01"]).serials);
    let serial = reading(&["44561.5"]);
    assert_eq!(parse("44561.5", serial, Tz::UTC).unwrap().unwrap().to_rfc3339(), "2021-12-31T12:00:00.000Z");
}

#[test]
fn gaps_and_overlaps() {
    let (shanghai, york, lord) = (Tz::Asia__Shanghai, Tz::America__New_York, Tz::Australia__Lord_Howe);
    assert_eq!(in_zone("2026-01-02 08:00", shanghai), "2026-01-02T00:00:00.000Z");
    assert_eq!(
        in_zone("2026-03-08 02:30", york),
        "2026-03-08T07:00:00.000Z",
        "in the gap: the first instant after"
    );
    assert_eq!(in_zone("2026-03-08 03:00", york), "2026-03-08T07:00:00.000Z");
    assert_eq!(in_zone("2026-11-01 01:30", york), "2026-11-01T05:30:00.000Z", "in the overlap: the first");
    assert_eq!(in_zone("2026-10-04 02:15", lord), "2026-10-03T15:30:00.000Z", "a gap of half an hour");
    assert_eq!(
        in_zone("1991-04-14 02:30", shanghai),
        in_zone("1991-04-14 03:00", shanghai),
        "China had summer time"
    );
    assert_eq!(
        in_zone("2011-12-30 12:00", Tz::Pacific__Apia),
        "2011-12-30T10:00:00.000Z",
        "a day that never was"
    );
}

#[test]
fn amounts() {
    for (raw, value) in [
        ("1054", 1_054_000),
        ("$22,700.00", 22_700_000),
        ("$1,117.10K", 1_117_100_000),
        ("$200,000 ", 200_000_000),
        ("0.5", 500),
        ("1.5万", 15_000_000),
        ("¥1,000", 1_000_000),
        ("１２３", 123_000),
        ("1.234,56", 1_234_560),
        ("1,5", 1_500),
        ("-3", -3_000),
        ("(200)", -200_000),
        ("3558.5", 3_558_500),
        ("1,234,567", 1_234_567_000),
        ("1.2m", 1_200_000_000),
        ("100元", 100_000),
    ] {
        assert_eq!(thousandths(raw), Some(value), "{raw}");
    }
    for raw in ["", "abc", "12a", "1-2", "$", "k", ".", "99999999999999999999999999999999999999999"] {
        assert_eq!(thousandths(raw), None, "{raw}");
    }
    assert_eq!(
        (score("87"), score("87.0"), score("87%"), score("87.5"), score("x")),
        (Some(87), Some(87), Some(87), None, None)
    );
    assert_eq!(
        (canonical("0.0"), canonical("1.50"), canonical("10"), canonical("a.0")),
        (Some("0"), Some("1.5"), None, None)
    );
}
