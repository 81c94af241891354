//! What handwork asks of the desk: who sits here, persons, what the queue shows, own batches.

use super::Desk;
use crate::model::contact_card::ContactCard;
use crate::model::id::{BatchId, LeadId};
use crate::model::lead::ParkReason;
use smol_str::SmolStr;

impl Desk {
    /// What is known of the person behind a lead, if it has come.
    #[must_use]
    pub fn card(&self, lead: LeadId) -> Option<ContactCard> {
        self.contacts.get(lead).cloned()
    }

    /// Who sits here, as the log names them.
    #[must_use]
    pub fn me(&self) -> SmolStr {
        self.me.clone()
    }

    /// Whether the queue shows this lead in its present view.
    #[must_use]
    pub fn is_listed(&self, lead: LeadId) -> bool {
        self.world.lead(lead).is_some_and(|lead| self.passes(lead))
    }

    /// Leads parked because no rule took them, as one that came before there was a book.
    pub fn unmatched(&self) -> impl Iterator<Item = LeadId> + '_ {
        let is_unmatched = |lead: &&LeadId| {
            self.world.lead(**lead).is_some_and(|row| row.park == Some(ParkReason::Unmatched))
        };
        self.world.parked().iter().filter(is_unmatched).copied()
    }

    /// Drops a batch that cannot be taken back.
    pub fn forget_own(&mut self, batch: BatchId) {
        self.own.retain(|(own, _)| *own != batch);
    }
}
