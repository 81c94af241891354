//! What-if 试算: a stretch of the log replayed under another rule book, by the same decisions as the desk's own.
//!
//! Kept as given: arrivals, edits, roster, duty, modes, diverts, promotions switched by hand, what a person placed, and the
//! stretches without a leader. Recomputed: what the engine and its timers decide. Replies and outcomes follow the lead with
//! their recorded delay, whoever holds it. An event that names an owner the lead lacks in the replay, or that has no object
//! there, is left out and counted. Facts (duplicate hits, similar companies) are those the stored decisions name.
//!
//! As long as a replay agrees with history the engine acts exactly when it acted then; from the first decision that
//! differs on, timers and the queue are also served at the moments the replayed desk itself asks for, as a leader would.
//! Pure like the rest of the room: who reads the log into a [`Tape`] and in which thread is somebody else's affair.

mod answer;
mod course;
mod player;
mod rows;
mod scribe;
mod study;
mod tape;
mod words;

use smol_str::SmolStr;

pub use answer::{Answer, CHANGED_MAX, Changed, RepLine, RuleLine, Total, answer, counted};
pub use player::Replay;
pub use rows::Rows;
pub use study::{FIRST_LEADS, Pulse, Study};
pub use tape::{Gave, LEADS_MAX, Recorder, Tape};

use crate::model::event::Event;
use crate::model::id::LeadId;

/// Whose book decides in a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rules {
    /// Each version in its time, as they were published.
    AsPublished,
    /// One text from beginning to end; what was published meanwhile is left out.
    Text(SmolStr),
}

/// What gave a lead, as a column: a rule's index in the book, or one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mark;

impl Mark {
    /// Nobody has it.
    pub const NOBODY: u16 = u16::MAX;
    /// The book's `otherwise`.
    pub const OTHERWISE: u16 = u16::MAX - 1;
    /// A divert.
    pub const DIVERT: u16 = u16::MAX - 2;
    /// A person.
    pub const HAND: u16 = u16::MAX - 3;
    /// A `duplicates` line that gives to the person's owner.
    pub const OWNER: u16 = u16::MAX - 4;
    /// A rep took it from the pool.
    pub const CLAIMED: u16 = u16::MAX - 5;
}

/// What became of one arrival in a replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fate {
    /// Number of the rep who has it, or had it when it was closed; 0 = nobody.
    pub rep: u16,
    /// What gave it; see [`Mark`].
    pub rule: u16,
    /// Only `otherwise` matched when it was decided last.
    pub unmatched: bool,
    /// Some rule that matched had nobody free because of a cap.
    pub capped: bool,
    /// Its owner did not answer within the rule's limit.
    pub overdue: bool,
}

impl Default for Fate {
    fn default() -> Self {
        Fate { rep: 0, rule: Mark::NOBODY, unmatched: false, capped: false, overdue: false }
    }
}

/// What came of one replay.
#[derive(Debug, Clone, Default)]
pub struct Side {
    /// By row of the tape.
    pub fates: Rows<Fate>,
    /// What each rep received and was due by the engine's turns, in millionths of a lead; index = id − 1.
    pub parts: Vec<(i64, i64)>,
    /// Events left out because the lead has another owner here, or none.
    pub other_owner: u32,
    /// Events left out because they have no object here: the lead is closed, parked or free already.
    pub no_object: u32,
    /// Replies that came at another moment than recorded, because the lead was given at another moment.
    pub moved_replies: u32,
    /// Replies of leads that nobody has here.
    pub lost_replies: u32,
    /// Decisions about people who were here before of whom the log does not say by which contact key.
    pub unsure: u32,
    /// Orders in which the engine decided otherwise than recorded.
    pub differing: u32,
    /// Events kept whole, where they were asked for.
    pub told: Vec<Event>,
}

/// What to look at besides figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tell {
    #[default]
    Nothing,
    /// Every event about this lead, with whole explanations.
    Lead(LeadId),
    /// Every event, with whole explanations: for proofs.
    All,
}
