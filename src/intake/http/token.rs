//! What a token is: its secret, scopes, rate and end as words. Making one takes chance from the caller; storing it is the desk's
//! affair, checking it the door's.

use sha2::{Digest, Sha256};

use crate::model::time::{DAY_MS, HOUR_MS, MINUTE_MS};

/// What every secret begins with, so that it is recognised where it should not be.
pub const MARK: &str = "ly_";
/// Characters of a secret by which its token is found; what follows are 208 bits more.
pub const PREFIX_CHARS: usize = 11;
/// Requests a minute unless said otherwise.
pub const RATE_DEFAULT: u32 = 600;
/// Highest rate a token may have, a minute.
pub const RATE_MAX: u32 = 1_000_000;
/// Longest a name may be, in bytes.
pub const NAME_BYTES_MAX: usize = 40;

/// What a token may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Leads,
    FollowUp,
    Read,
}

impl Scope {
    pub const ALL: [Scope; 3] = [Self::Leads, Self::FollowUp, Self::Read];

    /// Its bit in the store.
    #[must_use]
    pub fn bit(self) -> u8 {
        match self {
            Self::Leads => 1,
            Self::FollowUp => 2,
            Self::Read => 4,
        }
    }

    /// Its word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Leads => "leads",
            Self::FollowUp => "followup",
            Self::Read => "read",
        }
    }
}

/// Words of the bits, as a person writes them.
#[must_use]
pub fn scope_words(bits: u8) -> String {
    let words: Vec<&str> = Scope::ALL.iter().filter(|s| bits & s.bit() != 0).map(|s| s.word()).collect();
    words.join(",")
}

/// The bits of words such as `leads,followup`; `None` when one is unknown or there is none.
#[must_use]
pub fn scope_bits(words: &str) -> Option<u8> {
    let mut bits = 0;
    for word in words.split(',').map(str::trim).filter(|w| !w.is_empty()) {
        bits |= Scope::ALL.iter().find(|s| s.word().eq_ignore_ascii_case(word))?.bit();
    }
    (bits != 0).then_some(bits)
}

/// `600`, `600/min` or `10/s` as requests a minute.
#[must_use]
pub fn rate_per_min(text: &str) -> Option<u32> {
    let (number, unit) = text.split_once('/').unwrap_or((text, "min"));
    let number: u32 = number.trim().parse().ok()?;
    let per_min = match unit.trim() {
        "min" | "m" => number,
        "s" => number.checked_mul(60)?,
        _ => return None,
    };
    (1..=RATE_MAX).contains(&per_min).then_some(per_min)
}

/// `90d`, `12h` or `30m` in milliseconds; ten years at most.
#[must_use]
pub fn length_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    let unit = text.chars().last()?;
    let number: i64 = text.strip_suffix(unit)?.parse().ok()?;
    let ms = number.checked_mul(match unit {
        'd' => DAY_MS,
        'h' => HOUR_MS,
        'm' => MINUTE_MS,
        _ => return None,
    })?;
    (ms > 0 && ms <= 3_660 * DAY_MS).then_some(ms)
}

/// Whether a token may be called so: it signs the log as `http:NAME`.
#[must_use]
pub fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= NAME_BYTES_MAX
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.'))
}

/// The name under which what a token does stands in the log.
#[must_use]
pub fn signature(name: &str) -> smol_str::SmolStr {
    smol_str::format_smolstr!("http:{name}")
}

/// The text of a secret.
#[must_use]
pub fn secret_text(chance: &[u8; 32]) -> String {
    use base64::Engine;
    format!("{MARK}{}", base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(chance))
}

/// What is stored of a secret, and the key its holder signs with.
#[must_use]
pub fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// The part by which a secret's token is found; `None` when it is no secret of ours.
#[must_use]
pub fn prefix(secret: &str) -> Option<&str> {
    secret.get(..PREFIX_CHARS).filter(|p| p.starts_with(MARK) && secret.len() > PREFIX_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_bits_agree() {
        assert_eq!(scope_bits("read, leads"), Some(5));
        assert_eq!(scope_words(5), "leads,read");
        assert_eq!(scope_bits("read,admin"), None);
        assert_eq!(scope_bits(""), None);
        assert_eq!(
            (rate_per_min("10/s"), rate_per_min("600/min"), rate_per_min("0")),
            (Some(600), Some(600), None)
        );
        assert_eq!((length_ms("90d"), length_ms("-1d"), length_ms("1y")), (Some(90 * DAY_MS), None, None));
    }

    #[test]
    fn a_secret_holds_all_its_chance_and_its_prefix_little() {
        let secret = secret_text(&[0xAB; 32]);
        assert_eq!(secret.len(), 3 + 43);
        assert_eq!(prefix(&secret).unwrap().len(), PREFIX_CHARS);
        assert_eq!(prefix("Bearer"), None);
        assert!(is_name("web-form") && is_name("官网") && !is_name("a b") && !is_name(""));
    }
}
