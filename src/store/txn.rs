//! One write transaction: taken at once (never a read that turns to write), caught up, filled by the engine through
//! [`Host`](crate::engine::Host), committed with the world it was decided on. Dropped without commit it leaves nothing.

use rusqlite::{Connection, params};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::error::{At, StoreError};
use super::feed::{Log, sql_id};
use super::hot::Sql;
use super::project::Touches;
use super::record::Recorder;
use super::{Access, SCHEMA_VERSION, Store, place, schema};
use crate::model::contact_card::ContactCard;
use crate::model::event::{Body, Event};
use crate::model::id::{LeadId, Seq};
use crate::model::time::Millis;
use crate::world::{Touched, World};

/// How often a transaction that is dropped tries to roll back.
const ROLLBACKS_MAX: u32 = 3;
/// Most events of others folded while nobody else may write: whoever is further behind folds them before.
pub const CATCH_UP_MAX: u64 = 5_000;

/// An open write transaction. Nobody else writes while it lives: keep it short.
pub struct Txn<'s> {
    pub(super) store: &'s Store,
    pub(super) recorder: Recorder<'s>,
    pub(super) touches: Touches,
    /// Companies of leads taken or changed in this transaction: their rows are not written yet.
    pub(super) companies: FxHashMap<LeadId, (SmolStr, Millis)>,
    /// The last event recorded here.
    last: Option<Seq>,
    is_live: bool,
}

impl Store {
    /// Takes the write lock, waiting up to 5 s for it.
    ///
    /// # Errors
    /// `Busy`, `ReadOnly`, `NewerSchema` (another process updated the file meanwhile), `Replaced`, `Full`, `Io`.
    pub fn begin(&mut self) -> Result<Txn<'_>, StoreError> {
        if self.access == Access::Read {
            if let Some(found) = self.newer_schema() {
                let knows = SCHEMA_VERSION;
                return Err(StoreError::NewerSchema { path: self.path.clone(), found, knows });
            }
            let why = "it was opened for reading".into();
            return Err(StoreError::ReadOnly { path: self.path.clone(), why });
        }
        self.still_in_place()?;
        self.end_stale()?;
        execute(&self.conn, "BEGIN IMMEDIATE").at(&self.path)?;
        let store: &Store = self;
        let txn = Txn {
            store,
            recorder: Recorder::new(&store.conn, store.secret),
            touches: Touches::default(),
            companies: FxHashMap::default(),
            last: None,
            is_live: true,
        };
        let found = schema::version(&txn.store.conn, &txn.store.path)?;
        if found != SCHEMA_VERSION {
            let path = txn.store.path.clone();
            return Err(StoreError::NewerSchema { path, found, knows: SCHEMA_VERSION });
        }
        Ok(txn)
    }
}

impl Store {
    /// Whether the path still means the file that was opened.
    ///
    /// # Errors
    /// `Replaced` when it does not: a restore put another there.
    pub fn still_in_place(&self) -> Result<(), StoreError> {
        if place::file_id(&self.path).ok() == Some(self.file) {
            return Ok(());
        }
        Err(StoreError::Replaced { path: self.path.clone() })
    }

    /// Ends a transaction whose rollback failed when it was dropped: what is read in it was never committed, and nobody
    /// else can write while it is open.
    pub(super) fn end_stale(&self) -> Result<(), StoreError> {
        if self.conn.is_autocommit() { Ok(()) } else { execute(&self.conn, "ROLLBACK").at(&self.path) }
    }
}

pub(super) fn execute(conn: &Connection, sql: &str) -> rusqlite::Result<()> {
    conn.prepare_cached(sql)?.execute([]).map(|_| ())
}

impl Txn<'_> {
    pub(super) fn log(&self) -> Log<'_> {
        self.store.log()
    }

    /// The newest event of the log; nobody else adds one while this transaction is open.
    ///
    /// # Errors
    /// The file's.
    pub fn last_seq(&self) -> Result<Seq, StoreError> {
        self.log().last_seq()
    }

    /// Folds everything others wrote since `world` into it and returns it. First thing in every transaction.
    ///
    /// # Errors
    /// `TooMuch` when that is over [`CATCH_UP_MAX`] events, `Damaged` when the log has a gap, `Replaced` when the world knows
    /// more than the log; then load anew.
    pub fn catch_up(&mut self, world: &mut World) -> Result<Vec<Event>, StoreError> {
        let last = self.last_seq()?;
        self.catch_up_to(world, last)
    }

    /// The same where the newest event is known already.
    ///
    /// # Errors
    /// As [`Txn::catch_up`].
    pub fn catch_up_to(&mut self, world: &mut World, last: Seq) -> Result<Vec<Event>, StoreError> {
        let mut events = Vec::new();
        if world.seq() == last {
            return Ok(events);
        }
        if last.0.saturating_sub(world.seq().0) > CATCH_UP_MAX {
            let what = "the events to catch up with in one transaction";
            return Err(StoreError::TooMuch { path: self.store.path.clone(), what, limit: CATCH_UP_MAX });
        }
        self.log().fold(world, last, usize::MAX >> 1, &mut |event| {
            events.push(event);
            Ok(())
        })?;
        if world.seq() != last {
            return Err(StoreError::Replaced { path: self.store.path.clone() });
        }
        Ok(events)
    }

    pub(super) fn record_event(&mut self, event: &Event, touched: &Touched) -> Result<(), StoreError> {
        let log = self.store.log();
        self.recorder.append(log, event)?;
        self.recorder.derive(log, event)?;
        self.touches.note(event, touched);
        match &event.body {
            Body::LeadReceived(r) => {
                self.companies.insert(r.lead, (r.attrs.company.clone(), event.at));
            }
            // Their arrival is older: the row tells it, or the line above.
            Body::LeadEdited(e) => self.rename_company(e.lead, &e.after.company),
            Body::LeadRestored(r) => {
                let row = &r.row;
                self.companies.insert(row.id, (row.attrs.company.clone(), row.arrived_at));
            }
            _ => {}
        }
        self.last = Some(event.seq);
        Ok(())
    }

    fn rename_company(&mut self, lead: LeadId, company: &SmolStr) {
        let arrived_at = self.companies.get(&lead).map(|(_, at)| *at).or_else(|| {
            let sql = "SELECT arrived_at FROM lead WHERE id = ?";
            let mut ask = self.store.conn.prepare_cached(sql).ok()?;
            ask.query_row([sql_id(lead.0)], |r| r.get(0)).ok().map(Millis)
        });
        if let Some(at) = arrived_at {
            self.companies.insert(lead, (company.clone(), at));
        }
    }

    pub(super) fn put_contact(&mut self, lead: LeadId, card: &ContactCard) -> Result<(), StoreError> {
        let line =
            params![sql_id(lead.0), card.name, card.phone, card.email, card.wechat, card.note, card.raw];
        let put = self.recorder.hot.get(Sql::PutContact).at(&self.store.path)?;
        put.execute(line).at(&self.store.path)?;
        Ok(())
    }

    /// Erases the contact texts of a lead, also from the free space of the file. The log holds none and stays as it is.
    ///
    /// # Errors
    /// The file's.
    pub fn forget_contact(&mut self, lead: LeadId) -> Result<bool, StoreError> {
        let (conn, path) = (&self.store.conn, &self.store.path);
        conn.execute_batch("PRAGMA secure_delete = ON").at(path)?;
        let erased = conn.execute("DELETE FROM contact WHERE lead = ?", [sql_id(lead.0)]);
        conn.execute_batch("PRAGMA secure_delete = OFF").at(path)?;
        Ok(erased.at(path)? > 0)
    }

    /// Writes the rows of everything touched from `world` and commits. When it returns, the change is on the disk.
    ///
    /// # Errors
    /// `Uncertain` when it cannot be told whether the commit reached the disk; every other error means it did not. Either
    /// way the transaction is over and `world` is ahead of the log: load anew.
    pub fn commit(mut self, world: &World) -> Result<(), StoreError> {
        if let Some(last) = self.last
            && world.seq() != last
        {
            let why = format!("the world stands at {} but the last event recorded is {last}", world.seq());
            return Err(StoreError::Fault { path: self.store.path.clone(), why });
        }
        let log = self.store.log();
        // Reps before their ledger lines.
        self.touches.write(log, world)?;
        self.recorder.flush(log)?;
        self.conclude()
    }

    /// Commits book-keeping that is no event: the outbox, the lease.
    ///
    /// # Errors
    /// As [`Txn::commit`]; a fault when an event was recorded.
    pub fn commit_upkeep(self) -> Result<(), StoreError> {
        if self.last.is_some() {
            let why = "an event was recorded in a transaction that is for book-keeping".into();
            return Err(StoreError::Fault { path: self.store.path.clone(), why });
        }
        self.conclude()
    }

    fn conclude(mut self) -> Result<(), StoreError> {
        let done = execute(&self.store.conn, "COMMIT");
        self.is_live = false;
        let Err(error) = done else { return Ok(()) };
        let is_open = !self.store.conn.is_autocommit();
        if is_open {
            // Whatever this answers, the connection must not stay in the transaction.
            let _ = execute(&self.store.conn, "ROLLBACK");
        }
        match StoreError::sql(&self.store.path, &error) {
            // A full disk stops before the frame that makes a commit; an I/O error may come from the sync after it.
            full @ StoreError::Full { .. } => Err(full),
            // Refused with the transaction still open: then nothing was written. Closed, it may have been.
            certain @ (StoreError::Busy { .. } | StoreError::Fault { .. }) if is_open => Err(certain),
            other => Err(StoreError::Uncertain { path: self.store.path.clone(), why: other.to_string() }),
        }
    }

    /// Gives everything up; same as dropping it.
    pub fn rollback(self) {}
}

impl Drop for Txn<'_> {
    fn drop(&mut self) {
        // A failed rollback would keep the write lock: it is tried again here, and before the connection is used next.
        let mut tries = 0;
        while self.is_live && !self.store.conn.is_autocommit() && tries < ROLLBACKS_MAX {
            tries += 1;
            let _ = execute(&self.store.conn, "ROLLBACK");
        }
    }
}
