//! A host that keeps nothing and knows nobody: for measuring the engine alone, in the benches and the fairness scenes.

use leadyard::engine::host::{BatchFacts, CompanyHit, Hit, Host};
use leadyard::model::contact_card::ContactCard;
use leadyard::model::event::Event;
use leadyard::model::id::{BatchId, BookVersion, LeadId, Seq};
use leadyard::model::lead::Lead;
use leadyard::model::time::Millis;
use leadyard::world::{Touched, World};
use smol_str::SmolStr;

/// Keeps nothing and knows nobody.
pub struct Nothing;

impl Host for Nothing {
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
    fn record(&mut self, _: &World, _: &Event, _: &Touched) -> Result<(), Self::Error> {
        Ok(())
    }
}
