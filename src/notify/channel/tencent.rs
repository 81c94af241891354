//! Text messages by Tencent Cloud (腾讯云短信). Approved templates only: three short variables. Each number has its own result;
//! nothing is tried again in doubt. Signature TC3-HMAC-SHA256.

use serde_json::{Value, json};
use smol_str::format_smolstr;

use super::super::fit::cut;
use super::super::letter::Letter;
use super::super::secret::Secret;
use super::super::sign::{hex, hmac, sha256_hex};
use super::super::verdict::{Answer, Verdict, words};
use super::super::wire::Outgoing;
use crate::model::time::{HOUR_MS, MINUTE_MS, Millis, SECOND_MS};

/// Bytes of a variable: twelve Chinese characters, which templates allow.
const VARIABLE_BYTES_MAX: usize = 36;
const BLOCKED_MS: i64 = 30 * SECOND_MS;
/// How far off a signature's time may be, in milliseconds.
const CLOCK_TOLERANCE_MS: i64 = 5 * MINUTE_MS;
/// How long a number rests that got as much as the vendor lets it get.
const NUMBER_BLOCKED_MS: i64 = HOUR_MS;

pub const BASE: &str = "https://sms.tencentcloudapi.com";
const HOST: &str = "sms.tencentcloudapi.com";
const TYPE: &str = "application/json; charset=utf-8";

#[derive(Debug)]
pub struct Account {
    pub base: String,
    pub id: String,
    pub key: Secret,
    pub region: String,
    pub app: String,
    pub signature: String,
    /// With three variables: title, count, ids.
    pub template: String,
    pub to: Vec<String>,
}

impl Account {
    /// One request for all numbers.
    #[must_use]
    pub fn build(&self, letter: &Letter, phones: &[&str], now: Millis) -> Outgoing {
        let body = json!({
            "PhoneNumberSet": phones,
            "SmsSdkAppId": self.app,
            "SignName": self.signature,
            "TemplateId": self.template,
            "TemplateParamSet": [
                cut(&letter.title, VARIABLE_BYTES_MAX),
                letter.count.to_string(),
                cut(&letter.foot, VARIABLE_BYTES_MAX),
            ],
            "SessionContext": letter.id.to_string(),
        })
        .to_string()
        .into_bytes();
        let seconds = now.0.div_euclid(SECOND_MS);
        let headers = vec![
            ("content-type", TYPE.to_owned()),
            ("host", HOST.to_owned()),
            ("x-tc-action", "SendSms".to_owned()),
            ("x-tc-version", "2021-01-11".to_owned()),
            ("x-tc-timestamp", seconds.to_string()),
            ("x-tc-region", self.region.clone()),
            ("authorization", self.sign(&body, seconds)),
        ];
        Outgoing { url: self.base.clone(), headers, body: Some(body), basic: None }
    }

    fn sign(&self, body: &[u8], seconds: i64) -> String {
        let date = chrono::DateTime::from_timestamp(seconds, 0)
            .map_or_else(String::new, |at| at.format("%Y-%m-%d").to_string());
        let names = "content-type;host;x-tc-action";
        let canonical = format!(
            "POST\n/\n\ncontent-type:{TYPE}\nhost:{HOST}\nx-tc-action:sendsms\n\n{names}\n{}",
            sha256_hex(body)
        );
        let scope = format!("{date}/sms/tc3_request");
        let to_sign = format!("TC3-HMAC-SHA256\n{seconds}\n{scope}\n{}", sha256_hex(canonical.as_bytes()));
        let mut key = hmac(format!("TC3{}", self.key.expose()).as_bytes(), date.as_bytes());
        for part in ["sms", "tc3_request"] {
            key = hmac(&key, part.as_bytes());
        }
        let signature = hex(&hmac(&key, to_sign.as_bytes()));
        let id = &self.id;
        format!("TC3-HMAC-SHA256 Credential={id}/{scope}, SignedHeaders={names}, Signature={signature}")
    }
}

/// What an answer means: an error of the whole, or the results number by number, of which the worst counts unless one
/// arrived.
#[must_use]
pub fn judge(answer: &Answer) -> Verdict {
    if let Some(failure) = answer.failure(BLOCKED_MS) {
        return failure;
    }
    let unknown = Verdict::Unknown { why: "an answer that cannot be read".into() };
    let Some(response) = answer.json().and_then(|mut json| json.get_mut("Response").map(Value::take)) else {
        return unknown;
    };
    let text =
        |value: &Value, field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    if let Some(error) = response.get("Error") {
        return judged(&text(error, "Code")).or_clock(answer, CLOCK_TOLERANCE_MS);
    }
    let results: Vec<(String, String)> = response
        .get("SendStatusSet")
        .and_then(Value::as_array)
        .map(|all| all.iter().map(|one| (text(one, "Code"), text(one, "SerialNo"))).collect())
        .unwrap_or_default();
    if let Some((_, serial)) = results.iter().find(|(code, _)| code == "Ok") {
        let failed = results.iter().filter(|(code, _)| code != "Ok").count();
        let serial = words(serial);
        let vendor = if failed > 0 { format_smolstr!("{serial}; {failed} refused") } else { serial };
        return Verdict::Delivered { vendor };
    }
    // A number that may be tried again is tried again with the others.
    let verdicts = results.iter().map(|(code, _)| judged(code));
    verdicts.max_by_key(|v| u8::from(!matches!(v, Verdict::Permanent { .. }))).unwrap_or(unknown)
}

fn judged(code: &str) -> Verdict {
    let why = words(code);
    if code.starts_with("LimitExceeded") {
        return Verdict::Throttled { wait_ms: NUMBER_BLOCKED_MS, why };
    }
    if code.starts_with("RequestLimitExceeded") {
        return Verdict::Throttled { wait_ms: BLOCKED_MS, why };
    }
    if code.starts_with("InternalError") {
        return Verdict::Transient { why, written: true };
    }
    if code.starts_with("AuthFailure.SignatureExpire") {
        return Verdict::clock(&why);
    }
    // A number or a variable, not the account.
    let of_this = [
        "FailedOperation.Phone",
        "FailedOperation.ContainSensitiveWord",
        "FailedOperation.TemplateParamSetNotMatchApprovedTemplate",
        "InvalidParameterValue.IncorrectPhone",
        "InvalidParameterValue.TemplateParameter",
    ];
    Verdict::Permanent { why, channel: !of_this.iter().any(|start| code.starts_with(start)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Worked out apart from this program, by the vendor's description of TC3.
    #[test]
    fn it_signs_as_the_description_says() {
        let account = Account {
            base: BASE.into(),
            id: "testid".into(),
            key: Secret::new("testkey".into()),
            region: "ap-guangzhou".into(),
            app: "1".into(),
            signature: "s".into(),
            template: "t".into(),
            to: Vec::new(),
        };
        let said = account.sign(b"{}", 1_700_000_000);
        assert!(
            said.ends_with("Signature=c8433960f1ec887c1afc6a6023b63c217ff6cc5eba2db66a4fafeae4288da8f3"),
            "{said}"
        );
    }

    #[test]
    fn each_number_has_a_result() {
        let of = |response: Value| {
            let body = json!({"Response": response}).to_string().into_bytes();
            judge(&Answer { status: 200, body: Some(body), ..Answer::default() })
        };
        let sent =
            of(json!({"SendStatusSet": [{"Code": "Ok", "SerialNo": "1"}, {"Code": "LimitExceeded.X"}]}));
        assert_eq!(sent, Verdict::Delivered { vendor: "1; 1 refused".into() });
        assert!(matches!(
            of(json!({"SendStatusSet": [{"Code": "LimitExceeded.X"}]})),
            Verdict::Throttled { .. }
        ));
        let expired = of(json!({"Error": {"Code": "AuthFailure.SignatureExpire"}}));
        assert!(matches!(expired, Verdict::Permanent { channel: true, .. }));
    }
}
