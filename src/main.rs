//! The program's door: parse arguments, choose a command, say errors as sentences.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    // `leadyard status | head` ends like any other program whose reader has seen enough, not with a panic.
    sigpipe::reset();
    let cli = leadyard::cli::args::Cli::parse();
    match leadyard::cli::run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("leadyard: {error}");
            ExitCode::from(error.code())
        }
    }
}
