//! Lines of JSON, one object each, as rows: the keys of all lines are the columns, in the order they first appear. What
//! lies deeper is named by its path (`contact.phone`). A line that is no object is a refused row, not a refused file.

use super::csv::{MAX_COLUMNS, MAX_ROW_BYTES, RowFault};
use super::error::IntakeError;
use super::http::json::number_text;
use super::table::Table;
use rustc_hash::FxHashMap;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use std::path::Path;

/// Levels of objects within objects that become columns; deeper ones stay JSON text.
const DEPTH_MAX: usize = 4;

/// Whether a file that begins so is one of JSON lines.
#[must_use]
pub fn looks_like(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    head.iter().find(|b| !b.is_ascii_whitespace()) == Some(&b'{')
}

/// Reads all lines, the header row first. Lines count from 1.
///
/// # Errors
/// More keys than columns are read, or more text than is held.
pub fn read(path: &Path, bytes: &[u8]) -> Result<Table, IntakeError> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut columns = Columns::default();
    for line in bytes.split(|b| *b == b'\n') {
        if let Ok(Some(object)) = object(line) {
            object.each(|name, _| columns.of(name));
        }
        if columns.names.len() > MAX_COLUMNS {
            let columns = columns.names.len();
            return Err(IntakeError::TooManyColumns { path: path.to_path_buf(), columns });
        }
    }
    let mut table = Table::default();
    let full = |_| IntakeError::Unreadable {
        path: path.to_path_buf(),
        why: format!(
            "more than {} MB of text or {} lines",
            super::table::TABLE_BYTES_MAX >> 20,
            super::table::TABLE_ROWS_MAX
        ),
    };
    table.push(1, None, columns.names.iter().map(String::as_str)).map_err(full)?;
    let mut cells = vec![String::new(); columns.names.len()];
    for (index, line) in bytes.split(|b| *b == b'\n').enumerate() {
        let number = index as u64 + 1;
        match object(line) {
            Ok(None) => {}
            Ok(Some(object)) => {
                cells.iter_mut().for_each(String::clear);
                object.each(|name, text| {
                    if let Some(cell) = columns.places.get(name).and_then(|at| cells.get_mut(*at)) {
                        cell.push_str(&text);
                    }
                });
                table.push(number, None, cells.iter().map(String::as_str)).map_err(full)?;
            }
            Err(column) => {
                let text =
                    String::from_utf8_lossy(line.get(..line.len().min(MAX_ROW_BYTES)).unwrap_or_default());
                let fault = RowFault::NotJson { line: number, column };
                table.push(number, Some(fault), std::iter::once(text.as_ref())).map_err(full)?;
            }
        }
    }
    Ok(table)
}

#[derive(Default)]
struct Columns {
    names: Vec<String>,
    places: FxHashMap<String, usize>,
}

impl Columns {
    fn of(&mut self, name: &str) {
        if !self.places.contains_key(name) && self.names.len() <= MAX_COLUMNS {
            self.places.insert(name.to_owned(), self.names.len());
            self.names.push(name.to_owned());
        }
    }
}

/// The object of a line; `None` for a blank line.
///
/// # Errors
/// The character, from 1, at which it stops being one.
fn object(line: &[u8]) -> Result<Option<Object>, usize> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    if line.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    if line.len() > MAX_ROW_BYTES {
        return Err(MAX_ROW_BYTES);
    }
    serde_json::from_slice(line).map(Some).map_err(|e| e.column().max(1))
}

/// Keys and values in the order they stand.
struct Object(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Object;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Object(pairs))
            }
        }
        from.deserialize_map(Pairs)
    }
}

impl Object {
    /// Each column this object fills, and its text. A key that stands twice is joined.
    fn each(self, mut take: impl FnMut(&str, String)) {
        for (key, value) in self.0 {
            flatten(&key, value, 1, &mut take);
        }
    }
}

fn flatten(name: &str, value: Value, depth: usize, take: &mut impl FnMut(&str, String)) {
    match value {
        Value::Object(inner) if depth < DEPTH_MAX => {
            for (key, value) in inner {
                flatten(&format!("{name}.{key}"), value, depth + 1, take);
            }
        }
        other => take(name, text(&other)),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Number(number) => number_text(number),
        Value::String(text) => text.replace(['\r', '\n', '\t'], " "),
        Value::Array(items) if items.iter().all(|i| !i.is_object() && !i.is_array()) => {
            items.iter().map(text).collect::<Vec<_>>().join("; ")
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::csv::RawRow;
    use crate::intake::table::TableRows;
    use std::sync::Arc;

    fn rows(text: &str) -> Vec<(u64, Option<RowFault>, Vec<String>)> {
        let table = read(Path::new("x.jsonl"), text.as_bytes()).unwrap();
        let mut rows = TableRows::new(Arc::new(table), 1);
        let (mut row, mut all) = (RawRow::default(), Vec::new());
        while rows.read(&mut row) {
            all.push((row.line, row.fault, row.cells().map(str::to_owned).collect()));
        }
        all
    }

    #[test]
    fn keys_of_all_lines_are_the_columns_and_depth_is_a_path() {
        let read = rows(
            "\u{FEFF}{\"name\":\"李雷\",\"contact\":{\"phone\":13800138000,\"mail\":null}}\r\n\n{\"tags\":[\"a\",2.0],\"name\":\"Ann\\nLee\"}\n",
        );
        assert_eq!(read[0].2, ["name", "contact.mail", "contact.phone", "tags"]);
        assert_eq!(
            (read[1].0, &read[1].2[..]),
            (1, &["李雷".into(), String::new(), "13800138000".into(), String::new()][..])
        );
        assert_eq!(
            (read[2].0, &read[2].2[..]),
            (3, &["Ann Lee".into(), String::new(), String::new(), "a; 2".into()][..])
        );
    }

    #[test]
    fn a_line_that_is_no_object_is_one_refused_row() {
        let deep = "{\"a\":".repeat(10_000);
        let read = rows(&format!("{{\"id\":1}}\n[1,2]\n{{\"id\":2\n{deep}\n{{\"id\":3}}"));
        let faults: Vec<bool> = read.iter().map(|r| r.1.is_some()).collect();
        assert_eq!(faults, [false, false, true, true, true, false]);
        assert_eq!(read[3].1, Some(RowFault::NotJson { line: 3, column: 7 }));
        assert!(looks_like(b" \n{\"a\":1}") && !looks_like(b"id,name\n"));
    }
}
