//! A robot in a WeCom group (消息推送). Plain text: it alone mentions by phone, and nothing in it marks up. The robot knows no
//! repeat: one that may have arrived is sent once more, with the number of the try in its foot.

use serde_json::json;

use super::super::letter::Letter;
use super::super::people::national;
use super::super::secret::Secret;
use super::super::sign::percent;
use super::super::verdict::{Answer, Verdict};
use super::super::wire::Outgoing;
use super::{To, code};
use crate::model::time::{MINUTE_MS, SECOND_MS};

/// Bytes of a text at most (vendor's page, 2025-08).
pub const TEXT_BYTES_MAX: usize = 2048;
/// How long the vendor blocks after too many.
const BLOCKED_MS: i64 = MINUTE_MS;

/// The robot's address without its key.
pub const BASE: &str = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send";

#[derive(Debug)]
pub struct Robot {
    pub base: String,
    /// The whole credential.
    pub key: Secret,
}

impl Robot {
    /// The request.
    #[must_use]
    pub fn build(&self, letter: &Letter, to: To<'_>) -> Outgoing {
        let mut members = to.ids(|p| &p.wecom);
        let phones = to.ids(|p| if p.wecom.is_empty() { national(&p.phone) } else { "" });
        if to.everybody {
            members.push("@all");
        }
        let body = json!({
            "msgtype": "text",
            "text": {
                "content": letter.text(TEXT_BYTES_MAX),
                "mentioned_list": members,
                "mentioned_mobile_list": phones,
            },
        });
        Outgoing::json(format!("{}?key={}", self.base, percent(self.key.expose())), &body)
    }
}

/// What an answer means: 0 only is success, whatever the status.
#[must_use]
pub fn judge(answer: &Answer) -> Verdict {
    if let Some(failure) = answer.failure(BLOCKED_MS) {
        return failure;
    }
    match code(answer, "errcode") {
        Ok(code) => judged(code),
        Err(unknown) => unknown,
    }
}

/// The codes both the robot and the app answer with.
pub(super) fn judged(code: i64) -> Verdict {
    let why = smol_str::format_smolstr!("errcode {code}");
    match code {
        0 => Verdict::delivered(),
        // Too often; too many at once.
        45009 | 45033 => Verdict::Throttled { wait_ms: BLOCKED_MS + SECOND_MS, why },
        -1 => Verdict::Transient { why, written: true },
        // A text it does not like: the robot itself is sound.
        40008 | 40035 | 40058 | 44004 | 45002 => Verdict::Permanent { why, channel: false },
        _ => Verdict::Permanent { why, channel: true },
    }
}
