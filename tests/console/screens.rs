//! Whole screens at the sizes people use, in both languages.

use crate::support::{NOW, Rig, TestConsole};
use leadyard::console::model::Size;
use leadyard::console::msg::Msg;
use leadyard::engine::Intent;
use leadyard::model::lang::Lang;
use leadyard::model::mode::{Mode, ModeScope};

fn snapshot(name: &str, cols: u16, rows: u16) {
    for (lang, tag) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let console = TestConsole::new(cols, rows, lang);
        insta::assert_snapshot!(format!("{name}_{tag}"), console.screen());
    }
}

#[test]
fn main_screen_at_80x24_shows_one_pane_under_tabs() {
    snapshot("main_80x24", 80, 24);
}

#[test]
fn main_screen_at_120x32_shows_four_panes() {
    snapshot("main_120x32", 120, 32);
}

#[test]
fn main_screen_at_200x60_gives_the_room_to_names() {
    snapshot("main_200x60", 200, 60);
}

/// The header at every usual width.
fn headers(console: &mut TestConsole) -> String {
    let mut out = String::new();
    for cols in [60, 80, 100, 120, 200] {
        console.send(Msg::Resize(Size { cols, rows: 24 }));
        out += &format!("{cols}\n{}\n", console.screen().lines().next().unwrap_or_default());
    }
    out
}

#[test]
fn the_header_says_what_holds_leads_back_while_it_lasts_at_every_width() {
    for (lang, tag) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let mut console = TestConsole::new(80, 24, lang);
        let hour = 3_600_000;
        let set = |scope, mode, until: Option<i64>| {
            let until = until.map(|hours| NOW.plus(hours * hour));
            Intent::SetScopeMode { scope, mode, until }
        };
        console.other(set(ModeScope::Source("抖音".into()), Mode::Assist, None));
        insta::assert_snapshot!(format!("header_one_mode_{tag}"), headers(&mut console));
        console
            .other(set(ModeScope::Rule("East China, hot".into()), Mode::Paused, Some(30)))
            .other(set(ModeScope::Team("Night".into()), Mode::Paused, Some(1)))
            .other(set(ModeScope::Desk, Mode::Assist, Some(2)));
        insta::assert_snapshot!(format!("header_modes_{tag}"), headers(&mut console));
        // What ended is not shown, and nobody had to end it.
        console.send(Msg::Resize(Size { cols: 200, rows: 24 }));
        console.wait(2 * hour);
        let screen = console.screen();
        let header = screen.lines().next().unwrap_or_default();
        let mode = if lang == Lang::En { "AUTO" } else { "自动" };
        assert!(!header.contains("Night") && header.contains(mode), "{header}");
        assert!(header.contains("East China, hot") && header.contains("抖音"), "{header}");
    }
}

#[test]
fn an_empty_desk_offers_a_start() {
    for (lang, tag) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let console = TestConsole::with(80, 14, lang, Rig::new(NOW));
        insta::assert_snapshot!(format!("welcome_{tag}"), console.screen());
    }
}

#[test]
fn overlays_say_what_can_be_done() {
    for (lang, tag) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let mut console = TestConsole::new(100, 24, lang);
        insta::assert_snapshot!(format!("help_{tag}"), console.press("app.help").screen());
        console.press("picker.close").select(4).press("lead.assign");
        insta::assert_snapshot!(format!("assign_{tag}"), console.screen());
        console.press("picker.close").press("lead.why");
        insta::assert_snapshot!(format!("why_{tag}"), console.screen());
    }
}

#[test]
fn the_rules_show_problems_between_the_lines() {
    for (lang, tag) in [(Lang::En, "en"), (Lang::Zh, "zh")] {
        let mut console = TestConsole::new(100, 24, lang);
        console.press("rules.open").keys("down down down").type_("junk").keys("down down");
        insta::assert_snapshot!(format!("rules_{tag}"), console.screen());
    }
}

#[test]
fn a_screen_too_small_says_so_in_one_line() {
    let console = TestConsole::new(40, 8, Lang::Zh);
    assert_eq!(console.screen().trim(), "窗口至少需要 60×12");
}

/// From the smallest to the largest a desk has.
const SIZES: [(u16, u16); 10] =
    [(60, 12), (61, 24), (79, 24), (80, 24), (99, 24), (100, 30), (101, 24), (120, 32), (200, 60), (300, 80)];

#[test]
fn every_row_of_every_size_is_as_wide_as_the_screen() {
    for (cols, rows) in SIZES {
        for lang in [Lang::En, Lang::Zh] {
            let mut console = TestConsole::new(cols, rows, lang);
            for id in ["pane.loads", "pane.alerts", "pane.lead", "app.palette"] {
                console.press(id);
                for line in console.screen().lines() {
                    let width = leadyard::console::widget::fit::width(line);
                    assert!(width <= usize::from(cols), "{id} {cols}: {width} {line}");
                }
            }
        }
    }
}
