//! The one command table. Dispatch, hint bar, help, palette, docs/keys.md and the key tests all derive from it.
//!
//! A command says what it is called, which keys reach it, whether it can run now and why not, and the message it sends.
//! What the message does is `update`'s affair. No ratatui.

use crate::console::model::Model;
use crate::console::msg::Msg;
use crate::console::text::{Say, T};

/// A group of rows: id, scope, keys, title (its help is `…Help`), hint, risk, ready, act.
macro_rules! commands {
    ($($id:literal, $scope:ident, [$($key:literal),*], $title:ident, $help:ident, $hint:ident $(($rank:literal))?, $risk:ident,
        $ready:expr, $act:expr;)*) => {
        /// The rows of this group.
        pub const COMMANDS: &[super::Command] = &[$(super::Command {
            id: $id,
            scope: super::Scope::$scope,
            keys: &[$($key),*],
            title: crate::console::text::T::$title,
            help: crate::console::text::T::$help,
            hint: super::Hint::$hint $(($rank))?,
            risk: super::Risk::$risk,
            ready: $ready,
            act: $act,
        }),*];
    };
}

mod alerts;
mod app;
mod build;
mod complaints;
mod find;
mod hand;
pub mod keymap;
pub mod keys_doc;
mod lead;
mod loads;
mod marks;
mod moves;
mod overlays;
pub mod palette;
mod place;
mod promotions;
mod rules;
mod see;
mod sheets;
pub mod table;
mod trials;
mod watching;
mod welcome;
mod whatif;

pub use place::{Place, Scope};

/// A command's stable name, `lead.assign`: used by configuration, logs, docs and tests.
pub type CommandId = &'static str;

/// Whether and where the hint bar shows a command; lower ranks come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    Rank(u8),
    Hidden,
}

/// What a command costs when it was a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Risk {
    /// Changes nothing on the desk.
    Safe,
    /// `u` takes it back.
    Undoable,
    /// Asks first.
    Destructive,
}

/// Whether a command can run now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ready {
    Yes,
    No(Say),
}

impl Ready {
    fn when(is_ready: bool, otherwise: T) -> Self {
        if is_ready { Self::Yes } else { Self::No(otherwise.into()) }
    }

    /// Whether it is `Yes`.
    #[must_use]
    pub fn is_yes(&self) -> bool {
        matches!(self, Self::Yes)
    }
}

/// One row of the table.
#[derive(Debug)]
pub struct Command {
    pub id: CommandId,
    pub scope: Scope,
    /// Chords; the first is the one shown.
    pub keys: &'static [&'static str],
    pub title: T,
    pub help: T,
    pub hint: Hint,
    pub risk: Risk,
    /// Cheap and pure: asked for every visible command in every frame.
    pub ready: fn(&Model) -> Ready,
    pub act: fn(&Model) -> Msg,
}

fn always(_: &Model) -> Ready {
    Ready::Yes
}

#[cfg(test)]
mod tests;
