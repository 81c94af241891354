//! Figures for Prometheus, in its text format. Counters begin with the process. No label holds anything a sender chose;
//! the names of channels are the operator's.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, header};

use super::auth::{self, Shown};
use super::door::Door;
use super::problem::Problem;
use super::token::Scope;
use crate::desk::Standing;
use crate::model::event::{Body as Verb, Event};
use crate::model::lead::LeadState;
use crate::store::Store;

/// Upper ends of the histogram's buckets, in microseconds.
const BUCKETS_US: [u64; 12] =
    [500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 50_000, 100_000, 250_000, 1_000_000, 5_000_000];

/// What is counted.
#[derive(Debug, Default)]
pub struct Metrics {
    taken: AtomicU64,
    placed: AtomicU64,
    connections: AtomicU64,
    turned_away: AtomicU64,
    /// By route and status.
    requests: Mutex<BTreeMap<(&'static str, u16), u64>>,
    /// Refused at the door, by why.
    denied: Mutex<BTreeMap<&'static str, u64>>,
    decided: [AtomicU64; BUCKETS_US.len()],
    decided_count: AtomicU64,
    decided_us: AtomicU64,
}

fn more(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Metrics {
    /// Counts a committed event, whoever caused it.
    pub fn note_event(&self, event: &Event) {
        match event.body {
            Verb::LeadReceived(_) => more(&self.taken),
            Verb::LeadAssigned(_) => more(&self.placed),
            _ => {}
        }
    }

    /// Counts an answer.
    pub fn note_request(&self, route: &'static str, status: u16) {
        *self.requests.lock().unwrap_or_else(PoisonError::into_inner).entry((route, status)).or_default() +=
            1;
    }

    /// Counts a refusal by its code.
    pub fn note_denied(&self, code: &'static str) {
        *self.denied.lock().unwrap_or_else(PoisonError::into_inner).entry(code).or_default() += 1;
    }

    /// Counts how long a decision took, from handing in to COMMIT.
    pub fn note_decided(&self, took: Duration) {
        let us = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        // First the whole, then its parts: whoever reads between the two finds no part larger than the whole.
        more(&self.decided_count);
        for (end, count) in BUCKETS_US.iter().zip(&self.decided) {
            if us <= *end {
                more(count);
            }
        }
        self.decided_us.fetch_add(us, Ordering::Relaxed);
    }

    /// A socket was accepted.
    pub fn connected(&self) {
        more(&self.connections);
    }

    /// A socket was refused: too many are open.
    pub fn turned_away(&self) {
        more(&self.turned_away);
    }
}

/// `/metrics`. Open to programs on this machine; from elsewhere it takes a token with the scope `read`.
pub async fn metrics(State(door): State<Arc<Door>>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let caller = match auth::shown(&door, &parts, false) {
        Ok(Shown::Token(caller)) => Some(caller),
        // A signed look at figures is a token's work.
        Ok(Shown::Signed(..) | Shown::Nothing) => None,
        Err(problem) => return problem.response(),
    };
    match caller.map(|caller| caller.may(Scope::Read)) {
        Some(Err(problem)) => return problem.response(),
        None if !auth::is_direct(&parts) => {
            let status = axum::http::StatusCode::UNAUTHORIZED;
            return Problem::new(status, "no-token", "from another machine this takes a token").response();
        }
        Some(Ok(())) | None => {}
    }
    let mut response = Response::new(Body::from(text(&door)));
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}

fn text(door: &Door) -> String {
    let mut out = String::new();
    desk_figures(door, &mut out);
    door_figures(&door.metrics, &mut out);
    out
}

fn head(out: &mut String, name: &str, kind: &str, help: &str) {
    // Writing to a string cannot fail, here and below.
    let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn one(out: &mut String, name: &str, kind: &str, help: &str, value: u64) {
    head(out, name, kind, help);
    let _ = writeln!(out, "{name} {value}");
}

/// A text as the value of a label: three characters are escaped and no other, unlike in Rust.
fn label(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

fn desk_figures(door: &Door, out: &mut String) {
    let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    one(out, "leadyard_leads_taken_total", "counter", "Leads taken in.", get(&door.metrics.taken));
    one(out, "leadyard_leads_placed_total", "counter", "Placements with a rep.", get(&door.metrics.placed));
    let (states, alerts) = door.with_world(|world| {
        let states = LeadState::ALL.map(|state| (state, world.count(state)));
        let mut alerts: BTreeMap<&'static str, u64> = BTreeMap::new();
        for alert in world.alerts().values() {
            *alerts.entry(alert.finding.key.kind.word()).or_default() += 1;
        }
        (states, alerts)
    });
    head(out, "leadyard_open_leads", "gauge", "Open leads by state.");
    for (state, count) in states.into_iter().filter(|(state, _)| state.is_open()) {
        let _ = writeln!(out, "leadyard_open_leads{{state=\"{}\"}} {count}", state.word());
    }
    head(out, "leadyard_alerts_firing", "gauge", "Alerts that fire, by detector.");
    for (kind, count) in alerts {
        let _ = writeln!(out, "leadyard_alerts_firing{{detector=\"{kind}\"}} {count}");
    }
    let leads = matches!(door.handle.standing(), Standing::Leads(_));
    one(out, "leadyard_leader", "gauge", "1 while this process does the leader's work.", u64::from(leads));
    let writes = door.trouble().is_none() && door.handle.standing() != Standing::ReadOnly;
    one(out, "leadyard_writable", "gauge", "1 while the file takes writes.", u64::from(writes));
    if let Ok(awaited) = door.read(|store| store.awaited_count()) {
        one(out, "leadyard_awaited_leads", "gauge", "Leads announced by number that have not come.", awaited);
    }
    outbox(door, out);
}

/// The queue of each channel.
fn outbox(door: &Door, out: &mut String) {
    let Ok(all) = door.read(Store::outbox_figures) else { return };
    let gauges = [
        ("leadyard_outbox_waiting", "Notices that wait to go out."),
        ("leadyard_outbox_dead", "Notices that were given up."),
    ];
    for (no, (name, help)) in gauges.into_iter().enumerate() {
        head(out, name, "gauge", help);
        for of in &all {
            let count = if no == 0 { of.queued } else { of.dead };
            let (kind, channel) = (of.kind.word(), label(&of.channel));
            let _ = writeln!(out, "{name}{{kind=\"{kind}\",channel=\"{channel}\"}} {count}");
        }
    }
}

fn door_figures(metrics: &Metrics, out: &mut String) {
    let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
    let name = "leadyard_http_requests_total";
    head(out, name, "counter", "Requests by route and status.");
    for ((route, status), count) in metrics.requests.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        let _ = writeln!(out, "{name}{{route=\"{route}\",status=\"{status}\"}} {count}");
    }
    let name = "leadyard_http_denied_total";
    head(out, name, "counter", "Requests refused, by why.");
    for (code, count) in metrics.denied.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        let _ = writeln!(out, "{name}{{code=\"{code}\"}} {count}");
    }
    one(out, "leadyard_connections_total", "counter", "Sockets accepted.", get(&metrics.connections));
    let help = "Sockets refused because too many were open.";
    one(out, "leadyard_connections_refused_total", "counter", help, get(&metrics.turned_away));
    let name = "leadyard_decision_seconds";
    head(out, name, "histogram", "From handing an order in until its COMMIT returned.");
    for (end, count) in BUCKETS_US.iter().zip(&metrics.decided) {
        let (whole, part) = (end / 1_000_000, end % 1_000_000);
        let _ = writeln!(out, "{name}_bucket{{le=\"{whole}.{part:06}\"}} {}", get(count));
    }
    let (count, us) = (get(&metrics.decided_count), get(&metrics.decided_us));
    let _ = writeln!(out, "{name}_bucket{{le=\"+Inf\"}} {count}");
    let _ = writeln!(out, "{name}_sum {}.{:06}\n{name}_count {count}", us / 1_000_000, us % 1_000_000);
}
