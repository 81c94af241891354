//! Seeing: cards, gauges, the queue held still, toasts, roster, calendar, handover.

use crate::support::{TestConsole, arrival};
use leadyard::console::card::Card;
use leadyard::console::model::{Overlay, Pane, Screen};
use leadyard::engine::{Intent, To};
use leadyard::model::id::{LeadId, RepId};
use leadyard::model::lang::Lang;
use leadyard::model::lead::LeadState;
use leadyard::model::time::{DAY_MS, SECOND_MS};

fn console() -> TestConsole {
    TestConsole::new(120, 40, Lang::En)
}

fn place(lead: u64, rep: u32) -> Intent {
    let to = To::Rep(RepId(rep));
    Intent::Place { leads: vec![LeadId(lead)], to, reason: "".into(), force: false, turn: true }
}

#[test]
fn a_rep_card_answers_why_him_and_not_me() {
    let mut console = console();
    console.press("pane.loads").press("list.home").press("rep.card");
    console.shows("Rep ─ 李娜").shows("Turns · East Senior").shows("next in turn").shows("In hand 0");
    console.shows("below the mean of").shows("Ledger");
    // It follows the desk while it is open.
    console.other(place(4, 1)).shows("In hand 1").shows("李雷");
    console.press("list.down").press("list.end").press("list.home").press("overlay.close");
    assert!(console.model.overlays.is_empty());
    // From a lead to its owner.
    console
        .press("pane.queue")
        .select(1)
        .press("lead.owner-card")
        .shows("Rep ─ 刘洋")
        .shows("none of 2 answered");
}

#[test]
fn a_team_card_names_members_rules_and_who_is_next() {
    let mut console = console();
    console.press("pane.loads").press("list.home").press("team.card").shows("Team ─ East Senior");
    console.shows("fewest turns first").shows("2 of 3 take leads now").press("overlay.close");
    console.press("app.palette").type_("Night").press("picker.accept").shows("Team ─ Night");
    console.shows("East China, hot").shows("waiting match a rule that gives here");
}

#[test]
fn a_lead_card_tells_every_fact_and_step() {
    let mut console = console();
    console.select(4).press("lead.timeline").shows("Lead ─ 李雷").shows("138****0000").shows("received-at");
    console.shows("history").shows("source 抖音");
    console.other(place(4, 1)).shows("by 赵敏").shows("owner 李娜");
    assert!(
        matches!(console.model.overlays.last(), Some(Overlay::Card(open)) if open.card == Card::Lead(LeadId(4)))
    );
}

#[test]
fn gauges_are_ordered_folded_and_say_who_is_next() {
    let mut console = console();
    console.press("pane.loads").press("list.home");
    let order =
        |console: &TestConsole| -> Vec<u32> { console.model.desk.reps().iter().map(|r| r.id.0).collect() };
    assert_eq!(order(&console), [1, 2, 3, 6, 4, 5]);
    console.press("loads.sort").shows("by load");
    assert_eq!(order(&console)[0], 3, "the fullest first");
    console.press("loads.sort").press("loads.sort").shows("by turns");
    assert_eq!(order(&console)[..3], [1, 2, 3]);
    console.press("loads.sort").press("list.home").press("loads.fold").shows("3/3 on duty · 2 in hand");
    assert_eq!(console.model.loads.selected(), Some(RepId(6)), "the selection goes to who still shows");
    assert!(!console.screen().contains("刘洋        "));
    console.press("loads.fold").press("loads.fold");
    assert_eq!(console.model.desk.shown_reps(), []);
    console.press("loads.unfold");
    assert_eq!(console.model.desk.shown_reps().len(), 6);
    let mut wide = TestConsole::new(200, 60, Lang::En);
    wide.shows("fair −").shows("▸ 李娜");
}

#[test]
fn the_queue_held_still_counts_what_comes_and_goes_on() {
    let mut console = console();
    let before = console.model.desk.queue().to_vec();
    console.press("desk.freeze").shows("SCREEN PAUSED +0").shows("z goes on");
    for n in 0..3 {
        let one = arrival("新", "", "官网", "上海", 90 + n);
        console.other(Intent::Receive { leads: vec![one], import: None });
    }
    console.other(place(4, 1)).shows("SCREEN PAUSED +3");
    assert_eq!(console.model.desk.queue(), before);
    console.press("desk.freeze");
    assert_eq!(console.model.desk.queue().len(), before.len() + 2);
    console.press("desk.freeze").keys("esc");
    assert!(console.model.is_home(), "Esc lets it go on too");
}

#[test]
fn what_came_while_nobody_looked_is_counted_below_until_a_key() {
    let mut console = console();
    console.keys("j");
    for n in 0..2 {
        console.wait(20 * SECOND_MS);
        let one = arrival("新", "", "官网", "上海", n);
        console.other(Intent::Receive { leads: vec![one], import: None });
    }
    assert!(console.bottom().ends_with("+2 since 14:32"), "{}", console.bottom());
    console.keys("k");
    assert!(!console.bottom().contains("since"), "{}", console.bottom());
}

#[test]
fn what_others_do_to_marked_leads_is_told_for_some_seconds() {
    let mut console = console();
    console.select(4).press("lead.mark").other(place(4, 1)).shows("⚑ 李雷 → 李娜 by 赵敏");
    assert!(console.painted.has_countdown);
    console.other(place(5, 2));
    assert_eq!(console.model.see.toasts.len(), 1, "not of leads that are not marked");
    console.wait(9 * SECOND_MS);
    assert!(console.model.see.toasts.is_empty());
    assert!(!console.screen().contains("⚑ 李雷"));
}

#[test]
fn assigned_leads_name_their_owner_in_a_column() {
    let mut console = console();
    console.press("queue.show").press("queue.show").press("queue.show").shows("owner").shows("刘洋");
}

#[test]
fn the_roster_lists_everybody_and_works_like_the_load_pane() {
    let mut console = console();
    console.press("roster.open").shows("Roster ─ 6 active").shows("lina").shows("leave to 11-04 14:32");
    console.press("list.home").press("rep.duty");
    assert!(!console.rig.world.rep(RepId(1)).unwrap().duty);
    console.press("rep.duty").press("rep.card").shows("Rep ─ 李娜").press("overlay.close");
    assert_eq!(console.model.screen, Screen::Roster);
    console.press("calendar.open").shows("Leave calendar").shows("day off");
    console.keys("esc");
    assert_eq!(console.model.screen, Screen::Main);
    console.press("roster.open").keys("tab");
    assert_eq!((console.model.screen, console.model.focus), (Screen::Main, Pane::Loads));
}

#[test]
fn a_leave_is_entered_shown_on_the_calendar_and_cancelled() {
    let mut console = console();
    console.press("roster.open").press("list.home").press("rep.leave").type_("2026-11-08 .. 2026-11-05");
    console.press("prompt.accept").shows("the later one second").keys("ctrl-u");
    console.type_("2026-11-05 .. 2026-11-08 年假").press("prompt.accept").shows("leave of 李娜 entered");
    let leaves = &console.rig.world.rep(RepId(1)).unwrap().leaves;
    assert_eq!(leaves.iter().map(|l| l.to.since(l.from)).collect::<Vec<_>>(), [4 * DAY_MS]);
    console.shows("11-05 年假").press("calendar.open").shows("███ ███ ███ ███");
    console.press("rep.leave").press("prompt.accept").shows("no leave any more");
    assert!(console.rig.world.rep(RepId(1)).unwrap().leaves.is_empty());
}

#[test]
fn a_leavers_leads_are_handed_over_in_one_batch_and_taken_back_whole() {
    for (id, state) in [
        ("handover.spread", LeadState::Waiting),
        ("handover.park", LeadState::Parked),
        ("handover.keep", LeadState::Assigned),
    ] {
        let mut console = console();
        console.press("app.palette").type_("liuyang").press("picker.accept").press("overlay.close");
        console.press("rep.handover").shows("刘洋 leaves ─ 2 leads in hand").press(id);
        assert!(console.model.overlays.is_empty());
        assert!(!console.rig.world.rep(RepId(3)).unwrap().active);
        assert_eq!((console.lead(1).0, console.lead(2).0), (state, state), "{id}");
        console.press("desk.undo");
        assert!(console.rig.world.rep(RepId(3)).unwrap().active);
        assert_eq!((console.lead(1).1, console.lead(2).1), (Some(RepId(3)), Some(RepId(3))), "{id}");
    }
}

#[test]
fn a_leavers_leads_go_to_one_colleague_as_foreseen_and_come_back() {
    let mut console = console();
    console.press("app.palette").type_("liuyang").press("picker.accept").press("overlay.close");
    console.press("rep.handover").press("handover.to").shows("The 2 leads of 刘洋 go to");
    console.shows("0/20  → 2/20").shows("uses no turn").press("handover.turn").shows("uses a turn");
    // By the letters of the name; back from the question to the choice.
    console.type_("zw").shows("张伟").press("picker.accept").shows("all their leads go to 张伟?");
    console.shows("2 leads: 2 → 张伟").press("overlay.close").shows("The 2 leads of 刘洋 go to");
    console.press("picker.accept").press("confirm.yes").shows("刘洋 left; the leads are with 张伟");
    assert!(console.model.overlays.is_empty());
    assert_eq!((console.lead(1).1, console.lead(2).1), (Some(RepId(2)), Some(RepId(2))));
    assert_eq!(
        console.rig.world.rep(RepId(2)).unwrap().ledger_sum(None, console.model.desk.moment().day),
        2_000
    );
    console.press("desk.undo");
    assert_eq!((console.lead(1).1, console.lead(2).1), (Some(RepId(3)), Some(RepId(3))));
    assert!(console.rig.world.rep(RepId(3)).unwrap().active);
}

#[test]
fn what_goes_over_the_colleagues_cap_is_said_before_enter() {
    let mut rig = crate::support::busy();
    let mut card = rig.world.rep(RepId(4)).unwrap().card.clone();
    card.cap_open = Some(1);
    rig.admin(Intent::EditRep { rep: RepId(4), card });
    let mut console = TestConsole::with(80, 24, Lang::En, rig);
    console.press("app.palette").type_("liuyang").press("picker.accept").press("overlay.close");
    console.press("rep.handover").press("handover.to").type_("chen").shows("2 over cap");
    console.press("picker.accept").shows("2 → Chen; 2 over cap").press("confirm.yes");
    assert_eq!(console.lead(1).1, Some(RepId(4)), "a supervisor's word");
}

#[test]
fn seeing_looks_the_same_in_both_languages() {
    for (lang, tag) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let mut console = TestConsole::new(100, 30, lang);
        console.press("pane.loads").press("list.home").press("rep.card");
        insta::assert_snapshot!(format!("rep_card_{tag}"), console.screen());
        console.press("overlay.close").press("team.card");
        insta::assert_snapshot!(format!("team_card_{tag}"), console.screen());
        console.press("overlay.close").press("rep.handover");
        insta::assert_snapshot!(format!("handover_{tag}"), console.screen());
        console.press("handover.to");
        insta::assert_snapshot!(format!("hand_to_{tag}"), console.screen());
        console.press("picker.close").press("overlay.close").press("roster.open");
        insta::assert_snapshot!(format!("roster_{tag}"), console.screen());
        console.press("calendar.open");
        insta::assert_snapshot!(format!("calendar_{tag}"), console.screen());
        console.keys("esc").select(1).press("lead.timeline");
        insta::assert_snapshot!(format!("timeline_{tag}"), console.screen());
    }
}
