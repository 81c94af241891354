//! A working day of the demo in virtual time: everybody does their part, the same for a seed, and the judge is content.

use super::*;
use crate::model::event::{Body, Event, Verb};
use crate::model::lead::LeadState;
use crate::model::time::HOUR_MS;
use crate::sim::arrivals::Promotion;
use crate::sim::company;
use crate::sim::run::START;
use crate::sim::yard::Yard;

fn options() -> DemoOptions {
    let promotion = Promotion::livestream(START.plus(HOUR_MS), START.plus(2 * HOUR_MS));
    DemoOptions {
        arrivals: ArrivalOptions { rate_milli: 800, promotions: vec![promotion], ..Default::default() },
        coordinator: Some(CoordinatorOptions::default()),
        ..Default::default()
    }
}

/// Some hours of the demo; `step` = how often the caller looks at most.
fn hours(seed: u64, hours: i64) -> (Yard, usize) {
    let mut yard = Yard::new();
    for (actor, wish) in opening("me", company::cards(), company::BOOK) {
        yard.ask(actor, wish, START).unwrap().unwrap();
    }
    let mut demo = Demo::new(seed, options(), START);
    let mut refused = 0;
    loop {
        let now = demo.next_at();
        if now > START.plus(hours * HOUR_MS) {
            return (yard, refused);
        }
        for (actor, wish) in demo.due(yard.world(), now) {
            match yard
                .ask(actor.clone(), wish.clone(), now)
                .unwrap_or_else(|why| panic!("seed {seed}: {why}"))
            {
                Ok(outcome) => demo.did(&actor, &wish, outcome.batch),
                Err(_) => refused += 1,
            }
        }
    }
}

fn of(yard: &Yard, suits: impl Fn(&Event) -> bool) -> usize {
    yard.events().iter().filter(|e| suits(e)).count()
}

#[test]
fn in_a_few_hours_everything_happens_that_happens_at_a_desk() {
    let (yard, refused) = hours(1, 5);
    yard.judge().check().unwrap();
    let verbs = [
        Verb::LeadReceived,
        Verb::LeadAssigned,
        Verb::LeadWaits,
        Verb::LeadParked,
        Verb::LeadRecalled,
        Verb::LeadReturned,
        Verb::LeadHeld,
        Verb::LeadReleased,
        Verb::LeadFreed,
        Verb::LeadProgressed,
        Verb::LeadEdited,
        Verb::LeadRestored,
        Verb::RepDuty,
    ];
    let never: Vec<_> =
        verbs.iter().filter(|v| of(&yard, |e| e.body.verb() == **v) == 0).map(|v| v.word()).collect();
    assert!(never.is_empty(), "{never:?}");
    let total = of(&yard, |_| true);
    assert!(refused * 10 < total, "{refused} wishes refused beside {total} events: the crew is out of touch");
    let to =
        |state: LeadState| of(&yard, |e| matches!(&e.body, Body::LeadProgressed { to, .. } if *to == state));
    let (contacted, won) = (to(LeadState::Contacted), to(LeadState::Won));
    assert!(contacted > 50 && won > 2 && won < contacted / 3, "{contacted} contacted, {won} won");
}

#[test]
fn a_seed_is_a_day() {
    let (one, other) = (hours(3, 2).0, hours(3, 2).0);
    assert_eq!(format!("{:?}", one.events()), format!("{:?}", other.events()));
    assert_ne!(one.world().digest(), hours(4, 2).0.world().digest());
}

#[test]
fn first_answers_take_minutes_and_some_are_late() {
    let (yard, _) = hours(2, 4);
    let mut given = std::collections::BTreeMap::new();
    let mut waits = Vec::new();
    for event in yard.events() {
        match &event.body {
            Body::LeadAssigned(a) => {
                given.insert(a.lead, event.at);
            }
            Body::LeadProgressed { lead, to: LeadState::Contacted, .. } => {
                waits.extend(given.get(lead).map(|at| event.at.since(*at) / SECOND_MS));
            }
            _ => {}
        }
    }
    waits.sort_unstable();
    let median = waits[waits.len() / 2];
    assert!((60..480).contains(&median), "median {median} s of {}", waits.len());
    assert!(waits.iter().any(|w| *w > 900), "somebody answers after more than 15 minutes");
}

#[test]
fn people_act_only_on_what_is_theirs_and_only_while_they_are_there() {
    let (yard, _) = hours(5, 4);
    let mut world = World::new();
    for event in yard.events() {
        if let Body::LeadProgressed { lead, to: LeadState::Contacted, .. } = &event.body {
            let owner = world.lead(*lead).and_then(|l| l.owner).and_then(|r| world.rep(r)).unwrap();
            assert_eq!(owner.card.login, event.actor);
            assert!(owner.is_present(event.at), "{} answered {lead} while away", event.actor);
        }
        world.apply(event);
    }
}
