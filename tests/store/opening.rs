//! What can be opened, what is refused and in which words, and what the file looks like from outside.

use std::os::unix::fs::PermissionsExt;

use leadyard::model::time::Millis;
use leadyard::store::{SCHEMA_VERSION, Store, StoreError};

use crate::fixture::{Desk, T0};

fn mode(path: &std::path::Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn what_is_not_a_desk_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    std::fs::write(at("empty"), "").unwrap();
    std::fs::write(at("text"), "name,phone\n".repeat(100)).unwrap();
    std::fs::create_dir(at("dir")).unwrap();
    let other = rusqlite::Connection::open(at("other")).unwrap();
    other.execute_batch("CREATE TABLE t (x)").unwrap();
    drop(other);

    type Is = fn(&StoreError) -> bool;
    let cases: [(&str, Is, &str); 5] = [
        ("missing", |e| matches!(e, StoreError::Missing { .. }), "does not exist"),
        ("empty", |e| matches!(e, StoreError::Foreign { .. }), "it is empty"),
        ("text", |e| matches!(e, StoreError::Foreign { .. }), "is not a Leadyard file"),
        ("dir", |e| matches!(e, StoreError::Foreign { .. }), "it is a directory"),
        ("other", |e| matches!(e, StoreError::Foreign { .. }), "another program"),
    ];
    for (name, is, words) in cases {
        for open in [Store::open, Store::open_readonly] {
            let error = open(&at(name)).unwrap_err();
            assert!(is(&error), "{name}: {error:?}");
            let text = error.to_string();
            assert!(text.contains(words) && text.contains(name), "{text}");
            assert!(!error.is_transient());
        }
    }
    assert_eq!(std::fs::read_to_string(at("text")).unwrap(), "name,phone\n".repeat(100));
}

#[test]
fn a_new_file_is_private_and_never_made_over_another() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("deep/desk.db");
    let store = Store::create(&path, Millis(T0)).unwrap();
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for part in ["deep/desk.db-wal", "deep/desk.db-shm"] {
        assert_eq!(mode(&dir.path().join(part)), 0o600, "{part}");
    }
    assert_eq!(store.desk_id().len(), 32);
    assert_ne!(store.secret(), [0; 16]);
    assert!(store.newer_schema().is_none() && store.migration_backup().is_none());
    let again = Store::create(&path, Millis(T0)).unwrap_err();
    assert!(matches!(again, StoreError::Exists { .. }), "{again}");
}

#[test]
fn two_desks_have_two_secrets() {
    let (a, b) = (Desk::new(), Desk::new());
    assert_ne!(a.store.secret(), b.store.secret());
    assert_ne!(a.store.desk_id(), b.store.desk_id());
}

#[test]
fn a_file_without_write_permission_can_be_read() {
    let desk = Desk::with_reps();
    let path = desk.path();
    let copy = desk.dir.path().join("copy.db");
    desk.store.backup(&copy).unwrap();
    std::fs::set_permissions(&copy, std::fs::Permissions::from_mode(0o400)).unwrap();
    if std::fs::OpenOptions::new().write(true).open(&copy).is_ok() {
        return; // The superuser may write anything: nothing to see here.
    }
    let error = Store::open(&copy).unwrap_err();
    assert!(matches!(error, StoreError::ReadOnly { .. }), "{error:?}");
    let readable = Store::open_readonly(&copy).unwrap();
    assert_eq!(readable.last_seq().unwrap(), desk.store.last_seq().unwrap());
    drop(path);
}

#[test]
fn a_newer_schema_is_read_but_not_written_also_while_running() {
    let mut desk = Desk::with_reps();
    let mut readable = Store::open_readonly(&desk.path()).unwrap();
    let foreign = rusqlite::Connection::open(desk.path()).unwrap();
    foreign.pragma_update(None, "user_version", SCHEMA_VERSION + 1).unwrap();
    drop(foreign);
    let running = desk.store.begin().err().unwrap();
    assert!(matches!(running, StoreError::NewerSchema { found, .. } if found == SCHEMA_VERSION + 1));
    assert!(running.stops_writing());
    let opening = Store::open(&desk.path()).unwrap_err();
    assert!(opening.to_string().contains("Update Leadyard"), "{opening}");
    let refused = readable.begin().err().unwrap();
    assert!(matches!(refused, StoreError::ReadOnly { .. }));
    let mut later = Store::open_readonly(&desk.path()).unwrap();
    assert_eq!(later.newer_schema(), Some(SCHEMA_VERSION + 1));
    assert!(matches!(later.begin().err().unwrap(), StoreError::NewerSchema { .. }));
    assert_eq!(later.load_world(&mut |_, _| ()).unwrap().digest(), desk.world.digest());
}

#[test]
fn every_error_names_the_file_and_what_to_do() {
    let path = std::path::PathBuf::from("/srv/desk.db");
    let p = || path.clone();
    let errors = [
        StoreError::Busy { path: p() },
        StoreError::Full { path: p() },
        StoreError::NetworkFs { path: p(), kind: "NFS".into() },
        StoreError::Replaced { path: p() },
        StoreError::Uncertain { path: p(), why: "disk I/O error".into() },
        StoreError::Damaged { path: p(), what: "event #5 is missing".into() },
        StoreError::InUse { path: p() },
    ];
    for error in &errors {
        assert!(error.to_string().contains("/srv/desk.db"), "{error}");
        assert!(
            error.to_string().matches('.').count() >= 2,
            "one sentence says what, one what to do: {error}"
        );
    }
    assert!(errors[0].is_transient() && errors[1..].iter().all(|e| !e.is_transient()));
}

#[test]
fn a_file_replaced_while_open_gets_no_more_writes() {
    let mut desk = Desk::with_reps();
    let copy = desk.dir.path().join("copy.db");
    desk.store.backup(&copy).unwrap();
    std::fs::rename(&copy, desk.path()).unwrap();
    let error = desk.store.begin().err().unwrap();
    assert!(matches!(error, StoreError::Replaced { .. }), "{error}");
}
