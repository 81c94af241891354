//! `leadyard serve` as a process: where it may listen, who leads, how it ends, what it logs, and that secrets are nowhere.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use leadyard::store::Store;
use serde_json::Value;

use crate::limits::send_gigabyte;
use crate::process::{PATIENCE, Server, desk, leadyard, run};
use crate::rig::{alone, ask, read_answer};

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
