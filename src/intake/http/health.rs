//! `/healthz`: whether this door can do its work, for probes and balancers. Looks, never writes.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::State;
use axum::http::Response;

use super::door::Door;
use super::problem::Problem;
use super::read::ok;
use crate::desk::Standing;

/// 200 while leads are taken; 503 when the file takes no writes.
pub async fn healthz(State(door): State<Arc<Door>>) -> Response<Body> {
    if let Some(error) = door.trouble() {
        return Problem::store(&error).response();
    }
    let standing = match door.handle.standing() {
        Standing::Leads(_) => "leads",
        Standing::Follows => "follows",
        Standing::Unsettled => "unsettled",
        Standing::ReadOnly => {
            return Problem::later("no-writes", "the desk's file takes no writes at the moment", 30)
                .response();
        }
    };
    // The file must also be there to be read.
    match door.read(|store| store.last_seq()) {
        Ok(seq) => ok(&serde_json::json!({"status": "ok", "standing": standing, "seq": seq.0})),
        Err(error) => Problem::later("unreadable", Problem::store(&error).detail, 30).response(),
    }
}
