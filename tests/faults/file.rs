//! The file itself: damaged, unreadable, named twice, taken away, of another schema, and the same lead sent otherwise.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use leadyard::desk::{Clock, Denied, Desk, DeskOptions, News};
use leadyard::engine::Taken;
use leadyard::model::event::Body;
use leadyard::model::id::Seq;
use leadyard::sim::chance::Chance;
use leadyard::store::{self, Store, StoreError};

use crate::site::{NOW, ask, found, is_sound, leads, leadyard, program, quiet, receive, scratch};

/// Spoils a copy in one of many ways; says which.
fn spoil(path: &Path, chance: &mut Chance) -> String {
    let mut bytes = std::fs::read(path).unwrap();
    let len = bytes.len() as i64;
    let mut wal = path.as_os_str().to_owned();
    wal.push("-wal");
    let what = match chance.below(7) {
        0 => {
            bytes[..100].fill(0);
            "header of zeros".to_owned()
        }
        1 => {
            bytes.truncate(usize::try_from(chance.between(1, len - 1)).unwrap());
            format!("cut to {} bytes", bytes.len())
        }
        2 => {
            let page = usize::try_from(chance.between(0, len / 4096 - 1)).unwrap() * 4096;
            let end = (page + 4096).min(bytes.len());
            bytes[page..end].fill(0);
            format!("page at {page} of zeros")
        }
        3 => {
            let at = usize::try_from(chance.between(0, len - 1)).unwrap();
            bytes[at] ^= 1 << chance.below(8);
            format!("a bit at {at}")
        }
        4 => {
            let at = usize::try_from(chance.between(0, len - 64)).unwrap();
            for byte in &mut bytes[at..at + 64] {
                *byte = u8::try_from(chance.below(256)).unwrap();
            }
            format!("64 bytes at {at}")
        }
        5 => {
            let noise: Vec<u8> = (0..9_000).map(|_| u8::try_from(chance.below(256)).unwrap()).collect();
            std::fs::write(&wal, noise).unwrap();
            "a foreign write-ahead log".to_owned()
        }
        _ => {
            bytes = b"this is a text about leads\n".repeat(200);
            "a text".to_owned()
        }
    };
    std::fs::write(path, bytes).unwrap();
    what
}

#[test]
fn two_hundred_damages_are_found_or_harmless() {
    let dir = scratch();
    let path = dir.path().join("desk");
    let mut desk = found(&path);
    ask(&mut desk, &receive(900, leads(1, 40)), NOW).unwrap();
    desk.checkpoint(NOW).unwrap();
    let honest = desk.world().digest();
    drop(desk);
    let original = std::fs::read(&path).unwrap();
    let (mut found, mut harmless) = (0, 0);
    for seed in 0..200 {
        let copy = dir.path().join(format!("spoiled-{seed}"));
        std::fs::write(&copy, &original).unwrap();
        let what = spoil(&copy, &mut Chance::new(seed));
        match store::check(&copy, &mut quiet) {
            Err(error) => {
                assert!(error.to_string().contains("spoiled-"), "{what}: {error}");
                found += 1;
            }
            Ok(report) if !report.is_sound() => found += 1,
            Ok(report) => {
                assert_eq!(report.digest, Some(honest), "seed {seed}: {what} passes as another desk");
                let opened = Store::open(&copy).unwrap().load_world(&mut quiet).unwrap();
                assert_eq!(opened.digest(), honest, "seed {seed}: {what}");
                harmless += 1;
            }
        }
        for ending in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(dir.path().join(format!("spoiled-{seed}{ending}")));
        }
    }
    println!("{found} found, {harmless} harmless");
    assert!(found > 80, "{found} found");
    assert_eq!(std::fs::read(&path).unwrap(), original);
}

#[test]
fn who_may_not_write_is_told() {
    if !rustix::process::getuid().is_root() || Command::new("setpriv").arg("--version").output().is_err() {
        println!("skipped: only root can become somebody else");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = dir.path().join("desk");
    drop(found(&path));
    let exe = dir.path().join("leadyard");
    std::fs::copy(program(), &exe).unwrap();
    let as_nobody = |args: &[&str]| {
        let id = ["--reuid=65534", "--regid=65534", "--clear-groups"];
        let mut command = Command::new("setpriv");
        command.args(id).arg(&exe).args(["--db", path.to_str().unwrap()]).args(args);
        let out = command.env("LEADYARD_LANG", "en").output().unwrap();
        (out.status.code(), String::from_utf8_lossy(&out.stderr).into_owned())
    };
    let original = std::fs::read(&path).unwrap();
    // Another's file; a file that can be read in a folder that cannot be written; a desk in a folder that is another's.
    for (mode, args) in [(0o600, ["mode", "paused"]), (0o644, ["mode", "paused"])] {
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
        let (code, said) = as_nobody(&args);
        assert_eq!(code, Some(5), "{said}");
        assert!(said.contains("desk") && !said.contains("panicked") && !said.contains("stack"), "{said}");
        assert_eq!(std::fs::read(&path).unwrap(), original);
    }
}

#[test]
fn a_file_with_two_names_is_refused() {
    let dir = scratch();
    let path = dir.path().join("desk");
    drop(found(&path));
    let other = dir.path().join("other");
    std::fs::hard_link(&path, &other).unwrap();
    for name in [&path, &other] {
        let errors = [Store::open(name).unwrap_err(), Store::open_readonly(name).unwrap_err()];
        for error in errors {
            assert!(error.to_string().contains("second name"), "{error}");
        }
    }
    std::fs::remove_file(&other).unwrap();
    Store::open(&path).unwrap();
}

#[test]
fn a_migration_that_was_cut_short_goes_on() {
    let dir = scratch();
    let path = dir.path().join("old");
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch(include_str!("../store/v1.sql")).unwrap();
    // As if the process had died in the middle of the step: its transaction never ended.
    raw.execute_batch("BEGIN IMMEDIATE; CREATE TABLE half_done (x); PRAGMA user_version = 2").unwrap();
    drop(raw);
    let world = Store::open(&path).unwrap().load_world(&mut quiet).unwrap();
    assert_eq!((world.seq().0, world.open_count(), world.reps().len()), (4, 1, 2));
    is_sound(&path);
    assert!(dir.path().join("old.v1.bak").exists());
}

#[test]
fn a_file_that_is_gone_is_noticed_and_not_written() {
    let ways: [fn(&Path) -> std::io::Result<()>; 2] =
        [|path| std::fs::remove_file(path), |path| std::fs::rename(path, path.with_extension("away"))];
    for takes_away in ways {
        let dir = scratch();
        let path = dir.path().join("desk");
        let store = found(&path).store().path().to_owned();
        let options = DeskOptions { clock: Clock::Machine, may_lead: true, console: 1 };
        let desk = Desk::start(Store::open(&store).unwrap(), options, &mut quiet).unwrap();
        let rt = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let (_, mut news) = rt.block_on(desk.handle().follow()).unwrap();
        takes_away(path.as_path()).unwrap();
        #[expect(clippy::disallowed_methods, reason = "measures how long it takes to notice")]
        let began = Instant::now();
        let told = rt.block_on(async {
            loop {
                match tokio::time::timeout(Duration::from_secs(10), news.recv()).await {
                    Ok(Ok(News::Trouble(error))) => break error,
                    Ok(Ok(_)) => {}
                    other => panic!("nothing was said for {:?}: {other:?}", began.elapsed()),
                }
            }
        });
        assert!(matches!(*told, StoreError::Replaced { .. }), "{told}");
        let answer = desk.handle().submit_and_wait(receive(900, leads(1, 1)));
        assert!(matches!(answer, Err(Denied::Store(_))), "{answer:?}");
        drop(desk);
        assert!(!path.exists(), "nothing is made in its place");
    }
}

#[test]
fn the_same_id_with_another_body_changes_nothing() {
    let dir = scratch();
    let mut desk = found(&dir.path().join("desk"));
    let first = leads(1, 1);
    let mut other = leads(2, 1);
    (other[0].system, other[0].external_id) = (first[0].system.clone(), first[0].external_id.clone());
    let taken = ask(&mut desk, &receive(900, first.clone()), NOW).unwrap().taken[0];
    let before = desk.world().digest();
    let again = ask(&mut desk, &receive(901, other), NOW).unwrap();
    assert_eq!((again.taken, again.events), (vec![Taken::Known(taken.lead())], 0));
    assert_eq!(desk.world().digest(), before);
    let kept = desk.store().contacts(&[taken.lead()]).unwrap();
    assert_eq!(kept[0].1.phone, first[0].contact.phone);
    let events = desk.store().events(Seq(1), Seq(u64::MAX >> 1), 5_000).unwrap();
    assert_eq!(events.iter().filter(|e| matches!(e.body, Body::LeadReceived(_))).count(), 1);
    // What was refused is said with the door's own words.
    let db = desk.path().to_owned();
    drop(desk);
    let out = leadyard(&db).args(["check"]).output().unwrap();
    assert!(out.status.success());
}
