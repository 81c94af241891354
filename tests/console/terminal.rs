//! What differs between terminals: mouse, shapes, colours, cursor, clipboard, bell, a person's own keys.

use crate::support::{NOW, Rig, TestConsole, arrival, busy};
use leadyard::console::config::read;
use leadyard::console::desk::sieve::Show;
use leadyard::console::look::{Depth, Look};
use leadyard::console::model::{Divider, Overlay, Pane, Size};
use leadyard::console::msg::{Effect, Msg, Target};
use leadyard::console::view::Painted;
use leadyard::engine::Intent;
use leadyard::model::id::{LeadId, RepId};
use leadyard::model::lang::Lang;
use leadyard::model::time::{DAY_MS, MINUTE_MS};
use proptest::prelude::*;
use ratatui::buffer::{Buffer, CellWidth};
use ratatui::style::Color;

fn console() -> TestConsole {
    TestConsole::new(120, 32, Lang::En)
}

/// The middle of what stands for `target`.
fn place(painted: &Painted, target: Target) -> (u16, u16) {
    let (area, _) = painted
        .hits
        .iter()
        .find(|(_, t)| *t == target)
        .unwrap_or_else(|| panic!("{target:?} is not on screen"));
    (area.x + area.width / 2, area.y + area.height / 2)
}

fn click(console: &mut TestConsole, target: Target) {
    let (x, y) = place(&console.painted, target);
    let on_top = console.painted.at(x, y).unwrap();
    console.send(Msg::Click(on_top)).send(Msg::Drop);
}

#[test]
fn a_click_selects_what_is_under_it_and_gives_it_the_focus() {
    let mut console = console();
    click(&mut console, Target::Lead(LeadId(6)));
    assert_eq!(console.model.queue.selected(), Some(LeadId(6)));
    click(&mut console, Target::Rep(RepId(4)));
    assert_eq!((console.model.focus, console.model.loads.selected()), (Pane::Loads, Some(RepId(4))));
    assert!(console.model.desk.alerts().len() > 1, "{}", console.screen());
    let alert = console.model.desk.alerts()[1].id;
    click(&mut console, Target::Alert(alert));
    assert_eq!((console.model.focus, console.model.alerts.selected()), (Pane::Alerts, Some(alert)));
    click(&mut console, Target::Command("app.help"));
    assert!(matches!(console.model.overlays.last(), Some(Overlay::Help(_))));
    // What lies under an overlay is out of reach.
    console.send(Msg::Click(Target::Lead(LeadId(4))));
    assert_eq!(console.model.queue.selected(), Some(LeadId(6)));
}

#[test]
fn a_click_with_shift_marks_a_range_and_with_another_key_one_lead() {
    let mut console = console();
    let queue = console.model.desk.queue().to_vec();
    let mut click = |at: usize, is_range: bool| {
        let target = Target::Lead(queue[at]);
        console.send(Msg::ClickMark { target, is_range });
        console.model.marks.iter().copied().collect::<Vec<_>>()
    };
    // From the selected lead, the first, when nothing is marked yet.
    assert_eq!(click(2, true).len(), 3);
    assert_eq!(click(4, true).len(), 5);
    assert_eq!(click(1, false).len(), 4, "marked: the mark goes");
    assert_eq!(click(1, false).len(), 5);
    assert_eq!(console.model.queue.selected(), Some(queue[1]));
    console.press("mark.clear").press("app.help");
    console.send(Msg::ClickMark { target: Target::Lead(queue[3]), is_range: true });
    assert!(console.model.marks.is_empty(), "what lies under an overlay is out of reach");
}

#[test]
fn the_wheel_moves_what_is_under_the_pointer_and_no_selection() {
    let mut rig = busy();
    for n in 0..60 {
        rig.admin(Intent::Receive {
            leads: vec![arrival(&format!("路人{n}"), "", "官网", "上海", 1)],
            import: None,
        });
    }
    let mut console = TestConsole::with(120, 32, Lang::En, rig);
    console.press("pane.alerts");
    let before = (console.model.queue.selected(), console.line(3));
    console.send(Msg::Wheel(Target::Pane(Pane::Queue), 3));
    assert_eq!(console.model.focus, Pane::Alerts);
    assert_eq!(console.model.queue.selected(), before.0);
    assert_ne!(console.line(3), before.1, "the list moved");
    console.press("rules.open");
    let at = console.model.draft.editor.cursor();
    console.send(Msg::Wheel(Target::Editor, 3));
    assert_eq!(console.model.draft.editor.cursor().0, at.0 + 3);
}

#[test]
fn the_lines_between_panes_are_dragged_and_moved_by_key() {
    let mut console = console();
    let width = |console: &TestConsole| {
        let is_queue = |(_, t): &&(_, Target)| *t == Target::Pane(Pane::Queue);
        console.painted.hits.iter().find(is_queue).unwrap().0.width
    };
    let before = width(&console);
    click(&mut console, Target::Divider(Divider::Columns));
    assert_eq!(width(&console), before, "a click alone moves nothing");
    let (x, y) = place(&console.painted, Target::Divider(Divider::Columns));
    console.send(Msg::Click(console.painted.at(x, y).unwrap())).send(Msg::Drag(80, y));
    assert_eq!(width(&console), 80);
    console.send(Msg::Drag(0, y));
    assert_eq!(width(&console), 30, "both sides stay readable");
    console.send(Msg::Drop).send(Msg::Drag(80, y));
    assert_eq!(width(&console), 30, "let go");
    console.press("pane.wider");
    assert_eq!(width(&console), 36);
    console.press("pane.narrower");
    assert_eq!(width(&console), 30);
    for (divider, to) in [(Divider::Right, 6), (Divider::Lead, 20)] {
        console.send(Msg::Click(Target::Divider(divider))).send(Msg::Drag(90, to)).send(Msg::Drop);
        let area = console.painted.hits.iter().find(|(_, t)| *t == Target::Divider(divider)).unwrap().0;
        assert_eq!(area.y, to, "{divider:?}");
    }
    for size in [(60, 12), (100, 12), (300, 80)] {
        console.send(Msg::Resize(Size { cols: size.0, rows: size.1 }));
        whole(&console.buf);
    }
}

#[test]
fn the_mouse_is_given_back_and_taken_again() {
    let mut console = console();
    console.keys("M").keys("M");
    assert_eq!(console.effects, [Effect::Mouse(false), Effect::Mouse(true)]);
}

#[test]
fn ascii_shapes_leave_nothing_that_a_plain_terminal_lacks() {
    for (cols, rows) in [(80, 24), (120, 32)] {
        let mut console = TestConsole::new(cols, rows, Lang::En);
        console.model.look = Look { depth: Depth::None, is_ascii: true, ..Look::default() };
        for id in ["pane.loads", "pane.alerts", "pane.lead", "lead.why", "overlay.close", "lead.assign"] {
            let screen = console.press(id).screen();
            // Names and places from outside are what they are; each is two cells wide.
            let own = |c: &char| !c.is_ascii() && c.to_string().cell_width() < 2;
            let strange: String = screen.chars().filter(own).collect();
            assert_eq!(strange, "", "{id} at {cols}x{rows}\n{screen}");
        }
    }
}

#[test]
fn without_colour_nothing_is_coloured_and_urgent_rows_keep_their_shape() {
    let mut console = console();
    let shapes: Vec<String> = (3..10).map(|row| console.line(row).chars().take(4).collect()).collect();
    console.model.look = Look { depth: Depth::None, ..Look::default() };
    console.send(Msg::Tick);
    for cell in console.buf.content() {
        assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset));
    }
    let plain: Vec<String> = (3..10).map(|row| console.line(row).chars().take(4).collect()).collect();
    assert_eq!(plain, shapes);
    assert!(plain.iter().any(|line| line.contains('!')), "overdue is a shape: {plain:?}");
}

#[test]
fn every_input_places_the_hardware_cursor() {
    let mut console = console();
    for (open, close) in [
        ("app.help", "picker.close"),
        ("app.palette", "picker.close"),
        ("queue.filter", "filter.clear"),
        ("lead.assign", "picker.close"),
        ("lead.park", "prompt.close"),
        ("desk.import", "prompt.close"),
        ("rules.open", "rules.close"),
    ] {
        console.select(4).press(open).type_("李x");
        let (x, y) = console.painted.cursor.unwrap_or_else(|| panic!("{open} has no cursor"));
        assert!(x < 120 && y < 32, "{open}");
        // Right behind what was typed: there the input method opens its window.
        assert_eq!(console.buf[(x - 1, y)].symbol(), "x", "{open}\n{}", console.screen());
        console.keys("backspace backspace").press(close);
        assert_eq!(console.painted.cursor, None, "{open}");
    }
}

#[test]
fn copying_takes_id_name_and_masked_phone() {
    let mut console = console();
    console.select(4).press("lead.copy").shows("copied: 1");
    assert_eq!(console.effects.pop(), Some(Effect::Copy("L4\t李雷\t138****0000".into())));
    console.press("lead.unmask-phone").keys("ctrl-y");
    assert_eq!(console.effects.pop(), Some(Effect::Copy("L4\t李雷\t13800000000".into())));
    console.press("lead.mark").press("lead.mark").press("lead.copy").shows("copied: 2");
    let Some(Effect::Copy(text)) = console.effects.pop() else { panic!("nothing copied") };
    assert_eq!(text.lines().count(), 2);
    assert!(!text.contains("13800000000"), "the whole number stands only where it was shown: {text}");
}

#[test]
fn what_is_copied_stays_small_enough_for_any_terminal() {
    let mut rig = Rig::new(NOW.plus(-MINUTE_MS));
    let name = "很长的名字".repeat(40);
    let leads: Vec<_> = (0..100).map(|n| arrival(&name, "", "官网", "上海", n)).collect();
    rig.admin(Intent::Receive { leads, import: None });
    let mut console = TestConsole::with(120, 32, Lang::En, rig);
    console.keys("v v v v");
    for _ in 0..100 {
        console.press("lead.mark");
    }
    console.send(Msg::Resize(Size { cols: 120, rows: 200 }));
    console.press("list.home").press("lead.copy").shows("of 100");
    let Some(Effect::Copy(text)) = console.effects.pop() else { panic!("nothing copied") };
    assert!(text.len() <= 8 * 1024, "{}", text.len());
}

#[test]
fn the_bell_rings_once_for_each_alert_that_begins() {
    let mut console = console();
    console.model.has_bell = true;
    console.wait(1_000);
    assert!(!console.effects.contains(&Effect::Bell), "what fired before rings nothing");
    // Nobody takes the parked lead for days; the leader says so.
    console.rig.now = console.rig.now.plus(3 * DAY_MS);
    let zone = console.rig.world.book().zone;
    let moment = leadyard::world::Moment::at(zone, console.rig.now);
    let scene = leadyard::watch::Scene::exact(&console.rig.world, &moment);
    let steps = leadyard::watch::look(&scene, true, false).steps;
    assert!(!steps.is_empty());
    let events = console.rig.give("engine", leadyard::model::actor::Role::Engine, 1, Intent::Watch { steps });
    console.news(leadyard::console::msg::News::Events(std::sync::Arc::new(events))).wait(2_000);
    assert_eq!(console.effects.iter().filter(|e| **e == Effect::Bell).count(), 1);
    console.wait(20_000);
    assert_eq!(console.effects.iter().filter(|e| **e == Effect::Bell).count(), 1);
}

#[test]
fn own_keys_work_are_shown_and_free_the_old_ones() {
    let mut console = console();
    let (config, faults) = read("view = \"all\"\nmouse = false\n[keys]\nlead.assign = \"f5\"\n");
    assert!(faults.is_empty(), "{faults:?}");
    config.set_up(&mut console.model);
    console.send(Msg::Tick);
    assert_eq!((console.model.desk.show(), console.model.is_mouse_on), (Show::All, false));
    assert!(console.bottom().contains("f5 assign"), "{}", console.bottom());
    console.keys("a").shows("a does nothing here");
    console.keys("f5").shows("Assign").keys("esc").press("app.help").type_("f5").shows("f5");
}

/// Fails where a wide glyph was cut in two: its second cell belongs to something else, or is missing.
pub fn whole(buf: &Buffer) {
    let area = buf.area();
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            if buf[(x, y)].symbol().cell_width() < 2 {
                continue;
            }
            let next = buf.cell((x + 1, y)).map(|cell| cell.symbol().trim().to_owned());
            assert_eq!(next.as_deref(), Some(""), "torn at {x},{y}:\n{}", crate::support::screen_text(buf));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn wide_glyphs_are_never_torn(
        cols in 60u16..200, rows in 12u16..50, zh: bool, id in 0..12usize, split in 0u16..200, name in "[李雷欧阳娜a ]{1,24}",
    ) {
        let mut rig = busy();
        rig.admin(Intent::Receive { leads: vec![arrival(&name, "", "抖音直播间", "上海浦东", 99)], import: None });
        let mut console = TestConsole::with(cols, rows, if zh { Lang::Zh } else { Lang::En }, rig);
        console.send(Msg::Click(Target::Divider(Divider::Columns))).send(Msg::Drag(split, 5)).send(Msg::Drop);
        let ids = [
            "lead.assign", "lead.why", "app.help", "app.palette", "rules.open", "pane.loads", "pane.alerts", "pane.lead",
            "lead.park", "lead.status", "queue.filter", "lead.mark",
        ];
        console.send(Msg::Run(ids[id])).type_("李雷欧");
        whole(&console.buf);
        console.keys("esc").keys("esc");
        whole(&console.buf);
    }
}
