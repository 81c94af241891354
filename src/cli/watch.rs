//! `watch`: what happens on the desk as it happens, a line each, for scripts and for a second screen. It reads the file and
//! nothing else: it leads nothing, writes nothing and ends with its reader.

use std::io::Write;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::time::Instant;

use super::args::WatchArgs;
use super::context::{CliError, Context, Done};
use super::file_commands::line;
use crate::model::event::{Event, Verb};
use crate::model::id::Seq;
use crate::store::{EVENTS_MAX, Store};
use crate::world::World;

/// How often the file is asked whether somebody committed.
const LOOK: Duration = Duration::from_millis(100);
/// How often it is asked whether it is still the desk's file.
const PLACE: Duration = Duration::from_secs(1);

/// What is printed, and how much of it.
struct Printer<'c> {
    ctx: &'c Context,
    only: Vec<&'static str>,
    /// Lines that may still be printed; none for any number.
    left: Option<u64>,
}

/// Prints what is committed until a signal, the end of the time or of the lines.
///
/// # Errors
/// [`CliError::Usage`] for a kind of event there is none of; the file's: missing, damaged, replaced by another.
pub fn watch(ctx: &Context, args: &WatchArgs) -> Done {
    let only = kinds(ctx, &args.only)?;
    let lasts = args.lasts.as_deref().map(|text| lasts(ctx, text)).transpose()?;
    let store = ctx.read()?;
    let mut world = store.load_world(&mut |_, _| {})?;
    let mut printer = Printer { ctx, only, left: args.count };
    if let Some(from) = args.from
        && !printer.past(&store, &world, Seq(from))?
    {
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let (mut int, mut term) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let end = async {
            match lasts {
                // The time that was asked for.
                Some(lasts) => tokio::time::sleep(lasts).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            done = printer.follow(&store, &mut world) => done,
            () = end => Ok(()),
            _ = int.recv() => Ok(()),
            _ = term.recv() => Ok(()),
        }
    })
}

/// The verbs meant: each word one of them or the part before its dot.
fn kinds(ctx: &Context, words: &[String]) -> Done<Vec<&'static str>> {
    let mut found = Vec::new();
    for word in words {
        let had = found.len();
        let is_meant = |verb: &&str| *verb == word || verb.split('.').next() == Some(word);
        found.extend(Verb::ALL.iter().map(|verb| verb.word()).filter(is_meant));
        if found.len() == had {
            let mut known: Vec<&str> =
                Verb::ALL.iter().filter_map(|verb| verb.word().split('.').next()).collect();
            known.sort_unstable();
            known.dedup();
            let (en, zh) = (
                "no event is called so; there are these and their parts, e.g. lead.assigned",
                "没有这种事件；可用以下类别及其细分，如 lead.assigned",
            );
            return Err(CliError::Usage(format!("--only {word}: {}: {}", ctx.say(en, zh), known.join(", "))));
        }
    }
    Ok(found)
}

fn lasts(ctx: &Context, text: &str) -> Done<Duration> {
    let ms = crate::rulebook::duration_ms(text).and_then(|ms| u64::try_from(ms).ok()).filter(|ms| *ms > 0);
    ms.map(Duration::from_millis).ok_or_else(|| {
        CliError::Usage(format!(
            "--for {text}: {}",
            ctx.say("write it as 90s, 10m or 2h", "请写成 90s、10m 或 2h")
        ))
    })
}

impl Printer<'_> {
    /// Prints what was committed before `world`, from `from` on; false when that was enough.
    fn past(&mut self, store: &Store, world: &World, from: Seq) -> Done<bool> {
        let mut from = from;
        while from <= world.seq() {
            let events = store.events(from, world.seq(), EVENTS_MAX)?;
            let Some(last) = events.last().map(|event| event.seq) else { break };
            if !self.print(world, &events)? {
                return Ok(false);
            }
            from = Seq(last.0 + 1);
        }
        Ok(true)
    }

    async fn follow(&mut self, store: &Store, world: &mut World) -> Done {
        let mut version = None;
        let mut placed = Instant::now();
        let mut look = tokio::time::interval(LOOK);
        look.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            look.tick().await;
            if placed.elapsed() >= PLACE {
                store.still_in_place()?;
                placed = Instant::now();
            }
            let now = store.data_version()?;
            if version.replace(now) == Some(now) {
                continue;
            }
            loop {
                let events = store.tail(world, EVENTS_MAX)?;
                if !self.print(world, &events)? {
                    return Ok(());
                }
                if events.len() < EVENTS_MAX {
                    break;
                }
            }
        }
    }

    /// Prints what is wanted of `events`; false when no more is.
    fn print(&mut self, world: &World, events: &[Event]) -> Done<bool> {
        let mut out = std::io::stdout().lock();
        for event in events {
            if !self.only.is_empty() && !self.only.contains(&event.body.verb().word()) {
                continue;
            }
            if self.left == Some(0) {
                return Ok(false);
            }
            self.left = self.left.map(|left| left - 1);
            let line = line(self.ctx, world, event)?;
            match writeln!(out, "{line}") {
                Ok(()) => {}
                // Whoever read has seen enough.
                Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => return Ok(false),
                Err(e) => return Err(e.into()),
            }
        }
        match out.flush() {
            Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
            flushed => flushed.map(|()| self.left != Some(0)).map_err(CliError::from),
        }
    }
}
