//! Tours: files of keys and of what the screen must say then, played on the real program in a pseudo-terminal, each in both
//! languages. README may promise nothing that no tour shows.
//!
//! A line of a tour: `desk promotion|new|demo`, `size 120x32`, `readme STEP` (the bold word of README it proves), `keys`,
//! `type`, `paste`, `resize`, `click X Y`, `drag X Y X Y`, `wheel X Y` (cells from 0), `signal term`, `sees TEXT`, `en TEXT`
//! and `zh TEXT` (the same in one language), `gone TEXT`, `writes BYTES`, `ends CODE`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

#[allow(dead_code, reason = "shared with the tests without a terminal")]
#[path = "support/console.rs"]
mod console;
#[path = "support/promotion.rs"]
mod promotion;
#[allow(dead_code, reason = "shared with the tests of several processes")]
#[path = "support/pty.rs"]
mod pty;

use leadyard::console::key::{Code, Key, chord};
use pty::{CLEAN, Session};
use rustix::process::Signal;
use std::path::{Path, PathBuf};

const PROGRAM: &str = env!("CARGO_BIN_EXE_leadyard");

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tours")
}

/// Every tour by name.
fn tours() -> Vec<(String, String)> {
    let mut tours: Vec<(String, String)> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "tour"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect();
    tours.sort();
    assert!(!tours.is_empty());
    tours
}

/// What a terminal sends for a key.
fn bytes(key: Key) -> String {
    let plain = match key.code {
        Code::Char(c) if key.is_ctrl => ((c.to_ascii_lowercase() as u8 & 0x1f) as char).to_string(),
        Code::Char(c) => c.to_string(),
        Code::Enter => "\r".into(),
        Code::Esc => "\x1b".into(),
        Code::Tab if key.is_shift => "\x1b[Z".into(),
        Code::Tab => "\t".into(),
        Code::Backspace => "\x7f".into(),
        Code::Up => "\x1b[A".into(),
        Code::Down => "\x1b[B".into(),
        Code::Right => "\x1b[C".into(),
        Code::Left => "\x1b[D".into(),
        Code::Home => "\x1b[H".into(),
        Code::End => "\x1b[F".into(),
        Code::PageUp => "\x1b[5~".into(),
        Code::PageDown => "\x1b[6~".into(),
        Code::Delete => "\x1b[3~".into(),
        Code::Insert => "\x1b[2~".into(),
        Code::F(n @ 1..=4) => format!("\x1bO{}", ["P", "Q", "R", "S"][usize::from(n) - 1]),
        Code::F(n) => format!("\x1b[{}~", [15, 17, 18, 19, 20, 21, 23, 24][usize::from(n) - 5]),
    };
    match (key.is_alt, plain.strip_prefix("\x1b[")) {
        // A key with a sequence of its own says Alt within it.
        (true, Some(end)) if end.len() == 1 => format!("\x1b[1;3{end}"),
        (true, _) => format!("\x1b{plain}"),
        (false, _) => plain,
    }
}

/// `80x24`.
fn pair(text: &str) -> (u16, u16) {
    let (a, b) = text.split_once('x').unwrap();
    (a.parse().unwrap(), b.parse().unwrap())
}

/// One tour being played.
struct Player {
    lang: &'static str,
    size: (u16, u16),
    desk: String,
    _dir: tempfile::TempDir,
    file: PathBuf,
    session: Option<Session>,
}

impl Player {
    fn new(lang: &'static str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("desk.db");
        Self { lang, size: (120, 32), desk: "promotion".into(), _dir: dir, file, session: None }
    }

    fn session(&mut self) -> &mut Session {
        if self.session.is_none() {
            if self.desk == "promotion" {
                promotion::promotion(self.file.parent().unwrap());
            }
            let mut args = match self.desk.as_str() {
                "demo" => vec!["demo"],
                _ => vec!["--db", self.file.to_str().unwrap()],
            };
            args.extend(["--lang", self.lang]);
            // The settings of whoever runs the tests are nobody's business.
            let nowhere = self.file.parent().unwrap().to_str().unwrap();
            let env = [("XDG_CONFIG_HOME", nowhere), ("HOME", nowhere)];
            let session = Session::spawn(PROGRAM, &args, &env, self.size.0, self.size.1);
            if self.size.0 >= 60 && self.size.1 >= 12 {
                // The first page takes no orders; the mode stands in the header once the desk is open.
                let is_open = |text: &str| ["AUTO", "自动"].iter().any(|mode| text.contains(mode));
                session.wait_until("an open desk", |screen| is_open(&screen.contents()));
            }
            self.session = Some(session);
        }
        self.session.as_mut().unwrap()
    }

    fn line(&mut self, verb: &str, rest: &str) {
        let numbers = || rest.split(' ').map(|n| n.parse().unwrap()).collect::<Vec<u16>>();
        let mouse =
            |button: u16, x: u16, y: u16, end: char| format!("\x1b[<{button};{};{}{end}", x + 1, y + 1);
        match verb {
            "desk" => self.desk = rest.to_owned(),
            "size" => self.size = pair(rest),
            "readme" => {}
            "keys" => {
                for key in chord(rest).unwrap() {
                    self.session().type_(&bytes(key));
                }
            }
            "type" => self.session().type_(rest),
            "paste" => self.session().type_(&format!("\x1b[200~{}\x1b[201~", rest.replace("\\n", "\n"))),
            "resize" => {
                let (cols, rows) = pair(rest);
                self.session().resize(cols, rows);
            }
            "click" => {
                let at = numbers();
                let bytes = mouse(0, at[0], at[1], 'M') + &mouse(0, at[0], at[1], 'm');
                self.session().type_(&bytes);
            }
            "drag" => {
                let at = numbers();
                let bytes = mouse(0, at[0], at[1], 'M')
                    + &mouse(32, at[2], at[3], 'M')
                    + &mouse(0, at[2], at[3], 'm');
                self.session().type_(&bytes);
            }
            "wheel" => {
                let at = numbers();
                self.session().type_(&mouse(65, at[0], at[1], 'M'));
            }
            "signal" => self.session().signal(Signal::TERM),
            "sees" => self.session().wait_for(rest),
            "en" | "zh" => {
                if self.lang == verb {
                    self.session().wait_for(rest);
                }
            }
            "gone" => {
                let text = rest.to_owned();
                self.session().wait_until(&format!("no {text}"), |screen| !screen.contents().contains(&text));
            }
            "writes" => self.session().wait_for_bytes(&rest.replace("\\e", "\x1b").replace("\\a", "\x07")),
            "ends" => {
                self.session();
                let ended = self.session.take().unwrap().end();
                assert_eq!(ended, (rest.parse().unwrap(), CLEAN));
            }
            other => panic!("no tour knows {other:?}"),
        }
    }
}

#[track_caller]
fn play(name: &str, text: &str, lang: &'static str) {
    let mut player = Player::new(lang);
    let mut was_esc = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        // Shown with a failure, so that it can be found.
        eprintln!("{name} ({lang}) {}: {line}", number + 1);
        let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
        // A terminal cannot tell Esc and a key right after it from Alt and that key.
        assert!(
            !was_esc || ["sees", "en", "zh", "gone"].contains(&verb),
            "look before you press on after esc"
        );
        was_esc = (verb == "keys" && rest.ends_with("esc"))
            || (was_esc && verb != "sees" && verb != "gone" && verb != lang);
        player.line(verb, rest);
    }
    assert!(player.session.is_none(), "{name} does not end");
}

#[test]
fn tours_in_english() {
    for (name, text) in tours() {
        play(&name, &text, "en");
    }
}

#[test]
fn tours_in_chinese() {
    for (name, text) in tours() {
        play(&name, &text, "zh");
    }
}

/// Every step of README's five minutes is shown by a tour, and no tour claims a step that is not there.
#[test]
fn readme_promises_nothing_a_tour_does_not_show() {
    let readme = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let section = readme.split("## Five minutes").nth(1).unwrap().split("\n## ").next().unwrap();
    let steps: Vec<&str> = section.split("**").skip(1).step_by(2).map(|s| s.trim_end_matches('.')).collect();
    assert!(steps.len() >= 5, "{steps:?}");
    let tours = tours();
    let shown: Vec<&str> =
        tours.iter().flat_map(|(_, t)| t.lines()).filter_map(|l| l.strip_prefix("readme ")).collect();
    for step in &steps {
        assert!(shown.contains(step), "no tour shows “{step}”");
    }
    for step in &shown {
        assert!(steps.contains(step), "README does not promise “{step}”");
    }
    // Every key README names in a step stands in a tour of that step.
    for (at, step) in steps.iter().enumerate() {
        let text = section.split("**").nth(2 * at + 2).unwrap();
        let keys = text.split('`').skip(1).step_by(2).filter(|word| chord(word).is_ok());
        let of_step = |text: &&(String, String)| text.1.lines().any(|l| l == format!("readme {step}"));
        let script: Vec<&str> = tours.iter().filter(of_step).flat_map(|(_, t)| t.lines()).collect();
        let presses: Vec<&str> =
            script.iter().filter_map(|l| l.strip_prefix("keys ")).flat_map(|l| l.split(' ')).collect();
        for key in keys {
            assert!(presses.contains(&key), "no tour of “{step}” presses {key}");
        }
    }
}
