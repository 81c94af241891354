//! Whatever is pressed, nothing panics and Esc leads home.

use crate::support::{TestConsole, arrival};
use leadyard::console::command::table;
use leadyard::console::key::Key;
use leadyard::console::model::Size;
use leadyard::console::msg::{Msg, News};
use leadyard::engine::Intent;
use leadyard::model::lang::Lang;
use proptest::prelude::*;

/// More than any stack of overlays a person can build up here.
const ESC_MAX: usize = 40;

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn random_commands_never_panic_and_esc_leads_home(
        steps in prop::collection::vec((0..200usize, any::<u8>(), any::<bool>()), 1..60),
        cols in 10u16..140, rows in 1u16..40, zh: bool,
    ) {
        let lang = if zh { Lang::Zh } else { Lang::En };
        let mut console = TestConsole::new(cols, rows, lang);
        let ids: Vec<_> = table::all().map(|c| c.id).collect();
        for (step, key, is_key) in steps {
            if is_key {
                let names = ["a", "g", "enter", "esc", "tab", "up", "down", "李", "ctrl-s", "backspace", "/", "e", "space", "v"];
                let key: Key = names[usize::from(key) % names.len()].parse().unwrap();
                console.send(Msg::Key(key));
            } else if let Some(id) = ids.get(step) {
                console.send(Msg::Run(id));
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
        for _ in 0..ESC_MAX {
            console.keys("esc");
        }
        prop_assert!(console.model.is_home(), "{}", console.screen());
    }
}
