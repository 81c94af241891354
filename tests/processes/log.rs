//! The write-ahead log stays short beside a stopped console, is reported when a foreign read pins it, and is cut back after.
//!
//! `LEADYARD_TEST_STOPPED_S=600 cargo test --test processes ctrl_z -- --nocapture` leaves the console stopped for ten minutes
//! instead of some seconds, and prints the figures.

use std::path::Path;
use std::time::{Duration, Instant};

use leadyard::desk::clock::fresh_id;
use leadyard::desk::{Clock, Desk, DeskOptions};
use leadyard::engine::{Intent, Order};
use leadyard::model::actor::{Actor, Role};
use leadyard::sim::arrivals::{ArrivalOptions, Arrivals};
use leadyard::store::{self, Store, WAL_LARGE_BYTES};
use rusqlite::Connection;
use rustix::process::Signal;

use crate::crew::{LEASE_MS, PROGRAM, Worker, console, desk, wait_until};
use crate::pty::Session;

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

/// How long the console stands still.
fn stopped_for() -> Duration {
    let asked = std::env::var("LEADYARD_TEST_STOPPED_S").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(asked.unwrap_or(4))
}

/// Leads of one order, orders a second.
const GENERATED: (usize, u32) = (2, 20);

#[test]
fn a_console_left_with_ctrl_z_holds_up_no_generator_and_comes_back_up_to_date() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let mut engine = Worker::run(&db);
    engine.line_with(&["leading"]);
    let lease = LEASE_MS.to_string();
    let env = [("LEADYARD_LANG", "en"), ("LEADYARD_TEST_LEASE_MS", lease.as_str()), ("PS1", "ready$ ")];
    let mut shell = Session::spawn("sh", &["-i"], &env, 120, 30);
    shell.wait_for("ready$");
    shell.type_(&format!("{PROGRAM} --db {}\n", db.display()));
    shell.wait_for("another console leads");
    shell.type_("\x1a");
    shell.wait_for("Stopped");
    let options = DeskOptions { clock: Clock::Machine, may_lead: false, console: std::process::id() };
    let generator = Desk::start(Store::open(&db).unwrap(), options, &mut |_, _| {}).unwrap();
    let handle = generator.handle();
    let from = ArrivalOptions { secret: handle.secret(), ..ArrivalOptions::default() };
    let mut arrivals = Arrivals::new(17, from, Clock::Machine.now());
    let actor = Actor {
        name: leadyard::desk::clock::os_user().into(),
        role: Role::Admin,
        console: std::process::id(),
    };
    let (mut waits, mut wal, mut taken) = (Vec::new(), 0, 0u64);
    let begun = Instant::now();
    while begun.elapsed() < stopped_for() {
        let leads = (0..GENERATED.0).map(|_| arrivals.one_more(Clock::Machine.now())).collect();
        let intent = Intent::Receive { leads, import: None };
        let order = Order { id: fresh_id(), actor: actor.clone(), intent, seen: Vec::new() };
        let asked = Instant::now();
        taken += handle.submit_and_wait(order).unwrap().taken.len() as u64;
        waits.push(asked.elapsed());
        wal = wal.max(wal_bytes(&db));
        assert!(wal < WAL_LARGE_BYTES, "the log is {wal} bytes long");
        std::thread::park_timeout((Duration::from_secs(1) / GENERATED.1).saturating_sub(asked.elapsed()));
    }
    waits.sort_unstable();
    let within = |percent: usize| waits[(waits.len() * percent / 100).min(waits.len() - 1)];
    println!(
        "stopped for {:?}: {taken} leads in {} orders, log at most {} KB, a writer waited p50 {:?}, p99 {:?}, max {:?}",
        begun.elapsed(),
        waits.len(),
        wal >> 10,
        within(50),
        within(99),
        within(100)
    );
    assert!(within(100) < Duration::from_secs(1), "a writer waited {:?}", within(100));
    shell.type_("fg\n");
    shell.wait_until("the console", |screen| screen.alternate_screen());
    shell.wait_for(&format!("{taken} open"));
    shell.type_("q");
    // What is typed before the console let go would still be its.
    shell.wait_until("the shell", |screen| screen.contents().matches("ready$").count() == 3);
    shell.type_("exit\n");
    shell.end();
    drop(generator);
    engine.stop();
    assert!(store::check(&db, &mut |_, _| {}).unwrap().is_sound());
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
