//! The thresholds every sales tool has, one family for each fault, swept over their range. The best that raises no more false
//! alarms than the watch is what the watch must not be worse than.
//!
//! An alarm is told once and then rests for a day, for each thing it is about.

use std::collections::BTreeMap;

use leadyard::model::time::{DAY_MS, HOUR_MS, Millis};

use super::play::{Fault, RULES, Run};

/// One threshold of a family.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Thousandths of the mean, hours, leads or per cent, as the family counts.
    limit: u64,
    window: i64,
}

/// An alarm: when, after how many turns, about whom or what.
type Alarm = (Millis, usize, u32);

/// The thresholds of the family that looks for `fault`.
pub fn family(fault: Fault) -> Vec<Rule> {
    let all = |limits: &[u64], windows: &[i64]| {
        let each = |window: &i64| {
            limits.iter().map(|limit| Rule { limit: *limit, window: *window }).collect::<Vec<_>>()
        };
        windows.iter().flat_map(each).collect()
    };
    match fault {
        Fault::Share => all(
            &[1200, 1350, 1500, 1650, 1800, 2000, 2250, 2500, 2750, 3000, 3500, 4000, 5000, 6000],
            &[DAY_MS, 7 * DAY_MS, 21 * DAY_MS],
        ),
        // Hours without a lead; all hours, or those of the office.
        Fault::Cut => {
            all(&[1, 2, 3, 4, 6, 8, 12, 16, 18, 24, 30, 36, 48, 60, 66, 72, 84, 96, 120, 168], &[0, 1])
        }
        // Leads without a match.
        Fault::Broken => all(
            &[10, 15, 20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200, 300, 400, 500, 600, 800, 1000, 1500],
            &[0],
        ),
        // Office hours without a lead.
        Fault::Starved => all(&[2, 4, 6, 8, 9, 10, 12, 14, 16, 18, 20, 24, 27, 32, 36, 40, 48, 54, 72], &[0]),
        Fault::Promotion => all(
            &[1500, 2000, 2500, 3000, 4000, 5000, 6000, 8000, 10_000, 15_000, 20_000],
            &[HOUR_MS, 3 * HOUR_MS, DAY_MS],
        ),
        // Per cent of the last twenty, or fifty.
        Fault::Dirty => all(&[10, 20, 25, 30, 40, 50, 60, 70, 80], &[20, 50]),
        Fault::None => Vec::new(),
    }
}

/// False alarms of `rule` on quiet runs, all together.
pub fn false_alarms(fault: Fault, reps: u32, quiet: &[Run], rule: Rule) -> f64 {
    quiet.iter().map(|run| alarms(fault, reps, run, rule).len() as f64).sum()
}

/// What the best threshold comes to: the median of leads or milliseconds to the alarm, and how many of the runs it finds.
pub struct Best {
    pub rule: Rule,
    pub median: f64,
    pub recall: f64,
}

/// The threshold that finds the fault soonest (else most often) among those with at most `rate` false alarms a week; none when
/// no threshold is that quiet.
pub fn best(fault: Fault, reps: u32, quiet: &[Run], faulty: &[Run], rate: f64) -> Option<Best> {
    let weeks: f64 = quiet.iter().map(|r| r.weeks).sum();
    let mut best: Option<Best> = None;
    for rule in family(fault) {
        if false_alarms(fault, reps, quiet, rule) / weeks > rate {
            continue;
        }
        let found: Vec<f64> = faulty.iter().map(|run| time_to(fault, reps, run, rule)).collect();
        let recall = found.iter().filter(|f| f.is_finite()).count() as f64 / found.len().max(1) as f64;
        let median = super::median(found);
        let is_better =
            best.as_ref().is_none_or(|b| median < b.median || (median == b.median && recall > b.recall));
        if is_better {
            best = Some(Best { rule, median, recall });
        }
    }
    best
}

/// How long `rule` takes to the first alarm about the fault, in milliseconds.
fn time_to(fault: Fault, reps: u32, run: &Run, rule: Rule) -> f64 {
    let who = match fault {
        Fault::Share => 1,
        Fault::Starved => reps,
        _ => 0,
    };
    let mut all = alarms(fault, reps, run, rule).into_iter();
    let first = all.find(|(at, place, about)| *place >= run.before && *at >= run.at && *about == who);
    first.map_or(f64::INFINITY, |(at, ..)| at.since(run.at) as f64)
}

fn alarms(fault: Fault, reps: u32, run: &Run, rule: Rule) -> Vec<Alarm> {
    let mut rested: BTreeMap<u32, Millis> = BTreeMap::new();
    let mut all = match fault {
        Fault::Share => shares(reps, run, rule),
        Fault::Cut => silences(run, rule),
        Fault::Broken => matches(run, rule),
        Fault::Starved => waits(reps, run, rule),
        Fault::Promotion => surges(run, rule),
        Fault::Dirty => empties(run, rule),
        Fault::None => Vec::new(),
    };
    all.retain(|(at, _, about)| {
        let fresh = rested.get(about).is_none_or(|last| at.since(*last) >= DAY_MS);
        if fresh {
            rested.insert(*about, *at);
        }
        fresh
    });
    all
}

/// Somebody has more than so many times the mean of the day or week, and five leads.
fn shares(reps: u32, run: &Run, rule: Rule) -> Vec<Alarm> {
    let mut counts = vec![0u64; reps as usize + 1];
    let (mut total, mut since, mut out) = (0u64, 0, Vec::new());
    for (place, turn) in run.turns.iter().enumerate() {
        let now = turn.at.0.div_euclid(rule.window);
        if now != since {
            counts.fill(0);
            (total, since) = (0, now);
        }
        counts[turn.rep as usize] += 1;
        total += 1;
        let mine = counts[turn.rep as usize];
        if mine * u64::from(reps) * 1000 > rule.limit * total && mine >= 5 && total >= 20 {
            out.push((turn.at, place, turn.rep));
        }
    }
    out
}

/// Office hours between two moments: Monday to Friday, nine to six in Shanghai.
pub fn office_ms(from: Millis, to: Millis) -> i64 {
    let until = |at: Millis| {
        // 1970-01-01 was a Thursday; Shanghai is eight hours ahead.
        let local = at.0 + 8 * HOUR_MS;
        let day = local.div_euclid(DAY_MS) + 3;
        let (week, weekday) = (day.div_euclid(7), day.rem_euclid(7));
        let within = (local.rem_euclid(DAY_MS) - 9 * HOUR_MS).clamp(0, 9 * HOUR_MS);
        let days = week * 5 + weekday.min(5);
        days * 9 * HOUR_MS + if weekday < 5 { within } else { 0 }
    };
    until(to) - until(from)
}

/// Nothing of a source for so many hours.
fn silences(run: &Run, rule: Rule) -> Vec<Alarm> {
    let hours = i64::try_from(rule.limit).unwrap_or(0) * HOUR_MS;
    let spent = |from, to: Millis| if rule.window == 0 { to.since(from) } else { office_ms(from, to) };
    let mut last: BTreeMap<u16, Millis> = BTreeMap::new();
    let mut out = Vec::new();
    // Whoever looks each half hour sees every silence within one.
    let mut turns = run.turns.iter().enumerate().peekable();
    let (mut now, mut place) = (run.turns.first().map_or(run.end, |t| t.at), 0);
    while now < run.end {
        while let Some((at, turn)) = turns.next_if(|(_, t)| t.at <= now) {
            last.insert(turn.source, turn.at);
            place = at;
        }
        for (source, since) in &last {
            if spent(*since, now) > hours {
                out.push((now, place.max(if now >= run.at { run.before } else { 0 }), u32::from(*source)));
            }
        }
        now = now.plus(HOUR_MS / 2);
    }
    out
}

/// No match of a rule in so many leads.
fn matches(run: &Run, rule: Rule) -> Vec<Alarm> {
    let (mut quiet, mut out) = ([0; RULES], Vec::new());
    for (place, turn) in run.turns.iter().enumerate() {
        for (no, quiet) in (0..).zip(&mut quiet) {
            *quiet = if no == u32::from(turn.rule) { 0 } else { *quiet + 1 };
            if *quiet > rule.limit {
                out.push((turn.at, place, no));
            }
        }
    }
    out
}

/// No lead for a rep in so many office hours.
fn waits(reps: u32, run: &Run, rule: Rule) -> Vec<Alarm> {
    let hours = i64::try_from(rule.limit).unwrap_or(0) * HOUR_MS;
    let begun = run.turns.first().map_or(run.end, |t| t.at);
    let mut last = vec![begun; reps as usize + 1];
    let (mut out, mut looked) = (Vec::new(), begun);
    for (place, turn) in run.turns.iter().enumerate() {
        if turn.at.since(looked) >= HOUR_MS / 4 {
            looked = turn.at;
            for rep in 1..=reps {
                if office_ms(last[rep as usize], turn.at) > hours {
                    out.push((turn.at, place, rep));
                }
            }
        }
        last[turn.rep as usize] = turn.at;
    }
    out
}

/// A source sends so many times the mean of its office hours so far, five leads too many at least, after three weeks.
fn surges(run: &Run, rule: Rule) -> Vec<Alarm> {
    let begun = run.turns.first().map_or(run.end, |t| t.at);
    let mut of: BTreeMap<u16, std::collections::VecDeque<Millis>> = BTreeMap::new();
    let mut totals: BTreeMap<u16, u64> = BTreeMap::new();
    let mut out = Vec::new();
    for (place, turn) in run.turns.iter().enumerate() {
        let recent = of.entry(turn.source).or_default();
        recent.push_back(turn.at);
        while recent.front().is_some_and(|at| turn.at.since(*at) > rule.window) {
            recent.pop_front();
        }
        let total = totals.entry(turn.source).or_default();
        *total += 1;
        let office = office_ms(begun, turn.at).max(1) as f64;
        // A day is nine office hours.
        let window = rule.window.min(9 * HOUR_MS) as f64;
        let (came, usual) = (recent.len() as f64, *total as f64 * window / office);
        if turn.at.since(begun) >= 21 * DAY_MS
            && came * 1000.0 > rule.limit as f64 * usual
            && came >= usual + 5.0
        {
            out.push((turn.at, place, u32::from(turn.source)));
        }
    }
    out
}

/// So many per cent of the last leads of a source without a phone number.
fn empties(run: &Run, rule: Rule) -> Vec<Alarm> {
    let window = usize::try_from(rule.window).unwrap_or(20);
    let mut of: BTreeMap<u16, std::collections::VecDeque<bool>> = BTreeMap::new();
    let mut out = Vec::new();
    for (place, turn) in run.turns.iter().enumerate() {
        let recent = of.entry(turn.source).or_default();
        recent.push_back(turn.empty);
        if recent.len() > window {
            recent.pop_front();
        }
        let empty = recent.iter().filter(|e| **e).count() as u64;
        if recent.len() == window && empty * 100 > rule.limit * rule.window.unsigned_abs() {
            out.push((turn.at, place, u32::from(turn.source)));
        }
    }
    out
}

/// The threshold somebody would write down without trying, and its false alarms on quiet runs.
pub fn usual(fault: Fault, reps: u32, quiet: &[Run]) -> Option<(&'static str, f64)> {
    let (said, rule) = match fault {
        Fault::Share => ("1.5 times the mean of the day", Rule { limit: 1500, window: DAY_MS }),
        Fault::Cut => ("no lead of a source in a day", Rule { limit: 24, window: 0 }),
        Fault::Broken => ("a rule without a match in 50 leads", Rule { limit: 50, window: 0 }),
        Fault::Starved => ("no lead for a working day", Rule { limit: 9, window: 0 }),
        Fault::Promotion => ("twice the usual in an hour", Rule { limit: 2000, window: HOUR_MS }),
        Fault::Dirty => ("one in five of the last 20 empty", Rule { limit: 20, window: 20 }),
        Fault::None => return None,
    };
    Some((said, false_alarms(fault, reps, quiet, rule)))
}
