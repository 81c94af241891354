//! Exactly one leads; who stops it does not stop the desk.

use std::time::{Duration, Instant};

use leadyard::model::id::Seq;
use leadyard::store::{EVENTS_MAX, Store};
use rustix::process::Signal;

use crate::crew::{LEASE_MS, Worker, console, desk, holder, leadyard, lease, wait_until};

const ROUNDS: usize = 20;

#[test]
fn of_three_consoles_and_two_engines_started_at_once_exactly_one_leads() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let mut last_epoch = 0;
    for round in 0..ROUNDS {
        let mut engines = [Worker::run(&db), Worker::run(&db)];
        let consoles = [console(&db), console(&db), console(&db)];
        let said: Vec<String> =
            engines.iter_mut().map(|e| e.line_with(&["leading", "standing by"])).collect();
        for console in &consoles {
            console.wait_until("who leads", |screen| {
                let text = screen.contents();
                text.contains("leads here") || text.contains("another console leads")
            });
        }
        let leader = holder(&db);
        for console in consoles.iter().filter(|c| c.id() == leader) {
            console.wait_for("leads here");
        }
        let engines_lead = engines.iter().zip(&said).filter(|(_, said)| said.starts_with("leading"));
        let consoles_lead = consoles.iter().filter(|c| c.shows("leads here"));
        let claims: Vec<u32> =
            engines_lead.map(|(e, _)| e.id()).chain(consoles_lead.map(|c| c.id())).collect();
        assert_eq!(claims, [leader], "round {round}: {said:?}");
        let epoch = lease(&db).epoch;
        assert!(epoch > last_epoch, "round {round}: epoch {epoch} after {last_epoch}");
        last_epoch = epoch;
        for console in &consoles {
            console.signal(Signal::TERM);
        }
        for engine in engines {
            engine.stop();
        }
        for console in consoles {
            console.end();
        }
        assert_eq!(lease(&db).holder, "", "round {round}: nobody resigned");
    }
}

#[test]
fn a_leader_that_says_goodbye_is_followed_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let mut first = Worker::run(&db);
    first.line_with(&["leading"]);
    // Without a shortened lease: waiting for its end would take 15 s, and the test gives up before 20.
    let mut second =
        Worker::start(leadyard(&db).env_remove("LEADYARD_TEST_LEASE_MS").args(["--json", "run"]));
    second.line_with(&["{\"is\":\"running\"", "{\"is\":\"standing by\""]);
    let begun = Instant::now();
    first.stop();
    loop {
        let line: serde_json::Value = serde_json::from_str(&second.line()).unwrap();
        if line["is"] == "leading" {
            assert!(line["epoch"].as_u64() == Some(lease(&db).epoch), "{line}");
            break;
        }
    }
    assert!(begun.elapsed() < Duration::from_secs(5), "it waited for the lease: {:?}", begun.elapsed());
}

/// Stops the process while it does not hold the write lock: a program stopped in the middle of a transaction keeps everybody
/// waiting, which no lease can cure.
fn stop_between_transactions(worker: &Worker, db: &std::path::Path) {
    let probe = rusqlite::Connection::open(db).unwrap();
    probe.busy_timeout(Duration::ZERO).unwrap();
    wait_until("a moment without a transaction", || {
        worker.signal(Signal::STOP);
        let is_free = probe.execute_batch("BEGIN IMMEDIATE; ROLLBACK").is_ok();
        if !is_free {
            worker.signal(Signal::CONT);
        }
        is_free
    });
}

#[test]
fn a_stopped_leader_is_replaced_within_its_lease_and_writes_nothing_when_woken() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let mut first = Worker::run(&db);
    first.line_with(&["leading"]);
    let mut second = Worker::run(&db);
    second.line_with(&["standing by"]);
    stop_between_transactions(&first, &db);
    let begun = Instant::now();
    second.line_with(&["leading"]);
    let took = begun.elapsed();
    assert!(took < Duration::from_millis(LEASE_MS + 2_000), "taken over after {took:?}");
    let taken = lease(&db);
    let seq = Store::open_readonly(&db).unwrap().last_seq().unwrap();
    first.signal(Signal::CONT);
    let line = first.line_with(&["leading", "standing by"]);
    assert_eq!(line, format!("standing by: process {} leads", second.id()));
    assert_eq!((lease(&db).epoch, holder(&db)), (taken.epoch, second.id()));
    let events =
        Store::open_readonly(&db).unwrap().events(Seq(seq.0 + 1), Seq(u64::MAX), EVENTS_MAX).unwrap();
    assert!(events.iter().all(|e| e.console != first.id()), "{events:?}");
    second.stop();
    // It is still good for the next term.
    first.line_with(&["leading"]);
    first.stop();
}
