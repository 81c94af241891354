//! The table: the groups in the order help lists them, and look-up by id.

use super::{
    Command, CommandId, alerts, app, build, complaints, find, hand, lead, loads, marks, moves, overlays,
    promotions, rules, see, sheets, trials, watching, welcome, whatif,
};

/// Every group of commands.
pub const GROUPS: &[&[Command]] = &[
    lead::COMMANDS,
    marks::COMMANDS,
    hand::COMMANDS,
    loads::COMMANDS,
    alerts::COMMANDS,
    watching::COMMANDS,
    complaints::COMMANDS,
    welcome::COMMANDS,
    moves::COMMANDS,
    find::COMMANDS,
    see::COMMANDS,
    rules::COMMANDS,
    whatif::COMMANDS,
    build::COMMANDS,
    app::COMMANDS,
    overlays::COMMANDS,
    sheets::COMMANDS,
    promotions::COMMANDS,
    trials::COMMANDS,
];

/// Every command, numbered in table order.
pub fn all() -> impl Iterator<Item = &'static Command> {
    GROUPS.iter().flat_map(|group| group.iter())
}

/// The command called `id`.
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Command> {
    all().find(|command| command.id == id)
}

/// The command with this number.
#[must_use]
pub fn nth(index: usize) -> Option<&'static Command> {
    all().nth(index)
}

/// Whether `id` names a command; for configuration and tests.
#[must_use]
pub fn is_known(id: CommandId) -> bool {
    by_id(id).is_some()
}
