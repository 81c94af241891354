//! `completions` and `man`: what a package installs beside the program, generated from the arguments.

use std::path::Path;

use clap::CommandFactory;

use super::args::Cli;
use super::context::Done;

/// Prints completions for `shell`.
pub fn completions(shell: clap_complete::Shell) {
    clap_complete::generate(shell, &mut Cli::command(), "leadyard", &mut std::io::stdout());
}

/// Prints the manual page, or writes one for every command into `dir`.
///
/// # Errors
/// A folder that cannot be written.
pub fn man(dir: Option<&Path>) -> Done {
    let command = Cli::command();
    match dir {
        Some(dir) => {
            std::fs::create_dir_all(dir)?;
            clap_mangen::generate_to(command, dir)?;
        }
        None => clap_mangen::Man::new(command).render(&mut std::io::stdout())?,
    }
    Ok(())
}
