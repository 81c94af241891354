//! Promise 1 from outside: whatever was reported as taken is there after a kill −9, once, with at most one owner; and the
//! report comes after the log was synced.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use leadyard::model::event::Body;
use leadyard::model::id::Seq;
use leadyard::store::{self, EVENTS_MAX, Store};

const LEADS: usize = 3_000;
const ROUNDS: usize = 12;

fn leadyard(db: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leadyard"));
    command.env_remove("LEADYARD_DB").env("LEADYARD_LANG", "en").arg("--db").arg(db);
    command
}

fn run(db: &Path, args: &[&str]) {
    let out = leadyard(db).args(args).output().unwrap();
    assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
}

/// A desk with three reps and a book, and a file of leads.
fn desk(dir: &Path) -> (std::path::PathBuf, std::path::PathBuf) {
    let db = dir.join("desk.db");
    for login in ["li.lei", "han.meimei", "o.brien"] {
        run(&db, &["rep", "add", login, "--team", "East"]);
    }
    let book = dir.join("book.rules");
    std::fs::write(&book, "rule \"All\"\n  give to team East by fair\n\notherwise wait\n").unwrap();
    run(&db, &["import", "rules", book.to_str().unwrap()]);
    let mut text = String::from("lead id,name,phone,source,region\n");
    for i in 0..LEADS {
        writeln!(text, "k-{i},欧阳{i},172{i:08},抖音,上海").unwrap();
    }
    let file = dir.join("leads.csv");
    std::fs::write(&file, text).unwrap();
    (db, file)
}

/// Leads in the log by external id, with how often each arrived.
fn arrivals(db: &Path) -> BTreeMap<String, usize> {
    let store = Store::open_readonly(db).unwrap();
    let mut found = BTreeMap::new();
    let mut from = 1;
    loop {
        let events = store.events(Seq(from), Seq(u64::MAX), EVENTS_MAX).unwrap();
        let Some(last) = events.last() else { return found };
        from = last.seq.0 + 1;
        for event in &events {
            if let Body::LeadReceived(r) = &event.body {
                *found.entry(r.external_id.to_string()).or_default() += 1;
            }
        }
    }
}

fn import<'a>(db: &Path, file: &'a Path) -> (Command, &'a Path) {
    let mut command = leadyard(db);
    command.args(["import", "leads"]).arg(file).args(["--each", "--as", "live"]);
    (command, file)
}

#[test]
fn what_was_reported_as_taken_survives_kill_9() {
    let dir = tempfile::tempdir().unwrap();
    let (db, file) = desk(dir.path());
    let mut reported: Vec<String> = Vec::new();
    for round in 0..ROUNDS {
        let mut child = import(&db, &file).0.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut fresh = 0;
        // Each round dies a little later in its stream of reports.
        while fresh < 20 + round * 17 {
            let Some(Ok(line)) = lines.next() else { break };
            if let Some(rest) = line.strip_prefix("taken ") {
                reported.push(rest.split_whitespace().nth(1).unwrap().to_owned());
                fresh += 1;
            }
        }
        child.kill().unwrap();
        // What it still had printed before dying counts as reported too.
        for line in lines.map_while(Result::ok) {
            if let Some(rest) = line.strip_prefix("taken ")
                && let Some(id) = rest.split_whitespace().nth(1)
            {
                reported.push(id.to_owned());
            }
        }
        child.wait().unwrap();
        let found = arrivals(&db);
        for id in &reported {
            // A torn last line can be a prefix of an id: only whole ones are held against the log.
            assert!(found.contains_key(id) || !id.starts_with("k-"), "{id} was reported and is gone");
        }
        assert!(found.values().all(|n| *n == 1), "a lead stands twice");
    }
    assert!(reported.len() > ROUNDS * 10, "the loop never got going: {}", reported.len());
    let status = import(&db, &file).0.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
    assert!(status.success());
    assert_eq!(arrivals(&db).len(), LEADS);
    let report = store::check(&db, &mut |_, _| {}).unwrap();
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    let world = Store::open_readonly(&db).unwrap().load_world(&mut |_, _| {}).unwrap();
    assert_eq!(world.leads().filter(|l| l.owner.is_some()).count(), LEADS);
}

/// One traced system call: its line, and what it is to us.
enum Call {
    WalWrite,
    Sync,
    Report,
}

#[test]
fn a_lead_is_reported_after_the_log_was_synced() {
    if Command::new("strace").arg("-V").output().is_err() {
        println!("skipped: strace is not installed");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let (db, file) = desk(dir.path());
    let trace = dir.path().join("trace");
    let out = Command::new("strace")
        .args(["-f", "-y", "-s", "64", "-e", "trace=write,pwrite64,fdatasync,fsync", "-o"])
        .arg(&trace)
        .arg(env!("CARGO_BIN_EXE_leadyard"))
        .arg("--db")
        .arg(&db)
        .args(["import", "leads"])
        .arg(&file)
        .args(["--each", "--as", "live"])
        .stdout(Stdio::piped())
        .output()
        .unwrap();
    if !out.status.success() && String::from_utf8_lossy(&out.stderr).contains("ptrace") {
        println!("skipped: tracing is not allowed here");
        return;
    }
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = std::fs::read_to_string(&trace).unwrap();
    let calls = text.lines().filter_map(|line| {
        if line.contains("pwrite64(") && line.contains("-wal>") {
            Some(Call::WalWrite)
        } else if (line.contains("fdatasync(") || line.contains("fsync(")) && line.contains("-wal>") {
            Some(Call::Sync)
        } else if line.contains("write(1<") && line.contains("taken ") {
            Some(Call::Report)
        } else {
            None
        }
    });
    let (mut unsynced, mut reports, mut syncs) = (false, 0, 0);
    for call in calls {
        match call {
            Call::WalWrite => unsynced = true,
            Call::Sync => {
                unsynced = false;
                syncs += 1;
            }
            Call::Report => {
                assert!(!unsynced, "a report came before its log was synced");
                reports += 1;
            }
        }
    }
    assert!(reports > 0 && syncs > 0, "{reports} reports, {syncs} syncs");
}
