//! How much a test needs to see: of power 0.9 at the level the detectors hold, by the distributions themselves and with the
//! true rates, which no detector knows.

use leadyard::watch::evidence::needed;
use leadyard::watch::uneven::needed_of;

use super::play::{RULES, SOURCES, times};

/// ln P(X ≥ x) of a binomial, by its largest terms.
fn ln_tail(x: u64, n: u64, p: f64) -> f64 {
    if x == 0 {
        return 0.0;
    }
    let ln_choose: f64 = (0..x).map(|i| ((n - i) as f64 / (i + 1) as f64).ln()).sum();
    let mut term = ln_choose + x as f64 * p.ln() + (n - x) as f64 * (1.0 - p).ln();
    let mut terms = vec![term];
    for k in x..n {
        term += ((n - k) as f64 / (k + 1) as f64).ln() + (p / (1.0 - p)).ln();
        terms.push(term);
    }
    let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + terms.iter().map(|t| (t - largest).exp()).sum::<f64>().ln()
}

/// ln P(X ≥ x) of a negative binomial of mean `m` and dispersion `d` > 1, by its terms.
fn ln_bursty(x: u64, m: f64, d: f64) -> f64 {
    let k = m / (d - 1.0);
    let q = (d - 1.0) / d;
    let (mut term, mut below) = (-k * d.ln(), 0.0_f64);
    let mut terms = Vec::new();
    for i in 0..x + (m * 6.0) as u64 + 400 {
        if i < x {
            below += term.exp();
        } else {
            terms.push(term);
        }
        term += ((k + i as f64) / (i + 1) as f64).ln() + q.ln();
    }
    let largest = terms.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let above = largest + terms.iter().map(|t| (t - largest).exp()).sum::<f64>().ln();
    if below < 0.5 { (1.0 - below).ln().max(above) } else { above }
}

fn nats(micro: i64) -> f64 {
    micro as f64 / 1e6
}

/// Turns until a rep whose chance was doubled among `reps` stands out.
pub fn share_turns(reps: u32) -> u64 {
    let level = nats(needed_of(reps as usize, false));
    let fair = 1.0 / f64::from(reps);
    // Drawn apart once in n + 1, by chance like everybody else otherwise.
    let apart = 1.0 / (f64::from(reps) + 1.0);
    let favoured = apart + (1.0 - apart) * fair;
    let mut n = 20;
    loop {
        let mut critical = (n as f64 * fair) as u64 + 1;
        while critical < n && ln_tail(critical, n, fair) > -level {
            critical += 1;
        }
        if ln_tail(critical, n, favoured) >= 0.9_f64.ln() {
            return n;
        }
        n += (n / 50).max(1);
    }
}

/// Leads until a rule that matched one in five of them is silent by the level.
pub fn silent_leads() -> u64 {
    (nats(needed(RULES)) / -0.8_f64.ln()).ceil() as u64
}

/// Turns until a rep who was free for all of them and got none is starved by the level.
pub fn starved_turns(reps: u32) -> u64 {
    (nats(needed(reps as usize)) / -(1.0 - 1.0 / f64::from(reps)).ln()).ceil() as u64
}

/// Leads of a source until it stands out that two in three of them miss what one in `1 / usual` missed.
pub fn empty_leads(usual: f64) -> u64 {
    // Four fields and four lengths for each source.
    let level = nats(needed(SOURCES * 4)) + 4.0_f64.ln();
    let now = 2.0 / 3.0 + usual / 3.0;
    let mut n = 5;
    loop {
        let mut critical = (n as f64 * usual) as u64 + 1;
        while critical <= n && ln_tail(critical, n, usual) > -level {
            critical += 1;
        }
        if critical <= n && ln_tail(critical, n, now) >= 0.9_f64.ln() {
            return n;
        }
        n += 1;
    }
}

/// Arrivals an hour of the largest source, clumps counted once: eight leads a rep in nine hours, half of them.
fn clumps_an_hour(reps: u32) -> f64 {
    f64::from(reps) * 8.0 / 9.0 / 1.5 / 2.0
}

/// Office hours until the largest source's silence is no chance: an hour's rate is gamma of shape 3.
pub fn cut_hours(reps: u32) -> f64 {
    nats(needed(SOURCES)) / (3.0 * (1.0 + clumps_an_hour(reps) / 3.0).ln())
}

/// Office hours until a promotion stands out, in quarters of an hour.
pub fn promotion_hours(reps: u32) -> f64 {
    let level = nats(leadyard::watch::surge::needed_of(SOURCES));
    let mut hours = 0.25;
    loop {
        let mean = clumps_an_hour(reps) * 1.5 * hours;
        // Clumps of one in eight, two to eight large; and the hour's own rate.
        let dispersion = 3.0 + clumps_an_hour(reps) * 1.5 * f64::min(hours, 1.0) / 3.0;
        let mut critical = mean as u64 + 1;
        while ln_bursty(critical, mean, dispersion) > -level {
            critical += 1;
        }
        let enough = critical.div_ceil(u64::from(times(reps)));
        if ln_bursty(enough, mean, dispersion) >= 0.9_f64.ln() {
            return hours;
        }
        hours += 0.25;
    }
}
