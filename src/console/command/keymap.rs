//! From keys to commands: one trie per place, built once from the table.

use super::{Command, Place, table};
use crate::console::key::{Key, chord};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What keys pressed so far mean.
#[derive(Debug, Clone, Copy)]
pub enum Found {
    /// A command.
    Command(&'static Command),
    /// The start of a longer chord.
    Prefix,
    /// Nothing.
    Nothing,
}

/// One node: what it means and where the next key leads.
#[derive(Debug, Default)]
struct Node {
    command: Option<&'static Command>,
    next: HashMap<Key, Node>,
}

impl Node {
    fn insert(&mut self, keys: &[Key], command: &'static Command) {
        match keys.split_first() {
            // The innermost scope comes first and wins.
            None => self.command = self.command.or(Some(command)),
            Some((key, rest)) => self.next.entry(*key).or_default().insert(rest, command),
        }
    }

    fn walk(&self, keys: &[Key]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.next.get(key))
    }
}

static TRIES: LazyLock<HashMap<Place, Node>> = LazyLock::new(|| {
    let trie = |place: Place| {
        let mut root = Node::default();
        for scope in place.stack() {
            for command in table::all().filter(|command| command.scope == *scope) {
                // A key that does not parse is caught by a test; at run time it is merely no key.
                for keys in command.keys.iter().filter_map(|keys| chord(keys).ok()) {
                    root.insert(&keys, command);
                }
            }
        }
        (place, root)
    };
    Place::ALL.into_iter().map(trie).collect()
});

/// Looks up `keys`, pressed in order, at `place`. In a text place a typed character is never a command.
#[must_use]
pub fn find(place: Place, keys: &[Key]) -> Found {
    if place.is_text() && keys.first().is_some_and(|key| key.typed().is_some()) {
        return Found::Nothing;
    }
    match TRIES.get(&place).and_then(|root| root.walk(keys)) {
        Some(Node { command: Some(command), .. }) => Found::Command(command),
        Some(_) => Found::Prefix,
        None => Found::Nothing,
    }
}

/// What may follow `keys` at `place`, for the pop-up of an incomplete chord.
#[must_use]
pub fn follow(place: Place, keys: &[Key]) -> Vec<(Key, Option<&'static Command>)> {
    let Some(node) = TRIES.get(&place).and_then(|root| root.walk(keys)) else { return Vec::new() };
    let mut next: Vec<_> = node.next.iter().map(|(key, node)| (*key, node.command)).collect();
    next.sort_by_key(|(key, _)| key.to_string());
    next
}
