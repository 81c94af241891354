//! A one-line text field: editing by grapheme and the place of the hardware cursor, which input methods follow.
//!
//! No history, no completion; the rule editor is another thing.

use crate::console::key::{Code, Key};
use crate::console::widget::fit::{clean, width};
use unicode_segmentation::UnicodeSegmentation;

/// The longest text a field takes, in characters; a paste beyond it is cut.
pub const FIELD_CHARS_MAX: usize = 400;

/// Text and cursor of a field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Field {
    text: String,
    /// Byte offset of the cursor, always on a grapheme boundary.
    at: usize,
}

/// What part of a field is on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldView {
    pub text: String,
    /// Cells from the left edge to the cursor.
    pub cursor: usize,
}

impl Field {
    /// A field holding `text`, the cursor at its end.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut field = Self::default();
        field.insert(text);
        field
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Byte offset of the cursor.
    #[must_use]
    pub fn cursor(&self) -> usize {
        self.at
    }

    /// Writes `text` in place of these bytes, the cursor after it; an impossible range changes nothing.
    pub fn replace(&mut self, from: usize, to: usize, text: &str) {
        if from <= to && self.text.is_char_boundary(from) && self.text.is_char_boundary(to) {
            self.remove(from, to);
            self.at = self.boundary_from(from);
            self.insert(text);
        }
    }

    /// Empties the field.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Inserts typed or pasted text, cleaned of what no field may hold.
    pub fn insert(&mut self, text: &str) {
        let room = FIELD_CHARS_MAX.saturating_sub(self.text.chars().count());
        let new: String = clean(text).chars().take(room).collect();
        self.text.insert_str(self.at, &new);
        self.at = self.boundary_from(self.at + new.len());
    }

    /// Edits by `key`; `false` when the key means nothing to a field.
    pub fn press(&mut self, key: Key) -> bool {
        if let Some(c) = key.typed() {
            self.insert(c.encode_utf8(&mut [0; 4]));
            return true;
        }
        match (key.code, key.is_ctrl) {
            (Code::Backspace, false) => self.remove(self.before(), self.at),
            (Code::Delete, false) => self.remove(self.at, self.after()),
            (Code::Left, false) => self.at = self.before(),
            (Code::Right, false) => self.at = self.after(),
            (Code::Home, _) | (Code::Char('a'), true) => self.at = 0,
            (Code::End, _) | (Code::Char('e'), true) => self.at = self.text.len(),
            (Code::Char('w'), true) | (Code::Backspace, true) => self.remove(self.word_before(), self.at),
            (Code::Char('u'), true) => self.remove(0, self.at),
            (Code::Char('k'), true) => self.remove(self.at, self.text.len()),
            _ => return false,
        }
        true
    }

    fn remove(&mut self, from: usize, to: usize) {
        self.text.replace_range(from..to, "");
        self.at = self.boundary_from(from);
    }

    fn boundary_from(&self, at: usize) -> usize {
        let mut ends = self.text.grapheme_indices(true).map(|(i, _)| i).chain([self.text.len()]);
        ends.find(|i| *i >= at).unwrap_or(self.text.len())
    }

    fn before(&self) -> usize {
        self.text.grapheme_indices(true).map(|(i, _)| i).take_while(|i| *i < self.at).last().unwrap_or(0)
    }

    fn after(&self) -> usize {
        self.text.grapheme_indices(true).map(|(i, _)| i).find(|i| *i > self.at).unwrap_or(self.text.len())
    }

    fn word_before(&self) -> usize {
        let starts = self.text.unicode_word_indices().map(|(i, _)| i);
        starts.take_while(|i| *i < self.at).last().unwrap_or(0)
    }

    /// The part that shows in `cells` with the cursor in it; the cursor may stand one cell past the text.
    #[must_use]
    pub fn view(&self, cells: usize) -> FieldView {
        let (head, tail) = self.text.split_at(self.at);
        let mut head_parts: Vec<&str> = head.graphemes(true).collect();
        let mut used: usize = head_parts.iter().map(|g| width(g)).sum();
        let room = cells.saturating_sub(1);
        let drop = head_parts.iter().take_while(|g| {
            let over = used > room;
            if over {
                used -= width(g);
            }
            over
        });
        let dropped = drop.count();
        head_parts.drain(..dropped);
        let mut text = head_parts.concat();
        let mut end = used;
        for grapheme in tail.graphemes(true) {
            end += width(grapheme);
            if end > cells {
                break;
            }
            text.push_str(grapheme);
        }
        FieldView { text, cursor: used }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn press(field: &mut Field, keys: &str) {
        for key in keys.split(' ') {
            assert!(key.parse().is_ok_and(|key| field.press(key)), "{key}");
        }
    }

    #[test]
    fn editing_goes_by_grapheme() {
        let mut field = Field::new("李雷e\u{301}");
        press(&mut field, "backspace");
        assert_eq!(field.text(), "李雷");
        press(&mut field, "left x");
        assert_eq!(field.text(), "李x雷");
        press(&mut field, "home delete end ! ctrl-u");
        assert!(field.is_empty());
        field.insert("two words");
        press(&mut field, "ctrl-w");
        assert_eq!(field.text(), "two ");
        assert!(!field.press(Key::plain(Code::Enter)));
        field.insert("a\u{1b}\nb");
        assert_eq!(field.text(), "two a b");
    }

    #[test]
    fn the_cursor_stays_in_view() {
        let mut field = Field::new("北京市朝阳区");
        assert_eq!(field.view(7), FieldView { text: "朝阳区".into(), cursor: 6 });
        press(&mut field, "home");
        assert_eq!(field.view(7), FieldView { text: "北京市".into(), cursor: 0 });
        assert_eq!(field.view(40).text, "北京市朝阳区");
    }

    proptest! {
        #[test]
        fn any_editing_stays_on_boundaries(text in ".{0,12}", keys in prop::collection::vec(0..9usize, 0..30), cells in 1usize..10) {
            let names = ["left", "right", "backspace", "delete", "home", "end", "ctrl-w", "ctrl-u", "李"];
            let mut field = Field::new(&text);
            for key in keys {
                press(&mut field, names[key]);
                let view = field.view(cells);
                prop_assert!(view.cursor < cells && width(&view.text) <= cells);
            }
        }
    }
}
