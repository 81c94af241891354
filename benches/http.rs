//! What the door costs. Posts from 1, 8 and 64 clients, each answered 201 with its owner after a FULL sync, beside a bare axum
//! handler that writes the very same rows in groups and decides nothing, in turn, in one run; the same with a thousand rules;
//! and what an honest sender waits for while somebody floods the door.
//!
//! The load comes from a process of its own on the second core, servers keep to the first; with one core both share it and the
//! run says so. Prints figure and limit; fails past one. `cargo bench --bench http`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a bench may")]
#![expect(clippy::disallowed_methods, reason = "a benchmark times things")]

#[path = "support/bare.rs"]
mod bare;
#[path = "http/load.rs"]
mod load;
#[path = "http/servers.rs"]
mod servers;

use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

use load::Told;
use servers::{BareServer, Desks};

/// Rounds of each comparison; the median ratio counts.
const ROUNDS: usize = 5;
/// Clients, posts of a round, least share of the bare handler's rate; none where only latency is asked.
const SIZES: [(usize, usize, Option<f64>); 3] =
    [(1, 1_000, Some(0.85)), (8, 6_000, None), (64, 12_000, Some(0.60))];
const P99_MAX_MS: f64 = 30.0;
/// With a thousand rules the door may be this much slower than with ten.
const RULES_SHARE: f64 = 0.90;
const FLOODED_P99_MAX_MS: f64 = 200.0;

pub struct Table {
    missed: usize,
}

impl Table {
    fn line(&mut self, what: &str, figure: &str, limit: &str, kept: bool) {
        self.missed += usize::from(!kept);
        println!("{what:<58} {figure:>22}   {limit:<20} {}", if kept { "ok" } else { "MISSED" });
    }
}

/// Keeps this process to one core; without that core it runs anywhere.
fn pin(core: usize) {
    let mut set = rustix::thread::CpuSet::new();
    set.set(core);
    let _ = rustix::thread::sched_setaffinity(None, &set);
}

/// Runs the load tool and reads what it tells.
fn shoot(args: &[String]) -> Told {
    let out = Command::new(std::env::current_exe().unwrap())
        .arg("load")
        .args(args)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    Told::read(&String::from_utf8(out.stdout).unwrap())
}

fn posts(address: std::net::SocketAddr, clients: usize, count: usize, name: &str) -> Told {
    let args = [address.to_string(), clients.to_string(), count.to_string(), name.to_owned()];
    let told = shoot(&args);
    assert_eq!((told.taken, told.other), (count, 0), "every post is answered 201 with its owner");
    told
}

fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of[of.len() / 2]
}

fn beside_bare(table: &mut Table, dir: &Path) {
    for (clients, count, least) in SIZES {
        let (mut shares, mut tails, mut rates) = (Vec::new(), Vec::new(), (0.0, 0.0));
        for round in 0..ROUNDS {
            let file = dir.join(format!("ours-{clients}-{round}.db"));
            let desks = Desks::open(&file, 10);
            let ours = posts(desks.address(), clients, count, "ours");
            desks.close();
            let model = BareServer::open(&dir.join(format!("bare-{clients}-{round}.db")), &file);
            let bare = posts(model.address(), clients, count, "bare");
            model.close();
            shares.push(ours.rate() / bare.rate());
            tails.push(ours.ms(0.99));
            rates = (ours.rate(), bare.rate());
        }
        let share = median(shares);
        let figure = format!("{share:.2} ({:.0} / {:.0} a s)", rates.0, rates.1);
        let limit = least.map_or("(no limit)".to_owned(), |least| format!("≥ {least}"));
        table.line(
            &format!("{clients} clients, share of the bare handler's rate"),
            &figure,
            &limit,
            least.is_none_or(|least| share >= least),
        );
        let tail = median(tails);
        let is_asked = clients == 64;
        let limit = if is_asked { format!("< {P99_MAX_MS} ms") } else { "(no limit)".to_owned() };
        table.line("  p99", &format!("{tail:.1} ms"), &limit, !is_asked || tail < P99_MAX_MS);
    }
}

fn many_rules(table: &mut Table, dir: &Path) {
    let rate = |rules: usize, round: usize| {
        let desks = Desks::open(&dir.join(format!("rules-{rules}-{round}.db")), rules);
        let told = posts(desks.address(), 64, 8_000, "rules");
        desks.close();
        told.rate()
    };
    let share = median(
        (0..ROUNDS)
            .map(|round| {
                let few = rate(10, round);
                rate(1_000, round) / few
            })
            .collect(),
    );
    table.line(
        "64 clients, 1,000 rules beside 10",
        &format!("{share:.2}"),
        &format!("≥ {RULES_SHARE}"),
        share >= RULES_SHARE,
    );
}

fn flooded(table: &mut Table, dir: &Path) {
    let desks = Desks::open(&dir.join("flood.db"), 10);
    let (honest, flood) = (desks.token("honest", 600_000), desks.token("flood", 600));
    let address = desks.address().to_string();
    let args = |clients: &str, count: &str, name: &str, token: &str, pace: &str| {
        [address.as_str(), clients, count, name, token, pace].map(str::to_owned)
    };
    let (told, of_flood) = std::thread::scope(|scope| {
        let flood = scope.spawn(|| shoot(&args("64", "60000", "flood", &flood, "0")));
        let told = shoot(&args("8", "1600", "honest", &honest, "25"));
        (told, flood.join().unwrap())
    });
    desks.close();
    assert_eq!(told.other, 0, "whoever keeps to the rate is always taken");
    let tail = told.ms(0.99);
    let figure = format!("{tail:.1} ms");
    table.line(
        "honest p99 beside a flood",
        &figure,
        &format!("< {FLOODED_P99_MAX_MS} ms"),
        tail < FLOODED_P99_MAX_MS,
    );
    let turned = format!("{} of {}", of_flood.other, of_flood.other + of_flood.taken);
    table.line("  of the flood turned away", &turned, "most", of_flood.other > of_flood.taken);
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    if args.first().is_some_and(|a| a == "load") {
        pin(1);
        println!("{}", load::shoot(&args[1..]));
        return ExitCode::SUCCESS;
    }
    if std::thread::available_parallelism().map_or(1, usize::from) < 2 {
        println!("one core only: the load tool takes time from what it measures");
    }
    pin(0);
    let dir = tempfile::tempdir().unwrap();
    let mut table = Table { missed: 0 };
    let wants = |part: &str| args.is_empty() || args.iter().any(|a| a == part);
    if wants("bare") {
        beside_bare(&mut table, dir.path());
    }
    if wants("rules") {
        many_rules(&mut table, dir.path());
    }
    if wants("flood") {
        flooded(&mut table, dir.path());
    }
    if table.missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
