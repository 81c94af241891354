//! Alerts looked at: the full view, the list of all, handling, remedies, the weekly review; complaints.

use crate::support::{NOW, Rig, TestConsole, arrival, busy, card};
use leadyard::console::look::Look;
use leadyard::console::msg::{Effect, Msg, News, Order};
use leadyard::console::osc::Osc;
use leadyard::console::widget::fit::width;
use leadyard::engine::{Intent, To};
use leadyard::model::actor::Role;
use leadyard::model::alert::AlertKind;
use leadyard::model::id::{BookVersion, LeadId, RepId};
use leadyard::model::lang::Lang;
use leadyard::model::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use leadyard::watch;
use leadyard::world::Moment;
use std::sync::Arc;

const SIZES: [(u16, u16); 5] = [(60, 12), (80, 24), (100, 30), (120, 32), (200, 60)];

/// One look of the leader; the console hears of it.
fn look(console: &mut TestConsole) {
    let moment = Moment::at(console.rig.world.book().zone, console.rig.now);
    let scene = watch::Scene::exact(&console.rig.world, &moment);
    let steps = watch::look(&scene, true, false).steps;
    if !steps.is_empty() {
        let events = console.rig.give("engine", Role::Engine, 1, Intent::Watch { steps });
        console.news(News::Events(Arc::new(events)));
    }
}

/// A rep nearly full beside an empty one: an alert the engine can help about.
fn lopsided() -> Rig {
    let mut rig = Rig::new(NOW.plus(-HOUR_MS));
    rig.admin(Intent::AddReps { cards: vec![card("liu", "刘洋", "E", 10)] });
    let text = "calendar\n  timezone Asia/Shanghai\nrule \"E\"\n  give to team E\notherwise wait\n";
    rig.admin(Intent::Publish { text: text.into(), note: "start".into(), base: BookVersion(0) });
    for n in 0..9 {
        let one = arrival("客户", "", "官网", "上海", n);
        rig.admin(Intent::Receive { leads: vec![one], import: None });
    }
    rig.admin(Intent::AddReps { cards: vec![card("lina", "李娜", "E", 10)] });
    rig
}

/// The same with the alert firing.
fn firing(cols: u16, rows: u16, lang: Lang) -> TestConsole {
    let mut console = TestConsole::with(cols, rows, lang, lopsided());
    for _ in 0..5 {
        console.wait(6 * MINUTE_MS);
        look(&mut console);
    }
    assert!(console.rig.world.alerts().keys().any(|key| key.kind == AlertKind::LoadUneven));
    console.press("pane.alerts").press("list.home");
    console
}

/// Selects the alert of a kind in its pane.
fn select(console: &mut TestConsole, kind: AlertKind) {
    console.press("pane.alerts").press("list.home");
    let at = console.model.desk.alerts().iter().position(|alert| alert.id.kind == kind).unwrap();
    for _ in 0..at {
        console.press("list.down");
    }
}

#[test]
fn the_panes_remedies_are_the_engines_and_one_key_does_them_as_one_batch() {
    let mut console = firing(120, 32, Lang::En);
    console.shows("1 move 2 from 刘洋 → 李娜: 90 % → 70 %").shows("2 raise 刘洋's cap 10 → 12");
    console.press("alert.help").shows("move 2 from 刘洋 → 李娜");
    let Some(Order::Remedy { .. }) = console.orders().pop() else { panic!("no remedy") };
    let load = |console: &TestConsole, rep| console.rig.world.rep(RepId(rep)).unwrap().load;
    assert_eq!((load(&console, 1), load(&console, 2)), (7, 2), "exactly as promised");
    console.press("desk.undo");
    assert_eq!((load(&console, 1), load(&console, 2)), (9, 0));
    console.wait(10_000).press("alert.remedy-2");
    assert_eq!(console.rig.world.rep(RepId(1)).unwrap().card.cap_open, Some(12));
}

#[test]
fn remedies_keep_their_keys_while_they_are_worked_out() {
    let console = firing(120, 32, Lang::En);
    let key = console.model.desk.alerts()[0].id;
    let episode = console.rig.world.alerts()[&key].fired_seq;
    let known = console.model.desk.offered(key, episode).unwrap();
    assert!(known.len() >= 2);
    // A desk of which nothing was worked out yet.
    let world = Box::new(console.rig.world.clone());
    let mut fresh = TestConsole::unopened(120, 32, Lang::En, lopsided());
    fresh.rig.now = console.rig.now;
    leadyard::console::update::update(&mut fresh.model, Msg::News(News::World(world)), console.rig.now);
    fresh.draw_again();
    fresh.send(Msg::Focused(true));
    let line = fresh.model.desk.alerts().iter().find(|line| line.id == key).cloned().unwrap();
    assert!(line.is_thinking && line.remedies.is_empty(), "{line:?}");
}

#[test]
fn an_alert_in_full_tells_cause_meaning_figures_remedies_and_timeline() {
    let mut console = firing(100, 30, Lang::En);
    console.press("alert.details");
    console.shows("刘洋 is at 90 % of the cap").shows("One is swamped while another could help.");
    console.shows("warn · firing since").shows("What would help").shows("1 move 2 from 刘洋");
    console.shows("Figures").shows("calm up to").shows("fired at 90 %").shows("◆");
    console.shows("Timeline").shows("fired");
    console.press("alert.acknowledge").shows("you look after it").shows("acknowledged");
    console.press("alert.reopen").shows("given back");
    console.press("alert.comment").type_("they are two today").press("prompt.accept");
    console.shows("“they are two today”").shows("noted");
    console.press("alert.snooze").type_("soon").press("prompt.accept").shows("until when? 2h, 17:00");
    console.keys("ctrl-u").type_("2h").press("prompt.accept").shows("put off until").shows("snoozed");
    console.press("overlay.close").press("desk.undo").press("alert.details").shows("firing since");
    console.press("alert.help").shows("remedy for load-uneven: reassign: 2 leads → 李娜");
    for _ in 0..5 {
        console.wait(6 * MINUTE_MS);
        look(&mut console);
    }
    console.shows("over").shows("recovered").hides("What would help");
    console.keys("a").shows("the alert is over");
    console.press("overlay.close");
    assert!(console.model.overlays.is_empty());
}

#[test]
fn a_false_alarm_is_closed_and_counted() {
    let mut console = firing(100, 30, Lang::En);
    console.press("alert.details").press("alert.false-alarm").type_("two on holiday").press("prompt.accept");
    console.shows("closed as a false alarm").shows("false alarm (two on holiday)");
    console.press("overlay.close").press("alert.review").shows("detector").shows(" 0 %");
    let screen = console.screen();
    let line = screen.split(['│', '\n']).find(|part| part.contains(" 0 %")).unwrap().to_owned();
    let figures: Vec<&str> = line.split_whitespace().filter(|w| w.parse::<u32>().is_ok()).collect();
    assert_eq!(figures, ["1", "1", "0", "1", "0", "0", "0"], "{line}");
    console.press("review.episodes").shows("刘洋").shows("王芳 after").shows("false alarm (two");
    console.keys("esc").shows("detector").press("review.earlier").shows("No alert fired");
    console.press("review.later").shows(" 0 %").keys("]").shows("this is the latest week");
    console.press("overlay.close");
    assert!(console.model.overlays.is_empty());
}

#[test]
fn a_silence_goes_by_the_example_and_says_what_it_would_have_hidden() {
    let mut console = firing(100, 30, Lang::En);
    console.press("alert.silence").shows("Silence alerts like this one");
    console
        .shows("kind = load-uneven, about = \"刘洋\"")
        .shows("would have hidden 1 alerts of the last 24 hours");
    console.press("form.previous").keys("ctrl-u").type_("kind = missed").press("form.accept");
    console.shows("not of this alert: kind = missed");
    console.keys("ctrl-u").press("form.accept").shows("say which alerts");
    console.type_("kind = load-uneven").shows("would have hidden 1 alerts");
    console.press("form.next").keys("ctrl-u").type_("never").press("form.accept").shows("until when?");
    console.keys("ctrl-u").type_("2h").press("form.next").type_("stock-taking").press("form.accept");
    console.shows("silenced until");
    console.press("alert.list").shows("All alerts").shows("silenced S1").shows("stock-taking");
    console.press("list.end").press("silence.end").shows("silence S1 ended").hides("stock-taking");
    console.press("list.home").press("alert.show").shows("One is swamped").press("overlay.close");
    console.press("alert.history").shows("刘洋").press("overlay.close").press("overlay.close");
    console.press("overlay.close");
    assert!(console.model.overlays.is_empty());
}

#[test]
fn leads_of_an_alert_are_walked_through_and_opened() {
    let mut console = TestConsole::new(100, 30, Lang::En);
    select(&mut console, AlertKind::Delayed);
    console.press("alert.details").shows("Fresh leads cool while they wait.").press("list.down");
    let selected = leadyard::console::update::watching::selected_lead(&console.model).unwrap();
    console.press("alert.lead");
    assert_eq!(console.model.queue.selected(), Some(selected));
    assert!(console.model.overlays.is_empty());
}

#[test]
fn what_the_book_did_by_itself_is_told_and_taken_back() {
    let mut rig = lopsided();
    let line = "watch load-uneven when load >= 90% beside <= 50% for 1m warn -> reassign";
    let text = format!("rule \"E\"\n  give to team E\n{line}\notherwise wait\n");
    rig.admin(Intent::Publish { text: text.into(), note: "by itself".into(), base: BookVersion(1) });
    let mut console = TestConsole::with(120, 32, Lang::En, rig);
    for _ in 0..3 {
        console.wait(MINUTE_MS);
        look(&mut console);
    }
    console
        .press("pane.alerts")
        .press("alert.details")
        .keys("u")
        .shows("nothing was done about it that stands");
    let moment = Moment::at(console.rig.world.book().zone, console.rig.now);
    for intent in watch::automatic::reliefs(&console.rig.world, &moment) {
        let events = console.rig.give("engine", Role::Engine, 1, intent);
        console.news(News::Events(Arc::new(events)));
    }
    console.shows("remedy for load-uneven: reassign: 2 leads → 李娜");
    assert_eq!(console.rig.world.rep(RepId(2)).unwrap().load, 2);
    console.press("alert.undo");
    assert_eq!(console.rig.world.rep(RepId(2)).unwrap().load, 0);
}

#[test]
fn what_a_person_may_not_do_is_refused_with_a_reason() {
    let rig = firing(100, 30, Lang::En).rig;
    let mut viewer = TestConsole::of("客人", Role::Viewer, 100, 30, Lang::En, rig);
    viewer.press("pane.alerts").keys("a").shows("your role may not do this");
    viewer.press("alert.details").shows("What would help").keys("1").shows("your role may not do this");
    assert!(viewer.orders().is_empty());
}

#[test]
fn every_size_language_and_glyph_shows_whole_lines() {
    for (cols, rows) in SIZES {
        for lang in [Lang::En, Lang::Zh] {
            for is_ascii in [false, true] {
                let mut console = firing(cols, rows, lang);
                console.model.look = Look { is_ascii, ..Look::default() };
                let steps: [&[&'static str]; 4] = [
                    &["alert.details"],
                    &["alert.list"],
                    &["alert.review", "review.episodes"],
                    &["alert.silence"],
                ];
                for step in steps {
                    for id in step {
                        console.press(id);
                    }
                    for id in ["list.page-down", "list.end", "list.home"] {
                        if step[0] != "alert.silence" {
                            console.press(id);
                        }
                        crate::terminal::whole(&console.buf);
                        for line in console.screen().lines() {
                            assert!(width(line) <= usize::from(cols), "{step:?} {cols}: {line}");
                            let foreign = |c: char| !c.is_ascii() && width(&c.to_string()) == 1;
                            assert!(!is_ascii || !line.chars().any(foreign), "{step:?} {cols}: {line}");
                        }
                    }
                    for _ in 0..4 {
                        console.keys("esc");
                    }
                    console.press("pane.alerts");
                }
            }
        }
    }
}

#[test]
fn whole_screens_of_an_alert() {
    for (lang, tag) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        for (cols, rows) in [(80, 24), (120, 32)] {
            let mut console = firing(cols, rows, lang);
            insta::assert_snapshot!(
                format!("full_{cols}x{rows}_{tag}"),
                console.press("alert.details").screen()
            );
            console.press("overlay.close").press("alert.list");
            insta::assert_snapshot!(format!("all_{cols}x{rows}_{tag}"), console.screen());
            console.press("overlay.close").press("alert.review");
            insta::assert_snapshot!(format!("review_{cols}x{rows}_{tag}"), console.screen());
        }
    }
}

#[test]
fn a_notification_speaks_by_number_and_not_of_what_is_silenced() {
    let mut console = TestConsole::new(100, 30, Lang::En);
    console.model.notify = Some(Osc::Nine);
    console.wait(1_000);
    let notes = |console: &TestConsole| {
        let notes = console.effects.iter().filter(|e| matches!(e, Effect::Notify(..)));
        notes.cloned().collect::<Vec<_>>()
    };
    assert!(notes(&console).is_empty(), "what fired before is not told");
    console.rig.now = console.rig.now.plus(3 * DAY_MS);
    look(&mut console);
    let told = notes(&console);
    assert_eq!(told.len(), 1, "{told:?}");
    let Effect::Notify(Osc::Nine, text) = &told[0] else { panic!("{told:?}") };
    assert!(text.contains(": ") && !text.contains("李雷"), "{text}");
    let mut console = TestConsole::new(100, 30, Lang::En);
    console.model.notify = Some(Osc::Nine);
    console.wait(1_000);
    let until = console.rig.now.plus(10 * DAY_MS);
    for kind in AlertKind::ALL {
        let silence = Intent::SetSilence { kind: Some(kind), subject: None, until, reason: "".into() };
        console.other(silence);
    }
    console.rig.now = console.rig.now.plus(3 * DAY_MS);
    look(&mut console);
    assert!(notes(&console).is_empty());
}

#[test]
fn a_complaint_is_made_listed_shown_and_ruled_on() {
    let mut rig = busy();
    rig.admin(Intent::Grant { actor: "lina".into(), role: Some(Role::Rep) });
    let leads = vec![LeadId(4)];
    rig.admin(Intent::Place { leads, to: To::Rep(RepId(2)), reason: "".into(), force: false, turn: true });
    let mut console = TestConsole::of("lina", Role::Rep, 120, 32, Lang::En, rig);
    console.select(4).press("lead.complain").shows("Complaint about 李雷: why?");
    console.type_("my customer since May").press("prompt.accept").shows("complaint about 李雷 is on record");
    console.press("lead.why").shows("complaint C1 by lina (then 张伟's): my customer since May");
    console.shows("not ruled on yet").press("overlay.close");
    console.press("complaint.list").shows("C1").keys("y").shows("this needs a supervisor");
    let rig = console.rig;
    let mut console = TestConsole::with(120, 32, Lang::En, rig);
    console.press("complaint.list").shows("lina").shows("my customer since May");
    console.press("complaint.reject").type_("came first to 张伟").press("prompt.accept");
    console.shows("complaint C1 rejected").shows("No complaint is open").press("overlay.close");
    console.press("desk.undo").press("complaint.list").shows("C1");
    console
        .press("complaint.uphold")
        .type_("谁: so")
        .press("prompt.accept")
        .shows("no rep or team is called 谁");
    console.keys("ctrl-u").type_("李娜: hers by right").press("prompt.accept").shows("complaint C1 upheld");
    assert_eq!(console.lead(4).1, Some(RepId(1)));
    console
        .press("overlay.close")
        .select(4)
        .press("lead.why")
        .shows("C1 upheld by 王芳 → 李娜: hers by right");
    console.press("overlay.close").press("desk.undo");
    assert_eq!(console.lead(4).1, Some(RepId(2)), "ruling and move are one batch");
    console.press("complaint.list").press("complaint.lead");
    assert_eq!(console.model.queue.selected(), Some(LeadId(4)));
}
