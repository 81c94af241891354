//! Keyed hashes of contact keys: what the log may know of a phone or mail address. Normalising and hashing is
//! `model::contact`'s affair.

use serde::{Deserialize, Serialize};

/// What a key was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum ContactKind {
    Phone,
    Email,
    Wechat,
}

/// One hashed contact key of a lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct KeyHash {
    pub kind: ContactKind,
    pub hash: u64,
}
