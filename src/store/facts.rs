//! What the engine asks inside a write transaction, answered from tables plus what this transaction has not written yet.

use rusqlite::{OptionalExtension, Row};
use smol_str::SmolStr;

use super::error::{At, StoreError};
use super::feed::{id_of, sql_id};
use super::hot::{Hot, Sql};
use super::txn::Txn;
use super::{Store, company, record, row};
use crate::engine::host::{BatchFacts, CompanyHit, HITS_MAX, Hit, Host};
use crate::model::contact_card::ContactCard;
use crate::model::event::{Body, Event};
use crate::model::id::{BatchId, BookVersion, LeadId, RepId, Seq};
use crate::model::lead::{Lead, LeadState};
use crate::model::time::Millis;
use crate::world::{Touched, World, fold_lead};

/// Most leads with one external id that are compared (one a system).
const REFERENCES_MAX: usize = 256;

/// State, owner and arrival of one lead.
type Standing = (LeadState, Option<RepId>, Millis);

fn read_standing(row: &Row<'_>) -> rusqlite::Result<Standing> {
    let owner: Option<u32> = row.get(1)?;
    Ok((row::state_of(row.get(0)?, 0)?, owner.map(RepId), Millis(row.get(2)?)))
}

impl Store {
    /// The ids a query finds.
    pub(super) fn lead_ids(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
    ) -> Result<Vec<LeadId>, StoreError> {
        let mut ask = self.conn.prepare_cached(sql).at(&self.path)?;
        let found = ask.query_map(params, |r| Ok(LeadId(id_of(r.get(0)?)))).at(&self.path)?;
        found.collect::<rusqlite::Result<Vec<_>>>().at(&self.path)
    }

    /// Leads known as `external_id`, in `system` or anywhere, oldest first. Those whose arrival was undone are left out.
    pub(super) fn by_reference(
        &self,
        system: Option<&str>,
        external_id: &str,
    ) -> Result<Vec<LeadId>, StoreError> {
        self.by_reference_with(&mut Hot::new(&self.conn), system, external_id)
    }

    fn by_reference_with(
        &self,
        hot: &mut Hot<'_>,
        system: Option<&str>,
        external_id: &str,
    ) -> Result<Vec<LeadId>, StoreError> {
        let Some(hash) = record::reference_hash(self.secret, external_id) else { return Ok(Vec::new()) };
        const { assert!(REFERENCES_MAX == 256) };
        let mut known = Vec::new();
        for lead in ids(hot, Sql::AskReference, hash).at(&self.path)? {
            // A hash only narrows: the arrival itself tells.
            if let Some(Event { body: Body::LeadReceived(r), .. }) = self.log().first_of_lead(lead)?
                && r.external_id == external_id
                && system.is_none_or(|s| r.system == s)
            {
                known.push(lead);
            }
        }
        Ok(known)
    }

    /// The leads known under each of these ids in `system`, in the order asked. A plain read: nobody waits for it, and what
    /// is committed meanwhile may be missed.
    ///
    /// # Errors
    /// The file's.
    pub fn known<'i>(
        &self,
        system: &str,
        external_ids: impl Iterator<Item = &'i str>,
    ) -> Result<Vec<Option<LeadId>>, StoreError> {
        let mut hot = Hot::new(&self.conn);
        external_ids
            .map(|id| Ok(self.by_reference_with(&mut hot, Some(system), id)?.first().copied()))
            .collect()
    }
}

/// The ids a held question finds under a hash.
fn ids(hot: &mut Hot<'_>, ask: Sql, hash: u64) -> rusqlite::Result<Vec<LeadId>> {
    let found = hot.get(ask)?.query_map([hash.cast_signed()], |r| Ok(LeadId(id_of(r.get(0)?))))?;
    found.collect()
}

impl Txn<'_> {
    /// Where a lead stands now: left the world just now, in the world, or left it earlier.
    fn standing(&self, world: &World, lead: LeadId) -> Result<Option<Standing>, StoreError> {
        if let Some(lead) = self.touches.gone(lead).or_else(|| world.lead(lead)) {
            return Ok(Some((lead.state, lead.owner, lead.arrived_at)));
        }
        let path = &self.store.path;
        let sql = "SELECT state, owner, arrived_at FROM lead WHERE id = ?";
        let mut ask = self.store.conn.prepare_cached(sql).at(path)?;
        ask.query_row([sql_id(lead.0)], read_standing).optional().at(path)
    }

    /// Company and arrival of a lead.
    fn company_of(&self, lead: LeadId) -> Result<Option<(SmolStr, Millis)>, StoreError> {
        if let Some((company, at)) = self.companies.get(&lead) {
            return Ok(Some((company.clone(), *at)));
        }
        let path = &self.store.path;
        let sql = "SELECT company, arrived_at FROM lead WHERE id = ? AND company IS NOT NULL";
        let mut ask = self.store.conn.prepare_cached(sql).at(path)?;
        let found = ask
            .query_row([sql_id(lead.0)], |r| Ok((SmolStr::new(r.get_ref(0)?.as_str()?), Millis(r.get(1)?))));
        found.optional().at(path)
    }
}

impl Host for Txn<'_> {
    type Error = StoreError;

    fn key_hits(&mut self, world: &World, keys: &[u64], since: Millis) -> Result<Vec<Hit>, StoreError> {
        let mut hits = Vec::new();
        for (at, key) in keys.iter().enumerate() {
            if keys[..at].contains(key) {
                continue;
            }
            const { assert!(HITS_MAX == 50) };
            for lead in ids(&mut self.recorder.hot, Sql::AskKey, *key).at(&self.store.path)? {
                if let Some((state, owner, arrived_at)) = self.standing(world, lead)?
                    && arrived_at >= since
                {
                    hits.push(Hit { lead, key: *key, state, owner, arrived_at });
                }
            }
        }
        hits.sort_unstable_by_key(|h| std::cmp::Reverse((h.arrived_at, h.lead, h.key)));
        hits.truncate(HITS_MAX);
        Ok(hits)
    }

    fn company_hits(
        &mut self,
        company: &str,
        at_least_milli: u32,
        since: Millis,
    ) -> Result<Vec<CompanyHit>, StoreError> {
        let core = company::company_core(company);
        let Some(block) = company::block(&core) else { return Ok(Vec::new()) };
        const { assert!(company::CANDIDATES_MAX == 200) };
        let sql =
            "SELECT lead FROM company WHERE block BETWEEN ?1 AND ?1 ORDER BY block DESC, lead DESC LIMIT 200";
        let mut hits = Vec::new();
        for lead in self.store.lead_ids(sql, [block])? {
            let Some((name, arrived_at)) = self.company_of(lead)? else { continue };
            if arrived_at < since {
                continue;
            }
            let similarity_milli = company::company_similarity_milli(&core, &company::company_core(&name));
            if similarity_milli >= at_least_milli {
                hits.push(CompanyHit { lead, similarity_milli, arrived_at });
            }
        }
        hits.sort_unstable_by_key(|h| std::cmp::Reverse((h.similarity_milli, h.arrived_at, h.lead)));
        hits.truncate(HITS_MAX);
        Ok(hits)
    }

    fn known(&mut self, system: &str, external_id: &str) -> Result<Option<LeadId>, StoreError> {
        let hot = &mut self.recorder.hot;
        Ok(self.store.by_reference_with(hot, Some(system), external_id)?.first().copied())
    }

    fn closed_lead(&mut self, lead: LeadId) -> Result<Option<Lead>, StoreError> {
        if let Some(gone) = self.touches.gone(lead) {
            return Ok(Some(gone.clone()));
        }
        // From its own events, not from its row: the row is a picture, and this goes into the log.
        Ok(fold_lead(lead, &self.log().of_lead(lead, Seq(u64::MAX))?))
    }

    fn lead_events(&mut self, lead: LeadId, before: Seq) -> Result<Vec<Event>, StoreError> {
        self.log().of_lead(lead, before)
    }

    fn batch(&mut self, batch: BatchId) -> Result<Option<BatchFacts>, StoreError> {
        self.recorder.flush_batch(self.store.log())?;
        let path = &self.store.path;
        let sql = "SELECT actor, console, last_seq, undone_by, undone_at FROM batch WHERE id = ?";
        let mut ask = self.store.conn.prepare_cached(sql).at(path)?;
        let found = ask.query_row([sql_id(batch.0)], |r| {
            let (by, at): (Option<String>, Option<i64>) = (r.get(3)?, r.get(4)?);
            let facts = BatchFacts {
                actor: SmolStr::new(r.get_ref(0)?.as_str()?),
                console: r.get(1)?,
                events: Vec::new(),
                undone: by.zip(at).map(|(by, at)| (SmolStr::from(by), Millis(at))),
            };
            Ok((facts, Seq(id_of(r.get(2)?))))
        });
        let Some((mut facts, last)) = found.optional().at(path)? else { return Ok(None) };
        facts.events = self.log().of_batch(batch, last)?;
        Ok(Some(facts))
    }

    fn book_text(&mut self, version: BookVersion) -> Result<Option<SmolStr>, StoreError> {
        self.store.book_text(version)
    }

    fn keep_contact(&mut self, lead: LeadId, contact: &ContactCard) -> Result<(), StoreError> {
        self.put_contact(lead, contact)
    }

    fn record(&mut self, _world: &World, event: &Event, touched: &Touched) -> Result<(), StoreError> {
        self.record_event(event, touched)
    }
}
