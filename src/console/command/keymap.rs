//! From keys to commands: one trie per place, built from the table and what a person changed of it.
//!
//! A change that would make a key mean two things, or leave a place without a way out, is a clash and not a keymap.

use super::{Command, CommandId, Place, table};
use crate::console::key::{Key, chord};
use smol_str::SmolStr;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock};

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

/// Why keys cannot be given as wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Clash {
    /// At a place where both can be pressed, `keys` would mean both commands.
    Twice { keys: SmolStr, command: CommandId, other: CommandId },
    /// `keys` begins the longer chord of `other`, which could then never be pressed.
    Hides { keys: SmolStr, command: CommandId, other: CommandId },
    /// Where the command belongs the key is typed into a field.
    Typed { keys: SmolStr, command: CommandId },
    /// Without a key of this command a place could not be left.
    NoWayOut { command: CommandId },
}

impl Clash {
    /// The command whose keys are at fault.
    #[must_use]
    pub const fn command(&self) -> CommandId {
        match self {
            Self::Twice { command, .. }
            | Self::Hides { command, .. }
            | Self::Typed { command, .. }
            | Self::NoWayOut { command } => command,
        }
    }
}

/// Chords a person gave to commands; an empty list takes a command's keys away.
pub type OwnKeys = BTreeMap<CommandId, Vec<SmolStr>>;

/// Commands that must keep a key: without one a person would be caught.
const NEEDED: [CommandId; 13] = [
    "pane.home",
    "rules.close",
    "filter.clear",
    "picker.close",
    "prompt.close",
    "overlay.close",
    "form.close",
    "build.back",
    "offers.close",
    "find.close",
    "publish.close",
    "left-draft.later",
    "app.interrupt",
];

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

/// Which keys reach which command, everywhere.
#[derive(Debug)]
pub struct Keymap {
    tries: HashMap<Place, Node>,
    keys: HashMap<CommandId, Vec<SmolStr>>,
}

static STANDARD: LazyLock<Arc<Keymap>> = LazyLock::new(|| Arc::new(Keymap::build(&OwnKeys::new())));

impl Keymap {
    /// The keys of the table.
    #[must_use]
    pub fn standard() -> Arc<Keymap> {
        Arc::clone(&STANDARD)
    }

    /// The keys of the table with a person's own.
    ///
    /// # Errors
    /// Every clash the change makes.
    pub fn with(own: &OwnKeys) -> Result<Keymap, Vec<Clash>> {
        let map = Self::build(own);
        let clashes = map.clashes(own);
        if clashes.is_empty() { Ok(map) } else { Err(clashes) }
    }

    fn build(own: &OwnKeys) -> Keymap {
        let keys: HashMap<CommandId, Vec<SmolStr>> = table::all()
            .map(|c| {
                let given = own.get(c.id).cloned();
                (c.id, given.unwrap_or_else(|| c.keys.iter().map(|k| SmolStr::new_static(k)).collect()))
            })
            .collect();
        let trie = |place: Place| {
            let mut root = Node::default();
            for scope in place.stack() {
                for command in table::all().filter(|command| command.scope == *scope) {
                    // A key that does not parse is caught where it is read; here it is merely no key.
                    for keys in keys.get(command.id).into_iter().flatten().filter_map(|k| chord(k).ok()) {
                        root.insert(&keys, command);
                    }
                }
            }
            (place, root)
        };
        Keymap { tries: Place::ALL.into_iter().map(trie).collect(), keys }
    }

    /// The chords of a command; the first is the one shown.
    #[must_use]
    pub fn keys(&self, command: &Command) -> &[SmolStr] {
        self.keys.get(command.id).map_or(&[], Vec::as_slice)
    }

    /// The chord shown for a command; empty where no key reaches it.
    #[must_use]
    pub fn first(&self, command: &Command) -> &str {
        self.keys(command).first().map_or("", SmolStr::as_str)
    }

    /// Looks up `keys`, pressed in order, at `place`. In a text place a typed character is never a command.
    #[must_use]
    pub fn find(&self, place: Place, keys: &[Key]) -> Found {
        if place.is_text() && keys.first().is_some_and(|key| key.typed().is_some()) {
            return Found::Nothing;
        }
        match self.tries.get(&place).and_then(|root| root.walk(keys)) {
            Some(Node { command: Some(command), .. }) => Found::Command(command),
            Some(_) => Found::Prefix,
            None => Found::Nothing,
        }
    }

    /// What may follow `keys` at `place`, for the pop-up of an incomplete chord.
    #[must_use]
    pub fn follow(&self, place: Place, keys: &[Key]) -> Vec<(Key, Option<&'static Command>)> {
        let Some(node) = self.tries.get(&place).and_then(|root| root.walk(keys)) else { return Vec::new() };
        let mut next: Vec<_> = node.next.iter().map(|(key, node)| (*key, node.command)).collect();
        next.sort_by_key(|(key, _)| key.to_string());
        next
    }

    fn clashes(&self, own: &OwnKeys) -> Vec<Clash> {
        let mut found = Vec::new();
        for command in NEEDED.into_iter().filter(|id| own.get(id).is_some_and(Vec::is_empty)) {
            found.push(Clash::NoWayOut { command });
        }
        for place in Place::ALL {
            let here = self.chords_at(place);
            for (at, (keys, text, command)) in here.iter().enumerate() {
                let is_innermost = place.stack().first() == Some(&command.scope);
                let is_typed = place.is_text() && keys.first().is_some_and(|key| key.typed().is_some());
                if is_typed && is_innermost && own.contains_key(command.id) {
                    found.push(Clash::Typed { keys: text.clone(), command: command.id });
                }
                for (other_keys, other_text, other) in here.iter().skip(at + 1) {
                    // Of two, the one that was changed is at fault; of two changed, the later.
                    let (mine, theirs, mine_text) = match own.contains_key(other.id) {
                        true => (other.id, command.id, other_text),
                        false => (command.id, other.id, text),
                    };
                    if !own.contains_key(mine) {
                        continue;
                    }
                    let (command, other, keys_text) = (mine, theirs, mine_text.clone());
                    if keys == other_keys {
                        found.push(Clash::Twice { keys: keys_text, command, other });
                    } else if keys.starts_with(other_keys) || other_keys.starts_with(keys) {
                        found.push(Clash::Hides { keys: keys_text, command, other });
                    }
                }
            }
        }
        let mut seen = Vec::new();
        found.retain(|clash| {
            let is_first = !seen.contains(clash);
            seen.push(clash.clone());
            is_first
        });
        found
    }

    /// Every chord that can be pressed at `place`, innermost scope first.
    fn chords_at(&self, place: Place) -> Vec<(Vec<Key>, SmolStr, &'static Command)> {
        let of_scope = |scope| table::all().filter(move |command| command.scope == scope);
        let commands = place.stack().iter().flat_map(|scope| of_scope(*scope));
        commands
            .flat_map(|c| self.keys(c).iter().filter_map(move |t| Some((chord(t).ok()?, t.clone(), c))))
            .collect()
    }
}

/// Looks up `keys` among the keys of the table.
#[must_use]
pub fn find(place: Place, keys: &[Key]) -> Found {
    STANDARD.find(place, keys)
}
