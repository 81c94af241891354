//! Any address that takes signed JSON, laid out as Standard Webhooks: `webhook-id` is the same on every try, so the receiver
//! can know a repeat. The body carries each notice as data and the text as a person would read it.

use serde_json::json;

use super::super::letter::Letter;
use super::super::secret::Secret;
use super::super::sign;
use super::super::verdict::{Answer, Verdict};
use super::super::wire::Outgoing;
use super::To;
use crate::model::lang::Lang;
use crate::model::time::{MINUTE_MS, Millis, SECOND_MS};

/// Bytes of the text in the body.
const TEXT_BYTES_MAX: usize = 4_000;
/// Bytes of the body at most; beyond, notices lose what they tell and keep what they are called.
pub const BODY_BYTES_MAX: usize = 20_000;
/// Notices in one message: each is data for a program, so none may be missing.
pub const NOTICES_MAX: usize = 20;
/// How long to wait when it says that too much comes and not how long.
const BLOCKED_MS: i64 = 30 * SECOND_MS;
/// How far off a signature's time may be, in milliseconds.
const CLOCK_TOLERANCE_MS: i64 = 5 * MINUTE_MS;

#[derive(Debug)]
pub struct Hook {
    /// May hold a token.
    pub url: Secret,
    pub secret: Secret,
}

impl Hook {
    /// The request.
    #[must_use]
    pub fn build(&self, letter: &Letter, to: To<'_>, now: Millis) -> Outgoing {
        let id = letter.id.to_string();
        let seconds = now.0.div_euclid(SECOND_MS);
        // What is too much to be told in full is told by name.
        let full = self.body(&id, letter, to, &letter.data);
        let body = if full.len() <= BODY_BYTES_MAX {
            full
        } else {
            let mut names = letter.data.clone();
            for notice in names.iter_mut().filter_map(serde_json::Value::as_object_mut) {
                notice.remove("told");
            }
            self.body(&id, letter, to, &names)
        };
        let signature = sign::webhook(&id, seconds, &body, &self.secret);
        Outgoing {
            url: self.url.expose().to_owned(),
            headers: vec![
                ("content-type", "application/json; charset=utf-8".to_owned()),
                ("webhook-id", id),
                ("webhook-timestamp", seconds.to_string()),
                ("webhook-signature", signature),
            ],
            body: Some(body),
            basic: None,
        }
    }
}

impl Hook {
    fn body(&self, id: &str, letter: &Letter, to: To<'_>, notices: &[serde_json::Value]) -> Vec<u8> {
        json!({
            "type": "leadyard.notice",
            "id": id,
            "severity": letter.severity.word(),
            "lang": match letter.lang { Lang::En => "en", Lang::Zh => "zh" },
            "title": letter.title,
            "text": letter.text(TEXT_BYTES_MAX),
            "receivers": to.mention,
            "count": letter.count,
            "notices": notices,
        })
        .to_string()
        .into_bytes()
    }
}

/// What an answer means: 2xx only is success, whatever its body. 410 means "never again".
#[must_use]
pub fn judge(answer: &Answer) -> Verdict {
    answer.failure(BLOCKED_MS).unwrap_or_else(Verdict::delivered).or_clock(answer, CLOCK_TOLERANCE_MS)
}
