//! Reading the log: ranges, a lead's own events, the tail others wrote, what became of an intent. Reads end at once: no read
//! transaction outlives a call.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, Params, Row, params};
use smol_str::SmolStr;

use super::error::{At, StoreError};
use super::{Store, schema};
use crate::model::event::{Body, Event, IntentId, Verb};
use crate::model::id::{BatchId, LeadId, Seq};
use crate::model::time::Millis;
use crate::world::{Touched, World};

/// Most events one call returns.
pub const EVENTS_MAX: usize = 10_000;
/// Events folded per read while loading.
pub(super) const FOLD_CHUNK: usize = 5_000;
/// Most events one lead may have; past it something writes in a circle.
pub(super) const LEAD_EVENTS_MAX: usize = 100_000;
/// Most events a batch may have to be read whole.
pub(super) const BATCH_EVENTS_MAX: usize = 2_000_000;

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IntentRecord {
    pub first: Seq,
    pub last: Seq,
    pub batch: BatchId,
}

const COLUMNS: &str = "seq, at, actor, role, console, intent, batch, verb, version, payload, undoes, lead";

/// An id as SQLite keeps it. Ids count from 1 and never come near 2⁶³.
pub(super) fn sql_id(id: u64) -> i64 {
    id.cast_signed()
}

/// The id SQLite kept.
pub(super) fn id_of(value: i64) -> u64 {
    value.cast_unsigned()
}

/// An intent as stored; `None` for an event nobody asked for by id.
pub(super) fn intent_blob(intent: IntentId) -> Option<[u8; 16]> {
    (intent.0 != 0).then(|| intent.0.to_be_bytes())
}

/// The log behind one connection.
#[derive(Clone, Copy)]
pub(super) struct Log<'a> {
    pub conn: &'a Connection,
    pub path: &'a Path,
}

impl Log<'_> {
    pub fn read(&self, row: &Row<'_>) -> Result<Event, StoreError> {
        let at = |e: rusqlite::Error| StoreError::sql(self.path, &e);
        let seq = id_of(row.get(0).map_err(at)?);
        let actor = row.get_ref(2).map_err(at)?.as_str().map(SmolStr::new);
        let actor = actor.map_err(|e| StoreError::damaged(self.path, format!("event #{seq}: actor: {e}")))?;
        let role_code: u8 = row.get(3).map_err(at)?;
        let role = schema::ROLES.get(usize::from(role_code)).copied().ok_or_else(|| {
            StoreError::damaged(self.path, format!("event #{seq}: role code {role_code} is unknown"))
        })?;
        let intent: Option<[u8; 16]> = row.get(5).map_err(at)?;
        let payload = row.get_ref(9).map_err(at)?.as_blob();
        let payload =
            payload.map_err(|e| StoreError::damaged(self.path, format!("event #{seq}: payload: {e}")))?;
        let (code, version) = (row.get(7).map_err(at)?, row.get(8).map_err(at)?);
        let body =
            Body::decode(code, version, payload).map_err(|e| StoreError::payload(self.path, seq, &e))?;
        let lead = row.get::<_, Option<i64>>(11).map_err(at)?.map(|l| LeadId(id_of(l)));
        if lead != body.lead() {
            let what = format!("event #{seq} is filed under {lead:?} but is about {:?}", body.lead());
            return Err(StoreError::damaged(self.path, what));
        }
        Ok(Event {
            seq: Seq(seq),
            at: Millis(row.get(1).map_err(at)?),
            actor,
            role,
            console: row.get(4).map_err(at)?,
            intent: IntentId(intent.map_or(0, u128::from_be_bytes)),
            batch: BatchId(id_of(row.get(6).map_err(at)?)),
            undoes: row.get::<_, Option<i64>>(10).map_err(at)?.map(|s| Seq(id_of(s))),
            body,
        })
    }

    /// Gives each event a query finds to `each`, until it says stop.
    fn each(
        &self,
        tail: &str,
        params: impl Params,
        each: &mut dyn FnMut(Event) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM event {tail}");
        let mut stmt = self.conn.prepare_cached(&sql).at(self.path)?;
        let mut rows = stmt.query(params).at(self.path)?;
        while let Some(row) = rows.next().at(self.path)? {
            if !each(self.read(row)?)? {
                break;
            }
        }
        Ok(())
    }

    /// Gives each line of the log in `after..=to` to `each`, unread, in the order of [`COLUMNS`].
    pub fn each_row(
        &self,
        after: Seq,
        to: Seq,
        each: &mut dyn FnMut(&Log<'_>, &Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM event WHERE seq > ? AND seq <= ? ORDER BY seq");
        let mut stmt = self.conn.prepare_cached(&sql).at(self.path)?;
        let mut rows = stmt.query(params![sql_id(after.0), sql_id(to.0)]).at(self.path)?;
        while let Some(row) = rows.next().at(self.path)? {
            each(self, row)?;
        }
        Ok(())
    }

    /// The first `limit` events a query finds. No bound LIMIT, nor `lead = ?` beside an ORDER BY: with either SQLite 3.54
    /// prepares the statement anew at each use.
    fn first(&self, tail: &str, params: impl Params, limit: usize) -> Result<Vec<Event>, StoreError> {
        let mut events = Vec::new();
        if limit > 0 {
            self.each(tail, params, &mut |event| {
                events.push(event);
                Ok(events.len() < limit)
            })?;
        }
        Ok(events)
    }

    /// Every event a query finds; more than `max` is an error.
    fn collect(&self, tail: &str, params: impl Params, max: usize) -> Result<Vec<Event>, StoreError> {
        let mut events = Vec::new();
        self.each(tail, params, &mut |event| {
            if events.len() >= max {
                return Err(StoreError::TooMuch {
                    path: self.path.into(),
                    what: "events",
                    limit: max as u64,
                });
            }
            events.push(event);
            Ok(true)
        })?;
        Ok(events)
    }

    /// Events in `from..=to`, at most `limit`.
    pub fn range(&self, from: Seq, to: Seq, limit: usize) -> Result<Vec<Event>, StoreError> {
        let bounds = params![sql_id(from.0), sql_id(to.0.min(i64::MAX as u64))];
        self.first("WHERE seq BETWEEN ? AND ? ORDER BY seq", bounds, limit)
    }

    /// The events of these verbs in `from..`, at most `limit`. Reads the whole log from there: for reports.
    pub fn of_verbs(&self, verbs: &[Verb], from: Seq, limit: usize) -> Result<Vec<Event>, StoreError> {
        let codes: Vec<String> = verbs.iter().map(|verb| verb.code().to_string()).collect();
        let tail = format!("WHERE seq >= ? AND verb IN ({}) ORDER BY seq", codes.join(", "));
        self.first(&tail, params![sql_id(from.0)], limit)
    }

    /// A lead's events before `before`, oldest first.
    pub fn of_lead(&self, lead: LeadId, before: Seq) -> Result<Vec<Event>, StoreError> {
        let bounds = params![sql_id(lead.0), sql_id(before.0.min(i64::MAX as u64))];
        let tail = "WHERE lead BETWEEN ?1 AND ?1 AND seq < ?2 ORDER BY lead, seq";
        self.collect(tail, bounds, LEAD_EVENTS_MAX)
    }

    /// A lead's newest events, newest first.
    pub fn latest_of_lead(&self, lead: LeadId, limit: usize) -> Result<Vec<Event>, StoreError> {
        let tail = "WHERE lead BETWEEN ?1 AND ?1 ORDER BY lead DESC, seq DESC";
        self.first(tail, params![sql_id(lead.0)], limit)
    }

    /// A lead's first event.
    pub fn first_of_lead(&self, lead: LeadId) -> Result<Option<Event>, StoreError> {
        let tail = "WHERE lead BETWEEN ?1 AND ?1 ORDER BY lead, seq LIMIT 1";
        let found = self.first(tail, params![sql_id(lead.0)], 1)?;
        Ok(found.into_iter().next())
    }

    /// A batch's events between two places.
    pub fn of_batch(&self, batch: BatchId, last: Seq) -> Result<Vec<Event>, StoreError> {
        let bounds = params![sql_id(batch.0), sql_id(last.0), sql_id(batch.0)];
        self.collect("WHERE seq BETWEEN ? AND ? AND batch = ? ORDER BY seq", bounds, BATCH_EVENTS_MAX)
    }

    /// The last event's place; 0 for an empty log.
    pub fn last_seq(&self) -> Result<Seq, StoreError> {
        let sql = "SELECT coalesce(max(seq), 0) FROM event";
        let last: i64 =
            self.conn.prepare_cached(sql).and_then(|mut s| s.query_row([], |r| r.get(0))).at(self.path)?;
        Ok(Seq(id_of(last)))
    }

    /// Folds at most `limit` events after the world's seq and up to `to` into it, giving each to `seen`.
    pub fn fold(
        &self,
        world: &mut World,
        to: Seq,
        limit: usize,
        seen: &mut dyn FnMut(Event) -> Result<(), StoreError>,
    ) -> Result<usize, StoreError> {
        self.fold_touching(world, to, limit, &mut |event, _| seen(event))
    }

    /// As [`Log::fold`], also telling what each event changed.
    pub fn fold_touching(
        &self,
        world: &mut World,
        to: Seq,
        limit: usize,
        seen: &mut dyn FnMut(Event, &Touched) -> Result<(), StoreError>,
    ) -> Result<usize, StoreError> {
        let mut folded = 0;
        if limit == 0 {
            return Ok(0);
        }
        // No bound LIMIT: with one, SQLite prepares the statement anew at each call.
        let bounds = params![sql_id(world.seq().0), sql_id(to.0.min(i64::MAX as u64))];
        self.each("WHERE seq > ? AND seq <= ? ORDER BY seq", bounds, &mut |event| {
            let want = world.seq().0 + 1;
            if event.seq.0 != want {
                let what =
                    format!("event #{want} is missing from the log (the next one is #{})", event.seq.0);
                return Err(StoreError::damaged(self.path, what));
            }
            let touched = world.apply(&event);
            folded += 1;
            seen(event, &touched)?;
            Ok(folded < limit)
        })?;
        Ok(folded)
    }
}

impl Store {
    pub(super) fn log(&self) -> Log<'_> {
        Log { conn: &self.conn, path: &self.path }
    }

    /// Events in `from..=to`, oldest first, at most `limit` (and [`EVENTS_MAX`]).
    ///
    /// # Errors
    /// The file's.
    pub fn events(&self, from: Seq, to: Seq, limit: usize) -> Result<Vec<Event>, StoreError> {
        self.log().range(from, to, limit.min(EVENTS_MAX))
    }

    /// The events of these verbs from `from` on, oldest first, at most `limit` (and [`EVENTS_MAX`]).
    ///
    /// # Errors
    /// The file's.
    pub fn events_of(&self, verbs: &[Verb], from: Seq, limit: usize) -> Result<Vec<Event>, StoreError> {
        self.log().of_verbs(verbs, from, limit.min(EVENTS_MAX))
    }

    /// Every event of a lead, oldest first.
    ///
    /// # Errors
    /// The file's.
    pub fn lead_events(&self, lead: LeadId) -> Result<Vec<Event>, StoreError> {
        self.log().of_lead(lead, Seq(u64::MAX))
    }

    /// The newest `limit` events of a lead, newest first.
    ///
    /// # Errors
    /// The file's.
    pub fn lead_history(&self, lead: LeadId, limit: usize) -> Result<Vec<Event>, StoreError> {
        self.log().latest_of_lead(lead, limit.min(EVENTS_MAX))
    }

    /// The last event's place.
    ///
    /// # Errors
    /// The file's.
    pub fn last_seq(&self) -> Result<Seq, StoreError> {
        self.log().last_seq()
    }

    /// Changes when another connection committed; compare only with earlier answers of this `Store`.
    ///
    /// # Errors
    /// The file's.
    pub fn data_version(&self) -> Result<i64, StoreError> {
        let mut ask = self.conn.prepare_cached("PRAGMA data_version").at(&self.path)?;
        ask.query_row([], |r| r.get(0)).at(&self.path)
    }

    /// Folds what others wrote into `world`, at most `limit` events, and returns it.
    ///
    /// # Errors
    /// `Damaged` when the log has a gap, `Replaced` when the world knows more than the log; then load anew.
    pub fn tail(&self, world: &mut World, limit: usize) -> Result<Vec<Event>, StoreError> {
        self.end_stale()?;
        let mut events = Vec::new();
        self.log().fold(world, Seq(u64::MAX), limit.min(EVENTS_MAX), &mut |event| {
            events.push(event);
            Ok(())
        })?;
        if events.is_empty() && world.seq() > self.last_seq()? {
            return Err(StoreError::Replaced { path: self.path.clone() });
        }
        Ok(events)
    }

    /// What became of a request; `None` when it left nothing in the log.
    ///
    /// # Errors
    /// The file's.
    pub fn outcome(&self, intent: IntentId) -> Result<Option<IntentRecord>, StoreError> {
        self.end_stale()?;
        let sql = "SELECT first_seq, last_seq, batch FROM intent WHERE id = ?";
        let mut ask = self.conn.prepare_cached(sql).at(&self.path)?;
        ask.query_row(params![intent.0.to_be_bytes()], |r| {
            Ok(IntentRecord {
                first: Seq(id_of(r.get(0)?)),
                last: Seq(id_of(r.get(1)?)),
                batch: BatchId(id_of(r.get(2)?)),
            })
        })
        .optional()
        .at(&self.path)
    }

    /// The place of the last event at or before `at`. Times in the log may step back; then it is one of the candidates.
    ///
    /// # Errors
    /// The file's.
    pub fn seq_at(&self, at: Millis) -> Result<Seq, StoreError> {
        let mut ask = self.conn.prepare_cached("SELECT at FROM event WHERE seq = ?").at(&self.path)?;
        let (mut low, mut high) = (0, self.last_seq()?.0);
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            let there: Option<i64> =
                ask.query_row([sql_id(middle)], |r| r.get(0)).optional().at(&self.path)?;
            if there.is_some_and(|t| t <= at.0) { low = middle } else { high = middle - 1 }
        }
        Ok(Seq(low))
    }
}
