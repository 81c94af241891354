//! `leadyard serve` in trouble: too few handles, an impatient operator, a flood beside a console, a full disk. What was answered 201
//! is there after each of them.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use leadyard::store::Store;
use rustix::process::Signal;
use serde_json::Value;

use crate::process::{PATIENCE, Server, desk, run};
use crate::pty::Session;
use crate::rig::{alone, ask};

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
        let began = Instant::now();
        let mut held: Vec<TcpStream> = (0..sockets).map(|_| server.connect()).collect();
        let answered = held.iter_mut().filter_map(|stream| {
            let body = r#"{"name":"A","source":"s"}"#;
            let answer = ask(stream, "POST", "/v1/leads", &[], body.as_bytes());
            assert!(matches!(answer.status, 0 | 200 | 201 | 503), "{answer:?}");
            matches!(answer.status, 200 | 201).then_some(())
        });
        assert_eq!(answered.count(), welcome, "{limit}");
        // Whoever waits for a handle waits for the ten seconds after which idle sockets are let go.
        assert!(began.elapsed() < Duration::from_secs(9), "{limit}: {:?}", began.elapsed());
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
    let head = "POST /v1/leads HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 90\r\nExpect: 100-continue\r\n\r\n";
    under_way.write_all(head.as_bytes()).unwrap();
    // It is in hand once its body is asked for.
    let mut told = [0; 12];
    under_way.read_exact(&mut told).unwrap();
    assert_eq!(&told, b"HTTP/1.1 100");
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
