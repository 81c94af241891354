//! A book kept in a file: checked beside the desk, formatted in either keyword language, compared, published with a reason,
//! and told in plain sentences.

use std::path::Path;

use super::{desk, json, leadyard, ok};

fn file(dir: &Path, name: &str, text: &str) -> String {
    let path = dir.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

const BOOK: &str = "calendar\n  timezone Asia/Shanghai\n\nrule \"East\"\n  when region = 上海 and score >= 10\n  \
                    give to team East by least-loaded\n\notherwise park \"nobody\"\n";

#[test]
fn a_file_is_formatted_in_either_language() {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("none.db");
    let book = file(dir.path(), "book.rules", BOOK);
    assert_eq!(ok(&db, &["rules", "fmt", &book]), BOOK);
    let chinese = ok(&db, &["rules", "fmt", &book, "--keywords", "zh"]);
    assert!(chinese.contains("当 地区 = 上海 且 评分 >= 10\n  分配给 团队 East 按 最少负载"), "{chinese}");
    let other = file(dir.path(), "zh.rules", &chinese);
    assert_eq!(ok(&db, &["rules", "fmt", &other]), chinese, "a book stays in its own language");
    assert_eq!(ok(&db, &["rules", "fmt", &other, "--keywords", "en"]), BOOK);
    ok(&db, &["rules", "fmt", &other, "--check"]);

    let sloppy = file(dir.path(), "sloppy.rules", "rule A\ngive to   owner\n");
    let run = leadyard(&db, &["rules", "fmt", &sloppy, "--check"]);
    assert_eq!((run.code, run.out.as_str()), (1, ""), "{}", run.err);
    ok(&db, &["rules", "fmt", &sloppy, "--write", "--keywords", "zh"]);
    assert_eq!(std::fs::read_to_string(&sloppy).unwrap(), "规则 \"A\"\n  分配给 负责人\n");
    assert_eq!(leadyard(&db, &["rules", "fmt", &sloppy, "--keywords", "fr"]).code, 2);
    assert!(!db.exists(), "a look makes no desk");
}

#[test]
fn a_check_sees_the_desk_and_a_strict_one_fails_on_warnings() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let book = file(
        dir.path(),
        "book.rules",
        &BOOK.replace("region = 上海", "region = 上海 and source = \"抖 音\""),
    );
    let out = ok(&db, &["rules", "check", &book]);
    assert!(out.contains("warning: no lead ever had source 抖 音; 抖音 has 3"), "{out}");
    assert!(out.contains("did you mean 抖音?"), "{out}");
    let run = leadyard(&db, &["rules", "check", &book, "--strict"]);
    assert_eq!(run.code, 4, "{}{}", run.out, run.err);
    let found = json(&db, &["rules", "check", &book]);
    assert_eq!(found[0]["fix"]["text"], "抖音", "{found}");

    let bad = file(dir.path(), "bad.rules", "规则 甲\n  分配给 团队 Esat\n兜底 等待\n");
    let run = leadyard(&db, &["--lang", "zh", "rules", "check", &bad]);
    assert_eq!(run.code, 4);
    assert!(run.err.contains("bad.rules:2:10: 错误: 没有名为“Esat”的团队"), "{}", run.err);
    // Nothing at all is known without a desk, and nothing is made.
    let none = dir.path().join("none.db");
    assert_eq!(leadyard(&none, &["rules", "check", &book]).code, 0);
    assert!(!none.exists());
}

#[test]
fn a_change_is_shown_published_with_a_reason_and_logged() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let book = file(dir.path(), "next.rules", BOOK);
    let shown = ok(&db, &["rules", "diff", &book]);
    assert!(shown.contains("added: calendar"), "{shown}");
    assert!(shown.contains("- ") && shown.contains("+   when region = 上海 and score >= 10"), "{shown}");

    assert_eq!(leadyard(&db, &["rules", "publish", &book]).code, 2, "a reason is asked for");
    assert_eq!(leadyard(&db, &["rules", "publish", &book, "--why", " "]).code, 2);
    let out = ok(&db, &["rules", "publish", &book, "--why", "only hot leads"]);
    assert!(out.contains("v2"), "{out}");
    assert!(ok(&db, &["rules", "log"]).contains("only hot leads"));
    assert_eq!(json(&db, &["rules", "show"])["note"], "only hot leads");
    assert_eq!(ok(&db, &["rules", "diff", &book]), "no change\n");
    assert!(ok(&db, &["rules", "diff", "v2", "v1"]).contains("removed: calendar"));
    let run = leadyard(&db, &["rules", "diff", "v9", "v1"]);
    assert!(run.code == 2 && run.err.contains("v9"), "{}", run.err);
    // A second time nothing happens; a broken file never gets in.
    assert!(ok(&db, &["rules", "publish", &book, "--why", "again"]).contains("in force already"));
    let bad = file(dir.path(), "bad.rules", "rule A\n give to team Nobody\n");
    assert_eq!(leadyard(&db, &["rules", "publish", &bad, "--why", "x"]).code, 4);
    assert_eq!(json(&db, &["rules", "show"])["version"], 2);
}

#[test]
fn the_live_book_is_told_in_plain_sentences() {
    let dir = tempfile::tempdir().unwrap();
    let db = desk(dir.path());
    let told = ok(&db, &["rules", "explain"]);
    assert!(told.contains("1. East") && told.contains("the region is 上海"), "{told}");
    let told = ok(&db, &["--lang", "zh", "rules", "explain", "--rep", "李娜"]);
    assert!(told.contains("分给团队 East"), "{told}");
    assert_eq!(leadyard(&db, &["rules", "explain", "--rep", "nobody"]).code, 2);
}

/// Files that are no books: a sentence, not a hang and not a backtrace.
#[test]
fn files_that_are_no_books_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("none.db");
    let long = dir.path().join("long.rules");
    std::fs::write(&long, vec![b'a'; 1024 * 1024 + 1]).unwrap();
    let bytes = dir.path().join("bytes.rules");
    std::fs::write(&bytes, [b'r', 0xFF, 0xFE]).unwrap();
    for path in [long, bytes, dir.path().join("missing.rules"), dir.path().to_owned()] {
        let run = leadyard(&db, &["rules", "check", path.to_str().unwrap()]);
        assert!(run.code == 4 && !run.err.contains("panicked"), "{path:?}: {} {}", run.code, run.err);
    }
}
