//! `import leads|reps|rules|activity`.

use super::args::ImportCommand;
use super::context::{Context, Done};

/// Runs an import.
///
/// # Errors
/// See [`super::context::CliError`].
pub fn import(_ctx: &Context, _command: &ImportCommand) -> Done {
    Ok(())
}
