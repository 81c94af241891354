//! Calendly bookings. A reschedule cancels and creates: only a booking that replaces none is a new lead. The host's address is kept as
//! `x.booked_with` and not obeyed. Protocol: `Calendly-Webhook-Signature: t=…,v1=HEX` over `t.body`.

use super::super::field::Target;
use super::super::http::auth::{hmac_sha256, same, unhex};
use super::super::http::json::Json;
use super::{Adapter, Cells, Found, PLAIN, Payload, Secrets, Signed, Verdict, json};
use crate::model::time::Millis;

pub const ADAPTER: Adapter = Adapter {
    name: "calendly",
    source: "Calendly",
    read,
    verify: Some(verify),
    secret: Some("CALENDLY_SIGNING_KEY"),
    ..PLAIN
};

fn read(payload: &Payload) -> Result<Vec<Found>, &'static str> {
    let body = json(payload)?;
    let (Some(kind), Some(id)) = (body.text("event"), body.text("payload.uri")) else {
        return Err("an event with payload.uri");
    };
    let ignored = |why| Ok(vec![Found::Ignored { external_id: id.clone(), why }]);
    if kind != "invitee.created" {
        return ignored("not a new booking");
    }
    if body.text("payload.old_invitee").is_some() || body.is_true("payload.rescheduled") {
        return ignored("a booking moved to another time");
    }
    let mut cells = Cells { external_id: Some(id.clone()), ..Cells::default() };
    cells.put(Target::ReceivedAt, body.text("created_at"));
    cells.put(Target::Name, body.text("payload.name"));
    cells.put(Target::Email, body.text("payload.email"));
    cells.put(Target::Phone, body.text("payload.text_reminder_number"));
    cells.put(Target::Campaign, body.text("payload.tracking.utm_campaign"));
    for answer in body.at("payload.questions_and_answers").map(Json::items).unwrap_or_default() {
        cells.answer(&answer.text("question").unwrap_or_default(), answer.text("answer"));
    }
    cells.custom("utm_source", body.text("payload.tracking.utm_source"));
    cells.custom("booked_for", body.text("payload.scheduled_event.start_time"));
    cells.custom("booked_with", body.text("payload.scheduled_event.event_memberships.0.user_email"));
    Ok(vec![Found::Lead(Box::new(cells))])
}

fn verify(secrets: &Secrets, signed: &Signed<'_>) -> Verdict {
    let Some(secret) = secrets.get("CALENDLY_SIGNING_KEY") else { return Verdict::NoSecret };
    let header = signed.headers.header("calendly-webhook-signature").unwrap_or_default();
    let field = |name: &str| header.split(',').find_map(|part| part.trim().strip_prefix(name));
    let (Some(at), Some(given)) = (field("t="), field("v1=").and_then(unhex)) else { return Verdict::Bad };
    let expected = hmac_sha256(secret.as_bytes(), &[at.as_bytes(), b".", signed.body]);
    match at.parse::<i64>() {
        Ok(seconds) if same(&given, &expected) => Verdict::GoodAt(Millis(seconds.saturating_mul(1_000))),
        _ => Verdict::Bad,
    }
}
