//! `check` finds each kind of tampering and names it.

use leadyard::model::alert::{AlertKey, AlertKind, AlertSubject, Finding as AlertFinding};
use leadyard::model::event::{Body, LedgerReason, Restored};
use leadyard::model::id::{LeadId, RepId};
use leadyard::model::lead::LeadState;
use leadyard::model::time::DayNo;
use leadyard::store::{CheckReport, check};

use crate::fixture::*;

fn checked(desk: &Desk) -> CheckReport {
    check(&desk.path(), &mut |_, _| ()).unwrap()
}

/// A desk where every table holds something.
fn lived_in() -> Desk {
    let mut desk = Desk::with_reps();
    desk.write(vec![book(1, "otherwise park \"x\"\n")]);
    for at in 0..6 {
        desk.take(1 + at % 2);
    }
    desk.store.write_checkpoint(&desk.world, None, desk.now).unwrap();
    desk.write(vec![progressed(LeadId(1), LeadState::Assigned, LeadState::Won)]);
    let key = AlertKey { kind: AlertKind::Delayed, subject: AlertSubject::Lead(LeadId(2)) };
    let finding = AlertFinding { key, count: 1, leads: vec![LeadId(2)], figure: 9, limit: 5 };
    desk.write(vec![Body::AlertFired { finding, detail: Default::default() }]);
    let reason = LedgerReason::Adjustment("补偿".into());
    desk.write(vec![Body::LedgerEntered {
        rep: RepId(1),
        team: None,
        day: DayNo(20_768),
        milli: 500,
        reason,
    }]);
    let row = desk.world.lead(LeadId(3)).unwrap().clone();
    let undone = desk.world.seq().0;
    let row = Box::new(leadyard::model::lead::Lead { state: LeadState::Invalid, owner: None, ..row });
    let was = LeadState::Assigned;
    desk.write(vec![
        Body::LeadRestored(Restored {
            was,
            row,
            charges: vec![],
            shares: vec![],
            turns: vec![],
            clock: None,
            withdrawn: true,
        }),
        Body::BatchUndone { batch: leadyard::model::id::BatchId(undone), restored: 1, kept: 0 },
    ]);
    desk
}

#[test]
fn a_sound_file_is_sound_with_and_without_checkpoints() {
    let mut desk = lived_in();
    let report = checked(&desk);
    assert!(report.is_sound(), "{:#?}", report.findings);
    assert_eq!(report.digest, Some(desk.world.digest()));
    assert_eq!((report.events, report.leads, report.open_leads), (desk.world.seq().0, 6, 4));
    assert!(report.rows.iter().all(|(_, rows)| *rows > 0), "{:?}", report.rows);
    desk.store.drop_checkpoints().unwrap();
    let mut last = (0, 0);
    let report = check(&desk.path(), &mut |done, total| last = (done, total)).unwrap();
    assert!(report.is_sound());
    assert_eq!(last.0, last.1);
}

#[test]
fn an_empty_desk_is_sound() {
    assert!(checked(&Desk::new()).is_sound());
}

#[test]
fn each_tampering_is_named() {
    let cases = [
        ("UPDATE lead SET score = 99 WHERE id = 2", "lead id 2, score: found 99, expected 87"),
        ("UPDATE lead SET owner = 2 WHERE id = 5", "lead id 5, owner: found 2, expected 1"),
        ("UPDATE lead SET company = NULL WHERE id = 5", "lead id 5, company: found nothing, expected \"明德"),
        ("DELETE FROM lead WHERE id = 4", "lead id 4: found no row, expected the row the log leads to"),
        (
            "UPDATE ledger SET placements = 9 WHERE rep = 1 AND team = ''",
            "ledger rep 1, team \"\", day 20768, placements",
        ),
        ("INSERT INTO ledger VALUES (1, 'x', 1, 1, 1, 1)", "ledger rep 1, team \"x\", day 1: found a row"),
        ("UPDATE rep SET load = 7 WHERE id = 2", "rep id 2, load: found 7, expected 3"),
        ("DELETE FROM alert", "alert kind \"delayed\", about \"L2\": found no row"),
        ("UPDATE book SET text = 'x'", "book version 1, text: found \"x\""),
        ("DELETE FROM assignment WHERE lead = 6", "assignment seq"),
        ("UPDATE batch SET leads = 5 WHERE id = (SELECT max(id) FROM batch)", "batch id"),
        ("UPDATE batch SET undone_by = NULL", "undone_by: found nothing, expected \"王芳\""),
        ("DELETE FROM intent WHERE first_seq = 1", "intent id x'"),
        ("DELETE FROM lead_key WHERE lead = 5", "lead_key key"),
        ("INSERT INTO lead_key VALUES (42, 5)", "lead_key key 42, lead 5: found a row"),
        ("UPDATE lead_ref SET lead = 5 WHERE lead = 6", "lead_ref hash"),
        ("DELETE FROM company WHERE lead = 5", "company block"),
        ("INSERT INTO contact VALUES (77, 'x', '', '', '', '', '')", "contact lead 77: found contact texts"),
        ("DROP TRIGGER event_is_never_deleted; DELETE FROM event WHERE seq = 5", "event #5 is missing"),
        (
            "DROP TRIGGER event_is_never_changed; UPDATE event SET payload = x'00' WHERE seq = 5",
            "event: found event #5",
        ),
        (
            "DROP TRIGGER event_is_never_changed; UPDATE event SET lead = 1 WHERE seq = 6",
            "event #6 is filed under",
        ),
        (
            "DROP TRIGGER event_is_never_changed; UPDATE event SET batch = 99 WHERE seq = 6",
            "event #6: found batch B99",
        ),
        (
            "DROP TRIGGER event_is_never_changed; UPDATE event SET at = 5 WHERE verb = 1 AND lead = 2",
            "lead id 2, arrived_at",
        ),
        (
            "DROP TRIGGER event_is_never_deleted; DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)",
            "batch id",
        ),
        ("DELETE FROM meta WHERE key = 'secret'", "meta secret"),
        (
            "DROP TRIGGER event_is_never_changed; UPDATE event SET payload = (SELECT payload FROM event WHERE seq = 4), \
             lead = 1 WHERE seq = 6",
            "lead L1 received again",
        ),
    ];
    for (sql, words) in cases {
        let desk = lived_in();
        let raw = rusqlite::Connection::open(desk.path()).unwrap();
        raw.execute_batch(sql).unwrap();
        let report = checked(&desk);
        let said: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
        assert!(said.iter().any(|s| s.contains(words)), "{sql}\nwants {words}\nsaid {said:#?}");
    }
}

#[test]
fn a_checkpoint_that_disagrees_with_the_log_is_found() {
    let mut desk = lived_in();
    let raw = rusqlite::Connection::open(desk.path()).unwrap();
    raw.execute("DELETE FROM checkpoint", []).unwrap();
    // A wrong world under a right sum: written by the store itself.
    let mut wrong = desk.store.world_at(leadyard::model::id::Seq(6), &mut |_, _| ()).unwrap();
    let mut event =
        desk.store.events(leadyard::model::id::Seq(7), leadyard::model::id::Seq(7), 1).unwrap().remove(0);
    if let Body::LeadAssigned(a) = &mut event.body {
        a.score = 1;
    }
    wrong.apply(&event);
    desk.store.write_checkpoint(&wrong, None, desk.now).unwrap();
    let report = checked(&desk);
    assert!(report.findings[0].to_string().starts_with("world: found digest"), "{:?}", report.findings);
}

#[test]
fn many_findings_are_counted() {
    let mut desk = Desk::with_reps();
    for _ in 0..30 {
        desk.take(1);
    }
    let raw = rusqlite::Connection::open(desk.path()).unwrap();
    raw.execute("UPDATE lead SET score = 1", []).unwrap();
    let report = checked(&desk);
    assert_eq!((report.findings.len(), report.more), (20, 10));
}

#[test]
fn broken_pages_are_told() {
    let mut desk = lived_in();
    for _ in 0..50 {
        desk.take(1);
    }
    let path = desk.dir.path().join("copy.db");
    desk.store.backup(&path).unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    for page in 3..12 {
        bytes[page * 4096..page * 4096 + 400].fill(0xA5);
    }
    std::fs::write(&path, bytes).unwrap();
    let report = check(&path, &mut |_, _| ()).unwrap();
    assert_eq!(report.findings[0].table, "file", "{:?}", report.findings);
}

#[test]
fn check_sees_one_moment_while_others_write() {
    let mut desk = lived_in();
    let path = desk.path();
    let mut calls = 0;
    let report = check(&path, &mut |_, _| {
        calls += 1;
        if calls < 4 {
            desk.take(1);
        }
    })
    .unwrap();
    assert!(calls >= 4);
    assert!(report.is_sound(), "{:#?}", report.findings);
}
