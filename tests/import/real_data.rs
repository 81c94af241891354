//! Real files, where they are present: every lead once, nothing merged, nothing lost, nobody assigned who must not be.

use std::collections::BTreeSet;

use leadyard::model::lead::{ArrivalKind, LeadState};

use crate::room::{Room, data};

fn import(room: &Room, file: &str, options: &[&str]) -> serde_json::Value {
    let args = [&["import", "leads", file, "--json"][..], options].concat();
    room.run(&args).json()
}

#[test]
fn olist_with_the_maven_roster_and_its_resaved_copy() {
    let name = "olist_marketing_qualified_leads_dataset.csv";
    let (Some(leads), Some(resaved), Some(deals), Some(reps)) = (
        data(&format!("olist/{name}")),
        data(&format!("olist/excel_resaved/{name}")),
        data("olist/olist_closed_deals_dataset.csv"),
        data("maven_crm/sales_teams.csv"),
    ) else {
        return;
    };
    let room = Room::new();
    room.run(&["import", "reps", &reps, "--cap", "300"]).ok();
    room.write("book.txt", "otherwise give to team Central, team East, team West by fair\n");
    room.run(&["import", "rules", "book.txt"]).ok();
    let json = import(&room, &leads, &[]);
    assert_eq!((&json["added"], &json["outcome"]["assigned"]), (&8_000.into(), &8_000.into()), "{json}");
    let before = room.events();
    let json = import(&room, &resaved, &[]);
    assert_eq!((&json["added"], &json["known"]), (&0.into(), &8_000.into()), "{json}");
    assert_eq!(room.events(), before);
    let json = room.run(&["import", "activity", &deals, "--json"]).json();
    assert_eq!((&json["changed"], &json["unknown"]["count"]), (&842.into(), &0.into()), "{json}");
    assert_eq!(room.count(LeadState::Won), 842);
    let again = room.run(&["import", "activity", &deals, "--json"]).json();
    assert_eq!((&again["changed"], &again["already"]), (&0.into(), &842.into()), "{again}");
}

#[test]
fn the_chinese_leads_are_the_same_in_every_encoding() {
    let files = ["线索列表_utf8bom.csv", "线索列表_gbk.csv", "clue_utf8.csv", "线索列表.xlsx"];
    let Some(files) = files.iter().map(|f| data(&format!("huike_crm_zh/{f}"))).collect::<Option<Vec<_>>>()
    else {
        return;
    };
    let Some(reps) = data("huike_crm_zh/user.csv") else { return };
    let room = Room::new();
    room.run(&["import", "reps", &reps]).ok();
    room.write(
        "book.txt",
        "rule \"Java\"\n  when product = Java\n  give to rep zhangsan\n\notherwise park \"其余\"\n",
    );
    room.run(&["import", "rules", "book.txt"]).ok();
    for (at, file) in files.iter().enumerate() {
        let before = room.events();
        let json = import(&room, file, &["--system", "huike"]);
        let wanted = if at == 0 { 610 } else { 0 };
        assert_eq!(json["added"], wanted, "{file}: {json}");
        assert_eq!(json["known"], 610 - wanted, "{file}: {json}");
        assert_eq!(at > 0, room.events() == before, "{file}");
    }
    assert_eq!(room.leads().len(), 610);
}

#[test]
fn zoho_leads_are_neither_merged_nor_lost() {
    let (Some(leads), Some(reps)) = (data("zoho_crm_demo/Leads.csv"), data("zoho_crm_demo/Users.csv")) else {
        return;
    };
    let room = Room::new();
    room.run(&["import", "reps", &reps]).ok();
    let json = import(&room, &leads, &["--country", "US", "--zone", "America/New_York"]);
    assert_eq!((&json["added"], &json["rejected"]), (&3_900.into(), &0.into()), "{json}");
    assert_eq!(json["unknown_owners"]["count"], 0, "{json}");
    let ids: BTreeSet<_> = room.arrivals().iter().map(|r| r.external_id.clone()).collect();
    assert_eq!((ids.len(), room.leads().len()), (3_900, 3_900));
    assert_eq!(room.count(LeadState::Merged), 0);
    assert!(room.leads().iter().all(|l| l.owner.is_some()));
}

#[test]
fn marketstar_leads_nobody_has_are_backlog_and_do_not_call_is_never_assigned() {
    let (Some(leads), Some(reps)) = (data("marketstar/Leads.csv"), data("marketstar/Employees.csv")) else {
        return;
    };
    let room = Room::new();
    room.run(&["import", "reps", &reps, "--map", "EmployeeId=login", "--cap", "2500"]).ok();
    room.write(
        "book.txt",
        "calendar\n  timezone America/New_York\n\notherwise give to rep 1, rep 2, rep 3, rep 4, rep 5 by fair\n",
    );
    room.run(&["import", "rules", "book.txt"]).ok();
    let json = import(&room, &leads, &[]);
    assert_eq!((&json["added"], &json["rejected"]), (&43_033.into(), &0.into()), "{json}");
    let all = room.leads();
    let unowned: BTreeSet<_> = room
        .arrivals()
        .iter()
        .filter(|r| r.state == LeadState::Waiting && r.owner.is_none())
        .map(|r| r.lead)
        .collect();
    assert_eq!(unowned.len(), 10_466);
    assert!(all.iter().filter(|l| unowned.contains(&l.id)).all(|l| l.kind == ArrivalKind::Backlog));
    let unwanted: Vec<_> = all.iter().filter(|l| l.do_not_contact).collect();
    assert_eq!(unwanted.len(), 1_867);
    assert!(unwanted.iter().all(|l| l.state == LeadState::Invalid));
    let given = room.given();
    assert!(unwanted.iter().all(|l| !given.contains(&l.id)), "nobody was given one");
    assert_eq!(given.len(), 10_466, "and the engine gave exactly what nobody had");
    assert_eq!(room.count(LeadState::Qualified), 1_061);
}
