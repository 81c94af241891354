//! Keys as commands name them: `ctrl-s`, `R`, `space`, `g g`. No terminal library here; `runtime` converts.

use std::fmt;
use std::str::FromStr;

/// The key itself, without its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// A character as typed: `R` is `Char('R')`, not shift and `r`.
    Char(char),
    F(u8),
    Enter,
    Esc,
    Tab,
    Backspace,
    Delete,
    Insert,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
}

/// One key press.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Key {
    pub code: Code,
    pub is_ctrl: bool,
    pub is_alt: bool,
    /// Only for keys that are no characters; a shifted character is another character.
    pub is_shift: bool,
}

const NAMES: &[(&str, Code)] = &[
    ("space", Code::Char(' ')),
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("insert", Code::Insert),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    ("home", Code::Home),
    ("end", Code::End),
    ("pageup", Code::PageUp),
    ("pagedown", Code::PageDown),
];

impl Key {
    /// The bare key.
    #[must_use]
    pub const fn plain(code: Code) -> Self {
        Self { code, is_ctrl: false, is_alt: false, is_shift: false }
    }

    /// The character this key types into a field, if it types one.
    #[must_use]
    pub const fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.is_ctrl && !self.is_alt => Some(c),
            _ => None,
        }
    }
}

impl FromStr for Key {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut key = Self::plain(Code::Esc);
        let mut rest = text;
        loop {
            let (prefix, flag) = match rest {
                _ if rest.starts_with("ctrl-") && rest.len() > 5 => ("ctrl-", &mut key.is_ctrl),
                _ if rest.starts_with("alt-") && rest.len() > 4 => ("alt-", &mut key.is_alt),
                _ if rest.starts_with("shift-") && rest.len() > 6 => ("shift-", &mut key.is_shift),
                _ => break,
            };
            *flag = true;
            rest = rest.strip_prefix(prefix).unwrap_or(rest);
        }
        let unknown = || format!("no key is called {text:?}");
        let mut chars = rest.chars();
        key.code = match (chars.next(), chars.next()) {
            (Some(c), None) if !c.is_whitespace() && !c.is_control() => Code::Char(c),
            _ => match NAMES.iter().find(|(name, _)| *name == rest) {
                Some((_, code)) => *code,
                None => {
                    let n = rest.strip_prefix('f').and_then(|n| n.parse().ok()).ok_or_else(unknown)?;
                    if !(1..=12).contains(&n) {
                        return Err(unknown());
                    }
                    Code::F(n)
                }
            },
        };
        if key.is_shift && matches!(key.code, Code::Char(_)) {
            return Err(format!("{text:?}: write the shifted character itself"));
        }
        Ok(key)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (on, name) in [(self.is_ctrl, "ctrl-"), (self.is_alt, "alt-"), (self.is_shift, "shift-")] {
            if on {
                f.write_str(name)?;
            }
        }
        match (NAMES.iter().find(|(_, code)| *code == self.code), self.code) {
            (Some((name, _)), _) => f.write_str(name),
            (None, Code::F(n)) => write!(f, "f{n}"),
            (None, Code::Char(c)) => write!(f, "{c}"),
            (None, other) => write!(f, "{other:?}"),
        }
    }
}

/// Parses a chord: keys separated by spaces, pressed one after the other.
pub fn chord(text: &str) -> Result<Vec<Key>, String> {
    let keys: Vec<Key> =
        text.split(' ').filter(|t| !t.is_empty()).map(str::parse).collect::<Result<_, _>>()?;
    if keys.is_empty() { Err("an empty chord".to_owned()) } else { Ok(keys) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_as_they_are_written() {
        for text in [
            "a",
            "R",
            "ctrl-s",
            "alt-enter",
            "shift-tab",
            "space",
            "f12",
            "?",
            ":",
            "-",
            "ctrl--",
            "pagedown",
            "1",
        ] {
            assert_eq!(text.parse::<Key>().map(|k| k.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "hello", "ctrl-", "f0", "f13", "shift-a", "ctrl-ctrl", " "] {
            assert!(text.parse::<Key>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn chords_are_keys_in_order() {
        assert_eq!(chord("g g").map(|c| c.len()), Ok(2));
        assert!(chord("").is_err());
    }
}
