//! What lies over the rules at the moment: the header's banner, and what the engine proposes where it may not place.

use std::cmp::Reverse;

use super::Desk;
use crate::console::text::{Say, T};
use crate::engine::{assist, words};
use crate::model::id::{LeadId, RepId};
use crate::model::lang::Lang;
use crate::model::mode::{Mode, ModeScope, ScopedMode};
use crate::model::overlay::{Divert, DivertTo};
use crate::model::time::MINUTE_MS;
use crate::model::trial::{Share, TrialKind};
use crate::report::promotion::just_ended;
use crate::rulebook::Promotion;
use crate::world::Moment;
use crate::world::moment::{instant_of, is_between};
use crate::world::promotion::Run;
use smol_str::SmolStr;

/// Proposals shown; more than a screenful, fewer than would be felt.
const PROPOSALS_SHOWN_MAX: usize = 200;
/// Diverts named in the header; it has room for few.
const DIVERTS_SHOWN_MAX: usize = 20;
/// How long the header tells that a promotion is over, in milliseconds.
const ENDED_SHOWN_MS: i64 = 15 * MINUTE_MS;

/// The mode as the header writes it.
#[must_use]
pub fn mode_word(mode: Mode) -> T {
    match mode {
        Mode::Auto => T::Auto,
        Mode::Assist => T::Assist,
        Mode::Paused => T::Paused,
    }
}

/// A placement the engine would make if it were let.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProposalLine {
    pub lead: LeadId,
    pub rep: RepId,
    pub score: i32,
    /// The rule or divert that gives it; none = by `otherwise` or a duplicates line.
    pub by: Option<SmolStr>,
}

impl Desk {
    /// Works the proposals out anew; free unless something is on assist.
    pub(super) fn refresh_proposals(&mut self) {
        let found = assist::proposals(&self.world, &self.moment, PROPOSALS_SHOWN_MAX);
        self.proposals = found.iter().map(|p| (p.lead, p.gift.rep)).collect();
        let line = |p: assist::Proposal| ProposalLine {
            lead: p.lead,
            rep: p.gift.rep,
            score: p.score,
            by: p.gift.rule.or_else(|| p.gift.divert.map(|divert| divert.to_string().into())),
        };
        self.proposed = found.into_iter().map(line).collect();
    }

    /// What the engine proposes, in the order of the queue.
    #[must_use]
    pub fn proposed(&self) -> &[ProposalLine] {
        &self.proposed
    }

    /// What was set beside modes: the draft on trial, the diverts as they are asked, the promotions by their end.
    pub(super) fn banners(&self) -> Vec<Say> {
        let mut all: Vec<Say> = self.trial_banner().into_iter().collect();
        all.extend(self.divert_banners());
        all.extend(self.promotion_banners());
        all
    }

    /// The draft on trial, with a canary's share and end.
    fn trial_banner(&self) -> Option<Say> {
        let trial = self.world.trial_on()?.trial();
        let id = trial.id.to_string();
        Some(match &trial.kind {
            TrialKind::Shadow => Say::ShadowOn(&id),
            TrialKind::Canary { share, until, .. } => {
                let of = match share {
                    Share::Leads { permille, .. } => Say::verbatim(format!("{} %", words::tenths(*permille))),
                    Share::Team(team) => Say::OfTeam(team.as_str()),
                };
                Say::CanaryOn(&id, &of, &super::short_moment(*until, &self.moment))
            }
        })
    }

    /// The modes of parts of the desk in force: pauses first, then what ends first.
    pub(super) fn mode_banners(&self) -> Vec<Say> {
        let part = |scope: &ModeScope| match scope {
            // The mode of the whole stands at the front of the line.
            ModeScope::Desk => None,
            ModeScope::Team(name) => Some(Say::OfTeam(name.as_str())),
            ModeScope::Rule(name) => Some(Say::OfRule(name.as_str())),
            ModeScope::Source(name) => Some(Say::OfSource(name.as_str())),
        };
        let live = self.world.live_modes(self.moment.now);
        let mut parts: Vec<(Say, &ScopedMode)> =
            live.filter_map(|(scope, set)| Some((part(scope)?, set))).collect();
        parts.sort_by_key(|(_, set)| (Reverse(set.mode), set.until.is_none(), set.until));
        let line = |(part, set): (Say, &ScopedMode)| {
            let mode = mode_word(set.mode);
            match set.until {
                Some(until) => Say::PartUntil(&part, mode, &super::short_moment(until, &self.moment)),
                None => Say::PartIs(&part, mode),
            }
        };
        parts.into_iter().map(line).collect()
    }

    /// Each promotion with its end and what it changes; none on, the last one for a while after it ended.
    fn promotion_banners(&self) -> Vec<Say> {
        let mut on: Vec<_> = self.world.promotions_at(self.moment.now).collect();
        if on.is_empty() {
            let ended = just_ended(&self.world, self.moment.now, ENDED_SHOWN_MS);
            return ended.map(|(name, _)| Say::PromotionEnded(name.as_str())).into_iter().collect();
        }
        on.sort_by_key(|(_, run)| run.until);
        let line = |(promotion, run): (&Promotion, Run)| {
            let (name, until) = (promotion.name.as_str(), super::short_moment(run.until, &self.moment));
            match self.promotion_effect(promotion) {
                Some(effect) => Say::PromotionWith(name, &until, &effect),
                None => Say::PromotionOn(name, &until),
            }
        };
        on.into_iter().map(line).collect()
    }

    /// A divert that is wished for, in words: who gets what.
    #[must_use]
    pub fn divert_words(&self, wish: &crate::engine::DivertWish, lang: Lang) -> String {
        let name = |to: &DivertTo| match to {
            DivertTo::Team(team) => team.to_string(),
            DivertTo::Rep(rep) => self.rep_name(*rep),
        };
        let to: Vec<String> = wish.to.iter().map(name).collect();
        let scope = if wish.scope.is_empty() { T::EveryLead.get(lang) } else { wish.scope.as_str() };
        let until = super::day_and_hour(wish.until, &self.moment);
        Say::DivertIs(scope, &to.join(", "), &until).get(lang).to_owned()
    }

    /// Each divert, the newest first: what it sends, whom, until when, how many so far.
    fn divert_banners(&self) -> Vec<Say> {
        let line = |divert: &Divert| {
            let words = |lang| {
                let to = words::divert_to(&self.world, divert, lang);
                let every = T::EveryLead.get(lang);
                let scope = if divert.scope.is_empty() { every } else { divert.scope.as_str() };
                let until = super::short_moment(divert.until, &self.moment);
                Say::DivertIs(scope, &to, &until).get(lang).to_owned()
            };
            let what = Say::both(words(Lang::En), words(Lang::Zh));
            match self.diverted(divert.id) {
                Some(count) => Say::DivertSoFar(&what, count),
                None => what,
            }
        };
        self.world
            .diverts_at(self.moment.now)
            .take(DIVERTS_SHOWN_MAX)
            .map(|state| line(&state.divert))
            .collect()
    }

    /// The open window that ends first. One that only opens a promotion is named by that.
    pub(super) fn window_banner(&self) -> Option<Say> {
        let Moment { now, zone, .. } = self.moment;
        let opens = |name: &str| {
            let mut on = self.world.promotions_at(now);
            on.any(|(promotion, _)| promotion.during.as_deref() == Some(name))
        };
        let windows = self.world.book().calendar.windows.iter().filter(|w| !opens(&w.name));
        let open = windows.filter(|w| is_between(zone, now, w.from, w.to)).min_by_key(|w| w.to)?;
        let left = instant_of(zone, open.to)?.since(now) / MINUTE_MS;
        let span = if left >= 24 * 60 {
            format!("{}d {}h", left / 1440, left % 1440 / 60)
        } else {
            format!("{}h {:02}m", left / 60, left % 60)
        };
        Some(Say::WindowEnds(open.name.as_str(), &span))
    }
}
