//! A rep as the world carries them: the card plus sums of the log. Whether they may take a lead is the engine's question.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::hours::Shift;
use super::ledger::{LEDGER_DAYS, Ledger};
use super::promotion::TermsPlan;
use crate::model::event::LedgerReason;
use crate::model::id::{BatchId, RepId, Seq};
use crate::model::rep::{Leave, RepCard};
use crate::model::time::{DayNo, Millis};

/// Away from duty since a moment, with what each teammate had received by then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    pub since: Millis,
    /// Teammates' lifetime turns (thousandths) at that moment, by rep.
    pub marks: Vec<(RepId, i64)>,
}

/// An entry on the ledger without a lead, as its page shows it: who booked how much and why. One for all days a batch
/// booked for the same reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerNote {
    pub seq: Seq,
    pub batch: BatchId,
    pub at: Millis,
    pub by: SmolStr,
    pub team: Option<SmolStr>,
    /// First and last day booked on.
    pub from: DayNo,
    pub to: DayNo,
    /// In thousandths of a turn, all days together.
    pub milli: i64,
    pub reason: LedgerReason,
}

/// One rep with load and ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepState {
    pub id: RepId,
    pub card: RepCard,
    pub active: bool,
    pub duty: bool,
    /// Present, coming and not yet settled leaves, by start.
    pub leaves: Vec<Leave>,
    pub joined_at: Millis,
    /// Leads assigned or contacted.
    pub load: u32,
    /// Org-wide ledger.
    pub ledger: Ledger,
    /// Ledgers of turns given through a team, for `by … within team`.
    pub team_ledgers: Vec<(SmolStr, Ledger)>,
    /// Turns ever, in thousandths; only grows and shrinks with turns, never with entries.
    pub lifetime_milli: i64,
    /// The event of the last turn: who was served longest ago.
    pub last_turn: Seq,
    pub away: Option<Away>,
    /// The absence before this presence, so that an undo of "on duty" can go on with it.
    pub last_away: Option<Away>,
    /// Working hours by the book in force; derived.
    #[serde(skip)]
    pub shift: Shift,
    /// What promotions give them; derived.
    #[serde(skip)]
    pub terms: TermsPlan,
    /// Entries without a lead of the ledger's window, oldest first.
    pub notes: Vec<LedgerNote>,
}

impl RepState {
    pub(crate) fn new(id: RepId, card: RepCard, joined_at: Millis) -> RepState {
        RepState {
            id,
            card,
            active: true,
            duty: true,
            leaves: Vec::new(),
            joined_at,
            load: 0,
            ledger: Ledger::default(),
            team_ledgers: Vec::new(),
            lifetime_milli: 0,
            last_turn: Seq(0),
            away: None,
            last_away: None,
            shift: Shift::default(),
            terms: TermsPlan::default(),
            notes: Vec::new(),
        }
    }

    /// Keeps who booked an entry and why, and lets go of those whose days have left the window.
    pub(crate) fn note(&mut self, note: LedgerNote) {
        let oldest = note.to.0.saturating_sub(LEDGER_DAYS - 1);
        self.notes.retain(|n| n.to.0 >= oldest || n.batch == note.batch);
        let same =
            |n: &&mut LedgerNote| (n.batch, &n.team, &n.reason) == (note.batch, &note.team, &note.reason);
        match self.notes.iter_mut().find(same) {
            Some(n) => {
                n.milli += note.milli;
                n.from = n.from.min(note.from);
                n.to = n.to.max(note.to);
            }
            None => self.notes.push(note),
        }
    }

    /// The leave in force at `now`.
    #[must_use]
    pub fn leave_at(&self, now: Millis) -> Option<&Leave> {
        self.leaves.iter().find(|l| l.from <= now && now < l.to)
    }

    /// Active, on duty and not on leave.
    #[must_use]
    pub fn is_present(&self, now: Millis) -> bool {
        self.active && self.duty && (self.leaves.is_empty() || self.leave_at(now).is_none())
    }

    /// Whether `now` is within their working hours by the book in force.
    #[must_use]
    pub fn is_at_work(&self, now: Millis) -> bool {
        self.shift.is_open(now)
    }

    /// Whether they belong to `team`.
    #[must_use]
    pub fn in_team(&self, team: &str) -> bool {
        self.card.teams.iter().any(|t| t == team)
    }

    /// Whether they share a team with `other`; reps without any team share the "no team" team.
    #[must_use]
    pub fn shares_team(&self, other: &RepState) -> bool {
        (self.card.teams.is_empty() && other.card.teams.is_empty())
            || self.card.teams.iter().any(|t| other.in_team(t))
    }

    /// The ledger of a scope: a team's, or org-wide with `None`. A team without any turn yet sums to 0.
    #[must_use]
    pub fn ledger_sum(&self, team: Option<&str>, day: DayNo) -> i64 {
        match team {
            None => self.ledger.sum_at(day),
            Some(team) => self.team_ledger(team).map_or(0, |l| l.sum_at(day)),
        }
    }

    /// The ledger of turns given through `team`.
    #[must_use]
    pub fn team_ledger(&self, team: &str) -> Option<&Ledger> {
        self.team_ledgers.iter().find(|(t, _)| t == team).map(|(_, l)| l)
    }

    pub(crate) fn team_ledger_mut(&mut self, team: &SmolStr) -> &mut Ledger {
        let at = match self.team_ledgers.iter().position(|(t, _)| t == team) {
            Some(at) => at,
            None => {
                self.team_ledgers.push((team.clone(), Ledger::default()));
                self.team_ledgers.len() - 1
            }
        };
        &mut self.team_ledgers[at].1
    }
}
