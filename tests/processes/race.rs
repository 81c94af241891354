//! Two consoles want the same lead: one gets it, the other is told who was first, and when.

use std::io::{BufRead, Write};
use std::process::Command;

use leadyard::desk::clock::fresh_id;
use leadyard::desk::{Clock, Denied, Desk, DeskOptions};
use leadyard::engine::{Intent, NewLead, Order, Refusal, To};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::contact_card::ContactCard;
use leadyard::model::id::{LeadId, RepId, Seq};
use leadyard::model::lead::{ArrivalKind, Attrs, LeadState};
use leadyard::model::mode::Mode;
use leadyard::model::rep::RepCard;
use leadyard::store::{self, Store};

use crate::crew::Worker;

const RACES: usize = 1_000;
const RACER: &str = "LEADYARD_TEST_RACER";

fn order(name: &str, intent: Intent, seen: Vec<(LeadId, Seq)>) -> Order {
    let actor = Actor { name: name.into(), role: Role::Admin, console: std::process::id() };
    Order { id: fresh_id(), actor, intent, seen }
}

fn open(path: &std::path::Path) -> Desk {
    let options = DeskOptions { clock: Clock::Machine, may_lead: false, console: std::process::id() };
    Desk::start(Store::open(path).unwrap(), options, &mut |_, _| {}).unwrap()
}

/// Does nothing in an ordinary run; in a child it is a console that places what it is told to place.
#[test]
fn racer() {
    let Ok(name) = std::env::var(RACER) else { return };
    let desk = open(std::path::Path::new(&std::env::var("LEADYARD_DB").unwrap()));
    let rep = RepId(if name == "anna" { 1 } else { 2 });
    let say = |line: String| {
        let mut out = std::io::stdout();
        writeln!(out, "{line}").and_then(|()| out.flush()).unwrap();
    };
    say("\nready".into());
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let (lead, seen) = line.split_once(' ').unwrap();
        let lead = LeadId(lead.parse().unwrap());
        let intent = Intent::Place {
            leads: vec![lead],
            to: To::Rep(rep),
            reason: "mine".into(),
            force: false,
            turn: true,
        };
        let seen = vec![(lead, Seq(seen.parse().unwrap()))];
        let answer = desk.handle().submit_and_wait(order(&name, intent, seen));
        let refusal = match answer {
            Ok(outcome) if outcome.done == [lead] => None,
            Ok(outcome) => outcome.skipped.into_iter().next().map(|(_, refusal)| refusal),
            Err(Denied::Refused(refusal)) => Some(refusal),
            Err(other) => panic!("{other}"),
        };
        say(match refusal {
            None => "won".into(),
            Some(Refusal::Changed { by, at, .. }) => format!("lost to {by} at {}", at.0),
            Some(other) => format!("refused: {other:?}"),
        });
    }
}

#[test]
fn of_two_consoles_that_want_one_lead_one_wins_and_the_other_is_told() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("desk.db");
    let now = Clock::Machine.now();
    drop(Store::create(&path, now).unwrap());
    let desk = open(&path);
    let count = RACES;
    let mut intents = vec![Intent::Grant { actor: "root".into(), role: Some(Role::Admin) }];
    for name in ["anna", "ben"] {
        intents.push(Intent::Grant { actor: name.into(), role: Some(Role::Coordinator) });
        intents.push(Intent::AddReps { cards: vec![RepCard::new(name, name)] });
    }
    intents.push(Intent::SetMode(Mode::Paused));
    let lead = |i: usize| NewLead {
        attrs: Attrs::default(),
        contact: ContactCard::default(),
        keys: Vec::new(),
        system: "race".into(),
        external_id: format!("r-{i}").into(),
        received_at: Some(now),
        kind: ArrivalKind::Live,
        state: LeadState::Waiting,
        owner: None,
        do_not_contact: false,
    };
    for from in (0..count).step_by(100) {
        let leads = (from..(from + 100).min(count)).map(lead).collect();
        intents.push(Intent::Receive { leads, import: None });
    }
    for intent in intents {
        desk.handle().submit_and_wait(order("root", intent, Vec::new())).unwrap();
    }
    let world = desk.handle().snapshot().unwrap();
    let leads: Vec<(LeadId, Seq)> = world.leads().map(|l| (l.id, l.touched.seq)).collect();
    assert_eq!(leads.len(), count);
    drop(desk);
    let mut racers = ["anna", "ben"].map(|name| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["race::racer", "--exact", "--nocapture", "--test-threads=1"]);
        Worker::start(command.env(RACER, name).env("LEADYARD_DB", &path))
    });
    for racer in &mut racers {
        racer.line_with(&["ready"]);
    }
    let mut wins = [0, 0];
    for (lead, seen) in leads {
        for racer in &mut racers {
            racer.tell(&format!("{} {}", lead.0, seen.0));
        }
        let said = racers.each_mut().map(|racer| racer.line_with(&["won", "lost", "refused"]));
        let first = usize::from(said[1] == "won");
        assert_eq!(said[first], "won", "{lead}: {said:?}");
        let told = said[1 - first].strip_prefix(["lost to anna at ", "lost to ben at "][first]);
        let at: i64 = told.unwrap_or_else(|| panic!("{lead}: {said:?}")).parse().unwrap();
        assert!(at >= now.0, "{lead}: {said:?}");
        wins[first] += 1;
    }
    println!("anna {} · ben {}", wins[0], wins[1]);
    drop(racers);
    let report = store::check(&path, &mut |_, _| {}).unwrap();
    assert!(report.is_sound(), "{:?}", report.findings);
    let world = Store::open_readonly(&path).unwrap().load_world(&mut |_, _| {}).unwrap();
    let loads: Vec<usize> = world.reps().iter().map(|r| r.load as usize).collect();
    assert_eq!(loads, wins);
}
