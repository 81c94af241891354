//! The verbs of the log. An event states what happened, with everything the fold needs; it never asks a question.
//!
//! Payloads are postcard, one format version per verb; a changed struct gets a new version and a decoder for the old one.
//! No contact text is in here: ids, flags and keyed hashes only.

mod old;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::actor::Role;
use super::alert::{AlertKey, Cleared, Detail, Finding, Handling, Notice, Recovery, Severity, Silence};
use super::complaint::{Complaint, Ruling};
use super::id::{BatchId, BookVersion, ComplaintId, DivertId, LeadId, RepId, Seq, SilenceId};
use super::key::KeyHash;
use super::lead::{ArrivalKind, Attrs, Charge, Lead, LeadState, ParkReason, PoolWhy};
use super::mode::{Mode, ModeScope, ScopedMode};
use super::overlay::{Divert, PromotionSwitch};
use super::relief::Remedied;
use super::rep::{Leave, RepCard};
use super::respond::{ClockStart, TimerNote};
use super::share::Share;
use super::time::{DayNo, Millis};
use super::trial::{Landing, Trial, TrialEnd, TrialId};
use super::why::Explanation;

/// A ULID as a number: names one request, so that a caller can find out what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IntentId(pub u128);

impl std::fmt::Display for IntentId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", ulid::Ulid(self.0))
    }
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub seq: Seq,
    pub at: Millis,
    pub actor: SmolStr,
    pub role: Role,
    pub console: u32,
    pub intent: IntentId,
    pub batch: BatchId,
    /// The event this one takes back.
    pub undoes: Option<Seq>,
    pub body: Body,
}

/// A lead taken in. `key_hashes` are keyed hashes of phone, mail, WeChat (see `model::contact`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    pub lead: LeadId,
    pub attrs: Attrs,
    pub received_at: Millis,
    pub kind: ArrivalKind,
    /// Where it comes from and what it is called there: the pair is unique.
    pub system: SmolStr,
    pub external_id: SmolStr,
    pub key_hashes: Vec<KeyHash>,
    /// State and owner mapped from a file; `Waiting` and none otherwise.
    pub state: LeadState,
    pub owner: Option<RepId>,
    pub known_owner: Option<RepId>,
    pub twin: Option<LeadId>,
    pub do_not_contact: bool,
}

/// A field that an edit changed; texts as shown, empty for "none".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edited {
    pub lead: LeadId,
    pub before: Box<Attrs>,
    pub after: Box<Attrs>,
    /// Contact texts changed too (they are not in the log).
    pub contact: bool,
    pub key_hashes: Vec<KeyHash>,
    /// The whole row when the lead had left the world.
    pub readmit: Option<Box<Lead>>,
}

/// Who placed a lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Placer {
    /// The engine by a rule; `None` = `otherwise` or a duplicates line.
    Engine { rule: Option<SmolStr> },
    /// A person, with the reason they gave (needed over cap or off duty).
    Person { reason: SmolStr },
    /// The engine by a divert.
    Divert { divert: DivertId },
    /// The rep took it from the pool.
    Claimed,
    /// The engine by a rule or divert, after the person who signed the event accepted its proposal.
    Accepted { rule: Option<SmolStr>, divert: Option<DivertId> },
    /// The engine because a watch line of the book asks for it: about which episode of an alert, and the line as written.
    Remedy { episode: Seq, line: SmolStr },
}

impl Placer {
    /// A person's will, which no engine moves: the lead is pinned.
    #[must_use]
    pub fn pins(&self) -> bool {
        matches!(self, Placer::Person { .. } | Placer::Claimed)
    }
}

/// A lead given to a rep.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assigned {
    pub lead: LeadId,
    pub rep: RepId,
    pub from: Option<RepId>,
    pub by: Placer,
    pub book: BookVersion,
    pub score: i32,
    pub charge: Charge,
    /// Under round-robin: the rule's pointer before this turn, for undo.
    pub turn: Option<(SmolStr, Option<RepId>)>,
    pub why: Option<Box<Explanation>>,
    /// The response clock it starts, if its rule sets a limit.
    pub clock: Option<Box<ClockStart>>,
    pub readmit: Option<Box<Lead>>,
}

/// A lead's row put back by an undo, with the ledger entries that negate what the batch had booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restored {
    /// The state the undo takes it out of.
    pub was: LeadState,
    pub row: Box<Lead>,
    pub charges: Vec<Charge>,
    /// Turns of the spread that are taken back.
    pub shares: Vec<Share>,
    /// Round-robin pointers to set back, where nobody moved them since.
    pub turns: Vec<(SmolStr, Option<RepId>)>,
    /// The response clock that goes on for the owner it is given back to.
    pub clock: Option<Box<ClockStart>>,
    /// Its arrival itself was undone: it may be taken in again under the same external id.
    pub withdrawn: bool,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Body {
    LeadReceived(Box<Received>),
    LeadEdited(Edited),
    LeadAssigned(Assigned),
    /// Decided, nobody can take it now: it waits.
    LeadWaits {
        lead: LeadId,
        score: i32,
        why: Option<Box<Explanation>>,
    },
    LeadParked {
        lead: LeadId,
        reason: ParkReason,
        score: i32,
        why: Option<Box<Explanation>>,
    },
    LeadRecalled {
        lead: LeadId,
        from: RepId,
        reason: SmolStr,
        /// The timer that took it back, when one did.
        timer: Option<Box<TimerNote>>,
    },
    LeadReturned {
        lead: LeadId,
        from: RepId,
        reason: SmolStr,
    },
    LeadHeld {
        lead: LeadId,
        until: Millis,
    },
    LeadReleased {
        lead: LeadId,
    },
    /// Back to the engine: unpinned, unparked.
    LeadFreed {
        lead: LeadId,
    },
    LeadProgressed {
        lead: LeadId,
        from: LeadState,
        to: LeadState,
        happened_at: Millis,
        note: SmolStr,
        readmit: Option<Box<Lead>>,
    },
    LeadRestored(Restored),
    LeadUnmasked {
        lead: LeadId,
    },
    RepAdded {
        rep: RepId,
        card: RepCard,
    },
    RepEdited {
        rep: RepId,
        before: RepCard,
        after: RepCard,
    },
    RepDuty {
        rep: RepId,
        on: bool,
    },
    RepLeave {
        rep: RepId,
        before: Vec<Leave>,
        after: Vec<Leave>,
    },
    RepActive {
        rep: RepId,
        active: bool,
    },
    /// A signed, reasoned entry on the ledger (newcomer, re-entry, adjustment).
    LedgerEntered {
        rep: RepId,
        team: Option<SmolStr>,
        day: DayNo,
        milli: i64,
        reason: LedgerReason,
    },
    BookPublished {
        version: BookVersion,
        text: SmolStr,
        note: SmolStr,
    },
    ModeSet {
        before: Mode,
        after: Mode,
    },
    RoleGranted {
        actor: SmolStr,
        before: Option<Role>,
        after: Option<Role>,
    },
    AlertFired {
        finding: Finding,
        detail: Detail,
    },
    AlertCleared {
        key: AlertKey,
        cleared: Cleared,
    },
    ImportBegan {
        fingerprint: u64,
        name: SmolStr,
        rows: u64,
    },
    ImportEnded {
        fingerprint: u64,
        added: u64,
        known: u64,
        rejected: u64,
    },
    /// A batch was undone; says which and how many leads could not be.
    BatchUndone {
        batch: BatchId,
        restored: u64,
        kept: u64,
    },
    /// The owner was reminded that the response limit comes near.
    LeadReminded(Box<TimerNote>),
    /// The response limit passed and the lead stays where it is: somebody should look.
    LeadEscalated(Box<TimerNote>),
    /// Time since `from` counts for no response clock: no leader ran, or the clock could not be trusted.
    TimersResumed {
        from: Millis,
    },
    /// A divert was set (`before` = none), ended, or taken back by an undo (`after` = none).
    DivertChanged {
        divert: DivertId,
        before: Option<Box<Divert>>,
        after: Option<Box<Divert>>,
    },
    /// Put into the pool: nobody's, and for reps to claim.
    LeadPooled {
        lead: LeadId,
        from: Option<RepId>,
        why: PoolWhy,
        score: i32,
    },
    /// The same person's lead `into` stands for this one from now on.
    LeadMerged {
        lead: LeadId,
        into: LeadId,
        readmit: Option<Box<Lead>>,
    },
    /// A mode of a part of the desk, or one of the whole desk with an end; none = auto.
    ScopeModeSet {
        scope: ModeScope,
        before: Option<ScopedMode>,
        after: Option<ScopedMode>,
    },
    /// A promotion was switched on by hand, or an undo took back that it was stopped; `after` = none leaves it to its
    /// window.
    PromotionStarted {
        promotion: SmolStr,
        before: Option<Box<PromotionSwitch>>,
        after: Option<Box<PromotionSwitch>>,
    },
    /// A promotion was ended by hand, or an undo took back that it was switched on.
    PromotionStopped {
        promotion: SmolStr,
        before: Option<Box<PromotionSwitch>>,
        after: Option<Box<PromotionSwitch>>,
    },
    /// A condition was seen that has not lasted long enough yet.
    AlertPending {
        finding: Finding,
        detail: Detail,
    },
    /// It passed before it had.
    AlertDropped {
        key: AlertKey,
    },
    /// An open alert recovers (`after`), fires again (none), or became worse.
    AlertCondition {
        key: AlertKey,
        episode: Seq,
        after: Option<Recovery>,
        severity: Option<Severity>,
    },
    /// Somebody takes an alert on, puts it off, or gives it back.
    AlertHandled {
        key: AlertKey,
        episode: Seq,
        before: Handling,
        after: Handling,
        note: SmolStr,
    },
    /// Somebody said something about an alert.
    AlertNoted {
        key: AlertKey,
        episode: Seq,
        text: SmolStr,
    },
    /// A silence was set (`before` = none), ended, or taken back by an undo (`after` = none).
    SilenceSet {
        silence: SilenceId,
        before: Option<Silence>,
        after: Option<Silence>,
    },
    /// Something is to be told about alerts.
    AlertNoticed(Box<Notice>),
    /// A draft's trial began (`after`), ended, or was taken back.
    TrialChanged {
        trial: TrialId,
        before: Option<Box<Trial>>,
        after: Option<Box<Trial>>,
        /// How it ended, when it did.
        end: Option<TrialEnd>,
    },
    /// A shadow would have sent the lead that is decided next somewhere else.
    TrialDiffered {
        trial: TrialId,
        lead: LeadId,
        live: Landing,
        draft: Landing,
    },
    /// Something was done about an alert, in the same batch as what it did.
    AlertRemedied(Box<Remedied>),
    /// A complaint about where a lead went was made, or taken back by an undo (`after` = none).
    ComplaintRaised {
        complaint: ComplaintId,
        lead: LeadId,
        before: Option<Box<Complaint>>,
        after: Option<Box<Complaint>>,
    },
    /// A complaint was ruled on, or the ruling taken back by an undo (`after` = none).
    ComplaintRuled {
        complaint: ComplaintId,
        lead: LeadId,
        before: Option<Box<Ruling>>,
        after: Option<Box<Ruling>>,
    },
}

/// Why an entry stands on the ledger without a lead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum LedgerReason {
    /// Starts at the mean of active reps who share a team.
    Newcomer,
    /// Credits what reps sharing a team received on average while away.
    ReEntry {
        away_since: Millis,
    },
    Adjustment(SmolStr),
}

macro_rules! verbs {
    ($($variant:ident = $code:literal, $version:literal, $word:literal;)*) => {
        /// The closed list of verbs. Codes are what the file stores; they never change meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Verb { $($variant),* }

        impl Verb {
            /// Every verb.
            pub const ALL: &'static [Verb] = &[$(Verb::$variant),*];

            /// The number stored in the file.
            #[must_use]
            pub fn code(self) -> u8 { match self { $(Verb::$variant => $code),* } }

            /// The payload format this build writes.
            #[must_use]
            pub fn version(self) -> u8 { match self { $(Verb::$variant => $version),* } }

            /// `lead.assigned` …: the word in logs and views.
            #[must_use]
            pub fn word(self) -> &'static str { match self { $(Verb::$variant => $word),* } }

            /// The verb of a stored code; `None` when a newer Leadyard wrote it.
            #[must_use]
            pub fn from_code(code: u8) -> Option<Verb> { match code { $($code => Some(Verb::$variant),)* _ => None } }
        }

        impl Body {
            /// Which verb this is.
            #[must_use]
            pub fn verb(&self) -> Verb { match self { $(Body::$variant { .. } => Verb::$variant),* } }
        }
    };
}

verbs! {
    LeadReceived = 1, 1, "lead.received";
    LeadEdited = 2, 1, "lead.edited";
    LeadAssigned = 3, 2, "lead.assigned";
    LeadWaits = 4, 1, "lead.waits";
    LeadParked = 5, 1, "lead.parked";
    LeadRecalled = 6, 2, "lead.recalled";
    LeadReturned = 7, 1, "lead.returned";
    LeadHeld = 8, 1, "lead.held";
    LeadReleased = 9, 1, "lead.released";
    LeadFreed = 10, 1, "lead.freed";
    LeadProgressed = 11, 1, "lead.progressed";
    LeadRestored = 12, 2, "lead.restored";
    LeadUnmasked = 13, 1, "lead.unmasked";
    LeadMerged = 16, 1, "lead.merged";
    RepAdded = 20, 1, "rep.added";
    RepEdited = 21, 1, "rep.edited";
    RepDuty = 22, 1, "rep.duty";
    RepLeave = 23, 1, "rep.leave";
    RepActive = 24, 1, "rep.active";
    LedgerEntered = 30, 1, "ledger.entered";
    BookPublished = 40, 1, "book.published";
    ModeSet = 41, 1, "mode.set";
    RoleGranted = 42, 1, "role.granted";
    DivertChanged = 43, 1, "divert.changed";
    ScopeModeSet = 44, 1, "mode.scope-set";
    AlertFired = 50, 2, "alert.fired";
    AlertCleared = 51, 2, "alert.cleared";
    ImportBegan = 60, 1, "import.began";
    ImportEnded = 61, 1, "import.ended";
    BatchUndone = 62, 1, "batch.undone";
    LeadPooled = 14, 1, "lead.pooled";
    LeadReminded = 70, 1, "lead.reminded";
    LeadEscalated = 71, 1, "lead.escalated";
    TimersResumed = 72, 1, "timers.resumed";
    PromotionStarted = 75, 1, "promotion.started";
    PromotionStopped = 76, 1, "promotion.stopped";
    AlertPending = 52, 1, "alert.pending";
    AlertDropped = 53, 1, "alert.dropped";
    AlertCondition = 54, 1, "alert.condition";
    AlertHandled = 55, 1, "alert.handled";
    AlertNoted = 56, 1, "alert.noted";
    SilenceSet = 57, 1, "silence.set";
    AlertNoticed = 58, 1, "alert.noticed";
    AlertRemedied = 59, 1, "alert.remedied";
    TrialChanged = 85, 1, "trial.changed";
    TrialDiffered = 86, 1, "trial.differed";
    ComplaintRaised = 17, 1, "complaint.raised";
    ComplaintRuled = 18, 1, "complaint.ruled";
}

/// Why a stored payload could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayloadError {
    #[error("verb code {code} is unknown to this Leadyard; a newer one wrote it")]
    NewerVerb { code: u8 },
    #[error("{verb} in format {version} is unknown to this Leadyard; a newer one wrote it")]
    NewerFormat { verb: &'static str, version: u8 },
    #[error("the payload of {verb} is damaged: {why}")]
    Damaged { verb: &'static str, why: String },
}

impl Body {
    /// The payload as stored, without the verb (that stands in its own column).
    ///
    /// # Errors
    /// Only when postcard refuses, which these types do not give it cause to.
    pub fn encode(&self) -> Result<Vec<u8>, PayloadError> {
        self.encode_into(Vec::new())
    }

    /// As [`Body::encode`], into the room of a vector that is no longer wanted.
    ///
    /// # Errors
    /// As [`Body::encode`].
    pub fn encode_into(&self, mut room: Vec<u8>) -> Result<Vec<u8>, PayloadError> {
        room.clear();
        // The enum's own tag is postcard's first varint; keeping it costs one byte and makes a swapped column visible.
        postcard::to_extend(self, room)
            .map_err(|e| PayloadError::Damaged { verb: self.verb().word(), why: e.to_string() })
    }

    /// Reads a stored payload back.
    ///
    /// # Errors
    /// A verb or format this build does not know, or damaged bytes.
    pub fn decode(code: u8, version: u8, payload: &[u8]) -> Result<Body, PayloadError> {
        let verb = Verb::from_code(code).ok_or(PayloadError::NewerVerb { code })?;
        if version > verb.version() {
            return Err(PayloadError::NewerFormat { verb: verb.word(), version });
        }
        let damaged = |why: String| PayloadError::Damaged { verb: verb.word(), why };
        let old = payload.get(1..).filter(|_| version == 1).and_then(|tail| old::decode_v1(verb, tail));
        let read = old.unwrap_or_else(|| postcard::from_bytes(payload));
        let body: Body = read.map_err(|e| damaged(e.to_string()))?;
        if body.verb() == verb { Ok(body) } else { Err(damaged(format!("it holds {}", body.verb().word()))) }
    }

    /// Lead, rep and placer of a stored `lead.assigned`, without reading the rest of it; `None` for another verb or damaged
    /// bytes.
    #[must_use]
    pub fn placement_head(code: u8, payload: &[u8]) -> Option<(LeadId, RepId, Placer)> {
        #[derive(Deserialize)]
        struct Head {
            lead: LeadId,
            rep: RepId,
            _from: Option<RepId>,
            by: Placer,
        }
        if code != Verb::LeadAssigned.code() {
            return None;
        }
        // The head is the same in every format of the verb.
        let (head, _) = postcard::take_from_bytes::<Head>(payload.get(1..)?).ok()?;
        Some((head.lead, head.rep, head.by))
    }

    /// The lead this event is about, if it is about one.
    #[must_use]
    pub fn lead(&self) -> Option<LeadId> {
        match self {
            Body::LeadReceived(r) => Some(r.lead),
            Body::LeadEdited(e) => Some(e.lead),
            Body::LeadAssigned(a) => Some(a.lead),
            Body::LeadRestored(r) => Some(r.row.id),
            Body::LeadReminded(note) | Body::LeadEscalated(note) => Some(note.lead),
            Body::LeadWaits { lead, .. }
            | Body::LeadParked { lead, .. }
            | Body::LeadRecalled { lead, .. }
            | Body::LeadReturned { lead, .. }
            | Body::LeadHeld { lead, .. }
            | Body::LeadReleased { lead }
            | Body::LeadFreed { lead }
            | Body::LeadProgressed { lead, .. }
            | Body::LeadMerged { lead, .. }
            | Body::LeadUnmasked { lead }
            | Body::ComplaintRaised { lead, .. }
            | Body::ComplaintRuled { lead, .. }
            | Body::LeadPooled { lead, .. } => Some(*lead),
            Body::RepAdded { .. }
            | Body::RepEdited { .. }
            | Body::RepDuty { .. }
            | Body::RepLeave { .. }
            | Body::RepActive { .. }
            | Body::LedgerEntered { .. }
            | Body::BookPublished { .. }
            | Body::ModeSet { .. }
            | Body::RoleGranted { .. }
            | Body::AlertFired { .. }
            | Body::AlertCleared { .. }
            | Body::AlertPending { .. }
            | Body::AlertDropped { .. }
            | Body::AlertCondition { .. }
            | Body::AlertHandled { .. }
            | Body::AlertNoted { .. }
            | Body::SilenceSet { .. }
            | Body::AlertNoticed(_)
            | Body::AlertRemedied(_)
            | Body::ImportBegan { .. }
            | Body::ImportEnded { .. }
            | Body::BatchUndone { .. }
            | Body::TimersResumed { .. }
            | Body::DivertChanged { .. }
            | Body::PromotionStarted { .. }
            | Body::PromotionStopped { .. }
            | Body::ScopeModeSet { .. }
            | Body::TrialChanged { .. }
            | Body::TrialDiffered { .. } => None,
        }
    }
}
