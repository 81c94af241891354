//! A host that knows nobody and keeps nothing, or hands each event on: for measuring the engine alone, in the benches and the
//! fairness scenes.

use leadyard::engine::NewLead;
use leadyard::engine::host::{BatchFacts, CompanyHit, Hit, Host};
use leadyard::model::contact_card::ContactCard;
use leadyard::model::event::Event;
use leadyard::model::id::{BatchId, BookVersion, LeadId, Seq};
use leadyard::model::lead::{ArrivalKind, Attrs, Lead, LeadState};
use leadyard::model::time::Millis;
use leadyard::world::{Touched, World};
use smol_str::SmolStr;

/// Knows nobody, and gives each event to a function.
pub struct Each<F>(pub F);

/// A lead at the door of which nothing but its fields is known.
#[allow(dead_code, reason = "the scenes make their own")]
pub fn bare(attrs: Attrs) -> NewLead {
    NewLead {
        attrs,
        contact: ContactCard::default(),
        keys: Vec::new(),
        system: "bench".into(),
        external_id: "".into(),
        received_at: None,
        kind: ArrivalKind::Live,
        state: LeadState::Waiting,
        owner: None,
        do_not_contact: false,
    }
}

/// Knows nobody and keeps nothing.
#[allow(dead_code, reason = "a bench that keeps the events has no use for it")]
pub fn nothing() -> Each<fn(&Event)> {
    Each(|_| ())
}

impl<F: FnMut(&Event)> Host for Each<F> {
    type Error = std::convert::Infallible;
    fn key_hits(&mut self, _: &World, _: &[u64], _: Millis) -> Result<Vec<Hit>, Self::Error> {
        Ok(Vec::new())
    }
    fn company_hits(&mut self, _: &str, _: u32, _: Millis) -> Result<Vec<CompanyHit>, Self::Error> {
        Ok(Vec::new())
    }
    fn known(&mut self, _: &str, _: &str) -> Result<Option<LeadId>, Self::Error> {
        Ok(None)
    }
    fn closed_lead(&mut self, _: LeadId) -> Result<Option<Lead>, Self::Error> {
        Ok(None)
    }
    fn lead_events(&mut self, _: LeadId, _: Seq) -> Result<Vec<Event>, Self::Error> {
        Ok(Vec::new())
    }
    fn batch(&mut self, _: BatchId) -> Result<Option<BatchFacts>, Self::Error> {
        Ok(None)
    }
    fn book_text(&mut self, _: BookVersion) -> Result<Option<SmolStr>, Self::Error> {
        Ok(None)
    }
    fn keep_contact(&mut self, _: LeadId, _: &ContactCard) -> Result<(), Self::Error> {
        Ok(())
    }
    fn record(&mut self, _: &World, event: &Event, _: &Touched) -> Result<(), Self::Error> {
        self.0(event);
        Ok(())
    }
}
