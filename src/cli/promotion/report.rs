//! `promotion report`: every run of a promotion in the log, and one of them beside the time before it. Figures are
//! `report::promotion`'s, runs the world's.

use serde_json::{Value, json};
use smol_str::SmolStr;

use super::span;
use crate::cli::context::{CliError, Context, Done, clock};
use crate::desk::Clock;
use crate::engine::{Refusal, words};
use crate::model::id::Seq;
use crate::model::time::Millis;
use crate::report::promotion::{Figures, before, lines, tally};
use crate::store::Store;
use crate::world::World;
use crate::world::promotion::Run;
use crate::world::promotion::history::History;

/// Events read at once.
const PAGE: usize = 2_000;
/// Runs listed, the newest; each is added up from the log.
const RUNS_MAX: usize = 24;

/// Every run of the promotion that has begun, the oldest first.
fn runs(store: &Store, name: &str, now: Millis) -> Done<Vec<Run>> {
    let mut history = History::of(name);
    let mut from = Seq(1);
    loop {
        let page = store.events_of(&History::VERBS, from, PAGE)?;
        let Some(last) = page.last() else { return Ok(history.runs(now)) };
        from = Seq(last.seq.0 + 1);
        page.iter().for_each(|event| history.see(event));
    }
}

/// When the log begins, if that is after `from`: what was before is unknown, not nothing.
fn begins_late(store: &Store, from: Millis) -> Done<Option<Millis>> {
    let first = store.events(Seq(1), Seq(1), 1)?;
    Ok(first.first().map(|event| event.at).filter(|at| *at > from))
}

/// What is told of a promotion.
struct Told {
    name: SmolStr,
    world: World,
    now: Millis,
    count: usize,
    /// The newest runs with their numbers.
    log: Vec<(usize, Run, Figures)>,
    number: usize,
    run: Run,
    /// The stretch before the run and the run so far.
    spans: [Run; 2],
    figures: [Figures; 2],
    late: Option<Millis>,
}

/// `promotion report`.
///
/// # Errors
/// See [`CliError`].
pub(super) fn report(ctx: &Context, name: &str, nth: Option<usize>) -> Done {
    let store = ctx.read()?;
    let world = store.load_world(&mut |_, _| {})?;
    let now = Clock::Machine.now();
    let runs = runs(&store, name, now)?;
    let refused = |refusal: Refusal| CliError::Refused(ctx.refusal(&refusal, Some(&world)));
    if runs.is_empty() && world.book().promotion(name).is_none() {
        return Err(refused(Refusal::NoSuchPromotion { name: name.into() }));
    }
    if runs.is_empty() {
        return Err(refused(Refusal::PromotionNotOn { name: name.into() }));
    }
    let number = nth.unwrap_or(runs.len());
    if !(1..=runs.len()).contains(&number) {
        return Err(CliError::Usage(format!("--run {number}: 1 .. {}", runs.len())));
    }
    let Some(told) = gather(&store, world, (name, &runs), number, now)? else { return Ok(()) };
    if ctx.json {
        println!("{}", told.json());
    } else {
        told.print(ctx);
    }
    Ok(())
}

/// Adds up the run of this number, the time before it, and the other runs; `None` when there is no such run.
fn gather(
    store: &Store,
    world: World,
    (name, runs): (&str, &[Run]),
    number: usize,
    now: Millis,
) -> Done<Option<Told>> {
    let Some(run) = number.checked_sub(1).and_then(|place| runs.get(place)).copied() else { return Ok(None) };
    let (earlier, during) = before(run, now);
    let figures = [tally(store, &world, earlier)?, tally(store, &world, during)?];
    let late = begins_late(store, earlier.from)?;
    let mut log = Vec::new();
    for (each, at) in runs.iter().zip(1..).skip(runs.len().saturating_sub(RUNS_MAX)) {
        log.push((at, *each, tally(store, &world, before(*each, now).1)?));
    }
    let (name, count) = (name.into(), runs.len());
    Ok(Some(Told { name, world, now, count, log, number, run, spans: [earlier, during], figures, late }))
}

impl Told {
    fn json(&self) -> Value {
        let each = |(number, run, figures): &(usize, Run, Figures)| {
            let mut json = figures_json(&self.world, *run, figures);
            json["run"] = (*number).into();
            json["ended"] = (run.until <= self.now).into();
            json
        };
        let ([earlier, during], [then, here]) = (self.spans, &self.figures);
        json!({"name": self.name, "run": self.number, "runs": self.log.iter().map(each).collect::<Vec<_>>(),
            "from": self.run.from.to_rfc3339(), "until": self.run.until.to_rfc3339(),
            "ended": self.run.until <= self.now, "log_begins_late": self.late.map(|at| at.to_rfc3339()),
            "before": figures_json(&self.world, earlier, then),
            "during": figures_json(&self.world, during, here)})
    }

    fn print(&self, ctx: &Context) {
        let (name, number, world) = (&self.name, self.number, &self.world);
        println!("{name}  {}: {}", ctx.say("runs in the log", "日志中的次数"), self.count);
        for (number, run, figures) in &self.log {
            println!("  {number:>3}  {}  {}", span(*run, world), line_of(ctx, figures));
        }
        let is_over = self.run.until <= self.now;
        let state = if is_over { ctx.say("over", "已结束") } else { ctx.say("so far", "进行中") };
        let (en, zh) = (format!("run {number}"), format!("第 {number} 次"));
        let nth = ctx.say(&en, &zh);
        println!("{nth}  {} · {state}", span(self.run, world));
        let [then, here] = &self.figures;
        println!("  {:>10} {:>10}", ctx.say("before", "之前"), ctx.say("during", "期间"));
        for (title, then, here) in lines(world, [then, here], ctx.lang) {
            println!("  {then:>10} {here:>10}  {title}");
        }
        if let Some(at) = self.late {
            let begins = clock(at, world.book().zone);
            let en = format!(
                "The log begins at {begins}, within the time before: that column lacks what came earlier."
            );
            let zh = format!("日志从 {begins} 开始，晚于“之前”时段的起点：该列缺少更早的数据。");
            println!("{}", ctx.say(&en, &zh));
        }
    }
}

/// A run in one line of the list.
fn line_of(ctx: &Context, f: &Figures) -> String {
    let spread =
        f.spread_milli.map_or_else(|| "–".into(), |milli| format!("{} %", words::milli(milli * 100)));
    let response = f.response_median_ms.map_or_else(|| "–".into(), words::span);
    format!(
        "{} {} · {} {} · {} {} · {} {response} · {} {spread}",
        ctx.say("arrivals", "到达"),
        f.arrivals,
        ctx.say("by the engine", "引擎分配"),
        f.by_engine,
        ctx.say("overridden", "人工改派"),
        f.overridden,
        ctx.say("response", "响应"),
        ctx.say("spread", "均衡度"),
    )
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::desk::interlock::Interlock;
    use crate::engine::{Intent, Order};
    use crate::model::actor::{Actor, Role};
    use crate::model::event::IntentId;
    use crate::model::id::BookVersion;
    use crate::model::time::HOUR_MS;

    /// 2026-11-10 09:00 in Shanghai.
    const START: Millis = Millis(1_794_272_400_000);

    #[test]
    fn every_run_is_told_and_so_is_a_log_that_begins_within_the_time_before() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("desk.db"), START).unwrap();
        let mut interlock = Interlock::new(store, &mut |_, _| {}).unwrap();
        let mut asked = 0;
        let mut ask = |hours: i64, intent: Intent| {
            asked += 1;
            let actor = Actor { name: "王芳".into(), role: Role::Admin, console: 1 };
            let order = Order { id: IntentId(asked), actor, intent, seen: Vec::new() };
            let group = interlock.group(&[order], START.plus(hours * HOUR_MS));
            group.answers.into_iter().next().unwrap().unwrap();
        };
        let start = |hours: i64| Intent::StartPromotion {
            promotion: "P".into(),
            until: START.plus(hours * HOUR_MS),
            reason: "".into(),
        };
        let text = "promotion P\n  cap 9 open\n".into();
        ask(0, Intent::Publish { text, note: "".into(), base: BookVersion(0) });
        ask(2, start(5));
        ask(20, start(22));
        let (store, world) = (interlock.store(), interlock.world());
        let now = START.plus(21 * HOUR_MS);
        let runs = runs(store, "P", now).unwrap();
        let hour = |at: Millis| at.since(START) / HOUR_MS;
        assert_eq!(
            runs.iter().map(|r| (hour(r.from), hour(r.until))).collect::<Vec<_>>(),
            [(2, 5), (20, 22)]
        );
        let told = |number| gather(store, world.clone(), ("P", &runs), number, now).unwrap();
        // Three hours, and the log holds two of those before.
        let first = told(1).unwrap();
        assert_eq!((first.late, first.log.len()), (Some(START), 2));
        assert_eq!(first.json()["log_begins_late"], START.to_rfc3339());
        // One hour so far, and the one before is in the log.
        let second = told(2).unwrap();
        assert_eq!((second.late, hour(second.spans[0].from), hour(second.spans[1].until)), (None, 19, 21));
        assert_eq!(second.json()["runs"][0]["ended"], true);
        assert!(told(3).is_none());
    }
}
