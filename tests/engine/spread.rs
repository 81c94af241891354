//! What the spread counts: who was due what of each lead, and that nothing is left of it when a lead is taken back.

use leadyard::engine::Intent;
use leadyard::model::lead::LeadState;
use leadyard::report::spread::{spread_milli, spread_of_team};

use crate::desk::Desk;

/// Received and due of `login` in thousandths of a lead.
fn part(desk: &Desk, login: &str) -> (i64, i64) {
    let (received, due) = desk.world.shares().over_window(desk.id(login), desk.moment().day);
    (received / 1000, due / 1000)
}

#[test]
fn a_lead_is_due_to_those_who_were_free_for_it_then() {
    let mut desk = Desk::new("rule T\n give to team T\n")
        .rep("an", |r| r.team("T"))
        .rep("bo", |r| r.team("T").weight(2000))
        .rep("chen", |r| r.team("T"));
    desk.lead(|l| l);
    assert_eq!((part(&desk, "an"), part(&desk, "bo")), ((1000, 250), (0, 500)));
    desk.duty("chen", false);
    desk.lead(|l| l);
    assert_eq!((part(&desk, "bo"), part(&desk, "chen")), ((1000, 1166), (0, 250)));
    let explained = desk.host.events.iter().find_map(|e| match &e.body {
        leadyard::model::event::Body::LeadAssigned(a) => a.why.as_ref(),
        _ => None,
    });
    assert_eq!(explained.unwrap().rules[0].weights, [1000, 2000, 1000]);
}

#[test]
fn a_sticky_hit_is_a_turn_a_duplicate_its_owners_alone_and_a_placement_by_hand_none() {
    let book = "duplicates\n same phone within 90d -> give to owner\nrule Mine\n when source = 官网\n \
                give to owner, team T by sticky then fair\nrule T\n give to team T\n";
    let mut desk = Desk::new(book).rep("an", |r| r.team("T")).rep("bo", |r| r.team("T"));
    let first = desk.lead(|l| l.phone(7));
    assert_eq!(desk.at(first), "an");
    let before = part(&desk, "an");
    let twin = desk.lead(|l| l.phone(7));
    assert_eq!(desk.at(twin), "an");
    assert_eq!(part(&desk, "an"), (before.0 + 1000, before.1 + 1000));
    // Without the line the rule still knows the person.
    desk.publish(
        book.split_once("rule Mine").map(|(_, rules)| format!("rule Mine{rules}")).unwrap().as_str(),
    );
    let (mine, other) = (part(&desk, "an"), part(&desk, "bo"));
    let again = desk.lead(|l| l.phone(7).source("官网"));
    assert_eq!(desk.at(again), "an");
    assert_eq!(part(&desk, "an"), (mine.0 + 1000, mine.1 + 500));
    assert_eq!(part(&desk, "bo"), (other.0, other.1 + 500));
    let (an, bo) = (part(&desk, "an"), part(&desk, "bo"));
    desk.run(Intent::SetMode(leadyard::model::mode::Mode::Paused)).unwrap();
    let by_hand = desk.lead(|l| l);
    desk.place(by_hand, "bo").unwrap();
    assert_eq!((part(&desk, "an"), part(&desk, "bo")), (an, bo), "nobody asked who else could have had it");
}

#[test]
fn a_recalled_lead_counts_twice_and_an_undone_one_not_at_all() {
    let mut desk = Desk::new("rule T\n give to team T\n")
        .rep("an", |r| r.team("T"))
        .rep("bo", |r| r.team("T").weight(3000));
    let lead = desk.lead(|l| l);
    let arrival = desk.last_batch();
    let other = desk.lead(|l| l);
    let before = (part(&desk, "an"), part(&desk, "bo"));
    desk.run(Intent::Recall { leads: vec![other], reason: "".into() }).unwrap();
    let recall = desk.last_batch();
    assert_eq!(part(&desk, "an").0 + part(&desk, "bo").0, 3000);
    desk.undo(recall).unwrap();
    assert_eq!((part(&desk, "an"), part(&desk, "bo")), before);
    // Weights of then, not of now, are what is taken back.
    let rep = desk.id("bo");
    let mut card = desk.state_of("bo").card.clone();
    card.weight_milli = 1000;
    desk.run(Intent::EditRep { rep, card }).unwrap();
    desk.undo(arrival).unwrap();
    let undo = desk.last_batch();
    assert_eq!(part(&desk, "an").0 + part(&desk, "bo").0, 1000);
    assert_eq!(part(&desk, "bo").1, 750);
    desk.undo(undo).unwrap();
    assert_eq!((part(&desk, "an"), part(&desk, "bo")), before);
    assert!(desk.world.lead(lead).is_some());
}

#[test]
fn the_figure_needs_two_who_were_due_a_lead_and_can_look_at_one_team() {
    let book = "rule S\n when region = S\n give to team S\nrule F\n give to team F by least-loaded\n";
    let mut desk = Desk::new(book)
        .rep("s1", |r| r.team("S"))
        .rep("s2", |r| r.team("S"))
        .rep("f1", |r| r.team("F"))
        .rep("f2", |r| r.team("F"));
    assert_eq!(spread_milli(&desk.world, &desk.moment()), None);
    desk.lead(|l| l.region("S"));
    assert_eq!(spread_milli(&desk.world, &desk.moment()), None, "half a lead says nothing");
    for _ in 0..9 {
        desk.lead(|l| l.region("S"));
    }
    assert_eq!(spread_milli(&desk.world, &desk.moment()), Some(0));
    // f2 keeps one in hand, so the one who closes at once gets the rest.
    for _ in 0..8 {
        let lead = desk.lead(|l| l.region("F"));
        if desk.at(lead) == "f1" {
            desk.progress(lead, LeadState::Lost).unwrap();
        }
    }
    assert_eq!(spread_of_team(&desk.world, "S", &desk.moment()), Some(0));
    assert_eq!(spread_of_team(&desk.world, "F", &desk.moment()), Some(1500));
    assert_eq!(spread_milli(&desk.world, &desk.moment()), Some(1500));
}
