//! Leads that are taken in: once, completely, with owner and state as the file says.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

use leadyard::model::lead::{ArrivalKind, LeadState};

use crate::room::Room;

fn many(rows: usize) -> String {
    let mut text = String::from("id,name,phone,source\n");
    (0..rows)
        .for_each(|n| text.push_str(&format!("k{n},Person {n},{},web\n", 13_800_000_000_u64 + n as u64)));
    text
}

#[test]
fn the_same_file_again_adds_nothing_at_all() {
    let room = Room::with_desk();
    room.write("leads.csv", many(300));
    let first = room.run(&["import", "leads", "leads.csv", "--json"]).json();
    assert_eq!((&first["added"], &first["known"]), (&300.into(), &0.into()));
    assert_eq!(first["outcome"]["assigned"], 300);
    let before = room.events();
    let again = room.run(&["import", "leads", "leads.csv"]).ok();
    assert!(again.out.contains("all 300 already known"), "{again:?}");
    let each = room.run(&["import", "leads", "leads.csv", "--each"]).ok();
    assert_eq!(each.out.lines().filter(|l| l.starts_with("known L")).count(), 300);
    assert_eq!(room.events(), before);
}

#[test]
fn an_import_is_one_batch() {
    let room = Room::with_desk();
    room.write("leads.csv", many(900));
    let json = room.run(&["import", "leads", "leads.csv", "--json"]).json();
    let batch = leadyard::model::id::BatchId(json["batch"].as_u64().unwrap());
    let row = room.store().batch(batch).unwrap().unwrap();
    // Begin, end, an arrival and an assignment each.
    assert_eq!(row.events, 2 + 2 * 900);
    assert!(room.store().load_world(&mut |_, _| {}).unwrap().faults() == 0);
}

#[test]
fn a_row_twice_in_a_file_is_one_lead() {
    let room = Room::with_desk();
    room.write("leads.csv", "name,phone\nAnn,13800138000\nBen,13800138001\nAnn,138-0013-8000\n");
    let json = room.run(&["import", "leads", "leads.csv", "--json"]).json();
    assert_eq!((&json["added"], &json["known"]), (&2.into(), &1.into()));
}

#[test]
fn killed_in_the_middle_it_goes_on_where_it_stopped() {
    let room = Room::with_desk();
    let rows = 6_000;
    room.write("leads.csv", many(rows));
    let mut child = room
        .command(&["import", "leads", "leads.csv", "--each"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut told = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        let Ok(line) = line else { break };
        if line.starts_with("taken ") {
            told.push(line);
        }
        if told.len() == 50 {
            child.kill().unwrap();
        }
    }
    child.wait().unwrap();
    let taken = room.leads().len();
    assert!(told.len() >= 50 && taken >= told.len() && taken < rows, "{} told, {taken} taken", told.len());
    // A line came after COMMIT: each lead that was told is there.
    let there: BTreeSet<String> =
        room.arrivals().iter().map(|r| format!("taken {} {}", r.lead, r.external_id)).collect();
    assert!(told.iter().filter(|l| l.matches(' ').count() == 2).all(|l| there.contains(l)));

    let json = room.run(&["import", "leads", "leads.csv", "--json"]).json();
    assert_eq!(json["known"], taken);
    assert_eq!(json["added"], rows - taken);
    let ids: BTreeSet<_> = room.arrivals().iter().map(|r| r.external_id.clone()).collect();
    assert_eq!((ids.len(), room.leads().len()), (rows, rows));
    // Both runs are one batch, and its bracket is closed.
    let row =
        room.store().batch(leadyard::model::id::BatchId(json["batch"].as_u64().unwrap())).unwrap().unwrap();
    assert_eq!(row.events, 2 + 2 * rows as u64);
    let before = room.events();
    room.run(&["import", "leads", "leads.csv"]).ok();
    assert_eq!(room.events(), before);
}

#[test]
fn a_dry_run_makes_nothing() {
    let room = Room::new();
    room.write("leads.csv", "编号,姓名,手机号,学历\n1,王芳,13800138000,10\n");
    let ran = room.run(&["import", "leads", "leads.csv", "--dry-run"]).ok();
    assert!(ran.out.contains("1 rows good") && ran.out.contains("x.学历"), "{ran:?}");
    assert!(!ran.out.contains("13800138000"), "phones are masked: {ran:?}");
    assert!(!room.db().exists());
}

#[test]
fn owners_and_states_are_those_of_the_file() {
    let room = Room::with_desk();
    room.write(
        "leads.csv",
        "id,name,owner,status,do not call\n\
         a,A,anna,Working,\n\
         b,B,\"Ho, Ben\",Closed Won,\n\
         c,C,李娜,,\n\
         d,D,nobody,Working,\n\
         e,E,anna,New,yes\n\
         f,F,,Junk,\n\
         g,G,,Foo,\n",
    );
    let ran = room.run(&["import", "leads", "leads.csv"]).ok();
    assert!(ran.out.contains("owner not on the roster") && ran.out.contains("nobody"), "{ran:?}");
    assert!(ran.out.contains("unknown state word"), "{ran:?}");
    let at = |id: &str| {
        let lead = room.lead(id);
        (lead.state, room.owner(&lead))
    };
    assert_eq!(at("a"), (LeadState::Contacted, Some("anna".into())));
    assert_eq!(at("b"), (LeadState::Won, Some("ben".into())));
    assert_eq!(at("c"), (LeadState::Assigned, Some("li".into())));
    assert_eq!(at("d").0, LeadState::Assigned, "unknown owner: the engine decides");
    assert_eq!(at("e").0, LeadState::Invalid);
    assert!(room.lead("e").do_not_contact);
    assert_eq!(at("f").0, LeadState::Invalid);
    assert_eq!(at("g").0, LeadState::Assigned);
}

#[test]
fn age_or_the_person_decides_how_leads_come_in() {
    let room = Room::with_desk();
    room.write("leads.csv", "id,created at\n1,2020-01-31\n2,\n");
    room.run(&["import", "leads", "leads.csv"]).ok();
    assert_eq!(room.lead("1").kind, ArrivalKind::Backlog);
    assert_eq!(room.lead("2").kind, ArrivalKind::Live);
    room.run(&["import", "leads", "leads.csv", "--system", "other", "--as", "history"]).ok();
    let past: Vec<_> = room.leads().into_iter().filter(|l| l.kind == ArrivalKind::History).collect();
    assert_eq!(past.len(), 2);
    assert!(past.iter().all(|l| !l.state.is_open() && l.owner.is_none()));
}

#[test]
fn the_same_leads_in_any_encoding_are_the_same() {
    let room = Room::with_desk();
    let text = "姓名,手机号,渠道\n王芳,13800138000,官网\n李娜,13800138001,抖音\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    room.write("a.csv", text);
    room.write("b.csv", [b"\xEF\xBB\xBF".as_slice(), text.replace('\n', "\r\n").as_bytes()].concat());
    room.write("c.csv", [b"\xFF\xFE".as_slice(), &utf16].concat());
    room.write("d.csv", encoding_rs::GB18030.encode(text).0);
    room.write("e.csv", text.replace(',', ";"));
    for (at, name) in ["a.csv", "b.csv", "c.csv", "d.csv", "e.csv"].into_iter().enumerate() {
        let json = room.run(&["import", "leads", name, "--system", "crm", "--json"]).json();
        let wanted = if at == 0 { 2 } else { 0 };
        assert_eq!(json["added"], wanted, "{name}: {json}");
    }
    assert_eq!(room.leads().len(), 2);
    assert!(room.arrivals().iter().all(|r| r.attrs.has_phone && r.key_hashes.len() == 1));
}

#[test]
fn custom_columns_are_asked_for_by_rules() {
    let room = Room::with_desk();
    let book = "rule \"Big\"\n  when x.company_size >= 50\n  give to rep anna\n\notherwise park \"small\"\n";
    room.write("book.txt", book);
    room.run(&["import", "rules", "book.txt"]).ok();
    room.write("leads.csv", "id,name,Company Size\n1,A,60\n2,B,5\n");
    room.run(&["import", "leads", "leads.csv"]).ok();
    assert_eq!(room.owner(&room.lead("1")).as_deref(), Some("anna"));
    assert_eq!(room.lead("2").state, LeadState::Parked);
}
