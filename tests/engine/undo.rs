//! Undo: everything a batch did goes back where it was, in the same buckets, once; what cannot is listed.

use leadyard::engine::{Intent, Refusal, Taken, Theirs};
use leadyard::model::actor::Role;
use leadyard::model::lead::{LeadState, ParkReason};
use leadyard::model::mode::Mode;
use leadyard::model::time::MINUTE_MS;

use crate::desk::Desk;

fn desk() -> Desk {
    let book = "rule Turn\n when region = R\n give to team T by round-robin\nrule Fair\n give to team T\n";
    Desk::new(book)
        .rep("li", |r| r.name("李雷").team("T"))
        .rep("ou", |r| r.name("欧阳娜娜").team("T"))
        .rep("ob", |r| r.name("O'Brien").team("T"))
}

#[test]
fn a_placement_goes_back_to_who_had_it_and_again_by_undo_of_the_undo() {
    let mut desk = desk();
    let a = desk.lead(|l| l);
    assert_eq!(desk.at(a), "li");
    let before = (desk.ledger("li"), desk.ledger("ob"), desk.load("ob"));
    desk.place(a, "ob").unwrap();
    let batch = desk.last_batch();
    desk.undo(batch).unwrap();
    assert_eq!((desk.at(a), desk.row(a).pinned), ("li".into(), false));
    assert_eq!((desk.ledger("li"), desk.ledger("ob"), desk.load("ob")), before);
    let undone = desk.last_batch();
    assert!(matches!(desk.undo(batch), Err(Refusal::AlreadyUndone { .. })));
    desk.undo(undone).unwrap();
    assert_eq!((desk.at(a), desk.row(a).pinned, desk.ledger("ob")), ("ob".into(), true, before.1 + 1000));
}

#[test]
fn what_was_placed_from_the_queue_is_parked_until_released() {
    let mut desk = desk();
    desk.run(Intent::SetMode(Mode::Paused)).unwrap();
    let a = desk.lead(|l| l);
    desk.run(Intent::SetMode(Mode::Auto)).unwrap();
    desk.speak("李娜", Role::Supervisor);
    desk.speak("王芳", Role::Admin);
    desk.run(Intent::Recall { leads: vec![a], reason: "".into() }).unwrap();
    desk.run(Intent::Park { leads: vec![a], reason: "x".into() }).unwrap();
    desk.undo(desk.last_batch()).unwrap();
    let b = desk.lead(|l| l.region("R"));
    desk.run(Intent::SetMode(Mode::Paused)).unwrap();
    let c = desk.lead(|l| l);
    desk.place(c, "ob").unwrap();
    desk.undo(desk.last_batch()).unwrap();
    assert_eq!(desk.row(c).park, Some(ParkReason::Undone { by: "王芳".into() }));
    desk.run(Intent::SetMode(Mode::Auto)).unwrap();
    assert_eq!(desk.at(c), "parked");
    desk.run(Intent::Free { leads: vec![c] }).unwrap();
    assert_ne!(desk.at(c), "parked");
    assert_ne!(desk.at(b), "waiting");
}

#[test]
fn the_turn_goes_back_over_a_whole_batch() {
    let mut desk = desk();
    desk.lead(|l| l.region("R"));
    let chunk = (0..4).map(|_| desk.new_lead(|l| l.region("R"))).collect();
    let taken = desk.receive(chunk);
    let who: Vec<String> = taken.iter().map(|t| desk.at(t.lead())).collect();
    assert_eq!(who, ["ou", "ob", "li", "ou"]);
    desk.undo(desk.last_batch()).unwrap();
    let redo = desk.last_batch();
    assert_eq!(desk.world.last_turn("Turn"), Some(desk.id("li")));
    desk.undo(redo).unwrap();
    assert_eq!(desk.world.last_turn("Turn"), Some(desk.id("ou")));
    let next = desk.lead(|l| l.region("R"));
    assert_eq!(desk.at(next), "ob");
}

#[test]
fn an_import_is_withdrawn_and_its_rerun_begins_anew() {
    let mut desk = desk();
    desk.run(Intent::BeginImport { fingerprint: 9, name: "线索.csv".into(), rows: 2 }).unwrap();
    let batch = desk.last_batch();
    let rows = vec![desk.new_lead(|l| l.ext("1")), desk.new_lead(|l| l.ext("2"))];
    desk.run(Intent::Receive { leads: rows.clone(), import: Some(9) }).unwrap();
    assert!(desk.last.iter().all(|e| e.batch == batch));
    desk.undo(batch).unwrap();
    let undone = desk.last_batch();
    assert_eq!((desk.world.open_count(), desk.world.open_import(9)), (0, None));
    assert_eq!((desk.load("li"), desk.ledger("li")), (0, 0));
    let again = desk.receive(rows);
    assert!(again.iter().all(|t| matches!(t, Taken::New(_))));
    // Bringing the first arrivals back would double them.
    assert_eq!(desk.undo(undone).unwrap_err(), Refusal::NothingToDo);
    assert_eq!(desk.world.open_count(), 2);
}

#[test]
fn what_someone_touched_since_stays_and_is_listed() {
    let mut desk = desk();
    let chunk = (0..2).map(|_| desk.new_lead(|l| l)).collect();
    let taken = desk.receive(chunk);
    let batch = desk.last_batch();
    desk.progress(taken[0].lead(), LeadState::Contacted).unwrap();
    let done = desk.undo(batch).unwrap();
    assert_eq!(done.done, [taken[1].lead()]);
    assert!(matches!(&done.skipped[0], (_, Refusal::Changed { by, .. }) if by == "王芳"));
}

#[test]
fn a_leaver_comes_back_with_their_leads() {
    for case in 0..5 {
        let mut desk = desk();
        let to = |uses_turn| Theirs::To { rep: desk.id("ou"), uses_turn };
        let theirs = [Theirs::Spread, Theirs::Park, Theirs::Keep, to(true), to(false)][case];
        let leads: Vec<_> = (0..6).map(|_| desk.lead(|l| l)).collect();
        let rep = desk.id("li");
        let before = (desk.load("li"), desk.load("ou"), desk.ledger("ou"));
        desk.run(Intent::Deactivate { rep, theirs }).unwrap();
        desk.undo(desk.last_batch()).unwrap();
        assert!(desk.state_of("li").active);
        assert_eq!((desk.load("li"), desk.load("ou"), desk.ledger("ou")), before, "{theirs:?}");
        assert_eq!(desk.at(leads[0]), "li");
    }
}

#[test]
fn a_hire_with_leads_keeps_their_credit() {
    let mut desk = desk();
    for _ in 0..9 {
        desk.lead(|l| l);
    }
    desk.hire("new", |r| r.team("T"));
    let hired = desk.last_batch();
    assert_eq!(desk.ledger("new"), 3_000);
    for _ in 0..4 {
        desk.lead(|l| l);
    }
    assert!(desk.load("new") > 0);
    assert!(desk.undo(hired).is_err());
    assert_eq!(desk.ledger("new"), 4_000);
}

#[test]
fn nobody_undoes_above_their_role_and_a_desk_keeps_an_admin() {
    let mut desk = desk();
    let grant = |actor: &str, role| Intent::Grant { actor: actor.into(), role };
    desk.run(grant("王芳", Some(Role::Admin))).unwrap();
    let first = desk.last_batch();
    desk.run(grant("李娜", Some(Role::Admin))).unwrap();
    desk.run(grant("李娜", Some(Role::Supervisor))).unwrap();
    let lowered = desk.last_batch();
    assert_eq!(desk.undo(first).map(|o| o.events).unwrap_err(), Refusal::NothingToDo);
    desk.speak("李娜", Role::Admin);
    assert!(matches!(desk.undo(lowered), Err(Refusal::NotAllowed { needs: Role::Admin, .. })));
    desk.speak("王芳", Role::Admin);
}

#[test]
fn a_hold_is_undone_by_releasing_it() {
    let mut desk = desk();
    let a = desk.lead(|l| l);
    let until = desk.now.plus(5 * MINUTE_MS);
    desk.run(Intent::Hold { leads: vec![a], until }).unwrap();
    desk.undo(desk.last_batch()).unwrap();
    assert_eq!(desk.row(a).hold, None);
    desk.undo(desk.last_batch()).unwrap();
    assert_eq!(desk.row(a).hold.as_ref().map(|h| h.until), Some(until), "undo of the undo holds it again");
}

#[test]
fn roster_mode_and_book_go_back() {
    let mut desk = desk();
    desk.lead(|l| l);
    desk.duty("li", false);
    desk.undo(desk.last_batch()).unwrap();
    assert!(desk.state_of("li").duty);
    desk.run(Intent::SetMode(Mode::Paused)).unwrap();
    desk.undo(desk.last_batch()).unwrap();
    assert_eq!(desk.world.mode(), Mode::Auto);
    let text = desk.world.published().text.clone();
    desk.publish("otherwise wait\n");
    desk.undo(desk.last_batch()).unwrap();
    assert_eq!(desk.world.published().text, text);
    let a = desk.lead(|l| l);
    desk.edit(a, |x| x.region = "R".into()).unwrap();
    desk.undo(desk.last_batch()).unwrap();
    assert_eq!(desk.row(a).attrs.region, "");
}
