//! Whole files: errors with a cure, streaming twice, rejects, rosters, activity.

use crate::intake::activity::ActivityFile;
use crate::intake::error::IntakeError;
use crate::intake::file::{LeadFile, Options};
use crate::intake::rejects::{RejectWriter, safe_cell};
use crate::intake::roster;
use crate::intake::row::{Reason, Rejection};
use crate::intake::source::Reading;
use crate::intake::state::StateWord;
use crate::model::lang::Lang;
use proptest::prelude::*;
use std::io::Write;

fn file(content: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(content).unwrap();
    file
}

fn open(content: &[u8]) -> Result<LeadFile, IntakeError> {
    LeadFile::open(file(content).path(), &Options::default())
}

#[test]
fn errors_are_sentences_with_a_cure() {
    let missing = LeadFile::open("no/such/file.csv".as_ref(), &Options::default()).unwrap_err();
    assert!(matches!(missing, IntakeError::Missing { .. }));
    let folder = LeadFile::open(std::env::temp_dir().as_path(), &Options::default()).unwrap_err();
    assert!(matches!(folder, IntakeError::Directory { .. }));
    let forced = Options { encoding: Some("klingon".into()), ..Options::default() };
    let unknown = LeadFile::open(file(b"a,b\n1,2\n").path(), &forced).unwrap_err();
    assert!(unknown.to_string().contains("gb18030"), "{unknown}");
    let wide = ["c"; 300].join(",") + "\n1\n";
    let errors = [
        missing,
        folder,
        unknown,
        open(b"").unwrap_err(),
        open(b"\n \n").unwrap_err(),
        open(b"id,name\n").unwrap_err(),
        open(b"PK\x03\x04rest").unwrap_err(),
        open(b"id,name\n1,Jos\xE9 Mu\xF1oz\n").unwrap_err(),
        open(wide.as_bytes()).unwrap_err(),
        open(b"id,\"name\n1,2\n").unwrap_err(),
    ];
    for error in &errors {
        assert!(error.to_string().contains(". "), "{error}");
        assert!(error.message(Lang::Zh).contains('。'), "{}", error.message(Lang::Zh));
    }
    assert!(matches!(errors[3], IntakeError::Empty { .. }));
    assert!(matches!(errors[4], IntakeError::Empty { .. }));
    assert!(matches!(errors[5], IntakeError::HeaderOnly { columns: 2, .. }));
    assert!(errors[7].to_string().contains("line 2, column 6"), "{}", errors[7]);
    assert!(matches!(errors[8], IntakeError::TooManyColumns { .. }));
    assert!(matches!(errors[9], IntakeError::BadHeader { line: 1, column: 2, .. }));
}

#[test]
fn a_file_is_streamed_twice_and_measured() {
    let kept = file("id,姓名,电话\n1,张三,13800138000\n\n2,李四,13900139000\n,,\n".as_bytes());
    let leads = LeadFile::open(kept.path(), &Options::default()).unwrap();
    for _ in 0..2 {
        let mut rows = leads.rows().unwrap();
        let lines: Vec<u64> = rows.by_ref().map(|(line, row)| row.map(|_| line).unwrap()).collect();
        assert_eq!((lines, rows.seen()), (vec![2, 4], 2));
        assert_eq!(rows.bytes_read(), leads.total_bytes());
    }
    assert_eq!(leads.fingerprint().len(), 32);
    let copy = file(&std::fs::read(kept.path()).unwrap());
    assert_eq!(LeadFile::open(copy.path(), &Options::default()).unwrap().fingerprint(), leads.fingerprint());
}

#[test]
fn a_torn_end_is_reported_and_what_came_before_kept() {
    let leads = file(b"id,name,city\n1,Ann,Paris\n2,\"Bob,Rome\n3,Eve,Oslo\n");
    let leads = LeadFile::open(leads.path(), &Options::default()).unwrap();
    let rows: Vec<_> = leads.source_rows();
    assert!(rows[0].is_ok());
    let bad = rows[1].as_ref().unwrap_err();
    assert_eq!((bad.line, bad.column, &bad.reason, rows.len()), (3, 2, &Reason::Torn, 2));
}

impl LeadFile {
    fn source_rows(&self) -> Vec<Result<crate::intake::row::LeadDraft, Rejection>> {
        self.rows().unwrap().map(|(_, row)| row).collect()
    }
}

#[test]
fn the_date_order_is_found_beyond_the_sample() {
    let mut text = String::from("id,created\n");
    for n in 0..400 {
        text.push_str(&format!("{n},0{}-0{}-2018\n", n % 9 + 1, (n + 3) % 9 + 1));
    }
    let early = open((text.clone() + "400,01-31-2018\n").as_bytes());
    assert!(early.unwrap().mapping().to_table(Lang::En)[2][4].contains("known header"));
    let kept = file((text.clone() + "400,01-31-2018\n").as_bytes());
    let leads = LeadFile::open(kept.path(), &Options::default()).unwrap();
    assert!(leads.source_rows().iter().all(Result::is_ok), "one late value settles month first");
    let open_order = open(text.as_bytes()).unwrap();
    assert!(open_order.mapping().to_table(Lang::En)[2][4].contains("assumed dmy"));
}

#[test]
fn rejected_rows_can_be_repaired_and_imported_again() {
    let headers = ["id".to_string(), "created".to_string(), "note".to_string()];
    let mut writer = RejectWriter::new(Vec::new(), &headers, Lang::En).unwrap();
    let cells = vec!["1".to_string(), "soon".to_string(), "=HYPERLINK(\"x\")".to_string()];
    writer.write(&Rejection { line: 9, column: 2, cells, ..Rejection::whole_row() }).unwrap();
    assert_eq!(writer.written(), 1);
    let text = String::from_utf8(writer.finish().unwrap()).unwrap();
    assert!(text.starts_with("\u{FEFF}id,created,note,reject line,reject column,reject reason\n"), "{text}");
    assert!(text.contains("\"'=HYPERLINK(\"\"x\"\")\",9,2,"), "{text}");
    let kept = file(text.replace("soon", "2026-01-02").as_bytes());
    let again = LeadFile::open(kept.path(), &Options::default()).unwrap();
    let lead = again.source_rows().remove(0).unwrap();
    assert_eq!((lead.note.as_str(), lead.custom.len()), ("=HYPERLINK(\"x\")", 0));
    for bad in ["=1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"] {
        assert_eq!(safe_cell(bad), format!("'{bad}"));
    }
    assert_eq!(safe_cell("plain"), "plain");
}

#[test]
fn rosters() {
    let read = |text: &str, maps: &[&str]| {
        let maps: Vec<String> = maps.iter().map(|m| (*m).to_string()).collect();
        roster::read(file(text.as_bytes()).path(), &Reading::default(), &maps)
    };
    let text = "登录名,姓名,团队,在手上限,日上限,权重,技能,邮箱,是否在职\nwang.fang,王芳,\"华东、大客户\",30,12,1.5,Java/前端,WF@example.cn,是\nli,李四,华北,,,,,,否\n";
    let roster = read(text, &[]).unwrap();
    let wang = &roster.reps[0];
    assert_eq!((wang.login.as_str(), wang.name.as_str(), wang.teams.len()), ("wang.fang", "王芳", 2));
    assert_eq!((wang.cap, wang.day_cap, wang.weight_milli), (Some(30), Some(12), Some(1500)));
    assert_eq!(
        (wang.skills.join("+"), wang.active, roster.reps[1].active),
        ("Java+前端".to_string(), true, false)
    );
    let derived = read("name,team\nAnna Snelling,Central\nMei-Mei Johns,East\n张 三,East\n", &[]).unwrap();
    let logins: Vec<&str> = derived.reps.iter().map(|r| r.login.as_str()).collect();
    assert_eq!(logins, ["anna.snelling", "mei-mei.johns", "张.三"]);
    assert!(derived.reps.iter().all(|r| r.login_derived));
    let twice = read("login,name\nann,Ann\nbob,Bob\nANN,Other\n", &[]).unwrap_err();
    assert_eq!(
        (twice.to_string().contains("line 2"), twice.to_string().contains("line 4")),
        (true, true),
        "{twice}"
    );
    let nobody = read("colour,shape\nred,round\n", &[]).unwrap_err();
    assert!(matches!(nobody, IntakeError::NeedsColumn { what: "login", .. }));
    assert_eq!(read("colour,shape\nred,round\n", &["colour=login"]).unwrap().reps[0].login, "red");
    assert!(
        read("colour,shape\nred,round\n", &["colour=logn"])
            .unwrap_err()
            .to_string()
            .contains("Did you mean \"login\"?")
    );
}

#[test]
fn activity() {
    let open = |text: &str, maps: &[&str]| {
        let maps = maps.iter().map(|m| (*m).to_string()).collect();
        ActivityFile::open(file(text.as_bytes()).path(), &Options { maps, ..Options::default() })
    };
    let kept = file("线索编号,状态,时间,负责人\n7,成交,2026-01-02 08:00,王芳\n8,奇怪,2026-01-02,\n,成交,,\n9,输单,soon,\n".as_bytes());
    let found = ActivityFile::open(kept.path(), &Options::default()).unwrap();
    let rows: Vec<_> = found.rows().unwrap().map(|(_, row)| row).collect();
    let first = rows[0].as_ref().unwrap();
    assert_eq!(
        (first.external_id.as_str(), first.state, first.owner.as_deref()),
        ("7", StateWord::Won, Some("王芳"))
    );
    assert_eq!(first.at.unwrap().to_rfc3339(), "2026-01-02T00:00:00.000Z");
    let reasons: Vec<_> = rows[1..].iter().map(|r| r.as_ref().unwrap_err().message(Lang::En)).collect();
    assert!(reasons[0].contains("line 3, column 2") && reasons[0].contains("--state"), "{reasons:?}");
    assert!(
        reasons[1].contains("line 4, column 1") && reasons[2].contains("line 5, column 3"),
        "{reasons:?}"
    );
    assert_eq!(open("mql_id,won_date\n1,2026-01-01\n", &[]).unwrap().implied, Some(StateWord::Won));
    assert!(open("mql_id,some_date\n1,2026-01-01\n", &[]).is_err());
    assert!(open("won_date\n2026-01-01\n", &[]).is_err());
    assert!(open("a,b\n1,won\n", &["a=id", "b=state"]).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn any_file_is_survived(content in "(id|name|phone|created|,|;|\"|\n|[0-9]{1,4}|2026-01-0[0-9]|\\PC){0,120}") {
        let kept = file(content.as_bytes());
        if let Ok(leads) = LeadFile::open(kept.path(), &Options::default()) {
            for row in leads.source_rows() {
                if let Err(rejection) = row {
                    prop_assert!(!rejection.message(Lang::Zh).chars().any(char::is_control));
                }
            }
        }
    }
}
