//! What is asked in one line or with Enter, and for what. What becomes of an answer is `update::accept`.

use super::Pane;
use crate::console::msg::{Order, Seen};
use crate::console::text::Say;
use crate::model::alert::AlertKey;
use crate::model::id::{ComplaintId, LeadId, RepId, Seq};

/// What a prompt's line is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Purpose {
    Return(Seen),
    Park(Seen),
    Pool(Seen),
    /// Why somebody gets leads who should not by the rules.
    Force {
        leads: Seen,
        rep: RepId,
        why: Say,
        uses_turn: bool,
    },
    /// A rep's open cap.
    Cap(RepId),
    /// A file to import.
    Import,
    /// A rep's leave.
    Leave(RepId),
    /// The name of a view to keep.
    SaveView,
    /// The file a pane's list is written to.
    Export(Pane),
    /// A lead that was merged, by its number.
    Unmerge,
    /// Of an alert's episode: until when it is put off, what is said about it, why it was nothing.
    Snooze(AlertKey, Seq),
    AlertComment(AlertKey, Seq),
    FalseAlarm(AlertKey, Seq),
    /// Why a lead should not be where it is.
    Complain(LeadId),
    /// How a complaint is ruled: to whom the lead goes and why, or why not.
    Uphold(ComplaintId),
    Reject(ComplaintId),
}

impl Purpose {
    /// Whether the line may stay empty.
    #[must_use]
    pub const fn may_be_empty(&self) -> bool {
        matches!(self, Self::Leave(_) | Self::Pool(_) | Self::FalseAlarm(..))
    }
}

/// What a confirmation would do.
#[derive(Debug, Clone, PartialEq)]
pub enum Pending {
    Command(&'static str),
    /// Something on several leads; what it would come to is worked out while the question stands.
    Order(Box<Order>),
    /// Leave, though the draft of the rules is not published.
    Quit,
}
