//! The write-ahead log stays short beside a stopped console, is reported when a foreign read pins it, and is cut back after.

use std::path::Path;
use std::time::{Duration, Instant};

use leadyard::store::WAL_LARGE_BYTES;
use rusqlite::Connection;
use rustix::process::Signal;

use crate::crew::{Worker, console, desk, wait_until};

/// A writer of much: rows of a checkpoint that no build can read, so that the desk drops them by itself.
struct Writer(Connection);

const ROW_BYTES: u64 = 4 << 20;

impl Writer {
    fn new(db: &Path) -> Writer {
        let conn = Connection::open(db).unwrap();
        conn.busy_timeout(Duration::from_secs(5)).unwrap();
        // As any writer of ours, but it need not survive a power cut.
        conn.execute_batch("PRAGMA synchronous = OFF").unwrap();
        conn.query_row("PRAGMA wal_autocheckpoint = 4000", [], |_| Ok(())).unwrap();
        Writer(conn)
    }

    /// Writes a row over the last one; how long that took.
    fn write(&self) -> Duration {
        let begun = Instant::now();
        let sql = "INSERT OR REPLACE INTO checkpoint VALUES (0, 0, 0, 0, randomblob(?))";
        self.0.execute(sql, [ROW_BYTES as i64]).unwrap();
        begun.elapsed()
    }
}

fn wal_bytes(db: &Path) -> u64 {
    std::fs::metadata(db.with_extension("db-wal")).map_or(0, |meta| meta.len())
}

#[test]
fn a_stopped_console_neither_blocks_writers_nor_lets_the_log_grow() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let mut engine = Worker::run(&db);
    engine.line_with(&["leading"]);
    let console = console(&db);
    console.wait_for("another console leads");
    console.bytes_while_idle(Duration::from_millis(50));
    console.signal(Signal::STOP);
    let writer = Writer::new(&db);
    for _ in 0..(2 * WAL_LARGE_BYTES).div_ceil(ROW_BYTES) {
        let took = writer.write();
        assert!(took < Duration::from_secs(3), "a writer waited {took:?}");
        assert!(wal_bytes(&db) < WAL_LARGE_BYTES, "the log is {} bytes long", wal_bytes(&db));
    }
    console.signal(Signal::CONT);
    console.signal(Signal::TERM);
    console.end();
    engine.stop();
}

#[test]
fn a_foreign_read_that_pins_the_log_is_named_and_the_log_is_cut_back_after_it() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let mut engine = Worker::run(&db);
    engine.line_with(&["leading"]);
    let reader = Connection::open(&db).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let _: i64 = reader.query_row("SELECT count(*) FROM event", [], |r| r.get(0)).unwrap();
    let writer = Writer::new(&db);
    while wal_bytes(&db) < WAL_LARGE_BYTES + ROW_BYTES {
        let took = writer.write();
        assert!(took < Duration::from_secs(3), "a writer waited {took:?}");
    }
    let line = engine.line_with(&["the write-ahead log"]);
    assert!(line.contains("desk.db") && line.contains("old read"), "{line}");
    reader.execute_batch("COMMIT").unwrap();
    wait_until("the log to be cut back", || wal_bytes(&db) < WAL_LARGE_BYTES / 2);
    engine.stop();
}
