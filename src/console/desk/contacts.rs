//! Contact texts of the leads lately shown. Bounded: what was not looked at longest leaves first.

use crate::model::contact_card::ContactCard;
use crate::model::id::LeadId;
use rustc_hash::{FxHashMap, FxHashSet};

/// Most contacts kept in memory.
pub const CONTACTS_KEPT_MAX: usize = 2_000;

/// What is known of the persons behind the rows on screen.
#[derive(Debug, Clone, Default)]
pub struct Contacts {
    kept: FxHashMap<LeadId, (u64, ContactCard)>,
    /// Asked for and not answered yet.
    asked: FxHashSet<LeadId>,
    /// Counts looks; the least is the oldest.
    turn: u64,
}

impl Contacts {
    /// The contact of a lead, if it is here.
    #[must_use]
    pub fn get(&self, lead: LeadId) -> Option<&ContactCard> {
        self.kept.get(&lead).map(|(_, card)| card)
    }

    /// Those of `leads` that must be asked for; counts them as asked and the others as looked at.
    pub fn missing(&mut self, leads: impl Iterator<Item = LeadId>) -> Vec<LeadId> {
        self.turn += 1;
        let mut missing = Vec::new();
        for lead in leads {
            match self.kept.get_mut(&lead) {
                Some((turn, _)) => *turn = self.turn,
                None if self.asked.insert(lead) => missing.push(lead),
                None => {}
            }
        }
        missing
    }

    /// Takes an answer in: `asked` names all that were asked for, also those without a contact.
    pub fn put(&mut self, asked: &[LeadId], found: Vec<(LeadId, ContactCard)>) {
        for lead in asked {
            self.asked.remove(lead);
            self.kept.insert(*lead, (self.turn, ContactCard::default()));
        }
        for (lead, card) in found {
            self.kept.insert(lead, (self.turn, card));
        }
        if self.kept.len() > CONTACTS_KEPT_MAX {
            let mut turns: Vec<u64> = self.kept.values().map(|(turn, _)| *turn).collect();
            let (_, middle, _) = turns.select_nth_unstable(CONTACTS_KEPT_MAX / 4);
            let oldest = *middle;
            let now = self.turn;
            self.kept.retain(|_, (turn, _)| *turn > oldest || *turn == now);
        }
    }

    /// The texts changed: the next look asks again.
    pub fn forget(&mut self, lead: LeadId) {
        self.kept.remove(&lead);
        self.asked.remove(&lead);
    }

    /// Forgets everything, for another file under the same name.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.kept.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_is_asked_for_once_and_the_oldest_leave() {
        let mut contacts = Contacts::default();
        assert_eq!(contacts.missing([LeadId(1), LeadId(1)].into_iter()), [LeadId(1)]);
        assert!(contacts.missing([LeadId(1)].into_iter()).is_empty());
        contacts.put(&[LeadId(1)], Vec::new());
        assert!(contacts.missing([LeadId(1)].into_iter()).is_empty(), "no contact is an answer too");
        for page in 0..100u64 {
            let leads: Vec<LeadId> = (0..50).map(|i| LeadId(10 + page * 50 + i)).collect();
            let asked = contacts.missing(leads.iter().copied());
            contacts.put(&asked, Vec::new());
        }
        assert!(contacts.len() <= CONTACTS_KEPT_MAX);
        assert!(contacts.get(LeadId(10 + 99 * 50)).is_some(), "what is on screen stays");
        assert!(contacts.get(LeadId(1)).is_none());
    }
}
