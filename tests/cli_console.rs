//! What surrounds the console on the command line: settings, plain listings, completions, the manual page.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

#[allow(dead_code, reason = "shared with the tests without a terminal")]
#[path = "support/console.rs"]
mod console;
#[path = "support/promotion.rs"]
mod promotion;
#[allow(dead_code, reason = "shared with the tests of several processes")]
#[path = "support/pty.rs"]
mod pty;

use pty::{CLEAN, Session};
use std::path::Path;
use std::process::Command;

const PROGRAM: &str = env!("CARGO_BIN_EXE_leadyard");

struct Run {
    code: i32,
    out: String,
    err: String,
}

/// Runs the program with a configuration folder of its own.
fn run(home: &Path, args: &[&str]) -> Run {
    let out = Command::new(PROGRAM)
        .env_remove("LEADYARD_CONFIG")
        .env_remove("LEADYARD_LANG")
        .env("LANG", "C.UTF-8")
        .env("XDG_CONFIG_HOME", home)
        .env("HOME", home)
        .args(args)
        .output()
        .unwrap();
    Run {
        code: out.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&out.stdout).into_owned(),
        err: String::from_utf8_lossy(&out.stderr).into_owned(),
    }
}

#[test]
fn settings_are_found_checked_and_printed() {
    let home = tempfile::tempdir().unwrap();
    let at = |args: &[&str]| run(home.path(), args);
    let none = at(&["config"]);
    assert_eq!(none.code, 0, "{}", none.err);
    assert!(none.out.contains("leadyard/config.toml: not there"), "{}", none.out);
    // What is printed is a settings file that says the same.
    let printed = at(&["config", "--print"]);
    assert!(printed.out.contains("# \"lead.assign\" = [\"a\"]"), "{}", printed.out);
    let own = home.path().join("own.toml");
    std::fs::write(&own, &printed.out).unwrap();
    let own = own.to_str().unwrap();
    assert_eq!(at(&["--config", own, "config", "--check"]).code, 0);
    assert_eq!(at(&["--config", own, "config", "--print"]).out, printed.out);
    let missing = at(&["--config", "/no/such/file.toml", "status"]);
    assert_eq!(missing.code, 4, "{}", missing.err);
    // In its place, and the language of every command.
    let folder = home.path().join("leadyard");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("config.toml"), "language = \"zh\"\nview = \"all\"\n").unwrap();
    assert!(at(&["config"]).out.contains("已生效"), "{}", at(&["config"]).out);
    assert!(at(&["--lang", "en", "config"]).out.contains("in force"));
}

#[test]
fn a_faulty_file_is_an_error_with_place_and_suggestion() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("bad.toml");
    std::fs::write(
        &file,
        "mouse = true\nveiw = \"all\"\n[keys]\n\"lead.asign\" = \"a\"\nlead.park = \"u\"\n",
    )
    .unwrap();
    let file = file.to_str().unwrap();
    let bad = run(home.path(), &["--config", file, "--lang", "en", "config", "--check"]);
    assert_eq!(bad.code, 4);
    for part in [
        "bad.toml:2:1: there is no setting veiw; did you mean view?",
        "bad.toml:4:1: there is no command lead.asign; did you mean lead.assign?",
        "bad.toml:5:6: u cannot be both lead.park and desk.undo",
    ] {
        assert!(bad.err.contains(part), "{part}\n{}", bad.err);
    }
    let zh = run(home.path(), &["--config", file, "--lang", "zh", "config", "--check"]);
    assert!(zh.err.contains("没有名为 veiw 的设置；是否想写 view？"), "{}", zh.err);
    for (option, value) in [("--color", "pink"), ("--glyphs", "runes")] {
        assert_eq!(run(home.path(), &[option, value, "status"]).code, 2, "{option}");
    }
}

#[test]
fn the_console_obeys_its_settings() {
    let home = tempfile::tempdir().unwrap();
    let file = promotion::promotion(home.path());
    let own = home.path().join("own.toml");
    let text = "language = \"zh\"\nmouse = false\nglyphs = \"ascii\"\n[theme]\ncolor = \"never\"\n[keys]\nlead.why = \"f5\"\n";
    std::fs::write(&own, text).unwrap();
    let env = [("LEADYARD_CONFIG", own.to_str().unwrap())];
    let mut session = Session::spawn(PROGRAM, &["--db", &file], &env, 120, 32);
    session.wait_for("李雷");
    session.wait_for("f5 为什么");
    session.wait_until("plain shapes", |screen| {
        let text = screen.contents();
        text.contains("+-") && !text.contains('╭') && !text.contains('▸')
    });
    session.wait_until("no mouse", |screen| screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None);
    session.wait_until("no colour", |screen| {
        let (rows, cols) = (32, 120);
        let cell = |y, x| screen.cell(y, x).map(|c| c.fgcolor());
        (0..rows).all(|y| (0..cols).all(|x| cell(y, x).is_none_or(|c| c == vt100::Color::Default)))
    });
    session.type_("\x1b[15~");
    session.wait_for("East China, hot");
    session.type_("qq");
    assert_eq!(session.end(), (0, CLEAN));
    // A fault keeps the console from opening and says where.
    std::fs::write(&own, "glyps = 1\n").unwrap();
    let session = Session::spawn(PROGRAM, &["--db", &file, "--lang", "en"], &env, 120, 32);
    session.wait_for("did you mean glyphs?");
    assert_eq!(session.end(), (4, CLEAN));
}

#[test]
fn panes_are_told_in_plain_sentences() {
    let home = tempfile::tempdir().unwrap();
    let file = promotion::promotion(home.path());
    let list = |lang: &str, more: &[&str]| {
        let mut args = vec!["--db", file.as_str(), "--lang", lang, "list"];
        args.extend(more);
        let run = run(home.path(), &args);
        assert_eq!(run.code, 0, "{more:?}: {}", run.err);
        run.out
    };
    let queue = list("en", &["queue"]);
    assert!(
        queue.starts_with("4 waiting, 0 parked, 0 held, 6 open.\nL2, 欧阳娜娜, waiting, age "),
        "{queue}"
    );
    assert!(
        queue.contains("source 抖音, region 上海, product A 专业版, score 87, phone 138****0000."),
        "{queue}"
    );
    assert_eq!(queue.lines().count(), 5, "one record a line: {queue}");
    let zh = list("zh", &["queue", "--view", "assigned"]);
    assert!(zh.contains("L5，何静，已分配，负责人 刘洋，"), "{zh}");
    assert_eq!(list("en", &["queue", "--filter", "score >= 60"]).lines().count(), 3);
    assert!(list("en", &["queue", "--limit", "1"]).ends_with("3 more; raise --limit.\n"));
    let loads = list("en", &["loads"]);
    assert!(loads.contains("team East Senior, next "), "{loads}");
    assert!(loads.contains("刘洋, on duty, load 2 of 2, today 2, full."), "{loads}");
    assert!(list("zh", &["loads"]).contains("夜班，离岗，"), "{}", list("zh", &["loads"]));
    assert!(!list("en", &["alerts"]).is_empty());
    let rules = list("zh", &["rules"]);
    assert!(rules.starts_with("规则 v1。\n"), "{rules}");
    assert!(rules.contains("rule \"everyone else\"; give to team Night"), "{rules}");
    for pane in ["queue", "loads", "alerts", "rules"] {
        for lang in ["en", "zh"] {
            let out = list(lang, &[pane]);
            let drawn = |c: &char| ('\u{2190}'..='\u{2bff}').contains(c);
            assert!(!out.chars().any(|c| drawn(&c)), "{pane}: {out}");
        }
    }
    let json: Vec<String> = serde_json::from_str(&list("en", &["queue", "--json"])).unwrap();
    assert_eq!(json.len(), 5);
}

#[test]
fn shells_are_completed_and_manuals_written() {
    let home = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let out = run(home.path(), &["completions", shell]);
        assert_eq!(out.code, 0, "{shell}: {}", out.err);
        assert!(out.out.contains("--config") || out.out.contains("config"), "{shell}");
    }
    let man = run(home.path(), &["man"]);
    assert!(man.out.contains(".TH leadyard 1"), "{}", man.out.chars().take(200).collect::<String>());
    let dir = home.path().join("man1");
    assert_eq!(run(home.path(), &["man", "--dir", dir.to_str().unwrap()]).code, 0);
    let page = std::fs::read_to_string(dir.join("leadyard-list.1")).unwrap();
    assert!(page.contains("one record a line"), "{page}");
}
