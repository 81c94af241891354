//! The leader and time: what it does when the wall clock steps, when nobody led for hours, and when timers want to move
//! more than they may. On a real file, with both clocks in the test's hands.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

use leadyard::desk::Interlock;
use leadyard::desk::clock::fresh_id;
use leadyard::desk::leader::Leader;
use leadyard::engine::timers::{CLOCK_SUSPECT, MOVES_AN_HOUR_MAX};
use leadyard::engine::{Intent, NewLead, Order};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::contact_card::ContactCard;
use leadyard::model::event::{Body, Event};
use leadyard::model::id::{BookVersion, LeadId};
use leadyard::model::lead::{ArrivalKind, Attrs, LeadState};
use leadyard::model::rep::RepCard;
use leadyard::model::time::{HOUR_MS, MINUTE_MS, Millis, SECOND_MS};
use leadyard::store::Store;

/// 2026-11-10 09:00 in Shanghai.
const START: i64 = 1_794_272_400_000;
const BOOK: &str = "rule All\n give to team East\n respond within 30m, else reassign 2 times, then escalate\n\
                    replies from crm\notherwise wait\n";

struct Yard {
    _folder: tempfile::TempDir,
    interlock: Interlock,
    leader: Leader,
    wall: i64,
    boot: i64,
    leads: u64,
}

impl Yard {
    fn new(reps: usize) -> Yard {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("desk.db"), Millis(START)).unwrap();
        let interlock = Interlock::new(store, &mut |_, _| {}).unwrap();
        let leader = Leader::new(1, "boot".into());
        let mut yard = Yard { _folder: folder, interlock, leader, wall: START, boot: HOUR_MS, leads: 0 };
        let cards = (0..reps).map(|i| {
            let mut card = RepCard::new(&format!("rep{i}"), "欧阳娜娜");
            card.teams = vec!["East".into()];
            card
        });
        yard.ask(Intent::AddReps { cards: cards.collect() });
        yard.ask(Intent::Publish { text: BOOK.into(), note: "".into(), base: BookVersion(0) });
        yard.run(MINUTE_MS);
        yard
    }

    fn ask(&mut self, intent: Intent) {
        let actor = Actor { name: "王芳".into(), role: Role::Admin, console: 1 };
        let order = Order { id: fresh_id(), actor, intent, seen: Vec::new() };
        let group = self.interlock.group(&[order], Millis(self.wall));
        group.answers.into_iter().next().unwrap().unwrap();
    }

    fn arrive(&mut self, count: u64) -> Vec<LeadId> {
        let first = self.interlock.world().next_lead().0;
        let leads = (0..count).map(|i| NewLead {
            attrs: Attrs { source: "crm".into(), ..Attrs::default() },
            contact: ContactCard::default(),
            keys: Vec::new(),
            system: "test".into(),
            external_id: format!("{}", self.leads + i).into(),
            received_at: None,
            kind: ArrivalKind::Live,
            state: LeadState::Waiting,
            owner: None,
            do_not_contact: false,
        });
        let leads = leads.collect();
        self.leads += count;
        self.ask(Intent::Receive { leads, import: None });
        (first..first + count).map(LeadId).collect()
    }

    fn tick(&mut self) {
        self.leader.tick(&mut self.interlock, Millis(self.wall), self.boot, false).unwrap();
    }

    /// Time passes on both clocks, the leader looking every half minute.
    fn run(&mut self, ms: i64) {
        for _ in 0..ms / (30 * SECOND_MS) {
            self.wall += 30 * SECOND_MS;
            self.boot += 30 * SECOND_MS;
            self.tick();
        }
    }

    fn events(&self) -> Vec<Event> {
        let last = self.interlock.world().seq();
        self.interlock.store().events(leadyard::model::id::Seq(1), last, 100_000).unwrap()
    }

    fn moves(&self) -> usize {
        let moved = |e: &&Event| matches!(e.body, Body::LeadRecalled { timer: Some(_), .. });
        self.events().iter().filter(moved).count()
    }

    fn suspects(&self) -> bool {
        self.interlock.world().alerts().contains_key(&CLOCK_SUSPECT)
    }
}

#[test]
fn a_timer_is_served_by_the_leader() {
    let mut yard = Yard::new(3);
    let lead = yard.arrive(1)[0];
    let first = yard.interlock.world().lead(lead).unwrap().owner;
    yard.run(29 * MINUTE_MS);
    assert_eq!(yard.moves(), 0);
    yard.run(2 * MINUTE_MS);
    assert_eq!(yard.moves(), 1);
    assert_ne!(yard.interlock.world().lead(lead).unwrap().owner, first);
    let report = leadyard::store::check(yard.interlock.path(), &mut |_, _| {}).unwrap();
    assert!(report.is_sound(), "{report:?}");
}

#[test]
fn a_step_of_the_wall_clock_stops_timers_and_not_assignment() {
    for step in [2 * HOUR_MS, -2 * HOUR_MS] {
        let mut yard = Yard::new(3);
        yard.arrive(1);
        yard.run(10 * MINUTE_MS);
        assert!(!yard.suspects());
        yard.wall += step;
        yard.run(5 * MINUTE_MS);
        assert!(yard.suspects());
        let late = yard.arrive(1)[0];
        assert!(yard.interlock.world().lead(late).unwrap().owner.is_some(), "assignment goes on");
        yard.run(3 * HOUR_MS);
        assert_eq!(yard.moves(), 0, "step {step}");
        assert_eq!(
            yard.interlock.world().alerts().len(),
            1,
            "time detectors are silent, however long it lasts"
        );
        // Set right again: each owner has what was left.
        yard.wall -= step;
        yard.run(15 * MINUTE_MS);
        assert!(!yard.suspects());
        assert_eq!(yard.moves(), 0, "step {step}");
        yard.run(40 * MINUTE_MS);
        assert!(yard.moves() >= 1);
    }
}

#[test]
fn a_person_may_say_that_the_clock_is_right_now() {
    let mut yard = Yard::new(3);
    yard.arrive(1);
    yard.run(10 * MINUTE_MS);
    yard.wall += 2 * HOUR_MS;
    yard.run(5 * MINUTE_MS);
    assert!(yard.suspects());
    yard.ask(Intent::ConfirmClock);
    yard.run(15 * MINUTE_MS);
    assert!(!yard.suspects(), "not suspected again");
    assert_eq!(yard.moves(), 0, "the two hours count for nobody");
    yard.run(10 * MINUTE_MS);
    assert_eq!(yard.moves(), 1);
}

#[test]
fn hours_without_a_leader_take_no_lead_away() {
    let mut yard = Yard::new(3);
    yard.arrive(1);
    yard.run(20 * MINUTE_MS);
    // The machine slept.
    yard.wall += 3 * HOUR_MS;
    yard.boot += 3 * HOUR_MS;
    yard.run(8 * MINUTE_MS);
    assert_eq!(yard.moves(), 0);
    yard.run(4 * MINUTE_MS);
    assert_eq!(yard.moves(), 1);
    // The leader died and another came much later.
    yard.wall += 3 * HOUR_MS;
    yard.boot += 3 * HOUR_MS;
    yard.leader = Leader::new(2, "boot".into());
    yard.run(20 * MINUTE_MS);
    assert_eq!(yard.moves(), 1);
    // Nor does a night with the machine switched off.
    yard.wall += 9 * HOUR_MS;
    yard.boot = 0;
    yard.leader = Leader::new(3, "another boot".into());
    yard.run(5 * MINUTE_MS);
    assert_eq!(yard.moves(), 1);
}

#[test]
fn the_book_sets_the_budget_of_the_timers() {
    let mut yard = Yard::new(5);
    let base = yard.interlock.world().published().version;
    let text = format!("{BOOK}timers move at most 7 per hour\n");
    yard.ask(Intent::Publish { text: text.into(), note: "".into(), base });
    yard.arrive(10);
    yard.run(40 * MINUTE_MS);
    assert_eq!(yard.moves(), 7);
    let alert =
        yard.interlock.world().alerts().values().find(|a| a.finding.key.kind.word() == "timer-budget");
    assert_eq!(alert.map(|a| (a.finding.figure, a.finding.limit)), Some((7, 7)));
    // An hour after the first moves there is room again, and the alert is over.
    yard.run(65 * MINUTE_MS);
    assert!(yard.interlock.world().alerts().keys().all(|k| k.kind.word() != "timer-budget"));
}

#[test]
fn timers_move_no_more_than_their_budget() {
    let mut yard = Yard::new(5);
    yard.arrive(70);
    yard.run(40 * MINUTE_MS);
    assert_eq!(yard.moves(), MOVES_AN_HOUR_MAX);
    let escalated = yard.events().iter().filter(|e| matches!(e.body, Body::LeadEscalated(_))).count();
    assert_eq!(escalated, 70 - MOVES_AN_HOUR_MAX);
    let kinds: Vec<_> = yard.interlock.world().alerts().keys().map(|k| k.kind.word()).collect();
    assert!(kinds.contains(&"timer-budget") && kinds.contains(&"overdue"), "{kinds:?}");
}
