//! Which values leads had in each field, over all leads ever stored: read page by page, so that no read stands long.

use rusqlite::params;

use super::super::Store;
use super::super::error::{At, StoreError};
use super::super::feed::{id_of, sql_id};
use crate::model::field::Field;
use crate::model::values::{Counting, Values};

/// Leads looked at, the newest first; beyond them nobody remembers.
pub const COUNTED_MAX: u64 = 2_000_000;
/// Leads of one read.
const PAGE_LEADS: i64 = 20_000;

/// The text columns in the order they are read.
const COLUMNS: [Field; 8] = [
    Field::Source,
    Field::Campaign,
    Field::Region,
    Field::City,
    Field::Product,
    Field::Industry,
    Field::Language,
    Field::Company,
];

impl Store {
    /// Values by field with their counts, of the newest [`COUNTED_MAX`] leads in whatever state. Reads them all: not for
    /// every key.
    ///
    /// # Errors
    /// The file's.
    pub fn values(&self) -> Result<Values, StoreError> {
        let sql = "SELECT id, source, campaign, region, city, product, industry, language, company, custom
                   FROM lead WHERE id < ? ORDER BY id DESC LIMIT ?";
        let mut ask = self.conn.prepare_cached(sql).at(&self.path)?;
        let mut counting = Counting::default();
        let (mut below, mut left) = (u64::MAX, COUNTED_MAX);
        while left > 0 {
            let before = below;
            let limit = PAGE_LEADS.min(i64::try_from(left).unwrap_or(PAGE_LEADS));
            let mut rows = ask.query(params![sql_id(below.min(i64::MAX as u64)), limit]).at(&self.path)?;
            while let Some(row) = rows.next().at(&self.path)? {
                below = id_of(row.get(0).at(&self.path)?);
                left -= 1;
                counting.lead();
                for (column, field) in COLUMNS.iter().enumerate() {
                    let text = row.get_ref(column + 1).at(&self.path)?;
                    counting.value(field, text.as_str_or_null().unwrap_or_default().unwrap_or_default());
                }
                let custom = row.get_ref(9).at(&self.path)?.as_str_or_null().unwrap_or_default();
                // What cannot be read is no value; `leadyard check` speaks of it.
                let columns: Vec<(String, String)> =
                    custom.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
                for (name, value) in columns {
                    counting.value(&Field::Custom(name.into()), &value);
                }
            }
            if below == before {
                break;
            }
        }
        Ok(counting.finish())
    }
}
