//! `rules whatif` as a script meets it.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn leadyard(db: &Path, lang: &str, args: &[&str]) -> (i32, String, String) {
    let out = Command::new(env!("CARGO_BIN_EXE_leadyard"))
        .env_remove("LEADYARD_DB")
        .env_remove("LEADYARD_ACTOR")
        .env("LEADYARD_LANG", lang)
        .arg("--db")
        .arg(db)
        .args(args)
        .output()
        .unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    (out.status.code().unwrap_or(-1), text(&out.stdout), text(&out.stderr))
}

fn ok(db: &Path, args: &[&str]) -> String {
    let (code, out, err) = leadyard(db, "en", args);
    assert_eq!(code, 0, "{args:?}: {out}{err}");
    out
}

#[test]
fn a_draft_is_held_beside_the_published_book_from_the_shell() {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("desk.db");
    ok(&db, &["rep", "add", "li.na", "--name", "李娜", "--team", "East"]);
    ok(&db, &["rep", "add", "o.brien", "--name", "O'Brien", "--team", "North"]);
    let book = "rule \"East\"\n  when region = 上海\n  give to team East by fair\n\notherwise park \"nobody matched\"\n";
    let draft = "rule \"East\"\n  when region = 上海\n  give to team East by fair\n\nrule \"North\"\n  when region = 北京\n  give to team North by fair\n\notherwise park \"nobody matched\"\n";
    let (old, new) = (dir.path().join("book.rules"), dir.path().join("draft.rules"));
    std::fs::write(&old, book).unwrap();
    std::fs::write(&new, draft).unwrap();
    let (old, new) = (old.to_str().unwrap(), new.to_str().unwrap());
    ok(&db, &["import", "rules", old]);
    for (name, region) in [("李雷", "上海"), ("韩梅梅", "上海"), ("欧阳娜娜", "北京")] {
        ok(&db, &["lead", "add", "--name", name, "--region", region, "--source", "抖音"]);
    }

    let told: Value = serde_json::from_str(&ok(&db, &["--json", "rules", "whatif", new])).unwrap();
    assert_eq!(told["leads"], 3);
    assert_eq!((&told["published"]["unmatched"], &told["draft"]["unmatched"]), (&1.into(), &0.into()));
    let north = told["rules"].as_array().unwrap().iter().find(|r| r["in_published"] == false).unwrap();
    assert_eq!((&north["published"], &north["draft"]), (&0.into(), &1.into()));
    assert_eq!(told["changed"], 1);
    assert_eq!(told["changed_leads"][0]["lead"], 3);
    assert_eq!(told["changed_leads"][0]["draft"], "o.brien");
    assert!(told["cannot_know"][0].as_str().unwrap().contains("recorded delay"));

    let text = ok(&db, &["rules", "whatif", new, "--all"]);
    assert!(text.contains("What if · the whole log · 3 leads") && text.contains("North (new)"), "{text}");
    assert!(text.contains("nobody → O'Brien"), "{text}");
    let same = ok(&db, &["rules", "whatif", old, "--last", "7d"]);
    assert!(same.contains("0 leads change hands"), "{same}");
    let some = ok(&db, &["rules", "whatif", new, "--where", "region = 上海"]);
    assert!(some.contains("2 leads") && some.contains("0 leads change hands"), "{some}");
    let why = ok(&db, &["rules", "whatif", new, "--why", "L3"]);
    assert!(why.contains("under the published book") && why.contains("nobody matched"), "{why}");
    assert!(why.contains("under the draft") && why.contains("North"), "{why}");
    let (code, out, _) = leadyard(&db, "zh", &["rules", "whatif", new]);
    assert!(
        code == 0 && out.contains("试算 · 最近 30 天 · 3 条线索") && out.contains("无人 → O'Brien"),
        "{out}"
    );

    // Nothing of it is written.
    let before = ok(&db, &["check"]);
    ok(&db, &["rules", "whatif", new, "--all"]);
    assert_eq!(before, ok(&db, &["check"]));
}

#[test]
fn what_cannot_be_tried_says_so() {
    let dir = tempfile::tempdir().unwrap();
    let db = dir.path().join("desk.db");
    ok(&db, &["rep", "add", "li.na", "--team", "East"]);
    let bad = dir.path().join("bad.rules");
    std::fs::write(&bad, "rule \"x\"\n  give to team Wset\n\notherwise wait\n").unwrap();
    let good = dir.path().join("good.rules");
    std::fs::write(&good, "rule \"x\"\n  give to team East\n\notherwise wait\n").unwrap();
    let good = good.to_str().unwrap();
    for (args, wants, says) in [
        (&["rules", "whatif", bad.to_str().unwrap()][..], 4, "bad.rules:2:"),
        (&["rules", "whatif", good, "--last", "soon"][..], 2, "days look like"),
        (&["rules", "whatif", good, "--promotion", "none"][..], 2, "none of this name"),
        (&["rules", "whatif", good, "--where", "regoin = x"][..], 2, "--where, column"),
        (&["rules", "whatif", good, "--why", "L9"][..], 3, "does not arrive"),
        (&["rules", "whatif", "missing.rules"][..], 4, "missing.rules"),
    ] {
        let (code, out, err) = leadyard(&db, "en", args);
        assert!(code == wants && err.contains(says), "{args:?}: {code} {out}{err}");
    }
}
