//! Real files through the intake: what is read must be what the files' own counts say. Skips where the data is absent.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, its helpers too")]

use chrono_tz::Tz;
use leadyard::intake::activity::{ActivityDraft, ActivityFile};
use leadyard::intake::field::Target;
use leadyard::intake::file::{LeadFile, Options};
use leadyard::intake::roster;
use leadyard::intake::row::{LeadDraft, Rejection, WarningKind};
use leadyard::intake::state::StateWord;
use leadyard::model::contact::{CountryCode, PhoneKey};
use leadyard::model::lang::Lang;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

fn data(relative: &str) -> Option<PathBuf> {
    let root = std::env::var_os("LEADYARD_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from);
    let path = root.join(relative);
    if !path.exists() {
        println!("skipped: {} is absent", path.display());
        return None;
    }
    Some(path)
}

fn utc() -> Options {
    Options { zone: Tz::UTC, ..Options::default() }
}

fn open(path: &Path, options: &Options) -> LeadFile {
    LeadFile::open(path, options).unwrap_or_else(|e| panic!("{e}"))
}

fn read(file: &LeadFile) -> (Vec<LeadDraft>, Vec<Rejection>) {
    let (mut drafts, mut rejections) = (Vec::new(), Vec::new());
    for (_, row) in file.rows().unwrap() {
        match row {
            Ok(draft) => drafts.push(draft),
            Err(rejection) => rejections.push(rejection),
        }
    }
    (drafts, rejections)
}

fn assert_targets(file: &LeadFile, wanted: &[(&str, &str)]) {
    let found: BTreeMap<String, String> =
        file.mapping().columns.iter().map(|c| (c.header.clone(), c.target.name().to_string())).collect();
    for (header, target) in wanted {
        assert_eq!(found.get(*header).map(String::as_str), Some(*target), "{header} in {found:?}");
    }
}

#[test]
fn olist_and_its_resaved_twin_are_the_same_leads() {
    let name = "olist_marketing_qualified_leads_dataset.csv";
    let (Some(one), Some(two)) =
        (data(&format!("olist/{name}")), data(&format!("olist/excel_resaved/{name}")))
    else {
        return;
    };
    let (one, two) = (open(&one, &utc()), open(&two, &utc()));
    for file in [&one, &two] {
        let wanted = [
            ("mql_id", "id"),
            ("first_contact_date", "received-at"),
            ("landing_page_id", "campaign"),
            ("origin", "source"),
        ];
        assert_targets(file, &wanted);
    }
    assert_ne!(one.fingerprint(), two.fingerprint());
    let ((one, bad_one), (two, bad_two)) = (read(&one), read(&two));
    assert_eq!((bad_one.len(), bad_two.len()), (0, 0), "{:?}", bad_one.first().or(bad_two.first()));
    assert_eq!((one.len(), two.len()), (8_000, 8_000));
    let triples = |drafts: &[LeadDraft]| -> BTreeSet<(String, i64, String)> {
        let triple =
            |d: &LeadDraft| (d.external_id.clone().unwrap(), d.received_at.unwrap().0, d.source.to_string());
        drafts.iter().map(triple).collect()
    };
    assert_eq!(triples(&one).len(), 8_000);
    assert_eq!(triples(&one), triples(&two));
    let hashes = |drafts: &[LeadDraft]| drafts.iter().map(|d| d.content_hash).collect::<BTreeSet<_>>();
    assert_eq!(hashes(&one), hashes(&two), "date spelling must not matter");
    assert_eq!(one.iter().filter(|d| d.source.is_empty()).count(), 60);
    assert_eq!(one.iter().filter(|d| d.source == "organic_search").count(), 2_296);
    let first = one.iter().map(|d| d.received_at.unwrap()).min().unwrap();
    assert_eq!(first.to_rfc3339(), "2017-06-14T00:00:00.000Z");
}

#[test]
fn olist_closed_deals_are_activity_with_an_implied_state() {
    let name = "olist_closed_deals_dataset.csv";
    let (Some(one), Some(two)) =
        (data(&format!("olist/{name}")), data(&format!("olist/excel_resaved/{name}")))
    else {
        return;
    };
    let read = |path: &Path| -> Vec<ActivityDraft> {
        let file = ActivityFile::open(path, &utc()).unwrap_or_else(|e| panic!("{e}"));
        assert_eq!(file.implied, Some(StateWord::Won));
        file.rows()
            .unwrap()
            .map(|(_, row)| row.unwrap_or_else(|r| panic!("{}", r.message(Lang::En))))
            .collect()
    };
    let (one, two) = (read(&one), read(&two));
    assert_eq!((one.len(), two.len()), (842, 842));
    assert_eq!(one[0].at.unwrap().to_rfc3339(), "2018-02-26T19:58:54.000Z");
    assert_eq!(one.iter().filter_map(|d| d.owner.clone()).collect::<BTreeSet<_>>().len(), 22);
    let minutes = |d: &[ActivityDraft]| -> BTreeSet<(String, i64)> {
        d.iter().map(|d| (d.external_id.clone(), d.at.unwrap().0 / 60_000)).collect()
    };
    assert_eq!(minutes(&one), minutes(&two));
}

#[test]
fn chinese_leads_are_the_same_in_every_encoding() {
    let names = ["线索列表_utf8bom.csv", "线索列表_gbk.csv", "clue_utf8.csv", "线索列表.xlsx"];
    let Some(paths) = names.iter().map(|n| data(&format!("huike_crm_zh/{n}"))).collect::<Option<Vec<_>>>()
    else {
        return;
    };
    let mut all = Vec::new();
    for (path, encoding) in paths.iter().zip(["UTF-8", "gb18030", "UTF-8", "UTF-8"]) {
        let file = open(path, &Options::default());
        assert_eq!(file.encoding_name(), encoding);
        #[rustfmt::skip]
        assert_targets(&file, &[
            ("线索编号", "id"), ("客户姓名", "name"), ("手机号", "phone"), ("渠道来源", "source"), ("活动名称", "campaign"),
            ("活动编号", "x.活动编号"), ("微信", "wechat"), ("意向级别", "x.意向级别"), ("意向学科", "product"), ("状态", "state"),
            ("创建时间", "received-at"), ("创建人", "x.创建人"), ("QQ", "x.QQ"), ("更新时间", "x.更新时间"),
        ]);
        let (drafts, rejections) = read(&file);
        assert_eq!((drafts.len(), rejections.len()), (610, 0));
        all.push(drafts);
    }
    assert_eq!(all[0], all[1]);
    assert_eq!(all[0], all[2]);
    assert_eq!(all[0], all[3]);
    let drafts = &all[0];
    let phone = |d: &LeadDraft| d.phone_key.as_ref().and_then(PhoneKey::identity).map(str::to_string);
    let phones: BTreeSet<_> = drafts.iter().filter_map(phone).collect();
    println!(
        "{} phones, warnings {:?}",
        phones.len(),
        drafts.iter().flat_map(|d| &d.warnings).collect::<Vec<_>>()
    );
    assert!(phones.len() >= 603);
    let count = |state| drafts.iter().filter(|d| d.state == Some(state)).count();
    assert_eq!(count(StateWord::Assigned), 374);
    assert_eq!(count(StateWord::Waiting), 192);
    assert_eq!(count(StateWord::Qualified), 22);
    assert_eq!(count(StateWord::Invalid), 19);
    assert_eq!(count(StateWord::Contacted), 3);
    let first = &drafts[0];
    assert_eq!(
        (first.name.as_str(), first.phone.as_str(), first.source.as_str()),
        ("高妹", "13816666670", "线上活动")
    );
    assert_eq!(first.received_at.unwrap().to_rfc3339(), "2022-04-18T17:27:23.000Z", "01:27:23 in Shanghai");
}

#[test]
fn zoho_leads_have_their_dates_and_contacts() {
    let Some(path) = data("zoho_crm_demo/Leads.csv") else { return };
    let file = open(&path, &Options { country: CountryCode::US, ..utc() });
    #[rustfmt::skip]
    assert_targets(&file, &[
        ("LEADID", "id"), ("Last Name", "last-name"), ("Company", "company"), ("Lead Owner", "owner"), ("Email", "email"),
        ("Mobile", "phone"), ("Industry", "industry"), ("Lead Source", "source"), ("Lead Status", "state"),
        ("Created Time", "received-at"), ("CONVERTED", "x.CONVERTED"), ("Website", "x.Website"),
    ]);
    let (drafts, rejections) = read(&file);
    assert_eq!((drafts.len(), rejections.len()), (3_900, 0));
    assert_eq!(drafts[0].received_at.unwrap().to_rfc3339(), "2021-04-15T00:03:00.000Z");
    let dates: Vec<_> = drafts.iter().map(|d| d.received_at.unwrap().to_rfc3339()).collect();
    assert_eq!(dates.iter().min().map(|d| &d[..10]), Some("2018-07-02"));
    assert_eq!(dates.iter().max().map(|d| &d[..10]), Some("2021-04-15"));
    assert_eq!(drafts[0].name, "Denson");
    assert_eq!(drafts[0].email_key.as_ref().unwrap().canonical, "garyldenson@cuvox.de");
    assert_eq!(drafts.iter().filter_map(|d| d.owner.clone()).collect::<BTreeSet<_>>().len(), 11);
    assert!(drafts.iter().all(|d| d.state.is_some()), "every status word is known");
    let no_phone = drafts.iter().filter(|d| d.phone_key.is_none()).count();
    println!("zoho: {no_phone} without a valid phone");
    assert_eq!(drafts.iter().filter(|d| d.email_key.is_none()).count(), 0);
}

#[test]
fn marketstar_keeps_do_not_contact_and_unowned() {
    let Some(path) = data("marketstar/Leads.csv") else { return };
    let file = open(&path, &utc());
    #[rustfmt::skip]
    assert_targets(&file, &[
        ("LeadId", "id"), ("Title", "x.Title"), ("Industry", "industry"), ("TimeZone", "region"), ("Stage", "state"),
        ("CreatedDate", "received-at"), ("OwnerEmployeeId", "owner"), ("LeadSource", "source"),
        ("DisqualifiedReason", "do-not-contact"),
    ]);
    let (drafts, rejections) = read(&file);
    assert_eq!((drafts.len(), rejections.len()), (43_033, 0));
    let unowned_new =
        drafts.iter().filter(|d| d.owner.is_none() && d.state == Some(StateWord::Waiting)).count();
    assert_eq!(unowned_new, 10_466);
    let dnc: Vec<_> = drafts.iter().filter(|d| d.do_not_contact).collect();
    assert_eq!(dnc.len(), 1_867);
    assert!(dnc.iter().all(|d| d.state == Some(StateWord::Invalid)));
    assert!(dnc.iter().all(|d| d.custom.iter().any(|(n, _)| n == "DisqualifiedReason")));
    let unknown =
        drafts.iter().flat_map(|d| &d.warnings).filter(|w| w.kind == WarningKind::UnknownState).count();
    assert_eq!(unknown, 0);
    assert_eq!(drafts[0].received_at.unwrap().to_rfc3339(), "2021-01-05T00:00:00.000Z");
    assert!(drafts.iter().all(|d| d.received_at.is_some()));
}

#[test]
fn maven_pipeline_in_both_date_habits() {
    let (Some(one), Some(two)) =
        (data("maven_crm/sales_pipeline.csv"), data("maven_crm/us_dates_resaved/sales_pipeline.csv"))
    else {
        return;
    };
    let (one, two) = (open(&one, &utc()), open(&two, &utc()));
    #[rustfmt::skip]
    assert_targets(&one, &[
        ("opportunity_id", "id"), ("sales_agent", "owner"), ("product", "product"), ("account", "company"),
        ("deal_stage", "state"), ("engage_date", "received-at"), ("close_value", "value"),
    ]);
    let ((one, bad_one), (two, bad_two)) = (read(&one), read(&two));
    assert_eq!((one.len(), bad_one.len(), two.len(), bad_two.len()), (8_800, 0, 8_800, 0));
    assert_eq!(one.iter().filter(|d| d.received_at.is_none()).count(), 500);
    assert_eq!(one.iter().filter(|d| d.state == Some(StateWord::Won)).count(), 4_238);
    assert_eq!(one[0].value, Some(1_054_000));
    let differ = |(a, b): &(&LeadDraft, &LeadDraft)| {
        a.received_at != b.received_at || a.content_hash != b.content_hash
    };
    let differ: Vec<_> = one.iter().zip(&two).filter(differ).take(2).collect();
    assert!(differ.is_empty(), "{differ:#?}");
}

#[test]
fn ads_manager_downloads_open_whatever_their_encoding() {
    let (Some(wide), Some(tsv)) =
        (data("payloads/meta_leads_export_utf16le.csv"), data("payloads/meta_leads_export_utf8.tsv"))
    else {
        return;
    };
    let (wide, tsv) = (open(&wide, &utc()), open(&tsv, &utc()));
    assert_eq!((wide.encoding_name(), wide.delimiter(), tsv.delimiter()), ("UTF-16LE", b'\t', b'\t'));
    for file in [&wide, &tsv] {
        #[rustfmt::skip]
        assert_targets(file, &[
            ("id", "id"), ("created_time", "received-at"), ("campaign_name", "campaign"), ("platform", "source"),
            ("full_name", "name"), ("phone_number", "phone"), ("work_email", "email"), ("city", "city"), ("lead_status", "state"),
        ]);
    }
    let ((drafts, rejections), (few, _)) = (read(&wide), read(&tsv));
    assert_eq!(
        (drafts.len(), rejections.len(), few.len()),
        (4, 1, 4),
        "the fifth is the platform's test lead"
    );
    assert_eq!(drafts[0].external_id.as_deref(), Some("100000000000001"));
    assert_eq!(drafts[0].received_at.unwrap().to_rfc3339(), "2025-09-12T09:35:13.000Z");
    assert_eq!(drafts[1].name, "Exámple, Two \"Jr\"");
    assert_eq!(drafts[1].key(), drafts[2].key());
    assert_eq!(drafts[3].phone_key.as_ref().unwrap().identity(), Some("+8613800138000"));
    let hashes = |d: &[LeadDraft]| d.iter().take(2).map(|d| d.content_hash).collect::<Vec<_>>();
    assert_eq!(hashes(&drafts), hashes(&few));
}

#[test]
fn semicolons_and_the_bank_queue_open() {
    if let Some(path) = data("uci_bank/bank-additional.csv") {
        let file = open(&path, &utc());
        assert_eq!((file.delimiter(), file.headers().len()), (b';', 21));
        let (drafts, rejections) = read(&file);
        assert_eq!((drafts.len(), rejections.len()), (4_119, 0));
        assert!(drafts.iter().all(|d| d.external_id.is_none() && d.key().starts_with("content:")));
    }
    if let Some(path) = data("bpic2012/bpic2012_submissions.csv") {
        let file = open(&path, &utc());
        assert_targets(&file, &[("case_id", "id"), ("amount_req", "value"), ("timestamp", "received-at")]);
        let (drafts, rejections) = read(&file);
        assert_eq!((drafts.len(), rejections.len()), (13_087, 0));
        assert_eq!(drafts[0].received_at.unwrap().to_rfc3339(), "2011-09-30T22:38:44.546Z");
        assert_eq!(file.mapping().find(&Target::ReceivedAt), Some(2));
    }
}

#[test]
fn every_table_opens_as_something() {
    let Some(root) = data("olist").and_then(|p| p.parent().map(Path::to_path_buf)) else { return };
    for folder in ["olist", "marketstar", "maven_crm", "zoho_crm_demo", "huike_crm_zh", "uci_bank"] {
        for path in std::fs::read_dir(root.join(folder)).unwrap().filter_map(Result::ok).map(|e| e.path()) {
            if path.extension().is_some_and(|e| e == "csv") {
                let file = open(&path, &utc());
                let (drafts, bad) = read(&file);
                let why = bad.first().map(|r| r.message(Lang::En));
                println!("{}: {} drafts, {} rejected {why:?}", path.display(), drafts.len(), bad.len());
                assert!(!file.mapping().to_table(Lang::Zh).is_empty());
            }
        }
    }
}

#[test]
fn rosters_of_four_houses() {
    let read = |path: &Path| roster::read(path, &Default::default(), &[]).unwrap_or_else(|e| panic!("{e}"));
    if let Some(path) = data("maven_crm/sales_teams.csv") {
        let roster = read(&path);
        assert_eq!((roster.reps.len(), roster.rejected.len()), (35, 0));
        let anna = roster.reps.iter().find(|r| r.login == "anna.snelling").unwrap();
        assert_eq!(
            (anna.name.as_str(), anna.teams.as_slice()),
            ("Anna Snelling", &["Central".to_string()][..])
        );
        assert_eq!(anna.manager.as_deref(), Some("Dustin Brinkmann"));
    }
    if let Some(path) = data("huike_crm_zh/user.csv") {
        let roster = read(&path);
        assert_eq!(roster.reps.len(), 20);
        assert_eq!(roster.reps.iter().filter(|r| !r.active).count(), 2);
        let zhang = roster.reps.iter().find(|r| r.login == "zhangsan").unwrap();
        assert_eq!(
            (zhang.name.as_str(), zhang.teams[0].as_str(), zhang.external_id.as_deref()),
            ("张三", "215", Some("2"))
        );
    }
    if let Some(path) = data("zoho_crm_demo/Users.csv") {
        let roster = read(&path);
        assert_eq!(roster.reps.len(), 11);
        let love = roster.reps.iter().find(|r| r.name == "David Love").unwrap();
        assert_eq!((love.login.as_str(), love.email.as_deref()), ("david.love", Some("david@finepick.com")));
    }
    if let Some(path) = data("marketstar/Employees.csv") {
        let roster = read(&path);
        assert_eq!(roster.reps.len(), 8);
        assert_eq!(
            (roster.reps[0].login.as_str(), roster.reps[0].external_id.as_deref()),
            ("steven.johnson", Some("1"))
        );
    }
}
