//! What a promotion 大促 did: a stretch of the desk's log in figures, so that the time before can stand beside it. Sums over
//! events given one by one; where they come from is the caller's affair.
//!
//! A lead belongs to the stretch it arrived in, and only answers within that stretch count: the earlier stretch must not
//! look better for having been watched longer. What an undo took back later is still counted as done.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::spread::spread_of_parts;
use crate::model::event::{Assigned, Body, Event, Placer};
use crate::model::id::{LeadId, RepId};
use crate::model::lead::{ArrivalKind, LeadState};
use crate::model::share::Eligible;
use crate::model::time::{DayNo, Millis};
use crate::world::promotion::Run;
use crate::world::{Shares, World};

/// All turns of a stretch are counted as of one day: the figure is of the stretch, however many days it has.
const ONE_DAY: DayNo = DayNo(0);

/// A stretch of the log being added up.
#[derive(Debug, Clone)]
pub struct Tally {
    span: Run,
    figures: Figures,
    /// Live leads whose replies are recorded and have not come yet, by arrival.
    unanswered: FxHashMap<LeadId, Millis>,
    /// Working milliseconds from arrival to the first answer.
    answers: Vec<i64>,
    shares: Shares,
}

/// What a stretch comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// Live leads that arrived.
    pub arrivals: u64,
    /// Placements by the engine, accepted proposals included.
    pub by_engine: u64,
    /// Placements by a person: overrides 人工改派.
    pub overridden: u64,
    pub claimed: u64,
    /// Leads whose first answer is on record, and how long that took in working milliseconds.
    pub answered: u64,
    pub response_median_ms: Option<i64>,
    pub response_p90_ms: Option<i64>,
    /// In thousandths; `None` while fewer than two reps were due a lead.
    pub spread_milli: Option<i64>,
    /// Placements by rule; a divert goes by its number.
    pub rules: BTreeMap<SmolStr, u64>,
    pub reps: BTreeMap<RepId, u64>,
}

impl Tally {
    /// An empty tally of the events from `span.from` until `span.until`.
    #[must_use]
    pub fn new(span: Run) -> Tally {
        Tally {
            span,
            figures: Figures::default(),
            unanswered: FxHashMap::default(),
            answers: Vec::new(),
            shares: Shares::default(),
        }
    }

    /// Counts an event if it lies within the stretch. `world` says whose replies are recorded and when the desk works.
    pub fn see(&mut self, event: &Event, world: &World) {
        if event.at < self.span.from || event.at >= self.span.until {
            return;
        }
        match &event.body {
            Body::LeadReceived(r) if r.kind == ArrivalKind::Live => {
                self.figures.arrivals += 1;
                let replies = &world.book().replies_from;
                if replies.iter().any(|source| source.eq_ignore_ascii_case(&r.attrs.source)) {
                    self.unanswered.insert(r.lead, event.at);
                }
            }
            Body::LeadAssigned(a) => self.placed(a, world),
            Body::LeadProgressed { lead, to, happened_at, .. } => {
                let spoke = matches!(to, LeadState::Contacted | LeadState::Qualified | LeadState::Won);
                if spoke && let Some(arrived) = self.unanswered.remove(lead) {
                    self.answers.push(world.desk_time().working_ms_between(arrived, *happened_at));
                }
            }
            _ => {}
        }
    }

    fn placed(&mut self, a: &Assigned, world: &World) {
        let rule = match &a.by {
            Placer::Person { .. } => {
                self.figures.overridden += 1;
                None
            }
            Placer::Claimed => {
                self.figures.claimed += 1;
                None
            }
            Placer::Divert { divert } | Placer::Accepted { divert: Some(divert), .. } => {
                self.figures.by_engine += 1;
                Some(smol_str::format_smolstr!("{divert}"))
            }
            Placer::Engine { rule } | Placer::Accepted { rule, divert: None } => {
                self.figures.by_engine += 1;
                Some(rule.clone().unwrap_or_else(|| SmolStr::new_static("otherwise")))
            }
        };
        if let Some(rule) = rule {
            *self.figures.rules.entry(rule).or_default() += 1;
        }
        *self.figures.reps.entry(a.rep).or_default() += 1;
        let how = (1, world.reps().len());
        match a.eligible() {
            Some(Eligible::Pool(trace)) => {
                let free = trace.free.iter().map(|(rep, _)| *rep);
                self.shares.count(ONE_DAY, a.rep, free, &trace.weights, how);
            }
            Some(Eligible::Alone) => {
                self.shares.count(ONE_DAY, a.rep, std::iter::once(a.rep), &[], how);
            }
            None => {}
        }
    }

    /// The figures of what was seen.
    #[must_use]
    pub fn figures(mut self, world: &World) -> Figures {
        self.answers.sort_unstable();
        let at = |permille: usize| {
            let last = self.answers.len().checked_sub(1)?;
            self.answers.get(last * permille / 1000).copied()
        };
        Figures {
            answered: self.answers.len() as u64,
            response_median_ms: at(500),
            response_p90_ms: at(900),
            spread_milli: spread_of_parts(world, &self.shares, ONE_DAY),
            ..self.figures
        }
    }
}

/// The stretch of the same length right before a run, as far as the run went by `now`.
#[must_use]
pub fn before(run: Run, now: Millis) -> (Run, Run) {
    let during = Run { from: run.from, until: run.until.min(now).max(run.from) };
    let long = during.until.since(during.from);
    (Run { from: during.from.plus(-long), until: during.from }, during)
}

/// The promotion that ended last within `within_ms` before `now`: what a screen tells of for a while.
#[must_use]
pub fn just_ended(world: &World, now: Millis, within_ms: i64) -> Option<(&SmolStr, Run)> {
    let ended = world.book().promotions.iter().filter_map(|promotion| {
        let run = world.last_run(&promotion.name, now)?;
        let is_new = run.until <= now && now.since(run.until) < within_ms;
        is_new.then_some((&promotion.name, run))
    });
    ended.max_by_key(|(_, run)| run.until)
}
