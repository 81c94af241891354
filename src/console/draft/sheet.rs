//! Sheets of the rule editor over the screen: what each holds while it is open.

use super::diff::DiffLine;
use super::find::Finding;
use super::keep::Kept;
use super::merge::Merge;
use crate::console::model::Picker;
use crate::console::text::Say;
use crate::console::widget::field::Field;
use crate::console::widget::list::ListState;
use crate::model::id::BookVersion;
use crate::model::time::Millis;
use smol_str::SmolStr;
use std::sync::Arc;

/// A sheet of the rule editor. At most one is open, in a box of its own.
#[derive(Debug, Clone)]
pub enum RuleSheet {
    /// Statements by their number in the draft.
    Outline(Picker<usize>),
    Find(Finding),
    Publish(Publishing),
    Merge(Merging),
    Versions(Versions),
    Compare(Comparing),
    /// The rules in force in plain words.
    Sentences(Reading),
    Left(Box<Kept>),
}

/// A sheet is a place on screen: none is like another.
impl PartialEq for RuleSheet {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// What is about to be published.
#[derive(Debug, Clone)]
pub struct Publishing {
    pub text: Arc<str>,
    pub base: BookVersion,
    /// The version whose text this is, when it goes back to one.
    pub back_to: Option<BookVersion>,
    pub diff: Vec<DiffLine>,
    /// Warnings that stand in it.
    pub warnings: usize,
    /// Whether the person was told of them and pressed Enter already.
    pub is_told: bool,
    pub unchecked: Vec<Say>,
    /// What is recorded when nobody says why.
    pub words: Say,
    pub why: Field,
    pub offset: usize,
}

/// Two drafts side by side.
#[derive(Debug, Clone)]
pub struct Merging {
    pub merge: Merge,
    pub list: ListState<usize>,
    pub base: BookVersion,
    pub theirs: BookVersion,
    pub by: SmolStr,
    pub theirs_text: String,
}

/// A published version and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionLine {
    pub version: BookVersion,
    pub at: Millis,
    pub by: SmolStr,
    pub note: SmolStr,
    pub text: Arc<str>,
    pub effect: Effect,
}

/// What a version led to while it was in force, counted from the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Effect {
    /// Placements by the engine.
    pub engine: u64,
    /// Placements by persons.
    pub person: u64,
    /// Leads the engine put aside for a person.
    pub parked: u64,
    /// The engine's placements by rule, the most first.
    pub rules: Vec<(SmolStr, u64)>,
    /// Whether older leads were left out of the count.
    pub is_cut: bool,
}

/// The published versions, newest first.
#[derive(Debug, Clone, Default)]
pub struct Versions {
    pub rows: Vec<VersionLine>,
    pub list: ListState<BookVersion>,
    pub has_come: bool,
    pub marked: Option<BookVersion>,
}

/// Two versions compared, over the list they came from.
#[derive(Debug, Clone)]
pub struct Comparing {
    pub from: BookVersion,
    pub to: BookVersion,
    pub diff: Vec<DiffLine>,
    pub offset: usize,
    /// The list to go back to.
    pub below: Versions,
}

/// Lines to read, those of a heading marked, and the first on screen.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    pub lines: Vec<(bool, Say)>,
    pub offset: usize,
}
