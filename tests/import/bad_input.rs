//! What cannot be imported: one sentence, the right exit code, and nothing changed.

use crate::room::Room;

/// What of a file is wrong, how it is called with, the exit code, what the sentence names.
type Case = (&'static str, &'static [u8], &'static [&'static str], i32, &'static [&'static str]);

const GOOD: &[u8] = b"id,name,phone\n1,Ann,13800138000\n2,Ben,13800138001\n";

const CASES: &[Case] = &[
    ("empty", b"", &[], 4, &["empty.csv", "is empty"]),
    ("blank", b"\n\n  \n", &[], 4, &["blank.csv", "empty"]),
    ("header", b"id,name\n", &[], 4, &["no rows"]),
    ("torn", b"id,name\n1,Ann\n2,\"Ben\n3,Cy\n", &[], 4, &["torn.csv", "line 3", "quotes"]),
    ("ragged", b"id,name\n1,Ann\n2,Ben,more,still\n", &[], 4, &["line 3", "4 cells", "header has 2"]),
    (
        "date",
        b"id,created at\n1,2026-01-31\n2,sometime\n",
        &[],
        4,
        &["line 3, column 2", "sometime", "2026-01-31"],
    ),
    ("zip", b"PK\x03\x04rest of an archive", &[], 4, &["zip archive", "XLSX", "CSV UTF-8"]),
    ("encoding", GOOD, &["--encoding", "klingon"], 4, &["klingon", "Known:"]),
    ("bytes", b"id,name\n1,\xff\xfe\xff\n", &["--encoding", "utf-8"], 4, &["byte", "--encoding"]),
    ("column", GOOD, &["--map", "Nmae=name"], 4, &["--map", "no such column"]),
    ("field", GOOD, &["--map", "name=nmae"], 4, &["no such field", "Did you mean \"name\"?"]),
    ("state", GOOD, &["--state", "Foo=bar"], 4, &["--state", "no such state"]),
    ("zone", GOOD, &["--zone", "Mars/Olympus"], 2, &["--zone", "Asia/Shanghai"]),
    ("dates", GOOD, &["--dates", "ydm"], 2, &["--dates", "dmy"]),
    ("country", GOOD, &["--country", "XX1"], 2, &["--country"]),
    ("delimiter", GOOD, &["--delimiter", "，"], 2, &["--delimiter", "ASCII"]),
];

#[test]
fn each_bad_file_is_one_sentence_and_no_desk_is_made() {
    for (name, bytes, options, code, says) in CASES {
        let room = Room::new();
        let file = format!("{name}.csv");
        room.write(&file, bytes);
        let mut args = vec!["import", "leads", &file];
        args.extend_from_slice(options);
        let ran = room.run(&args);
        assert_eq!(ran.code, *code, "{name}: {ran:?}");
        for text in *says {
            assert!(ran.err.contains(text), "{name}: {text:?} is not in {}", ran.err);
        }
        assert!(!room.db().exists(), "{name}: a desk was made");
        let zh = room.run(&[&args[..], &["--lang", "zh"]].concat());
        assert_eq!(zh.code, *code, "{name}: {zh:?}");
        assert!(
            zh.err.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)) || *code == 2,
            "{name}: {zh:?}"
        );
    }
}

#[test]
fn a_missing_file_and_a_folder_are_said() {
    let room = Room::new();
    for (file, says) in [("none.csv", "does not exist"), (".", "is a folder")] {
        let ran = room.run(&["import", "leads", file]);
        assert_eq!(ran.code, 4, "{ran:?}");
        assert!(ran.err.contains(says), "{ran:?}");
    }
    assert!(!room.db().exists());
}

#[test]
fn an_existing_desk_is_left_as_it_was() {
    let room = Room::with_desk();
    let before = room.events();
    for (name, bytes, options, code, _) in CASES {
        let file = format!("{name}.csv");
        room.write(&file, bytes);
        let mut args = vec!["import", "leads", &file];
        args.extend_from_slice(options);
        assert_eq!(room.run(&args).code, *code, "{name}");
        assert_eq!(room.events(), before, "{name}");
    }
}

#[test]
fn ten_rows_are_named_and_all_are_in_the_side_file() {
    let room = Room::with_desk();
    let before = room.events();
    let mut text = String::from("id,created at\n0,2026-01-31\n");
    (1..=14).for_each(|n| text.push_str(&format!("{n},never{n}\n")));
    room.write("leads.csv", &text);
    let args = ["import", "leads", "leads.csv", "--map", "created at=received-at"];
    let ran = room.run(&args);
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.err.contains("14 of 15 rows rejected; nothing was changed"), "{ran:?}");
    assert_eq!(ran.err.matches("is not a date").count(), 10, "{ran:?}");
    assert!(ran.err.contains("… and 4 more"), "{ran:?}");
    assert!(ran.err.contains("leads.csv.rejected.csv"), "{ran:?}");
    assert_eq!(room.events(), before);
    let side = std::fs::read_to_string(room.path("leads.csv.rejected.csv")).unwrap();
    assert_eq!(side.lines().count(), 15);
    assert!(side.contains("never14"));

    let kept = room.run(&[&args[..], &["--keep-going"]].concat()).ok();
    assert!(kept.out.contains("added 1 · known 0 · rejected 14"), "{kept:?}");
    // Repaired, the side file is an import of its own.
    let mended = side.lines().map(|l| l.replace("never", "2026-01-")).collect::<Vec<_>>().join("\n");
    room.write("mended.csv", mended);
    let ran = room.run(&["import", "leads", "mended.csv", "--system", "leads"]).ok();
    assert!(ran.out.contains("added 14"), "{ran:?}");
    assert_eq!(room.leads().len(), 15);
}

#[test]
fn whoever_may_not_import_is_told_and_nothing_changes() {
    let room = Room::with_desk();
    room.write("leads.csv", GOOD);
    let before = room.events();
    let ran = room.run(&["import", "leads", "leads.csv", "--role", "rep"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    assert!(ran.err.contains("coordinator"), "{ran:?}");
    assert_eq!(room.events(), before);
}
