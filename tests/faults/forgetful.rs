//! A file system that forgets: the program's own system calls are traced, then played on a disk that keeps for certain only
//! what was synced. What was not is lost, torn in the middle or done before what came earlier, at the log as at the file
//! itself while the log is carried into it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use leadyard::sim::chance::Chance;
use leadyard::store::Store;

use crate::site::{csv, found, is_sound, program, quiet, scratch};

/// Commands traced one after the other; each ends with the log carried into the file.
const RUNS: usize = 2;
/// Leads a command takes, each in a transaction of its own.
const ROWS: usize = 20;
/// Power failures tried.
const FAILURES: u64 = 100;
/// A disk writes so much at once or not at all, in bytes.
const SECTOR: usize = 512;

/// What the traced program did, in order.
enum Call {
    Write {
        file: String,
        at: usize,
        bytes: Vec<u8>,
    },
    Cut {
        file: String,
        len: usize,
    },
    Remove {
        file: String,
    },
    Sync {
        file: String,
    },
    /// A lead was reported as taken.
    Report(String),
}

/// The bytes of a string as `strace -xx` writes it.
fn unhex(text: &str) -> Vec<u8> {
    text.split("\\x").skip(1).map(|two| u8::from_str_radix(two, 16).unwrap()).collect()
}

/// The file a call is about, by its name.
fn named(text: &str) -> String {
    let path = String::from_utf8(unhex(text)).unwrap();
    Path::new(&path).file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Reads a line of the trace. Writes count when they are asked for, a sync when it has returned.
fn read(line: &str, waiting: &mut BTreeMap<String, String>) -> Vec<Call> {
    let (process, call) = line.split_once(' ').unwrap();
    let call = call.trim_start();
    if call.starts_with("<... fsync resumed>") || call.starts_with("<... fdatasync resumed>") {
        return waiting.remove(process).map(|file| Call::Sync { file }).into_iter().collect();
    }
    let Some((name, rest)) = call.split_once('(') else { return Vec::new() };
    let file = || named(rest.split_once('<').unwrap().1.split_once('>').unwrap().0);
    let quoted = || rest.split('"').nth(1).unwrap();
    let number = |from_end: usize| {
        let inner =
            rest.split(" <unfinished").next().unwrap().rsplit_once(')').map_or(rest, |(inner, _)| inner);
        let text = inner.rsplit(", ").nth(from_end).unwrap();
        text.trim_end_matches(" <unfinished ...>").parse::<usize>().unwrap()
    };
    match name {
        "pwrite64" => vec![Call::Write { file: file(), at: number(0), bytes: unhex(quoted()) }],
        "ftruncate" => vec![Call::Cut { file: file(), len: number(0) }],
        "unlink" => vec![Call::Remove { file: named(quoted()) }],
        "fsync" | "fdatasync" if call.contains("<unfinished") => {
            waiting.insert(process.to_owned(), file());
            Vec::new()
        }
        "fsync" | "fdatasync" => vec![Call::Sync { file: file() }],
        "write" if rest.starts_with("1<") => {
            let said = String::from_utf8(unhex(quoted())).unwrap();
            let ids = said.lines().filter_map(|l| l.strip_prefix("taken ")?.split_whitespace().nth(1));
            ids.map(|id| Call::Report(id.to_owned())).collect()
        }
        _ => Vec::new(),
    }
}

/// Takes leads in under `strace`; `None` where that is not there or not allowed.
fn traced(db: &Path, rows: &Path, to: &Path) -> Option<Vec<Call>> {
    let out = Command::new("strace")
        .args(["-f", "-y", "-xx", "-s", "100000", "-e"])
        .arg("trace=pwrite64,ftruncate,fdatasync,fsync,write,unlink")
        .arg("-o")
        .arg(to)
        .arg(program())
        .env("LEADYARD_LANG", "en")
        .arg("--db")
        .arg(db)
        .args(["import", "leads"])
        .arg(rows)
        .args(["--each", "--as", "live"])
        .output()
        .ok()?;
    let wrong = String::from_utf8_lossy(&out.stderr);
    if !out.status.success() && wrong.contains("ptrace") {
        return None;
    }
    assert!(out.status.success(), "{wrong}");
    let mut waiting = BTreeMap::new();
    Some(std::fs::read_to_string(to).unwrap().lines().flat_map(|line| read(line, &mut waiting)).collect())
}

/// A file on the forgetful disk.
#[derive(Clone, Default)]
struct Kept {
    /// What is there for certain; `None` = no such file.
    sure: Option<Vec<u8>>,
    /// What was asked for since the last sync, in order.
    unsure: Vec<Change>,
}

#[derive(Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Cut(usize),
    Remove,
}

impl Change {
    fn apply(&self, content: &mut Option<Vec<u8>>) {
        match self {
            Change::Write(at, bytes) => {
                let all = content.get_or_insert_default();
                if all.len() < at + bytes.len() {
                    all.resize(at + bytes.len(), 0);
                }
                all[*at..at + bytes.len()].copy_from_slice(bytes);
            }
            Change::Cut(len) => content.get_or_insert_default().resize(*len, 0),
            Change::Remove => *content = None,
        }
    }
}

impl Kept {
    fn change(&mut self, change: Change) {
        // A file that is made anew is another file: its predecessor is gone before it is there.
        if matches!(self.unsure.last(), Some(Change::Remove)) {
            self.sync();
        }
        self.unsure.push(change);
    }

    fn sync(&mut self) {
        for change in std::mem::take(&mut self.unsure) {
            change.apply(&mut self.sure);
        }
    }

    /// What is found after the power failed.
    fn after_failure(&self, chance: &mut Chance) -> Option<Vec<u8>> {
        let mut content = self.sure.clone();
        let mut left: Vec<Change> = self.unsure.clone();
        let keeps = chance.between(0, 1000);
        while !left.is_empty() {
            let next = usize::try_from(chance.below(left.len() as u64)).unwrap();
            let change = left.remove(if chance.permille(500) { next } else { 0 });
            if chance.between(0, 1000) > keeps {
                continue;
            }
            match &change {
                Change::Write(at, bytes) if chance.permille(300) => {
                    for (nth, sector) in bytes.chunks(SECTOR).enumerate() {
                        if chance.permille(500) {
                            Change::Write(at + nth * SECTOR, sector.to_vec()).apply(&mut content);
                        }
                    }
                }
                _ => change.apply(&mut content),
            }
        }
        content
    }
}

/// The disk after the first `upto` calls, and the leads reported by then.
fn disk_at(calls: &[Call], upto: usize, start: &[u8]) -> (BTreeMap<String, Kept>, BTreeSet<String>) {
    let mut files: BTreeMap<String, Kept> = BTreeMap::new();
    files.insert("desk".into(), Kept { sure: Some(start.to_vec()), unsure: Vec::new() });
    let mut reported = BTreeSet::new();
    for call in calls.iter().take(upto) {
        match call {
            Call::Write { file, at, bytes } => {
                files.entry(file.clone()).or_default().change(Change::Write(*at, bytes.clone()));
            }
            Call::Cut { file, len } => files.entry(file.clone()).or_default().change(Change::Cut(*len)),
            Call::Remove { file } => files.entry(file.clone()).or_default().change(Change::Remove),
            Call::Sync { file } => files.entry(file.clone()).or_default().sync(),
            Call::Report(id) => drop(reported.insert(id.clone())),
        }
    }
    (files, reported)
}

fn laid_out(dir: &Path, files: &BTreeMap<String, Kept>, chance: &mut Chance) -> PathBuf {
    std::fs::create_dir(dir).unwrap();
    for (name, kept) in files {
        // The index of the log is made anew from the log by whoever opens first.
        if ["desk", "desk-wal"].contains(&name.as_str())
            && let Some(content) = kept.after_failure(chance)
        {
            std::fs::write(dir.join(name), content).unwrap();
        }
    }
    dir.join("desk")
}

#[test]
fn on_a_disk_that_forgets_what_was_not_synced_no_reported_lead_is_lost() {
    let dir = scratch();
    let path = dir.path().join("desk");
    drop(found(&path));
    assert!(!dir.path().join("desk-wal").exists(), "the file is whole by itself");
    let start = std::fs::read(&path).unwrap();
    let mut calls = Vec::new();
    for run in 0..RUNS {
        let rows = dir.path().join(format!("rows-{run}.csv"));
        csv(&rows, &format!("f{run}"), ROWS);
        let Some(more) = traced(&path, &rows, &dir.path().join("trace")) else {
            println!("skipped: strace is not there or not allowed");
            return;
        };
        calls.extend(more);
    }
    let reports = calls.iter().filter(|call| matches!(call, Call::Report(_))).count();
    let of_file = |call: &&Call| matches!(call, Call::Write { file, .. } if file == "desk");
    assert_eq!(reports, RUNS * ROWS);
    assert!(calls.iter().filter(of_file).count() > 20, "the log was carried into the file");
    // The model is that of the real disk where nothing fails.
    let (whole, _) = disk_at(&calls, calls.len(), &start);
    let mut last = whole["desk"].clone();
    last.sync();
    assert!(last.sure.unwrap() == std::fs::read(&path).unwrap(), "the trace tells all that was written");
    let (mut lost, mut unsure) = (0, 0);
    for seed in 0..FAILURES {
        let mut chance = Chance::new(seed);
        let upto = usize::try_from(chance.between(1, calls.len() as i64)).unwrap();
        let (files, reported) = disk_at(&calls, upto, &start);
        unsure += usize::from(files.values().any(|kept| !kept.unsure.is_empty()));
        let copy = laid_out(&dir.path().join(format!("after-{seed}")), &files, &mut chance);
        let store = Store::open(&copy).unwrap_or_else(|e| panic!("seed {seed}, call {upto}: {e}"));
        store.load_world(&mut quiet).unwrap();
        drop(store);
        let there = super::disk::arrivals(&copy);
        let gone: Vec<_> = reported.difference(&there).collect();
        assert!(gone.is_empty(), "seed {seed}, call {upto}: {gone:?} were reported and are gone");
        lost += RUNS * ROWS - there.len();
        is_sound(&copy);
    }
    assert!(
        unsure > 30 && lost > 0,
        "{unsure} failures met something unsure, {lost} leads were not yet there"
    );
}
