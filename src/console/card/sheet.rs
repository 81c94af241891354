//! What a card is made of: lines with a tone, so that the view can colour them and a test can read them.

use crate::console::widget::fit::{Align, fit};

/// How a line speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    Title,
    Text,
    Muted,
    /// Stands out: whose turn it is, what is near its end.
    Accent,
    Warn,
    Danger,
}

/// One line of a card.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CardLine {
    pub text: String,
    pub tone: Tone,
}

/// Lines being written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sheet {
    pub lines: Vec<CardLine>,
    /// Whether a line counts down, so that the screen must tick.
    pub ticks: bool,
}

impl Sheet {
    /// Adds a line.
    pub fn put(&mut self, tone: Tone, text: impl Into<String>) {
        self.lines.push(CardLine { text: text.into(), tone });
    }

    /// Adds a heading, set off from what stands above.
    pub fn head(&mut self, text: &str) {
        if !self.lines.is_empty() {
            self.put(Tone::Text, "");
        }
        self.put(Tone::Title, text);
    }
}

/// Cells of a table's line, two blanks between them.
#[must_use]
pub fn cells(parts: &[(&str, usize, Align)]) -> String {
    let fitted: Vec<String> = parts.iter().map(|(text, cells, align)| fit(text, *cells, *align)).collect();
    fitted.join("  ").trim_end().to_owned()
}
