//! Who may post what: tokens, signatures, this machine; forged, replayed, foreign and revoked ones store nothing.

use std::time::{Duration, Instant};

use leadyard::desk::{Errand, Interlock};
use leadyard::intake::http::auth::{hex, hmac_sha256};
use leadyard::intake::http::token::{hash, prefix};
use leadyard::model::time::MINUTE_MS;
use leadyard::store::{Store, Token};

use crate::rig::{Answer, NOW, Rig};

const BODY: &str = r#"{"name":"A","phone":"13800138000"}"#;

fn with_token(rig: &Rig, secret: &str, method: &str, path: &str, body: &str) -> Answer {
    let bearer = format!("Bearer {secret}");
    rig.send(method, path, &[("Authorization", &bearer)], body.as_bytes())
}

#[test]
fn without_tokens_only_programs_on_this_machine_pass() {
    let rig = Rig::new();
    for header in [
        ("Origin", "https://evil.example"),
        ("X-Forwarded-For", "203.0.113.7"),
        ("Via", "1.1 proxy"),
        ("Host", "evil.example"),
        ("Host", "evil.example:8787"),
    ] {
        let answer = rig.send("POST", "/v1/leads", &[header], BODY.as_bytes()).is(401);
        assert_eq!(answer.json()["code"], "no-token", "{header:?}");
        rig.send("GET", "/metrics", &[header], b"").is(401);
    }
    assert_eq!(rig.leads(), 0);
    for host in ["localhost:8787", "[::1]:8787", "127.0.0.1"] {
        rig.send("POST", "/v1/leads", &[("Host", host)], BODY.as_bytes());
    }
    assert_eq!(rig.leads(), 1);
    // The first token locks the door; that it is taken back does not open it.
    let secret = rig.token("web", "官网", "leads");
    rig.post("/v1/leads", BODY).is(401);
    with_token(&rig, &secret, "POST", "/v1/leads", r#"{"name":"B"}"#).is(201);
    let (name, at) = ("web".into(), rig.clock.now());
    let revoked = rig.door.handle.errand(Errand::RevokeToken { name, at, by: "root".into() }).blocking_recv();
    assert_eq!(revoked.unwrap().unwrap(), 1);
    with_token(&rig, &secret, "POST", "/v1/leads", r#"{"name":"C"}"#).is(401);
    rig.post("/v1/leads", BODY).is(401);
    assert_eq!(rig.leads(), 2);
}

#[test]
fn a_token_made_by_another_process_locks_the_door_soon() {
    let rig = Rig::new();
    rig.post("/v1/leads", BODY).is(201);
    // As `token add` does beside a running server.
    let mut other = Interlock::new(Store::open(&rig.db).unwrap(), &mut |_, _| {}).unwrap();
    let token = Token {
        name: "web".into(),
        prefix: "abcdefgh".into(),
        hash: [7; 32],
        source: "官网".into(),
        scopes: 1,
        rate_per_min: 60,
        created_at: NOW,
        created_by: "root".into(),
        expires_at: None,
        revoked: None,
    };
    assert_eq!(other.errand(&Errand::AddToken(Box::new(token))).unwrap(), 1);
    let made = Instant::now();
    while rig.post("/v1/leads", BODY).status != 401 {
        assert!(made.elapsed() < Duration::from_secs(5), "the door is still open");
    }
}

#[test]
fn a_token_does_what_its_scopes_and_source_say() {
    let rig = Rig::new();
    let web = rig.token("web", "官网", "leads");
    let crm = rig.token("crm", "官网", "followup,read");
    let all = rig.token("all", "*", "read,leads");
    let other = rig.token("other", "抖音", "leads,followup,read");
    let posted =
        with_token(&rig, &web, "POST", "/v1/leads", r#"{"id":"1","name":"A","region":"上海"}"#).is(201);
    assert_eq!(posted.json()["id"], 1);
    let row = rig.store().lead(leadyard::model::id::LeadId(1)).unwrap().unwrap();
    assert_eq!((row.attrs.source.as_str(), row.touched.actor.as_str()), ("官网", "engine"));
    let arrival = rig.store().lead_events(row.id).unwrap();
    assert_eq!(arrival[0].actor.as_str(), "http:web");

    with_token(&rig, &web, "GET", "/v1/leads/1", "").is(403);
    with_token(&rig, &web, "PATCH", "/v1/leads/1", r#"{"state":"lost"}"#).is(403);
    with_token(&rig, &crm, "POST", "/v1/leads", BODY).is(403);
    let foreign = with_token(&rig, &web, "POST", "/v1/leads", r#"{"name":"B","source":"抖音"}"#).is(403);
    assert_eq!(foreign.json()["code"], "other-source");
    // A lead of another source is as good as none.
    with_token(&rig, &other, "GET", "/v1/leads/1", "").is(404);
    with_token(&rig, &other, "PATCH", "/v1/leads/1", r#"{"state":"lost"}"#).is(404);
    with_token(&rig, &other, "PATCH", "/v1/leads/by/%E5%AE%98%E7%BD%91/1", r#"{"state":"lost"}"#).is(404);
    with_token(&rig, &other, "GET", "/v1/loads", "").is(403);
    with_token(&rig, &other, "GET", "/v1/alerts", "").is(403);
    with_token(&rig, &crm, "GET", "/v1/leads/1", "").is(200);
    with_token(&rig, &all, "GET", "/v1/loads", "").is(200);
    with_token(&rig, &all, "POST", "/v1/leads", r#"{"name":"C","source":"邮件","region":"北京"}"#).is(201);
    let seen = with_token(&rig, &other, "GET", "/v1/queue", "").is(200).json();
    assert_eq!((seen["leads"].as_array().unwrap().len(), seen.get("parked")), (0, None));
    assert_eq!(with_token(&rig, &all, "GET", "/v1/queue", "").json()["leads"].as_array().unwrap().len(), 1);
    with_token(&rig, &crm, "PATCH", "/v1/leads/1", r#"{"state":"contacted"}"#).is(200);
    assert_eq!(rig.leads(), 2);
}

#[test]
fn what_is_no_good_token_is_refused() {
    let rig = Rig::new();
    let good = rig.token("a", "x", "leads");
    let short = rig.token_with("b", "x", "leads", |token| token.expires_at = Some(NOW.plus(1_000)));
    let cut = &good[..good.len() - 1];
    let wrong = format!("{cut}{}", if good.ends_with('A') { 'B' } else { 'A' });
    for secret in [&wrong[..], cut, "", "ly_", "ly_00000000", "x"] {
        let answer = with_token(&rig, secret, "POST", "/v1/leads", BODY).is(401);
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
    }
    rig.send("POST", "/v1/leads", &[("Authorization", &good)], BODY.as_bytes()).is(401);
    // A token in an address is for vendors only.
    rig.send("POST", &format!("/v1/leads?token={good}"), &[], BODY.as_bytes()).is(401);
    with_token(&rig, &short, "POST", "/v1/leads", BODY).is(201);
    rig.clock.turn_to(NOW.plus(1_000));
    with_token(&rig, &short, "POST", "/v1/leads", r#"{"name":"B"}"#).is(401);
    assert_eq!(rig.leads(), 1);
}

#[test]
fn a_token_has_its_rate() {
    let rig = Rig::new();
    let secret = rig.token_with("slow", "x", "leads", |token| token.rate_per_min = 3);
    let statuses: Vec<u16> = (0..5)
        .map(|i| with_token(&rig, &secret, "POST", "/v1/leads", &format!("{{\"id\":\"{i}\"}}")).status)
        .collect();
    assert_eq!(statuses, [201, 201, 201, 429, 429]);
    let refused = with_token(&rig, &secret, "POST", "/v1/leads", BODY).is(429);
    assert_eq!(refused.header("retry-after"), Some("21"));
    assert_eq!(rig.leads(), 3);
    rig.clock.turn_to(NOW.plus(21_000));
    with_token(&rig, &secret, "POST", "/v1/leads", BODY).is(201);
    with_token(&rig, &secret, "POST", "/v1/leads", BODY).is(429);
}

/// A request signed at `at_ms`, with what is signed changed by `forge`.
fn signed(rig: &Rig, secret: &str, at_ms: i64, body: &str, forge: Option<&str>) -> Answer {
    let seconds = (at_ms / 1000).to_string();
    let text = format!("{seconds}.POST./v1/leads.{}", forge.unwrap_or(body));
    let mac = hex(&hmac_sha256(&hash(secret), &[text.as_bytes()]));
    let signature = format!("t={seconds},v1={mac}");
    let headers = [("X-Leadyard-Key", prefix(secret).unwrap()), ("X-Leadyard-Signature", &signature)];
    rig.send("POST", "/v1/leads", &headers, body.as_bytes())
}

#[test]
fn forgeries_are_counted_and_use_up_nobodys_allowance() {
    let rig = Rig::with(|options| {
        options.secrets.put("META_APP_SECRET", "app");
    });
    let secret = rig.token_with("sig", "x", "leads", |token| token.rate_per_min = 2);
    for _ in 0..5 {
        signed(&rig, &secret, NOW.0, r#"{"id":"1"}"#, Some("{}")).is(401);
    }
    signed(&rig, &secret, NOW.0, r#"{"id":"1"}"#, None).is(201);
    // Sent away for a while, a signature is still good.
    signed(&rig, &secret, NOW.0, r#"{"id":"2"}"#, None).is(201);
    signed(&rig, &secret, NOW.0, r#"{"id":"3"}"#, None).is(429);
    rig.clock.turn_to(NOW.plus(MINUTE_MS));
    signed(&rig, &secret, NOW.0, r#"{"id":"3"}"#, None).is(201);
    assert_eq!(rig.leads(), 3);
    for _ in 0..3 {
        rig.send("POST", "/v1/in/meta", &[("X-Hub-Signature-256", "sha256=00")], b"{}").is(401);
    }
    let figures = rig.get("/metrics").is(200).body;
    let counted = |line: &str| assert!(figures.lines().any(|l| l == line), "{line} in {figures}");
    counted("leadyard_http_denied_total{code=\"bad-signature\"} 8");
    counted("leadyard_http_denied_total{code=\"too-many-requests\"} 1");
}

#[test]
fn a_signature_holds_for_five_minutes_once() {
    let rig = Rig::new();
    let secret = rig.token("sig", "x", "leads");
    let now = NOW.plus(20 * MINUTE_MS);
    rig.clock.turn_to(now);
    signed(&rig, &secret, now.0, r#"{"id":"1"}"#, None).is(201);
    let replayed = signed(&rig, &secret, now.0, r#"{"id":"1"}"#, None).is(401).json();
    assert!(replayed["detail"].as_str().unwrap().contains("used before"), "{replayed}");
    signed(&rig, &secret, now.0, r#"{"id":"2"}"#, Some(r#"{"id":"3"}"#)).is(401);
    for minutes in [-10, -6, 6, 10] {
        signed(&rig, &secret, now.plus(minutes * MINUTE_MS).0, r#"{"id":"4"}"#, None).is(401);
    }
    for minutes in [-4, 4] {
        let body = format!("{{\"id\":\"m{minutes}\"}}");
        signed(&rig, &secret, now.plus(minutes * MINUTE_MS).0, &body, None).is(201);
    }
    // To the second: five minutes hold, one more second does not.
    for (seconds, status) in [(-301, 401), (-300, 201), (300, 201), (301, 401)] {
        let body = format!("{{\"id\":\"s{seconds}\"}}");
        signed(&rig, &secret, now.plus(seconds * 1_000).0, &body, None).is(status);
    }
    let key = ("X-Leadyard-Key", prefix(&secret).unwrap());
    for text in ["", "t=1", "t=x,v1=00", "t=1,v1=zz"] {
        rig.send("POST", "/v1/leads", &[key, ("X-Leadyard-Signature", text)], BODY.as_bytes()).is(401);
    }
    assert_eq!(rig.leads(), 5);
    // What was signed before this process began may have been used then.
    let rig = rig.again();
    let before = signed(&rig, &secret, now.plus(-MINUTE_MS).0, r#"{"id":"5"}"#, None).is(401).json();
    assert!(before["detail"].as_str().unwrap().contains("before this server began"), "{before}");
    signed(&rig, &secret, now.0, r#"{"id":"6"}"#, None).is(201);
    assert_eq!(rig.leads(), 6);
}
