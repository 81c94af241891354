//! A custom robot in a DingTalk group, signed. Twenty-one messages in a minute silence it for ten: limits and merging matter
//! most here. `msgUuid` lets the vendor know a repeat.

use serde_json::json;

use super::super::letter::Letter;
use super::super::people::national;
use super::super::secret::Secret;
use super::super::sign;
use super::super::verdict::{Answer, Verdict};
use super::super::wire::Outgoing;
use super::{To, code};
use crate::model::time::{HOUR_MS, MINUTE_MS, Millis};

/// Bytes of a text at most; the vendor's own bound is not published exactly and is above this.
pub const TEXT_BYTES_MAX: usize = 6_000;
/// How far off a signature's time may be, in milliseconds.
const CLOCK_TOLERANCE_MS: i64 = HOUR_MS;
/// How long the vendor blocks after too many.
const BLOCKED_MS: i64 = 10 * MINUTE_MS;

pub const BASE: &str = "https://oapi.dingtalk.com/robot/send";

#[derive(Debug)]
pub struct Robot {
    pub base: String,
    pub token: Secret,
    /// None = the robot asks for a keyword or an address instead of a signature.
    pub secret: Option<Secret>,
}

impl Robot {
    /// The request.
    #[must_use]
    pub fn build(&self, letter: &Letter, to: To<'_>, now: Millis) -> Outgoing {
        let users = to.ids(|p| &p.dingtalk);
        let phones = to.ids(|p| if p.dingtalk.is_empty() { national(&p.phone) } else { "" });
        // A mention shows only where its name stands in the text too.
        let named: String = users.iter().map(|id| format!(" @{id}")).collect();
        let content = letter.text(TEXT_BYTES_MAX.saturating_sub(named.len())) + &named;
        let body = json!({
            "msgtype": "text",
            "text": {"content": content},
            "at": {"atUserIds": users, "atMobiles": phones, "isAtAll": to.everybody},
            "msgUuid": letter.id.to_string(),
        });
        let mut url = format!("{}?access_token={}", self.base, sign::percent(self.token.expose()));
        if let Some(secret) = &self.secret {
            let signed = sign::percent(&sign::dingtalk(now.0, secret));
            url.push_str(&format!("&timestamp={}&sign={signed}", now.0));
        }
        Outgoing::json(url, &body)
    }
}

/// What an answer means. The code decides, never its words, whose language changed over the years.
#[must_use]
pub fn judge(answer: &Answer) -> Verdict {
    if let Some(failure) = answer.failure(BLOCKED_MS) {
        return failure;
    }
    let code = match code(answer, "errcode") {
        Ok(code) => code,
        Err(unknown) => return unknown,
    };
    let why = smol_str::format_smolstr!("errcode {code}");
    match code {
        0 => Verdict::delivered(),
        130_101 => Verdict::Throttled { wait_ms: BLOCKED_MS, why },
        -1 => Verdict::Transient { why, written: true },
        // Parameter missing or text it does not like.
        40_035 | 400_105 | 410_100 | 460_101 => Verdict::Permanent { why, channel: false },
        _ => Verdict::Permanent { why, channel: true }.or_clock(answer, CLOCK_TOLERANCE_MS),
    }
}
