//! Slack's incoming webhook. The address is the whole credential. Plain text: `mrkdwn` is off, and `& < >` are escaped.

use serde_json::json;

use super::super::letter::Letter;
use super::super::secret::Secret;
use super::super::verdict::{Answer, Verdict};
use super::super::wire::Outgoing;
use super::To;
use crate::model::time::SECOND_MS;

/// Bytes of a text; the vendor takes more, nobody reads more.
pub const TEXT_BYTES_MAX: usize = 3_000;
const BLOCKED_MS: i64 = 30 * SECOND_MS;

#[derive(Debug)]
pub struct Hook {
    pub url: Secret,
}

impl Hook {
    /// The request.
    #[must_use]
    pub fn build(&self, letter: &Letter, to: To<'_>) -> Outgoing {
        let is_id = |id: &&str| id.bytes().all(|b| b.is_ascii_alphanumeric());
        let mut text =
            letter.text(TEXT_BYTES_MAX).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        for id in to.ids(|p| &p.slack).into_iter().filter(is_id) {
            text.push_str(&format!(" <@{id}>"));
        }
        if to.everybody {
            text.push_str(" <!channel>");
        }
        let body = json!({"text": text, "mrkdwn": false, "unfurl_links": false, "unfurl_media": false});
        Outgoing::json(self.url.expose().to_owned(), &body)
    }
}

/// What an answer means.
#[must_use]
pub fn judge(answer: &Answer) -> Verdict {
    answer.failure(BLOCKED_MS).unwrap_or_else(Verdict::delivered)
}
