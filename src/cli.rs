//! One file per subcommand; parses nothing but arguments and prints nothing but answers.

pub mod args;
pub mod context;
mod import;
mod lead_entry;
mod replay;
mod show;
mod take;

use args::{Cli, Command};
use context::{Context, Done};

/// Runs the command line; the caller turns an error into a sentence on stderr and an exit code.
///
/// # Errors
/// See [`context::CliError`].
pub fn run(cli: &Cli) -> Done {
    let ctx = Context::new(&cli.common)?;
    match &cli.command {
        Some(Command::Import(command)) => import::import(&ctx, command),
        Some(Command::Replay(args)) => replay::replay(&ctx, args),
        _ => Ok(()),
    }
}
