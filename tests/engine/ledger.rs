//! The ledger's page and a supervisor's adjustments.

use leadyard::engine::Intent;
use leadyard::engine::intent::ADJUST_MAX_MILLI;
use leadyard::model::actor::Role;
use leadyard::model::event::LedgerReason;
use leadyard::model::time::{DAY_MS, HOUR_MS};
use leadyard::report::ledger::ledger_page;

use crate::desk::Desk;

fn yard() -> Desk {
    Desk::new("rule East\n give to team East by fair within team\n")
        .rep("li", |r| r.team("East"))
        .rep("o", |r| r.team("East"))
        .rep("w", |r| r.team("West"))
}

fn adjust(desk: &mut Desk, login: &str, milli: i64, team: Option<&str>, reason: &str) -> Result<(), String> {
    let rep = desk.id(login);
    let intent = Intent::AdjustLedger { rep, team: team.map(Into::into), milli, reason: reason.into() };
    desk.run(intent).map(|_| ()).map_err(|r| r.code().to_owned())
}

#[test]
fn the_page_tells_sums_means_days_and_who_is_next() {
    let mut desk = yard();
    for _ in 0..3 {
        desk.lead(|l| l);
    }
    let page = ledger_page(&desk.world, desk.state_of("o"), &desk.moment());
    let scopes: Vec<_> =
        page.scopes.iter().map(|s| (s.team.as_deref(), s.sum_milli, s.mean_milli, s.others)).collect();
    assert_eq!(scopes, [(None, 1_000, Some(2_000), 1), (Some("East"), 1_000, Some(2_000), 1)]);
    assert!(page.scopes.iter().all(|s| s.next == Some(desk.id("o")) && s.days.len() == 1));
    let alone = ledger_page(&desk.world, desk.state_of("w"), &desk.moment());
    assert_eq!((alone.scopes[0].mean_milli, alone.scopes[0].next), (None, Some(desk.id("w"))));
}

#[test]
fn entries_say_why_and_since_when() {
    let mut desk = yard();
    desk.duty("o", false);
    let away = desk.now;
    for _ in 0..4 {
        desk.wait(2 * HOUR_MS);
        desk.lead(|l| l);
    }
    desk.duty("o", true);
    desk.hire("new", |r| r.team("East"));
    let of = |desk: &Desk, login: &str| ledger_page(&desk.world, desk.state_of(login), &desk.moment()).scopes;
    let o = of(&desk, "o");
    assert_eq!(o[0].notes[0].reason, LedgerReason::ReEntry { away_since: away });
    assert_eq!(o[1].notes[0].milli, 4_000);
    let new = of(&desk, "new");
    assert_eq!(new[1].notes.len(), 1);
    assert_eq!((&new[1].notes[0].reason, new[1].notes[0].by.as_str()), (&LedgerReason::Newcomer, "王芳"));
    // Out of the window, off the page.
    desk.wait(29 * DAY_MS);
    assert!(of(&desk, "o").iter().all(|s| s.notes.is_empty() && s.days.is_empty() && s.sum_milli == 0));
}

#[test]
fn an_adjustment_moves_the_turn_and_can_be_taken_back() {
    let mut desk = yard();
    adjust(&mut desk, "li", 1_500, Some("East"), "借调期间多算").unwrap();
    let next = desk.lead(|l| l);
    assert_eq!(desk.at(next), "o", "more turns on the ledger: served later");
    let page = ledger_page(&desk.world, desk.state_of("li"), &desk.moment());
    assert_eq!((page.scopes[0].sum_milli, page.scopes[1].sum_milli), (0, 1_500));
    let note = &page.scopes[1].notes[0];
    assert_eq!((note.by.as_str(), &note.reason), ("王芳", &LedgerReason::Adjustment("借调期间多算".into())));
    let batch = note.batch;
    desk.undo(batch).unwrap();
    assert_eq!(desk.state_of("li").ledger_sum(Some("East"), desk.moment().day), 0);
    assert_eq!(ledger_page(&desk.world, desk.state_of("li"), &desk.moment()).scopes[1].notes.len(), 2);
}

#[test]
fn adjustments_are_bounded_reasoned_and_a_supervisors() {
    let mut desk = yard();
    let mut says = |milli, team, reason: &str| adjust(&mut desk, "li", milli, team, reason).unwrap_err();
    assert_eq!(says(ADJUST_MAX_MILLI + 1, None, "x"), "too-many-turns");
    assert_eq!(says(-ADJUST_MAX_MILLI - 1, None, "x"), "too-many-turns");
    assert_eq!(says(i64::MIN, None, "x"), "too-many-turns");
    assert_eq!(says(0, None, "x"), "nothing-to-do");
    assert_eq!(says(1, None, " "), "needs-reason");
    assert_eq!(says(1, Some("West"), "x"), "not-in-team");
    adjust(&mut desk, "li", -250, None, "x").unwrap();
    let batch = desk.last_batch();
    desk.speak("王芳", Role::Coordinator);
    assert_eq!(adjust(&mut desk, "li", 1_000, None, "x").unwrap_err(), "not-allowed");
    assert_eq!(desk.undo(batch).unwrap_err().code(), "not-allowed");
}
