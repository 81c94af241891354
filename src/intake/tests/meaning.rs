//! Mapping, states, rows.

use crate::intake::csv::{RawRow, RowFault};
use crate::intake::dates::{DateFault, DateOrder};
use crate::intake::field::Target;
use crate::intake::mapping::{Confidence, Mapping, Why};
use crate::intake::row::{LeadDraft, Reason, Rejection, RowReader, WarningKind};
use crate::intake::state::{StateTable, StateWord, forbids_contact};
use crate::model::contact::{CountryCode, KeyKind};
use crate::model::lang::Lang;
use chrono_tz::Tz;

fn headers(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| (*n).to_string()).collect()
}

fn guess(names: &[&str], rows: &[&[&str]]) -> Mapping {
    let sample: Vec<RawRow> = rows.iter().map(|r| RawRow::of(2, r)).collect();
    Mapping::guess(&headers(names), &sample)
}

fn names(mapping: &Mapping) -> Vec<String> {
    mapping.columns.iter().map(|c| c.target.name().to_string()).collect()
}

fn reader(names: &[&str], first: &[&str]) -> RowReader {
    RowReader {
        mapping: guess(names, &[first]),
        states: StateTable::default(),
        zone: Tz::Asia__Shanghai,
        country: CountryCode::CN,
    }
}

fn draft(names: &[&str], cells: &[&str]) -> LeadDraft {
    reader(names, cells).read(&RawRow::of(2, cells)).unwrap().unwrap()
}

fn refused(names: &[&str], first: &[&str], cells: &[&str]) -> Rejection {
    reader(names, first).read(&RawRow::of(7, cells)).unwrap().unwrap_err()
}

#[test]
fn headers_in_any_dress() {
    let mapping = guess(
        &[
            "ＬＥＡＤ＿ＩＤ",
            "客户姓名",
            "Phone Number",
            "e-mail",
            "微信号",
            "公司名称",
            "渠道来源",
            "utm_campaign",
            "省份",
            "城市",
            "意向产品",
            "所属行业",
        ],
        &[],
    );
    assert_eq!(
        names(&mapping),
        [
            "id", "name", "phone", "email", "wechat", "company", "source", "campaign", "region", "city",
            "product", "industry"
        ]
    );
    let mapping = guess(
        &["线索编号", "负责人", "创建人", "创建时间", "状态", "备注", "预计金额", "评分", "", "语言"],
        &[&["1"]],
    );
    assert_eq!(
        names(&mapping),
        ["id", "owner", "x.创建人", "received-at", "state", "note", "value", "score", "ignore", "language"]
    );
    let mapping = guess(&["id", "mql_id", "Id", "", ""], &[&["1", "2", "3", "4", ""]]);
    assert_eq!(names(&mapping), ["x.id", "id", "x.Id_2", "x.column_4", "ignore"]);
}

#[test]
fn values_correct_the_headers() {
    let mapping = guess(
        &["id", "state", "意向级别", "score"],
        &[&["1", "SP", "进行了解", "hot"], &["2", "RJ", "近期学习", "cold"]],
    );
    assert_eq!(names(&mapping), ["id", "region", "x.意向级别", "x.score"]);
    assert_eq!(mapping.columns[3].why, Why::ValuesDiffer);
    let mapping = guess(&["id", "state"], &[&["1", "New"], &["2", "Working"]]);
    assert_eq!(names(&mapping), ["id", "state"]);
    let mapping = guess(&["a", "b"], &[&["x@example.com", "13800138000"], &["y@example.com", "13900139000"]]);
    assert_eq!(names(&mapping), ["email", "phone"]);
    assert_eq!(mapping.columns[0].confidence(), Confidence::Low);
}

#[test]
fn overrides_and_their_errors() {
    let mut mapping = guess(&["mql_id", "Lead Owner", "Odd = Name", "Budget"], &[&["1", "Ann", "x", "5"]]);
    mapping.apply_override("lead owner=x.closer").unwrap();
    mapping.apply_override("Odd = Name=owner").unwrap();
    mapping.apply_override("#4=ignore").unwrap();
    assert_eq!(names(&mapping), ["id", "x.closer", "owner", "ignore"]);
    mapping.apply_override("Lead Owner=owner").unwrap();
    assert_eq!(names(&mapping), ["id", "owner", "x.Odd___Name", "ignore"]);
    assert_eq!((mapping.columns[1].why, mapping.columns[2].why), (Why::Given, Why::Displaced));
    let error = mapping.apply_override("Lead Owner=ownr").unwrap_err().to_string();
    assert!(
        error.contains("Did you mean \"owner\"?")
            && error.contains("received-at")
            && error.contains("x.<name>"),
        "{error}"
    );
    let error = mapping.apply_override("Lead Ownr=owner").unwrap_err().to_string();
    assert!(error.contains("Did you mean \"Lead Owner\"?"), "{error}");
    assert!(mapping.apply_override("nothing").is_err());
    assert!(mapping.apply_override("mql_id=x.").is_err());
    assert!(mapping.apply_override("#9=id").is_err());
}

#[test]
fn the_table_states_its_assumptions() {
    let mut mapping = guess(&["id", "created"], &[&["1", "01/02/2018"], &["2", "03/04/2018"]]);
    let table = mapping.to_table(Lang::En);
    assert_eq!(table[2][..4], ["2", "created", "received-at", "01/02/2018"]);
    assert!(table[2][4].contains("assumed mdy"), "{table:?}");
    assert!(mapping.to_table(Lang::Zh)[2][4].contains("假定为 mdy"));
    mapping.force_dates(DateOrder::Dmy);
    assert!(!mapping.to_table(Lang::En)[2][4].contains("assumed"));
}

#[test]
fn state_words() {
    let mut states = StateTable::default();
    use StateWord::*;
    for (word, state) in [
        ("New", Waiting),
        ("Not Contacted", Waiting),
        ("未分配", Waiting),
        ("待跟进", Waiting),
        ("回收", Waiting),
        ("Prospecting", Assigned),
        ("Attempted to Contact", Assigned),
        ("已分配", Assigned),
        ("Working", Contacted),
        ("ENGAGING", Contacted),
        ("跟进中", Contacted),
        ("contacted", Contacted),
        ("Qualified", Qualified),
        ("Pre-Qualified", Qualified),
        ("转商机", Qualified),
        ("Won", Won),
        ("Closed Won", Won),
        ("成交", Won),
        ("Lost", Lost),
        ("Lost Lead", Lost),
        ("Disqualified", Invalid),
        ("Junk Lead", Invalid),
        ("伪线索", Invalid),
        ("in_progress", Contacted),
    ] {
        assert_eq!(states.lookup(word), Some(state), "{word}");
    }
    assert_eq!(states.lookup("Mystery"), None);
    states.apply_override("Mystery=contacted").unwrap();
    states.apply_override("New=assigned").unwrap();
    assert_eq!((states.lookup("mystery"), states.lookup("new")), (Some(Contacted), Some(Assigned)));
    let error = states.apply_override("x=wn").unwrap_err().to_string();
    assert!(error.contains("Did you mean \"won\"?"), "{error}");
    for reason in ["Unsubscribed/Do Not Call", "do not contact", "DNC", "opted-out", "勿扰", "客户拒绝联系"]
    {
        assert!(forbids_contact(reason), "{reason}");
    }
    for reason in ["Abandoned", "Not Interested", "Bad Email", "", "No Need"] {
        assert!(!forbids_contact(reason), "{reason}");
    }
}

#[test]
fn a_full_row() {
    let lead = draft(
        &[
            "线索编号",
            "名",
            "姓",
            "手机号",
            "邮箱",
            "微信",
            "公司",
            "来源",
            "创建时间",
            "负责人",
            "状态",
            "金额",
            "评分",
            "意向级别",
            "备注",
        ],
        &[
            "L-7",
            "三",
            "张",
            "138-0013-8000",
            "Zhang@Example.com",
            "ZhangSan99",
            "上海明德教育有限公司",
            "抖音",
            "2026-01-02 08:00",
            "王芳",
            "跟进中",
            "1.5万",
            "87",
            "近期学习",
            "'=SUM(1)",
        ],
    );
    assert_eq!((lead.external_id.as_deref(), lead.name.as_str()), (Some("L-7"), "张三"));
    assert_eq!(lead.received_at.unwrap().to_rfc3339(), "2026-01-02T00:00:00.000Z");
    assert_eq!(
        (lead.value, lead.score, lead.state),
        (Some(15_000_000), Some(87), Some(StateWord::Contacted))
    );
    assert_eq!(lead.custom, [("意向级别".into(), "近期学习".into())]);
    assert_eq!(
        (lead.note.as_str(), lead.owner.as_deref()),
        ("=SUM(1)", Some("王芳")),
        "our own guard quote is taken off"
    );
    let kinds: Vec<KeyKind> = lead.key_hashes(&[7; 16]).into_iter().map(|(k, _)| k).collect();
    assert_eq!(kinds, [KeyKind::Phone, KeyKind::Email, KeyKind::Wechat, KeyKind::Company]);
    assert!(lead.warnings.is_empty());
}

#[test]
fn what_only_warns() {
    let lead = draft(
        &["id", "phone", "email", "wechat", "状态", "score"],
        &["1", "1.38E+10", "nobody", "同手机号", "神秘", "12"],
    );
    let kinds: Vec<WarningKind> = lead.warnings.iter().map(|w| w.kind).collect();
    use WarningKind::*;
    assert_eq!(kinds, [DamagedPhone, InvalidEmail, InvalidWechat, UnknownState]);
    assert_eq!((lead.phone.as_str(), lead.email.as_str()), ("", ""));
    assert_eq!(lead.note, "phone: 1.38E+10; email: nobody");
    assert_eq!(lead.custom, [("state".into(), "神秘".into())]);
    assert!(lead.key_hashes(&[0; 16]).is_empty());
    let lead = draft(&["id", "phone", "name"], &["1", "1380013800"]);
    assert_eq!(lead.warnings.iter().map(|w| w.kind).collect::<Vec<_>>(), [ShortRow, InvalidPhone]);
    let shared = draft(&["id", "phone", "email"], &["1", "400-820-8820", "info@example.com"]);
    assert!(
        shared.key_hashes(&[0; 16]).is_empty()
            && shared.phone == "400-820-8820"
            && shared.warnings.is_empty()
    );
    let long = "长".repeat(900);
    let lead = draft(&["id", "name"], &["1", &long]);
    assert_eq!((lead.name.chars().count(), lead.warnings[0].kind), (200, Shortened));
    for kind in WarningKind::ALL {
        assert!(!kind.text(Lang::Zh).is_empty());
    }
}

#[test]
fn what_rejects() {
    let bad = refused(&["id", "created"], &["1", "2026-01-01"], &["2", "soon\u{1b}[2J"]);
    assert_eq!(
        (bad.line, bad.column, bad.field.as_str(), &bad.reason),
        (7, 2, "created", &Reason::BadDate(DateFault::Unreadable))
    );
    assert_eq!(
        bad.message(Lang::En),
        "line 7, column 2 (created): \"soon[2J\" is not a date. Write it as 2026-01-31 or 2026-01-31 09:30."
    );
    assert!(bad.message(Lang::Zh).starts_with("第 7 行第 2 列（created）："));
    let three = ["id", "name", "city"];
    assert_eq!(
        refused(&three, &["1", "a", "b"], &["1", "a", "b", "c"]).reason,
        Reason::Ragged { expected: 3, found: 4 }
    );
    assert_eq!(
        refused(&three, &["1", "a", "b"], &["orphan"]).reason,
        Reason::Ragged { expected: 3, found: 1 }
    );
    assert_eq!(
        refused(&three, &["1", "a", "b"], &["1", "<test lead: dummy data for full_name>", ""]).reason,
        Reason::TestLead
    );
    let mut ignoring = reader(&["a", "b"], &["1", "2"]);
    ignoring.mapping.apply_override("a=ignore").unwrap();
    assert_eq!(ignoring.read(&RawRow::of(3, &["x", ""])).unwrap().unwrap_err().reason, Reason::NothingToKeep);
    assert!(ignoring.read(&RawRow::of(3, &["", " ", "\u{200B}"])).is_none(), "an empty row is passed over");
    let mut torn = RawRow::of(4, &["1", "x"]);
    torn.fault = Some(RowFault::Torn { line: 5, column: 2 });
    let torn = ignoring.read(&torn).unwrap().unwrap_err();
    assert_eq!((torn.line, torn.column, torn.ends_the_file()), (5, 2, true));
    let trailing = reader(&three, &["1", "a", "b"]).read(&RawRow::of(3, &["1", "a", "b", " "]));
    assert!(trailing.unwrap().is_ok(), "an idle delimiter at the end is no fault");
}

#[test]
fn do_not_contact_wins() {
    let lead = draft(&["id", "Stage", "DisqualifiedReason"], &["1", "Working", "Unsubscribed/Do Not Call"]);
    assert!(lead.do_not_contact);
    assert_eq!(lead.state, Some(StateWord::Invalid));
    assert_eq!(lead.custom[0], ("DisqualifiedReason".into(), "Unsubscribed/Do Not Call".into()));
    assert!(draft(&["id", "do not call"], &["1", "TRUE"]).do_not_contact);
    assert!(!draft(&["id", "do not call"], &["1", "FALSE"]).do_not_contact);
    assert!(draft(&["id", "Lead Status"], &["1", "Do Not Contact"]).do_not_contact);
}

#[test]
fn content_hash_ignores_spelling_and_owner() {
    let of = |created: &str, phone: &str, mail: &str, owner: &str, money: &str| {
        draft(&["created", "phone", "email", "owner", "x"], &[created, phone, mail, owner, money])
            .content_hash
    };
    let one = of("2018-02-26 19:58:54", "13800138000", "A@b.com", "Ann", "0.0");
    assert_eq!(one, of("26-02-2018 19:58", "+86 138 0013 8000", "a@b.com", "Bob", "0"));
    assert_ne!(one, of("2018-02-26 19:57:54", "13800138000", "A@b.com", "Ann", "0.0"));
    assert_ne!(one, of("2018-02-26 19:58:54", "13800138001", "A@b.com", "Ann", "0.0"));
    let key = draft(&["name"], &["Ann"]).key();
    assert!(key.starts_with("content:") && key == draft(&["Name"], &["ann"]).key());
    assert_eq!(draft(&["id"], &["9"]).key(), "9");
    assert!(matches!(guess(&["id"], &[]).find(&Target::ExternalId), Some(0)));
}
