//! What each published book led to: placements by rule and by hand, leads put aside. Sums over the latest part of the log, so
//! that asking costs the same on a file of any age.

use super::super::Store;
use super::super::error::{At, StoreError};
use super::super::feed::{id_of, sql_id};
use super::{BookRow, text_or_none};
use crate::model::actor::ENGINE;
use crate::model::event::Verb;
use crate::model::id::{BookVersion, Seq};
use rusqlite::params;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// Events of the log that are looked at, from its end.
pub const EFFECT_EVENTS_MAX: u64 = 400_000;

/// What came of one version.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BookEffect {
    /// Placements by the engine.
    pub engine: u64,
    /// Placements by persons.
    pub person: u64,
    /// Leads the engine put aside for a person.
    pub parked: u64,
    /// The engine's placements by rule, the most first.
    pub rules: Vec<(SmolStr, u64)>,
    /// Whether part of its time lies before what was looked at.
    pub is_cut: bool,
}

impl Store {
    /// What came of these versions while each was in force; `books` newest first, as [`Store::books`] gives them.
    ///
    /// # Errors
    /// The file's.
    pub fn effects(&self, books: &[BookRow]) -> Result<BTreeMap<BookVersion, BookEffect>, StoreError> {
        let from = Seq(self.last_seq()?.0.saturating_sub(EFFECT_EVENTS_MAX));
        let mut effects: BTreeMap<BookVersion, BookEffect> = BTreeMap::new();
        for book in books {
            effects.entry(book.version).or_default().is_cut = book.seq < from;
        }
        let sql = "SELECT book, placed_by IS NOT NULL, rule, count(*) FROM assignment WHERE seq > ?
                   GROUP BY 1, 2, 3 ORDER BY 4 DESC, 3";
        let placed = self.rows(sql, [sql_id(from.0)], |r| {
            Ok((BookVersion(r.get(0)?), r.get::<_, bool>(1)?, text_or_none(r, 2)?, id_of(r.get(3)?)))
        })?;
        for (version, by_person, rule, count) in placed {
            let Some(effect) = effects.get_mut(&version) else { continue };
            if by_person {
                effect.person += count;
            } else {
                effect.engine += count;
                effect.rules.extend(rule.map(|rule| (rule, count)));
            }
        }
        let sql = "SELECT count(*) FROM event WHERE seq > ? AND seq < ? AND verb = ? AND actor = ?";
        let mut ask = self.conn.prepare_cached(sql).at(&self.path)?;
        let mut until = i64::MAX;
        for book in books {
            let since = sql_id(book.seq.max(from).0);
            let count = ask
                .query_row(params![since, until, Verb::LeadParked.code(), ENGINE], |r| r.get::<_, i64>(0))
                .at(&self.path)?;
            if let Some(effect) = effects.get_mut(&book.version) {
                effect.parked = id_of(count);
            }
            until = sql_id(book.seq.0);
            if book.seq < from {
                break;
            }
        }
        Ok(effects)
    }
}
