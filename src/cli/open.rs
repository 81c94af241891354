//! Opens the console on a desk.

use super::context::{Context, Done};
use crate::desk::Desk;

/// Opens the console.
///
/// # Errors
/// See [`super::context::CliError`].
pub fn open(_ctx: &Context) -> Done {
    Ok(())
}

/// Runs the console on a running desk.
///
/// # Errors
/// See [`super::context::CliError`].
pub fn run_console(_ctx: &Context, _desk: &Desk) -> Done {
    Ok(())
}
