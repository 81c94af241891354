//! A lead as the desk holds it: what it is about, where it stands, who has it. Never contact text: that lives in the
//! `contact` table, so a person can be erased and the fold still agrees.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::field::{Field, Subject, Value};
use super::id::{LeadId, RepId, Seq};
use super::time::{DayNo, Millis};

/// Where a lead stands. Open ones (waiting, parked, assigned, contacted) live in the world; the rest have left it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LeadState {
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

impl LeadState {
    /// Every state, in the order reports list them.
    pub const ALL: [LeadState; 9] = [
        Self::Waiting,
        Self::Parked,
        Self::Assigned,
        Self::Contacted,
        Self::Qualified,
        Self::Won,
        Self::Lost,
        Self::Invalid,
        Self::Merged,
    ];

    /// Whether the world still holds the lead.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Waiting | Self::Parked | Self::Assigned | Self::Contacted)
    }

    /// Whether the lead counts into its owner's load (DESIGN §3: load = assigned + contacted).
    #[must_use]
    pub fn is_load(self) -> bool {
        matches!(self, Self::Assigned | Self::Contacted)
    }

    /// The English word, also used in the database and in conditions.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Parked => "parked",
            Self::Assigned => "assigned",
            Self::Contacted => "contacted",
            Self::Qualified => "qualified",
            Self::Won => "won",
            Self::Lost => "lost",
            Self::Invalid => "invalid",
            Self::Merged => "merged",
        }
    }

    /// The Chinese word of DESIGN §3.
    #[must_use]
    pub fn word_zh(self) -> &'static str {
        match self {
            Self::Waiting => "待分配",
            Self::Parked => "待人工",
            Self::Assigned => "已分配",
            Self::Contacted => "已联系",
            Self::Qualified => "有效",
            Self::Won => "成交",
            Self::Lost => "输单",
            Self::Invalid => "无效",
            Self::Merged => "已合并",
        }
    }

    /// Reads either word; `None` for anything else.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.word().eq_ignore_ascii_case(word) || s.word_zh() == word)
    }
}

/// How a lead came in: decides its clocks and whether the engine places it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum ArrivalKind {
    /// Just now: clocks run, the engine decides.
    Live,
    /// Older than a day: the engine decides, response clocks do not run.
    Backlog,
    /// A record of the past: kept, counted, never assigned.
    History,
}

/// What rules may ask about: no person's name, phone or mail among it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct Attrs {
    pub source: SmolStr,
    pub campaign: SmolStr,
    pub region: SmolStr,
    pub city: SmolStr,
    pub product: SmolStr,
    pub industry: SmolStr,
    pub language: SmolStr,
    pub company: SmolStr,
    /// Imported score, whole points; score lines of the book add to it.
    pub base_score: i32,
    /// Expected value in thousandths of the desk's currency.
    pub value: Option<i64>,
    pub has_phone: bool,
    pub has_email: bool,
    /// Custom columns, sorted by name, asked as `x.name`.
    pub custom: Vec<(SmolStr, SmolStr)>,
}

/// A person's short visible lock; over by itself at `until`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    pub actor: SmolStr,
    pub until: Millis,
}

/// Why a lead is parked: put aside until a person releases it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum ParkReason {
    /// A rule or `otherwise` said so, in its words.
    Rule(SmolStr),
    /// Nobody matched and the book has no catch-all.
    Unmatched,
    /// The same person is already with us under another lead.
    Duplicate { of: LeadId, owner: Option<RepId> },
    /// A company with a similar name is; similarity in thousandths.
    SimilarCompany { of: LeadId, similarity_milli: u32 },
    /// A person put it aside, with a reason.
    Person { by: SmolStr, reason: SmolStr },
    /// Put back by an undo, so that the engine does not redo it at once.
    Undone { by: SmolStr },
    /// Its owner left and the leads were parked.
    OwnerLeft(RepId),
    /// In the pool since then: reps may take it within the book's limits. `from` = whoever had it last.
    Pool { since: Millis, from: Option<RepId>, why: PoolWhy },
}

/// How a lead came into the pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PoolWhy {
    /// A person put it there, with the reason they gave (may be empty).
    Person { by: SmolStr, reason: SmolStr },
    /// Its owner did not reach the person within this many working days.
    Quiet { days: u32 },
    /// Its owner did not answer within the rule's limit, in milliseconds of working time.
    Late { rule: SmolStr, within_ms: i64 },
}

/// A turn on the ledger: which rep, bucket and amount, so that undo can negate it exactly where it was booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    pub rep: RepId,
    /// The team through which the lead was given, when the rule named one.
    pub team: Option<SmolStr>,
    pub day: DayNo,
    /// 1000 ÷ weight, in thousandths of a turn; 0 when a person's placement does not use a turn.
    pub milli: i64,
    /// 1 when the placement counts against the day cap.
    pub placements: i32,
    /// 1 when it was claimed from the pool: counts against the day's claims.
    pub claims: i32,
}

impl Charge {
    /// The same entry with the opposite sign.
    #[must_use]
    pub fn negated(&self) -> Charge {
        Charge { milli: -self.milli, placements: -self.placements, claims: -self.claims, ..self.clone() }
    }
}

/// Who touched a lead last: the answer to a conflict.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Touch {
    pub seq: Seq,
    pub at: Millis,
    pub actor: SmolStr,
}

/// One lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    pub id: LeadId,
    pub attrs: Attrs,
    /// The sender's time; for display and order only.
    pub received_at: Millis,
    /// Our time; clocks, ledger and watch use it.
    pub arrived_at: Millis,
    pub kind: ArrivalKind,
    pub state: LeadState,
    pub owner: Option<RepId>,
    pub score: i32,
    /// A person placed it: no rule, timer or remedy moves it.
    pub pinned: bool,
    pub hold: Option<Hold>,
    pub park: Option<ParkReason>,
    /// Reps it must not go to again (they gave it back or lost it), sorted.
    pub not_to: Vec<RepId>,
    /// Owner of the same person's latest earlier lead, for `sticky`.
    pub known_owner: Option<RepId>,
    /// The open lead of the same person found on arrival.
    pub twin: Option<LeadId>,
    /// When it became waiting (or parked) last.
    pub waiting_since: Millis,
    /// When the present owner got it.
    pub assigned_at: Option<Millis>,
    pub contacted_at: Option<Millis>,
    /// Never to be contacted: closed on arrival, never assigned, also not by a person.
    pub do_not_contact: bool,
    pub touched: Touch,
}

impl Lead {
    /// The hold that is still in force at `now`, if any.
    #[must_use]
    pub fn hold_at(&self, now: Millis) -> Option<&Hold> {
        self.hold.as_ref().filter(|h| h.until > now)
    }

    /// Since when it is in the pool, if it is.
    #[must_use]
    pub fn pooled_since(&self) -> Option<Millis> {
        match self.park {
            Some(ParkReason::Pool { since, .. }) => Some(since),
            _ => None,
        }
    }
}

/// A lead seen with what conditions need beyond the row itself.
#[derive(Debug, Clone, Copy)]
pub struct LeadView<'a> {
    pub lead: &'a Lead,
    /// Score to answer with (decisions compute it before it is stored).
    pub score: i32,
    pub owner_login: Option<&'a str>,
    pub owner_team: Option<&'a str>,
    /// Hour 0..23 and weekday 1..7 of arrival in the book's zone.
    pub hour: u8,
    pub weekday: u8,
    /// For `waiting`.
    pub now: Millis,
}

fn text(value: &SmolStr) -> Value<'_> {
    if value.is_empty() { Value::Empty } else { Value::Text(value.as_str()) }
}

fn present(known: bool) -> Value<'static> {
    if known { Value::Present } else { Value::Empty }
}

impl Subject for LeadView<'_> {
    fn value(&self, field: &Field) -> Value<'_> {
        let a = &self.lead.attrs;
        match field {
            Field::Source => text(&a.source),
            Field::Campaign => text(&a.campaign),
            Field::Region => text(&a.region),
            Field::City => text(&a.city),
            Field::Product => text(&a.product),
            Field::Industry => text(&a.industry),
            Field::Language => text(&a.language),
            Field::Company => text(&a.company),
            Field::Score => Value::Number(i64::from(self.score) * 1000),
            Field::Value => a.value.map_or(Value::Empty, Value::Number),
            Field::Phone => present(a.has_phone),
            Field::Email => present(a.has_email),
            Field::State => Value::Text(self.lead.state.word()),
            Field::Owner => self.owner_login.map_or(Value::Empty, Value::Text),
            Field::Team => self.owner_team.map_or(Value::Empty, Value::Text),
            Field::Hour => Value::Number(i64::from(self.hour) * 1000),
            Field::Weekday => Value::Number(i64::from(self.weekday) * 1000),
            Field::Waiting => match self.lead.state {
                LeadState::Waiting | LeadState::Parked => {
                    Value::Number(self.now.since(self.lead.waiting_since))
                }
                _ => Value::Empty,
            },
            Field::Custom(name) => match a.custom.binary_search_by(|(k, _)| k.cmp(name)) {
                Ok(i) => a.custom.get(i).map_or(Value::Empty, |(_, v)| text(v)),
                Err(_) => Value::Empty,
            },
        }
    }
}
