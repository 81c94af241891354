//! Two books compared rule by rule and line by line: what a publication would change, what lies between two versions. By their
//! text, which need not be a book yet; [`crate::rulebook::diff`] compares what two books say.

use super::blocks::{Block, blocks};
use crate::rulebook::in_order;
use rustc_hash::FxHashMap;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use smol_str::SmolStr;
use std::ops::Range;

/// A statement of one book by which it is found in another: its first word, its name, and how many of both stand above it.
/// A paragraph of comments goes by its first line.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub word: SmolStr,
    pub name: SmolStr,
    pub nth: u32,
}

/// A book cut into its statements.
#[derive(Debug, Clone, Default)]
pub struct Cut {
    pub lines: Vec<String>,
    pub blocks: Vec<(Key, Block)>,
}

impl Cut {
    /// Cuts a text.
    #[must_use]
    pub fn of(text: &str) -> Cut {
        let lines: Vec<String> = text.lines().map(|line| line.trim_end().to_owned()).collect();
        let mut counts: FxHashMap<(SmolStr, SmolStr), u32> = FxHashMap::default();
        let keyed = |block: Block| {
            let (word, name) = match &block.head {
                Some(head) => (head.word.clone(), head.name.clone()),
                None => ("#".into(), lines.get(block.start).map(SmolStr::new).unwrap_or_default()),
            };
            let count = counts.entry((word.clone(), name.clone())).or_default();
            *count += 1;
            (Key { word, name, nth: *count }, block)
        };
        let blocks = blocks(&lines).into_iter().map(keyed).collect();
        Cut { lines, blocks }
    }

    /// The lines of a statement.
    #[must_use]
    pub fn text(&self, block: &Block) -> &[String] {
        self.lines.get(block.start..block.end).unwrap_or_default()
    }

    /// The lines of the statement with this key.
    #[must_use]
    pub fn find(&self, key: &Key) -> Option<&[String]> {
        self.blocks.iter().find(|(k, _)| k == key).map(|(_, block)| self.text(block))
    }

    /// Whether no blank line stands between a statement and the one above it.
    #[must_use]
    pub fn is_glued(&self, at: usize) -> bool {
        let above = at.checked_sub(1).and_then(|above| self.blocks.get(above));
        above.zip(self.blocks.get(at)).is_some_and(|((_, a), (_, b))| a.end == b.start)
    }
}

/// What became of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Added,
    Removed,
    Changed,
    /// The same words at another place.
    Moved,
    /// Other words at another place.
    MovedChanged,
}

/// A line of a comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiffLine {
    /// A statement that differs, with how many lines come and go.
    Head {
        fate: Fate,
        key: Key,
        more: usize,
        less: usize,
    },
    Plus(String),
    Minus(String),
    /// A line both have, for orientation.
    Same(String),
}

/// Lines both have that are shown around what differs.
const AROUND: usize = 1;

/// What differs, in the order of the new book; what was removed stands where it was.
#[must_use]
pub fn diff(old: &str, new: &str) -> Vec<DiffLine> {
    let (old, new) = (Cut::of(old), Cut::of(new));
    let at: FxHashMap<&Key, usize> = old.blocks.iter().enumerate().map(|(i, (key, _))| (key, i)).collect();
    let olds: Vec<Option<usize>> = new.blocks.iter().map(|(key, _)| at.get(key).copied()).collect();
    let kept = in_order(&olds);
    let mut is_taken = vec![false; old.blocks.len()];
    olds.iter().flatten().for_each(|i| {
        if let Some(taken) = is_taken.get_mut(*i) {
            *taken = true;
        }
    });
    let mut out = Vec::new();
    let mut next_old = 0;
    let removed = |range: Range<usize>, out: &mut Vec<DiffLine>| {
        for i in range {
            if let (Some(false), Some((key, block))) = (is_taken.get(i), old.blocks.get(i)) {
                one(out, Fate::Removed, key, old.text(block), &[]);
            }
        }
    };
    for (i, (key, block)) in new.blocks.iter().enumerate() {
        let was = olds.get(i).copied().flatten();
        let is_kept = kept.get(i) == Some(&true);
        if let Some(was) = was.filter(|_| is_kept) {
            removed(next_old..was, &mut out);
            next_old = was + 1;
        }
        let old_text = was.and_then(|was| old.blocks.get(was)).map(|(_, block)| old.text(block));
        let new_text = new.text(block);
        match old_text {
            None => one(&mut out, Fate::Added, key, &[], new_text),
            Some(text) if text == new_text && is_kept => {}
            Some(text) if text == new_text => one(&mut out, Fate::Moved, key, &[], &[]),
            Some(text) if is_kept => one(&mut out, Fate::Changed, key, text, new_text),
            Some(text) => one(&mut out, Fate::MovedChanged, key, text, new_text),
        }
    }
    removed(next_old..old.blocks.len(), &mut out);
    out
}

/// One statement: its head, then its lines.
fn one(out: &mut Vec<DiffLine>, fate: Fate, key: &Key, old: &[String], new: &[String]) {
    let head = out.len();
    out.push(DiffLine::Head { fate, key: key.clone(), more: 0, less: 0 });
    let lines = lines(old, new);
    let count = |want: fn(&DiffLine) -> bool| lines.iter().filter(|line| want(line)).count();
    let more = count(|line| matches!(line, DiffLine::Plus(_)));
    let less = count(|line| matches!(line, DiffLine::Minus(_)));
    if let Some(slot) = out.get_mut(head) {
        *slot = DiffLine::Head { fate, key: key.clone(), more, less };
    }
    out.extend(lines);
}

/// Two texts line by line; of what both have only what stands beside a difference.
#[must_use]
pub fn lines(old: &[String], new: &[String]) -> Vec<DiffLine> {
    let mut all = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, old, new) {
        let take = |from: &[String], range: Range<usize>, as_line: fn(String) -> DiffLine| {
            from.get(range).unwrap_or_default().iter().cloned().map(as_line).collect::<Vec<_>>()
        };
        let (o, n) = (op.old_range(), op.new_range());
        match op {
            DiffOp::Equal { .. } => all.extend(take(old, o, DiffLine::Same)),
            _ => {
                all.extend(take(old, o, DiffLine::Minus));
                all.extend(take(new, n, DiffLine::Plus));
            }
        }
    }
    let is_near = |at: usize| {
        let near = all.get(at.saturating_sub(AROUND)..(at + AROUND + 1).min(all.len())).unwrap_or_default();
        near.iter().any(|line| !matches!(line, DiffLine::Same(_)))
    };
    let near: Vec<bool> = (0..all.len()).map(is_near).collect();
    all.into_iter().zip(near).filter(|(_, near)| *near).map(|(line, _)| line).collect()
}

/// What a comparison comes to in a few words: names of statements by fate, for a note nobody wrote.
#[must_use]
pub fn summary(diff: &[DiffLine]) -> Vec<(Fate, Key)> {
    let heads = diff.iter().filter_map(|line| match line {
        DiffLine::Head { fate, key, .. } => Some((*fate, key.clone())),
        _ => None,
    });
    heads.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "rule \"a\"\n  give to team A\n\nrule \"b\"\n  when x = 1\n  give to team B\n\nrule \"c\"\n  give to team C\n";

    fn fates(new: &str) -> Vec<(Fate, String)> {
        summary(&diff(OLD, new)).into_iter().map(|(fate, key)| (fate, key.name.to_string())).collect()
    }

    #[test]
    fn statements_are_found_again_by_name() {
        assert_eq!(diff(OLD, OLD), []);
        assert_eq!(diff(OLD, &OLD.replace("\n\n", "\n\n\n")), [], "blank lines say nothing");
        assert_eq!(fates(&OLD.replace("x = 1", "x = 2")), [(Fate::Changed, "b".into())]);
        let moved = "rule \"c\"\n  give to team C\n\nrule \"a\"\n  give to team A\n\nrule \"b\"\n  when x = 1\n  give to team B\n";
        assert_eq!(fates(moved), [(Fate::Moved, "c".into())]);
        assert_eq!(fates(&moved.replace("team C", "team D")), [(Fate::MovedChanged, "c".into())]);
        let other =
            "rule \"a\"\n  give to team A\n\nrule \"n\"\n  give to team N\n\nrule \"c\"\n  give to team C\n";
        assert_eq!(fates(other), [(Fate::Added, "n".into()), (Fate::Removed, "b".into())]);
    }

    #[test]
    fn of_a_changed_rule_only_what_differs_is_shown() {
        let new = OLD.replace("x = 1", "x = 2");
        let shown = diff(OLD, &new);
        let want = [
            DiffLine::Head {
                fate: Fate::Changed,
                key: Key { word: "rule".into(), name: "b".into(), nth: 1 },
                more: 1,
                less: 1,
            },
            DiffLine::Same("rule \"b\"".into()),
            DiffLine::Minus("  when x = 1".into()),
            DiffLine::Plus("  when x = 2".into()),
            DiffLine::Same("  give to team B".into()),
        ];
        assert_eq!(shown, want);
    }
}
