//! `promotion …`: which promotions the book has and which are on, switching one on or off by hand, and what one did.

use serde_json::{Value, json};
use smol_str::SmolStr;

use super::args::PromotionCommand;
use super::context::{Context, Done, clock};
use crate::desk::Clock;
use crate::engine::{Intent, Refusal, words};
use crate::model::id::Seq;
use crate::model::time::{MINUTE_MS, Millis};
use crate::report::promotion::{Figures, Tally, before};
use crate::rulebook::Promotion;
use crate::store::Store;
use crate::world::World;
use crate::world::promotion::Run;

/// Events read at once.
const PAGE: usize = 2_000;
/// Rules and reps listed of a report, the busiest first.
const TOP_MAX: usize = 10;

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
    let (earlier, during) = before(run, now);
    let figures = [tally(&store, &world, earlier)?, tally(&store, &world, during)?];
    if ctx.json {
        let [then, here] = &figures;
        println!(
            "{}",
            json!({"name": name, "from": run.from.to_rfc3339(), "until": run.until.to_rfc3339(),
                "ended": run.until <= now,
                "before": figures_json(&world, earlier, then), "during": figures_json(&world, during, here)})
        );
        return Ok(());
    }
    let state = if run.until <= now { ctx.say("over", "已结束") } else { ctx.say("so far", "进行中") };
    println!("{name}  {} · {state}", span(run, &world));
    print_beside(ctx, &world, &figures);
    Ok(())
}

/// Adds up a stretch of the log, a page at a time.
fn tally(store: &Store, world: &World, span: Run) -> Done<Figures> {
    let mut tally = Tally::new(span);
    // Times in the log may step back a little: whatever lies outside is left out by the tally itself.
    let mut from = Seq(store.seq_at(span.from.plus(-MINUTE_MS))?.0 + 1);
    let to = store.seq_at(span.until.plus(MINUTE_MS))?;
    while from <= to {
        let page = store.events(from, to, PAGE)?;
        let Some(last) = page.last() else { break };
        from = Seq(last.seq.0 + 1);
        page.iter().for_each(|event| tally.see(event, world));
    }
    Ok(tally.figures(world))
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

fn print_beside(ctx: &Context, world: &World, figures: &[Figures; 2]) {
    let row = |title: &str, value: &dyn Fn(&Figures) -> String| {
        let [then, here] = figures;
        println!("  {:>10} {:>10}  {title}", value(then), value(here));
    };
    println!("  {:>10} {:>10}", ctx.say("before", "之前"), ctx.say("during", "期间"));
    row(ctx.say("arrivals", "到达"), &|f| f.arrivals.to_string());
    row(ctx.say("placed by the engine", "引擎分配"), &|f| f.by_engine.to_string());
    row(ctx.say("overridden by a person", "人工改派"), &|f| f.overridden.to_string());
    row(ctx.say("claimed", "领取"), &|f| f.claimed.to_string());
    let time = |ms: Option<i64>| ms.map_or_else(|| "–".into(), |ms| words::span(ms));
    row(ctx.say("answered, where replies are recorded", "已响应（有回复记录的渠道）"), &|f| {
        f.answered.to_string()
    });
    row(ctx.say("first response, median", "首次响应时间，中位"), &|f| time(f.response_median_ms));
    row(ctx.say("first response, 90 %", "首次响应时间，90%"), &|f| time(f.response_p90_ms));
    row(ctx.say("spread", "均衡度"), &|f| {
        f.spread_milli.map_or_else(|| "–".into(), |milli| format!("{} %", words::milli(milli * 100)))
    });
    let [then, here] = figures;
    for rule in top(then.rules.iter().chain(&here.rules)) {
        let title = format!("{} {rule}", ctx.say("rule", "规则"));
        row(&title, &|f| f.rules.get(&rule).copied().unwrap_or(0).to_string());
    }
    for rep in top(then.reps.iter().chain(&here.reps)) {
        row(&words::rep_name(world, rep), &|f| f.reps.get(&rep).copied().unwrap_or(0).to_string());
    }
}

/// The keys with the most, both stretches together.
fn top<'a, K: Ord + Clone + 'a>(all: impl Iterator<Item = (&'a K, &'a u64)>) -> Vec<K> {
    let mut sums: std::collections::BTreeMap<K, u64> = std::collections::BTreeMap::new();
    for (key, count) in all {
        *sums.entry(key.clone()).or_default() += count;
    }
    let mut keys: Vec<(u64, K)> = sums.into_iter().map(|(key, count)| (count, key)).collect();
    keys.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    keys.into_iter().take(TOP_MAX).map(|(_, key)| key).collect()
}
