//! `sim --kill-cycles`: a desk takes leads in a process of its own and is killed −9 at a random moment, also while it opens
//! after the kill before; what it had reported must be in the log, once, and every event must stand before the judge.
//!
//! The count is kept in the folder, so a run can be stopped at any time and go on later.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::cli::context::{CliError, Context, Done};
use crate::desk::clock::fresh_id;
use crate::desk::{Clock, Desk, DeskHandle, DeskOptions};
use crate::engine::{Intent, Order};
use crate::model::actor::Role;
use crate::model::event::Body;
use crate::model::id::Seq;
use crate::sim::arrivals::{ArrivalOptions, Arrivals};
use crate::sim::chance::Chance;
use crate::sim::judge::{Judge, sound};
use crate::sim::people::person;
use crate::sim::{company, demo};
use crate::store::{self, EVENTS_MAX, Store};

/// Writers of one desk.
const THREADS: u64 = 4;
/// Cycles on one file, before it is checked from zero and another is begun.
const CYCLES_A_FILE: u64 = 100;
/// Of the kills: while the desk opens, the recovery of the kill before included.
const OPENING_PERMILLE: u32 = 200;
/// Latest moment of a kill after the desk was ready, and of one while it opens, in milliseconds.
const KILL_MS: (i64, i64) = (60, 45);
/// A desk that is not ready by then is a finding, in milliseconds.
const READY_MS_MAX: u64 = 20_000;

/// What was counted so far.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Tally {
    cycles: u64,
    /// Killed before the desk was ready.
    while_opening: u64,
    /// Leads in the logs.
    leads: u64,
    /// Leads that were reported as taken.
    reported: u64,
    lost: u64,
    doubled: u64,
    files_checked: u64,
    /// How many openings after a kill took how many milliseconds, from the start of the process until it takes leads.
    recovery_ms: BTreeMap<u64, u64>,
}

impl Tally {
    fn read(folder: &Path) -> Tally {
        let text = std::fs::read_to_string(folder.join("tally.json")).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    fn write(&self, folder: &Path) -> Done {
        let fresh = folder.join("tally.new");
        std::fs::write(&fresh, serde_json::to_string(self).unwrap_or_default())?;
        std::fs::rename(&fresh, folder.join("tally.json"))?;
        Ok(())
    }

    /// The time within which `percent` of the recoveries were done.
    fn recovery(&self, percent: u64) -> u64 {
        let all: u64 = self.recovery_ms.values().sum();
        let mut seen = 0;
        let within = self.recovery_ms.iter().find(|(_, count)| {
            seen += **count;
            seen * 100 >= all * percent
        });
        within.map_or(0, |(ms, _)| *ms)
    }

    fn line(&self) -> String {
        format!(
            "{} cycles ({} while opening), {} leads taken, {} reported, lost {}, doubled {}, {} files checked, \
             recovery p50 {} ms, p95 {} ms, max {} ms",
            self.cycles,
            self.while_opening,
            self.leads,
            self.reported,
            self.lost,
            self.doubled,
            self.files_checked,
            self.recovery(50),
            self.recovery(95),
            self.recovery_ms.last_key_value().map_or(0, |(ms, _)| *ms)
        )
    }
}

/// Kills until `cycles` are full, counting those of earlier runs in the same folder.
///
/// # Errors
/// [`CliError::Findings`] with what was lost, doubled or wrong; the file is left where it is.
pub fn cycles(ctx: &Context, cycles: u64, folder: Option<&Path>) -> Done {
    let folder = match folder {
        Some(folder) => folder.to_path_buf(),
        None => std::env::temp_dir().join(format!("leadyard-kill-{}", fresh_id())),
    };
    std::fs::create_dir_all(&folder)?;
    let mut tally = Tally::read(&folder);
    while tally.cycles < cycles {
        let first = tally.cycles;
        let most = cycles.min(first + CYCLES_A_FILE);
        one_file(&folder, &mut tally, most)?;
        if !ctx.json {
            println!("{}", tally.line());
        }
    }
    if ctx.json {
        let mut out = serde_json::to_value(&tally).unwrap_or_default();
        for (key, percent) in [("recovery_p50_ms", 50), ("recovery_p95_ms", 95)] {
            if let Some(map) = out.as_object_mut() {
                map.insert(key.into(), tally.recovery(percent).into());
            }
        }
        println!("{out}");
    }
    Ok(())
}

/// A new file, cycles up to `most` on it, a check from zero at the end.
fn one_file(folder: &Path, tally: &mut Tally, most: u64) -> Done {
    let db = folder.join(format!("desk-{}.leadyard", tally.cycles));
    remove(&db);
    found(&db)?;
    let mut life = Life { db: db.clone(), ..Life::default() };
    let mut was_killed = false;
    while tally.cycles < most {
        let killed = life.cycle(tally.cycles)?;
        match killed.ready_ms {
            Some(ms) if was_killed => *tally.recovery_ms.entry(ms).or_default() += 1,
            Some(_) => {}
            None => tally.while_opening += 1,
        }
        was_killed = true;
        tally.reported += killed.reported.len() as u64;
        let came = life.came.len();
        let verdict = life.look(killed.reported, tally);
        tally.cycles += 1;
        tally.leads += (life.came.len() - came) as u64;
        tally.write(folder)?;
        verdict?;
    }
    life.again(tally)?;
    let report = store::check(&db, &mut |_, _| {})?;
    if let Some(finding) = report.findings.first() {
        return Err(life.finding(finding));
    }
    tally.files_checked += 1;
    tally.write(folder)?;
    remove(&db);
    Ok(())
}

/// What one killed process left behind.
struct Killed {
    /// From its start until it took leads; `None` when it was killed before.
    ready_ms: Option<u64>,
    /// External ids whose line came out whole.
    reported: Vec<String>,
}

/// One file over many lives of its desk.
#[derive(Default)]
struct Life {
    db: PathBuf,
    judge: Judge,
    came: BTreeSet<String>,
    reported: BTreeSet<String>,
}

impl Life {
    fn finding(&self, what: impl std::fmt::Display) -> CliError {
        CliError::Findings(format!("{}: {what}", self.db.display()))
    }

    /// Starts a writer and kills it at a moment drawn from the cycle's number.
    fn cycle(&self, cycle: u64) -> Done<Killed> {
        let mut chance = Chance::apart(cycle, 11);
        let early = chance.permille(OPENING_PERMILLE);
        let most = if early { KILL_MS.1 } else { KILL_MS.0 };
        let pause = Duration::from_millis(u64::try_from(chance.between(0, most)).unwrap_or(0));
        let began = instant();
        let mut child = Command::new(std::env::current_exe()?)
            .arg("--db")
            .arg(&self.db)
            .args(["sim", "--writer", &cycle.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let lines = listen(&mut child);
        let mut reported = Vec::new();
        let mut ready_ms = None;
        let mut deadline = if early { pause } else { Duration::from_millis(READY_MS_MAX) };
        let mut since = began;
        while let Ok((at, line)) = lines.recv_timeout(deadline.saturating_sub(since.elapsed())) {
            if line == "ready" && ready_ms.is_none() {
                ready_ms = Some(u64::try_from(at.duration_since(began).as_millis()).unwrap_or(u64::MAX));
                (since, deadline) = (at, if early { Duration::ZERO } else { pause });
            }
            reported.extend(line.strip_prefix("taken ").map(str::to_owned));
        }
        child.kill()?;
        // What it had said before dying counts too.
        for (_, line) in &lines {
            reported.extend(line.strip_prefix("taken ").map(str::to_owned));
        }
        let done = child.wait_with_output()?;
        let said = String::from_utf8_lossy(&done.stderr);
        if !said.trim().is_empty() {
            return Err(self.finding(format!("cycle {cycle}: {}", said.trim())));
        }
        if !early && ready_ms.is_none() {
            return Err(self.finding(format!("cycle {cycle}: not ready within {READY_MS_MAX} ms")));
        }
        Ok(Killed { ready_ms, reported })
    }

    /// Reads what is new, judges it, and looks for what was reported.
    fn look(&mut self, fresh: Vec<String>, tally: &mut Tally) -> Done {
        let store = Store::open_readonly(&self.db)?;
        loop {
            let from = Seq(self.judge.world().seq().0 + 1);
            let events = store.events(from, Seq(u64::MAX >> 1), EVENTS_MAX)?;
            for event in &events {
                if let Body::LeadReceived(r) = &event.body
                    && !self.came.insert(r.external_id.to_string())
                {
                    tally.doubled += 1;
                }
                self.judge.see(event).map_err(|wrong| self.finding(wrong))?;
            }
            if events.is_empty() {
                break;
            }
        }
        if let Some(wrong) = sound(self.judge.world()).first() {
            return Err(self.finding(wrong));
        }
        let lost: Vec<&String> = fresh.iter().filter(|id| !self.came.contains(*id)).collect();
        tally.lost += lost.len() as u64;
        if !lost.is_empty() {
            return Err(self.finding(format!("reported and not there: {lost:?}")));
        }
        self.reported.extend(fresh);
        Ok(())
    }

    /// Reads the whole log once more: nothing that was there once may have gone since.
    fn again(&self, tally: &mut Tally) -> Done {
        let mut there = BTreeSet::new();
        let store = Store::open_readonly(&self.db)?;
        let mut from = 1;
        loop {
            let events = store.events(Seq(from), Seq(u64::MAX >> 1), EVENTS_MAX)?;
            let Some(last) = events.last() else { break };
            from = last.seq.0 + 1;
            for event in &events {
                if let Body::LeadReceived(r) = &event.body {
                    there.insert(r.external_id.to_string());
                }
            }
        }
        let lost: Vec<&String> = self.reported.difference(&there).collect();
        tally.lost += lost.len() as u64;
        if lost.is_empty() { Ok(()) } else { Err(self.finding(format!("gone again: {lost:?}"))) }
    }
}

#[expect(clippy::disallowed_methods, reason = "measures what real processes take")]
pub(super) fn instant() -> Instant {
    Instant::now()
}

/// Whole lines of the child with the moment each came; ends with its death.
fn listen(child: &mut Child) -> Receiver<(Instant, String)> {
    let (tx, rx) = channel();
    if let Some(out) = child.stdout.take() {
        std::thread::spawn(move || {
            let mut out = BufReader::new(out);
            let mut line = String::new();
            while out.read_line(&mut line).is_ok_and(|read| read > 0) {
                // A line torn by the kill was not reported.
                if let Some(whole) = line.strip_suffix('\n')
                    && tx.send((instant(), whole.to_owned())).is_err()
                {
                    break;
                }
                line.clear();
            }
        });
    }
    rx
}

fn remove(db: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let mut name = db.as_os_str().to_owned();
        name.push(ending);
        // Mostly there is nothing to remove.
        let _ = std::fs::remove_file(name);
    }
}

/// A desk whose people take whatever comes.
fn found(db: &Path) -> Done {
    let desk = open_desk(Store::create(db, Clock::Machine.now())?, true)?;
    let mut cards = company::cards();
    for card in &mut cards {
        (card.cap_open, card.cap_day) = (None, None);
    }
    for (actor, intent) in demo::opening("admin", cards, company::BOOK) {
        let order = Order { id: fresh_id(), actor, intent, seen: Vec::new() };
        desk.handle()
            .submit_and_wait(order)
            .map_err(|e| CliError::Findings(format!("founding the desk: {e}")))?;
    }
    Ok(())
}

/// A desk of this process on an open file.
///
/// # Errors
/// The file's.
pub(super) fn open_desk(store: Store, may_lead: bool) -> Done<Desk> {
    let options = DeskOptions { clock: Clock::Machine, may_lead, console: std::process::id() };
    Ok(Desk::start(store, options, &mut |_, _| {})?)
}

/// The process that is killed: takes leads on several threads, says each after its COMMIT, never ends by itself while
/// somebody listens.
///
/// # Errors
/// The file's trouble, or what the desk answered.
pub fn write(db: &Path, life: u64) -> Done {
    let desk = open_desk(Store::open(db)?, true)?;
    println!("ready");
    let mut failed = None;
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..THREADS)
            .map(|thread| {
                let handle = desk.handle().clone();
                scope.spawn(move || writer(&handle, life, thread))
            })
            .collect();
        for writer in writers {
            failed = writer.join().ok().or(failed.take());
        }
    });
    failed.map_or(Ok(()), |why| Err(CliError::Database(why)))
}

/// Takes leads until something goes wrong; says what.
fn writer(handle: &DeskHandle, life: u64, thread: u64) -> String {
    let seed = life * THREADS + thread;
    let now = Clock::Machine.now();
    let options =
        ArrivalOptions { system: "kill".into(), secret: handle.secret(), ..ArrivalOptions::default() };
    let mut arrivals = Arrivals::new(seed, options, now);
    let mut chance = Chance::apart(seed, 12);
    let mut count = 0u64;
    loop {
        let mut leads = Vec::new();
        for _ in 0..chance.between(1, 4) {
            let mut lead = arrivals.one_more(Clock::Machine.now());
            lead.external_id = format!("k-{life}-{thread}-{count}").into();
            count += 1;
            leads.push(lead);
        }
        let lines: String = leads.iter().map(|l| format!("taken {}\n", l.external_id)).collect();
        let actor = person(demo::DOOR, Role::Coordinator, std::process::id());
        let intent = Intent::Receive { leads, import: None };
        if let Err(denied) = handle.submit_and_wait(Order { id: fresh_id(), actor, intent, seen: Vec::new() })
        {
            return denied.to_string();
        }
        let mut out = std::io::stdout().lock();
        if let Err(gone) = out.write_all(lines.as_bytes()).and_then(|()| out.flush()) {
            return gone.to_string();
        }
    }
}
