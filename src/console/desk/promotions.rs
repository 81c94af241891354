//! Promotions 大促 as the console shows them: which there are, when each is on, what it changes in a few words; and how much a
//! divert has given so far. Switching them is the engine's affair, their figures the report's.

use super::{Desk, day_and_hour, short_moment};
use crate::console::text::{Say, T};
use crate::model::id::{DivertId, Seq};
use crate::model::time::Millis;
use crate::rulebook::{During, Promotion};
use crate::world::promotion::Run;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

/// Lines of a promotion's block that are shown.
const LINES_MAX: usize = 40;

/// Whether a promotion is on, and what was or will be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    On(Run),
    Comes(Run),
    Over(Run),
    Never,
}

/// What each divert has given, as far as it is known: before the console came it is counted by the file.
#[derive(Debug, Clone, Default)]
pub struct Diverted {
    /// Given since this place of the log, by divert.
    since: FxHashMap<DivertId, u64>,
    /// Given until there; none until the file has answered.
    before: Option<FxHashMap<DivertId, u64>>,
    /// That place; what was asked for an older one is no answer.
    from: Seq,
}

impl Diverted {
    /// Starts to count anew from `seq`, after a world was taken.
    pub fn restart(&mut self, seq: Seq) {
        *self = Self { from: seq, ..Self::default() };
    }

    pub fn count(&mut self, divert: DivertId) {
        *self.since.entry(divert).or_default() += 1;
    }

    /// What the file counted until `upto`.
    pub fn put(&mut self, upto: Seq, counts: &[(DivertId, u64)]) {
        if upto == self.from {
            self.before = Some(counts.iter().copied().collect());
        }
    }

    /// How many `divert` gave; none while it is not known.
    #[must_use]
    pub fn of(&self, divert: DivertId) -> Option<u64> {
        let before = self.before.as_ref()?.get(&divert).copied().unwrap_or(0);
        Some(before + self.since.get(&divert).copied().unwrap_or(0))
    }
}

impl Desk {
    /// The promotions of the book, in its order.
    #[must_use]
    pub fn promotions(&self) -> &[Promotion] {
        &self.world.book().promotions
    }

    /// How a promotion stands now.
    #[must_use]
    pub fn stands(&self, name: &str) -> Stands {
        let now = self.moment.now;
        if let Some((_, run)) = self.world.promotions_at(now).find(|(p, _)| p.name == name) {
            return Stands::On(run);
        }
        let next = self.world.promotion_runs(name).iter().find(|run| run.from > now);
        next.map(|run| Stands::Comes(*run))
            .or_else(|| self.world.last_run(name, now).map(Stands::Over))
            .unwrap_or(Stands::Never)
    }

    /// `on until 23:00`, `comes 11-11 00:00`.
    #[must_use]
    pub fn stands_words(&self, name: &str) -> Say {
        let at = |at: Millis| day_and_hour(at, &self.moment);
        match self.stands(name) {
            Stands::On(run) => Say::PromoOn(&at(run.until)),
            Stands::Comes(run) => Say::PromoComes(&at(run.from), &at(run.until)),
            Stands::Over(run) => Say::PromoOver(&at(run.until)),
            Stands::Never => T::PromoOff.into(),
        }
    }

    /// Rules that hold only during a promotion.
    pub fn rules_during(&self, name: &str) -> impl Iterator<Item = &SmolStr> {
        let is_its = move |during: &Option<During>| matches!(during, Some(During::Promotion(p)) if p == name);
        self.world.book().rules.iter().filter(move |rule| is_its(&rule.during)).map(|rule| &rule.name)
    }

    /// What a promotion changes, as the book writes it, line by line; its rules are elsewhere in the book.
    #[must_use]
    pub fn promotion_lines(&self, promotion: &Promotion) -> Vec<&str> {
        let text = self.world.published().text.get(promotion.span.start..).unwrap_or_default();
        let block = text.lines().skip(1);
        let is_its = |line: &&str| line.trim().is_empty() || line.starts_with(char::is_whitespace);
        let said = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        block.take_while(is_its).map(str::trim).filter(said).take(LINES_MAX).collect()
    }

    /// What a promotion changes, in the fewest words.
    #[must_use]
    pub fn promotion_effect(&self, promotion: &Promotion) -> Option<Say> {
        let mut parts: Vec<Say> = Vec::new();
        match promotion.caps.as_slice() {
            [] => {}
            [one] => parts.push(match (one.open, one.day) {
                (Some(open), _) => Say::EffectCap(open),
                (None, Some(day)) => Say::EffectDayCap(day),
                (None, None) => T::EffectCaps.into(),
            }),
            _ => parts.push(T::EffectCaps.into()),
        }
        let rules = self.rules_during(&promotion.name).count();
        let has = [
            (!promotion.weights.is_empty(), Say::from(T::EffectWeights)),
            (promotion.has_hours(), T::EffectHours.into()),
            (rules == 1, T::EffectOneRule.into()),
            (rules > 1, Say::EffectRules(rules)),
            (!promotion.watch.is_empty(), T::EffectWatch.into()),
        ];
        parts.extend(has.into_iter().filter(|(is, _)| *is).map(|(_, word)| word));
        (!parts.is_empty()).then(|| super::forecast::join(&parts, ", ", "、"))
    }

    /// How many leads a divert gave so far, if it is known.
    #[must_use]
    pub fn diverted(&self, divert: DivertId) -> Option<u64> {
        self.diverted.of(divert)
    }

    /// What the file counted.
    pub fn put_diverted(&mut self, upto: Seq, counts: &[(DivertId, u64)]) {
        self.diverted.put(upto, counts);
        self.refresh_summary();
    }

    /// The end of a promotion or a divert, short.
    #[must_use]
    pub fn until_words(&self, until: Millis) -> String {
        short_moment(until, &self.moment)
    }
}
