//! `promotion …`: which promotions the book has and which are on, switching one on or off by hand, and what one did.

mod report;

use serde_json::{Value, json};

use super::args::PromotionCommand;
use super::context::{Context, Done, clock};
use crate::desk::Clock;
use crate::engine::Intent;
use crate::model::time::Millis;
use crate::rulebook::Promotion;
use crate::world::World;
use crate::world::promotion::Run;

/// Carries out a `promotion` command.
///
/// # Errors
/// See [`super::context::CliError`].
pub fn promotion(ctx: &Context, command: &PromotionCommand) -> Done {
    match command {
        PromotionCommand::List => {
            let world = ctx.read()?.load_world(&mut |_, _| {})?;
            list(ctx, &world, Clock::Machine.now());
            Ok(())
        }
        PromotionCommand::Start { name, until, reason } => {
            let desk = ctx.desk(false)?;
            let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
            let until = super::overlay::until_of(ctx, &world, until)?;
            let (promotion, reason) = (name.as_str().into(), reason.as_str().into());
            let outcome = ctx.run(desk.handle(), Intent::StartPromotion { promotion, until, reason })?;
            let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
            let until = clock(until, world.book().zone);
            ctx.report(&outcome, &world, &format!("{name} {} {until}", ctx.say("is on until", "进行至")));
            Ok(())
        }
        PromotionCommand::Stop { name, reason } => {
            let desk = ctx.desk(false)?;
            let (promotion, reason) = (name.as_str().into(), reason.as_str().into());
            let outcome = ctx.run(desk.handle(), Intent::StopPromotion { promotion, reason })?;
            let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
            ctx.report(&outcome, &world, &format!("{name} {}", ctx.say("ended", "已结束")));
            Ok(())
        }
        PromotionCommand::Report { name, run } => report::report(ctx, name, *run),
    }
}

fn span(run: Run, world: &World) -> String {
    format!("{} – {}", clock(run.from, world.book().zone), clock(run.until, world.book().zone))
}

fn on(world: &World, name: &str, now: Millis) -> Option<Run> {
    world.promotions_at(now).find(|(p, _)| p.name == name).map(|(_, run)| run)
}

/// The first run after `now`.
fn next(world: &World, name: &str, now: Millis) -> Option<Run> {
    world.promotion_runs(name).iter().find(|run| run.from > now).copied()
}

fn list(ctx: &Context, world: &World, now: Millis) {
    if ctx.json {
        println!("{}", all_json(world, now));
        return;
    }
    for promotion in &world.book().promotions {
        let name = &promotion.name;
        let state = match (on(world, name, now), next(world, name, now)) {
            (Some(run), _) => {
                format!("{} {}", ctx.say("on until", "进行中，至"), clock(run.until, world.book().zone))
            }
            (None, Some(run)) => format!("{} {}", ctx.say("comes", "将于"), span(run, world)),
            (None, None) => ctx.say("off", "未进行").to_owned(),
        };
        let window = promotion.during.as_ref().map_or_else(String::new, |w| format!(" · {w}"));
        println!("{name}  {state}{window}");
    }
}

fn run_json(run: Option<Run>) -> Value {
    run.map_or(Value::Null, |run| json!({"from": run.from.to_rfc3339(), "until": run.until.to_rfc3339()}))
}

fn one_json(world: &World, promotion: &Promotion, now: Millis) -> Value {
    let name = &promotion.name;
    let switch = world.promotion_switches().get(name);
    json!({"name": name, "window": promotion.during, "on": run_json(on(world, name, now)),
        "next": run_json(next(world, name, now)),
        "set_by": switch.map(|s| s.set_by.clone()), "reason": switch.map(|s| s.reason.clone())})
}

fn all_json(world: &World, now: Millis) -> Value {
    world.book().promotions.iter().map(|p| one_json(world, p, now)).collect::<Vec<_>>().into()
}

/// The promotions that are on, as JSON; for `status`.
#[must_use]
pub fn on_json(world: &World, now: Millis) -> Value {
    world.promotions_at(now).map(|(p, _)| one_json(world, p, now)).collect::<Vec<_>>().into()
}

/// A line for each promotion that is on, for `status`.
#[must_use]
pub fn lines(ctx: &Context, world: &World, now: Millis) -> Vec<String> {
    let (title, until) = (ctx.say("promotion", "大促"), ctx.say("until", "至"));
    let line = |(p, run): (&Promotion, Run)| {
        format!("{title} {} {until} {}", p.name, clock(run.until, world.book().zone))
    };
    world.promotions_at(now).map(line).collect()
}
