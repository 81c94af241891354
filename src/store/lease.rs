//! Who leads: one row, one epoch. The epoch, checked inside each of the leader's own transactions, is the fence; the end of
//! the lease only lets others take over. Times are the boot clock's, given by the caller: no wall clock can move them.

use rusqlite::{OptionalExtension, params};
use smol_str::SmolStr;

use super::Store;
use super::error::{At, StoreError};
use super::feed::{id_of, sql_id};
use super::txn::Txn;

/// The lease as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Empty after a release.
    pub holder: SmolStr,
    pub epoch: u64,
    pub boot_id: SmolStr,
    pub renewed_boot_ms: i64,
    pub expires_boot_ms: i64,
}

impl Lease {
    /// Whether someone holds it at `now_boot_ms` of boot `boot_id`.
    #[must_use]
    pub fn is_held(&self, boot_id: &str, now_boot_ms: i64) -> bool {
        !self.holder.is_empty() && self.boot_id == boot_id && self.expires_boot_ms > now_boot_ms
    }
}

/// Who asks for the lease, when, for how long.
#[derive(Debug, Clone, Copy)]
pub struct LeaseAsk<'a> {
    /// Unique to the asking process.
    pub holder: &'a str,
    pub boot_id: &'a str,
    pub now_boot_ms: i64,
    pub ttl_ms: i64,
}

/// What came of asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeaseAnswer {
    /// It is yours once the transaction is committed.
    Yours { epoch: u64 },
    /// Somebody else holds it.
    Theirs(Lease),
}

impl Store {
    /// The lease; `None` when nobody ever led.
    ///
    /// # Errors
    /// The file's.
    pub fn lease(&self) -> Result<Option<Lease>, StoreError> {
        let sql = "SELECT holder, epoch, boot_id, renewed_boot_ms, expires_boot_ms FROM lease WHERE id = 1";
        let mut ask = self.conn.prepare_cached(sql).at(&self.path)?;
        ask.query_row([], |r| {
            Ok(Lease {
                holder: SmolStr::new(r.get_ref(0)?.as_str()?),
                epoch: id_of(r.get(1)?),
                boot_id: SmolStr::new(r.get_ref(2)?.as_str()?),
                renewed_boot_ms: r.get(3)?,
                expires_boot_ms: r.get(4)?,
            })
        })
        .optional()
        .at(&self.path)
    }
}

impl Txn<'_> {
    /// The lease as this transaction sees it.
    ///
    /// # Errors
    /// The file's.
    pub fn lease(&self) -> Result<Option<Lease>, StoreError> {
        self.store.lease()
    }

    /// Takes the lease if nobody holds it, with a new epoch. A holder asking again gets a new epoch too.
    ///
    /// # Errors
    /// The file's.
    pub fn lease_acquire(&mut self, ask: LeaseAsk<'_>) -> Result<LeaseAnswer, StoreError> {
        let standing = self.store.lease()?;
        let epoch = standing.as_ref().map_or(0, |l| l.epoch) + 1;
        if let Some(lease) = standing
            && lease.is_held(ask.boot_id, ask.now_boot_ms)
            && lease.holder != ask.holder
        {
            return Ok(LeaseAnswer::Theirs(lease));
        }
        let sql =
            "INSERT OR REPLACE INTO lease (id, holder, epoch, boot_id, renewed_boot_ms, expires_boot_ms)
                   VALUES (1, ?, ?, ?, ?, ?)";
        let ends = ask.now_boot_ms.saturating_add(ask.ttl_ms);
        let line = params![ask.holder, sql_id(epoch), ask.boot_id, ask.now_boot_ms, ends];
        self.store.conn.prepare_cached(sql).and_then(|mut s| s.execute(line)).at(&self.store.path)?;
        Ok(LeaseAnswer::Yours { epoch })
    }

    /// Prolongs the lease of this epoch; `false` when it is no longer yours. A late renewal that nobody overtook counts.
    ///
    /// # Errors
    /// The file's.
    pub fn lease_renew(&mut self, epoch: u64, ask: LeaseAsk<'_>) -> Result<bool, StoreError> {
        let sql = "UPDATE lease SET renewed_boot_ms = ?, expires_boot_ms = ?
                   WHERE id = 1 AND epoch = ? AND holder = ? AND boot_id = ?";
        let ends = ask.now_boot_ms.saturating_add(ask.ttl_ms);
        let line = params![ask.now_boot_ms, ends, sql_id(epoch), ask.holder, ask.boot_id];
        let changed =
            self.store.conn.prepare_cached(sql).and_then(|mut s| s.execute(line)).at(&self.store.path)?;
        Ok(changed == 1)
    }

    /// Gives the lease of this epoch back, so that others need not wait for its end.
    ///
    /// # Errors
    /// The file's.
    pub fn lease_release(&mut self, epoch: u64) -> Result<bool, StoreError> {
        let sql =
            "UPDATE lease SET holder = '', expires_boot_ms = 0 WHERE id = 1 AND epoch = ? AND holder <> ''";
        let changed = self
            .store
            .conn
            .prepare_cached(sql)
            .and_then(|mut s| s.execute([sql_id(epoch)]))
            .at(&self.store.path)?;
        Ok(changed == 1)
    }

    /// Whether this epoch still leads: asked first in every transaction of the leader. `false` = roll back, step down.
    ///
    /// # Errors
    /// The file's.
    pub fn fence(&self, epoch: u64) -> Result<bool, StoreError> {
        Ok(self.store.lease()?.is_some_and(|l| l.epoch == epoch && !l.holder.is_empty()))
    }
}
