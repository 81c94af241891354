//! What may be read back: a lead, why it is where it is, the queue, loads, alerts, what is awaited. Contacts are masked. A token of
//! one source sees its own leads only.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, Response, header};
use serde_json::{Value, json};

use super::auth::Caller;
use super::body;
use super::door::Door;
use super::form;
use super::problem::Problem;
use super::token::Scope;
use crate::engine::words;
use crate::model::contact::{mask_email, mask_phone};
use crate::model::event::Body as Verb;
use crate::model::id::LeadId;
use crate::model::lang::Lang;
use crate::model::lead::{Lead, LeadState};
use crate::store::Store;
use crate::world::{Moment, World};

/// Most leads of one picture of the queue.
const QUEUE_MAX: usize = 1_000;
/// As many unless asked otherwise.
const QUEUE_DEFAULT: usize = 100;
/// Events of a lead looked through for its last decision.
const HISTORY_MAX: usize = 500;

/// A lead as it is asked for.
#[derive(Debug, Clone)]
pub enum Asked {
    /// `12` or `L12`.
    Id(String),
    /// Source and the id it has there.
    Reference(String, String),
}

/// A lead its asker may see.
#[derive(Debug, Clone)]
pub struct SeenLead {
    pub lead: LeadId,
    pub row: Lead,
}

/// JSON, 200.
#[must_use]
pub fn ok(value: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(value.to_string()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Finds a lead its asker may see. One he may not is as good as none.
///
/// # Errors
/// 404, the file's trouble.
pub async fn seen_lead(door: &Arc<Door>, caller: &Caller, asked: Asked) -> Result<SeenLead, Problem> {
    let caller = caller.clone();
    door.look(move |_, store| {
        let trouble = |error| Problem::store(&error);
        let lead = match &asked {
            Asked::Id(text) => text.parse::<LeadId>().ok().filter(|id| id.0 <= i64::MAX as u64),
            Asked::Reference(source, external_id) => {
                store.lead_by_reference(source, external_id).map_err(trouble)?
            }
        };
        let row = lead.map(|lead| store.lead(lead)).transpose().map_err(trouble)?.flatten();
        let row = row.ok_or_else(Problem::no_lead)?;
        if !is_of(store, &caller, &row)? {
            return Err(Problem::no_lead());
        }
        Ok(SeenLead { lead: row.id, row })
    })
    .await
}

/// Whether a lead is of the caller's source: by what it says, or by who sent it.
fn is_of(store: &Store, caller: &Caller, row: &Lead) -> Result<bool, Problem> {
    if caller.speaks_for(&row.attrs.source) {
        return Ok(true);
    }
    let events = store.lead_events(row.id).map_err(|error| Problem::store(&error))?;
    Ok(events.iter().any(|e| matches!(&e.body, Verb::LeadReceived(r) if caller.speaks_for(&r.system))))
}

async fn reader(door: &Arc<Door>, request: Request) -> Result<body::Admitted<'_>, Problem> {
    let admitted = body::admit(door, request).await?;
    admitted.caller.may(Scope::Read)?;
    Ok(admitted)
}

fn answered(door: &Door, answer: Result<Value, Problem>) -> Response<Body> {
    match answer {
        Ok(value) => ok(&value),
        Err(problem) => {
            door.metrics.note_denied(problem.code);
            problem.response()
        }
    }
}

/// A whole-desk picture is for callers that speak for every source.
fn whole_desk(caller: &Caller) -> Result<(), Problem> {
    match &caller.source {
        None => Ok(()),
        Some(_) => {
            let detail =
                "this token is for one source; figures of the whole desk take one made with --source '*'";
            Err(Problem::new(axum::http::StatusCode::FORBIDDEN, "other-source", detail))
        }
    }
}

/// `GET /v1/leads/{id}`.
pub async fn by_id(
    State(door): State<Arc<Door>>,
    Path(id): Path<String>,
    request: Request,
) -> Response<Body> {
    let answer = one(&door, Asked::Id(id), request).await;
    answered(&door, answer)
}

/// `GET /v1/leads/by/{source}/{external_id}`.
pub async fn by_reference(
    State(door): State<Arc<Door>>,
    Path((source, external_id)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    let answer = one(&door, Asked::Reference(source, external_id), request).await;
    answered(&door, answer)
}

async fn one(door: &Arc<Door>, asked: Asked, request: Request) -> Result<Value, Problem> {
    let admitted = reader(door, request).await?;
    let seen = seen_lead(door, &admitted.caller, asked).await?;
    door.caught_up().await;
    door.look(move |door, store| {
        let contacts = store.contacts(&[seen.lead]).map_err(|error| Problem::store(&error))?;
        let mut value = door.with_world(|world| row_json(world, &seen.row));
        value["contact"] = contacts.first().map_or(Value::Null, |(_, card)| {
            json!({
                "name": masked_name(&card.name),
                "phone": mask_phone(&card.phone),
                "email": mask_email(&card.email),
            })
        });
        Ok(value)
    })
    .await
}

/// The first character of a name.
fn masked_name(name: &str) -> String {
    match name.chars().next() {
        Some(first) => format!("{first}**"),
        None => String::new(),
    }
}

fn row_json(world: &World, row: &Lead) -> Value {
    let a = &row.attrs;
    let owner = row.owner.and_then(|owner| world.rep(owner));
    json!({
        "id": row.id.0, "lead": row.id.to_string(), "state": row.state.word(),
        "owner": owner.map(|rep| rep.card.login.as_str()),
        "owner_name": owner.map(|rep| rep.card.name.as_str()),
        "park": row.park.as_ref().map(|reason| words::park(world, reason, Lang::En)),
        "pinned": row.pinned, "score": row.score, "rev": row.touched.seq.0,
        "source": a.source, "campaign": a.campaign, "region": a.region, "city": a.city,
        "product": a.product, "industry": a.industry, "language": a.language, "company": a.company,
        "received_at": row.received_at.to_rfc3339(), "arrived_at": row.arrived_at.to_rfc3339(),
        "assigned_at": row.assigned_at.map(|at| at.to_rfc3339()),
        "contacted_at": row.contacted_at.map(|at| at.to_rfc3339()),
        "do_not_contact": row.do_not_contact,
    })
}

/// `GET /v1/leads/{id}/explanation`: from what was stored with the last decision.
pub async fn explanation(
    State(door): State<Arc<Door>>,
    Path(id): Path<String>,
    request: Request,
) -> Response<Body> {
    let answer = explained(&door, id, request).await;
    answered(&door, answer)
}

async fn explained(door: &Arc<Door>, id: String, request: Request) -> Result<Value, Problem> {
    let admitted = reader(door, request).await?;
    let lead = seen_lead(door, &admitted.caller, Asked::Id(id)).await?.lead;
    door.caught_up().await;
    door.look(move |door, store| {
        let events = store.lead_history(lead, HISTORY_MAX).map_err(|error| Problem::store(&error))?;
        let why = |body: &Verb| match body {
            Verb::LeadAssigned(a) => a.why.clone(),
            Verb::LeadWaits { why, .. } | Verb::LeadParked { why, .. } => why.clone(),
            _ => None,
        };
        let decided = events.iter().filter_map(|e| Some((e, why(&e.body)?))).max_by_key(|(e, _)| e.seq);
        Ok(door.with_world(|world| match &decided {
            None => json!({"lead": lead.0, "explanation": null, "words": []}),
            Some((event, why)) => json!({
                "lead": lead.0, "seq": event.seq.0, "at": event.at.to_rfc3339(),
                "explanation": **why,
                "words": words::explanation(world, why, Lang::En),
                "words_zh": words::explanation(world, why, Lang::Zh),
            }),
        }))
    })
    .await
}

/// `GET /v1/queue?limit=`: leads without an owner, as they will be served, then those put aside.
pub async fn queue(State(door): State<Arc<Door>>, request: Request) -> Response<Body> {
    let answer = queued(&door, request).await;
    answered(&door, answer)
}

async fn queued(door: &Arc<Door>, request: Request) -> Result<Value, Problem> {
    let admitted = reader(door, request).await?;
    let limit = match form::first(admitted.parts.uri.query(), "limit").map(|text| text.parse::<usize>()) {
        None => QUEUE_DEFAULT,
        Some(Ok(limit)) => limit.min(QUEUE_MAX),
        Some(Err(_)) => return Err(Problem::bad("bad-limit", "limit is a number")),
    };
    door.caught_up().await;
    let caller = &admitted.caller;
    Ok(door.with_world(|world| {
        let parked = world.parked().iter().filter_map(|id| world.lead(*id));
        let of = |row: &&Lead| caller.speaks_for(&row.attrs.source);
        let leads: Vec<Value> = world
            .waiting_rows()
            .chain(parked)
            .filter(of)
            .take(limit)
            .map(|row| row_json(world, row))
            .collect();
        let mut value = json!({"leads": leads});
        if caller.source.is_none() {
            value["waiting"] = world.count(LeadState::Waiting).into();
            value["parked"] = world.count(LeadState::Parked).into();
        }
        value
    }))
}

/// `GET /v1/loads`.
pub async fn loads(State(door): State<Arc<Door>>, request: Request) -> Response<Body> {
    let answer = loaded(&door, request).await;
    answered(&door, answer)
}

async fn loaded(door: &Arc<Door>, request: Request) -> Result<Value, Problem> {
    whole_desk(&reader(door, request).await?.caller)?;
    door.caught_up().await;
    Ok(door.with_world(|world| {
        let moment = Moment::at(world.book().zone, door.now());
        let reps = world.reps().iter().filter(|rep| rep.active).map(|rep| {
            json!({
                "login": rep.card.login, "name": rep.card.name, "teams": rep.card.teams,
                "load": rep.load, "cap": rep.cap_open_at(moment.now), "day_cap": rep.cap_day_at(moment.now),
                "today": rep.ledger.placements_on(moment.day), "duty": rep.duty,
                "on_leave": rep.leave_at(moment.now).is_some(),
            })
        });
        json!({"reps": reps.collect::<Vec<_>>()})
    }))
}

/// `GET /v1/alerts`.
pub async fn alerts(State(door): State<Arc<Door>>, request: Request) -> Response<Body> {
    let answer = alerted(&door, request).await;
    answered(&door, answer)
}

async fn alerted(door: &Arc<Door>, request: Request) -> Result<Value, Problem> {
    whole_desk(&reader(door, request).await?.caller)?;
    door.caught_up().await;
    Ok(door.with_world(|world| {
        let alerts = world.alerts().values().map(|alert| {
            json!({
                "kind": alert.finding.key.kind.word(), "episode": alert.fired_seq.0,
                "since": alert.fired_at.to_rfc3339(), "count": alert.finding.count,
                "leads": alert.finding.leads.iter().map(|l| l.0).collect::<Vec<_>>(),
                "spoken_of": world.suppressed(alert.finding.key, door.now()).is_none(),
            })
        });
        json!({"alerts": alerts.collect::<Vec<_>>()})
    }))
}

/// `GET /v1/awaited`: leads announced by number only, for whoever fetches them from the vendor.
pub async fn awaited(State(door): State<Arc<Door>>, request: Request) -> Response<Body> {
    let answer = still_awaited(&door, request).await;
    answered(&door, answer)
}

async fn still_awaited(door: &Arc<Door>, request: Request) -> Result<Value, Problem> {
    let admitted = reader(door, request).await?;
    let caller = admitted.caller.clone();
    door.look(move |_, store| {
        let found = store.awaited(QUEUE_MAX).map_err(|error| Problem::store(&error))?;
        let of = found.iter().filter(|awaited| caller.speaks_for(&awaited.system));
        let listed = of.map(|awaited| {
            let about = serde_json::from_str(&awaited.about).unwrap_or(Value::Null);
            json!({
                "source": awaited.system, "external_id": awaited.external_id,
                "since": awaited.at.to_rfc3339(), "about": about,
            })
        });
        Ok(json!({"awaited": listed.collect::<Vec<_>>()}))
    })
    .await
}
