//! Objects of strangers' fields to drafts, by the same mapper that reads JSON lines and CSV. What a sender may not decide over
//! HTTP, the owner and the state, is kept as `x.owner` and `x.state` and not obeyed: the desk decides who gets a lead.

use std::borrow::Cow;

use chrono_tz::Tz;
use rustc_hash::FxHashMap;

use super::json::{Json, number_text};
use crate::intake::csv::{MAX_COLUMNS, RawRow};
use crate::intake::dates::{self, DateEvidence};
use crate::intake::field::{NAMES, Target};
use crate::intake::mapping::{ColumnTarget, Mapping, Why};
use crate::intake::row::{LeadDraft, Reason, Rejection, RowReader, Warning, WarningKind};
use crate::intake::state::StateTable;
use crate::model::contact::{CountryCode, cleaned};
use smol_str::SmolStr;

/// Levels of objects within objects that become fields of their own; deeper ones stay JSON text.
const DEPTH_MAX: usize = 4;

/// Names and texts in the order sent.
pub type Pairs = Vec<(String, String)>;
/// A name and a text as they stand in the request, where they can be left there.
pub type Field<'a> = (Cow<'a, str>, Cow<'a, str>);

/// The fields of an object: what lies deeper is named by its path (`contact.phone`), lists become `a; b`.
#[must_use]
pub fn fields(object: &Json) -> Vec<Field<'_>> {
    let mut found = Vec::with_capacity(object.pairs().len());
    for (key, value) in object.pairs() {
        flatten(Cow::Borrowed(key), value, 1, &mut found);
    }
    found
}

/// The same to be kept.
#[must_use]
pub fn pairs(object: &Json) -> Pairs {
    fields(object).into_iter().map(|(name, text)| (name.into_owned(), text.into_owned())).collect()
}

fn flatten<'a>(name: Cow<'a, str>, value: &'a Json, depth: usize, found: &mut Vec<Field<'a>>) {
    match value {
        Json::Object(inner) if depth < DEPTH_MAX => {
            for (key, value) in inner {
                flatten(Cow::Owned(format!("{name}.{key}")), value, depth + 1, found);
            }
        }
        other => found.push((name, cell(other))),
    }
}

/// A value as the text of a cell.
#[must_use]
pub fn text(value: &Json) -> String {
    cell(value).into_owned()
}

fn cell(value: &Json) -> Cow<'_, str> {
    const BREAKS: [char; 3] = ['\r', '\n', '\t'];
    match value {
        Json::Null => Cow::Borrowed(""),
        Json::Bool(yes) => Cow::Borrowed(if *yes { "true" } else { "false" }),
        Json::Number(number) => Cow::Owned(number_text(number)),
        Json::Text(text) if text.contains(BREAKS) => Cow::Owned(text.replace(BREAKS, " ")),
        Json::Text(text) => Cow::Borrowed(text),
        Json::List(items) if items.iter().all(|i| !matches!(i, Json::List(_) | Json::Object(_))) => {
            Cow::Owned(items.iter().map(text).filter(|t| !t.is_empty()).collect::<Vec<_>>().join("; "))
        }
        Json::List(items) => {
            Cow::Owned(format!("[{}]", items.iter().map(text).collect::<Vec<_>>().join(", ")))
        }
        Json::Object(pairs) => {
            let pairs: Vec<String> = pairs.iter().map(|(k, v)| format!("{k}: {}", text(v))).collect();
            Cow::Owned(format!("{{{}}}", pairs.join(", ")))
        }
    }
}

/// How fields are read.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    pub zone: Tz,
    pub country: CountryCode,
    /// `name=field`, over what is guessed.
    pub maps: &'a [String],
}

/// A draft a row, or why not; in the order sent.
#[must_use]
pub fn drafts<T: AsRef<str>>(
    rows: &[Vec<(T, T)>],
    reading: &Reading<'_>,
) -> Vec<Result<LeadDraft, Rejection>> {
    let most = rows.iter().map(Vec::len).max().unwrap_or_default();
    let mut headers: Vec<String> = Vec::with_capacity(most);
    let mut known: FxHashMap<Cow<'_, str>, usize> = FxHashMap::default();
    known.reserve(most);
    let mut place = |name| {
        let name = cleaned(name);
        *known.entry(name).or_insert_with_key(|name| {
            headers.push(name.to_string());
            headers.len() - 1
        })
    };
    // The column of each field, a row.
    let places: Vec<Vec<usize>> =
        rows.iter().map(|pairs| pairs.iter().map(|(name, _)| place(name.as_ref())).collect()).collect();
    if headers.len() > MAX_COLUMNS {
        let refusal = Rejection { reason: Reason::TooManyColumns, ..Rejection::whole_row() };
        return rows.iter().map(|_| Err(refusal.clone())).collect();
    }
    let raw: Vec<RawRow> = rows
        .iter()
        .zip(&places)
        .enumerate()
        .map(|(at, (pairs, places))| {
            let mut cells = vec![Cow::Borrowed(""); headers.len()];
            for ((_, text), place) in pairs.iter().zip(places) {
                let (Some(cell), text) = (cells.get_mut(*place), text.as_ref()) else { continue };
                if cell.is_empty() {
                    *cell = Cow::Borrowed(text);
                } else if !text.is_empty() {
                    // A field sent twice, as forms do with boxes to tick.
                    let cell = cell.to_mut();
                    cell.push_str("; ");
                    cell.push_str(text);
                }
            }
            let cells: Vec<&str> = cells.iter().map(|cell| &**cell).collect();
            RawRow::of(at as u64 + 1, &cells)
        })
        .collect();
    let mut mapping = Mapping::guess(&headers, &raw);
    for map in reading.maps {
        // A field the mapping names and this request lacks is no fault of the request.
        let _ = mapping.apply_override(map);
    }
    disarm(&mut mapping);
    let reader =
        RowReader { mapping, states: StateTable::default(), zone: reading.zone, country: reading.country };
    raw.iter()
        .map(|row| {
            let mut draft = read(&reader, row)?;
            flag_dates(&reader.mapping, row, &mut draft);
            Ok(draft)
        })
        .collect()
}

/// A file's table of columns tells once how its moments were read; a request has no such table, so each lead says it.
fn flag_dates(mapping: &Mapping, row: &RawRow, draft: &mut LeadDraft) {
    for (at, column) in mapping.columns.iter().enumerate().filter(|(at, _)| !row.get(*at).is_empty()) {
        let is_unread = column.why == Why::ValuesDiffer && names_arrival(&column.header);
        let is_assumed =
            column.target == Target::ReceivedAt && column.dates.is_some_and(|dates| dates.assumed);
        let kind = match (is_unread, is_assumed) {
            (true, _) => WarningKind::NotADate,
            (_, true) => WarningKind::AssumedDate,
            _ => continue,
        };
        draft.warnings.push(Warning { column: at + 1, kind, value: String::new() });
    }
}

fn names_arrival(header: &str) -> bool {
    NAMES.assign(&[header.to_owned()]).into_iter().flatten().next() == Some(Target::ReceivedAt)
}

fn read(reader: &RowReader, row: &RawRow) -> Result<LeadDraft, Rejection> {
    reader.read(row).unwrap_or_else(|| Err(Rejection { line: row.line, ..Rejection::whole_row() }))
}

/// Owner and state are told, not obeyed.
fn disarm(mapping: &mut Mapping) {
    for column in &mut mapping.columns {
        let name = match column.target {
            Target::Owner => "owner",
            Target::State => "state",
            _ => continue,
        };
        column.target = Target::Custom(SmolStr::new_static(name));
    }
}

/// A draft of fields whose meaning is known, as an adapter reads them. Dates are read in `zone`; one that cannot be read is
/// kept as it was sent and told: a vendor will not send the lead again for it.
///
/// # Errors
/// Why it is none.
pub fn known(cells: &[(Target, String)], zone: Tz, country: CountryCode) -> Result<LeadDraft, Rejection> {
    let dates = DateEvidence::default().reading(None);
    let is_unread = |target: &Target, text: &str| {
        *target == Target::ReceivedAt && dates::parse(text, dates, zone).is_err()
    };
    let columns = cells.iter().map(|(target, text)| ColumnTarget {
        header: target.name().to_string(),
        target: if is_unread(target, text) {
            Target::Custom(SmolStr::new_static("received_at"))
        } else {
            target.clone()
        },
        why: Why::Given,
        dates: (*target == Target::ReceivedAt).then_some(dates),
        example: SmolStr::default(),
    });
    let mut mapping = Mapping { columns: columns.collect() };
    let unread = cells.iter().position(|(target, text)| is_unread(target, text));
    disarm(&mut mapping);
    let reader = RowReader { mapping, states: StateTable::default(), zone, country };
    let cells: Vec<&str> = cells.iter().map(|(_, text)| text.as_str()).collect();
    let mut padded = cells.clone();
    // A row of one cell where many belong is taken for a torn line; here it is what it is.
    padded.resize(reader.mapping.columns.len(), "");
    let mut draft = read(&reader, &RawRow::of(1, &padded))?;
    if let Some(at) = unread {
        let (kind, value) = (WarningKind::NotADate, String::new());
        draft.warnings.push(Warning { column: at + 1, kind, value });
    }
    Ok(draft)
}

#[cfg(test)]
mod tests {
    use super::super::json::parse;
    use super::*;

    fn read_all(text: &str) -> Vec<Result<LeadDraft, Rejection>> {
        let rows: Vec<Pairs> = parse(text.as_bytes()).unwrap().items().iter().map(pairs).collect();
        let reading = Reading { zone: Tz::Asia__Shanghai, country: CountryCode::CN, maps: &[] };
        drafts(&rows, &reading)
    }

    #[test]
    fn fields_are_read_as_from_a_file() {
        let read = read_all(
            "[{\"姓名\":\"李雷\",\"手机\":13800138000,\"utm\":{\"term\":\"crm\"},\"负责人\":\"zhang\",\"状态\":\"成交\"},
              {\"姓名\":\"Ann\",\"email\":\"a@b.co\"}, {}]",
        );
        let first = read[0].as_ref().unwrap();
        assert_eq!((first.name.as_str(), first.phone.as_str()), ("李雷", "13800138000"));
        assert_eq!((first.owner.as_ref(), first.state), (None, None));
        let custom: Vec<(&str, &str)> = first.custom.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
        assert_eq!(custom, [("utm_term", "crm"), ("owner", "zhang"), ("state", "成交")]);
        assert_eq!(read[1].as_ref().unwrap().email, "a@b.co");
        assert_eq!(read[2].as_ref().unwrap_err().reason, Reason::NothingToKeep);
    }

    #[test]
    fn numbers_are_what_was_meant_and_doubtful_moments_are_told() {
        let read = read_all(r#"[{"id":1e3,"phone":1.3800138e10,"created_at":"2026-11-02T09:30:00+08:00"}]"#);
        let lead = read[0].as_ref().unwrap();
        assert_eq!((lead.external_id.as_deref(), lead.phone.as_str()), (Some("1000"), "13800138000"));
        assert_eq!((lead.warnings.len(), lead.received_at.is_some()), (0, true));
        for (at, kind) in [
            ("2026-11-02T09:30:00+25:00", WarningKind::NotADate),
            ("99999999999999999", WarningKind::NotADate),
            ("10/11/2026", WarningKind::AssumedDate),
        ] {
            let read = read_all(&format!(r#"[{{"name":"A","created_at":"{at}"}}]"#));
            let lead = read[0].as_ref().unwrap();
            assert_eq!(lead.warnings.iter().map(|w| w.kind).collect::<Vec<_>>(), [kind], "{at}");
            assert_eq!(lead.received_at.is_some(), kind == WarningKind::AssumedDate, "{at}");
        }
        // Which day it is in another row settles it; then nothing is assumed.
        let read = read_all(r#"[{"name":"A","date":"10/11/2026"},{"name":"B","date":"31/12/2026"}]"#);
        assert!(read.iter().all(|lead| lead.as_ref().unwrap().warnings.is_empty()));
    }

    #[test]
    fn an_id_that_would_have_to_be_cut_is_refused() {
        let rows = format!(
            r#"[{{"id":"{0}1","name":"A"}},{{"id":"{1}","name":"B"}}]"#,
            "x".repeat(200),
            "y".repeat(200)
        );
        let read = read_all(&rows);
        assert_eq!(read[0].as_ref().unwrap_err().reason, Reason::LongId);
        assert!(read[1].is_ok());
    }

    #[test]
    fn a_single_known_cell_is_enough() {
        let cells = [(Target::Phone, "13800138000".to_owned())];
        assert!(known(&cells, Tz::UTC, CountryCode::CN).is_ok());
        // A moment that is none costs nobody the lead.
        let cells = [(Target::ReceivedAt, i64::MAX.to_string()), (Target::Name, "A".to_owned())];
        let draft = known(&cells, Tz::UTC, CountryCode::CN).unwrap();
        assert_eq!((draft.received_at, draft.custom.len(), draft.warnings.len()), (None, 1, 1));
    }
}
