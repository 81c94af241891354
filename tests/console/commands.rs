//! Commands of the other panes, the desk and the program; dispatch, help and palette.

use crate::support::{NOW, Rig, TestConsole};
use leadyard::console::model::{Pane, Screen};
use leadyard::console::msg::{Effect, Errand, Msg, Order};
use leadyard::model::actor::Role;
use leadyard::model::alert::AlertKind;
use leadyard::model::id::RepId;
use leadyard::model::lang::Lang;
use leadyard::model::mode::Mode;
use leadyard::model::trial::{Share, TrialKind};

fn console() -> TestConsole {
    TestConsole::new(120, 32, Lang::En)
}

#[test]
fn panes_are_reached_by_key() {
    let mut console = console();
    for (id, pane) in [
        ("pane.next", Pane::Loads),
        ("pane.next", Pane::Alerts),
        ("pane.previous", Pane::Loads),
        ("pane.lead", Pane::Lead),
        ("pane.alerts", Pane::Alerts),
        ("pane.loads", Pane::Loads),
        ("pane.queue", Pane::Queue),
        ("lead.open", Pane::Lead),
        ("pane.home", Pane::Queue),
    ] {
        assert_eq!(console.press(id).model.focus, pane, "{id}");
    }
    assert_eq!(console.keys("g l").model.focus, Pane::Loads);
}

#[test]
fn lists_move_by_key() {
    let mut console = console();
    for (id, at) in [
        ("list.home", 0),
        ("list.down", 1),
        ("list.end", 5),
        ("list.up", 4),
        ("list.page-up", 0),
        ("list.page-down", 5),
        ("list.home", 0),
    ] {
        assert_eq!(console.press(id).model.queue.index(), Some(at), "{id}");
    }
    console.keys("G");
    assert_eq!(console.keys("g g").model.queue.index(), Some(0));
}

#[test]
fn an_incomplete_chord_shows_what_may_follow() {
    let mut console = console();
    console.keys("g");
    assert!(console.line(31).contains("a alerts"), "{}", console.line(31));
    console.keys("esc");
    assert!(console.model.is_home());
    console.keys("g x");
    assert!(console.line(31).contains("g x does nothing here"), "{}", console.line(31));
}

#[test]
fn alerts_lead_to_what_helps() {
    let mut console = console();
    let kinds: Vec<_> = console.model.desk.alerts().iter().map(|alert| alert.id.kind).collect();
    assert_eq!(kinds, [AlertKind::Delayed, AlertKind::AtCap]);
    console.press("pane.alerts").press("list.home").shows("1 wait past 5m: 李雷");
    console.press("alert.open");
    assert_eq!(console.model.lead().map(|lead| lead.name), Some("李雷".into()));
    console.press("pane.alerts").press("alert.remedy-2");
    assert_eq!(console.model.focus, Pane::Queue);
    console.press("pane.alerts").press("alert.help").shows("Assign 李雷").press("picker.close");
    console.press("pane.alerts").press("alert.remedy-3");
    assert_eq!(console.model.screen, Screen::Rules);
    console.press("rules.close").press("pane.alerts").press("list.down").press("alert.help");
    assert_eq!(console.rig.world.rep(RepId(3)).unwrap().card.cap_open, Some(3), "as the engine worked out");
    console.press("desk.undo").wait(10_000).press("alert.remedy-2");
    console.shows("Most leads in hand for 刘洋").keys("backspace").type_("9").press("prompt.accept");
    assert_eq!(console.rig.world.rep(RepId(3)).unwrap().card.cap_open, Some(9));
}

#[test]
fn reps_go_off_and_on_duty_and_get_another_cap() {
    let mut console = console();
    console.press("pane.loads");
    // Teams by name: East Senior first, then Night, then Promo.
    assert_eq!(console.model.loads.selected(), Some(RepId(1)));
    console.press("rep.duty").shows("李娜 off duty");
    assert!(!console.rig.world.rep(RepId(1)).unwrap().duty);
    console
        .press("rep.duty")
        .press("rep.cap")
        .keys("ctrl-u")
        .type_("x")
        .keys("enter")
        .shows("write a number");
    console.keys("ctrl-u").press("prompt.accept").shows("cap none");
    assert_eq!(console.rig.world.rep(RepId(1)).unwrap().card.cap_open, None);
}

#[test]
fn the_load_pane_says_who_is_next_who_is_full_and_who_is_away() {
    let mut console = console();
    console.shows("next ▸ 李娜").shows("full !").shows("leave to 11-04 14:32").shows("off duty");
    console.shows("nobody free");
}

#[test]
fn the_desk_is_paused_and_the_last_step_undone() {
    let mut console = console();
    console.press("engine.mode").press("engine.mode").shows("PAUSED");
    assert_eq!(console.rig.world.mode(), Mode::Paused);
    console.press("desk.undo").press("desk.undo");
    assert_eq!(console.rig.world.mode(), Mode::Auto);
    console.keys("u").shows("nothing of yours to undo");
}

#[test]
fn an_empty_desk_starts_from_files_sample_or_demo() {
    let mut console = TestConsole::with(80, 24, Lang::En, Rig::new(NOW));
    console.press("start.import").type_("my leads.csv").press("prompt.accept");
    assert_eq!(console.model.errand, Some(Errand::Import("my leads.csv".into())));
    console.press("start.demo");
    assert_eq!(console.model.errand, Some(Errand::Demo));
    console.press("app.quit");
    assert_eq!(console.model.errand, None, "quitting is no errand");
    console.press("start.sample");
    assert_eq!(console.orders(), [Order::Sample]);
    assert!(!console.model.is_welcome());
    assert_eq!(console.model.desk.summary().book, 1);
    console.press("desk.import").type_("more.csv").press("prompt.accept");
    assert_eq!(console.model.errand, Some(Errand::Import("more.csv".into())));
}

#[test]
fn an_unpublished_draft_is_not_lost_by_a_slip() {
    let mut console = console();
    console.press("rules.open").type_("#").press("rules.close").press("app.quit");
    assert_eq!(console.effects, []);
    console.shows("not published").press("confirm.yes");
    assert_eq!(console.effects, [Effect::Quit]);
}

#[test]
fn the_program_obeys() {
    let mut console = console();
    console.press("app.redraw").press("app.suspend").press("app.mouse").press("app.quit");
    console.press("app.interrupt");
    let want = [Effect::Redraw, Effect::Suspend, Effect::Mouse(false), Effect::Quit, Effect::Quit];
    assert_eq!(console.effects, want);
    console.press("app.language");
    assert!(console.screen().contains("线索队列"));
}

#[test]
fn the_palette_finds_by_name_in_either_language_and_runs() {
    for typed in ["assign", "分配", "lead.assign"] {
        let mut console = console();
        console.press("app.palette").type_(typed).press("picker.accept");
        assert!(console.screen().contains("Assign"), "{typed}\n{}", console.screen());
    }
    let mut console = console();
    console.press("app.palette").press("picker.down").press("picker.up");
    console.press("picker.page-down").press("picker.page-up");
    console.type_("rules").press("picker.accept");
    assert_eq!(console.model.screen, Screen::Rules);
}

#[test]
fn help_finds_by_key() {
    let mut console = console();
    console.press("app.help").type_("ctrl-z");
    assert!(console.screen().contains("suspend"), "{}", console.screen());
}

#[test]
fn a_greyed_command_says_why() {
    let mut console = console();
    console.keys("H");
    assert!(console.bottom().contains("release: you do not hold this lead"), "{}", console.bottom());
}

#[test]
fn a_viewer_changes_nothing() {
    let mut console = console();
    console.select(4);
    console.model.me.role = Role::Viewer;
    for key in ["a", "r", "h", "p", "b", "s", "m", "x", "u"] {
        console.keys(key);
        assert!(console.bottom().contains("your role may not do this"), "{key}: {}", console.bottom());
    }
    assert_eq!(console.orders(), []);
}

#[test]
fn on_assist_the_queue_shows_whom_the_engine_proposes_and_a_key_accepts() {
    let mut console = console();
    console.press("engine.mode").shows("ASSIST");
    // Somebody the rules give to comes on duty; on assist the leads go on waiting.
    console.press("pane.loads").press("list.home");
    for _ in 0..12 {
        let rep = console.model.rep();
        if rep.is_some_and(|rep| rep.presence == leadyard::console::desk::Presence::OffDuty) {
            console.press("rep.duty");
        }
        console.press("list.down");
    }
    console.press("pane.queue").press("list.home");
    for _ in 0..8 {
        let line = console.model.desk.lead(console.model.queue.selected().unwrap()).unwrap();
        let Some(rep) = line.proposed else {
            console.press("list.down");
            continue;
        };
        console.shows("→").press("lead.accept").shows("accepted");
        assert_eq!(console.rig.world.lead(line.id).and_then(|row| row.owner), Some(rep));
        return;
    }
    panic!("the fixture has a lead that somebody could take");
}

#[test]
fn the_header_names_a_promotion_while_it_lasts_and_for_a_while_after() {
    let mut console = TestConsole::new(160, 32, Lang::En);
    let text = format!("{}\npromotion 直播\n  cap 60 open\n", console.rig.world.published().text);
    let base = console.rig.world.published().version;
    let publish = leadyard::engine::Intent::Publish { text: text.into(), note: "".into(), base };
    let events = console.rig.admin(publish);
    console.news(leadyard::console::msg::News::Events(std::sync::Arc::new(events)));
    let until = NOW.plus(3_600_000);
    let start =
        leadyard::engine::Intent::StartPromotion { promotion: "直播".into(), until, reason: "".into() };
    console.other(start).shows("直播 until").wait(3_600_000).shows("直播 ended");
}

#[test]
fn the_header_names_a_draft_on_trial_at_every_width() {
    for (lang, cols, shadow, canary) in [
        (Lang::En, 80, "shadow T1", "canary T2 10 %"),
        (Lang::Zh, 80, "影子试运行 T1", "灰度 T2 10 %"),
        (Lang::En, 140, "shadow T1", "canary T2 10 % until 15:32"),
        (Lang::Zh, 140, "影子试运行 T1", "灰度 T2 10 % 至 15:32"),
    ] {
        let mut console = TestConsole::new(cols, 24, lang);
        let try_out = |console: &mut TestConsole, kind| {
            let published = console.rig.world.published();
            let (text, base) = (published.text.clone(), published.version);
            let wish = leadyard::engine::TrialWish { text, kind, reason: "".into(), base };
            let events = console.rig.admin(leadyard::engine::Intent::StartTrial(wish));
            console.news(leadyard::console::msg::News::Events(std::sync::Arc::new(events)));
        };
        try_out(&mut console, TrialKind::Shadow);
        console.shows(shadow);
        let events = console.rig.admin(leadyard::engine::Intent::StopTrial);
        console.news(leadyard::console::msg::News::Events(std::sync::Arc::new(events)));
        let (share, until) = (Share::Leads { permille: 100, salt: 1 }, NOW.plus(3_600_000));
        try_out(&mut console, TrialKind::Canary { share, until, promote_when: "".into() });
        console.shows(canary);
    }
}

#[test]
fn the_header_names_a_divert_while_it_lasts() {
    let mut console = TestConsole::new(160, 32, Lang::En);
    let wish = leadyard::engine::DivertWish {
        scope: "source = 抖音".into(),
        to: vec![leadyard::model::overlay::DivertTo::Rep(RepId(1))],
        by: leadyard::model::overlay::DivertBy::Fair,
        until: NOW.plus(3_600_000),
        reason: "".into(),
    };
    console.other(leadyard::engine::Intent::SetDivert(wish)).shows("source = 抖音 → 李娜 until 15:32");
}

#[test]
fn the_language_switches_live_on_every_screen_and_overlay() {
    let opened: &[&[&'static str]] = &[
        &[],
        &["app.help"],
        &["app.palette"],
        &["lead.assign"],
        &["lead.why"],
        &["lead.status"],
        &["lead.timeline"],
        &["lead.divert"],
        &["lead.add"],
        &["lead.edit"],
        &["lead.twins"],
        &["lead.park"],
        &["divert.list"],
        &["proposal.list"],
        &["batch.list"],
        &["outbox.list"],
        &["promotion.list"],
        &["desk.jump"],
        &["queue.filter"],
        &["list.export"],
        &["roster.open"],
        &["calendar.open"],
        &["rules.open"],
        &["pane.alerts"],
        &["pane.lead"],
        &["pane.loads", "list.home", "rep.card"],
        &["pane.loads", "list.home", "team.card"],
        &["pane.loads", "list.home", "rep.handover", "handover.to"],
        &["lead.mark", "mark.all", "desk.freeze"],
    ];
    for ids in opened {
        let open = |lang| {
            let mut console = TestConsole::new(120, 32, lang);
            for id in *ids {
                console.press(id);
            }
            console
        };
        let (mut switched, chinese) = (open(Lang::En), open(Lang::Zh));
        switched.send(Msg::App(leadyard::console::msg::App::SwitchLang));
        assert_eq!(switched.screen(), chinese.screen(), "{ids:?}");
    }
}
