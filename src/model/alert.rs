//! Alerts as nouns: what is wrong, about whom, with which numbers, and how it is handled. Detecting is the watch's affair.
//!
//! Condition, handling and suppression are three things: what is so, who looks after it, and whether it is spoken of. None
//! of them changes another. Suppression is never stored with an alert: it follows from silences and from other alerts.

mod kind;

use std::hash::Hasher;

use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher13;
use smol_str::SmolStr;

use super::id::{LeadId, RepId, Seq, SilenceId};
use super::time::Millis;
pub use kind::AlertKind;

/// What an alert is about; with the kind it names one alert, however its numbers move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AlertSubject {
    Desk,
    Rep(RepId),
    Lead(LeadId),
    /// A source, by [`name_key`].
    Source(u64),
    /// A rule, by [`name_key`].
    Rule(u64),
}

/// A name as a number, the same on every machine, so that an alert's identity stays small.
#[must_use]
pub fn name_key(name: &str) -> u64 {
    let mut hasher = SipHasher13::new();
    hasher.write(name.as_bytes());
    hasher.finish()
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

/// How loudly it speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Severity {
    Info,
    #[default]
    Warn,
    Page,
}

impl Severity {
    /// The word, as in the book.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Page => "page",
        }
    }
}

/// What a test of evidence was about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Aspect {
    /// Leads, one by one.
    Count,
    /// Their value.
    Value,
    /// Their score.
    Score,
    /// Neither phone nor mail.
    Contact,
    Region,
    Product,
    Campaign,
}

/// What a test of evidence rests on, so that a person can work it out again by hand. Counts and rates are millionths.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    pub aspect: Aspect,
    /// Since when it was counted.
    pub from: Millis,
    /// Leads the test rests on, clumps counted once, and how many it needs.
    pub samples: u32,
    pub samples_needed: u32,
    pub observed: i64,
    pub expected: i64,
    /// −ln p in micro-nats: how unlikely it is if nothing is wrong, and how unlikely it must be, every look and every other
    /// thing looked at allowed for.
    pub surprise: i64,
    pub surprise_needed: i64,
    /// The size that matters in practice, in thousandths, and the least that counts.
    pub effect_milli: i64,
    pub effect_needed_milli: i64,
    /// Rules: the publish after which it began.
    pub book: Option<super::id::BookVersion>,
}

/// What an alert says beside its finding.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Detail {
    pub severity: Severity,
    /// The name of what it is about, where the key holds it as a number.
    pub about: SmolStr,
    pub evidence: Option<Box<Evidence>>,
}

/// Something seen at a look: beyond its limit, or only not clear of it yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    pub finding: Finding,
    pub detail: Detail,
    /// False = between the limit to fire and the one to clear.
    pub breach: bool,
}

/// A condition seen, that has not lasted long enough yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pending {
    pub finding: Finding,
    pub detail: Detail,
    pub since: Millis,
}

/// The condition is gone, and must stay so for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// Clear since then; none while it lies between the limits.
    pub clear_since: Option<Millis>,
}

/// Who looks after it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Handling {
    #[default]
    Open,
    /// Somebody took it on: repeats and escalation rest until `until`, or for the whole episode.
    Acknowledged {
        by: SmolStr,
        at: Millis,
        until: Option<Millis>,
    },
    Snoozed {
        by: SmolStr,
        at: Millis,
        until: Millis,
    },
}

impl Handling {
    /// As it is at `now`: what has run out is open again.
    #[must_use]
    pub fn is_open(&self, now: Millis) -> bool {
        match self {
            Self::Open => true,
            Self::Acknowledged { until, .. } => until.is_some_and(|until| until <= now),
            Self::Snoozed { until, .. } => *until <= now,
        }
    }

    /// When it runs out.
    #[must_use]
    pub fn until(&self) -> Option<Millis> {
        match self {
            Self::Open => None,
            Self::Acknowledged { until, .. } => *until,
            Self::Snoozed { until, .. } => Some(*until),
        }
    }
}

/// What somebody said about an alert.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    pub by: SmolStr,
    pub at: Millis,
    pub text: SmolStr,
}

/// Why an episode ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub enum Ending {
    /// The condition was seen to clear.
    #[default]
    Recovered,
    /// What it is about is gone, the book no longer asks for it, or its test can no longer be made: no longer watched.
    Unwatched,
    /// A person closed it.
    Fixed,
    Expected,
    FalseAlarm,
    Duplicate,
}

impl Ending {
    /// Whether a person said so.
    #[must_use]
    pub fn is_by_hand(self) -> bool {
        !matches!(self, Self::Recovered | Self::Unwatched)
    }

    /// The word in the log.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Recovered => "recovered",
            Self::Unwatched => "no longer watched",
            Self::Fixed => "fixed",
            Self::Expected => "expected",
            Self::FalseAlarm => "false alarm",
            Self::Duplicate => "duplicate",
        }
    }

    /// The Chinese word.
    #[must_use]
    pub fn word_zh(self) -> &'static str {
        match self {
            Self::Recovered => "已恢复",
            Self::Unwatched => "不再监控",
            Self::Fixed => "已处理",
            Self::Expected => "属正常",
            Self::FalseAlarm => "误报",
            Self::Duplicate => "重复提醒",
        }
    }
}

/// How an episode ended and by what.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cleared {
    pub why: Ending,
    /// The last event that touched one of its leads before it was seen to be clear, with its actor.
    pub by: Option<(Seq, SmolStr)>,
    pub note: SmolStr,
}

/// A firing or recovering alert: one episode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    pub finding: Finding,
    pub detail: Detail,
    pub fired_at: Millis,
    /// The event that raised it; names this episode.
    pub fired_seq: Seq,
    /// None = firing.
    pub recovery: Option<Recovery>,
    /// How often it fired again while recovering.
    pub flaps: u32,
    pub handling: Handling,
    /// Newest last; the oldest make room.
    pub comments: Vec<Comment>,
    /// The episode of the same key before this one.
    pub previous: Option<Seq>,
    /// When it was last spoken of.
    pub noticed_at: Option<Millis>,
    /// Steps of escalation that went out, and when the last one did.
    pub level: u8,
    pub level_at: Option<Millis>,
    /// When a person first did something about it.
    pub acted_at: Option<Millis>,
}

/// An episode that is over, as long as it matters for flapping, links and figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub key: AlertKey,
    pub episode: Seq,
    pub severity: Severity,
    pub fired_at: Millis,
    pub ended_at: Millis,
    pub why: Ending,
    /// It was spoken of, so its end is too.
    pub noticed: bool,
    /// Its end was spoken of.
    pub told: bool,
}

/// Alerts that are not spoken of for a while; they go on otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// None = every kind.
    pub kind: Option<AlertKind>,
    /// None = whatever it is about.
    pub subject: Option<AlertSubject>,
    pub from: Millis,
    /// Exclusive.
    pub until: Millis,
    pub by: SmolStr,
    pub reason: SmolStr,
}

impl Silence {
    /// Whether it holds at `now`. From when it was set on, also for a clock that was set back since: what was hidden must not
    /// be told because of that.
    #[must_use]
    pub fn is_live(&self, now: Millis) -> bool {
        now < self.until
    }

    /// Whether it is about `key`.
    #[must_use]
    pub fn matches(&self, key: AlertKey) -> bool {
        self.kind.is_none_or(|kind| kind == key.kind)
            && self.subject.is_none_or(|subject| subject == key.subject)
    }
}

/// Why an alert is not spoken of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suppressed {
    Silenced(SilenceId),
    /// Another alert says what is the matter.
    Inhibited(AlertKind),
    /// It came and went too often within the hour.
    Flapping,
    /// An import runs: much comes at once.
    Importing,
}

/// What a notice is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum NoticeWhy {
    /// Something fires that was not spoken of.
    Fired,
    /// It still fires.
    Repeat,
    /// What was spoken of is over.
    Resolved,
    /// Nobody took it on in time.
    Escalated,
    /// Somebody took it on, time ran out, and it still fires.
    Lapsed,
    /// It comes and goes; it is not spoken of again before it is quiet for an hour.
    Flapping,
    /// What happened while the desk was closed.
    Digest,
}

/// Something to be told. One for all alerts of a kind that are to be spoken of at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// None = a digest of every kind.
    pub group: Option<AlertKind>,
    pub why: NoticeWhy,
    pub severity: Severity,
    /// Alerts that fire, and that ended since the last notice.
    pub firing: u32,
    pub resolved: u32,
    /// The first few, with their episode.
    pub keys: Vec<(AlertKey, Seq)>,
}

/// Figures of one kind since the log began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tally {
    pub fired: u64,
    /// Passed before it had lasted long enough.
    pub averted: u64,
    pub acknowledged: u64,
    pub false_alarms: u64,
    pub ended: u64,
    /// Time from firing to the first handling, summed, in milliseconds, and how many that is.
    pub to_act_ms: i64,
    pub acted: u64,
}

impl Tally {
    /// The part of ended episodes that nobody called a false alarm, in thousandths; none before the first end.
    #[must_use]
    pub fn precision_milli(&self) -> Option<u64> {
        let good = self.ended.checked_sub(self.false_alarms)?;
        (good * 1000).checked_div(self.ended)
    }
}
