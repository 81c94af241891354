//! A custom bot in a Feishu or Lark group, signed in the body. It mentions by `open_id` only: a phone means nothing to it.

use serde_json::json;

use super::super::letter::Letter;
use super::super::secret::Secret;
use super::super::sign;
use super::super::verdict::{Answer, Verdict};
use super::super::wire::Outgoing;
use super::{To, code};
use crate::model::time::{HOUR_MS, Millis, SECOND_MS};

/// Bytes of a text at most: the whole body may take 20 KB.
pub const TEXT_BYTES_MAX: usize = 9_000;
/// How far off a signature's time may be, in milliseconds.
const CLOCK_TOLERANCE_MS: i64 = HOUR_MS;
/// How long to wait when it says that too much comes; also at quiet rates around full and half hours.
const BLOCKED_MS: i64 = 60 * SECOND_MS;

pub const BASE: &str = "https://open.feishu.cn/open-apis/bot/v2/hook";

#[derive(Debug)]
pub struct Bot {
    pub base: String,
    pub token: Secret,
    pub secret: Option<Secret>,
}

impl Bot {
    /// The request.
    #[must_use]
    pub fn build(&self, letter: &Letter, to: To<'_>, now: Millis) -> Outgoing {
        let is_id = |id: &&str| id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        let mut at: String = to
            .ids(|p| &p.feishu)
            .into_iter()
            .filter(is_id)
            .map(|id| format!(" <at user_id=\"{id}\"></at>"))
            .collect();
        if to.everybody {
            at.push_str(" <at user_id=\"all\"></at>");
        }
        let text = letter.text(TEXT_BYTES_MAX.saturating_sub(at.len())) + &at;
        let mut body = json!({"msg_type": "text", "content": {"text": text}});
        if let (Some(secret), Some(body)) = (&self.secret, body.as_object_mut()) {
            let seconds = now.0.div_euclid(SECOND_MS);
            body.insert("timestamp".into(), seconds.to_string().into());
            body.insert("sign".into(), sign::feishu(seconds, secret).into());
        }
        Outgoing::json(format!("{}/{}", self.base, sign::percent(self.token.expose())), &body)
    }
}

/// What an answer means: `code`, and not the old `StatusCode` beside it.
#[must_use]
pub fn judge(answer: &Answer) -> Verdict {
    // Its own errors come with status 400 as well as with 200.
    let code = match (code(answer, "code"), answer.failure(BLOCKED_MS)) {
        (Ok(code), None) => code,
        (Ok(code), Some(_)) if answer.status == 400 && code != 0 => code,
        (_, Some(failure)) => return failure,
        (Err(unknown), None) => return unknown,
    };
    let why = smol_str::format_smolstr!("code {code}");
    match code {
        0 => Verdict::delivered(),
        11_232 => Verdict::Throttled { wait_ms: BLOCKED_MS, why },
        2_200 => Verdict::Transient { why, written: true },
        9_499 | 19_002 => Verdict::Permanent { why, channel: false },
        _ => Verdict::Permanent { why, channel: true }.or_clock(answer, CLOCK_TOLERANCE_MS),
    }
}
