//! The only SQL: the log, its projections, checkpoints, facts for decisions, queries, the lease, backup and check.
//!
//! [`Store`] is one connection, blocking, not shared between threads. Writing goes through [`Txn`], which is the engine's
//! [`Host`](crate::engine::Host). Nothing here decides, reads a clock or starts a thread.

mod check;
mod checkpoint;
mod company;
mod copy;
mod door;
mod error;
mod facts;
mod feed;
mod hot;
mod lease;
mod line;
mod open;
mod outbox;
mod place;
mod project;
mod query;
mod record;
mod row;
mod schema;
mod trouble;
mod txn;
mod upkeep;
mod whatif;

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use smol_str::SmolStr;

pub use check::{CheckReport, FINDINGS_MAX, Finding, check};
pub use copy::{RestoreReport, restore};
pub use door::{AWAITED_MAX, Awaited, KeptAnswer, TOKENS_MAX, Token};
pub use error::StoreError;
pub use feed::{EVENTS_MAX, IntentRecord};
pub use lease::{Lease, LeaseAnswer, LeaseAsk};
pub use line::EventLine;
pub use outbox::{
    ByHand, DEAD_KEPT_MS, ERROR_BYTES_MAX, OUTBOX_PAGE_MAX, OutboxFilter, PRUNED_MAX, SENT_KEPT_MS, Settled,
};
pub use query::{
    AssignmentRow, BatchRow, BookEffect, BookRow, CONTACTS_MAX, COUNTED_MAX, Counts, EFFECT_EVENTS_MAX,
    FirstPage, Found, FoundBy, LeadOrder, LeadPage, PAGE_MAX,
};
pub use schema::SCHEMA_VERSION;
pub use trouble::Trouble;
pub use txn::{CATCH_UP_MAX, Txn};
pub use upkeep::{WAL_LARGE_BYTES, WAL_TRIM_BYTES};
pub use whatif::{PIECE, Piece};

/// What a connection may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Write,
    Read,
}

/// One connection to one desk's file.
pub struct Store {
    conn: Connection,
    path: PathBuf,
    access: Access,
    schema: u32,
    secret: [u8; 16],
    desk: SmolStr,
    /// The file the path meant on opening: a restore puts another one there.
    file: place::FileId,
    migrated_from: Option<PathBuf>,
}

impl std::fmt::Debug for Store {
    /// Without the secret, which must not reach a log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("path", &self.path)
            .field("access", &self.access)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Names the desk across copies of its file.
    #[must_use]
    pub fn desk_id(&self) -> &str {
        &self.desk
    }

    /// The key for hashing contact keys; made with the file, never shown, never in a snapshot.
    #[must_use]
    pub fn secret(&self) -> [u8; 16] {
        self.secret
    }

    /// Bytes free on the disk of the file, for this user.
    ///
    /// # Errors
    /// The disk's.
    pub fn disk_free(&self) -> Result<u64, StoreError> {
        place::free_bytes(&self.path)
    }

    /// Whether it was opened for reading only.
    #[must_use]
    pub fn is_readonly(&self) -> bool {
        self.access == Access::Read
    }

    /// The file's schema when it is newer than this build knows.
    #[must_use]
    pub fn newer_schema(&self) -> Option<u32> {
        Some(self.schema).filter(|s| *s > SCHEMA_VERSION)
    }

    /// The copy made before the schema was brought up to date on opening.
    #[must_use]
    pub fn migration_backup(&self) -> Option<&Path> {
        self.migrated_from.as_deref()
    }
}
