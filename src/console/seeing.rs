//! What seeing needs beyond the panes: how the gauges are ordered and folded, short messages about what others did, the
//! selected row of the roster. Plain values.

use crate::console::text::{Say, T};
use crate::console::widget::list::ListState;
use crate::model::id::RepId;
use crate::model::time::{Millis, SECOND_MS};
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// By what the reps of a team are ordered in the load pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GaugeSort {
    /// As they joined.
    #[default]
    Roster,
    /// The fullest first.
    Load,
    /// Who got most today first.
    Today,
    /// Who has had least first: the order of turns.
    Ledger,
}

impl GaugeSort {
    /// The next one.
    #[must_use]
    pub const fn next(self) -> Self {
        match self {
            Self::Roster => Self::Load,
            Self::Load => Self::Today,
            Self::Today => Self::Ledger,
            Self::Ledger => Self::Roster,
        }
    }

    /// What it is called; nothing for the order of the roster.
    #[must_use]
    pub const fn title(self) -> Option<T> {
        match self {
            Self::Roster => None,
            Self::Load => Some(T::LoadWord),
            Self::Today => Some(T::Today),
            Self::Ledger => Some(T::LedgerWord),
        }
    }
}

/// How the load pane is arranged.
#[derive(Debug, Clone, Default)]
pub struct Gauges {
    pub sort: GaugeSort,
    /// Teams of which only the heading shows.
    pub folded: BTreeSet<SmolStr>,
}

/// How long a toast stands, in milliseconds.
pub const TOAST_MS: i64 = 8 * SECOND_MS;
/// How long nothing is done before what came meanwhile is counted on screen, in milliseconds.
pub const LOOK_MS: i64 = 30 * SECOND_MS;
/// Toasts at once; older ones make room.
pub const TOASTS_MAX: usize = 4;

/// A short message about what somebody else did to a marked lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Toast {
    pub text: Say,
    pub until: Millis,
}

/// What seeing keeps between frames.
#[derive(Debug, Clone, Default)]
pub struct See {
    /// Oldest first.
    pub toasts: Vec<Toast>,
    /// The rep selected on the roster and the calendar.
    pub roster: ListState<RepId>,
    /// When the person last did anything, and live leads that came since.
    pub looked_at: Millis,
    pub arrived: usize,
}

impl See {
    /// Adds a toast at `now`.
    pub fn toast(&mut self, text: Say, now: Millis) {
        if self.toasts.len() >= TOASTS_MAX {
            self.toasts.remove(0);
        }
        self.toasts.push(Toast { text, until: now.plus(TOAST_MS) });
    }

    /// The person is at the keys: what came before is seen.
    pub fn look(&mut self, now: Millis) {
        (self.looked_at, self.arrived) = (now, 0);
    }

    /// What came since the person last did anything, once that is a while ago.
    #[must_use]
    pub fn news(&self, now: Millis) -> Option<(usize, Millis)> {
        let is_away = now.since(self.looked_at) >= LOOK_MS && self.looked_at > Millis(0);
        (is_away && self.arrived > 0).then_some((self.arrived, self.looked_at))
    }

    /// Lets go of what has stood its time.
    pub fn expire(&mut self, now: Millis) {
        self.toasts.retain(|toast| toast.until > now);
    }
}

/// The steps of seeing.
#[derive(Debug, Clone, PartialEq)]
pub enum Seeing {
    Card(super::card::Card),
    /// Hold the queue still, or let it go on.
    Freeze,
    GaugeSort,
    /// Fold the team of the selected rep.
    Fold,
    UnfoldAll,
    /// Ask for a leave of the selected rep.
    Leave,
    /// What becomes of the leads of a rep who leaves.
    Handover,
}
