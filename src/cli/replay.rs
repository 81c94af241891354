//! `replay`: timestamped leads from a file, played into the desk by a virtual clock.

use super::args::ReplayArgs;
use super::context::{Context, Done};

/// Plays a file.
///
/// # Errors
/// See [`super::context::CliError`].
pub fn replay(_ctx: &Context, _args: &ReplayArgs) -> Done {
    Ok(())
}
