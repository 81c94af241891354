//! The watch's own fold of the log: what was received and expected, how sources and rules behave, how leads turn out.
//!
//! Sums only, brought up to date event by event and read every few seconds; detectors decide. It is a second fold beside
//! the world and knows nothing of it, so it can be dropped and built anew from the log at any time. What is past its span
//! is forgotten, and the number of sources and rules it follows is bounded: what comes after them is not watched for
//! statistics, and still by every exact detector.

pub mod answer;
pub mod outcome;
pub mod rule;
pub mod share;
pub mod source;

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::model::event::{Assigned, Body, Event, Placer, Received};
use crate::model::id::{BookVersion, LeadId, RepId, Seq};
use crate::model::lead::{ArrivalKind, LeadState};
use crate::model::share::Eligible;
use crate::model::time::Millis;
use crate::model::why::{Explanation, Overlay, Verdict};

pub use answer::Answers;
pub use outcome::Outcomes;
pub use rule::Rules;
pub use share::{Given, Measure, Shares, Turn};
pub use source::Sources;

/// Changes whenever these sums mean something else: an image of another version is dropped and the log folded anew.
pub const WATCH_VERSION: u32 = 3;
/// Sources followed; leads of further ones are counted for nobody.
pub const SOURCES_MAX: usize = 300;
/// Open leads remembered; beyond that the oldest are forgotten.
const LEADS_MAX: usize = 500_000;

/// A followed source, as its place in the list of names.
pub type SourceNo = u16;

/// What is remembered of an open lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Brief {
    source: Option<SourceNo>,
    /// In thousandths of the desk's currency, 0 when not known.
    value: i64,
    owner: Option<RepId>,
    /// The rules have answered for it once.
    decided: bool,
    /// The turn it was counted as, so that it can be taken back.
    turn: Option<Turn>,
}

/// The sums.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WatchState {
    seq: Seq,
    /// Time of the newest event, never going back.
    at: Millis,
    /// The book in force and since when.
    book: (BookVersion, Millis),
    names: Vec<SmolStr>,
    leads: BTreeMap<LeadId, Brief>,
    shares: Shares,
    sources: Sources,
    rules: Rules,
    outcomes: Outcomes,
    answers: Answers,
    #[serde(skip)]
    numbers: FxHashMap<SmolStr, SourceNo>,
}

/// Why bytes could not be read as a watch; the cure is a fold from zero.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the watch's checkpoint cannot be read ({0}); it will be folded from the log instead")]
pub struct WatchImageError(String);

impl WatchState {
    /// The last event folded in.
    #[must_use]
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// What each rep received and could expect.
    #[must_use]
    pub fn shares(&self) -> &Shares {
        &self.shares
    }

    /// Arrivals by source.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// How often rules match.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// How leads turned out.
    #[must_use]
    pub fn outcomes(&self) -> &Outcomes {
        &self.outcomes
    }

    /// What the rules' first answers came to.
    #[must_use]
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// The book in force and since when.
    #[must_use]
    pub fn book(&self) -> (BookVersion, Millis) {
        self.book
    }

    /// The name of a followed source.
    #[must_use]
    pub fn source_name(&self, source: SourceNo) -> &SmolStr {
        static NONE: SmolStr = SmolStr::new_static("");
        self.names.get(usize::from(source)).unwrap_or(&NONE)
    }

    /// Folds `event` in. Events must come in seq order, each once; the first may be any.
    pub fn apply(&mut self, event: &Event) {
        self.seq = event.seq;
        self.at = self.at.max(event.at);
        match &event.body {
            Body::LeadReceived(r) => self.received(r),
            Body::LeadEdited(e) => {
                let (source, value) = (self.number(&e.after.source), e.after.value.unwrap_or(0).max(0));
                if let Some(brief) = self.leads.get_mut(&e.lead) {
                    (brief.source, brief.value) = (source, value);
                }
            }
            Body::LeadAssigned(a) => self.assigned(a, event),
            Body::LeadWaits { lead, why: Some(why), .. } | Body::LeadParked { lead, why: Some(why), .. } => {
                self.decided(*lead, why);
            }
            Body::LeadRecalled { lead, .. }
            | Body::LeadReturned { lead, .. }
            | Body::LeadPooled { lead, .. } => self.taken_away(*lead),
            Body::LeadProgressed { lead, from, to, .. } => self.progressed(*lead, *from, *to),
            Body::LeadMerged { lead, .. } => {
                self.leads.remove(lead);
            }
            Body::LeadRestored(r) => {
                if !r.shares.is_empty() {
                    self.take_back(r.row.id);
                }
                let source = self.number(&r.row.attrs.source);
                let value = r.row.attrs.value.unwrap_or(0).max(0);
                if r.row.state.is_open() {
                    let decided = self.leads.get(&r.row.id).is_none_or(|b| b.decided);
                    self.leads
                        .insert(r.row.id, Brief { source, value, owner: r.row.owner, decided, turn: None });
                } else {
                    self.leads.remove(&r.row.id);
                }
            }
            Body::BookPublished { version, .. } => {
                self.book = (*version, self.at);
                self.rules.published();
            }
            _ => {}
        }
    }

    fn number(&mut self, name: &SmolStr) -> Option<SourceNo> {
        if self.numbers.len() < self.names.len() {
            self.number_names();
        }
        if let Some(no) = self.numbers.get(name) {
            return Some(*no);
        }
        let no = SourceNo::try_from(self.names.len()).ok().filter(|_| self.names.len() < SOURCES_MAX)?;
        self.names.push(name.clone());
        self.numbers.insert(name.clone(), no);
        Some(no)
    }

    fn number_names(&mut self) {
        let numbered = (0..).zip(&self.names).map(|(no, name)| (name.clone(), no));
        self.numbers = numbered.collect();
    }

    fn received(&mut self, r: &Received) {
        let source = self.number(&r.attrs.source);
        if r.kind == ArrivalKind::Live
            && let Some(source) = source
        {
            self.sources.arrived(source, self.at, &r.attrs);
        }
        if r.state.is_open() {
            let value = r.attrs.value.unwrap_or(0).max(0);
            let decided = r.kind == ArrivalKind::History;
            self.leads.insert(r.lead, Brief { source, value, owner: r.owner, decided, turn: None });
            if self.leads.len() > LEADS_MAX {
                self.leads.pop_first();
            }
        }
    }

    fn taken_away(&mut self, lead: LeadId) {
        self.take_back(lead);
        if let Some(brief) = self.leads.get_mut(&lead) {
            brief.owner = None;
        }
    }

    fn assigned(&mut self, a: &Assigned, event: &Event) {
        if let Some(why) = a.why.as_deref().filter(|_| !matches!(a.by, Placer::Person { .. })) {
            self.decided(a.lead, why);
        }
        let brief = match (self.leads.get(&a.lead), a.readmit.as_deref()) {
            (Some(brief), _) => *brief,
            (None, row) => Brief {
                source: None,
                value: row.and_then(|r| r.attrs.value).unwrap_or(0),
                owner: None,
                decided: true,
                turn: None,
            },
        };
        if a.from != Some(a.rep) {
            self.take_back(a.lead);
        }
        self.leads.insert(a.lead, Brief { owner: Some(a.rep), ..brief });
        let Some(Eligible::Pool(trace)) = a.eligible() else { return };
        let free: Vec<RepId> = trace.free.iter().map(|(rep, _)| *rep).collect();
        let given = Given {
            at: self.at,
            rep: a.rep,
            source: brief.source,
            batch: event.batch,
            free: &free,
            weights: &trace.weights,
            value: brief.value,
            score: i64::from(a.score.max(0)),
        };
        let turn = self.shares.given(&given);
        if let Some(brief) = self.leads.get_mut(&a.lead) {
            brief.turn = turn;
        }
    }

    /// Somebody took the lead away again: whoever had the turn has not received it.
    fn take_back(&mut self, lead: LeadId) {
        if let Some(turn) = self.leads.get_mut(&lead).and_then(|brief| brief.turn.take()) {
            self.shares.take_back(&turn);
        }
    }

    /// The rules' first answer for a lead.
    fn decided(&mut self, lead: LeadId, why: &Explanation) {
        let Some(brief) = self.leads.get_mut(&lead).filter(|b| !b.decided) else { return };
        let by_rules = match &why.verdict {
            Verdict::Chosen { .. } | Verdict::NobodyFree | Verdict::Parked => true,
            Verdict::Proposed { .. } | Verdict::Withheld { .. } => !why.rules.is_empty(),
            _ => false,
        };
        let diverted = why.rules.iter().any(|t| matches!(t.overlay, Some(Overlay::Divert { .. })));
        if !by_rules || diverted {
            return;
        }
        brief.decided = true;
        self.answers.decided(why, self.at);
        if let Some(source) = brief.source {
            let mut matched = why.rules.iter().filter(|t| t.rule.is_some()).map(|t| &t.name);
            self.rules.decided(source, matched.next(), self.at);
        }
    }

    fn progressed(&mut self, lead: LeadId, from: LeadState, to: LeadState) {
        let Some(brief) = self.leads.get(&lead).copied() else { return };
        if let (Some(rep), Some(source)) = (brief.owner, brief.source)
            && from.is_open()
        {
            self.outcomes.ended(rep, source, to);
        }
        if !to.is_open() {
            self.leads.remove(&lead);
        }
    }

    /// The sums as bytes; equal sums give equal bytes.
    ///
    /// # Errors
    /// Only when postcard refuses, which these types do not give it cause to.
    pub fn encode(&self) -> Result<Vec<u8>, WatchImageError> {
        postcard::to_stdvec(&(WATCH_VERSION, self)).map_err(|e| WatchImageError(e.to_string()))
    }

    /// Reads bytes written by [`WatchState::encode`] of this [`WATCH_VERSION`].
    ///
    /// # Errors
    /// Damaged or foreign bytes.
    pub fn decode(bytes: &[u8]) -> Result<WatchState, WatchImageError> {
        let damaged = |e: postcard::Error| WatchImageError(e.to_string());
        let (version, rest): (u32, &[u8]) = postcard::take_from_bytes(bytes).map_err(damaged)?;
        if version != WATCH_VERSION {
            return Err(WatchImageError(format!("it is of version {version}, this is {WATCH_VERSION}")));
        }
        let mut state: WatchState = postcard::from_bytes(rest).map_err(damaged)?;
        state.number_names();
        Ok(state)
    }
}
