//! The console in a pseudo-terminal: it starts, obeys, and leaves the terminal as it found it, however it ends.
//!
//! The program is this test binary itself, running `child_console` as the console with the fixtures' desk.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

#[allow(dead_code, reason = "shared with the tests without a terminal")]
#[path = "support/console.rs"]
mod console;
#[path = "support/pty.rs"]
mod pty;

use leadyard::console::look::Look;
use leadyard::console::model::{Me, Model, Size};
use leadyard::console::msg::{News, Order};
use leadyard::console::runtime::{Wiring, run};
use leadyard::console::term::Tty;
use leadyard::console::text::T;
use leadyard::model::lang::Lang;
use pty::{CLEAN, Session};
use rustix::process::Signal;
use std::time::Duration;

const CHILD: &str = "LEADYARD_TEST_CHILD";

/// Does nothing in an ordinary run; in a child it is the console. Undo panics, so that a panic can be watched.
#[test]
fn child_console() {
    if std::env::var(CHILD).is_err() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (news, told) = tokio::sync::mpsc::unbounded_channel();
    let mut desk = console::busy_desk();
    // Without countdowns, so that the idle test sees no seconds tick.
    if std::env::var(CHILD).is_ok_and(|v| v == "still") {
        desk = leadyard::console::desk::Desk::new(console::summary(), vec![], desk.reps().to_vec(), vec![]);
    }
    news.send(News::Desk(Box::new(desk))).unwrap();
    let service = |order| assert!(order != Order::Undo, "a panic on purpose");
    let me = Me { name: "王芳".into(), role: T::Coordinator, may_act: true };
    let model = Model::new(me, Lang::Zh, Look::default(), Size::default());
    let ended = runtime.block_on(async {
        let mut tty = Tty::take(true).unwrap();
        let events = crossterm::event::EventStream::new();
        let wiring = Wiring { events, news: told, service, clock: || console::NOW, has_signals: true };
        run(model, &mut tty, wiring).await
    });
    ended.unwrap();
}

fn session(kind: &str) -> Session {
    let program = std::env::current_exe().unwrap();
    let args = ["child_console", "--exact", "--nocapture", "--test-threads=1"];
    let session = Session::spawn(program.to_str().unwrap(), &args, &[(CHILD, kind)], 120, 32);
    session.wait_for("线索队列");
    session
}

#[test]
fn quitting_leaves_the_terminal_clean() {
    let mut session = session("busy");
    session.wait_for("欧阳娜娜");
    session.type_("a李");
    session.wait_for("> 李");
    session.type_("\x1b");
    session.wait_until("no picker", |screen| !screen.contents().contains("> 李"));
    session.type_("q");
    assert_eq!(session.end().1, CLEAN);
}

#[test]
fn a_panic_leaves_the_terminal_clean() {
    let mut session = session("busy");
    session.type_("u");
    let (code, leavings) = session.end();
    assert_ne!(code, 0);
    assert_eq!(leavings, CLEAN);
}

#[test]
fn signals_leave_the_terminal_clean() {
    for signal in [Signal::TERM, Signal::HUP, Signal::INT] {
        let session = session("busy");
        session.signal(signal);
        let (code, leavings) = session.end();
        assert_eq!((code, leavings), (0, CLEAN), "{signal:?}");
    }
}

#[test]
fn a_resize_is_followed() {
    let mut session = session("busy");
    // Ctrl-L asks the terminal nothing: an answer would be taken for keys.
    session.type_("\x0c");
    session.resize(80, 24);
    session.wait_until("one pane", |screen| !screen.contents().contains("均衡度"));
    session.resize(30, 5);
    session.wait_for("窗口至少需要 60×12");
    session.resize(120, 32);
    session.wait_for("均衡度");
}

#[test]
fn an_idle_console_writes_nothing() {
    let session = session("still");
    session.wait_for("没有待分配的线索");
    session.bytes_while_idle(Duration::from_millis(300));
    assert_eq!(session.bytes_while_idle(Duration::from_secs(2)), 0);
}

#[test]
fn without_a_shell_ctrl_z_says_so() {
    let mut session = session("busy");
    session.type_("\x1a");
    session.wait_for("没有可返回的");
}

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_returns() {
    let program = std::env::current_exe().unwrap();
    let run = format!("{} child_console --exact --nocapture --test-threads=1", program.display());
    let mut session = Session::spawn("sh", &["-i"], &[(CHILD, "busy"), ("PS1", "ready$ ")], 120, 32);
    session.wait_for("ready$");
    session.type_(&format!("{run}\n"));
    session.wait_for("欧阳娜娜");
    session.type_("\x1a");
    session.wait_until("the shell", |screen| !screen.alternate_screen() && !screen.hide_cursor());
    // What is typed before the stop took effect would still be ours.
    session.wait_for("Stopped");
    session.type_("echo back$((40+2))\n");
    session.wait_for("back42");
    session.type_("fg\n");
    session.wait_until("the console", vt100::Screen::alternate_screen);
    session.wait_for("欧阳娜娜");
    session.type_("q");
    session.wait_for("test result: ok");
    session.type_("exit\n");
    assert_eq!(session.end().1, CLEAN);
}
