//! The replay: the whole log folded into a passing database of its own, with the same code that writes the real one. The
//! examined file is attached for reading, so that its log is where the recorder looks for earlier events.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::super::error::{At, StoreError};
use super::super::feed::{FOLD_CHUNK, Log};
use super::super::project::Touches;
use super::super::record::Recorder;
use super::super::{open, schema};
use super::CheckReport;
use crate::model::event::{Body, Event};
use crate::model::id::{LeadId, Seq};
use crate::world::World;

/// Events between two writings of touched rows: more means fewer rows written twice, and more memory.
const FLUSH_EVENTS: usize = 50_000;
/// Page cache of the passing database, in KiB.
const REPLAY_CACHE_KIB: i64 = 96 << 10;
/// Page cache of the examined file, in KiB.
const SOURCE_CACHE_KIB: i64 = 16 << 10;

/// `path` as a URI that SQLite opens for reading.
fn read_uri(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' => {
                uri.push(char::from(*byte))
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri + "?mode=ro"
}

/// An empty passing database (SQLite removes it by itself) with the examined file attached as `src`, seen as of now.
pub(super) fn beside(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut conn = Connection::open_with_flags("", flags).at(path)?;
    conn.busy_handler(Some(open::wait_for_lock)).at(path)?;
    conn.set_prepared_statement_cache_capacity(96);
    conn.execute("ATTACH ? AS src", [read_uri(path)]).at(path)?;
    conn.execute_batch(&format!(
        "PRAGMA main.cache_size = -{REPLAY_CACHE_KIB};
         PRAGMA src.cache_size = -{SOURCE_CACHE_KIB};
         PRAGMA main.synchronous = OFF;
         PRAGMA main.journal_mode = OFF;
         PRAGMA foreign_keys = OFF;"
    ))
    .at(path)?;
    conn.execute_batch(schema::first_step_sql()).at(path)?;
    // Without a log of its own, the name `event` means the examined file's.
    conn.execute_batch("DROP TABLE main.event; BEGIN").at(path)?;
    Ok(conn)
}

/// The examined file's log through the replay's connection.
pub(super) fn log<'a>(conn: &'a Connection, path: &'a Path) -> Log<'a> {
    Log { conn, path }
}

/// Folds the log up to `to` and writes every row it leads to. `None` when the log cannot be folded; the report says where.
pub(super) fn run(
    conn: &Connection,
    path: &Path,
    secret: [u8; 16],
    to: Seq,
    report: &mut CheckReport,
    progress: &mut dyn FnMut(u64),
) -> Result<Option<World>, StoreError> {
    let log = log(conn, path);
    let mut world = World::new();
    let mut recorder = Recorder::new(conn, secret);
    let mut touches = Touches::default();
    let mut since_flush = 0;
    let mut next_lead = LeadId(1);
    while world.seq() < to {
        let folded = log.fold_touching(&mut world, to, FOLD_CHUNK, &mut |event, touched| {
            look_at(&event, &mut next_lead, report);
            recorder.derive(log, &event)?;
            touches.note(&event, touched);
            Ok(())
        });
        match folded {
            Ok(0) => {
                let next = world.seq().0 + 1;
                report.say("event", format!("#{next}"), "nothing", "an event");
                return Ok(None);
            }
            Ok(count) => since_flush += count,
            Err(StoreError::Damaged { what, .. }) => {
                report.say("event", "", what, "every event, whole, in order");
                return Ok(None);
            }
            Err(StoreError::NewerEvent { seq, why, .. }) => {
                report.say("event", format!("#{seq}"), why, "an event this Leadyard knows");
                return Ok(None);
            }
            Err(other) => return Err(other),
        }
        if since_flush >= FLUSH_EVENTS || world.seq() == to {
            touches.write(log, &world)?;
            recorder.flush(log)?;
            since_flush = 0;
        }
        progress(world.seq().0);
    }
    Ok(Some(world))
}

/// What must hold of an event wherever it stands.
fn look_at(event: &Event, next_lead: &mut LeadId, report: &mut CheckReport) {
    let key = || format!("#{}", event.seq.0);
    if event.batch.0 > event.seq.0 || event.batch.0 == 0 {
        report.say("event", key(), format!("batch {}", event.batch), "a batch that began with it or earlier");
    }
    if let Some(undone) = event.undoes.filter(|u| *u >= event.seq) {
        report.say("event", key(), format!("undoes {undone}"), "an earlier event");
    }
    if let Body::LeadReceived(r) = &event.body {
        if r.lead < *next_lead {
            report.say("event", key(), format!("lead {} received again", r.lead), "each lead received once");
        }
        *next_lead = LeadId(next_lead.0.max(r.lead.0 + 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_path_can_be_a_uri() {
        assert_eq!(read_uri(Path::new("/a b/100%?#线.db")), "file:/a%20b/100%25%3F%23%E7%BA%BF.db?mode=ro");
    }
}
