//! `PATCH /v1/leads/…`: what became of a lead: contacted, qualified, won, lost, invalid. A CRM, a dialler or a form closes the
//! response clock with it. It corrects nothing else: fields and owners are changed in the console.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{Response, StatusCode};
use serde::Serialize;
use serde_json::json;
use smol_str::SmolStr;

use super::body::{self, Admitted};
use super::door::Door;
use super::json::Json;
use super::leads::{Kept, request_hash, request_key, submit};
use super::problem::{Fault, Problem};
use super::read::{Asked, ok, seen_lead};
use super::token::Scope;
use super::told::{self, LeadTold};
use crate::desk::Render;
use crate::engine::{Intent, Progress};
use crate::intake::dates::{self, DateEvidence};
use crate::intake::state::{StateTable, StateWord};
use crate::intake::taking::lead_state;
use crate::model::contact::clean_text;
use crate::model::event::Body as Event;
use crate::model::id::LeadId;
use crate::model::lead::{Lead, LeadState};
use crate::model::time::{DAY_MS, MINUTE_MS, Millis};

/// How far a reported moment may lie ahead of ours, in milliseconds: clocks differ.
const AHEAD_MS: i64 = 5 * MINUTE_MS;
/// How long before a lead came it may have been followed up: it may have been in the sender's hands for a while.
const BEFORE_MS: i64 = DAY_MS;
/// What a body may hold.
const FIELDS: [&str; 4] = ["state", "at", "note", "reason"];

/// By the desk's own number.
pub async fn by_id(
    State(door): State<Arc<Door>>,
    Path(id): Path<String>,
    request: Request,
) -> Response<Body> {
    answer(&door, Asked::Id(id), request).await
}

/// By the sender's.
pub async fn by_reference(
    State(door): State<Arc<Door>>,
    Path((source, external_id)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    answer(&door, Asked::Reference(source, external_id), request).await
}

async fn answer(door: &Arc<Door>, asked: Asked, request: Request) -> Response<Body> {
    let answered = match body::admit(door, request).await {
        Ok(admitted) => follow(door, asked, &admitted).await,
        Err(problem) => Err(problem),
    };
    answered.unwrap_or_else(|problem| {
        door.metrics.note_denied(problem.code);
        problem.response()
    })
}

/// The lead and whether the report changed it.
#[derive(Serialize)]
struct Changed<'w> {
    #[serde(flatten)]
    told: LeadTold<'w>,
    changed: bool,
}

async fn follow(door: &Arc<Door>, asked: Asked, admitted: &Admitted<'_>) -> Result<Response<Body>, Problem> {
    let (parts, caller, data) = (&admitted.parts, &admitted.caller, &admitted.body.data);
    caller.may(Scope::FollowUp)?;
    body::must_be_json(parts)?;
    let wish = read_wish(door, &body::json(data)?)?;
    let seen = seen_lead(door, caller, asked).await?;
    let lead = seen.lead;
    let key = request_key(door, parts, caller, None)?;
    if let Some(at) = wish.at {
        after_arrival(&seen.row, at)?;
        if wish.to.is_open() && is_past(door, &seen.row, at, key).await? {
            return Ok(unchanged(lead, seen.row.state));
        }
    }
    let kept = Kept { key, request: request_hash(door, parts, data) };
    let to = wish.to;
    let items = vec![Progress { lead, to, happened_at: wish.at }];
    let intent = Intent::Progress { items, note: wish.note };
    let render: Render = Arc::new(move |world, _| {
        let told = Changed { told: LeadTold::of(world, lead, Some(to)), changed: true };
        (StatusCode::OK.as_u16(), told::text(&told))
    });
    match submit(door, caller, intent, kept, Vec::new(), render).await {
        // Reported again without a key: it is as reported, which is what the sender wants to know.
        Err(problem) if problem.code == "already-so" => Ok(unchanged(lead, to)),
        Err(problem) => Err(explained(problem, lead)),
        done => done,
    }
}

fn unchanged(lead: LeadId, state: LeadState) -> Response<Body> {
    ok(&json!({"id": lead.0, "lead": lead.to_string(), "state": state.word(), "changed": false}))
}

/// Little happens to a lead before it comes: a moment of another year would make its first answer look faster than any.
fn after_arrival(row: &Lead, at: Millis) -> Result<(), Problem> {
    if at >= row.received_at.min(row.arrived_at).plus(-BEFORE_MS) {
        return Ok(());
    }
    let detail = format!("at lies before the lead itself, which came {}", row.received_at.to_rfc3339());
    Err(fault("at", "before-the-lead", detail))
}

/// Whether what is reported happened before the lead was closed: senders do not keep the order, and a call reported late does
/// not open what was won since. What was answered under its key before is no news at all: it is told again.
async fn is_past(door: &Arc<Door>, row: &Lead, at: Millis, key: Option<[u8; 32]>) -> Result<bool, Problem> {
    let lead = row.id;
    if row.state.is_open() || row.state == LeadState::Merged {
        return Ok(false);
    }
    door.look(move |_, store| {
        let trouble = |error| Problem::store(&error);
        if let Some(key) = key
            && store.kept_answer(&key).map_err(trouble)?.is_some()
        {
            return Ok(false);
        }
        let events = store.lead_events(lead).map_err(trouble)?;
        let closed_at = events.iter().rev().find_map(|event| match &event.body {
            Event::LeadProgressed { to, happened_at, .. } if !to.is_open() => Some(*happened_at),
            _ => None,
        });
        Ok(closed_at.is_some_and(|closed| at <= closed))
    })
    .await
}

/// A lead nobody has cannot have been contacted by anyone here: say so, not only that it does not apply.
fn explained(problem: Problem, lead: LeadId) -> Problem {
    if problem.code != "not-now" {
        return problem;
    }
    let detail = format!(
        "{}. Contacted, qualified and won need an owner; a merged lead takes none: report it of the lead {lead} is part of",
        problem.detail
    );
    Problem { detail, ..problem }
}

struct Wish {
    to: LeadState,
    at: Option<Millis>,
    note: SmolStr,
}

fn fault(field: &str, code: &'static str, detail: String) -> Problem {
    let faults = vec![Fault { row: 0, line: None, field: field.to_owned(), code, detail: detail.clone() }];
    Problem { faults, ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, code, detail) }
}

fn read_wish(door: &Door, value: &Json) -> Result<Wish, Problem> {
    if !matches!(value, Json::Object(_)) {
        return Err(Problem::bad("not-an-object", "send an object with state, and at, note or reason"));
    }
    if let Some((key, _)) = value.pairs().iter().find(|(key, _)| !FIELDS.contains(&key.as_str())) {
        let detail = format!("follow-up has the fields {}", FIELDS.join(", "));
        return Err(fault(&clean_text(key), "unknown-field", detail));
    }
    let is_text = |value: &Json| matches!(value, Json::Null | Json::Text(_) | Json::Number(_));
    if let Some((key, _)) = value.pairs().iter().find(|(_, value)| !is_text(value)) {
        let detail = String::from("state, at, note and reason are texts");
        return Err(fault(key, "not-a-text", detail));
    }
    let words = StateTable::default();
    let word = value.text("state").and_then(|word| words.lookup(&word));
    let to = word.filter(|word| !matches!(word, StateWord::Waiting | StateWord::Assigned));
    let Some(to) = to.map(lead_state) else {
        let detail = String::from("state is one of contacted, qualified, won, lost, invalid");
        return Err(fault("state", "unknown-state", detail));
    };
    let reading = DateEvidence::default().reading(None);
    let at = match value.text("at").map(|text| dates::parse(&text, reading, door.zone())) {
        None => None,
        Some(Ok(at)) => at,
        Some(Err(_)) => {
            let detail = String::from("at is a moment such as 2026-01-31T09:30:00+08:00");
            return Err(fault("at", "bad-date", detail));
        }
    };
    if at.is_some_and(|at| at > door.now().plus(AHEAD_MS)) {
        return Err(fault("at", "in-the-future", String::from("at lies in the future; check the clock")));
    }
    let note: Vec<String> = ["reason", "note"].iter().filter_map(|field| value.text(field)).collect();
    Ok(Wish { to, at, note: clean_text(&note.join("; ")).into() })
}
