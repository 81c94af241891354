//! A small copy of the desk with some of its leads, for thinking an order through without giving it. Costs what those leads
//! and the roster cost, not what the desk holds. Nobody else waits there, so what the engine would do next is not told by it.

use std::sync::Arc;

use super::World;
use crate::model::id::LeadId;

impl World {
    /// The desk with no other leads than `leads`; those that are not open are left out.
    #[must_use]
    pub fn excerpt(&self, leads: &[LeadId]) -> World {
        let mut small = self.without_leads();
        small.roles.clone_from(&self.roles);
        small.counts = self.counts;
        small.hours = self.hours.clone();
        small.gaps.clone_from(&self.gaps);
        for row in leads.iter().filter_map(|id| self.leads.get(id)) {
            if let Some(had) = self.had.get(&row.id) {
                small.had.insert(row.id, had.clone());
            }
            if let Some(clock) = self.clocks.get(&row.id) {
                small.clocks.insert(row.id, clock.clone());
            }
            small.index(row);
            small.leads.insert(row.id, Arc::clone(row));
        }
        small.set_timers(None);
        small
    }
}
