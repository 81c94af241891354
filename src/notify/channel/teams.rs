//! Microsoft Teams by a workflow ("When a Teams webhook request is received"): an adaptive card. 202 means that the flow was
//! queued, not that a card was posted: that much the vendor tells.

use serde_json::json;

use super::super::letter::Letter;
use super::super::secret::Secret;
use super::super::verdict::{Answer, Verdict};
use super::super::wire::Outgoing;
use crate::model::time::SECOND_MS;

/// Bytes of a text; the whole card may take about 28 KB, and trouble was seen from 21.
pub const TEXT_BYTES_MAX: usize = 8_000;
const BLOCKED_MS: i64 = 30 * SECOND_MS;

#[derive(Debug)]
pub struct Flow {
    /// Holds the signature that is the credential.
    pub url: Secret,
}

/// Text blocks read a little markdown: its signs are escaped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '*' | '_' | '[' | ']' | '(' | ')' | '#' | '`' | '\\' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

impl Flow {
    /// The request.
    #[must_use]
    pub fn build(&self, letter: &Letter) -> Outgoing {
        let block = |text: &str, weight: &str| json!({"type": "TextBlock", "text": escaped(text), "wrap": true, "weight": weight});
        let blocks: Vec<_> = std::iter::once(block(&letter.title, "Bolder"))
            .chain(letter.body(TEXT_BYTES_MAX).lines().map(|line| block(line, "Default")))
            .collect();
        let card = json!({
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
            "type": "AdaptiveCard", "version": "1.4", "body": blocks,
        });
        let body = json!({"type": "message", "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": null, "content": card,
        }]});
        Outgoing::json(self.url.expose().to_owned(), &body)
    }
}

/// What an answer means. The old connectors answered 200 and told of the failure in the body.
#[must_use]
pub fn judge(answer: &Answer) -> Verdict {
    if let Some(failure) = answer.failure(BLOCKED_MS) {
        return failure;
    }
    let body = answer.body.as_deref().unwrap_or_default();
    let told = b"returned HTTP error ";
    match body.windows(told.len()).position(|part| part == told) {
        Some(at) => {
            let code: String = body[at + told.len()..]
                .iter()
                .take_while(|b| b.is_ascii_digit())
                .map(|b| char::from(*b))
                .collect();
            let status = code.parse().unwrap_or(500);
            let inner = Answer { status, body: None, ..answer.clone() };
            inner
                .failure(BLOCKED_MS)
                .unwrap_or(Verdict::Unknown { why: "an answer that cannot be read".into() })
        }
        None => Verdict::delivered(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_told_with_status_200_is_one() {
        let answer = |body: &str| Answer { status: 200, body: Some(body.into()), ..Answer::default() };
        assert_eq!(judge(&answer("1")), Verdict::delivered());
        let said =
            answer("Webhook message delivery failed: Microsoft Teams endpoint returned HTTP error 429 with");
        assert!(matches!(judge(&said), Verdict::Throttled { .. }));
        assert_eq!(escaped("a*b[c](d)"), "a\\*b\\[c\\]\\(d\\)");
    }
}
