//! What the terminal can show: colour depth, dark or light ground, Unicode or ASCII glyphs, a person's own colours; guessed
//! from the environment.
//!
//! Pure data, so the model may hold it. The colours themselves are in `theme`.

use std::fmt;
use std::str::FromStr;

/// How many colours may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// No colour at all: bold, underline and reverse only.
    None,
    /// The sixteen colours of the terminal's own scheme.
    Ansi16,
    /// The fixed cube of 256.
    Ansi256,
    /// Exact colours.
    True,
}

impl FromStr for Depth {
    type Err = String;

    /// Accepts what `--color` takes: `never`, `16`, `256`, `truecolor`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "never" | "none" => Ok(Self::None),
            "16" | "ansi" => Ok(Self::Ansi16),
            "256" => Ok(Self::Ansi256),
            "truecolor" | "always" => Ok(Self::True),
            _ => Err(format!("unknown colour depth {text:?}: use never, 16, 256 or truecolor")),
        }
    }
}

/// What lies behind the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ground {
    #[default]
    Dark,
    Light,
}

/// A colour as a person names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// Exact: red, green, blue.
    Rgb(u8, u8, u8),
    /// One of the 256; the first sixteen are those of the terminal's own scheme.
    Index(u8),
}

/// The names of the sixteen, by number.
pub const COLOUR_NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

impl FromStr for Colour {
    type Err = ();

    /// Accepts `#rrggbb`, a number up to 255, and the names of the sixteen.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Some(hex) = text.strip_prefix('#') {
            if hex.len() != 6 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(());
            }
            let [_, r, g, b] = u32::from_str_radix(hex, 16).map_err(|_| ())?.to_be_bytes();
            return Ok(Self::Rgb(r, g, b));
        }
        let named = COLOUR_NAMES.iter().position(|name| *name == text);
        let index = named.and_then(|at| u8::try_from(at).ok()).or_else(|| text.parse().ok());
        index.map(Self::Index).ok_or(())
    }
}

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rgb(r, g, b) => write!(f, "#{r:02x}{g:02x}{b:02x}"),
            Self::Index(at) => match COLOUR_NAMES.get(usize::from(*at)) {
                Some(name) => f.write_str(name),
                None => write!(f, "{at}"),
            },
        }
    }
}

/// What a person may colour, by name in the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    Text,
    Muted,
    Border,
    Accent,
    Ok,
    Warn,
    Danger,
    Pin,
    Held,
    GaugeRest,
    SelectedText,
    SelectedGround,
    AwayGround,
}

impl Paint {
    /// Each with the name it has in the configuration.
    pub const ALL: [(Paint, &str); 13] = [
        (Paint::Text, "text"),
        (Paint::Muted, "muted"),
        (Paint::Border, "border"),
        (Paint::Accent, "accent"),
        (Paint::Ok, "ok"),
        (Paint::Warn, "warn"),
        (Paint::Danger, "danger"),
        (Paint::Pin, "pin"),
        (Paint::Held, "held"),
        (Paint::GaugeRest, "gauge-rest"),
        (Paint::SelectedText, "selected-text"),
        (Paint::SelectedGround, "selected-ground"),
        (Paint::AwayGround, "away-ground"),
    ];
}

/// A person's own colours; what is not named stays as the theme has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OwnColours([Option<Colour>; Paint::ALL.len()]);

impl OwnColours {
    /// The colour chosen for `paint`, if one was.
    #[must_use]
    pub fn get(&self, paint: Paint) -> Option<Colour> {
        self.0.get(paint as usize).copied().flatten()
    }

    /// Chooses a colour.
    pub fn set(&mut self, paint: Paint, colour: Colour) {
        if let Some(slot) = self.0.get_mut(paint as usize) {
            *slot = Some(colour);
        }
    }
}

/// The shapes used for marks, borders and gauges.
#[derive(Debug, PartialEq, Eq)]
pub struct Glyphs {
    pub marker: &'static str,
    pub ellipsis: &'static str,
    pub dot: &'static str,
    pub held: &'static str,
    pub pin: &'static str,
    pub alert: &'static str,
    pub check: &'static str,
    pub flag: &'static str,
    pub arrow: &'static str,
    pub next: &'static str,
    pub rule: &'static str,
    pub separator: &'static str,
    pub up: &'static str,
    pub down: &'static str,
    pub about: &'static str,
    pub minus: &'static str,
    pub gauge_full: &'static str,
    pub gauge_rest: &'static str,
    pub spark: [&'static str; 8],
    /// Corners and sides: top left, top right, bottom left, bottom right, horizontal, vertical.
    pub border: [&'static str; 6],
}

/// For terminals that draw ambiguous-width characters in one cell.
pub const UNICODE: Glyphs = Glyphs {
    marker: "▸",
    ellipsis: "…",
    dot: "●",
    held: "◆",
    pin: "■",
    alert: "!",
    check: "✓",
    flag: "⚑",
    arrow: "→",
    next: "▸",
    rule: "─",
    separator: "·",
    up: "▲",
    down: "▼",
    about: "≈",
    minus: "−",
    gauge_full: "█",
    gauge_rest: "▒",
    spark: ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"],
    border: ["╭", "╮", "╰", "╯", "─", "│"],
};

/// For terminals set to wide ambiguous characters, and for plain ones.
pub const ASCII: Glyphs = Glyphs {
    marker: ">",
    ellipsis: "..",
    dot: "*",
    held: "#",
    pin: "=",
    alert: "!",
    check: "v",
    flag: "^",
    arrow: "->",
    next: ">",
    rule: "-",
    separator: "-",
    up: "+",
    down: "-",
    about: "~",
    minus: "-",
    gauge_full: "#",
    gauge_rest: ".",
    spark: ["_", "_", ".", ".", "-", "-", "=", "#"],
    border: ["+", "+", "+", "+", "-", "|"],
};

/// The look chosen for this terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Look {
    pub depth: Depth,
    pub ground: Ground,
    pub is_ascii: bool,
    pub own: OwnColours,
}

impl Default for Look {
    fn default() -> Self {
        Self { depth: Depth::Ansi16, ground: Ground::Dark, is_ascii: false, own: OwnColours::default() }
    }
}

impl Look {
    /// The shapes of this look.
    #[must_use]
    pub const fn glyphs(self) -> &'static Glyphs {
        if self.is_ascii { &ASCII } else { &UNICODE }
    }

    /// Guesses from environment variables, read by `var` so that tests need no real environment.
    ///
    /// An explicit choice (`--color`) is the caller's to put over this.
    #[must_use]
    pub fn guess(var: impl Fn(&str) -> Option<String>) -> Self {
        let term = var("TERM").unwrap_or_default();
        let is_true = |v: String| v.contains("truecolor") || v.contains("24bit");
        let no_colour = var("NO_COLOR").is_some_and(|v| !v.is_empty());
        let depth = if no_colour || term == "dumb" {
            Depth::None
        } else if var("COLORTERM").is_some_and(is_true) || term.ends_with("-direct") {
            Depth::True
        } else if term.contains("256color") {
            Depth::Ansi256
        } else {
            Depth::Ansi16
        };
        // COLORFGBG is "fg;bg": 7 and above 8 are the light grounds of the sixteen.
        let bg = var("COLORFGBG").and_then(|v| v.rsplit(';').next().and_then(|n| n.parse::<u8>().ok()));
        let ground = if matches!(bg, Some(7 | 9..=15)) { Ground::Light } else { Ground::Dark };
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|k| var(k).filter(|v| !v.is_empty()));
        // An unset locale says nothing (containers, ssh), so only a stated non-UTF-8 one turns shapes off.
        let is_utf8 = locale.is_none_or(|l| {
            let l = l.to_ascii_lowercase();
            l.contains("utf-8") || l.contains("utf8") || l == "c" || l == "posix"
        });
        let is_ascii = term == "dumb" || term == "linux" || !is_utf8;
        Self { depth, ground, is_ascii, own: OwnColours::default() }
    }
}

/// The nearest ASCII character of one of our own symbols, one cell for one; letters and what others wrote stay.
#[must_use]
pub const fn plain_symbol(symbol: char) -> char {
    match symbol {
        '…' => '.',
        '·' | '–' | '—' | '−' | '─' | '│' => '-',
        '→' | '▸' | '›' => '>',
        '←' | '‹' => '<',
        '×' => 'x',
        '≈' => '~',
        '≥' | '≤' | '∈' => '=',
        '“' | '”' => '"',
        '‘' | '’' => '\'',
        '✓' => 'v',
        '✗' => 'x',
        '●' | '◆' | '■' | '•' | '⚲' => '*',
        '▲' => '+',
        '▼' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(pairs: &[(&str, &str)]) -> Look {
        Look::guess(|k| pairs.iter().find(|(n, _)| *n == k).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn the_environment_chooses_the_depth() {
        assert_eq!(guess(&[("TERM", "xterm")]).depth, Depth::Ansi16);
        assert_eq!(guess(&[("TERM", "xterm-256color")]).depth, Depth::Ansi256);
        assert_eq!(guess(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]).depth, Depth::True);
        assert_eq!(guess(&[("COLORTERM", "truecolor"), ("NO_COLOR", "1")]).depth, Depth::None);
        assert_eq!(guess(&[("TERM", "xterm"), ("NO_COLOR", "")]).depth, Depth::Ansi16);
        assert_eq!(
            guess(&[("TERM", "dumb")]),
            Look { depth: Depth::None, is_ascii: true, ..Look::default() }
        );
    }

    #[test]
    fn colours_read_as_they_are_written() {
        for text in ["#6cb6d9", "cyan", "bright-black", "203"] {
            assert_eq!(text.parse::<Colour>().map(|c| c.to_string()), Ok(text.to_owned()));
        }
        for text in ["", "#12345", "#12345g", "256", "pink", "-1"] {
            assert!(text.parse::<Colour>().is_err(), "{text}");
        }
        for (at, (paint, _)) in Paint::ALL.iter().enumerate() {
            assert_eq!(*paint as usize, at, "the order of names is the order of the type");
        }
    }

    #[test]
    fn ground_and_shapes_follow_what_is_stated() {
        assert_eq!(guess(&[("COLORFGBG", "0;15")]).ground, Ground::Light);
        assert_eq!(guess(&[("COLORFGBG", "15;0")]).ground, Ground::Dark);
        assert!(guess(&[("LANG", "zh_CN.GBK")]).is_ascii);
        assert!(!guess(&[("LANG", "zh_CN.UTF-8")]).is_ascii);
        assert!(!guess(&[]).is_ascii);
    }
}
