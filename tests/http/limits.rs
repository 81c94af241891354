//! What a stranger may cost: size, depth, time, sockets. Raw sockets, and each limit is met soon.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::rig::{Answer, Rig, alone, ask, read_answer};

/// A limit must be told within this. It takes milliseconds; without the limit it would take the 10 s of the slowest reader.
/// What lies between is for a machine that is busy with other things.
const SOON: Duration = Duration::from_secs(3);

fn post(rig: &Rig, body: &[u8]) -> Answer {
    let began = Instant::now();
    let answer = rig.send("POST", "/v1/leads", &[], body);
    assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
    answer
}

#[test]
fn bodies_that_mean_nothing_or_two_things_are_refused() {
    let _alone = alone();
    let rig = Rig::new();
    let deep = [b"{\"a\":".repeat(10_000), b"1".to_vec(), b"}".repeat(10_000)].concat();
    let lists = b"[".repeat(200_000);
    for (body, code) in [
        (&b""[..], "bad-json"),
        (b"{\"name\":\"\xff\xfe\"}", "bad-json"),
        (b"{\"name\":\"a\",\"name\":\"b\"}", "bad-json"),
        (b"{\"score\":NaN}", "bad-json"),
        (b"{\"score\":1e400}", "bad-json"),
        (b"{\"name\":\"\\ud800\"}", "bad-json"),
        (b"{\"name\":\"a\"} x", "bad-json"),
        (&deep, "bad-json"),
        (&lists, "bad-json"),
        (b"\"text\"", "not-leads"),
    ] {
        let problem = post(&rig, body).is(400).json();
        assert_eq!(problem["code"], code);
        assert!(code != "bad-json" || problem["line"].as_u64().is_some(), "{problem}");
    }
    let placed = post(&rig, b"{\n \"name\": \"a\",\n \"name\": \"b\"}").is(400).json();
    assert_eq!(placed["line"], 3);
    for (header, status) in [
        (("Content-Type", "text/plain"), 415),
        (("Content-Type", "application/json; charset=gbk"), 415),
        (("Content-Type", "application/x-www-form-urlencoded"), 415),
        (("Content-Encoding", "gzip"), 415),
        (("Content-Type", "application/vnd.api+json; charset=\"utf-8\""), 201),
    ] {
        let answer = rig.send("POST", "/v1/leads", &[header], b"{\"name\":\"a\"}");
        assert_eq!(answer.status, status, "{header:?}");
    }
    assert_eq!(rig.leads(), 1);
}

/// Sends a gigabyte in chunks unless the other side has had enough; how many chunks of 64 KB went out.
pub fn send_gigabyte(stream: &mut TcpStream) -> usize {
    let head = "POST /v1/leads HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = [b"10000\r\n".to_vec(), vec![b' '; 0x10000], b"\r\n".to_vec()].concat();
    (0..16_384).take_while(|_| stream.write_all(&chunk).is_ok()).count()
}

#[test]
fn bodies_that_are_too_large_are_cut_off_early() {
    let _alone = alone();
    let rig = Rig::new();
    let large = json!({"name": "a", "note": "x".repeat(257 << 10)}).to_string();
    assert_eq!(post(&rig, large.as_bytes()).is(413).header("connection"), Some("close"));
    // Nearly the limit is fine.
    let fits = json!({"name": "a", "note": "x".repeat(250 << 10)}).to_string();
    post(&rig, fits.as_bytes()).is(201);

    let (began, mut stream) = (Instant::now(), rig.connect());
    let sent = send_gigabyte(&mut stream);
    let answer = read_answer(&mut stream);
    assert!(began.elapsed() < SOON, "{:?} for {sent} chunks", began.elapsed());
    assert!(sent < 1_000, "{sent} chunks of 64 KB were taken");
    assert!(matches!(answer.status, 413 | 0), "{answer:?}");

    let (mut stream, huge) = (rig.connect(), "x".repeat(20 << 10));
    let head = ask(&mut stream, "GET", "/healthz", &[("X-Much", &huge)], b"");
    assert_eq!(head.status, 431);
    assert_eq!(rig.leads(), 1);
}

#[test]
fn whoever_is_slow_is_let_go_and_keeps_nobody_waiting() {
    let _alone = alone();
    let rig = Rig::with(|options| options.limits.read = Duration::from_millis(400));
    let slow: Vec<_> = (0..200)
        .map(|at| {
            let mut stream = rig.connect();
            let text: &[u8] = if at % 2 == 0 {
                b"POST /v1/leads HTTP/1.1\r\nHost: loc"
            } else {
                b"POST /v1/leads HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{"
            };
            stream.write_all(text).unwrap();
            stream
        })
        .collect();
    let mut took: Vec<Duration> = (0..50)
        .map(|id| {
            let began = Instant::now();
            rig.post("/v1/leads", &format!("{{\"id\":\"{id}\",\"region\":\"上海\"}}")).is(201);
            began.elapsed()
        })
        .collect();
    took.sort();
    assert!(took[48] < SOON, "{took:?}");
    let began = Instant::now();
    for (at, mut stream) in slow.into_iter().enumerate() {
        let answer = read_answer(&mut stream);
        // A head that does not come ends the socket; a body that does not come is told.
        assert_eq!(answer.status, if at % 2 == 0 { 0 } else { 408 }, "{answer:?}");
    }
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    assert_eq!(rig.leads(), 50);
}

#[test]
fn whoever_asks_and_does_not_read_is_let_go() {
    let _alone = alone();
    let rig = Rig::with(|options| {
        options.limits.read = Duration::from_millis(400);
        options.limits.connections = 1;
    });
    let mut deaf = rig.connect();
    deaf.set_nonblocking(true).unwrap();
    let asked = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(100);
    let began = Instant::now();
    // Until the answers fill every buffer on the way, and then some.
    while began.elapsed() < Duration::from_secs(1) {
        if deaf.write(&asked).is_err_and(|error| error.kind() != std::io::ErrorKind::WouldBlock) {
            break;
        }
        std::thread::yield_now();
    }
    // The only socket there is comes free although its holder keeps it open.
    while rig.get("/healthz").status != 200 {
        assert!(began.elapsed() < Duration::from_secs(10), "its answers wait for ever");
        std::thread::yield_now();
    }
    drop(deaf);
}

/// How long the slowest but one in a hundred of 200 posts took, each on a connection of its own.
fn p99(rig: &Rig, name: &str) -> Duration {
    let mut took: Vec<Duration> = (0..200)
        .map(|id| {
            let began = Instant::now();
            rig.post("/v1/leads", &format!("{{\"id\":\"{name}{id}\",\"region\":\"上海\"}}")).is(201);
            began.elapsed()
        })
        .collect();
    took.sort();
    took[197]
}

#[test]
fn five_hundred_that_trickle_delay_nobody() {
    let _alone = alone();
    let rig = Rig::new();
    let alone = p99(&rig, "alone");
    let mut slow: Vec<TcpStream> = (0..500).map(|_| rig.connect()).collect();
    let head = b"POST /v1/leads HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n";
    let among = std::thread::scope(|scope| {
        let (done, is_done) = std::sync::mpsc::channel::<()>();
        scope.spawn(move || {
            // Half of them trickle their head, half their body; a byte a second each, in no step with each other.
            slow.iter_mut().skip(1).step_by(2).for_each(|stream| stream.write_all(head).unwrap());
            for (at, byte) in head.iter().cycle().enumerate() {
                let group = at % 10;
                for stream in slow.iter_mut().skip(group).step_by(10) {
                    // One that was let go is not there to write to.
                    let _ = stream.write_all(&[*byte]);
                }
                if is_done.recv_timeout(Duration::from_millis(100))
                    != Err(std::sync::mpsc::RecvTimeoutError::Timeout)
                {
                    return;
                }
            }
        });
        let among = p99(&rig, "among");
        drop(done);
        among
    });
    // 200 ms, or what this machine is too busy for anyway.
    assert!(among < Duration::from_millis(200).max(alone * 3), "{among:?}, alone {alone:?}");
    assert_eq!(rig.leads(), 400);
}

#[test]
fn whoever_resets_after_sending_has_sent_it() {
    let rig = Rig::new();
    let body = br#"{"id":"r","name":"gone"}"#;
    let head = format!(
        "POST /v1/leads HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = rig.connect();
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let began = Instant::now();
    while rig.leads() == 0 {
        assert!(began.elapsed() < Duration::from_secs(10), "it was sent whole");
        std::thread::yield_now();
    }
    // The answer lies there unread: closing resets.
    drop(stream);
    rig.post("/v1/leads", r#"{"id":"r","name":"gone"}"#).is(201);
    assert_eq!(rig.leads(), 1);
}

#[test]
fn requests_in_a_row_are_answered_in_that_row() {
    let rig = Rig::new();
    let bodies = [r#"{"id":"1","name":"a"}"#, r#"{"id":"2""#, r#"{"id":"3","name":"c"}"#];
    let requests: Vec<String> = bodies
        .iter()
        .map(|body| {
            format!(
                "POST /v1/leads HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )
        })
        .collect();
    let last = "GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n";
    let mut stream = rig.connect();
    stream.write_all((requests.concat() + last).as_bytes()).unwrap();
    let mut told = String::new();
    stream.read_to_string(&mut told).unwrap();
    let statuses: Vec<&str> =
        told.split("HTTP/1.").skip(1).filter_map(|part| part.split(' ').nth(1)).collect();
    assert_eq!(statuses, ["201", "400", "201", "200"], "{told}");
    assert_eq!(rig.leads(), 2);
}

#[test]
fn sockets_are_bounded_and_half_closed_ones_are_answered() {
    let rig = Rig::with(|options| options.limits.connections = 3);
    let held: Vec<_> = (0..3)
        .map(|_| {
            let mut stream = rig.connect();
            ask(&mut stream, "GET", "/healthz", &[], b"").is(200);
            stream
        })
        .collect();
    let mut over = rig.connect();
    let answer = read_answer(&mut over);
    assert_eq!((answer.status, answer.header("retry-after")), (503, Some("1")));
    drop(held);
    // The server notices in its own time that they are gone.
    let began = Instant::now();
    let mut stream = loop {
        let mut stream = rig.connect();
        if ask(&mut stream, "GET", "/healthz", &[], b"").status == 200 {
            break stream;
        }
        assert!(began.elapsed() < Duration::from_secs(10), "sockets are not given back");
    };
    let body = br#"{"name":"half"}"#;
    let head = format!(
        "POST /v1/leads HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    stream.shutdown(Shutdown::Write).unwrap();
    read_answer(&mut stream).is(201);
    // Reset after sending: the lead may be there, the server is.
    let mut reset = rig.connect();
    reset.write_all(&head.as_bytes()[..40]).unwrap();
    drop(reset);
    rig.get("/healthz").is(200);
}

#[test]
fn a_flood_is_told_to_wait_and_what_was_answered_is_kept() {
    let _alone = alone();
    let rig = Rig::new();
    let secret = rig.token_with("flood", "x", "leads", |token| token.rate_per_min = 120);
    let bearer = format!("Bearer {secret}");
    let taken: usize = std::thread::scope(|scope| {
        let senders: Vec<_> = (0..8)
            .map(|sender| {
                let (rig, bearer) = (&rig, &bearer);
                scope.spawn(move || {
                    let mut stream = rig.connect();
                    (0..100)
                        .filter(|id| {
                            let body = format!("{{\"id\":\"{sender}-{id}\"}}");
                            let head = [("Authorization", bearer.as_str())];
                            let answer = ask(&mut stream, "POST", "/v1/leads", &head, body.as_bytes());
                            if answer.header("connection") == Some("close") {
                                stream = rig.connect();
                            }
                            assert!(matches!(answer.status, 201 | 429), "{answer:?}");
                            answer.status == 201
                        })
                        .count()
                })
            })
            .collect();
        senders.into_iter().map(|s| s.join().unwrap()).sum()
    });
    assert_eq!(taken, 120);
    assert_eq!(rig.leads(), 120);
}

#[test]
fn a_closing_door_says_so() {
    let mut rig = Rig::new();
    let mut stream = rig.connect();
    ask(&mut stream, "GET", "/healthz", &[], b"").is(200);
    // One request is on its way when the door begins to close.
    let head = "POST /v1/leads HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n";
    let mut under_way = rig.connect();
    under_way.write_all(head.as_bytes()).unwrap();
    under_way.write_all(b"{\"name\"").unwrap();
    // It is in hand once its first bytes are held.
    let all = rig.door.options.limits.held_bytes;
    let began = Instant::now();
    while rig.door.held.available_permits() == all {
        assert!(began.elapsed() < Duration::from_secs(10), "it is not taken in hand");
        std::thread::yield_now();
    }
    rig.begin_to_close();
    // The idle socket is ended, not left hanging.
    let mut rest = Vec::new();
    assert_eq!(stream.read_to_end(&mut rest).unwrap(), 0);
    // Whoever comes while that one is in hand is told to come again.
    let late = rig.get("/healthz").is(503);
    assert_eq!((late.header("retry-after"), &late.json()["code"]), (Some("5"), &json!("closing")));
    under_way.write_all(b":\"late\"}").unwrap();
    let answer = read_answer(&mut under_way);
    assert_eq!(answer.status, 201, "{answer:?}");
    rig.close();
    let store = leadyard::store::Store::open_readonly(&rig.db).unwrap();
    assert_eq!(store.counts().unwrap().leads, 1);
    assert_eq!(store.lease().unwrap().map_or_else(Default::default, |lease| lease.holder), "");
}
