//! What durability costs. Every figure is a ratio against a bare loop that writes the very same rows with the very same
//! statements' work, or stands against a stated limit; the program exits 1 when one is missed.
//!
//! `cargo bench --bench store` runs the ratios; `-- million` measures a file with a million leads instead; `-- crowd` only the
//! sixteen submitters; `-- beside` only a person's writes beside an import; `-- LEADS
//! CHUNK` runs ours and the bare loop once each, for a profiler (on a loaded machine instructions say more than time:
//! `valgrind --tool=callgrind --collect-atstart=no --toggle-collect='*store::timed*'`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a bench may")]

#[path = "support/bare.rs"]
mod bare;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use leadyard::desk::clock::{fresh_id, os_user};
use leadyard::desk::{Clock, Desk, DeskOptions, Interlock};
use leadyard::engine::{Intent, NewLead, Order};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::contact_card::ContactCard;
use leadyard::model::id::BookVersion;
use leadyard::model::key::{ContactKind, KeyHash};
use leadyard::model::lead::{ArrivalKind, Attrs, LeadState};
use leadyard::model::rep::RepCard;
use leadyard::model::time::Millis;
use leadyard::store::{self, Store};

use bare::Bare;

const NOW: Millis = Millis(1_795_000_000_000);
const REPS: usize = 40;
const CHUNK: usize = 500;
const BOOK: &str = r#"calendar
  timezone Asia/Shanghai

rule "East"
  when region in (上海, 江苏, 浙江)
  give to team East by fair

rule "South"
  when region = 广东
  give to team South by least-loaded

rule "All"
  give to team Inside by fair

otherwise wait
"#;

#[expect(clippy::disallowed_methods, reason = "a bench times things")]
fn instant() -> Instant {
    Instant::now()
}

/// A frame of its own, so that a profiler can be told to count from here.
#[inline(never)]
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = instant();
    let result = work();
    (result, start.elapsed())
}

fn order(intent: Intent) -> Order {
    let actor = Actor { name: "bench".into(), role: Role::Admin, console: 1 };
    Order { id: fresh_id(), actor, intent, seen: Vec::new() }
}

fn carry(desk: &mut Interlock, intent: Intent) {
    let group = desk.group(&[order(intent)], NOW);
    group.answers.into_iter().next().unwrap().unwrap();
}

fn found(path: &Path) -> Interlock {
    let mut desk = Interlock::new(Store::create(path, NOW).unwrap(), &mut |_, _| {}).unwrap();
    carry(&mut desk, Intent::Grant { actor: "bench".into(), role: Some(Role::Admin) });
    let cards = (0..REPS)
        .map(|i| {
            let mut card = RepCard::new(&format!("rep{i}"), &format!("Rep {i}"));
            card.teams = vec![["East", "South", "Inside"][i % 3].into()];
            card
        })
        .collect();
    carry(&mut desk, Intent::AddReps { cards });
    carry(&mut desk, Intent::Publish { text: BOOK.into(), note: "bench".into(), base: BookVersion(0) });
    desk
}

fn lead(i: u64, kind: ArrivalKind, state: LeadState) -> NewLead {
    let scatter = |n: u64| i.wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17) ^ n;
    let attrs = Attrs {
        source: ["抖音", "官网", "referral", "email"][(i % 4) as usize].into(),
        region: ["上海", "江苏", "浙江", "广东", "北京"][(scatter(1) % 5) as usize].into(),
        product: ["A 专业版", "B"][(i % 2) as usize].into(),
        company: format!("澄川仪器第{}分公司", i % 977).into(),
        has_phone: true,
        has_email: true,
        ..Attrs::default()
    };
    NewLead {
        attrs,
        contact: ContactCard {
            name: format!("欧阳{i}"),
            phone: format!("+861380000{:04}", i % 10_000),
            email: format!("lead{i}@example.com"),
            ..ContactCard::default()
        },
        keys: vec![
            KeyHash { kind: ContactKind::Phone, hash: scatter(2) },
            KeyHash { kind: ContactKind::Email, hash: scatter(3) },
        ],
        system: "bench".into(),
        external_id: format!("b-{i}").into(),
        received_at: Some(NOW),
        kind,
        state,
        owner: None,
        do_not_contact: false,
    }
}

fn live(from: u64, count: u64) -> Vec<NewLead> {
    (from..from + count).map(|i| lead(i, ArrivalKind::Live, LeadState::Waiting)).collect()
}

struct Bars {
    missed: bool,
}

impl Bars {
    fn at_most(&mut self, what: &str, figure: f64, limit: f64) {
        let ok = figure <= limit;
        self.missed |= !ok;
        println!("{} {what}: {figure:.2} (at most {limit})", if ok { "ok  " } else { "MISS" });
    }

    fn at_least(&mut self, what: &str, figure: f64, limit: f64) {
        let ok = figure >= limit;
        self.missed |= !ok;
        println!("{} {what}: {figure:.2} (at least {limit})", if ok { "ok  " } else { "MISS" });
    }
}

/// Median of pairwise runs, ours and bare in turn, so that a machine that slows down slows both.
fn pairs(dir: &Path, leads: u64, chunk: usize, rounds: usize) -> (f64, f64, f64) {
    let mut ratios = Vec::new();
    let (mut ours_rate, mut bare_rate) = (0.0, 0.0);
    for round in 0..rounds {
        let path = dir.join(format!("ours-{chunk}-{round}.db"));
        let mut desk = found(&path);
        let batches: Vec<Vec<NewLead>> =
            (0..leads).step_by(chunk).map(|from| live(from, (chunk as u64).min(leads - from))).collect();
        let ((), ours) = timed(|| {
            for leads in batches {
                carry(&mut desk, Intent::Receive { leads, import: None });
            }
        });
        drop(desk);
        let file = dir.join(format!("bare-{chunk}-{round}.db"));
        let mut rows = Bare::new(&file, &path, REPS, NOW);
        let ((), bare) = timed(|| {
            for from in (1..=leads as i64).step_by(chunk) {
                rows.write(from, from + chunk as i64, chunk as i64);
            }
        });
        ratios.push(ours.as_secs_f64() / bare.as_secs_f64());
        ours_rate = leads as f64 / ours.as_secs_f64();
        bare_rate = leads as f64 / bare.as_secs_f64();
    }
    ratios.sort_by(f64::total_cmp);
    (ratios[ratios.len() / 2], ours_rate, bare_rate)
}

fn submitters(path: &Path, threads: u64, each: u64) -> f64 {
    drop(found(path));
    let options = DeskOptions { clock: Clock::Machine, may_lead: false, console: 1 };
    let desk = Desk::start(Store::open(path).unwrap(), options, &mut |_, _| {}).unwrap();
    let ((), took) = timed(|| {
        std::thread::scope(|scope| {
            for t in 0..threads {
                let handle = desk.handle().clone();
                scope.spawn(move || {
                    for i in 0..each {
                        let intent = Intent::Receive { leads: live(t * each + i, 1), import: None };
                        handle.submit_and_wait(order(intent)).unwrap();
                    }
                });
            }
        });
    });
    (threads * each) as f64 / took.as_secs_f64()
}

/// Sixteen submitters beside one, in turn, the median of `rounds`.
fn crowd(dir: &Path, bars: &mut Bars, rounds: usize) {
    let mut ratios = Vec::new();
    for round in 0..rounds {
        let one = submitters(&dir.join(format!("one-{round}.db")), 1, 600);
        let many = submitters(&dir.join(format!("many-{round}.db")), 16, 200);
        println!("     one submitter {one:.0} leads/s, sixteen {many:.0}");
        ratios.push(many / one);
    }
    ratios.sort_by(f64::total_cmp);
    bars.at_least("sixteen submitters against one", ratios[ratios.len() / 2], 5.0);
}

/// A person's writes, one each few milliseconds, while another process imports: how long each waits for its answer.
fn beside(dir: &Path, bars: &mut Bars) {
    const LEADS: u64 = 60_000;
    const EVERY: Duration = Duration::from_millis(7);
    let path = dir.join("beside.db");
    let mut desk = found(&path);
    carry(&mut desk, Intent::Grant { actor: os_user().into(), role: Some(Role::Admin) });
    carry(&mut desk, Intent::Receive { leads: live(0, 1), import: None });
    let held = desk.world().leads().next().unwrap().id;
    drop(desk);
    let mut text = String::from("lead id,name,phone,source,region\n");
    for i in 0..LEADS {
        text.push_str(&format!("k-{i},欧阳{i},172{i:08},抖音,上海\n"));
    }
    let file = dir.join("leads.csv");
    std::fs::write(&file, text).unwrap();
    let options = DeskOptions { clock: Clock::Machine, may_lead: false, console: 1 };
    let desk = Desk::start(Store::open(&path).unwrap(), options, &mut |_, _| {}).unwrap();
    let begun = instant();
    let mut import = std::process::Command::new(env!("CARGO_BIN_EXE_leadyard"))
        .arg("--db")
        .arg(&path)
        .args(["import", "leads", "--as", "live"])
        .arg(&file)
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let seq = || desk.handle().snapshot().unwrap().seq();
    let start = seq();
    while seq() == start {
        std::thread::park_timeout(EVERY);
    }
    let mut waits = Vec::new();
    while import.try_wait().unwrap().is_none() {
        let until = desk.handle().clock().now().plus(60_000);
        let hold = order(Intent::Hold { leads: vec![held], until });
        let (answer, took) = timed(|| desk.handle().submit_and_wait(hold));
        answer.unwrap();
        waits.push(took.as_secs_f64() * 1_000.0);
        std::thread::park_timeout(EVERY);
    }
    let rate = LEADS as f64 / begun.elapsed().as_secs_f64();
    waits.sort_by(f64::total_cmp);
    let at = |share: f64| waits[((waits.len() - 1) as f64 * share) as usize];
    println!(
        "     {} writes beside an import of {rate:.0} leads/s: median {:.1} ms, p95 {:.1}, p99 {:.1}, longest {:.1}",
        waits.len(),
        at(0.5),
        at(0.95),
        at(0.99),
        at(1.0)
    );
    bars.at_most("a person's write beside an import, p95 in ms", at(0.95), 20.0);
}

fn million(dir: &Path, bars: &mut Bars) {
    let path = dir.join("million.db");
    let mut desk = found(&path);
    let (closed, open) = (900_000u64, 100_000u64);
    let ((), took) = timed(|| {
        for from in (0..closed + open).step_by(CHUNK) {
            let leads = (from..from + CHUNK as u64)
                .map(|i| {
                    if i < closed {
                        lead(i, ArrivalKind::History, LeadState::Lost)
                    } else {
                        lead(i, ArrivalKind::Live, LeadState::Waiting)
                    }
                })
                .collect();
            carry(&mut desk, Intent::Receive { leads, import: None });
        }
    });
    println!("     a million leads written in {:.1} s", took.as_secs_f64());
    desk.checkpoint(NOW).unwrap();
    drop(desk);
    let bytes = std::fs::metadata(&path).unwrap().len();
    println!("     {} bytes a lead", bytes / (closed + open));
    let mut starts: Vec<f64> = (0..5)
        .map(|_| {
            let (world, took) = timed(|| Store::open(&path).unwrap().load_world(&mut |_, _| {}).unwrap());
            assert_eq!(world.open_count() as u64, open);
            took.as_secs_f64() * 1000.0
        })
        .collect();
    starts.sort_by(f64::total_cmp);
    bars.at_most("start-up on a million leads, 100,000 open, ms", starts[2], 500.0);
    let (report, took) = timed(|| store::check(&path, &mut |_, _| {}).unwrap());
    assert!(report.findings.is_empty(), "{:?}", report.findings);
    bars.at_most("check of a million leads, s", took.as_secs_f64(), 60.0);
    let peak = std::fs::read_to_string("/proc/self/status").ok().and_then(|s| {
        s.lines().find(|l| l.starts_with("VmHWM"))?.split_whitespace().nth(1)?.parse::<f64>().ok()
    });
    if let Some(kb) = peak {
        bars.at_most("peak memory of this program over all of it, MB", kb / 1024.0, 300.0);
    }
}

fn main() {
    let mut bars = Bars { missed: false };
    let disk = tempfile::tempdir().unwrap();
    let memory = PathBuf::from("/dev/shm");
    let numbers: Vec<usize> = std::env::args().filter_map(|a| a.parse().ok()).collect();
    if std::env::args().any(|a| a == "million") {
        million(disk.path(), &mut bars);
    } else if std::env::args().any(|a| a == "crowd") {
        crowd(disk.path(), &mut bars, 3);
    } else if std::env::args().any(|a| a == "beside") {
        beside(disk.path(), &mut bars);
    } else if let [leads, chunk] = numbers[..] {
        let dir = if memory.is_dir() { tempfile::tempdir_in(&memory).unwrap() } else { disk };
        let (ratio, ours, bare) = pairs(dir.path(), leads as u64, chunk, 1);
        println!("     {leads} leads by {chunk}: {ours:.0} leads/s, bare {bare:.0}, ratio {ratio:.2}");
    } else {
        let (ratio, ours, bare) = pairs(disk.path(), 20_000, CHUNK, 5);
        println!("     import: {ours:.0} leads/s, bare {bare:.0}");
        bars.at_most("durable import against the bare loop", ratio, 2.0);
        let (ratio, ours, bare) = pairs(disk.path(), 300, 1, 15);
        println!("     single lead, synced: {ours:.0} leads/s, bare {bare:.0}");
        bars.at_least("single lead, share of the bare rate with FULL sync", 1.0 / ratio, 0.85);
        if memory.is_dir() {
            let dir = tempfile::tempdir_in(&memory).unwrap();
            let (ratio, ours, bare) = pairs(dir.path(), 4_000, 1, 5);
            println!(
                "     single lead, sync for nothing (memory file system): {ours:.0} leads/s, bare {bare:.0}"
            );
            bars.at_most("single lead against the bare statements without sync", ratio, 1.5);
        }
        crowd(disk.path(), &mut bars, 3);
        beside(disk.path(), &mut bars);
    }
    if bars.missed {
        std::process::exit(1);
    }
}
