//! Of which sources first contacts were ever recorded: what a response limit that moves leads rests on.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::super::Store;
use super::super::error::StoreError;
use super::super::feed::id_of;
use super::text;
use crate::rulebook::Replied;

/// Sources told apart, those with most leads first.
const SOURCES_MAX: i64 = 1_000;

impl Store {
    /// Leads and recorded first contacts by source, backlog left aside. Reads every lead: not for every key.
    ///
    /// # Errors
    /// The file's.
    pub fn replied(&self) -> Result<BTreeMap<SmolStr, Replied>, StoreError> {
        let sql = "SELECT source, count(*), count(contacted_at) FROM lead WHERE source <> '' AND kind = 0
                   GROUP BY source ORDER BY count(*) DESC LIMIT ?";
        let rows = self.rows(sql, [SOURCES_MAX], |r| {
            let (leads, contacted) = (id_of(r.get(1)?), id_of(r.get(2)?));
            Ok((text(r, 0)?, Replied { leads, contacted }))
        })?;
        Ok(rows.into_iter().collect())
    }
}
