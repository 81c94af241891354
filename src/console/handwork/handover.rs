//! What happened since a person's last work: for the first look at the desk after a shift or a break. Counts events; the
//! desk as it is stands in the panes.

use crate::console::text::{Say, T};
use crate::model::actor::ENGINE;
use crate::model::event::{Body, Event};
use crate::model::id::{LeadId, RepId};
use crate::model::time::Millis;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// What happened, counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Handover {
    /// The person's last event.
    pub left_at: Millis,
    pub arrived: usize,
    pub by_engine: usize,
    pub by_persons: usize,
    pub recalled: usize,
    pub won: usize,
    pub closed: usize,
    pub alerts: usize,
    /// Batches that were undone.
    pub undone: usize,
    /// Who did how much by hand.
    pub who: Vec<(SmolStr, usize)>,
    /// Leads the person had placed that somebody else has moved since, the newest last.
    pub moved: Vec<(LeadId, SmolStr, Option<RepId>)>,
    /// Rule books published since.
    pub books: Vec<(u32, SmolStr, SmolStr)>,
    /// More happened than was looked through.
    pub is_cut: bool,
}

impl Handover {
    /// Counts `events`, all after the person's last; `placed` are the leads that person had placed before.
    #[must_use]
    pub fn of(left_at: Millis, events: &[Event], placed: &BTreeSet<LeadId>, is_cut: bool) -> Self {
        let mut note = Handover { left_at, is_cut, ..Handover::default() };
        let mut who: BTreeMap<SmolStr, usize> = BTreeMap::new();
        for event in events {
            let by_person = event.actor != ENGINE;
            let mut hand = |count: usize| {
                if by_person {
                    *who.entry(event.actor.clone()).or_default() += count;
                }
            };
            let mut moved = |lead: LeadId, to: Option<RepId>| {
                if by_person && placed.contains(&lead) {
                    note.moved.retain(|(known, ..)| *known != lead);
                    note.moved.push((lead, event.actor.clone(), to));
                }
            };
            match &event.body {
                Body::LeadReceived(_) => note.arrived += 1,
                Body::LeadAssigned(a) => {
                    note.by_engine += usize::from(!by_person);
                    note.by_persons += usize::from(by_person);
                    hand(1);
                    moved(a.lead, Some(a.rep));
                }
                Body::LeadRecalled { lead, .. } | Body::LeadReturned { lead, .. } => {
                    note.recalled += 1;
                    hand(1);
                    moved(*lead, None);
                }
                Body::LeadParked { lead, .. } | Body::LeadPooled { lead, .. } => {
                    hand(1);
                    moved(*lead, None);
                }
                Body::LeadProgressed { to, .. } if !to.is_open() => {
                    note.closed += 1;
                    note.won += usize::from(*to == crate::model::lead::LeadState::Won);
                    hand(1);
                }
                Body::AlertFired { .. } => note.alerts += 1,
                Body::BatchUndone { .. } => note.undone += 1,
                Body::BookPublished { version, note: why, .. } => {
                    note.books.push((version.0, event.actor.clone(), why.clone()));
                }
                _ => {}
            }
        }
        note.who = who.into_iter().collect();
        note.who.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), name.clone()));
        note
    }

    /// Whether nothing happened that anybody would tell.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.arrived + self.by_engine + self.by_persons + self.recalled + self.closed + self.alerts == 0
            && self.books.is_empty()
            && self.undone == 0
    }

    /// The whole in one line.
    #[must_use]
    pub fn line(&self, left: &str) -> Say {
        Say::SinceLine(left, self.arrived, self.by_engine + self.by_persons, self.moved.len(), self.alerts)
    }

    /// Line by line. `name` is what a rep is called, `lead` what a lead is.
    #[must_use]
    pub fn lines(&self, name: &dyn Fn(RepId) -> String, lead: &dyn Fn(LeadId) -> String) -> Vec<Say> {
        let mut lines = vec![
            Say::SinceArrived(self.arrived),
            Say::SinceAssigned(self.by_engine + self.by_persons, self.by_engine, self.by_persons),
            Say::SinceBack(self.recalled),
            Say::SinceClosed(self.closed, self.won),
            Say::SinceAlerts(self.alerts),
        ];
        if self.undone > 0 {
            lines.push(Say::SinceUndone(self.undone));
        }
        for (version, by, why) in &self.books {
            lines.push(Say::SinceBook(*version, by, why));
        }
        for (who, count) in &self.who {
            lines.push(Say::SinceWho(who, *count));
        }
        if !self.moved.is_empty() {
            lines.push(Say::SinceMoved(self.moved.len()));
        }
        for (id, by, to) in &self.moved {
            lines.push(match to {
                Some(rep) => Say::SinceMovedTo(&lead(*id), &name(*rep), by),
                None => Say::SinceMovedOff(&lead(*id), by),
            });
        }
        if self.is_cut {
            lines.push(T::SinceCut.into());
        }
        lines
    }
}
