//! Which leads stand among the queue's rows: the view and the filter, laid over the world's own indexes. What a filter's text
//! means is `sieve`'s, the order `sorting`'s and `rows`'.

use super::Desk;
use super::rows::{RowKey, Rows};
use super::sieve::{Filter, Show};
use crate::console::finding::SortBy;
use crate::model::id::LeadId;
use crate::model::lead::{Lead, LeadState};
use rustc_hash::FxHashSet;

impl Desk {
    #[must_use]
    pub fn show(&self) -> Show {
        self.show
    }

    /// Shows another view.
    pub fn set_show(&mut self, show: Show) {
        self.show = show;
        self.refill();
    }

    #[must_use]
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// Filters by `text`.
    pub fn set_filter(&mut self, text: &str) {
        let filter = Filter::after(&self.filter, text, &self.world);
        let narrows = filter.narrows(&self.filter);
        self.filter = filter;
        if narrows {
            self.narrow();
        } else {
            self.refill();
        }
    }

    /// Shows these leads only, under the name `text`.
    pub fn set_filter_to(&mut self, leads: &[LeadId], text: &str) {
        self.filter = Filter::of_leads(leads, text);
        self.refill();
    }

    /// Persons found in the file for `text`; an answer to an older text is dropped.
    pub fn set_found(&mut self, text: &str, leads: Vec<LeadId>) {
        if self.filter.text() == text {
            let mut changed: Vec<LeadId> = self.filter.found().chain(leads.iter().copied()).collect();
            self.filter.set_found(leads);
            changed.sort_unstable();
            changed.dedup();
            // Whoever asks for other rows wants to see them.
            self.frozen = None;
            self.put_rows(&changed);
        }
    }

    pub(super) fn refill(&mut self) {
        // Whoever asks for other rows wants to see them.
        self.frozen = None;
        self.fill_rows();
    }

    pub(super) fn fill_rows(&mut self) {
        let mut rows = std::mem::take(&mut self.rows);
        if self.sort.by == SortBy::Serving {
            rows.fill_in_order(self.in_order());
            self.sift(&mut rows);
        } else {
            let waiting = self.waiting().filter_map(|lead| self.world.lead(lead));
            let shown = waiting.chain(self.others()).filter(|lead| self.passes(lead));
            rows.fill(shown.map(|lead| self.sort_key(lead)));
        }
        self.rows = rows;
        let ids = if self.sort.by == SortBy::Name { self.rows.ids().to_vec() } else { Vec::new() };
        self.note_nameless(&ids);
    }

    /// Leaves out of the rows what a narrower filter does not pass.
    fn narrow(&mut self) {
        self.frozen = None;
        let mut rows = std::mem::take(&mut self.rows);
        self.sift(&mut rows);
        self.rows = rows;
    }

    /// Keeps of the rows what the filter passes.
    fn sift(&self, rows: &mut Rows) {
        if self.filter.passes_all() {
            return;
        }
        // In the order of their numbers, as they mostly lie in memory: read in the queue's order a hundred thousand rows take
        // four times as long.
        let mut kept = rows.ids().to_vec();
        kept.sort_unstable();
        kept.retain(|lead| self.world.lead(*lead).is_some_and(|lead| self.passes(lead)));
        let kept: FxHashSet<LeadId> = kept.into_iter().collect();
        rows.keep(|lead| kept.contains(&lead));
    }

    /// Those waiting, where the view shows them, as they are served: the world's own index, without a look at any row.
    fn waiting(&self) -> impl Iterator<Item = LeadId> {
        let shown = self.show.has(LeadState::Waiting);
        self.world.waiting().iter().filter(move |_| shown).map(|key| key.lead)
    }

    /// The other leads the view shows. The few owned ones of a first page are there for what alerts say of them.
    fn others(&self) -> impl Iterator<Item = &Lead> {
        let (world, show) = (&*self.world, self.show);
        let has_owned = show.has(LeadState::Assigned) && self.is_loaded;
        let owned = has_owned.then(|| world.leads().filter(|lead| lead.state.is_load()));
        let parked = world.parked().iter().filter_map(|lead| world.lead(*lead));
        parked.chain(owned.into_iter().flatten()).filter(move |lead| show.shows(lead))
    }

    /// All the view shows, in the order of serving.
    fn in_order(&self) -> impl Iterator<Item = LeadId> {
        let mut others: Vec<RowKey> = self.others().map(RowKey::of).collect();
        others.sort_unstable();
        self.waiting().chain(others.into_iter().map(|key| key.lead()))
    }

    /// Puts the rows of these leads where they belong by now.
    pub(super) fn put_rows(&mut self, changed: &[LeadId]) {
        let changes: Vec<_> = changed.iter().map(|id| (*id, self.key_of(*id))).collect();
        let mut rows = std::mem::take(&mut self.rows);
        rows.put(&changes, &|lead| self.world.lead(lead).map(|lead| self.sort_key(lead)));
        self.rows = rows;
    }

    pub(super) fn passes(&self, lead: &Lead) -> bool {
        let name = || self.contacts.get(lead.id).map_or("", |card| card.name.as_str());
        self.show.shows(lead) && self.filter.passes(&self.world, &self.moment, lead, name)
    }

    fn key_of(&self, lead: LeadId) -> Option<RowKey> {
        self.world.lead(lead).filter(|lead| self.passes(lead)).map(|lead| self.sort_key(lead))
    }
}
