//! Commands about the file: `check`, `backup`, `restore`, `snapshot`, `log`.

use std::io::Write;
use std::path::Path;

use super::args::LogArgs;
use super::context::{CliError, Context, Done};
use crate::engine::words;
use crate::model::event::Event;
use crate::model::id::Seq;
use crate::store::{self, EVENTS_MAX, EventLine, Store};
use crate::world::World;

/// `check`: exit 1 when log, tables and memory disagree.
///
/// # Errors
/// [`CliError::Findings`] with what is wrong.
pub fn check(ctx: &Context) -> Done {
    let report = store::check(&ctx.db, &mut |_, _| {})?;
    if ctx.json {
        let findings: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
        println!(
            "{}",
            serde_json::json!({"events": report.events, "sound": findings.is_empty(), "findings": findings})
        );
    }
    if report.findings.is_empty() {
        if !ctx.json {
            println!("{}: {} {}", ctx.db.display(), report.events, ctx.say("events, sound", "条事件，完好"));
        }
        return Ok(());
    }
    let mut text = format!("{}: {}", ctx.db.display(), ctx.say("not sound", "不一致"));
    for finding in &report.findings {
        text.push_str(&format!("\n  {finding}"));
    }
    Err(CliError::Findings(text))
}

/// `backup FILE`.
///
/// # Errors
/// The file's.
pub fn backup(ctx: &Context, to: &Path) -> Done {
    ctx.read()?.backup(to)?;
    println!("{}", to.display());
    Ok(())
}

/// `snapshot FILE`.
///
/// # Errors
/// The file's.
pub fn snapshot(ctx: &Context, to: &Path) -> Done {
    ctx.read()?.snapshot(to)?;
    println!("{}", to.display());
    Ok(())
}

/// `restore FILE`.
///
/// # Errors
/// The file's.
pub fn restore(ctx: &Context, from: &Path) -> Done {
    let report = store::restore(from, &ctx.db, &mut |_, _| {})?;
    if let Some(old) = &report.moved_aside {
        println!("{} {}", ctx.say("the old file is now", "原文件已移至"), old.display());
    }
    println!("{}: {} {}", ctx.db.display(), report.events, ctx.say("events", "条事件"));
    Ok(())
}

/// `log`: lines, or JSON lines with `--json`.
///
/// # Errors
/// The file's.
pub fn log(ctx: &Context, args: &LogArgs) -> Done {
    let store = ctx.read()?;
    let world = store.load_world(&mut |_, _| {})?;
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut left = args.limit.unwrap_or(u64::MAX);
    let mut print = |events: &[Event]| -> Done<bool> {
        for event in events {
            if left == 0 {
                return Ok(false);
            }
            left -= 1;
            let line = line(ctx, &world, event)?;
            match writeln!(out, "{line}") {
                Ok(()) => {}
                // A pager that was closed has seen enough.
                Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => return Ok(false),
                Err(e) => return Err(e.into()),
            }
        }
        Ok(true)
    };
    if let Some(lead) = &args.lead {
        print(&store.lead_events(ctx.lead_id(lead)?)?)?;
        return Ok(());
    }
    page(&store, Seq(args.from), &mut print)
}

/// One event as a line: JSON, or number, time, who, which lead, what, batch.
pub(super) fn line(ctx: &Context, world: &World, event: &Event) -> Done<String> {
    if ctx.json {
        return serde_json::to_string(&EventLine::from(event)).map_err(|e| CliError::Database(e.to_string()));
    }
    let at = super::context::clock(event.at, world.book().zone);
    let lead = event.body.lead().map_or_else(String::new, |l| format!(" {l}"));
    let what = words::history(world, event, ctx.lang);
    Ok(format!("{} {at} {}{lead} · {what} · {}", event.seq, event.actor, event.batch))
}

fn page(store: &Store, from: Seq, print: &mut dyn FnMut(&[Event]) -> Done<bool>) -> Done {
    let mut from = from;
    loop {
        let events = store.events(from, Seq(u64::MAX), EVENTS_MAX)?;
        let Some(last) = events.last().map(|e| e.seq) else { return Ok(()) };
        if !print(&events)? {
            return Ok(());
        }
        from = Seq(last.0 + 1);
    }
}
