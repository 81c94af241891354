//! What advertising platforms, form builders and CRMs send, one file each: bodies to cells of known meaning, and their own
//! signatures. Pure: no socket, no clock, no desk; the HTTP door carries it out. An operator's own senders are described by a
//! [`map_file`].
//!
//! Field names and nesting are the vendors'; where a source could not be checked the file says so.

mod baidu;
mod calendly;
mod feiyu;
mod form;
mod google;
mod hubspot;
mod kuaishou;
mod linkedin;
pub mod map_file;
mod meta;
mod salesforce;
pub mod secrets;
mod tencent;
mod typeform;
mod weiban;

use chrono_tz::Tz;
use serde_json::Value;
use smol_str::SmolStr;

use super::field::{NAMES, Target};
use super::http::json::Json;
use super::http::rows::Pairs;
use crate::model::contact::is_blank;
use crate::model::time::Millis;
use secrets::Secrets;

/// A body as it was sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Payload {
    Json(Json),
    Form(Pairs),
}

/// What one item of a delivery is.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// A lead whose fields are known.
    Lead(Box<Cells>),
    /// A lead whose fields are guessed from their names.
    Guess(Pairs),
    /// A lead announced by its number: somebody must fetch it. `about` holds the further numbers that takes.
    Awaited { external_id: String, about: Value },
    /// Not a lead for this desk.
    Ignored { external_id: String, why: &'static str },
}

/// A lead as an adapter read it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Cells {
    pub external_id: Option<String>,
    pub cells: Vec<(Target, String)>,
    /// Zone of times in the cells, where it is not the desk's.
    pub zone: Option<Tz>,
    /// Sent to try the form: kept, marked, never assigned.
    pub is_test: bool,
}

impl Cells {
    /// Adds a cell unless it is blank.
    pub fn put(&mut self, target: Target, text: Option<String>) {
        if let Some(text) = text.filter(|text| !is_blank(text)) {
            self.cells.push((target, text));
        }
    }

    /// Adds a custom cell unless it is blank.
    pub fn custom(&mut self, name: &str, text: Option<String>) {
        self.put(Target::Custom(SmolStr::new(name)), text);
    }

    /// Adds the answer to a question somebody put on a form: a contact field when its name says so and none is there yet,
    /// otherwise a custom one. Source, owner, state and the like are not a form's to say.
    pub fn answer(&mut self, question: &str, text: Option<String>) {
        let target = contact_field(question).filter(|target| self.cells.iter().all(|(t, _)| t != target));
        match target {
            Some(target) => self.put(target, text),
            None => self.custom(&plain_name(question), text),
        }
    }
}

/// The field of the person a question asks for.
fn contact_field(question: &str) -> Option<Target> {
    let asked = NAMES.assign(&[question.to_owned()]).into_iter().next().flatten();
    asked.filter(|target| {
        matches!(
            target,
            Target::Name
                | Target::FirstName
                | Target::LastName
                | Target::Phone
                | Target::Email
                | Target::Wechat
                | Target::Company
                | Target::City
                | Target::Region
                | Target::Industry
                | Target::Note
        )
    })
}

/// A question as the name of a custom field.
fn plain_name(question: &str) -> String {
    super::mapping::custom_name(question, 0)
}

/// What a request shows for its sender's signature.
#[derive(Debug)]
pub struct Signed<'r> {
    pub method: &'r str,
    /// Scheme, host, path and query as the sender knows them.
    pub url: &'r str,
    pub headers: &'r dyn Headers,
    pub body: &'r [u8],
    pub payload: &'r Payload,
}

/// Headers by lower-case name.
pub trait Headers: std::fmt::Debug {
    /// The text of a header.
    fn header(&self, name: &str) -> Option<&str>;
}

/// What a signature is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The operator gave no secret to check with.
    NoSecret,
    Good,
    /// Good, made at this moment: too old ones are refused, and each serves once.
    GoodAt(Millis),
    Bad,
}

/// One vendor.
#[derive(Debug, Clone, Copy)]
pub struct Adapter {
    /// In the path.
    pub name: &'static str,
    /// The source its leads have unless a token says otherwise.
    pub source: &'static str,
    /// Reads a delivery; an error says what was expected.
    pub read: fn(&Payload) -> Result<Vec<Found>, &'static str>,
    pub verify: Option<fn(&Secrets, &Signed<'_>) -> Verdict>,
    /// The secret whose presence makes the signature necessary.
    pub secret: Option<&'static str>,
    /// Answers a handshake by GET: names and values of the query to a text.
    pub handshake: Option<fn(&Secrets, &Pairs) -> Option<String>>,
    /// The vendor takes only `{"code": 0}` for success.
    pub wants_code: bool,
}

/// An adapter that is let in by token only.
const PLAIN: Adapter = Adapter {
    name: "",
    source: "",
    read: form::read,
    verify: None,
    secret: None,
    handshake: None,
    wants_code: false,
};

/// Every vendor there is.
pub const ADAPTERS: &[Adapter] = &[
    form::ADAPTER,
    meta::ADAPTER,
    feiyu::ADAPTER,
    google::ADAPTER,
    linkedin::ADAPTER,
    hubspot::ADAPTER,
    typeform::ADAPTER,
    calendly::ADAPTER,
    baidu::ADAPTER,
    tencent::ADAPTER,
    kuaishou::ADAPTER,
    weiban::ADAPTER,
    salesforce::ADAPTER,
];

/// The vendor of a name.
#[must_use]
pub fn adapter(name: &str) -> Option<&'static Adapter> {
    ADAPTERS.iter().find(|adapter| adapter.name == name)
}

/// The items of a delivery: a list, a list under one of these paths, or the object itself.
fn items<'j>(json: &'j Json, paths: &[&str]) -> Vec<&'j Json> {
    if let Json::List(items) = json {
        return items.iter().collect();
    }
    for path in paths {
        match json.at(path) {
            Some(Json::List(items)) => return items.iter().collect(),
            Some(object @ Json::Object(_)) => return vec![object],
            _ => {}
        }
    }
    vec![json]
}

/// Each item as a lead, if any of them has its number under `id`: then one beside it that lacks it is taken by its content, or
/// refused in words where nothing is left to keep. None is passed over in silence.
fn numbered(items: Vec<&Json>, id: &str, read: fn(&Json) -> Found) -> Option<Vec<Found>> {
    let is_ours = items.iter().any(|item| item.text(id).is_some());
    is_ours.then(|| items.into_iter().map(read).collect())
}

/// JSON of a delivery that may be nothing else.
fn json(payload: &Payload) -> Result<&Json, &'static str> {
    match payload {
        Payload::Json(json) => Ok(json),
        Payload::Form(_) => Err("JSON"),
    }
}

/// `江苏-南京`, `湖北省-武汉市` or `江苏+南京` as region and city.
fn place(cells: &mut Cells, text: Option<String>) {
    let Some(text) = text else { return };
    let mut parts = text.split(['-', '+', '/']).map(str::trim);
    cells.put(Target::Region, parts.next().map(str::to_owned));
    cells.put(Target::City, parts.next().map(str::to_owned));
}

#[cfg(test)]
mod tests;
