//! Finding leads by what a person types: an id, an external id, the end of a phone number, a piece of a name.

use rusqlite::params;

use super::super::Store;
use super::super::error::StoreError;
use super::super::feed::sql_id;
use super::PAGE_MAX;
use crate::model::id::LeadId;

/// Contacts looked through for one text, newest first: bounds a search that finds little.
const SCAN_MAX: i64 = 200_000;
/// Fewest digits that make a phone's end.
const PHONE_DIGITS_MIN: usize = 4;

/// By what a lead was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoundBy {
    Id,
    ExternalId,
    PhoneEnd,
    Contact,
    Company,
}

/// A lead that answers to a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    pub lead: LeadId,
    pub by: FoundBy,
}

/// `text` for LIKE, with its own wildcards taken literally (escape `\`).
fn like(text: &str) -> String {
    text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_")
}

impl Store {
    /// Leads that answer to `text`: surest first, newest first within, each once, at most `limit`. Contact and company texts
    /// are looked through for the newest leads only.
    ///
    /// # Errors
    /// The file's.
    pub fn find(&self, text: &str, limit: usize) -> Result<Vec<Found>, StoreError> {
        let text = text.trim();
        let limit = limit.min(PAGE_MAX);
        let mut found: Vec<Found> = Vec::new();
        let mut add = |leads: Vec<LeadId>, by: FoundBy| {
            for lead in leads {
                if found.len() < limit && found.iter().all(|f| f.lead != lead) {
                    found.push(Found { lead, by });
                }
            }
            found.len() >= limit
        };
        if text.is_empty() {
            return Ok(Vec::new());
        }
        if let Ok(id) = text.parse::<LeadId>()
            && id.0 <= i64::MAX as u64
        {
            add(self.lead_ids("SELECT id FROM lead WHERE id = ?", params![sql_id(id.0)])?, FoundBy::Id);
        }
        add(self.by_reference(None, text)?, FoundBy::ExternalId);
        let max = limit as i64;
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let is_number = text.chars().all(|c| c.is_ascii_digit() || " +-()".contains(c));
        if is_number && digits.len() >= PHONE_DIGITS_MIN {
            let sql = "SELECT lead FROM (SELECT lead, phone FROM contact ORDER BY lead DESC LIMIT ?)
                       WHERE replace(replace(phone, '-', ''), ' ', '') LIKE ? LIMIT ?";
            let end = format!("%{digits}");
            add(self.lead_ids(sql, params![SCAN_MAX, end, max])?, FoundBy::PhoneEnd);
        }
        let piece = format!("%{}%", like(text));
        let sql = r"SELECT lead FROM (SELECT * FROM contact ORDER BY lead DESC LIMIT ?1)
                    WHERE name LIKE ?2 ESCAPE '\' OR email LIKE ?2 ESCAPE '\' OR wechat LIKE ?2 ESCAPE '\'
                       OR note LIKE ?2 ESCAPE '\' LIMIT ?3";
        if add(self.lead_ids(sql, params![SCAN_MAX, piece, max])?, FoundBy::Contact) {
            return Ok(found);
        }
        let sql = r"SELECT id FROM (SELECT id, company FROM lead ORDER BY id DESC LIMIT ?1)
                    WHERE company LIKE ?2 ESCAPE '\' LIMIT ?3";
        add(self.lead_ids(sql, params![SCAN_MAX, piece, max])?, FoundBy::Company);
        Ok(found)
    }
}
