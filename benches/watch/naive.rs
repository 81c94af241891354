//! The threshold every sales tool has: somebody has more than so many times the mean of the day, or of the week, and at least
//! five leads. Swept over its range; the best that raises no more false alarms than the watch is what the watch must beat.

use leadyard::model::time::{DAY_MS, Millis};

use super::Run;

/// Thousandths of the mean; lengths of the window.
const TIMES: [u64; 14] = [1200, 1350, 1500, 1650, 1800, 2000, 2250, 2500, 2750, 3000, 3500, 4000, 5000, 6000];
const WINDOWS: [i64; 3] = [DAY_MS, 7 * DAY_MS, 21 * DAY_MS];

/// Calls `alarm` with the place of each turn at which a rep goes over the threshold; once a rep and window.
fn alarms(
    reps: u32,
    turns: &[(Millis, u32)],
    times: u64,
    window: i64,
    mut alarm: impl FnMut(usize, u32) -> bool,
) {
    let mut counts = vec![0u64; reps as usize + 1];
    let mut told = vec![false; reps as usize + 1];
    let (mut total, mut since) = (0u64, 0);
    for (place, (at, rep)) in turns.iter().enumerate() {
        let now = at.0.div_euclid(window);
        if now != since {
            counts.fill(0);
            told.fill(false);
            (total, since) = (0, now);
        }
        let rep = *rep as usize;
        counts[rep] += 1;
        total += 1;
        let over = counts[rep] * u64::from(reps) * 1000 > times * total;
        if over && counts[rep] >= 5 && total >= 20 && !told[rep] {
            told[rep] = true;
            if alarm(place, u32::try_from(rep).unwrap_or(0)) {
                return;
            }
        }
    }
}

/// False alarms on quiet runs, all together.
pub fn false_alarms(reps: u32, quiet: &[Run], times: u64, window: i64) -> f64 {
    let mut n = 0;
    for run in quiet {
        alarms(reps, &run.turns, times, window, |_, _| {
            n += 1;
            false
        });
    }
    f64::from(n)
}

/// The least median of leads to find the doubled share among thresholds with at most `rate` false alarms a week; `None` when no
/// threshold is that quiet.
pub fn best(reps: u32, quiet: &[Run], faulty: &[Run], rate: f64) -> Option<f64> {
    let weeks: f64 = quiet.iter().map(|r| r.weeks).sum();
    let mut best: Option<f64> = None;
    for window in WINDOWS {
        for times in TIMES {
            if false_alarms(reps, quiet, times, window) / weeks > rate {
                continue;
            }
            let found = faulty.iter().map(|run| {
                let mut leads = f64::INFINITY;
                alarms(reps, &run.turns, times, window, |place, rep| {
                    let hit = rep == 1 && place >= run.before;
                    if hit {
                        leads = (place - run.before) as f64;
                    }
                    hit
                });
                leads
            });
            let median = super::median(found.collect());
            best = Some(best.map_or(median, |known| known.min(median)));
        }
    }
    best
}
