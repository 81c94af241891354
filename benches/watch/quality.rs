//! The tables of quality: false alarms on quiet weeks, and for each fault how many of the seeds are found, how soon beside what
//! a test needs, and how soon beside the best naive threshold.

use leadyard::model::alert::{AlertKey, AlertKind};
use leadyard::model::time::{HOUR_MS, Millis};

use super::arrivals::{self, Arrivals};
use super::play::{EMPTY, Fault, Player, Run};
use super::rig::START;
use super::{Table, median, naive, percent, power};

/// Of 200 seeds, how many go to each size: a desk of 200 is worth many small ones.
const SIZES: [(u32, u64); 3] = [(5, 100), (20, 80), (200, 20)];

/// The quiet weeks of a seed, and each fault grown out of them.
struct Seed {
    quiet: Run,
    faulty: Vec<(Fault, Run)>,
}

fn grow(reps: u32, arrivals: &Arrivals, seed: u64, at: impl Fn(Fault) -> Millis) -> Seed {
    let mut player = Player::new(reps, arrivals, seed);
    let mut faults = Fault::ALL.map(|fault| (at(fault), fault));
    faults.sort_by_key(|(at, fault)| (*at, format!("{fault:?}")));
    let mut faulty = Vec::new();
    for (at, fault) in faults {
        player.quiet(at);
        faulty.push((fault, player.clone().with(fault)));
    }
    player.quiet(arrivals.end());
    Seed { quiet: player.run, faulty }
}

/// Seeds side by side, as many as there are cores.
fn grow_all(seeds: u64, one: impl Fn(u64) -> Seed + Sync) -> Vec<Seed> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    std::thread::scope(|scope| {
        let one = &one;
        let mine = |from: u64| {
            scope.spawn(move || (from..seeds).step_by(threads as usize).map(one).collect::<Vec<_>>())
        };
        let all: Vec<_> = (0..threads).map(mine).collect();
        all.into_iter().flat_map(|thread| thread.join().unwrap_or_default()).collect()
    })
}

/// Synthetic desks of three sizes.
pub fn synthetic(table: &mut Table, seeds: u64) {
    let (mut weeks, mut wrong) = (0.0, Vec::new());
    for (reps, of_200) in SIZES {
        let seeds = (of_200 * seeds / 200).max(1);
        println!("desk of {reps}, {seeds} seeds: six weeks, clumped arrivals, turns by chance");
        let all = grow_all(seeds, |seed| {
            grow(reps, &Arrivals::clumped(START, reps, 42, seed), seed, |f| f.at(START))
        });
        let quiet: Vec<Run> = all.iter().map(|seed| seed.quiet.clone()).collect();
        weeks += false_alarms(table, &quiet, &mut wrong);
        for fault in Fault::ALL {
            let runs: Vec<Run> = all
                .iter()
                .flat_map(|s| &s.faulty)
                .filter(|(f, _)| *f == fault)
                .map(|(_, r)| r.clone())
                .collect();
            found(table, fault, &runs, Some(needed(reps, fault)));
            beside_naive(table, reps, fault, &quiet, &runs);
        }
    }
    by_kind(table, weeks, &wrong);
}

/// Recorded arrivals: what is wrong in them besides our faults is not known, so each alarm counts as false.
pub fn recorded(table: &mut Table) {
    let all = arrivals::recorded(START);
    if all.is_empty() {
        println!("no folder of recorded arrivals: that part is left out");
    }
    for (name, arrivals) in all {
        println!("{name}: {} arrivals over {} weeks, a desk of 10", arrivals.leads.len(), arrivals.weeks());
        let middle = arrivals.middle();
        let seeds = grow_all(4, |seed| grow(10, &arrivals, seed, |_| middle));
        let quiet: Vec<Run> = seeds.iter().map(|seed| seed.quiet.clone()).collect();
        let mut wrong = Vec::new();
        let weeks = false_alarms(table, &quiet, &mut wrong);
        by_kind(table, weeks, &wrong);
        for fault in Fault::ALL {
            let runs: Vec<Run> = seeds
                .iter()
                .flat_map(|s| &s.faulty)
                .filter(|(f, _)| *f == fault)
                .map(|(_, r)| r.clone())
                .collect();
            found(table, fault, &runs, None);
            beside_naive(table, 10, fault, &quiet, &runs);
        }
    }
}

fn false_alarms(table: &mut Table, quiet: &[Run], wrong: &mut Vec<AlertKey>) -> f64 {
    let weeks: f64 = quiet.iter().map(|r| r.weeks).sum();
    let all = quiet.iter().flat_map(|r| r.wrong.iter().map(|(_, key)| *key));
    let before = wrong.len();
    wrong.extend(all);
    let rate = (wrong.len() - before) as f64 / weeks;
    table.line(
        &format!("  false alarms a desk-week ({weeks:.0} weeks)"),
        &format!("{rate:.3}"),
        "≤ 1",
        rate <= 1.0,
    );
    weeks
}

fn by_kind(table: &Table, weeks: f64, wrong: &[AlertKey]) {
    println!("  {weeks:.0} quiet desk-weeks, false alarms by kind");
    for kind in AlertKind::ALL.into_iter().filter(|kind| kind.is_statistical()) {
        let n = wrong.iter().filter(|key| key.kind == kind).count();
        table.note(&format!("    {}", kind.word()), &format!("{n} ({:.4} a week)", n as f64 / weeks));
    }
}

/// What a test needs, in the measure the fault is counted by.
#[derive(Clone, Copy)]
enum Needs {
    Leads(f64),
    Hours(f64),
}

fn needed(reps: u32, fault: Fault) -> Needs {
    // Leads of one clump count once: what comes is half as much again.
    let clumped = |turns: u64| turns as f64 * Arrivals::LEADS_A_CLUMP;
    match fault {
        Fault::Share => Needs::Leads(clumped(power::share_turns(reps))),
        // Free for a working day at least.
        Fault::Starved => Needs::Leads(clumped(power::starved_turns(reps)).max(f64::from(reps) * 8.0)),
        Fault::Broken => Needs::Leads(power::silent_leads() as f64),
        Fault::Dirty => Needs::Leads(power::empty_leads(EMPTY[0] as f64 / 100.0) as f64),
        Fault::Cut => Needs::Hours(power::cut_hours(reps)),
        Fault::Promotion | Fault::None => Needs::Hours(power::promotion_hours(reps)),
    }
}

fn said(fault: Fault) -> &'static str {
    match fault {
        Fault::Share => "a weight doubled",
        Fault::Cut => "the largest source cut",
        Fault::Broken => "a rule broken by a publish",
        Fault::Starved => "a rep passed over",
        Fault::Promotion => "a promotion, rules unchanged",
        Fault::Dirty => "phone numbers left out",
        Fault::None => "nothing",
    }
}

fn found(table: &mut Table, fault: Fault, runs: &[Run], needs: Option<Needs>) {
    let all: Vec<(&Run, (u64, i64))> = runs.iter().filter_map(|r| Some((r, r.found?))).collect();
    let what = said(fault);
    let recall = all.len() as f64 / runs.len().max(1) as f64;
    let line = format!("  {what}, recall of {}", runs.len());
    table.line(&line, &percent(all.len(), runs.len()), "≥ 95 %", recall >= 0.95);
    let leads = |(_, (leads, _)): &(&Run, (u64, i64))| *leads as f64;
    let hours = |(run, (_, ms)): &(&Run, (u64, i64))| {
        naive::office_ms(run.at, run.at.plus(*ms)) as f64 / HOUR_MS as f64
    };
    let (in_time, limit, middle) = match needs {
        Some(Needs::Leads(n)) => (
            all.iter().filter(|run| leads(run) <= n * 1.3).count(),
            format!("90 % ≤ 1.3 × {n:.0} leads"),
            format!("median {:.0} leads", median(all.iter().map(leads).collect())),
        ),
        Some(Needs::Hours(n)) => (
            all.iter().filter(|run| hours(run) <= n * 1.3).count(),
            format!("90 % ≤ 1.3 × {n:.1} h"),
            format!("median {:.1} h", median(all.iter().map(hours).collect())),
        ),
        None => return,
    };
    let kept = in_time * 10 >= runs.len() * 9;
    let line = format!("    in time; {middle}");
    table.line(&line, &percent(in_time, runs.len()), &limit, kept);
}

/// Beside the best threshold that raises no more false alarms on the same weeks.
fn beside_naive(table: &mut Table, reps: u32, fault: Fault, quiet: &[Run], runs: &[Run]) {
    let Some(kind) = fault.kind() else { return };
    let weeks: f64 = quiet.iter().map(|r| r.weeks).sum();
    let ours = quiet.iter().flat_map(|r| &r.wrong).filter(|(_, key)| key.kind == kind).count() as f64;
    let mine = median(runs.iter().map(|r| r.found.map_or(f64::INFINITY, |(_, ms)| ms as f64)).collect());
    let recall = runs.iter().filter(|r| r.found.is_some()).count() as f64 / runs.len().max(1) as f64;
    let hours =
        |ms: f64| if ms.is_finite() { format!("{:.1} h", ms / HOUR_MS as f64) } else { "never".to_owned() };
    let rate = ours / weeks;
    let line = "    median, beside the best naive threshold as quiet";
    match naive::best(fault, reps, quiet, runs, rate) {
        None => table.line(line, &format!("{} / none", hours(mine)), "not later", true),
        Some(best) => {
            let kept = mine <= best.median || (!best.median.is_finite() && recall >= best.recall);
            table.line(line, &format!("{} / {}", hours(mine), hours(best.median)), "not later", kept);
            let false_rate = naive::false_alarms(fault, reps, quiet, best.rule) / weeks;
            let figure = format!("recall {:.0} %, {false_rate:.3}", best.recall * 100.0);
            table.note(&format!("      that one: {:?}, false a week", best.rule), &figure);
        }
    }
    if let Some((usual, false_rate)) = naive::usual(fault, reps, quiet) {
        table.note(
            &format!("    naive “{usual}”, false alarms a desk-week"),
            &format!("{:.1}", false_rate / weeks),
        );
    }
}
