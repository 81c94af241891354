//! `leadyard serve` as a process: where it may listen, who leads, how it ends, what it logs, and that secrets are nowhere.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use leadyard::store::Store;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use crate::limits::send_gigabyte;
use crate::pty::Session;
use crate::rig::{Answer, alone, ask, read_answer};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(20);

fn leadyard(db: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_leadyard"));
    command.env_remove("LEADYARD_DB").env("LEADYARD_LANG", "en").arg("--db").arg(db);
    command
}

fn run(db: &Path, args: &[&str]) -> (i32, String, String) {
    let out = leadyard(db).args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (out.status.code().unwrap_or(-1), text(&out.stdout), text(&out.stderr))
}

fn desk(dir: &Path) -> PathBuf {
    let db = dir.join("desk.db");
    assert_eq!(run(&db, &["rep", "add", "li.lei", "--team", "East"]).0, 0);
    db
}

struct Server {
    child: Child,
    address: SocketAddr,
    /// What it said on stdout after the first line is read when it ended.
    out: BufReader<std::process::ChildStdout>,
}

impl Server {
    fn start(db: &Path, args: &[&str]) -> Server {
        let mut command = leadyard(db);
        command.args(["--json", "serve", "--listen", "127.0.0.1:0"]).args(args);
        Server::of(command)
    }

    fn of(mut command: Command) -> Server {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        if line.is_empty() {
            let err = std::io::read_to_string(child.stderr.take().unwrap()).unwrap();
            panic!("it did not start: {err}");
        }
        let said: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(said["is"], "listening");
        let address = said["address"].as_str().unwrap().parse().unwrap();
        Server { child, address, out }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        ask(&mut self.connect(), method, path, headers, body.as_bytes())
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.child.id()).unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Ends it by SIGTERM; exit code, stdout after the first line, stderr.
    fn stop(mut self) -> (i32, String, String) {
        self.signal(Signal::TERM);
        let out = std::io::read_to_string(&mut self.out).unwrap();
        let err = std::io::read_to_string(self.child.stderr.take().unwrap()).unwrap();
        (self.child.wait().unwrap().code().unwrap_or(-1), out, err)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that ended is no longer there to kill.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_leads_serves_and_ends_cleanly() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let log = dir.path().join("serve.log");
    let server = Server::start(&db, &["--log", log.to_str().unwrap()]);
    server.send("POST", "/v1/leads", &[], r#"{"name":"A"}"#).is(201);
    let began = Instant::now();
    while server.send("GET", "/healthz", &[], "").is(200).json()["standing"] != "leads" {
        assert!(began.elapsed() < PATIENCE, "it does not lead");
    }
    // Peers that go away before their answer end nothing.
    for _ in 0..20 {
        let mut stream = server.connect();
        stream.write_all(b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    }
    server.send("GET", "/healthz", &[], "").is(200);
    let status: Value = serde_json::from_str(&run(&db, &["--json", "status"]).1).unwrap();
    let leader = status["leader"].as_str().unwrap();
    assert!(leader.starts_with(&format!("{}-", server.child.id())), "{leader}");
    let (code, out, err) = server.stop();
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    assert!(out.contains("stopped"));
    let store = Store::open_readonly(&db).unwrap();
    assert_eq!(store.lease().unwrap().unwrap().holder, "");
    assert_eq!(run(&db, &["check"]).0, 0);
    // Lines of JSON, and only the owner reads them.
    let text = std::fs::read_to_string(&log).unwrap();
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(
        lines.iter().any(|l| l["message"] == "request" && l["route"] == "/v1/leads" && l["status"] == 201)
    );
    assert!(lines.iter().any(|l| l["message"] == "stopped"));
    assert_eq!(std::fs::metadata(&log).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn sockets_never_take_the_files_it_works_with() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    // What is allowed until asked for more, and what cannot be had for asking.
    for (limit, sockets, welcome) in [("-S -n 200", 300, 300), ("-n 200", 300, 72)] {
        let mut command = Command::new("sh");
        let say = format!("ulimit {limit}; exec \"$0\" \"$@\"");
        command.args(["-c", &say, env!("CARGO_BIN_EXE_leadyard"), "--db"]).arg(&db);
        command.env_remove("LEADYARD_DB").env("LEADYARD_LANG", "en");
        command.args(["--json", "serve", "--listen", "127.0.0.1:0", "--log"]).arg(dir.path().join("log"));
        let server = Server::of(command);
        let mut held: Vec<TcpStream> = (0..sockets).map(|_| server.connect()).collect();
        let answered = held.iter_mut().filter_map(|stream| {
            let body = r#"{"name":"A","source":"s"}"#;
            let answer = ask(stream, "POST", "/v1/leads", &[], body.as_bytes());
            assert!(matches!(answer.status, 0 | 200 | 201 | 503), "{answer:?}");
            matches!(answer.status, 200 | 201).then_some(())
        });
        assert_eq!(answered.count(), welcome, "{limit}");
        drop(held);
        assert_eq!(server.stop().0, 0, "{limit}");
    }
    assert_eq!(run(&db, &["check"]).0, 0);
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let mut server = Server::start(&db, &["--log", dir.path().join("log").to_str().unwrap()]);
    server.send("POST", "/v1/leads", &[], r#"{"name":"A"}"#).is(201);
    // A request in hand that does not end is waited for, but not by whoever says so twice.
    let mut under_way = server.connect();
    let head = "POST /v1/leads HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{";
    under_way.write_all(head.as_bytes()).unwrap();
    server.signal(Signal::TERM);
    let began = Instant::now();
    while server.send("GET", "/healthz", &[], "").status != 503 {
        assert!(began.elapsed() < PATIENCE, "it does not close");
    }
    assert!(server.child.try_wait().unwrap().is_none(), "it did not wait for what is in hand");
    server.signal(Signal::TERM);
    let began = Instant::now();
    assert_eq!(server.child.wait().unwrap().code(), Some(130));
    // Without the second signal it would have waited for eight seconds.
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    assert_eq!(run(&db, &["check"]).0, 0);
    assert_eq!(Store::open_readonly(&db).unwrap().counts().unwrap().leads, 1);
}

#[test]
fn in_a_flood_the_console_answers_its_person_and_what_was_answered_is_there() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let made = run(&db, &["--json", "token", "add", "web", "--source", "web", "--rate", "600/min"]).1;
    let secret = serde_json::from_str::<Value>(&made).unwrap()["token"].as_str().unwrap().to_owned();
    let server = Server::start(&db, &["--log", dir.path().join("log").to_str().unwrap()]);
    let mut console = Session::spawn(
        env!("CARGO_BIN_EXE_leadyard"),
        &["--db", db.to_str().unwrap(), "--lang", "en"],
        &[],
        120,
        32,
    );
    console.wait_for("li.lei");
    let is_over = AtomicBool::new(false);
    let (taken, refused) = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..8)
            .map(|sender| {
                let (is_over, server, bearer) = (&is_over, &server, format!("Bearer {secret}"));
                scope.spawn(move || {
                    let (mut taken, mut refused, mut stream) = (Vec::new(), 0, server.connect());
                    for id in 0.. {
                        if is_over.load(Ordering::Relaxed) {
                            break;
                        }
                        let id = format!("{sender}-{id}");
                        let body = format!("{{\"id\":\"{id}\",\"name\":\"A\"}}");
                        let head = [("Authorization", bearer.as_str())];
                        let answer = ask(&mut stream, "POST", "/v1/leads", &head, body.as_bytes());
                        match answer.status {
                            201 => taken.push(id),
                            429 => refused += 1,
                            other => panic!("{other}: {answer:?}"),
                        }
                        if answer.header("connection") == Some("close") {
                            stream = server.connect();
                        }
                    }
                    (taken, refused)
                })
            })
            .collect();
        // Until the allowance is used up many times over, a key at a time.
        let began = Instant::now();
        while began.elapsed() < Duration::from_secs(3) {
            for key in ["?", "\u{1b}"] {
                let (from, pressed) = (console.written(), Instant::now());
                console.type_(key);
                let took = console.wait_for_frame(from).duration_since(pressed);
                assert!(took < Duration::from_secs(2), "a key was shown after {took:?}");
            }
        }
        is_over.store(true, Ordering::Relaxed);
        let told: Vec<(Vec<String>, usize)> = senders.into_iter().map(|s| s.join().unwrap()).collect();
        let refused = told.iter().map(|(_, refused)| refused).sum::<usize>();
        (told.into_iter().flat_map(|(taken, _)| taken).collect::<Vec<String>>(), refused)
    });
    // 600 at once and ten a second after.
    assert!((600..700).contains(&taken.len()) && refused > 600, "{} taken, {refused} refused", taken.len());
    let store = Store::open_readonly(&db).unwrap();
    let found = store.known("web", taken.iter().map(String::as_str)).unwrap();
    assert!(found.iter().all(Option::is_some));
    console.type_("q");
    assert_eq!(console.end().0, 0);
}

/// Whether this machine lets one process fail another's system calls.
fn may_trace() -> bool {
    let traced = Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).output();
    let may = traced.is_ok_and(|out| out.status.success());
    if !may {
        println!("skipped: strace is not there or not allowed");
    }
    may
}

#[test]
fn on_a_full_disk_it_says_so_and_takes_leads_again_when_there_is_room() {
    let _alone = alone();
    if !may_trace() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let mut command = Command::new("strace");
    // From the 300th write on the disk is full, for 400 writes.
    // Detached: the process itself stays our child.
    command.args(["-D", "-f", "-qq", "-o", "/dev/null", "-e", "inject=pwrite64:error=ENOSPC:when=300..700"]);
    command.arg(env!("CARGO_BIN_EXE_leadyard")).env_remove("LEADYARD_DB").env("LEADYARD_LANG", "en");
    command.arg("--db").arg(&db);
    command.args(["--json", "serve", "--listen", "127.0.0.1:0", "--log"]).arg(dir.path().join("log"));
    let server = Server::of(command);
    let mut stream = server.connect();
    let (mut taken, mut refused, mut id) = (Vec::new(), 0, 0);
    let began = Instant::now();
    while refused == 0 || taken.last() != Some(&id) {
        assert!(began.elapsed() < PATIENCE * 3, "{} taken, {refused} refused", taken.len());
        id += 1;
        let body = format!("{{\"id\":\"{id}\",\"name\":\"A\",\"source\":\"full\"}}");
        let answer = ask(&mut stream, "POST", "/v1/leads", &[], body.as_bytes());
        match answer.status {
            201 => taken.push(id),
            503 => {
                assert!(answer.header("retry-after").is_some(), "{answer:?}");
                refused += 1;
                if refused == 1 {
                    assert_eq!(answer.json()["code"], "no-writes");
                    let health = server.send("GET", "/healthz", &[], "").is(503);
                    assert!(health.header("retry-after").is_some(), "{health:?}");
                    let figures = server.send("GET", "/metrics", &[], "").is(200).body;
                    assert!(figures.contains("\nleadyard_writable 0\n"), "{figures}");
                }
            }
            other => panic!("{other}: {answer:?}"),
        }
    }
    let began = Instant::now();
    while server.send("GET", "/healthz", &[], "").status != 200 {
        assert!(began.elapsed() < PATIENCE, "it is well and says it is not");
    }
    let ids: Vec<String> = taken.iter().map(u64::to_string).collect();
    let store = Store::open_readonly(&db).unwrap();
    let found = store.known("full", ids.iter().map(String::as_str)).unwrap();
    assert!(found.iter().all(Option::is_some), "what was answered 201 is there");
    drop(server);
    assert_eq!(run(&db, &["check"]).0, 0);
}

#[test]
fn beyond_this_machine_it_needs_a_token() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let (code, out, err) = run(&db, &["serve", "--listen", "0.0.0.0:0"]);
    assert_eq!((code, out.as_str()), (3, ""), "{err}");
    assert!(err.contains("token add"), "{err}");
    assert_eq!(run(&db, &["token", "add", "web", "--source", "官网"]).0, 0);
    let mut command = leadyard(&db);
    command.args(["--json", "serve", "--listen", "0.0.0.0:0"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(line.contains("listening"), "{line}");
}

#[test]
fn tokens_are_made_listed_and_taken_back_on_record() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let made = run(
        &db,
        &[
            "--json",
            "token",
            "add",
            "web",
            "--source",
            "官网",
            "--scope",
            "leads,read",
            "--rate",
            "10/s",
            "--expires",
            "90d",
        ],
    );
    let made: Value = serde_json::from_str(&made.1).unwrap();
    let secret = made["token"].as_str().unwrap().to_owned();
    assert_eq!((&made["scope"], &made["rate_per_min"]), (&"leads,read".into(), &600.into()));
    let listed = run(&db, &["token", "list"]).1;
    assert!(listed.contains("web") && listed.contains("600/min") && !listed.contains(&secret), "{listed}");
    for (args, code) in [
        (&["token", "add", "web", "--source", "x"][..], 3),
        (&["token", "add", "a b", "--source", "x"], 2),
        (&["token", "add", "y", "--source", "x", "--scope", "all"], 2),
        (&["token", "add", "y", "--source", "x", "--rate", "0"], 2),
        (&["token", "add", "y", "--source", "x", "--expires", "soon"], 2),
        (&["token", "revoke", "nobody"], 3),
        (&["--role", "supervisor", "token", "add", "y", "--source", "x"], 3),
    ] {
        assert_eq!(run(&db, args).0, code, "{args:?}");
    }
    let server = Server::start(&db, &[]);
    let bearer = format!("Bearer {secret}");
    let head = [("Authorization", bearer.as_str())];
    server.send("POST", "/v1/leads", &head, r#"{"name":"A"}"#).is(201);
    // Taken back by another process: at once.
    assert_eq!(run(&db, &["token", "revoke", "web"]).0, 0);
    server.send("POST", "/v1/leads", &head, r#"{"name":"B"}"#).is(401);
    server.stop();
    let log = run(&db, &["log", "--json"]).1;
    let grants: Vec<&str> = log.lines().filter(|l| l.contains("http:web") && l.contains("role")).collect();
    assert!(grants.len() >= 2, "{log}");
    let listed: Value = serde_json::from_str(&run(&db, &["--json", "token", "list"]).1).unwrap();
    assert_eq!(listed[0]["revoked_by"], listed[0]["created_by"]);
    assert!(listed[0]["revoked_at"].is_string());
}

/// Every byte of every file under a folder.
fn all_bytes(dir: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        bytes.extend(if path.is_dir() { all_bytes(&path) } else { std::fs::read(&path).unwrap() });
    }
    bytes
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|w| w == text.as_bytes())
}

#[test]
fn secrets_and_query_strings_are_nowhere() {
    let (dir, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let db = desk(dir.path());
    let (log, snapshot) = (dir.path().join("serve.log"), outside.path().join("copy.db"));
    let secrets = outside.path().join("secrets");
    std::fs::write(&secrets, "META_APP_SECRET=canary-app-secret\n").unwrap();
    let args = ["--log", log.to_str().unwrap(), "--secrets", secrets.to_str().unwrap()];
    // A file others can read is refused.
    std::fs::set_permissions(&secrets, PermissionsExt::from_mode(0o644)).unwrap();
    let (code, out, err) = run(&db, &[&["serve", "--listen", "127.0.0.1:0"], &args[..]].concat());
    assert_eq!(code, 4, "{out}{err}");
    assert!(err.contains("chmod 600") && !err.contains("canary"), "{err}");
    // And before anything else about it is looked at.
    let long = outside.path().join("long");
    std::fs::write(&long, "x".repeat(2 << 20)).unwrap();
    for (mode, says) in [(0o644, "chmod 600"), (0o600, "1048576")] {
        std::fs::set_permissions(&long, PermissionsExt::from_mode(mode)).unwrap();
        let err = run(&db, &["serve", "--listen", "127.0.0.1:0", "--secrets", long.to_str().unwrap()]).2;
        assert!(err.contains(says), "{mode:o}: {err}");
    }
    std::fs::set_permissions(&secrets, PermissionsExt::from_mode(0o600)).unwrap();

    let made = run(&db, &["--json", "token", "add", "web", "--source", "官网"]).1;
    let secret = serde_json::from_str::<Value>(&made).unwrap()["token"].as_str().unwrap().to_owned();
    let server = Server::start(&db, &args);
    let bearer = format!("Bearer {secret}");
    let lead = r#"{"name":"canary-person","phone":"13812345678","note":"canary-note"}"#;
    let mut said = String::new();
    for answer in [
        server.send("POST", "/v1/leads", &[("Authorization", &bearer)], lead).is(201),
        server
            .send("POST", &format!("/v1/in/form?token={secret}&q=canary-query"), &[], r#"{"name":"B"}"#)
            .is(200),
        server.send("POST", "/v1/leads", &[("Authorization", "Bearer canary-wrong")], lead).is(401),
        server
            .send("POST", "/v1/leads", &[("Authorization", &bearer)], r#"{"canary-key":1,"canary-key":2}"#)
            .is(400),
        server
            .send(
                "POST",
                "/v1/leads",
                &[("Authorization", &bearer)],
                r#"{"id":"1.23E+20","name":"canary-name"}"#,
            )
            .is(422),
        server
            .send("POST", "/v1/in/meta", &[("X-Hub-Signature-256", "sha256=canary-signature")], "{}")
            .is(401),
        server.send("GET", "/v1/leads/by/canary-source/canary-id", &[], "").is(401),
        server.send("GET", "/metrics", &[], "").is(200),
    ] {
        said.push_str(&answer.head);
        said.push_str(&answer.body);
    }
    run(&db, &["snapshot", snapshot.to_str().unwrap()]);
    let (_, out, err) = server.stop();
    let said = [said, out, err, std::fs::read_to_string(&log).unwrap()].concat();
    for canary in [&secret[..], "canary", "13812345678"] {
        assert!(!holds(said.as_bytes(), canary), "{canary} in {said}");
    }
    // The desk's folder holds the contact, which is its purpose, and no secret.
    let files = all_bytes(dir.path());
    assert!(holds(&files, "canary-person"));
    for canary in [&secret[..], "canary-app-secret", "canary-query", "canary-wrong", "canary-signature"] {
        assert!(!holds(&files, canary), "{canary} is in the desk's folder");
    }
    let copy = rusqlite::Connection::open(&snapshot).unwrap();
    for table in ["token", "kept_answer", "awaited"] {
        let rows: i64 = copy.query_row(&format!("SELECT count(*) FROM {table}"), [], |r| r.get(0)).unwrap();
        assert_eq!(rows, 0, "{table}");
    }
}

#[test]
fn what_was_answered_survives_the_kill() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let mut server = Server::start(&db, &["--log", dir.path().join("log").to_str().unwrap()]);
    let address = server.address;
    let senders: Vec<_> = (0..4)
        .map(|sender| {
            std::thread::spawn(move || {
                let mut taken = Vec::new();
                let Ok(mut stream) = TcpStream::connect(address) else { return taken };
                stream.set_read_timeout(Some(PATIENCE)).unwrap();
                for id in 0..100_000 {
                    let id = format!("{sender}-{id}");
                    let body = format!("{{\"id\":\"{id}\",\"name\":\"A\",\"source\":\"k\"}}");
                    if ask(&mut stream, "POST", "/v1/leads", &[], body.as_bytes()).status != 201 {
                        break;
                    }
                    taken.push(id);
                }
                taken
            })
        })
        .collect();
    let began = Instant::now();
    loop {
        let taken = Store::open_readonly(&db).unwrap().counts().unwrap().leads;
        if taken > 200 {
            break;
        }
        assert!(began.elapsed() < PATIENCE, "{taken} leads only");
    }
    server.child.kill().unwrap();
    let taken: Vec<String> = senders.into_iter().flat_map(|s| s.join().unwrap()).collect();
    assert!(taken.len() > 150, "{}", taken.len());
    assert_eq!(run(&db, &["check"]).0, 0);
    let store = Store::open_readonly(&db).unwrap();
    let found = store.known("k", taken.iter().map(String::as_str)).unwrap();
    assert!(found.iter().all(Option::is_some));
}

/// Resident memory of a process, in KB.
fn resident_kb(pid: u32) -> i64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find(|l| l.starts_with("VmRSS:")).unwrap_or("VmRSS: 0");
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[test]
fn bombs_cost_no_memory() {
    let _alone = alone();
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let server = Server::start(&db, &[]);
    server.send("POST", "/v1/leads", &[], r#"{"name":"A"}"#).is(201);
    let before = resident_kb(server.child.id());
    let mut stream = server.connect();
    send_gigabyte(&mut stream);
    assert!(matches!(read_answer(&mut stream).status, 413 | 0));
    let deep = "[".repeat(250_000);
    server.send("POST", "/v1/leads", &[], &deep).is(400);
    let mut slow: Vec<TcpStream> = (0..300).map(|_| server.connect()).collect();
    for stream in &mut slow {
        stream.write_all(b"POST /v1/leads HTTP/1.1\r\nContent-Length: 200000\r\n\r\n[").unwrap();
    }
    server.send("POST", "/v1/leads", &[], r#"{"name":"B"}"#).is(201);
    let more = resident_kb(server.child.id()) - before;
    assert!(more < 20 << 10, "{more} KB more");
}
