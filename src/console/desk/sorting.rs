//! The order of the queue's rows: by serving, or by a column the person chose. A row's key changes only with its lead.

use super::Desk;
use super::rows::RowKey;
use crate::console::finding::{Sort, SortBy};
use crate::console::pinyin;
use crate::model::event::Body;
use crate::model::id::LeadId;
use crate::model::lead::Lead;
use smol_str::SmolStr;

/// Names asked for at once.
const NAMES_ASKED_MAX: usize = 4_000;

/// Whether an event can move leads among the rows without touching them: a book scores and times them anew.
pub(super) const fn reorders(by: SortBy, body: &Body) -> bool {
    match body {
        Body::BookPublished { .. } => true,
        Body::ModeSet { .. } => matches!(by, SortBy::Due),
        Body::RepEdited { .. } => matches!(by, SortBy::Owner),
        _ => false,
    }
}

impl Desk {
    /// By what the queue is sorted.
    #[must_use]
    pub fn sort(&self) -> Sort {
        self.sort
    }

    /// Sorts by another column, or the other way round.
    pub fn set_sort(&mut self, sort: Sort) {
        if self.sort != sort {
            self.sort = sort;
            if sort.by != SortBy::Name {
                self.names.clear();
                self.nameless.clear();
            }
            self.refill();
        }
    }

    /// Leads among the rows whose names the order needs and that were not asked for yet, some of them: each answer brings the
    /// next, so that other questions are not kept waiting. Counts them as asked.
    pub fn take_nameless(&mut self) -> Vec<LeadId> {
        let rest = self.nameless.split_off(self.nameless.len().min(NAMES_ASKED_MAX));
        std::mem::replace(&mut self.nameless, rest)
    }

    /// Names came, empty for who has none: their leads go where they belong.
    pub fn put_names(&mut self, names: Vec<(LeadId, SmolStr)>) {
        if self.sort.by != SortBy::Name {
            return;
        }
        let leads: Vec<LeadId> = names.iter().map(|(lead, _)| *lead).collect();
        self.names.extend(names);
        self.put_rows(&leads);
    }

    /// Notes which of `leads` have no name here yet.
    pub(super) fn note_nameless(&mut self, leads: &[LeadId]) {
        if self.sort.by == SortBy::Name {
            let missing = leads.iter().filter(|lead| !self.names.contains_key(lead));
            self.nameless.extend(missing);
        }
    }

    /// Where `lead` stands among the rows.
    pub(super) fn sort_key(&self, lead: &Lead) -> RowKey {
        let Sort { by, is_reversed } = self.sort;
        let number = |value| RowKey::by_number(lead.id, value, is_reversed);
        let text = |value: &SmolStr| RowKey::by_text(lead.id, value, is_reversed);
        match by {
            SortBy::Serving => RowKey::of(lead),
            SortBy::Age => number(Some(lead.arrived_at.0)),
            SortBy::Due => number(self.due_at(lead).map(|due| due.0)),
            // The highest first, as a person asks for the best.
            SortBy::Score => number(Some(-i64::from(lead.score))),
            SortBy::Lead => number(i64::try_from(lead.id.0).ok()),
            SortBy::Source => text(&lead.attrs.source),
            SortBy::Region => text(&lead.attrs.region),
            SortBy::Product => text(&lead.attrs.product),
            SortBy::Owner => {
                let owner = lead.owner.and_then(|id| self.world.rep(id));
                text(&owner.map_or_else(SmolStr::default, |rep| pinyin::order(&rep.card.name)))
            }
            SortBy::Name => text(&self.names.get(&lead.id).cloned().unwrap_or_default()),
        }
    }
}
