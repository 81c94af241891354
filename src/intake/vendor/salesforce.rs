//! Forms written for Salesforce web-to-lead, pointed here instead: its field names, custom fields by their number (`00N…`). It sends no
//! id and no time. Field names from memory.

use super::super::field::Target;
use super::{Adapter, Cells, Found, PLAIN, Payload};

pub const ADAPTER: Adapter = Adapter { name: "salesforce", source: "web-to-lead", read, ..PLAIN };

/// Fields that steer Salesforce and say nothing of the lead.
const STEERING: [&str; 7] =
    ["oid", "retURL", "debug", "debugEmail", "encoding", "submit", "g-recaptcha-response"];

fn read(payload: &Payload) -> Result<Vec<Found>, &'static str> {
    let Payload::Form(pairs) = payload else { return Err("a form (application/x-www-form-urlencoded)") };
    let mut cells = Cells::default();
    for (name, value) in pairs.iter().filter(|(name, _)| !STEERING.contains(&name.as_str())) {
        let value = Some(value.clone());
        match name.as_str() {
            "first_name" => cells.put(Target::FirstName, value),
            "last_name" => cells.put(Target::LastName, value),
            "email" => cells.put(Target::Email, value),
            "phone" => cells.put(Target::Phone, value),
            "mobile" => cells.answer("mobile", value),
            "company" => cells.put(Target::Company, value),
            "city" => cells.put(Target::City, value),
            "state" => cells.put(Target::Region, value),
            "industry" => cells.put(Target::Industry, value),
            "description" => cells.put(Target::Note, value),
            "Campaign_ID" => cells.put(Target::Campaign, value),
            other => cells.custom(other, value),
        }
    }
    Ok(vec![Found::Lead(Box::new(cells))])
}
