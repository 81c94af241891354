//! The fields a condition can ask of a lead, and the values it gets back. How text names a field is the rule book's affair.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// One field of a lead, as rules, filters and scopes name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Field {
    Source,
    Campaign,
    Region,
    City,
    Product,
    Industry,
    Language,
    /// The company's name as given (kept with the lead because rules may ask for it; a person's name is not).
    Company,
    /// Imported base plus matched score lines; whole points.
    Score,
    /// The deal's expected value in thousandths of the desk's currency.
    Value,
    /// Whether a phone is known; only `is empty` / `is not empty` make sense.
    Phone,
    /// Whether an e-mail is known.
    Email,
    /// Lead state word (`waiting`, `assigned` …); for filters.
    State,
    /// Owner's login or name; for filters.
    Owner,
    /// Team of the owner; for filters.
    Team,
    /// Hour of arrival in the book's zone, 0..23.
    Hour,
    /// Day of the week of arrival in the book's zone, 1 = Monday .. 7.
    Weekday,
    /// How long the lead has waited, in milliseconds.
    Waiting,
    /// A custom column, written `x.name`.
    Custom(SmolStr),
}

/// What a field holds for one lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Value<'a> {
    /// Nothing known; also what an empty text is.
    Empty,
    Text(&'a str),
    /// A number in thousandths (score 87 is 87_000); durations in milliseconds are plain.
    Number(i64),
    /// Known, but its content is not kept here (phone, e-mail).
    Present,
}

/// Whatever conditions can be asked of: a lead in the world, a row of a list, a sample in a test.
pub trait Subject {
    /// The value of `field`; `Value::Empty` when it is not known.
    fn value(&self, field: &Field) -> Value<'_>;
}
