//! What the panes show, as values ready to be worded. Moments stay moments: the view turns them into countdowns.

use super::Desk;
use crate::console::text::{Say, T};
use crate::model::actor::ENGINE;
use crate::model::alert::{AlertKey, AlertKind};
use crate::model::event::{Body, Event};
use crate::model::id::{LeadId, RepId, Seq};
use crate::model::lead::LeadState;
use crate::model::mode::Mode;
use crate::model::time::Millis;
use smol_str::SmolStr;

/// An alert, as long as it is shown: its kind and what it is about.
pub type AlertId = AlertKey;

/// The word for a state.
#[must_use]
pub const fn state_word(state: LeadState) -> T {
    match state {
        LeadState::Waiting => T::Waiting,
        LeadState::Parked => T::Parked,
        LeadState::Assigned => T::Assigned,
        LeadState::Contacted => T::Contacted,
        LeadState::Qualified => T::Qualified,
        LeadState::Won => T::Won,
        LeadState::Lost => T::Lost,
        LeadState::Invalid => T::Invalid,
        LeadState::Merged => T::Merged,
    }
}

impl Desk {
    /// Where a lead went and who moved it, as of `event`.
    #[must_use]
    pub fn sentence(&self, event: &Event) -> Option<Say> {
        let lead = self.called(event.body.lead()?);
        let by = if event.actor == ENGINE { None } else { Some(event.actor.as_str()) };
        let by = by.map(|name| if name == self.me { T::ByYou.into() } else { Say::By(name) });
        let by = by.unwrap_or_else(|| T::ByEngine.into());
        Some(match &event.body {
            Body::LeadAssigned(a) => Say::WentTo(&lead, &self.rep_name(a.rep), &by),
            Body::LeadParked { .. } => Say::WentParked(&lead, &by),
            Body::LeadRecalled { .. } => Say::WasRecalled(&lead, &by),
            Body::LeadReturned { .. } => Say::WasReturned(&lead, &by),
            Body::LeadFreed { .. } => Say::WasFreed(&lead, &by),
            Body::LeadMerged { into, .. } => Say::WasMerged(&lead, &self.called(*into), &by),
            Body::LeadRestored(_) => Say::WasUndone(&lead, &by),
            Body::LeadProgressed { to, .. } => Say::WasMarked(&lead, state_word(*to), &by),
            _ => return None,
        })
    }
}

/// The word for a kind of alert.
#[must_use]
pub const fn alert_word(kind: AlertKind) -> T {
    match kind {
        AlertKind::Delayed => T::Delayed,
        AlertKind::Missed => T::Missed,
        AlertKind::Duplicate => T::Duplicate,
        AlertKind::AtCap => T::AtCap,
        AlertKind::EngineStalled => T::Stalled,
        AlertKind::Overdue => T::Overdue,
        AlertKind::TimerBudget => T::TimerBudget,
        AlertKind::ClockSuspect => T::ClockSuspect,
        AlertKind::LoadUneven => T::LoadUneven,
        AlertKind::Untouched => T::Untouched,
        AlertKind::Hoarded => T::Hoarded,
        AlertKind::LeaseFlapping => T::LeaseFlapping,
        AlertKind::DiskLow => T::DiskLow,
        AlertKind::OutboxStuck => T::OutboxStuck,
        AlertKind::Uneven => T::Uneven,
        AlertKind::Starved => T::Starved,
        AlertKind::Surge => T::Surge,
        AlertKind::Drought => T::Drought,
        AlertKind::RuleSilent => T::RuleSilent,
        AlertKind::RateShift => T::RateShift,
        AlertKind::DirtyFields => T::DirtyFields,
        AlertKind::Conversion => T::Conversion,
        AlertKind::Queue => T::QueueLong,
        AlertKind::Full => T::ManyFull,
        AlertKind::Spread => T::FarApart,
        AlertKind::Unmatched => T::ManyUnmatched,
        AlertKind::Unassigned => T::ManyUnassigned,
    }
}

/// A person's short lock on a lead that is still in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub by: SmolStr,
    pub is_mine: bool,
    pub until: Millis,
}

/// One lead as a row shows it. Text is as it arrived; widgets clean it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadLine {
    pub id: LeadId,
    /// The event that changed it last: what an order about it must have seen.
    pub rev: Seq,
    /// Empty while the contact is on its way or where nobody left one.
    pub name: String,
    /// Whole; whoever shows it masks it.
    pub phone: Option<String>,
    pub source: SmolStr,
    pub region: SmolStr,
    pub product: SmolStr,
    pub company: SmolStr,
    pub score: i32,
    pub arrived_at: Millis,
    /// When somebody must have acted.
    pub due_at: Option<Millis>,
    pub state: LeadState,
    pub owner: Option<RepId>,
    pub hold: Option<Hold>,
    /// To whom the engine would give it, where a person decides.
    pub proposed: Option<RepId>,
    /// Since when reps may claim it.
    pub pooled_since: Option<Millis>,
    pub is_pinned: bool,
    /// It came a moment ago.
    pub is_new: bool,
    /// Working milliseconds its owner has left to answer, and whether they run now.
    pub answer: Option<(i64, bool)>,
}

/// Whether a rep takes leads now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presence {
    OnDuty,
    OffDuty,
    /// Until a day and hour in the desk's zone.
    OnLeave(String),
    /// Not within their working hours.
    OutOfHours,
}

/// One rep as the load pane shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RepLine {
    pub id: RepId,
    pub name: SmolStr,
    pub team: SmolStr,
    pub load: u32,
    pub cap: Option<u32>,
    pub today: u32,
    pub day_cap: Option<u32>,
    pub presence: Presence,
    /// Minutes to full at the rate of the last minutes.
    pub full_in_min: Option<u32>,
    /// Ledger against the mean of the active, in tenths of a turn: negative = has had less than the others.
    pub fair_tenths: i64,
    /// Share of the weight while being brought in, in percent.
    pub ramp_percent: Option<u32>,
    /// Gets the next lead of the team.
    pub is_next: bool,
}

impl RepLine {
    /// Whether a cap stops this rep.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.cap.is_some_and(|cap| self.load >= cap) || self.day_cap.is_some_and(|cap| self.today >= cap)
    }
}

/// One team: its heading and where its reps begin among all lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TeamLine {
    pub name: SmolStr,
    /// Who would get the next lead of the team.
    pub next: Option<SmolStr>,
    /// Index of its first rep.
    pub first: usize,
    /// Reps, and those of them on duty.
    pub count: usize,
    pub on_duty: usize,
    /// Leads in hand of all.
    pub load: u32,
}

/// What a key can do about an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Help {
    /// Select it and open the assignment.
    Assign(LeadId),
    /// Select it.
    Open(LeadId),
    /// Ask for a higher cap.
    RaiseCap(RepId),
    /// Show this view of the queue.
    Show(super::sieve::Show),
    /// Show the two leads of one person.
    Both(LeadId, LeadId),
    /// Put the engine to auto.
    Auto,
    /// Edit the rules.
    Rules,
    /// Do what the engine worked out, by its place among the remedies.
    Remedy(usize),
}

/// One alert, its sentence, and what would help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertLine {
    pub id: AlertId,
    pub since: Millis,
    pub sentence: Say,
    /// The best first; each has its number as key.
    pub remedies: Vec<(Say, Help)>,
    pub lead: Option<LeadId>,
    /// The engine works out what would help.
    pub is_thinking: bool,
}

/// Who runs timers and sweeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Leadership {
    Here,
    #[default]
    Elsewhere,
    ReadOnly,
}

/// The header's figures.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Summary {
    pub file: String,
    pub mode: Mode,
    /// When the mode of the whole desk ends, if it does.
    pub mode_until: Option<String>,
    pub leadership: Leadership,
    pub book: u32,
    /// What lies over the rules, the most urgent first.
    pub on: Vec<Say>,
    /// How many of these, at the front, hold leads back: modes of a part.
    pub modes: usize,
    /// How many, at the front, somebody set: all but the calendar's windows.
    pub lasting: usize,
    pub rate_per_min: String,
    pub rate_history: Vec<u32>,
    pub waiting: usize,
    pub parked: usize,
    pub held: usize,
    pub open: usize,
    pub spread_pct: Option<i64>,
    /// The desk's offset from UTC, for the clock.
    pub utc_offset_min: i32,
}
