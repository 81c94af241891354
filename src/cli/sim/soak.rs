//! `sim --soak`: two real engines on one file in real time under a steady stream of leads, for as long as asked; the one
//! that stands by is stopped for a while. Memory, handles and the write-ahead log must stay level, nobody may wait long,
//! the file must be sound, and every lead reported as taken must be in it.
//!
//! Memory and handles are read where the system has `/proc`; elsewhere they are not judged.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tokio::sync::broadcast::Receiver;

use super::kill::{instant, open_desk};
use crate::cli::context::{CliError, Context, Done};
use crate::cli::demo::catch_up;
use crate::desk::clock::fresh_id;
use crate::desk::{Clock, Denied, DeskHandle, News};
use crate::engine::{Intent, Order, Taken};
use crate::model::time::SECOND_MS;
use crate::sim::arrivals::ArrivalOptions;
use crate::sim::company;
use crate::sim::coordinator::CoordinatorOptions;
use crate::sim::demo::{self, Demo, DemoOptions};
use crate::sim::people::PlayOptions;
use crate::store::{self, Store, WAL_LARGE_BYTES};
use crate::world::World;

/// Mean leads a minute, in thousandths: five a second.
const RATE_MILLI: u64 = 300_000;
/// How often the company is looked after, in milliseconds.
const BEAT_MS: u64 = 100;
/// How often the engines are measured; the log is at every beat.
const MEASURE_EVERY: Duration = Duration::from_secs(20);
/// Fewest measurements of a short run.
const MEASURES_MIN: u32 = 8;
/// How often the file is checked from zero beside the writers.
const CHECK_EVERY: Duration = Duration::from_secs(10 * 60);
/// Longest the one that stands by is stopped; a quarter of a short run.
const STOPPED_MAX: Duration = Duration::from_secs(10 * 60);
/// How long the engines may take to start, to wake up and to end.
const PATIENCE: Duration = Duration::from_secs(30);
/// Within this long 99 of 100 orders must be answered.
const WAIT_P99_MAX: Duration = Duration::from_secs(1);
/// Growth of memory between the second and the last quarter that is not a leak, in KB.
const GROWTH_MAX_KB: u64 = 16 << 10;
/// Handles may differ by so many between two measurements: a backup of the lease, a check.
const HANDLES_MORE_MAX: u64 = 4;

/// One look at an engine.
#[derive(Debug, Clone, Copy, Default)]
struct Look {
    memory_kb: u64,
    handles: u64,
}

/// `leadyard run` in a process of its own; killed when dropped.
struct Engine {
    child: Child,
    out: PathBuf,
    looks: Vec<Look>,
}

impl Engine {
    /// Starts it and waits until it says how it stands to the lead.
    fn start(ctx: &Context, db: &Path, name: &str) -> Done<Engine> {
        let out = db.with_file_name(format!("{name}.out"));
        let file = std::fs::File::create(&out)?;
        let child = Command::new(std::env::current_exe()?)
            .args(["--lang", "en", "--json", "--db"])
            .arg(db)
            .arg("run")
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()?;
        let engine = Engine { child, out, looks: Vec::new() };
        let said = |text: &str| text.contains("\"leading\"") || text.contains("\"standing by\"");
        engine.wait_until(|engine| said(&engine.said()))?;
        if !ctx.json {
            println!("{name}: process {}", engine.child.id());
        }
        Ok(engine)
    }

    fn said(&self) -> String {
        std::fs::read_to_string(&self.out).unwrap_or_default()
    }

    fn wait_until(&self, holds: impl Fn(&Engine) -> bool) -> Done {
        let began = instant();
        while !holds(self) {
            if began.elapsed() > PATIENCE {
                return Err(wrong(format!(
                    "{} waited in vain; it said: {}",
                    self.out.display(),
                    self.said()
                )));
            }
            std::thread::park_timeout(Duration::from_millis(20));
        }
        Ok(())
    }

    fn signal(&self, signal: Signal) -> Done {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        match pid.map(|pid| kill_process(pid, signal)) {
            Some(Ok(())) => Ok(()),
            gone => Err(wrong(format!("{}: the engine is gone: {gone:?}", self.out.display()))),
        }
    }

    /// Stops it while it does not hold the write lock: in the middle of a transaction it would keep everybody waiting,
    /// which no lease can cure.
    fn stand_still(&self, db: &Path) -> Done {
        let mut probe = Store::open(db)?;
        loop {
            self.signal(Signal::STOP)?;
            if probe.begin().is_ok() {
                return Ok(());
            }
            self.signal(Signal::CONT)?;
        }
    }

    fn look(&mut self) {
        let proc = PathBuf::from(format!("/proc/{}", self.child.id()));
        let status = std::fs::read_to_string(proc.join("status")).unwrap_or_default();
        let anon = status.lines().find_map(|line| line.strip_prefix("RssAnon:"));
        let kb = anon.and_then(|rest| rest.split_whitespace().next()).and_then(|kb| kb.parse().ok());
        let handles = std::fs::read_dir(proc.join("fd")).map(|all| all.count() as u64);
        if let (Some(memory_kb), Ok(handles)) = (kb, handles) {
            self.looks.push(Look { memory_kb, handles });
        }
    }

    /// Mean memory of a quarter of the run (0..4), in KB.
    fn memory_kb(&self, quarter: usize) -> u64 {
        let all = self.looks.len();
        let part = self.looks.get(all * quarter / 4..all * (quarter + 1) / 4).unwrap_or_default();
        part.iter().map(|l| l.memory_kb).sum::<u64>() / (part.len() as u64).max(1)
    }

    /// Fewest and most handles after the first quarter.
    fn handles(&self) -> (u64, u64) {
        let late = self.looks.get(self.looks.len() / 4..).unwrap_or_default();
        let count = || late.iter().map(|l| l.handles);
        (count().min().unwrap_or(0), count().max().unwrap_or(0))
    }

    /// What of its figures looks like a leak.
    fn leak(&self, name: &str) -> Option<String> {
        let (early, late) = (self.memory_kb(1), self.memory_kb(3));
        let (fewest, most) = self.handles();
        if late > early + GROWTH_MAX_KB {
            return Some(format!("{name}: memory went from {early} KB to {late} KB"));
        }
        (most > fewest + HANDLES_MORE_MAX).then(|| format!("{name}: handles went from {fewest} to {most}"))
    }

    /// Ends it by SIGTERM; it must go well.
    fn end(mut self) -> Done {
        self.signal(Signal::TERM)?;
        let began = instant();
        loop {
            match self.child.try_wait()? {
                Some(status) if status.success() => return Ok(()),
                Some(status) => return Err(wrong(format!("an engine ended with {status}: {}", self.said()))),
                None if began.elapsed() > PATIENCE => return Err(wrong("an engine does not end".to_owned())),
                None => std::thread::park_timeout(Duration::from_millis(20)),
            }
        }
    }

    fn json(&self) -> serde_json::Value {
        let memory: Vec<u64> = (0..4).map(|quarter| self.memory_kb(quarter)).collect();
        let (fewest, most) = self.handles();
        json!({ "memory_kb_by_quarter": memory, "handles_min": fewest, "handles_max": most })
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // One that ended is no longer there to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn wrong(what: String) -> CliError {
    CliError::Findings(what)
}

/// What the stream of orders came to.
#[derive(Debug, Default)]
struct Stream {
    orders: u64,
    refused: u64,
    taken: u64,
    /// How long each order took to be answered, in microseconds.
    waits: Vec<u32>,
    /// The same while the one that stands by was stopped.
    waits_stopped: Vec<u32>,
    wal_max: u64,
    wal_max_stopped: u64,
    checks: u64,
    open_leads: usize,
}

/// The wait within which `permille` of the orders were answered.
fn percentile(waits: &[u32], permille: usize) -> Duration {
    let mut sorted = waits.to_vec();
    sorted.sort_unstable();
    let at = (sorted.len() * permille / 1000).min(sorted.len().saturating_sub(1));
    Duration::from_micros(sorted.get(at).copied().unwrap_or(0).into())
}

/// Soaks for `minutes` on a new file in `folder`, which is kept when something is found or the folder was named.
///
/// # Errors
/// [`CliError::Findings`] with what did not stay level, was lost, or is wrong in the file.
pub fn soak(ctx: &Context, minutes: f64, folder: Option<&Path>) -> Done {
    let length = Duration::try_from_secs_f64(minutes * 60.0)
        .map_err(|error| CliError::Usage(format!("--soak {minutes}: {error}")))?;
    let home = match folder {
        Some(folder) => folder.to_path_buf(),
        None => std::env::temp_dir().join(format!("leadyard-soak-{}", fresh_id())),
    };
    std::fs::create_dir_all(&home)?;
    let db = home.join("desk.leadyard");
    found(&db)?;
    let mut engines = [Engine::start(ctx, &db, "engine")?, Engine::start(ctx, &db, "standby")?];
    let desk = open_desk(Store::open(&db)?, false)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let mut run = Run { ctx, db: &db, handle: desk.handle(), stream: Stream::default() };
    let done = runtime.block_on(run.go(length, &mut engines));
    let stream = run.stream;
    drop(desk);
    done?;
    let [engine, standby] = engines;
    tell(ctx, &stream, &engine, &standby);
    let leak = engine.leak("engine").or_else(|| standby.leak("standby"));
    engine.end()?;
    standby.end()?;
    if let Some(leak) = leak {
        return Err(wrong(leak));
    }
    judge(&db, &stream)?;
    if folder.is_none() {
        // A folder that cannot be removed is the system's to clear.
        let _ = std::fs::remove_dir_all(&home);
    }
    Ok(())
}

/// A desk whose people are quick and without caps, so that as many leads close as come, and whose timers move leads.
fn found(db: &Path) -> Done {
    let desk = open_desk(Store::create(db, Clock::Machine.now())?, true)?;
    let mut cards = company::cards();
    for card in &mut cards {
        (card.cap_open, card.cap_day) = (None, None);
    }
    let lines = company::BOOK.lines().map(|line| match line.split_whitespace().next() {
        Some("otherwise") => {
            "replies from 官网, 抖音, 百度, 转介绍\n\notherwise give to team Inside by fair\n"
        }
        _ => line,
    });
    let book = lines.collect::<Vec<_>>().join("\n");
    for (actor, intent) in demo::opening("admin", cards, &book) {
        let order = Order { id: fresh_id(), actor, intent, seen: Vec::new() };
        desk.handle().submit_and_wait(order).map_err(|e| wrong(format!("founding the desk: {e}")))?;
    }
    Ok(())
}

fn company_at_work(handle: &DeskHandle) -> Demo {
    let arrivals = ArrivalOptions {
        rate_milli: RATE_MILLI,
        system: "soak".into(),
        secret: handle.secret(),
        ..ArrivalOptions::default()
    };
    let people = PlayOptions {
        answer_ms: 20 * SECOND_MS,
        outcome_ms: 60 * SECOND_MS,
        never_permille: 5,
        ..PlayOptions::default()
    };
    let coordinator = CoordinatorOptions { every_ms: 3 * SECOND_MS, ..CoordinatorOptions::default() };
    let options = DemoOptions { arrivals, people, coordinator: Some(coordinator) };
    Demo::new(1, options, Clock::Machine.now())
}

struct Run<'r> {
    ctx: &'r Context,
    db: &'r Path,
    handle: &'r DeskHandle,
    stream: Stream,
}

impl Run<'_> {
    async fn go(&mut self, length: Duration, engines: &mut [Engine; 2]) -> Done {
        let mut company = company_at_work(self.handle);
        let (mut world, mut news) = self.handle.follow().await.map_err(|e| wrong(e.to_string()))?;
        let began = instant();
        let (stop_at, stop_for) = (length / 4, STOPPED_MAX.min(length / 4));
        let (mut was_stopped, mut is_stopped) = (false, false);
        let (mut measured, mut checked) = (began, began);
        let mut check = None;
        while began.elapsed() < length {
            // A soak is time that passes: each beat is a load of a set size, and there is no event to wait for.
            tokio::time::sleep(Duration::from_millis(BEAT_MS)).await;
            self.beat(&mut company, &mut world, &mut news, is_stopped).await?;
            if !was_stopped && began.elapsed() >= stop_at {
                engines[1].stand_still(self.db)?;
                (was_stopped, is_stopped) = (true, true);
            }
            if is_stopped && began.elapsed() >= stop_at + stop_for {
                engines[1].signal(Signal::CONT)?;
                is_stopped = false;
            }
            if measured.elapsed() >= MEASURE_EVERY.min(length / MEASURES_MIN) {
                measured = instant();
                engines.iter_mut().for_each(Engine::look);
                self.progress(began, &world, engines);
            }
            if checked.elapsed() >= CHECK_EVERY && check.is_none() {
                checked = instant();
                let db = self.db.to_path_buf();
                check = Some(std::thread::spawn(move || store::check(&db, &mut |_, _| {})));
            }
            if let Some(done) = check.take_if(|check| check.is_finished()) {
                self.checked(done)?;
            }
        }
        if let Some(done) = check {
            self.checked(done)?;
        }
        Ok(())
    }

    fn checked(
        &mut self,
        done: std::thread::JoinHandle<Result<store::CheckReport, store::StoreError>>,
    ) -> Done {
        let report = done.join().map_err(|_| wrong("the check broke down".to_owned()))??;
        self.stream.checks += 1;
        report.findings.first().map_or(Ok(()), |finding| Err(wrong(finding.to_string())))
    }

    /// What people want now, one order after the other, each timed.
    async fn beat(
        &mut self,
        company: &mut Demo,
        world: &mut World,
        news: &mut Receiver<News>,
        is_stopped: bool,
    ) -> Done {
        if catch_up(world, news) {
            (*world, *news) = self.handle.follow().await.map_err(|e| wrong(e.to_string()))?;
        }
        for (actor, intent) in company.due(world, Clock::Machine.now()) {
            let order =
                Order { id: fresh_id(), actor: actor.clone(), intent: intent.clone(), seen: Vec::new() };
            let asked = instant();
            let answer = self.handle.submit(order).await.unwrap_or(Err(Denied::Closing));
            self.waited(asked.elapsed(), is_stopped);
            match answer {
                Ok(outcome) => {
                    company.did(&actor, &intent, outcome.batch);
                    let fresh = outcome.taken.iter().filter(|t| matches!(t, Taken::New(_))).count();
                    self.stream.taken +=
                        if matches!(intent, Intent::Receive { .. }) { fresh as u64 } else { 0 };
                }
                // Part of the play: a rep who acts on a lead that moved on meanwhile.
                Err(Denied::Refused(_)) => self.stream.refused += 1,
                Err(denied) => return Err(wrong(denied.to_string())),
            }
        }
        self.stream.open_leads = world.open_count();
        let mut wal = self.db.as_os_str().to_owned();
        wal.push("-wal");
        let bytes = std::fs::metadata(wal).map_or(0, |meta| meta.len());
        self.stream.wal_max = self.stream.wal_max.max(bytes);
        if is_stopped {
            self.stream.wal_max_stopped = self.stream.wal_max_stopped.max(bytes);
        }
        if bytes >= WAL_LARGE_BYTES {
            return Err(wrong(format!("the write-ahead log grew to {bytes} bytes")));
        }
        Ok(())
    }

    fn waited(&mut self, wait: Duration, is_stopped: bool) {
        let micros = u32::try_from(wait.as_micros()).unwrap_or(u32::MAX);
        self.stream.orders += 1;
        self.stream.waits.push(micros);
        if is_stopped {
            self.stream.waits_stopped.push(micros);
        }
    }

    fn progress(&self, began: Instant, world: &World, engines: &[Engine; 2]) {
        if self.ctx.json {
            return;
        }
        let mut line = format!(
            "{} s: {} leads, {} open, {} orders, log up to {} KB",
            began.elapsed().as_secs(),
            self.stream.taken,
            world.open_count(),
            self.stream.orders,
            self.stream.wal_max >> 10
        );
        for look in engines.iter().filter_map(|engine| engine.looks.last()) {
            let _ = write!(line, "; {} KB, {} handles", look.memory_kb, look.handles);
        }
        println!("{line}");
    }
}

fn tell(ctx: &Context, stream: &Stream, engine: &Engine, standby: &Engine) {
    let ms = |waits: &[u32], permille| {
        f64::from(u32::try_from(percentile(waits, permille).as_micros()).unwrap_or(u32::MAX)) / 1000.0
    };
    let waits = |all: &[u32]| json!({ "orders": all.len(), "p50": ms(all, 500), "p95": ms(all, 950), "p99": ms(all, 990), "max": ms(all, 1000) });
    let figures = json!({
        "leads": stream.taken,
        "open_leads": stream.open_leads,
        "orders": stream.orders,
        "refused": stream.refused,
        "wait_ms": waits(&stream.waits),
        "wait_ms_beside_stopped": waits(&stream.waits_stopped),
        "wal_bytes_max": stream.wal_max,
        "wal_bytes_max_beside_stopped": stream.wal_max_stopped,
        "checks_while_running": stream.checks,
        "engine": engine.json(),
        "standby": standby.json(),
    });
    if ctx.json {
        println!("{figures}");
    } else {
        println!("{figures:#}");
    }
}

/// What is left in the file after everybody went.
fn judge(db: &Path, stream: &Stream) -> Done {
    let p99 = percentile(&stream.waits, 990);
    if p99 > WAIT_P99_MAX {
        return Err(wrong(format!("one order of a hundred waited {p99:?} or longer")));
    }
    let report = store::check(db, &mut |_, _| {})?;
    if let Some(finding) = report.findings.first() {
        return Err(wrong(finding.to_string()));
    }
    if report.leads != stream.taken {
        return Err(wrong(format!(
            "{} leads were reported as taken, {} are there",
            stream.taken, report.leads
        )));
    }
    Ok(())
}
