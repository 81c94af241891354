//! One file per subcommand; parses nothing but arguments and prints nothing but answers.

mod alert;
pub mod args;
mod assist;
mod channel;
mod complaint;
mod config;
pub mod context;
mod demo;
mod desk_commands;
mod doctor;
mod file_commands;
mod import;
mod lead;
mod lead_entry;
mod ledger;
mod list;
mod open;
mod outbox;
mod overlay;
mod paper;
mod pool;
mod promotion;
mod rep;
mod replay;
mod rules;
mod run;
mod serve;
mod show;
mod sim;
mod take;
mod token;
mod trial;
mod watch;
mod whatif;

use args::{Cli, Command};
use context::{Context, Done};

/// Runs the command line; the caller turns an error into a sentence on stderr and an exit code.
///
/// # Errors
/// See [`context::CliError`].
pub fn run(cli: &Cli) -> Done {
    match &cli.command {
        // These need neither a desk nor settings.
        Some(Command::Completions { shell }) => {
            paper::completions(*shell);
            return Ok(());
        }
        Some(Command::Man { dir }) => return paper::man(dir.as_deref()),
        _ => {}
    }
    let ctx = Context::new(&cli.common)?;
    match &cli.command {
        None | Some(Command::Open) => open::open(&ctx),
        Some(Command::Demo(args)) => demo::demo(&ctx, args),
        Some(Command::Run) => run::run(&ctx),
        Some(Command::Serve(args)) => serve::serve(&ctx, args),
        Some(Command::Token(command)) => token::token(&ctx, command),
        Some(Command::Replay(args)) => replay::replay(&ctx, args),
        Some(Command::Import(command)) => import::import(&ctx, command),
        Some(Command::Lead(command)) => lead::lead(&ctx, command),
        Some(Command::Rep(command)) => rep::rep(&ctx, command),
        Some(Command::Rules(command)) => rules::rules(&ctx, command),
        Some(Command::ConfirmClock) => desk_commands::confirm_clock(&ctx),
        Some(Command::Ledger(args)) => ledger::ledger(&ctx, args),
        Some(Command::Pool(command)) => pool::pool(&ctx, command),
        Some(Command::Mode(args)) => assist::mode(&ctx, args),
        Some(Command::Proposals { limit }) => assist::proposals(&ctx, *limit),
        Some(Command::Accept { leads, all, as_shown }) => assist::accept(&ctx, leads, *all, *as_shown),
        Some(Command::Alert(command)) => alert::alert(&ctx, command),
        Some(Command::Channel(command)) => channel::channel(&ctx, command),
        Some(Command::Outbox(command)) => outbox::outbox(&ctx, command),
        Some(Command::Doctor) => doctor::doctor(&ctx),
        Some(Command::Complain { lead, why }) => complaint::complain(&ctx, lead, why),
        Some(Command::Complaint(command)) => complaint::complaint(&ctx, command),
        Some(Command::Divert(command)) => overlay::divert(&ctx, command),
        Some(Command::Promotion(command)) => promotion::promotion(&ctx, command),
        Some(Command::Undo { batch }) => desk_commands::undo(&ctx, batch.as_deref()),
        Some(Command::Batches { limit }) => desk_commands::batches(&ctx, *limit),
        Some(Command::Why { lead, not }) => desk_commands::why(&ctx, lead, not.as_deref()),
        Some(Command::Status) => desk_commands::status(&ctx),
        Some(Command::Role { user, granted }) => desk_commands::role(&ctx, user, granted),
        Some(Command::Check) => file_commands::check(&ctx),
        Some(Command::Backup { file }) => file_commands::backup(&ctx, file),
        Some(Command::Restore { file }) => file_commands::restore(&ctx, file),
        Some(Command::Snapshot { file }) => file_commands::snapshot(&ctx, file),
        Some(Command::Log(args)) => file_commands::log(&ctx, args),
        Some(Command::Watch(args)) => watch::watch(&ctx, args),
        Some(Command::Sim(args)) => sim::sim(&ctx, args),
        Some(Command::List(args)) => list::list(&ctx, args),
        Some(Command::Config(args)) => config::config(&ctx, args),
        Some(Command::Keys | Command::Completions { .. } | Command::Man { .. }) => {
            print!("{}", crate::console::command::keys_doc::keys_markdown());
            Ok(())
        }
    }
}
