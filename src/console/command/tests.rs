//! The table holds together: ids, keys, words.

use super::*;
use crate::console::key::chord;
use crate::console::widget::fit::width;
use crate::model::lang::Lang;
use std::collections::{HashMap, HashSet};

/// The widest title a hint slot takes.
const TITLE_CELLS_MAX: usize = 16;

#[test]
fn ids_are_unique_and_kebab() {
    let mut seen = HashSet::new();
    for command in table::all() {
        assert!(seen.insert(command.id), "{} twice", command.id);
        let is_kebab =
            command.id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-".contains(c));
        assert!(is_kebab && command.id.matches('.').count() == 1, "{}", command.id);
    }
}

#[test]
fn every_key_parses_and_no_chord_shadows_another() {
    for place in Place::ALL {
        let mut seen: HashMap<Vec<crate::console::key::Key>, CommandId> = HashMap::new();
        for scope in place.stack() {
            for command in table::all().filter(|c| c.scope == *scope) {
                for text in command.keys {
                    let keys = chord(text).unwrap_or_else(|e| panic!("{}: {e}", command.id));
                    if let Some(other) = seen.insert(keys, command.id) {
                        panic!("{place:?}: {text} is {other} and {}", command.id);
                    }
                    let typed = place.is_text() && chord(text).is_ok_and(|k| k[0].typed().is_some());
                    let own = place.stack().first() == Some(scope);
                    assert!(!(typed && own), "{place:?}: {text} would be typed, not {}", command.id);
                }
            }
        }
        for keys in seen.keys() {
            let longer = seen.keys().find(|other| other.len() > keys.len() && other.starts_with(keys));
            assert!(longer.is_none(), "{place:?}: {keys:?} hides a longer chord");
        }
    }
}

#[test]
fn titles_fit_a_hint_slot_and_help_is_a_sentence() {
    for command in table::all() {
        for lang in [Lang::En, Lang::Zh] {
            let (title, help) = (command.title.get(lang), command.help.get(lang));
            assert!((1..=TITLE_CELLS_MAX).contains(&width(title)), "{}: {title}", command.id);
            let stop = if lang == Lang::En { '.' } else { '。' };
            assert!(help.ends_with(stop) && width(help) <= 70, "{}: {help}", command.id);
        }
    }
}

#[test]
fn every_scope_has_commands_and_can_be_reached() {
    for scope in Scope::ALL {
        assert!(table::all().any(|c| c.scope == scope), "{scope:?} is empty");
        assert!(Place::ALL.iter().any(|p| p.stack().contains(&scope)), "{scope:?} is out of reach");
    }
}

#[test]
fn every_place_can_be_left() {
    for place in Place::ALL.into_iter().filter(|p| *p != Place::Queue) {
        let esc = chord("esc").unwrap();
        assert!(matches!(keymap::find(place, &esc), keymap::Found::Command(_)), "{place:?}");
    }
}

#[test]
fn the_keys_page_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.md");
    let page = keys_doc::keys_markdown();
    let found = std::fs::read_to_string(path).unwrap_or_default();
    if found != page && std::env::var("INSTA_UPDATE").is_ok_and(|v| v == "always") {
        std::fs::write(path, &page).unwrap();
        return;
    }
    assert!(found == page, "docs/keys.md is stale: run this test once with INSTA_UPDATE=always");
}
