//! Text messages by Twilio. Each is paid for: only what pages, a bound a day, and no second try in doubt.

use smol_str::format_smolstr;

use super::super::letter::Letter;
use super::super::secret::Secret;
use super::super::sign::percent;
use super::super::verdict::{Answer, Verdict, words};
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
    /// Sends to every number. One that is refused or in doubt keeps nobody else from theirs; trouble with the account or the
    /// way there stops the rest, and is tried again only where nobody can have got it.
    pub async fn send(&self, wire: &Wire, letter: &Letter, to: To<'_>, now: Millis) -> Verdict {
        let Some(phones) = to.addresses(&self.to, |p| &p.phone) else { return unreachable(to.receiver) };
        let mut verdicts = Vec::new();
        for phone in &phones {
            let verdict = posted(wire, self.build(letter, phone), judge, now).await;
            let goes_on = matches!(
                verdict,
                Verdict::Delivered { .. }
                    | Verdict::Unknown { .. }
                    | Verdict::Permanent { channel: false, .. }
            );
            verdicts.push(verdict);
            if !goes_on {
                break;
            }
        }
        summed(verdicts, phones.len())
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

/// What came of the message, from what came of each number in turn: taken by one it is not sent again, and in doubt neither.
fn summed(verdicts: Vec<Verdict>, numbers: usize) -> Verdict {
    let is_taken = |place: &usize| matches!(verdicts.get(*place), Some(Verdict::Delivered { .. }));
    let missed: Vec<String> =
        (0..numbers).filter(|place| !is_taken(place)).map(|place| (place + 1).to_string()).collect();
    if let Some(Verdict::Delivered { vendor }) = (0..numbers).find(is_taken).and_then(|at| verdicts.get(at)) {
        return match missed.as_slice() {
            [] => Verdict::Delivered { vendor: vendor.clone() },
            missed => Verdict::Delivered {
                vendor: format_smolstr!("{vendor}; not recipient {}", missed.join(", ")),
            },
        };
    }
    let doubt = verdicts.iter().find(|v| matches!(v, Verdict::Unknown { .. })).or(verdicts.last());
    doubt.cloned().unwrap_or_else(Verdict::delivered)
}

/// What an answer means. 429 (20429) was not processed.
#[must_use]
pub fn judge(answer: &Answer) -> Verdict {
    let json = answer.json().unwrap_or_default();
    let code = json.get("code").and_then(serde_json::Value::as_i64);
    match (answer.failure(BLOCKED_MS), code) {
        (None, _) => {
            let sid = json.get("sid").and_then(|v| v.as_str()).unwrap_or_default();
            Verdict::Delivered { vendor: words(sid) }
        }
        // The number, not the account.
        (Some(Verdict::Permanent { .. }), Some(code @ (21_211 | 21_610 | 21_614 | 21_617 | 21_658))) => {
            Verdict::Permanent { why: format_smolstr!("code {code}"), channel: false }
        }
        (Some(failure), _) => failure,
    }
}
