//! Meta (Facebook, Instagram) lead ads. The webhook carries numbers only: the lead is read afterwards from `/{leadgen_id}` with a
//! page token, and that body is taken here as well. Several entries and changes come in one delivery, at least once, in any order.
//! Nothing but placeholder texts and mail addresses marks a test lead.
//!
//! Protocol: developers.facebook.com, "Webhooks for leadgen"; signature `X-Hub-Signature-256: sha256=HEX` over the raw body.

use serde_json::json;

use super::super::field::Target;
use super::super::http::auth::{hmac_sha256, same, unhex};
use super::super::http::json::Json;
use super::super::http::rows::{self, Pairs};
use super::{Adapter, Cells, Found, PLAIN, Payload, Secrets, Signed, Verdict, items, json};

pub const ADAPTER: Adapter = Adapter {
    name: "meta",
    source: "Meta",
    read,
    verify: Some(verify),
    secret: Some("META_APP_SECRET"),
    handshake: Some(handshake),
    ..PLAIN
};

/// What Meta's own test tool writes into fields.
const PLACEHOLDER: &str = "<test lead: dummy data";
const TEST_MAILS: [&str; 2] = ["test@fb.com", "test@meta.com"];

fn read(payload: &Payload) -> Result<Vec<Found>, &'static str> {
    let body = json(payload)?;
    if body.at("entry").is_some() {
        return Ok(notices(body));
    }
    let items = items(body, &["data"]);
    if items.iter().all(|item| item.get("field_data").is_none()) {
        return Err("a leadgen webhook, or the body of /{leadgen_id} with field_data");
    }
    Ok(items.into_iter().map(detail).collect())
}

fn notices(body: &Json) -> Vec<Found> {
    let changes = body.get("entry").map(Json::items).unwrap_or_default().iter();
    let changes = changes.flat_map(|entry| entry.get("changes").map(Json::items).unwrap_or_default());
    changes
        .map(|change| {
            let value = change.get("value").unwrap_or(&Json::Null);
            let id = value.text("leadgen_id").unwrap_or_default();
            if change.text("field").as_deref() != Some("leadgen") || id.is_empty() {
                return Found::Ignored { external_id: id, why: "not a lead notice" };
            }
            let about = json!({
                "fetch": format!("GET /{id}?fields=id,created_time,field_data,campaign_name,ad_name,form_id,platform"),
                "then": "POST it to /v1/in/meta",
                "form_id": value.text("form_id"), "page_id": value.text("page_id"),
                "ad_id": value.text("ad_id"), "created_time": value.whole("created_time"),
            });
            Found::Awaited { external_id: id, about }
        })
        .collect()
}

fn detail(lead: &Json) -> Found {
    let mut cells = Cells { external_id: lead.text("id"), ..Cells::default() };
    cells.put(Target::ReceivedAt, lead.text("created_time"));
    cells.put(Target::Campaign, lead.text("campaign_name"));
    for field in lead.get("field_data").map(Json::items).unwrap_or_default() {
        let name = field.text("name").unwrap_or_default();
        let text = field.get("values").map(rows::text).unwrap_or_default();
        cells.is_test |= text.contains(PLACEHOLDER) || TEST_MAILS.contains(&text.to_lowercase().as_str());
        match name.as_str() {
            "state" | "province" => cells.put(Target::Region, Some(text)),
            _ => cells.answer(&name, Some(text)),
        }
    }
    for name in ["platform", "ad_name", "adset_name", "form_id"] {
        cells.custom(name, lead.text(name));
    }
    Found::Lead(Box::new(cells))
}

fn verify(secrets: &Secrets, signed: &Signed<'_>) -> Verdict {
    let Some(secret) = secrets.get("META_APP_SECRET") else { return Verdict::NoSecret };
    let given = signed.headers.header("x-hub-signature-256").and_then(|text| text.strip_prefix("sha256="));
    let expected = hmac_sha256(secret.as_bytes(), &[signed.body]);
    match given.and_then(unhex) {
        Some(given) if same(&given, &expected) => Verdict::Good,
        _ => Verdict::Bad,
    }
}

/// `hub.challenge` back to whoever knows the verify token.
fn handshake(secrets: &Secrets, query: &Pairs) -> Option<String> {
    let value = |name: &str| query.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
    let expected = secrets.get("META_VERIFY_TOKEN")?;
    let knows = value("hub.mode") == Some("subscribe")
        && same(value("hub.verify_token")?.as_bytes(), expected.as_bytes());
    value("hub.challenge").filter(|_| knows).map(str::to_owned)
}
