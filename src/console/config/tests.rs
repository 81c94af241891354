//! Settings read back as they are written, and every fault says where it is and what was perhaps meant.

use super::*;
use crate::console::command::keymap::Found;
use crate::console::command::{Place, table};
use crate::console::key::chord;
use crate::console::look::{Colour, Paint};
use proptest::prelude::*;

fn good(text: &str) -> Config {
    let (config, faults) = read(text);
    assert!(faults.is_empty(), "{faults:?}");
    config
}

/// `line:column sentence (hint)` of every fault.
fn faults(text: &str) -> Vec<String> {
    let (_, faults) = read(text);
    let said = |f: &Fault| {
        let hint = f.hint.as_deref().map_or_else(String::new, |hint| format!(" ({hint})"));
        format!("{}:{} {}{hint}", f.line, f.column, f.sentence.get(Lang::En))
    };
    faults.iter().map(said).collect()
}

#[test]
fn nothing_set_means_the_defaults() {
    assert_eq!(good(""), Config::default());
    assert_eq!(good("# only a comment\n[keys]\n[theme]\n"), Config::default());
}

#[test]
fn every_setting_is_taken() {
    let text = "language = \"zh\"\nview = \"all\"\nmouse = false\nbell = true\nnotify = \"osc777\"\nglyphs = \"ascii\"\n\
        [theme]\ncolor = 256\nground = \"light\"\n[theme.own]\naccent = \"#ff0000\"\nwarn = \"yellow\"\n\
        [keys]\n\"lead.assign\" = [\"f5\", \"g x\"]\nlead.recall = \"f6\"\ndesk.undo = []\n";
    let config = good(text);
    assert_eq!(config.lang, Some(Lang::Zh));
    assert_eq!((config.show, config.is_mouse_on, config.has_bell), (Show::All, false, true));
    assert_eq!(config.notify, Some(crate::console::osc::Osc::SevenSevenSeven));
    assert_eq!(
        (config.is_ascii, config.depth, config.ground),
        (Some(true), Some(Depth::Ansi256), Some(Ground::Light))
    );
    assert_eq!(config.own.get(Paint::Accent), Some(Colour::Rgb(255, 0, 0)));
    assert_eq!(config.own.get(Paint::Warn), Some(Colour::Index(3)));
    assert_eq!(config.keys.len(), 3);
    assert_eq!(good(&print(&config, Lang::En)), config);
    assert_eq!(good(&print(&config, Lang::Zh)), config);
    let map = Keymap::with(&config.keys).unwrap();
    let at = |keys| map.find(Place::Queue, &chord(keys).unwrap());
    assert!(matches!(at("f5"), Found::Command(c) if c.id == "lead.assign"));
    assert!(matches!(at("g x"), Found::Command(c) if c.id == "lead.assign"));
    assert!(matches!(at("a"), Found::Nothing), "the old key is free");
    assert!(matches!(at("u"), Found::Nothing));
}

#[test]
fn every_fault_says_where_and_what_was_meant() {
    for (text, said) in [
        ("langauge = \"en\"", "1:1 there is no setting langauge (language)"),
        ("view = \"wating\"", "1:8 wating is none of todo, waiting, parked, assigned, all (waiting)"),
        ("\nmouse = \"yes\"", "2:9 wanted here: true, false"),
        ("theme = 3", "1:9 wanted here: […]"),
        ("[theme]\ncolour = 16", "2:1 there is no setting colour (color)"),
        ("[theme]\ncolor = \"neon\"", "2:9 neon is none of auto, never, 16, 256, truecolor"),
        ("[theme.own]\nwarn = \"yelow\"", "2:8 yelow is no colour: #rrggbb, 0 to 255 or a name (yellow)"),
        ("[theme.own]\nwran = \"red\"", "2:1 there is no setting wran (warn)"),
        ("[keys]\n\"lead.asign\" = \"a\"", "2:1 there is no command lead.asign (lead.assign)"),
        ("[keys]\n\"lead.assign\" = \"ctrl+t\"", "2:17 no key is called ctrl+t (ctrl-t)"),
        ("[keys]\n\"lead.assign\" = \"entr\"", "2:17 no key is called entr (enter)"),
        (
            "[keys]\n\"lead.assign\" = \"u\"",
            "2:1 u cannot be both lead.assign and desk.undo: give the other one another key too",
        ),
        (
            "[keys]\n\"lead.assign\" = \"g\"",
            "2:1 g for lead.assign stands in the way of list.home: one begins the other",
        ),
        ("[keys]\n\"rules.publish\" = \"p\"", "2:1 p for rules.publish would be typed into the text there"),
        ("[keys]\n\"picker.close\" = []", "2:1 picker.close needs a key: there is no other way out"),
        ("[keys]\n\"app.help\" = 7", "2:14 wanted here: \"ctrl-s\", [\"a\", \"g g\"]"),
    ] {
        let found = faults(text);
        assert!(found.iter().any(|fault| fault == said), "{text}: {found:?}");
    }
    assert!(faults("view = ").iter().any(|fault| fault.starts_with("1:")), "broken TOML is a fault too");
}

#[test]
fn all_faults_are_told_at_once_in_order() {
    let found = faults("mose = true\nview = 7\n[keys]\nx = \"a\"\n");
    assert_eq!(found.len(), 3);
    assert!(found.is_sorted_by_key(|fault| fault.split(':').next().map(str::to_owned)));
}

proptest! {
    #[test]
    fn no_text_makes_reading_panic(text in "(\\PC|\n|=|\"|\\[|\\]){0,80}") {
        let _ = read(&text);
    }

    #[test]
    fn what_is_written_reads_back(
        show in 0..5usize, notify in 0..4usize, mouse: bool, bell: bool, ascii: Option<bool>, f in 1u8..12, rgb: (u8, u8, u8),
        command in 0..table::all().count(),
    ) {
        let mut config = Config { show: VIEWS[show].1, is_mouse_on: mouse, has_bell: bell, notify: super::NOTIFY[notify].1, is_ascii: ascii, ..Config::default() };
        config.own.set(Paint::Danger, Colour::Rgb(rgb.0, rgb.1, rgb.2));
        let id = table::nth(command).unwrap().id;
        config.keys.insert(id, vec![format!("alt-f{f}").into()]);
        prop_assert_eq!(good(&print(&config, Lang::Zh)), config);
    }
}
