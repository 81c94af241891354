//! Backups, snapshots, restores and migrations.

use std::os::unix::fs::PermissionsExt;

use leadyard::model::time::Millis;
use leadyard::store::{SCHEMA_VERSION, Store, StoreError, check, restore};

use crate::fixture::*;

fn quiet(_: u64, _: u64) {}

#[test]
fn a_backup_taken_while_others_write_is_whole() {
    let mut desk = Desk::with_reps();
    for _ in 0..20 {
        desk.take(1);
    }
    let copies = desk.dir.path().join("copies");
    let path = desk.path();
    let writer = std::thread::spawn(move || {
        for _ in 0..40 {
            desk.take(2);
        }
        desk
    });
    for n in 0..5 {
        let reader = Store::open_readonly(&path).unwrap();
        let to = copies.join(format!("{n}.db"));
        reader.backup(&to).unwrap();
        assert!(check(&to, &mut quiet).unwrap().is_sound());
        assert_eq!(std::fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let desk = writer.join().unwrap();
    let to = copies.join("0.db");
    let before = std::fs::metadata(&to).unwrap().len();
    assert!(matches!(desk.store.backup(&to).unwrap_err(), StoreError::Exists { .. }));
    assert_eq!(std::fs::metadata(&to).unwrap().len(), before);
    assert_eq!(std::fs::read_dir(&copies).unwrap().count(), 5, "nothing passing is left");
}

#[test]
fn a_snapshot_is_plain_lean_and_not_a_desk() {
    let mut desk = Desk::with_reps();
    desk.take(1);
    desk.store.write_checkpoint(&desk.world, None, desk.now).unwrap();
    let to = desk.dir.path().join("snap.db");
    desk.store.snapshot(&to).unwrap();
    assert_eq!(std::fs::metadata(&to).unwrap().permissions().mode() & 0o777, 0o600);
    let raw = rusqlite::Connection::open(&to).unwrap();
    let mode: String = raw.query_row("PRAGMA journal_mode", [], |r| r.get(0)).unwrap();
    assert_eq!(mode, "delete");
    let one = |sql: &str| raw.query_row(sql, [], |r| r.get::<_, i64>(0)).unwrap();
    assert_eq!(one("SELECT count(*) FROM checkpoint"), 0);
    assert_eq!(one("SELECT count(*) FROM meta WHERE key = 'secret'"), 0);
    assert_eq!(one("SELECT count(*) FROM lead_list WHERE owner = 'zhangwei'"), 1);
    drop(raw);
    assert!(matches!(Store::open(&to).unwrap_err(), StoreError::ReadOnly { .. }));
    let reader = Store::open_readonly(&to).unwrap();
    assert_eq!(reader.load_world(&mut quiet).unwrap().digest(), desk.world.digest());
    let elsewhere = desk.dir.path().join("other.db");
    assert!(restore(&to, &elsewhere, &mut quiet).is_err(), "a snapshot is no backup");
    assert!(!elsewhere.exists());
    let left: Vec<_> = std::fs::read_dir(desk.dir.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(left.iter().all(|n| !n.to_string_lossy().contains(".raw")), "{left:?}");
}

#[test]
fn a_restore_moves_the_old_file_aside_and_never_touches_an_open_one() {
    let mut desk = Desk::with_reps();
    desk.take(1);
    let backup = desk.dir.path().join("monday.db");
    desk.store.backup(&backup).unwrap();
    let digest = desk.world.digest();
    desk.take(2);
    let (path, later) = (desk.path(), desk.world.digest());

    let open = restore(&backup, &path, &mut quiet).unwrap_err();
    assert!(matches!(open, StoreError::InUse { .. }), "{open}");
    assert_eq!(Store::open(&path).unwrap().load_world(&mut quiet).unwrap().digest(), later);

    let Desk { dir, store, .. } = desk;
    drop(store);
    let report = restore(&backup, &path, &mut quiet).unwrap();
    let aside = report.moved_aside.unwrap();
    assert_eq!(aside, dir.path().join("desk.db.replaced"));
    assert_eq!(Store::open(&path).unwrap().load_world(&mut quiet).unwrap().digest(), digest);
    assert_eq!(Store::open(&aside).unwrap().load_world(&mut quiet).unwrap().digest(), later);
    let report = restore(&backup, &dir.path().join("new.db"), &mut quiet).unwrap();
    assert_eq!(report.moved_aside, None);
}

#[test]
fn a_damaged_backup_is_not_restored_and_a_damaged_desk_can_be_replaced() {
    let mut desk = Desk::with_reps();
    desk.take(1);
    let (good, bad) = (desk.dir.path().join("good.db"), desk.dir.path().join("bad.db"));
    desk.store.backup(&good).unwrap();
    desk.store.backup(&bad).unwrap();
    let raw = rusqlite::Connection::open(&bad).unwrap();
    raw.execute("UPDATE lead SET owner = 2", []).unwrap();
    drop(raw);
    let path = desk.path();
    let error = restore(&bad, &path, &mut quiet).unwrap_err();
    assert!(error.to_string().contains("lead id 1, owner"), "{error}");
    let Desk { dir, store, world, .. } = desk;
    drop(store);
    std::fs::write(&path, "not a database at all, sadly. ".repeat(300)).unwrap();
    let report = restore(&good, &path, &mut quiet).unwrap();
    assert!(report.moved_aside.unwrap().exists());
    assert_eq!(Store::open(&path).unwrap().load_world(&mut quiet).unwrap().digest(), world.digest());
    drop(dir);
}

#[test]
fn a_file_of_schema_1_is_copied_and_brought_up_to_date() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("old.db");
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch(include_str!("v1.sql")).unwrap();
    drop(raw);
    let too_old = Store::open_readonly(&path).unwrap_err();
    assert!(matches!(too_old, StoreError::OlderSchema { found: 1, .. }), "{too_old}");
    let store = Store::open(&path).unwrap();
    let backup = store.migration_backup().unwrap().to_owned();
    assert_eq!(backup, dir.path().join("old.db.v1.bak"));
    let world = store.load_world(&mut quiet).unwrap();
    assert_eq!((world.seq().0, world.open_count(), world.reps().len()), (4, 1, 2));
    assert!(check(&path, &mut quiet).unwrap().is_sound(), "{:?}", check(&path, &mut quiet).unwrap().findings);
    let raw = rusqlite::Connection::open(&path).unwrap();
    let (version, verb): (u32, String) = raw
        .query_row(
            "SELECT (SELECT user_version FROM pragma_user_version), verb FROM event_log WHERE seq = 3",
            [],
            |r| Ok((r.get(0)?, r.get(1)?)),
        )
        .unwrap();
    assert_eq!((version, verb.as_str()), (SCHEMA_VERSION, "lead.received"));
    let raw = rusqlite::Connection::open(&backup).unwrap();
    let version: u32 = raw.pragma_query_value(None, "user_version", |r| r.get(0)).unwrap();
    assert_eq!(version, 1);
    drop(store);
    let again = Store::open(&path).unwrap();
    assert_eq!(again.migration_backup(), None);
}

#[test]
fn making_a_desk_where_a_broken_attempt_left_an_empty_file() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk.db");
    std::fs::write(&path, "").unwrap();
    Store::create(&path, Millis(T0)).unwrap();
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
}
