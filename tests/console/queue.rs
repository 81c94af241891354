//! The queue: selection, ghosts, filter, orders.

use crate::support::{TestConsole, busy_desk, lead, rep, summary};
use leadyard::console::desk::{Desk, State};
use leadyard::console::msg::{Msg, News, Order, Target};
use leadyard::console::text::Say;
use leadyard::model::id::{LeadId, RepId};
use leadyard::model::lang::Lang;

fn console() -> TestConsole {
    TestConsole::new(120, 32, Lang::En)
}

#[test]
fn the_selected_lead_is_assigned_to_the_rep_typed() {
    let mut console = console();
    console.press("lead.assign").type_("张").press("picker.accept");
    let want = Order::Assign { leads: vec![LeadId(1)], rep: RepId(2), is_forced: false };
    assert_eq!(console.orders(), [want]);
    assert!(console.model.is_home());
}

#[test]
fn a_full_rep_is_asked_about_once() {
    let mut console = console();
    console.press("lead.assign").type_("刘").press("picker.accept");
    assert_eq!(console.orders(), []);
    assert!(console.screen().contains("刘洋: full. Assign anyway?"), "{}", console.screen());
    console.press("confirm.yes");
    let want = Order::Assign { leads: vec![LeadId(1)], rep: RepId(3), is_forced: true };
    assert_eq!(console.orders(), [want]);
}

#[test]
fn a_selected_lead_that_leaves_says_where_it_went() {
    let mut console = console();
    console.press("list.down");
    assert_eq!(console.model.queue.selected(), Some(LeadId(2)));
    let rows = vec![lead(1, "李雷", "抖音", "上海", 87, 12, 288), lead(3, "O'Brien Ltd", "x", "y", 1, 1, 1)];
    console.news(News::Left { lead: LeadId(2), sentence: Say::LeadAssigned("欧阳娜娜", "李娜") });
    console.news(News::Desk(Box::new(Desk::new(summary(), rows, Vec::new(), Vec::new()))));
    assert_eq!(console.model.queue.selected(), None);
    assert!(console.screen().contains("欧阳娜娜 → 李娜"), "{}", console.screen());
    console.keys("a");
    assert!(console.model.overlays.is_empty(), "no key reaches a neighbour");
    assert!(console.screen().contains("assign: select a lead first"));
    console.press("list.down");
    assert_eq!(console.model.queue.selected(), Some(LeadId(3)));
}

#[test]
fn the_filter_narrows_and_esc_restores() {
    let mut console = console();
    console.press("queue.filter").type_("抖音");
    assert_eq!(console.model.queue_rows, [LeadId(1), LeadId(4)]);
    assert!(console.painted.cursor.is_some(), "the input method needs the cursor");
    console.press("filter.done");
    assert!(console.screen().contains("filter: 抖音"));
    console.press("queue.filter").press("filter.clear");
    assert_eq!(console.model.queue_rows.len(), 6);
}

#[test]
fn orders_name_the_selected_lead() {
    let lead = LeadId(1);
    for (ids, want) in [
        (vec!["lead.hold"], Order::Hold { lead }),
        (vec!["lead.unmask-phone"], Order::Unmask { lead }),
        (vec!["lead.status", "lead.contacted"], Order::Mark { lead, state: State::Contacted }),
        (vec!["lead.status", "lead.qualified"], Order::Mark { lead, state: State::Qualified }),
        (vec!["lead.status", "lead.won"], Order::Mark { lead, state: State::Won }),
        (vec!["lead.status", "lead.lost"], Order::Mark { lead, state: State::Lost }),
        (vec!["lead.status", "lead.invalid"], Order::Mark { lead, state: State::Invalid }),
        (vec!["lead.why"], Order::Why { lead }),
    ] {
        let mut console = console();
        for id in &ids {
            console.press(id);
        }
        assert_eq!(console.orders(), [want], "{ids:?}");
    }
}

#[test]
fn owned_and_held_leads_take_their_own_orders() {
    let mut console = console();
    console.press("list.down").press("list.down").press("lead.recall").press("lead.back-to-engine");
    let lead = LeadId(3);
    assert_eq!(console.orders(), [Order::Recall { lead }, Order::BackToEngine { lead }]);
    console.press("lead.return").type_("wrong region").press("prompt.accept");
    assert_eq!(console.orders(), [Order::Return { lead, reason: "wrong region".into() }]);
    console.press("list.down").press("lead.release");
    assert_eq!(console.orders(), [Order::Release { lead: LeadId(4) }]);
    console.press("lead.park").press("prompt.close").press("lead.park").type_("q a").press("prompt.accept");
    assert_eq!(console.orders(), [Order::Park { lead: LeadId(4), reason: "q a".into() }]);
}

#[test]
fn why_and_why_not_ask_the_desk() {
    let mut console = console();
    let lead = LeadId(1);
    console.press("lead.why");
    assert!(console.screen().contains("Asking the desk"));
    console.news(News::Why { lead: LeadId(9), lines: vec![Say::verbatim("stale")] });
    assert!(!console.screen().contains("stale"));
    console.news(News::Why { lead, lines: vec![Say::verbatim("rule 2 matched")] });
    assert!(console.screen().contains("rule 2 matched"));
    console.press("why.not").type_("chen").press("picker.accept");
    assert_eq!(console.orders(), [Order::Why { lead }, Order::WhyNot { lead, rep: RepId(4) }]);
    console.press("overlay.close");
    assert!(console.model.is_home());
}

#[test]
fn clicks_select_what_they_hit_and_overlays_cover() {
    let mut console = console();
    console.send(Msg::Click(Target::Lead(LeadId(4))));
    assert_eq!(console.model.queue.selected(), Some(LeadId(4)));
    let at = (0..32).find(|y| console.line(usize::from(*y)).contains("O'Brien")).unwrap();
    assert_eq!(console.painted.at(10, at), Some(Target::Lead(LeadId(3))));
    console.press("app.palette").send(Msg::Click(Target::Lead(LeadId(1))));
    assert_eq!(console.model.queue.selected(), Some(LeadId(4)));
}

#[test]
fn a_paste_where_nothing_is_typed_runs_nothing() {
    let mut console = console();
    console.send(Msg::Paste("aqhd".into()));
    assert_eq!(console.effects, []);
    assert!(console.model.is_home());
}

#[test]
fn a_hundred_thousand_leads_cost_only_their_window() {
    let leads = (1..=100_000).map(|id| lead(id, "李雷", "抖音", "上海", 87, 12, 288)).collect();
    let desk = Desk::new(summary(), leads, vec![rep(1, "李娜", "East", 1, 20)], Vec::new());
    let mut console = TestConsole::with(120, 32, Lang::Zh, desk);
    console.press("list.end");
    assert_eq!(console.model.queue.selected(), Some(LeadId(100_000)));
    let rows = console.painted.hits.iter().filter(|(_, t)| matches!(t, Target::Lead(_))).count();
    assert!(rows <= 32, "{rows}");
    assert_ne!(busy_desk(), Desk::default());
}
