//! The table of paths: what is served, documented and counted is what stands here. Around every handler: the closing door, the
//! log line, the figures. A log line holds method, route, status and time; no path of a lead, no query string, no header.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::routing::{get, patch, post};

use super::door::Door;
use super::problem::Problem;
use super::{deliver, follow_up, health, leads, metrics, read};

/// A path and what may be done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    pub path: &'static str,
    pub methods: &'static [&'static str],
}

/// Every path there is.
pub const ROUTES: &[Route] = &[
    Route { path: "/v1/leads", methods: &["POST"] },
    Route { path: "/v1/leads/{id}", methods: &["GET", "PATCH"] },
    Route { path: "/v1/leads/{id}/explanation", methods: &["GET"] },
    Route { path: "/v1/leads/by/{source}/{external_id}", methods: &["GET", "PATCH"] },
    Route { path: "/v1/in/{adapter}", methods: &["GET", "POST"] },
    Route { path: "/v1/queue", methods: &["GET"] },
    Route { path: "/v1/loads", methods: &["GET"] },
    Route { path: "/v1/alerts", methods: &["GET"] },
    Route { path: "/v1/awaited", methods: &["GET"] },
    Route { path: "/healthz", methods: &["GET"] },
    Route { path: "/metrics", methods: &["GET"] },
    Route { path: "/openapi.json", methods: &["GET"] },
];

/// Methods the log calls by their names.
const METHODS: [&str; 9] = ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"];

/// The document other programs read.
pub const OPENAPI: &str = include_str!("openapi.json");

/// Everything that is served.
pub fn router(door: Arc<Door>) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let served = match route.path {
            "/v1/leads" => post(leads::post),
            "/v1/leads/{id}" => get(read::by_id).patch(follow_up::by_id),
            "/v1/leads/{id}/explanation" => get(read::explanation),
            "/v1/leads/by/{source}/{external_id}" => patch(follow_up::by_reference).get(read::by_reference),
            "/v1/in/{adapter}" => get(deliver::handshake).post(deliver::post),
            "/v1/queue" => get(read::queue),
            "/v1/loads" => get(read::loads),
            "/v1/alerts" => get(read::alerts),
            "/v1/awaited" => get(read::awaited),
            "/healthz" => get(health::healthz),
            "/metrics" => get(metrics::metrics),
            "/openapi.json" => get(openapi),
            _ => continue,
        };
        router = router.route(route.path, served);
    }
    router
        .fallback(nothing_here)
        .method_not_allowed_fallback(not_so)
        .layer(from_fn_with_state(Arc::clone(&door), around))
        .with_state(door)
}

async fn openapi() -> Response<Body> {
    let mut response = Response::new(Body::from(OPENAPI));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

async fn nothing_here() -> Response<Body> {
    Problem::new(StatusCode::NOT_FOUND, "no-such-path", "there is nothing here; see /openapi.json").response()
}

async fn not_so() -> Response<Body> {
    let detail = "this path takes another method; see /openapi.json";
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong-method", detail).response()
}

/// The route a path is of.
fn route_of(path: &str) -> &'static str {
    let fits = |route: &&Route| {
        let (mut given, mut wanted) = (path.split('/'), route.path.split('/'));
        loop {
            match (given.next(), wanted.next()) {
                (None, None) => return true,
                (Some(given), Some(wanted)) if wanted.starts_with('{') || given == wanted => {}
                _ => return false,
            }
        }
    };
    ROUTES.iter().find(fits).map_or("other", |route| route.path)
}

async fn around(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response<Body> {
    let began = tokio::time::Instant::now();
    let route = route_of(request.uri().path());
    let method = request.method().clone();
    let response = if door.is_closing() {
        let detail = "the server is closing; nothing was changed. Send it again in a moment";
        Problem::later("closing", detail, 5).closing().response()
    } else {
        next.run(request).await
    };
    // What the router itself refuses, such as a path that is no UTF-8, is told as everything else is.
    let is_ours =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|kind| kind != "text/plain; charset=utf-8");
    let response = match response.status() {
        status if status.is_client_error() && !is_ours => {
            Problem::new(status, "bad-request", "the request could not be read").response()
        }
        _ => response,
    };
    let status = response.status().as_u16();
    door.metrics.note_request(route, status);
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    // A method is the sender's text: only known ones are named.
    let method = METHODS.iter().find(|known| **known == method.as_str()).copied().unwrap_or("other");
    tracing::info!(method, route, status, ms, "request");
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_counted_by_route() {
        assert_eq!(route_of("/v1/leads/12"), "/v1/leads/{id}");
        assert_eq!(route_of("/v1/leads/by/a/b"), "/v1/leads/by/{source}/{external_id}");
        assert_eq!(route_of("/v1/leads/13800138000/x/y"), "other");
    }
}
