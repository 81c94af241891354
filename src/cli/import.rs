//! `import leads|folder|reps|rules|activity`: files into the desk. Nothing is changed before the whole file was found good, unless
//! the person asked to keep going.

mod activity;
mod check;
mod feed;
mod folder;
mod leads;
mod lookup;
mod owners;
mod reading;
mod reps;
mod rules;
mod summary;

use super::args::ImportCommand;
use super::context::{Context, Done};

pub(super) use check::bar;
pub(super) use reading::{options, system_of};

/// Runs an import.
///
/// # Errors
/// See [`super::context::CliError`].
pub fn import(ctx: &Context, command: &ImportCommand) -> Done {
    match command {
        ImportCommand::Leads { file, mapping, taking, dry_run, each } => {
            let wish = leads::Wish { file, mapping, taking: *taking, dry_run: *dry_run, each: *each };
            leads::leads(ctx, &wish)
        }
        ImportCommand::Folder { dir, mapping, taking, once } => {
            folder::folder(ctx, &folder::Folder { dir, mapping, taking: *taking, once: *once })
        }
        ImportCommand::Reps { file, cap, mapping } => reps::reps(ctx, file, *cap, mapping),
        ImportCommand::Rules { file, note } => rules::rules(ctx, file, note),
        ImportCommand::Activity { file, mapping, to } => {
            activity::activity(ctx, file, mapping, to.as_deref())
        }
    }
}
