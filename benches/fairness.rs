//! How fair the engine is, in figures: seeds fixed, virtual clock, nothing timed. Prints figure and limit; fails past one.
//! `cargo bench --bench fairness`.

#[path = "../tests/support/scenes.rs"]
mod scenes;

use std::process::ExitCode;

use scenes::{Crowd, Mix, Off, back_from_leave, crowd, new_hire, overlapping};

struct Table {
    missed: usize,
}

impl Table {
    fn line(&mut self, what: &str, figure: &str, limit: &str, kept: bool) {
        self.missed += usize::from(!kept);
        println!("{what:<58} {figure:>22}   {limit:<24} {}", if kept { "ok" } else { "MISSED" });
    }

    fn note(&self, what: &str, figure: &str) {
        println!("{what:<58} {figure:>22}   (no limit)");
    }
}

fn milli(figure: i64) -> String {
    let (sign, figure) = (if figure < 0 { "−" } else { "" }, figure.abs());
    format!("{sign}{}.{:03}", figure / 1000, figure % 1000)
}

fn range(off: &Off) -> String {
    format!("{} to {}", milli(off.least), milli(off.most))
}

fn percent(milli: i64) -> String {
    format!("{}.{} %", milli / 10, milli % 10)
}

fn main() -> ExitCode {
    let mut table = Table { missed: 0 };
    println!("six reps, three overlapping pools, 3,000 leads");
    let (spread, _) = overlapping(3_000, Mix::Even);
    table.line("  spread, pools bring as much", &percent(spread), "≤ 1 %", spread <= 10);
    for (what, mix) in [("drawn by chance", Mix::Chance), ("one brings twice as much", Mix::Lopsided)] {
        // `fair` evens out turns over the desk; what is due follows the pools one is in.
        let (spread, range) = overlapping(3_000, mix);
        table.line(&format!("  (max − min) ÷ mean of turns, {what}"), &percent(range), "≤ 1 %", range <= 10);
        table.note(&format!("  spread, {what}"), &percent(spread));
    }
    println!("one of six back from two weeks' leave, ten seeds");
    let returns: Vec<_> = (1..=10).map(back_from_leave).collect();
    let most = returns.iter().map(|r| r.of_next_100).max().unwrap_or(0);
    let fewest = returns.iter().map(|r| r.of_next_100).min().unwrap_or(0);
    let row = returns.iter().map(|r| r.in_a_row).max().unwrap_or(0);
    table.line("  of the next 100 leads", &format!("{fewest} to {most}"), "≤ 20", most <= 20);
    table.line("  in a row", &row.to_string(), "≤ 3", row <= 3);
    let later = returns.iter().map(|r| r.later.0).max().unwrap_or(0);
    let least = returns.iter().map(|r| r.later.1).min().unwrap_or(0);
    table.note("  of any hundred in the five weeks after", &format!("{least} to {later}"));
    println!("a new hire as fourth in a team of 12 leads a day");
    let (first, (min, max)) = new_hire();
    table.line("  on the first day", &first.to_string(), "2 to 4", (2..=4).contains(&first));
    table.line("  on any of 35 days after", &format!("{min} to {max}"), "2 to 4", min >= 2 && max <= 4);
    for (what, within_team) in [("one pool", false), ("8 teams, by fair within team", true)] {
        println!("200 reps, 100,000 leads, a day off a week, two-week leaves; {what}");
        let desk = Crowd { teams: 8, per_team: 25, leads: 100_000, within_team, lunches: false };
        for seed in 1..=3 {
            let off = crowd(desk, seed);
            let kept = off.most <= 2_000 && off.least >= -2_000;
            table.line("  received − expected, the furthest, leads", &range(&off), "within 2", kept);
            table.note("  spread", &percent(off.spread));
        }
        // Shorter absences are no credit but are caught up with, so the desk's turns are even over the day; the expected
        // ones are not, where more are at lunch at twelve than at one.
        let off = crowd(Crowd { lunches: true, ..desk }, 1);
        table.line(
            "  with lunches: ledger − mean, turns",
            &milli(off.ledger),
            "within 2",
            off.ledger <= 2_000,
        );
        table.note("  with lunches: received − expected, leads", &range(&off));
        table.note("  with lunches: spread", &percent(off.spread));
    }
    if table.missed == 0 {
        ExitCode::SUCCESS
    } else {
        eprintln!("{} limits are missed", table.missed);
        ExitCode::FAILURE
    }
}
