//! `sim`: seeded runs of several desks on one file, with planted trouble, for longer than the test suite has time for.

mod kill;

use super::args::SimArgs;
use super::context::{CliError, Context, Done};
use crate::desk::clock::fresh_id;
use crate::sim::{Options, run};

/// Runs what was asked for: seeds, or kills.
///
/// # Errors
/// [`CliError::Findings`] with the seed and what was wrong.
pub fn sim(ctx: &Context, args: &SimArgs) -> Done {
    match (args.writer, args.kill_cycles) {
        (Some(life), _) => kill::write(&ctx.db, life),
        (None, Some(cycles)) => kill::cycles(ctx, cycles, args.folder.as_deref()),
        (None, None) => seeds(ctx, args),
    }
}

/// Runs the seeds one after the other; the first failure ends it and names its seed.
fn seeds(ctx: &Context, args: &SimArgs) -> Done {
    let (mut events, mut crashes) = (0u64, 0u64);
    let seeds = args.seeds;
    for seed in args.from..args.from.saturating_add(seeds) {
        let folder = std::env::temp_dir().join(format!("leadyard-sim-{}", fresh_id()));
        std::fs::create_dir(&folder)?;
        let options = Options { folder: Some(folder.clone()), steps: args.steps, ..Options::default() };
        let result = run(seed, &options);
        // A folder that cannot be removed is the system's to clear.
        let _ = std::fs::remove_dir_all(&folder);
        let report = result.map_err(CliError::Findings)?;
        events += report.events;
        crashes += report.crashes;
    }
    let (seeds_word, events_word, crashes_word) = (
        ctx.say("seeds, nothing wrong", "个种子，没有发现问题"),
        ctx.say("events", "条事件"),
        ctx.say("crashes", "次崩溃"),
    );
    println!("{seeds} {seeds_word}: {events} {events_word}, {crashes} {crashes_word}");
    Ok(())
}
