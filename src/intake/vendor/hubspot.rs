//! HubSpot webhooks: a batch of change events that name objects by number; the contact is read afterwards. The same object may be
//! created and changed in one delivery. Protocol: developers.hubspot.com, "Validating requests" v3: `X-HubSpot-Signature-v3` is the
//! base64 of the HMAC-SHA256 of method, URI, body and timestamp; the timestamp (milliseconds) may be 5 minutes old.

use base64::Engine;
use serde_json::json;

use super::super::http::auth::{hmac_sha256, same};
use super::super::http::json::Json;
use super::{Adapter, Found, PLAIN, Payload, Secrets, Signed, Verdict, items, json};
use crate::model::time::Millis;

pub const ADAPTER: Adapter = Adapter {
    name: "hubspot",
    source: "HubSpot",
    read,
    verify: Some(verify),
    secret: Some("HUBSPOT_CLIENT_SECRET"),
    ..PLAIN
};

fn read(payload: &Payload) -> Result<Vec<Found>, &'static str> {
    let mut found: Vec<Found> = Vec::new();
    for event in items(json(payload)?, &[]) {
        let (Some(object), Some(kind)) = (event.text("objectId"), event.text("subscriptionType")) else {
            return Err("a list of events with objectId and subscriptionType");
        };
        let is_there =
            found.iter().any(|f| matches!(f, Found::Awaited { external_id, .. } if *external_id == object));
        let is_contact = matches!(kind.as_str(), "contact.creation" | "contact.propertyChange");
        found.push(match (is_contact, is_there) {
            (true, false) => awaited(event, object, &kind),
            (true, true) => Found::Ignored { external_id: object, why: "announced in the same delivery" },
            (false, _) => Found::Ignored { external_id: object, why: "not about a new or changed contact" },
        });
    }
    Ok(found)
}

fn awaited(event: &Json, object: String, kind: &str) -> Found {
    let about = json!({
        "fetch": format!("GET /crm/v3/objects/contacts/{object}"),
        "then": format!("POST it to /v1/leads with id {object} and source HubSpot"),
        "event": kind, "portal_id": event.text("portalId"), "occurred_at": event.whole("occurredAt"),
    });
    Found::Awaited { external_id: object, about }
}

fn verify(secrets: &Secrets, signed: &Signed<'_>) -> Verdict {
    let Some(secret) = secrets.get("HUBSPOT_CLIENT_SECRET") else { return Verdict::NoSecret };
    let header = |name| signed.headers.header(name).unwrap_or_default();
    let (given, at) = (header("x-hubspot-signature-v3"), header("x-hubspot-request-timestamp"));
    let pieces: [&[u8]; 4] = [signed.method.as_bytes(), signed.url.as_bytes(), signed.body, at.as_bytes()];
    let expected = base64::engine::general_purpose::STANDARD.encode(hmac_sha256(secret.as_bytes(), &pieces));
    match at.parse() {
        Ok(at) if same(given.as_bytes(), expected.as_bytes()) => Verdict::GoodAt(Millis(at)),
        _ => Verdict::Bad,
    }
}
