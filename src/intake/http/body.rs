//! From a request to checked bytes: who asks, how much, how long it may take, of what type. The one way in for every handler
//! that takes a body, so that no limit is forgotten. It reads no meaning.

use std::sync::Arc;

use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use futures_util::StreamExt;
use tokio::sync::{OwnedSemaphorePermit, SemaphorePermit};

use super::auth::{self, Caller, Shown};
use super::door::Door;
use super::problem::Problem;

/// A request that was let in.
pub struct Admitted<'d> {
    pub parts: Parts,
    pub caller: Caller,
    pub body: Bytes,
    /// Counts among the requests in hand until it is answered.
    _slot: SemaphorePermit<'d>,
}

impl<'d> Admitted<'d> {
    /// Lets go of what was read: what waits for the desk need not hold it. The caller and the place among the requests in hand
    /// stay.
    pub fn read(self) -> (Caller, SemaphorePermit<'d>) {
        (self.caller, self._slot)
    }
}

/// Bytes of a body, counted against what the door may hold.
#[derive(Debug)]
pub struct Bytes {
    pub data: Vec<u8>,
    _held: Option<OwnedSemaphorePermit>,
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Json,
    Form,
}

/// Lets a request with a token, a signature or from this machine in, and reads its body.
///
/// # Errors
/// 401, 408, 413, 415, 429, 503.
pub async fn admit(door: &Arc<Door>, request: Request) -> Result<Admitted<'_>, Problem> {
    let (parts, body) = request.into_parts();
    let shown = auth::shown(door, &parts, false).map_err(Problem::closing)?;
    let (caller, pledge) = match shown {
        Shown::Token(caller) => (caller, None),
        Shown::Signed(caller, pledge) => (caller, Some(pledge)),
        Shown::Nothing => (auth::local(door, &parts).map_err(Problem::closing)?, None),
    };
    // A signature's key is named, not shown: until it fits, whoever it belongs to pays for nothing.
    if pledge.is_none() {
        charge(door, &caller).map_err(Problem::closing)?;
    }
    let body = read(door, &parts, body).await.map_err(Problem::closing)?;
    if let Some(pledge) = &pledge {
        auth::check(door, pledge, &parts, &body.data)?;
        charge(door, &caller)?;
    }
    let slot = door.slot().await?;
    if let Some(pledge) = &pledge {
        door.seen.use_up(pledge.given(), door.now())?;
    }
    Ok(Admitted { parts, caller, body, _slot: slot })
}

/// Takes a request out of the caller's allowance.
///
/// # Errors
/// 429 with the seconds to wait.
pub fn charge(door: &Door, caller: &Caller) -> Result<(), Problem> {
    let now = door.handle.clock().boot_ms();
    door.rates.take(&caller.name, caller.rate_per_min, now).map_err(|seconds| {
        let detail = format!("more than {} a minute; nothing was changed", caller.rate_per_min);
        Problem {
            retry_after: Some(seconds),
            ..Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-many-requests", detail)
        }
    })
}

/// Takes the further leads of a request that was let in out of the allowance: the next one may have to wait for them.
pub fn charge_more(door: &Door, caller: &Caller, leads: usize) {
    let further = u32::try_from(leads.saturating_sub(1)).unwrap_or(u32::MAX);
    door.rates.owe(&caller.name, further);
}

/// Reads a body within the limits of size, time and of what the door holds.
///
/// # Errors
/// 408, 413, 415, 503.
pub async fn read(door: &Door, parts: &Parts, body: Body) -> Result<Bytes, Problem> {
    if parts.method == Method::GET {
        return Ok(Bytes { data: Vec::new(), _held: None });
    }
    if parts.headers.get(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity") {
        let detail = "packed bodies are not taken; send it plain";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "packed-body", detail));
    }
    let limits = &door.options.limits;
    let too_large = || {
        let detail = format!(
            "the body is over {} KB; nothing was changed. Send fewer leads at once",
            limits.body_bytes >> 10
        );
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
    };
    if body.size_hint().lower() > limits.body_bytes as u64 {
        return Err(too_large());
    }
    let gather = async {
        let mut bytes = Bytes { data: Vec::new(), _held: None };
        let mut chunks = body.into_data_stream();
        while let Some(chunk) = chunks.next().await {
            let chunk =
                chunk.map_err(|_| Problem::bad("broken-body", "the body broke off; nothing was changed"))?;
            if bytes.data.len() + chunk.len() > limits.body_bytes {
                return Err(too_large());
            }
            let count = u32::try_from(chunk.len()).map_err(|_| too_large())?;
            let room = Arc::clone(&door.held)
                .try_acquire_many_owned(count)
                .map_err(|_| Problem::later("busy", "too many bodies at once; nothing was changed", 1))?;
            match &mut bytes._held {
                Some(held) => held.merge(room),
                none => *none = Some(room),
            }
            bytes.data.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    tokio::time::timeout(limits.read, gather).await.unwrap_or_else(|_| {
        let detail = format!("the body took over {} s; nothing was changed", limits.read.as_secs());
        Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "too-slow", detail))
    })
}

/// How the body says it is written.
///
/// # Errors
/// 415 for anything but JSON and forms, or another character set than UTF-8.
pub fn kind(parts: &Parts) -> Result<Kind, Problem> {
    let wrong = || {
        let detail =
            "send application/json, or application/x-www-form-urlencoded where a form is taken, in UTF-8";
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-type", detail)
    };
    let value = parts.headers.get(header::CONTENT_TYPE).ok_or_else(wrong)?;
    let text = value.to_str().map_err(|_| wrong())?.to_ascii_lowercase();
    let mut pieces = text.split(';').map(str::trim);
    let kind = match pieces.next().unwrap_or_default() {
        "application/x-www-form-urlencoded" => Kind::Form,
        json if json == "application/json"
            || (json.starts_with("application/") && json.ends_with("+json")) =>
        {
            Kind::Json
        }
        _ => return Err(wrong()),
    };
    let charset = pieces.find_map(|piece| piece.strip_prefix("charset=")).map(|set| set.trim_matches('"'));
    if charset.is_some_and(|set| !matches!(set, "utf-8" | "utf8")) { Err(wrong()) } else { Ok(kind) }
}

/// The same where only JSON is taken.
///
/// # Errors
/// 415.
pub fn must_be_json(parts: &Parts) -> Result<(), Problem> {
    match kind(parts)? {
        Kind::Json => Ok(()),
        Kind::Form => {
            let detail = "send application/json here; forms go to /v1/in/form";
            Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "wrong-type", detail))
        }
    }
}

/// Reads JSON strictly.
///
/// # Errors
/// 400 with line and character.
pub fn json(bytes: &[u8]) -> Result<super::json::Json, Problem> {
    super::json::parse(bytes).map_err(|fault| Problem {
        place: Some((fault.line, fault.column)),
        ..Problem::bad("bad-json", format!("the body is not JSON as it is taken here: {}", fault.why))
    })
}
