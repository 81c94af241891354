//! One row → a validated lead draft, or the reason why not. Pure: the row, the mapping, the zone and the country decide.
//! It does not know other rows: who is a duplicate, and whether the owner exists, is decided where the desk is known.

mod hash;
mod reading;
mod verdict;

pub use reading::RowReader;
pub use verdict::{Reason, Rejection, Warning, WarningKind};

use super::state::StateWord;
use crate::model::contact::{EmailKey, KeyKind, PhoneKey, company_core, hash_key};
use crate::model::time::Millis;
use smol_str::SmolStr;

/// The most characters of a name, company, source and the like; what is longer is cut and warned of.
pub const MAX_FIELD_CHARS: usize = 200;
/// The most characters of a custom column.
pub const MAX_CUSTOM_CHARS: usize = 500;
/// The most characters of a note.
pub const MAX_NOTE_CHARS: usize = 4_000;

/// A lead as a file tells it, checked and cleaned. Empty text = not known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LeadDraft {
    /// The sender's id, when the file has one.
    pub external_id: Option<String>,
    /// The sender's time.
    pub received_at: Option<Millis>,
    pub name: String,
    /// As given, cleaned; empty when it gave no valid number (the text is then in the note).
    pub phone: String,
    /// As given, cleaned; empty when it is no address (the text is then in the note).
    pub email: String,
    pub wechat: String,
    pub company: String,
    pub source: SmolStr,
    pub campaign: SmolStr,
    pub region: SmolStr,
    pub city: SmolStr,
    pub product: SmolStr,
    pub industry: SmolStr,
    pub language: SmolStr,
    pub score: Option<i32>,
    /// In thousandths.
    pub value: Option<i64>,
    /// Custom columns that are not empty, in file order, without `x.`.
    pub custom: Vec<(SmolStr, SmolStr)>,
    /// Owner as the file names it: login, name or id.
    pub owner: Option<String>,
    pub state: Option<StateWord>,
    /// This person must not be contacted: the lead is closed as invalid and never assigned.
    pub do_not_contact: bool,
    pub note: String,
    /// The line the row begins on.
    pub line: u64,
    /// Of the normalised content, without owner and state: the same lead from another encoding, date spelling or
    /// number spelling has the same hash.
    pub content_hash: u64,
    /// What is odd but did not keep the lead out.
    pub warnings: Vec<Warning>,
    /// The phone in its comparable form.
    pub phone_key: Option<PhoneKey>,
    /// The e-mail in its comparable form.
    pub email_key: Option<EmailKey>,
    /// The WeChat id in its comparable form.
    pub wechat_key: Option<String>,
}

impl LeadDraft {
    /// What names this lead for its sender: the external id, or the content when there is none. Importing the same
    /// file twice gives the same keys.
    #[must_use]
    pub fn key(&self) -> String {
        match &self.external_id {
            Some(id) => id.clone(),
            None => format!("content:{:016x}", self.content_hash),
        }
    }

    /// The hashed keys that may tell a duplicate. Shared phones and role mailboxes give none; a company only suggests.
    #[must_use]
    pub fn key_hashes(&self, secret: &[u8; 16]) -> Vec<(KeyKind, u64)> {
        let mut keys = Vec::new();
        if let Some(number) = self.phone_key.as_ref().and_then(PhoneKey::identity) {
            keys.push((KeyKind::Phone, hash_key(secret, KeyKind::Phone, number)));
        }
        if let Some(mail) = self.email_key.as_ref().filter(|m| !m.shared) {
            keys.push((KeyKind::Email, hash_key(secret, KeyKind::Email, &mail.canonical)));
        }
        if let Some(id) = &self.wechat_key {
            keys.push((KeyKind::Wechat, hash_key(secret, KeyKind::Wechat, id)));
        }
        let core = company_core(&self.company);
        if !core.is_empty() {
            keys.push((KeyKind::Company, hash_key(secret, KeyKind::Company, &core)));
        }
        keys
    }
}
