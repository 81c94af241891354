//! The fairness bounds of the design, measured: spread, the return from leave and from off duty, the new hire.

use leadyard::engine::Intent;
use leadyard::model::id::LeadId;
use leadyard::model::lead::LeadState;
use leadyard::model::rep::Leave;
use leadyard::model::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use leadyard::report::spread::spread_milli;

use crate::desk::Desk;
use crate::scenes::{Crowd, Mix, back_from_leave, crowd, new_hire, overlapping};

const SIX: [&str; 6] = ["an", "bo", "chen", "deng", "o'brien", "欧阳"];

/// Three pools, each rep in two of them.
const OVERLAPPING: &str = "rule A\n when region = A\n give to team A\nrule B\n when region = B\n give to team B\n\
                           rule C\n when region = C\n give to team C\n";

fn six() -> Desk {
    let mut desk = Desk::new(OVERLAPPING);
    for (at, login) in SIX.iter().enumerate() {
        let teams = [["A", "B"], ["B", "C"], ["C", "A"]][at % 3];
        desk = desk.rep(login, |r| r.team(teams[0]).team(teams[1]));
    }
    desk
}

/// A lead of a region drawn by its number; done at once, so that loads do not matter. Returns who got it.
fn one(desk: &mut Desk, n: u64) -> String {
    let hash = n.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 33;
    let region = ["A", "B", "C"][(hash % 3) as usize];
    let lead: LeadId = desk.lead(|l| l.region(region));
    let who = desk.at(lead);
    desk.progress(lead, LeadState::Lost).unwrap();
    who
}

/// `count` leads `every_ms` apart; who got how many, in the order of `SIX`.
fn run(desk: &mut Desk, from: u64, count: u64, every_ms: i64) -> Vec<String> {
    (from..from + count)
        .map(|n| {
            desk.wait(every_ms);
            one(desk, n)
        })
        .collect()
}

fn of(who: &[String], login: &str) -> usize {
    who.iter().filter(|w| *w == login).count()
}

fn longest_run(who: &[String], login: &str) -> usize {
    who.split(|w| w != login).map(<[String]>::len).max().unwrap_or(0)
}

#[test]
fn overlapping_pools_are_spread_within_one_percent() {
    let mut desk = six();
    // A thousand leads a pool, shuffled: `fair` evens out turns, so pools that bring unequal numbers are due unequal ones.
    let who: Vec<String> = (0..3_000u64)
        .map(|n| {
            desk.wait(5 * MINUTE_MS);
            let region = ["A", "B", "C"][(n * 1_013_904_223 % 3_000 / 1_000) as usize];
            let lead = desk.lead(|l| l.region(region));
            let who = desk.at(lead);
            desk.progress(lead, LeadState::Lost).unwrap();
            who
        })
        .collect();
    let counts: Vec<usize> = SIX.iter().map(|l| of(&who, l)).collect();
    let (min, max) = (counts.iter().min().unwrap(), counts.iter().max().unwrap());
    assert!((max - min) * 100 <= 3_000 / 6, "{counts:?}");
    let spread = spread_milli(&desk.world, &desk.moment()).unwrap();
    assert!(spread <= 10, "spread {spread} ‰");
}

fn is_calm_return(desk: &mut Desk, who_returns: &str, from: u64, every_ms: i64) {
    let next = run(desk, from, 100, every_ms);
    let (part, longest) = (of(&next, who_returns), longest_run(&next, who_returns));
    assert!((12..=20).contains(&part) && longest <= 3, "{part} of 100, {longest} in a row");
}

#[test]
fn two_weeks_of_leave_flood_nobody_then_or_later() {
    let mut desk = six();
    let every = 20 * MINUTE_MS;
    run(&mut desk, 0, 72 * 20, every);
    let rep = desk.id("chen");
    let leave = Leave { from: desk.now, to: desk.now.plus(14 * DAY_MS), reason: "年假".into() };
    desk.run(Intent::SetLeaves { rep, leaves: vec![leave] }).unwrap();
    let away = run(&mut desk, 2_000, 72 * 14 - 1, every);
    assert_eq!(of(&away, "chen"), 0);
    desk.wait(every);
    is_calm_return(&mut desk, "chen", 5_000, every);
    // Nor when the credit leaves the window, nor in between.
    for week in 0..5 {
        let next = run(&mut desk, 10_000 + week * 1_000, 504, every);
        let share = of(&next, "chen");
        assert!((75..=93).contains(&share), "{share} of 504 in week {week}");
    }
}

#[test]
fn two_weeks_off_duty_flood_nobody() {
    let mut desk = six();
    let every = 20 * MINUTE_MS;
    run(&mut desk, 0, 72 * 20, every);
    desk.duty("chen", false);
    run(&mut desk, 2_000, 72 * 14, every);
    desk.duty("chen", true);
    let batch = desk.last_batch();
    // A slip of the finger: taken back and done again it is credited all the same.
    desk.undo(batch).unwrap();
    desk.duty("chen", true);
    is_calm_return(&mut desk, "chen", 5_000, every);
}

#[test]
fn lunch_is_not_credited_and_does_not_flood() {
    let mut desk = six();
    run(&mut desk, 0, 600, 10 * MINUTE_MS);
    desk.duty("bo", false);
    run(&mut desk, 700, 6, 10 * MINUTE_MS);
    desk.duty("bo", true);
    assert!(desk.last.len() == 1, "no credit for an hour");
    desk.wait(5 * HOUR_MS);
    is_calm_return(&mut desk, "bo", 800, 10 * MINUTE_MS);
}

#[test]
fn a_new_hire_in_a_slow_team_gets_their_share_from_the_first_day() {
    let book = "rule Slow\n when region = S\n give to team Slow\nrule Fast\n give to team Fast\n";
    let mut desk = Desk::new(book);
    for login in ["s1", "s2", "s3"] {
        desk = desk.rep(login, |r| r.team("Slow"));
    }
    for login in ["f1", "f2", "f3"] {
        desk = desk.rep(login, |r| r.team("Fast"));
    }
    let day = |desk: &mut Desk| -> Vec<String> {
        let mut who = Vec::new();
        for n in 0..96 {
            desk.wait(15 * MINUTE_MS);
            let lead = desk.lead(|l| l.region(if n % 8 == 0 { "S" } else { "F" }));
            who.push(desk.at(lead));
            desk.progress(lead, LeadState::Lost).unwrap();
        }
        who
    };
    for _ in 0..30 {
        day(&mut desk);
    }
    desk.hire("new", |r| r.name("新同事").team("Slow"));
    for at in 0..35 {
        let got = of(&day(&mut desk), "new");
        assert!((2..=4).contains(&got), "{got} of 12 among four on day {at}");
    }
}

#[test]
fn within_a_team_the_same_holds() {
    let book = "rule A\n when region = A\n give to team A by fair within team\nrule B\n give to team B by fair within team\n";
    let mut desk = Desk::new(book);
    for login in ["x", "y", "z"] {
        desk = desk.rep(login, |r| r.team("A").team("B"));
    }
    let go = |desk: &mut Desk, n: u64| -> Vec<String> { run(desk, n, 336, HOUR_MS) };
    go(&mut desk, 0);
    desk.duty("x", false);
    go(&mut desk, 1_000);
    desk.duty("x", true);
    let next = run(&mut desk, 3_000, 99, HOUR_MS);
    assert!((27..=39).contains(&of(&next, "x")), "{}", of(&next, "x"));
}

#[test]
fn a_weighted_draw_keeps_its_proportions_and_the_turn_is_strict() {
    let mut desk = Desk::new("draw salt 7\nrule W\n when region = W\n give to team T by weighted\nrule R\n give to team T by round-robin\n")
        .rep("one", |r| r.team("T"))
        .rep("two", |r| r.team("T").weight(2000))
        .rep("five", |r| r.team("T").weight(5000));
    let mut who = Vec::new();
    for _ in 0..4_000 {
        let lead = desk.lead(|l| l.region("W"));
        who.push(desk.at(lead));
        desk.progress(lead, LeadState::Lost).unwrap();
    }
    for (login, part) in [("one", 500), ("two", 1_000), ("five", 2_500)] {
        let got = of(&who, login);
        assert!(got.abs_diff(part) < part / 8 + 20, "{login} got {got} of about {part}");
    }
    let leads: Vec<LeadId> = (0..6).map(|_| desk.lead(|l| l)).collect();
    let turns: Vec<String> = leads.iter().map(|l| desk.at(*l)).collect();
    assert_eq!(turns, ["one", "two", "five", "one", "two", "five"]);
}

#[test]
fn everybody_is_within_two_leads_of_what_was_due_whatever_days_they_were_away() {
    for (within_team, teams, per_team, leads) in [(false, 1, 20, 6_000), (true, 3, 12, 12_000)] {
        let size = Crowd { teams, per_team, leads, within_team, lunches: false };
        let off = crowd(size, 1);
        assert!(off.most <= 2_000 && off.least >= -2_000, "{} to {} thousandths", off.least, off.most);
        assert!(off.spread <= 20, "spread {} thousandths", off.spread);
        let off = crowd(Crowd { lunches: true, ..size }, 2);
        assert!(off.ledger <= 2_000, "{} thousandths of a turn from the mean", off.ledger);
    }
}

#[test]
fn turns_are_even_whatever_the_pools_bring_and_the_way_back_is_calm() {
    let (spread, range) = overlapping(900, Mix::Even);
    assert!(spread <= 15 && range <= 15, "{spread} and {range} thousandths");
    for mix in [Mix::Chance, Mix::Lopsided] {
        assert!(overlapping(900, mix).1 <= 20, "three leads of 150");
    }
    let back = back_from_leave(3);
    assert!(back.of_next_100 <= 20 && back.in_a_row <= 3 && back.later.0 <= 20 && back.later.1 >= 12);
    let (first, (min, max)) = new_hire();
    assert!((2..=4).contains(&first) && min >= 2 && max <= 4, "{first}, then {min} to {max}");
}
