//! The first page: what a screen shows before the log is folded, read from the projections in one short read. It decides
//! nothing and is kept by nobody: the folded world takes its place as soon as it is there.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{Store, text};
use crate::model::alert::{Alert, AlertKey, AlertKind, AlertSubject, Detail, Finding, Handling, name_key};
use crate::model::contact_card::ContactCard;
use crate::model::id::{BookVersion, LeadId, RepId, Seq};
use crate::model::lead::Lead;
use crate::model::rep::RepCard;
use crate::model::time::{DAY_MS, DayNo, Millis};
use crate::store::error::{At, StoreError};
use crate::store::feed::id_of;
use crate::store::row::{LEAD_COLUMNS, read_lead};
use crate::world::{Picture, RepState};

/// Most leads a first page holds, and most that its alerts name.
const ROWS_MAX: usize = 500;
/// Parked leads looked at for those that do not lie in the pool, whose place is another list.
const PARKED_SEEN_MAX: usize = 2_000;

/// The desk as the projections have it, all as of one commit.
#[derive(Debug, Clone, Default)]
pub struct FirstPage {
    /// Roster, book, alerts and the leads on top of the queue.
    pub picture: Picture,
    pub contacts: Vec<(LeadId, ContactCard)>,
    /// All of them, also those beyond the page.
    pub waiting: usize,
    pub parked: usize,
}

impl Store {
    /// The first page of the queue with at most `limit` leads, and what the other panes show. `now` tells which day's
    /// placements are wanted.
    ///
    /// # Errors
    /// The file's; `Damaged` when a row cannot be read.
    pub fn first_page(&self, limit: usize, now: Millis) -> Result<FirstPage, StoreError> {
        // One snapshot for all of it, ended before this returns.
        let read = self.conn.unchecked_transaction().at(&self.path)?;
        let mut page = read_page(&read, limit.min(ROWS_MAX), now).at(&self.path)?;
        page.picture.seq = self.log().last_seq()?;
        // Two leads of one person are told with their owners.
        let pairs = page.picture.alerts.iter().filter(|alert| alert.finding.key.kind == AlertKind::Duplicate);
        for lead in pairs.flat_map(|alert| &alert.finding.leads).take(ROWS_MAX) {
            let row = self.lead(*lead)?.filter(|row| row.state.is_load());
            page.picture.leads.extend(row);
        }
        let mut leads: Vec<LeadId> = page.picture.leads.iter().map(|lead| lead.id).collect();
        for lead in page.picture.alerts.iter().filter_map(|alert| alert.finding.leads.first()) {
            if leads.contains(lead) {
                continue;
            }
            // An alert names its lead by person or company; it need not be on the page.
            leads.push(*lead);
        }
        for chunk in leads.chunks(super::CONTACTS_MAX) {
            page.contacts.extend(self.contacts(chunk)?);
        }
        Ok(page)
    }
}

fn read_page(conn: &Connection, limit: usize, now: Millis) -> rusqlite::Result<FirstPage> {
    let count = |sql: &str| -> rusqlite::Result<usize> {
        let count: i64 = conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?;
        Ok(usize::try_from(count).unwrap_or(0))
    };
    let book = "SELECT version, text FROM book ORDER BY version DESC LIMIT 1";
    let book = conn.prepare_cached(book)?.query_row([], |row| Ok((row.get(0)?, text(row, 1)?))).optional()?;
    let (version, book) = book.unwrap_or_default();
    let picture = Picture {
        seq: Seq(0),
        reps: reps(conn, now)?,
        version: BookVersion(version),
        book,
        alerts: all(
            conn,
            "SELECT kind, about, count, figure, bound, leads, fired_at, fired_seq FROM alert",
            alert,
        )?
        .into_iter()
        .flatten()
        .collect(),
        leads: leads(conn, limit)?,
    };
    let waiting = count("SELECT count(*) FROM lead WHERE state = 0")?;
    let parked = count("SELECT count(*) FROM lead WHERE state = 1")?;
    Ok(FirstPage { picture, contacts: Vec::new(), waiting, parked })
}

fn all<T>(
    conn: &Connection,
    sql: &str,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    conn.prepare_cached(sql)?.query_map([], read)?.collect()
}

/// Waiting leads as they are served, then parked ones by age: the queue's own order.
fn leads(conn: &Connection, limit: usize) -> rusqlite::Result<Vec<Lead>> {
    let waiting = format!(
        "SELECT {LEAD_COLUMNS} FROM lead WHERE state = 0 ORDER BY score DESC, received_at, id LIMIT {limit}"
    );
    let mut leads = all(conn, &waiting, read_lead)?;
    let room = limit - leads.len();
    if room > 0 {
        let parked = format!(
            "SELECT {LEAD_COLUMNS} FROM
               (SELECT * FROM lead WHERE state = 1 ORDER BY waiting_since, id LIMIT {PARKED_SEEN_MAX})
             WHERE park NOT LIKE '{{\"Pool\"%' LIMIT {room}"
        );
        leads.extend(all(conn, &parked, read_lead)?);
    }
    Ok(leads)
}

fn json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    let value = row.get_ref(column)?.as_str()?;
    serde_json::from_str(value).map_err(|e| {
        rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Text, Box::new(e))
    })
}

/// Everybody, with what they carry and were given these days. Days of the desk's zone begin up to a day apart from UTC's.
fn reps(conn: &Connection, now: Millis) -> rusqlite::Result<Vec<RepState>> {
    let sql = "SELECT id, login, name, teams, weight_milli, cap_open, cap_day, skills, active, duty, leaves, joined_at, \
               load FROM rep ORDER BY id";
    let mut reps = all(conn, sql, |row| {
        let card = RepCard {
            login: text(row, 1)?,
            name: text(row, 2)?,
            teams: json(row, 3)?,
            weight_milli: row.get(4)?,
            cap_open: row.get(5)?,
            cap_day: row.get(6)?,
            skills: json(row, 7)?,
            started: None,
        };
        let mut rep = RepState::new(RepId(row.get(0)?), card, Millis(row.get(11)?));
        (rep.active, rep.duty, rep.leaves) = (row.get(8)?, row.get(9)?, json(row, 10)?);
        rep.load = row.get(12)?;
        Ok(rep)
    })?;
    let since = now.0.div_euclid(DAY_MS) - 1;
    let sql = "SELECT day, placements FROM ledger WHERE rep = ? AND team = '' AND day >= ?";
    let mut ask = conn.prepare_cached(sql)?;
    for rep in &mut reps {
        let mut days = ask.query(params![rep.id.0, since])?;
        while let Some(day) = days.next()? {
            rep.ledger.book(DayNo(day.get(0)?), 0, 0, day.get(1)?);
        }
    }
    Ok(reps)
}

/// An alert that fires; none for a kind a newer Leadyard raised.
fn alert(row: &Row<'_>) -> rusqlite::Result<Option<Alert>> {
    let (kind, about) = (text(row, 0)?, text(row, 1)?);
    let kind = AlertKind::ALL.into_iter().find(|known| known.word() == kind);
    let Some(kind) = kind else { return Ok(None) };
    let (rep, lead) = (about.parse().map(AlertSubject::Rep), about.parse().map(AlertSubject::Lead));
    let subject = match (about.as_str(), kind) {
        ("desk", _) => AlertSubject::Desk,
        (_, AlertKind::RuleSilent | AlertKind::RateShift) => AlertSubject::Rule(name_key(&about)),
        (name, _) => rep.or(lead).unwrap_or_else(|_| AlertSubject::Source(name_key(name))),
    };
    let finding = Finding {
        key: AlertKey { kind, subject },
        count: row.get(2)?,
        leads: json(row, 5)?,
        figure: row.get(3)?,
        limit: row.get(4)?,
    };
    Ok(Some(Alert {
        finding,
        detail: Detail { about, ..Detail::default() },
        fired_at: Millis(row.get(6)?),
        fired_seq: Seq(id_of(row.get(7)?)),
        recovery: None,
        flaps: 0,
        handling: Handling::default(),
        comments: Vec::new(),
        previous: None,
        noticed_at: None,
        level: 0,
        level_at: None,
        acted_at: None,
    }))
}
