//! Gotify: a self-hosted push server. Usually on the local network: allow its address under `[guard]`.

use serde_json::json;

use super::super::fit::cut;
use super::super::letter::Letter;
use super::super::secret::Secret;
use super::super::verdict::{Answer, Verdict};
use super::super::wire::Outgoing;
use crate::model::alert::Severity;
use crate::model::time::SECOND_MS;

pub const TEXT_BYTES_MAX: usize = 8_000;
const TITLE_BYTES_MAX: usize = 250;
const BLOCKED_MS: i64 = 30 * SECOND_MS;

#[derive(Debug)]
pub struct App {
    pub base: String,
    pub token: Secret,
}

impl App {
    /// The request.
    #[must_use]
    pub fn build(&self, letter: &Letter) -> Outgoing {
        let priority = match letter.severity {
            Severity::Page => 8,
            Severity::Warn => 5,
            Severity::Info => 2,
        };
        let body = json!({
            "title": cut(&letter.title, TITLE_BYTES_MAX),
            "message": letter.body(TEXT_BYTES_MAX),
            "priority": priority,
        });
        let mut out = Outgoing::json(format!("{}/message", self.base), &body);
        out.headers.push(("x-gotify-key", self.token.expose().to_owned()));
        out
    }
}

/// What an answer means.
#[must_use]
pub fn judge(answer: &Answer) -> Verdict {
    answer.failure(BLOCKED_MS).unwrap_or_else(Verdict::delivered)
}
