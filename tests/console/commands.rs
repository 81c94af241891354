//! Commands of the other panes, the desk and the program; dispatch, help and palette.

use crate::support::TestConsole;
use leadyard::console::desk::{AlertId, Desk, Mode};
use leadyard::console::model::{Pane, Screen};
use leadyard::console::msg::{Effect, Order};
use leadyard::model::id::{LeadId, RepId};
use leadyard::model::lang::Lang;

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
        ("list.down", 2),
        ("list.end", 6),
        ("list.up", 5),
        ("list.page-up", 1),
        ("list.page-down", 6),
        ("list.home", 1),
    ] {
        assert_eq!(console.press(id).model.queue.selected(), Some(LeadId(at)), "{id}");
    }
    console.keys("G");
    assert_eq!(console.keys("g g").model.queue.selected(), Some(LeadId(1)));
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
fn alerts_are_helped_opened_and_taken() {
    let mut console = console();
    let alert = AlertId(1);
    console.press("pane.alerts").press("alert.help").press("alert.remedy-2").press("alert.remedy-3");
    console.press("alert.acknowledge");
    let remedy = |choice| Order::Remedy { alert, choice };
    assert_eq!(console.orders(), [remedy(0), remedy(1), remedy(2), Order::Acknowledge { alert }]);
    console.press("list.down").press("alert.open");
    assert_eq!(console.model.queue.selected(), Some(LeadId(5)));
}

#[test]
fn reps_go_on_and_off_duty() {
    let mut console = console();
    console.press("pane.loads").press("rep.duty");
    assert_eq!(console.orders(), [Order::SetDuty { rep: RepId(1), is_on: false }]);
}

#[test]
fn the_desk_is_paused_and_the_last_step_undone() {
    let mut console = console();
    console.press("engine.mode").press("desk.undo");
    assert_eq!(console.orders(), [Order::SetMode(Mode::Paused), Order::Undo]);
}

#[test]
fn an_empty_desk_starts_from_files_sample_or_demo() {
    let mut console = TestConsole::with(80, 24, Lang::En, Desk::default());
    console.press("start.import").press("start.sample").press("start.demo");
    assert_eq!(console.orders(), [Order::Import, Order::LoadSample, Order::LoadDemo]);
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
    assert!(console.line(31).contains("release: you do not hold this lead"), "{}", console.line(31));
}

#[test]
fn a_viewer_changes_nothing() {
    let mut console = console();
    console.model.me.may_act = false;
    for key in ["a", "r", "h", "p", "b", "s", "m", "x"] {
        console.keys(key);
        assert!(console.line(31).contains("your role may not do this"), "{key}: {}", console.line(31));
    }
    assert_eq!(console.orders(), []);
}
