//! ntfy, public or self-hosted, by JSON: headers are not safe for every alphabet. The topic's name is its password.

use serde_json::json;

use super::super::fit::cut;
use super::super::letter::Letter;
use super::super::secret::Secret;
use super::super::verdict::{Answer, Verdict};
use super::super::wire::Outgoing;
use crate::model::alert::Severity;
use crate::model::time::SECOND_MS;

/// Bytes of a text; from 4096 on it would become an attachment.
pub const TEXT_BYTES_MAX: usize = 3_800;
/// Bytes of a title; beyond a kilobyte it is refused.
const TITLE_BYTES_MAX: usize = 250;
/// One more message every five seconds after a burst.
const BLOCKED_MS: i64 = 5 * SECOND_MS;

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
    answer.failure(BLOCKED_MS).unwrap_or_else(Verdict::delivered)
}
