//! New hires are brought in: a share of the turns that grows by the week, and a protected minimum that is not dumped on them
//! at once.

use leadyard::engine::words;
use leadyard::model::lang::Lang;
use leadyard::model::lead::LeadState;
use leadyard::model::time::{DAY_MS, DayNo, MINUTE_MS};
use leadyard::model::why::{TieBreak, Verdict};

use crate::desk::Desk;

/// Two old hands, and one who starts today after they have worked for a week.
fn yard(book: &str) -> Desk {
    let mut desk = Desk::new(book).rep("li", |r| r.team("East")).rep("o", |r| r.team("East"));
    for _ in 0..14 {
        desk.wait(DAY_MS / 2);
        one(&mut desk);
    }
    let today = desk.moment().day;
    desk.hire("new", |r| r.team("East").started(today));
    desk
}

fn one(desk: &mut Desk) -> String {
    let lead = desk.lead(|l| l);
    let who = desk.at(lead);
    desk.progress(lead, LeadState::Lost).unwrap();
    who
}

fn share(desk: &mut Desk, leads: usize) -> usize {
    (0..leads)
        .filter(|_| {
            desk.wait(MINUTE_MS);
            one(desk) == "new"
        })
        .count()
}

#[test]
fn a_new_hire_gets_a_share_that_grows_by_the_week() {
    let mut desk = yard("rule East\n give to team East\nramp 25% in week 1, 50% in weeks 2..3\n");
    // 0.25 of 2.25 shares, 0.5 of 2.5, 1 of 3.
    assert_eq!(share(&mut desk, 90), 10);
    let charge = desk.host.events.iter().rev().find_map(|e| match &e.body {
        leadyard::model::event::Body::LeadAssigned(a) if a.rep == desk.id("new") => Some(a.charge.milli),
        _ => None,
    });
    assert_eq!(charge, Some(4_000), "a turn at a quarter of the weight costs four");
    desk.wait(7 * DAY_MS);
    assert_eq!(share(&mut desk, 100), 20);
    desk.wait(7 * DAY_MS);
    assert_eq!(share(&mut desk, 100), 20);
    desk.wait(7 * DAY_MS);
    let full = share(&mut desk, 90);
    assert!((29..=31).contains(&full), "no debt and no bonus from the ramp: {full}");
}

#[test]
fn a_teams_ramp_goes_before_everybodys_and_who_has_no_start_has_none() {
    let mut desk = Desk::new(
        "rule East\n give to team East\nramp 10% in week 1\nramp for team East 80% in week 1, 90% in week 2\n",
    );
    let today = desk.moment().day;
    desk.hire("east", |r| r.team("East").started(today));
    desk.hire("west", |r| r.team("West").started(DayNo(today.0 + 3)));
    desk.hire("old", |r| r.team("East").weight(2_000));
    desk.lead(|l| l);
    let weight = |desk: &Desk, login: &str, day: DayNo| {
        let moment = leadyard::world::Moment { day, ..desk.moment() };
        leadyard::world::ramp::weight_milli(&desk.world.book().ramps, desk.state_of(login), &moment)
    };
    assert_eq!(weight(&desk, "east", today), 800);
    assert_eq!(weight(&desk, "east", DayNo(today.0 + 6)), 800);
    assert_eq!(weight(&desk, "east", DayNo(today.0 + 7)), 900);
    assert_eq!(weight(&desk, "east", DayNo(today.0 + 14)), 1_000);
    assert_eq!(weight(&desk, "west", today), 100, "before the first day as in the first week");
    assert_eq!(weight(&desk, "old", today), 2_000);
}

#[test]
fn the_protected_minimum_comes_at_an_even_pace_and_is_named() {
    let mut desk = yard("rule East\n give to team East\nramp 10% in week 1, at least 3 per day\n");
    desk.wait(DAY_MS);
    let who: Vec<String> = (0..30).map(|_| one(&mut desk)).collect();
    let at: Vec<usize> = who.iter().enumerate().filter(|(_, w)| *w == "new").map(|(at, _)| at).collect();
    assert_eq!(at, [0, 3, 6], "an even share of three until the minimum is had, then by the ledger: {who:?}");
    desk.wait(DAY_MS);
    let lead = desk.lead(|l| l);
    let why = desk.why(lead).unwrap();
    let protected = Verdict::Chosen { rep: desk.id("new"), tie: TieBreak::Protected };
    assert_eq!(why.verdict, protected);
    assert!(words::verdict(&desk.world, why, Lang::Zh).contains("新人保护"));
    assert!(words::why_not(&desk.world, why, desk.id("li"), Lang::En)[0].contains("protected minimum"));
    // A strict turn knows no protection.
    desk.publish("rule East\n give to team East by round-robin\nramp 10% in week 1, at least 3 per day\n");
    let turns: Vec<String> = (0..3).map(|_| one(&mut desk)).collect();
    assert_eq!(turns, ["li", "o", "new"]);
}
