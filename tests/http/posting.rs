//! Posting, following up and reading back; the same request again.

use leadyard::model::time::MINUTE_MS;
use serde_json::{Value, json};

use crate::rig::{Answer, NOW, Rig, ask};

const ONE: &str = r#"{"id":"w-1","name":"李雷","phone":"13800138000","email":"li.lei@example.com","region":"上海","source":"官网"}"#;

#[test]
fn a_lead_is_answered_with_its_owner_after_commit() {
    let rig = Rig::new();
    let told = rig.post("/v1/leads", ONE).is(201).json();
    assert_eq!(
        (&told["state"], &told["verdict"], &told["id"]),
        (&json!("assigned"), &json!("taken"), &json!(1))
    );
    let owner = told["owner"].as_str().unwrap().to_owned();
    assert!(["li.na", "zhang.wei"].contains(&owner.as_str()));
    assert_eq!(rig.leads(), 1);

    let seen = rig.get("/v1/leads/L1").is(200).json();
    assert_eq!((&seen["owner"], &seen["contact"]["phone"]), (&json!(owner), &json!("138****8000")));
    assert_eq!(seen["contact"]["email"], "l***@example.com");
    let text = rig.get("/v1/leads/by/%E5%AE%98%E7%BD%91/w-1").is(200);
    assert_eq!(text.json()["id"], 1);
    assert!(
        !text.body.contains("13800138000") && !text.body.contains("李雷") && !text.body.contains("li.lei")
    );

    let why = rig.get("/v1/leads/1/explanation").is(200).json();
    assert!(why["words"].as_array().unwrap().iter().any(|w| w.as_str().unwrap().contains("east")), "{why}");
    let loads = rig.get("/v1/loads").is(200).json();
    let total: u64 = loads["reps"].as_array().unwrap().iter().map(|r| r["load"].as_u64().unwrap()).sum();
    assert_eq!(total, 1);
    rig.get("/v1/alerts").is(200);
    rig.get("/v1/leads/99").is(404);
    rig.get("/v1/leads/x").is(404);
}

#[test]
fn of_many_the_good_are_taken_and_the_others_told() {
    let rig = Rig::new();
    let body = "[\n{\"id\":\"a\",\"name\":\"A\",\"region\":\"上海\"},\n{},\n{\"id\":\"b\",\"created at\":\"2026-13-45\"},\n7,\n\
                {\"id\":\"c\",\"name\":\"C\",\"region\":\"北京\",\"phone\":\"12\"}]";
    let told = rig.post("/v1/leads", body).is(201).json();
    let rows = told["leads"].as_array().unwrap();
    let verdicts: Vec<&str> = rows.iter().map(|r| r["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["taken", "rejected", "rejected", "rejected", "taken"]);
    assert_eq!((&rows[1]["code"], &rows[1]["line"]), (&json!("nothing-to-keep"), &json!(3)));
    assert_eq!((&rows[2]["code"], &rows[2]["field"]), (&json!("bad-date"), &json!("created at")));
    assert_eq!((&rows[2]["line"], &rows[2]["row"]), (&json!(4), &json!(2)));
    assert_eq!(rows[3]["code"], "not-an-object");
    assert_eq!((&rows[4]["state"], &rows[4]["owner"]), (&json!("parked"), &json!(null)));
    assert!(rows[4]["warnings"][0].as_str().unwrap().contains("phone"));
    assert_eq!((rig.leads(), &told["taken"]), (2, &json!(2)));

    let queue = rig.get("/v1/queue").is(200).json();
    assert_eq!((queue["leads"].as_array().unwrap().len(), &queue["parked"]), (1, &json!(1)));

    let wrapped =
        rig.post("/v1/leads", r#"{"leads":[{"id":"a","name":"A"},{"id":"d","name":"D"}]}"#).is(201).json();
    assert_eq!((&wrapped["leads"][0]["verdict"], &wrapped["taken"]), (&json!("known"), &json!(1)));
    let problem = rig.post("/v1/leads", "[{},{}]").is(422);
    assert_eq!(problem.header("content-type"), Some("application/problem+json"));
    assert_eq!(problem.json()["errors"].as_array().unwrap().len(), 2);
    rig.post("/v1/leads", "[]").is(400);
    let many: Vec<_> = (0..501).map(|i| json!({"id": i, "name": "x"})).collect();
    rig.post("/v1/leads", &json!(many).to_string()).is(422);
    assert_eq!(rig.leads(), 3);
}

#[test]
fn owner_and_state_of_a_post_are_told_and_not_obeyed() {
    let rig = Rig::new();
    let told = rig
        .post("/v1/leads", r#"{"name":"A","region":"北京","owner":"li.na","status":"won"}"#)
        .is(201)
        .json();
    assert_eq!((&told["state"], &told["owner"]), (&json!("parked"), &json!(null)));
    let row = rig.store().lead(leadyard::model::id::LeadId(1)).unwrap().unwrap();
    let custom: Vec<(&str, &str)> = row.attrs.custom.iter().map(|(n, t)| (n.as_str(), t.as_str())).collect();
    assert_eq!(custom, [("owner", "li.na"), ("state", "won")]);
}

fn keyed(rig: &Rig, key: &str, body: &str) -> Answer {
    rig.send("POST", "/v1/leads", &[("Idempotency-Key", key)], body.as_bytes())
}

#[test]
fn the_same_again_is_told_the_same_byte_for_byte_also_after_a_restart() {
    let rig = Rig::new();
    let body = r#"[{"name":"A","region":"上海"},{"name":"B"}]"#;
    let first = keyed(&rig, "k1", body).is(201);
    // The lead moves on; the answer of then is what is told.
    rig.patch("/v1/leads/1", r#"{"state":"contacted"}"#).is(200);
    let again = keyed(&rig, "k1", body).is(201);
    assert_eq!((&again.body, again.header("idempotent-replayed")), (&first.body, Some("true")));
    let other = keyed(&rig, "k1", r#"[{"name":"C"}]"#).is(422).json();
    assert_eq!(other["code"], "key-reused");
    assert_eq!(rig.leads(), 2);
    let rig = rig.again();
    assert_eq!(keyed(&rig, "k1", body).is(201).body, first.body);
    keyed(&rig, "k2", body).is(200);
    assert_eq!(rig.leads(), 2);
    keyed(&rig, &"k".repeat(256), body).is(400);
}

#[test]
fn a_single_lead_is_known_by_source_and_id() {
    let rig = Rig::new();
    let first = rig.post("/v1/leads", ONE).is(201);
    assert_eq!(rig.post("/v1/leads", ONE).is(201).body, first.body);
    let changed = ONE.replace("李雷", "李磊");
    assert_eq!(rig.post("/v1/leads", &changed).is(422).json()["code"], "key-reused");
    // Among many it is a lead that is known.
    let told = rig.post("/v1/leads", &format!("[{changed}]")).is(200).json();
    assert_eq!(told["leads"][0]["verdict"], "known");
    // Without an id its content is its name.
    let bare = r#"{"name":"韩梅梅","phone":"13900139000"}"#;
    rig.post("/v1/leads", bare).is(201);
    assert_eq!(rig.post("/v1/leads", bare).is(200).json()["verdict"], "known");
    assert_eq!(rig.leads(), 2);
}

#[test]
fn a_hundred_at_once_under_one_key_make_one_lead() {
    let rig = Rig::new();
    let bodies: Vec<Answer> = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..100).map(|_| scope.spawn(|| keyed(&rig, "same", ONE))).collect();
        sent.into_iter().map(|s| s.join().unwrap()).collect()
    });
    for answer in &bodies {
        assert_eq!((answer.status, &answer.body), (201, &bodies[0].body));
    }
    assert_eq!(rig.leads(), 1);
    assert_eq!(bodies.iter().filter(|a| a.header("idempotent-replayed").is_none()).count(), 1);
}

#[test]
fn follow_up_closes_what_it_reports() {
    let rig = Rig::new();
    rig.post("/v1/leads", ONE).is(201);
    rig.post("/v1/leads", r#"{"id":"w-2","name":"B","region":"北京","source":"官网"}"#).is(201);
    let told = rig.patch("/v1/leads/1", r#"{"state":"contacted","note":"rang twice"}"#).is(200).json();
    assert_eq!((&told["state"], &told["changed"]), (&json!("contacted"), &json!(true)));
    let again = rig.patch("/v1/leads/L1", r#"{"state":"contacted"}"#).is(200).json();
    assert_eq!(again["changed"], false);
    let row = rig.store().lead(leadyard::model::id::LeadId(1)).unwrap().unwrap();
    assert!(row.contacted_at.is_some());
    // Chinese words, the sender's own number and moment.
    let won = rig
        .patch("/v1/leads/by/%E5%AE%98%E7%BD%91/w-1", r#"{"state":"成交","at":"2026-11-02T09:30:00+08:00"}"#);
    assert_eq!(won.is(200).json()["state"], "won");
    // Nobody has the second: it cannot have been contacted by anyone here, but it may be invalid.
    let problem = rig.patch("/v1/leads/2", r#"{"state":"contacted"}"#).is(409).json();
    assert!(problem["detail"].as_str().unwrap().contains("need an owner"), "{problem}");
    let told = rig.patch("/v1/leads/2", r#"{"state":"invalid","reason":"空号"}"#).is(200).json();
    assert_eq!((&told["state"], &told["owner"]), (&json!("invalid"), &json!(null)));
    for (body, code) in [
        (r#"{"state":"assigned"}"#, "unknown-state"),
        (r#"{"state":"nonsense"}"#, "unknown-state"),
        (r#"{}"#, "unknown-state"),
        (r#"{"state":"won","owner":"li.na"}"#, "unknown-field"),
        (r#"{"state":"won","at":"2026-13-01"}"#, "bad-date"),
        (r#"{"state":"won","at":[2026,1,1]}"#, "not-a-text"),
        (r#"{"state":"won","note":{"a":1}}"#, "not-a-text"),
        (r#"{"state":"won","at":"2027-01-01"}"#, "in-the-future"),
    ] {
        assert_eq!(rig.patch("/v1/leads/1", body).is(422).json()["code"], code);
    }
    rig.patch("/v1/leads/77", r#"{"state":"won"}"#).is(404);
    rig.patch("/v1/leads/by/x/w-1", r#"{"state":"won"}"#).is(404);
    let log = rig.store().lead_history(leadyard::model::id::LeadId(1), 100).unwrap();
    assert_eq!(log.iter().filter(|e| e.body.verb().word() == "lead.progressed").count(), 2);
}

#[test]
fn a_contact_reported_late_opens_nothing_that_was_closed_since() {
    let rig = Rig::new();
    rig.post("/v1/leads", ONE).is(201);
    let at = |minutes: i64| NOW.plus(minutes * MINUTE_MS).to_rfc3339();
    let report =
        |state: &str, at: &str| rig.patch("/v1/leads/1", &json!({"state": state, "at": at}).to_string());
    let before = report("contacted", &at(-25 * 60)).is(422).json();
    assert_eq!((&before["code"], &before["errors"][0]["field"]), (&json!("before-the-lead"), &json!("at")));
    report("won", &at(3)).is(200);
    let late = report("contacted", &at(2)).is(200).json();
    assert_eq!((&late["state"], &late["changed"]), (&json!("won"), &json!(false)));
    // What was done under a key before the closing is told as it was then, not as late.
    let keyed = |state: &str, minute: i64| {
        let body = json!({"state": state, "at": at(minute)}).to_string();
        rig.send("PATCH", "/v1/leads/2", &[("Idempotency-Key", "k")], body.as_bytes())
    };
    rig.post("/v1/leads", r#"{"id":"w-2","name":"B","region":"上海","source":"官网"}"#).is(201);
    let first = keyed("contacted", 1).is(200);
    rig.patch("/v1/leads/2", &json!({"state": "won", "at": at(2)}).to_string()).is(200);
    assert_eq!(keyed("contacted", 1).is(200).body, first.body);
    keyed("lost", 1).is(422);
    // After the closing it is news.
    let again = report("contacted", &at(4)).is(200).json();
    assert_eq!((&again["state"], &again["changed"]), (&json!("contacted"), &json!(true)));
}

#[test]
fn a_follow_up_under_a_key_is_told_again_whatever_came_after() {
    let rig = Rig::new();
    rig.post("/v1/leads", ONE).is(201);
    let send = |body: &str| rig.send("PATCH", "/v1/leads/1", &[("Idempotency-Key", "f")], body.as_bytes());
    let first = send(r#"{"state":"contacted"}"#).is(200);
    rig.patch("/v1/leads/1", r#"{"state":"lost"}"#).is(200);
    assert_eq!(send(r#"{"state":"contacted"}"#).is(200).body, first.body);
    send(r#"{"state":"won"}"#).is(422);
    let row = rig.store().lead(leadyard::model::id::LeadId(1)).unwrap().unwrap();
    assert_eq!(row.state.word(), "lost");
}

#[test]
fn one_connection_serves_many_requests() {
    let rig = Rig::new();
    let mut stream = rig.connect();
    for id in 0..20 {
        let body = json!({"id": id.to_string(), "name": "A", "region": "上海"}).to_string();
        ask(&mut stream, "POST", "/v1/leads", &[], body.as_bytes()).is(201);
    }
    assert_eq!(ask(&mut stream, "GET", "/v1/queue", &[], b"").is(200).json()["waiting"], 0);
}

#[test]
fn figures_and_health_are_told() {
    let rig = Rig::new();
    rig.post("/v1/leads", ONE).is(201);
    rig.post("/v1/leads", r#"{"name":"B","region":"北京"}"#).is(201);
    rig.post("/v1/leads", "{").is(400);
    assert_eq!(rig.get("/healthz").is(200).json()["status"], "ok");
    // The queue waits for the fold; then the figures are those of both leads.
    rig.get("/v1/queue").is(200);
    let text = rig.get("/metrics").is(200).body;
    for line in [
        "leadyard_leads_taken_total 2",
        "leadyard_leads_placed_total 1",
        "leadyard_open_leads{state=\"parked\"} 1",
        "leadyard_http_requests_total{route=\"/v1/leads\",status=\"201\"} 2",
        "leadyard_http_requests_total{route=\"/v1/leads\",status=\"400\"} 1",
        "leadyard_http_denied_total{code=\"bad-json\"} 1",
        "leadyard_decision_seconds_count 2",
        "leadyard_writable 1",
    ] {
        assert!(text.lines().any(|l| l == line), "{line} is not in\n{text}");
    }
}

#[test]
fn text_from_outside_is_cleaned_on_its_way_in() {
    let rig = Rig::new();
    let evil = "A\\u001b[2J\\u001b]52;c;eA==\\u0007\\u202e\\u2066\\u200b\\ufeff\\u0085B";
    let body =
        format!("{{\"id\":\"i{evil}\",\"name\":\"{evil}\",\"company\":\"{evil}\",\"k{evil}\":\"{evil}\"}}");
    let told = rig.post("/v1/leads", &body).is(201);
    let clue = format!("{{\"clue_id\":\"c{evil}\",\"name\":\"{evil}\"}}");
    let other = rig.post("/v1/in/feiyu", &clue).is(200);
    let store = rig.store();
    let mut texts = vec![told.body, other.body];
    for id in [1, 2] {
        let lead = leadyard::model::id::LeadId(id);
        let row = store.lead(lead).unwrap().unwrap();
        texts.push(format!("{:?}", row.attrs));
        let card = store.contacts(&[lead]).unwrap().remove(0).1;
        texts.extend([card.name, card.note]);
        texts.push(format!("{:?}", store.lead_events(lead).unwrap()[0].body));
    }
    for text in texts {
        let bad = |c: char| {
            c.is_control()
                || ('\u{2028}'..='\u{202e}').contains(&c)
                || matches!(c, '\u{2066}' | '\u{200b}' | '\u{feff}')
        };
        assert!(!text.contains(bad) && !text.contains("u{1b}") && !text.contains("u{202e}"), "{text:?}");
    }
}

#[test]
fn leads_beside_other_fields_are_not_swallowed() {
    let rig = Rig::new();
    let body = r#"{"leads":[{"id":"1","name":"A"},{"id":"2","name":"B"}],"source":"web"}"#;
    assert_eq!(rig.post("/v1/leads", body).is(400).json()["code"], "not-leads");
    assert_eq!(rig.post("/v1/leads", "[]").is(400).json()["code"], "no-leads");
    let many: Vec<Value> = (0..10_001).map(|id| json!({"id": id})).collect();
    assert_eq!(rig.post("/v1/leads", &Value::from(many).to_string()).is(422).json()["code"], "too-many");
    assert_eq!(rig.leads(), 0);
    // Twice in one post it is one lead, and each row is told.
    let twice = r#"[{"id":"1","name":"A"},{"id":"1","name":"B"},7]"#;
    let told = rig.post("/v1/leads", twice).is(201).json();
    let verdicts: Vec<&Value> = (0..3).map(|row| &told["leads"][row]["verdict"]).collect();
    assert_eq!(verdicts, ["taken", "known", "rejected"]);
    assert_eq!(told["leads"][0]["id"], told["leads"][1]["id"]);
    assert_eq!(rig.leads(), 1);
}

#[test]
fn a_key_belongs_to_its_request_and_source() {
    let rig = Rig::new();
    let keyed = |secret: &str, method: &str, path: &str, body: &str| {
        let bearer = format!("Bearer {secret}");
        rig.send(method, path, &[("Authorization", &bearer), ("Idempotency-Key", "k")], body.as_bytes())
    };
    let (web, twin) = (rig.token("web", "官网", "leads,followup"), rig.token("twin", "官网", "leads"));
    let other = rig.token("other", "抖音", "leads");
    let first = keyed(&web, "POST", "/v1/leads", ONE).is(201);
    // The source's other token goes on with the key; the same bytes on another way are another request.
    assert_eq!(keyed(&twin, "POST", "/v1/leads", ONE).is(201).body, first.body);
    for (method, path, body) in [
        ("PATCH", "/v1/leads/1", r#"{"state":"contacted"}"#),
        ("POST", "/v1/in/form", ONE),
        ("POST", "/v1/leads", r#"{"id":"w-9","name":"B"}"#),
    ] {
        assert_eq!(keyed(&web, method, path, body).is(422).json()["code"], "key-reused", "{method} {path}");
    }
    // Another source's key of the same spelling is another key.
    keyed(&other, "POST", "/v1/leads", r#"{"id":"d-1","name":"B"}"#).is(201);
    assert_eq!(rig.leads(), 2);
    for key in ["", &"k".repeat(256)] {
        let answer = rig.send(
            "POST",
            "/v1/leads",
            &[("Authorization", &format!("Bearer {web}")), ("Idempotency-Key", key)],
            b"{\"name\":\"C\"}",
        );
        assert_eq!(answer.is(400).json()["code"], "bad-key");
    }
}

#[test]
fn paths_that_are_no_text_are_told_so() {
    let rig = Rig::new();
    let answer = rig.get("/v1/leads/by/x/%ff").is(400);
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    rig.post("/v1/leads", "{\"id\":\"a/b\",\"name\":\"A\",\"source\":\"s\"}").is(201);
    rig.get("/v1/leads/by/s/a%2Fb").is(200);
}
