//! Signatures the vendors ask for. Sources: the vendors' pages as collected in docs/channels.md; each has a test vector.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

use super::secret::Secret;

/// HMAC-SHA256.
#[must_use]
pub fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    // A key of any length is taken: this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return Vec::new() };
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

/// Lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// DingTalk: `timestamp "\n" secret` under the secret; milliseconds, no more than an hour off. Raw base64: it is encoded for
/// the address where it is put there, once.
#[must_use]
pub fn dingtalk(timestamp_ms: i64, secret: &Secret) -> String {
    let message = format!("{timestamp_ms}\n{}", secret.expose());
    STANDARD.encode(hmac(secret.expose().as_bytes(), message.as_bytes()))
}

/// Feishu: nothing at all under the key `timestamp "\n" secret`; seconds, no more than an hour off.
#[must_use]
pub fn feishu(timestamp_s: i64, secret: &Secret) -> String {
    STANDARD.encode(hmac(format!("{timestamp_s}\n{}", secret.expose()).as_bytes(), b""))
}

/// Standard Webhooks: `id.timestamp.body` under the secret, which is base64 behind `whsec_` or else taken as it is.
#[must_use]
pub fn webhook(id: &str, timestamp_s: i64, body: &[u8], secret: &Secret) -> String {
    let key = webhook_key(secret).unwrap_or_default();
    let message = [format!("{id}.{timestamp_s}.").as_bytes(), body].concat();
    format!("v1,{}", STANDARD.encode(hmac(&key, &message)))
}

/// The key a webhook's secret stands for; None = what is behind `whsec_` is no base64, and the receiver would read another key.
#[must_use]
pub fn webhook_key(secret: &Secret) -> Option<Vec<u8>> {
    match secret.expose().strip_prefix("whsec_") {
        // Some write the padding and some do not.
        Some(text) => STANDARD_NO_PAD.decode(text.trim_end_matches('=')).ok().filter(|key| !key.is_empty()),
        None => Some(secret.expose().as_bytes().to_vec()),
    }
}

/// Bytes as they stand in an address: everything but letters, digits and `-_.~` as `%XX`.
#[must_use]
pub fn percent(text: &str) -> String {
    use std::fmt::Write as _;
    text.bytes().fold(String::with_capacity(text.len()), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> Secret {
        Secret::new(text.to_owned())
    }

    #[test]
    fn dingtalk_and_feishu_sign_as_their_pages_say() {
        let sign = dingtalk(1_700_000_000_000, &secret("SECtest"));
        assert_eq!(sign, "aZLLrriXgn05YbwaGR7knYsLeJADjr9NwLaNNKpxh4g=");
        assert!(percent(&sign).ends_with("xh4g%3D"));
        assert_eq!(feishu(1_700_000_000, &secret("demo")), "8oT2n3SMKFfEnDoiwer8BUM/SjKLwe9SqoEIHlhDTKo=");
    }

    /// The vector of the Standard Webhooks reference libraries.
    #[test]
    fn webhooks_sign_as_the_standard_says() {
        let secret = secret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let body = br#"{"test": 2432232314}"#;
        assert_eq!(
            webhook("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body, &secret),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
        let key = |text: &str| webhook_key(&Secret::new(text.to_owned()));
        assert_eq!(
            (key("whsec_YQ=="), key("whsec_YQ"), key("YQ")),
            (key("a"), key("a"), Some(b"YQ".to_vec()))
        );
        assert_eq!((key("whsec_"), key("whsec_not base64")), (None, None));
    }
}
