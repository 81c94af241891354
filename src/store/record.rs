//! What an event leaves behind besides its own line: keys, references, assignments, ledger sums, batch and intent lines. All
//! of it follows from the log alone, so a replay writes the same rows. Rows of the world are another file's affair.

use std::collections::BTreeMap;
use std::hash::Hasher;

use rusqlite::{Connection, OptionalExtension, params};
use rustc_hash::FxHashMap;
use siphasher::sip::SipHasher13;
use smol_str::SmolStr;

use super::company;
use super::error::{At, StoreError};
use super::feed::{Log, id_of, intent_blob, sql_id};
use super::hot::{Hot, Sql};
use crate::model::event::{Assigned, Body, Event, IntentId, Placer, Verb};
use crate::model::id::{BatchId, LeadId, RepId, Seq};
use crate::model::lead::Charge;
use crate::model::time::{DayNo, Millis};

/// What a lead leaves in the look-up tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Traces {
    pub withdrawn: bool,
    keys: Vec<u64>,
    reference: Option<u64>,
    block: Option<i64>,
}

/// Keyed hash of an external id; the system is compared in the event itself.
pub(super) fn reference_hash(secret: [u8; 16], external_id: &str) -> Option<u64> {
    if external_id.is_empty() {
        return None;
    }
    let mut hasher = SipHasher13::new_with_key(&secret);
    hasher.write(external_id.as_bytes());
    Some(hasher.finish())
}

impl Traces {
    /// Folds one of the lead's own events.
    pub fn step(&mut self, event: &Event, secret: [u8; 16]) {
        match &event.body {
            Body::LeadReceived(r) => {
                *self = Traces {
                    withdrawn: false,
                    keys: r.key_hashes.iter().map(|k| k.hash).collect(),
                    reference: reference_hash(secret, &r.external_id),
                    block: company::block_of(&r.attrs.company),
                };
            }
            Body::LeadEdited(e) => {
                if e.contact {
                    self.keys = e.key_hashes.iter().map(|k| k.hash).collect();
                }
                self.block = company::block_of(&e.after.company);
            }
            Body::LeadRestored(r) => {
                self.withdrawn = r.withdrawn;
                self.block = company::block_of(&r.row.attrs.company);
            }
            _ => {}
        }
    }

    /// What stands in the tables: nothing while the arrival is undone.
    fn standing(self) -> Traces {
        if self.withdrawn { Traces::default() } else { self }
    }
}

/// Events of one batch seen in a row.
struct BatchTally {
    id: BatchId,
    at: Millis,
    actor: SmolStr,
    console: u32,
    verb: Verb,
    last: Seq,
    events: i64,
    leads: i64,
    last_lead: Option<LeadId>,
}

struct IntentTally {
    id: IntentId,
    first: Seq,
    last: Seq,
    batch: BatchId,
}

#[derive(Default, Clone, Copy)]
struct LedgerSum {
    turns: i64,
    entries: i64,
    placements: i64,
}

/// Writes what events leave behind, some of it only when flushed.
pub(super) struct Recorder<'c> {
    pub(super) hot: Hot<'c>,
    /// The payload last written; its room is used again.
    payload: Vec<u8>,
    secret: [u8; 16],
    batch: Option<BatchTally>,
    intent: Option<IntentTally>,
    ledger: BTreeMap<(RepId, SmolStr, DayNo), LedgerSum>,
    /// The batch that last turned to each lead since the last flush: saves asking the log.
    turned: FxHashMap<LeadId, BatchId>,
}

impl<'c> Recorder<'c> {
    pub fn new(conn: &'c Connection, secret: [u8; 16]) -> Recorder<'c> {
        Recorder {
            hot: Hot::new(conn),
            payload: Vec::new(),
            secret,
            batch: None,
            intent: None,
            ledger: BTreeMap::new(),
            turned: FxHashMap::default(),
        }
    }

    /// Appends the event's own line.
    pub fn append(&mut self, log: Log<'_>, event: &Event) -> Result<(), StoreError> {
        let room = std::mem::take(&mut self.payload);
        self.payload =
            event.body.encode_into(room).map_err(|e| StoreError::payload(log.path, event.seq.0, &e))?;
        let verb = event.body.verb();
        let put = self.hot.get(Sql::PutEvent).at(log.path)?;
        put.execute(params![
            sql_id(event.seq.0),
            event.at.0,
            event.actor.as_str(),
            event.role as u8,
            event.console,
            intent_blob(event.intent),
            sql_id(event.batch.0),
            verb.code(),
            verb.version(),
            event.body.lead().map(|l| sql_id(l.0)),
            self.payload,
            event.undoes.map(|s| sql_id(s.0)),
        ])
        .at(log.path)?;
        Ok(())
    }

    /// Writes the rows that follow from the event.
    pub fn derive(&mut self, log: Log<'_>, event: &Event) -> Result<(), StoreError> {
        self.tally_batch(log, event)?;
        self.tally_intent(log, event)?;
        match &event.body {
            Body::LeadReceived(_) | Body::LeadEdited(_) | Body::LeadRestored(_) => self.trace(log, event)?,
            Body::LeadAssigned(a) => assignment(&mut self.hot, event, a).at(log.path)?,
            Body::BookPublished { version, text, note } => {
                let sql = "INSERT OR REPLACE INTO book (version, seq, at, published_by, note, text)
                           VALUES (?, ?, ?, ?, ?, ?)";
                let line = params![
                    version.0,
                    sql_id(event.seq.0),
                    event.at.0,
                    event.actor.as_str(),
                    note.as_str(),
                    text.as_str()
                ];
                log.conn.prepare_cached(sql).and_then(|mut s| s.execute(line)).at(log.path)?;
            }
            Body::BatchUndone { batch, .. } => {
                self.flush_batch(log)?;
                let sql = "UPDATE batch SET undone_by = ?, undone_at = ?, undone_seq = ? WHERE id = ?";
                let line = params![event.actor.as_str(), event.at.0, sql_id(event.seq.0), sql_id(batch.0)];
                log.conn.prepare_cached(sql).and_then(|mut s| s.execute(line)).at(log.path)?;
            }
            _ => {}
        }
        match &event.body {
            Body::LeadAssigned(a) => self.charge(&a.charge),
            Body::LeadRestored(r) => r.charges.iter().for_each(|c| self.charge(c)),
            Body::LedgerEntered { rep, team, day, milli, .. } => {
                let team = team.clone().unwrap_or_default();
                self.ledger.entry((*rep, team, *day)).or_default().entries += milli;
            }
            _ => {}
        }
        Ok(())
    }

    fn charge(&mut self, charge: &Charge) {
        let teams = std::iter::once(SmolStr::default()).chain(charge.team.clone());
        for team in teams {
            let sum = self.ledger.entry((charge.rep, team, charge.day)).or_default();
            sum.turns += charge.milli;
            sum.placements += i64::from(charge.placements);
        }
    }

    /// Brings keys, reference and company block of the event's lead to where the event puts them.
    fn trace(&mut self, log: Log<'_>, event: &Event) -> Result<(), StoreError> {
        let Some(lead) = event.body.lead() else { return Ok(()) };
        let mut before = Traces::default();
        if !matches!(event.body, Body::LeadReceived(_)) {
            for earlier in log.of_lead(lead, event.seq)? {
                before.step(&earlier, self.secret);
            }
        }
        let mut after = before.clone();
        after.step(event, self.secret);
        self.write_traces(log.conn, lead, &before.standing(), &after.standing()).at(log.path)
    }

    fn tally_batch(&mut self, log: Log<'_>, event: &Event) -> Result<(), StoreError> {
        if self.batch.as_ref().is_some_and(|b| b.id != event.batch) {
            self.flush_batch(log)?;
        }
        let lead = event.body.lead();
        let is_turned_to = match (lead, &self.batch) {
            (None, _) => false,
            (Some(lead), Some(tally)) if tally.last_lead == Some(lead) => false,
            (Some(_), _) if event.seq.0 <= event.batch.0 => true,
            (Some(_), _) if matches!(event.body, Body::LeadReceived(_)) => true,
            (Some(lead), _) => match self.turned.get(&lead) {
                Some(batch) => *batch != event.batch,
                None => batch_before(log, lead, event.seq)? != Some(event.batch),
            },
        };
        if let Some(lead) = lead {
            self.turned.insert(lead, event.batch);
        }
        let tally = self.batch.get_or_insert_with(|| BatchTally {
            id: event.batch,
            at: event.at,
            actor: event.actor.clone(),
            console: event.console,
            verb: event.body.verb(),
            last: event.seq,
            events: 0,
            leads: 0,
            last_lead: None,
        });
        tally.last = event.seq;
        tally.events += 1;
        tally.leads += i64::from(is_turned_to);
        tally.last_lead = lead.or(tally.last_lead);
        Ok(())
    }

    fn tally_intent(&mut self, log: Log<'_>, event: &Event) -> Result<(), StoreError> {
        if let Some(tally) = &mut self.intent
            && tally.id == event.intent
        {
            tally.last = event.seq;
            return Ok(());
        }
        self.flush_intent(log)?;
        if event.intent.0 != 0 {
            let (id, seq, batch) = (event.intent, event.seq, event.batch);
            self.intent = Some(IntentTally { id, first: seq, last: seq, batch });
        }
        Ok(())
    }

    /// Writes what was only counted so far. Must run before anything asks the tables, and before commit.
    pub fn flush(&mut self, log: Log<'_>) -> Result<(), StoreError> {
        self.flush_batch(log)?;
        self.flush_intent(log)?;
        self.turned.clear();
        for ((rep, team, day), sum) in std::mem::take(&mut self.ledger) {
            let line = params![rep.0, team.as_str(), day.0, sum.turns, sum.entries, sum.placements];
            self.hot.get(Sql::PutLedger).and_then(|s| s.execute(line)).at(log.path)?;
        }
        Ok(())
    }

    /// Writes the batch counted last.
    pub fn flush_batch(&mut self, log: Log<'_>) -> Result<(), StoreError> {
        let Some(b) = self.batch.take() else { return Ok(()) };
        let line = params![
            sql_id(b.id.0),
            b.at.0,
            b.actor.as_str(),
            b.console,
            b.verb.code(),
            sql_id(b.last.0),
            b.events,
            b.leads
        ];
        self.hot.get(Sql::PutBatch).and_then(|s| s.execute(line)).at(log.path)?;
        Ok(())
    }

    fn flush_intent(&mut self, log: Log<'_>) -> Result<(), StoreError> {
        let Some(i) = self.intent.take() else { return Ok(()) };
        let line = params![intent_blob(i.id), sql_id(i.first.0), sql_id(i.last.0), sql_id(i.batch.0)];
        self.hot.get(Sql::PutIntent).and_then(|s| s.execute(line)).at(log.path)?;
        Ok(())
    }

    /// Makes the look-up rows of `lead` go from one standing to the other.
    fn write_traces(
        &mut self,
        conn: &Connection,
        lead: LeadId,
        before: &Traces,
        after: &Traces,
    ) -> rusqlite::Result<()> {
        let lead = sql_id(lead.0);
        for key in before.keys.iter().filter(|k| !after.keys.contains(k)) {
            conn.prepare_cached("DELETE FROM lead_key WHERE key = ? AND lead = ?")?
                .execute([key.cast_signed(), lead])?;
        }
        for key in after.keys.iter().filter(|k| !before.keys.contains(k)) {
            self.hot.get(Sql::PutKey)?.execute([key.cast_signed(), lead])?;
        }
        if before.reference != after.reference {
            if let Some(hash) = before.reference {
                conn.prepare_cached("DELETE FROM lead_ref WHERE hash = ? AND lead = ?")?
                    .execute([hash.cast_signed(), lead])?;
            }
            if let Some(hash) = after.reference {
                self.hot.get(Sql::PutReference)?.execute([hash.cast_signed(), lead])?;
            }
        }
        if before.block != after.block {
            if let Some(block) = before.block {
                conn.prepare_cached("DELETE FROM company WHERE block = ? AND lead = ?")?
                    .execute([block, lead])?;
            }
            if let Some(block) = after.block {
                self.hot.get(Sql::PutCompany)?.execute([block, lead])?;
            }
        }
        Ok(())
    }
}

/// The batch of a lead's last event before `before`.
fn batch_before(log: Log<'_>, lead: LeadId, before: Seq) -> Result<Option<BatchId>, StoreError> {
    let sql = "SELECT batch FROM event WHERE lead BETWEEN ?1 AND ?1 AND seq < ?2 ORDER BY lead DESC, seq DESC LIMIT 1";
    let mut ask = log.conn.prepare_cached(sql).at(log.path)?;
    let found: Option<i64> =
        ask.query_row([sql_id(lead.0), sql_id(before.0)], |r| r.get(0)).optional().at(log.path)?;
    Ok(found.map(|b| BatchId(id_of(b))))
}

fn assignment(hot: &mut Hot<'_>, event: &Event, a: &Assigned) -> rusqlite::Result<()> {
    let diverted;
    let (placed_by, rule) = match &a.by {
        Placer::Engine { rule } => (None, rule.as_deref()),
        Placer::Accepted { rule: Some(rule), .. } => (None, Some(rule.as_str())),
        Placer::Accepted { divert: None, .. } => (None, None),
        Placer::Divert { divert } | Placer::Accepted { divert: Some(divert), .. } => {
            diverted = format!("divert {divert}");
            (None, Some(diverted.as_str()))
        }
        Placer::Person { .. } | Placer::Claimed => (Some(event.actor.as_str()), None),
        Placer::Remedy { .. } => (None, None),
    };
    hot.get(Sql::PutAssignment)?.execute(params![
        sql_id(event.seq.0),
        sql_id(a.lead.0),
        a.rep.0,
        a.from.map(|r| r.0),
        event.at.0,
        placed_by,
        rule,
        a.book.0
    ])?;
    Ok(())
}
