//! The pool over the real file: the leader's clock takes back what is due, and of two consoles that claim one lead one wins.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

use leadyard::desk::clock::fresh_id;
use leadyard::desk::leader::Leader;
use leadyard::desk::{Denied, Interlock};
use leadyard::engine::{Intent, NewLead, Order, Outcome, Refusal};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::contact_card::ContactCard;
use leadyard::model::id::LeadId;
use leadyard::model::lead::{ArrivalKind, Attrs, LeadState};
use leadyard::model::rep::RepCard;
use leadyard::model::time::{DAY_MS, MINUTE_MS, Millis, SECOND_MS};
use leadyard::store::{Store, check};

/// 2026-11-10 09:00 in Shanghai, a Tuesday.
const START: Millis = Millis(1_794_272_400_000);

const BOOK: &str = "rule East\n give to team East\npool\n claim 9 per day\n \
                    return after 1 working day without contact\nreplies from crm\n";

fn ask(desk: &mut Interlock, name: &str, intent: Intent, now: Millis) -> Result<Outcome, Refusal> {
    let actor = Actor { name: name.into(), role: Role::Admin, console: 1 };
    let order = Order { id: fresh_id(), actor, intent, seen: Vec::new() };
    match desk.group(&[order], now).answers.remove(0) {
        Ok(outcome) => Ok(outcome),
        Err(Denied::Refused(refusal)) => Err(refusal),
        Err(other) => panic!("{other}"),
    }
}

fn arrival(n: u32) -> NewLead {
    NewLead {
        attrs: Attrs { source: "crm".into(), ..Attrs::default() },
        contact: ContactCard { name: "李雷".into(), ..ContactCard::default() },
        keys: Vec::new(),
        system: "test".into(),
        external_id: n.to_string().into(),
        received_at: None,
        kind: ArrivalKind::Live,
        state: LeadState::Waiting,
        owner: None,
        do_not_contact: false,
    }
}

fn desk(dir: &std::path::Path) -> Interlock {
    let store = Store::create(&dir.join("desk.db"), START).unwrap();
    let mut desk = Interlock::new(store, &mut |_, _| {}).unwrap();
    let cards =
        ["li", "o.brien"].map(|login| RepCard { teams: vec!["East".into()], ..RepCard::new(login, login) });
    ask(&mut desk, "王芳", Intent::AddReps { cards: cards.to_vec() }, START).unwrap();
    let base = desk.world().published().version;
    ask(&mut desk, "王芳", Intent::Publish { text: BOOK.into(), note: "".into(), base }, START).unwrap();
    let leads = (0..4).map(arrival).collect();
    ask(&mut desk, "王芳", Intent::Receive { leads, import: None }, START).unwrap();
    desk
}

fn sound(dir: &std::path::Path) {
    let report = check(&dir.join("desk.db"), &mut |_, _| {}).unwrap();
    assert!(report.is_sound(), "{:?}", report.findings);
}

#[test]
fn the_leader_takes_back_what_is_due_and_nobody_else_does() {
    let dir = tempfile::tempdir().unwrap();
    let mut desk = desk(dir.path());
    // The days pass by hand: that is no clock to be suspicious of.
    let mut leader = Leader::new(7, "boot".into()).by_hand();
    let day = START.plus(DAY_MS);
    let mut boot = 0;
    let mut tick = |desk: &mut Interlock, now: Millis| {
        boot += 5 * SECOND_MS;
        leader.tick(desk, now, boot, false).unwrap()
    };
    tick(&mut desk, day.plus(-MINUTE_MS));
    tick(&mut desk, day.plus(-MINUTE_MS));
    assert_eq!(desk.world().pooled().count(), 0, "a minute early");
    tick(&mut desk, day);
    let pooled: Vec<LeadId> = desk.world().pooled().map(|l| l.id).collect();
    assert_eq!(pooled.len(), 4);
    assert!(desk.world().reps().iter().all(|r| r.load == 0));
    // What there is to say of that is said.
    tick(&mut desk, day.plus(SECOND_MS));
    tick(&mut desk, day.plus(MINUTE_MS));
    let seq = desk.world().seq();
    tick(&mut desk, day.plus(2 * MINUTE_MS));
    assert_eq!(desk.world().seq(), seq, "nothing is due any more, nothing is written");
    sound(dir.path());
}

#[test]
fn of_two_consoles_that_claim_one_lead_one_wins_and_the_limits_hold_for_both() {
    let dir = tempfile::tempdir().unwrap();
    let mut one = desk(dir.path());
    let mut two = Interlock::new(Store::open(&dir.path().join("desk.db")).unwrap(), &mut |_, _| {}).unwrap();
    let now = START.plus(MINUTE_MS);
    let leads: Vec<LeadId> = (1..=4).map(LeadId).collect();
    ask(&mut one, "王芳", Intent::ToPool { leads, reason: "".into() }, now).unwrap();
    for (name, role) in [("王芳", Role::Admin), ("li", Role::Rep), ("o.brien", Role::Rep)] {
        ask(&mut one, "王芳", Intent::Grant { actor: name.into(), role: Some(role) }, now).unwrap();
    }
    for lead in 1..=4 {
        let claim = || Intent::Claim { leads: vec![LeadId(lead)] };
        ask(&mut one, "li", claim(), now).unwrap();
        // The other still has the lead in its pool on screen; the lock knows better.
        let late = ask(&mut two, "o.brien", claim(), now).unwrap_err();
        assert_eq!(late, Refusal::NotInPool { lead: LeadId(lead), state: LeadState::Assigned });
    }
    assert_eq!(two.world().digest(), one.world().digest());
    // A text that allows less counts what was claimed before it.
    let base = one.world().published().version;
    let text = BOOK.replace("9 per day", "4 per day").into();
    ask(&mut one, "王芳", Intent::Publish { text, note: "".into(), base }, now).unwrap();
    ask(&mut one, "王芳", Intent::ToPool { leads: vec![LeadId(1)], reason: "".into() }, now).unwrap();
    let more = ask(&mut two, "li", Intent::Claim { leads: vec![LeadId(1)] }, now).unwrap_err();
    assert_eq!(more, Refusal::ClaimedToday { today: 4, max: 4 });
    sound(dir.path());
}
