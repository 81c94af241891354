//! The console in a pseudo-terminal: it starts, obeys, and leaves the terminal as it found it, however it ends.
//!
//! Where a panic, a signal or a stop is wanted, the program is this test binary itself, running `child_console` as the console
//! with the fixtures' desk; elsewhere it is the real one on a file.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

#[allow(dead_code, reason = "shared with the tests without a terminal")]
#[path = "support/console.rs"]
mod console;
#[allow(dead_code, reason = "shared with the tests of several processes")]
#[path = "support/pty.rs"]
mod pty;

use leadyard::console::desk::first::FirstPage;
use leadyard::console::look::Look;
use leadyard::console::model::{Me, Model, Size};
use leadyard::console::msg::{News, Order};
use leadyard::console::runtime::{Request, Wiring, run};
use leadyard::console::term::Tty;
use leadyard::desk::clock::{fresh_id, os_user};
use leadyard::desk::{Clock, Desk, DeskOptions};
use leadyard::engine::{Intent, Order as Wish};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::lang::Lang;
use leadyard::store::Store;
use leadyard::world::{Picture, World};
use pty::{CLEAN, Session};
use rustix::process::Signal;
use std::path::Path;
use std::time::Duration;

const CHILD: &str = "LEADYARD_TEST_CHILD";
/// A pipe: the child's desk is there when something is written to it.
const GATE: &str = "LEADYARD_TEST_GATE";
const PROGRAM: &str = env!("CARGO_BIN_EXE_leadyard");

/// Does nothing in an ordinary run; in a child it is the console. A change of mode panics, so that a panic can be watched.
#[test]
fn child_console() {
    if std::env::var(CHILD).is_err() {
        return;
    }
    let (news, told) = tokio::sync::mpsc::unbounded_channel();
    let rig = console::busy();
    let mut world = rig.world.clone();
    if let Ok(gate) = std::env::var(GATE) {
        // The desk is there when somebody writes to the pipe; until then the first page stands.
        news.send(News::First(Box::new(first_page(&rig)))).unwrap();
        let (news, world) = (news.clone(), world.clone());
        std::thread::spawn(move || {
            std::fs::read(gate).unwrap();
            news.send(News::World(Box::new(world))).unwrap();
        });
        return play(told);
    }
    // Without leads nothing counts down, so the idle test sees no seconds tick.
    if std::env::var(CHILD).is_ok_and(|v| v == "still") {
        let mut rig = console::Rig::new(console::NOW);
        rig.admin(Intent::AddReps { cards: vec![leadyard::model::rep::RepCard::new("lina", "李娜")] });
        world = rig.world;
    }
    news.send(News::World(Box::new(world))).unwrap();
    let contacts = rig.host.contacts.iter().map(|(lead, card)| (*lead, card.clone())).collect();
    news.send(News::Contacts { asked: Vec::new(), found: contacts }).unwrap();
    play(told);
}

/// The first page of the fixtures' desk, as a file would show it.
fn first_page(rig: &console::Rig) -> FirstPage {
    let world = &rig.world;
    let leads: Vec<_> = world.waiting().iter().filter_map(|key| world.lead(key.lead)).cloned().collect();
    let contacts = rig.host.contacts.iter().map(|(lead, card)| (*lead, card.clone())).collect();
    let (waiting, parked) = (world.waiting().len(), world.parked().len());
    let picture = Picture { seq: world.seq(), reps: world.reps().to_vec(), leads, ..Picture::default() };
    FirstPage { world: World::pictured(picture), waiting, parked, contacts }
}

/// The console in this process, told what comes.
fn play(told: tokio::sync::mpsc::UnboundedReceiver<News>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let service = |request| {
        assert!(!matches!(request, Request::Order(Order::SetMode(_))), "a panic on purpose");
    };
    let me = Me { name: "王芳".into(), asked: Role::Admin, role: Role::Admin };
    let model = Model::new(me, "promo.db", Lang::Zh, Look::default(), Size::default());
    let ended = runtime.block_on(async {
        let mut tty = Tty::take(true).unwrap();
        let events = crossterm::event::EventStream::new();
        let wiring = Wiring { events, news: told, service, clock: || console::NOW, has_signals: true };
        run(model, &mut tty, wiring).await
    });
    ended.unwrap();
}

/// A file with the fixtures' roster and book and one waiting lead.
fn desk_file(dir: &Path) -> String {
    let path = dir.join("desk.db");
    let store = Store::create(&path, Clock::Machine.now()).unwrap();
    let options = DeskOptions { clock: Clock::Machine, may_lead: false, console: 7 };
    let desk = Desk::start(store, options, &mut |_, _| {}).unwrap();
    let user = os_user();
    let cards = console::busy().world.reps().iter().map(|rep| rep.card.clone()).collect();
    let lead = console::arrival("欧阳娜娜", "13800000000", "官网", "浙江", 64);
    for intent in [
        Intent::Grant { actor: user.as_str().into(), role: Some(Role::Admin) },
        Intent::AddReps { cards },
        Intent::Publish {
            text: console::BOOK.into(),
            note: "".into(),
            base: leadyard::model::id::BookVersion(0),
        },
        Intent::Duty { rep: leadyard::model::id::RepId(6), on: false },
        Intent::Receive { leads: vec![lead], import: None },
    ] {
        let actor = Actor { name: user.as_str().into(), role: Role::Admin, console: 7 };
        desk.handle().submit_and_wait(Wish { id: fresh_id(), actor, intent, seen: Vec::new() }).unwrap();
    }
    path.to_str().unwrap().to_owned()
}

fn open(file: &str) -> Session {
    Session::spawn(PROGRAM, &["--db", file, "--lang", "en"], &[], 120, 32)
}

#[test]
fn the_program_opens_a_file_shows_its_queue_and_quits_cleanly() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = open(&desk_file(dir.path()));
    session.wait_for("欧阳娜娜");
    session.wait_for("138****0000");
    session.wait_for("leads here");
    session.type_("q");
    assert_eq!(session.end(), (0, CLEAN));
}

/// Escape sequences, controls, signs that turn or hide text, tags, a heap of accents: none may reach a terminal.
fn hostile(name: &str) -> String {
    let tags: String = "evil".chars().filter_map(|c| char::from_u32(0xE0000 + c as u32)).collect();
    let heap = "\u{301}".repeat(10_000);
    format!(
        "{name}\u{1b}[2J\u{1b}]52;c;ZXZpbA==\u{7}\u{1b}]0;evil\u{7}\u{9b}31m\u{9d}0;evil\u{9c}\u{202e}\u{2066}\u{200b}\u{feff}\u{ad}\u{61c}\u{2028}{tags}\u{200d}\u{200d}e{heap}Z"
    )
}

/// What of it would do harm, as it would stand among the bytes. What followed an escape is left as the plain text it is without
/// it.
const HARM: [&str; 13] = [
    "\u{1b}]52",
    "\u{7}",
    "\u{9b}",
    "\u{9d}",
    "\u{9c}",
    "\u{202e}",
    "\u{2066}",
    "\u{200b}",
    "\u{feff}",
    "\u{ad}",
    "\u{61c}",
    "\u{2028}",
    "\u{e0065}",
];
const ACCENTS: &str = "\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}";

/// The program on `file`, without a terminal; what it printed.
fn printed(file: &str, args: &[&str]) -> String {
    let out =
        std::process::Command::new(PROGRAM).args(["--db", file, "--lang", "en"]).args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    format!("{}{}", text(&out.stdout), text(&out.stderr))
}

#[test]
fn text_from_outside_is_harmless_in_every_byte_that_is_shown() {
    let dir = tempfile::tempdir().unwrap();
    let file = desk_file(dir.path());
    let csv = dir.path().join("evil.csv");
    let row = ["name", "company", "source", "campaign", "region", "city", "note", "budget"];
    let cells: Vec<String> = row.iter().map(|field| hostile(field)).collect();
    std::fs::write(
        &csv,
        format!("id,{},phone\n{},{},13900139000\n", row.join(","), hostile("id"), cells.join(",")),
    )
    .unwrap();
    let csv = csv.to_str().unwrap();
    let mut said = printed(&file, &["import", "leads", csv, "--as", "live", "--system", "evil"]);
    for args in [
        &["lead", "list"][..],
        &["lead", "show", "L2"],
        &["why", "L2"],
        &["lead", "park", "L2", "--reason", &hostile("why")],
        &["batches"],
        &["log"],
        &["status"],
        &["list", "queue"],
        &["list", "alerts"],
        &["--json", "lead", "show", "L2"],
    ] {
        said.push_str(&printed(&file, args));
    }
    assert!(said.contains("company"), "{said}");
    for harm in HARM.iter().chain([&ACCENTS]) {
        assert!(!said.contains(harm), "{harm:?} in {said:?}");
    }
    assert!(!said.contains('\u{1b}'), "{said:?}");
    // The console: the queue, the card, the timeline, why, the edit form, the palette, the other panes.
    let mut session = open(&file);
    session.wait_for("欧阳娜娜");
    for keys in [
        "\u{1b}[F", "\r", "\u{1b}", "t", "\u{1b}", "w", "\u{1b}", "E", "\u{1b}", "?", "\u{1b}", ":",
        "\u{1b}", "v", "v", "\t", "\t", "\t",
    ] {
        session.type_(keys);
        // A key that changes nothing draws nothing: a moment is all there is to wait for.
        session.bytes_while_idle(Duration::from_millis(150));
    }
    // Every row of the panes still begins and ends with their borders.
    session.wait_until("a whole frame", |screen| {
        let rows: Vec<String> = screen.rows(0, 120).collect();
        let panes = rows.get(1..rows.len() - 1).unwrap_or_default();
        rows[0].contains("LEADYARD")
            && panes.iter().all(|row| row.starts_with(['╭', '│', '╰']) && row.ends_with(['╮', '│', '╯']))
    });
    let wrote_it = session.wrote("company");
    for harm in HARM.iter().chain([&ACCENTS]) {
        assert!(!session.wrote(harm), "{harm:?}");
    }
    assert!(wrote_it, "the hostile lead was on no page");
    session.type_("q");
    assert_eq!(session.end(), (0, CLEAN));
}

#[test]
fn a_new_file_explains_itself_and_takes_the_sample() {
    let dir = tempfile::tempdir().unwrap();
    let mut session = open(dir.path().join("new.db").to_str().unwrap());
    session.wait_for("This desk is new");
    session.type_("s");
    session.wait_for("rules v1");
    session.wait_for("next ▸");
    session.type_("q");
    assert_eq!(session.end(), (0, CLEAN));
}

#[test]
fn two_consoles_on_one_file_see_each_others_work() {
    let dir = tempfile::tempdir().unwrap();
    let file = desk_file(dir.path());
    let first = open(&file);
    first.wait_for("leads here");
    first.wait_for("欧阳娜娜");
    let mut second = open(&file);
    second.wait_for("another console leads");
    second.wait_for("欧阳娜娜");
    second.type_("a张");
    second.wait_for("> 张");
    first.wait_for("held");
    second.type_("\r");
    second.wait_for("欧阳娜娜 → 张伟");
    first.wait_for("欧阳娜娜 → 张伟 by you");
    second.type_("u");
    second.wait_for("undone");
    first.wait_for("1 parked");
    for mut session in [first, second] {
        session.type_("q");
        assert_eq!(session.end(), (0, CLEAN));
    }
}

#[test]
fn without_a_terminal_it_says_so_and_founds_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("none.db");
    let mut command = std::process::Command::new(PROGRAM);
    let out = command.arg("--db").arg(&file).arg("open").output().unwrap();
    assert_eq!(out.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&out.stderr).contains("needs a terminal"));
    assert!(!file.exists());
}

fn session(kind: &str) -> Session {
    let program = std::env::current_exe().unwrap();
    let args = ["child_console", "--exact", "--nocapture", "--test-threads=1"];
    let session = Session::spawn(program.to_str().unwrap(), &args, &[(CHILD, kind)], 120, 32);
    session.wait_for("线索队列");
    session
}

#[test]
fn while_the_desk_opens_the_first_page_stands_and_keys_say_why_they_wait() {
    let dir = tempfile::tempdir().unwrap();
    let gate = dir.path().join("gate");
    assert!(std::process::Command::new("mkfifo").arg(&gate).status().unwrap().success());
    let program = std::env::current_exe().unwrap();
    let args = ["child_console", "--exact", "--nocapture", "--test-threads=1"];
    let env = [(CHILD, "busy"), (GATE, gate.to_str().unwrap())];
    let mut session = Session::spawn(program.to_str().unwrap(), &args, &env, 120, 32);
    session.wait_for("载入中…");
    session.wait_for("欧阳娜娜");
    session.type_("jjm");
    session.wait_for("工作台仍在载入");
    let names = ["李雷", "欧阳娜娜", "O'Brien", "赵六", "韩梅梅"];
    let selected = |screen: &vt100::Screen| {
        let text = screen.contents();
        text.lines().enumerate().find_map(|(row, line)| {
            Some((row, *names.iter().find(|name| line.contains('▸') && line.contains(**name))?))
        })
    };
    let place = std::cell::Cell::new(None);
    session.wait_until("a selected lead", |screen| {
        place.set(selected(screen));
        place.get().is_some()
    });
    std::fs::write(&gate, "open").unwrap();
    session.wait_for("自动");
    session.wait_until("the desk", |screen| !screen.contents().contains("载入中"));
    session.wait_until("the same lead on the same row", |screen| selected(screen) == place.get());
    session.type_("q");
    assert_eq!(session.end().1, CLEAN);
}

/// The page of a damaged file may still be read; why the desk behind it cannot be opened is told on a clean terminal.
#[test]
fn a_desk_that_cannot_be_opened_behind_its_page_says_why() {
    let dir = tempfile::tempdir().unwrap();
    let file = desk_file(dir.path());
    let raw = rusqlite::Connection::open(&file).unwrap();
    raw.execute_batch(
        "DELETE FROM checkpoint; DROP TRIGGER event_is_never_deleted; DELETE FROM event WHERE seq = 3",
    )
    .unwrap();
    drop(raw);
    let session = open(&file);
    session.wait_for("#3 is missing from the log");
    assert_eq!(session.end(), (5, CLEAN));
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
    session.type_("m");
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
    session.wait_until("one pane", |screen| !screen.contents().contains("在岗 4/6"));
    session.resize(30, 5);
    session.wait_for("窗口至少需要 60×12");
    session.resize(120, 32);
    session.wait_for("在岗 4/6");
}

#[test]
fn a_storm_of_resizes_keys_and_pastes_ends_on_a_whole_screen() {
    let mut session = session("busy");
    for n in 0..200u16 {
        session.resize(20 + n * 37 % 280, 3 + n * 13 % 77);
        session
            .type_(["j", "\x1b[6~", "\t", "\x1b[200~粘贴 q\n\x1b[201~", "\x1b[<65;9;9M"][usize::from(n) % 5]);
    }
    session.resize(120, 32);
    // Drawn whole: nothing of another size is left behind.
    session.wait_until("a whole screen of 120×32", |screen| {
        let text = screen.contents();
        let lines: Vec<&str> = text.lines().collect();
        let is_framed =
            |row: usize, ends: &[char]| lines.get(row).is_some_and(|l| l.trim_end().ends_with(ends));
        lines.len() == 32
            && is_framed(1, &['╮'])
            && is_framed(30, &['╯'])
            && (2..24).all(|row| is_framed(row, &['│', '╯', '╮']))
    });
    session.type_("q");
    assert_eq!(session.end().1, CLEAN);
}

#[test]
fn an_idle_console_writes_nothing() {
    let session = session("still");
    session.wait_for("没有待处理的线索");
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

#[test]
fn an_empty_desk_imports_a_file_and_comes_back() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("new leads.csv");
    std::fs::write(&file, "name,phone,region\n欧阳娜娜,13800000000,浙江\n").unwrap();
    let mut session = open(dir.path().join("new.db").to_str().unwrap());
    session.wait_for("This desk is new");
    session.type_("i");
    session.wait_for("CSV file to import");
    // Quoted, as terminals paste a dropped file.
    session.type_(&format!("'{}'\r", file.display()));
    session.wait_for("Enter opens the console again");
    session.type_("\r");
    session.wait_for("欧阳娜娜");
    session.type_("q");
    assert_eq!(session.end(), (0, CLEAN));
}

/// Killed without a word, the console offers the draft again; as long as it lived, another console saw that it had one open.
#[test]
fn a_draft_outlives_a_kill_and_is_seen_while_it_is_open() {
    let dir = tempfile::tempdir().unwrap();
    let file = desk_file(dir.path());
    let home = dir.path().to_str().unwrap();
    let env = [("HOME", home), ("XDG_STATE_HOME", home), ("XDG_CONFIG_HOME", home)];
    let open = || {
        let mut session = Session::spawn(PROGRAM, &["--db", &file, "--lang", "en"], &env, 110, 30);
        session.wait_for("AUTO");
        session.type_("e");
        session
    };
    let mut first = open();
    first.wait_for("v1 in force");
    first.type_("\x1b[200~# 我的草稿\n\x1b[201~");
    first.wait_for("draft on v1");
    let mut other = open();
    other.wait_for("also editing");
    first.signal(Signal::KILL);
    first.end();
    other.type_("x");
    other.wait_until("nobody else", |screen| !screen.contents().contains("also editing"));
    other.type_("\x7f");
    other.wait_for("v1 in force");
    other.type_("\x03");
    other.end();
    let mut again = open();
    again.wait_for("A draft was left");
    again.type_("\r");
    again.wait_for("# 我的草稿");
    again.wait_for("draft on v1");
    again.type_("\x03");
    assert_eq!(again.end(), (0, CLEAN));
    assert!(!dir.path().join("desk.db-drafts").exists(), "who left is seen no more");
}
