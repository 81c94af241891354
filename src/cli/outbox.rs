//! `outbox …`: notices that wait or were given up; sending one again or dropping it, signed.

use std::path::Path;

use clap::Subcommand;
use serde_json::json;
use smol_str::SmolStr;

use super::context::{CliError, Context, Done, clock};
use crate::console::text::{Say, T};
use crate::desk::beside::Beside;
use crate::desk::{Clock, DeskHandle};
use crate::model::actor::Role;
use crate::model::channel::ChannelKind;
use crate::model::lang::Lang;
use crate::model::outbox::{NoticeId, OutboxRow, why_in};
use crate::notify::Channels;
use crate::store::{ByHand, OUTBOX_PAGE_MAX, OutboxFilter, Store, StoreError};
use crate::watch::tell::about;

/// Characters of an id's end that name a notice: what messages show in their foot.
const ID_TAIL_MIN: usize = 4;

#[derive(Debug, Subcommand)]
pub enum OutboxCommand {
    /// What waits or was given up, newest first
    List {
        /// What was sent or dropped too
        #[arg(long)]
        all: bool,
        #[arg(long, default_value_t = 100)]
        limit: usize,
    },
    /// Send a notice again, now; one that was given up begins anew
    Retry {
        /// Its id, or the end of it that messages show
        id: String,
    },
    /// Never send a notice
    Drop {
        /// Its id, or the end of it that messages show
        id: String,
    },
}

/// Runs an `outbox` command.
///
/// # Errors
/// See [`CliError`]; refused to who is no coordinator, and for a notice that was sent.
pub fn outbox(ctx: &Context, command: &OutboxCommand) -> Done {
    match command {
        OutboxCommand::List { all, limit } => list(ctx, *all, *limit),
        OutboxCommand::Retry { id } => by_hand(ctx, id, ByHand::Retry),
        OutboxCommand::Drop { id } => by_hand(ctx, id, ByHand::Drop),
    }
}

fn list(ctx: &Context, all: bool, limit: usize) -> Done {
    let store = ctx.read()?;
    let world = store.load_world(&mut |_, _| {})?;
    let filter = if all { OutboxFilter::All } else { OutboxFilter::Open };
    let rows = store.outbox_page(filter, limit.min(OUTBOX_PAGE_MAX))?;
    if ctx.json {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| {
                json!({
                    "id": row.id.to_string(), "kind": row.kind.word(), "channel": row.channel.to_string(),
                    "topic": row.topic, "severity": row.severity.word(), "receiver": row.receiver.to_string(),
                    "stage": row.stage.word(), "tries": row.tries, "last_error": row.last_error.to_string(),
                    "created": row.created_at.to_rfc3339(), "due": row.due_at.to_rfc3339(),
                    "sent": row.sent_at.map(|at| at.to_rfc3339()), "handled_by": row.handled_by.to_string(),
                    "told": row.told,
                })
            })
            .collect();
        println!("{}", serde_json::Value::from(rows));
        return Ok(());
    }
    let zone = world.book().zone;
    for row in rows {
        let stage = match ctx.lang {
            Lang::En => row.stage.word(),
            Lang::Zh => row.stage.word_zh(),
        };
        let mut line = format!(
            "{} {} {}/{} {stage} · {}",
            row.id,
            clock(row.created_at, zone),
            row.kind.word(),
            row.channel,
            about(&world, &row.told, ctx.lang)
        );
        if row.tries > 0 || !row.last_error.is_empty() {
            line.push_str(&format!(" · {}× {}", row.tries, why_in(&row.last_error, ctx.lang)));
        }
        println!("{line}");
    }
    Ok(())
}

/// Starts sending on this process, for as long as what it returns is kept. What is wrong with the channels' file is told
/// by `doctor` and in the console's outbox; it stops nothing else.
pub(super) fn start(ctx: &Context, handle: &DeskHandle, channels: Channels) -> Option<Beside> {
    if !ctx.sends {
        return None;
    }
    crate::notify::run::start(handle, channels).ok().flatten()
}

/// The channels set up on this machine, for checking a book that names some; none where the file cannot be used.
pub(super) fn set_up(ctx: &Context) -> Option<Vec<(ChannelKind, SmolStr)>> {
    let channels = ctx.channels().ok()?;
    Some(channels.all.iter().map(|channel| (channel.kind, channel.name.clone())).collect())
}

/// A page for the console's outbox, and what is wrong with the channels' file.
pub(super) fn page(ctx: &Context, store: &Store, limit: usize, all: bool) -> (Vec<OutboxRow>, Option<Say>) {
    let filter = if all { OutboxFilter::All } else { OutboxFilter::Open };
    let rows = store.outbox_page(filter, limit).unwrap_or_default();
    let wrong = crate::notify::load(ctx.channels.as_deref()).err();
    (rows, wrong.map(|error| Say::both(error.message(Lang::En), error.message(Lang::Zh))))
}

/// Does by hand what the person at a console asks for; their role was looked at there.
///
/// # Errors
/// Why not, in words.
pub(super) fn at_console(ctx: &Context, path: &Path, id: NoticeId, retry: bool) -> Result<(), Say> {
    let what = if retry { ByHand::Retry } else { ByHand::Drop };
    match changed(ctx, path, id, what) {
        Ok(true) => Ok(()),
        Ok(false) => Err(T::NoticeIsOut.into()),
        Err(error) => Err(Say::verbatim(error.to_string())),
    }
}

/// Notes it, signed; `false` = it is past that.
fn changed(ctx: &Context, path: &Path, id: NoticeId, what: ByHand) -> Result<bool, StoreError> {
    let mut store = Store::open(path)?;
    let mut txn = store.begin()?;
    if !txn.by_hand(id, what, &ctx.actor.name, Clock::Machine.now())? {
        return Ok(false);
    }
    if what == ByHand::Retry {
        txn.unblock_channel_of(id)?;
    }
    txn.commit_upkeep()?;
    Ok(true)
}

fn by_hand(ctx: &Context, id: &str, what: ByHand) -> Done {
    let desk = ctx.desk(false)?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    if world.role_of(&ctx.actor) < Role::Coordinator {
        let says = ctx.say("only a coordinator may do that", "只有协调员及以上可以这样做");
        return Err(CliError::Refused(says.to_owned()));
    }
    let id = find(ctx, &ctx.read()?, id)?;
    if !changed(ctx, desk.handle().path(), id, what)? {
        let says = ctx.say(
            "it is sent, under way or gone: nothing was changed",
            "已发送、正在发送或已不存在，未作更改",
        );
        return Err(CliError::Refused(format!("{id}: {says}")));
    }
    let says = match what {
        ByHand::Retry => ctx.say("goes again", "将再次发送"),
        ByHand::Drop => ctx.say("dropped", "已放弃"),
    };
    println!("{id}: {says}");
    Ok(())
}

/// The notice an id, or the end of one, names.
fn find(ctx: &Context, store: &Store, text: &str) -> Done<NoticeId> {
    if let Ok(id) = text.parse() {
        return Ok(id);
    }
    let end = text.trim_start_matches('·').to_ascii_uppercase();
    let rows = store.outbox_page(OutboxFilter::All, OUTBOX_PAGE_MAX)?;
    let mut found = rows.iter().filter(|row| end.len() >= ID_TAIL_MIN && row.id.to_string().ends_with(&end));
    match (found.next(), found.next()) {
        (Some(row), None) => Ok(row.id),
        (Some(_), Some(_)) => {
            let says = ctx.say("several notices end like that", "有多条通知以此结尾");
            Err(CliError::Usage(format!("{text}: {says}")))
        }
        _ => Err(CliError::Usage(format!("{text}: {}", ctx.say("no such notice", "没有这条通知")))),
    }
}
