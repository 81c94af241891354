//! What arrives: encodings, CSV, column mapping, dates; a reason for each rejected row.
//!
//! All but [`http`] is pure apart from reading the named file: bytes become validated rows. It knows no store and no screen;
//! whoever submits the rows decides what a known external id or an unknown owner means. [`http`] is such a submitter.
//!
//! - [`encoding`]: bytes to text, in chunks. [`csv`]: text to rows, in chunks. [`workbook`], [`jsonl`]: the same from
//!   spreadsheets and from lines of JSON, by way of a [`table`] in memory. [`source`]: whichever of them a file is.
//! - [`field`], [`guess`], [`mapping`]: which column means what. [`state`]: what a state word means. [`dates`]: when.
//! - [`row`]: one row to a [`row::LeadDraft`] or a [`row::Rejection`]. [`file`]: a whole file of them, streamed.
//! - [`taking`]: a draft to what the engine takes. [`http`], [`vendor`]: leads posted by other programs and by the
//!   platforms they come from.
//! - [`roster`], [`activity`]: the other two kinds of file. [`rejects`]: what was refused, written back.

pub mod activity;
pub mod amount;
pub mod csv;
pub mod dates;
pub mod encoding;
pub mod error;
pub mod field;
pub mod file;
pub mod guess;
pub mod http;
pub mod jsonl;
pub mod mapping;
pub mod rejects;
pub mod roster;
pub mod row;
pub mod source;
pub mod state;
pub mod table;
pub mod taking;
pub mod vendor;
pub mod workbook;

#[cfg(test)]
mod tests;
