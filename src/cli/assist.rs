//! Modes and what assist is for: `mode`, `proposals`, `accept`.

use serde_json::{Value, json};

use super::args::ModeArgs;
use super::context::{CliError, Context, Done, clock};
use crate::desk::{Clock, Desk};
use crate::engine::assist::{PROPOSALS_MAX, Proposal};
use crate::engine::{Intent, To, assist, words};
use crate::model::id::{LeadId, RepId};
use crate::model::mode::{Mode, ModeScope, ScopedMode};
use crate::model::time::Millis;
use crate::world::{Moment, World};

/// `mode [--team T | --rule R | --source S] [auto|assist|paused] [--until …]`.
///
/// # Errors
/// See [`CliError`].
pub fn mode(ctx: &Context, args: &ModeArgs) -> Done {
    let Some(word) = &args.mode else {
        let world = ctx.read()?.load_world(&mut |_, _| {})?;
        show(ctx, &world, Clock::Machine.now());
        return Ok(());
    };
    let mode =
        Mode::from_word(word).ok_or_else(|| CliError::Usage(format!("{word}: auto / assist / paused")))?;
    let scope = match (&args.team, &args.rule, &args.source) {
        (Some(team), ..) => ModeScope::Team(team.as_str().into()),
        (_, Some(rule), _) => ModeScope::Rule(rule.as_str().into()),
        (.., Some(source)) => ModeScope::Source(source.as_str().into()),
        (None, None, None) => ModeScope::Desk,
    };
    let desk = ctx.desk(false)?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    let until = args.until.as_ref().map(|text| super::overlay::until_of(ctx, &world, text)).transpose()?;
    let what = format!("{}: {}", words::scope(&scope, ctx.lang), words::mode(mode, ctx.lang));
    let outcome = ctx.run(desk.handle(), Intent::SetScopeMode { scope, mode, until })?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    ctx.report(&outcome, &world, &what);
    Ok(())
}

fn show(ctx: &Context, world: &World, now: Millis) {
    if ctx.json {
        println!("{}", json!({"mode": world.mode_at(now).word(), "parts": modes_json(world, now)}));
        return;
    }
    println!("{}", words::mode(world.mode_at(now), ctx.lang));
    for line in mode_lines(ctx, world, now) {
        println!("{line}");
    }
}

fn live(world: &World, now: Millis) -> impl Iterator<Item = (&ModeScope, &ScopedMode)> {
    world.modes().iter().filter(move |(_, m)| m.is_live(now))
}

/// A line for each mode of a part of the desk in force.
#[must_use]
pub fn mode_lines(ctx: &Context, world: &World, now: Millis) -> Vec<String> {
    let line = |(scope, set): (&ModeScope, &ScopedMode)| {
        let until = set.until.map_or_else(String::new, |until| {
            format!(" {} {}", ctx.say("until", "至"), clock(until, world.book().zone))
        });
        let (of, mode) = (words::scope(scope, ctx.lang), words::mode(set.mode, ctx.lang));
        format!("{of}: {mode}{until} · {}", set.set_by)
    };
    live(world, now).map(line).collect()
}

/// The modes of parts of the desk in force, as JSON.
#[must_use]
pub fn modes_json(world: &World, now: Millis) -> Value {
    let one = |(scope, set): (&ModeScope, &ScopedMode)| {
        let (kind, name) = match scope {
            ModeScope::Desk => ("desk", ""),
            ModeScope::Team(name) => ("team", name.as_str()),
            ModeScope::Rule(name) => ("rule", name.as_str()),
            ModeScope::Source(name) => ("source", name.as_str()),
        };
        json!({"of": kind, "name": name, "mode": set.mode.word(),
            "until": set.until.map(|t| t.to_rfc3339()), "set_by": set.set_by})
    };
    live(world, now).map(one).collect::<Vec<_>>().into()
}

fn found(world: &World, max: usize) -> Vec<Proposal> {
    let moment = Moment::at(world.book().zone, Clock::Machine.now());
    assist::proposals(world, &moment, max)
}

/// `proposals`.
///
/// # Errors
/// The file's.
pub fn proposals(ctx: &Context, limit: usize) -> Done {
    let world = ctx.read()?.load_world(&mut |_, _| {})?;
    let found = found(&world, limit);
    let why = |p: &Proposal| p.why.as_ref().map_or_else(String::new, |w| words::verdict(&world, w, ctx.lang));
    if ctx.json {
        let one = |p: &Proposal| {
            let rep = world.rep(p.gift.rep).map(|r| r.card.login.to_string());
            json!({"lead": p.lead.0, "rep": rep, "rule": p.gift.rule, "divert": p.gift.divert.map(|d| d.0),
                "score": p.score, "words": why(p)})
        };
        println!("{}", Value::from(found.iter().map(one).collect::<Vec<_>>()));
        return Ok(());
    }
    for p in &found {
        println!("{} → {}? · {}", p.lead, words::rep_name(&world, p.gift.rep), why(p));
    }
    Ok(())
}

/// `accept LEAD… | --all`.
///
/// # Errors
/// See [`CliError`].
pub fn accept(ctx: &Context, leads: &[String], all: bool, as_shown: bool) -> Done {
    let desk = ctx.desk(false)?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    let items = items(ctx, &world, leads, all)?;
    if as_shown {
        return place(ctx, &desk, &items);
    }
    let outcome = ctx.run(desk.handle(), Intent::Accept { items })?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    ctx.report(&outcome, &world, ctx.say("accepted", "已确认建议"));
    Ok(())
}

fn items(ctx: &Context, world: &World, leads: &[String], all: bool) -> Done<Vec<(LeadId, RepId)>> {
    let shown: Vec<(LeadId, RepId)> =
        found(world, PROPOSALS_MAX).iter().map(|p| (p.lead, p.gift.rep)).collect();
    if all {
        return Ok(shown);
    }
    if leads.is_empty() {
        let help = ctx.say("name at least one lead, or --all", "请给出至少一条线索，或用 --all");
        return Err(CliError::Usage(help.to_owned()));
    }
    let one = |text: &String| {
        let (lead, rep) = text.split_once('=').map_or((text.as_str(), None), |(l, r)| (l, Some(r)));
        let lead = ctx.lead_id(lead)?;
        match rep {
            Some(rep) => Ok((lead, ctx.rep_id(world, rep)?)),
            None => shown.iter().find(|(l, _)| *l == lead).copied().ok_or_else(|| {
                let why = ctx.say("the engine proposes nobody for it", "引擎没有建议");
                CliError::Refused(format!("{lead}: {why}"))
            }),
        }
    };
    leads.iter().map(one).collect()
}

/// Each with the rep shown, by hand.
fn place(ctx: &Context, desk: &Desk, items: &[(LeadId, RepId)]) -> Done {
    for (lead, rep) in items {
        let intent = Intent::Place {
            leads: vec![*lead],
            to: To::Rep(*rep),
            reason: "as shown".into(),
            force: false,
            turn: true,
        };
        let outcome = ctx.run(desk.handle(), intent)?;
        let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
        ctx.report(&outcome, &world, ctx.say("placed", "已分配"));
    }
    Ok(())
}
