//! A desktop notification by the terminal (OSC 9, 777, 99): which sequence, and the text made fit for it. Whoever sends it is
//! `term`'s affair; a terminal that knows none of them shows nothing.

use crate::console::widget::fit::clean;

/// The program's name, which begins every text: some terminals take a leading digit for a progress bar.
const NAME: &str = "Leadyard";
/// Characters of a text; what is longer ends in dots. No terminal takes more than 2048 bytes at once.
const CHARS_MAX: usize = 200;

/// Which sequence a terminal understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Osc {
    /// iTerm2, WezTerm, Windows Terminal, kitty.
    Nine,
    /// urxvt, foot, Ghostty, Konsole, WezTerm.
    SevenSevenSeven,
    /// kitty: a later one takes the place of the one before.
    NinetyNine,
}

/// The bytes that show `text` as a notification. Nothing in it can end the sequence or begin another.
#[must_use]
pub fn sequence(osc: Osc, text: &str) -> String {
    let text = clean(text);
    let mut body: String = text.chars().filter(|c| !c.is_control()).take(CHARS_MAX).collect();
    if text.chars().count() > CHARS_MAX {
        body.push_str("...");
    }
    match osc {
        Osc::Nine => format!("\u{1b}]9;{NAME}: {body}\u{1b}\\"),
        Osc::SevenSevenSeven => {
            // Its parts are parted by semicolons.
            format!("\u{1b}]777;notify;{NAME};{}\u{1b}\\", body.replace(';', ","))
        }
        Osc::NinetyNine => format!("\u{1b}]99;i=leadyard:d=1:p=title;{NAME}: {body}\u{1b}\\"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_terminal_gets_its_sequence() {
        assert_eq!(sequence(Osc::Nine, "9 wait; L3"), "\u{1b}]9;Leadyard: 9 wait; L3\u{1b}\\");
        assert_eq!(sequence(Osc::SevenSevenSeven, "a;b"), "\u{1b}]777;notify;Leadyard;a,b\u{1b}\\");
        assert!(sequence(Osc::NinetyNine, "线索遗漏").ends_with(";Leadyard: 线索遗漏\u{1b}\\"));
    }

    #[test]
    fn text_from_outside_ends_nothing() {
        let evil = "x\u{7}\u{1b}]52;c;AAAA\u{9c}\u{202e}\n\u{1b}\\y";
        for osc in [Osc::Nine, Osc::SevenSevenSeven, Osc::NinetyNine] {
            let bytes = sequence(osc, evil);
            let inner = &bytes[2..bytes.len() - 2];
            assert!(!inner.chars().any(char::is_control), "{bytes:?}");
        }
        assert!(sequence(Osc::Nine, &"长".repeat(5_000)).len() < 1_000);
    }
}
