//! Promises 1, 2 and 6 under a seeded company, in memory and on three desks of one file that crash. Each failure names its seed.

#![allow(clippy::unwrap_used, reason = "a test may")]

use leadyard::sim::{Options, Report, run};

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
    assert!(failed.is_empty(), "{} seeds failed:\n{failed:#?}", failed.len());
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
    let folder = tempfile::tempdir().unwrap();
    for options in [Options::default(), Options { folder: Some(folder.path().into()), ..Options::default() }]
    {
        let once = run(7, &options).unwrap();
        assert_eq!(once, run(7, &options).unwrap());
        assert_ne!(once.digest, run(8, &options).unwrap().digest);
    }
}

#[test]
fn three_desks_on_one_file_lose_nothing_whatever_dies() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { folder: Some(folder.path().into()), ..Options::default() };
    let reports = run_all(0..300, &options);
    let (crashes, after) = (sum(&reports, |r| r.crashes), sum(&reports, |r| r.crashes_after_commit));
    println!("{crashes} crashes, {after} after COMMIT, {} events", sum(&reports, |r| r.events));
    assert!(crashes > 300 && after > 5, "{crashes} crashes, {after} after COMMIT");
    assert!(sum(&reports, |r| r.terms) > 300);
    assert!(sum(&reports, |r| r.placed) > 300 * 5);
}
