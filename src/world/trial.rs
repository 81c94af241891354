//! The draft on trial as the world carries it: what it says for the roster and book in force, and what both sides came to so
//! far. Which leads it decides is asked with a moment; a canary's end is the leader's event, but nothing waits for that.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Pool, World, compiled};
use crate::model::event::{Assigned, Body, Event, Placer};
use crate::model::id::LeadId;
use crate::model::lead::LeadState;
use crate::model::time::Millis;
use crate::model::trial::{Share, Side, Tally, Trial, TrialEnd, TrialId};
use crate::model::why::Explanation;
use crate::rulebook::matcher::Matcher;
use crate::rulebook::{Book, Fallback};

/// A draft on trial, or the last one that was.
#[derive(Debug, Clone)]
pub struct TrialState {
    pub kept: Kept,
    /// The draft's rules over everything else of the book in force.
    book: Arc<Book>,
    draft: Arc<Book>,
    matcher: Arc<Matcher>,
    rules: Vec<Pool>,
    otherwise: Pool,
}

/// What of it is in the image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub trial: Trial,
    pub ended: Option<(Millis, TrialEnd)>,
    pub tally: Tally,
    /// Open leads the draft decided last.
    pub leads: BTreeSet<LeadId>,
}

impl TrialState {
    pub(super) fn new(kept: Kept) -> TrialState {
        let (draft, matcher) = compiled(&kept.trial.text);
        let (book, rules, otherwise) = (Arc::clone(&draft), Vec::new(), Pool::default());
        TrialState { kept, book, draft, matcher, rules, otherwise }
    }

    /// The trial.
    #[must_use]
    pub fn trial(&self) -> &Trial {
        &self.kept.trial
    }

    /// What both sides came to.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.kept.tally
    }

    /// Whether nobody has ended it; a canary past its time is ended by the leader's next look.
    #[must_use]
    pub fn is_on(&self) -> bool {
        self.kept.ended.is_none()
    }

    /// The share a canary decides at `now`; `None` for a shadow and for what is over.
    #[must_use]
    pub fn share_at(&self, now: Millis) -> Option<&Share> {
        if self.is_on() { self.trial().share_at(now) } else { None }
    }

    /// What it decides by: rules, where to look them up, and whom each may give to.
    #[must_use]
    pub fn play(&self) -> (&Book, &Matcher, &[Pool], &Pool) {
        (&self.book, &self.matcher, &self.rules, &self.otherwise)
    }

    /// The draft as written, for telling what of it is not tried.
    #[must_use]
    pub fn draft(&self) -> &Book {
        &self.draft
    }
}

impl World {
    /// The draft on trial, or the last one that was.
    #[must_use]
    pub fn trial(&self) -> Option<&TrialState> {
        self.trial.as_deref()
    }

    /// The draft that is on trial.
    #[must_use]
    pub fn trial_on(&self) -> Option<&TrialState> {
        self.trial().filter(|state| state.is_on())
    }

    /// The id the next trial will get.
    #[must_use]
    pub fn next_trial(&self) -> TrialId {
        TrialId(self.trial().map_or(0, |state| state.trial().id.0).saturating_add(1))
    }

    /// Begins, ends or takes back a trial.
    pub(super) fn put_trial(
        &mut self,
        id: TrialId,
        after: Option<&Trial>,
        end: Option<&TrialEnd>,
        at: Millis,
    ) {
        match (after, self.trial.as_deref_mut()) {
            // Put on again by an undo: it goes on with what it had.
            (Some(trial), Some(state)) if state.kept.trial == *trial => state.kept.ended = None,
            (Some(trial), _) => {
                let kept = Kept {
                    trial: trial.clone(),
                    ended: None,
                    tally: Tally::default(),
                    leads: BTreeSet::new(),
                };
                self.trial = Some(Box::new(TrialState::new(kept)));
            }
            (None, Some(state)) if state.kept.trial.id == id => {
                state.kept.ended = Some((at, end.cloned().unwrap_or(TrialEnd::Stopped)));
            }
            (None, _) => self.faults += 1,
        }
        self.refresh_pools();
    }

    /// Looks up what the draft's rules come to with the roster and the rest of the book as they are; part of refreshing the
    /// pools.
    pub(super) fn refresh_trial(&mut self) {
        let Some(mut state) = self.trial.take_if(|state| state.is_on()) else { return };
        state.book = Arc::new(Book {
            rules: state.draft.rules.clone(),
            otherwise: state.draft.otherwise.clone(),
            salt: state.draft.salt,
            ..Book::clone(&self.published.book)
        });
        state.rules = state.draft.rules.iter().map(|rule| self.pool_of(&rule.give)).collect();
        state.otherwise = match &state.draft.otherwise {
            Fallback::Give { to, .. } => self.pool_of(to),
            Fallback::Park(_) | Fallback::Wait => Pool::default(),
        };
        self.trial = Some(state);
    }

    /// The book whose rules a canary that is on decides by: what it asks of time, the world has to know as well.
    pub(super) fn tried_book(&self) -> Option<&Book> {
        let state = self.trial_on()?;
        state.trial().until().map(|_| &*state.book)
    }

    /// Adds an event to the sides of the trial that is on; before the row it is about changes.
    pub(super) fn tally(&mut self, event: &Event) {
        if self.trial_on().is_none() {
            return;
        }
        let answered = self.first_answer(event);
        let Some(kept) = self.trial.as_deref_mut().map(|state| &mut state.kept) else { return };
        let id = kept.trial.id;
        match &event.body {
            Body::LeadAssigned(Assigned { lead, by, why, .. }) => match by {
                Placer::Person { .. } => kept.side(*lead).overridden += 1,
                Placer::Claimed | Placer::Remedy { .. } => {}
                Placer::Engine { .. } | Placer::Divert { .. } | Placer::Accepted { .. } => {
                    kept.decided(*lead, why.as_deref(), id).placed += 1;
                }
            },
            Body::LeadWaits { lead, why: Some(why), .. } => kept.decided(*lead, Some(why), id).waited += 1,
            Body::LeadParked { lead, why: Some(why), .. } => kept.decided(*lead, Some(why), id).parked += 1,
            Body::LeadReturned { lead, .. } | Body::LeadRecalled { lead, timer: Some(_), .. } => {
                kept.side(*lead).returned += 1;
            }
            Body::LeadProgressed { lead, .. } => {
                if let Some(ms) = answered {
                    let side = kept.side(*lead);
                    side.answered += 1;
                    side.response_ms = side.response_ms.saturating_add(ms);
                }
            }
            Body::TrialDiffered { trial, .. } if *trial == id => kept.tally.differed += 1,
            _ => {}
        }
    }

    /// Working milliseconds from placement to the first answer, when the event is that.
    fn first_answer(&self, event: &Event) -> Option<i64> {
        let Body::LeadProgressed { lead, to, happened_at, .. } = &event.body else { return None };
        let spoke = matches!(to, LeadState::Contacted | LeadState::Qualified | LeadState::Won);
        let row = self.lead(*lead).filter(|row| spoke && row.contacted_at.is_none())?;
        Some(self.desk_time().working_ms_between(row.assigned_at?, *happened_at))
    }

    /// A lead that left the world is no longer counted.
    pub(super) fn trial_forgets(&mut self, lead: LeadId) {
        if let Some(state) = self.trial.as_deref_mut() {
            state.kept.leads.remove(&lead);
        }
    }
}

impl Kept {
    /// The side that decided `lead` last.
    fn side(&mut self, lead: LeadId) -> &mut Side {
        if self.leads.contains(&lead) { &mut self.tally.draft } else { &mut self.tally.rest }
    }

    /// The side whose decision `why` is.
    fn decided(&mut self, lead: LeadId, why: Option<&Explanation>, id: TrialId) -> &mut Side {
        if why.and_then(|why| why.verdict.tried()) == Some(id) {
            self.leads.insert(lead);
            &mut self.tally.draft
        } else {
            self.leads.remove(&lead);
            &mut self.tally.rest
        }
    }
}
