//! A lead as a row of table `lead` and back, without loss. Texts that are unknown are NULL there.

use rusqlite::{Row, Statement, params};
use smol_str::SmolStr;

use super::feed::{id_of, sql_id};
use crate::model::id::{LeadId, RepId, Seq};
use crate::model::lead::{ArrivalKind, Attrs, Hold, Lead, LeadState, ParkReason, Touch};
use crate::model::time::Millis;

/// The columns in the order [`read_lead`] takes them.
pub(super) const LEAD_COLUMNS: &str = "id, state, owner, source, campaign, region, city, product, industry, \
    language, company, custom, base_score, score, value, has_phone, has_email, received_at, arrived_at, kind, \
    pinned, hold_by, hold_until, park, not_to, known_owner, twin, waiting_since, assigned_at, contacted_at, \
    do_not_contact, rev, touched_at, touched_by";

/// Writes a row, new or not; see [`write_lead`].
pub(super) const WRITE_LEAD: &str = "INSERT INTO lead (id, state, owner, source, campaign, region, city, product, industry, \
    language, company, custom, base_score, score, value, has_phone, has_email, received_at, arrived_at, kind, \
    pinned, hold_by, hold_until, park, not_to, known_owner, twin, waiting_since, assigned_at, contacted_at, \
    do_not_contact, rev, touched_at, touched_by)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
 ON CONFLICT (id) DO UPDATE SET state = excluded.state, owner = excluded.owner, source = excluded.source, \
    campaign = excluded.campaign, region = excluded.region, city = excluded.city, product = excluded.product, \
    industry = excluded.industry, language = excluded.language, company = excluded.company, \
    custom = excluded.custom, base_score = excluded.base_score, score = excluded.score, value = excluded.value, \
    has_phone = excluded.has_phone, has_email = excluded.has_email, received_at = excluded.received_at, \
    arrived_at = excluded.arrived_at, kind = excluded.kind, pinned = excluded.pinned, \
    hold_by = excluded.hold_by, hold_until = excluded.hold_until, park = excluded.park, \
    not_to = excluded.not_to, known_owner = excluded.known_owner, twin = excluded.twin, \
    waiting_since = excluded.waiting_since, assigned_at = excluded.assigned_at, \
    contacted_at = excluded.contacted_at, do_not_contact = excluded.do_not_contact, rev = excluded.rev, \
    touched_at = excluded.touched_at, touched_by = excluded.touched_by";

const KINDS: [ArrivalKind; 3] = [ArrivalKind::Live, ArrivalKind::Backlog, ArrivalKind::History];

fn known(text: &SmolStr) -> Option<&str> {
    (!text.is_empty()).then_some(text.as_str())
}

fn json<T: serde::Serialize>(value: &T) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))
}

/// Writes the row by a statement made from [`WRITE_LEAD`].
pub(super) fn write_lead(put: &mut Statement<'_>, lead: &Lead) -> rusqlite::Result<()> {
    let a = &lead.attrs;
    let custom = if a.custom.is_empty() { None } else { Some(json(&a.custom)?) };
    let park = lead.park.as_ref().map(json).transpose()?;
    let not_to = if lead.not_to.is_empty() { None } else { Some(json(&lead.not_to)?) };
    put.execute(params![
        sql_id(lead.id.0),
        lead.state as u8,
        lead.owner.map(|r| r.0),
        known(&a.source),
        known(&a.campaign),
        known(&a.region),
        known(&a.city),
        known(&a.product),
        known(&a.industry),
        known(&a.language),
        known(&a.company),
        custom,
        a.base_score,
        lead.score,
        a.value,
        a.has_phone,
        a.has_email,
        lead.received_at.0,
        lead.arrived_at.0,
        lead.kind as u8,
        lead.pinned,
        lead.hold.as_ref().map(|h| h.actor.as_str()),
        lead.hold.as_ref().map(|h| h.until.0),
        park,
        not_to,
        lead.known_owner.map(|r| r.0),
        lead.twin.map(|l| sql_id(l.0)),
        lead.waiting_since.0,
        lead.assigned_at.map(|t| t.0),
        lead.contacted_at.map(|t| t.0),
        lead.do_not_contact,
        sql_id(lead.touched.seq.0),
        lead.touched.at.0,
        lead.touched.actor.as_str(),
    ])?;
    Ok(())
}

fn bad(column: usize, what: String) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, rusqlite::types::Type::Integer, what.into())
}

fn text(row: &Row<'_>, column: usize) -> rusqlite::Result<SmolStr> {
    Ok(row.get_ref(column)?.as_str_or_null()?.map_or_else(SmolStr::default, SmolStr::new))
}

fn from_json<T: serde::de::DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<T>> {
    match row.get_ref(column)?.as_str_or_null()? {
        None => Ok(None),
        Some(text) => serde_json::from_str(text).map(Some).map_err(|e| bad(column, e.to_string())),
    }
}

/// The state of a stored code.
pub(super) fn state_of(code: u8, column: usize) -> rusqlite::Result<LeadState> {
    let state = LeadState::ALL.get(usize::from(code)).copied();
    state.ok_or_else(|| bad(column, format!("lead state {code} is unknown")))
}

/// Reads a row selected with [`LEAD_COLUMNS`].
pub(super) fn read_lead(row: &Row<'_>) -> rusqlite::Result<Lead> {
    let rep = |column: usize| row.get::<_, Option<u32>>(column).map(|r| r.map(RepId));
    let time = |column: usize| row.get::<_, Option<i64>>(column).map(|t| t.map(Millis));
    let kind: u8 = row.get(19)?;
    let hold_by: Option<String> = row.get(21)?;
    let hold = match (hold_by, time(22)?) {
        (Some(actor), Some(until)) => Some(Hold { actor: actor.into(), until }),
        _ => None,
    };
    Ok(Lead {
        id: LeadId(id_of(row.get(0)?)),
        attrs: read_attrs(row)?,
        received_at: Millis(row.get(17)?),
        arrived_at: Millis(row.get(18)?),
        kind: KINDS
            .get(usize::from(kind))
            .copied()
            .ok_or_else(|| bad(19, format!("arrival kind {kind} is unknown")))?,
        state: state_of(row.get(1)?, 1)?,
        owner: rep(2)?,
        score: row.get(13)?,
        pinned: row.get(20)?,
        hold,
        park: from_json::<ParkReason>(row, 23)?,
        not_to: from_json::<Vec<RepId>>(row, 24)?.unwrap_or_default(),
        known_owner: rep(25)?,
        twin: row.get::<_, Option<i64>>(26)?.map(|l| LeadId(id_of(l))),
        waiting_since: Millis(row.get(27)?),
        assigned_at: time(28)?,
        contacted_at: time(29)?,
        do_not_contact: row.get(30)?,
        touched: Touch { seq: Seq(id_of(row.get(31)?)), at: Millis(row.get(32)?), actor: text(row, 33)? },
    })
}

fn read_attrs(row: &Row<'_>) -> rusqlite::Result<Attrs> {
    Ok(Attrs {
        source: text(row, 3)?,
        campaign: text(row, 4)?,
        region: text(row, 5)?,
        city: text(row, 6)?,
        product: text(row, 7)?,
        industry: text(row, 8)?,
        language: text(row, 9)?,
        company: text(row, 10)?,
        base_score: row.get(12)?,
        value: row.get(14)?,
        has_phone: row.get(15)?,
        has_email: row.get(16)?,
        custom: from_json(row, 11)?.unwrap_or_default(),
    })
}
