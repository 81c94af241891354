//! What came of handing a message over, whatever the vendor: five classes, and what a sender does about each. The table is
//! that of docs/channels.md.

use smol_str::SmolStr;

use crate::model::time::{HOUR_MS, Millis, SECOND_MS};

/// The longest wait a vendor may ask for, in milliseconds.
const WAIT_MAX_MS: i64 = 6 * HOUR_MS;

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
}

/// An answer over HTTP.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub status: u16,
    /// How long the vendor asks to wait, in milliseconds.
    pub retry_after_ms: Option<i64>,
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
        let why = smol_str::format_smolstr!("HTTP {}", self.status);
        match self.status {
            200..=299 => None,
            429 => {
                let wait_ms = self.retry_after_ms.unwrap_or(default_wait_ms);
                Some(Verdict::Throttled { wait_ms: wait_ms.clamp(SECOND_MS, WAIT_MAX_MS), why })
            }
            408 | 500..=599 => Some(Verdict::Transient { why, written: true }),
            300..=399 => {
                Some(Verdict::Permanent { why: "it redirects, which is not followed".into(), channel: true })
            }
            400 | 413 | 422 => Some(Verdict::Permanent { why, channel: false }),
            _ => Some(Verdict::Permanent { why, channel: true }),
        }
    }
}

/// Reads `Retry-After`: seconds, or a date; in milliseconds from `now`.
#[must_use]
pub fn retry_after(header: &str, now: Millis) -> Option<i64> {
    let header = header.trim();
    if let Ok(seconds) = header.parse::<u32>() {
        return Some(i64::from(seconds) * SECOND_MS);
    }
    let at = chrono::DateTime::parse_from_rfc2822(header).ok()?;
    Some((at.timestamp_millis() - now.0).max(0))
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
    }
}
