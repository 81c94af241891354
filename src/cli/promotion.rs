//! `promotion …`: which promotions the book has and which are on, switching one on or off by hand, and what one did.

use serde_json::{Value, json};
use smol_str::SmolStr;

use super::args::PromotionCommand;
use super::context::{Context, Done, clock};
use crate::desk::Clock;
use crate::engine::{Intent, Refusal};
use crate::model::time::Millis;
use crate::report::promotion::{Beside, Figures, before};
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
        PromotionCommand::Report { name } => report(ctx, name),
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

fn report(ctx: &Context, name: &str) -> Done {
    let store = ctx.read()?;
    let world = store.load_world(&mut |_, _| {})?;
    let now = Clock::Machine.now();
    let no = |refusal: Refusal| super::context::CliError::Refused(ctx.refusal(&refusal, Some(&world)));
    if world.book().promotion(name).is_none() {
        return Err(no(Refusal::NoSuchPromotion { name: name.into() }));
    }
    let run = world.last_run(name, now).ok_or_else(|| no(Refusal::PromotionNotOn { name: name.into() }))?;
    let beside = Beside::read(&store, &world, run, now)?;
    if ctx.json {
        let (earlier, during) = before(run, now);
        println!(
            "{}",
            json!({"name": name, "from": run.from.to_rfc3339(), "until": run.until.to_rfc3339(),
                "ended": beside.is_over, "log_begins": beside.log_begins.map(Millis::to_rfc3339),
                "before": figures_json(&world, earlier, &beside.before),
                "during": figures_json(&world, during, &beside.during)})
        );
        return Ok(());
    }
    let state = if beside.is_over { ctx.say("over", "已结束") } else { ctx.say("so far", "进行中") };
    println!("{name}  {} · {state}", span(run, &world));
    if let Some(at) = beside.log_begins {
        let at = clock(at, world.book().zone);
        println!("{} {at}", ctx.say("the desk's log begins only", "工作台的记录始于"));
    }
    println!("  {:>10} {:>10}", ctx.say("before", "之前"), ctx.say("during", "期间"));
    for (title, then, here) in beside.lines(&world, ctx.lang) {
        println!("  {then:>10} {here:>10}  {title}");
    }
    Ok(())
}

fn figures_json(world: &World, span: Run, f: &Figures) -> Value {
    let login = |rep| world.rep(rep).map_or_else(SmolStr::default, |r| r.card.login.clone());
    let reps: serde_json::Map<String, Value> =
        f.reps.iter().map(|(rep, n)| (login(*rep).to_string(), (*n).into())).collect();
    json!({"from": span.from.to_rfc3339(), "until": span.until.to_rfc3339(), "arrivals": f.arrivals,
        "by_engine": f.by_engine, "overridden": f.overridden, "claimed": f.claimed, "answered": f.answered,
        "response_median_ms": f.response_median_ms, "response_p90_ms": f.response_p90_ms,
        "spread_milli": f.spread_milli, "rules": f.rules, "reps": reps})
}
