//! To be written.
use super::book::Book;
use super::check::Names;
use super::cond::Cond;
use super::diagnostic::Diagnostic;

/// Parses and lowers a text without names; what cannot be lowered is dropped.
#[must_use]
pub fn compile(_text: &str) -> Book {
    Book::default()
}

/// Reads one condition: a filter, a selection, a scope. One with errors never holds; an empty text always does.
#[must_use]
pub fn parse_condition(_text: &str, _names: Option<&Names>) -> (Cond, Vec<Diagnostic>) {
    (Cond::Always, Vec::new())
}

/// The same with the defines of `book`.
#[must_use]
pub fn parse_condition_in(_text: &str, _names: Option<&Names>, _book: &Book) -> (Cond, Vec<Diagnostic>) {
    (Cond::Always, Vec::new())
}
