//! Complaints held against what they may be: numbered in turn, about a lead that is there, ruled on once, by a supervisor, with
//! a reason; what is taken back stood until then.

use super::Judge;
use crate::model::actor::Role;
use crate::model::complaint::{Complaint, Ruling};
use crate::model::event::Event;
use crate::model::id::{ComplaintId, LeadId};

impl Judge {
    pub(super) fn complained(
        &self,
        (id, lead): (ComplaintId, LeadId),
        before: Option<&Complaint>,
        after: Option<&Complaint>,
        event: &Event,
    ) -> Result<(), String> {
        if self.world.complaint(id) != before {
            return Err(format!("{id} is not what is said to have been"));
        }
        let Some(after) = after else {
            return if event.undoes.is_some() { Ok(()) } else { Err(format!("{id} vanishes")) };
        };
        if event.undoes.is_none() && id != self.world.next_complaint() {
            return Err(format!("{id} is out of turn"));
        }
        if self.world.lead(lead).is_none() || after.lead != lead || after.why.trim().is_empty() {
            return Err(format!("{id} is about nothing or says nothing"));
        }
        Ok(())
    }

    pub(super) fn ruled(
        &self,
        id: ComplaintId,
        before: Option<&Ruling>,
        after: Option<&Ruling>,
        event: &Event,
    ) -> Result<(), String> {
        let stands = self.world.complaint(id).ok_or_else(|| format!("there is no {id}"))?;
        if stands.ruling.as_ref() != before {
            return Err(format!("{id} was ruled on otherwise"));
        }
        if event.role < Role::Supervisor {
            return Err(format!("{} rules on {id}", event.actor));
        }
        match after {
            None if event.undoes.is_none() => Err(format!("the ruling on {id} vanishes")),
            Some(ruling) if ruling.reason.trim().is_empty() => {
                Err(format!("{id} is ruled on without a reason"))
            }
            _ => Ok(()),
        }
    }
}
