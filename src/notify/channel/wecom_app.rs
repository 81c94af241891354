//! Messages of a WeCom app (应用消息) to members. A token is fetched and shared until it runs out; the vendor knows a repeat of
//! the same request within half an hour. Beyond its limits for one member it drops messages without a word: ours are lower.

use std::sync::{Mutex, PoisonError};

use serde_json::json;

use super::super::letter::Letter;
use super::super::secret::Secret;
use super::super::sign::percent;
use super::super::verdict::{Answer, Verdict, words};
use super::super::wire::{Outgoing, Wire};
use super::{To, code, unreachable, wecom};
use crate::model::time::{MINUTE_MS, Millis, SECOND_MS};

/// Bytes of a text at most.
pub const TEXT_BYTES_MAX: usize = 2048;
/// A token is fetched anew this long before it runs out, in milliseconds.
const EARLY_MS: i64 = 5 * MINUTE_MS;

pub const BASE: &str = "https://qyapi.weixin.qq.com/cgi-bin";

/// An access token and until when it is good.
type Token = (Secret, Millis);

#[derive(Debug)]
pub struct App {
    pub base: String,
    pub corp: String,
    pub agent: i64,
    pub secret: Secret,
    /// Members who get what is nobody's in particular.
    pub to: Vec<String>,
    pub token: Mutex<Option<Token>>,
}

impl App {
    /// Hands the message over; a token that was refused is fetched anew, once.
    pub async fn send(&self, wire: &Wire, letter: &Letter, to: To<'_>, now: Millis) -> Verdict {
        let Some(members) = to.addresses(&self.to, |p| &p.wecom) else { return unreachable(to.receiver) };
        for is_last in [false, true] {
            let token = match self.token(wire, now, is_last).await {
                Ok(token) => token,
                Err(verdict) => return verdict,
            };
            let answer = match wire.send(self.build(letter, &members, &token), now).await {
                Ok(answer) => answer,
                Err(verdict) => return verdict,
            };
            // Invalid or expired: somebody else fetched another.
            if is_last || !matches!(code(&answer, "errcode"), Ok(40_014 | 42_001)) {
                return judge(&answer);
            }
        }
        Verdict::Permanent { why: "no token".into(), channel: true }
    }

    fn build(&self, letter: &Letter, members: &[&str], token: &Secret) -> Outgoing {
        let body = json!({
            "touser": members.join("|"),
            "msgtype": "text",
            "agentid": self.agent,
            "text": {"content": letter.text(TEXT_BYTES_MAX)},
            "enable_duplicate_check": 1,
            "duplicate_check_interval": 1800,
        });
        Outgoing::json(format!("{}/message/send?access_token={}", self.base, percent(token.expose())), &body)
    }

    /// The token that is good now; `anew` = the one we have is not.
    async fn token(&self, wire: &Wire, now: Millis, anew: bool) -> Result<Secret, Verdict> {
        let known = self.token.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((token, until)) = known.filter(|(_, until)| !anew && now < *until) {
            let _ = until;
            return Ok(token);
        }
        let (corp, secret) = (percent(&self.corp), percent(self.secret.expose()));
        let url = format!("{}/gettoken?corpid={corp}&corpsecret={secret}", self.base);
        // Nothing was told to anybody yet: whatever goes wrong here may be tried again.
        let answer = wire.send(Outgoing { url, ..Outgoing::default() }, now).await.map_err(|v| match v {
            Verdict::Unknown { why } => Verdict::Transient { why, written: false },
            other => other,
        })?;
        let fetched = answer.json().and_then(|json| {
            let token = json.get("access_token")?.as_str()?.to_owned();
            let seconds = json.get("expires_in").and_then(serde_json::Value::as_i64).unwrap_or(7_200);
            Some((Secret::new(token), now.plus(seconds * SECOND_MS - EARLY_MS)))
        });
        let Some((token, until)) = fetched else {
            return Err(match judge(&answer) {
                Verdict::Delivered { .. } | Verdict::Unknown { .. } => {
                    Verdict::Transient { why: "no token in the answer".into(), written: false }
                }
                other => other,
            });
        };
        *self.token.lock().unwrap_or_else(PoisonError::into_inner) = Some((token.clone(), until));
        Ok(token)
    }
}

/// What an answer means. Members it does not know are named in a successful answer.
#[must_use]
pub fn judge(answer: &Answer) -> Verdict {
    if let Some(failure) = answer.failure(MINUTE_MS) {
        return failure;
    }
    let json = answer.json().unwrap_or_default();
    let invalid = json.get("invaliduser").and_then(|v| v.as_str()).unwrap_or_default();
    match code(answer, "errcode") {
        Ok(0) if !invalid.is_empty() => {
            Verdict::Delivered { vendor: smol_str::format_smolstr!("unknown: {}", words(invalid)) }
        }
        Ok(0) => {
            let id = json.get("msgid").and_then(|v| v.as_str()).unwrap_or_default();
            Verdict::Delivered { vendor: words(id) }
        }
        // None of those named exists: the app itself is sound.
        Ok(81_013) => Verdict::Permanent { why: "errcode 81013: nobody of that name".into(), channel: false },
        Ok(code) => wecom::judged(code),
        Err(unknown) => unknown,
    }
}
