//! Rule silent 规则静默: a rule that used to match has matched none of so many leads of its own sources that it is no chance. What
//! usually did it is the last publish: another rule in front takes the leads, or a condition no longer says what was meant.

use super::Scene;
use super::evidence::{Test, needed};
use super::fixed::{ONE, none_as_before, ratio};
use super::state::WatchState;
use super::state::rule::{Pair, RuleSum};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Aspect, Finding, Sighting, name_key};
use crate::model::id::BookVersion;
use crate::model::time::Millis;
use crate::rulebook::Rule;

/// Leads of its sources that must have passed a rule, and matches to be expected among them.
pub const LEADS_MIN: i64 = 20;
pub const EXPECTED_MIN: i64 = 3;
/// Matches before, without which nothing is known of a rule.
pub const MATCHES_MIN: u64 = 5;

/// Leads that passed without a match since the last one, matches to be expected of them (millionths), and the surprise.
#[must_use]
pub fn silence(sums: &WatchState, rule: &RuleSum) -> (i64, i64, i64) {
    let (mut leads, mut expected, mut surprise) = (0, 0, 0);
    for (source, pair) in &rule.sources {
        let quiet = sums.rules().seen_quiet(*source, pair).cast_signed();
        let (hits, seen) = known(sums, *source, pair);
        let before = (seen - quiet).max(hits);
        if quiet == 0 || hits == 0 {
            continue;
        }
        leads += quiet;
        expected += quiet * ratio(hits, before);
        // Source by source: that more comes from one of which the rule matches less is no silence.
        surprise += none_as_before(quiet, hits, before);
    }
    (leads, expected, surprise)
}

/// Matches and leads of a source over the time remembered.
fn known(sums: &WatchState, source: super::state::SourceNo, pair: &Pair) -> (i64, i64) {
    let hits = pair.before.0 + pair.hits;
    (hits.cast_signed(), (pair.before.1 + sums.rules().seen(source, pair)).cast_signed())
}

/// Whether a rule of the book could match at all now: one that waits for its promotion is not silent.
pub(super) fn could_match(scene: &Scene<'_>, rule: &Rule) -> bool {
    !rule.disabled && rule.during.is_none() && scene.world.published().version != BookVersion(0)
}

/// One alert a rule. Figure is leads that passed, limit how many would have been enough.
pub(super) fn detect(scene: &Scene<'_>, sums: &WatchState, out: &mut Vec<Sighting>) {
    if !scene.is_on(AlertKind::RuleSilent) {
        return;
    }
    let rules = &scene.world.book().rules;
    let needed = needed(rules.len());
    for (name, sum) in sums.rules().iter() {
        let hits: u64 = sum.sources.values().map(|p| p.before.0 + p.hits).sum();
        let stands = rules.iter().any(|rule| rule.name == *name && could_match(scene, rule));
        if hits < MATCHES_MIN || !stands {
            continue;
        }
        let (leads, expected, surprise) = silence(sums, sum);
        let test = Test {
            aspect: Aspect::Count,
            from: sum.last,
            samples: leads,
            samples_needed: LEADS_MIN,
            observed: 0,
            expected,
            surprise,
            needed,
            effect_milli: 0,
            effect_needed_milli: 0,
            off: expected,
            off_needed: EXPECTED_MIN * ONE,
        };
        if !test.holds() {
            continue;
        }
        let finding = Finding {
            key: AlertKey { kind: AlertKind::RuleSilent, subject: AlertSubject::Rule(name_key(name)) },
            count: u32::try_from(leads).unwrap_or(u32::MAX),
            leads: Vec::new(),
            figure: leads,
            limit: leads * needed / surprise.max(1),
        };
        let mut sighting = scene.breach(finding);
        sighting.detail = scene.detail(AlertKind::RuleSilent, name);
        let mut evidence = test.evidence();
        evidence.book = publish_after(sums, sum.last);
        sighting.detail.evidence = Some(Box::new(evidence));
        out.push(sighting);
    }
}

/// The publish since which something is so, when it came after `last`.
pub(super) fn publish_after(sums: &WatchState, last: Millis) -> Option<BookVersion> {
    let (version, at) = sums.book();
    (at >= last && version != BookVersion(0)).then_some(version)
}
