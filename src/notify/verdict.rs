//! What came of handing a message over, whatever the vendor: five classes, and what a sender does about each. The table is
//! that of docs/channels.md.

use smol_str::{SmolStr, format_smolstr};

use super::fit::{cut, line};
use crate::model::time::{HOUR_MS, MINUTE_MS, Millis, SECOND_MS};

/// The longest wait a vendor may ask for, in milliseconds.
const WAIT_MAX_MS: i64 = 6 * HOUR_MS;
/// How exactly two clocks can be compared by an answer: it may have taken as long to come, in milliseconds.
const CLOCK_SLACK_MS: i64 = MINUTE_MS;
/// Bytes of a vendor's own words that are kept.
const WORDS_BYTES_MAX: usize = 60;

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The vendor took it; with what it calls it, if it says.
    Delivered { vendor: SmolStr },
    /// Not taken because too much was sent: wait, and do not count it as a try.
    Throttled { wait_ms: i64, why: SmolStr },
    /// Not taken now; `written` = the request had gone out, so it is not sure that nothing came of it.
    Transient { why: SmolStr, written: bool },
    /// The request went out and no readable answer came: it may have arrived.
    Unknown { why: SmolStr },
    /// Never taken as it is. `channel` = nothing would be: key, address or setting is wrong.
    Permanent { why: SmolStr, channel: bool },
}

impl Verdict {
    /// Taken, and nothing more is said.
    #[must_use]
    pub fn delivered() -> Verdict {
        Verdict::Delivered { vendor: SmolStr::default() }
    }

    /// What went wrong, in a few words without secrets; none when nothing did.
    #[must_use]
    pub fn why(&self) -> Option<&SmolStr> {
        match self {
            Verdict::Delivered { .. } => None,
            Verdict::Throttled { why, .. }
            | Verdict::Transient { why, .. }
            | Verdict::Unknown { why }
            | Verdict::Permanent { why, .. } => Some(why),
        }
    }

    /// A refusal by a vendor that checks signatures by time, no more than `tolerance_ms` off: where this machine's clock is
    /// further off than that, it is the clock and not the secret, for this message and every other.
    #[must_use]
    pub fn or_clock(self, answer: &Answer, tolerance_ms: i64) -> Verdict {
        let off_ms = answer.clock_off_ms.filter(|off| off.abs() >= tolerance_ms - CLOCK_SLACK_MS);
        match (self, off_ms) {
            (Verdict::Permanent { why, .. }, Some(off_ms)) => {
                let minutes = off_ms.abs() / MINUTE_MS;
                let side = if off_ms > 0 { "ahead of" } else { "behind" };
                let why = format_smolstr!(
                    "this machine's clock is {minutes} min {side} theirs, more than they allow: set it (NTP); they said {why}"
                );
                Verdict::Permanent { why, channel: true }
            }
            (same, _) => same,
        }
    }

    /// A refusal whose code itself says that it is the clock.
    #[must_use]
    pub fn clock(code: &str) -> Verdict {
        let why = format_smolstr!("this machine's clock is off, they say: set it (NTP); {code}");
        Verdict::Permanent { why, channel: true }
    }
}

/// A vendor's own words (a code, an id), fit to be kept and shown: short, one line, nothing that steers a terminal.
#[must_use]
pub fn words(text: &str) -> SmolStr {
    cut(&line(text), WORDS_BYTES_MAX).into()
}

/// An answer over HTTP.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub status: u16,
    /// How long the vendor asks to wait, in milliseconds.
    pub retry_after_ms: Option<i64>,
    /// How far this machine's clock is ahead of the answer's date, in milliseconds; None = it bears none.
    pub clock_off_ms: Option<i64>,
    /// As much of the body as is read; `None` = it could not be read to its end.
    pub body: Option<Vec<u8>>,
}

impl Answer {
    /// The body as JSON.
    #[must_use]
    pub fn json(&self) -> Option<serde_json::Value> {
        serde_json::from_slice(self.body.as_deref()?).ok()
    }

    /// What every vendor means by a status that is no success; `None` for 2xx. `default_wait_ms` when it does not say how
    /// long to wait.
    #[must_use]
    pub fn failure(&self, default_wait_ms: i64) -> Option<Verdict> {
        let why = format_smolstr!("HTTP {}", self.status);
        let wait = |wait_ms: i64, why| {
            Some(Verdict::Throttled { wait_ms: wait_ms.clamp(SECOND_MS, WAIT_MAX_MS), why })
        };
        match (self.status, self.retry_after_ms) {
            (200..=299, _) => None,
            (429, asked) => wait(asked.unwrap_or(default_wait_ms), why),
            // Busy or being mended, and it knows for how long.
            (503, Some(asked)) => wait(asked, why),
            (status, _) => Some(refusal(status, why)),
        }
    }
}

/// What a status means that is neither success nor a wait.
fn refusal(status: u16, why: SmolStr) -> Verdict {
    match status {
        408 | 500..=599 => Verdict::Transient { why, written: true },
        300..=399 => Verdict::Permanent { why: "it redirects, which is not followed".into(), channel: true },
        400 | 413 | 422 => Verdict::Permanent { why, channel: false },
        _ => Verdict::Permanent { why, channel: true },
    }
}

/// Reads `Retry-After`: seconds, or a date; in milliseconds from `now`.
#[must_use]
pub fn retry_after(header: &str, now: Millis) -> Option<i64> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<u32>() {
        return Some(i64::from(seconds) * SECOND_MS);
    }
    date(header).map(|at| at.since(now).max(0))
}

/// Reads a date as headers bear it.
#[must_use]
pub fn date(header: &str) -> Option<Millis> {
    chrono::DateTime::parse_from_rfc2822(header.trim()).ok().map(|at| Millis(at.timestamp_millis()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_is_read_in_both_forms() {
        assert_eq!(retry_after("2", Millis(0)), Some(2_000));
        let now = Millis(1_445_412_440_000);
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT", now), Some(40_000));
        assert_eq!(retry_after("Wed, 21 Oct 2015 07:28:00 GMT", Millis(i64::MAX)), Some(0));
        assert_eq!(retry_after("soon", now), None);
    }

    #[test]
    fn a_status_says_which_class_it_is() {
        let of = |status| Answer { status, ..Answer::default() }.failure(30_000);
        assert_eq!(of(204), None);
        assert!(matches!(of(429), Some(Verdict::Throttled { wait_ms: 30_000, .. })));
        assert!(matches!(of(503), Some(Verdict::Transient { written: true, .. })));
        assert!(matches!(of(400), Some(Verdict::Permanent { channel: false, .. })));
        for status in [301, 401, 403, 404, 410] {
            assert!(matches!(of(status), Some(Verdict::Permanent { channel: true, .. })), "{status}");
        }
        let busy = Answer { status: 503, retry_after_ms: Some(120_000), ..Answer::default() };
        assert!(matches!(busy.failure(30_000), Some(Verdict::Throttled { wait_ms: 120_000, .. })));
    }

    #[test]
    fn a_clock_within_what_they_allow_is_not_blamed() {
        let refused = || Verdict::Permanent { why: "HTTP 401".into(), channel: true };
        let of = |off| refused().or_clock(&Answer { clock_off_ms: off, ..Answer::default() }, HOUR_MS);
        for near in [None, Some(0), Some(-58 * MINUTE_MS), Some(58 * MINUTE_MS)] {
            assert_eq!(of(near), refused(), "{near:?}");
        }
        for (far, side) in [(2 * HOUR_MS, "120 min ahead of"), (-2 * HOUR_MS, "120 min behind")] {
            let why = of(Some(far)).why().cloned().unwrap_or_default();
            assert!(why.contains(side) && why.ends_with("HTTP 401"), "{why}");
        }
        let answer = Answer { clock_off_ms: Some(9 * HOUR_MS), ..Answer::default() };
        assert_eq!(Verdict::delivered().or_clock(&answer, HOUR_MS), Verdict::delivered());
    }

    #[test]
    fn a_vendors_words_are_kept_short_and_plain() {
        let said = words(&format!("a\u{1b}[2J@all{}", "x".repeat(90_000)));
        assert!(said.len() <= WORDS_BYTES_MAX && !said.contains(['\u{1b}', '@']), "{said}");
    }
}
