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
fn one_clock_a_rep_however_often_leads_are_handed_to_and_fro() {
    let mut desk = yard();
    let leads: Vec<LeadId> = (0..4).map(|_| desk.lead(|l| l.source("crm"))).collect();
    let [li, o] = ["li", "o"].map(|rep| desk.id(rep));
    let owner = |desk: &Desk, lead: LeadId| desk.row(lead).owner.unwrap();
    let firsts: Vec<_> = leads.iter().map(|lead| owner(&desk, *lead)).collect();
    // All in bulk to the other and back again, twice, and each time back to the engine: a desk that tries to keep them.
    for hours in [0, 6, 12, 18] {
        for (from, to) in [(li, o), (o, li)] {
            let theirs: Vec<LeadId> =
                leads.iter().copied().filter(|lead| owner(&desk, *lead) == from).collect();
            let place = Intent::Place {
                leads: theirs.clone(),
                to: leadyard::engine::To::Rep(to),
                reason: "".into(),
                force: false,
                turn: true,
            };
            if !theirs.is_empty() {
                desk.run(place).unwrap();
                desk.run(Intent::Free { leads: theirs }).unwrap();
            }
        }
        desk.wait(6 * HOUR_MS);
        assert!(hours == 18 || due_now(&desk).is_empty(), "{hours}");
    }
    assert_eq!(due_now(&desk).len(), 4, "a day after the first of them had it first");
    // Recalled and undone, parked and given back: the same.
    let lead = leads[0];
    let before = leadyard::world::quiet::quiet_deadline(&desk.world, desk.row(lead));
    desk.run(Intent::Recall { leads: vec![lead], reason: "".into() }).unwrap();
    let batch = desk.last_batch();
    desk.undo(batch).unwrap();
    assert_eq!(leadyard::world::quiet::quiet_deadline(&desk.world, desk.row(lead)), before);
    assert_eq!(firsts.len(), 4);
}

#[test]
fn a_suspect_clock_and_a_gap_without_leader_cost_nobody_a_lead() {
    use leadyard::engine::timers::CLOCK_SUSPECT;
    use leadyard::model::alert::Finding;
    let mut desk = yard();
    let lead = desk.lead(|l| l.source("crm"));
    desk.wait(30 * HOUR_MS);
    assert_eq!(due_now(&desk), [lead]);
    let finding = Finding { key: CLOCK_SUSPECT, count: 1, leads: vec![], figure: HOUR_MS, limit: 2_000 };
    desk.raise(finding);
    assert_eq!(due_now(&desk), [], "nobody knows what time it is");
    desk.engine(Intent::TakeQuiet).unwrap();
    assert_eq!(desk.at(lead), desk.at(lead));
    desk.clear(CLOCK_SUSPECT);
    // Ten of the thirty hours were led by nobody, told in two pieces that overlap.
    let from = |desk: &Desk, hours: i64| desk.now.plus(-hours * HOUR_MS);
    let (ten, four) = (from(&desk, 10), from(&desk, 4));
    desk.engine(Intent::ResumeTimers { from: four }).unwrap();
    desk.engine(Intent::ResumeTimers { from: ten }).unwrap();
    assert_eq!(due_now(&desk), []);
    assert_eq!(forecast(&desk.world, desk.now.plus(4 * HOUR_MS)).count(), 1);
    assert_eq!(forecast(&desk.world, desk.now.plus(4 * HOUR_MS - 1)).count(), 0);
    desk.wait(4 * HOUR_MS);
    assert_eq!(due_now(&desk), [lead]);
    let (live, replayed) = (desk.world.digest(), desk.replayed());
    assert_eq!((live, desk.world.quiet()), (replayed.digest(), replayed.quiet()));
}

#[test]
fn the_clock_goes_by_the_hours_of_whoever_has_the_lead() {
    let office = "calendar\n timezone Asia/Shanghai\n workdays Mon..Fri 09:00..18:00\n";
    let mut desk = Desk::new(&format!("{office}{BOOK}"));
    desk = desk.rep("li", |r| r.team("East")).rep("o", |r| r.team("Late"));
    let lead = desk.lead(|l| l.source("crm"));
    let due_at = |desk: &Desk| forecast(&desk.world, desk.now.plus(30 * DAY_MS)).next().unwrap().0;
    // Tuesday 09:00; the day is over at 18:00, and nobody loses a lead at night.
    assert_eq!(due_at(&desk), desk.now.plus(DAY_MS));
    desk.publish(&format!("{office} rep li works Mon..Fri 13:00..15:00\n{BOOK}"));
    assert_eq!(due_at(&desk), desk.now.plus(DAY_MS + 4 * HOUR_MS));
    // A team with hours of its own, once they belong to it.
    desk.publish(&format!("{office} team Late works Mon..Fri 12:00..20:00\n{BOOK}"));
    assert_eq!(due_at(&desk), desk.now.plus(DAY_MS));
    let (rep, mut card) = (desk.id("li"), desk.state_of("li").card.clone());
    card.teams.push("Late".into());
    desk.run(Intent::EditRep { rep, card }).unwrap();
    assert_eq!(due_at(&desk), desk.now.plus(DAY_MS + 3 * HOUR_MS));
    assert_eq!(desk.at(lead), "li");
    let decoded = leadyard::world::World::decode(&desk.world.encode().unwrap()).unwrap();
    assert_eq!(decoded.quiet(), desk.world.quiet());
    assert_eq!(desk.world.inconsistencies(), Vec::<String>::new());
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
