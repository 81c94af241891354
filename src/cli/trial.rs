//! `rules shadow …` and `rules canary …`: a draft on trial beside the book in force, and what came of it.

use std::path::Path;

use serde_json::{Value, json};

use super::args::{CanaryCommand, ShadowCommand};
use super::context::{CliError, Context, Done, clock};
use crate::engine::{Intent, Refusal, TrialWish, trial, words};
use crate::model::event::{Body, Event};
use crate::model::time::Millis;
use crate::model::trial::{Figure, Landing, Share, Side, TrialKind};
use crate::report::trial::{differences, figure_words};
use crate::world::{TrialState, World};

/// `rules shadow`.
///
/// # Errors
/// See [`CliError`].
pub fn shadow(ctx: &Context, command: &ShadowCommand) -> Done {
    match command {
        ShadowCommand::Start { file, reason } => start(ctx, file, TrialKind::Shadow, reason),
        ShadowCommand::Stop => stop(ctx),
        ShadowCommand::Report => report(ctx, |kind| *kind == TrialKind::Shadow),
    }
}

/// `rules canary`.
///
/// # Errors
/// See [`CliError`].
pub fn canary(ctx: &Context, command: &CanaryCommand) -> Done {
    match command {
        CanaryCommand::Start { file, share, team, until, promote_when, reason } => {
            let world = ctx.read()?.load_world(&mut |_, _| {})?;
            let until = super::overlay::until_of(ctx, &world, until)?;
            let share = match (share, team) {
                (Some(share), _) => part(ctx, share, until)?,
                (None, Some(team)) => Share::Team(team.as_str().into()),
                (None, None) => {
                    let help =
                        ctx.say("say for whom: --share 10% or --team", "请用 --share 10% 或 --team 指定范围");
                    return Err(CliError::Usage(help.to_owned()));
                }
            };
            let kind = TrialKind::Canary { share, until, promote_when: promote_when.as_str().into() };
            start(ctx, file, kind, reason)
        }
        CanaryCommand::Stop => stop(ctx),
        CanaryCommand::Report => report(ctx, |kind| *kind != TrialKind::Shadow),
    }
}

/// `10%`, `2.5 %` of all leads.
fn part(ctx: &Context, text: &str, until: Millis) -> Done<Share> {
    Share::of_percent(text, until).ok_or_else(|| {
        let help = ctx.say(
            "a share is written 10% or 2.5%, from 0.1% to 99.9%",
            "比例写作 10% 或 2.5%，从 0.1% 到 99.9%",
        );
        CliError::Usage(format!("--share {text}: {help}"))
    })
}

fn start(ctx: &Context, file: &Path, kind: TrialKind, reason: &str) -> Done {
    let text = super::rules::read(file)?;
    let desk = ctx.desk(false)?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    let base = world.published().version;
    let wish = TrialWish { text: text.as_str().into(), kind, reason: reason.into(), base };
    let outcome = ctx.run(desk.handle(), Intent::StartTrial(wish))?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    let line = world.trial().map_or_else(String::new, |state| words::trial(&world, state.trial(), ctx.lang));
    ctx.report(&outcome, &world, &line);
    if !ctx.json
        && let Some(line) = untried(ctx, &world)
    {
        println!("{line}");
    }
    Ok(())
}

fn stop(ctx: &Context) -> Done {
    let desk = ctx.desk(false)?;
    let outcome = ctx.run(desk.handle(), Intent::StopTrial)?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    let id = world.trial().map_or_else(String::new, |state| state.trial().id.to_string());
    ctx.report(&outcome, &world, &format!("{id} {}", ctx.say("stopped", "已停止")));
    Ok(())
}

/// What of the draft is not tried.
fn untried(ctx: &Context, world: &World) -> Option<String> {
    let parts = trial::untried(world);
    let list = parts.join(", ");
    let (en, zh) = (
        format!("A trial is of the rules; not tried, though the draft says otherwise: {list}"),
        format!("试运行只涉及规则；草稿中以下部分不同，但不参与试运行：{list}"),
    );
    (!parts.is_empty()).then(|| ctx.say(&en, &zh).to_owned())
}

fn report(ctx: &Context, is_kind: impl Fn(&TrialKind) -> bool) -> Done {
    let store = ctx.read()?;
    let world = store.load_world(&mut |_, _| {})?;
    let Some(state) = world.trial().filter(|state| is_kind(&state.trial().kind)) else {
        return Err(CliError::Refused(ctx.refusal(&Refusal::NoTrial, Some(&world))));
    };
    let found = differences(&store, state.trial().id)?;
    if ctx.json {
        let mut json = json_of(&world, state);
        json["differences"] = found.iter().map(|e| difference_json(&world, e)).collect::<Vec<_>>().into();
        println!("{json}");
        return Ok(());
    }
    println!("{}", words::trial(&world, state.trial(), ctx.lang));
    if let Some((at, end)) = &state.kept.ended {
        println!("{} · {}", clock(*at, world.book().zone), words::trial_end(end, ctx.lang));
    }
    if let Some(line) = untried(ctx, &world) {
        println!("{line}");
    }
    let tally = state.tally();
    if state.trial().kind == TrialKind::Shadow {
        let (decided, other) = (tally.rest.decided(), tally.differed);
        println!(
            "{}: {decided} · {}: {other}",
            ctx.say("decided", "已决定"),
            ctx.say("otherwise", "结果不同")
        );
        for event in &found {
            println!(
                "  {} · {}",
                clock(event.at, world.book().zone),
                words::history(&world, event, ctx.lang)
            );
        }
        return Ok(());
    }
    println!("  {:>10} {:>10}", ctx.say("draft", "草稿"), ctx.say("rest", "其余"));
    for (figure, word) in Figure::ALL {
        let cell = |side: &Side| figure_words(figure, side);
        let title = ctx.say("", figure.word_zh());
        let gap = if title.is_empty() { "" } else { " " };
        println!("  {:>10} {:>10}  {title}{gap}{word}", cell(&tally.draft), cell(&tally.rest));
    }
    Ok(())
}

/// The trial that is on or was last, as JSON.
#[must_use]
pub fn json_of(world: &World, state: &TrialState) -> Value {
    let trial = state.trial();
    let side = |side: &Side| {
        let figures = Figure::ALL.map(|(figure, word)| (word.to_owned(), side.figure(figure).into()));
        Value::Object(figures.into_iter().collect())
    };
    let mut json = json!({"trial": trial.id.0, "base": trial.base.0, "set_by": trial.set_by, "reason": trial.reason,
        "set_at": trial.set_at.to_rfc3339(), "on": state.is_on(),
        "ended": state.kept.ended.as_ref().map(|(at, _)| at.to_rfc3339()),
        "end": state.kept.ended.as_ref().map(|(_, end)| words::trial_end(end, crate::model::lang::Lang::En)),
        "untried": trial::untried(world), "differed": state.tally().differed,
        "decided": state.tally().rest.decided() + state.tally().draft.decided(),
        "rest": side(&state.tally().rest)});
    match &trial.kind {
        TrialKind::Shadow => json["kind"] = "shadow".into(),
        TrialKind::Canary { share, until, promote_when } => {
            json["kind"] = "canary".into();
            json["draft"] = side(&state.tally().draft);
            json["until"] = until.to_rfc3339().into();
            json["promote_when"] = promote_when.as_str().into();
            match share {
                Share::Leads { permille, .. } => json["share_permille"] = (*permille).into(),
                Share::Team(team) => json["team"] = team.as_str().into(),
            }
        }
    }
    json
}

fn difference_json(world: &World, event: &Event) -> Value {
    let Body::TrialDiffered { lead, live, draft, .. } = &event.body else { return Value::Null };
    let side = |landing: &Landing| match landing {
        Landing::Rep { rep, rule } => {
            json!({"rep": world.rep(*rep).map(|r| r.card.login.to_string()), "rule": rule})
        }
        Landing::Waits => json!("waits"),
        Landing::Parked => json!("parked"),
    };
    json!({"lead": lead.0, "at": event.at.to_rfc3339(), "live": side(live), "draft": side(draft)})
}

/// A line for the trial that is on, for `status`.
#[must_use]
pub fn line(ctx: &Context, world: &World) -> Option<String> {
    world.trial_on().map(|state| words::trial(world, state.trial(), ctx.lang))
}

/// The trial that is on as JSON, for `status`.
#[must_use]
pub fn on_json(world: &World) -> Value {
    world.trial_on().map_or(Value::Null, |state| json_of(world, state))
}
