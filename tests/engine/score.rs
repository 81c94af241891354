//! Scores follow the book in force: the queue is in their order after a publication, for held and parked leads too, after a
//! replay and from a checkpoint; and a line that asks for the time does what the language page says.

use leadyard::engine::Intent;
use leadyard::model::lead::LeadState;
use leadyard::model::mode::Mode;
use leadyard::model::time::{HOUR_MS, MINUTE_MS};
use leadyard::world::World;

use crate::desk::Desk;

const ONE: &str = "score\n +10 when source = 官网\nrule East\n give to team East\n";
const OTHER: &str = "score\n -5 when source = 官网\n +50 when source = 抖音\nrule East\n give to team East\n";

/// A desk on which everybody waits: the only rep is full.
fn full(book: &str) -> Desk {
    let mut desk = Desk::new(book).rep("li", |r| r.team("East").cap(1));
    desk.lead(|l| l.score(1000));
    desk
}

#[test]
fn the_queue_follows_the_scores_of_a_new_book_also_folded_and_from_a_checkpoint() {
    let mut desk = full(ONE);
    let a = desk.lead(|l| l.source("官网"));
    let b = desk.lead(|l| l.source("抖音"));
    let c = desk.lead(|l| l.score(20));
    assert_eq!(Desk::queue(&desk.world), [c, a, b]);
    let until = desk.now.plus(20 * MINUTE_MS);
    desk.run(Intent::Hold { leads: vec![b], until }).unwrap();
    desk.publish(OTHER);
    let order = [b, c, a];
    assert_eq!(Desk::queue(&desk.world), order, "a held lead too");
    assert_eq!(desk.row(a).score, -5);
    assert_eq!(Desk::queue(&desk.replayed()), order);
    let thawed = World::decode(&desk.world.encode().unwrap()).unwrap();
    assert_eq!(Desk::queue(&thawed), order);
    // Undoing the publication brings the old order back.
    let batch = desk.last_batch();
    desk.undo(batch).unwrap();
    assert_eq!(Desk::queue(&desk.world), [c, a, b]);
}

#[test]
fn parked_leads_are_scored_too_and_come_back_to_their_place() {
    let mut desk = full(ONE);
    let a = desk.lead(|l| l.source("抖音"));
    let b = desk.lead(|l| l.source("官网"));
    desk.run(Intent::Park { leads: vec![a], reason: "".into() }).unwrap();
    desk.publish(OTHER);
    assert_eq!(desk.row(a).score, 50);
    // Paused, nothing decides it again: the place is right at once all the same.
    desk.run(Intent::SetMode(Mode::Paused)).unwrap();
    desk.run(Intent::Free { leads: vec![a] }).unwrap();
    assert_eq!(Desk::queue(&desk.world), [a, b]);
    desk.edit(a, |x| x.source = "官网".into()).unwrap();
    assert_eq!(desk.row(a).score, -5);
    assert_eq!(Desk::queue(&desk.world), [a, b], "equal scores: who came first");
}

#[test]
fn a_recalled_lead_comes_back_with_the_score_of_the_book_in_force() {
    let mut desk = Desk::new(ONE).rep("li", |r| r.team("East"));
    let a = desk.lead(|l| l.source("抖音"));
    assert_eq!((desk.at(a).as_str(), desk.row(a).score), ("li", 0));
    desk.publish(OTHER);
    assert_eq!(desk.row(a).score, 0, "what was decided keeps the score it was decided by");
    desk.run(Intent::Recall { leads: vec![a], reason: "".into() }).unwrap();
    assert_eq!((desk.at(a).as_str(), desk.row(a).score), ("waiting", 50));
}

#[test]
fn a_line_that_asks_for_the_wait_moves_the_lead_when_somebody_is_served_next() {
    let mut desk = full("score\n +50 when waiting > 5m\nrule East\n give to team East\n");
    let busy = desk.world.leads().next().unwrap().id;
    let old = desk.lead(|l| l.score(10));
    desk.wait(4 * MINUTE_MS);
    let better = desk.lead(|l| l.score(40));
    assert_eq!(Desk::queue(&desk.world), [better, old]);
    desk.wait(2 * MINUTE_MS);
    assert_eq!(Desk::queue(&desk.world), [better, old], "time alone changes nothing that is stored");
    desk.progress(busy, LeadState::Won).unwrap();
    assert_eq!((desk.at(old).as_str(), desk.at(better).as_str()), ("li", "waiting"));
    assert_eq!(desk.row(old).score, 60);
    assert_eq!(desk.why(old).unwrap().score, 60, "kept in the decision");
}

#[test]
fn a_line_that_asks_for_the_hour_means_the_hour_of_arrival() {
    let book =
        "calendar\n timezone Asia/Shanghai\nscore\n +50 when hour = 9\nrule East\n give to team East\n";
    let mut desk = full(book);
    let nine = desk.lead(|l| l.score(0));
    desk.wait(2 * HOUR_MS);
    let eleven = desk.lead(|l| l.score(40));
    assert_eq!((desk.row(nine).score, desk.row(eleven).score), (50, 40));
    desk.publish(&format!("{book}otherwise wait\n"));
    assert_eq!(Desk::queue(&desk.world), [nine, eleven]);
}

#[test]
fn more_leads_than_one_transaction_should_hold_are_moved_before_anybody_is_served() {
    let mut desk = full("score\n +50 when waiting > 5m\nrule East\n give to team East\n");
    let busy = desk.world.leads().next().unwrap().id;
    for _ in 0..6 {
        let leads = (0..400).map(|_| desk.new_lead(|l| l)).collect();
        desk.receive(leads);
    }
    desk.wait(4 * MINUTE_MS);
    let better = desk.lead(|l| l.score(40));
    desk.wait(2 * MINUTE_MS);
    let done = desk.progress(busy, LeadState::Won).unwrap();
    assert!(done.more && desk.load("li") == 0, "nobody is served in half an order");
    assert!(!desk.sweep().more);
    assert_eq!((desk.load("li"), desk.at(better).as_str()), (1, "waiting"));
    assert_eq!(Desk::queue(&desk.world).last(), Some(&better));
}
