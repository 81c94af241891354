//! `demo`: a living desk of an invented company on a throwaway file. Some hours are played beforehand by a virtual clock,
//! then the company lives on in real time around whoever sits at the console.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::args::DemoArgs;
use super::context::{CliError, Context, Done};
use crate::desk::clock::fresh_id;
use crate::desk::{Clock, Desk, DeskHandle, DeskOptions, Interlock, News};
use crate::model::time::{HOUR_MS, Millis, SECOND_MS};
use crate::sim::stage::Stage;
use crate::store::Store;
use crate::world::World;

/// How much of the company's day is played before the console opens, in milliseconds.
const BEFORE_MS: i64 = 2 * HOUR_MS;
/// Step of the virtual clock, in milliseconds.
const STEP_MS: i64 = 15 * SECOND_MS;
/// How often the living company is looked after, in milliseconds.
const BEAT_MS: u64 = 200;

/// Removes the throwaway file and its companions when the demo ends, however it ends.
struct Throwaway(Option<PathBuf>);

impl Drop for Throwaway {
    fn drop(&mut self) {
        if let Some(dir) = &self.0 {
            // A temporary folder that cannot be removed is the system's to clear.
            let _ = std::fs::remove_dir_all(dir);
        }
    }
}

/// Runs the demo.
///
/// # Errors
/// See [`CliError`].
pub fn demo(ctx: &Context, args: &DemoArgs) -> Done {
    ctx.settings.sound(ctx.lang)?;
    let (path, _throwaway) = match &args.keep {
        Some(path) if path.exists() => {
            let help = ctx.say("exists already; name a new file", "已存在，请指定新文件");
            return Err(CliError::Usage(format!("{}: {help}", path.display())));
        }
        Some(path) => (path.clone(), Throwaway(None)),
        None => {
            let dir = std::env::temp_dir().join(format!("leadyard-demo-{}", fresh_id()));
            std::fs::create_dir(&dir)?;
            (dir.join("demo.db"), Throwaway(Some(dir)))
        }
    };
    let ctx = Context { db: path.clone(), sends: false, ..ctx.clone() };
    let now = Clock::Machine.now();
    let ahead = args.headless.map_or(0, |s| i64::try_from(s).unwrap_or(0).saturating_mul(SECOND_MS));
    let mut stage = play_before(&ctx, &path, args, now, now.plus(ahead))?;
    if args.headless.is_some() {
        return super::desk_commands::status(&ctx);
    }
    let store = Store::open(&path)?;
    let options = DeskOptions { clock: Clock::Machine, may_lead: true, console: ctx.actor.console };
    let desk = Desk::start(store, options, &mut |_, _| {})?;
    let stop = Arc::new(AtomicBool::new(false));
    let (handle, halt) = (desk.handle().clone(), Arc::clone(&stop));
    let company = std::thread::Builder::new()
        .name("company".into())
        .spawn(move || live(&handle, &mut stage, &halt))
        .map_err(CliError::from)?;
    let result = super::open::run_console(&ctx, &desk);
    stop.store(true, Ordering::SeqCst);
    // A company that panicked has nothing more to tell.
    let _ = company.join();
    result
}

/// Founds the company and plays its day up to `until` by a virtual clock.
fn play_before(ctx: &Context, path: &Path, args: &DemoArgs, now: Millis, until: Millis) -> Done<Stage> {
    let start = now.plus(-BEFORE_MS);
    let store = Store::create(path, start)?;
    let mut stage = Stage::new(args.seed, args.rate, store.secret(), start, now);
    let mut interlock = Interlock::new(store, &mut |_, _| {})?;
    for order in stage.founding(&ctx.user, now) {
        let group = interlock.group(std::slice::from_ref(&order), start);
        if let Some(Err(denied)) = group.answers.into_iter().next() {
            return Err(ctx.denied(denied, Some(interlock.world())));
        }
    }
    let mut at = start;
    while at < until {
        at = at.plus(STEP_MS).min(until);
        let mut orders = stage.due(interlock.world(), at);
        orders.extend(stage.timers(interlock.world(), at));
        if !orders.is_empty() {
            // Refusals are part of the play: a rep who acts on a lead that moved on meanwhile.
            interlock.group(&orders, at);
        }
    }
    interlock.checkpoint(until)?;
    Ok(stage)
}

/// Lives the company in real time until told to stop.
fn live(handle: &DeskHandle, stage: &mut Stage, stop: &AtomicBool) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_time().build() else { return };
    runtime.block_on(async {
        let Ok((mut world, mut news)) = handle.follow().await else { return };
        while !stop.load(Ordering::SeqCst) {
            // The invented people look up at each beat of the real clock; there is no event to wait for.
            tokio::time::sleep(Duration::from_millis(BEAT_MS)).await;
            if catch_up(&mut world, &mut news) {
                let Ok(fresh) = handle.follow().await else { return };
                (world, news) = fresh;
            }
            let answers: Vec<_> =
                stage.due(&world, handle.clock().now()).into_iter().map(|o| handle.submit(o)).collect();
            for answer in answers {
                // Refusals are part of the play; a closed desk ends it at the next beat.
                let _ = answer.await;
            }
        }
    });
}

/// Folds what was committed since; `true` = a fresh copy is needed.
pub(super) fn catch_up(world: &mut World, news: &mut tokio::sync::broadcast::Receiver<News>) -> bool {
    use tokio::sync::broadcast::error::TryRecvError;
    loop {
        match news.try_recv() {
            Ok(News::Committed(events)) => {
                for event in events.iter() {
                    // The copy of the world may be newer than the first news.
                    if event.seq > world.seq() {
                        world.apply(event);
                    }
                }
            }
            Ok(News::Reloaded) | Err(TryRecvError::Lagged(_)) => return true,
            Ok(News::Leading(_) | News::Trouble(_)) => {}
            Err(TryRecvError::Empty | TryRecvError::Closed) => return false,
        }
    }
}
