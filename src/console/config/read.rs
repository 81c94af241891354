//! From the TOML text to settings. Reads on after a fault, so that a person sees all of them at once.

use super::{Config, Fault, NOTIFY, VIEWS, command_ids};
use crate::console::command::keymap::{Clash, Keymap};
use crate::console::key::chord;
use crate::console::look::{COLOUR_NAMES, Colour, Depth, Ground, Paint};
use crate::console::text::Say;
use crate::model::lang::Lang;
use crate::rulebook::nearest;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// The settings outside any table.
const TOP: [&str; 8] = ["language", "view", "mouse", "bell", "notify", "glyphs", "theme", "keys"];
const THEME: [&str; 3] = ["color", "ground", "own"];
const DEPTHS: [(&str, Option<Depth>); 5] = [
    ("auto", None),
    ("never", Some(Depth::None)),
    ("16", Some(Depth::Ansi16)),
    ("256", Some(Depth::Ansi256)),
    ("truecolor", Some(Depth::True)),
];

/// Reads the settings; those beside a fault keep their defaults.
#[must_use]
pub fn read(text: &str) -> (Config, Vec<Fault>) {
    let mut reader = Reader { text, config: Config::default(), faults: Vec::new() };
    let (table, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let at = error.span().map_or(0, |span| span.start);
        reader.fault(at, Say::ConfSyntax(error.message().trim()), None);
    }
    reader.top(table.get_ref());
    reader.faults.sort_by_key(|fault| (fault.line, fault.column));
    (reader.config, reader.faults)
}

struct Reader<'t> {
    text: &'t str,
    config: Config,
    faults: Vec<Fault>,
}

type Entry<'a, 'i> = &'a Spanned<DeValue<'i>>;

impl Reader<'_> {
    fn fault(&mut self, at: usize, sentence: Say, hint: Option<SmolStr>) {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
        self.faults.push(Fault { line, column, sentence, hint });
    }

    fn unknown<'a>(&mut self, at: usize, word: &str, known: impl Iterator<Item = &'a str>) {
        self.fault(at, Say::ConfUnknown(word), nearest(word, known));
    }

    fn top(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            let at = key.span().start;
            match key.get_ref().as_ref() {
                "language" => {
                    self.config.lang =
                        self.one_of(value, &[("auto", None), ("en", Some(Lang::En)), ("zh", Some(Lang::Zh))]);
                }
                "view" => self.config.show = self.one_of(value, &VIEWS),
                "mouse" => self.config.is_mouse_on = self.on_off(value, true),
                "bell" => self.config.has_bell = self.on_off(value, false),
                "notify" => self.config.notify = self.one_of(value, &NOTIFY),
                "glyphs" => {
                    let words = [("auto", None), ("unicode", Some(false)), ("ascii", Some(true))];
                    self.config.is_ascii = self.one_of(value, &words);
                }
                "theme" => self.in_table(value, Self::theme),
                "keys" => self.in_table(value, Self::keys),
                word => self.unknown(at, word, TOP.into_iter()),
            }
        }
    }

    fn in_table(&mut self, value: Entry<'_, '_>, read: fn(&mut Self, &DeTable<'_>)) {
        match value.get_ref().as_table() {
            Some(table) => read(self, table),
            None => self.fault(value.span().start, Say::ConfWants("[…]"), None),
        }
    }

    /// One of some words; the first is the default.
    fn one_of<T: Copy + Default>(&mut self, value: Entry<'_, '_>, words: &[(&str, T)]) -> T {
        let names: Vec<&str> = words.iter().map(|(name, _)| *name).collect();
        let at = value.span().start;
        // 16 and 256 may well be written as the numbers they are.
        let word = match value.get_ref() {
            DeValue::String(text) => Some(text.to_string()),
            DeValue::Integer(number) => Some(number.as_str().to_owned()),
            _ => None,
        };
        let found = word.as_deref().and_then(|word| words.iter().find(|(name, _)| *name == word));
        match (found, word) {
            (Some((_, value)), _) => *value,
            (None, Some(word)) => {
                let hint = nearest(&word, names.iter().copied());
                self.fault(at, Say::ConfNotOneOf(&word, &names.join(", ")), hint);
                T::default()
            }
            (None, None) => {
                self.fault(at, Say::ConfWants(&names.join(", ")), None);
                T::default()
            }
        }
    }

    fn on_off(&mut self, value: Entry<'_, '_>, default: bool) -> bool {
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.fault(value.span().start, Say::ConfWants("true, false"), None);
            default
        })
    }

    fn theme(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            let at = key.span().start;
            match key.get_ref().as_ref() {
                "color" => self.config.depth = self.one_of(value, &DEPTHS),
                "ground" => {
                    let words =
                        [("auto", None), ("dark", Some(Ground::Dark)), ("light", Some(Ground::Light))];
                    self.config.ground = self.one_of(value, &words);
                }
                "own" => self.in_table(value, Self::own_colours),
                word => self.unknown(at, word, THEME.into_iter()),
            }
        }
    }

    fn own_colours(&mut self, table: &DeTable<'_>) {
        for (key, value) in table {
            let word = key.get_ref().as_ref();
            let Some((paint, _)) = Paint::ALL.iter().find(|(_, name)| *name == word) else {
                self.unknown(key.span().start, word, Paint::ALL.iter().map(|(_, name)| *name));
                continue;
            };
            let said = match value.get_ref() {
                DeValue::String(text) => text.to_string(),
                DeValue::Integer(number) => number.as_str().to_owned(),
                _ => String::new(),
            };
            match said.parse::<Colour>() {
                Ok(colour) => self.config.own.set(*paint, colour),
                Err(()) => {
                    let hint = nearest(&said, COLOUR_NAMES);
                    self.fault(value.span().start, Say::ConfNotColour(&said), hint);
                }
            }
        }
    }

    fn keys(&mut self, table: &DeTable<'_>) {
        let mut places: BTreeMap<&'static str, usize> = BTreeMap::new();
        let mut pairs: Vec<(String, usize, Entry<'_, '_>)> = Vec::new();
        flatten("", table, &mut pairs);
        for (word, at, value) in pairs {
            let Some(id) = command_ids().find(|id| *id == word) else {
                let hint = nearest(&word, command_ids());
                self.fault(at, Say::ConfNoCommand(&word), hint);
                continue;
            };
            if let Some(chords) = self.chords(value) {
                places.insert(id, at);
                self.config.keys.insert(id, chords);
            }
        }
        if let Err(clashes) = Keymap::with(&self.config.keys) {
            for clash in clashes {
                let at = places.get(clash.command()).copied().unwrap_or(0);
                self.fault(at, said(&clash), None);
            }
        }
    }

    /// One chord or a list of them.
    fn chords(&mut self, value: Entry<'_, '_>) -> Option<Vec<SmolStr>> {
        let single = [value.clone()];
        let list: &[Spanned<DeValue<'_>>] = match value.get_ref() {
            DeValue::Array(list) => list,
            _ => &single,
        };
        let mut chords = Vec::new();
        for each in list {
            let at = each.span().start;
            let Some(text) = each.get_ref().as_str() else {
                self.fault(at, Say::ConfWants("\"ctrl-s\", [\"a\", \"g g\"]"), None);
                return None;
            };
            let Ok(keys) = chord(text) else {
                self.fault(at, Say::ConfNoKey(text), key_hint(text));
                return None;
            };
            let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
            chords.push(keys.join(" ").into());
        }
        Some(chords)
    }
}

/// `"lead.assign" = …` and `lead.assign = …`, which TOML reads as a table in a table, mean the same.
fn flatten<'a, 'i>(
    prefix: &str,
    table: &'a DeTable<'i>,
    pairs: &mut Vec<(String, usize, &'a Spanned<DeValue<'i>>)>,
) {
    for (key, value) in table {
        let word = format!("{prefix}{}", key.get_ref());
        match value.get_ref().as_table() {
            // One level is all that ids have; deeper is an unknown command and says so.
            Some(inner) if prefix.is_empty() => flatten(&format!("{word}."), inner, pairs),
            _ => pairs.push((word, key.span().start, value)),
        }
    }
}

/// What a mistyped key is near to.
fn key_hint(text: &str) -> Option<SmolStr> {
    let names = ["space", "enter", "esc", "tab", "backspace", "delete", "pageup", "pagedown", "home", "end"];
    let (head, last) = text.rsplit_once('-').map_or(("", text), |(head, last)| (head, last));
    let lower = text.to_ascii_lowercase().replace("control-", "ctrl-").replace('+', "-");
    if chord(&lower).is_ok() {
        return Some(lower.into());
    }
    let near = nearest(last, names)?;
    Some(if head.is_empty() { near } else { format!("{head}-{near}").into() })
}

fn said(clash: &Clash) -> Say {
    match clash {
        Clash::Twice { keys, command, other } => Say::ConfKeyTwice(keys.as_str(), command, other),
        Clash::Hides { keys, command, other } => Say::ConfKeyHides(keys.as_str(), command, other),
        Clash::Typed { keys, command } => Say::ConfKeyTyped(keys.as_str(), command),
        Clash::NoWayOut { command } => Say::ConfNoWayOut(command),
    }
}
