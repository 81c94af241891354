//! Whose rules are asked: those of the book in force, or those of a draft on trial for its share of the leads; and what the modes
//! make of the answer.

use super::{Answer, Depth, Exhausted, LeadFacts, Router};
use crate::model::lead::Lead;
use crate::model::mode::Mode;
use crate::model::trial::Share;
use crate::model::why::{RuleTrace, Verdict};
use crate::rulebook::Book;
use crate::rulebook::matcher::Matcher;
use crate::world::{Moment, Pool, TrialState, World};

/// The rules that are asked: those of the book in force, or a draft's.
pub(super) struct Play<'a> {
    pub book: &'a Book,
    pub matcher: &'a Matcher,
    pub pools: &'a [Pool],
    pub otherwise: &'a Pool,
    pub is_draft: bool,
}

impl<'a> Play<'a> {
    pub fn live(world: &'a World) -> Play<'a> {
        let pools = world.pools();
        let matcher = &world.published().matcher;
        Play {
            book: world.book(),
            matcher,
            pools: &pools.rules,
            otherwise: &pools.otherwise,
            is_draft: false,
        }
    }

    pub fn draft(state: &'a TrialState) -> Play<'a> {
        let (book, matcher, pools, otherwise) = state.play();
        Play { book, matcher, pools, otherwise, is_draft: true }
    }
}

/// One question to the router.
pub(super) struct Asked<'a> {
    pub world: &'a World,
    pub lead: &'a Lead,
    pub facts: &'a LeadFacts,
    pub moment: &'a Moment,
    pub exhausted: &'a mut Exhausted,
    pub depth: Depth,
    pub is_diverted: bool,
    pub score: i32,
}

/// Answer, what decided, and the rules that held.
pub(super) type Answered = (Answer, Verdict, Vec<RuleTrace>);

impl Asked<'_> {
    pub fn of(&mut self, play: &Play<'_>) -> Answered {
        let Asked { world, lead, moment, depth, is_diverted, score, .. } = *self;
        let mut router = Router {
            world,
            play,
            lead,
            moment,
            exhausted: self.exhausted,
            depth,
            explain: depth == Depth::Told,
            is_diverted,
            score,
            rules: Vec::new(),
            scratch: Vec::new(),
            told: Vec::new(),
        };
        let (answer, verdict) = router.answer(play.book, self.facts);
        (answer, verdict, router.rules)
    }

    /// The canary's draft decides the leads of its share; what the desk's pause, a divert or a `duplicates` line decides stays
    /// theirs.
    ///
    /// With it, whether the book in force would have given the lead to somebody: then the next placement may make it another's,
    /// and the draft's no longer.
    pub fn on_trial(&mut self, state: &TrialState, share: &Share) -> (Answered, bool) {
        let is_its = match share {
            Share::Leads { .. } => share.draws(self.lead.id),
            Share::Team(team) => {
                let depth = std::mem::replace(&mut self.depth, Depth::Bare);
                let (answer, ..) = self.of(&Play::live(self.world));
                self.depth = depth;
                let rep = if let Answer::Give(gift) = &answer { self.world.rep(gift.rep) } else { None };
                rep.is_some_and(|rep| rep.in_team(team))
            }
        };
        if !is_its {
            return (self.of(&Play::live(self.world)), false);
        }
        let others = matches!(share, Share::Team(_));
        let (answer, verdict, rules) = self.of(&Play::draft(state));
        let by_rules = matches!(verdict, Verdict::Chosen { .. } | Verdict::NobodyFree | Verdict::Parked)
            && !matches!(&answer, Answer::Give(gift) if gift.divert.is_some());
        if !by_rules {
            return ((answer, verdict, rules), others);
        }
        let (trial, would) = (state.trial().id, Box::new(verdict));
        ((answer, Verdict::Tried { would, trial, share: share.clone() }, rules), others)
    }
}

/// What the modes make of an answer: a placement may become a proposal, or be withheld. Parking is no placement.
pub(super) fn under_modes(
    world: &World,
    lead: &Lead,
    moment: &Moment,
    answer: Answer,
    verdict: Verdict,
) -> (Answer, Verdict) {
    if world.modes().is_empty() && world.mode() == Mode::Auto {
        return (answer, verdict);
    }
    let Answer::Give(gift) = answer else { return (answer, verdict) };
    let Some(rep) = world.rep(gift.rep) else { return (Answer::Give(gift), verdict) };
    let source = lead.attrs.source.as_str();
    let (mode, scope) = world.mode_for(source, gift.rule.as_deref(), rep, moment.now);
    match mode {
        Mode::Auto => (Answer::Give(gift), verdict),
        Mode::Assist => (Answer::Propose(gift), Verdict::Proposed { would: Box::new(verdict), scope }),
        Mode::Paused => (Answer::Wait, Verdict::Withheld { would: Box::new(verdict), scope }),
    }
}
