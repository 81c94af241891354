//! What finding needs beyond the filter's text: how the queue is sorted, views kept under a number, jumping to a lead.
//! Plain values; the file that keeps the views is the caller's.

use crate::console::desk::sieve::Show;
use crate::console::text::T;
use crate::console::widget::field::Field;
use crate::console::widget::list::ListState;
use crate::model::id::LeadId;
use crate::model::lead::Lead;
use crate::rulebook::{Offer, Vocabulary};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// By what the queue is sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SortBy {
    /// The order of serving: waiting by score, then parked by age, then owned.
    #[default]
    Serving,
    Age,
    Due,
    Source,
    Region,
    Product,
    Score,
    Owner,
    /// By the person's name, Chinese ones by their syllables.
    Name,
    /// In the order of arrival, by number.
    Lead,
}

impl SortBy {
    /// In the order of the key that changes it.
    pub const ALL: [SortBy; 10] = [
        SortBy::Serving,
        SortBy::Age,
        SortBy::Due,
        SortBy::Source,
        SortBy::Region,
        SortBy::Product,
        SortBy::Score,
        SortBy::Owner,
        SortBy::Name,
        SortBy::Lead,
    ];

    /// The next one.
    #[must_use]
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|by| *by == self).unwrap_or(0);
        Self::ALL.get(at + 1).copied().unwrap_or_default()
    }

    /// What it is called.
    #[must_use]
    pub const fn title(self) -> T {
        match self {
            Self::Serving => T::SortServing,
            Self::Age => T::Age,
            Self::Due => T::Due,
            Self::Source => T::Source,
            Self::Region => T::Region,
            Self::Product => T::Product,
            Self::Score => T::Score,
            Self::Owner => T::Owner,
            Self::Name => T::ColName,
            Self::Lead => T::SortArrival,
        }
    }

    /// The queue's column whose head carries the mark.
    #[must_use]
    pub const fn column(self) -> Option<usize> {
        match self {
            Self::Serving => None,
            Self::Age => Some(0),
            Self::Due | Self::Owner => Some(1),
            Self::Source => Some(2),
            Self::Region => Some(3),
            Self::Product => Some(4),
            Self::Score => Some(5),
            Self::Name | Self::Lead => Some(6),
        }
    }
}

/// A column and a direction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Sort {
    pub by: SortBy,
    /// Against the column's own direction (scores fall, texts rise, the oldest first).
    pub is_reversed: bool,
}

/// A filter, a view of the queue and an order, under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    pub name: String,
    pub filter: String,
    pub show: Show,
    #[serde(default)]
    pub sort: Sort,
}

/// Views by the number key that calls them, 1 to 9.
pub type SavedViews = BTreeMap<u8, SavedView>;

/// The number keys there are.
pub const VIEW_KEYS: std::ops::RangeInclusive<u8> = 1..=9;

/// The number for a view of that name: its own if there is one, else the first that is free.
#[must_use]
pub fn key_for(views: &SavedViews, name: &str) -> Option<u8> {
    let own = views.iter().find(|(_, view)| view.name == name).map(|(key, _)| *key);
    own.or_else(|| VIEW_KEYS.into_iter().find(|key| !views.contains_key(key)))
}

/// What finding keeps between keys.
#[derive(Debug, Clone, Default)]
pub struct Find {
    pub views: SavedViews,
    /// What the filter's text may go on with, and which of it is chosen.
    pub offers: Vec<Offer>,
    pub chosen: Option<usize>,
    /// The lead that was selected before a filter hid it: it is selected again when it shows again.
    pub hidden: Option<LeadId>,
    /// The words of the desk, read when a condition is first written after the filter was opened.
    pub words: Option<Arc<Vocabulary>>,
    /// The closed lead whose card was opened last: it is not on the desk any more.
    pub closed: Option<Box<Lead>>,
}

/// Looking for one lead.
#[derive(Debug, Clone, PartialEq)]
pub struct Jumping {
    pub field: Field,
    pub list: ListState<LeadId>,
    /// Best first, for the text last answered.
    pub found: Vec<LeadId>,
    /// Those of them that are closed.
    pub closed: Vec<Lead>,
    /// The leads that were open when the search began; the reader keeps their names as long as it is the same list.
    pub open: Arc<Vec<LeadId>>,
}

/// The steps of finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The next column to sort by.
    Sort,
    SortReverse,
    /// The saved view under this number.
    View(u8),
    /// Ask for a name and keep what is shown now under it.
    SaveView,
    /// The list of saved views.
    Views,
    /// Forget the view selected in the list.
    RemoveView,
    /// Write the offer that is selected, or the first.
    TakeOffer,
    NextOffer,
    PreviousOffer,
    /// Enter in the filter: an offer that was chosen, else the filter is done.
    FilterEnter,
    Jump,
    /// Ask where the focused list goes as CSV.
    Export,
}
