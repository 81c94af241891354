//! Whoever holds desks against a file must find what is wrong between them: each test spoils one thing.

use super::*;
use crate::desk::leader::LEASE_TTL_MS;
use crate::engine::Outcome;
use crate::model::id::RepId;

/// Desks after some honest steps, with the folder they live in.
fn desks() -> (tempfile::TempDir, Desks) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options { trouble_permille: 0, ..Options::default() };
    let mut desks = Desks::new(7, &options, folder.path().join("desk")).unwrap();
    let mut crew = Crew::new(7, desks.hands.wall);
    desks.open_up().unwrap();
    for step in 1..=40 {
        desks.step(step, &mut crew, &options).unwrap();
    }
    assert!(!desks.reported.is_empty());
    (folder, desks)
}

fn convicts<T: std::fmt::Debug>(verdict: Result<T, String>, of: &str) {
    assert!(verdict.as_ref().is_err_and(|why| why.contains(of)), "wanted “{of}”, got {verdict:?}");
}

#[test]
fn honest_desks_pass() {
    let (_folder, mut desks) = desks();
    let report = desks.finish().unwrap();
    assert!(report.taken > 0 && report.events > 60, "{report:?}");
}

#[test]
fn a_console_with_another_world_is_seen() {
    let (_folder, mut spoiled) = desks();
    let seq = spoiled.desks[0].follower.seq();
    spoiled.desks[0].follower.rep_mut(RepId(1)).unwrap().load += 1;
    convicts(spoiled.look(), &format!("worlds differ at {seq}"));
    let (_folder, mut spoiled) = desks();
    convicts(
        spoiled.follow(
            0,
            &Group { answers: Vec::new(), events: vec![spoiled.judge.log()[3].clone()], reloaded: false },
        ),
        "told #4 after",
    );
    let (_folder, mut spoiled) = desks();
    spoiled.desks[1].follower = super::super::judge::fold(&spoiled.judge.log()[..20]);
    convicts(spoiled.look(), "in the midst");
}

#[test]
fn a_reported_lead_that_is_not_there_is_seen() {
    let (_folder, mut spoiled) = desks();
    spoiled.reported.insert(("sim".into(), "never came".into()), vec![LeadId(9_999)]);
    convicts(spoiled.finish(), "was reported for");
    let (_folder, mut spoiled) = desks();
    let lead = spoiled.reported.values().next().unwrap()[0];
    let world = spoiled.judge.world().clone();
    let mut store = Store::open(&spoiled.path).unwrap();
    let mut txn = store.begin().unwrap();
    assert!(txn.forget_contact(lead).unwrap());
    txn.commit(&world).unwrap();
    convicts(spoiled.finish(), "its contact is gone");
}

#[test]
fn an_answer_that_the_log_belies_is_seen() {
    let (_folder, mut spoiled) = desks();
    let done = spoiled.judge.log().last().unwrap().intent;
    let mut order =
        spoiled.order(crate::sim::people::person("x", crate::model::actor::Role::Admin, 1), Intent::Sweep);
    let claimed = Outcome { events: 3, ..Outcome::default() };
    convicts(spoiled.believe(&order, &Ok(claimed)), "were reported, the log knows None");
    order.id = done;
    convicts(spoiled.believe(&order, &Err(Denied::Closing)), "yet in the log");
    convicts(spoiled.believe(&order, &Ok(Outcome::default())), "0 events were reported");
}

#[test]
fn a_file_that_fails_without_cause_is_seen() {
    let (_folder, mut spoiled) = desks();
    spoiled.make_trouble(0, Trouble::Fail { after: 0, forever: true }).unwrap();
    let wish = Intent::SetMode(crate::model::mode::Mode::Paused);
    let order =
        spoiled.order(crate::sim::people::person(crew::ADMIN, crate::model::actor::Role::Admin, 1), wish);
    convicts(spoiled.group(0, &[order]).map(|heard| heard.died), "failed without cause");
}

#[test]
fn a_leader_the_file_does_not_name_is_seen() {
    let (_folder, mut spoiled) = desks();
    // Twice: whoever believed to lead finds out first.
    for _ in 0..2 {
        spoiled.hands.boot_ms += 2 * LEASE_TTL_MS;
        spoiled.lead(0).unwrap();
    }
    let boot_ms = spoiled.hands.boot_ms;
    spoiled.fenced(boot_ms, 0, true).unwrap();
    convicts(spoiled.fenced(boot_ms, 1, true), "desk 1 leads as");
    convicts(spoiled.fenced(boot_ms + 1, 0, true), "desk 0 leads as");
}

#[test]
fn a_table_that_differs_from_the_log_is_seen() {
    let (_folder, mut spoiled) = desks();
    let conn = rusqlite::Connection::open(&spoiled.path).unwrap();
    conn.execute("UPDATE rep SET load = load + 1 WHERE id = 1", []).unwrap();
    drop(conn);
    convicts(spoiled.finish(), "rep id 1, load");
}
