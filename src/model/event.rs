//! The verbs of the log. An event states what happened, with everything the fold needs; it never asks a question.
//!
//! No contact text is in here: ids, flags and keyed hashes only. How events are stored is `verb`'s affair.

mod old;
mod verb;

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

pub use verb::{PayloadError, Verb};

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

impl Body {
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
