//! What went wrong with a request, as `application/problem+json` (RFC 9457): what happened, what is safe, what to do. English
//! only: programs read it, and people who write them. Never quotes contact text, a secret or a query string.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};

use crate::desk::Denied;
use crate::engine::Refusal;
use crate::intake::row::Rejection;
use crate::model::lang::Lang;
use crate::store::StoreError;

/// Seconds after which a sender may try again when the file takes no writes.
const STUCK_RETRY_S: u32 = 30;

/// One row or field that is to blame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// From 0, in the order sent.
    pub row: usize,
    /// From 1, where the row begins in the body.
    pub line: Option<usize>,
    /// As the sender calls it; empty = the whole row.
    pub field: String,
    pub code: &'static str,
    pub detail: String,
}

impl Fault {
    /// As JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut value = json!({"row": self.row, "code": self.code, "detail": self.detail});
        if let Some(line) = self.line {
            value["line"] = line.into();
        }
        if !self.field.is_empty() {
            value["field"] = self.field.as_str().into();
        }
        value
    }

    /// The fault of a row the mapper refused.
    #[must_use]
    pub fn of(row: usize, line: Option<usize>, rejection: &Rejection) -> Fault {
        // The refused value may be a contact: only its place is told, in the sentence after the place.
        let mut bare = rejection.clone();
        bare.value = String::from("…");
        let said = bare.message(Lang::En);
        let detail = said.split_once(": ").map_or(said.as_str(), |(_, why)| why).to_owned();
        Fault { row, line, field: rejection.field.to_string(), code: reason_code(rejection), detail }
    }
}

fn reason_code(rejection: &Rejection) -> &'static str {
    use crate::intake::row::Reason;
    match rejection.reason {
        Reason::BadDate(_) => "bad-date",
        Reason::Torn | Reason::TooLong => "too-long",
        Reason::TooManyColumns => "too-many-fields",
        Reason::Ragged { .. } | Reason::NotJson { .. } => "not-an-object",
        Reason::DamagedId => "damaged-id",
        Reason::LongId => "long-id",
        Reason::NothingToKeep => "nothing-to-keep",
        Reason::TestLead => "test-lead",
        Reason::UnknownState => "unknown-state",
        Reason::Unreadable(_) => "unreadable",
    }
}

/// An error answer.
#[derive(Debug, Clone)]
pub struct Problem {
    pub status: StatusCode,
    pub code: &'static str,
    pub detail: String,
    /// Seconds.
    pub retry_after: Option<u32>,
    /// Line and character, from 1, where the body stops being what it should be.
    pub place: Option<(usize, usize)>,
    pub faults: Vec<Fault>,
    /// The rest of the body was not read: the connection is of no more use.
    pub close: bool,
}

impl Problem {
    /// A plain one.
    #[must_use]
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<String>) -> Problem {
        let detail = detail.into();
        Problem { status, code, detail, retry_after: None, place: None, faults: Vec::new(), close: false }
    }

    /// 400: the request makes no sense.
    #[must_use]
    pub fn bad(code: &'static str, detail: impl Into<String>) -> Problem {
        Problem::new(StatusCode::BAD_REQUEST, code, detail)
    }

    /// 503 with the seconds after which to try again.
    #[must_use]
    pub fn later(code: &'static str, detail: impl Into<String>, seconds: u32) -> Problem {
        Problem { retry_after: Some(seconds), ..Problem::new(StatusCode::SERVICE_UNAVAILABLE, code, detail) }
    }

    /// 404 for a lead.
    #[must_use]
    pub fn no_lead() -> Problem {
        Problem::new(
            StatusCode::NOT_FOUND,
            "no-such-lead",
            "there is no such lead, or none this token may see",
        )
    }

    /// The same, and the connection is closed after it.
    #[must_use]
    pub fn closing(self) -> Problem {
        Problem { close: true, ..self }
    }

    /// What the desk's "no" means to a program.
    #[must_use]
    pub fn refused(refusal: &Refusal) -> Problem {
        let status = match refusal {
            Refusal::NotAllowed { .. } => StatusCode::FORBIDDEN,
            Refusal::NoSuchLead { .. } => StatusCode::NOT_FOUND,
            Refusal::TooMany { .. }
            | Refusal::TooLong { .. }
            | Refusal::NeedsReason
            | Refusal::NothingToDo => StatusCode::UNPROCESSABLE_ENTITY,
            _ => StatusCode::CONFLICT,
        };
        Problem::new(status, refusal.code(), refusal.message(Lang::En, &|at| at.to_rfc3339()))
    }

    /// What the desk's trouble means to a program. The file's path is the operator's affair and is not told.
    #[must_use]
    pub fn denied(denied: &Denied) -> Problem {
        match denied {
            Denied::Refused(refusal) => Problem::refused(refusal),
            Denied::Closing => Problem::later("closing", "the desk is closing; nothing was changed", 5),
            Denied::Store(error) => Problem::store(error),
        }
    }

    /// The file's trouble.
    #[must_use]
    pub fn store(error: &StoreError) -> Problem {
        match error {
            StoreError::Busy { .. } => {
                Problem::later("busy", "the desk's file is busy; nothing was changed. Send it again", 1)
            }
            StoreError::Uncertain { .. } => Problem::later(
                "uncertain",
                "it is not known whether this was saved. Send it again with the same key or id: it is taken once",
                1,
            ),
            error if error.stops_writing() => {
                let detail =
                    "the desk's file takes no writes at the moment; nothing was changed. See /healthz";
                Problem::later("no-writes", detail, STUCK_RETRY_S)
            }
            _ => Problem::new(
                StatusCode::INTERNAL_SERVER_ERROR,
                "fault",
                "a fault in Leadyard; nothing was changed. Its log says more",
            ),
        }
    }

    /// The body.
    #[must_use]
    pub fn json(&self) -> Value {
        let mut value = json!({
            "type": format!("urn:leadyard:problem:{}", self.code),
            "title": self.status.canonical_reason().unwrap_or("error"),
            "status": self.status.as_u16(),
            "code": self.code,
            "detail": self.detail,
        });
        if let Some((line, column)) = self.place {
            value["line"] = line.into();
            value["column"] = column.into();
        }
        if !self.faults.is_empty() {
            value["errors"] = self.faults.iter().map(Fault::json).collect();
        }
        value
    }

    /// The whole answer.
    #[must_use]
    pub fn response(&self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.json().to_string()));
        *response.status_mut() = self.status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if self.close {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}
