//! `import leads`: first the whole file is read and nothing changed; then it is read again and taken in. Both passes
//! stream, so the size of the file does not matter.

use std::path::Path;

use serde_json::json;

use super::super::args::{As, MappingArgs, TakingArgs};
use super::super::context::{Context, Done};
use super::super::take::Taking;
use super::check::{Rejects, bar, check, refused};
use super::feed::{Feed, fingerprint};
use super::lookup::Lookup;
use super::owners::Owners;
use super::reading::{form_line, mapping_json, mapping_lines, options, shown, system_of, unreadable};
use super::summary::{Standing, tell};
use crate::desk::{Clock, Desk};
use crate::intake::file::LeadFile;
use crate::intake::row::LeadDraft;
use crate::model::lead::ArrivalKind;
use crate::world::World;

/// The command as it was given.
pub struct Wish<'a> {
    pub file: &'a Path,
    pub mapping: &'a MappingArgs,
    pub taking: TakingArgs,
    pub dry_run: bool,
    pub each: bool,
}

/// Imports leads.
///
/// # Errors
/// See [`super::super::context::CliError`].
pub fn leads(ctx: &Context, wish: &Wish<'_>) -> Done {
    let clock = Clock::Machine;
    let started = clock.boot_ms();
    // An existing desk tells the zone; a new one is not made before the file was found good.
    let desk = if ctx.db.exists() && !wish.dry_run { Some(ctx.desk(false)?) } else { None };
    let zone = match &desk {
        Some(desk) => world(ctx, desk)?.book().zone,
        None if ctx.db.exists() => ctx.read()?.load_world(&mut |_, _| {})?.book().zone,
        None => World::new().book().zone,
    };
    let options = options(ctx, wish.mapping, zone)?;
    let file = LeadFile::open(wish.file, &options).map_err(|e| unreadable(ctx, &e))?;
    if !ctx.json {
        describe(ctx, wish, &file);
    }
    let mut rejects = Rejects::new(ctx, wish.file, file.headers(), !wish.dry_run);
    let mut rows = 0;
    if !wish.taking.keep_going || wish.dry_run {
        let checked = check(ctx, &file, &mut rejects)?;
        rows = checked.good;
        if wish.dry_run {
            preview(ctx, &file, &mut rejects, &checked);
            return Ok(());
        }
        if rejects.count > 0 {
            let all = rows + rejects.count;
            return Err(refused(ctx, wish.file, &mut rejects, all));
        }
    }
    let desk = match desk {
        Some(desk) => desk,
        None => ctx.desk(true)?,
    };
    let (feed, standing) = take_in(ctx, wish, &file, &desk, rows, &mut rejects)?;
    let ms = clock.boot_ms() - started;
    if rejects.count > 0 {
        let head = ctx.say("rejected:", "拒收：");
        eprintln!("{head}\n{}", rejects.finish().join("\n"));
    }
    if ctx.json {
        summary_json(ctx, &file, &feed, standing, &rejects, ms);
    } else {
        tell(ctx, &feed.tally, standing, rejects.count, ms);
    }
    Ok(())
}

fn world(ctx: &Context, desk: &Desk) -> Done<World> {
    desk.handle().snapshot().map_err(|denied| ctx.denied(denied, None))
}

/// Says how the file is read: to stderr, or as the answer of a dry run.
fn describe(ctx: &Context, wish: &Wish<'_>, file: &LeadFile) {
    let mut lines = vec![format!("{}: {}", shown(wish.file), form_line(ctx, file))];
    lines.extend(mapping_lines(ctx, file));
    let text = lines.join("\n");
    if wish.dry_run { println!("{text}") } else { eprintln!("{text}") }
}

fn preview(ctx: &Context, file: &LeadFile, rejects: &mut Rejects<'_>, checked: &super::check::Checked) {
    let (good, bad) = (checked.good, rejects.count);
    if ctx.json {
        let value = json!({
            "dry_run": true, "encoding": file.encoding_name(), "mapping": mapping_json(ctx, file),
            "good": good, "rejected": bad, "warnings": checked.warnings.json(), "first_rejected": rejects.first,
        });
        println!("{value}");
        return;
    }
    for line in rejects.finish().iter().chain(&checked.warnings.lines(ctx.lang)) {
        println!("{line}");
    }
    match ctx.lang {
        crate::model::lang::Lang::En => println!("{good} rows good, {bad} rejected; nothing was changed"),
        crate::model::lang::Lang::Zh => println!("{good} 行可导入，{bad} 行拒收；未作任何改动"),
    }
}

fn take_in<'a>(
    ctx: &'a Context,
    wish: &Wish<'_>,
    file: &LeadFile,
    desk: &'a Desk,
    rows: u64,
    rejects: &mut Rejects<'_>,
) -> Done<(Feed<'a>, Standing)> {
    let handle = desk.handle();
    let now_world = world(ctx, desk)?;
    let owners = Owners::of(&now_world);
    let system: smol_str::SmolStr = system_of(wish.mapping, wish.file).into();
    let print = fingerprint(&file.fingerprint(), &system);
    let taking = Taking {
        secret: handle.secret(),
        system: system.clone(),
        kind: wish.taking.as_kind.map(arrival_kind),
        now: handle.clock().now(),
    };
    let lookup = Lookup::open(&ctx.db, None)?;
    let name = shown(Path::new(wish.file.file_name().unwrap_or_default())).into();
    let mut feed = Feed::new(ctx, handle, lookup, system, print, name);
    feed.rows = rows;
    feed.each = wish.each;
    feed.resumes = now_world.open_import(print).is_some();
    drop(now_world);
    if let Err(error) = read_in(ctx, file, &mut feed, &taking, &owners, rejects) {
        return Err(feed.stopped(error));
    }
    let standing = Standing::of(&feed.lookup.states(&feed.tally.spans)?);
    Ok((feed, standing))
}

fn read_in(
    ctx: &Context,
    file: &LeadFile,
    feed: &mut Feed<'_>,
    taking: &Taking,
    owners: &Owners,
    rejects: &mut Rejects<'_>,
) -> Done {
    let bar = bar(file.total_bytes(), ctx.say("importing", "导入"));
    let mut rows = file.rows().map_err(|e| unreadable(ctx, &e))?;
    while let Some((_, row)) = rows.next() {
        match row {
            Ok(draft) => {
                feed.tally.warnings.note(&draft.warnings);
                let owner = owner_of(&draft, owners, feed);
                feed.push(taking.lead(draft, owner))?;
            }
            Err(rejection) => rejects.push(&rejection),
        }
        if rows.seen() % 256 == 0 {
            bar.set_position(rows.bytes_read());
        }
    }
    feed.finish(rejects.count)?;
    bar.finish_and_clear();
    Ok(())
}

/// The login of the owner a row names. One who left gets no open lead by a file: the engine decides it.
fn owner_of(draft: &LeadDraft, owners: &Owners, feed: &mut Feed<'_>) -> Option<smol_str::SmolStr> {
    let text = draft.owner.as_deref()?;
    let closed = draft.state.is_some_and(|s| !super::super::take::lead_state(s).is_open());
    match owners.find(text) {
        Some(owner) if owner.active || closed => Some(owner.login),
        _ => {
            feed.tally.unknown_owners.note(text);
            None
        }
    }
}

fn arrival_kind(word: As) -> ArrivalKind {
    match word {
        As::Live => ArrivalKind::Live,
        As::Backlog => ArrivalKind::Backlog,
        As::History => ArrivalKind::History,
    }
}

fn summary_json(
    ctx: &Context,
    file: &LeadFile,
    feed: &Feed<'_>,
    standing: Standing,
    rejects: &Rejects<'_>,
    ms: i64,
) {
    let tally = &feed.tally;
    let value = json!({
        "file": feed.name.as_str(), "system": feed.system.as_str(), "encoding": file.encoding_name(),
        "mapping": mapping_json(ctx, file),
        "added": tally.added, "known": tally.known, "rejected": rejects.count,
        "warnings": tally.warnings.json(), "unknown_owners": tally.unknown_owners.json(),
        "outcome": standing.json(), "batch": tally.batch.map(|b| b.0), "ms": ms,
        "rejected_file": rejects.side_file.as_deref().map(shown),
    });
    println!("{value}");
}
