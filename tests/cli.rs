//! The commands from outside: bad input gets a sentence with the cure, a non-zero exit, and changes nothing; manual work,
//! undo after a restart, roles and conflicts as a script meets them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may")]

#[path = "cli/rules.rs"]
mod rules;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

struct Run {
    code: i32,
    out: String,
    err: String,
}

fn leadyard(db: &Path, args: &[&str]) -> Run {
    let out = Command::new(env!("CARGO_BIN_EXE_leadyard"))
        .env_remove("LEADYARD_DB")
        .env_remove("LEADYARD_ACTOR")
        .env("LEADYARD_LANG", "en")
        .arg("--db")
        .arg(db)
        .args(args)
        .output()
        .unwrap();
    Run {
        code: out.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&out.stdout).into_owned(),
        err: String::from_utf8_lossy(&out.stderr).into_owned(),
    }
}

fn ok(db: &Path, args: &[&str]) -> String {
    let run = leadyard(db, args);
    assert_eq!(run.code, 0, "{args:?}: {}{}", run.out, run.err);
    run.out
}

fn json(db: &Path, args: &[&str]) -> Value {
    let mut all = vec!["--json"];
    all.extend(args);
    serde_json::from_str(&ok(db, &all)).unwrap()
}

/// A desk with two reps, a book and three leads; the first rep is full after one.
fn desk(dir: &Path) -> PathBuf {
    let db = dir.join("desk.db");
    ok(&db, &["rep", "add", "li.na", "--name", "李娜", "--team", "East", "--cap", "1"]);
    ok(&db, &["rep", "add", "o.brien", "--name", "O'Brien", "--team", "East"]);
    let book = dir.join("book.rules");
    let text = "rule \"East\"\n  when region = 上海\n  give to team East by fair\n\notherwise park \"nobody matched\"\n";
    std::fs::write(&book, text).unwrap();
    ok(&db, &["import", "rules", book.to_str().unwrap()]);
    for (name, region) in [("李雷", "上海"), ("韩梅梅", "上海"), ("欧阳娜娜", "北京")] {
        ok(&db, &["lead", "add", "--name", name, "--region", region, "--source", "抖音"]);
    }
    db
}

fn lead(db: &Path, id: &str) -> Value {
    json(db, &["lead", "show", id])
}

#[test]
fn a_lead_is_assigned_explained_overridden_and_undone_after_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    assert_eq!(lead(&db, "L1")["owner"], "li.na");
    assert_eq!(lead(&db, "L2")["owner"], "o.brien");
    assert_eq!(lead(&db, "L3")["state"], "parked");
    assert!(ok(&db, &["why", "2", "--not", "李娜"]).contains("full, 1 in hand"));
    let zh = ok(&db, &["--lang", "zh", "why", "2", "--not", "李娜"]);
    assert!(zh.contains("在手已满 1 条"), "{zh}");
    // Over cap needs the word and a reason; each command is a process of its own.
    let refused = leadyard(&db, &["lead", "assign", "2", "--to", "li.na"]);
    assert_eq!(refused.code, 3, "{}", refused.err);
    assert!(refused.err.contains("full 1/1"), "{}", refused.err);
    let before = json(&db, &["status"]);
    ok(&db, &["lead", "assign", "2", "--to", "李娜", "--force", "--reason", "asked for her"]);
    assert_eq!(lead(&db, "2")["owner"], "li.na");
    assert_eq!(lead(&db, "2")["pinned"], true);
    ok(&db, &["undo"]);
    assert_eq!(lead(&db, "2")["owner"], "o.brien");
    let after = json(&db, &["status"]);
    assert_eq!(before["reps"], after["reps"], "loads and turns are back");
    let twice = leadyard(&db, &["undo", before["seq"].to_string().as_str()]);
    assert_eq!(twice.code, 3, "{}", twice.err);
    ok(&db, &["check"]);
}

#[test]
fn a_corrected_region_routes_again_and_a_leaver_is_spread() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    ok(&db, &["lead", "edit", "3", "--region", "上海"]);
    assert_eq!(lead(&db, "3")["owner"], "o.brien");
    ok(&db, &["lead", "mark", "lost", "L1"]);
    ok(&db, &["rep", "deactivate", "o.brien", "--their-leads", "spread"]);
    let status = json(&db, &["status"]);
    assert_eq!(status["counts"]["assigned"], 1, "one fits under the cap: {status}");
    assert_eq!(status["counts"]["waiting"], 1, "{status}");
    // Taken back, and all to one colleague instead: over the cap, as a person decides.
    ok(&db, &["undo"]);
    ok(&db, &["rep", "deactivate", "o.brien", "--to", "li.na"]);
    assert_eq!((&lead(&db, "L2")["owner"], &lead(&db, "L3")["owner"]), (&"li.na".into(), &"li.na".into()));
    let both = leadyard(&db, &["rep", "deactivate", "li.na", "--to", "li.na", "--their-leads", "keep"]);
    assert_eq!(both.code, 2, "{}", both.err);
    ok(&db, &["check"]);
}

#[test]
fn a_role_that_may_not_is_refused_and_a_hold_names_who_and_when() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let refused = leadyard(&db, &["--role", "viewer", "lead", "park", "1"]);
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains("coordinator") && refused.err.contains("viewer"), "{}", refused.err);
    ok(&db, &["role", "zhao.min", "coordinator"]);
    ok(&db, &["--actor", "zhao.min", "lead", "hold", "L1"]);
    let held = leadyard(&db, &["lead", "recall", "L1"]);
    assert_eq!(held.code, 3);
    assert!(held.err.contains("held by zhao.min until"), "{}", held.err);
}

#[test]
fn a_bad_database_file_gets_a_sentence_and_stays_as_it_is() {
    let dir = tempfile::tempdir().unwrap();
    let missing = leadyard(&dir.path().join("none.db"), &["status"]);
    assert_eq!(missing.code, 5);
    assert!(missing.err.contains("none.db"), "{}", missing.err);
    assert!(!dir.path().join("none.db").exists());
    let text = dir.path().join("text.db");
    std::fs::write(&text, "this is a shopping list, not a desk. ".repeat(200)).unwrap();
    let before = std::fs::read(&text).unwrap();
    for command in ["status", "check"] {
        let run = leadyard(&text, &[command]);
        assert_eq!(run.code, 5, "{command}: {}", run.err);
        assert!(run.err.contains("text.db"), "{}", run.err);
    }
    assert_eq!(std::fs::read(&text).unwrap(), before);
    let foreign = dir.path().join("foreign.db");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE songs (name TEXT)").unwrap();
    let run = leadyard(&foreign, &["lead", "add", "--name", "x"]);
    assert_eq!(run.code, 5, "{}", run.err);
    let db = desk(dir.path());
    let raw = rusqlite::Connection::open(&db).unwrap();
    raw.pragma_update(None, "user_version", 99).unwrap();
    drop(raw);
    let newer = leadyard(&db, &["lead", "park", "1"]);
    assert_eq!(newer.code, 5, "{}", newer.err);
    assert!(newer.err.contains("newer"), "{}", newer.err);
}

#[test]
fn a_tampered_table_is_named_by_check_with_exit_1() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    rusqlite::Connection::open(&db).unwrap().execute("UPDATE lead SET owner = 2 WHERE id = 1", []).unwrap();
    let run = leadyard(&db, &["check"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert!(run.err.contains("lead") && run.err.contains("owner"), "{}", run.err);
}

#[test]
fn a_book_with_errors_and_an_unknown_argument_change_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let seq = json(&db, &["status"])["seq"].clone();
    let book = dir.path().join("bad.rules");
    std::fs::write(&book, "rule \"X\"\n  give to team \"Eats\" by fair\n").unwrap();
    let run = leadyard(&db, &["import", "rules", book.to_str().unwrap()]);
    assert_eq!(run.code, 4);
    assert!(run.err.contains("bad.rules:2:") && run.err.contains("East"), "{}", run.err);
    assert_eq!(leadyard(&db, &["lead", "explode"]).code, 2);
    assert_eq!(leadyard(&db, &["--lang", "fr", "status"]).code, 2);
    assert_eq!(json(&db, &["status"])["seq"], seq);
}

#[test]
fn backup_restore_snapshot_and_log_do_what_they_say() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let copy = dir.path().join("copy.db");
    ok(&db, &["backup", copy.to_str().unwrap()]);
    ok(&copy, &["check"]);
    ok(&db, &["lead", "park", "1", "--reason", "later"]);
    let log = ok(&db, &["--json", "log"]);
    let last: Value = serde_json::from_str(log.lines().last().unwrap()).unwrap();
    assert_eq!(last["verb"], "lead.parked");
    ok(&db, &["restore", copy.to_str().unwrap()]);
    assert_eq!(lead(&db, "1")["state"], "assigned");
    let snapshot = dir.path().join("snapshot.db");
    ok(&db, &["snapshot", snapshot.to_str().unwrap()]);
    let raw = rusqlite::Connection::open(&snapshot).unwrap();
    let leads: i64 = raw.query_row("SELECT count(*) FROM lead", [], |r| r.get(0)).unwrap();
    assert_eq!(leads, 3);
}

#[test]
fn a_divert_is_set_shown_obeyed_and_ended() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    ok(&db, &["rep", "add", "wang", "--name", "王五", "--team", "West"]);
    let bad =
        leadyard(&db, &["divert", "add", "--where", "regoin = 上海", "--team", "West", "--until", "2h"]);
    assert_eq!(bad.code, 3, "{}", bad.err);
    assert!(bad.err.contains("line 1, column 1"), "{}", bad.err);
    let late = leadyard(&db, &["divert", "add", "--team", "West", "--until", "32d"]);
    assert_eq!(late.code, 3, "{}", late.err);
    let nobody = leadyard(&db, &["divert", "add", "--until", "2h"]);
    assert_eq!(nobody.code, 2, "{}", nobody.err);
    let set = ok(
        &db,
        &["divert", "add", "--where", "source = 抖音", "--team", "West", "--until", "2h", "--reason", "直播"],
    );
    assert!(set.starts_with("D1 source = 抖音 → West by fair until"), "{set}");
    ok(&db, &["lead", "add", "--region", "上海", "--source", "抖音"]);
    assert_eq!(lead(&db, "L4")["owner"], "wang");
    let why = ok(&db, &["why", "4"]);
    assert!(why.contains("divert D1 by "), "{why}");
    assert!(ok(&db, &["--lang", "zh", "why", "4"]).contains("临时改道 D1"));
    assert_eq!(json(&db, &["status"])["diverts"][0]["reason"], "直播");
    assert!(ok(&db, &["status"]).contains("divert D1"));
    ok(&db, &["divert", "end", "D1"]);
    assert_eq!(json(&db, &["divert", "list"]).as_array().unwrap().len(), 0);
    assert_eq!(leadyard(&db, &["divert", "end", "D1"]).code, 3);
    ok(&db, &["undo"]);
    assert_eq!(json(&db, &["divert", "list"])[0]["id"], 1);
    ok(&db, &["check"]);
}

#[test]
fn a_promotion_is_switched_shown_obeyed_reported_and_ended() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let book = dir.path().join("promoted.rules");
    let text = "rule \"East\"\n  when region = 上海\n  give to rep li.na\n  else wait\n\npromotion 直播\n  \
                cap 2 open for team East\n\nreplies from 抖音\n\notherwise wait\n";
    std::fs::write(&book, text).unwrap();
    ok(&db, &["import", "rules", book.to_str().unwrap()]);
    ok(&db, &["lead", "add", "--region", "上海", "--source", "抖音"]);
    assert_eq!(lead(&db, "L4")["state"], "waiting");
    assert_eq!(leadyard(&db, &["promotion", "start", "直播间", "--until", "2h"]).code, 3);
    assert_eq!(leadyard(&db, &["promotion", "start", "直播", "--until", "32d"]).code, 3);
    assert_eq!(leadyard(&db, &["promotion", "start", "直播", "--until", "soon"]).code, 2);
    assert_eq!(leadyard(&db, &["promotion", "report", "直播"]).code, 3);
    ok(&db, &["promotion", "start", "直播", "--until", "2h", "--reason", "加场"]);
    assert_eq!(lead(&db, "L4")["owner"], "li.na");
    let why = ok(&db, &["why", "4"]);
    assert!(why.contains("promotion “直播” until") && why.contains("cap 2 open"), "{why}");
    assert!(ok(&db, &["--lang", "zh", "why", "4"]).contains("大促「直播」"));
    assert_eq!(json(&db, &["status"])["promotions"][0]["reason"], "加场");
    assert!(ok(&db, &["status"]).contains("promotion 直播 until"));
    assert!(ok(&db, &["promotion", "list"]).contains("直播  on until"));
    ok(&db, &["lead", "add", "--region", "上海", "--source", "抖音"]);
    ok(&db, &["lead", "assign", "L5", "--to", "o.brien", "--reason", "熟客"]);
    ok(&db, &["lead", "mark", "contacted", "L4"]);
    ok(&db, &["promotion", "stop", "直播"]);
    assert_eq!(leadyard(&db, &["promotion", "stop", "直播"]).code, 3);
    let report = json(&db, &["promotion", "report", "直播"]);
    assert_eq!(report["ended"], true);
    let during = &report["during"];
    assert_eq!(during["arrivals"], 1);
    assert_eq!((during["by_engine"].as_u64(), during["overridden"].as_u64()), (Some(1), Some(1)));
    assert_eq!(during["rules"]["East"], 1);
    assert_eq!(during["reps"]["o.brien"], 1);
    let told = ok(&db, &["promotion", "report", "直播"]);
    assert!(told.contains("overridden by a person") && !told.contains("runs in the log: 2"), "{told}");
    ok(&db, &["promotion", "start", "直播", "--until", "1h"]);
    let report = json(&db, &["promotion", "report", "直播"]);
    assert_eq!((report["run"].as_u64(), report["runs"].as_array().map(Vec::len)), (Some(2), Some(2)));
    assert_eq!((&report["runs"][0]["arrivals"], &report["runs"][0]["ended"]), (&1.into(), &true.into()));
    assert_eq!((&report["during"]["arrivals"], &report["ended"]), (&0.into(), &false.into()));
    let first = json(&db, &["promotion", "report", "直播", "--run", "1"]);
    assert_eq!((&first["during"], first["run"].as_u64()), (during, Some(1)));
    let told = ok(&db, &["--lang", "zh", "promotion", "report", "直播", "--run", "1"]);
    assert!(told.contains("日志中的次数: 2") && told.contains("第 1 次"), "{told}");
    assert_eq!(leadyard(&db, &["promotion", "report", "直播", "--run", "3"]).code, 2);
    ok(&db, &["undo"]);
    ok(&db, &["undo"]);
    assert!(json(&db, &["promotion", "list"])[0]["on"]["until"].is_string());
    ok(&db, &["check"]);
}

#[test]
fn the_pool_is_filled_claimed_within_its_limits_and_foretold() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let refused = leadyard(&db, &["pool", "put", "3"]);
    assert_eq!(refused.code, 3);
    assert!(refused.err.contains("has no pool"), "{}", refused.err);
    let book = dir.path().join("pool.rules");
    let text = "rule \"East\"\n  when region = 上海\n  give to team East\n\npool\n  claim 1 per day\n  \
                return after 2 working days without contact\n\nreplies from 抖音\n\notherwise park \"x\"\n";
    std::fs::write(&book, text).unwrap();
    ok(&db, &["import", "rules", book.to_str().unwrap()]);
    let put = json(&db, &["pool", "put", "3", "L1", "--reason", "回访失败"])["batch"].to_string();
    ok(&db, &["role", "o.brien", "rep"]);
    let as_rep = |args: &[&str]| {
        let mut all = vec!["--actor", "o.brien"];
        all.extend(args);
        leadyard(&db, &all)
    };
    let list = json(&db, &["--actor", "o.brien", "pool", "list"]);
    assert_eq!(list.as_array().unwrap().len(), 2);
    assert_eq!(list[0]["claimable"], true, "{list}");
    assert_eq!(as_rep(&["pool", "put", "2"]).code, 3, "a rep does not fill the pool");
    let claimed = as_rep(&["pool", "claim", "L3"]);
    assert_eq!(claimed.code, 0, "{}", claimed.err);
    assert_eq!(lead(&db, "3")["owner"], "o.brien");
    assert_eq!(lead(&db, "3")["pinned"], true);
    let second = as_rep(&["pool", "claim", "L1"]);
    assert_eq!(second.code, 3);
    assert!(second.err.contains("1 of 1 leads claimed today"), "{}", second.err);
    let zh = ok(&db, &["--actor", "o.brien", "--lang", "zh", "pool", "list"]);
    assert!(zh.contains("今日已领取 1/1 条") && zh.contains("回访失败"), "{zh}");
    let soon = json(&db, &["pool", "forecast", "--minutes", "20000"]);
    assert_eq!((soon["count"].as_u64(), soon["leads"][0]["id"].as_u64()), (Some(1), Some(2)), "{soon}");
    assert_eq!(soon["pinned"], serde_json::json!([3]));
    assert_eq!(json(&db, &["status"])["pool"]["leads"], 1);
    assert!(ok(&db, &["status"]).contains("next 60 minutes: 0 recalls"));
    ok(&db, &["undo", &format!("B{put}")]);
    assert_eq!((&lead(&db, "1")["owner"], &lead(&db, "3")["owner"]), (&"li.na".into(), &"o.brien".into()));
    ok(&db, &["check"]);
}

#[test]
fn the_ledger_page_is_open_to_all_and_adjusted_by_a_supervisor() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let page = json(&db, &["--role", "viewer", "ledger", "李娜"]);
    assert_eq!(page["scopes"][1]["team"], "East");
    assert_eq!(
        (page["scopes"][0]["sum_milli"].as_i64(), page["scopes"][0]["others"].as_u64()),
        (Some(1000), Some(1))
    );
    ok(&db, &["ledger", "adjust", "li.na", "+2", "--reason", "took the trade fair's leads"]);
    ok(&db, &["ledger", "adjust", "li.na", "-0.25", "--reason", "补偿", "--team", "East"]);
    let page = ok(&db, &["ledger", "li.na"]);
    assert!(page.contains("took the trade fair's leads") && page.contains("+2"), "{page}");
    let page = json(&db, &["ledger", "li.na"]);
    assert_eq!(page["scopes"][0]["sum_milli"], 3000);
    assert_eq!(page["scopes"][1]["entries"][0]["kind"], "adjustment");
    assert_eq!(page["scopes"][1]["entries"][0]["milli"], -250);
    for (args, says) in [
        (vec!["ledger", "adjust", "li.na", "+21", "--reason", "x"], "at most 20 turns"),
        (vec!["--role", "coordinator", "ledger", "adjust", "li.na", "1", "--reason", "x"], "supervisor"),
        (vec!["ledger", "adjust", "li.na", "1", "--reason", " "], "reason"),
        (vec!["ledger", "adjust", "li.na", "1", "--reason", "x", "--team", "West"], "not in the team"),
    ] {
        let refused = leadyard(&db, &args);
        assert_eq!(refused.code, 3, "{args:?}");
        assert!(refused.err.contains(says), "{}", refused.err);
    }
    assert_eq!(leadyard(&db, &["ledger", "adjust", "li.na", "two", "--reason", "x"]).code, 2);
    ok(&db, &["undo"]);
    assert_eq!(
        json(&db, &["ledger", "li.na"])["scopes"][1]["sum_milli"],
        1000,
        "the team's own turn is left"
    );
    ok(&db, &["check"]);
}

#[test]
fn a_day_of_hire_starts_the_ramp() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let book = dir.path().join("ramp.rules");
    std::fs::write(&book, "ramp 50% in weeks 1..4\notherwise give to team East\n").unwrap();
    ok(&db, &["import", "rules", book.to_str().unwrap()]);
    ok(&db, &["rep", "add", "new", "--team", "East", "--started", "2199-01-01"]);
    assert_eq!(leadyard(&db, &["rep", "add", "other", "--started", "soon"]).code, 2);
    let page = json(&db, &["ledger", "new"]);
    assert_eq!((page["weight_milli"].as_u64(), page["ramp"]["week"].as_u64()), (Some(500), Some(1)));
    let roster = dir.path().join("reps.csv");
    std::fs::write(&roster, "login,team,入职日期\nnew,East,2020/1/31\nlate,East,\n").unwrap();
    ok(&db, &["import", "reps", roster.to_str().unwrap()]);
    let reps = json(&db, &["rep", "list"]);
    let of = |login: &str| {
        reps.as_array().unwrap().iter().find(|r| r["login"] == login).unwrap()["started"].clone()
    };
    assert_eq!((of("new"), of("late")), (serde_json::json!("2020-01-31"), Value::Null));
    assert_eq!(json(&db, &["ledger", "new"])["weight_milli"], 1000);
    std::fs::write(&roster, "login,started\nnew,31/01/2020\n").unwrap();
    assert_eq!(leadyard(&db, &["import", "reps", roster.to_str().unwrap()]).code, 4);
    ok(&db, &["rep", "edit", "new", "--started", "none"]);
    ok(&db, &["check"]);
}

#[test]
fn a_new_book_reorders_those_who_wait_in_every_process() {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("desk.db");
    ok(&db, &["rep", "add", "li.na", "--team", "East", "--cap", "1"]);
    let publish = |score: &str| {
        let book = dir.path().join("book.rules");
        std::fs::write(&book, format!("score\n  {score}\nrule \"East\"\n  give to team East\n")).unwrap();
        ok(&db, &["import", "rules", book.to_str().unwrap()]);
    };
    publish("+10 when source = 官网");
    for source in ["官网", "抖音", "官网", "抖音"] {
        ok(&db, &["lead", "add", "--source", source]);
    }
    let queue = || -> Vec<u64> {
        let rows = json(&db, &["lead", "list", "--state", "waiting"]);
        rows.as_array().unwrap().iter().map(|r| r["id"].as_u64().unwrap()).collect()
    };
    assert_eq!(queue(), [3, 2, 4]);
    ok(&db, &["lead", "hold", "4"]);
    ok(&db, &["lead", "park", "2"]);
    publish("+50 when source = 抖音");
    assert_eq!(queue(), [4, 3]);
    assert_eq!(lead(&db, "2")["score"], 50);
    ok(&db, &["check"]);
    ok(&db, &["lead", "free", "2"]);
    assert_eq!(queue(), [2, 4, 3]);
    ok(&db, &["lead", "mark", "won", "1"]);
    assert_eq!(lead(&db, "2")["owner"], "li.na", "the better one is served first; the held one is passed by");
    ok(&db, &["check"]);
}

#[test]
fn duplicates_are_merged_and_unmerged_and_nothing_is_lost() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let before = lead(&db, "2")["owner"].clone();
    ok(&db, &["lead", "merge", "2", "--into", "1"]);
    ok(&db, &["check"]);
    let merged = lead(&db, "2");
    assert_eq!((merged["state"].as_str(), merged["merged_into"].as_u64()), (Some("merged"), Some(1)));
    assert!(ok(&db, &["why", "2"]).contains("merged into L1"));
    assert!(ok(&db, &["--lang", "zh", "lead", "show", "2"]).contains("已合并到 L1"));
    let run = leadyard(&db, &["lead", "merge", "1", "--into", "2"]);
    assert!(run.code == 3 && run.err.contains("merged into L1"), "{} {}", run.code, run.err);
    ok(&db, &["lead", "unmerge", "2"]);
    ok(&db, &["check"]);
    assert_eq!((&lead(&db, "2")["owner"], lead(&db, "2")["merged_into"].is_null()), (&before, true));
    ok(&db, &["lead", "merge", "2", "3", "--into", "1"]);
    ok(&db, &["undo"]);
    ok(&db, &["check"]);
    assert_eq!(lead(&db, "2")["owner"], before);
}

#[test]
fn assist_proposes_and_a_person_accepts() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    ok(&db, &["mode", "assist", "--rule", "East"]);
    assert_eq!(leadyard(&db, &["mode", "assist", "--rule", "Nord"]).code, 3);
    assert_eq!(json(&db, &["status"])["modes"][0]["name"], "East");
    ok(&db, &["lead", "add", "--region", "上海"]);
    ok(&db, &["lead", "add", "--region", "上海"]);
    let shown = json(&db, &["proposals"]);
    assert_eq!((shown[0]["lead"].as_u64(), shown[0]["rep"].as_str()), (Some(4), Some("o.brien")));
    assert!(ok(&db, &["why", "4"]).contains("proposes O'Brien"));
    let moved = leadyard(&db, &["accept", "L4=li.na"]);
    assert_eq!(moved.code, 3);
    assert!(moved.err.contains("full, 1 in hand") && moved.err.contains("now: → O'Brien"), "{}", moved.err);
    ok(&db, &["accept", "L4"]);
    assert_eq!(lead(&db, "L4")["owner"], "o.brien");
    assert_eq!(lead(&db, "L4")["pinned"], false);
    ok(&db, &["undo"]);
    assert_eq!(lead(&db, "L4")["state"], "parked");
    ok(&db, &["accept", "--all"]);
    assert_eq!(lead(&db, "L5")["owner"], "o.brien");
    assert_eq!(leadyard(&db, &["accept", "L5"]).code, 3);
    ok(&db, &["mode", "auto", "--rule", "East"]);
    assert!(ok(&db, &["proposals"]).is_empty());
    ok(&db, &["check"]);
}

#[test]
fn modes_are_told_with_their_end() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    ok(&db, &["mode", "paused", "--team", "East", "--until", "2h"]);
    ok(&db, &["mode", "assist", "--until", "1h"]);
    let status = json(&db, &["status"]);
    assert_eq!(status["mode"], "assist");
    let modes = status["modes"].as_array().unwrap();
    assert!(modes.len() == 2 && modes.iter().all(|m| m["until"].is_string()), "{modes:?}");
    let told = ok(&db, &["status"]);
    assert!(told.contains("team East: paused until ") && told.contains("the desk: assist until "), "{told}");
    let told = ok(&db, &["--lang", "zh", "status"]);
    assert!(told.contains("团队「East」: 暂停 至 ") && told.contains("全台: 建议 至 "), "{told}");
}

#[test]
fn a_draft_is_tried_reported_and_stopped() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let draft = dir.path().join("draft.rules");
    let text = "score\n  +5 when region = 上海\nrule \"All\"\n  give to rep o.brien\n\notherwise wait\n";
    std::fs::write(&draft, text).unwrap();
    let draft = draft.to_str().unwrap();
    assert_eq!(leadyard(&db, &["rules", "shadow", "report"]).code, 3);
    let said = ok(&db, &["rules", "shadow", "start", draft, "--reason", "试试"]);
    assert!(said.contains("shadow T1 on v1") && said.contains("otherwise: score"), "{said}");
    assert_eq!(
        leadyard(&db, &["rules", "canary", "start", draft, "--share", "10%", "--until", "2h"]).code,
        3
    );
    ok(&db, &["lead", "add", "--region", "北京"]);
    let report = json(&db, &["rules", "shadow", "report"]);
    assert_eq!((&report["differed"], &report["untried"][0]), (&1.into(), &"score".into()));
    assert_eq!(
        (&report["differences"][0]["live"], &report["differences"][0]["draft"]["rep"]),
        (&"parked".into(), &"o.brien".into())
    );
    let told = ok(&db, &["--lang", "zh", "rules", "shadow", "report"]);
    assert!(told.contains("L4：待人工；影子 T1：O'Brien（「All」）"), "{told}");
    assert!(ok(&db, &["status"]).contains("shadow T1 on v1"));
    assert_eq!(leadyard(&db, &["rules", "canary", "report"]).code, 3);
    ok(&db, &["rules", "shadow", "stop"]);
    assert!(ok(&db, &["rules", "shadow", "report"]).contains("stopped"));
    for wrong in ["10", "x%", "1.25%"] {
        let asked = leadyard(&db, &["rules", "canary", "start", draft, "--share", wrong, "--until", "2h"]);
        assert_eq!(asked.code == 2, wrong != "10", "{wrong}: {}", asked.err);
        if asked.code == 0 {
            ok(&db, &["undo"]);
        }
    }
    assert_eq!(leadyard(&db, &["rules", "canary", "start", draft, "--until", "2h"]).code, 2);
    ok(&db, &["rules", "canary", "start", draft, "--share", "2.5%", "--until", "2h"]);
    assert_eq!(json(&db, &["status"])["trial"]["share_permille"], 25);
    ok(&db, &["rules", "canary", "stop"]);
    let wish = [
        "rules",
        "canary",
        "start",
        draft,
        "--team",
        "East",
        "--until",
        "2h",
        "--promote-when",
        "placed >= 2",
    ];
    ok(&db, &wish);
    ok(&db, &["lead", "add", "--region", "上海"]);
    assert_eq!(lead(&db, "L5")["owner"], "o.brien");
    let why = ok(&db, &["why", "5"]);
    assert!(why.contains("of draft T4, on trial for team East"), "{why}");
    let report = json(&db, &["rules", "canary", "report"]);
    assert_eq!((&report["draft"]["placed"], &report["rest"]["placed"]), (&1.into(), &0.into()));
    assert_eq!(json(&db, &["status"])["trial"]["team"], "East");
    let told = ok(&db, &["rules", "canary", "report"]);
    assert!(told.contains("published if placed >= 2") && told.contains("overridden"), "{told}");
    ok(&db, &["rules", "canary", "stop"]);
    ok(&db, &["check"]);
}

#[test]
fn what_happens_is_told_as_it_happens() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    // Three leads are there; the watcher waits for a fourth that another process brings.
    let mut watching = Command::new(env!("CARGO_BIN_EXE_leadyard"))
        .env("LEADYARD_LANG", "en")
        .arg("--db")
        .arg(&db)
        .args([
            "--json",
            "watch",
            "--from",
            "1",
            "--only",
            "lead.received,book",
            "--count",
            "5",
            "--for",
            "60s",
        ])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(watching.stdout.take().unwrap()));
    let mut next = || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    let before: Vec<Value> = (0..4).map(|_| next()).collect();
    assert_eq!(before[0]["verb"], "book.published");
    assert!(before[1..].iter().all(|line| line["verb"] == "lead.received"), "{before:?}");
    ok(&db, &["lead", "add", "--name", "诸葛亮", "--region", "上海", "--source", "抖音"]);
    let fourth = next();
    assert_eq!((fourth["verb"].as_str(), fourth["lead"].as_u64()), (Some("lead.received"), Some(4)));
    assert!(watching.wait().unwrap().success());

    let told = ok(&db, &["watch", "--from", "1", "--only", "lead.assigned", "--count", "1"]);
    assert!(told.contains(" L1 · ") && told.lines().count() == 1, "{told}");
    assert_eq!(ok(&db, &["watch", "--for", "1s"]), "");
    let wrong = leadyard(&db, &["watch", "--only", "leed"]);
    assert!(wrong.code == 2 && wrong.err.contains("alert") && wrong.err.contains("lead"), "{}", wrong.err);
}

#[test]
fn a_reader_who_has_seen_enough_is_no_failure() {
    use std::os::unix::process::ExitStatusExt;
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_leadyard"))
        .arg("--db")
        .arg(&db)
        .arg("log")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let out = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(!said.contains("panicked"), "{said}");
    // Gone by SIGPIPE, unless it had written everything before the pipe was closed.
    assert!(out.status.success() || out.status.signal() == Some(13), "{:?}", out.status);
}

/// Raises an alert as the leader would; its number.
fn raise(db: &Path) -> String {
    use leadyard::desk::interlock::Interlock;
    use leadyard::engine::{Intent, Order};
    use leadyard::model::actor::{Actor, Role};
    use leadyard::model::event::IntentId;
    use leadyard::model::time::Millis;
    let store = leadyard::store::Store::open(db).unwrap();
    let mut interlock = Interlock::new(store, &mut |_, _| {}).unwrap();
    let now = Millis(interlock.world().last_at().0 + 1);
    let moment = leadyard::world::Moment::at(interlock.world().book().zone, now);
    let scene = leadyard::watch::Scene::exact(interlock.world(), &moment);
    let steps = leadyard::watch::look(&scene, true, false).steps;
    let actor = Actor { name: "engine".into(), role: Role::Engine, console: 0 };
    let order = Order { id: IntentId(7), actor, intent: Intent::Watch { steps }, seen: Vec::new() };
    assert!(interlock.group(&[order], now).answers[0].is_ok());
    interlock.world().alerts().values().next().unwrap().fired_seq.to_string()
}

#[test]
fn an_alert_is_shown_taken_on_silenced_by_example_and_closed() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let alert = raise(&db);
    let listed = ok(&db, &["alert", "list"]);
    assert!(listed.contains("firing · at-cap · 李娜 has 1 of 1 leads"), "{listed}");
    let shown = ok(&db, &["alert", "show", &alert]);
    assert!(shown.contains("1. raise 李娜's cap 1 → 2: 100 % → 50 %"), "{shown}");
    assert!(shown.contains("2. silence it for 4 hours"), "{shown}");
    ok(&db, &["alert", "ack", &alert, "--note", "on it"]);
    assert_eq!(leadyard(&db, &["alert", "ack", &alert]).code, 3, "twice is once");
    assert!(ok(&db, &["alert", "list"]).contains("acknowledged"));
    ok(&db, &["undo"]);
    assert!(ok(&db, &["alert", "list"]).contains("firing"));
    ok(&db, &["alert", "comment", &alert, "known since May"]);
    let silenced = ok(&db, &["alert", "silence", &alert, "--until", "2h", "--reason", "full by plan"]);
    assert!(silenced.contains("would have hidden 1 alerts"), "{silenced}");
    assert!(ok(&db, &["alert", "list"]).contains("silenced S1"));
    ok(&db, &["alert", "silence", "S1", "--end"]);
    let read = json(&db, &["alert", "show", &alert]);
    assert_eq!(read["comments"][0]["text"], "known since May");
    assert_eq!(read["suppressed"], Value::Null);
    ok(&db, &["alert", "false-alarm", &alert]);
    assert_eq!(leadyard(&db, &["alert", "show", &alert]).code, 3);
    assert_eq!(leadyard(&db, &["alert", "ack", "nothing"]).code, 2);
    assert_eq!(leadyard(&db, &["check"]).code, 0);
}

#[test]
fn what_became_of_alerts_is_told_each_and_by_the_week() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let alert = raise(&db);
    ok(&db, &["alert", "ack", &alert]);
    ok(&db, &["alert", "false-alarm", &alert, "--note", "by plan"]);
    let told = ok(&db, &["alert", "history", "at-cap"]);
    assert!(told.contains("at-cap · 李娜") && told.contains("false alarm (by plan)"), "{told}");
    assert_eq!(ok(&db, &["alert", "history", "missed"]), "no alert fired in these days\n");
    assert_eq!(leadyard(&db, &["alert", "history", "nonsense"]).code, 2);
    let rows = json(&db, &["alert", "history"]);
    assert_eq!((&rows[0]["kind"], &rows[0]["ending"]), (&Value::from("at-cap"), &Value::from("false alarm")));
    let review = ok(&db, &["alert", "review"]);
    assert!(review.contains("at-cap: fired 1 (0 before), acted on 1"), "{review}");
    assert!(review.contains("false alarms 1, precision 0 %"), "{review}");
    let week = json(&db, &["alert", "review"]);
    assert_eq!(week["detectors"][0]["week"]["precision_milli"], 0);
    let before = json(&db, &["alert", "review", "--weeks-back", "1"]);
    assert_eq!(before["detectors"], Value::from(Vec::<Value>::new()));
}

#[test]
fn a_complaint_is_on_record_with_its_ruling() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let lead = json(&db, &["lead", "list", "--state", "assigned"])[0]["id"].to_string();
    let lead = lead.trim_matches('"').to_owned();
    assert_ne!(leadyard(&db, &["complain", &lead, "--why", " "]).code, 0);
    let made = ok(&db, &["complain", &lead, "--why", "my customer"]);
    assert!(made.contains("C1"), "{made}");
    assert!(ok(&db, &["complaint", "list"]).contains("my customer"));
    assert!(ok(&db, &["why", &lead]).contains("not ruled on yet"));
    assert_eq!(leadyard(&db, &["complaint", "reject", "C9", "--why", "x"]).code, 3);
    ok(&db, &["complaint", "reject", "C1", "--why", "came first to her"]);
    assert_eq!(ok(&db, &["complaint", "list"]), "");
    let all = json(&db, &["complaint", "list", "--all"]);
    assert_eq!(all[0]["ruling"]["upheld"], false);
    assert!(ok(&db, &["why", &lead]).contains("rejected by"));
    ok(&db, &["undo"]);
    assert!(ok(&db, &["complaint", "list"]).contains("C1"));
    ok(&db, &["complaint", "uphold", "C1", "--why", "right"]);
    assert!(
        ok(&db, &["log"]).contains("complaint.ruled")
            || ok(&db, &["log", "--json"]).contains("complaint.ruled")
    );
    assert_eq!(leadyard(&db, &["check"]).code, 0);
}

#[test]
fn a_remedy_is_done_by_its_number() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let alert = raise(&db);
    assert_eq!(leadyard(&db, &["alert", "fix", &alert, "9"]).code, 2);
    let done = ok(&db, &["alert", "fix", &alert, "1"]);
    assert!(done.contains("raise 李娜's cap 1 → 2"), "{done}");
    assert!(ok(&db, &["rep", "list"]).contains("1/2"), "{}", ok(&db, &["rep", "list"]));
}
