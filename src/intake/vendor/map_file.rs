//! An operator's own sender, described by a small file: where the leads are in a body, which of them are tests, and which name
//! means which field. What it does not name is guessed as everywhere. Pure: the text is read by the command line.
//!
//! ```text
//! # leads of our quiz; lines are NAME = FIELD, as with --map
//! @leads  = data.items
//! @source = 官网
//! @test   = meta.mode = trial
//! clue.no = id
//! tel     = phone
//! budget  = x.budget
//! noise   = ignore
//! ```

use super::super::field::Target;
use super::super::http::json::Json;
use super::super::http::rows::{self, Pairs};
use super::Payload;
use smol_str::SmolStr;

/// Most lines of one file.
pub const LINES_MAX: usize = 500;

/// A sender of the operator's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MapFile {
    /// In the path.
    pub name: SmolStr,
    /// Path of the list of leads; empty = the body itself.
    pub leads: String,
    /// The source its leads have unless a token says otherwise.
    pub source: SmolStr,
    /// Path and text that mark a test.
    pub test: Option<(String, String)>,
    /// `name=field`.
    pub maps: Vec<String>,
}

/// Where and why a file is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapFault {
    /// From 1.
    pub line: usize,
    pub en: &'static str,
    pub zh: &'static str,
}

impl MapFile {
    /// Reads the file's text.
    ///
    /// # Errors
    /// The first line that cannot be read.
    pub fn parse(name: &str, text: &str) -> Result<MapFile, MapFault> {
        let mut map = MapFile { name: SmolStr::new(name), source: SmolStr::new(name), ..MapFile::default() };
        for (at, line) in text.lines().enumerate() {
            let fault = |en, zh| MapFault { line: at + 1, en, zh };
            if at >= LINES_MAX {
                return Err(fault("too many lines; at most 500", "行数过多，最多 500 行"));
            }
            let line = line.trim().trim_start_matches('\u{FEFF}');
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let bad = || fault("write it as NAME = FIELD", "请写成 名称 = 字段");
            let (left, right) = line.split_once('=').ok_or_else(bad)?;
            let (left, right) = (left.trim(), right.trim());
            match left {
                "" => return Err(bad()),
                "@leads" => map.leads = right.to_owned(),
                "@source" => map.source = SmolStr::new(right),
                "@test" => {
                    let (path, text) = right.split_once('=').ok_or_else(|| {
                        fault("write it as @test = PATH = TEXT", "请写成 @test = 路径 = 文本")
                    })?;
                    map.test = Some((path.trim().to_owned(), text.trim().to_owned()));
                }
                other if other.starts_with('@') => {
                    return Err(fault(
                        "there are @leads, @source and @test",
                        "可用的有 @leads、@source 和 @test",
                    ));
                }
                _ if Target::by_name(right).is_none() => {
                    return Err(fault(
                        "there is no such field; see --map of `import leads`",
                        "没有这个字段，见 import leads 的 --map",
                    ));
                }
                name => map.maps.push(format!("{name}={right}")),
            }
        }
        Ok(map)
    }

    /// The leads of a body as names and texts, each with whether it is a test.
    ///
    /// # Errors
    /// What was expected.
    pub fn read(&self, payload: &Payload) -> Result<Vec<(Pairs, bool)>, &'static str> {
        match payload {
            Payload::Form(pairs) => {
                let is_test = self.test.as_ref().is_some_and(|(path, text)| {
                    pairs.iter().any(|(name, value)| name == path && value == text)
                });
                Ok(vec![(pairs.clone(), is_test)])
            }
            Payload::Json(json) => {
                let at = if self.leads.is_empty() { Some(json) } else { json.at(&self.leads) };
                let found: Vec<&Json> = match at {
                    Some(Json::List(items)) => items.iter().collect(),
                    Some(object @ Json::Object(_)) => vec![object],
                    _ => return Err("leads at the path the mapping names"),
                };
                // The mark may stand on the lead or on the delivery.
                let marked = |value: &Json| {
                    let (path, text) = self.test.as_ref()?;
                    Some(rows::text(value.at(path)?) == *text)
                };
                let read = |lead: &Json| {
                    let is_test = marked(lead).or_else(|| marked(json)).unwrap_or(false);
                    (rows::pairs(lead), is_test)
                };
                Ok(found.into_iter().map(read).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::http::json::parse;
    use super::*;

    const TEXT: &str =
        "# quiz\n@leads = data.items\n@test=mode=trial\nno = id\ntel = phone\nnoise = ignore\n";

    #[test]
    fn the_example_reads_and_finds_its_leads() {
        let map = MapFile::parse("quiz", TEXT).unwrap();
        assert_eq!(map.maps, ["no=id", "tel=phone", "noise=ignore"]);
        let body = parse(br#"{"mode":"trial","data":{"items":[{"no":7,"tel":"1"},{"no":8,"mode":"live"}]}}"#);
        let found = map.read(&Payload::Json(body.unwrap())).unwrap();
        assert_eq!(found.iter().map(|(_, test)| *test).collect::<Vec<_>>(), [true, false]);
        assert_eq!(found[0].0[0], ("no".to_owned(), "7".to_owned()));
    }

    #[test]
    fn faults_name_their_line() {
        for (text, line) in
            [("a", 1), ("a = id\nb = nosuch", 2), ("@x = 1", 1), ("@test = a", 1), (" = id", 1)]
        {
            assert_eq!(MapFile::parse("m", text).unwrap_err().line, line, "{text}");
        }
    }
}
