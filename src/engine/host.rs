//! What the engine asks of whoever runs it: facts it cannot hold, and a place for its events. The store answers from its
//! tables inside the write transaction; what-if and tests answer from memory.

use smol_str::SmolStr;

use super::route::LeadFacts;
use crate::model::contact_card::ContactCard;
use crate::model::event::Event;
use crate::model::id::{BatchId, BookVersion, LeadId, RepId, Seq};
use crate::model::lead::{Lead, LeadState};
use crate::model::time::Millis;
use crate::world::{Touched, World};

/// Most hits gathered for one lead.
pub const HITS_MAX: usize = 50;
/// How far back contact keys are looked up, in milliseconds (365 days).
pub const HITS_WITHIN_MS: i64 = 365 * crate::model::time::DAY_MS;

/// An earlier lead with an equal contact key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub lead: LeadId,
    /// The key that was equal, as stored in the event.
    pub key: u64,
    pub state: LeadState,
    pub owner: Option<RepId>,
    pub arrived_at: Millis,
}

/// An earlier lead of a company with a similar name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompanyHit {
    pub lead: LeadId,
    /// Bigram Jaccard on the core name, in thousandths.
    pub similarity_milli: u32,
    pub arrived_at: Millis,
}

/// A batch as undo needs it.
#[derive(Debug, Clone, Default)]
pub struct BatchFacts {
    pub actor: SmolStr,
    pub console: u32,
    /// Its events in seq order.
    pub events: Vec<Event>,
    /// Who undid it already, and when.
    pub undone: Option<(SmolStr, Millis)>,
}

/// Facts and log of one transaction.
pub trait Host {
    /// What can go wrong underneath (SQL); ends the transaction.
    type Error;

    /// Earlier leads with one of `keys`, newest first, at most [`HITS_MAX`], arrived at `since` or later, withdrawn ones
    /// left out. Sees leads taken earlier in the same transaction.
    ///
    /// # Errors
    /// The storage's.
    fn key_hits(&mut self, world: &World, keys: &[u64], since: Millis) -> Result<Vec<Hit>, Self::Error>;

    /// Earlier leads of companies whose core name is at least `at_least_milli` similar to that of `company`, most similar
    /// first, at most [`HITS_MAX`].
    ///
    /// # Errors
    /// The storage's.
    fn company_hits(
        &mut self,
        company: &str,
        at_least_milli: u32,
        since: Millis,
    ) -> Result<Vec<CompanyHit>, Self::Error>;

    /// The lead known as `external_id` in `system`, unless its arrival was undone.
    ///
    /// # Errors
    /// The storage's.
    fn known(&mut self, system: &str, external_id: &str) -> Result<Option<LeadId>, Self::Error>;

    /// The row of a lead that has left the world; `None` if there never was one.
    ///
    /// # Errors
    /// The storage's.
    fn closed_lead(&mut self, lead: LeadId) -> Result<Option<Lead>, Self::Error>;

    /// The events of `lead` before `before`, oldest first.
    ///
    /// # Errors
    /// The storage's.
    fn lead_events(&mut self, lead: LeadId, before: Seq) -> Result<Vec<Event>, Self::Error>;

    /// A batch with its events.
    ///
    /// # Errors
    /// The storage's.
    fn batch(&mut self, batch: BatchId) -> Result<Option<BatchFacts>, Self::Error>;

    /// The text of a published version.
    ///
    /// # Errors
    /// The storage's.
    fn book_text(&mut self, version: BookVersion) -> Result<Option<SmolStr>, Self::Error>;

    /// The facts a replay has at hand for `lead` instead of looking them up; `None` = look them up.
    fn kept_facts(&mut self, _: &World, _: LeadId) -> Option<LeadFacts> {
        None
    }

    /// Keeps the contact texts of a lead (a new one, or an edit's new texts).
    ///
    /// # Errors
    /// The storage's.
    fn keep_contact(&mut self, lead: LeadId, contact: &ContactCard) -> Result<(), Self::Error>;

    /// Appends `event`, which `world` has just folded; `touched` says which rows it changed.
    ///
    /// # Errors
    /// The storage's.
    fn record(&mut self, world: &World, event: &Event, touched: &Touched) -> Result<(), Self::Error>;
}
