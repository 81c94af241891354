//! Making, opening and closing the file, with every duty that goes with it. What is in the file is other files' affair.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, params};

use super::error::{At, StoreError};
use super::{Access, Store, place, schema};
use crate::model::time::Millis;

/// The first library without the WAL-reset bug.
const LIBRARY_MIN: i32 = 3_051_003;
/// The same in words.
const LIBRARY_MIN_WORD: &str = "3.51.3";
/// Waits a busy handler makes at most: 1 and 2 ms in turn, so about 5 s.
const BUSY_TRIES_MAX: i32 = 3_300;
/// Pages in the write-ahead log before a commit moves them into the file (4 KiB each).
const WAL_PAGES: i64 = 4_000;
/// Bytes the write-ahead log is cut back to.
const WAL_BYTES_KEPT: i64 = 32 << 20;
/// Page cache of a writing connection, in KiB: keys come in random order, so at a million leads their pages should fit.
const CACHE_WRITE_KIB: i64 = 64 << 10;
/// Page cache of a reading connection, in KiB.
const CACHE_READ_KIB: i64 = 8 << 10;
/// Statements kept prepared.
const STATEMENTS: usize = 96;

/// Waits for somebody else's lock: 1 or 2 ms a time, 5 s at most.
#[expect(
    clippy::disallowed_methods,
    reason = "a busy handler has nothing to wait on but another process's lock"
)]
pub(super) fn wait_for_lock(tries: i32) -> bool {
    std::thread::sleep(Duration::from_millis(if tries % 2 == 0 { 1 } else { 2 }));
    tries < BUSY_TRIES_MAX
}

fn check_library() -> Result<(), StoreError> {
    if rusqlite::version_number() < LIBRARY_MIN {
        let found = rusqlite::version().to_owned();
        return Err(StoreError::OldLibrary { found, needs: LIBRARY_MIN_WORD });
    }
    Ok(())
}

/// A connection with our settings, before anything is asked of the file.
pub(super) fn connect(path: &Path, access: Access) -> Result<Connection, StoreError> {
    let (mode, cache_kib) = match access {
        Access::Write => (OpenFlags::SQLITE_OPEN_READ_WRITE, CACHE_WRITE_KIB),
        Access::Read => (OpenFlags::SQLITE_OPEN_READ_ONLY, CACHE_READ_KIB),
    };
    let mut conn = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX).at(path)?;
    conn.busy_handler(Some(wait_for_lock)).at(path)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    // The planner shall not look at bound values: with it looking, statements are prepared anew at each use.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).at(path)?;
    conn.pragma_update(None, "foreign_keys", true).at(path)?;
    conn.pragma_update(None, "mmap_size", 0).or_else(returned_row).at(path)?;
    conn.pragma_update(None, "cache_size", -cache_kib).at(path)?;
    conn.pragma_update(None, "trusted_schema", false).at(path)?;
    Ok(conn)
}

/// Some pragmas answer with a row, which is not an error here.
fn returned_row(error: rusqlite::Error) -> rusqlite::Result<()> {
    match error {
        rusqlite::Error::ExecuteReturnedResults => Ok(()),
        other => Err(other),
    }
}

/// What a writing connection needs besides: a real write-ahead log, synced at every commit.
fn prepare_writer(conn: &Connection, path: &Path) -> Result<(), StoreError> {
    let mode: String = conn.pragma_update_and_check(None, "journal_mode", "wal", |r| r.get(0)).at(path)?;
    if !mode.eq_ignore_ascii_case("wal") {
        let why = format!("its file system gives journal mode {mode:?} instead of a write-ahead log");
        return Err(StoreError::Io { path: path.to_owned(), why });
    }
    conn.pragma_update(None, "synchronous", "FULL").at(path)?;
    conn.pragma_update(None, "wal_autocheckpoint", WAL_PAGES).or_else(returned_row).at(path)?;
    conn.pragma_update(None, "journal_size_limit", WAL_BYTES_KEPT).or_else(returned_row).at(path)
}

/// Whether the file is one of ours, and its schema.
pub(super) fn recognise(conn: &Connection, path: &Path) -> Result<u32, StoreError> {
    let app: i32 = conn.pragma_query_value(None, "application_id", |r| r.get(0)).at(path)?;
    if app != schema::APPLICATION_ID {
        let why = "it is a database of another program".into();
        return Err(StoreError::Foreign { path: path.to_owned(), why });
    }
    schema::version(conn, path)
}

impl Store {
    /// Makes a new file at `path` (and its directory), readable by its owner only.
    ///
    /// # Errors
    /// `Exists`, `NetworkFs`, `Full`, `ReadOnly`, `Io`.
    pub fn create(path: &Path, now: Millis) -> Result<Store, StoreError> {
        Store::make(path, now, None)
    }

    /// Makes a file whose secret is given, so that a simulation comes out the same byte for byte.
    ///
    /// # Errors
    /// As [`Store::create`].
    pub fn create_with_secret(path: &Path, now: Millis, secret: [u8; 16]) -> Result<Store, StoreError> {
        Store::make(path, now, Some(secret))
    }

    fn make(path: &Path, now: Millis, secret: Option<[u8; 16]>) -> Result<Store, StoreError> {
        check_library()?;
        place::make_parent(path)?;
        place::must_be_local(path)?;
        place::make_file(path)?;
        let mut conn = connect(path, Access::Write)?;
        let tx = conn.transaction_with_behavior(rusqlite::TransactionBehavior::Exclusive).at(path)?;
        if schema::version(&tx, path)? != 0 {
            return Err(StoreError::Exists { path: path.to_owned() });
        }
        tx.execute_batch(schema::first_step_sql()).at(path)?;
        tx.pragma_update(None, "application_id", schema::APPLICATION_ID).at(path)?;
        tx.pragma_update(None, "user_version", 1).at(path)?;
        tx.execute(
            "INSERT INTO meta (key, value)
             VALUES ('desk', lower(hex(randomblob(16)))), ('secret', ifnull(?, randomblob(16))), ('created_at', ?)",
            params![secret.map(|s| s.to_vec()), now.0],
        )
        .at(path)?;
        tx.commit().at(path)?;
        schema::migrate(&mut conn, path)?;
        drop(conn);
        place::sync_closed(path)?;
        Store::open(path)
    }

    /// Opens the file for reading and writing; one with an older schema is copied aside and brought up to date.
    ///
    /// # Errors
    /// `Missing`, `Foreign`, `NewerSchema`, `NetworkFs`, `ReadOnly`, `Busy`, `Damaged`, `Io`.
    pub fn open(path: &Path) -> Result<Store, StoreError> {
        check_library()?;
        place::must_be_file(path)?;
        place::must_be_local(path)?;
        let mut conn = connect(path, Access::Write)?;
        let found = recognise(&conn, path)?;
        if found > schema::SCHEMA_VERSION {
            let knows = schema::SCHEMA_VERSION;
            return Err(StoreError::NewerSchema { path: path.to_owned(), found, knows });
        }
        if conn.is_readonly("main").at(path)? {
            let why = "its permissions do not let this user write it".into();
            return Err(StoreError::ReadOnly { path: path.to_owned(), why });
        }
        prepare_writer(&conn, path)?;
        let mut migrated_from = None;
        if found < schema::SCHEMA_VERSION {
            let aside = place::free_name(path, &format!(".v{found}.bak"))?;
            super::copy::vacuum_into(&conn, path, &aside)?;
            schema::migrate(&mut conn, path)?;
            migrated_from = Some(aside);
        }
        Store::assemble(conn, path, Access::Write, schema::SCHEMA_VERSION, migrated_from)
    }

    /// Opens the file for reading only, also one a newer Leadyard wrote (see [`Store::newer_schema`]).
    ///
    /// # Errors
    /// `Missing`, `Foreign`, `OlderSchema`, `NetworkFs`, `Busy`, `Damaged`, `Io`.
    pub fn open_readonly(path: &Path) -> Result<Store, StoreError> {
        check_library()?;
        place::must_be_file(path)?;
        place::must_be_local(path)?;
        let conn = connect(path, Access::Read)?;
        let found = recognise(&conn, path)?;
        if found < schema::SCHEMA_VERSION {
            let knows = schema::SCHEMA_VERSION;
            return Err(StoreError::OlderSchema { path: path.to_owned(), found, knows });
        }
        Store::assemble(conn, path, Access::Read, found, None)
    }

    fn assemble(
        conn: Connection,
        path: &Path,
        access: Access,
        schema: u32,
        migrated_from: Option<PathBuf>,
    ) -> Result<Store, StoreError> {
        let meta = |key: &str| -> rusqlite::Result<Option<rusqlite::types::Value>> {
            use rusqlite::OptionalExtension;
            conn.query_row("SELECT value FROM meta WHERE key = ?", [key], |r| r.get(0)).optional()
        };
        let secret = match meta("secret").at(path)? {
            Some(rusqlite::types::Value::Blob(bytes)) => <[u8; 16]>::try_from(bytes.as_slice()).ok(),
            _ => None,
        };
        // A snapshot for other programs carries no secret: it can be read, never written.
        let secret = match (secret, access) {
            (Some(secret), _) => secret,
            (None, Access::Read) => [0; 16],
            (None, Access::Write) => {
                let why = "it is a snapshot for reading, without the desk's secret".into();
                return Err(StoreError::ReadOnly { path: path.to_owned(), why });
            }
        };
        let desk = match meta("desk").at(path)? {
            Some(rusqlite::types::Value::Text(text)) => text.into(),
            _ => return Err(StoreError::damaged(path, "the desk's id is missing from table meta")),
        };
        let file = place::file_id(path)?;
        Ok(Store { conn, path: path.to_owned(), access, schema, secret, desk, file, migrated_from })
    }
}
