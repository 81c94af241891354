//! The desktop, by a program that stands in for the system's.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use leadyard::model::alert::Severity;
use leadyard::model::outbox::Stage;
use leadyard::notify::channel::To;
use leadyard::notify::letter::Letter;
use leadyard::notify::{Turn, Verdict, Wire};

use crate::site::{Hand, NOW, Site, channels};
use crate::table::letter;

/// A program that does this, in a folder; it may write beside itself.
fn program(dir: &Path, does: &str) -> PathBuf {
    let path = dir.join("show");
    std::fs::write(&path, format!("#!/bin/sh\ncd {}\n{does}\n", dir.display())).unwrap();
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o700)).unwrap();
    path
}

fn shown(program: &Path, letter: &Letter) -> Verdict {
    let text = format!("[channel.here]\nkind = \"desktop\"\nprogram = \"{}\"\n", program.display());
    let channels = channels(&text);
    let wire = Wire::new(channels.guard.clone(), Duration::from_secs(5));
    let to = To { people: &BTreeMap::new(), receiver: "", mention: &[], everybody: false };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    loop {
        let verdict = runtime.block_on(channels.all[0].send(&wire, letter, to, NOW));
        // Another test's fork may hold the script open for a moment: it cannot be run then.
        match &verdict {
            Verdict::Transient { why, .. } if why == "no connection" => std::thread::yield_now(),
            _ => return verdict,
        }
    }
}

#[test]
fn title_and_text_are_arguments_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let program = program(dir.path(), "for a in \"$@\"; do printf '%s\\0' \"$a\"; done > args; env > env");
    let mut letter = letter();
    letter.title = "-t $(touch pwned) `id`; \"x\" \\n <b>A&B</b>".into();
    assert_eq!(shown(&program, &letter), Verdict::delivered());
    let args = std::fs::read_to_string(dir.path().join("args")).unwrap();
    let args: Vec<&str> = args.split_terminator('\0').collect();
    let (title, text) = (args[args.len() - 2], args[args.len() - 1]);
    assert_eq!(args[args.len() - 3], "--", "a title that looks like an option is none: {args:?}");
    assert_eq!(title, "-t $(touch pwned) `id`; \"x\" ＼n <b>A＆B</b>");
    assert!(text.contains("3 条线索无人负责") && text.ends_with("ABCDEF"), "{text}");
    if cfg!(not(target_os = "macos")) {
        assert!(args.contains(&"--urgency=critical"), "{args:?}");
    }
    assert!(!dir.path().join("pwned").exists());
    // Secrets may stand in our environment: the child has only what it needs. Cargo's variables are in ours.
    assert!(std::env::var_os("CARGO_MANIFEST_DIR").is_some());
    let env = std::fs::read_to_string(dir.path().join("env")).unwrap();
    assert!(!env.contains("CARGO") && env.contains("PATH="), "{env}");
}

#[test]
fn what_is_not_there_is_told_at_once_and_what_may_come_is_waited_for() {
    let dir = tempfile::tempdir().unwrap();
    let gone = shown(&dir.path().join("none"), &letter());
    let Verdict::Permanent { why, channel: true } = &gone else { panic!("{gone:?}") };
    assert!(why.contains("install it"), "{why}");
    let path = program(dir.path(), "exit 0");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o600)).unwrap();
    let locked = shown(&path, &letter());
    assert!(
        matches!(&locked, Verdict::Permanent { why, channel: true } if why.contains("permissions")),
        "{locked:?}"
    );
    // No session bus: notify-send ends with 1.
    let no_bus = shown(&program(dir.path(), "exit 1"), &letter());
    let Verdict::Transient { why, written: false } = &no_bus else { panic!("{no_bus:?}") };
    assert!(why.contains("no desktop answers here (exit 1)"), "{why}");
    let killed = shown(&program(dir.path(), "kill -9 $$"), &letter());
    assert!(matches!(&killed, Verdict::Transient { why, .. } if why.contains("killed")), "{killed:?}");
}

#[test]
fn a_program_that_hangs_is_ended_in_time_and_what_waits_goes_when_a_desktop_comes() {
    let dir = tempfile::tempdir().unwrap();
    let path = program(dir.path(), "echo $$ > pid; exec sleep 600");
    let text =
        format!("[channel.here]\nkind = \"desktop\"\ntimeout_s = 1\nprogram = \"{}\"\n", path.display());
    let channels = channels(&text);
    let mut site = Site::new("notify desktop here on warn");
    site.alerts(1, Severity::Warn);
    let mut hand = Hand::new(&site, &channels, "here");
    let Turn::Handed { verdict, .. } = hand.turn(&site) else { panic!() };
    assert_eq!(verdict, Verdict::Unknown { why: "no answer in time".into() });
    let pid = std::fs::read_to_string(dir.path().join("pid")).unwrap();
    let pid = rustix::process::Pid::from_raw(pid.trim().parse().unwrap()).unwrap();
    // The runtime takes in the child's end when it is next turned.
    let is_gone = || rustix::process::test_kill_process(pid).is_err();
    for _ in 0..2_000 {
        if is_gone() {
            break;
        }
        hand.runtime.block_on(async { tokio::time::sleep(Duration::from_millis(1)).await });
    }
    assert!(is_gone(), "it was ended");
    std::fs::write(&path, format!("#!/bin/sh\necho x >> {}/said\n", dir.path().display())).unwrap();
    hand.drive(&site, NOW.plus(3_600_000));
    assert_eq!(site.stages(), [Stage::Sent]);
    assert_eq!(std::fs::read_to_string(dir.path().join("said")).unwrap(), "x\n");
}
