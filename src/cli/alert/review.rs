//! `alert history` and `alert review`: what became of alerts, from the log.

use serde_json::{Value, json};

use super::super::context::{CliError, Context, Done, clock};
use super::may_see;
use crate::desk::Clock;
use crate::engine::words::{self, alerts::ended, rep_name, span};
use crate::model::alert::{AlertKind, AlertSubject};
use crate::model::lang::Lang;
use crate::model::time::DAY_MS;
use crate::report::alerts::{Episode, Review, Row, WEEK_MS};
use crate::world::World;

/// Longest history told, in days.
const DAYS_MAX: u32 = 366;

/// Each episode of the last days, newest first.
pub(super) fn history(ctx: &Context, kind: Option<&str>, days: u32) -> Done {
    let kind = kind.map(|word| {
        AlertKind::from_word(word).ok_or_else(|| {
            let known: Vec<&str> = AlertKind::ALL.iter().map(|kind| kind.word()).collect();
            CliError::Usage(format!("{word}: {}", known.join(", ")))
        })
    });
    let kind = kind.transpose()?;
    if days == 0 || days > DAYS_MAX {
        return Err(CliError::Usage(format!("--days 1..{DAYS_MAX}")));
    }
    let store = ctx.read()?;
    let world = store.load_world(&mut |_, _| {})?;
    let now = Clock::Machine.now();
    let until = now.plus(1);
    let review = Review::read(&store, now.plus(-i64::from(days) * DAY_MS), until)?;
    let told =
        |of: &&Episode| kind.is_none_or(|kind| of.key.kind == kind) && may_see(ctx, &world, of.key.kind);
    let episodes: Vec<&Episode> = review.episodes.iter().filter(told).collect();
    if ctx.json {
        let rows: Vec<Value> = episodes.iter().map(|of| episode_json(ctx, &world, of)).collect();
        println!("{}", Value::from(rows));
        return Ok(());
    }
    if episodes.is_empty() {
        println!("{}", ctx.say("no alert fired in these days", "这些天没有提醒触发"));
    }
    for of in episodes {
        println!("{}", episode_line(ctx, &world, of));
    }
    Ok(())
}

fn about(ctx: &Context, world: &World, of: &Episode) -> String {
    match of.key.subject {
        AlertSubject::Desk => ctx.say("the desk", "整个销售台").to_owned(),
        AlertSubject::Rep(rep) => rep_name(world, rep),
        AlertSubject::Lead(lead) => lead.to_string(),
        AlertSubject::Source(_) | AlertSubject::Rule(_) => of.about.to_string(),
    }
}

fn episode_line(ctx: &Context, world: &World, of: &Episode) -> String {
    let zone = world.book().zone;
    let kind = words::alert(of.key.kind, ctx.lang);
    let acted = match &of.acted {
        Some((at, by)) => {
            let after = span(at.since(of.fired_at));
            match ctx.lang {
                Lang::En => format!("{by} after {after}"),
                Lang::Zh => format!("{by}，{after}"),
            }
        }
        None if of.automatic > 0 => ctx.say("by the book", "自动处理").to_owned(),
        None => ctx.say("nobody acted", "无人处理").to_owned(),
    };
    let end = match &of.ended {
        Some((at, _, cleared)) => format!("{} {}", span(at.since(of.fired_at)), ended(cleared, ctx.lang)),
        None => ctx.say("still open", "仍未解除").to_owned(),
    };
    let (at, who) = (clock(of.fired_at, zone), about(ctx, world, of));
    format!("{} · {at} · {kind} · {who} · {acted} · {end}", of.episode)
}

fn episode_json(ctx: &Context, world: &World, of: &Episode) -> Value {
    json!({
        "alert": of.episode.0, "kind": of.key.kind.word(), "about": about(ctx, world, of),
        "severity": of.severity.word(), "fired": of.fired_at.to_rfc3339(),
        "acted": of.acted.as_ref().map(|(at, _)| at.to_rfc3339()),
        "acted_by": of.acted.as_ref().map(|(_, by)| by.as_str()),
        "remedies": of.remedies, "automatic": of.automatic, "escalated": of.escalated,
        "ended": of.ended.as_ref().map(|(at, ..)| at.to_rfc3339()),
        "ending": of.ended.as_ref().map(|(_, _, cleared)| cleared.why.word()),
        "note": of.ended.as_ref().map(|(_, _, cleared)| cleared.note.as_str()),
    })
}

/// The figures of each detector in a week, beside the week before.
pub(super) fn review(ctx: &Context, back: u32) -> Done {
    let store = ctx.read()?;
    let world = store.load_world(&mut |_, _| {})?;
    // What happens this very moment belongs to the week that ends with it.
    let until = Clock::Machine.now().plus(1 - i64::from(back) * WEEK_MS);
    let from = until.plus(-WEEK_MS);
    let (week, before) =
        (Review::read(&store, from, until)?, Review::read(&store, from.plus(-WEEK_MS), from)?);
    let kinds: Vec<AlertKind> = AlertKind::ALL
        .into_iter()
        .filter(|kind| may_see(ctx, &world, *kind) && week.row(*kind).or(before.row(*kind)).is_some())
        .collect();
    if ctx.json {
        let rows: Vec<Value> = kinds.iter().map(|kind| row_json(*kind, &week, &before)).collect();
        println!("{}", json!({"from": from.to_rfc3339(), "until": until.to_rfc3339(), "detectors": rows}));
        return Ok(());
    }
    let zone = world.book().zone;
    println!("{} → {}", clock(from, zone), clock(until, zone));
    if kinds.is_empty() {
        println!("{}", ctx.say("no alert fired in this week or the one before", "本周和上周都没有提醒触发"));
    }
    for kind in kinds {
        println!("{}", row_line(ctx, kind, week.row(kind), before.row(kind)));
    }
    Ok(())
}

fn row_line(ctx: &Context, kind: AlertKind, row: Option<&Row>, before: Option<&Row>) -> String {
    let name = words::alert(kind, ctx.lang);
    let then = before.map_or(0, |row| row.fired);
    let Some(row) = row else {
        return match ctx.lang {
            Lang::En => format!("{name}: fired 0 ({then} before)"),
            Lang::Zh => format!("{name}：触发 0 次（上周 {then} 次）"),
        };
    };
    let median = row.to_act_ms.map_or_else(|| "-".to_owned(), span);
    let precise = row.precision_milli().map_or_else(|| "-".to_owned(), |p| format!("{} %", p / 10));
    let (fired, acted, auto) = (row.fired, row.acted, row.automatic);
    let (wrong, averted) = (row.false_alarms, row.averted);
    match ctx.lang {
        Lang::En => format!(
            "{name}: fired {fired} ({then} before), acted on {acted}, median {median}, by the book {auto}, \
             false alarms {wrong}, precision {precise}, averted {averted}"
        ),
        Lang::Zh => format!(
            "{name}：触发 {fired} 次（上周 {then} 次），处理 {acted}，中位用时 {median}，自动处理 {auto}，\
             误报 {wrong}，准确率 {precise}，自行恢复 {averted}"
        ),
    }
}

fn row_json(kind: AlertKind, week: &Review, before: &Review) -> Value {
    let one = |row: Option<&Row>| {
        row.map(|row| {
            json!({
                "fired": row.fired, "acted": row.acted, "median_to_act_ms": row.to_act_ms,
                "by_book": row.automatic, "escalated": row.escalated, "ended": row.ended,
                "false_alarms": row.false_alarms, "precision_milli": row.precision_milli(),
                "averted": row.averted,
            })
        })
    };
    json!({"kind": kind.word(), "week": one(week.row(kind)), "before": one(before.row(kind))})
}
