//! `channel …`: the channels notices leave by: which are set up, what waits for them, and trying one out by the real path.

use std::sync::Mutex;
use std::time::Duration;

use clap::Subcommand;
use serde_json::json;

use super::context::{CliError, Context, Done};
use crate::desk::Clock;
use crate::desk::clock::fresh_id;
use crate::model::alert::Severity;
use crate::model::channel::{ChannelKind, Topic};
use crate::model::id::Seq;
use crate::model::lang::Lang;
use crate::model::outbox::{ChannelFigures, NoticeId, OutboxRow, Stage, Told, is_clock, why_in};
use crate::notify::{Channels, Courier, Verdict, Wire};

#[derive(Debug, Subcommand)]
pub enum ChannelCommand {
    /// The channels of the file and of the book, what waits for each, and its last error
    List,
    /// Send one message through a channel, by the real path and under its limits
    Test { name: String },
}

/// Runs a `channel` command.
///
/// # Errors
/// See [`CliError`]; refused when the message was not taken.
pub fn channel(ctx: &Context, command: &ChannelCommand) -> Done {
    let channels = ctx.channels()?;
    match command {
        ChannelCommand::List => list(ctx, &channels),
        ChannelCommand::Test { name } => test(ctx, &channels, name),
    }
}

/// One channel as it is listed: in the file, in the book, or both.
struct Listed {
    kind: ChannelKind,
    name: String,
    is_set_up: bool,
    is_in_book: bool,
    figures: Option<ChannelFigures>,
}

fn listed(ctx: &Context, channels: &Channels) -> Done<Vec<Listed>> {
    let (mut routes, mut figures) = (Vec::new(), Vec::new());
    // Without a desk the file alone can be listed.
    if let Ok(store) = ctx.read() {
        figures = store.outbox_figures()?;
        let world = store.load_world(&mut |_, _| {})?;
        routes = world.book().notify.iter().map(|r| (r.kind, r.name.to_string())).collect();
    }
    let mut names: Vec<(ChannelKind, String)> =
        channels.all.iter().map(|c| (c.kind, c.name.to_string())).collect();
    names.extend(routes.iter().cloned());
    names.extend(figures.iter().map(|f| (f.kind, f.channel.to_string())));
    names.sort();
    names.dedup();
    Ok(names
        .into_iter()
        .map(|(kind, name)| Listed {
            is_set_up: channels.all.iter().any(|c| c.kind == kind && c.name == name),
            is_in_book: routes.contains(&(kind, name.clone())),
            figures: figures.iter().find(|f| f.kind == kind && f.channel == name).cloned(),
            kind,
            name,
        })
        .collect())
}

fn list(ctx: &Context, channels: &Channels) -> Done {
    let all = listed(ctx, channels)?;
    if ctx.json {
        let rows: Vec<_> = all
            .iter()
            .map(|one| {
                let figures = one.figures.as_ref();
                json!({
                    "kind": one.kind.word(), "name": one.name, "set_up": one.is_set_up, "in_book": one.is_in_book,
                    "queued": figures.map_or(0, |f| f.queued), "dead": figures.map_or(0, |f| f.dead),
                    "failures": figures.map_or(0, |f| f.state.failures),
                    "last_error": figures.map(|f| f.state.last_error.to_string()),
                    "last_ok": figures.and_then(|f| f.state.last_ok_at).map(|at| at.to_rfc3339()),
                })
            })
            .collect();
        println!("{}", serde_json::Value::from(rows));
        return Ok(());
    }
    if all.is_empty() {
        println!(
            "{}",
            ctx.say("no channel is set up; see docs/channels.md", "尚未配置任何通道，见 docs/channels.md")
        );
    }
    for one in all {
        let state = match (one.is_set_up, one.is_in_book) {
            (true, true) => "",
            (true, false) => {
                ctx.say(" · no notify line of the book names it", " · 规则中没有 notify 行使用它")
            }
            (false, _) => ctx.say(" · not set up on this machine", " · 本机未配置"),
        };
        let queue = one.figures.map_or_else(String::new, |f| figures_text(ctx, &f));
        println!("{:<12} {:<20}{queue}{state}", one.kind.word(), one.name);
    }
    Ok(())
}

fn figures_text(ctx: &Context, figures: &ChannelFigures) -> String {
    let (queued, dead) = (figures.queued, figures.dead);
    let mut text = match ctx.lang {
        Lang::En => format!(" {queued} queued, {dead} given up"),
        Lang::Zh => format!(" 待发送 {queued}，失败 {dead}"),
    };
    if !figures.state.last_error.is_empty() {
        text.push_str(&format!(" · {}", why_in(&figures.state.last_error, ctx.lang)));
    }
    text
}

fn test(ctx: &Context, channels: &Channels, name: &str) -> Done {
    let Some(channel) = channels.named(name) else {
        let known: Vec<&str> = channels.all.iter().map(|c| c.name.as_str()).collect();
        let known = if known.is_empty() { ctx.say("none", "无").to_owned() } else { known.join(", ") };
        let says = ctx.say("no such channel is set up; there are", "没有配置这个通道，现有");
        return Err(CliError::Usage(format!("{name}: {says} {known}")));
    };
    let desk = ctx.desk(false)?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    let now = Clock::Machine.now();
    let store = Mutex::new(crate::store::Store::open(desk.handle().path())?);
    let wire = Wire::new(channels.guard.clone(), Duration::from_millis(channel.timeout_ms));
    let courier = Courier::new(channel, channels, wire, 0);
    let row = OutboxRow {
        id: NoticeId(fresh_id().0),
        kind: channel.kind,
        channel: channel.name.clone(),
        topic: Topic::Info,
        severity: Severity::Info,
        receiver: "".into(),
        told: Told::Test { by: ctx.actor.name.clone() },
        cause: Seq(0),
        created_at: now,
        due_at: now,
        stage: Stage::Queued,
        tries: 0,
        last_error: "".into(),
        alone: true,
        message: None,
        sent_at: None,
        handled_by: ctx.actor.name.clone(),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    match runtime.block_on(courier.test(&store, &world, row, now))? {
        Err(wait_ms) => Err(CliError::Refused(match ctx.lang {
            Lang::En => format!("{name}: its limit lets the next message go in {} s", wait_ms / 1_000 + 1),
            Lang::Zh => format!("{name}：受发送限额约束，{} 秒后可再试", wait_ms / 1_000 + 1),
        })),
        Ok(verdict) => told(ctx, name, &verdict),
    }
}

/// What came of a test.
fn told(ctx: &Context, name: &str, verdict: &Verdict) -> Done {
    let why = verdict.why().map_or("", |why| why.as_str());
    let says = match verdict {
        Verdict::Delivered { .. } => ctx.say("taken", "已接收"),
        Verdict::Throttled { .. } => ctx.say("too much was sent: wait", "发送过多，请稍候"),
        Verdict::Transient { .. } => ctx.say("not taken now; try again later", "暂时未被接收，请稍后再试"),
        Verdict::Unknown { .. } => ctx.say("it may have arrived; look there", "可能已送达，请在接收方查看"),
        Verdict::Permanent { .. } => {
            ctx.say("refused; look at key, address and settings", "被拒绝，请检查密钥、地址和设置")
        }
    };
    let is_ok = matches!(verdict, Verdict::Delivered { .. });
    if ctx.json {
        println!("{}", json!({"channel": name, "delivered": is_ok, "why": why}));
    }
    let says = if is_clock(why) {
        ctx.say("refused for this machine's time", "因本机时间被拒绝")
    } else {
        says
    };
    let why = why_in(why, ctx.lang);
    let line = if why.is_empty() { format!("{name}: {says}") } else { format!("{name}: {says} ({why})") };
    match (is_ok, ctx.json) {
        (true, true) => Ok(()),
        (true, false) => {
            println!("{line}");
            Ok(())
        }
        (false, _) => Err(CliError::Refused(line)),
    }
}
