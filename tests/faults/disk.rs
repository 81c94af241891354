//! The disk: full, failing at the n-th write, forgetting what was not synced; and processes killed again and again.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use leadyard::desk::Denied;
use leadyard::model::event::Body;
use leadyard::model::id::Seq;
use leadyard::sim::chance::Chance;
use leadyard::store::{Store, StoreError, Trouble};

use crate::site::{NOW, ask, csv, found, is_sound, leads, leadyard, program, receive, scratch};

#[test]
fn killed_again_and_again_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().to_str().unwrap();
    let run = |cycles: &str| {
        let args = ["sim", "--kill-cycles", cycles, "--folder", folder, "--json"];
        let out = leadyard(Path::new("unused")).args(args).output().unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        serde_json::from_slice::<serde_json::Value>(&out.stdout).unwrap()
    };
    assert_eq!(run("5")["cycles"], 5);
    // The same folder goes on where it stopped.
    let tally = run("30");
    assert_eq!((&tally["cycles"], &tally["files_checked"]), (&30.into(), &2.into()));
    assert_eq!((&tally["lost"], &tally["doubled"]), (&0.into(), &0.into()));
    assert!(tally["reported"].as_u64() > Some(100) && tally["while_opening"].as_u64() > Some(0), "{tally}");
    assert!(tally["recovery_p95_ms"].as_u64() < Some(2_000), "{tally}");
}

#[test]
fn a_full_disk_is_said_and_over_by_itself() {
    let dir = scratch();
    let path = dir.path().join("desk");
    let mut desk = found(&path);
    desk.store_mut().make_trouble(Trouble::Full { pages: 0 }).unwrap();
    let mut refused = None;
    for id in 0..200 {
        let order = receive(900 + id, leads(id as u64, 4));
        match ask(&mut desk, &order, NOW) {
            Ok(_) => {}
            Err(Denied::Store(error)) => {
                refused = Some((order, error));
                break;
            }
            Err(other) => panic!("{other}"),
        }
    }
    let (order, error) = refused.unwrap();
    assert!(matches!(*error, StoreError::Full { .. }) && error.stops_writing(), "{error}");
    assert!(desk.store().outcome(order.id).unwrap().is_none());
    // A checkpoint is no better off, and no worse.
    let told = desk.checkpoint(NOW);
    assert!(matches!(told, Ok(()) | Err(StoreError::Full { .. })), "{told:?}");
    let seq = desk.world().seq();
    assert_eq!(desk.store().last_seq().unwrap(), seq, "what can be read is whole");
    desk.store_mut().make_trouble(Trouble::None).unwrap();
    assert!(ask(&mut desk, &order, NOW).unwrap().events > 0);
    drop(desk);
    is_sound(&path);
}

/// Leads in the log by external id.
pub fn arrivals(path: &Path) -> BTreeSet<String> {
    let events = Store::open_readonly(path).unwrap().events(Seq(1), Seq(u64::MAX >> 1), 5_000).unwrap();
    let ids = events.iter().filter_map(|e| match &e.body {
        Body::LeadReceived(r) => Some(r.external_id.to_string()),
        _ => None,
    });
    ids.collect()
}

const ROWS: usize = 12;

/// Imports under one failing system call; holds what was said against what is there, then lets it go on in peace.
fn fails_at(dir: &Path, original: &Path, rows: &Path, inject: &str) {
    let path = dir.join(inject.replace([':', '=', '+'], "-"));
    std::fs::copy(original, &path).unwrap();
    let out = Command::new("strace")
        .args(["-f", "-o", "/dev/null", "-e", &format!("inject={inject}")])
        .arg(program())
        .env("LEADYARD_LANG", "en")
        .arg("--db")
        .arg(&path)
        .args(["import", "leads"])
        .arg(rows)
        .args(["--each", "--as", "live"])
        .output()
        .unwrap();
    let (said, wrong) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(!wrong.contains("panicked"), "{inject}: {wrong}");
    let there = arrivals(&path);
    let reported = said.lines().filter_map(|l| l.strip_prefix("taken ")?.split_whitespace().nth(1));
    for id in reported {
        assert!(there.contains(id), "{inject}: {id} was reported and is not there");
    }
    if out.status.success() {
        assert_eq!(there.len(), ROWS, "{inject}: success was said");
    } else {
        assert!(!wrong.trim().is_empty(), "{inject}: it failed in silence");
    }
    let args = ["import", "leads", rows.to_str().unwrap(), "--as", "live"];
    let again = leadyard(&path).args(args).output().unwrap();
    assert!(again.status.success(), "{inject}: {}", String::from_utf8_lossy(&again.stderr));
    assert_eq!(arrivals(&path).len(), ROWS, "{inject}");
    is_sound(&path);
}

#[test]
fn every_write_may_fail() {
    let dir = scratch();
    let (path, rows) = (dir.path().join("desk"), dir.path().join("leads.csv"));
    drop(found(&path));
    csv(&rows, "f", ROWS);
    let traced = Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).output();
    if !traced.is_ok_and(|out| out.status.success()) {
        println!("skipped: strace is not there or not allowed");
        return;
    }
    let mut injections = Vec::new();
    for n in [1, 2, 3, 5, 8, 13, 21, 34, 55, 89, 144, 200] {
        for error in ["EIO", "ENOSPC"] {
            injections.push(format!("pwrite64:error={error}:when={n}"));
            injections.push(format!("pwrite64:error={error}:when={n}+"));
        }
    }
    for n in [1, 2, 4, 7, 11] {
        injections.push(format!("fdatasync:error=EIO:when={n}"));
        injections.push(format!("fdatasync:error=EIO:when={n}+"));
    }
    std::thread::scope(|scope| {
        for half in injections.chunks(injections.len().div_ceil(2)) {
            let (dir, path, rows) = (dir.path(), &path, &rows);
            scope.spawn(move || half.iter().for_each(|inject| fails_at(dir, path, rows, inject)));
        }
    });
    // A backup that cannot be written is no backup, and the desk knows nothing of it.
    for n in [1, 4, 20] {
        let to = dir.path().join(format!("backup-{n}"));
        let inject = format!("inject=pwrite64:error=ENOSPC:when={n}+");
        let out = Command::new("strace")
            .args(["-f", "-o", "/dev/null", "-e", &inject])
            .arg(program())
            .arg("--db")
            .args([&path, Path::new("backup"), &to])
            .output()
            .unwrap();
        assert!(!out.status.success() && !to.exists(), "{}", String::from_utf8_lossy(&out.stdout));
    }
    is_sound(&path);
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

#[test]
fn what_was_not_synced_may_be_lost_or_garbled() {
    let dir = scratch();
    let path = dir.path().join("desk");
    let mut desk = found(&path);
    let mut acked = Vec::new();
    for id in 0..14 {
        ask(&mut desk, &receive(900 + id, leads(id as u64, 2)), NOW).unwrap();
        let len = std::fs::metadata(beside(&path, "-wal")).unwrap().len();
        acked.push((usize::try_from(len).unwrap(), desk.world().seq()));
    }
    let (file, log) = (std::fs::read(&path).unwrap(), std::fs::read(beside(&path, "-wal")).unwrap());
    let honest = desk.world().digest();
    for seed in 0..80 {
        let mut chance = Chance::new(seed);
        // The power fails after this answer; what came later reached the disk in part, in any order, or not at all.
        let at = usize::try_from(chance.below(acked.len() as u64)).unwrap();
        let (synced, seq) = acked[at];
        let mut wal = log.clone();
        for sector in wal[synced..].chunks_mut(512) {
            match chance.below(3) {
                0 => sector.fill(0),
                1 => sector.reverse(),
                _ => {}
            }
        }
        if chance.permille(500) {
            wal.truncate(usize::try_from(chance.between(synced as i64, log.len() as i64)).unwrap());
        }
        let copy = dir.path().join(format!("after-{seed}"));
        std::fs::write(&copy, &file).unwrap();
        std::fs::write(beside(&copy, "-wal"), wal).unwrap();
        let store = Store::open(&copy).unwrap();
        let world = store.load_world(&mut |_, _| {}).unwrap();
        assert!(world.seq() >= seq, "seed {seed}: {} was answered, {} is there", seq, world.seq());
        let expected = desk.store().world_at(world.seq(), &mut |_, _| {}).unwrap();
        assert_eq!(world.digest(), expected.digest(), "seed {seed}");
        drop(store);
        is_sound(&copy);
    }
    assert_eq!(desk.world().digest(), honest);
}
