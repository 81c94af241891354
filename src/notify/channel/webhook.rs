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
use crate::model::time::{Millis, SECOND_MS};

/// Bytes of the text in the body.
const TEXT_BYTES_MAX: usize = 4_000;
/// Bytes of the body at most; notices as data are left out from the end until it fits.
pub const BODY_BYTES_MAX: usize = 20_000;
/// How long to wait when it says that too much comes and not how long.
const BLOCKED_MS: i64 = 30 * SECOND_MS;

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
        let mut notices = letter.data.as_slice();
        let body = loop {
            let body = json!({
                "type": "leadyard.notice",
                "id": id,
                "severity": letter.severity.word(),
                "lang": match letter.lang { Lang::En => "en", Lang::Zh => "zh" },
                "title": letter.title,
                "text": letter.text(TEXT_BYTES_MAX),
                "receivers": to.mention,
                "count": letter.count,
                "notices": notices,
                "notices_left_out": letter.data.len() - notices.len(),
            })
            .to_string();
            match notices.split_last() {
                Some((_, fewer)) if body.len() > BODY_BYTES_MAX => notices = fewer,
                _ => break body.into_bytes(),
            }
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

/// What an answer means: 2xx only is success, whatever its body. 410 means "never again".
#[must_use]
pub fn judge(answer: &Answer) -> Verdict {
    answer.failure(BLOCKED_MS).unwrap_or_else(Verdict::delivered)
}
