//! Two drafts on one book: what the other published since, and what was written here, statement by statement. Who comes
//! second chooses where both changed the same; nothing of either is lost unseen.

use super::diff::{Cut, Key};
use rustc_hash::FxHashSet;

/// Whose words of a statement are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Theirs,
    Mine,
}

/// Who changed a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Theirs,
    Mine,
    /// Both, and not alike: a person must choose.
    Both,
}

/// A statement that is not the same in the base and in both drafts; none where a book lacks it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub key: Key,
    pub change: Change,
    pub base: Option<Vec<String>>,
    pub theirs: Option<Vec<String>>,
    pub mine: Option<Vec<String>>,
    /// None while nobody has chosen.
    pub take: Option<Side>,
}

/// The three books side by side.
#[derive(Debug, Clone)]
pub struct Merge {
    theirs: Cut,
    mine: Cut,
    base: Cut,
    pub items: Vec<Item>,
}

impl Merge {
    /// Lays the books side by side; what only one side changed is taken from that side.
    #[must_use]
    pub fn of(base: &str, theirs: &str, mine: &str) -> Merge {
        let (base, theirs, mine) = (Cut::of(base), Cut::of(theirs), Cut::of(mine));
        let mut seen = FxHashSet::default();
        let all = mine.blocks.iter().chain(&theirs.blocks).chain(&base.blocks).map(|(key, _)| key);
        let keys: Vec<Key> = all.filter(|key| seen.insert((*key).clone())).cloned().collect();
        let items = keys.into_iter().filter_map(|key| {
            let text = |cut: &Cut| cut.find(&key).map(<[String]>::to_vec);
            let (b, t, m) = (text(&base), text(&theirs), text(&mine));
            let (change, take) = match (b == t, b == m) {
                _ if t == m => return None,
                (true, _) => (Change::Mine, Some(Side::Mine)),
                (_, true) => (Change::Theirs, Some(Side::Theirs)),
                (false, false) => (Change::Both, None),
            };
            Some(Item { key, change, base: b, theirs: t, mine: m, take })
        });
        let items = items.collect();
        Merge { theirs, mine, base, items }
    }

    /// Statements a person must still choose.
    #[must_use]
    pub fn open(&self) -> usize {
        self.items.iter().filter(|item| item.take.is_none()).count()
    }

    /// Takes a statement from one side.
    pub fn take(&mut self, at: usize, side: Side) {
        if let Some(item) = self.items.get_mut(at) {
            item.take = Some(side);
        }
    }

    /// The book both made; none while something is to be chosen. The order is mine where I changed it, else theirs.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        if self.open() > 0 {
            return None;
        }
        let (first, other) = if self.is_reordered(&self.mine) {
            (&self.mine, &self.theirs)
        } else {
            (&self.theirs, &self.mine)
        };
        let mut order: Vec<(&Key, bool)> = keys(first);
        for (at, (key, is_glued)) in keys(other).into_iter().enumerate() {
            if order.iter().any(|(k, _)| *k == key) {
                continue;
            }
            // Behind what it follows in its own book.
            let above = other.blocks.get(..at).unwrap_or_default().iter().rev();
            let place = above.filter_map(|(above, _)| order.iter().position(|(k, _)| *k == above)).next();
            order.insert(place.map_or(0, |place| place + 1), (key, is_glued));
        }
        let mut out = String::new();
        for (key, is_glued) in order {
            let lines = match self.items.iter().find(|item| item.key == *key) {
                Some(Item { take: Some(Side::Mine), mine, .. }) => mine.as_deref(),
                Some(item) => item.theirs.as_deref(),
                None => self.mine.find(key),
            };
            let Some(lines) = lines else { continue };
            if !out.is_empty() && !is_glued {
                out.push('\n');
            }
            for line in lines {
                out.push_str(line);
                out.push('\n');
            }
        }
        Some(out)
    }

    /// Whether statements of the base stand in another order in `cut`.
    fn is_reordered(&self, cut: &Cut) -> bool {
        let places: Vec<usize> = cut
            .blocks
            .iter()
            .filter_map(|(key, _)| self.base.blocks.iter().position(|(k, _)| k == key))
            .collect();
        !places.is_sorted()
    }
}

fn keys(cut: &Cut) -> Vec<(&Key, bool)> {
    cut.blocks.iter().enumerate().map(|(at, (key, _))| (key, cut.is_glued(at))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BASE: &str = "rule \"a\"\n  give to team A\n\nrule \"b\"\n  give to team B\n\notherwise wait\n";

    #[test]
    fn what_only_one_side_changed_needs_no_choice() {
        let theirs = BASE.replace("team B", "team X");
        let mine = BASE.replace("rule \"b\"", "rule \"n\"\n  give to team N\n\nrule \"b\"");
        let merge = Merge::of(BASE, &theirs, &mine);
        assert_eq!(merge.open(), 0);
        let text = merge.text().unwrap();
        assert_eq!(text, mine.replace("team B", "team X"));
    }

    #[test]
    fn where_both_changed_the_same_a_person_chooses() {
        let theirs = BASE.replace("team B", "team X");
        let mine = BASE.replace("team B", "team Y").replace("rule \"a\"\n  give to team A\n\n", "");
        let mut merge = Merge::of(BASE, &theirs, &mine);
        assert_eq!((merge.open(), merge.text()), (1, None));
        let at = merge.items.iter().position(|item| item.change == Change::Both).unwrap();
        merge.take(at, Side::Mine);
        assert_eq!(
            merge.text().as_deref(),
            Some(mine.as_str()),
            "their untouched rule that I removed stays away"
        );
        merge.take(at, Side::Theirs);
        assert!(merge.text().unwrap().contains("team X"));
    }

    #[test]
    fn an_order_changed_here_stays() {
        let theirs = BASE.replace("team B", "team X");
        let mine = "rule \"b\"\n  give to team B\n\nrule \"a\"\n  give to team A\n\notherwise wait\n";
        assert_eq!(Merge::of(BASE, &theirs, mine).text().unwrap(), mine.replace("team B", "team X"));
    }

    fn book() -> impl Strategy<Value = String> {
        let rule =
            (0..5u8, 0..3u8).prop_map(|(name, team)| format!("rule \"{name}\"\n  give to team {team}\n"));
        proptest::collection::vec(rule, 0..5).prop_map(|rules| rules.join("\n"))
    }

    proptest! {
        #[test]
        fn one_side_alone_wins_whole(base in book(), other in book()) {
            let said = |text: &str| Cut::of(text).blocks.iter().map(|(k, _)| k.clone()).collect::<Vec<_>>();
            for (theirs, mine) in [(&base, &other), (&other, &base)] {
                let merged = Merge::of(&base, theirs, mine).text().unwrap();
                let mut want = said(&other);
                let mut got = said(&merged);
                want.sort();
                got.sort();
                prop_assert_eq!(got, want);
                let (merged, other) = (Cut::of(&merged), Cut::of(&other));
                for (key, block) in &merged.blocks {
                    prop_assert_eq!(Some(merged.text(block)), other.find(key));
                }
            }
        }
    }
}
