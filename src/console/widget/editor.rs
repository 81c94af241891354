//! The editor of many lines: the textarea crate behind our own keys and cells. Whoever edits sees text, cursor and `press`;
//! only this file knows the crate.
//!
//! It draws no cursor of its own: the hardware cursor stands where input methods look for it.

use crate::console::key::{Code, Key};
use crate::console::widget::fit::clean;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::widgets::Widget;
use std::ops::Range;
use std::sync::Arc;
use tui_textarea::{CursorMove, Input, Key as AreaKey, TextArea};

/// Edits of the crate that are kept for stepping back; a step of ours is one or two, or a word of typed characters.
const HISTORY_MAX: usize = 10_000;
/// Bytes an editor holds; a paste beyond it is cut. Twice what may be published, so that the check can say so.
pub const EDITOR_BYTES_MAX: usize = 2 * crate::rulebook::BOOK_BYTES_MAX;
/// Cells of a tab.
const TAB_CELLS: u8 = 2;

/// A place in the text: line and column from 0, the column in characters.
pub type At = (usize, usize);

/// Text being written.
#[derive(Debug, Clone)]
pub struct Editor {
    area: TextArea<'static>,
    text: Arc<str>,
    /// How many of the crate's edits each step is; those from `done` on were taken back.
    steps: Vec<usize>,
    done: usize,
    /// Whether the last step was a character typed, so that the next one joins it.
    is_typing: bool,
}

impl Default for Editor {
    fn default() -> Self {
        Self::new("")
    }
}

/// What was drawn: the cells, which line is on top, and where the cursor is among them.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub buf: Buffer,
    pub first_line: usize,
    /// Cells scrolled off at the left.
    pub first_cell: u16,
    pub cursor: (u16, u16),
}

impl Editor {
    /// An editor holding `text`, the cursor at its start.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let mut area = TextArea::new(lines(text));
        area.set_cursor_line_style(Style::default());
        area.set_cursor_style(Style::default());
        area.set_selection_style(Style::new().add_modifier(Modifier::REVERSED));
        area.set_max_histories(HISTORY_MAX);
        area.set_tab_length(TAB_CELLS);
        let text = area.lines().join("\n").into();
        Self { area, text, steps: Vec::new(), done: 0, is_typing: false }
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The whole text, to be kept.
    #[must_use]
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.text)
    }

    /// The lines.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        self.area.lines()
    }

    /// Where the cursor is.
    #[must_use]
    pub fn cursor(&self) -> At {
        let at = self.area.cursor();
        (at.0, at.1)
    }

    /// The text of the cursor's line up to the cursor.
    #[must_use]
    pub fn before_cursor(&self) -> &str {
        let (line, column) = self.cursor();
        let text = self.lines().get(line).map_or("", String::as_str);
        let end = text.char_indices().nth(column).map_or(text.len(), |(at, _)| at);
        text.get(..end).unwrap_or_default()
    }

    /// The lines that are marked, or the cursor's; whether any are marked comes along.
    #[must_use]
    pub fn marked_lines(&self) -> (Range<usize>, bool) {
        let here = self.cursor().0;
        match self.area.selection_range().filter(|(from, to)| from != to) {
            // A mark that ends at a line's start does not mean that line.
            Some(((from, _), (to, column))) => (from..to + usize::from(column > 0 || to == from), true),
            None => (here..here + 1, false),
        }
    }

    /// Puts the cursor at a line and column, or as near as the text has it; what was marked no longer is.
    pub fn go_to(&mut self, line: usize, column: usize) {
        let cell = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        self.area.cancel_selection();
        self.area.move_cursor(CursorMove::Jump(cell(line), cell(column)));
        self.is_typing = false;
    }

    /// Puts the cursor at a cell of a line, as a click means it.
    pub fn go_to_cell(&mut self, line: usize, cell: usize) {
        let at = self.area.screen_to_data(line, cell);
        self.go_to(at.0, at.1);
    }

    /// Marks from one place to another; the cursor stands at the end.
    pub fn mark(&mut self, from: At, to: At) {
        self.go_to(from.0, from.1);
        self.area.start_selection();
        let cell = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        self.area.move_cursor(CursorMove::Jump(cell(to.0), cell(to.1)));
    }

    /// Writes `text` in place of what stands between two places, as one step; the cursor stands behind it.
    pub fn replace_range(&mut self, from: At, to: At, text: &str) {
        let text = lines(text).join("\n");
        let mut edits = 0;
        if from != to {
            self.mark(from, to);
            edits += usize::from(self.has_mark());
        } else {
            self.go_to(from.0, from.1);
        }
        edits += usize::from(!text.is_empty());
        if edits > 0 {
            // With nothing to insert the crate still removes what is marked.
            self.area.insert_str(&text);
            self.note(edits);
        }
        self.area.cancel_selection();
    }

    /// Writes `text`, which ends with a line break where lines remain below, in place of these lines, as one step.
    pub fn replace_lines(&mut self, range: Range<usize>, text: &str) {
        let count = self.lines().len();
        if range.end < count {
            return self.replace_range((range.start, 0), (range.end, 0), text);
        }
        // There is no line behind the last one to begin at: the break is taken before the first instead.
        let end = (count - 1, self.lines().last().map_or(0, |line| line.chars().count()));
        if range.start >= count {
            let is_open = end.1 > 0;
            return self.replace_range(end, end, &format!("{}{text}", if is_open { "\n" } else { "" }));
        }
        self.replace_range((range.start, 0), end, text);
    }

    /// Replaces the whole text as one step; what is alike at both ends is left alone, and the cursor keeps its line.
    pub fn replace(&mut self, text: &str) {
        let new = lines(text);
        let at = self.cursor();
        let old = self.lines();
        let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        if head == old.len() && head == new.len() {
            return;
        }
        let most = old.len().min(new.len()) - head;
        let tail = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| a == b).count();
        let length = |line: Option<&String>| line.map_or(0, |line| line.chars().count());
        if head < old.len() - tail && head < new.len() - tail {
            let last = old.len() - tail - 1;
            let to = (last, length(old.get(last)));
            let middle = new.get(head..new.len() - tail).unwrap_or_default().join("\n");
            self.replace_range((head, 0), to, &middle);
        } else {
            // One side has no line of its own here: everything from the first difference on.
            let last = old.len() - 1;
            let from = head.min(last).min(new.len() - 1);
            let to = (last, length(old.get(last)));
            self.replace_range((from, 0), to, &new.get(from..).unwrap_or_default().join("\n"));
        }
        self.go_to(at.0, at.1);
    }

    /// Takes the last step back; whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(edits) = self.done.checked_sub(1).and_then(|at| self.steps.get(at)).copied() else {
            return false;
        };
        self.done -= 1;
        let is_done = (0..edits).fold(false, |any, _| self.area.undo() || any);
        self.refresh();
        is_done
    }

    /// Brings back what was taken back last; whether there was something.
    pub fn redo(&mut self) -> bool {
        let Some(edits) = self.steps.get(self.done).copied() else { return false };
        self.done += 1;
        let is_done = (0..edits).fold(false, |any, _| self.area.redo() || any);
        self.refresh();
        is_done
    }

    /// Whether `undo` would do something.
    #[must_use]
    pub fn can_undo(&self) -> bool {
        self.done > 0
    }

    /// Whether `redo` would do something.
    #[must_use]
    pub fn can_redo(&self) -> bool {
        self.done < self.steps.len()
    }

    fn has_mark(&self) -> bool {
        self.area.selection_range().is_some_and(|(from, to)| from != to)
    }

    /// A step of `edits` edits of the crate was made.
    fn note(&mut self, edits: usize) {
        self.steps.truncate(self.done);
        self.steps.push(edits);
        self.done += 1;
        self.refresh();
    }

    fn refresh(&mut self) {
        self.text = self.area.lines().join("\n").into();
        self.is_typing = false;
    }

    /// Edits by `key`; whether the text changed.
    pub fn press(&mut self, key: Key) -> bool {
        let code = match key.code {
            // Taking back is counted in steps of ours, never behind their back.
            Code::Char('u' | 'r') if key.is_ctrl => return false,
            Code::Char(c) => AreaKey::Char(c),
            Code::F(n) => AreaKey::F(n),
            Code::Enter => return self.break_line(),
            Code::Tab => AreaKey::Tab,
            Code::Backspace => AreaKey::Backspace,
            Code::Delete => AreaKey::Delete,
            Code::Up => AreaKey::Up,
            Code::Down => AreaKey::Down,
            Code::Left => AreaKey::Left,
            Code::Right => AreaKey::Right,
            Code::Home => AreaKey::Home,
            Code::End => AreaKey::End,
            Code::PageUp => AreaKey::PageUp,
            Code::PageDown => AreaKey::PageDown,
            Code::Esc | Code::Insert => return false,
        };
        let (had_mark, was_typing) = (self.has_mark(), self.is_typing);
        let typed = key.typed();
        if typed.is_some_and(|c| clean(c.encode_utf8(&mut [0; 4])).is_empty()) {
            return false;
        }
        if !self.area.input(Input { key: code, ctrl: key.is_ctrl, alt: key.is_alt, shift: key.is_shift }) {
            self.is_typing = false;
            return false;
        }
        // A key that writes over a mark is two edits; one that only removes it is one.
        let writes = typed.is_some() || code == AreaKey::Tab || (key.is_ctrl && code == AreaKey::Char('y'));
        match self.steps.last_mut() {
            // A word is one step, and the blank behind it begins the next.
            Some(step) if was_typing && typed.is_some_and(|c| !c.is_whitespace()) && !had_mark => {
                *step += 1;
                self.refresh();
            }
            _ => self.note(1 + usize::from(had_mark && writes)),
        }
        self.is_typing = typed.is_some();
        true
    }

    /// A new line begins where the one above does.
    fn break_line(&mut self) -> bool {
        let indent: String = self.before_cursor().chars().take_while(|c| *c == ' ').collect();
        let edits = 1 + usize::from(self.has_mark());
        self.area.insert_str(format!("\n{indent}"));
        self.note(edits);
        true
    }

    /// Inserts pasted text; line breaks stay, whatever else could disturb a screen goes.
    pub fn insert(&mut self, text: &str) {
        let room = EDITOR_BYTES_MAX.saturating_sub(self.text.len());
        let end = (0..=room.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        let text = lines(text.get(..end).unwrap_or_default()).join("\n");
        let edits = usize::from(self.has_mark()) + usize::from(!text.is_empty());
        if edits > 0 {
            self.area.insert_str(text);
            self.note(edits);
        }
    }

    /// Draws the part around the cursor into cells of its own, so that a pane can put lines between.
    #[must_use]
    pub fn draw(&self, cols: u16, rows: u16, style: Style) -> Sheet {
        let size = Rect::new(0, 0, cols, rows);
        let mut buf = Buffer::empty(size);
        buf.set_style(size, style);
        (&self.area).render(size, &mut buf);
        let (top, left) = self.area.scroll_offset();
        let at = self.area.screen_cursor();
        let cell = |at: usize, from: u16| u16::try_from(at).unwrap_or(u16::MAX).saturating_sub(from);
        let cursor = (cell(at.col, left).min(cols.saturating_sub(1)), cell(at.row, top));
        Sheet { buf, first_line: usize::from(top), first_cell: left, cursor }
    }
}

/// Lines without what no screen may hold.
fn lines(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    text.split('\n').map(|line| clean(&line.replace('\t', "  ")).into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn press(editor: &mut Editor, keys: &str) {
        for key in keys.split(' ') {
            editor.press(key.parse().unwrap());
        }
    }

    #[test]
    fn editing_and_the_place_of_the_cursor() {
        let mut editor = Editor::new("rule \"a\"\n  give to 华东\n");
        press(&mut editor, "down end x");
        assert_eq!(editor.lines()[1], "  give to 华东x");
        assert_eq!(editor.draw(40, 5, Style::default()).cursor, (15, 1));
        press(&mut editor, "backspace");
        assert!(editor.undo() && editor.text().contains("华东x"), "a step back");
        editor.replace("a\nb");
        assert_eq!((editor.text(), editor.cursor().0), ("a\nb", 1));
        editor.insert("\u{1b}[31m\r\nq");
        assert!(!editor.text().contains('\u{1b}'));
        press(&mut editor, "enter");
        assert_eq!(editor.cursor(), (3, 0));
    }

    #[test]
    fn a_word_a_replacement_and_a_paste_are_one_step_each() {
        let mut editor = Editor::new("one\ntwo\nthree");
        press(&mut editor, "a b space c d");
        assert_eq!(editor.lines()[0], "ab cdone");
        assert!(editor.undo());
        assert_eq!(editor.lines()[0], "abone");
        assert!(editor.undo() && !editor.can_undo());
        editor.replace("one\nzwei\nthree");
        editor.replace_range((0, 0), (0, 3), "");
        assert_eq!(editor.text(), "\nzwei\nthree");
        assert!(editor.undo() && editor.undo() && !editor.undo());
        assert_eq!(editor.text(), "one\ntwo\nthree");
        assert!(editor.redo() && editor.redo() && !editor.redo());
        assert_eq!(editor.text(), "\nzwei\nthree");
        editor.mark((1, 0), (1, 4));
        press(&mut editor, "x");
        assert_eq!(editor.text(), "\nx\nthree");
        editor.undo();
        assert_eq!(editor.text(), "\nzwei\nthree");
    }

    #[test]
    fn a_paste_beyond_what_an_editor_holds_is_cut_between_characters() {
        let mut editor = Editor::new("");
        editor.insert(&"华".repeat(EDITOR_BYTES_MAX));
        assert!(editor.text().len() <= EDITOR_BYTES_MAX && editor.text().chars().all(|c| c == '华'));
        editor.insert("x");
        assert!(editor.text().len() <= EDITOR_BYTES_MAX);
    }

    #[test]
    fn a_click_on_a_wide_character_lands_beside_it() {
        let mut editor = Editor::new("上海x");
        for (cell, column) in [(0, 0), (2, 1), (4, 2), (5, 3), (90, 3)] {
            editor.go_to_cell(0, cell);
            assert_eq!(editor.cursor(), (0, column), "{cell}");
        }
    }

    #[test]
    fn the_line_with_the_cursor_is_always_drawn() {
        let text: Vec<String> = (0..100).map(|n| n.to_string()).collect();
        let mut editor = Editor::new(&text.join("\n"));
        editor.go_to(80, 0);
        let sheet = editor.draw(20, 10, Style::default());
        assert!((sheet.first_line..sheet.first_line + 10).contains(&80));
        assert_eq!(usize::from(sheet.cursor.1) + sheet.first_line, 80);
    }

    proptest! {
        #[test]
        fn every_way_back_leads_to_the_beginning(
            texts in proptest::collection::vec("[ab\n]{0,6}", 1..6),
            keys in proptest::collection::vec(0..9usize, 0..12),
        ) {
            let start = "a\nbb\n\nccc";
            let mut editor = Editor::new(start);
            for (text, key) in texts.iter().cycle().zip(&keys) {
                let name = ["x", "enter", "backspace", "delete", "down", "end", "shift-down", "space", "tab"][*key];
                press(&mut editor, name);
                if *key % 3 == 0 { editor.replace(text) } else { editor.insert(text) }
                prop_assert_eq!(editor.text(), editor.lines().join("\n"));
            }
            let end = editor.text().to_owned();
            while editor.undo() {}
            prop_assert_eq!(editor.text(), start);
            while editor.redo() {}
            prop_assert_eq!(editor.text(), end);
        }
    }
}
