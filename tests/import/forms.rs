//! Leads from workbooks, lines of JSON, standard input and a watched folder: the same leads as from a CSV, once.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use crate::room::{Ran, Room};

/// The leads of data/fair.xlsx and data/fair.xls as a CSV.
const FAIR: &str = "线索编号,姓名,手机,渠道,留资时间,预算\n\
    K-1,李雷,13800138000,展会,2026-10-30 09:30,12000.5\n\
    K-2,欧阳娜娜,139-0013-9000,官网,2026-10-30,2\n\
    K-3,O'Brien Ltd,1.38E+10,转介绍,2026-10-31 18:05:09,\n";

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/import/data").join(name).to_string_lossy().into_owned()
}

/// The program with `text` at its standard input.
fn piped(room: &Room, args: &[&str], text: &[u8]) -> Ran {
    let mut command = room.command(args);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(text).unwrap();
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

#[test]
fn a_workbook_gives_the_leads_of_its_csv() {
    let room = Room::with_desk();
    room.write("fair.csv", FAIR);
    let first = room.run(&["import", "leads", "fair.csv", "--system", "fair", "--json"]).json();
    assert_eq!(first["added"], 3, "{first}");
    let before = room.events();
    for name in ["fair.xlsx", "fair.xls"] {
        let json = room.run(&["import", "leads", &fixture(name), "--system", "fair", "--json"]).json();
        assert_eq!((&json["added"], &json["known"]), (&0.into(), &3.into()), "{name}: {json}");
    }
    assert_eq!(room.events(), before);
}

#[test]
fn what_excel_did_is_flagged_and_not_guessed() {
    let room = Room::with_desk();
    let ran = room.run(&["import", "leads", &fixture("fair.xlsx"), "--dry-run"]).ok();
    assert!(
        ran.out.contains("sheet \"线索\"") && ran.out.contains("13800138000".get(..3).unwrap()),
        "{ran:?}"
    );
    assert!(ran.out.contains("phone destroyed by a spreadsheet"), "{ran:?}");
    std::fs::copy(fixture("cut_ids.xlsx"), room.path("cut_ids.xlsx")).unwrap();
    let cut = room.run(&["import", "leads", "cut_ids.xlsx"]);
    assert_eq!(cut.code, 4);
    assert!(cut.err.contains("line 2, column 1 (id)") && cut.err.contains("id as text"), "{cut:?}");
    let other = room.run(&["import", "leads", &fixture("fair.xlsx"), "--sheet", "线锁"]);
    assert_eq!(other.code, 4);
    assert!(other.err.contains("说明, 线索"), "{other:?}");
}

#[test]
fn lines_of_json_come_in_by_standard_input() {
    let room = Room::with_desk();
    let text = "{\"id\":\"K-1\",\"name\":\"李雷\",\"phone\":13800138000,\"utm\":{\"campaign\":\"fair\"}}\n\n\
                {\"id\":\"K-2\",\"name\":\"Ann\",\"email\":\"ann@example.com\",\"tags\":[\"a\",\"b\"]}\n";
    let args = ["import", "leads", "-", "--system", "form", "--json"];
    let json = piped(&room, &args, text.as_bytes()).json();
    assert_eq!((&json["added"], &json["file"]), (&2.into(), &"stdin".into()), "{json}");
    assert_eq!(room.lead("K-1").attrs.campaign.as_str(), "fair", "utm.campaign is known by its last word");
    assert!(room.owner(&room.lead("K-2")).is_some());
    let again = piped(&room, &args, text.as_bytes()).json();
    assert_eq!((&again["added"], &again["known"]), (&0.into(), &2.into()), "{again}");
    let csv = piped(&room, &["import", "leads", "-", "--json"], b"id,name\n1,Ann\n").json();
    assert_eq!((&csv["added"], &csv["system"]), (&1.into(), &"stdin".into()), "{csv}");
}

#[test]
fn a_bad_line_of_json_is_named_and_nothing_is_taken() {
    let room = Room::with_desk();
    let before = room.events();
    let ran = piped(&room, &["import", "leads", "-"], b"{\"id\":1,\"name\":\"Ann\"}\n{\"id\":2,\"name\":\n");
    assert_eq!(ran.code, 4);
    assert!(ran.err.contains("line 2: no JSON object as of character"), "{ran:?}");
    assert!(room.path("stdin.rejected.csv").exists());
    assert_eq!(room.events(), before);
    let array = piped(&room, &["import", "leads", "-"], b"[{\"id\":1}]");
    assert!(array.code == 4 && array.err.contains("one object a line"), "{array:?}");
}

#[test]
fn a_folder_is_emptied_into_done_and_rejected() {
    let room = Room::with_desk();
    let inbox = room.path("inbox");
    std::fs::create_dir(&inbox).unwrap();
    let put = |name: &str, text: &[u8]| std::fs::write(inbox.join(name), text).unwrap();
    put("b.csv", b"id,name,created\n1,Ann,2026-10-30\n");
    put("a.jsonl", b"{\"id\":2,\"name\":\"Ben\"}\n");
    put("bad.csv", b"id,name,created\n3,Cy,2026-10-30\n4,Di,soon\n");
    put("half.csv.part", b"id,name\n9,Half");
    std::fs::copy(fixture("fair.xlsx"), inbox.join("fair.xlsx")).unwrap();
    let ran = room.run(&["import", "folder", "inbox", "--once"]).ok();
    let there = |name: &str| inbox.join(name).exists();
    assert!(there("done/a.jsonl") && there("done/b.csv") && there("done/fair.xlsx"), "{ran:?}");
    assert!(there("rejected/bad.csv") && there("rejected/bad.csv.rejected.csv") && there("half.csv.part"));
    let why = std::fs::read_to_string(inbox.join("rejected/bad.csv.reason.txt")).unwrap();
    assert!(why.contains("line 3, column 3 (created)"), "{why}");
    assert!(ran.out.contains("rejected:") && !there("bad.csv"), "{ran:?}");
    assert_eq!(room.leads().len(), 5);
    // The same export again, whatever it is called today.
    put("b-again.csv", b"id,name,created\n1,Ann,2026-10-30\n5,Eve,2026-10-31\n");
    put("b.csv", b"id,name,created\n6,Flo,2026-10-31\n");
    room.run(&["import", "folder", "inbox", "--once"]).ok();
    assert_eq!(room.leads().len(), 7);
    let done = std::fs::read_dir(inbox.join("done")).unwrap().count();
    assert_eq!(done, 5, "a name that is taken gets the moment in it");
}

#[test]
fn a_file_that_still_grows_is_left_alone() {
    let room = Room::with_desk();
    let inbox = room.path("inbox");
    std::fs::create_dir(&inbox).unwrap();
    let path = inbox.join("slow.csv");
    std::fs::write(&path, "id,name\n1,Ann\n").unwrap();
    let mut child = room.command(&["import", "folder", "inbox"]).stdout(Stdio::piped()).spawn().unwrap();
    // For five seconds, more than two looks, each look finds another file than the one before: it has grown.
    let mut rows = 1;
    for _ in 0..50 {
        rows += 1;
        let mut file = std::fs::OpenOptions::new().append(true).open(&path).unwrap();
        writeln!(file, "{rows},Row {rows}").unwrap();
        drop(file);
        std::thread::park_timeout(std::time::Duration::from_millis(100));
    }
    assert!(path.exists(), "it was taken while it grew");
    assert_eq!(room.leads().len(), 0);
    let out = child.stdout.take().unwrap();
    let line = std::io::BufRead::lines(std::io::BufReader::new(out))
        .find(|l| l.as_ref().is_ok_and(|l| l.starts_with("done:")));
    assert!(line.is_some());
    rustix::process::kill_process(rustix::process::Pid::from_child(&child), rustix::process::Signal::TERM)
        .unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(room.leads().len(), rows);
}
