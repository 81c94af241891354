//! Edits by whole statements and lines: moving a rule, commenting out and in, taking a suggestion. Each is one step back.

use super::Draft;
use super::blocks::{Block, blocks};
use crate::console::msg::Fix;
use std::ops::Range;

/// Lines looked at upwards for the statement a line belongs to.
const ABOVE_MAX: usize = 2_000;

impl Draft {
    /// Writes these lines in place of a range of lines.
    fn set_lines(&mut self, range: Range<usize>, lines: &[String]) {
        let count = self.editor.lines().len();
        let mut text = lines.join("\n");
        if range.end < count && !lines.is_empty() {
            text.push('\n');
        }
        self.editor.replace_lines(range, &text);
    }

    /// Which statement the one at `at` would pass: a rule passes the nearest rule, others what stands beside them.
    #[must_use]
    pub fn neighbour(all: &[Block], at: usize, is_up: bool) -> Option<usize> {
        let is_rule = all.get(at)?.is_rule();
        let fits = |other: &usize| !is_rule || all.get(*other).is_some_and(Block::is_rule);
        if is_up { (0..at).rev().find(fits) } else { (at + 1..all.len()).find(fits) }
    }

    /// Moves a statement past its neighbour; whether there was one. The cursor goes along where it is in the statement.
    pub fn move_block(&mut self, at: usize, is_up: bool) -> bool {
        let all = blocks(self.editor.lines());
        let Some(other) = Self::neighbour(&all, at, is_up) else { return false };
        let (Some(upper), Some(lower)) = (all.get(at.min(other)), all.get(at.max(other))) else {
            return false;
        };
        let lines = self.editor.lines();
        let part = |range: Range<usize>| lines.get(range).unwrap_or_default();
        let upper_lines = upper.end - upper.start;
        let mut new = Vec::with_capacity(lower.end - upper.start);
        new.extend_from_slice(part(lower.start..lower.end));
        new.extend_from_slice(part(upper.end..lower.start));
        new.extend_from_slice(part(upper.start..upper.end));
        let moved = if is_up { lower } else { upper };
        let (line, column) = self.editor.cursor();
        let inside = line.checked_sub(moved.start).filter(|_| line < moved.end);
        let to = if is_up { upper.start } else { lower.end - upper_lines };
        let head = moved.head_line - moved.start;
        self.set_lines(upper.start..lower.end, &new);
        match inside {
            Some(inside) => self.editor.go_to(to + inside, column),
            None => self.editor.go_to(to + head, 0),
        }
        true
    }

    /// The lines that commenting would take: those marked, the statement whose first line the cursor is on, else the line.
    fn lines_meant(&self) -> Range<usize> {
        let (marked, is_marked) = self.editor.marked_lines();
        let here = self.block_here().filter(|block| block.head_line == marked.start && !is_marked);
        here.map_or(marked, |block| block.head_line..block.end)
    }

    /// Puts these lines behind `#`, or brings them back where every one is behind it.
    pub fn comment(&mut self, range: Range<usize>) {
        let Some(lines) = self.editor.lines().get(range.clone()) else { return };
        let mut full = lines.iter().filter(|line| !line.trim().is_empty()).peekable();
        let is_out = full.peek().is_some() && full.all(|line| line.starts_with('#'));
        let turned = |line: &String| match line.strip_prefix('#') {
            _ if line.trim().is_empty() => line.clone(),
            Some(rest) if is_out => rest.strip_prefix(' ').unwrap_or(rest).to_owned(),
            _ => format!("# {line}"),
        };
        let new: Vec<String> = lines.iter().map(turned).collect();
        let at = self.editor.cursor();
        self.set_lines(range, &new);
        self.editor.go_to(at.0, at.1);
    }

    /// Comments out, or in, what the cursor means.
    pub fn comment_here(&mut self) {
        self.comment(self.lines_meant());
    }

    /// Writes a suggestion, which was made for the present text; whether its place still exists.
    pub fn take_fix(&mut self, fix: &Fix) -> bool {
        let Some((from, to)) = self.place(fix.from).zip(self.place(fix.to)).filter(|(a, b)| a <= b) else {
            return false;
        };
        self.editor.replace_range(from, to, &fix.text);
        true
    }

    /// Line and column of a byte of the text.
    fn place(&self, byte: usize) -> Option<(usize, usize)> {
        let head = self.editor.text().get(..byte)?;
        let line = head.matches('\n').count();
        let column = head.rsplit('\n').next().map_or(0, |tail| tail.chars().count());
        Some((line, column))
    }

    /// The first word of the statement the cursor's line goes on with; empty where the line opens one.
    #[must_use]
    pub fn within(&self) -> String {
        let here = self.editor.cursor().0;
        let lines = self.editor.lines();
        let line = lines.get(here).map_or("", String::as_str);
        if !line.starts_with(' ') {
            return String::new();
        }
        let above = lines.get(here.saturating_sub(ABOVE_MAX)..here).unwrap_or_default();
        let head = above.iter().rev().find_map(|line| crate::rulebook::head(line));
        head.map_or_else(String::new, |head| head.word.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::widget::editor::Editor;

    const TEXT: &str =
        "# first\nrule \"a\"\n  give to team A\n\ndefine x = (1)\n\nrule \"b\"\n  give to team B";

    fn draft(line: usize, column: usize) -> Draft {
        let mut draft = Draft { editor: Editor::new(TEXT), base_text: TEXT.into(), ..Draft::default() };
        draft.editor.go_to(line, column);
        draft
    }

    #[test]
    fn a_rule_passes_the_next_rule_and_the_cursor_goes_along() {
        let mut mine = draft(7, 4);
        let at = |mine: &Draft| {
            blocks(mine.editor.lines()).iter().rposition(|b| b.start <= mine.editor.cursor().0).unwrap()
        };
        assert!(mine.move_block(at(&mine), true));
        let want = "rule \"b\"\n  give to team B\n\ndefine x = (1)\n\n# first\nrule \"a\"\n  give to team A";
        assert_eq!((mine.editor.text(), mine.editor.cursor()), (want, (1, 4)));
        assert!(!mine.move_block(at(&mine), true));
        assert!(mine.move_block(at(&mine), false));
        assert_eq!((mine.editor.text(), mine.editor.cursor()), (TEXT, (7, 4)));
        mine.editor.undo();
        assert_eq!(mine.editor.text(), want);
    }

    #[test]
    fn lines_and_rules_are_commented_out_and_in() {
        let mut mine = draft(1, 0);
        mine.comment_here();
        assert!(
            mine.editor.text().starts_with("# first\n# rule \"a\"\n#   give to team A\n\ndefine"),
            "{}",
            mine.editor.text()
        );
        mine.comment(1..3);
        assert_eq!(mine.editor.text(), TEXT);
        let mut mine = draft(7, 0);
        mine.comment_here();
        assert!(mine.editor.text().ends_with("\n#   give to team B"));
        mine.comment_here();
        assert_eq!(mine.editor.text(), TEXT);
        mine.editor.mark((1, 0), (3, 0));
        mine.comment_here();
        assert!(mine.editor.text().contains("\n# rule \"a\"\n#   give to team A\n\n"));
    }

    #[test]
    fn a_fix_lands_on_its_bytes_and_the_statement_is_known() {
        let mut mine = Draft { editor: Editor::new("rule \"华\"\n  give to team Prmo"), ..Draft::default() };
        let from = mine.editor.text().find("Prmo").unwrap();
        assert!(mine.take_fix(&Fix { from, to: from + 4, text: "Promo".into() }));
        assert_eq!(mine.editor.text(), "rule \"华\"\n  give to team Promo");
        assert!(!mine.take_fix(&Fix { from: 7, to: 8, text: String::new() }), "within a character");
        assert_eq!(mine.within(), "rule");
        mine.editor.go_to(0, 0);
        assert_eq!(mine.within(), "");
    }
}
