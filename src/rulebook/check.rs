//! What can only be checked against the desk: names of teams, reps, skills and sources.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::book::Book;
use super::diagnostic::{Diagnostic, has_errors};
use super::tree::Tree;

/// What the checker knows of the desk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// Team to the logins of its active reps.
    pub teams: BTreeMap<SmolStr, Vec<SmolStr>>,
    pub reps: Vec<RepName>,
    /// Sources seen or declared; when empty, sources are not checked.
    pub sources: BTreeSet<SmolStr>,
}

/// One rep, as far as names go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RepName {
    pub login: SmolStr,
    pub name: SmolStr,
    pub active: bool,
    pub skills: Vec<SmolStr>,
}

/// A book and everything found in its text (lowering and names; not what `parse` already told).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Checked {
    pub book: Book,
    pub diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// True when the text may not be published.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }
}

/// Lowers a tree and checks it against the desk.
#[must_use]
pub fn check(_tree: &Tree, _names: &Names) -> Checked {
    Checked::default()
}
