//! Text to tokens, tree, checked book, and back to canonical text; conditions and their evaluation.
//! No clock, chance or IO; nothing here knows who is on duty or what was assigned.

mod book;
mod check;
mod complete;
mod cond;
mod diagnostic;
mod diff;
mod explain;
mod field;
pub mod form;
mod keyword;
mod line;
mod lint;
mod literal;
mod lower;
pub mod matcher;
mod parse;
mod print;
mod suggest;
#[cfg(test)]
mod testing;
mod token;
pub mod tree;
mod wording;
pub mod worktime;

pub use book::*;
pub use check::{Checked, Names, RepName, check};
pub use complete::{
    OFFERS_MAX, Offer, OfferKind, Vocabulary, complete, complete_line, is_condition_begun, is_condition_like,
};
pub use cond::{Clause, Cond, Loose, Op, Operand, Seen, Test};
pub use diagnostic::{
    DiagCode, Diagnostic, Fix, Kind, Limit, Noun, OneOf, Severity, Span, Spelling, Want, has_errors,
};
pub use diff::{Became, Change, Side, diff, in_order};
pub use explain::{Told, explain};
pub use field::{custom_name, field_names, field_names_in, field_text};
pub use keyword::word_pairs;
pub use line::{Head, Shade, head, shades};
pub use lint::{InHand, LintFacts, Replied, lint};
pub use lower::{compile, parse_condition, parse_condition_in};
pub use parse::{Parsed, parse};
pub use print::{print, print_in};
pub use suggest::nearest;
pub use tree::Tree;
pub use worktime::WorkTime;

/// Reads a length of time as the language writes it (`90s`, `10m`, `2h`, `3d`), in milliseconds.
#[must_use]
pub fn duration_ms(text: &str) -> Option<i64> {
    literal::duration(text)
}

/// A longer book is an error. A published book is copied into the log.
pub const BOOK_BYTES_MAX: usize = 1024 * 1024;
/// More rules are an error.
pub const RULES_MAX: usize = 10_000;
/// More promotions are an error.
pub const PROMOTIONS_MAX: usize = 50;
/// How deep `(` and `not` may nest; deeper is an error rather than a stack overflow.
pub const NESTING_MAX: usize = 64;
/// Findings kept of one text; a text with more has one cause, and nobody reads further.
pub const DIAGNOSTICS_MAX: usize = 200;
