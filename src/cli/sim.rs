//! `sim`: seeded runs of several desks on one file, with planted trouble, for longer than the test suite has time for.

mod kill;
mod soak;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use super::args::SimArgs;
use super::context::{CliError, Context, Done};
use crate::desk::clock::fresh_id;
use crate::sim::{Options, run, shrink};

/// How often a long run says how far it is, in seeds.
const SAY_EVERY: u64 = 500;

/// Runs what was asked for: seeds, kills, or a soak.
///
/// # Errors
/// [`CliError::Findings`] with the seed and what was wrong.
pub fn sim(ctx: &Context, args: &SimArgs) -> Done {
    let home = args.folder.as_deref();
    match (args.writer, args.kill_cycles, args.soak) {
        (Some(life), ..) => kill::write(&ctx.db, life),
        (None, Some(cycles), _) => kill::cycles(ctx, cycles, home),
        (None, None, Some(minutes)) => soak::soak(ctx, minutes, home),
        (None, None, None) => {
            let folder = std::env::temp_dir().join(format!("leadyard-sim-{}", fresh_id()));
            std::fs::create_dir(&folder)?;
            let options = Options { folder: Some(folder.clone()), steps: args.steps, ..Options::default() };
            let done = seeds(ctx, args, &options);
            // A folder that cannot be removed is the system's to clear.
            let _ = std::fs::remove_dir_all(&folder);
            done
        }
    }
}

/// What all threads count.
#[derive(Default)]
struct Count {
    next: AtomicU64,
    done: AtomicU64,
    events: AtomicU64,
    troubles: AtomicU64,
    failed: Mutex<Option<(u64, String)>>,
}

/// Runs the seeds on every core; the first failure ends it, and is shown again with as little as still fails.
fn seeds(ctx: &Context, args: &SimArgs, options: &Options) -> Done {
    let count = Count { next: AtomicU64::new(args.from), ..Count::default() };
    let end = args.from.saturating_add(args.seeds);
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let seeds_word = ctx.say("seeds, nothing wrong", "个种子，没有发现问题");
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = count.next.fetch_add(1, Ordering::Relaxed);
                    if seed >= end {
                        return;
                    }
                    match run(seed, options) {
                        Ok(report) => {
                            count.events.fetch_add(report.events, Ordering::Relaxed);
                            count.troubles.fetch_add(report.troubles.values().sum(), Ordering::Relaxed);
                            let done = count.done.fetch_add(1, Ordering::Relaxed) + 1;
                            if done.is_multiple_of(SAY_EVERY) && done < args.seeds {
                                println!("{done} {seeds_word}");
                            }
                        }
                        Err(why) => {
                            count.next.store(end, Ordering::Relaxed);
                            if let Ok(mut failed) = count.failed.lock() {
                                failed.get_or_insert((seed, why));
                            }
                        }
                    }
                }
            });
        }
    });
    if let Some((seed, why)) = count.failed.into_inner().unwrap_or_default() {
        let word = ctx.say("the least that still fails", "仍会失败的最少步骤");
        let least = shrink(seed, options).map(|(least, why)| {
            format!(
                "\n{word}: --from {seed} --seeds 1 --steps {}, without {:?}\n{why}",
                least.steps, least.spared
            )
        });
        return Err(CliError::Findings(format!("{why}{}", least.unwrap_or_default())));
    }
    let (events_word, troubles_word) = (ctx.say("events", "条事件"), ctx.say("troubles", "次故障"));
    let (events, troubles) = (count.events.into_inner(), count.troubles.into_inner());
    println!("{} {seeds_word}: {events} {events_word}, {troubles} {troubles_word}", args.seeds);
    Ok(())
}
