//! `sim`: seeded runs of several desks on one file, with planted crashes, for longer than the test suite has time for.

use super::context::{CliError, Context, Done};
use crate::desk::clock::fresh_id;
use crate::sim::{Options, run};

/// Runs `seeds` seeds from `from` on; the first failure ends it and names its seed.
///
/// # Errors
/// [`CliError::Findings`] with the seed and what was wrong.
pub fn sim(ctx: &Context, from: u64, seeds: u64) -> Done {
    let (mut events, mut crashes) = (0u64, 0u64);
    for seed in from..from.saturating_add(seeds) {
        let folder = std::env::temp_dir().join(format!("leadyard-sim-{}", fresh_id()));
        std::fs::create_dir(&folder)?;
        let options = Options { folder: Some(folder.clone()), ..Options::default() };
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
