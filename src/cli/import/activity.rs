//! `import activity`: what became of leads, by their external id. What the log says already is passed by, so a file may be
//! imported again and again.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use rustc_hash::FxHashMap;
use serde_json::json;

use super::super::args::MappingArgs;
use super::super::context::{CliError, Context, Done};
use super::super::take::lead_state;
use super::check::{Rejects, bar, refused};
use super::lookup::{Lookup, Named};
use super::reading::{options, unreadable};
use super::summary::Unknown;
use crate::desk::{Denied, DeskHandle};
use crate::engine::intent::REASON_BYTES_MAX;
use crate::engine::{Intent, Outcome, Progress, Refusal};
use crate::intake::activity::{ActivityDraft, ActivityFile};
use crate::intake::state::StateWord;
use crate::model::id::LeadId;
use crate::model::lang::Lang;
use crate::model::lead::{Lead, LeadState};

/// Rows looked up and sent together.
const CHUNK: usize = 100;
/// Pause between chunks: a person's key gets its turn.
const PAUSE: Duration = Duration::from_millis(3);

#[derive(Debug, Default)]
struct Counts {
    changed: u64,
    already: u64,
    unknown: Unknown,
    several: Unknown,
    /// By why not: a stable code, the sentence of the first, how many.
    skipped: BTreeMap<&'static str, (String, u64)>,
}

/// Imports follow-up.
///
/// # Errors
/// See [`CliError`].
pub fn activity(ctx: &Context, file: &Path, mapping: &MappingArgs, to: Option<&str>) -> Done {
    let to = to.map(|word| state_word(ctx, word)).transpose()?;
    let desk = ctx.desk(false)?;
    let handle = desk.handle();
    let zone = handle.snapshot().map_err(|d| ctx.denied(d, None))?.book().zone;
    let options = options(ctx, mapping, zone)?;
    let source = ActivityFile::open_meaning(file, &options, to).map_err(|e| unreadable(ctx, &e))?;
    check_rows(ctx, file, &source)?;
    let mut lookup = Lookup::open(&ctx.db, mapping.system.as_deref())?;
    let mut counts = Counts::default();
    let bar = bar(source.source.total_bytes, ctx.say("importing", "导入"));
    let mut rows = source.rows().map_err(|e| unreadable(ctx, &e))?;
    let mut chunk = Vec::with_capacity(CHUNK);
    loop {
        let next = rows.next();
        let ended = next.is_none();
        if let Some((_, Ok(draft))) = next {
            chunk.push(draft);
        }
        if chunk.len() >= CHUNK || ended {
            take_chunk(ctx, handle, &mut lookup, &chunk, &mut counts)?;
            chunk.clear();
            bar.set_position(rows.bytes_read());
            std::thread::park_timeout(PAUSE);
        }
        if ended {
            break;
        }
    }
    bar.finish_and_clear();
    tell(ctx, &counts);
    Ok(())
}

fn state_word(ctx: &Context, word: &str) -> Done<StateWord> {
    StateWord::ALL.into_iter().find(|s| s.name().eq_ignore_ascii_case(word)).ok_or_else(|| {
        let known = StateWord::ALL.map(StateWord::name).join(", ");
        CliError::Usage(format!("--to {word:?}: {} {known}", ctx.say("there are", "可用：")))
    })
}

/// Reads the whole file once: nothing is changed when a row is bad.
fn check_rows(ctx: &Context, file: &Path, source: &ActivityFile) -> Done {
    let mut rejects = Rejects::new(ctx, file, &source.source.headers, true);
    let mut rows = 0;
    for (_, row) in source.rows().map_err(|e| unreadable(ctx, &e))? {
        rows += 1;
        if let Err(rejection) = row {
            rejects.push(&rejection);
        }
    }
    if rejects.count > 0 { Err(refused(ctx, file, &mut rejects, rows)) } else { Ok(()) }
}

fn take_chunk(
    ctx: &Context,
    handle: &DeskHandle,
    lookup: &mut Lookup,
    chunk: &[ActivityDraft],
    counts: &mut Counts,
) -> Done {
    let ids: Vec<&str> = chunk.iter().map(|d| d.external_id.as_str()).collect();
    let named = lookup.named(&ids)?;
    let mut states: FxHashMap<LeadId, LeadState> = FxHashMap::default();
    let mut items: Vec<Progress> = Vec::new();
    let mut note = "";
    for (draft, named) in chunk.iter().zip(named) {
        let lead = match named {
            Named::One(lead) => lead,
            Named::Nobody => {
                counts.unknown.note(&draft.external_id);
                continue;
            }
            Named::Several => {
                counts.several.note(&draft.external_id);
                continue;
            }
        };
        let to = lead_state(draft.state);
        let Some(row) = lookup.lead(lead)? else { continue };
        let standing = states.get(&lead).copied().unwrap_or(row.state);
        let told = draft.at.map(|at| lookup.went(lead, to, at)).transpose()?.unwrap_or(false);
        if standing == to || told {
            counts.already += 1;
            continue;
        }
        if let Some(code) = cannot(&row, to) {
            skip(ctx, counts, code);
            continue;
        }
        if draft.note != note && !items.is_empty() {
            // A note belongs to its own row; rows with one note travel together.
            send(ctx, handle, std::mem::take(&mut items), note, counts)?;
        }
        note = &draft.note;
        states.insert(lead, to);
        items.push(Progress { lead, to, happened_at: draft.at });
    }
    send(ctx, handle, items, note, counts)
}

/// Why the engine would refuse, for what is plain beforehand. An owner is never invented: a lead nobody has cannot have
/// been won by anyone here.
fn cannot(row: &Lead, to: LeadState) -> Option<&'static str> {
    match to {
        LeadState::Waiting | LeadState::Parked | LeadState::Assigned | LeadState::Merged => {
            Some("not-follow-up")
        }
        LeadState::Contacted | LeadState::Qualified | LeadState::Won if row.owner.is_none() => {
            Some("no-owner")
        }
        _ => None,
    }
}

fn skip(ctx: &Context, counts: &mut Counts, code: &'static str) {
    let words = match code {
        "no-owner" => ctx.say("nobody has the lead here; assign it first", "线索在此无负责人，请先分配"),
        _ => ctx.say("not a follow-up state", "不是跟进状态"),
    };
    counts.skipped.entry(code).or_insert_with(|| (words.to_owned(), 0)).1 += 1;
}

fn send(ctx: &Context, handle: &DeskHandle, items: Vec<Progress>, note: &str, counts: &mut Counts) -> Done {
    if items.is_empty() {
        return Ok(());
    }
    let note = fitting(note);
    let order = |items: Vec<Progress>| ctx.order(Intent::Progress { items, note: note.into() });
    match handle.submit_and_wait(order(items.clone())) {
        Ok(outcome) => note_outcome(ctx, &outcome, counts),
        // All of them were refused, and only the first reason is told: ask one by one.
        Err(Denied::Refused(_)) if items.len() > 1 => {
            for item in items {
                match handle.submit_and_wait(order(vec![item])) {
                    Ok(outcome) => note_outcome(ctx, &outcome, counts),
                    Err(Denied::Refused(refusal)) => note_refusal(ctx, &refusal, counts),
                    Err(denied) => return Err(ctx.denied(denied, None)),
                }
            }
        }
        Err(Denied::Refused(refusal @ Refusal::NotAllowed { .. })) => {
            return Err(ctx.denied(Denied::Refused(refusal), None));
        }
        Err(Denied::Refused(refusal)) => note_refusal(ctx, &refusal, counts),
        Err(denied) => return Err(ctx.denied(denied, None)),
    }
    Ok(())
}

/// The note, cut to what one may be.
fn fitting(note: &str) -> &str {
    let mut end = note.len().min(REASON_BYTES_MAX);
    while !note.is_char_boundary(end) {
        end -= 1;
    }
    note.get(..end).unwrap_or_default()
}

fn note_outcome(ctx: &Context, outcome: &Outcome, counts: &mut Counts) {
    counts.changed += outcome.done.len() as u64;
    for (_, refusal) in &outcome.skipped {
        note_refusal(ctx, refusal, counts);
    }
}

fn note_refusal(ctx: &Context, refusal: &Refusal, counts: &mut Counts) {
    if let Refusal::AlreadySo { .. } = refusal {
        counts.already += 1;
        return;
    }
    let entry = counts.skipped.entry(refusal.code());
    entry.or_insert_with(|| (ctx.refusal(refusal, None), 0)).1 += 1;
}

fn tell(ctx: &Context, counts: &Counts) {
    let Counts { changed, already, unknown, several, skipped } = counts;
    if ctx.json {
        let skipped: BTreeMap<_, _> = skipped.iter().map(|(code, (_, count))| (*code, *count)).collect();
        println!(
            "{}",
            json!({"changed": changed, "already": already, "unknown": unknown.json(), "ambiguous": several.json(), "skipped": skipped})
        );
        return;
    }
    let count = unknown.count;
    match ctx.lang {
        Lang::En => println!("changed {changed} · already so {already} · unknown ids {count}"),
        Lang::Zh => println!("更新 {changed} · 已是该状态 {already} · 未知编号 {count}"),
    }
    if count > 0 {
        let said = ctx.say(
            "unknown ids (is it another system? --system NAME says which)",
            "未知编号（如属其他系统，请用 --system 指定）",
        );
        println!("  {said}: {}", unknown.names());
    }
    if several.count > 0 {
        let said = ctx
            .say("ids of several systems; --system NAME says which", "编号见于多个系统，请用 --system 指定");
        println!("  {said}: {}", several.names());
    }
    for (why, count) in skipped.values() {
        println!("  {count:>8}  {why}");
    }
}
