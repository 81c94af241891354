//! Text messages by Twilio. Each is paid for: only what pages, a bound a day, and no second try in doubt.

use super::super::letter::Letter;
use super::super::secret::Secret;
use super::super::sign::percent;
use super::super::verdict::{Answer, Verdict};
use super::super::wire::{Outgoing, Wire};
use super::{To, posted, unreachable};
use crate::model::time::{Millis, SECOND_MS};

/// Bytes of a text: two or three parts are paid for at most.
pub const TEXT_BYTES_MAX: usize = 420;
const BLOCKED_MS: i64 = 30 * SECOND_MS;

pub const BASE: &str = "https://api.twilio.com";

#[derive(Debug)]
pub struct Account {
    pub base: String,
    pub account: String,
    pub token: Secret,
    /// A number, or the id of a messaging service (`MG…`).
    pub from: String,
    /// Numbers with country code.
    pub to: Vec<String>,
}

impl Account {
    /// Sends to every number; the first that fails stops the rest.
    pub async fn send(&self, wire: &Wire, letter: &Letter, to: To<'_>, now: Millis) -> Verdict {
        let Some(phones) = to.addresses(&self.to, |p| &p.phone) else { return unreachable(to.receiver) };
        let mut last = Verdict::delivered();
        for phone in phones {
            last = posted(wire, self.build(letter, phone), judge, now).await;
            if !matches!(last, Verdict::Delivered { .. }) {
                return last;
            }
        }
        last
    }

    fn build(&self, letter: &Letter, phone: &str) -> Outgoing {
        let sender = if self.from.starts_with("MG") { "MessagingServiceSid" } else { "From" };
        let text = letter.text(TEXT_BYTES_MAX);
        let body = format!("To={}&{sender}={}&Body={}", percent(phone), percent(&self.from), percent(&text));
        Outgoing {
            url: format!("{}/2010-04-01/Accounts/{}/Messages.json", self.base, percent(&self.account)),
            headers: vec![("content-type", "application/x-www-form-urlencoded".to_owned())],
            body: Some(body.into_bytes()),
            basic: Some((self.account.clone(), self.token.clone())),
        }
    }
}

/// What an answer means. 429 (20429) was not processed.
#[must_use]
pub fn judge(answer: &Answer) -> Verdict {
    let json = answer.json().unwrap_or_default();
    let code = json.get("code").and_then(serde_json::Value::as_i64);
    match (answer.failure(BLOCKED_MS), code) {
        (None, _) => {
            let sid = json.get("sid").and_then(|v| v.as_str()).unwrap_or_default();
            Verdict::Delivered { vendor: sid.into() }
        }
        // The number, not the account.
        (Some(Verdict::Permanent { .. }), Some(code @ (21_211 | 21_610 | 21_614 | 21_617 | 21_658))) => {
            Verdict::Permanent { why: smol_str::format_smolstr!("code {code}"), channel: false }
        }
        (Some(failure), _) => failure,
    }
}
