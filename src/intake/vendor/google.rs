//! Google Ads lead forms. The shared secret `google_key` stands in the body; `is_test` marks tests; no time is sent, so the moment of
//! arrival counts. Protocol: developers.google.com/google-ads/webhook.

use super::super::field::Target;
use super::super::http::auth::same;
use super::super::http::json::Json;
use super::{Adapter, Cells, Found, PLAIN, Payload, Secrets, Signed, Verdict, json};

pub const ADAPTER: Adapter = Adapter {
    name: "google",
    source: "Google Ads",
    read,
    verify: Some(verify),
    secret: Some("GOOGLE_KEY"),
    ..PLAIN
};

fn read(payload: &Payload) -> Result<Vec<Found>, &'static str> {
    let lead = json(payload)?;
    let columns = lead.get("user_column_data").map(Json::items).unwrap_or_default();
    if lead.text("lead_id").is_none() || columns.is_empty() {
        return Err("a lead form delivery with lead_id and user_column_data");
    }
    let mut cells =
        Cells { external_id: lead.text("lead_id"), is_test: lead.is_true("is_test"), ..Cells::default() };
    for column in columns {
        let text = column.text("string_value");
        let id = column.text("column_id").unwrap_or_default();
        let target = match id.as_str() {
            "FULL_NAME" => Target::Name,
            "FIRST_NAME" => Target::FirstName,
            "LAST_NAME" => Target::LastName,
            "EMAIL" | "WORK_EMAIL" => Target::Email,
            "PHONE_NUMBER" | "WORK_PHONE" => Target::Phone,
            "COMPANY_NAME" => Target::Company,
            "CITY" => Target::City,
            "REGION" => Target::Region,
            _ => {
                // A question of the advertiser's own is its own id.
                cells.answer(&column.text("column_name").unwrap_or(id), text);
                continue;
            }
        };
        // Work and private address: the first counts, the other is kept.
        if cells.cells.iter().any(|(t, _)| *t == target) {
            cells.custom(&id.to_lowercase(), text);
        } else {
            cells.put(target, text);
        }
    }
    cells.put(Target::Campaign, lead.text("campaign_id"));
    for name in ["form_id", "adgroup_id", "creative_id"] {
        cells.custom(name, lead.text(name));
    }
    Ok(vec![Found::Lead(Box::new(cells))])
}

fn verify(secrets: &Secrets, signed: &Signed<'_>) -> Verdict {
    let Some(secret) = secrets.get("GOOGLE_KEY") else { return Verdict::NoSecret };
    let given = match signed.payload {
        Payload::Json(json) => json.text("google_key"),
        Payload::Form(_) => None,
    };
    match given {
        Some(given) if same(given.as_bytes(), secret.as_bytes()) => Verdict::Good,
        _ => Verdict::Bad,
    }
}
