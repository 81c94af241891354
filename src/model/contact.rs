//! Contact data brought to one form: cleaned text, phone, e-mail and WeChat keys, company cores, masks, keyed hashes.
//! Pure: no files, no clock. It decides what is an identity and what is shared, never who is a duplicate of whom.

mod company;
mod email;
mod mask;
mod phone;
mod text;

pub use company::{company_core, company_similarity_milli};
pub use email::{EmailKey, email, wechat};
pub use mask::{mask_email, mask_phone};
pub use phone::{CountryCode, PhoneFault, PhoneKey, is_damaged, phone};
pub use text::{MAX_GRAPHEME_CHARS, MAX_TEXT_CHARS, clean_text, cleaned, fold, is_blank};

use serde::{Deserialize, Serialize};
use siphasher::sip::SipHasher24;
use std::hash::Hasher;

/// What a hashed contact key was made of; part of the hash, so a phone never meets a WeChat id of the same digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum KeyKind {
    Phone,
    Email,
    Wechat,
    /// The core of a company name; may suggest, never identify.
    Company,
}

impl KeyKind {
    fn tag(self) -> u8 {
        match self {
            Self::Phone => 1,
            Self::Email => 2,
            Self::Wechat => 3,
            Self::Company => 4,
        }
    }
}

/// The keyed hash (SipHash-2-4) events carry instead of a contact. `normalised` is what [`phone`], [`email`], … gave.
#[must_use]
pub fn hash_key(secret: &[u8; 16], kind: KeyKind, normalised: &str) -> u64 {
    let mut hasher = SipHasher24::new_with_key(secret);
    hasher.write(&[kind.tag(), 0x1f]);
    hasher.write(normalised.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests;
