//! Looking after the file while it is in use: the length of the write-ahead log, soundness after somebody stopped without
//! saying goodbye, the planner's figures. When to do it is the leader's affair.

use super::error::{At, StoreError};
use super::{Store, open, place};

/// Bytes of write-ahead log past which it is moved into the file and cut back.
pub const WAL_TRIM_BYTES: u64 = 32 << 20;
/// Bytes of write-ahead log past which one that cannot be cut back is reported.
pub const WAL_LARGE_BYTES: u64 = 64 << 20;

/// What a checkpoint answered.
struct Moved {
    frames: i64,
    moved: i64,
}

impl Store {
    /// Bytes of the write-ahead log beside the file; 0 when there is none.
    #[must_use]
    pub fn wal_bytes(&self) -> u64 {
        // A look from outside: opening it by other means would drop this process's locks.
        std::fs::metadata(place::with_suffix(&self.path, "-wal")).map_or(0, |meta| meta.len())
    }

    /// Bytes free where the file lies.
    ///
    /// # Errors
    /// When the system does not say.
    pub fn free_bytes(&self) -> Result<u64, StoreError> {
        place::free_bytes(&self.path)
    }

    /// Cuts the write-ahead log back when it is long. Nobody waits for it: where a writer or reader is in the way it is tried
    /// again another time. Returns the bytes left.
    ///
    /// # Errors
    /// `Pinned` when the log is over [`WAL_LARGE_BYTES`] and somebody's old read keeps it from being moved; the file's.
    pub fn trim_wal(&mut self) -> Result<u64, StoreError> {
        let bytes = self.wal_bytes();
        if bytes < WAL_TRIM_BYTES {
            return Ok(bytes);
        }
        // The first part of the work lets others write; what is left for the second is short.
        let first = self.move_wal("PASSIVE")?;
        let second = if first.frames == first.moved { self.move_wal("TRUNCATE")? } else { first };
        let bytes = self.wal_bytes();
        if bytes >= WAL_LARGE_BYTES && second.moved < second.frames {
            return Err(StoreError::Pinned { path: self.path.clone(), mib: bytes >> 20 });
        }
        Ok(bytes)
    }

    fn move_wal(&mut self, how: &str) -> Result<Moved, StoreError> {
        self.without_waiting(|conn| {
            conn.query_row(&format!("PRAGMA wal_checkpoint({how})"), [], |r| {
                Ok(Moved { frames: r.get(1)?, moved: r.get(2)? })
            })
        })
    }

    /// Looks through the file for damage, a table a read, so that no read pins the write-ahead log for long.
    ///
    /// # Errors
    /// `Damaged` with what was found first; the file's.
    pub fn quick_check(&self) -> Result<(), StoreError> {
        let mut ask =
            self.conn.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").at(&self.path)?;
        let tables: Vec<String> =
            ask.query_map([], |r| r.get(0)).and_then(Iterator::collect).at(&self.path)?;
        for table in tables {
            let sql = format!("PRAGMA quick_check(\"{table}\")");
            let said: String = self.conn.query_row(&sql, [], |r| r.get(0)).at(&self.path)?;
            if said != "ok" {
                return Err(StoreError::damaged(&self.path, format!("table {table}: {said}")));
            }
        }
        Ok(())
    }

    /// Brings the planner's figures up to date where they are off; nearly always a matter of microseconds.
    ///
    /// # Errors
    /// `Busy` when somebody writes just now; nothing is lost by not doing it.
    pub fn optimize(&mut self) -> Result<(), StoreError> {
        self.without_waiting(|conn| conn.execute_batch("PRAGMA optimize"))
    }

    /// Lets go of pages that were read: after a long walk through the file they are none anybody asks for soon, and up to
    /// 64 MB of them.
    ///
    /// # Errors
    /// The file's.
    pub fn forget_pages(&self) -> Result<(), StoreError> {
        self.conn.execute_batch("PRAGMA shrink_memory").at(&self.path)
    }

    fn without_waiting<T>(
        &mut self,
        work: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<T>,
    ) -> Result<T, StoreError> {
        self.conn.busy_handler(None::<fn(i32) -> bool>).at(&self.path)?;
        let done = work(&self.conn).at(&self.path);
        self.conn.busy_handler(Some(open::wait_for_lock)).at(&self.path)?;
        done
    }
}
