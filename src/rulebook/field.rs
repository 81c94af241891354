//! How text names a field and what may be asked of it. Custom fields are written `x.name`.

use smol_str::SmolStr;

use super::literal;
use crate::model::field::Field;

/// What a field holds, as far as comparing goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    Text,
    /// Thousandths.
    Number,
    /// Milliseconds.
    Duration,
    /// 0..23.
    Hour,
    /// 1..7, also by name.
    Weekday,
    /// One of the lead states.
    State,
    /// Known or not, nothing more.
    Flag,
    /// A number where both sides are one, else a text.
    Either,
}

const FIELDS: [(&str, Field, Holds); 18] = [
    ("source", Field::Source, Holds::Text),
    ("campaign", Field::Campaign, Holds::Text),
    ("region", Field::Region, Holds::Text),
    ("city", Field::City, Holds::Text),
    ("product", Field::Product, Holds::Text),
    ("industry", Field::Industry, Holds::Text),
    ("language", Field::Language, Holds::Text),
    ("company", Field::Company, Holds::Text),
    ("score", Field::Score, Holds::Number),
    ("value", Field::Value, Holds::Number),
    ("phone", Field::Phone, Holds::Flag),
    ("email", Field::Email, Holds::Flag),
    ("state", Field::State, Holds::State),
    ("owner", Field::Owner, Holds::Text),
    ("team", Field::Team, Holds::Text),
    ("hour", Field::Hour, Holds::Hour),
    ("weekday", Field::Weekday, Holds::Weekday),
    ("waiting", Field::Waiting, Holds::Duration),
];

/// Words of `state`, with the Chinese word each may also be written as.
pub(super) const STATES: [(&str, &str); 9] = [
    ("waiting", "待分配"),
    ("parked", "待人工"),
    ("assigned", "已分配"),
    ("contacted", "已联系"),
    ("qualified", "有效"),
    ("won", "成交"),
    ("lost", "输单"),
    ("invalid", "无效"),
    ("merged", "已合并"),
];

/// The state word a literal means.
pub(super) fn state(text: &str) -> Option<&'static str> {
    let normal = literal::normal(text);
    STATES.iter().find(|(en, zh)| en.eq_ignore_ascii_case(&normal) || *zh == normal).map(|(en, _)| *en)
}

/// A built-in field by name, in either case.
pub(super) fn built_in(name: &str) -> Option<(&'static str, Field, Holds)> {
    FIELDS.iter().find(|(word, _, _)| word.eq_ignore_ascii_case(name)).cloned()
}

/// How text names a built-in field.
pub(super) fn word(field: &Field) -> Option<&'static str> {
    FIELDS.iter().find(|(_, known, _)| known == field).map(|(word, _, _)| *word)
}

/// The names of the built-in fields, for suggestions and completion.
pub fn field_names() -> impl Iterator<Item = &'static str> {
    FIELDS.iter().map(|(word, _, _)| *word)
}

/// The name under which a custom column is kept and asked for: NFKC, trimmed, ASCII in lower case. Intake must use the same.
#[must_use]
pub fn custom_name(text: &str) -> SmolStr {
    literal::folded(text)
}
