//! The pool beyond its scenarios: undo of what the clock took, the forecast, roles, and nothing taken whose replies nobody sees.

use leadyard::engine::pool::{due, forecast};
use leadyard::engine::{Intent, Refusal};
use leadyard::model::actor::Role;
use leadyard::model::id::LeadId;
use leadyard::model::lead::{ArrivalKind, LeadState};
use leadyard::model::mode::Mode;
use leadyard::model::time::{DAY_MS, HOUR_MS, MINUTE_MS};

use crate::desk::Desk;

const BOOK: &str = "rule East\n give to team East\npool\n claim 3 per day\n \
                    return after 1 working day without contact\nreplies from crm\n";

fn yard() -> Desk {
    Desk::new(BOOK).rep("li", |r| r.team("East")).rep("o", |r| r.team("East"))
}

fn due_now(desk: &Desk) -> Vec<LeadId> {
    due(&desk.world, desk.now).collect()
}

#[test]
fn what_the_clock_took_can_be_given_back_and_stays() {
    let mut desk = yard();
    let lead = desk.lead(|l| l.source("crm"));
    assert_eq!(desk.at(lead), "li");
    desk.wait(DAY_MS);
    desk.engine(Intent::TakeQuiet).unwrap();
    assert_eq!((desk.at(lead).as_str(), desk.load("li")), ("parked", 0));
    assert_eq!(desk.row(lead).not_to, [desk.id("li")], "no engine gives it to them again");
    let batch = desk.last_batch();
    desk.undo(batch).unwrap();
    assert_eq!((desk.at(lead).as_str(), desk.load("li")), ("li", 1));
    assert!(desk.row(lead).pinned, "a person says it stays");
    desk.wait(9 * DAY_MS);
    assert_eq!(due_now(&desk), []);
}

#[test]
fn moving_a_lead_about_does_not_turn_the_clock_back_unless_another_has_it() {
    let mut desk = yard();
    let lead = desk.lead(|l| l.source("crm"));
    let free = |desk: &mut Desk| desk.run(Intent::Free { leads: vec![lead] }).unwrap();
    desk.wait(20 * HOUR_MS);
    // Taken away and given back to the same rep, pinned and freed: still the first clock.
    desk.run(Intent::Park { leads: vec![lead], reason: "".into() }).unwrap();
    desk.place(lead, "li").unwrap();
    desk.wait(4 * HOUR_MS);
    assert_eq!(due_now(&desk), [], "pinned");
    free(&mut desk);
    assert_eq!(due_now(&desk), [lead]);
    // Another rep has the whole time.
    desk.place(lead, "o").unwrap();
    free(&mut desk);
    assert_eq!(due_now(&desk), []);
    desk.wait(DAY_MS);
    assert_eq!(due_now(&desk), [lead]);
    // A contact ends it.
    desk.progress(lead, LeadState::Contacted).unwrap();
    assert_eq!(due_now(&desk), []);
}

#[test]
fn nothing_is_taken_whose_replies_nobody_sees_or_whose_clock_does_not_run() {
    let mut desk = yard();
    let silent = desk.lead(|l| l.source("抖音"));
    let old = desk.lead(|l| l.source("crm").kind(ArrivalKind::Backlog));
    let waiting = desk.lead(|l| l.source("crm"));
    desk.run(Intent::Park { leads: vec![waiting], reason: "".into() }).unwrap();
    desk.wait(30 * DAY_MS);
    desk.engine(Intent::TakeQuiet).unwrap();
    assert_eq!(desk.last, []);
    for lead in [silent, old] {
        assert_eq!(desk.row(lead).state, LeadState::Assigned);
    }
    // Nor when the book stops recording them, and again when it does: the clock is asked, not stored.
    let seen = desk.lead(|l| l.source("crm"));
    desk.wait(2 * DAY_MS);
    desk.run(Intent::SetMode(Mode::Paused)).unwrap();
    assert_eq!(due_now(&desk), [], "a paused engine moves nothing");
    desk.run(Intent::SetMode(Mode::Auto)).unwrap();
    desk.publish(&BOOK.replace("crm", "mail"));
    assert_eq!(due_now(&desk), []);
    desk.publish(BOOK);
    assert_eq!(due_now(&desk), [seen]);
}

#[test]
fn the_forecast_is_in_order_and_the_clock_takes_what_it_said() {
    let mut desk = yard();
    let mut leads = Vec::new();
    for _ in 0..3 {
        leads.push(desk.lead(|l| l.source("crm")));
        desk.wait(10 * MINUTE_MS);
    }
    desk.wait(DAY_MS - 60 * MINUTE_MS);
    let soon = |desk: &Desk, minutes: i64| {
        forecast(&desk.world, desk.now.plus(minutes * MINUTE_MS)).map(|(_, lead)| lead).collect::<Vec<_>>()
    };
    assert_eq!(soon(&desk, 29), []);
    assert_eq!(soon(&desk, 45), leads[..2]);
    desk.wait(45 * MINUTE_MS);
    let done = desk.engine(Intent::TakeQuiet).unwrap().done;
    assert_eq!(done, leads[..2]);
    assert_eq!(soon(&desk, 60), leads[2..]);
}

#[test]
fn a_claim_is_a_reps_and_the_rest_a_coordinators() {
    let mut desk = yard();
    let lead = desk.lead(|l| l);
    desk.speak("li", Role::Rep);
    assert!(matches!(desk.pool(lead), Err(Refusal::NotAllowed { needs: Role::Coordinator, .. })));
    desk.speak("王芳", Role::Coordinator);
    desk.pool(lead).unwrap();
    assert_eq!(desk.run(Intent::TakeQuiet).unwrap_err().code(), "not-allowed");
    desk.speak("viewer", Role::Viewer);
    assert_eq!(desk.run(Intent::Claim { leads: vec![lead] }).unwrap_err().code(), "not-allowed");
    desk.speak("王芳", Role::Admin);
    desk.duty("o", false);
    desk.claim(lead, "o").unwrap();
    let row = desk.row(lead);
    assert!(row.pinned && row.owner == Some(desk.id("o")), "off duty they may still take for themselves");
    assert_eq!(desk.state_of("o").ledger.claims_on(desk.moment().day), 1);
    assert_eq!(desk.ledger("o"), 0, "a claim uses no turn unless the book says so");
    let batch = desk.last_batch();
    desk.undo(batch).unwrap();
    assert!(desk.row(lead).pooled_since().is_some());
    assert_eq!(desk.state_of("o").ledger.claims_on(desk.moment().day), 0);
    let rep = desk.id("o");
    desk.run(Intent::Deactivate { rep, theirs: leadyard::engine::Theirs::Park }).unwrap();
    assert_eq!(desk.claim(lead, "o").unwrap_err().code(), "inactive");
}
