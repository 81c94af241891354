//! `POST /v1/leads`: one lead or many, decided in the transaction that stores them. The answer is made and kept inside it, so that
//! whoever asks again is told the same.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response, StatusCode, header};
use sha2::{Digest, Sha256};
use smol_str::SmolStr;

use super::auth::Caller;
use super::body::{self, Admitted};
use super::door::{Door, KEPT_MS};
use super::json::{self, Json};
use super::problem::{Fault, Problem};
use super::rows::{self, Field, Reading};
use super::token::Scope;
use super::told::{self, Row};
use crate::desk::clock::fresh_id;
use crate::desk::{Denied, Keep, Render};
use crate::engine::{Intent, NewLead, Order, Told};
use crate::intake::row::LeadDraft;
use crate::intake::taking::Taking;
use crate::model::lead::LeadState;

/// Most leads of one request.
pub const ROWS_MAX: usize = 500;
/// Longest key of a request, in bytes.
pub const KEY_BYTES_MAX: usize = 255;
/// How long the desk may take over one request; by then it is not known whether it was saved.
const DECIDE: std::time::Duration = std::time::Duration::from_secs(15);

/// The handler.
pub async fn post(State(door): State<Arc<Door>>, request: Request) -> Response<Body> {
    match take(&door, request).await {
        Ok(response) => response,
        Err(problem) => {
            door.metrics.note_denied(problem.code);
            problem.response()
        }
    }
}

async fn take(door: &Arc<Door>, request: Request) -> Result<Response<Body>, Problem> {
    let admitted = body::admit(door, request).await?;
    let Handed { leads, kept, render } = read(door, &admitted)?;
    let (caller, _slot) = admitted.read();
    hand_in(door, &caller, leads, kept, render).await
}

/// What is handed to the desk.
struct Handed {
    leads: Vec<NewLead>,
    kept: Kept,
    render: Render,
}

/// Reads the leads of a request.
fn read(door: &Door, admitted: &Admitted<'_>) -> Result<Handed, Problem> {
    let (parts, caller, data) = (&admitted.parts, &admitted.caller, &admitted.body.data);
    caller.may(Scope::Leads)?;
    body::must_be_json(parts)?;
    let value = body::json(data)?;
    let (objects, is_one) = objects(&value)?;
    let lines = if is_one { Vec::new() } else { json::item_lines(data) };
    let line = |row: usize| lines.get(row).copied();
    body::charge_more(door, caller, objects.len());
    let fields: Vec<Vec<Field<'_>>> = objects.iter().map(|object| rows::fields(object)).collect();
    let reading = Reading { zone: door.zone(), country: door.options.country, maps: &[] };
    let (mut leads, mut plan) = (Vec::with_capacity(objects.len()), Vec::with_capacity(objects.len()));
    for (row, draft) in rows::drafts(&fields, &reading).into_iter().enumerate() {
        let object_fault = !matches!(objects.get(row), Some(Json::Object(_)));
        let checked = match draft {
            _ if object_fault => Err(not_an_object(row, line(row))),
            Err(rejection) => Err(Fault::of(row, line(row), &rejection)),
            Ok(draft) => of_source(caller, draft, row, line(row)),
        };
        match checked {
            Ok(draft) => {
                let warnings = draft.warnings.clone();
                plan.push(Row::Lead { state: LeadState::Waiting, warnings, is_test: false });
                leads.push(lead(door, caller, draft));
            }
            Err(fault) => plan.push(Row::Refused(fault)),
        }
    }
    if leads.is_empty() {
        return Err(none_good(plan));
    }
    let key = request_key(door, parts, caller, if is_one { leads.first() } else { None })?;
    let render = told::renderer(plan, is_one);
    let request = request_hash(door, parts, data);
    Ok(Handed { leads, kept: Kept { key, request }, render })
}

/// The objects of a body, and whether it was a single one.
fn objects(value: &Json) -> Result<(Vec<&Json>, bool), Problem> {
    let list = match value {
        Json::List(items) => Some(items),
        Json::Object(pairs) => match pairs.as_slice() {
            [(key, Json::List(items))] if key == "leads" => Some(items),
            // Read as one lead they would be lost in a field of it.
            pairs if pairs.iter().any(|(key, value)| key == "leads" && holds_objects(value)) => {
                let detail = "\"leads\" stands beside other fields; send {\"leads\": […]} with each lead's own fields in it. Nothing was changed";
                return Err(Problem::bad("not-leads", detail));
            }
            _ => None,
        },
        _ => return Err(Problem::bad("not-leads", "send an object, a list of objects or {\"leads\": […]}")),
    };
    let Some(items) = list else { return Ok((vec![value], true)) };
    if items.is_empty() {
        return Err(Problem::bad("no-leads", "the list holds no lead"));
    }
    if items.len() > ROWS_MAX {
        let detail = format!("{} leads at once, at most {ROWS_MAX}; nothing was changed", items.len());
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "too-many", detail));
    }
    Ok((items.iter().collect(), false))
}

fn holds_objects(value: &Json) -> bool {
    value.items().iter().any(|item| matches!(item, Json::Object(_)))
}

fn not_an_object(row: usize, line: Option<usize>) -> Fault {
    let detail = String::from("a lead is an object of names and values");
    Fault { row, line, field: String::new(), code: "not-an-object", detail }
}

/// The draft with its source settled: a token speaks for its own only.
fn of_source(
    caller: &Caller,
    mut draft: LeadDraft,
    row: usize,
    line: Option<usize>,
) -> Result<LeadDraft, Fault> {
    if draft.source.is_empty() {
        draft.source = caller.source.clone().unwrap_or_default();
        return Ok(draft);
    }
    if caller.speaks_for(&draft.source) {
        return Ok(draft);
    }
    let detail =
        String::from("this token speaks for another source; leave the field out, or use that source's token");
    Err(Fault { row, line, field: "source".into(), code: "other-source", detail })
}

/// The lead at the door. Its id is one of the caller's source; without one, of its own source.
fn lead(door: &Door, caller: &Caller, draft: LeadDraft) -> NewLead {
    let system = caller.source.clone().unwrap_or_else(|| match draft.source.is_empty() {
        true => SmolStr::new_static("http"),
        false => draft.source.clone(),
    });
    Taking { secret: door.handle.secret(), system, kind: None, now: door.now() }.lead(draft, None)
}

/// When no row is good, nothing is asked of the desk.
fn none_good(plan: Vec<Row>) -> Problem {
    let faults: Vec<Fault> = plan
        .into_iter()
        .filter_map(|row| match row {
            Row::Refused(fault) => Some(fault),
            Row::Lead { .. } => None,
        })
        .collect();
    let forbidden = faults.iter().all(|fault| fault.code == "other-source");
    let (status, code) = match faults.first() {
        Some(fault) if forbidden => (StatusCode::FORBIDDEN, fault.code),
        _ => (StatusCode::UNPROCESSABLE_ENTITY, "no-good-lead"),
    };
    let detail = match faults.as_slice() {
        [one] => format!("the lead was not taken: {}", one.detail),
        _ => String::from("none of the leads was taken; see errors"),
    };
    Problem { faults, ..Problem::new(status, code, detail) }
}

/// Under which key an answer is kept, and for which request.
#[derive(Debug, Clone, Copy)]
pub struct Kept {
    pub key: Option<[u8; 32]>,
    pub request: [u8; 32],
}

fn digest(door: &Door, pieces: &[&[u8]]) -> [u8; 32] {
    // Under the desk's secret: keys may be phone numbers, and their bare hashes would tell them.
    let mut hash = Sha256::new_with_prefix(door.handle.secret());
    for piece in pieces {
        hash.update((piece.len() as u64).to_be_bytes());
        hash.update(piece);
    }
    hash.finalize().into()
}

/// The key of a request: the sender's own, or a single lead's id in its system.
///
/// # Errors
/// 400 for a key that is none.
pub fn request_key(
    door: &Door,
    parts: &Parts,
    caller: &Caller,
    single: Option<&NewLead>,
) -> Result<Option<[u8; 32]>, Problem> {
    if let Some(value) = parts.headers.get("idempotency-key") {
        let key = value.as_bytes();
        if key.is_empty() || key.len() > KEY_BYTES_MAX {
            let detail = format!("Idempotency-Key must have 1 to {KEY_BYTES_MAX} bytes");
            return Err(Problem::bad("bad-key", detail));
        }
        return Ok(Some(digest(door, &[b"key", caller.key_space().as_bytes(), key])));
    }
    let id = |lead: &NewLead| digest(door, &[b"lead", lead.system.as_bytes(), lead.external_id.as_bytes()]);
    // A lead without an id is called by its content, which cannot change under it.
    Ok(single.filter(|lead| !lead.external_id.starts_with("content:")).map(id))
}

/// Tells one request from another under the same key.
#[must_use]
pub fn request_hash(door: &Door, parts: &Parts, data: &[u8]) -> [u8; 32] {
    digest(door, &[parts.method.as_str().as_bytes(), parts.uri.path().as_bytes(), data])
}

/// Hands leads in and waits for COMMIT.
///
/// # Errors
/// The desk's "no" or its trouble.
pub async fn hand_in(
    door: &Arc<Door>,
    caller: &Caller,
    leads: Vec<NewLead>,
    kept: Kept,
    render: Render,
) -> Result<Response<Body>, Problem> {
    let came = leads.iter().map(|lead| (lead.system.clone(), lead.external_id.clone())).collect();
    submit(door, caller, Intent::Receive { leads, import: None }, kept, came, render).await
}

/// Hands an order in with its answer, and waits for COMMIT.
///
/// # Errors
/// The desk's "no" or its trouble.
pub async fn submit(
    door: &Arc<Door>,
    caller: &Caller,
    intent: Intent,
    kept: Kept,
    came: Vec<(SmolStr, SmolStr)>,
    render: Render,
) -> Result<Response<Body>, Problem> {
    let order = Order { id: fresh_id(), actor: caller.actor.clone(), intent, seen: Vec::new() };
    let since = door.now().plus(-KEPT_MS);
    let keep = Keep { key: kept.key, request: kept.request, since, came, render };
    let began = tokio::time::Instant::now();
    let answer = tokio::time::timeout(DECIDE, door.handle.submit_keeping(order, keep)).await;
    door.metrics.note_decided(began.elapsed());
    let outcome = match answer {
        Ok(Ok(answer)) => answer.map_err(|denied| {
            tell(&denied);
            Problem::denied(&denied)
        })?,
        Ok(Err(_)) => return Err(Problem::denied(&Denied::Closing)),
        Err(_) => {
            let detail = "the desk took too long; it may yet be saved. Send it again with the same key or id";
            return Err(Problem::later("uncertain", detail, 5));
        }
    };
    match outcome.told {
        Some(Told::Now { status, body }) => Ok(answer_of(status, body, false)),
        Some(Told::Again { status, body }) => Ok(answer_of(status, body, true)),
        Some(Told::OtherRequest) => Err(Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "key-reused",
            "another request came under this key or id before; nothing was changed. A correction is made in the console",
        )),
        None => Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "fault", "the answer was lost")),
    }
}

/// The operator is told of trouble in full; the sender is not.
fn tell(denied: &Denied) {
    if let Denied::Store(error) = denied {
        tracing::error!(error = %error, "order failed");
    }
}

fn answer_of(status: u16, body: String, is_again: bool) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::OK);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if is_again {
        response.headers_mut().insert("idempotent-replayed", HeaderValue::from_static("true"));
    }
    response
}
