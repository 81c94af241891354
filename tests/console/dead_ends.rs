//! Whatever is pressed, nothing panics and Esc leads home.

use crate::support::{TestConsole, arrival};
use crate::terminal::whole;
use leadyard::console::command::table;
use leadyard::console::key::chord;
use leadyard::console::model::Size;
use leadyard::console::msg::{Msg, News};
use leadyard::engine::Intent;
use leadyard::model::lang::Lang;
use proptest::prelude::*;

/// More than any stack of overlays a person can build up here.
const ESC_MAX: usize = 40;

/// Files that are written beside the manifest by whoever exports without saying where.
fn strays() -> Vec<String> {
    let folder = std::fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap();
    let names = folder.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let mut lists: Vec<String> = names.filter(|name| name.ends_with(".csv")).collect();
    lists.sort();
    lists
}

#[test]
fn an_export_without_a_folder_stays_in_the_tests_own() {
    let mut console = TestConsole::new(100, 24, Lang::En);
    let before = strays();
    console.press("list.export").press("prompt.accept").shows("rows in");
    let written: Vec<_> = std::fs::read_dir(console.exports()).unwrap().collect();
    assert_eq!(written.len(), 1);
    assert_eq!(strays(), before);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn random_commands_never_panic_and_esc_leads_home(
        steps in prop::collection::vec((0..200usize, any::<u8>(), any::<bool>()), 1..60),
        cols in 10u16..140, rows in 1u16..40, zh: bool,
    ) {
        let lang = if zh { Lang::Zh } else { Lang::En };
        let before = strays();
        let mut console = TestConsole::new(cols, rows, lang);
        let ids: Vec<_> = table::all().map(|c| c.id).collect();
        for (step, key, is_key) in steps {
            if is_key {
                // Every key of the table, and what is typed or edits.
                let own = ["李", "x", "7", "backspace", "delete", "left", "right", "ctrl-w", "ctrl-u", "ctrl-k"];
                let all = || table::all().flat_map(|c| c.keys.iter().copied()).chain(own);
                let keys = all().nth((step + usize::from(key)) % all().count()).unwrap();
                for key in chord(keys).unwrap() {
                    console.send(Msg::Key(key));
                }
            } else if let Some(id) = ids.get(step) {
                console.send(Msg::Run(id));
            } else if step % 7 == 0 {
                console.send(Msg::Paste("粘贴\n\u{1b}[2Jq\ty".repeat(usize::from(key))));
            } else if step % 7 < 4 {
                // Somewhere with the mouse: press, drag, let go, turn the wheel.
                let (x, y) = (u16::from(key) % console.model.size.cols.max(1), u16::from(key / 3));
                if let Some(target) = console.painted.at(x, y) {
                    console.send(Msg::Click(target)).send(Msg::Drag(y * 3, x / 2)).send(Msg::Drop);
                    console.send(Msg::Wheel(target, isize::from(key % 7) - 3));
                }
            } else if step % 3 == 0 {
                console.send(Msg::Resize(Size { cols: u16::from(key), rows: u16::from(key / 4) }));
            } else if step % 3 == 1 {
                let one = arrival("路人", "", "官网", "上海", i32::from(key));
                console.other(Intent::Receive { leads: vec![one], import: None });
            } else {
                let world = Box::new(console.rig.world.clone());
                console.news(News::World(world));
            }
        }
        whole(&console.buf);
        prop_assert_eq!(strays(), before, "a list was written into the tree");
        if let Some((x, y)) = console.painted.cursor {
            prop_assert!(x < console.model.size.cols && y < console.model.size.rows, "the cursor is off the screen");
        }
        for _ in 0..ESC_MAX {
            console.keys("esc");
        }
        prop_assert!(console.model.is_home(), "{}", console.screen());
    }
}
