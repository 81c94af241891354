//! Copies of the file: a backup that can be restored, a snapshot for other programs, and putting a backup in place. A copy is
//! written under a passing name and gets its own only when it is whole; nothing is ever written over.

use std::path::{Path, PathBuf};

use rusqlite::Connection;

use super::error::{At, StoreError};
use super::{Access, Store, open, place};

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RestoreReport {
    /// Where the file that stood there is now.
    pub moved_aside: Option<PathBuf>,
    /// Events in the file that stands there now.
    pub events: u64,
}

/// Writes a whole, compact copy of what `conn` sees to `to`, without letting anybody wait.
pub(super) fn vacuum_into(conn: &Connection, from: &Path, to: &Path) -> Result<(), StoreError> {
    if to.exists() {
        return Err(StoreError::Exists { path: to.to_owned() });
    }
    place::make_parent(to)?;
    let passing = place::free_name(to, ".partial")?;
    place::make_file(&passing)?;
    let name = passing.to_string_lossy();
    let copied = conn.execute("VACUUM INTO ?", [name.as_ref()]).at(from).map(|_| ());
    let done = copied.and_then(|()| finish(&passing, to));
    if done.is_err() {
        let _ = std::fs::remove_file(&passing);
    }
    done
}

/// Gives a whole, synced copy its name, refusing one that was taken meanwhile.
fn finish(passing: &Path, to: &Path) -> Result<(), StoreError> {
    place::sync_closed(passing)?;
    // A link refuses a taken name where a rename would overwrite it. Both names are of a file nobody has open.
    match std::fs::hard_link(passing, to) {
        Ok(()) => std::fs::remove_file(passing).at(passing)?,
        // A file system without links: the name was free a moment ago.
        Err(_) if !to.exists() => std::fs::rename(passing, to).at(to)?,
        Err(error) => return Err(StoreError::io(to, &error)),
    }
    place::sync_closed(to)
}

impl Store {
    /// Writes a whole copy of the file as it is now to `to`, while others go on writing. Contact texts are in it.
    ///
    /// # Errors
    /// `Exists`, `Full`, `Io`.
    pub fn backup(&self, to: &Path) -> Result<(), StoreError> {
        vacuum_into(&self.conn, &self.path, to)
    }

    /// Writes a compact copy for other programs: everything readable, one plain file without write-ahead log, and neither
    /// checkpoints nor the desk's secret, so that it cannot be taken for the desk.
    ///
    /// # Errors
    /// `Exists`, `Full`, `Io`.
    pub fn snapshot(&self, to: &Path) -> Result<(), StoreError> {
        if to.exists() {
            return Err(StoreError::Exists { path: to.to_owned() });
        }
        let raw = place::free_name(to, ".raw")?;
        vacuum_into(&self.conn, &self.path, &raw)?;
        let lean = strip(&raw).and_then(|conn| vacuum_into(&conn, &raw, to));
        for suffix in ["", "-journal", "-wal", "-shm"] {
            let _ = std::fs::remove_file(place::with_suffix(&raw, suffix));
        }
        lean
    }
}

fn strip(raw: &Path) -> Result<Connection, StoreError> {
    let conn = open::connect(raw, Access::Write)?;
    let sql = "PRAGMA journal_mode = DELETE;
               DELETE FROM checkpoint; DELETE FROM lease; DELETE FROM meta WHERE key = 'secret';
               DELETE FROM token; DELETE FROM kept_answer; DELETE FROM awaited;";
    conn.execute_batch(sql).at(raw)?;
    Ok(conn)
}

/// Puts a copy of the backup `from` at `to` after checking it whole. A file that stands at `to` is moved aside first, and
/// only when no other process has it open.
///
/// # Errors
/// `Missing`, `Foreign`, `Damaged` (the backup is unsound; `to` was not touched), `InUse`.
pub fn restore(
    from: &Path,
    to: &Path,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<RestoreReport, StoreError> {
    let report = super::check(from, progress)?;
    if let Some(first) = report.findings.first() {
        return Err(StoreError::damaged(from, first.to_string()));
    }
    let passing = place::free_name(to, ".restoring")?;
    let source = Store::open_readonly(from)?;
    source.backup(&passing)?;
    drop(source);
    let moved = match move_aside(to) {
        Ok(moved) => moved,
        Err(error) => {
            let _ = std::fs::remove_file(&passing);
            return Err(error);
        }
    };
    finish(&passing, to)?;
    Ok(RestoreReport { moved_aside: moved, events: report.events })
}

/// Moves the file at `path`, with its write-ahead log, to a free name beside it.
fn move_aside(path: &Path) -> Result<Option<PathBuf>, StoreError> {
    // What cannot be read is a reason to restore: it goes aside with all its parts.
    if let Err(error @ (StoreError::InUse { .. } | StoreError::Busy { .. })) = fold_wal_in(path) {
        return Err(error);
    }
    let aside = place::free_name(path, ".replaced")?;
    let mut moved = None;
    // The log first: a log that stayed behind would be taken for the new file's.
    for suffix in ["-wal", "-shm", "-journal", ""] {
        let part = place::with_suffix(path, suffix);
        if part.exists() {
            std::fs::rename(&part, place::with_suffix(&aside, suffix)).at(&part)?;
            moved = Some(aside.clone());
        }
    }
    Ok(moved)
}

/// Moves the write-ahead log into the file and leaves that mode, which SQLite only does for the one connection there is.
fn fold_wal_in(path: &Path) -> Result<(), StoreError> {
    place::must_be_file(path)?;
    let mut conn = open::connect(path, Access::Write)?;
    open::recognise(&conn, path)?;
    // Whoever has it open will keep it open: waiting is of no use.
    conn.busy_handler(None::<fn(i32) -> bool>).at(path)?;
    let mode: rusqlite::Result<String> =
        conn.pragma_update_and_check(None, "journal_mode", "delete", |r| r.get(0));
    match mode.at(path) {
        Ok(mode) if mode.eq_ignore_ascii_case("delete") => Ok(()),
        Ok(_) | Err(StoreError::Busy { .. }) => Err(StoreError::InUse { path: path.to_owned() }),
        Err(other) => Err(other),
    }
}
