//! An order thought through without being given: the same steps as under the lock, on a small copy of the desk. What a
//! screen says before Enter is therefore what the engine would do now; somebody may still be quicker.
//!
//! Not for arrivals, proposals and sweeps: what they come to depends on everybody who waits.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::convert::Infallible;

use super::host::{BatchFacts, CompanyHit, Hit, Host};
use super::intent::{Intent, Order};
use super::refusal::Refusal;
use super::run::{Done, Stop, execute};
use crate::model::contact_card::ContactCard;
use crate::model::event::Event;
use crate::model::id::{BatchId, BookVersion, LeadId, Seq};
use crate::model::lead::Lead;
use crate::model::time::Millis;
use crate::world::{Touched, World};

/// What the log says of an order's leads, gathered beforehand; empty where the order asks for none of it.
#[derive(Debug, Clone, Default)]
pub struct Papers {
    /// The batch that would be undone.
    pub batch: Option<BatchFacts>,
    /// Events of each lead, oldest first.
    pub events: FxHashMap<LeadId, Vec<Event>>,
    /// Rows of leads that have left the world.
    pub closed: FxHashMap<LeadId, Lead>,
    /// Texts of published books.
    pub books: FxHashMap<BookVersion, SmolStr>,
}

/// What would come of `order` at `now`.
///
/// # Errors
/// The refusal the order would meet.
pub fn rehearse(world: &World, order: &Order, papers: &mut Papers, now: Millis) -> Result<Done, Refusal> {
    let mut leads: Vec<LeadId> = order.intent.leads().to_vec();
    match order.intent.inner() {
        Intent::Progress { items, .. } => leads.extend(items.iter().map(|item| item.lead)),
        Intent::Merge { into, .. } => leads.push(*into),
        Intent::Deactivate { rep, .. } => {
            leads.extend(world.leads().filter(|lead| lead.owner == Some(*rep)).map(|lead| lead.id));
        }
        Intent::Rebalance { moves, .. } => leads.extend(moves.iter().map(|(lead, _)| *lead)),
        Intent::Undo { .. } => {
            let events = papers.batch.iter().flat_map(|batch| &batch.events);
            leads.extend(events.filter_map(|event| event.body.lead()));
        }
        _ => {}
    }
    let mut small = world.excerpt(&leads);
    match execute(&mut small, papers, order, now) {
        Ok(done) => Ok(done),
        Err(Stop::Refused(refusal)) => Err(refusal),
        Err(Stop::Host(never)) => match never {},
    }
}

impl Host for Papers {
    type Error = Infallible;

    fn key_hits(&mut self, _: &World, _: &[u64], _: Millis) -> Result<Vec<Hit>, Infallible> {
        Ok(Vec::new())
    }

    fn company_hits(&mut self, _: &str, _: u32, _: Millis) -> Result<Vec<CompanyHit>, Infallible> {
        Ok(Vec::new())
    }

    fn known(&mut self, _: &str, _: &str) -> Result<Option<LeadId>, Infallible> {
        Ok(None)
    }

    fn closed_lead(&mut self, lead: LeadId) -> Result<Option<Lead>, Infallible> {
        Ok(self.closed.get(&lead).cloned())
    }

    fn lead_events(&mut self, lead: LeadId, before: Seq) -> Result<Vec<Event>, Infallible> {
        let events = self.events.get(&lead).into_iter().flatten();
        Ok(events.filter(|event| event.seq < before).cloned().collect())
    }

    fn batch(&mut self, _: BatchId) -> Result<Option<BatchFacts>, Infallible> {
        Ok(self.batch.clone())
    }

    fn book_text(&mut self, version: BookVersion) -> Result<Option<SmolStr>, Infallible> {
        Ok(self.books.get(&version).cloned())
    }

    fn keep_contact(&mut self, _: LeadId, _: &ContactCard) -> Result<(), Infallible> {
        Ok(())
    }

    fn record(&mut self, _: &World, _: &Event, _: &Touched) -> Result<(), Infallible> {
        Ok(())
    }
}
