//! An event as a line for people and programs: words instead of codes, the payload as JSON. For reading only; nothing is ever
//! read back from it.

use serde::Serialize;
use serde_json::Value;

use crate::model::event::Event;

/// One line of `log --json`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EventLine {
    pub seq: u64,
    /// UTC, RFC 3339.
    pub time: String,
    pub at_ms: i64,
    pub verb: &'static str,
    pub version: u8,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lead: Option<u64>,
    pub actor: String,
    pub role: &'static str,
    pub console: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub intent: Option<String>,
    pub batch: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub undoes: Option<u64>,
    /// What happened, by field.
    pub body: Value,
}

impl From<&Event> for EventLine {
    fn from(event: &Event) -> EventLine {
        let verb = event.body.verb();
        // Serde writes `{"LeadHeld": {...}}`; the verb stands beside it already.
        let body = match serde_json::to_value(&event.body) {
            Ok(Value::Object(map)) if map.len() == 1 => map.into_values().next().unwrap_or_default(),
            Ok(other) => other,
            Err(error) => Value::String(format!("cannot be shown: {error}")),
        };
        EventLine {
            seq: event.seq.0,
            time: event.at.to_rfc3339(),
            at_ms: event.at.0,
            verb: verb.word(),
            version: verb.version(),
            lead: event.body.lead().map(|l| l.0),
            actor: event.actor.to_string(),
            role: event.role.word(),
            console: event.console,
            intent: (event.intent.0 != 0).then(|| event.intent.to_string()),
            batch: event.batch.0,
            undoes: event.undoes.map(|s| s.0),
            body,
        }
    }
}
