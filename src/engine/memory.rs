//! A host that keeps the log in memory: for tests, scenarios and previews. Same answers as the store's, no durability.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::host::{BatchFacts, CompanyHit, HITS_MAX, Hit, Host};
use crate::model::contact_card::ContactCard;
use crate::model::event::{Body, Event};
use crate::model::id::{BatchId, BookVersion, LeadId, Seq};
use crate::model::lead::Lead;
use crate::model::time::Millis;
use crate::world::{Touched, World, fold_lead};

/// The log and its look-ups in memory.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    pub events: Vec<Event>,
    pub contacts: FxHashMap<LeadId, ContactCard>,
    by_lead: FxHashMap<LeadId, Vec<usize>>,
    refs: FxHashMap<(SmolStr, SmolStr), LeadId>,
    keys: FxHashMap<u64, Vec<LeadId>>,
    undone: FxHashMap<BatchId, (SmolStr, Millis)>,
}

impl Memory {
    fn own(&self, lead: LeadId) -> impl DoubleEndedIterator<Item = &Event> {
        self.by_lead.get(&lead).into_iter().flatten().filter_map(|&i| self.events.get(i))
    }

    fn row(&self, world: &World, lead: LeadId) -> Option<Lead> {
        world.lead(lead).cloned().or_else(|| fold_lead(lead, self.own(lead)))
    }

    fn is_withdrawn(&self, lead: LeadId) -> bool {
        self.own(lead)
            .rev()
            .find_map(|e| match &e.body {
                Body::LeadRestored(r) => Some(r.withdrawn),
                _ => None,
            })
            .unwrap_or(false)
    }
}

impl Host for Memory {
    type Error = std::convert::Infallible;

    fn key_hits(&mut self, world: &World, keys: &[u64], since: Millis) -> Result<Vec<Hit>, Self::Error> {
        let mut hits: Vec<Hit> = Vec::new();
        for &key in keys {
            for &lead in self.keys.get(&key).into_iter().flatten() {
                let Some(row) = self.row(world, lead) else { continue };
                if row.arrived_at >= since && !self.is_withdrawn(lead) {
                    hits.push(Hit {
                        lead,
                        key,
                        state: row.state,
                        owner: row.owner,
                        arrived_at: row.arrived_at,
                    });
                }
            }
        }
        hits.sort_unstable_by_key(|h| std::cmp::Reverse((h.arrived_at, h.lead, h.key)));
        hits.truncate(HITS_MAX);
        Ok(hits)
    }

    /// Company names are compared by the store; in memory nobody is similar.
    fn company_hits(&mut self, _: &str, _: u32, _: Millis) -> Result<Vec<CompanyHit>, Self::Error> {
        Ok(Vec::new())
    }

    fn known(&mut self, system: &str, external_id: &str) -> Result<Option<LeadId>, Self::Error> {
        let found = self.refs.get(&(system.into(), external_id.into())).copied();
        Ok(found.filter(|lead| !self.is_withdrawn(*lead)))
    }

    fn closed_lead(&mut self, lead: LeadId) -> Result<Option<Lead>, Self::Error> {
        Ok(fold_lead(lead, self.own(lead)))
    }

    fn lead_events(&mut self, lead: LeadId, before: Seq) -> Result<Vec<Event>, Self::Error> {
        Ok(self.own(lead).filter(|e| e.seq < before).cloned().collect())
    }

    fn batch(&mut self, batch: BatchId) -> Result<Option<BatchFacts>, Self::Error> {
        let events: Vec<Event> = self.events.iter().filter(|e| e.batch == batch).cloned().collect();
        Ok(events.first().map(|first| BatchFacts {
            actor: first.actor.clone(),
            console: first.console,
            undone: self.undone.get(&batch).cloned(),
            events: events.clone(),
        }))
    }

    fn book_text(&mut self, version: BookVersion) -> Result<Option<SmolStr>, Self::Error> {
        Ok(self.events.iter().find_map(|e| match &e.body {
            Body::BookPublished { version: v, text, .. } if *v == version => Some(text.clone()),
            _ => None,
        }))
    }

    fn keep_contact(&mut self, lead: LeadId, contact: &ContactCard) -> Result<(), Self::Error> {
        self.contacts.insert(lead, contact.clone());
        Ok(())
    }

    fn record(&mut self, _: &World, event: &Event, _: &Touched) -> Result<(), Self::Error> {
        match &event.body {
            Body::LeadReceived(r) => {
                self.refs.insert((r.system.clone(), r.external_id.clone()), r.lead);
                for key in &r.key_hashes {
                    self.keys.entry(key.hash).or_default().push(r.lead);
                }
            }
            Body::LeadEdited(e) if e.contact => {
                self.keys.values_mut().for_each(|leads| leads.retain(|lead| *lead != e.lead));
                for key in &e.key_hashes {
                    self.keys.entry(key.hash).or_default().push(e.lead);
                }
            }
            Body::BatchUndone { batch, .. } => {
                self.undone.insert(*batch, (event.actor.clone(), event.at));
            }
            _ => {}
        }
        if let Some(lead) = event.body.lead() {
            self.by_lead.entry(lead).or_default().push(self.events.len());
        }
        self.events.push(event.clone());
        Ok(())
    }
}
