//! Alerts as nouns: what is wrong, about whom, with which numbers. Detecting is the watch's affair.

use serde::{Deserialize, Serialize};

use super::id::{LeadId, RepId, Seq};
use super::time::Millis;

/// What kind of trouble. The first four names are the desk's core anomalies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AlertKind {
    Delayed,
    Missed,
    Duplicate,
    AtCap,
    EngineStalled,
    /// Leads past their response limit that nobody has answered.
    Overdue,
    /// Timers moved as many leads as they may in an hour and move no more.
    TimerBudget,
    /// The wall clock stepped against the boot clock: timers and time detectors stand still.
    ClockSuspect,
}

impl AlertKind {
    /// Every kind, in the order screens list them.
    pub const ALL: [AlertKind; 8] = [
        Self::ClockSuspect,
        Self::EngineStalled,
        Self::TimerBudget,
        Self::Missed,
        Self::Delayed,
        Self::Overdue,
        Self::Duplicate,
        Self::AtCap,
    ];

    /// Whether what it says follows from how much time has passed: of no use while the clock is suspect.
    #[must_use]
    pub fn tells_time(self) -> bool {
        match self {
            Self::Delayed | Self::Missed | Self::EngineStalled | Self::Overdue | Self::TimerBudget => true,
            Self::Duplicate | Self::AtCap | Self::ClockSuspect => false,
        }
    }

    /// The word used in the database and in the book's `watch` lines.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Delayed => "delayed",
            Self::Missed => "missed",
            Self::Duplicate => "duplicate",
            Self::AtCap => "at-cap",
            Self::EngineStalled => "engine-stalled",
            Self::Overdue => "overdue",
            Self::TimerBudget => "timer-budget",
            Self::ClockSuspect => "clock-suspect",
        }
    }

    /// The Chinese word of DESIGN §3.
    #[must_use]
    pub fn word_zh(self) -> &'static str {
        match self {
            Self::Delayed => "延迟分派",
            Self::Missed => "线索遗漏",
            Self::Duplicate => "重复分派",
            Self::AtCap => "达到上限",
            Self::EngineStalled => "引擎停滞",
            Self::Overdue => "超时未响应",
            Self::TimerBudget => "超时回收过多",
            Self::ClockSuspect => "时钟可疑",
        }
    }
}

/// What an alert is about; with the kind it names one alert, however its numbers move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AlertSubject {
    Desk,
    Rep(RepId),
    Lead(LeadId),
}

/// Identity of an alert: no value, time or text in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AlertKey {
    pub kind: AlertKind,
    pub subject: AlertSubject,
}

/// What a detector saw: the numbers an alert was raised with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub key: AlertKey,
    /// How many leads are concerned.
    pub count: u32,
    /// The first few of them, oldest first.
    pub leads: Vec<LeadId>,
    /// The figure, in the unit of its kind: milliseconds waited, load, leads waiting.
    pub figure: i64,
    /// The limit it passed, same unit.
    pub limit: i64,
}

/// A firing alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    pub finding: Finding,
    pub fired_at: Millis,
    /// The event that raised it; names this episode.
    pub fired_seq: Seq,
}
