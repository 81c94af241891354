//! LinkedIn lead form responses. Answers are named by the number of their question: which is which stands in the form's definition,
//! which LinkedIn does not send. A mail address or phone number is recognised by its looks; the rest is kept as `x.question_N`,
//! unless the body brings `questions: {"1": "First name", …}` along, as a fetcher can add it. `testLead` marks tests. A lead
//! notification (`leadGenFormResponse` with a URN; from memory) carries the number only: the response is read afterwards.
//!
//! Protocol: learn.microsoft.com, LinkedIn "Webhooks": the challenge, and the HMAC-SHA256 of the body behind `hmacsha256=`.

use super::super::field::Target;
use super::super::http::auth::{hex, hmac_sha256, same};
use super::super::http::json::Json;
use super::super::http::rows::{self, Pairs};
use super::{Adapter, Cells, Found, PLAIN, Payload, Secrets, Signed, Verdict, items, json, numbered};
use crate::model::contact::{CountryCode, email, phone};

pub const ADAPTER: Adapter = Adapter {
    name: "linkedin",
    source: "LinkedIn",
    read,
    verify: Some(verify),
    secret: Some("LINKEDIN_CLIENT_SECRET"),
    handshake: Some(handshake),
    ..PLAIN
};

fn read(payload: &Payload) -> Result<Vec<Found>, &'static str> {
    let body = json(payload)?;
    if let Some(urn) = body.text("leadGenFormResponse") {
        return Ok(vec![notice(body, &urn)]);
    }
    let items = items(body, &["elements"]);
    if items.iter().all(|item| item.get("formResponse").is_none()) {
        return Err("a lead form response with id and formResponse");
    }
    numbered(items, "id", response).ok_or("a lead form response with id and formResponse")
}

fn notice(body: &Json, urn: &str) -> Found {
    let external_id = urn.rsplit(':').next().unwrap_or(urn).to_owned();
    if body.text("leadAction").is_some_and(|action| action != "CREATED") {
        return Found::Ignored { external_id, why: "not a new lead" };
    }
    let about = serde_json::json!({
        "fetch": format!("GET /rest/leadFormResponses/{external_id}"),
        "then": "POST it to /v1/in/linkedin",
        "form": body.text("leadGenForm"),
    });
    Found::Awaited { external_id, about }
}

fn response(response: &Json) -> Found {
    let mut cells =
        Cells { external_id: response.text("id"), is_test: response.is_true("testLead"), ..Cells::default() };
    cells.put(Target::ReceivedAt, response.text("submittedAt"));
    for answer in response.at("formResponse.answers").map(Json::items).unwrap_or_default() {
        let number = answer.text("questionId").unwrap_or_default();
        let details = answer.get("answerDetails");
        let text = details.and_then(|d| d.text("textQuestionAnswer.answer"));
        let text = text.or_else(|| details?.at("multipleChoiceAnswer.options").map(rows::text));
        let question = response.text(&format!("questions.{number}"));
        match (question, text) {
            (Some(question), text) => cells.answer(&question, text),
            (None, Some(text)) if email(&text).is_some() => cells.answer("email", Some(text)),
            (None, Some(text)) if phone(&text, CountryCode::US).e164.is_some() && text.len() >= 8 => {
                cells.answer("phone", Some(text));
            }
            (None, text) => cells.custom(&format!("question_{number}"), text),
        }
    }
    let campaign = response.text("leadMetadata.sponsoredLeadMetadata.campaign");
    cells.put(Target::Campaign, campaign.and_then(|urn| urn.rsplit(':').next().map(str::to_owned)));
    cells.custom("form", response.text("versionedLeadGenFormUrn"));
    Found::Lead(Box::new(cells))
}

/// `X-LI-Signature: hmacsha256=HEX` over `hmacsha256=` and the body, under the client secret.
fn verify(secrets: &Secrets, signed: &Signed<'_>) -> Verdict {
    let Some(secret) = secrets.get("LINKEDIN_CLIENT_SECRET") else { return Verdict::NoSecret };
    let given = signed.headers.header("x-li-signature").unwrap_or_default();
    let given = given.strip_prefix("hmacsha256=").unwrap_or(given);
    let expected = hex(&hmac_sha256(secret.as_bytes(), &[b"hmacsha256=", signed.body]));
    if same(given.as_bytes(), expected.as_bytes()) { Verdict::Good } else { Verdict::Bad }
}

/// The challenge and its HMAC back, by which LinkedIn checks the address.
fn handshake(secrets: &Secrets, query: &Pairs) -> Option<String> {
    let (_, code) = query.iter().find(|(name, _)| name == "challengeCode")?;
    let answer = hex(&hmac_sha256(secrets.get("LINKEDIN_CLIENT_SECRET")?.as_bytes(), &[code.as_bytes()]));
    Some(serde_json::json!({"challengeCode": code, "challengeResponse": answer}).to_string())
}
