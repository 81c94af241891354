//! Paged, bounded reads for screens and commands. They read what is committed and end at once; whoever shows them folds
//! later events in. Finding a lead by text is `find`'s affair.

mod effect;
mod find;
mod replied;
mod values;

use rusqlite::{OptionalExtension, Row, ToSql, params};
use smol_str::SmolStr;

pub use effect::{BookEffect, EFFECT_EVENTS_MAX};
pub use find::{Found, FoundBy};

use super::Store;
use super::error::{At, StoreError};
use super::feed::{id_of, sql_id};
use super::row::{LEAD_COLUMNS, read_lead};
use crate::model::contact_card::ContactCard;
use crate::model::event::Verb;
use crate::model::id::{BatchId, BookVersion, LeadId, RepId, Seq};
use crate::model::lead::{Lead, LeadState};
use crate::model::time::Millis;

/// Most rows a page holds.
pub const PAGE_MAX: usize = 1_000;
/// Most contacts one call returns.
pub const CONTACTS_MAX: usize = 500;

/// In which order a page of leads comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LeadOrder {
    /// By id, the newest first; goes on below an id.
    #[default]
    NewestFirst,
    /// By last change, the latest first; goes on below a rev. Fast for closed leads, a scan for open ones.
    LatestChangeFirst,
}

/// Which leads a page shows. Open leads are better asked of the world.
#[derive(Debug, Clone, Default)]
pub struct LeadPage {
    /// Empty = any.
    pub states: Vec<LeadState>,
    pub owner: Option<RepId>,
    pub order: LeadOrder,
    /// Id or rev (by the order) of the last row seen; `None` = from the top.
    pub below: Option<u64>,
    pub limit: usize,
}

/// A batch with its counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchRow {
    pub id: BatchId,
    pub at: Millis,
    pub actor: SmolStr,
    pub console: u32,
    /// What it began with; `None` when a newer Leadyard wrote it.
    pub verb: Option<Verb>,
    pub last: Seq,
    pub events: u64,
    /// How often it turned to a lead; for ordinary batches the number of leads.
    pub leads: u64,
    pub undone: Option<(SmolStr, Millis)>,
}

/// A published rule book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookRow {
    pub version: BookVersion,
    pub seq: Seq,
    pub at: Millis,
    pub by: SmolStr,
    pub note: SmolStr,
    pub text: SmolStr,
}

/// A lead given to a rep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AssignmentRow {
    pub seq: Seq,
    pub lead: LeadId,
    pub rep: RepId,
    pub from: Option<RepId>,
    pub at: Millis,
    /// The person who placed it; `None` = the engine.
    pub placed_by: Option<SmolStr>,
    pub rule: Option<SmolStr>,
    pub book: BookVersion,
}

/// How much is in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub events: u64,
    pub leads: u64,
    pub contacts: u64,
    pub batches: u64,
    pub assignments: u64,
    /// Leads by state, in the order of `LeadState::ALL`.
    pub by_state: [u64; 9],
    /// Bytes of the file without its write-ahead log.
    pub bytes: u64,
}

fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<SmolStr> {
    Ok(row.get_ref(column)?.as_str_or_null()?.map_or_else(SmolStr::default, SmolStr::new))
}

fn text_or_none(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<SmolStr>> {
    Ok(row.get_ref(column)?.as_str_or_null()?.map(SmolStr::new))
}

fn read_batch(r: &Row<'_>) -> rusqlite::Result<BatchRow> {
    let (by, at) = (text_or_none(r, 8)?, r.get::<_, Option<i64>>(9)?);
    Ok(BatchRow {
        id: BatchId(id_of(r.get(0)?)),
        at: Millis(r.get(1)?),
        actor: text(r, 2)?,
        console: r.get(3)?,
        verb: Verb::from_code(r.get(4)?),
        last: Seq(id_of(r.get(5)?)),
        events: id_of(r.get(6)?),
        leads: id_of(r.get(7)?),
        undone: by.zip(at).map(|(by, at)| (by, Millis(at))),
    })
}

const BATCH_COLUMNS: &str =
    "id, at, actor, console, verb, last_seq, events, leads, undone_by, undone_at FROM batch";

fn read_book(r: &Row<'_>) -> rusqlite::Result<BookRow> {
    Ok(BookRow {
        version: BookVersion(r.get(0)?),
        seq: Seq(id_of(r.get(1)?)),
        at: Millis(r.get(2)?),
        by: text(r, 3)?,
        note: text(r, 4)?,
        text: text(r, 5)?,
    })
}

fn read_assignment(r: &Row<'_>) -> rusqlite::Result<AssignmentRow> {
    Ok(AssignmentRow {
        seq: Seq(id_of(r.get(0)?)),
        lead: LeadId(id_of(r.get(1)?)),
        rep: RepId(r.get(2)?),
        from: r.get::<_, Option<u32>>(3)?.map(RepId),
        at: Millis(r.get(4)?),
        placed_by: text_or_none(r, 5)?,
        rule: text_or_none(r, 6)?,
        book: BookVersion(r.get(7)?),
    })
}

impl Store {
    /// Every row of a bounded query.
    fn rows<T>(
        &self,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, StoreError> {
        let mut ask = self.conn.prepare_cached(sql).at(&self.path)?;
        let found = ask.query_map(params, read).at(&self.path)?;
        found.collect::<rusqlite::Result<Vec<T>>>().at(&self.path)
    }

    /// Contact texts of the leads that have some, at most [`CONTACTS_MAX`] at a time.
    ///
    /// # Errors
    /// `TooMuch`, the file's.
    pub fn contacts(&self, leads: &[LeadId]) -> Result<Vec<(LeadId, ContactCard)>, StoreError> {
        if leads.len() > CONTACTS_MAX {
            let limit = CONTACTS_MAX as u64;
            return Err(StoreError::TooMuch { path: self.path.clone(), what: "contacts at once", limit });
        }
        let sql = "SELECT name, phone, email, wechat, note, raw FROM contact WHERE lead = ?";
        let mut ask = self.conn.prepare_cached(sql).at(&self.path)?;
        let mut found = Vec::with_capacity(leads.len());
        for lead in leads {
            let card = ask.query_row([sql_id(lead.0)], |r| {
                Ok(ContactCard {
                    name: r.get(0)?,
                    phone: r.get(1)?,
                    email: r.get(2)?,
                    wechat: r.get(3)?,
                    note: r.get(4)?,
                    raw: r.get(5)?,
                })
            });
            if let Some(card) = card.optional().at(&self.path)? {
                found.push((*lead, card));
            }
        }
        Ok(found)
    }

    /// A lead's row, open or closed.
    ///
    /// # Errors
    /// The file's.
    pub fn lead(&self, lead: LeadId) -> Result<Option<Lead>, StoreError> {
        let sql = format!("SELECT {LEAD_COLUMNS} FROM lead WHERE id = ?");
        let mut ask = self.conn.prepare_cached(&sql).at(&self.path)?;
        ask.query_row([sql_id(lead.0)], read_lead).optional().at(&self.path)
    }

    /// A page of leads, at most [`PAGE_MAX`].
    ///
    /// # Errors
    /// The file's.
    pub fn leads(&self, page: &LeadPage) -> Result<Vec<Lead>, StoreError> {
        let key = match page.order {
            LeadOrder::NewestFirst => "id",
            LeadOrder::LatestChangeFirst => "rev",
        };
        let mut sql = format!("SELECT {LEAD_COLUMNS} FROM lead WHERE {key} < ?");
        let below = page.below.map_or(i64::MAX, |b| sql_id(b.min(i64::MAX as u64)));
        let limit = page.limit.min(PAGE_MAX) as i64;
        let mut values: Vec<Box<dyn ToSql>> = vec![Box::new(below)];
        if !page.states.is_empty() {
            // Said in the index's own words, so that it is used.
            if page.states.iter().all(|s| !s.is_open()) {
                sql.push_str(" AND state >= 4");
            }
            let marks: Vec<&str> = page.states.iter().map(|_| "?").collect();
            sql.push_str(&format!(" AND state IN ({})", marks.join(", ")));
            values.extend(page.states.iter().map(|s| Box::new(*s as u8) as Box<dyn ToSql>));
        }
        if let Some(owner) = page.owner {
            sql.push_str(" AND owner = ?");
            values.push(Box::new(owner.0));
        }
        sql.push_str(&format!(" ORDER BY {key} DESC LIMIT ?"));
        values.push(Box::new(limit));
        self.rows(&sql, rusqlite::params_from_iter(values), read_lead)
    }

    /// Closed leads, the one that changed last first; `below` is the rev of the last one seen.
    ///
    /// # Errors
    /// The file's.
    pub fn closed_leads(&self, below: Option<Seq>, limit: usize) -> Result<Vec<Lead>, StoreError> {
        let states = LeadState::ALL.into_iter().filter(|s| !s.is_open()).collect();
        let (order, below) = (LeadOrder::LatestChangeFirst, below.map(|s| s.0));
        self.leads(&LeadPage { states, owner: None, order, below, limit })
    }

    /// Batches, the newest first, below an id.
    ///
    /// # Errors
    /// The file's.
    pub fn batches(&self, below: Option<BatchId>, limit: usize) -> Result<Vec<BatchRow>, StoreError> {
        let sql = format!("SELECT {BATCH_COLUMNS} WHERE id < ? ORDER BY id DESC LIMIT ?");
        let below = below.map_or(i64::MAX, |b| sql_id(b.0));
        self.rows(&sql, params![below, limit.min(PAGE_MAX) as i64], read_batch)
    }

    /// One batch.
    ///
    /// # Errors
    /// The file's.
    pub fn batch(&self, batch: BatchId) -> Result<Option<BatchRow>, StoreError> {
        let sql = format!("SELECT {BATCH_COLUMNS} WHERE id = ?");
        let mut ask = self.conn.prepare_cached(&sql).at(&self.path)?;
        ask.query_row([sql_id(batch.0)], read_batch).optional().at(&self.path)
    }

    /// The last batch of an actor on a console that was not undone: what `u` takes back. Looks at the last [`PAGE_MAX`].
    ///
    /// # Errors
    /// The file's.
    pub fn last_batch_of(&self, actor: &str, console: u32) -> Result<Option<BatchRow>, StoreError> {
        let recent = self.batches(None, PAGE_MAX)?;
        Ok(recent.into_iter().find(|b| b.actor == actor && b.console == console && b.undone.is_none()))
    }

    /// Published books, the newest first, below a version.
    ///
    /// # Errors
    /// The file's.
    pub fn books(&self, below: Option<BookVersion>, limit: usize) -> Result<Vec<BookRow>, StoreError> {
        let sql = "SELECT version, seq, at, published_by, note, text FROM book
                   WHERE version < ? ORDER BY version DESC LIMIT ?";
        let below = below.map_or(i64::MAX, |b| i64::from(b.0));
        self.rows(sql, params![below, limit.min(PAGE_MAX) as i64], read_book)
    }

    /// The text of a published book.
    ///
    /// # Errors
    /// The file's.
    pub fn book_text(&self, version: BookVersion) -> Result<Option<SmolStr>, StoreError> {
        let mut ask = self.conn.prepare_cached("SELECT text FROM book WHERE version = ?").at(&self.path)?;
        ask.query_row([version.0], |r| text(r, 0)).optional().at(&self.path)
    }

    /// Assignments after a place in the log, oldest first, at most [`PAGE_MAX`].
    ///
    /// # Errors
    /// The file's.
    pub fn assignments(&self, after: Seq, limit: usize) -> Result<Vec<AssignmentRow>, StoreError> {
        let sql = "SELECT seq, lead, rep, from_rep, at, placed_by, rule, book FROM assignment
                   WHERE seq > ? ORDER BY seq LIMIT ?";
        self.rows(sql, params![sql_id(after.0), limit.min(PAGE_MAX) as i64], read_assignment)
    }

    /// How much is in the file. Counts whole tables: not for every frame.
    ///
    /// # Errors
    /// The file's.
    pub fn counts(&self) -> Result<Counts, StoreError> {
        let one = |sql: &str| -> Result<u64, StoreError> {
            self.conn.query_row(sql, [], |r| r.get::<_, i64>(0)).map(id_of).at(&self.path)
        };
        let mut counts = Counts {
            events: one("SELECT count(*) FROM event")?,
            leads: 0,
            contacts: one("SELECT count(*) FROM contact")?,
            batches: one("SELECT count(*) FROM batch")?,
            assignments: one("SELECT count(*) FROM assignment")?,
            by_state: [0; 9],
            bytes: one("PRAGMA page_count")? * one("PRAGMA page_size")?,
        };
        let sql = "SELECT state, count(*) FROM lead GROUP BY state";
        for (state, leads) in self.rows(sql, [], |r| Ok((r.get::<_, u8>(0)?, r.get::<_, i64>(1)?)))? {
            counts.leads += id_of(leads);
            if let Some(count) = counts.by_state.get_mut(usize::from(state)) {
                *count = id_of(leads);
            }
        }
        Ok(counts)
    }
}
