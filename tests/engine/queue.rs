//! Who is served when: order of the queue, what wakes it, what waits and what parks.

use leadyard::engine::{Intent, Refusal};
use leadyard::model::event::Body;
use leadyard::model::lead::{ArrivalKind, LeadState, ParkReason};
use leadyard::model::mode::Mode;
use leadyard::model::rep::Leave;
use leadyard::model::time::{DAY_MS, HOUR_MS, MINUTE_MS};

use crate::desk::Desk;

const EAST: &str = "rule East\n give to team East\notherwise park \"nobody matched\"\n";

fn east() -> Desk {
    Desk::new(EAST)
        .rep("li", |r| r.name("李雷").team("East").cap(1))
        .rep("ouyang", |r| r.name("欧阳娜娜").team("East").cap(1))
}

#[test]
fn a_waiting_lead_goes_before_a_newcomer() {
    let mut desk = east();
    let (a, b) = (desk.lead(|l| l), desk.lead(|l| l));
    let c = desk.lead(|l| l);
    assert_eq!((desk.at(a), desk.at(b), desk.at(c)), ("li".into(), "ouyang".into(), "waiting".into()));
    // Time alone frees somebody; the next order is a newcomer's arrival.
    let rep = desk.id("ouyang");
    let (from, to) = (desk.now, desk.now.plus(HOUR_MS));
    desk.run(Intent::SetLeaves { rep, leaves: vec![Leave { from, to, reason: "午休".into() }] }).unwrap();
    desk.progress(b, LeadState::Lost).unwrap();
    assert_eq!(desk.at(c), "waiting");
    desk.wait(2 * HOUR_MS);
    let d = desk.lead(|l| l);
    assert_eq!((desk.at(c), desk.at(d)), ("ouyang".into(), "waiting".into()));
}

#[test]
fn scores_of_the_book_order_newcomers_and_a_new_book_orders_the_queue_anew() {
    let mut desk = Desk::new("score\n +30 when source = 官网\nrule East\n give to team East\n")
        .rep("li", |r| r.team("East").cap(1));
    let low = desk.new_lead(|l| l.source("抖音").score(10));
    let high = desk.new_lead(|l| l.source("官网"));
    let taken = desk.receive(vec![low, high]);
    assert_eq!(desk.at(taken[1].lead()), "li", "30 by the book beats 10 imported");
    let (a, b) = (desk.lead(|l| l.source("抖音")), desk.lead(|l| l.source("官网")));
    let order: Vec<_> = desk.world.waiting().iter().map(|k| k.lead).collect();
    assert_eq!(order, vec![b, taken[0].lead(), a]);
    desk.publish("score\n +50 when source = 抖音\nrule East\n give to team East\n");
    let order: Vec<_> = desk.world.waiting().iter().map(|k| k.lead).collect();
    assert_eq!(order, vec![taken[0].lead(), a, b]);
    assert_eq!(desk.row(a).score, 50);
}

#[test]
fn whose_people_are_full_waits_and_whom_nothing_matches_is_parked() {
    let mut desk =
        Desk::new("rule East\n when region = 上海\n give to team East\notherwise park \"nobody matched\"\n")
            .rep("li", |r| r.team("East").cap(0));
    let (a, b) = (desk.lead(|l| l.region("上海")), desk.lead(|l| l.region("西藏")));
    assert_eq!((desk.at(a), desk.at(b)), ("waiting".into(), "parked".into()));
    assert_eq!(desk.row(b).park, Some(ParkReason::Rule("nobody matched".into())));
}

#[test]
fn a_rule_for_known_owners_does_not_keep_strangers_waiting() {
    let mut desk =
        Desk::new("rule Known\n give to owner\notherwise park \"nobody matched\"\n").rep("li", |r| r);
    let a = desk.lead(|l| l);
    assert_eq!(desk.at(a), "parked");
}

#[test]
fn the_window_of_a_rule_opens_by_itself() {
    let book = "calendar\n timezone Asia/Shanghai\n window Promo 2026-11-10 12:00 .. 2026-11-10 13:00\n\
                rule Promo\n during Promo\n give to team East\notherwise wait\n";
    let mut desk = Desk::new(book).rep("li", |r| r.team("East"));
    let a = desk.lead(|l| l);
    assert_eq!(desk.at(a), "waiting");
    desk.wait(3 * HOUR_MS);
    let b = desk.lead(|l| l.score(-1));
    assert_eq!((desk.at(a), desk.at(b)), ("li".into(), "li".into()));
}

#[test]
fn a_rule_that_asks_for_waiting_comes_true_by_itself() {
    let mut desk = Desk::new("rule Late\n when waiting > 10m\n give to team East\notherwise wait\n")
        .rep("li", |r| r.team("East"));
    let a = desk.lead(|l| l);
    desk.wait(10 * MINUTE_MS);
    desk.lead(|l| l);
    assert_eq!(desk.at(a), "waiting");
    desk.wait(1);
    desk.lead(|l| l);
    assert_eq!(desk.at(a), "li");
}

#[test]
fn the_day_cap_frees_at_midnight_of_the_book() {
    let mut desk = Desk::new(&format!("calendar\n timezone Asia/Shanghai\n{EAST}"))
        .rep("o'brien", |r| r.name("O'Brien").team("East").day(1));
    let (a, b) = (desk.lead(|l| l), desk.lead(|l| l));
    assert_eq!((desk.at(a), desk.at(b)), ("o'brien".into(), "waiting".into()));
    desk.wait(15 * HOUR_MS - 1);
    desk.sweep();
    assert_eq!(desk.at(b), "waiting");
    desk.wait(1);
    desk.sweep();
    assert_eq!(desk.at(b), "o'brien");
}

#[test]
fn a_hold_keeps_the_engine_away_until_it_ends() {
    let mut desk = east();
    desk.run(Intent::SetMode(Mode::Paused)).unwrap();
    let a = desk.lead(|l| l);
    let until = desk.now.plus(10 * MINUTE_MS);
    desk.run(Intent::Hold { leads: vec![a], until }).unwrap();
    desk.run(Intent::SetMode(Mode::Auto)).unwrap();
    assert_eq!(desk.at(a), "waiting");
    desk.edit(a, |x| x.region = "上海".into()).unwrap();
    assert_eq!(desk.at(a), "waiting", "an edit does not move a held lead");
    desk.wait(10 * MINUTE_MS);
    desk.lead(|l| l.score(-5));
    assert_eq!(desk.at(a), "li");
}

#[test]
fn of_two_that_wait_only_the_later_is_the_duplicate() {
    let book = "duplicates\n same phone within 90d -> give to owner\nrule East\n give to team East\n";
    let mut desk = Desk::new(book).rep("li", |r| r.team("East")).rep("ou", |r| r.team("East"));
    desk.run(Intent::SetMode(Mode::Paused)).unwrap();
    let other = desk.lead(|l| l);
    let (a, b) = (desk.lead(|l| l.phone(138)), desk.lead(|l| l.phone(138).score(-1)));
    desk.run(Intent::SetMode(Mode::Auto)).unwrap();
    assert_eq!(desk.at(other), "li");
    assert_eq!((desk.at(a), desk.at(b)), ("ou".into(), "ou".into()));
}

#[test]
fn two_of_one_person_in_one_batch_have_one_owner() {
    let book = "duplicates\n same phone within 90d -> give to owner\nrule East\n give to team East\n";
    let mut desk = Desk::new(book).rep("li", |r| r.team("East")).rep("ou", |r| r.team("East"));
    let pair = vec![desk.new_lead(|l| l.phone(7)), desk.new_lead(|l| l.phone(7))];
    let taken = desk.receive(pair);
    assert_eq!((desk.at(taken[0].lead()), desk.at(taken[1].lead())), ("li".into(), "li".into()));
}

#[test]
fn a_duplicate_released_by_a_person_is_not_parked_again() {
    let book = "duplicates\n same phone within 90d -> park \"twice\"\nrule East\n give to team East\n";
    let mut desk = Desk::new(book).rep("li", |r| r.team("East"));
    let (a, b) = (desk.lead(|l| l.phone(1)), desk.lead(|l| l.phone(1)));
    assert!(matches!(desk.row(b).park, Some(ParkReason::Duplicate { of, .. }) if of == a));
    desk.run(Intent::Free { leads: vec![b] }).unwrap();
    assert_eq!(desk.at(b), "li");
}

#[test]
fn whom_nobody_owns_any_more_is_new_to_everybody() {
    let book = "duplicates\n same phone within 90d -> give to owner\nrule East\n give to team East\n";
    let mut desk = Desk::new(book).rep("li", |r| r.team("East"));
    desk.run(Intent::SetMode(Mode::Paused)).unwrap();
    let a = desk.lead(|l| l.phone(1));
    desk.progress(a, LeadState::Invalid).unwrap();
    desk.run(Intent::SetMode(Mode::Auto)).unwrap();
    let b = desk.lead(|l| l.phone(1));
    assert_eq!(desk.at(b), "li");
}

#[test]
fn an_owner_who_is_full_parks_the_duplicate_for_a_person() {
    let book = "duplicates\n same phone within 90d -> give to owner\nrule East\n give to team East\n";
    let mut desk = Desk::new(book).rep("li", |r| r.team("East").cap(1)).rep("ou", |r| r.team("East"));
    let (a, b) = (desk.lead(|l| l.phone(1)), desk.lead(|l| l.phone(1)));
    assert_eq!((desk.at(a), desk.at(b)), ("li".into(), "parked".into()));
}

#[test]
fn history_is_kept_and_never_assigned() {
    let mut desk = east();
    for state in [LeadState::Waiting, LeadState::Parked, LeadState::Won] {
        let mut old = desk.new_lead(|l| l.kind(ArrivalKind::History));
        old.state = state;
        let id = desk.receive(vec![old])[0].lead();
        assert_eq!(desk.at(id), "closed", "{state:?}");
    }
    assert_eq!((desk.load("li"), desk.load("ouyang")), (0, 0));
}

#[test]
fn a_backlog_longer_than_a_sweep_keeps_its_order() {
    let mut desk = Desk::new(EAST).rep("li", |r| r.team("East"));
    desk.run(Intent::SetMode(Mode::Paused)).unwrap();
    for _ in 0..3 {
        let chunk = (0..200).map(|_| desk.new_lead(|l| l)).collect();
        desk.receive(chunk);
    }
    let first = desk.run(Intent::SetMode(Mode::Auto)).unwrap();
    assert!(first.more);
    let newcomer = desk.lead(|l| l);
    let given: Vec<_> = desk
        .last
        .iter()
        .filter_map(|e| if let Body::LeadAssigned(a) = &e.body { Some(a.lead) } else { None })
        .collect();
    assert_eq!(given.len(), 201, "the rest of the backlog, then the newcomer");
    assert_eq!(given.last(), Some(&newcomer));
}

#[test]
fn a_new_book_with_another_zone_counts_days_there_at_once() {
    let mut desk = east();
    desk.lead(|l| l);
    desk.publish("calendar\n timezone Pacific/Auckland\nrule East\n give to team East\n");
    let a = desk.lead(|l| l);
    let Some(Body::LeadAssigned(given)) = desk.last.iter().map(|e| &e.body).find(|b| b.verb().code() == 3)
    else {
        panic!("{} was not given", a);
    };
    assert_eq!(given.charge.day, desk.moment().day);
}

#[test]
fn a_broken_book_is_refused_with_its_count() {
    let mut desk = east();
    desk.lead(|l| l);
    let base = desk.world.published().version;
    let text = "rule A\n give to team Easst\n".into();
    match desk.run(Intent::Publish { text, note: "".into(), base }) {
        Err(Refusal::BookHasErrors { count, line, .. }) => assert_eq!((count, line), (1, 2)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn nothing_happens_twice_when_a_leave_is_over() {
    let mut desk = east();
    let rep = desk.id("li");
    let leave = Leave { from: desk.now, to: desk.now.plus(DAY_MS), reason: "".into() };
    desk.run(Intent::SetLeaves { rep, leaves: vec![leave] }).unwrap();
    let a = desk.lead(|l| l);
    assert_eq!(desk.at(a), "ouyang");
    desk.wait(2 * DAY_MS);
    assert_eq!(desk.sweep().events, 2, "an entry org-wide and one in the team");
    assert_eq!(desk.sweep().events, 0);
    assert_eq!(desk.ledger("li"), desk.ledger("ouyang"));
}
