//! `alert …`: what fires, why, on what evidence, what would help, and taking it on. An alert is named by the event that raised
//! it, as `list` shows it.

mod review;

use clap::Subcommand;
use serde_json::{Value, json};
use smol_str::SmolStr;

use super::context::{CliError, Context, Done, clock};
use super::overlay::until_of;
use crate::desk::Clock;
use crate::engine::{AlertWish, Intent, words as engine_words};
use crate::model::actor::Role;
use crate::model::alert::{Alert, AlertKind, Ending};
use crate::model::id::{Seq, SilenceId};
use crate::model::lang::Lang;
use crate::model::time::Millis;
use crate::report::alerts::read_story;
use crate::watch::{band, remedies, words};
use crate::world::{Moment, World};

#[derive(Debug, Subcommand)]
pub enum AlertCommand {
    /// What is open, what is pending, and the silences
    List,
    /// One alert: cause, meaning, evidence, remedies, what was said and done
    Show { alert: String },
    /// I look after it: repeats and escalation rest
    Ack {
        alert: String,
        /// A moment, or a length from now such as 2h [default: 4h]
        #[arg(long)]
        until: Option<String>,
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Put it off until later
    Snooze {
        alert: String,
        /// A moment, or a length from now such as 2h; 72 hours at most
        #[arg(long)]
        until: String,
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Nobody looks after it any more
    Reopen { alert: String },
    /// Do not speak of alerts like this one for a while; they go on otherwise
    Silence {
        /// The alert that is the example, or S2 to end a silence
        alert: String,
        /// A moment, or a length from now such as 2h; 31 days at most
        #[arg(long, default_value = "4h")]
        until: String,
        /// All of its kind, whatever they are about
        #[arg(long)]
        kind: bool,
        #[arg(long, default_value = "")]
        reason: String,
        /// End the silence
        #[arg(long)]
        end: bool,
    },
    /// Say something about it
    Comment { alert: String, text: String },
    /// It is over and was nothing; counts against its detector
    FalseAlarm {
        alert: String,
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Each time alerts fired lately, who acted and how it ended
    History {
        /// Only this detector, in either language
        kind: Option<String>,
        #[arg(long, default_value_t = 7)]
        days: u32,
    },
    /// Per detector: fired, acted on and how fast, false alarms, passed by itself; this week beside the one before
    Review {
        /// Whole weeks back from now
        #[arg(long, default_value_t = 0)]
        weeks_back: u32,
    },
    /// Do one of its remedies, as `show` numbers them
    Fix {
        alert: String,
        #[arg(default_value_t = 1)]
        remedy: usize,
    },
}

/// Runs an `alert` command.
///
/// # Errors
/// See [`super::context::CliError`].
pub fn alert(ctx: &Context, command: &AlertCommand) -> Done {
    match command {
        AlertCommand::List => return list(ctx),
        AlertCommand::Show { alert } => return show(ctx, alert),
        AlertCommand::History { kind, days } => return review::history(ctx, kind.as_deref(), *days),
        AlertCommand::Review { weeks_back } => return review::review(ctx, *weeks_back),
        _ => {}
    }
    let desk = ctx.desk(false)?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    let (intent, what) = order(ctx, &world, command)?;
    let outcome = ctx.run(desk.handle(), intent)?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    ctx.report(&outcome, &world, &what);
    Ok(())
}

fn order(ctx: &Context, world: &World, command: &AlertCommand) -> Done<(Intent, String)> {
    let handle = |alert: &str, wish: AlertWish, note: &str, what: &str| -> Done<(Intent, String)> {
        let alert = find(ctx, world, alert)?;
        let (key, episode) = (alert.finding.key, alert.fired_seq);
        Ok((Intent::HandleAlert { key, episode, wish, note: note.into() }, what.to_owned()))
    };
    match command {
        AlertCommand::Ack { alert, until, note } => {
            let until = until.as_deref().map(|text| until_of(ctx, world, text)).transpose()?;
            handle(alert, AlertWish::Acknowledge { until }, note, ctx.say("acknowledged", "已认领"))
        }
        AlertCommand::Snooze { alert, until, note } => {
            let until = until_of(ctx, world, until)?;
            handle(alert, AlertWish::Snooze { until }, note, ctx.say("snoozed", "已推迟"))
        }
        AlertCommand::Reopen { alert } => {
            handle(alert, AlertWish::Reopen, "", ctx.say("given back", "已交还"))
        }
        AlertCommand::Comment { alert, text } => {
            handle(alert, AlertWish::Comment, text, ctx.say("noted", "已备注"))
        }
        AlertCommand::FalseAlarm { alert, note } => {
            handle(alert, AlertWish::Close(Ending::FalseAlarm), note, ctx.say("closed", "已关闭"))
        }
        AlertCommand::Silence { alert, end: true, .. } => {
            let silence: SilenceId = alert.parse().map_err(|_| {
                CliError::Usage(ctx.say("a silence is written S2 or 2", "静音编号写作 S2 或 2").to_owned())
            })?;
            Ok((Intent::EndSilence { silence }, ctx.say("silence ended", "静音已结束").to_owned()))
        }
        AlertCommand::Silence { alert, until, kind, reason, .. } => {
            silence(ctx, world, find(ctx, world, alert)?, until, *kind, reason)
        }
        AlertCommand::Fix { alert, remedy } => {
            let alert = find(ctx, world, alert)?;
            let moment = Moment::at(world.book().zone, Clock::Machine.now());
            let offered = remedies(world, alert, &moment);
            let chosen = remedy.checked_sub(1).and_then(|n| offered.get(n));
            let chosen = chosen.ok_or_else(|| {
                CliError::Usage(ctx.say("this alert offers no such remedy", "该提醒没有这项处理").to_owned())
            })?;
            let (key, episode) = (alert.finding.key, alert.fired_seq);
            let order = Box::new(chosen.intent.clone());
            Ok((Intent::Remedy { key, episode, order }, words::remedy(world, chosen, ctx.lang)))
        }
        AlertCommand::List
        | AlertCommand::Show { .. }
        | AlertCommand::History { .. }
        | AlertCommand::Review { .. } => {
            Err(CliError::Usage(ctx.say("nothing to do", "没有需要做的事").to_owned()))
        }
    }
}

/// A silence by example: what of the alert it goes by, and what it would have hidden.
fn silence(
    ctx: &Context,
    world: &World,
    alert: &Alert,
    until: &str,
    all: bool,
    reason: &str,
) -> Done<(Intent, String)> {
    let key = alert.finding.key;
    let (kind, subject) = (Some(key.kind), Some(key.subject).filter(|_| !all));
    let hidden = world.would_have_hidden(kind, subject, Clock::Machine.now());
    let what = match ctx.lang {
        Lang::En => format!("silenced; it would have hidden {hidden} alerts of the last 24 hours"),
        Lang::Zh => format!("已静音；按此条件，过去 24 小时会隐藏 {hidden} 次提醒"),
    };
    let until = until_of(ctx, world, until)?;
    Ok((Intent::SetSilence { kind, subject, until, reason: reason.into() }, what))
}

fn may_see(ctx: &Context, world: &World, kind: AlertKind) -> bool {
    !kind.is_private() || world.role_of(&ctx.actor) >= Role::Supervisor
}

/// The open alert that `text` names.
fn find<'w>(ctx: &Context, world: &'w World, text: &str) -> Done<&'w Alert> {
    let episode: Seq = text.parse().map_err(|_| {
        CliError::Usage(format!(
            "{text}: {}",
            ctx.say(
                "an alert is written #123 or 123, as `alert list` shows it",
                "提醒写作 #123 或 123，见 alert list"
            )
        ))
    })?;
    let alert = world.alert_of(episode).filter(|a| may_see(ctx, world, a.finding.key.kind));
    alert.ok_or_else(|| {
        let refusal = crate::engine::Refusal::NoSuchAlert { episode };
        CliError::Refused(ctx.refusal(&refusal, Some(world)))
    })
}

fn list(ctx: &Context) -> Done {
    let world = ctx.read()?.load_world(&mut |_, _| {})?;
    let now = Clock::Machine.now();
    let zone = world.book().zone;
    let mut open: Vec<&Alert> =
        world.alerts().values().filter(|a| may_see(ctx, &world, a.finding.key.kind)).collect();
    open.sort_by_key(|a| (std::cmp::Reverse(a.detail.severity), a.fired_seq));
    let pending: Vec<_> =
        world.pending_alerts().values().filter(|p| may_see(ctx, &world, p.finding.key.kind)).collect();
    if ctx.json {
        let open: Vec<Value> = open.iter().map(|alert| alert_json(ctx, &world, alert, now)).collect();
        let pending: Vec<Value> = pending
            .iter()
            .map(|p| {
                json!({"kind": p.finding.key.kind.word(), "since": p.since.to_rfc3339(),
                    "cause": words::cause(&world, &p.finding, &p.detail, ctx.lang)})
            })
            .collect();
        let silences: Vec<Value> = world
            .silences()
            .iter()
            .filter(|(_, s)| s.is_live(now))
            .map(|(id, s)| {
                json!({"id": id.0, "kind": s.kind.map(AlertKind::word), "until": s.until.to_rfc3339(),
                "by": s.by.as_str(), "reason": s.reason.as_str()})
            })
            .collect();
        println!("{}", json!({"open": open, "pending": pending, "silences": silences}));
        return Ok(());
    }
    for alert in open {
        println!("{}", line(ctx, &world, alert, now));
    }
    for p in pending {
        let cause = words::cause(&world, &p.finding, &p.detail, ctx.lang);
        let kind = engine_words::alert(p.finding.key.kind, ctx.lang);
        println!("· {} · {kind} · {cause}", ctx.say("pending", "待确认"));
    }
    for (id, silence) in world.silences().iter().filter(|(_, s)| s.is_live(now)) {
        let kind = silence.kind.map_or_else(String::new, |kind| engine_words::alert(kind, ctx.lang));
        let until = clock(silence.until, zone);
        println!("{id} · {} {kind} → {until} · {}", ctx.say("silenced", "静音"), silence.by);
    }
    Ok(())
}

fn line(ctx: &Context, world: &World, alert: &Alert, now: Millis) -> String {
    let kind = engine_words::alert(alert.finding.key.kind, ctx.lang);
    let cause = words::cause(world, &alert.finding, &alert.detail, ctx.lang);
    let muted = world.suppressed(alert.finding.key, now);
    let muted = muted.map_or_else(String::new, |why| format!(" ({})", words::suppressed(why, ctx.lang)));
    format!("{} · {}{muted} · {kind} · {cause}", alert.fired_seq, words::state(alert, now, ctx.lang))
}

fn show(ctx: &Context, text: &str) -> Done {
    let world = ctx.read()?.load_world(&mut |_, _| {})?;
    let alert = find(ctx, &world, text)?;
    let (now, zone, kind) = (Clock::Machine.now(), world.book().zone, alert.finding.key.kind);
    if ctx.json {
        println!("{}", alert_json(ctx, &world, alert, now));
        return Ok(());
    }
    println!("{}", line(ctx, &world, alert, now));
    println!("  {}", words::meaning(kind, ctx.lang));
    if let Some(evidence) = &alert.detail.evidence {
        println!("  {}", words::evidence(evidence, ctx.lang));
    }
    println!("  {} {}", ctx.say("firing since", "触发于"), clock(alert.fired_at, zone));
    if let Some(until) = alert.handling.until() {
        println!("  {} {}", ctx.say("handled until", "处理至"), clock(until, zone));
    }
    for lead in &alert.finding.leads {
        println!("  {}", super::show::one_line(ctx, &world, *lead));
    }
    let moment = Moment::at(zone, now);
    for (n, remedy) in (1..).zip(&remedies(&world, alert, &moment)) {
        println!("  {n}. {}", words::remedy(&world, remedy, ctx.lang));
    }
    if let Some(band) = band::band(&alert.finding, &alert.detail, None) {
        println!("  {}", band::words(&band, ctx.lang));
    }
    for event in read_story(&ctx.read()?, alert.finding.key, alert.fired_seq)? {
        let step = engine_words::alerts::step(&world, &event, ctx.lang);
        println!("  {} {}: {step}", clock(event.at, zone), event.actor);
    }
    if let Some(precision) = world.alert_tally(kind).precision_milli() {
        let precision = engine_words::milli(i64::try_from(precision).unwrap_or(0) * 100);
        println!("  {} {precision} %", ctx.say("no false alarm so far in", "该检测历史准确率"));
    }
    Ok(())
}

fn alert_json(ctx: &Context, world: &World, alert: &Alert, now: Millis) -> Value {
    let moment = Moment::at(world.book().zone, now);
    let (finding, detail) = (&alert.finding, &alert.detail);
    let remedies: Vec<SmolStr> = remedies(world, alert, &moment)
        .iter()
        .map(|remedy| words::remedy(world, remedy, ctx.lang).into())
        .collect();
    let comments: Vec<Value> = alert
        .comments
        .iter()
        .map(|c| json!({"by": c.by.as_str(), "at": c.at.to_rfc3339(), "text": c.text.as_str()}))
        .collect();
    json!({
        "alert": alert.fired_seq.0, "kind": finding.key.kind.word(), "severity": detail.severity.word(),
        "state": words::state(alert, now, Lang::En), "since": alert.fired_at.to_rfc3339(),
        "about": words::about(world, finding, detail, ctx.lang),
        "cause": words::cause(world, finding, detail, ctx.lang),
        "meaning": words::meaning(finding.key.kind, ctx.lang),
        "count": finding.count, "figure": finding.figure, "limit": finding.limit,
        "leads": finding.leads.iter().map(|l| l.0).collect::<Vec<_>>(),
        "evidence": detail.evidence, "remedies": remedies, "comments": comments, "flaps": alert.flaps,
        "suppressed": world.suppressed(finding.key, now).map(|why| words::suppressed(why, Lang::En)),
        "handled_until": alert.handling.until().map(Millis::to_rfc3339),
        "previous": alert.previous.map(|seq| seq.0),
    })
}
