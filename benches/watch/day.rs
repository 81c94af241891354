//! Days of the demo company on the real engine, nothing wrong but people: how much the watch talks. Reps answer after minutes,
//! some late, some never; they take breaks and leave; a coordinator overrides. Every alert is true of somebody; the question is
//! whether there are so few that they are read.

use std::collections::BTreeMap;

use leadyard::engine::memory::Memory;
use leadyard::engine::{Intent, Order, execute};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::alert::AlertKind;
use leadyard::model::event::{Body, IntentId};
use leadyard::model::lang::Lang;
use leadyard::model::time::{DAY_MS, Millis, SECOND_MS};
use leadyard::sim::arrivals::ArrivalOptions;
use leadyard::sim::company;
use leadyard::sim::coordinator::CoordinatorOptions;
use leadyard::sim::demo::{Demo, DemoOptions, opening};
use leadyard::watch::{Scene, Site, WatchState, look, words};
use leadyard::world::{Moment, World};

use super::Table;
use super::rig::START;

/// Time between two looks of the leader, coarser than its own so that days pass.
const TICK_MS: i64 = 60 * SECOND_MS;

struct Day {
    world: World,
    host: Memory,
    sums: WatchState,
    folded: usize,
    orders: u128,
}

/// What was raised and told.
#[derive(Default)]
pub struct Talk {
    pub fired: BTreeMap<AlertKind, usize>,
    pub notices: usize,
    /// What statistical alerts said; nothing is wrong with the company's rules and sources.
    pub said: Vec<String>,
    /// Leads that still lie with an owner after a day, of all that were given.
    pub lying: usize,
    pub given: usize,
}

impl Day {
    fn ask(&mut self, actor: Actor, intent: Intent, now: Millis) -> Option<leadyard::engine::Outcome> {
        self.orders += 1;
        let order = Order { id: IntentId(self.orders), actor, intent, seen: Vec::new() };
        let done = execute(&mut self.world, &mut self.host, &order, now).ok().map(|done| done.outcome);
        for event in &self.host.events[self.folded..] {
            self.sums.apply(event);
        }
        self.folded = self.host.events.len();
        done
    }

    fn engine(&mut self, intent: Intent, now: Millis) {
        let actor = Actor { name: "engine".into(), role: Role::Engine, console: 0 };
        self.ask(actor, intent, now);
    }

    /// What the leader does every few seconds.
    fn lead(&mut self, now: Millis) {
        self.engine(Intent::Timers, now);
        self.engine(Intent::Sweep, now);
        let moment = Moment::at(self.world.book().zone, now);
        let scene = Scene { world: &self.world, sums: Some(&self.sums), site: &Site::NONE, moment: &moment };
        let steps = look(&scene, true, false).steps;
        if !steps.is_empty() {
            self.engine(Intent::Watch { steps }, now);
        }
    }
}

fn days(seed: u64, book: &str, days: i64) -> Talk {
    let mut day = Day {
        world: World::new(),
        host: Memory::default(),
        sums: WatchState::default(),
        folded: 0,
        orders: 0,
    };
    for (actor, wish) in opening("me", company::cards(), book) {
        day.ask(actor, wish, START);
    }
    let options = DemoOptions {
        arrivals: ArrivalOptions { rate_milli: 400, ..Default::default() },
        coordinator: Some(CoordinatorOptions::default()),
        ..Default::default()
    };
    let mut demo = Demo::new(seed, options, START);
    let (end, mut tick) = (START.plus(days * DAY_MS), START);
    loop {
        let now = demo.next_at();
        if now > end {
            break;
        }
        while tick <= now {
            day.lead(tick);
            tick = tick.plus(TICK_MS);
        }
        for (actor, wish) in demo.due(&day.world, now) {
            let outcome = day.ask(actor.clone(), wish.clone(), now);
            demo.did(&actor, &wish, outcome.and_then(|o| o.batch));
        }
    }
    let mut talk = Talk::default();
    let old = |lead: &&leadyard::model::lead::Lead| {
        lead.state == leadyard::model::lead::LeadState::Assigned
            && lead.assigned_at.is_some_and(|at| end.since(at) > DAY_MS)
    };
    talk.lying = day.world.leads().filter(old).count();
    for event in &day.host.events {
        match &event.body {
            Body::AlertFired { finding, detail } => {
                *talk.fired.entry(finding.key.kind).or_default() += 1;
                if finding.key.kind.is_statistical() {
                    talk.said.push(words::cause(&day.world, finding, detail, Lang::En));
                }
            }
            Body::AlertNoticed(_) => talk.notices += 1,
            Body::LeadAssigned(_) => talk.given += 1,
            _ => {}
        }
    }
    talk
}

/// Books of the demo: as it is, with replies recorded, and with office hours as well.
pub fn all(table: &mut Table) {
    const DAYS: i64 = 5;
    let recorded = leadyard::sim::books::RECORDED;
    let office = recorded.replacen(
        "timezone Asia/Shanghai\n",
        "timezone Asia/Shanghai\n  workdays Mon..Sun 09:00..21:00 except 12:00..13:00\n",
        1,
    );
    let books =
        [("the demo's book", company::BOOK), ("replies recorded", recorded), ("and office hours", &office)];
    for (name, book) in books {
        println!("the demo company, {name}: {DAYS} days of {} reps", company::cards().len());
        let talk = days(1, book, DAYS);
        for (kind, n) in &talk.fired {
            table.note(
                &format!("    {} alerts a day", kind.word()),
                &format!("{:.1}", *n as f64 / DAYS as f64),
            );
        }
        for said in &talk.said {
            println!("      {said}");
        }
        let untouched = talk.fired.get(&AlertKind::Untouched).copied().unwrap_or(0) as f64 / DAYS as f64;
        let reps = company::cards().len() as f64;
        table.line(
            "  untouched, alerts a rep and day",
            &format!("{:.2}", untouched / reps),
            "≤ 0.25",
            untouched <= reps / 4.0,
        );
        table.note("  given, and untouched for a day at the end", &format!("{}, {}", talk.given, talk.lying));
        table.note("  notices a day", &format!("{:.1}", talk.notices as f64 / DAYS as f64));
    }
}
