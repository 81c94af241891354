//! `/v1/in/{adapter}`: what vendors deliver, let in by a token (also as `?token=`, for those that know an address only) or by the
//! vendor's own signature. Answers 200 when everything of it is safe, so that the vendor stops repeating it.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use smol_str::SmolStr;

use super::auth::{self, Caller, Shown};
use super::body::{self, Kind};
use super::door::Door;
use super::form;
use super::leads::{self, Kept};
use super::problem::{Fault, Problem};
use super::read::ok;
use super::rows::{self, Pairs, Reading};
use super::token::Scope;
use super::told::{self, Row, RowVerdict};
use crate::desk::{Errand, Render};
use crate::engine::NewLead;
use crate::intake::field::Target;
use crate::intake::row::{LeadDraft, MAX_FIELD_CHARS, Rejection};
use crate::intake::taking::Taking;
use crate::intake::vendor::map_file::MapFile;
use crate::intake::vendor::{self, Adapter, Cells, Found, Headers, Payload, Signed, Verdict};
use crate::model::contact::clean_text;
use crate::model::lead::{ArrivalKind, LeadState};
use crate::store::Awaited;

/// Requests a minute from one vendor that signs for itself.
const VENDOR_RATE: u32 = 6_000;
/// The custom field that marks a test lead.
const TEST: SmolStr = SmolStr::new_static("test");
/// What a platform's test tool begins its fields with; the mapper refuses them.
const PLACEHOLDER: &str = "<test lead: dummy data";
/// Longest text of a handshake that is given back, in bytes.
const HANDSHAKE_MAX: usize = 1_000;

/// Whose delivery it is.
#[derive(Debug, Clone, Copy)]
enum Sender<'d> {
    Vendor(&'static Adapter),
    Map(&'d MapFile),
}

impl Sender<'_> {
    fn of<'d>(door: &'d Door, name: &str) -> Result<Sender<'d>, Problem> {
        if let Some(map) = door.options.maps.iter().find(|map| map.name == name) {
            return Ok(Sender::Map(map));
        }
        vendor::adapter(name).map(Sender::Vendor).ok_or_else(|| {
            let known: Vec<&str> = vendor::ADAPTERS.iter().map(|adapter| adapter.name).collect();
            let detail = format!("there is no such adapter; there are {}", known.join(", "));
            Problem::new(StatusCode::NOT_FOUND, "no-such-adapter", detail)
        })
    }

    fn source(self) -> SmolStr {
        match self {
            Sender::Vendor(adapter) => SmolStr::new_static(adapter.source),
            Sender::Map(map) => map.source.clone(),
        }
    }

    /// The vendor whose signature the operator has the secret for.
    fn signs(self, door: &Door) -> Option<&'static Adapter> {
        match self {
            Sender::Vendor(adapter) => Some(adapter)
                .filter(|a| a.secret.is_some_and(|name| door.options.secrets.get(name).is_some())),
            Sender::Map(_) => None,
        }
    }
}

/// `GET`: the handshakes by which vendors check an address.
pub async fn handshake(
    State(door): State<Arc<Door>>,
    Path(name): Path<String>,
    request: Request,
) -> Response<Body> {
    let query = form::parse(request.uri().query().unwrap_or_default().as_bytes()).unwrap_or_default();
    let answer = match Sender::of(&door, &name) {
        Ok(Sender::Vendor(adapter)) => {
            adapter.handshake.and_then(|shake| shake(&door.options.secrets, &query))
        }
        Ok(Sender::Map(_)) => None,
        Err(problem) => return problem.response(),
    };
    let Some(text) = answer.filter(|text| text.len() <= HANDSHAKE_MAX) else {
        door.metrics.note_denied("bad-handshake");
        let detail = "no handshake of this adapter, or one that does not know its secret";
        return Problem::new(StatusCode::FORBIDDEN, "bad-handshake", detail).response();
    };
    let kind = if text.starts_with('{') { "application/json" } else { "text/plain; charset=utf-8" };
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// `POST`: a delivery.
pub async fn post(
    State(door): State<Arc<Door>>,
    Path(name): Path<String>,
    request: Request,
) -> Response<Body> {
    take(&door, &name, request).await.unwrap_or_else(|problem| {
        door.metrics.note_denied(problem.code);
        problem.response()
    })
}

async fn take(door: &Arc<Door>, name: &str, request: Request) -> Result<Response<Body>, Problem> {
    let sender = Sender::of(door, name)?;
    let (parts, stream) = request.into_parts();
    let shown = auth::shown(door, &parts, true).map_err(Problem::closing)?;
    let signs = sender.signs(door);
    let caller = match &shown {
        Shown::Token(caller) | Shown::Signed(caller, _) => caller.clone(),
        Shown::Nothing => match signs {
            Some(adapter) => of_vendor(door, adapter),
            None => auth::local(door, &parts).map_err(Problem::closing)?,
        },
    };
    caller.may(Scope::Leads).map_err(Problem::closing)?;
    // What is signed is paid for once the signature fits: nobody forges another's allowance away.
    let is_signed = match &shown {
        Shown::Token(_) => false,
        Shown::Signed(..) => true,
        Shown::Nothing => signs.is_some(),
    };
    if !is_signed {
        body::charge(door, &caller).map_err(Problem::closing)?;
    }
    let bytes = body::read(door, &parts, stream).await.map_err(Problem::closing)?;
    if let Shown::Signed(_, pledge) = &shown {
        auth::check(door, pledge, &parts, &bytes.data)?;
    }
    let payload = match body::kind(&parts)? {
        Kind::Json => Payload::Json(body::json(&bytes.data)?),
        Kind::Form => {
            Payload::Form(form::parse(&bytes.data).map_err(|f| Problem::bad("bad-form", f.words()))?)
        }
    };
    let dated = match (&shown, signs) {
        (Shown::Nothing, Some(adapter)) => check_vendor(door, adapter, &parts, &bytes.data, &payload)?,
        (Shown::Signed(_, pledge), _) => Some(pledge.given()),
        _ => None,
    };
    if is_signed {
        body::charge(door, &caller)?;
    }
    let _slot = door.slot().await?;
    if let Some(signature) = dated {
        door.seen.use_up(signature, door.now())?;
    }
    let found = read(sender, &payload)?;
    body::charge_more(door, &caller, found.len());
    carry_out(door, sender, &caller, &parts, &bytes.data, found).await
}

/// A vendor that signs for itself stands in the name of whoever gave its secret to this process.
fn of_vendor(door: &Door, adapter: &Adapter) -> Caller {
    Caller {
        name: smol_str::format_smolstr!("vendor:{}", adapter.name),
        source: Some(SmolStr::new_static(adapter.source)),
        scopes: Scope::Leads.bit(),
        rate_per_min: VENDOR_RATE,
        ..Caller::local(door)
    }
}

#[derive(Debug)]
struct HeaderTexts<'h>(&'h HeaderMap);

impl Headers for HeaderTexts<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(|value| value.to_str().ok())
    }
}

/// Checks a vendor's signature; what is told of it is to be used up where it has a time.
fn check_vendor(
    door: &Door,
    adapter: &Adapter,
    parts: &Parts,
    data: &[u8],
    payload: &Payload,
) -> Result<Option<[u8; 32]>, Problem> {
    let headers = HeaderTexts(&parts.headers);
    let host = headers.header("host").unwrap_or_default();
    let base = door.options.public_url.clone().unwrap_or_else(|| format!("https://{host}"));
    let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
    let url = format!("{}{path}", base.trim_end_matches('/'));
    let signed = Signed { method: parts.method.as_str(), url: &url, headers: &headers, body: data, payload };
    let bad = || {
        let detail = "the vendor's signature does not fit the request; nothing was changed";
        Problem::new(StatusCode::UNAUTHORIZED, "bad-signature", detail)
    };
    match adapter.verify.map_or(Verdict::NoSecret, |verify| verify(&door.options.secrets, &signed)) {
        Verdict::Good => Ok(None),
        Verdict::GoodAt(at) => {
            auth::check_time(door, at)?;
            // The signature covers time and body: their hash stands for it.
            let mut hash = Sha256::new_with_prefix(at.0.to_be_bytes());
            hash.update(url.as_bytes());
            hash.update(data);
            Ok(Some(hash.finalize().into()))
        }
        Verdict::NoSecret | Verdict::Bad => Err(bad()),
    }
}

/// One item with whether it is a test.
enum Item {
    Found(Found),
    Mapped(Pairs, bool),
}

fn read(sender: Sender<'_>, payload: &Payload) -> Result<Vec<Item>, Problem> {
    let items: Result<Vec<Item>, &'static str> = match sender {
        Sender::Vendor(adapter) => {
            (adapter.read)(payload).map(|found| found.into_iter().map(Item::Found).collect())
        }
        Sender::Map(map) => map
            .read(payload)
            .map(|found| found.into_iter().map(|(pairs, test)| Item::Mapped(pairs, test)).collect()),
    };
    let items = items.map_err(|expected| {
        let detail = format!("this is not what the adapter takes: {expected}; nothing was changed");
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "not-a-delivery", detail)
    })?;
    if items.len() > leads::ROWS_MAX {
        let detail = format!("{} items at once, at most {}", items.len(), leads::ROWS_MAX);
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "too-many", detail));
    }
    Ok(items)
}

/// What a delivery came to, before the desk has it.
#[derive(Default)]
struct Sorted {
    leads: Vec<NewLead>,
    plan: Vec<Row>,
    awaited: Vec<Awaited>,
    ignored: Vec<Value>,
}

async fn carry_out(
    door: &Arc<Door>,
    sender: Sender<'_>,
    caller: &Caller,
    parts: &Parts,
    data: &[u8],
    items: Vec<Item>,
) -> Result<Response<Body>, Problem> {
    let sorted = sort(door, sender, caller, items);
    if sorted.leads.is_empty() && !sorted.plan.is_empty() && sorted.awaited.is_empty() {
        return Err(all_refused(sorted.plan));
    }
    let awaited = sorted.awaited.len();
    if awaited > 0 {
        match door.handle.errand(Errand::Await(sorted.awaited)).await {
            Ok(Ok(_)) => {}
            Ok(Err(denied)) => return Err(Problem::denied(&denied)),
            Err(_) => return Err(Problem::denied(&crate::desk::Denied::Closing)),
        }
    }
    let is_coded = matches!(sender, Sender::Vendor(adapter) if adapter.wants_code);
    let (plan, ignored) = (sorted.plan, sorted.ignored);
    if sorted.leads.is_empty() {
        return Ok(ok(&receipt(&plan, Vec::new(), 0, awaited, ignored, is_coded)));
    }
    let render: Render = Arc::new(move |world, outcome| {
        let (rows, added) = told::verdicts(&plan, world, outcome);
        let receipt = receipt(&plan, rows, added, awaited, ignored.clone(), is_coded);
        (StatusCode::OK.as_u16(), receipt.to_string())
    });
    let key = leads::request_key(door, parts, caller, None)?;
    let kept = Kept { key, request: leads::request_hash(door, parts, data) };
    leads::hand_in(door, caller, sorted.leads, kept, render).await
}

fn all_refused(plan: Vec<Row>) -> Problem {
    let faults = plan.into_iter().filter_map(|row| match row {
        Row::Refused(fault) => Some(fault),
        Row::Lead { .. } => None,
    });
    let faults: Vec<Fault> = faults.collect();
    let detail = "none of the leads was taken; see errors";
    Problem { faults, ..Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "no-good-lead", detail) }
}

fn receipt(
    plan: &[Row],
    rows: Vec<RowVerdict>,
    added: usize,
    awaited: usize,
    ignored: Vec<Value>,
    is_coded: bool,
) -> Value {
    let refused = plan.iter().filter(|row| matches!(row, Row::Refused(_))).count();
    let tests = plan.iter().filter(|row| matches!(row, Row::Lead { is_test: true, .. })).count();
    let mut value = json!({
        "taken": added,
        "known": plan.len() - refused - added,
        "test": tests,
        "rejected": refused,
        "awaited": awaited,
        "ignored": ignored,
        "leads": rows,
    });
    if awaited > 0 {
        value["needs"] =
            "only numbers came: fetch each lead of GET /v1/awaited from the vendor and post it".into();
    }
    if is_coded {
        value["code"] = 0.into();
    }
    value
}

fn sort(door: &Door, sender: Sender<'_>, caller: &Caller, items: Vec<Item>) -> Sorted {
    let mut sorted = Sorted::default();
    let source = caller.source.clone().unwrap_or_else(|| sender.source());
    let maps: &[String] = match sender {
        Sender::Map(map) => &map.maps,
        Sender::Vendor(_) => &[],
    };
    let reading = Reading { zone: door.zone(), country: door.options.country, maps };
    for item in items {
        let (draft, is_test) = match item {
            Item::Found(Found::Awaited { external_id, about }) => {
                let about = SmolStr::from(about.to_string());
                let (system, at) = (source.clone(), door.now());
                sorted.awaited.push(Awaited { system, external_id: tidy_id(&external_id), at, about });
                continue;
            }
            Item::Found(Found::Ignored { external_id, why }) => {
                sorted.ignored.push(json!({"external_id": external_id, "why": why}));
                continue;
            }
            Item::Found(Found::Lead(cells)) => (of_cells(door, *cells.clone()), cells.is_test),
            Item::Found(Found::Guess(pairs)) => (guessed(pairs, &reading), false),
            Item::Mapped(pairs, is_test) => (guessed(pairs, &reading), is_test),
        };
        match draft {
            Ok(draft) => sorted.lead(door, source.clone(), draft, is_test),
            Err(rejection) => {
                let row = sorted.plan.len();
                sorted.plan.push(Row::Refused(Fault::of(row, None, &rejection)));
            }
        }
    }
    sorted
}

fn guessed(pairs: Pairs, reading: &Reading<'_>) -> Result<LeadDraft, Rejection> {
    let refusal = || Err(Rejection::whole_row());
    rows::drafts(&[pairs], reading).into_iter().next().unwrap_or_else(refusal)
}

fn of_cells(door: &Door, mut cells: Cells) -> Result<LeadDraft, Rejection> {
    if cells.is_test {
        // The placeholders say no more than that it is a test.
        cells.cells.retain(|(_, text)| !text.contains(PLACEHOLDER));
        cells.custom(&TEST, Some("yes".to_owned()));
    }
    // The id is read as one in a file is: cleaned, bounded, refused when it was cut by a spreadsheet.
    cells.put(Target::ExternalId, cells.external_id.clone());
    let zone = cells.zone.unwrap_or_else(|| door.zone());
    rows::known(&cells.cells, zone, door.options.country)
}

/// An id as the mapper keeps it, so that the lead is known when it comes.
fn tidy_id(id: &str) -> SmolStr {
    clean_text(id).chars().take(MAX_FIELD_CHARS).collect::<String>().trim_end().into()
}

impl Sorted {
    /// Adds a lead. One that is a test is kept closed: nobody is given it, and it is nobody's duplicate.
    fn lead(&mut self, door: &Door, source: SmolStr, mut draft: LeadDraft, is_test: bool) {
        if !draft.source.is_empty() && draft.source != source {
            // What the form itself calls its source is told, not obeyed.
            draft.custom.push((SmolStr::new_static("form_source"), draft.source.clone()));
        }
        draft.source = source.clone();
        if is_test && draft.custom.iter().all(|(name, _)| *name != TEST) {
            draft.custom.push((TEST, SmolStr::new_static("yes")));
        }
        let warnings = draft.warnings.clone();
        let taking = Taking { secret: door.handle.secret(), system: source, kind: None, now: door.now() };
        let mut lead = taking.lead(draft, None);
        if is_test {
            lead.state = LeadState::Invalid;
            lead.kind = ArrivalKind::History;
            lead.keys.clear();
        }
        self.plan.push(Row::Lead { state: lead.state, warnings, is_test });
        self.leads.push(lead);
    }
}
