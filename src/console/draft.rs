//! The rule book being written: its text, what it is based on, what is wrong with it, and edits by whole rules. Whoever
//! builds rules elsewhere (a form) takes the rule under the cursor from here and puts text back. No IO, no drawing.

pub mod blocks;
pub mod diff;
mod edits;
pub mod find;
pub mod keep;
pub mod merge;
pub mod sheet;
pub mod step;
pub mod unchecked;

use crate::console::msg::Problem;
use crate::console::widget::editor::Editor;
use crate::model::id::BookVersion;
use crate::rulebook::{Offer, Replied, Vocabulary};
use blocks::{Block, blocks};
use keep::Editing;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The rule book being written.
#[derive(Debug, Clone, Default)]
pub struct Draft {
    pub editor: Editor,
    /// The text the draft began from, as the editor would have it, and its version: what a publication is based on.
    pub base_text: String,
    pub base: BookVersion,
    pub problems: Vec<Problem>,
    /// The text the problems are of.
    pub checked: Arc<str>,
    /// Names the text defines itself, as of the last check.
    pub named: Named,
    /// What may come next at the cursor; the chosen one is taken by Enter.
    pub offers: Vec<Offer>,
    pub chosen: Option<usize>,
    /// Words of the desk for offers, read when the screen opens.
    pub words: Option<Arc<Vocabulary>>,
    /// Of which sources replies are recorded, as of the screen's opening.
    pub replied: BTreeMap<SmolStr, Replied>,
    /// Who else writes.
    pub others: Vec<Editing>,
    /// Whether a draft left behind was asked for.
    pub has_asked: bool,
    /// Whether a file of this draft stands somewhere.
    pub is_kept: bool,
}

/// Names a text defines: they can be used further down.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    pub defines: Vec<SmolStr>,
    pub windows: Vec<SmolStr>,
    pub promotions: Vec<SmolStr>,
}

/// A rule of the draft: its lines, comments above it included, without blank lines around.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleText {
    pub name: String,
    /// Lines of the draft, from 0; the end is not among them.
    pub lines: std::ops::Range<usize>,
    /// Ends with a line break.
    pub text: String,
}

impl Draft {
    /// Whether something was written that the base has not.
    #[must_use]
    pub fn is_changed(&self) -> bool {
        self.editor.text() != self.base_text
    }

    /// Whether what is known to be wrong is of the text as it stands.
    #[must_use]
    pub fn is_checked(&self) -> bool {
        *self.checked == *self.editor.text()
    }

    /// The statement the cursor is in, or the one above it.
    #[must_use]
    pub fn block_here(&self) -> Option<Block> {
        let line = self.editor.cursor().0;
        let all = blocks(self.editor.lines());
        all.into_iter().rfind(|block| block.start <= line)
    }

    /// The rule the cursor is in; none where it stands between rules or in another statement.
    #[must_use]
    pub fn rule_here(&self) -> Option<RuleText> {
        let line = self.editor.cursor().0;
        let block = self.block_here().filter(|block| block.is_rule() && block.end > line)?;
        let mut text = self.editor.lines().get(block.start..block.end)?.join("\n");
        text.push('\n');
        let name = block.head.as_ref().map(|head| head.name.to_string()).unwrap_or_default();
        Some(RuleText { name, lines: block.start..block.end, text })
    }

    /// Writes `text` in place of the rule the cursor is in, or else as a statement of its own below the one it stands in
    /// (above everything where nothing is). One step that can be taken back; the cursor stands at the text's first line.
    pub fn put_rule(&mut self, text: &str) {
        let text = text.trim_matches('\n');
        if let Some(rule) = self.rule_here() {
            self.editor.replace_lines(rule.lines.clone(), &format!("{text}\n"));
            self.editor.go_to(rule.lines.start, 0);
            return;
        }
        let at = self.block_here().map_or(0, |block| block.end);
        let above = if at == 0 { "" } else { "\n" };
        let is_last = self.editor.lines().iter().skip(at).all(|line| line.trim().is_empty());
        let is_spaced = self.editor.lines().get(at).is_some_and(|line| line.trim().is_empty());
        let below = if is_last || is_spaced { "" } else { "\n" };
        self.editor.replace_lines(at..at, &format!("{above}{text}\n{below}"));
        self.editor.go_to(at + above.len(), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "calendar\n  timezone UTC\n\n# hot ones\nrule \"a\"\n  give to team A\n\nrule \"b\"\n  give to team B\n\notherwise wait\n";

    fn draft(line: usize) -> Draft {
        let mut draft = Draft { editor: Editor::new(TEXT), base_text: TEXT.into(), ..Draft::default() };
        draft.editor.go_to(line, 0);
        draft
    }

    #[test]
    fn the_rule_under_the_cursor_goes_out_and_comes_back() {
        for line in 3..6 {
            let rule = draft(line).rule_here().unwrap();
            assert_eq!((rule.name.as_str(), rule.lines), ("a", 3..6), "{line}");
            assert_eq!(rule.text, "# hot ones\nrule \"a\"\n  give to team A\n");
        }
        for line in [0, 2, 6, 10] {
            assert_eq!(draft(line).rule_here(), None, "{line}");
        }
        let mut mine = draft(5);
        mine.put_rule("rule \"c\"\n  give to team C\n  else wait\n");
        let want = TEXT.replace(
            "# hot ones\nrule \"a\"\n  give to team A\n",
            "rule \"c\"\n  give to team C\n  else wait\n",
        );
        assert_eq!(mine.editor.text(), want);
        assert_eq!(mine.editor.cursor().0, 3);
        mine.editor.undo();
        assert!(!mine.is_changed(), "one step back: {}", mine.editor.text());
    }

    #[test]
    fn a_new_rule_stands_between_blank_lines() {
        let mut mine = draft(6);
        mine.put_rule("rule \"c\"\n  give to team C");
        assert!(
            mine.editor.text().contains("team A\n\nrule \"c\"\n  give to team C\n\nrule \"b\""),
            "{}",
            mine.editor.text()
        );
        let mut mine = draft(11);
        mine.put_rule("rule \"c\"\n  give to team C\n");
        assert!(mine.editor.text().ends_with("otherwise wait\n\nrule \"c\"\n  give to team C\n"));
        let mut empty = Draft::default();
        empty.put_rule("rule \"c\"\n  give to team C\n");
        assert_eq!(empty.editor.text(), "rule \"c\"\n  give to team C\n");
    }
}
