//! Many leads at once: marks, what an order would come to before Enter, what came of it, undo and redo, the pool.

use crate::support::{BOOK, NOW, Rig, TestConsole, arrival, busy};
use leadyard::console::msg::Order;
use leadyard::engine::{Intent, To};
use leadyard::model::actor::Role;
use leadyard::model::id::{BookVersion, LeadId, RepId};
use leadyard::model::lang::Lang;
use leadyard::model::lead::LeadState;
use leadyard::model::time::SECOND_MS;

fn console() -> TestConsole {
    TestConsole::new(120, 32, Lang::En)
}

fn marks(console: &TestConsole) -> Vec<u64> {
    console.model.marks.iter().map(|lead| lead.0).collect()
}

/// The fixture with a pool in its rules.
fn pooled(lang: Lang) -> TestConsole {
    let mut rig = busy();
    rig.admin(Intent::Publish {
        text: format!("pool\n\n{BOOK}").into(),
        note: "".into(),
        base: BookVersion(1),
    });
    TestConsole::with(120, 32, lang, rig)
}

#[test]
fn marks_are_set_one_by_one_in_ranges_inverted_and_cleared() {
    let mut console = console();
    console.press("list.home").press("lead.mark");
    assert_eq!(marks(&console).len(), 1);
    assert_eq!(console.model.queue.index(), Some(1), "marking goes on");
    console.press("list.down").press("list.down").press("mark.range");
    assert_eq!(marks(&console).len(), 4);
    assert!(console.bottom().contains("4 marked"), "{}", console.bottom());
    console.press("mark.invert");
    assert_eq!(marks(&console).len(), 2);
    console.press("mark.all");
    assert_eq!(marks(&console).len(), 6);
    console.press("mark.clear");
    assert!(marks(&console).is_empty());
    console.press("list.home").press("mark.down").press("mark.down").press("mark.up");
    assert_eq!(marks(&console).len(), 3);
    console.keys("-");
    console.keys("-").shows("nothing is marked");
}

#[test]
fn marks_outlive_filters_and_arrivals_and_say_when_they_cannot_be_seen() {
    let mut console = console();
    console.select(4).press("lead.mark").select(5).press("lead.mark");
    console.press("queue.filter").type_("抖音").press("filter.done");
    assert!(console.bottom().contains("2 marked, 1 not shown"), "{}", console.bottom());
    console.other(Intent::Receive { leads: vec![arrival("新", "", "官网", "上海", 99)], import: None });
    assert_eq!(marks(&console), [4, 5]);
}

#[test]
fn what_others_do_to_a_marked_lead_is_told() {
    let mut console = console();
    console.select(4).press("lead.mark").select(5).press("lead.mark");
    let to = To::Rep(RepId(1));
    console.other(Intent::Place { leads: vec![LeadId(4)], to, reason: "".into(), force: false, turn: true });
    console.shows("⚑ 李雷 → 李娜 by 赵敏");
    assert_eq!(marks(&console), [4, 5], "it is still open");
    let items =
        vec![leadyard::engine::Progress { lead: LeadId(5), to: LeadState::Invalid, happened_at: None }];
    console.other(Intent::Progress { items, note: "".into() });
    console.shows("left the marks: 欧阳娜娜 invalid by 赵敏");
    assert_eq!(marks(&console), [4]);
}

#[test]
fn no_more_are_marked_than_one_order_may_name() {
    let mut rig: Rig = busy();
    for chunk in 0..2 {
        let leads = (0..300).map(|i| arrival(&format!("n{chunk}-{i}"), "", "官网", "北京", i)).collect();
        rig.admin(Intent::Receive { leads, import: None });
    }
    let mut console = TestConsole::with(120, 32, Lang::En, rig);
    console.press("mark.all").shows("500 marked, the most at once; 606 are shown");
    assert_eq!(marks(&console).len(), 500);
    console.press("lead.back-to-engine").shows("500 leads:").press("overlay.close");
    assert_eq!(console.orders(), []);
}

#[test]
fn the_picker_says_before_enter_what_would_happen() {
    let mut console = console();
    // Lead 9 is held by 赵敏; 刘洋 is full; 李娜 has room.
    for lead in [4, 5, 9] {
        console.select(lead).press("lead.mark");
    }
    console.press("lead.assign").type_("李娜");
    console.shows("3 leads: 2 → 李娜; 1 stay: held by 赵敏");
    console.press("assign.turn").shows("uses no turn").press("assign.turn");
    console.press("picker.accept").shows("2 leads → 李娜; 1 stay: ".trim_end());
    assert_eq!(console.lead(4).1, Some(RepId(1)));
    assert_eq!(marks(&console), [9], "what stayed is what is left to do");
    console.press("desk.undo");
    assert_eq!((console.lead(4).0, console.lead(5).0), (LeadState::Parked, LeadState::Parked));
    console.press("desk.redo").shows("done again");
    assert_eq!((console.lead(4).1, console.lead(5).1), (Some(RepId(1)), Some(RepId(1))));
    console.press("desk.undo");
    assert_eq!(console.lead(4).1, None);
}

#[test]
fn over_cap_is_said_and_goes_only_with_a_reason_on_record() {
    let mut console = console();
    let mut small = console.rig.world.rep(RepId(1)).unwrap().card.clone();
    small.cap_open = Some(1);
    console.rig.admin(Intent::EditRep { rep: RepId(1), card: small });
    let world = Box::new(console.rig.world.clone());
    console.news(leadyard::console::msg::News::World(world));
    for lead in [4, 5, 7] {
        console.select(lead).press("lead.mark");
    }
    console.press("lead.assign").type_("李娜").shows("3 leads: 1 → 李娜; 2 stay: over cap");
    console.press("assign.force").shows("3 leads: 3 → 李娜; 2 only because you insist");
    console.press("picker.accept").shows("Reason to assign anyway");
    assert_eq!(console.orders(), []);
    console.type_("promotion").press("prompt.accept").shows("3 leads → 李娜");
    assert_eq!(console.rig.world.rep(RepId(1)).unwrap().load, 3);
    let placed = console.rig.host.events.iter().rev().find_map(|e| match &e.body {
        leadyard::model::event::Body::LeadAssigned(a) => Some(a.by.clone()),
        _ => None,
    });
    assert!(
        matches!(placed, Some(leadyard::model::event::Placer::Person { reason }) if reason == "promotion")
    );
}

#[test]
fn a_bulk_by_one_key_is_shown_first() {
    let mut console = console();
    console.press("queue.show").press("queue.show").press("queue.show");
    console.press("mark.all").press("lead.recall").shows("recall: 3 leads").shows("3 leads: 3 recalled");
    console.press("overlay.close");
    assert_eq!(console.orders(), []);
    assert_eq!(marks(&console).len(), 3, "leaving changes nothing");
    console.press("lead.recall").press("confirm.yes").shows("recalled 3 leads");
    assert_eq!(console.orders().len(), 1);
    console.press("desk.undo").shows("undone: recalled 3 leads");
    assert_eq!(console.lead(1).0, LeadState::Assigned, "one key takes all of it back");
}

#[test]
fn parking_and_status_say_what_would_happen_too() {
    let mut console = console();
    for lead in [4, 8, 9] {
        console.select(lead).press("lead.mark");
    }
    console.press("lead.park").shows("3 leads: 1 parked; 2 stay: ").type_("later").press("prompt.accept");
    assert_eq!(console.lead(4).0, LeadState::Parked);
    assert_eq!(marks(&console), [8, 9]);
    console.press("lead.status").press("lead.contacted").shows("2 leads: 2 stay: ");
    console.press("overlay.close").press("lead.status").press("lead.invalid").shows("1 invalid");
    console.press("confirm.yes");
    assert!(console.rig.world.lead(LeadId(8)).is_none());
}

#[test]
fn a_hold_is_renewed_while_the_person_chooses_and_ends_with_what_stays() {
    let mut console = console();
    console.select(4).press("lead.assign").wait(40 * SECOND_MS).shows("0:20").type_("c");
    console.shows("held for you 1:00");
    console.wait(61 * SECOND_MS).shows("hold over").press("picker.close");
    console.select(5).press("lead.hold").press("lead.assign").press("picker.close");
    let hold = console.rig.world.lead(LeadId(5)).unwrap().hold_at(console.rig.now);
    assert!(hold.is_some(), "what was held on purpose stays held");
    // Nobody in the team is at work: the leads stay, and are not kept for a picker that is gone.
    console.select(7).press("lead.assign").type_("spread over team night").press("picker.close");
    console.select(7).press("lead.assign");
    let team = console.model.desk.world().teams().keys().position(|t| t == "Night").unwrap();
    for _ in 0..30 {
        if let Some(leadyard::console::model::Overlay::Assign(a)) = console.model.overlays.last()
            && a.picker.list.selected() == Some(leadyard::console::desk::Choice::Team(team))
        {
            break;
        }
        console.press("picker.down");
    }
    console.shows("nobody in Night").press("picker.accept");
    assert!(console.rig.world.lead(LeadId(7)).unwrap().hold_at(console.rig.now).is_none());
}

#[test]
fn the_pool_has_a_view_takes_leads_and_gives_them_to_reps_only() {
    let mut console = pooled(Lang::En);
    console.select(4).press("lead.mark").select(5).press("lead.mark").press("lead.pool");
    console.shows("2 leads: 2 to the pool").press("prompt.accept").shows("2 leads into the pool");
    assert!(!console.model.desk.queue().contains(&LeadId(4)), "the pool is nobody's work");
    console.press("queue.show").press("queue.show").press("queue.show").shows("v: pool");
    console.press("queue.show").press("queue.pool");
    assert_eq!(console.model.desk.queue().len(), 2);
    console.select(4).keys("c").shows("only a rep claims");
    console.keys("P").shows("in the pool already");
    let mut rep = {
        let rig = std::mem::replace(&mut console.rig, Rig::new(NOW));
        let mut rig = rig;
        rig.admin(Intent::Grant { actor: "lina".into(), role: Some(Role::Rep) });
        TestConsole::of("lina", Role::Rep, 120, 32, Lang::En, rig)
    };
    rep.press("queue.pool").select(4).press("lead.claim").shows("claimed 李雷");
    assert_eq!(rep.lead(4), (LeadState::Assigned, Some(RepId(1))));
    assert!(matches!(rep.orders().as_slice(), [Order::Claim { .. }]));
}

#[test]
fn a_desk_without_a_pool_says_so() {
    let mut console = console();
    console.select(4).keys("P").shows("the rules have no pool");
    console.keys("g p").shows("the rules have no pool");
    console.keys("U").shows("no undo of yours");
}
