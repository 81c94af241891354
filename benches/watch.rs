//! What the watch's promises rest on: false alarms, recall and time to detect on streams with a fault at a known moment, beside
//! the naive thresholds every sales tool has, swept over their range; exact detectors within a look; what an event, a look and
//! a storm cost; what a remedy's promise is worth.
//!
//! Streams are synthetic desks of 5, 20 and 200 reps with clumped arrivals, and the arrivals of BPI 2012, Olist and MarketStar
//! where the folder is there (`LEADYARD_DATA`, else ../shared/data); without it that part says so and is left out. Turns are
//! drawn by chance, which is the worst a fair desk can look. `LEADYARD_SEEDS` sets how many seeds (200); words after `--` choose
//! parts (`cost`, `promise`, `exact`, `day`, `quality`, `recorded`).
//! Prints figure and limit; fails past one. `cargo bench --bench watch`.

#![expect(clippy::disallowed_methods, reason = "a benchmark times things")]

#[path = "watch/arrivals.rs"]
mod arrivals;
#[path = "watch/cost.rs"]
mod cost;
#[path = "watch/day.rs"]
mod day;
#[path = "watch/exact.rs"]
mod exact;
#[path = "watch/floor.rs"]
mod floor;
#[path = "watch/naive.rs"]
mod naive;
#[path = "watch/play.rs"]
mod play;
#[path = "watch/power.rs"]
mod power;
#[path = "watch/promise.rs"]
mod promise;
#[path = "watch/quality.rs"]
mod quality;
#[path = "watch/rig.rs"]
mod rig;
#[path = "../tests/support/stream.rs"]
mod stream;

use std::process::ExitCode;

pub struct Table {
    missed: usize,
}

impl Table {
    pub fn line(&mut self, what: &str, figure: &str, limit: &str, kept: bool) {
        self.missed += usize::from(!kept);
        println!("{what:<62} {figure:>22}   {limit:<28} {}", if kept { "ok" } else { "MISSED" });
    }

    pub fn note(&self, what: &str, figure: &str) {
        println!("{what:<62} {figure:>22}   (no limit)");
    }
}

pub fn percent(part: usize, of: usize) -> String {
    format!("{:.1} %", part as f64 * 100.0 / of.max(1) as f64)
}

pub fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    of.get(of.len() / 2).copied().unwrap_or(f64::NAN)
}

fn promises(table: &mut Table) {
    let kept = promise::keep(rig::START, 200, promise::Pace::Usual);
    println!("remedies: evening out loads, {} desks", kept.desks);
    table.line("  offered", &kept.desks.to_string(), "200", kept.desks == 200);
    let all = |n: usize| (percent(n, kept.desks), n == kept.desks);
    let (figure, is_kept) = all(kept.exact);
    table.line("  exact at the instant", &figure, "100 %", is_kept);
    let (figure, is_kept) = all(kept.undone);
    table.line("  undone, loads as before", &figure, "100 %", is_kept);
    let near = kept.near_later * 10 >= kept.desks * 9;
    table.line("  within 20 % half an hour later", &percent(kept.near_later, kept.desks), "≥ 90 %", near);
    let hectic = promise::keep(rig::START, 200, promise::Pace::Hectic);
    let figure = percent(hectic.near_later, hectic.desks);
    table.note("  the same where a lead lasts but an hour or two", &figure);
}

fn exactly(table: &mut Table, seeds: u64) {
    println!("exact detectors, {seeds} seeds each, a look every 10 s");
    for seen in exact::all(seeds) {
        let kept = seen.in_time == seen.seeds && seen.early == 0;
        let figure = format!("{} early, {:.1} s late", seen.early, seen.slowest_ms as f64 / 1e3);
        table.line(&format!("  {}", seen.name), &figure, "none early, ≤ 10 s", kept);
    }
}

fn main() -> ExitCode {
    let seeds = std::env::var("LEADYARD_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(200);
    let parts: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let wants = |part: &str| parts.is_empty() || parts.iter().any(|p| p == part);
    let mut table = Table { missed: 0 };
    if wants("cost") {
        cost::costs(&mut table);
    }
    if wants("promise") {
        promises(&mut table);
    }
    if wants("exact") {
        exactly(&mut table, seeds);
    }
    if wants("day") {
        day::all(&mut table);
    }
    if wants("quality") {
        quality::synthetic(&mut table, seeds);
    }
    if wants("recorded") {
        quality::recorded(&mut table);
    }
    if table.missed > 0 {
        println!("{} missed", table.missed);
    }
    if table.missed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
