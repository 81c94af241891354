//! What the panes read of the desk: lines ready to be worded, found by id. Where they come from is the service's affair.
//!
//! The queue is ids in order and a look-up, so that a pane asks only for the rows in its window. What depends on the
//! time of day is given as moments; the view turns them into countdowns.

use crate::console::text::{Say, T};
use crate::model::id::{LeadId, RepId};
use crate::model::time::Millis;
use std::collections::HashMap;

/// An alert, as long as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AlertId(pub u64);

/// Where a lead stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Waiting,
    Parked,
    Assigned,
    Contacted,
    Qualified,
    Won,
    Lost,
    Invalid,
    Merged,
}

impl State {
    /// The word for this state.
    #[must_use]
    pub const fn word(self) -> T {
        match self {
            Self::Waiting => T::Waiting,
            Self::Parked => T::Parked,
            Self::Assigned => T::Assigned,
            Self::Contacted => T::Contacted,
            Self::Qualified => T::Qualified,
            Self::Won => T::Won,
            Self::Lost => T::Lost,
            Self::Invalid => T::Invalid,
            Self::Merged => T::Merged,
        }
    }
}

/// A person's short lock on a lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub by: String,
    pub is_mine: bool,
    pub until: Millis,
}

/// One lead as a row shows it. Text is as it arrived; widgets clean it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadLine {
    pub id: LeadId,
    pub name: String,
    /// Masked unless it was unmasked here.
    pub phone: Option<String>,
    pub source: String,
    pub region: String,
    pub product: String,
    pub score: i64,
    pub arrived_at: Millis,
    /// When somebody must have acted.
    pub due_at: Option<Millis>,
    pub state: State,
    pub owner: Option<RepId>,
    pub hold: Option<Hold>,
    pub is_pinned: bool,
    /// Why it stands where it stands, for the detail card; empty until asked for.
    pub why: Vec<Say>,
}

/// Whether a rep takes leads now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    OnDuty,
    OffDuty,
    OnLeave,
}

/// One rep as the load pane shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepLine {
    pub id: RepId,
    pub name: String,
    pub team: String,
    pub load: u32,
    pub cap: Option<u32>,
    pub today: u32,
    pub presence: Presence,
    /// Minutes to full at the present rate.
    pub full_in_min: Option<u32>,
    /// Whether the next lead of the team goes here.
    pub is_next: bool,
    /// Why this rep cannot take the selected lead.
    pub refusal: Option<Say>,
}

/// How far an alert has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Pending,
    Firing,
    Recovering,
    Resolved,
}

/// One alert, its sentence, and what would help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertLine {
    pub id: AlertId,
    pub kind: T,
    pub stage: Stage,
    pub is_silenced: bool,
    pub is_acknowledged: bool,
    pub sentence: Say,
    /// The best first; Enter does the first.
    pub remedies: Vec<Say>,
    pub lead: Option<LeadId>,
}

/// Whether the engine hands out by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mode {
    #[default]
    Auto,
    Paused,
}

/// Who runs timers and sweeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Leadership {
    #[default]
    Here,
    Elsewhere,
    ReadOnly,
}

/// The header's figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    pub file: String,
    pub mode: Mode,
    pub leadership: Leadership,
    pub book: u32,
    /// A promotion window or a divert that is on.
    pub banner: Option<Say>,
    pub rate_per_min: String,
    pub rate_history: Vec<u32>,
    pub waiting: usize,
    pub held: usize,
    pub open: usize,
    pub spread_pct: Option<i64>,
    /// What `undo` would undo.
    pub undo: Option<Say>,
    /// The desk's offset from UTC, for the clock.
    pub utc_offset_min: i32,
}

/// Everything the panes read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Desk {
    pub summary: Summary,
    queue: Vec<LeadId>,
    leads: HashMap<LeadId, LeadLine>,
    reps: Vec<RepLine>,
    alerts: Vec<AlertLine>,
}

impl Desk {
    /// A desk showing these lines, the queue in the order given.
    #[must_use]
    pub fn new(summary: Summary, leads: Vec<LeadLine>, reps: Vec<RepLine>, alerts: Vec<AlertLine>) -> Self {
        let queue = leads.iter().map(|lead| lead.id).collect();
        let leads = leads.into_iter().map(|lead| (lead.id, lead)).collect();
        Self { summary, queue, leads, reps, alerts }
    }

    /// The queue in the order of deciding.
    #[must_use]
    pub fn queue(&self) -> &[LeadId] {
        &self.queue
    }

    /// A lead of the queue, or one lately shown.
    #[must_use]
    pub fn lead(&self, id: LeadId) -> Option<&LeadLine> {
        self.leads.get(&id)
    }

    #[must_use]
    pub fn reps(&self) -> &[RepLine] {
        &self.reps
    }

    #[must_use]
    pub fn rep(&self, id: RepId) -> Option<&RepLine> {
        self.reps.iter().find(|rep| rep.id == id)
    }

    #[must_use]
    pub fn alerts(&self) -> &[AlertLine] {
        &self.alerts
    }

    #[must_use]
    pub fn alert(&self, id: AlertId) -> Option<&AlertLine> {
        self.alerts.iter().find(|alert| alert.id == id)
    }

    /// Whether there is nothing to work on yet, so that the first screen offers a start.
    #[must_use]
    pub fn is_new(&self) -> bool {
        self.queue.is_empty() && self.reps.is_empty()
    }
}
