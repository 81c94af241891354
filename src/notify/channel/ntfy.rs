//! ntfy, public or self-hosted, by JSON: headers are not safe for every alphabet. The topic's name is its password.

use serde_json::json;

use super::super::fit::cut;
use super::super::letter::Letter;
use super::super::secret::Secret;
use super::super::verdict::{Answer, Verdict};
use super::super::wire::Outgoing;
use super::code;
use crate::model::alert::Severity;
use crate::model::time::{HOUR_MS, SECOND_MS};

/// Bytes of a text; from 4096 on it would become an attachment.
pub const TEXT_BYTES_MAX: usize = 3_800;
/// Bytes of a title; beyond a kilobyte it is refused.
const TITLE_BYTES_MAX: usize = 250;
/// One more message every five seconds after a burst.
const BLOCKED_MS: i64 = 5 * SECOND_MS;
/// Its code for a day's messages that are spent, and how long to wait then.
const DAY_IS_SPENT: i64 = 42_908;
const DAY_BLOCKED_MS: i64 = HOUR_MS;

pub const BASE: &str = "https://ntfy.sh";

#[derive(Debug)]
pub struct Topic {
    pub base: String,
    pub topic: Secret,
    pub token: Option<Secret>,
}

impl Topic {
    /// The request.
    #[must_use]
    pub fn build(&self, letter: &Letter) -> Outgoing {
        let priority = match letter.severity {
            Severity::Page => 5,
            Severity::Warn => 4,
            Severity::Info => 3,
        };
        let body = json!({
            "topic": self.topic.expose(),
            "title": cut(&letter.title, TITLE_BYTES_MAX),
            "message": letter.body(TEXT_BYTES_MAX),
            "priority": priority,
        });
        let mut out = Outgoing::json(self.base.clone(), &body);
        if let Some(token) = &self.token {
            out.headers.push(("authorization", format!("Bearer {}", token.expose())));
        }
        out
    }
}

/// What an answer means.
#[must_use]
pub fn judge(answer: &Answer) -> Verdict {
    let is_spent = || code(answer, "code") == Ok(DAY_IS_SPENT);
    let default_wait_ms = if answer.status == 429 && is_spent() { DAY_BLOCKED_MS } else { BLOCKED_MS };
    answer.failure(default_wait_ms).unwrap_or_else(Verdict::delivered)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asking every five seconds for the rest of the day would have the address shut out.
    #[test]
    fn a_spent_day_is_waited_out() {
        let of = |code: i64| {
            let body = json!({"code": code}).to_string().into_bytes();
            judge(&Answer { status: 429, body: Some(body), ..Answer::default() })
        };
        assert!(matches!(of(42_901), Verdict::Throttled { wait_ms: BLOCKED_MS, .. }));
        assert!(matches!(of(DAY_IS_SPENT), Verdict::Throttled { wait_ms: DAY_BLOCKED_MS, .. }));
    }
}
