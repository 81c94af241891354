//! How many leads a test needs: of power 0.9 at the level the detectors hold, by the binomial distribution itself.

use leadyard::watch::evidence::needed;
use leadyard::watch::uneven::needed_of;

/// ln P(X ≥ x) of a binomial, by its largest terms.
fn ln_tail(x: u64, n: u64, p: f64) -> f64 {
    let ln_choose: f64 = (0..x).map(|i| ((n - i) as f64 / (i + 1) as f64).ln()).sum();
    let mut term = ln_choose + x as f64 * p.ln() + (n - x) as f64 * (1.0 - p).ln();
    let mut sum = 0.0_f64;
    let largest = term;
    for k in x..=n {
        sum += (term - largest).exp();
        if k < n {
            term += ((n - k) as f64 / (k + 1) as f64).ln() + (p / (1.0 - p)).ln();
        }
        if term - largest < -40.0 {
            break;
        }
    }
    largest + sum.ln()
}

/// Leads until a rep whose chance was doubled among `reps` stands out with power 0.9.
pub fn leads_needed(reps: u32) -> u64 {
    let level = needed_of(reps as usize, false) as f64 / 1e6;
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

/// Leads of a source until a rule that matched a part `p` of them is silent by the level: ln(1/α) ÷ −ln(1 − p).
pub fn rule_leads(p: f64) -> u64 {
    (needed(2) as f64 / 1e6 / -(1.0 - p).ln()).ceil() as u64
}
