//! How fast the engine decides, without SQL: arrivals taken in, routed, explained and folded, on a host that keeps nothing.
//! Prints figure and limit; fails when a stated limit is missed. `cargo bench --bench decide`.
#![expect(clippy::disallowed_methods, reason = "a benchmark times things")]
#![expect(clippy::unwrap_used, reason = "a benchmark stops at the first surprise")]

#[path = "../tests/support/nothing.rs"]
mod nothing;

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use leadyard::engine::route::{Answer, Decision, Exhausted, LeadFacts, route};
use leadyard::engine::{Intent, NewLead, Order, execute};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::event::{Assigned, Body, Event, IntentId, Placer};
use leadyard::model::id::{BatchId, BookVersion, LeadId, Seq};
use leadyard::model::lead::{Attrs, Charge};
use leadyard::model::rep::RepCard;
use leadyard::model::time::Millis;
use leadyard::world::{Moment, World};
use nothing::{bare, nothing};

/// Decisions with their fold a second on one core.
const PER_SECOND_MIN: u64 = 500_000;
/// What the explanation may cost more, a lead.
const EXPLAIN_MAX: Duration = Duration::from_micros(5);
const LEADS: usize = 20_000;
const ROUNDS: usize = 7;
const NOW: Millis = Millis(1_794_272_400_000);

fn order(world: &mut World, intent: Intent) {
    let actor = Actor { name: "bench".into(), role: Role::Admin, console: 0 };
    let order = Order { id: IntentId(1), actor, intent, seen: Vec::new() };
    execute(world, &mut nothing(), &order, NOW).map_err(|_| "refused").unwrap();
}

/// 8 teams of 25 under 20 rules, or one team of 200 under one.
fn desk(teams: usize) -> World {
    let mut world = World::new();
    let cards = (0..200).map(|i| {
        let mut card = RepCard::new(&format!("rep{i}"), "欧阳娜娜");
        card.teams = vec![format!("T{}", i % teams).into()];
        (card.cap_open, card.cap_day) = (Some(100_000), Some(100_000));
        card
    });
    order(&mut world, Intent::AddReps { cards: cards.collect() });
    let text: String = if teams == 1 {
        "rule All\n when region = R0\n give to team T0\n".to_owned()
    } else {
        let rules = (0..20).map(|i| {
            format!("rule \"R{i}\"\n when region = R{i} and score >= 10 and source in (官网, 抖音)\n give to team T{}\n", i % teams)
        });
        format!("score\n +30 when source = 官网\n -40 when phone is empty\n{}", rules.collect::<String>())
    };
    order(&mut world, Intent::Publish { text: text.into(), note: "".into(), base: BookVersion(0) });
    world
}

fn arrival(i: usize, regions: usize) -> NewLead {
    let attrs = Attrs {
        source: if i.is_multiple_of(2) { "官网".into() } else { "抖音".into() },
        region: format!("R{}", i % regions).into(),
        base_score: 50,
        has_phone: true,
        ..Attrs::default()
    };
    bare(attrs)
}

fn event(world: &World, body: Body) -> Event {
    Event {
        seq: Seq(world.seq().0 + 1),
        at: NOW,
        actor: "engine".into(),
        role: Role::Engine,
        console: 0,
        intent: IntentId(1),
        batch: BatchId(1),
        undoes: None,
        body,
    }
}

/// Time of deciding and folding `LEADS` waiting leads.
fn decide(mut world: World, leads: &[LeadId], explain: bool) -> Duration {
    let moment = Moment::at(world.book().zone, NOW);
    let facts = LeadFacts::default();
    let began = Instant::now();
    for id in leads {
        let row = world.lead(*id).unwrap();
        let Decision { answer: Answer::Give(gift), score, why, .. } =
            route(&world, row, &facts, &moment, &mut Exhausted::default(), explain)
        else {
            unreachable!("every lead of the bench finds somebody");
        };
        let charge =
            Charge { rep: gift.rep, team: gift.team, day: moment.day, milli: 1000, placements: 1, claims: 0 };
        let by = Placer::Engine { rule: gift.rule };
        let (turn, book) = (gift.turn, world.published().version);
        let body = Body::LeadAssigned(Assigned {
            lead: *id,
            rep: gift.rep,
            from: None,
            by,
            book,
            score,
            charge,
            turn,
            why,
            clock: None,
            readmit: None,
        });
        let event = event(&world, body);
        black_box(world.apply(&event));
    }
    began.elapsed()
}

/// Time of whole orders: 500 arrivals each, taken in, decided, explained, folded.
fn whole(mut world: World, regions: usize) -> Duration {
    let chunks: Vec<Intent> = (0..LEADS / 500)
        .map(|c| {
            let leads = (0..500).map(|i| arrival(c * 500 + i, regions)).collect();
            Intent::Receive { leads, import: None }
        })
        .collect();
    let began = Instant::now();
    for intent in chunks {
        order(&mut world, intent);
    }
    began.elapsed()
}

/// A desk where `LEADS` leads wait, not yet decided.
fn queued(world: &World, regions: usize) -> (World, Vec<LeadId>) {
    let mut world = world.clone();
    order(&mut world, Intent::SetMode(leadyard::model::mode::Mode::Paused));
    for c in 0..LEADS / 500 {
        let leads = (0..500).map(|i| arrival(c * 500 + i, regions)).collect();
        order(&mut world, Intent::Receive { leads, import: None });
    }
    let set = Body::ModeSet {
        before: leadyard::model::mode::Mode::Paused,
        after: leadyard::model::mode::Mode::Auto,
    };
    let set = event(&world, set);
    world.apply(&set);
    let leads = world.waiting().iter().map(|k| k.lead).collect();
    (world, leads)
}

fn best(mut run: impl FnMut() -> Duration) -> Duration {
    (0..ROUNDS).map(|_| run()).min().unwrap_or_default()
}

fn each(total: Duration) -> Duration {
    total / u32::try_from(LEADS).unwrap_or(1)
}

fn main() -> ExitCode {
    let mut sound = true;
    for (name, teams, regions, bound) in
        [("8 teams of 25, 20 rules", 8, 20, true), ("one pool of 200", 1, 1, false)]
    {
        let world = desk(teams);
        let (waiting, leads) = queued(&world, regions);
        let plain = each(best(|| decide(waiting.clone(), &leads, false)));
        let explained = each(best(|| decide(waiting.clone(), &leads, true)));
        let order = each(best(|| whole(world.clone(), regions)));
        let per_second = 1_000_000_000 / u64::try_from(plain.as_nanos().max(1)).unwrap_or(u64::MAX);
        let more = explained.saturating_sub(plain);
        println!("{name}");
        let ratio = per_second as f64 / PER_SECOND_MIN as f64;
        println!(
            "  decide + apply      {plain:>10.2?} a lead  {per_second:>9} a second  {ratio:.2} of {PER_SECOND_MIN}"
        );
        let ratio = more.as_secs_f64() / EXPLAIN_MAX.as_secs_f64();
        println!(
            "  its explanation     {more:>10.2?} more                         {ratio:.2} of {EXPLAIN_MAX:?}"
        );
        println!("  whole order, a lead {order:>10.2?} (taken in, decided, explained, folded)");
        if bound && (per_second < PER_SECOND_MIN || more > EXPLAIN_MAX) {
            sound = false;
        }
    }
    if sound {
        ExitCode::SUCCESS
    } else {
        eprintln!("a stated limit is missed");
        ExitCode::FAILURE
    }
}
