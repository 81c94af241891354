//! What was done about alerts lately, as the log tells it: for the budget of automatic remedies, so that they do not play
//! ping-pong, and so that none does again what a person took back. The fold only; what is to be done is `watch::automatic`'s.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::World;
use crate::model::alert::{AlertKey, AlertKind};
use crate::model::event::Event;
use crate::model::id::{BatchId, LeadId, RepId, Seq};
use crate::model::relief::Remedied;
use crate::model::time::{DAY_MS, Millis};

/// How long it is remembered, in milliseconds.
pub const RELIEF_KEPT_MS: i64 = DAY_MS;
/// Remembered at most.
const RELIEFS_MAX: usize = 2_000;

/// One thing that was done about an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relieved {
    pub at: Millis,
    pub key: AlertKey,
    pub episode: Seq,
    pub batch: BatchId,
    pub leads: Vec<LeadId>,
    /// Who got some of them.
    pub to: Vec<RepId>,
    /// The book asked for it.
    pub is_automatic: bool,
    /// Somebody took it back.
    pub is_undone: bool,
}

impl World {
    /// What was done about alerts within a day, oldest first.
    #[must_use]
    pub fn relieved(&self) -> &VecDeque<Relieved> {
        &self.watched.relieved
    }

    /// How many leads automatic remedies of a kind moved within the last `ms`; those that were taken back count too.
    #[must_use]
    pub fn moved_by_remedies(&self, kind: AlertKind, now: Millis, ms: i64) -> usize {
        let recent = |r: &&Relieved| r.is_automatic && r.key.kind == kind && now.since(r.at) < ms;
        self.watched.relieved.iter().filter(recent).map(|r| r.leads.len()).sum()
    }

    pub(super) fn alert_remedied(&mut self, done: &Remedied, event: &Event) {
        let is_automatic = done.line.is_some();
        if !is_automatic
            && let Some(alert) = self.alerts.get_mut(&done.key).filter(|a| a.fired_seq == done.episode)
            && alert.acted_at.is_none()
        {
            alert.acted_at = Some(event.at);
            let tally = self.watched.tallies.entry(done.key.kind).or_default();
            tally.acted += 1;
            tally.to_act_ms += event.at.since(alert.fired_at);
        }
        let kept = &mut self.watched.relieved;
        kept.push_back(Relieved {
            at: event.at,
            key: done.key,
            episode: done.episode,
            batch: event.batch,
            leads: done.leads.clone(),
            to: done.to.clone(),
            is_automatic,
            is_undone: false,
        });
        while kept.len() > RELIEFS_MAX || kept.front().is_some_and(|r| event.at.since(r.at) > RELIEF_KEPT_MS)
        {
            kept.pop_front();
        }
    }

    /// A batch was undone; what it did about an alert is not to be done again by itself.
    pub(super) fn relief_undone(&mut self, batch: BatchId) {
        for relief in self.watched.relieved.iter_mut().filter(|r| r.batch == batch) {
            relief.is_undone = true;
        }
    }
}
