//! JSON as strangers send it, read strictly: UTF-8, one meaning only. A key that stands twice, more than [`DEPTH_MAX`] levels,
//! a number beyond what a number can hold, half a surrogate pair and anything after the end are refused with their place.
//! Keys keep their order. It knows nothing of leads.

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// Most levels of arrays and objects within each other.
pub const DEPTH_MAX: usize = 32;
/// Whole numbers below this are exact in every program's numbers (2^53).
const WHOLE_MAX: f64 = 9_007_199_254_740_992.0;
/// What some senders put before UTF-8; it means nothing.
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Keys of an object up to which each is held against all.
const KEYS_FEW: usize = 16;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

/// Where and why a text is no JSON of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonFault {
    /// From 1.
    pub line: usize,
    /// From 1; bytes.
    pub column: usize,
    pub why: String,
}

/// Reads one value.
///
/// # Errors
/// See the head of this file.
pub fn parse(bytes: &[u8]) -> Result<Json, JsonFault> {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    if let Err(bad) = std::str::from_utf8(bytes) {
        let before = bytes.get(..bad.valid_up_to()).unwrap_or_default();
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|b| **b != b'\n').count() + 1;
        return Err(JsonFault { line, column, why: "this is not UTF-8".into() });
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Level(DEPTH_MAX).deserialize(&mut reader).and_then(|value| reader.end().map(|()| value));
    value.map_err(|error| JsonFault {
        line: error.line().max(1),
        column: error.column().max(1),
        why: reason(&error),
    })
}

/// serde_json's reason without its own "at line … column …".
fn reason(error: &serde_json::Error) -> String {
    let said = error.to_string();
    said.split(" at line ").next().unwrap_or_default().to_owned()
}

/// How many levels may still be opened.
#[derive(Clone, Copy)]
struct Level(usize);

impl Level {
    fn down<E: Error>(self) -> Result<Level, E> {
        self.0.checked_sub(1).map(Level).ok_or_else(|| E::custom(format!("more than {DEPTH_MAX} levels")))
    }
}

impl<'de> DeserializeSeed<'de> for Level {
    type Value = Json;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Json, D::Error> {
        from.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Level {
    type Value = Json;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Json, E> {
        Number::from_f64(value).map(Json::Number).ok_or_else(|| E::custom("number out of range"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let level = self.down()?;
        let mut items = Vec::new();
        while let Some(item) = from.next_element_seed(level)? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Json, A::Error> {
        let level = self.down()?;
        let mut pairs: Vec<(String, Json)> = Vec::new();
        // Few keys are compared one by one; many would cost the square of their number.
        let mut many = rustc_hash::FxHashSet::default();
        while let Some(key) = from.next_key::<String>()? {
            if pairs.len() == KEYS_FEW {
                many.extend(pairs.iter().map(|(key, _)| key.clone()));
            }
            let is_new = if pairs.len() < KEYS_FEW {
                pairs.iter().all(|(known, _)| *known != key)
            } else {
                many.insert(key.clone())
            };
            if !is_new {
                return Err(A::Error::custom("a key stands twice"));
            }
            pairs.push((key, from.next_value_seed(level)?));
        }
        Ok(Json::Object(pairs))
    }
}

impl Json {
    /// The value under a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(pairs) => pairs.iter().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// The value at a path of keys, `a.b.c`; a number is a place in a list.
    #[must_use]
    pub fn at(&self, path: &str) -> Option<&Json> {
        path.split('.').try_fold(self, |value, key| match value {
            Json::List(items) => key.parse::<usize>().ok().and_then(|at| items.get(at)),
            other => other.get(key),
        })
    }

    /// The items of a list, none for anything else.
    #[must_use]
    pub fn items(&self) -> &[Json] {
        match self {
            Json::List(items) => items,
            _ => &[],
        }
    }

    /// The pairs of an object, none for anything else.
    #[must_use]
    pub fn pairs(&self) -> &[(String, Json)] {
        match self {
            Json::Object(pairs) => pairs,
            _ => &[],
        }
    }

    /// A text or number under a key as text, trimmed; `None` when absent, null, blank or something deeper.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<String> {
        let text = match self.at(path)? {
            Json::Text(text) => text.trim().to_owned(),
            Json::Number(number) => number_text(number),
            _ => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// A whole number at a path, also one written as text.
    #[must_use]
    pub fn whole(&self, path: &str) -> Option<i64> {
        match self.at(path)? {
            Json::Number(number) => number.as_i64(),
            Json::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Whether a path holds true, "true" or 1.
    #[must_use]
    pub fn is_true(&self, path: &str) -> bool {
        match self.at(path) {
            Some(Json::Bool(yes)) => *yes,
            Some(Json::Text(text)) => text.eq_ignore_ascii_case("true") || text == "1",
            Some(Json::Number(number)) => number.as_i64() == Some(1),
            _ => false,
        }
    }
}

/// A number as its sender would read it aloud: what is whole is written whole, however it was sent (`1.38e10`), so that a
/// phone or an id of a program that knows only one kind of number stays what it is.
#[must_use]
pub fn number_text(number: &Number) -> String {
    let whole = number.as_f64().filter(|n| number.is_f64() && n.fract() == 0.0 && n.abs() < WHOLE_MAX);
    match whole {
        // Adding nothing takes the sign off nothing.
        Some(whole) => format!("{:.0}", whole + 0.0),
        None => number.to_string(),
    }
}

/// The line, from 1, on which each item of the outermost list begins, or of the list under the key of an outermost object.
#[must_use]
pub fn item_lines(bytes: &[u8]) -> Vec<usize> {
    let bytes = bytes.strip_prefix(BOM).unwrap_or(bytes);
    let (mut lines, mut line, mut depth) = (Vec::new(), 1, 0usize);
    let (mut in_text, mut escaped) = (false, false);
    // The depth at which items stand: within `[`, or within `{"leads": [`.
    let outer = bytes.iter().find(|b| !b.is_ascii_whitespace());
    let items = if outer == Some(&b'[') { 1 } else { 2 };
    // Whatever stands first behind `[` or a comma there is an item, also a number where an object belongs.
    let mut is_next = false;
    for byte in bytes {
        if in_text {
            (in_text, escaped) = (escaped || *byte != b'"', !escaped && *byte == b'\\');
        } else if !byte.is_ascii_whitespace() {
            if is_next && depth == items && *byte != b']' {
                lines.push(line);
            }
            is_next = (depth == items && *byte == b',') || (depth + 1 == items && *byte == b'[');
            match byte {
                b'"' => in_text = true,
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        line += usize::from(*byte == b'\n');
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stands_once_among_few_and_among_many() {
        for count in [2, KEYS_FEW, KEYS_FEW + 1, 100] {
            let object = |twice: usize| {
                let keys = (0..count).chain([twice]).map(|key| format!("\"k{key}\":1"));
                format!("{{{}}}", keys.collect::<Vec<_>>().join(","))
            };
            assert!(parse(object(count).as_bytes()).is_ok(), "{count}");
            for twice in [0, count / 2, count - 1] {
                assert!(parse(object(twice).as_bytes()).is_err(), "{twice} of {count}");
            }
        }
    }

    #[test]
    fn what_has_two_meanings_is_refused_with_its_place() {
        for (text, line) in [
            (&b"{\"a\":1,\n\"a\":2}"[..], 2),
            (b"{\"a\":NaN}", 1),
            (b"{\"a\":1e400}", 1),
            (b"{\"a\":\"\\ud800\"}", 1),
            (b"{\"a\":\n\"\xff\"}", 2),
            (b"{} {}", 1),
            (b"", 1),
            (b"{\"a\":1,}", 1),
            (b"{\"a\":01}", 1),
        ] {
            let fault = parse(text).unwrap_err();
            assert_eq!(fault.line, line, "{fault:?}");
            assert!(fault.column >= 1 && !fault.why.contains(" at line"), "{fault:?}");
        }
    }

    #[test]
    fn depth_is_bounded_and_order_kept() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(nested(DEPTH_MAX).as_bytes()).is_ok());
        assert!(parse(nested(DEPTH_MAX + 1).as_bytes()).unwrap_err().why.contains("levels"));
        assert!(parse("[".repeat(200_000).as_bytes()).is_err());
        let read = parse(b"\xEF\xBB\xBF{\"z\":1,\"a\":{\"b\":[\"x\",7]}}").unwrap();
        assert_eq!(read.pairs()[0].0, "z");
        assert_eq!(read.text("a.b.1").as_deref(), Some("7"));
        assert_eq!(read.text("a.b"), None);
    }

    #[test]
    fn a_number_that_is_whole_is_written_whole() {
        let read =
            parse(b"[1.3800138000e10, 13800138000.0, 1e3, -2.0, 2.5, 18446744073709551615, 1e20]").unwrap();
        let texts: Vec<String> = (0..7).filter_map(|at| read.text(&at.to_string())).collect();
        // Beyond what is exact it is shown as damaged as it is.
        let expected = ["13800138000", "13800138000", "1000", "-2", "2.5", "18446744073709551615", "1e+20"];
        assert_eq!(texts, expected);
    }

    #[test]
    fn items_know_their_lines() {
        assert_eq!(item_lines(b"[\n{\"a\":\"}{\\\"\"},\n\n{\"b\":{}}]"), [2, 4]);
        assert_eq!(item_lines(b"{\"leads\":[{},\n{}]}"), [1, 2]);
        // A mark before the text, and items that are no objects, move no other item's line.
        assert_eq!(item_lines(b"\xEF\xBB\xBF[{\"a\":{}},\n{}]"), [1, 2]);
        assert_eq!(item_lines(b"[1,\n\"a,b\",\n[{}, {}],\n{}]"), [1, 2, 3, 4]);
        assert_eq!(item_lines(b"[]"), [0usize; 0]);
    }
}
