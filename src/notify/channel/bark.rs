//! Bark: pushes to one's own iPhone, by the public server or an own one.

use serde_json::json;

use super::super::fit::cut;
use super::super::letter::Letter;
use super::super::secret::Secret;
use super::super::verdict::{Answer, Verdict};
use super::super::wire::Outgoing;
use super::code;
use crate::model::alert::Severity;
use crate::model::time::SECOND_MS;

/// Bytes of a text: a push carries four kilobytes in all.
pub const TEXT_BYTES_MAX: usize = 2_500;
const TITLE_BYTES_MAX: usize = 250;
const BLOCKED_MS: i64 = 30 * SECOND_MS;

pub const BASE: &str = "https://api.day.app";

#[derive(Debug)]
pub struct Device {
    pub base: String,
    pub key: Secret,
}

impl Device {
    /// The request.
    #[must_use]
    pub fn build(&self, letter: &Letter) -> Outgoing {
        let level = match letter.severity {
            Severity::Page => "timeSensitive",
            Severity::Warn => "active",
            Severity::Info => "passive",
        };
        let body = json!({
            "device_key": self.key.expose(),
            "title": cut(&letter.title, TITLE_BYTES_MAX),
            "body": letter.body(TEXT_BYTES_MAX),
            "level": level,
            "group": "Leadyard",
        });
        Outgoing::json(format!("{}/push", self.base), &body)
    }
}

/// What an answer means: its own code is a status once more. 400 is how it says that it does not know the device.
#[must_use]
pub fn judge(answer: &Answer) -> Verdict {
    let told = |answer: &Answer| match answer.failure(BLOCKED_MS)? {
        Verdict::Permanent { why, .. } => Some(Verdict::Permanent { why, channel: true }),
        other => Some(other),
    };
    if let Some(failure) = told(answer) {
        return failure;
    }
    match code(answer, "code") {
        Ok(code) => {
            let status = u16::try_from(code).unwrap_or(500);
            told(&Answer { status, ..Answer::default() }).unwrap_or_else(Verdict::delivered)
        }
        Err(unknown) => unknown,
    }
}
