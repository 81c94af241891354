//! A judge that cannot convict is worthless: each test plants one crime in an honest log.

use super::*;
use crate::engine::Intent;
use crate::model::actor::{ENGINE, Role};
use crate::model::id::Seq;
use crate::model::lead::Charge;
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

/// A log in which about everything happened, undo above all.
fn lived_in(seed: u64) -> Vec<Event> {
    let mut yard = Yard::new();
    for (actor, wish) in crew::opening(true) {
        yard.ask(actor, wish, NOW).unwrap().unwrap();
    }
    let mut hands = crate::sim::run::Hands::new();
    let mut chance = crate::sim::chance::Chance::apart(seed, 6);
    let mut crew = crew::Crew::new(seed, NOW);
    for _ in 0..120 {
        hands.pass(&mut chance, true);
        for (actor, wish) in crew.wishes(yard.world(), hands.wall).1 {
            if let Ok(outcome) = yard.ask(actor.clone(), wish, hands.wall).unwrap() {
                crew.did(&actor, outcome.batch);
            }
        }
    }
    yard.events().to_vec()
}

/// Spoils an event where it can be: the crime, what the judge says of it, and how it is done.
type Mutant = (&'static str, &'static str, fn(&Judge, &Event) -> Option<Body>);

fn engine_gift(event: &Event) -> Option<Assigned> {
    match &event.body {
        Body::LeadAssigned(a) if event.actor == ENGINE => Some(a.clone()),
        _ => None,
    }
}

fn put_back(event: &Event) -> Option<crate::model::event::Restored> {
    match &event.body {
        Body::LeadRestored(r) => Some(r.clone()),
        _ => None,
    }
}

const MUTANTS: &[Mutant] = &[
    ("another of the free reps", "decided again it is", |_, event| {
        let a = engine_gift(event)?;
        let free = &a.why.as_ref()?.rules.last()?.free;
        let rep = free.iter().map(|(rep, _)| *rep).find(|rep| *rep != a.rep)?;
        let charge = Charge { rep, ..a.charge.clone() };
        Some(Body::LeadAssigned(Assigned { rep, charge, ..a }))
    }),
    ("another score", "has score", |_, event| {
        let a = engine_gift(event)?;
        Some(Body::LeadAssigned(Assigned { score: a.score + 1, ..a }))
    }),
    ("no explanation", "without an explanation", |_, event| {
        Some(Body::LeadAssigned(Assigned { why: None, ..engine_gift(event)? }))
    }),
    ("an explanation that leaves somebody out", "is explained by", |_, event| {
        let mut a = engine_gift(event)?;
        let trace = a.why.as_mut()?.rules.iter_mut().find(|r| !r.left_out.is_empty())?;
        trace.left_out.clear();
        Some(Body::LeadAssigned(a))
    }),
    ("a turn in another team's ledger", "decided again it is", |_, event| {
        let mut a = engine_gift(event)?;
        a.charge.team = Some("nowhere".into());
        Some(Body::LeadAssigned(a))
    }),
    ("kept waiting though somebody is free", "decided again it is", |_, event| {
        let a = engine_gift(event)?;
        Some(Body::LeadWaits { lead: a.lead, score: a.score, why: a.why })
    }),
    ("parked though somebody is free", "decided again it is", |_, event| {
        let a = engine_gift(event)?;
        let reason = crate::model::lead::ParkReason::Unmatched;
        Some(Body::LeadParked { lead: a.lead, reason, score: a.score, why: a.why })
    }),
    ("a person's placement signed by the engine", "places as", |_, event| {
        let a = engine_gift(event)?;
        Some(Body::LeadAssigned(Assigned { by: Placer::Person { reason: "x".into() }, ..a }))
    }),
    ("an arrival that hides the person's owner", "of the same person", |_, event| match &event.body {
        Body::LeadReceived(r) if r.known_owner.is_some() => {
            let mut r = r.clone();
            r.known_owner = None;
            Some(Body::LeadReceived(r))
        }
        _ => None,
    }),
    ("an undo that gives no turn back", "its undo books", |_, event| {
        // To pin what somebody has already books nothing, and to leave nothing out is no crime.
        let mut r = put_back(event).filter(|r| books(&r.charges))?;
        r.charges.clear();
        Some(Body::LeadRestored(r))
    }),
    ("an undo that gives a turn back twice", "its undo books", |_, event| {
        let mut r = put_back(event)?;
        let first = r.charges.first().filter(|first| books(std::slice::from_ref(*first)))?.clone();
        r.charges.push(first);
        Some(Body::LeadRestored(r))
    }),
    ("an undo to another rep", "before the batch it was", |judge, event| {
        let mut r = put_back(event).filter(|r| r.row.state.is_load())?;
        r.row.owner = judge.world().reps().iter().map(|rep| rep.id).find(|id| Some(*id) != r.row.owner);
        Some(Body::LeadRestored(r))
    }),
    ("an undo that lets the engine redo it", "before the batch it was", |_, event| {
        let mut r = put_back(event).filter(|r| r.row.state == LeadState::Parked)?;
        r.row.state = LeadState::Waiting;
        r.row.park = None;
        Some(Body::LeadRestored(r))
    }),
    ("a credit taken back in part", "was booked", |_, event| match &event.body {
        Body::LedgerEntered { rep, team, day, milli, reason } if event.undoes.is_some() => {
            let (rep, team, day, reason) = (*rep, team.clone(), *day, reason.clone());
            Some(Body::LedgerEntered { rep, team, day, milli: milli + 1, reason })
        }
        _ => None,
    }),
    ("a batch undone twice", "was undone before", |judge, event| match &event.body {
        Body::BatchUndone { restored, kept, .. } => {
            let earlier = judge.log().iter().rev().find_map(|e| match &e.body {
                Body::BatchUndone { batch, .. } => Some(*batch),
                _ => None,
            });
            earlier.map(|batch| Body::BatchUndone { batch, restored: *restored, kept: *kept })
        }
        _ => None,
    }),
];

/// Whether charges come to something.
fn books(charges: &[Charge]) -> bool {
    let sum = |figure: fn(&Charge) -> i64| charges.iter().map(figure).sum::<i64>();
    sum(|c| c.milli) != 0 || sum(|c| i64::from(c.placements)) != 0 || sum(|c| i64::from(c.claims)) != 0
}

#[test]
fn every_mutant_is_caught() {
    let logs: Vec<Vec<Event>> = (0..32).map(lived_in).collect();
    for (crime, of, spoil) in MUTANTS {
        let mut caught = 0;
        for log in &logs {
            let mut judge = Judge::new();
            for event in log {
                if let Some(body) = spoil(&judge, event) {
                    let verdict = judge.clone().see(&Event { body, ..event.clone() });
                    assert!(verdict.as_ref().is_err_and(|why| why.contains(of)), "{crime}: {verdict:?}");
                    caught += 1;
                    break;
                }
                judge.see(event).unwrap();
            }
        }
        assert!(caught > 0, "{crime}: no log offers an occasion");
    }
}

#[test]
fn the_engine_may_not_take_away_what_is_pinned() {
    let (mut judge, event) = before_a_placement();
    let done = gift(&event);
    let by_hand = Assigned { by: Placer::Person { reason: "x".into() }, why: None, ..done.clone() };
    judge
        .see(&Event { actor: crew::ADMIN.into(), body: Body::LeadAssigned(by_hand), ..event.clone() })
        .unwrap();
    let taken = Body::LeadRecalled { lead: done.lead, from: done.rep, reason: "late".into(), timer: None };
    convicts(judge, &then(&event, taken), "which is pinned");
}

#[test]
fn a_newcomer_that_overtakes_is_seen() {
    let (mut judge, event) = before_a_placement();
    let done = gift(&event);
    let mut second = judge.log().iter().rev().find_map(|e| match &e.body {
        Body::LeadReceived(r) if r.lead == done.lead => Some(r.clone()),
        _ => None,
    });
    let second = second.as_mut().unwrap();
    (second.lead, second.external_id) = (judge.world().next_lead(), "another".into());
    (second.key_hashes, second.known_owner, second.twin) = (Vec::new(), None, None);
    let (lead, received) = (second.lead, Body::LeadReceived(second.clone()));
    judge.see(&Event { body: received, ..event.clone() }).unwrap();
    let world = judge.world();
    let moment = Moment::at(world.book().zone, event.at);
    let decision = crate::engine::route::route(
        world,
        world.lead(lead).unwrap(),
        &crate::engine::route::LeadFacts::default(),
        &moment,
        &mut crate::engine::route::Exhausted::default(),
        true,
    );
    let crate::engine::route::Answer::Give(taken) = decision.answer else { unreachable!("{decision:?}") };
    let charge = Charge { rep: taken.rep, team: taken.team, ..done.charge.clone() };
    let by = Placer::Engine { rule: taken.rule };
    let (rep, score, why, turn) = (taken.rep, decision.score, decision.why, taken.turn);
    let second = Assigned { lead, rep, by, charge, score, why, turn, ..done };
    convicts(judge, &then(&event, Body::LeadAssigned(second)), "overtakes");
}

#[test]
fn a_ledger_that_holds_what_nobody_booked_is_seen() {
    let (mut judge, event) = before_a_placement();
    judge.see(&event).unwrap();
    judge.check().unwrap();
    let charge = gift(&event).charge;
    judge.world.rep_mut(charge.rep).unwrap().ledger.book(charge.day, 1, 0, 0);
    assert!(judge.check().unwrap_err().iter().any(|why| why.contains("the ledger holds")));
}

#[test]
fn a_draft_that_decides_more_than_its_share_is_seen() {
    let (judge, event) = before_a_placement();
    let mut done = gift(&event);
    let why = done.why.as_mut().unwrap();
    let would = Box::new(why.verdict.clone());
    let share = Share::Leads { permille: 500, salt: 1 };
    why.verdict = crate::model::why::Verdict::Tried { would, trial: crate::model::trial::TrialId(1), share };
    convicts(judge, &Event { body: Body::LeadAssigned(done), ..event }, "not of its share");
}

#[test]
fn a_book_that_publishes_itself_is_seen() {
    let (judge, event) = before_a_placement();
    let version = crate::model::id::BookVersion(judge.world().published().version.0 + 1);
    let body = Body::BookPublished { version, text: "".into(), note: "".into() };
    convicts(judge, &Event { body, ..event }, "publishes a book by itself");
}
