//! The tables of the examined file beside those of the replay, in key order, row by row. Streams both: nothing is collected.

use std::cmp::Ordering;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, params};

use super::super::error::{At, StoreError};
use super::super::row::LEAD_COLUMNS;
use super::{CheckReport, FINDINGS_MAX, Finding};
use crate::model::id::Seq;
use crate::world::World;
use crate::world::ledger::{LEDGER_DAYS, Ledger};

/// Rows between two words of progress.
const PROGRESS_ROWS: u64 = 10_000;
/// Longest value shown in a finding, in characters.
const SHOWN_MAX: usize = 80;

struct Table {
    name: &'static str,
    columns: &'static str,
    /// How many of the first columns are the key.
    keys: usize,
}

const TABLES: &[Table] = &[
    Table { name: "lead", columns: LEAD_COLUMNS, keys: 1 },
    Table {
        name: "rep",
        columns: "id, login, name, teams, weight_milli, cap_open, cap_day, skills, active, duty, leaves, joined_at, \
                  load, lifetime_milli, last_turn, away_since",
        keys: 1,
    },
    Table { name: "ledger", columns: "rep, team, day, turns_milli, entries_milli, placements", keys: 3 },
    Table {
        name: "alert",
        columns: "kind, about, count, figure, bound, leads, fired_at, fired_seq",
        keys: 2,
    },
    Table { name: "book", columns: "version, seq, at, published_by, note, text", keys: 1 },
    Table { name: "assignment", columns: "seq, lead, rep, from_rep, at, placed_by, rule, book", keys: 1 },
    Table {
        name: "batch",
        columns: "id, at, actor, console, verb, last_seq, events, leads, undone_by, undone_at, undone_seq",
        keys: 1,
    },
    Table { name: "intent", columns: "id, first_seq, last_seq, batch", keys: 1 },
    Table { name: "lead_key", columns: "key, lead", keys: 2 },
    Table { name: "lead_ref", columns: "hash, lead", keys: 2 },
    Table { name: "company", columns: "block, lead", keys: 2 },
];

/// Compares every table; `progress` gets a share of `to`.
pub(super) fn tables(
    conn: &Connection,
    path: &Path,
    to: Seq,
    report: &mut CheckReport,
    progress: &mut dyn FnMut(u64),
) -> Result<(), StoreError> {
    for (at, table) in TABLES.iter().enumerate() {
        let done = to.0 * at as u64 / TABLES.len() as u64;
        progress(done);
        let rows = compare(conn, table, report, &mut || progress(done)).at(path)?;
        if table.name == "lead" {
            report.leads = rows;
        }
        report.rows.push((table.name, rows));
    }
    strays(conn, report).at(path)
}

fn compare(
    conn: &Connection,
    table: &Table,
    report: &mut CheckReport,
    progress: &mut dyn FnMut(),
) -> rusqlite::Result<u64> {
    let names: Vec<&str> = table.columns.split(',').map(str::trim).collect();
    let order = names[..table.keys].join(", ");
    let select = |db: &str| format!("SELECT {} FROM {db}.{} ORDER BY {order}", table.columns, table.name);
    let mut real = conn.prepare(&select("src"))?;
    let mut replayed = conn.prepare(&select("main"))?;
    let (mut real, mut replayed) = (real.query([])?, replayed.query([])?);
    let (mut found, mut expected) = (real.next()?, replayed.next()?);
    let mut rows = 0;
    loop {
        let order = match (found, expected) {
            (None, None) => return Ok(rows),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(f), Some(e)) => key_order(f, e, table.keys)?,
        };
        match (order, found, expected) {
            (Ordering::Less, Some(f), _) => {
                report.say(
                    table.name,
                    key_text(f, &names, table.keys)?,
                    "a row",
                    "none: the log knows no such row",
                );
                found = real.next()?;
            }
            (Ordering::Greater, _, Some(e)) => {
                report.say(
                    table.name,
                    key_text(e, &names, table.keys)?,
                    "no row",
                    "the row the log leads to",
                );
                expected = replayed.next()?;
            }
            (_, Some(f), Some(e)) => {
                differences(f, e, table, &names, report)?;
                found = real.next()?;
                expected = replayed.next()?;
            }
            _ => return Ok(rows),
        }
        rows += 1;
        if rows % PROGRESS_ROWS == 0 {
            progress();
        }
    }
}

fn differences(
    found: &Row<'_>,
    expected: &Row<'_>,
    table: &Table,
    names: &[&str],
    report: &mut CheckReport,
) -> rusqlite::Result<()> {
    for (at, name) in names.iter().enumerate().skip(table.keys) {
        let (f, e) = (found.get_ref(at)?, expected.get_ref(at)?);
        if f != e {
            report.add(Finding {
                table: table.name,
                key: key_text(found, names, table.keys)?,
                column: (*name).to_owned(),
                found: shown(f),
                expected: shown(e),
            });
        }
    }
    Ok(())
}

/// The order SQLite gives two keys of one table.
fn key_order(a: &Row<'_>, b: &Row<'_>, keys: usize) -> rusqlite::Result<Ordering> {
    for at in 0..keys {
        let order = match (a.get_ref(at)?, b.get_ref(at)?) {
            (ValueRef::Integer(a), ValueRef::Integer(b)) => a.cmp(&b),
            (ValueRef::Text(a) | ValueRef::Blob(a), ValueRef::Text(b) | ValueRef::Blob(b)) => a.cmp(b),
            // STRICT tables hold one type a column; anything else was told by the integrity check.
            _ => Ordering::Equal,
        };
        if order != Ordering::Equal {
            return Ok(order);
        }
    }
    Ok(Ordering::Equal)
}

fn key_text(row: &Row<'_>, names: &[&str], keys: usize) -> rusqlite::Result<String> {
    let parts: rusqlite::Result<Vec<String>> =
        (0..keys).map(|at| Ok(format!("{} {}", names[at], shown(row.get_ref(at)?)))).collect();
    Ok(parts?.join(", "))
}

fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Null => "nothing".into(),
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) => number.to_string(),
        ValueRef::Text(text) => {
            let text: String = String::from_utf8_lossy(text).chars().take(SHOWN_MAX).collect();
            format!("{text:?}")
        }
        ValueRef::Blob(blob) => {
            let hex: String = blob.iter().take(SHOWN_MAX / 2).map(|b| format!("{b:02x}")).collect();
            format!("x'{hex}'")
        }
    }
}

/// Contact texts of leads that are not there.
fn strays(conn: &Connection, report: &mut CheckReport) -> rusqlite::Result<()> {
    let sql = "SELECT lead FROM src.contact c WHERE NOT EXISTS (SELECT 1 FROM main.lead l WHERE l.id = c.lead) LIMIT ?";
    let mut ask = conn.prepare(sql)?;
    let mut rows = ask.query([FINDINGS_MAX as i64])?;
    while let Some(row) = rows.next()? {
        let lead: i64 = row.get(0)?;
        report.say("contact", format!("lead {lead}"), "contact texts", "none: the log knows no such lead");
    }
    Ok(())
}

/// The world's sums beside what the log adds up to in the tables: open leads, and each ledger's window.
pub(super) fn sums(
    conn: &Connection,
    path: &Path,
    world: &World,
    report: &mut CheckReport,
) -> Result<(), StoreError> {
    let open: i64 =
        conn.query_row("SELECT count(*) FROM main.lead WHERE state < 4", [], |r| r.get(0)).at(path)?;
    if open.cast_unsigned() != world.open_count() as u64 {
        report.say("world", "open leads", world.open_count().to_string(), &open.to_string());
    }
    for rep in world.reps() {
        let teams = rep.team_ledgers.iter().map(|(team, ledger)| (team.as_str(), ledger));
        for (team, ledger) in std::iter::once(("", &rep.ledger)).chain(teams) {
            window(conn, rep.id.0, team, ledger, report).at(path)?;
        }
    }
    Ok(())
}

fn window(
    conn: &Connection,
    rep: u32,
    team: &str,
    ledger: &Ledger,
    report: &mut CheckReport,
) -> rusqlite::Result<()> {
    let Some(last) = ledger.buckets().last() else { return Ok(()) };
    let sql = "SELECT turns_milli, entries_milli, placements FROM main.ledger WHERE rep = ? AND team = ? AND day = ?";
    let mut ask = conn.prepare_cached(sql)?;
    for bucket in ledger.buckets().iter().filter(|b| b.day.0 > last.day.0.saturating_sub(LEDGER_DAYS)) {
        let mut rows = ask.query(params![rep, team, bucket.day.0])?;
        let row: Option<(i64, i64, i64)> = match rows.next()? {
            Some(r) => Some((r.get(0)?, r.get(1)?, r.get(2)?)),
            None => None,
        };
        let want = (bucket.turns_milli, bucket.entries_milli, i64::from(bucket.placements));
        if row != Some(want) {
            let key = format!("ledger of rep {rep}, team {team:?}, day {}", bucket.day.0);
            report.say("world", key, format!("{want:?}"), &format!("{row:?} from the log"));
        }
    }
    Ok(())
}
