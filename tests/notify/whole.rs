//! The whole way: a running desk with its worker, and the commands, as a person would use them.

use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use leadyard::desk::clock::{fresh_id, os_user};
use leadyard::desk::{Clock, Desk, DeskOptions};
use leadyard::engine::{Intent, Order};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::rep::RepCard;
use leadyard::store::{OutboxFilter, Store};

use crate::fake::{Fake, Request, answer};
use crate::site::{BOOK, channels, quiet};

/// Long enough for the slowest machine; nothing waits for it to pass.
const LONG: Duration = Duration::from_secs(60);

/// A receiver that tells of each request as it comes.
fn hook(status: u16) -> (Fake, Receiver<Request>) {
    let (tell, told) = channel();
    let fake = Fake::start(move |request| {
        let _ = tell.send(request.clone());
        answer(status, "")
    });
    (fake, told)
}

fn text(fake: &Fake) -> String {
    format!("[channel.hook]\nkind = \"webhook\"\nurl = \"{}\"\nsecret = \"CANARY-9\"\n", fake.url())
}

fn give(desk: &Desk, intent: Intent) -> leadyard::engine::Outcome {
    let actor = Actor { name: os_user().into(), role: Role::Admin, console: 1 };
    desk.handle().submit_and_wait(Order { id: fresh_id(), actor, intent, seen: Vec::new() }).unwrap()
}

#[test]
fn a_running_desk_tells_of_what_is_committed() {
    let (fake, told) = hook(200);
    let dir = tempfile::tempdir().unwrap();
    let store = Store::create(&dir.path().join("desk.db"), Clock::Machine.now()).unwrap();
    let options = DeskOptions { clock: Clock::Machine, may_lead: true, console: 1 };
    let desk = Desk::start(store, options, &mut quiet).unwrap();
    let outbox = leadyard::notify::run::start(desk.handle(), channels(&text(&fake))).unwrap().unwrap();
    give(&desk, Intent::Grant { actor: os_user().into(), role: Some(Role::Admin) });
    let mut card = RepCard::new("lina", "李娜");
    card.teams = vec!["Sales".into()];
    give(&desk, Intent::AddReps { cards: vec![card] });
    let text = format!("{BOOK}notify webhook hook on assigned\n");
    let base = leadyard::model::id::BookVersion(0);
    give(&desk, Intent::Publish { text: text.into(), note: "".into(), base });
    let lead = leadyard::engine::NewLead {
        attrs: leadyard::model::lead::Attrs { source: "官网".into(), ..Default::default() },
        contact: Default::default(),
        keys: Vec::new(),
        system: "web".into(),
        external_id: "x1".into(),
        received_at: None,
        kind: leadyard::model::lead::ArrivalKind::Live,
        state: leadyard::model::lead::LeadState::Waiting,
        owner: None,
        do_not_contact: false,
    };
    give(&desk, Intent::Receive { leads: vec![lead], import: None });
    let request = told.recv_timeout(LONG).expect("a notice of the lead");
    let notices = request.json()["notices"].clone();
    assert_eq!(notices[0]["told"]["lead"]["why"], "given");
    assert_eq!(notices[0]["receiver"], "lina");
    // Ends with what is under way noted.
    drop(outbox);
    let rows =
        Store::open_readonly(desk.handle().path()).unwrap().outbox_page(OutboxFilter::All, 10).unwrap();
    assert_eq!(rows[0].stage, leadyard::model::outbox::Stage::Sent);
}

pub struct Shell {
    dir: tempfile::TempDir,
}

impl Shell {
    /// A desk with a rep, a book that tells the hook, and the channels' file.
    pub fn new(channels: &str) -> Shell {
        let shell = Shell { dir: tempfile::tempdir().unwrap() };
        let config = shell.dir.path().join("channels.toml");
        std::fs::write(&config, format!("[guard]\nloopback_for_tests = true\n{channels}")).unwrap();
        std::fs::set_permissions(&config, std::fs::Permissions::from_mode(0o600)).unwrap();
        shell.ok(&["rep", "add", "lina", "--name", "李娜", "--team", "Sales"]);
        let book = shell.dir.path().join("book.rules");
        std::fs::write(&book, format!("{BOOK}notify webhook hook on assigned\n")).unwrap();
        shell.ok(&["import", "rules", book.to_str().unwrap()]);
        shell
    }

    fn config(&self) -> PathBuf {
        self.dir.path().join("channels.toml")
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.run_with(args, &[])
    }

    /// With these in the environment.
    pub fn run_with(&self, args: &[&str], env: &[(&str, PathBuf)]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_leadyard"))
            .env("LEADYARD_LANG", "en")
            .env_remove("LEADYARD_ACTOR")
            .envs(env.iter().map(|(name, value)| (name, value)))
            .arg("--db")
            .arg(self.dir.path().join("desk.db"))
            .arg("--channels")
            .arg(self.config())
            .args(args)
            .output()
            .unwrap()
    }

    fn ok(&self, args: &[&str]) -> String {
        let out = self.run(args);
        assert!(out.status.success(), "{args:?}: {}", both(&out));
        String::from_utf8_lossy(&out.stdout).into_owned()
    }
}

pub fn both(out: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

#[test]
fn a_channel_is_listed_and_tried_by_the_real_path() {
    let (fake, told) = hook(200);
    let shell = Shell::new(&text(&fake));
    let list = shell.ok(&["channel", "list"]);
    assert!(list.contains("webhook") && list.contains("hook"), "{list}");
    assert!(shell.ok(&["channel", "test", "hook"]).contains("hook: taken"));
    assert!(told.recv_timeout(LONG).unwrap().text().contains("正在测试此通道"));
    let unknown = shell.run(&["channel", "test", "hock"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(both(&unknown).contains("there are hook"), "{}", both(&unknown));
    let (bad, _told) = hook(404);
    let shell = Shell::new(&text(&bad));
    let refused = shell.run(&["channel", "test", "hook"]);
    assert_eq!(refused.status.code(), Some(3));
    assert!(both(&refused).contains("HTTP 404") && !both(&refused).contains("CANARY"), "{}", both(&refused));
    assert_eq!(shell.run(&["doctor"]).status.code(), Some(1), "a channel that fails is bad");
}

#[test]
fn what_waits_is_listed_retried_and_dropped_by_its_end() {
    let (fake, _told) = hook(200);
    let shell = Shell::new(&text(&fake));
    // No process leads: what is written waits.
    shell.ok(&["lead", "add", "--name", "李雷", "--source", "官网"]);
    let list = shell.ok(&["outbox", "list"]);
    assert!(list.contains("webhook/hook queued · L1 → 李娜"), "{list}");
    assert!(!list.contains("李雷"), "no contact text: {list}");
    let id = list.split_whitespace().next().unwrap().to_owned();
    let end = &id[id.len() - 6..];
    assert!(shell.ok(&["outbox", "drop", end]).contains("dropped"));
    assert!(shell.ok(&["outbox", "list"]).is_empty());
    assert!(shell.ok(&["outbox", "list", "--all"]).contains("dropped"));
    assert!(shell.ok(&["outbox", "retry", &id]).contains("goes again"));
    let refused = shell.run(&["--role", "viewer", "outbox", "drop", &id]);
    assert_eq!(refused.status.code(), Some(3), "{}", both(&refused));
    let rows: serde_json::Value = serde_json::from_str(&shell.ok(&["--json", "outbox", "list"])).unwrap();
    assert_eq!(
        (rows[0]["stage"].as_str(), rows[0]["handled_by"].as_str()),
        (Some("queued"), Some(os_user().as_str()))
    );
}

#[test]
fn the_doctor_says_what_to_do() {
    let (fake, _told) = hook(200);
    let shell = Shell::new(&text(&fake));
    let out = shell.run(&["doctor"]);
    let said = both(&out);
    assert_eq!(out.status.code(), Some(0), "{said}");
    for part in
        ["ok    file", "ok    schema", "ok    disk", "ok    clock", "ok    channels", "ok    terminal"]
    {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert!(said.contains("warn  leader"), "{said}");
    assert!(said.contains("`leadyard run`") && said.contains("`leadyard serve`"), "{said}");
    // The book sends where this machine cannot; the file is too open; there is no desk.
    std::fs::write(shell.config(), "").unwrap();
    let missing = shell.run(&["doctor"]);
    assert_eq!(missing.status.code(), Some(1));
    assert!(
        both(&missing).contains("webhook hook") && both(&missing).contains("channels.toml"),
        "{}",
        both(&missing)
    );
    std::fs::set_permissions(shell.config(), std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(both(&shell.run(&["doctor"])).contains("chmod 600"));
    std::fs::remove_file(shell.dir.path().join("desk.db")).unwrap();
    let gone = shell.run(&["--json", "doctor"]);
    assert_eq!(gone.status.code(), Some(1));
    let lines: serde_json::Value = serde_json::from_slice(&gone.stdout).unwrap();
    assert_eq!(lines[0]["state"], "bad");
    assert!(
        lines.as_array().unwrap().iter().all(|l| l["state"] == "ok" || !l["do"].as_str().unwrap().is_empty())
    );
}

/// The hour now, and one so many hours before, as headers bear them.
fn hours_ago(hours: i64) -> String {
    let at = chrono::DateTime::from_timestamp_millis(Clock::Machine.now().0 - hours * 3_600_000).unwrap();
    at.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

#[test]
fn a_clock_that_is_off_is_what_a_test_and_the_doctor_speak_of() {
    let fake = Fake::start(|_| crate::fake::Act::Answer {
        status: 200,
        headers: vec![("date", hours_ago(2))],
        body: br#"{"errcode":310000,"errmsg":"sign not match"}"#.to_vec(),
    });
    let robot = |name: &str| {
        format!(
            "[channel.{name}]\nkind = \"dingtalk\"\ntoken = \"t\"\nsecret = \"SECx\"\nurl = \"{}\"\n",
            fake.url()
        )
    };
    let shell = Shell::new(&format!(
        "{}[channel.hook]\nkind = \"desktop\"\nprogram = \"/nowhere/show\"\n",
        robot("group")
    ));
    let refused = both(&shell.run(&["channel", "test", "group"]));
    assert!(refused.contains("refused for this machine's time"), "{refused}");
    assert!(refused.contains("120 min ahead of theirs") && !refused.contains("look at key"), "{refused}");
    let said = both(&shell.run(&["doctor"]));
    assert!(said.contains("set this machine's clock (NTP), then: leadyard channel test"), "{said}");
    assert!(said.contains("/nowhere/show is not on this machine"), "{said}");
    let zh = both(&shell.run(&["--lang", "zh", "doctor"]));
    assert!(zh.contains("本机没有 /nowhere/show"), "{zh}");
    assert!(zh.contains("本机时钟比对方快 120 分钟") && zh.contains("请校准本机时钟"), "{zh}");
    let list = both(&shell.run(&["--lang", "zh", "channel", "list"]));
    assert!(list.contains("本机时钟比对方快"), "{list}");
}

/// From a pipe it can be read once only: whoever looks twice waits for ever.
#[test]
fn the_channels_file_is_read_once_at_the_start() {
    for command in [&["serve", "--listen", "127.0.0.1:0"][..], &["run"]] {
        let (fake, told) = hook(200);
        let shell = Shell::new(&text(&fake));
        shell.ok(&["lead", "add", "--name", "李雷", "--source", "官网"]);
        let said = std::fs::read(shell.config()).unwrap();
        std::fs::remove_file(shell.config()).unwrap();
        let made = Command::new("mkfifo").args(["-m", "600"]).arg(shell.config()).status().unwrap();
        assert!(made.success());
        let mut child = Command::new(env!("CARGO_BIN_EXE_leadyard"))
            .env("LEADYARD_LANG", "en")
            .arg("--db")
            .arg(shell.dir.path().join("desk.db"))
            .arg("--channels")
            .arg(shell.config())
            .args(command)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        // Waits for somebody to read.
        std::fs::write(shell.config(), said).unwrap();
        let notice = told.recv_timeout(LONG);
        let pid = rustix::process::Pid::from_child(&child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        assert!(child.wait().unwrap().success(), "{command:?}");
        notice.unwrap_or_else(|_| panic!("{command:?}: nothing was sent"));
    }
}

/// A secret of the file is in no argument, no output and no log of a running process.
#[test]
fn a_running_process_shows_no_secret() {
    use std::io::{BufRead, BufReader};
    let (fake, told) = hook(200);
    let shell = Shell::new(&text(&fake));
    shell.ok(&["lead", "add", "--name", "李雷", "--source", "官网"]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_leadyard"))
        .env("LEADYARD_LANG", "en")
        .arg("--db")
        .arg(shell.dir.path().join("desk.db"))
        .arg("--channels")
        .arg(shell.config())
        .arg("run")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    told.recv_timeout(LONG).expect("what waited is sent by whoever leads");
    let line =
        std::fs::read(Path::new("/proc").join(child.id().to_string()).join("cmdline")).unwrap_or_default();
    assert!(!String::from_utf8_lossy(&line).contains("CANARY"));
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let mut said = String::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        said.push_str(&line.unwrap());
    }
    assert!(child.wait().unwrap().success());
    assert!(said.contains("stopped") && !said.contains("CANARY"), "{said}");
    assert!(shell.ok(&["outbox", "list"]).is_empty(), "sent and noted before it ended");
}
