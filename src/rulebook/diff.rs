//! What two books say differently, statement by statement and line by line. Both are printed canonically in one keyword
//! language first, so that neither layout nor language counts as a change; comments do.

use std::collections::BTreeMap;

use smol_str::{SmolStr, format_smolstr};

use super::keyword::{Kw, WATCHES, word_for};
use super::literal;
use super::print::print_in;
use super::tree::{Item, Noted, Tree};
use crate::model::lang::Lang;

/// Lines of one statement that are compared one by one; a longer one is told as taken out and put in whole.
const LINES_MAX: usize = 2_000;

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
    let known: std::collections::BTreeSet<&SmolStr> = new.iter().map(|k| &k.key).collect();
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

/// Rules whose order among each other did not change: a longest common run of the two orders.
fn kept_order(old: &[Keyed], new: &[Keyed]) -> std::collections::BTreeSet<SmolStr> {
    let places: BTreeMap<&SmolStr, usize> =
        old.iter().filter(|k| k.is_rule).enumerate().map(|(i, k)| (&k.key, i)).collect();
    let order: Vec<(usize, &SmolStr)> =
        new.iter().filter_map(|k| places.get(&k.key).map(|place| (*place, &k.key))).collect();
    // Patience: the longest increasing run of old places, in n log n.
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = vec![None; order.len()];
    for (i, (place, _)) in order.iter().enumerate() {
        let at = tails.partition_point(|t| order.get(*t).is_some_and(|(p, _)| p < place));
        if let Some(slot) = before.get_mut(i) {
            *slot = at.checked_sub(1).and_then(|a| tails.get(a)).copied();
        }
        match tails.get_mut(at) {
            Some(tail) => *tail = i,
            None => tails.push(i),
        }
    }
    let mut kept = std::collections::BTreeSet::new();
    let mut next = tails.last().copied();
    while let Some((_, key)) = next.and_then(|i| order.get(i)) {
        kept.insert((*key).clone());
        next = next.and_then(|i| before.get(i).copied().flatten());
    }
    kept
}

/// The lines of two statements beside each other, by their longest common run.
fn lines_between(before: &[SmolStr], after: &[SmolStr]) -> Vec<(Side, SmolStr)> {
    let whole = |lines: &[SmolStr], side| lines.iter().map(|l| (side, l.clone())).collect::<Vec<_>>();
    if before.len() > LINES_MAX || after.len() > LINES_MAX {
        return [whole(before, Side::Before), whole(after, Side::After)].concat();
    }
    let width = after.len() + 1;
    let mut common = vec![0u32; (before.len() + 1) * width];
    let at = |common: &[u32], i: usize, j: usize| common.get(i * width + j).copied().unwrap_or(0);
    for (i, old) in before.iter().enumerate().rev() {
        for (j, new) in after.iter().enumerate().rev() {
            let best = if old == new {
                at(&common, i + 1, j + 1) + 1
            } else {
                at(&common, i + 1, j).max(at(&common, i, j + 1))
            };
            if let Some(slot) = common.get_mut(i * width + j) {
                *slot = best;
            }
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut out = Vec::new();
    loop {
        match (before.get(i), after.get(j)) {
            (Some(old), Some(new)) if old == new => {
                out.push((Side::Both, old.clone()));
                (i, j) = (i + 1, j + 1);
            }
            (Some(old), new) if new.is_none() || at(&common, i + 1, j) >= at(&common, i, j + 1) => {
                out.push((Side::Before, old.clone()));
                i += 1;
            }
            (_, Some(new)) => {
                out.push((Side::After, new.clone()));
                j += 1;
            }
            _ => return out,
        }
    }
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
