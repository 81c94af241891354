//! Typeform responses. The type of an answer says under which key it stands; the question's `ref`, then its title, says what it is.
//! `hidden` carries campaign marks. Protocol: `Typeform-Signature: sha256=BASE64` over the raw body.

use base64::Engine;

use super::super::field::Target;
use super::super::http::auth::{hmac_sha256, same};
use super::super::http::json::Json;
use super::super::http::rows;
use super::{Adapter, Cells, Found, PLAIN, Payload, Secrets, Signed, Verdict, contact_field, json};

pub const ADAPTER: Adapter = Adapter {
    name: "typeform",
    source: "Typeform",
    read,
    verify: Some(verify),
    secret: Some("TYPEFORM_SECRET"),
    ..PLAIN
};

fn read(payload: &Payload) -> Result<Vec<Found>, &'static str> {
    let response = json(payload)?.get("form_response").ok_or("a form_response")?;
    let mut cells = Cells { external_id: response.text("token"), ..Cells::default() };
    cells.put(Target::ReceivedAt, response.text("submitted_at"));
    let questions = response.at("definition.fields").map(Json::items).unwrap_or_default();
    for answer in response.get("answers").map(Json::items).unwrap_or_default() {
        let text = answer_text(answer);
        match answer.text("type").as_deref() {
            Some("email") => cells.answer("email", text),
            Some("phone_number") => cells.answer("phone", text),
            _ => {
                let id = answer.text("field.id");
                let question = questions.iter().find(|q| id.is_some() && q.text("id") == id);
                let title = question.and_then(|q| q.text("title")).unwrap_or_default();
                let name = answer.text("field.ref").unwrap_or_default();
                let is_known = contact_field(&name).is_some() || title.is_empty();
                cells.answer(if is_known { &name } else { &title }, text);
            }
        }
    }
    for (name, value) in response.get("hidden").map(Json::pairs).unwrap_or_default() {
        cells.custom(name, Some(rows::text(value)));
    }
    cells.put(Target::Campaign, response.text("hidden.utm_campaign"));
    cells.custom("form", response.text("definition.title"));
    Ok(vec![Found::Lead(Box::new(cells))])
}

fn answer_text(answer: &Json) -> Option<String> {
    let kind = answer.text("type")?;
    let value = match kind.as_str() {
        "choice" => answer.at("choice.label").or_else(|| answer.at("choice.other")),
        "choices" => answer.at("choices.labels"),
        other => answer.get(other),
    };
    value.map(rows::text)
}

fn verify(secrets: &Secrets, signed: &Signed<'_>) -> Verdict {
    let Some(secret) = secrets.get("TYPEFORM_SECRET") else { return Verdict::NoSecret };
    let given = signed.headers.header("typeform-signature").and_then(|text| text.strip_prefix("sha256="));
    let expected =
        base64::engine::general_purpose::STANDARD.encode(hmac_sha256(secret.as_bytes(), &[signed.body]));
    if same(given.unwrap_or_default().as_bytes(), expected.as_bytes()) { Verdict::Good } else { Verdict::Bad }
}
