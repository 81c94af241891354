//! The queue: order, selection, ghosts, views, filter, marks, orders carried out by the engine.

use crate::support::{NOW, Rig, TestConsole, arrival, busy};
use leadyard::console::msg::{Msg, Order, Target};
use leadyard::engine::{Intent, To};
use leadyard::model::id::{LeadId, RepId};
use leadyard::model::lang::Lang;
use leadyard::model::lead::LeadState;
use leadyard::model::time::SECOND_MS;

fn console() -> TestConsole {
    TestConsole::new(120, 32, Lang::En)
}

fn ids(console: &TestConsole) -> Vec<u64> {
    console.model.desk.queue().iter().map(|id| id.0).collect()
}

#[test]
fn waiting_leads_stand_in_the_order_of_serving_then_parked_ones() {
    let mut console = console();
    // O'Brien 91, 欧阳 64 + 30, 李雷 87, 韩梅梅 55, 赵六 40; parked last.
    let order = ids(&console);
    assert_eq!(order.last(), Some(&8));
    let keys: Vec<u64> = console.rig.world.waiting().iter().map(|key| key.lead.0).collect();
    assert_eq!(order[..keys.len()], keys);
    console.press("queue.show");
    assert_eq!(ids(&console), keys);
    assert_eq!(ids(console.press("queue.show")), [8]);
    assert_eq!(ids(console.press("queue.show")).len(), 3, "assigned ones");
    assert_eq!(ids(console.press("queue.show")).len(), 9, "all open ones");
    console.press("queue.show").shows("waiting + parked".trim_start_matches("waiting + "));
}

#[test]
fn the_selected_lead_is_assigned_to_the_rep_typed_and_undone() {
    let mut console = console();
    console.select(4).press("lead.assign").shows("Assign 李雷").shows("held for you 1:00");
    assert!(console.rig.world.lead(LeadId(4)).unwrap().hold_at(NOW).is_some(), "held while open");
    console.type_("张").press("picker.accept");
    assert_eq!(console.lead(4), (LeadState::Assigned, Some(RepId(2))));
    assert!(console.model.is_home());
    console.shows("李雷 → 张伟");
    console.press("desk.undo").shows("undone: 李雷 → 张伟");
    assert_eq!(console.lead(4).0, LeadState::Parked, "an undone lead waits for a person");
}

#[test]
fn leaving_the_picker_releases_the_lead() {
    let mut console = console();
    console.select(4).press("lead.assign").wait(20 * SECOND_MS).shows("held for you 0:40");
    console.press("picker.close");
    assert!(console.rig.world.lead(LeadId(4)).unwrap().hold_at(console.rig.now).is_none());
    assert_eq!(console.orders(), []);
}

#[test]
fn a_full_rep_needs_a_reason_once() {
    let mut console = console();
    console.select(4).press("lead.assign").type_("刘").shows("(full 2/2)").press("picker.accept");
    assert_eq!(console.orders(), []);
    console.shows("刘洋: full 2/2. Reason to assign anyway");
    console.type_("his customer").press("prompt.accept");
    assert_eq!(console.lead(4), (LeadState::Assigned, Some(RepId(3))));
    assert!(console.model.overlays.is_empty());
}

#[test]
fn marked_leads_are_spread_over_a_team_or_given_back_to_the_engine() {
    let mut console = console();
    console.select(4).press("lead.mark").select(5).press("lead.mark").shows("2 marked");
    console.press("lead.assign").shows("Assign 2 leads").type_("promo").keys("down").press("picker.accept");
    assert_eq!(console.lead(4).1, Some(RepId(4)));
    assert_eq!(console.lead(5).1, Some(RepId(4)));
    assert!(console.model.marks.is_empty());
    console.select(4).press("lead.assign").type_("engine").press("picker.accept");
    let places: Vec<_> = console.orders();
    assert!(
        matches!(&places[..], [Order::Place { to: To::Team(team), .. }, Order::Free { .. }] if team == "Promo")
    );
}

#[test]
fn what_another_moved_since_is_refused_with_who_and_when() {
    let mut console = console();
    console.select(5).press("lead.park").type_("wait for call");
    // While the reason was typed somebody gave the lead away.
    console.other(Intent::Place {
        leads: vec![LeadId(5)],
        to: To::Rep(RepId(1)),
        reason: "".into(),
        force: false,
        turn: true,
    });
    console.press("prompt.accept").shows("changed by 赵敏");
    assert_eq!(console.lead(5), (LeadState::Assigned, Some(RepId(1))));
}

#[test]
fn a_lead_held_by_another_closes_the_picker_and_says_who() {
    let mut console = console();
    console.select(9).press("lead.assign");
    assert!(console.model.overlays.is_empty());
    console.shows("held by 赵敏");
}

#[test]
fn a_selected_lead_that_leaves_says_where_it_went_and_who_moved_it() {
    let mut console = console();
    console.select(4);
    console.other(Intent::Place {
        leads: vec![LeadId(4)],
        to: To::Rep(RepId(1)),
        reason: "".into(),
        force: false,
        turn: true,
    });
    assert_eq!(console.model.queue.selected(), None);
    console.shows("李雷 → 李娜 by 赵敏");
    console.keys("a");
    assert!(console.model.overlays.is_empty(), "no key reaches a neighbour");
    console.shows("assign: select a lead first");
    console.press("list.down");
    assert!(console.model.queue.selected().is_some());
}

#[test]
fn the_filter_takes_words_conditions_and_names_of_persons() {
    let mut console = console();
    console.press("queue.filter").type_("抖音");
    assert_eq!(ids(&console).len(), 2);
    assert!(console.painted.cursor.is_some(), "the input method needs the cursor");
    console.press("filter.done").shows("filter: 抖音");
    console.press("queue.filter").press("filter.clear");
    console.press("queue.filter").type_("score >= 60 and region in (上海, 江苏)");
    assert_eq!(ids(&console), [6, 4]);
    console.press("filter.clear").press("queue.filter").type_("score >> 3").shows("column 8");
    console.press("filter.clear").press("queue.filter").type_("欧阳");
    assert_eq!(ids(&console), [5]);
    console.press("filter.clear");
    assert_eq!(ids(&console).len(), 6);
}

#[test]
fn orders_reach_the_desk_with_what_was_seen() {
    let mut console = console();
    console.is_carried_out = false;
    console.select(4);
    let rev = console.model.desk.rev(LeadId(4)).unwrap();
    let leads = vec![(LeadId(4), rev)];
    for (ids, state) in [
        (["lead.status", "lead.contacted"], LeadState::Contacted),
        (["lead.status", "lead.qualified"], LeadState::Qualified),
        (["lead.status", "lead.won"], LeadState::Won),
        (["lead.status", "lead.lost"], LeadState::Lost),
        (["lead.status", "lead.invalid"], LeadState::Invalid),
    ] {
        console.press(ids[0]).press(ids[1]);
        assert_eq!(console.orders(), [Order::Mark { leads: leads.clone(), state }]);
    }
    console.press("lead.unmask-phone");
    assert_eq!(console.orders(), [Order::Unmask { lead: LeadId(4) }]);
}

#[test]
fn a_phone_is_masked_until_it_is_asked_for_and_again_after() {
    let mut console = console();
    console.select(4).shows("138****0000").press("lead.unmask-phone").shows("13800000000");
    console.press("list.down").press("list.up");
    assert!(!console.screen().contains("13800000000"));
}

#[test]
fn holding_parking_recalling_and_giving_back() {
    let mut console = console();
    console.select(4).press("lead.hold").shows("李雷 held for 10 min").press("lead.release");
    console.press("lead.park").press("prompt.close").press("lead.park").type_("q a").press("prompt.accept");
    assert_eq!(console.lead(4).0, LeadState::Parked);
    console.select(4).press("lead.back-to-engine");
    assert_eq!(console.lead(4).0, LeadState::Waiting);
    console.select(1).press("lead.return").type_("wrong region").press("prompt.accept");
    assert_eq!(console.lead(1), (LeadState::Waiting, None));
    console.select(2).press("lead.recall").shows("recalled 孙莉");
    assert_eq!(console.lead(2), (LeadState::Waiting, None));
}

#[test]
fn why_tells_the_stored_reasons_and_why_not_a_person() {
    let mut console = console();
    console.select(4).shows("nobody is free");
    console.press("lead.why").shows("East China, hot").shows("history");
    console.press("why.not").type_("chen").press("picker.accept").shows("Why not Chen?");
    console.press("overlay.close");
    assert!(console.model.is_home());
}

#[test]
fn clicks_select_what_they_hit_and_overlays_cover() {
    let mut console = console();
    console.send(Msg::Click(Target::Lead(LeadId(5))));
    assert_eq!(console.model.queue.selected(), Some(LeadId(5)));
    let at = (0..32).find(|y| console.line(usize::from(*y)).contains("O'Brien")).unwrap();
    assert_eq!(console.painted.at(10, at), Some(Target::Lead(LeadId(6))));
    console.press("app.palette").send(Msg::Click(Target::Lead(LeadId(4))));
    assert_eq!(console.model.queue.selected(), Some(LeadId(5)));
}

#[test]
fn a_paste_where_nothing_is_typed_runs_nothing() {
    let mut console = console();
    console.send(Msg::Paste("aqhd".into()));
    assert_eq!((console.effects.len(), console.orders().len()), (0, 0));
    assert!(console.model.is_home());
}

#[test]
fn lost_events_bring_the_world_anew() {
    let mut console = console();
    let one =
        |n: i32| Intent::Receive { leads: vec![arrival("新", "", "官网", "上海", n)], import: None };
    console.rig.give("赵敏", leadyard::model::actor::Role::Coordinator, 2, one(1));
    // The first was never told; the second shows the gap.
    console.other(one(2));
    assert_eq!(console.model.desk.world().seq(), console.rig.world.seq());
    assert_eq!(ids(&console).len(), 8);
}

#[test]
fn a_hundred_thousand_leads_cost_only_their_window() {
    let mut rig: Rig = busy();
    for chunk in 0..40 {
        let leads = (0..500).map(|i| arrival(&format!("n{chunk}-{i}"), "", "官网", "北京", i)).collect();
        rig.admin(Intent::Receive { leads, import: None });
    }
    let mut console = TestConsole::with(120, 32, Lang::Zh, rig);
    console.press("list.end").press("list.home").press("list.page-down");
    let rows = console.painted.hits.iter().filter(|(_, t)| matches!(t, Target::Lead(_))).count();
    assert!(rows <= 32, "{rows}");
    assert!(console.model.desk.contacts_mut().len() < 400, "contacts of the window only");
    let before = ids(&console).len();
    console.other(Intent::Receive { leads: vec![arrival("一", "", "官网", "上海", 9)], import: None });
    assert_eq!(ids(&console).len(), before + 1);
}
