//! The walls between the rooms, read from the imports: a room sees only those the design lets it see.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may")]

use std::path::{Path, PathBuf};

/// What each room may name under `crate::`; itself always.
const SEES: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("rulebook", &["model"]),
    ("world", &["model", "rulebook"]),
    ("engine", &["model", "rulebook", "world"]),
    ("watch", &["model", "rulebook", "world", "engine"]),
    ("store", &["model", "rulebook", "world", "engine", "watch"]),
    ("desk", &["model", "rulebook", "world", "engine", "watch", "store"]),
    ("intake", &["model", "rulebook", "world", "engine", "watch", "store", "desk"]),
    ("notify", &["model", "rulebook", "world", "engine", "watch", "store", "desk"]),
    ("report", &["model", "rulebook", "world", "engine", "watch", "store", "desk"]),
    ("sim", &["model", "rulebook", "world", "engine", "watch", "store", "desk", "intake", "report"]),
    ("console", &["model", "rulebook", "world", "engine", "watch", "desk", "report"]),
    (
        "cli",
        &[
            "model", "rulebook", "world", "engine", "watch", "store", "desk", "intake", "notify", "report",
            "sim", "console",
        ],
    ),
];

fn files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, out);
        } else if path.extension().is_some_and(|e| e == "rs") {
            out.push(path);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut paths = Vec::new();
    files(&root, &mut paths);
    paths
        .into_iter()
        .filter(|p| !p.ends_with("tests.rs") && !p.components().any(|c| c.as_os_str() == "tests"))
        .map(|p| {
            let name = p.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            (name, std::fs::read_to_string(&p).unwrap())
        })
        .collect()
}

/// The code without comments and without its `#[cfg(test)]` tail: tests may reach further.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    text.lines().filter(|l| !l.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn room_of(file: &str) -> &str {
    file.split(['/', '.']).next().unwrap()
}

#[test]
fn rooms_see_only_what_the_design_lets_them() {
    let mut broken = Vec::new();
    for (file, text) in sources() {
        let room = room_of(&file);
        let Some((_, sees)) = SEES.iter().find(|(r, _)| *r == room) else { continue };
        for part in code(&text).split("crate::").skip(1) {
            let named: String = part.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let is_room = SEES.iter().any(|(r, _)| *r == named);
            if is_room && named != room && !sees.contains(&named.as_str()) {
                broken.push(format!("{file} sees {named}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn libraries_stay_in_their_rooms() {
    let rules: &[(&str, &[&str])] = &[
        ("rusqlite", &["store"]),
        ("ratatui", &["console"]),
        ("crossterm", &["console"]),
        ("tui_textarea", &["console"]),
        ("clap", &["cli", "main"]),
        ("clap_complete", &["cli"]),
        ("clap_mangen", &["cli"]),
        ("toml", &["console", "notify"]),
        ("reqwest", &["notify"]),
        ("lettre", &["notify"]),
        ("anyhow", &["cli", "main"]),
    ];
    let mut broken = Vec::new();
    for (file, text) in sources() {
        let code = code(&text);
        for (library, rooms) in rules {
            if code.contains(&format!("{library}::")) && !rooms.contains(&room_of(&file)) {
                broken.push(format!("{file} uses {library}"));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn only_the_desk_the_console_and_commands_start_work() {
    let ways = [
        "tokio::spawn",
        "tokio::task",
        "spawn_blocking",
        "JoinSet",
        "thread::spawn",
        "thread::scope",
        "thread::Builder",
    ];
    let mut broken = Vec::new();
    for (file, text) in sources() {
        let may = ["desk", "cli"].contains(&room_of(&file)) || file.starts_with("console/runtime");
        let code = code(&text);
        broken.extend(
            ways.iter().filter(|way| !may && code.contains(**way)).map(|way| format!("{file}: {way}")),
        );
    }
    assert!(broken.is_empty(), "{broken:#?}");
}

#[test]
fn updates_and_commands_know_no_terminal() {
    for (file, text) in sources() {
        let pure = ["console/update", "console/command"].iter().any(|p| file.starts_with(p));
        let code = code(&text);
        assert!(!pure || !(code.contains("ratatui::") || code.contains("crossterm::")), "{file}");
    }
}

#[test]
fn pure_rooms_know_no_clock_chance_or_io() {
    let banned =
        ["std::fs", "std::net", "std::thread", "std::time", "std::process", "std::env", "rand::", "tokio::"];
    for (file, text) in sources() {
        if ["model", "rulebook", "world", "engine", "watch"].contains(&room_of(&file)) {
            let code = code(&text);
            for word in banned {
                let begins = |at: usize| !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
                let used = code.match_indices(word).any(|(at, _)| begins(at));
                assert!(!used, "{file} uses {word}");
            }
            for float in ["f64", "f32"] {
                let used = code.split(|c: char| !c.is_alphanumeric() && c != '_').any(|w| w == float);
                assert!(!used, "{file} uses {float}");
            }
        }
    }
}

#[test]
fn every_file_says_what_it_is_for_and_stays_readable() {
    for (file, text) in sources() {
        assert!(text.starts_with("//!"), "{file} does not open with //!");
        let lines = text.lines().count();
        assert!(lines <= 700, "{file} has {lines} lines: split it");
    }
}
