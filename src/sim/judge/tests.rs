//! A judge that cannot convict is worthless: each test plants one crime in an honest log.

use super::*;
use crate::engine::Intent;
use crate::model::actor::{ENGINE, Role};
use crate::model::id::Seq;
use crate::model::time::Millis;
use crate::sim::arrivals::{ArrivalOptions, Arrivals};
use crate::sim::crew;
use crate::sim::people::person;
use crate::sim::yard::Yard;

/// 2026-11-10 10:00 in Shanghai.
const NOW: Millis = Millis(1_794_276_000_000);

/// A desk with leads, up to just before the last placement by the engine, and that placement.
fn before_a_placement() -> (Judge, Event) {
    let mut yard = Yard::new();
    for (actor, wish) in crew::opening(true) {
        yard.ask(actor, wish, NOW).unwrap().unwrap();
    }
    let mut stream = Arrivals::new(1, ArrivalOptions::default(), NOW);
    for _ in 0..12 {
        let wish = Intent::Receive { leads: vec![stream.one_more(NOW)], import: None };
        yard.ask(person(crew::ADMIN, Role::Admin, 1), wish, NOW).unwrap().unwrap();
    }
    yard.judge().check().unwrap();
    let is_gift =
        |e: &Event| matches!(&e.body, Body::LeadAssigned(a) if a.by != Placer::Person { reason: "".into() });
    let at = yard.events().iter().rposition(is_gift).unwrap();
    let mut judge = Judge::new();
    for event in &yard.events()[..at] {
        judge.see(event).unwrap();
    }
    (judge, yard.events()[at].clone())
}

fn gift(event: &Event) -> Assigned {
    match &event.body {
        Body::LeadAssigned(a) => a.clone(),
        other => unreachable!("{other:?}"),
    }
}

/// The event with another body, one place further on.
fn then(event: &Event, body: Body) -> Event {
    Event { seq: Seq(event.seq.0 + 1), body, ..event.clone() }
}

fn convicts(mut judge: Judge, event: &Event, of: &str) {
    let verdict = judge.see(event);
    assert!(verdict.as_ref().is_err_and(|why| why.contains(of)), "wanted “{of}”, got {verdict:?}");
}

/// Lets `crime` happen before the placement, which then is one.
fn after(crime: impl Fn(&Assigned) -> Body, of: &str) {
    let (mut judge, event) = before_a_placement();
    let done = gift(&event);
    let first = Event { actor: crew::ADMIN.into(), body: crime(&done), ..event.clone() };
    judge.see(&first).unwrap();
    convicts(judge, &then(&event, event.body.clone()), of);
}

#[test]
fn the_honest_event_passes() {
    let (mut judge, event) = before_a_placement();
    judge.see(&event).unwrap();
    judge.check().unwrap();
    assert!(judge.placed() > 3);
}

#[test]
fn a_gap_or_a_repetition_in_the_log_is_seen() {
    let (judge, event) = before_a_placement();
    convicts(judge.clone(), &then(&event, event.body.clone()), "comes after");
    convicts(judge.clone(), judge.log().last().unwrap(), "comes after");
}

#[test]
fn a_lead_for_somebody_away_is_seen() {
    after(|a| Body::RepDuty { rep: a.rep, on: false }, "is not there");
    after(|a| Body::RepActive { rep: a.rep, active: false }, "is not there");
    let leave = |a: &Assigned| {
        let after = vec![crate::model::rep::Leave { from: NOW, to: NOW.plus(1), reason: "".into() }];
        Body::RepLeave { rep: a.rep, before: Vec::new(), after }
    };
    after(leave, "is not there");
}

#[test]
fn a_lead_over_a_cap_is_seen() {
    for (open, day, of) in [(Some(0), None, "already has"), (None, Some(0), "leads today")] {
        let (mut judge, event) = before_a_placement();
        let rep = gift(&event).rep;
        let before = judge.world().rep(rep).unwrap().card.clone();
        let edited = RepCard { cap_open: open, cap_day: day, ..before.clone() };
        judge.see(&Event { body: Body::RepEdited { rep, before, after: edited }, ..event.clone() }).unwrap();
        convicts(judge, &then(&event, event.body.clone()), of);
    }
}

#[test]
fn the_engine_may_not_touch_what_a_person_put_aside() {
    after(
        |a| Body::LeadParked {
            lead: a.lead,
            reason: crate::model::lead::ParkReason::Undone { by: "x".into() },
            score: 0,
            why: None,
        },
        "which is parked",
    );
    after(|a| Body::LeadHeld { lead: a.lead, until: NOW.plus(1) }, "holds");
    after(|_| Body::ModeSet { before: Mode::Auto, after: Mode::Paused }, "paused");
    let by_hand = |a: &Assigned| {
        Body::LeadAssigned(Assigned { by: Placer::Person { reason: "x".into() }, ..a.clone() })
    };
    after(by_hand, "but its owner is");
}

#[test]
fn a_rep_the_rule_does_not_name_is_seen() {
    let (judge, event) = before_a_placement();
    let done = gift(&event);
    let Placer::Engine { rule: Some(rule) } = &done.by else { unreachable!("{done:?}") };
    let rule = judge.world().book().rules.iter().find(|r| r.name == *rule).unwrap().clone();
    let stranger = judge
        .world()
        .reps()
        .iter()
        .find(|r| fits_rule(&rule, judge.world().lead(done.lead).unwrap(), &r.card, r.id).is_err())
        .unwrap()
        .id;
    let charge = Charge { rep: stranger, ..done.charge.clone() };
    let wrong = Assigned { rep: stranger, charge, ..done.clone() };
    convicts(judge.clone(), &Event { body: Body::LeadAssigned(wrong), ..event.clone() }, "does not name");
    let other_rule = Assigned { by: Placer::Engine { rule: Some("nonsense".into()) }, ..done };
    convicts(judge, &Event { body: Body::LeadAssigned(other_rule), ..event }, "there is no rule");
}

#[test]
fn a_lead_taken_twice_or_given_twice_is_seen() {
    let (mut judge, event) = before_a_placement();
    let first = judge.log().iter().find(|e| matches!(e.body, Body::LeadReceived(_))).unwrap().clone();
    convicts(judge.clone(), &Event { seq: event.seq, ..first }, "was taken before");
    judge.see(&event).unwrap();
    convicts(judge, &then(&event, event.body.clone()), "but its owner is");
}

#[test]
fn a_wrong_load_and_a_foreign_world_are_seen() {
    let (mut judge, event) = before_a_placement();
    let honest = judge.world().clone();
    judge.agrees(&honest).unwrap();
    let mut wrong = honest.clone();
    wrong.rep_mut(RepId(1)).unwrap().load += 1;
    assert!(!sound(&wrong).is_empty());
    assert!(judge.agrees(&wrong).is_err());
    judge.world = wrong;
    assert!(judge.check().is_err());
    let (judge, _) = before_a_placement();
    let mut ahead = honest;
    ahead.apply(&event);
    assert!(judge.agrees(&ahead).unwrap_err().contains("the log ends"));
    assert_eq!(event.actor, ENGINE);
}
