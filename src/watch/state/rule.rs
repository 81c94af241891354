//! How often each rule matches the leads of each source: since its last match, since the book was published, and before.
//!
//! A lead counts once, when the rules first answer for it, and for the first rule that matched: one further down is asked only
//! when nobody above is free, so that its rate would follow the hours of others. A rule in front that swallows everything shows
//! by the silence of those behind.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::SourceNo;
use crate::model::time::Millis;

/// Rules followed; the one that matched longest ago makes room.
const RULES_MAX: usize = 500;
/// History beyond this many leads of a source is halved.
const HISTORY_MAX: u64 = 4_000;

/// One rule and one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Pair {
    /// Matches and decided leads before the last publish, halved when many.
    pub before: (u64, u64),
    /// Matches since.
    pub hits: u64,
    /// The source's count of decided leads when the book was published, or when the rule first met the source.
    base: u64,
    /// The same when the rule last matched any lead.
    quiet_from: u64,
}

/// One rule, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RuleSum {
    pub last: Millis,
    pub sources: BTreeMap<SourceNo, Pair>,
}

/// Every followed rule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rules {
    rules: BTreeMap<SmolStr, RuleSum>,
    /// Leads decided, by source.
    decided: BTreeMap<SourceNo, u64>,
}

impl Rules {
    pub(super) fn decided(&mut self, source: SourceNo, matched: Option<&SmolStr>, at: Millis) {
        let before = *self.decided.entry(source).and_modify(|n| *n += 1).or_insert(1) - 1;
        let Some(name) = matched else { return };
        if !self.rules.contains_key(name) {
            self.make_room();
            self.rules.insert(name.clone(), RuleSum::default());
        }
        let Some(rule) = self.rules.get_mut(name) else { return };
        rule.last = at;
        let pair = rule.sources.entry(source).or_insert(Pair { base: before, ..Pair::default() });
        pair.hits += 1;
        for (source, pair) in &mut rule.sources {
            pair.quiet_from = self.decided.get(source).copied().unwrap_or(0);
        }
    }

    fn make_room(&mut self) {
        if self.rules.len() >= RULES_MAX {
            let oldest = self.rules.iter().min_by_key(|(_, r)| r.last).map(|(name, _)| name.clone());
            if let Some(name) = oldest {
                self.rules.remove(&name);
            }
        }
    }

    /// A book was published: what was counted so far is the time before.
    pub(super) fn published(&mut self) {
        for rule in self.rules.values_mut() {
            for (source, pair) in &mut rule.sources {
                let decided = self.decided.get(source).copied().unwrap_or(0);
                pair.before = (pair.before.0 + pair.hits, pair.before.1 + (decided - pair.base));
                while pair.before.1 > HISTORY_MAX {
                    pair.before = (pair.before.0 / 2, pair.before.1 / 2);
                }
                (pair.hits, pair.base) = (0, decided);
            }
        }
    }

    /// Each followed rule.
    pub fn iter(&self) -> impl Iterator<Item = (&SmolStr, &RuleSum)> {
        self.rules.iter()
    }

    /// Leads of `source` decided since the publish, or since the rule first met the source.
    #[must_use]
    pub fn seen(&self, source: SourceNo, pair: &Pair) -> u64 {
        self.decided.get(&source).copied().unwrap_or(0).saturating_sub(pair.base)
    }

    /// Leads of `source` decided since the rule last matched anything.
    #[must_use]
    pub fn seen_quiet(&self, source: SourceNo, pair: &Pair) -> u64 {
        self.decided.get(&source).copied().unwrap_or(0).saturating_sub(pair.quiet_from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_are_counted_by_source_and_set_aside_by_a_publish() {
        let mut rules = Rules::default();
        let name = SmolStr::new("E");
        for lead in 0..100 {
            let hit = (lead % 4 == 0).then_some(&name);
            rules.decided(0, hit, Millis(lead));
        }
        let pair = rules.iter().next().unwrap().1.sources[&0];
        assert_eq!((pair.hits, rules.seen(0, &pair), rules.seen_quiet(0, &pair)), (25, 100, 3));
        rules.published();
        for lead in 100..140 {
            rules.decided(0, None, Millis(lead));
        }
        let pair = rules.iter().next().unwrap().1.sources[&0];
        assert_eq!((pair.before, pair.hits), ((25, 100), 0));
        assert_eq!((rules.seen(0, &pair), rules.seen_quiet(0, &pair)), (40, 43));
    }
}
