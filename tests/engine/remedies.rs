//! Every remedy that is offered keeps its promise at the instant, and undo restores what was there: owners, states, loads,
//! caps, mode, book and silences. A kind of remedy without a scene fails.

use std::collections::{BTreeMap, BTreeSet};

use leadyard::engine::{AlertStep, Intent};
use leadyard::model::alert::{
    Alert, AlertKey, AlertKind, AlertSubject, Aspect, Detail, Evidence, Finding, Sighting, name_key,
};
use leadyard::model::id::{LeadId, RepId};
use leadyard::model::lead::LeadState;
use leadyard::model::mode::Mode;
use leadyard::model::time::{HOUR_MS, MINUTE_MS, Millis};
use leadyard::watch::remedy::What;
use leadyard::watch::{Remedy, remedies};

use crate::desk::Desk;

const RULE: &str = "rule E\n give to team E\notherwise wait\n";

/// The name of a kind of remedy. A new one needs a scene below before this compiles.
fn name(what: &What) -> &'static str {
    match what {
        What::Move { .. } => "move",
        What::RaiseCap { .. } => "raise cap",
        What::Recall { .. } => "recall",
        What::Free { .. } => "free",
        What::Merge { .. } => "merge",
        What::Resume => "resume",
        What::RollBack { .. } => "roll back",
        What::Silence { .. } => "silence",
    }
}

/// What a person would find again.
#[derive(Debug, PartialEq, Eq)]
struct Shape {
    leads: BTreeMap<LeadId, (LeadState, Option<RepId>, bool)>,
    loads: Vec<(u32, Option<u32>)>,
    ledger: Vec<i64>,
    mode: Mode,
    book: String,
    silences: usize,
}

fn shape(desk: &Desk) -> Shape {
    let world = &desk.world;
    Shape {
        leads: world.leads().map(|l| (l.id, (l.state, l.owner, l.pinned))).collect(),
        loads: world.reps().iter().map(|r| (r.load, r.card.cap_open)).collect(),
        ledger: world.reps().iter().map(|r| r.ledger_sum(None, desk.moment().day)).collect(),
        mode: world.mode_at(desk.now),
        book: world.published().text.to_string(),
        silences: world.silences().values().filter(|s| s.is_live(desk.now)).count(),
    }
}

fn raised(desk: &mut Desk, kind: AlertKind) -> Alert {
    for _ in 0..3 {
        desk.look();
        desk.wait(6 * MINUTE_MS);
    }
    let all = desk.world.alerts().values();
    all.clone()
        .find(|a| a.finding.key.kind == kind)
        .cloned()
        .unwrap_or_else(|| panic!("{} fires", kind.word()))
}

fn lopsided() -> (Desk, Alert) {
    let mut desk = Desk::new(RULE).rep("liu", |r| r.team("E").cap(10));
    for _ in 0..9 {
        desk.lead(|l| l);
    }
    desk.hire("li", |r| r.team("E").cap(10));
    let alert = raised(&mut desk, AlertKind::LoadUneven);
    (desk, alert)
}

fn lying() -> (Desk, Alert) {
    let mut desk = Desk::new(&format!("replies from 官网\n{RULE}"))
        .rep("li", |r| r.team("E"))
        .rep("ou", |r| r.team("E"));
    for _ in 0..4 {
        desk.lead(|l| l.source("官网"));
    }
    desk.wait(25 * HOUR_MS);
    let alert = raised(&mut desk, AlertKind::Untouched);
    (desk, alert)
}

fn put_aside() -> (Desk, Alert) {
    let mut desk = Desk::new(RULE).rep("li", |r| r.team("E"));
    let leads: Vec<LeadId> = (0..3).map(|_| desk.lead(|l| l)).collect();
    desk.run(Intent::Park { leads, reason: "later".into() }).unwrap();
    desk.wait(3 * HOUR_MS);
    let alert = raised(&mut desk, AlertKind::Missed);
    (desk, alert)
}

fn doubled() -> (Desk, Alert) {
    let mut desk = Desk::new(RULE).rep("li", |r| r.team("E")).rep("ou", |r| r.team("E"));
    desk.lead(|l| l.phone(5));
    desk.lead(|l| l.phone(5));
    let alert = raised(&mut desk, AlertKind::Duplicate);
    (desk, alert)
}

fn assisted() -> (Desk, Alert) {
    let mut desk = Desk::new(RULE).rep("li", |r| r.team("E"));
    desk.run(Intent::SetMode(Mode::Assist)).unwrap();
    desk.lead(|l| l);
    desk.wait(6 * MINUTE_MS);
    let alert = raised(&mut desk, AlertKind::Delayed);
    (desk, alert)
}

/// A publish broke a rule.
fn broken() -> (Desk, Alert) {
    let mut desk = Desk::new(RULE).rep("li", |r| r.team("E"));
    desk.lead(|l| l);
    desk.publish(&format!("rule Front\n give to team E\n{RULE}"));
    let key = AlertKey { kind: AlertKind::RuleSilent, subject: AlertSubject::Rule(name_key("E")) };
    let evidence = Evidence {
        aspect: Aspect::Count,
        from: Millis(0),
        samples: 60,
        samples_needed: 20,
        observed: 0,
        expected: 12_000_000,
        surprise: 12_000_000,
        surprise_needed: 10_000_000,
        effect_milli: 0,
        effect_needed_milli: 0,
        book: Some(desk.world.published().version),
    };
    let detail = Detail { about: "E".into(), evidence: Some(Box::new(evidence)), ..Detail::default() };
    let finding = Finding { key, count: 60, leads: Vec::new(), figure: 60, limit: 40 };
    let seen = Box::new(Sighting { finding, detail, breach: true });
    desk.engine(Intent::Watch { steps: vec![AlertStep::Fire(seen)] }).unwrap();
    let alert = desk.world.alerts()[&key].clone();
    (desk, alert)
}

/// Whether the figure the remedy promised is there.
fn kept(desk: &Desk, alert: &Alert, remedy: &Remedy) -> bool {
    let Some(effect) = remedy.effect else { return true };
    match (&remedy.what, alert.finding.key.subject) {
        (What::Move { .. } | What::RaiseCap { .. }, AlertSubject::Rep(rep)) => {
            let rep = desk.world.rep(rep).unwrap();
            i64::from(rep.load) * 1000 / i64::from(rep.card.cap_open.unwrap()) == effect.after
        }
        (What::Recall { .. }, AlertSubject::Rep(rep)) => {
            let lie = desk.world.leads().filter(|l| l.owner == Some(rep) && l.assigned_at < Some(desk.now));
            i64::try_from(lie.count()).unwrap() == effect.after
        }
        (What::Merge { .. }, _) => {
            i64::try_from(alert.finding.leads.iter().filter(|l| desk.world.lead(**l).is_some()).count())
                .unwrap()
                == effect.after
        }
        (what, _) => panic!("{what:?} promises a figure nobody checks"),
    }
}

#[test]
fn each_kind_of_remedy_keeps_its_promise_and_is_undone() {
    let scenes: [fn() -> (Desk, Alert); 6] = [lopsided, lying, put_aside, doubled, assisted, broken];
    let mut tried = BTreeSet::new();
    for scene in scenes {
        let (first, alert) = scene();
        let offered = remedies(&first.world, &alert, &first.moment()).len();
        drop(first);
        for at in 0..offered {
            // A desk of its own for each, as the one before left its mark.
            let (mut desk, alert) = scene();
            let remedy = remedies(&desk.world, &alert, &desk.moment()).swap_remove(at);
            let word = name(&remedy.what);
            let before = shape(&desk);
            desk.run(remedy.intent.clone())
                .unwrap_or_else(|no| panic!("{word} was offered and is refused: {no:?}"));
            assert!(kept(&desk, &alert, &remedy), "{word} promised {:?}", remedy.effect);
            let after = shape(&desk);
            assert_ne!(after, before, "{word} does something");
            let batch = desk.last_batch();
            desk.undo(batch).unwrap_or_else(|no| panic!("{word} cannot be undone: {no:?}"));
            let mut undone = shape(&desk);
            if remedy.what == What::Resume {
                // Whoever the engine gave a lead meanwhile keeps it: those are batches of their own.
                let Shape { leads, loads, ledger, .. } = after;
                assert_eq!((&undone.leads, &undone.loads, &undone.ledger), (&leads, &loads, &ledger));
                let kept = before.leads.clone();
                undone = Shape {
                    leads: kept,
                    loads: before.loads.clone(),
                    ledger: before.ledger.clone(),
                    ..undone
                };
            }
            assert_eq!(undone, before, "{word} undone");
            tried.insert(word);
        }
    }
    let all = ["move", "raise cap", "recall", "free", "merge", "resume", "roll back", "silence"];
    assert_eq!(tried, BTreeSet::from(all));
}
