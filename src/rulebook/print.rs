//! To be written.
use super::tree::Tree;

/// The canonical text of a tree.
#[must_use]
pub fn print(_tree: &Tree) -> String {
    String::new()
}
