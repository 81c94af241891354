//! What two books say differently, statement by statement and line by line. Both are printed canonically in one keyword
//! language first, so that neither layout nor language counts as a change; comments do.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use smol_str::{SmolStr, format_smolstr};

use super::keyword::{Kw, WATCHES, word_for};
use super::literal;
use super::print::print_in;
use super::tree::{Item, Noted, Tree};
use crate::model::lang::Lang;

/// What became of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Became {
    Added,
    Removed,
    Changed,
    /// A rule that says the same at another place among those that stayed.
    Moved,
}

/// A line of either text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Both,
    Before,
    After,
}

/// One statement that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// As it opens: `rule "East"`, `calendar`.
    pub title: SmolStr,
    pub became: Became,
    /// Its canonical lines; none where it only moved.
    pub lines: Vec<(Side, SmolStr)>,
}

/// The changes from one book to another, in the order of the later one, what is gone at the end; words of the language in
/// that of the later text.
#[must_use]
pub fn diff(before: &Tree, after: &Tree) -> Vec<Change> {
    let lang = after.source.keywords;
    let (old, new) = (Keyed::of(before, lang), Keyed::of(after, lang));
    let places: BTreeMap<&SmolStr, usize> = old.iter().enumerate().map(|(i, k)| (&k.key, i)).collect();
    let stayed = kept_order(&old, &new);
    let mut out = Vec::new();
    for item in &new {
        let Some(was) = places.get(&item.key).and_then(|i| old.get(*i)) else {
            out.push(item.change(Became::Added, item.all(Side::After)));
            continue;
        };
        if was.lines != item.lines {
            out.push(item.change(Became::Changed, lines_between(&was.lines, &item.lines)));
        } else if item.is_rule && !stayed.contains(&item.key) {
            out.push(item.change(Became::Moved, Vec::new()));
        }
    }
    let known: BTreeSet<&SmolStr> = new.iter().map(|k| &k.key).collect();
    let gone = old.iter().filter(|k| !known.contains(&k.key));
    out.extend(gone.map(|item| item.change(Became::Removed, item.all(Side::Before))));
    out
}

/// A statement with what it is known by.
struct Keyed {
    key: SmolStr,
    title: SmolStr,
    is_rule: bool,
    lines: Vec<SmolStr>,
}

impl Keyed {
    fn of(tree: &Tree, lang: Lang) -> Vec<Keyed> {
        let mut seen: BTreeMap<SmolStr, usize> = BTreeMap::new();
        let mut out: Vec<Keyed> = tree
            .items
            .iter()
            .map(|item| {
                let key = key(&item.node);
                // Of several that are known by the same, the first stands for the first.
                let nth = seen.entry(key.clone()).or_insert(0);
                *nth += 1;
                let key = if *nth > 1 { format_smolstr!("{key}#{nth}") } else { key };
                let one = Tree { items: vec![item.clone()], ..Tree::default() };
                let lines: Vec<SmolStr> = print_in(&one, lang).lines().map(SmolStr::new).collect();
                Keyed { key, title: title(item, &lines), is_rule: matches!(item.node, Item::Rule(_)), lines }
            })
            .collect();
        if !tree.tail.is_empty() {
            let lines: Vec<SmolStr> = tree.tail.iter().map(|c| format_smolstr!("# {c}")).collect();
            out.push(Keyed { key: "#".into(), title: "#".into(), is_rule: false, lines });
        }
        out
    }

    fn change(&self, became: Became, lines: Vec<(Side, SmolStr)>) -> Change {
        Change { title: self.title.clone(), became, lines }
    }

    fn all(&self, side: Side) -> Vec<(Side, SmolStr)> {
        self.lines.iter().map(|line| (side, line.clone())).collect()
    }
}

/// What a statement is known by, whatever language it is written in.
fn key(item: &Item) -> SmolStr {
    let named = |kw: Kw, name: &str| format_smolstr!("{} {}", kw.word(Lang::En), literal::normal(name));
    let alone = |kw: Kw| SmolStr::new_static(kw.word(Lang::En));
    match item {
        Item::Calendar(_) => alone(Kw::Calendar),
        Item::Define(define) => named(Kw::Define, &define.name.text),
        Item::Score(_) => alone(Kw::Score),
        Item::Duplicates(_) => alone(Kw::Duplicates),
        Item::Rule(rule) => named(Kw::Rule, &rule.name.text),
        Item::Otherwise(_) => alone(Kw::Otherwise),
        Item::Watch(watch) => named(Kw::Watch, word_for(WATCHES, watch.kind, Lang::En)),
        Item::Replies(_) => alone(Kw::Replies),
        Item::Salt(_) => alone(Kw::Salt),
        Item::Timers(_) => alone(Kw::Timers),
        Item::Ramp(ramp) => named(Kw::Ramp, ramp.team.as_ref().map_or("", |t| &t.text)),
        Item::Pool(_) => alone(Kw::Pool),
        Item::Promotion(promotion) => named(Kw::Promotion, &promotion.name.text),
        Item::Notify(notify) => {
            let team = notify.team.as_ref().map_or(SmolStr::default(), |t| literal::normal(&t.text));
            format_smolstr!("notify {} {} {team}", notify.kind.word(), literal::normal(&notify.name.text))
        }
        Item::Broken(raw) => format_smolstr!("broken {raw}"),
    }
}

/// The line a statement opens with, without comments and what a one-line statement goes on to say.
fn title(item: &Noted<Item>, lines: &[SmolStr]) -> SmolStr {
    let first = lines.get(item.before.len()).cloned().unwrap_or_default();
    let first = first.split("  #").next().unwrap_or_default();
    match &item.node {
        Item::Define(_) => first.split(" = ").next().unwrap_or_default().into(),
        Item::Notify(_) => first.split(' ').take(3).collect::<Vec<_>>().join(" ").into(),
        Item::Watch(_) => first.split(' ').take(2).collect::<Vec<_>>().join(" ").into(),
        _ => first.into(),
    }
}

/// Rules whose order among each other did not change.
fn kept_order(old: &[Keyed], new: &[Keyed]) -> BTreeSet<SmolStr> {
    let rules =
        |all: &[Keyed]| -> Vec<SmolStr> { all.iter().filter(|k| k.is_rule).map(|k| k.key.clone()).collect() };
    let (old, new) = (rules(old), rules(new));
    let places: BTreeMap<&SmolStr, usize> = old.iter().enumerate().map(|(i, key)| (key, i)).collect();
    let olds: Vec<Option<usize>> = new.iter().map(|key| places.get(key).copied()).collect();
    new.iter().zip(in_order(&olds)).filter(|(_, kept)| *kept).map(|(key, _)| key.clone()).collect()
}

/// Which of the new statements stand in the order of their old places: a longest rising run. The others moved.
#[must_use]
pub fn in_order(olds: &[Option<usize>]) -> Vec<bool> {
    // Patience: `ends[n]` is where the best run of n + 1 ends.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; olds.len()];
    let value = |i: usize| olds.get(i).copied().flatten().unwrap_or(usize::MAX);
    for (i, old) in olds.iter().enumerate() {
        let Some(old) = old else { continue };
        let n = ends.partition_point(|end| value(*end) < *old);
        if let (Some(slot), Some(end)) = (before.get_mut(i), n.checked_sub(1).and_then(|n| ends.get(n))) {
            *slot = Some(*end);
        }
        match ends.get_mut(n) {
            Some(end) => *end = i,
            None => ends.push(i),
        }
    }
    let mut kept = vec![false; olds.len()];
    let mut at = ends.last().copied();
    while let Some(i) = at {
        if let Some(slot) = kept.get_mut(i) {
            *slot = true;
        }
        at = before.get(i).copied().flatten();
    }
    kept
}

/// The lines of two statements beside each other.
fn lines_between(before: &[SmolStr], after: &[SmolStr]) -> Vec<(Side, SmolStr)> {
    let mut out = Vec::new();
    let mut take = |from: &[SmolStr], range: Range<usize>, side| {
        out.extend(from.get(range).unwrap_or_default().iter().map(|line| (side, line.clone())));
    };
    for op in capture_diff_slices(Algorithm::Myers, before, after) {
        match op {
            DiffOp::Equal { .. } => take(before, op.old_range(), Side::Both),
            _ => {
                take(before, op.old_range(), Side::Before);
                take(after, op.new_range(), Side::After);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::rulebook::parse;
    use crate::rulebook::testing::{SKETCH, mutated_book};

    fn told(before: &str, after: &str) -> Vec<String> {
        let say = |c: Change| {
            let mark = |side| match side {
                Side::Both => ' ',
                Side::Before => '-',
                Side::After => '+',
            };
            let lines: Vec<String> =
                c.lines.iter().map(|(side, l)| format!("{}{}", mark(*side), l.trim())).collect();
            format!("{:?} {}: {}", c.became, c.title, lines.join("|"))
        };
        diff(&parse(before).tree, &parse(after).tree).into_iter().map(say).collect()
    }

    #[test]
    fn statements_are_compared_by_what_they_are_called() {
        let before = "rule A\n when score > 3\n give to owner\nrule B\n give to owner\nrule C\n give to owner\ndefine x = (a)\notherwise wait";
        let after = "define x = (a, b)\nrule C\n give to owner\nrule A\n give to owner\n else wait\n when score > 4\nrule D\n give to rep d\notherwise wait";
        assert_eq!(
            told(before, after),
            [
                "Changed define x: -define x = (a)|+define x = (a, b)",
                "Moved rule \"C\": ",
                "Changed rule \"A\":  rule \"A\"|-when score > 3|+when score > 4| give to owner|+else wait",
                "Added rule \"D\": +rule \"D\"|+give to rep d",
                "Removed rule \"B\": -rule \"B\"|-give to owner",
            ]
        );
    }

    #[test]
    fn language_and_layout_are_no_change() {
        let tree = parse(SKETCH).tree;
        assert_eq!(told(SKETCH, &print_in(&tree, Lang::Zh)), [""; 0]);
        assert_eq!(told("rule A\ngive to owner  # why", "rule A\n\n   give to   owner # why"), [""; 0]);
        assert_eq!(
            told("rule A\ngive to owner", "规则 A\n分配给 负责人\n否则 等待"),
            ["Changed 规则 \"A\":  规则 \"A\"| 分配给 负责人|+否则 等待"]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// What is told of a statement's lines puts together both of its texts.
        #[test]
        fn lines_tell_both_texts(before in mutated_book(), after in mutated_book()) {
            let (old, new) = (parse(&before).tree, parse(&after).tree);
            prop_assert_eq!(diff(&old, &old), vec![]);
            for change in diff(&old, &new) {
                let text = |without: Side| {
                    change.lines.iter().filter(|(s, _)| *s != without).map(|(_, l)| l.clone()).collect::<Vec<_>>()
                };
                if change.became == Became::Changed {
                    prop_assert!(Keyed::of(&old, new.source.keywords).iter().any(|k| k.lines == text(Side::After)));
                    prop_assert!(Keyed::of(&new, new.source.keywords).iter().any(|k| k.lines == text(Side::Before)));
                }
            }
        }
    }
}
