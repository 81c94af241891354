//! A person's work on many leads: marks, what an order would come to, and what is asked before it is given. State and
//! messages only; what they do is `update`'s affair.

pub mod form;
pub mod handover;
pub mod sheet;

use crate::console::msg::Order;
use crate::console::text::Say;
use crate::model::id::{BatchId, LeadId, Seq};
use handover::Handover;

/// Marking more than one lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Marking {
    /// From the lead marked last to the selected one.
    Range,
    /// All the queue shows.
    All,
    /// Of what the queue shows, the others.
    Invert,
    Clear,
    /// The selected one, then up or down, as with shift held.
    Up,
    Down,
}

/// A step of handwork.
#[derive(Debug, Clone, PartialEq)]
pub enum Hand {
    /// In the assignment: also those who are full or off duty.
    Force,
    /// In the assignment: whether it uses a turn.
    Turn,
    /// Leads of the pool.
    ShowPool,
    Open(SheetKind),
    /// The next or the previous field of a form.
    Field {
        forward: bool,
    },
    /// In the assignment: a divert to whoever is selected.
    DivertHere,
    /// The duplicate is merged; which of the two stays.
    Merge {
        keeps_first: bool,
    },
    /// A lead merged earlier, by its number.
    AskUnmerge,
    /// In the proposals: somebody else gets the lead.
    Elsewhere,
    /// In the history: everybody's, or one's own.
    Mine,
    /// In the outbox: what was sent or dropped too, or not.
    OutboxAll,
    /// Send the selected notice again, or never.
    OutboxRetry,
    OutboxDrop,
    /// In the promotions: until when the selected one is to be on.
    StartPromotion,
    /// In the trial: for whom the draft is to decide, and until when.
    StartTrial,
    /// In the promotions: what the selected one did.
    Report,
    /// A leaver's leads: to whom.
    HandTo,
    /// Whether each uses a turn of theirs.
    HandTurn,
}

/// What can be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SheetKind {
    Diverts,
    Divert,
    Proposals,
    Twins,
    Batches,
    Outbox,
    Promotions,
    Trial,
    Since,
    Add,
    Edit,
}

/// What an order would come to, for which order and as of when.
#[derive(Debug, Clone, PartialEq)]
pub struct Foreseen {
    pub order: Order,
    pub seq: Seq,
    /// Holds end without an event, so it is looked at again as time passes: the moment in steps of [`FRESH_MS`].
    pub step: i64,
    pub words: Say,
    /// Leads that would be placed only because a person insists.
    pub over: usize,
}

/// How long what was foreseen stands without any event, in milliseconds.
pub const FRESH_MS: i64 = 5_000;

/// What the person has in hand.
#[derive(Debug, Clone, Default)]
pub struct Handwork {
    /// The lead marked last: where a range begins.
    pub anchor: Option<LeadId>,
    pub foreseen: Option<Foreseen>,
    /// Own undos that can be taken back, newest last, with what each had undone.
    pub redo: Vec<(BatchId, Say)>,
    /// What happened before this console was opened.
    pub handover: Option<Handover>,
}
