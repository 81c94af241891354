//! Promises 1, 2 and 6 under a seeded company, in memory and on three desks of one file that crash. Each failure names its seed.

#![allow(clippy::unwrap_used, reason = "a test may")]

use std::collections::BTreeMap;

use leadyard::desk::interlock::CRASH_POINTS;
use leadyard::model::event::Verb;
use leadyard::sim::crew::ACTS;
use leadyard::sim::desks::Kind;
use leadyard::sim::{Options, Report, run, shrink};

/// Verbs that no simulated company brings about, each with the reason. A new verb gets an act in `sim::crew`, or a line here.
const NOT_SIMULATED: &[(&str, &str)] = &[];

/// The points most decisions come by: there a planted crash must have struck often, at the others at least now and then.
const BUSY_POINTS: [&str; 8] =
    ["known", "key hits", "lead events", "batch", "contact", "record", "before commit", "after commit"];

/// A folder in memory where there is one: killing a process loses nothing of it, and syncing costs nothing.
fn scratch() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

/// Runs seeds on both cores; the reports in order of seed.
fn run_all(seeds: std::ops::Range<u64>, options: &Options) -> Vec<Report> {
    let halves: [Vec<u64>; 2] = [0, 1].map(|half| seeds.clone().filter(|s| s % 2 == half).collect());
    let results: Vec<Result<Report, String>> = std::thread::scope(|scope| {
        let threads = halves.map(|half| {
            scope.spawn(move || half.into_iter().map(|seed| run(seed, options)).collect::<Vec<_>>())
        });
        threads.into_iter().flat_map(|t| t.join().unwrap()).collect()
    });
    let failed: Vec<&String> = results.iter().filter_map(|r| r.as_ref().err()).collect();
    if let Some(first) = failed.first() {
        let seed: u64 = first.trim_start_matches("SEED=").split(' ').next().unwrap().parse().unwrap();
        let all = failed.iter().map(|f| format!("\n{f}")).collect::<String>();
        let least = shrink(seed, options).map(|(least, why)| format!("{why}\n{least:?}"));
        unreachable!("{} seeds failed:{all}\n\nat least:\n{}", failed.len(), least.unwrap_or_default());
    }
    let mut reports: Vec<Report> = results.into_iter().filter_map(Result::ok).collect();
    reports.sort_by_key(|r| r.seed);
    reports
}

fn sum(reports: &[Report], of: impl Fn(&Report) -> u64) -> u64 {
    reports.iter().map(of).sum()
}

#[test]
fn in_memory_every_event_stands_before_the_judge() {
    let options = Options { steps: 150, ..Options::default() };
    let reports = run_all(0..200, &options);
    // A simulation in which nothing happens proves nothing.
    assert!(sum(&reports, |r| r.taken) > 200 * 50);
    assert!(sum(&reports, |r| r.placed) > 200 * 20);
    assert!(sum(&reports, |r| r.refused) > 200 * 5);
}

#[test]
fn a_seed_shows_the_same_again() {
    let folder = scratch();
    for options in [Options::default(), Options { folder: Some(folder.path().into()), ..Options::default() }]
    {
        for seed in [7, 23] {
            let once = run(seed, &options).unwrap();
            assert_eq!(once, run(seed, &options).unwrap());
            assert_ne!(once.digest, run(8, &options).unwrap().digest);
        }
    }
}

fn total<V: Copy>(
    reports: &[Report],
    of: impl Fn(&Report) -> &BTreeMap<&'static str, V>,
    add: impl Fn(V, V) -> V,
) -> BTreeMap<&'static str, V> {
    let mut sums = BTreeMap::new();
    for (name, count) in reports.iter().flat_map(|r| of(r).clone()) {
        sums.entry(name).and_modify(|sum| *sum = add(*sum, count)).or_insert(count);
    }
    sums
}

#[test]
fn three_desks_on_one_file_lose_nothing_whatever_goes_wrong() {
    let folder = scratch();
    let options = Options { folder: Some(folder.path().into()), ..Options::default() };
    let reports = run_all(0..300, &options);
    let crashes = sum(&reports, |r| r.crashes);
    let points = total(&reports, |r| &r.crash_points, |a, b| a + b);
    let met = total(&reports, |r| &r.met, |a, b| a + b);
    let moves = sum(&reports, |r| r.timer_moves);
    let troubles = total(&reports, |r| &r.troubles, |a, b| a + b);
    let acts = total(&reports, |r| &r.acts, |a, b| (a.0 + b.0, a.1 + b.1));
    let verbs = total(&reports, |r| &r.verbs, |a, b| a + b);
    let (terms, overtaken) = (sum(&reports, |r| r.terms), sum(&reports, |r| r.overtaken));
    println!(
        "{} events, {crashes} crashes {points:?}, {} deaths, {moves} moves by timers",
        sum(&reports, |r| r.events),
        sum(&reports, |r| r.deaths)
    );
    println!("{terms} terms, {overtaken} overtaken, {} uncertain", sum(&reports, |r| r.uncertain));
    println!("{troubles:?}, met {met:?}\n{acts:?}\n{verbs:?}");
    // A simulation in which nothing happens proves nothing: everything that may happen did.
    assert!(crashes > 300 && sum(&reports, |r| r.uncertain) > 0);
    assert!(terms > 300 && overtaken > 5 && sum(&reports, |r| r.placed) > 300 * 5);
    for (kind, _) in Kind::ALL {
        assert!(troubles.get(kind.word()).is_some_and(|n| *n > 10), "{} never came", kind.word());
    }
    // Planted is not met: each point of a transaction, each failure of the file.
    for point in CRASH_POINTS {
        let least = if BUSY_POINTS.contains(&point) { 5 } else { 2 };
        assert!(points.get(point).is_some_and(|n| *n > least), "hardly a crash at {point}: {points:?}");
    }
    for point in points.keys() {
        assert!(CRASH_POINTS.contains(point), "{point} is a crash point and not among the listed ones");
    }
    for kind in [Kind::FailOnce, Kind::FailForEver, Kind::Full] {
        assert!(
            met.get(kind.word()).is_some_and(|n| *n > 20),
            "{} was hardly ever met: {met:?}",
            kind.word()
        );
    }
    // Timers remind, take away and escalate, not only as a rare chance.
    for verb in ["lead.reminded", "lead.escalated", "timers.resumed"] {
        assert!(verbs.get(verb).is_some_and(|n| *n > 20), "{verb} hardly ever happened");
    }
    assert!(moves > 20, "timers took only {moves} leads");
    for act in ACTS {
        let (granted, denied) = acts.get(act.name).copied().unwrap_or_default();
        assert!(granted + denied > 20, "{} hardly ever came", act.name);
        assert!(!act.is_refused || granted == 0, "{} was allowed", act.name);
    }
    for verb in Verb::ALL.iter().map(|v| v.word()) {
        let left_out = NOT_SIMULATED.iter().any(|(word, _)| *word == verb);
        assert!(left_out || verbs.contains_key(verb), "{verb} never happened: add an act to sim::crew");
    }
}
