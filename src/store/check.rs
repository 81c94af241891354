//! Proof that a file agrees with itself: replay from zero == the tables, row by row == the live world, by digest (DESIGN
//! promise 6). Reads only; repairs nothing. Others may go on writing: everything is seen at one moment of the log.

mod compare;
mod replay;

use std::fmt;
use std::path::Path;

use rusqlite::{Connection, OptionalExtension};

use super::Store;
use super::error::{At, StoreError};
use crate::model::id::Seq;

/// Findings named; the rest is counted.
pub const FINDINGS_MAX: usize = 20;

/// One thing that is not as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// A table of the file, or `file` or `world`.
    pub table: &'static str,
    /// Which row; empty when it is not about one.
    pub key: String,
    /// Which column; empty when it is about the whole row.
    pub column: String,
    pub found: String,
    pub expected: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.table)?;
        if !self.key.is_empty() {
            write!(f, " {}", self.key)?;
        }
        if !self.column.is_empty() {
            write!(f, ", {}", self.column)?;
        }
        write!(f, ": found {}, expected {}", self.found, self.expected)
    }
}

/// What a check saw.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckReport {
    pub events: u64,
    pub leads: u64,
    pub open_leads: u64,
    /// Rows compared, by table.
    pub rows: Vec<(&'static str, u64)>,
    /// Digest of the world folded from zero; `None` when the log could not be folded.
    pub digest: Option<u128>,
    pub findings: Vec<Finding>,
    /// Findings beyond [`FINDINGS_MAX`].
    pub more: u64,
}

impl CheckReport {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.findings.is_empty()
    }

    fn add(&mut self, finding: Finding) {
        if self.findings.len() < FINDINGS_MAX {
            self.findings.push(finding);
        } else {
            self.more += 1;
        }
    }

    fn say(&mut self, table: &'static str, key: impl Into<String>, found: impl Into<String>, expected: &str) {
        let (key, found) = (key.into(), found.into());
        self.add(Finding { table, key, column: String::new(), found, expected: expected.into() });
    }
}

/// Checks the file at `path`. `progress` gets (done, total) in events; replay is the first half, comparing the second.
///
/// # Errors
/// Only when the file cannot be examined at all; what is wrong in it is in the report.
pub fn check(path: &Path, progress: &mut dyn FnMut(u64, u64)) -> Result<CheckReport, StoreError> {
    let store = Store::open_readonly(path)?;
    let mut report = CheckReport::default();
    if !pages(&store, &mut report)? {
        return Ok(report);
    }
    if secret_is_missing(&store.conn, path)? {
        report.say(
            "meta",
            "secret",
            "nothing",
            "a key of 16 bytes (this is a snapshot, not the desk's file)",
        );
    }
    let conn = replay::beside(path)?;
    let to = replay::log(&conn, path).last_seq()?;
    report.events = to.0;
    let live = live_world(&store, to, &mut report)?;
    let total = to.0.saturating_mul(2).max(1);
    if let Some(replayed) =
        replay::run(&conn, path, store.secret(), to, &mut report, &mut |d| progress(d, total))?
    {
        worlds(&replayed, live, &mut report);
        compare::tables(&conn, path, to, &mut report, &mut |d| progress(to.0 + d, total))?;
        compare::sums(&conn, path, &replayed, &mut report)?;
    }
    progress(total, total);
    Ok(report)
}

/// Structure of the file; `false` when it is too broken to look further.
fn pages(store: &Store, report: &mut CheckReport) -> Result<bool, StoreError> {
    let sql = format!("PRAGMA integrity_check({FINDINGS_MAX})");
    let said = store.conn.prepare(&sql).and_then(|mut ask| {
        ask.query_map([], |r| r.get::<_, String>(0))?.collect::<rusqlite::Result<Vec<String>>>()
    });
    match said {
        Ok(lines) if lines == ["ok"] => {}
        Ok(lines) => {
            lines.into_iter().for_each(|line| report.say("file", "", line, "a sound structure"));
            return Ok(false);
        }
        Err(error) => {
            report.say("file", "", error.to_string(), "readable pages");
            return Ok(false);
        }
    }
    let mut ask = store.conn.prepare("PRAGMA foreign_key_check").at(&store.path)?;
    let rows = ask.query_map([], |r| Ok((r.get::<_, String>(0)?, r.get::<_, String>(2)?))).at(&store.path)?;
    for (table, parent) in rows.take(FINDINGS_MAX).collect::<rusqlite::Result<Vec<_>>>().at(&store.path)? {
        report.say("file", table, format!("a row without its {parent}"), "its row there");
    }
    Ok(true)
}

fn secret_is_missing(conn: &Connection, path: &Path) -> Result<bool, StoreError> {
    let sql = "SELECT 1 FROM meta WHERE key = 'secret' AND length(value) = 16";
    Ok(conn.query_row(sql, [], |_| Ok(())).optional().at(path)?.is_none())
}

/// Digest of the world as a start of the desk would load it. A log that cannot be folded is told by the replay.
fn live_world(store: &Store, to: Seq, report: &mut CheckReport) -> Result<Option<u128>, StoreError> {
    match store.world_at(to, &mut |_, _| ()) {
        Ok(world) => {
            for wrong in world.inconsistencies().into_iter().take(FINDINGS_MAX) {
                report.say("world", "", wrong, "sums that agree with their rows");
            }
            Ok(Some(world.digest()))
        }
        Err(StoreError::Damaged { .. } | StoreError::NewerEvent { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

fn worlds(replayed: &crate::world::World, live: Option<u128>, report: &mut CheckReport) {
    let digest = replayed.digest();
    report.digest = Some(digest);
    report.open_leads = replayed.open_count() as u64;
    if let Some(live) = live
        && live != digest
    {
        let found = format!("digest {live:032x} from checkpoint and tail");
        report.say("world", "", found, &format!("digest {digest:032x} from the whole log"));
    }
}
