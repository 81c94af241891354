//! The editor of many lines: the textarea crate behind our own keys and cells. Whoever edits sees text, cursor and `press`;
//! only this file knows the crate.
//!
//! It draws no cursor of its own: the hardware cursor stands where input methods look for it.

use crate::console::key::{Code, Key};
use crate::console::widget::fit::clean;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::widgets::Widget;
use tui_textarea::{CursorMove, Input, Key as AreaKey, TextArea};

/// Steps back that are kept.
const HISTORY_MAX: usize = 500;
/// Cells of a tab.
const TAB_CELLS: u8 = 2;

/// Text being written.
#[derive(Debug, Clone)]
pub struct Editor {
    area: TextArea<'static>,
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
        area.set_max_histories(HISTORY_MAX);
        area.set_tab_length(TAB_CELLS);
        Self { area }
    }

    /// The whole text.
    #[must_use]
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// The lines.
    #[must_use]
    pub fn lines(&self) -> &[String] {
        self.area.lines()
    }

    /// Line and column of the cursor, counted from 0, the column in characters.
    #[must_use]
    pub fn cursor(&self) -> (usize, usize) {
        let at = self.area.cursor();
        (at.0, at.1)
    }

    /// Puts the cursor at a line and column, or as near as the text has it.
    pub fn go_to(&mut self, line: usize, column: usize) {
        let cell = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        self.area.move_cursor(CursorMove::Jump(cell(line), cell(column)));
    }

    /// Replaces the whole text as one step that can be taken back; the cursor keeps its line.
    pub fn replace(&mut self, text: &str) {
        let (line, column) = self.cursor();
        self.area.select_all();
        self.area.insert_str(lines(text).join("\n"));
        self.go_to(line, column);
    }

    /// Edits by `key`; whether the text changed.
    pub fn press(&mut self, key: Key) -> bool {
        // The hint bar speaks of ctrl-z as "suspend" and of undo nowhere: the crate's own ctrl-u and ctrl-r do that.
        let code = match key.code {
            Code::Char(c) => AreaKey::Char(c),
            Code::F(n) => AreaKey::F(n),
            Code::Enter => AreaKey::Enter,
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
        self.area.input(Input { key: code, ctrl: key.is_ctrl, alt: key.is_alt, shift: key.is_shift })
    }

    /// Inserts pasted text; line breaks stay, whatever else could disturb a screen goes.
    pub fn insert(&mut self, text: &str) {
        self.area.insert_str(lines(text).join("\n"));
    }

    /// Draws the part around the cursor into cells of its own, so that a pane can put lines between.
    #[must_use]
    pub fn draw(&self, cols: u16, rows: u16, style: Style) -> Sheet {
        let size = Rect::new(0, 0, cols, rows);
        let mut buf = Buffer::empty(size);
        (&self.area).render(size, &mut buf);
        buf.set_style(size, style);
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
        press(&mut editor, "backspace ctrl-u");
        assert!(editor.text().contains("华东x"), "a step back");
        editor.replace("a\nb");
        assert_eq!((editor.text().as_str(), editor.cursor().0), ("a\nb", 1));
        editor.insert("\u{1b}[31m\r\nq");
        assert!(!editor.text().contains('\u{1b}'));
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
}
