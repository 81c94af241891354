//! Text messages by Aliyun (阿里云短信). Mainland China takes approved templates only: three short variables travel, no free
//! text. The vendor knows no repeat, so nothing is tried again in doubt. Signature V3 (ACS3-HMAC-SHA256).

use serde_json::json;

use super::super::fit::cut;
use super::super::letter::Letter;
use super::super::people::national;
use super::super::secret::Secret;
use super::super::sign::{hex, hmac, percent, sha256_hex};
use super::super::verdict::{Answer, Verdict, words};
use super::super::wire::Outgoing;
use crate::model::time::{HOUR_MS, MINUTE_MS, Millis, SECOND_MS};

/// Bytes of a variable: twenty Chinese characters, which templates allow.
const VARIABLE_BYTES_MAX: usize = 60;
const BLOCKED_MS: i64 = 30 * SECOND_MS;
/// How far off a signature's time may be, in milliseconds.
const CLOCK_TOLERANCE_MS: i64 = 15 * MINUTE_MS;
/// How long a number rests that got as much as the vendor lets it get.
const NUMBER_BLOCKED_MS: i64 = HOUR_MS;

pub const BASE: &str = "https://dysmsapi.aliyuncs.com";
const HOST: &str = "dysmsapi.aliyuncs.com";

#[derive(Debug)]
pub struct Account {
    pub base: String,
    pub key: String,
    pub secret: Secret,
    pub signature: String,
    /// With the variables `title`, `count` and `id`.
    pub template: String,
    pub to: Vec<String>,
}

impl Account {
    /// One request for all numbers.
    #[must_use]
    pub fn build(&self, letter: &Letter, phones: &[&str], now: Millis) -> Outgoing {
        let id = letter.id.to_string();
        let parameters = json!({
            "title": cut(&letter.title, VARIABLE_BYTES_MAX),
            "count": letter.count.to_string(),
            "id": cut(&letter.foot, VARIABLE_BYTES_MAX),
        });
        let numbers: Vec<&str> = phones.iter().map(|phone| national(phone)).collect();
        let mut query = [
            ("OutId", id.clone()),
            ("PhoneNumbers", numbers.join(",")),
            ("SignName", self.signature.clone()),
            ("TemplateCode", self.template.clone()),
            ("TemplateParam", parameters.to_string()),
        ];
        query.sort_by_key(|(name, _)| *name);
        let query: Vec<String> = query.iter().map(|(n, v)| format!("{n}={}", percent(v))).collect();
        let query = query.join("&");
        // A nonce for each try: the time is part of it.
        let nonce = sha256_hex(format!("{id}.{}", now.0).as_bytes());
        let headers = self.sign(&query, &rfc3339_seconds(now), &nonce);
        Outgoing { url: format!("{}/?{query}", self.base), headers, body: Some(Vec::new()), basic: None }
    }

    fn sign(&self, query: &str, date: &str, nonce: &str) -> Vec<(&'static str, String)> {
        let empty = sha256_hex(b"");
        let signed = [
            ("host", HOST),
            ("x-acs-action", "SendSms"),
            ("x-acs-content-sha256", &empty),
            ("x-acs-date", date),
            ("x-acs-signature-nonce", nonce),
            ("x-acs-version", "2017-05-25"),
        ];
        let names = signed.map(|(name, _)| name).join(";");
        let lines: String = signed.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let canonical = format!("POST\n/\n{query}\n{lines}\n{names}\n{empty}");
        let to_sign = format!("ACS3-HMAC-SHA256\n{}", sha256_hex(canonical.as_bytes()));
        let signature = hex(&hmac(self.secret.expose().as_bytes(), to_sign.as_bytes()));
        let key = &self.key;
        let said = format!("ACS3-HMAC-SHA256 Credential={key},SignedHeaders={names},Signature={signature}");
        let mut headers: Vec<_> = signed.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        headers.push(("authorization", said));
        headers
    }
}

fn rfc3339_seconds(now: Millis) -> String {
    chrono::DateTime::from_timestamp_millis(now.0)
        .map_or_else(String::new, |at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
}

/// What an answer means: `Code`, whatever the status.
#[must_use]
pub fn judge(answer: &Answer) -> Verdict {
    let json = answer.json().unwrap_or_default();
    let code = json.get("Code").and_then(|v| v.as_str()).unwrap_or_default();
    let why = words(code);
    match code {
        "OK" => {
            let id = json.get("BizId").and_then(|v| v.as_str()).unwrap_or_default();
            Verdict::Delivered { vendor: words(id) }
        }
        // Of a number, and of the whole account.
        "isv.BUSINESS_LIMIT_CONTROL" | "isv.DAY_LIMIT_CONTROL" | "isv.MONTH_LIMIT_CONTROL" => {
            Verdict::Throttled { wait_ms: NUMBER_BLOCKED_MS, why }
        }
        _ if code.starts_with("Throttling") => Verdict::Throttled { wait_ms: BLOCKED_MS, why },
        "isp.SYSTEM_ERROR" | "isp.GATEWAY_ERROR" | "ServiceUnavailable" | "InternalError" => {
            Verdict::Transient { why, written: true }
        }
        // A number or a variable, not the account.
        "isv.MOBILE_NUMBER_ILLEGAL"
        | "isv.MOBILE_COUNT_OVER_LIMIT"
        | "isv.TEMPLATE_PARAMS_ILLEGAL"
        | "isv.PARAM_LENGTH_LIMIT"
        | "isv.PARAM_NOT_SUPPORT_URL"
        | "isv.BLACK_KEY_CONTROL_LIMIT"
        | "isv.SMS_CONTENT_ILLEGAL" => Verdict::Permanent { why, channel: false },
        _ if code.starts_with("InvalidTimeStamp") || code.starts_with("IllegalTimestamp") => {
            Verdict::clock(&why)
        }
        "" => answer
            .failure(BLOCKED_MS)
            .unwrap_or(Verdict::Unknown { why: "an answer that cannot be read".into() })
            .or_clock(answer, CLOCK_TOLERANCE_MS),
        _ => Verdict::Permanent { why, channel: true }.or_clock(answer, CLOCK_TOLERANCE_MS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked out apart from this program, by the vendor's description of V3.
    #[test]
    fn it_signs_as_the_description_says() {
        let account = Account {
            base: BASE.into(),
            key: "testid".into(),
            secret: Secret::new("testsecret".into()),
            signature: "s".into(),
            template: "t".into(),
            to: Vec::new(),
        };
        let headers = account.sign("PhoneNumbers=1&SignName=%E9%98%BF", "2026-01-02T03:04:05Z", "nonce");
        let said = &headers.iter().find(|(name, _)| *name == "authorization").unwrap().1;
        assert!(
            said.ends_with("Signature=95c4c38c9d942434f7d1aa18400c5628ae7e9418fd2e97510faad86390b51111"),
            "{said}"
        );
    }

    #[test]
    fn its_code_decides() {
        let answer = |code: &str| Answer {
            status: 200,
            body: Some(json!({"Code": code, "BizId": "1"}).to_string().into_bytes()),
            ..Answer::default()
        };
        assert!(matches!(judge(&answer("OK")), Verdict::Delivered { .. }));
        assert!(matches!(judge(&answer("isv.BUSINESS_LIMIT_CONTROL")), Verdict::Throttled { .. }));
        assert!(matches!(judge(&answer("SignatureDoesNotMatch")), Verdict::Permanent { channel: true, .. }));
        assert!(matches!(judge(&Answer { status: 503, ..Answer::default() }), Verdict::Transient { .. }));
    }
}
