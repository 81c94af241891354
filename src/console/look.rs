//! What the terminal can show: colour depth, dark or light ground, Unicode or ASCII glyphs; guessed from the environment.
//!
//! Pure data, so the model may hold it. The colours themselves are in `theme`.

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
}

impl Default for Look {
    fn default() -> Self {
        Self { depth: Depth::Ansi16, ground: Ground::Dark, is_ascii: false }
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
        Self { depth, ground, is_ascii: term == "dumb" || term == "linux" || !is_utf8 }
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
            Look { depth: Depth::None, ground: Ground::Dark, is_ascii: true }
        );
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
