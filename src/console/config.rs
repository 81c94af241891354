//! What a person set for the console: language, look, keys. Read whole from one TOML text, with every fault it has, and
//! written back with comments.
//!
//! No file is opened here and no environment asked: the command line knows the path and puts its own options on top.

use crate::console::command::CommandId;
use crate::console::command::keymap::{Keymap, OwnKeys};
use crate::console::desk::sieve::Show;
use crate::console::look::{Depth, Ground, Look, OwnColours};
use crate::console::model::Model;
use crate::console::osc::Osc;
use crate::console::text::Say;
use crate::model::lang::Lang;
use smol_str::SmolStr;
use std::sync::Arc;

mod print;
mod read;

pub use print::print;
pub use read::read;

/// The settings. `None` means that the environment decides.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    pub lang: Option<Lang>,
    /// What the queue shows first.
    pub show: Show,
    pub is_mouse_on: bool,
    /// Whether an alert that begins to fire rings the terminal's bell.
    pub has_bell: bool,
    /// How the terminal is asked to show it as a notification; none = not at all.
    pub notify: Option<Osc>,
    pub is_ascii: Option<bool>,
    pub depth: Option<Depth>,
    pub ground: Option<Ground>,
    pub own: OwnColours,
    pub keys: OwnKeys,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            lang: None,
            show: Show::default(),
            is_mouse_on: true,
            has_bell: false,
            notify: None,
            is_ascii: None,
            depth: None,
            ground: None,
            own: OwnColours::default(),
            keys: OwnKeys::new(),
        }
    }
}

/// Something in the text that cannot be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Counted from 1, the column in characters.
    pub line: usize,
    pub column: usize,
    pub sentence: Say,
    /// What was perhaps meant.
    pub hint: Option<SmolStr>,
}

/// The views by the names they have in the text.
pub const VIEWS: [(&str, Show); 5] = [
    ("todo", Show::Todo),
    ("waiting", Show::Waiting),
    ("parked", Show::Parked),
    ("assigned", Show::Assigned),
    ("all", Show::All),
];

/// How a notification is shown, by the names in the text.
pub const NOTIFY: [(&str, Option<Osc>); 4] = [
    ("off", None),
    ("osc9", Some(Osc::Nine)),
    ("osc777", Some(Osc::SevenSevenSeven)),
    ("osc99", Some(Osc::NinetyNine)),
];

impl Config {
    /// The look of this terminal with what was set over what was guessed.
    #[must_use]
    pub fn look(&self, guessed: Look) -> Look {
        Look {
            depth: self.depth.unwrap_or(guessed.depth),
            ground: self.ground.unwrap_or(guessed.ground),
            is_ascii: self.is_ascii.unwrap_or(guessed.is_ascii),
            own: self.own,
        }
    }

    /// Sets a fresh console up. Keys that clash were a fault of the text; here they are merely not taken.
    pub fn set_up(&self, model: &mut Model) {
        if let Ok(keymap) = Keymap::with(&self.keys) {
            model.keymap = Arc::new(keymap);
        }
        model.is_mouse_on = self.is_mouse_on;
        model.has_bell = self.has_bell;
        model.notify = self.notify;
        model.desk.set_show(self.show);
    }
}

/// The commands whose keys may be set, by id.
fn command_ids() -> impl Iterator<Item = CommandId> {
    crate::console::command::table::all().map(|command| command.id)
}

#[cfg(test)]
mod tests;
