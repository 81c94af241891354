//! Rows written from the world after it folded an event: leads, reps, alerts. They hold no logic: each is a picture of what
//! the world says, and a replay paints the same.

use std::collections::BTreeSet;
use std::sync::Arc;

use rusqlite::{Connection, params};
use rustc_hash::FxHashMap;

use super::error::{At, StoreError};
use super::feed::{Log, sql_id};
use super::row;
use crate::model::alert::{Alert, AlertKey, AlertSubject};
use crate::model::event::{Body, Event};
use crate::model::id::{LeadId, RepId};
use crate::model::lead::Lead;
use crate::world::{RepState, Touched, World};

/// Which rows the events of one transaction changed.
#[derive(Default)]
pub(super) struct Touches {
    /// A lead that left the world with its row; `None` = it is in the world.
    leads: FxHashMap<LeadId, Option<Arc<Lead>>>,
    reps: BTreeSet<RepId>,
    alerts: BTreeSet<AlertKey>,
}

impl Touches {
    /// Notes what an event changed. A lead's latest word wins: it may leave and come back in one transaction.
    pub fn note(&mut self, event: &Event, touched: &Touched) {
        if let Some(lead) = touched.lead {
            self.leads.insert(lead, touched.gone.clone());
        }
        for lead in &touched.rescored {
            self.leads.insert(*lead, None);
        }
        self.reps.extend(touched.reps.iter().copied());
        match &event.body {
            Body::AlertFired { finding, .. } => {
                self.alerts.insert(finding.key);
            }
            Body::AlertCleared { key, .. } => {
                self.alerts.insert(*key);
            }
            _ => {}
        }
    }

    /// The row of a lead that left the world in this transaction.
    pub fn gone(&self, lead: LeadId) -> Option<&Lead> {
        self.leads.get(&lead)?.as_deref()
    }

    /// Writes every row noted, once.
    pub fn write(&mut self, log: Log<'_>, world: &World) -> Result<(), StoreError> {
        let mut leads: Vec<(LeadId, Option<Arc<Lead>>)> =
            std::mem::take(&mut self.leads).into_iter().collect();
        leads.sort_unstable_by_key(|(id, _)| *id);
        let mut put = log.conn.prepare_cached(row::WRITE_LEAD).at(log.path)?;
        for (id, gone) in &leads {
            if let Some(lead) = gone.as_deref().or_else(|| world.lead(*id)) {
                row::write_lead(&mut put, lead).at(log.path)?;
            }
        }
        for id in std::mem::take(&mut self.reps) {
            if let Some(rep) = world.rep(id) {
                write_rep(log.conn, rep).at(log.path)?;
            }
        }
        for key in std::mem::take(&mut self.alerts) {
            write_alert(log.conn, world, key, world.alerts().get(&key)).at(log.path)?;
        }
        Ok(())
    }
}

fn json<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))
}

fn write_rep(conn: &Connection, rep: &RepState) -> rusqlite::Result<()> {
    let sql = "INSERT INTO rep (id, login, name, teams, weight_milli, cap_open, cap_day, skills, active, duty, leaves, \
                 joined_at, load, lifetime_milli, last_turn, away_since)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT (id) DO UPDATE SET login = excluded.login, name = excluded.name, teams = excluded.teams, \
                 weight_milli = excluded.weight_milli, cap_open = excluded.cap_open, cap_day = excluded.cap_day, \
                 skills = excluded.skills, active = excluded.active, duty = excluded.duty, leaves = excluded.leaves, \
                 joined_at = excluded.joined_at, load = excluded.load, lifetime_milli = excluded.lifetime_milli, \
                 last_turn = excluded.last_turn, away_since = excluded.away_since";
    let card = &rep.card;
    conn.prepare_cached(sql)?.execute(params![
        rep.id.0,
        card.login.as_str(),
        card.name.as_str(),
        json(&card.teams)?,
        card.weight_milli,
        card.cap_open,
        card.cap_day,
        json(&card.skills)?,
        rep.active,
        rep.duty,
        json(&rep.leaves)?,
        rep.joined_at.0,
        rep.load,
        rep.lifetime_milli,
        sql_id(rep.last_turn.0),
        rep.away.as_ref().map(|a| a.since.0),
    ])?;
    Ok(())
}

fn write_alert(
    conn: &Connection,
    world: &World,
    key: AlertKey,
    alert: Option<&Alert>,
) -> rusqlite::Result<()> {
    let about = match key.subject {
        AlertSubject::Desk => "desk".to_owned(),
        AlertSubject::Rep(rep) => rep.to_string(),
        AlertSubject::Lead(lead) => lead.to_string(),
        AlertSubject::Source(_) | AlertSubject::Rule(_) => {
            world.alert_name(key.subject).map_or_else(String::new, ToString::to_string)
        }
    };
    let kind = key.kind.word();
    let Some(alert) = alert else {
        conn.prepare_cached("DELETE FROM alert WHERE kind = ? AND about = ?")?
            .execute(params![kind, about])?;
        return Ok(());
    };
    let sql = "INSERT OR REPLACE INTO alert (kind, about, count, figure, bound, leads, fired_at, fired_seq)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    let f = &alert.finding;
    conn.prepare_cached(sql)?.execute(params![
        kind,
        about,
        f.count,
        f.figure,
        f.limit,
        json(&f.leads)?,
        alert.fired_at.0,
        sql_id(alert.fired_seq.0)
    ])?;
    Ok(())
}
