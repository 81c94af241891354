//! What a person does in the rule editor, as one closed list.

use super::merge::Side;

/// One thing done in the rule editor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Undo,
    Redo,
    /// Move the statement up or down among its like.
    Move {
        up: bool,
    },
    Comment,
    Outline,
    Find {
        replaces: bool,
    },
    FindNext {
        back: bool,
    },
    OtherField,
    ReplaceAll,
    /// Show what may come next, or take it where only one thing may.
    Offer,
    NextOffer,
    PreviousOffer,
    TakeOffer,
    CloseOffers,
    Publish,
    /// The sheet's own Enter: publish, join, compare, take up.
    Do,
    Scroll {
        up: bool,
    },
    Take(Side),
    Versions,
    Mark,
    RollBack,
    /// Read the rules in force in plain words.
    Sentences,
    /// Throw away the draft that was left.
    Discard,
    Later,
}
