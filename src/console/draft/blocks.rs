//! A book's text cut into its statements, whatever is wrong with them: for the outline, for moving whole rules, and for
//! comparing two books rule by rule. Goes by the left edge of the lines, as a reader's eye does.

use crate::rulebook::{Head, head};

/// A statement with the comments right above it, or a paragraph of comments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Lines from 0; blank lines around it are not among them.
    pub start: usize,
    /// The line that opens the statement; `start` for a paragraph of comments.
    pub head_line: usize,
    pub end: usize,
    /// None for a paragraph of comments.
    pub head: Option<Head>,
}

impl Block {
    #[must_use]
    pub fn is_rule(&self) -> bool {
        self.head.as_ref().is_some_and(|head| head.is_rule)
    }
}

/// The statements of a text in order. Every line that is not blank belongs to one.
#[must_use]
pub fn blocks(lines: &[String]) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    // Comments at the left edge that wait for the statement below them.
    let mut comments: Option<usize> = None;
    let paragraph = |from: usize, to: usize| Block { start: from, head_line: from, end: to, head: None };
    for (at, line) in lines.iter().enumerate() {
        if line.trim().is_empty() {
            out.extend(comments.take().map(|from| paragraph(from, at)));
        } else if line.starts_with('#') {
            comments.get_or_insert(at);
        } else if let Some(head) = head(line) {
            let start = comments.take().unwrap_or(at);
            out.push(Block { start, head_line: at, end: at + 1, head: Some(head) });
        } else {
            // Within a statement a comment at the left edge is part of it.
            let from = comments.take().unwrap_or(at);
            match out.last_mut().filter(|block| block.head.is_some() || block.end == from) {
                Some(block) => block.end = at + 1,
                None => out.push(paragraph(from, at + 1)),
            }
        }
    }
    out.extend(comments.map(|from| paragraph(from, lines.len())));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<(usize, usize, usize, String)> {
        let lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
        let name =
            |block: &Block| block.head.as_ref().map_or("#".into(), |h| format!("{} {}", h.word, h.name));
        blocks(&lines).iter().map(|b| (b.start, b.head_line, b.end, name(b).trim().to_owned())).collect()
    }

    #[test]
    fn comments_belong_to_what_stands_right_below() {
        let text = "# the book\n\ncalendar\n  timezone UTC\n# hot\nrule \"a\"\n  give to team A\n\n  else wait\n# gone\n# rule \"b\"\n\njunk\n# end";
        assert_eq!(
            cut(text),
            [
                (0, 0, 1, "#".to_owned()),
                (2, 2, 4, "calendar".to_owned()),
                (4, 5, 9, "rule a".to_owned()),
                (9, 9, 11, "#".to_owned()),
                (12, 12, 13, "junk".to_owned()),
                (13, 13, 14, "#".to_owned()),
            ]
        );
        assert_eq!(cut("  when x\n  give to y"), [(0, 0, 2, "#".to_owned())]);
        assert!(cut("\n\n").is_empty());
    }
}
