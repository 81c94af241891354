//! People's work: pins, holds, conflicts, roles, edits.

use leadyard::engine::{Intent, Refusal, To};
use leadyard::model::actor::Role;
use leadyard::model::lead::LeadState;
use leadyard::model::mode::Mode;
use leadyard::model::time::MINUTE_MS;

use crate::desk::Desk;

fn desk() -> Desk {
    Desk::new("rule E\n when region = E\n give to team E\nrule W\n when region = W\n give to team W\notherwise park \"?\"\n")
        .rep("li", |r| r.name("李雷").team("E").cap(2).day(2))
        .rep("ou", |r| r.name("欧阳娜娜").team("W"))
}

#[test]
fn an_edit_moves_an_engine_placement_and_never_a_pinned_one() {
    let mut desk = desk();
    let (a, b) = (desk.lead(|l| l.region("E")), desk.lead(|l| l.region("E")));
    desk.place(b, "li").unwrap();
    assert_eq!(desk.state_of("li").ledger.placements_on(desk.moment().day), 2, "a pin is no placement");
    for lead in [a, b] {
        desk.edit(lead, |x| x.company = "某公司".into()).unwrap();
        assert_eq!(desk.at(lead), "li", "nothing asks for the company");
        desk.edit(lead, |x| x.region = "W".into()).unwrap();
    }
    assert_eq!((desk.at(a), desk.at(b)), ("ou".into(), "li".into()));
}

#[test]
fn a_paused_engine_and_an_owner_at_lunch_keep_an_edited_lead() {
    let mut desk = desk();
    let a = desk.lead(|l| l.region("E"));
    desk.duty("li", false);
    desk.edit(a, |x| x.base_score = 5).unwrap();
    assert_eq!(desk.at(a), "li");
    desk.run(Intent::SetMode(Mode::Paused)).unwrap();
    desk.edit(a, |x| x.region = "W".into()).unwrap();
    assert_eq!(desk.at(a), "li");
}

#[test]
fn pinning_a_contacted_lead_forgets_no_contact() {
    let mut desk = desk();
    let a = desk.lead(|l| l.region("E"));
    desk.progress(a, LeadState::Contacted).unwrap();
    desk.place(a, "li").unwrap();
    assert_eq!((desk.row(a).state, desk.row(a).pinned), (LeadState::Contacted, true));
}

#[test]
fn refusals_say_who_and_when() {
    let mut desk = desk();
    let a = desk.lead(|l| l.region("E"));
    let seen = vec![(a, desk.row(a).touched.seq)];
    desk.edit(a, |x| x.base_score = 1).unwrap();
    let at = desk.now;
    let recall = Intent::Recall { leads: vec![a], reason: "".into() };
    desk.wait(MINUTE_MS);
    assert_eq!(desk.run_seen(recall, seen).unwrap_err(), Refusal::Changed { lead: a, by: "王芳".into(), at });
    let until = desk.now.plus(MINUTE_MS);
    desk.run(Intent::Hold { leads: vec![a], until }).unwrap();
    desk.speak("李娜", Role::Coordinator);
    assert!(matches!(desk.place(a, "ou"), Err(Refusal::Held { by, .. }) if by == "王芳"));
    assert!(matches!(desk.run(Intent::Release { leads: vec![a] }), Err(Refusal::Held { .. })));
    desk.speak("李雷", Role::Viewer);
    assert!(matches!(desk.place(a, "ou"), Err(Refusal::NotAllowed { .. })));
    desk.speak("ou", Role::Rep);
    let back = Intent::Return { leads: vec![a], reason: "忙".into() };
    assert!(matches!(desk.run(back), Err(Refusal::Held { .. } | Refusal::NotYours { .. })));
    desk.speak("王芳", Role::Admin);
}

#[test]
fn caps_bind_people_too_unless_forced_with_a_reason() {
    let mut desk = desk();
    let leads: Vec<_> = (0..3).map(|_| desk.lead(|l| l.region("W"))).collect();
    desk.place(leads[0], "li").unwrap();
    desk.place(leads[1], "li").unwrap();
    assert!(matches!(desk.place(leads[2], "li"), Err(Refusal::OpenCap { load: 2, cap: 2, .. })));
    let force = |reason: &str| Intent::Place {
        leads: vec![leads[2]],
        to: To::Rep(leadyard::model::id::RepId(1)),
        reason: reason.into(),
        force: true,
        turn: false,
    };
    assert_eq!(desk.run(force(" ")).unwrap_err(), Refusal::NeedsReason);
    desk.run(force("老客户")).unwrap();
    assert_eq!((desk.load("li"), desk.ledger("li")), (3, 2_000));
}

#[test]
fn merging_needs_a_free_hand_on_both_and_the_same_wish_about_contact() {
    let mut desk = Desk::new("rule T\n give to team T\n").rep("an", |r| r.team("T"));
    let (one, two) = (desk.lead(|l| l), desk.lead(|l| l));
    let mut silent = desk.new_lead(|l| l);
    silent.do_not_contact = true;
    let silent = desk.receive(vec![silent])[0].lead();
    let merge = |into, lead| Intent::Merge { into, leads: vec![lead] };
    assert_eq!(desk.run(merge(one, silent)).unwrap_err(), Refusal::DoNotContact { lead: silent });
    assert_eq!(desk.run(merge(silent, one)).unwrap_err(), Refusal::DoNotContact { lead: silent });
    let seen = vec![(one, leadyard::model::id::Seq(1))];
    assert!(matches!(desk.run_seen(merge(one, two), seen), Err(Refusal::Changed { .. })));
    let until = desk.now.plus(60_000);
    desk.run(Intent::Hold { leads: vec![one], until }).unwrap();
    desk.run(Intent::Grant { actor: "王芳".into(), role: Some(Role::Admin) }).unwrap();
    desk.run(Intent::Grant { actor: "赵敏".into(), role: Some(Role::Coordinator) }).unwrap();
    desk.run(Intent::Grant { actor: "李雷".into(), role: Some(Role::Rep) }).unwrap();
    desk.speak("赵敏", Role::Coordinator);
    assert!(matches!(desk.run(merge(one, two)), Err(Refusal::Held { .. })));
    assert!(matches!(desk.run(merge(two, one)), Err(Refusal::Held { .. })));
    desk.speak("李雷", Role::Rep);
    assert!(matches!(desk.run(merge(one, two)), Err(Refusal::NotAllowed { .. })));
}
