//! Notices on their way out of the desk: what is told, as data and without any contact text, and how far it has got. Whom to
//! tell is the watch's to say, sending is `notify`'s.

mod why;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::alert::{Detail, Finding, NoticeWhy, Severity};
use super::channel::{ChannelKind, Topic};
use super::id::{LeadId, RepId, Seq};
use super::time::Millis;

pub use why::{is_clock, why_in};

/// Names one notice for good, on every try and after every crash, so that receivers know a repeat. A ULID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NoticeId(pub u128);

impl std::fmt::Display for NoticeId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", ulid::Ulid(self.0))
    }
}

impl std::str::FromStr for NoticeId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        ulid::Ulid::from_string(text.trim()).map(|id| NoticeId(id.0)).map_err(|_| ())
    }
}

/// One alert a notice names, with the numbers it had then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertItem {
    pub episode: Seq,
    /// Of one that is over the numbers are gone: then only the key says something.
    pub finding: Finding,
    pub detail: Detail,
}

/// News of alerts: one notice of the watch.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertNews {
    pub why: NoticeWhy,
    pub severity: Severity,
    pub firing: u32,
    pub resolved: u32,
    pub items: Vec<AlertItem>,
}

/// What a rep is told about a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LeadWhy {
    /// It is theirs now.
    Given,
    /// Half of the response limit is over.
    Reminded,
    /// It was theirs, they were told so, and it is no more.
    Moved,
    /// The same because somebody undid it.
    Undone,
}

/// News of one lead for one rep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadNews {
    pub lead: LeadId,
    pub rep: RepId,
    pub why: LeadWhy,
    /// The limit to respond within, in milliseconds of working time; none = no clock runs.
    pub within_ms: Option<i64>,
}

/// What is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    Alerts(AlertNews),
    Lead(LeadNews),
    /// Somebody tries a channel out.
    Test {
        by: SmolStr,
    },
}

impl Told {
    /// How loud it is: what is louder goes first.
    #[must_use]
    pub fn severity(&self) -> Severity {
        match self {
            Told::Alerts(news) => news.severity,
            Told::Lead(_) | Told::Test { .. } => Severity::Info,
        }
    }

    /// The lead it is about, if it is about one.
    #[must_use]
    pub fn lead(&self) -> Option<LeadId> {
        match self {
            Told::Lead(news) => Some(news.lead),
            Told::Alerts(_) | Told::Test { .. } => None,
        }
    }
}

/// A notice to be put into the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub kind: ChannelKind,
    pub channel: SmolStr,
    pub topic: Topic,
    /// Login of the rep it is for; empty = whoever reads the channel.
    pub receiver: SmolStr,
    pub told: Told,
}

/// What an event means for the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tiding {
    Put(Box<Draft>),
    /// A lead changed hands: whoever was told that it is theirs is told that it is not, unless it is `owner` (by
    /// login, empty = nobody); what was not sent yet is not sent at all.
    Moved {
        lead: LeadId,
        owner: SmolStr,
        why: LeadWhy,
    },
}

/// How far a notice has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Waits to be sent.
    Queued,
    /// Was taken to be sent; whether it arrived is not known yet.
    Claimed,
    Sent,
    /// Given up: a person may send it again.
    Dead,
    /// Not sent because it was no longer true, or because a person said so.
    Dropped,
}

impl Stage {
    /// Every stage; its place is its code in the file.
    pub const ALL: [Stage; 5] = [Self::Queued, Self::Claimed, Self::Sent, Self::Dead, Self::Dropped];

    /// The word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Claimed => "claimed",
            Self::Sent => "sent",
            Self::Dead => "dead",
            Self::Dropped => "dropped",
        }
    }

    /// The Chinese word.
    #[must_use]
    pub fn word_zh(self) -> &'static str {
        match self {
            Self::Queued => "待发送",
            Self::Claimed => "发送中",
            Self::Sent => "已发送",
            Self::Dead => "发送失败",
            Self::Dropped => "不再发送",
        }
    }
}

/// One notice as it stands in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    pub id: NoticeId,
    pub kind: ChannelKind,
    pub channel: SmolStr,
    pub topic: Topic,
    pub severity: Severity,
    pub receiver: SmolStr,
    pub told: Told,
    /// The event it was written with; 0 = a person asked for it.
    pub cause: Seq,
    pub created_at: Millis,
    /// Not before then.
    pub due_at: Millis,
    pub stage: Stage,
    /// Tries that failed; being throttled does not count.
    pub tries: u32,
    pub last_error: SmolStr,
    /// Sent by itself, not merged with others: the receiver refused it together with them.
    pub alone: bool,
    /// The id of the message it was sent in: its own, or that of the first of those it was merged with.
    pub message: Option<NoticeId>,
    pub sent_at: Option<Millis>,
    /// Who last retried or dropped it by hand.
    pub handled_by: SmolStr,
}

/// How a channel stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ChannelState {
    /// When messages were handed to it lately, oldest first: what its limits are counted over.
    pub recent: Vec<Millis>,
    /// Nothing is sent before then.
    pub blocked_until: Millis,
    /// Sends that failed since the last that arrived.
    pub failures: u32,
    pub last_error: SmolStr,
    pub last_ok_at: Option<Millis>,
}

/// Figures of one channel's queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelFigures {
    pub kind: ChannelKind,
    pub channel: SmolStr,
    pub queued: u64,
    pub dead: u64,
    /// The oldest that waits.
    pub oldest: Option<Millis>,
    pub state: ChannelState,
}
