//! What can be asked of the desk. An intent is a wish with its facts; whether it happens is decided under the lock.

use smol_str::SmolStr;

use super::alerts::{AlertStep, AlertWish};
use super::trial::TrialWish;
use crate::model::actor::{Actor, Role};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject};
use crate::model::contact_card::ContactCard;
use crate::model::event::IntentId;
use crate::model::id::{BatchId, BookVersion, ComplaintId, DivertId, LeadId, RepId, Seq, SilenceId};
use crate::model::key::KeyHash;
use crate::model::lead::{ArrivalKind, Attrs, LeadState};
use crate::model::mode::{Mode, ModeScope};
use crate::model::overlay::{DivertBy, DivertTo};
use crate::model::rep::{Leave, RepCard};
use crate::model::time::Millis;

/// Most leads one intent may name or bring.
pub const LEADS_MAX: usize = 500;
/// Longest a hold may last, in milliseconds (30 minutes): it is a lock, not an owner.
pub const HOLD_MAX_MS: i64 = 30 * crate::model::time::MINUTE_MS;
/// Largest adjustment of a ledger at once, in thousandths of a turn (20 turns).
pub const ADJUST_MAX_MILLI: i64 = 20_000;
/// Longest reason or note, in bytes.
pub const REASON_BYTES_MAX: usize = 2_000;

/// A request with who asks and what they had seen.
#[derive(Debug, Clone)]
pub struct Order {
    pub id: IntentId,
    pub actor: Actor,
    pub intent: Intent,
    /// Leads with the rev the asker had on screen; a lead changed since is refused with who and when.
    pub seen: Vec<(LeadId, Seq)>,
}

/// A lead at the door.
#[derive(Debug, Clone)]
pub struct NewLead {
    pub attrs: Attrs,
    pub contact: ContactCard,
    pub keys: Vec<KeyHash>,
    /// Where it comes from and what it is called there.
    pub system: SmolStr,
    pub external_id: SmolStr,
    /// The sender's time; `None` = now.
    pub received_at: Option<Millis>,
    pub kind: ArrivalKind,
    /// Mapped from a file; `Waiting` otherwise.
    pub state: LeadState,
    /// Login of the owner the file names.
    pub owner: Option<SmolStr>,
    pub do_not_contact: bool,
}

/// Where a person places leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    Rep(RepId),
    /// Over a team's present members by fair share.
    Team(SmolStr),
}

/// What happens to the leads of a rep who leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Theirs {
    /// Back to the engine, not to them again.
    Spread,
    /// They stay with the inactive owner and count as missed.
    Keep,
    Park,
    /// All to one colleague, who need not be free for them: a supervisor decides it. Whether each uses a turn of theirs.
    To {
        rep: RepId,
        uses_turn: bool,
    },
}

/// One lead's follow-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    pub lead: LeadId,
    pub to: LeadState,
    pub happened_at: Option<Millis>,
}

/// A divert as asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DivertWish {
    /// A condition of the rule language; it may name lists of the book. Empty = every lead.
    pub scope: SmolStr,
    pub to: Vec<DivertTo>,
    pub by: DivertBy,
    /// Exclusive; at most `OVERLAY_MAX_MS` away.
    pub until: Millis,
    pub reason: SmolStr,
}

/// What a line of the book asks to be done about an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Relief {
    /// Back into the queue.
    Recall { leads: Vec<LeadId> },
    /// Each to the rep beside it: by its rule, or as a member of a team.
    Give { team: Option<SmolStr>, moves: Vec<(LeadId, RepId)> },
}

/// The wishes.
#[derive(Debug, Clone)]
pub enum Intent {
    /// New leads; under the batch of an open import when its fingerprint is given.
    Receive {
        leads: Vec<NewLead>,
        import: Option<u64>,
    },
    BeginImport {
        fingerprint: u64,
        name: SmolStr,
        rows: u64,
    },
    EndImport {
        fingerprint: u64,
        added: u64,
        known: u64,
        rejected: u64,
    },
    /// `force` places over cap, off duty or on leave, with the reason on record; `turn` = it uses a turn on the ledger.
    Place {
        leads: Vec<LeadId>,
        to: To,
        reason: SmolStr,
        force: bool,
        turn: bool,
    },
    Recall {
        leads: Vec<LeadId>,
        reason: SmolStr,
    },
    Return {
        leads: Vec<LeadId>,
        reason: SmolStr,
    },
    Park {
        leads: Vec<LeadId>,
        reason: SmolStr,
    },
    /// Back to the engine: unpin, unpark.
    Free {
        leads: Vec<LeadId>,
    },
    Hold {
        leads: Vec<LeadId>,
        until: Millis,
    },
    Release {
        leads: Vec<LeadId>,
    },
    Progress {
        items: Vec<Progress>,
        note: SmolStr,
    },
    /// `leads` are the same person's as `into`, which stays.
    Merge {
        into: LeadId,
        leads: Vec<LeadId>,
    },
    Unmerge {
        leads: Vec<LeadId>,
    },
    Edit {
        lead: LeadId,
        attrs: Box<Attrs>,
        contact: Option<Box<ContactCard>>,
        keys: Option<Vec<KeyHash>>,
    },
    Unmask {
        lead: LeadId,
    },
    AddReps {
        cards: Vec<RepCard>,
    },
    EditRep {
        rep: RepId,
        card: RepCard,
    },
    Duty {
        rep: RepId,
        on: bool,
    },
    SetLeaves {
        rep: RepId,
        leaves: Vec<Leave>,
    },
    Deactivate {
        rep: RepId,
        theirs: Theirs,
    },
    Reactivate {
        rep: RepId,
    },
    Publish {
        text: SmolStr,
        note: SmolStr,
        base: BookVersion,
    },
    /// The whole desk, until it is changed.
    SetMode(Mode),
    /// A part of the desk, or the whole of it with an end. Auto takes the part's own mode away.
    SetScopeMode {
        scope: ModeScope,
        mode: Mode,
        /// Exclusive; at most `OVERLAY_MAX_MS` away.
        until: Option<Millis>,
    },
    /// Try a draft of the rule book, without effect or for a part of the leads.
    StartTrial(TrialWish),
    /// Stop the trial that is on.
    StopTrial,
    /// Publish or withdraw a canary whose time is over; the leader's work.
    SettleTrial,
    /// Accept proposals: leads with the rep that was shown for each.
    Accept {
        items: Vec<(LeadId, RepId)>,
    },
    /// Leads of a scope go to certain people until a moment.
    SetDivert(DivertWish),
    EndDivert {
        divert: DivertId,
    },
    /// A promotion of the book is on until a moment, at most `OVERLAY_MAX_MS` away; exclusive.
    StartPromotion {
        promotion: SmolStr,
        until: Millis,
        reason: SmolStr,
    },
    /// A promotion that is on ends now.
    StopPromotion {
        promotion: SmolStr,
        reason: SmolStr,
    },
    Grant {
        actor: SmolStr,
        role: Option<Role>,
    },
    Undo {
        batch: BatchId,
    },
    /// Serve whoever waits and settle who came back; the leader's work.
    Sweep,
    /// Serve every respond-within timer that is due; the leader's work.
    Timers,
    /// Time since `from` counts for no response clock; the leader's work.
    ResumeTimers {
        from: Millis,
    },
    /// The clock is right although it stepped: timers go on.
    ConfirmClock,
    /// What a look at the desk brings about; the leader's work.
    Watch {
        steps: Vec<AlertStep>,
    },
    /// Take an alert on, put it off, say something about it, or close it.
    HandleAlert {
        key: AlertKey,
        /// The episode that was on screen.
        episode: Seq,
        wish: AlertWish,
        note: SmolStr,
    },
    /// Alerts of a kind, or about something, are not spoken of until a moment.
    SetSilence {
        kind: Option<AlertKind>,
        subject: Option<AlertSubject>,
        /// Exclusive.
        until: Millis,
        reason: SmolStr,
    },
    EndSilence {
        silence: SilenceId,
    },
    /// An order that helps about an alert, with a note of which.
    Remedy {
        key: AlertKey,
        episode: Seq,
        order: Box<Intent>,
    },
    /// What the book's line asks for about an alert; the leader's work.
    Relieve {
        key: AlertKey,
        episode: Seq,
        /// As written.
        line: SmolStr,
        relief: Relief,
    },
    /// Each lead goes to the rep beside it, as a person's placement. Only leads nobody has contacted or pinned, each only to
    /// somebody its rule would give it to.
    Rebalance {
        moves: Vec<(LeadId, RepId)>,
        reason: SmolStr,
    },
    /// Dispute where a lead is.
    Complain {
        lead: LeadId,
        why: SmolStr,
    },
    /// Rule on a complaint; upheld, the lead goes to `to`, or the engine decides it anew.
    RuleOn {
        complaint: ComplaintId,
        upheld: bool,
        to: Option<RepId>,
        reason: SmolStr,
    },
    /// Into the pool.
    ToPool {
        leads: Vec<LeadId>,
        reason: SmolStr,
    },
    /// The asker, a rep, takes leads from the pool.
    Claim {
        leads: Vec<LeadId>,
    },
    /// Take leads nobody was reached for back into the pool; the leader's work.
    TakeQuiet,
    /// A signed, reasoned entry on a rep's ledger, in thousandths of a turn; more turns = served later.
    AdjustLedger {
        rep: RepId,
        team: Option<SmolStr>,
        milli: i64,
        reason: SmolStr,
    },
}

impl Intent {
    /// The least role that may ask for it.
    #[must_use]
    pub fn needs(&self) -> Role {
        match self {
            Intent::Return { .. }
            | Intent::Progress { .. }
            | Intent::Claim { .. }
            | Intent::Complain { .. }
            // Their own, and of that what reps may do: undo looks closer.
            | Intent::Undo { .. } => Role::Rep,
            Intent::Receive { .. }
            | Intent::BeginImport { .. }
            | Intent::EndImport { .. }
            | Intent::Place { .. }
            | Intent::Recall { .. }
            | Intent::Park { .. }
            | Intent::Free { .. }
            | Intent::Hold { .. }
            | Intent::Release { .. }
            | Intent::Merge { .. }
            | Intent::Unmerge { .. }
            | Intent::Edit { .. }
            | Intent::Unmask { .. }
            | Intent::Duty { .. }
            | Intent::SetMode(_)
            | Intent::ConfirmClock
            | Intent::SetScopeMode { .. }
            | Intent::Accept { .. }
            | Intent::SetDivert(_)
            | Intent::EndDivert { .. }
            | Intent::StartPromotion { .. }
            | Intent::StopPromotion { .. }
            | Intent::ToPool { .. }
            | Intent::HandleAlert { .. }
            | Intent::SetSilence { .. }
            | Intent::EndSilence { .. }
            | Intent::Rebalance { .. } => Role::Coordinator,
            Intent::AddReps { .. }
            | Intent::EditRep { .. }
            | Intent::SetLeaves { .. }
            | Intent::Deactivate { .. }
            | Intent::Reactivate { .. }
            | Intent::AdjustLedger { .. }
            | Intent::RuleOn { .. }
            | Intent::StartTrial(_)
            | Intent::StopTrial
            | Intent::Publish { .. } => Role::Supervisor,
            Intent::Remedy { order, .. } => order.needs().max(Role::Coordinator),
            Intent::Grant { .. } => Role::Admin,
            Intent::Sweep
            | Intent::Timers
            | Intent::ResumeTimers { .. }
            | Intent::Watch { .. }
            | Intent::SettleTrial
            | Intent::Relieve { .. }
            | Intent::TakeQuiet => Role::Engine,
        }
    }

    /// What is to be done, without for what.
    #[must_use]
    pub fn inner(&self) -> &Intent {
        match self {
            Intent::Remedy { order, .. } => order,
            other => other,
        }
    }

    /// Leads it names.
    #[must_use]
    pub fn leads(&self) -> &[LeadId] {
        match self.inner() {
            Intent::Place { leads, .. }
            | Intent::Recall { leads, .. }
            | Intent::Return { leads, .. }
            | Intent::Park { leads, .. }
            | Intent::Free { leads }
            | Intent::Merge { leads, .. }
            | Intent::Unmerge { leads }
            | Intent::Hold { leads, .. }
            | Intent::ToPool { leads, .. }
            | Intent::Claim { leads }
            | Intent::Relieve { relief: Relief::Recall { leads }, .. }
            | Intent::Release { leads } => leads,
            _ => &[],
        }
    }
}

/// What became of one lead at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    New(LeadId),
    /// It was here already; nothing was added.
    Known(LeadId),
}

impl Taken {
    /// The lead, new or known.
    #[must_use]
    pub fn lead(self) -> LeadId {
        match self {
            Taken::New(lead) | Taken::Known(lead) => lead,
        }
    }
}

/// What an order did. With `events` = 0 it changed nothing (everything was known already, or nothing was to do).
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    pub batch: Option<BatchId>,
    pub first: Seq,
    pub last: Seq,
    pub events: usize,
    /// For `Receive`: one answer a lead, in order.
    pub taken: Vec<Taken>,
    /// Leads that were changed as asked.
    pub done: Vec<LeadId>,
    /// Leads that were not, with the reason.
    pub skipped: Vec<(LeadId, super::refusal::Refusal)>,
    /// Reps added, in order.
    pub reps: Vec<RepId>,
    /// The sweep that followed was cut short; ask for another.
    pub more: bool,
    /// What whoever asked under a key of their own is told; whoever carries orders out fills it, the engine never does.
    pub told: Option<Told>,
}

/// The answer to a request that came under a key of the asker's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// The first time: just made.
    Now { status: u16, body: String },
    /// The same request came before: the answer it got then. Nothing was done.
    Again { status: u16, body: String },
    /// Another request came under this key before. Nothing was done.
    OtherRequest,
}
