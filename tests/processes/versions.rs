//! Old and new programs on one file, and a file that a dead leader may have left unsound.

use std::io::{Read, Seek, SeekFrom, Write};

use leadyard::desk::clock::{fresh_id, os_user};
use leadyard::desk::{Clock, Desk, DeskOptions};
use leadyard::engine::{Intent, Order};
use leadyard::model::actor::{Actor, Role};
use leadyard::sim::arrivals::{ArrivalOptions, Arrivals};
use leadyard::store::{SCHEMA_VERSION, Store};
use rusqlite::Connection;

use crate::crew::{PROGRAM, Worker, console, desk, leadyard};
use crate::pty::Session;

#[test]
fn who_meets_a_newer_schema_reads_on_and_says_so_also_while_running() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let mut engine = Worker::run(&db);
    engine.line_with(&["leading"]);
    let running = console(&db);
    running.wait_for("another console leads");
    let newer = Connection::open(&db).unwrap();
    newer.pragma_update(None, "user_version", SCHEMA_VERSION + 1).unwrap();
    drop(newer);
    let (code, said) = engine.ended();
    assert_eq!(code, Some(5), "{said}");
    assert!(said.contains("a newer one wrote it") && said.contains("Update Leadyard"), "{said}");
    running.wait_for("read-only");
    let fresh = console(&db);
    fresh.wait_for("read-only");
    let status = leadyard(&db).arg("status").output().unwrap();
    assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    let write = leadyard(&db).args(["mode", "paused"]).output().unwrap();
    assert_eq!(write.status.code(), Some(5));
}

#[test]
fn an_older_file_is_brought_up_to_date_after_a_copy() {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("old.db");
    Connection::open(&db).unwrap().execute_batch(include_str!("../store/v1.sql")).unwrap();
    let mut engine = Worker::run(&db);
    engine.line_with(&["leading"]);
    let version = |path: &std::path::Path| -> u32 {
        Connection::open(path).unwrap().pragma_query_value(None, "user_version", |r| r.get(0)).unwrap()
    };
    assert_eq!(version(&db), SCHEMA_VERSION);
    assert_eq!(version(&dir.path().join("old.db.v1.bak")), 1);
    engine.stop();
}

#[test]
fn who_meets_checkpoints_of_another_fold_reads_the_log_anew_and_shows_how_far_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let options = DeskOptions { clock: Clock::Machine, may_lead: false, console: std::process::id() };
    let writer = Desk::start(Store::open(&db).unwrap(), options, &mut |_, _| {}).unwrap();
    let actor = Actor { name: os_user().into(), role: Role::Admin, console: std::process::id() };
    let mut arrivals = Arrivals::new(5, ArrivalOptions::default(), Clock::Machine.now());
    for _ in 0..21 {
        let leads = (0..500).map(|_| arrivals.one_more(Clock::Machine.now())).collect();
        let intent = Intent::Receive { leads, import: None };
        let order = Order { id: fresh_id(), actor: actor.clone(), intent, seen: Vec::new() };
        writer.handle().submit_and_wait(order).unwrap();
    }
    let digest = writer.handle().snapshot().unwrap().digest();
    drop(writer);
    let mut store = Store::open(&db).unwrap();
    let world = store.load_world(&mut |_, _| {}).unwrap();
    store.write_checkpoint(&world, None, Clock::Machine.now()).unwrap();
    drop(store);
    let told = "reading the log anew";
    let at_start = || {
        // The console shows its first page meanwhile; a command tells by a bar.
        let args = ["--db", db.to_str().unwrap(), "undo", "B999999"];
        let command = Session::spawn(PROGRAM, &args, &[("LEADYARD_LANG", "en")], 120, 30);
        command.wait_for("B999999");
        command.wrote(told)
    };
    assert!(!at_start(), "with a checkpoint there is nothing to read anew");
    let raw = Connection::open(&db).unwrap();
    assert!(raw.execute("UPDATE checkpoint SET fold_version = fold_version + 1", []).unwrap() > 0);
    assert!(at_start());
    // Foreign checkpoints are dropped by the next one written, and the world is the same.
    let mut store = Store::open(&db).unwrap();
    let world = store.load_world(&mut |_, _| {}).unwrap();
    assert_eq!(world.digest(), digest);
    store.write_checkpoint(&world, None, Clock::Machine.now()).unwrap();
    let foreign = "SELECT count(*) FROM checkpoint WHERE fold_version <> ?";
    let left: i64 = raw.query_row(foreign, [leadyard::world::FOLD_VERSION], |r| r.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn a_file_left_by_a_dead_leader_is_looked_through() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let raw = Connection::open(&db).unwrap();
    raw.execute_batch(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
           INSERT INTO lead_key SELECT i * 7919, i FROM n;
         INSERT OR REPLACE INTO lease VALUES (1, '4711-dead', 7, 'another boot', 0, 0);",
    )
    .unwrap();
    let root: u32 = raw
        .query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'lead_key'", [], |r| r.get(0))
        .unwrap();
    let size: u32 = raw.pragma_query_value(None, "page_size", |r| r.get(0)).unwrap();
    let (root, size) = (u64::from(root), u64::from(size));
    raw.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    drop(raw);
    // Two of the table's pages change places.
    let mut file = std::fs::OpenOptions::new().read(true).write(true).open(&db).unwrap();
    let mut page = vec![0; usize::try_from(size).unwrap()];
    file.seek(SeekFrom::Start((root - 1) * size)).unwrap();
    file.read_exact(&mut page).unwrap();
    let child = u64::from(u32::from_be_bytes([page[8], page[9], page[10], page[11]]));
    file.seek(SeekFrom::Start((child - 1) * size)).unwrap();
    file.write_all(&page).unwrap();
    drop(file);
    let mut engine = Worker::run(&db);
    let said = engine.line_with(&[db.to_str().unwrap()]);
    assert!(said.contains("is damaged: table lead_key"), "{said}");
    // It writes no more, and does not hand the lead over as if nothing were the matter.
    let before = crate::crew::lease(&db);
    engine.stop();
    assert_eq!(crate::crew::lease(&db), before);
}
