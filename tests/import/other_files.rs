//! Rosters, rule books, follow-up and replay.

use std::process::Stdio;

use leadyard::model::lead::LeadState;

use crate::room::Room;

#[test]
fn a_roster_again_changes_only_what_differs() {
    let room = Room::new();
    room.write(
        "reps.csv",
        "login,name,team,cap,active\nanna,Anna,East,10,yes\nben,Ben,East,,yes\ncy,Cy,West,,no\n",
    );
    let first = room.run(&["import", "reps", "reps.csv", "--cap", "30"]).ok();
    assert!(first.out.contains("added 2") && first.out.contains("not added 1"), "{first:?}");
    let world = room.store().load_world(&mut |_, _| {}).unwrap();
    let cap = |login: &str| world.rep_named(login).unwrap().card.cap_open;
    assert_eq!((cap("anna"), cap("ben")), (Some(10), Some(30)));
    let before = room.events();
    room.run(&["import", "reps", "reps.csv", "--cap", "30"]).ok();
    assert_eq!(room.events(), before);
    room.write("reps.csv", "login,name,team,active\nanna,Anna,West,yes\nben,Ben,East,no\n");
    let ran = room.run(&["import", "reps", "reps.csv"]).ok();
    assert!(ran.out.contains("changed 1 · as before 1") && ran.out.contains("ben"), "{ran:?}");
    let world = room.store().load_world(&mut |_, _| {}).unwrap();
    assert_eq!(world.rep_named("anna").unwrap().card.cap_open, Some(10), "what the file does not say stays");
    assert!(world.rep_named("ben").unwrap().active, "leaving is a person's decision");
}

#[test]
fn one_login_twice_names_both_lines() {
    let room = Room::new();
    room.write("reps.csv", "login,name\nanna,Anna\nben,Ben\nAnna,Other\n");
    let ran = room.run(&["import", "reps", "reps.csv"]);
    assert_eq!(ran.code, 4);
    assert!(ran.err.contains("line 2") && ran.err.contains("line 4"), "{ran:?}");
    assert!(!room.db().exists());
}

#[test]
fn a_book_with_errors_is_not_published_and_the_same_one_is_not_published_twice() {
    let room = Room::with_desk();
    let before = room.events();
    room.write("bad.txt", "rule \"A\"\n  give to team Salse\n\notherwise park \"x\"\n");
    let ran = room.run(&["import", "rules", "bad.txt"]);
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.err.contains("bad.txt:2:") && ran.err.contains("Sales"), "{ran:?}");
    assert_eq!(ran.err.matches("bad.txt:2:").count(), 1, "{ran:?}");
    let same = room.run(&["import", "rules", "book.txt"]).ok();
    assert!(same.out.contains("in force already"), "{same:?}");
    assert_eq!(room.events(), before);
    let fresh = Room::new();
    fresh.write("bad.txt", "rule\n");
    assert_eq!(fresh.run(&["import", "rules", "bad.txt"]).code, 4);
    assert!(!fresh.db().exists());
}

#[test]
fn follow_up_is_taken_once_and_what_cannot_be_is_counted() {
    let room = Room::with_desk();
    room.write("leads.csv", "id,name,phone\na,A,13800138000\nb,B,13800138001\nc,C,13800138002\n");
    room.write("parked.csv", "id,name\np,P\n");
    room.run(&["import", "leads", "leads.csv"]).ok();
    room.write("book2.txt", "otherwise park \"later\"\n");
    room.run(&["import", "rules", "book2.txt"]).ok();
    room.run(&["import", "leads", "parked.csv"]).ok();
    room.write(
        "activity.csv",
        "id,status,changed at,note\n\
         a,Contacted,2026-01-02 10:00,rang\na,Won,2026-01-03 10:00,\nb,Contacted,2026-01-02 11:00,\n\
         b,Closed Lost,2026-01-04,too dear\np,Won,2026-01-05,\nzz,Won,2026-01-05,\nc,New,2026-01-05,\n",
    );
    let json = room.run(&["import", "activity", "activity.csv", "--json"]).json();
    assert_eq!(json["changed"], 4, "{json}");
    assert_eq!(json["unknown"]["names"][0], "zz", "{json}");
    assert_eq!(json["skipped"]["no-owner"], 1, "{json}");
    assert_eq!(json["skipped"]["not-follow-up"], 1, "{json}");
    assert_eq!(room.lead("a").state, LeadState::Won);
    assert_eq!(room.lead("b").state, LeadState::Lost);
    let before = room.events();
    let again = room.run(&["import", "activity", "activity.csv", "--json"]).json();
    assert_eq!((&again["changed"], &again["already"]), (&0.into(), &4.into()), "{again}");
    assert_eq!(room.events(), before);
}

#[test]
fn a_file_without_states_takes_the_one_given() {
    let room = Room::with_desk();
    room.write("leads.csv", "id,name\na,A\nb,B\n");
    room.run(&["import", "leads", "leads.csv"]).ok();
    room.write("lost.csv", "id\na\n");
    assert_eq!(room.run(&["import", "activity", "lost.csv"]).code, 4);
    let ran = room.run(&["import", "activity", "lost.csv", "--to", "lost", "--system", "leads"]).ok();
    assert!(ran.out.contains("changed 1"), "{ran:?}");
    assert_eq!(room.run(&["import", "activity", "lost.csv", "--to", "gone"]).code, 2);
    assert_eq!(room.lead("a").state, LeadState::Lost);
}

#[test]
fn a_replay_takes_each_lead_at_its_own_time_and_again_adds_none() {
    let room = Room::with_desk();
    room.write(
        "leads.csv",
        "id,name,created at\nlate,L,2026-11-02 10:00:00\nearly,E,2026-11-01 09:00:00\n\
         day,D,2026-11-01\nbefore,B,2026-10-01 08:00:00\nnone,N,\n",
    );
    let args = ["replay", "leads.csv", "--as-of", "2026-11-01", "--speed", "0", "--zone", "Asia/Shanghai"];
    let ran = room.run(&args).ok();
    assert!(ran.err.contains("3 leads to play, 2 left out"), "{ran:?}");
    assert!(ran.err.contains("1 of them tell only a day"), "{ran:?}");
    assert!(ran.out.contains("taken 3"), "{ran:?}");
    let leads = room.leads();
    assert_eq!(leads.len(), 3);
    assert!(leads.iter().all(|l| l.arrived_at == l.received_at), "each at its own time: {leads:#?}");
    assert_eq!(room.lead("late").arrived_at.to_rfc3339(), "2026-11-02T02:00:00.000Z");
    let again = room.run(&args).ok();
    assert!(again.out.contains("taken 0 · known already 3"), "{again:?}");
    assert_eq!(room.leads().len(), 3);
}

#[test]
fn an_interrupted_replay_ends_cleanly() {
    let room = Room::with_desk();
    room.write("leads.csv", "id,name,created at\na,A,2026-11-01 09:00:00\nb,B,2026-12-01 09:00:00\n");
    let child = room
        .command(&["replay", "leads.csv", "--speed", "60"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // The first lead is in: the month to the second would last half a day.
    while !room.db().exists() || room.leads().is_empty() {
        std::thread::yield_now();
    }
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let out = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(out.contains("stopped at") && out.contains("taken 1"), "{out}");
    assert_eq!(room.leads().len(), 1);
}
