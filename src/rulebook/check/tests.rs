//! Standing warnings, and that a checked text tells all: what the parser said is in the list too.

use super::super::*;
use crate::model::channel::{ChannelKind, Topic};
use crate::model::lang::Lang;

#[test]
fn an_empty_book_may_be_published_and_says_what_it_lacks() {
    let checked = check(&parse("").tree, &Names::default());
    assert!(!checked.has_errors());
    let codes: Vec<&DiagCode> = checked.diagnostics.iter().map(|d| &d.code).collect();
    assert_eq!(codes, [&DiagCode::NoTimezone, &DiagCode::NoCatchAll]);
}

#[test]
fn what_the_parser_said_forbids_publishing() {
    let checked = check(&parse("nonsense here").tree, &Names::default());
    assert!(checked.has_errors());
}

#[test]
fn steps_that_will_not_move_a_lead_are_told() {
    let rule = "rule R\ngive to owner\nrespond within 5m, else recall\n";
    let told = |text: &str| {
        let checked = check(&parse(text).tree, &Names::default());
        checked.diagnostics.iter().any(|d| matches!(d.code, DiagCode::OnlyEscalates { .. }))
    };
    assert!(told(rule));
    assert!(!told(&format!("{rule}replies from crm\n")));
}

#[test]
fn every_finding_speaks_both_languages() {
    let name = || smol_str::SmolStr::new("名");
    let codes = [
        DiagCode::Expected { want: Want::Name, found: name() },
        DiagCode::Expected { want: Want::Target, found: "".into() },
        DiagCode::UnclosedQuote,
        DiagCode::UnknownWord { word: name() },
        DiagCode::Misplaced { word: name() },
        DiagCode::Unknown { noun: Noun::Team, name: name() },
        DiagCode::Repeated { what: name() },
        DiagCode::TooMuch { limit: Limit::Rules, max: 5 },
        DiagCode::RuleNameTwice { name: name() },
        DiagCode::DefineTwice { name: name() },
        DiagCode::DefineUnused { name: name() },
        DiagCode::EqualsDefine { name: name() },
        DiagCode::NotADefine { name: name() },
        DiagCode::WrongComparison { field: name(), op: "<".into() },
        DiagCode::WrongValue { field: name(), want: Kind::Text, found: name() },
        DiagCode::OnlyEmpty { field: name() },
        DiagCode::TooPrecise { found: name() },
        DiagCode::NoGive { rule: name() },
        DiagCode::EmptyTeam { team: name() },
        DiagCode::InactiveRep { rep: name() },
        DiagCode::AmbiguousRep { rep: name() },
        DiagCode::NobodySkilled { rule: name() },
        DiagCode::NoCatchAll,
        DiagCode::NoTimezone,
        DiagCode::Unreachable { rule: name(), by: name() },
        DiagCode::EndsBeforeStart,
        DiagCode::CapZero,
        DiagCode::OnlyEscalates { rule: name() },
        DiagCode::OutOfRange { found: name(), range: "0 .. 1" },
        DiagCode::LikeMayOnlyPark,
        DiagCode::StepNeverReached,
        DiagCode::PromotionTwice { name: name() },
        DiagCode::PromotionEmpty { name: name() },
        DiagCode::PromotionsOverlap { name: name(), with: name(), what: name() },
        DiagCode::WatchFigure { watch: WatchKind::Delayed, metric: Metric::Load },
        DiagCode::WatchBackwards { metric: Metric::Share, beside: false },
        DiagCode::WatchBackwards { metric: Metric::Load, beside: true },
        DiagCode::WatchNeedsFigure { watch: WatchKind::Unmatched },
        DiagCode::WatchBlind { watch: WatchKind::Hoarded },
        DiagCode::NotifyUnfit { kind: ChannelKind::Twilio, topic: Topic::Warn },
        DiagCode::NotifyUnfit { kind: ChannelKind::Terminal, topic: Topic::Assigned },
        DiagCode::WrongAmount { metric: Metric::Waiting },
        DiagCode::WrongRelief { kind: WatchKind::Delayed },
        DiagCode::WrongRelief { kind: WatchKind::Surge },
        DiagCode::WindowTwice { name: name() },
        DiagCode::NeverWorks { whose: "".into() },
        DiagCode::NeverWorks { whose: name() },
        DiagCode::YearWithoutHolidays { year: 2027 },
        DiagCode::NeverMatches { rule: name() },
        DiagCode::Shadowed { rule: name(), by: vec![name()], more: 0 },
        DiagCode::Shadowed { rule: name(), by: vec![name(), name()], more: 3 },
        DiagCode::PoolEmpty { rule: name(), day: 6, minute: 90, minutes: 75 },
        DiagCode::NobodyWorks { day: 7, minute: 0, minutes: 1440 },
        DiagCode::CapsFull { rule: name(), full: 2, of: 2 },
        DiagCode::CapsFull { rule: name(), full: 1, of: 2 },
        DiagCode::WindowPast { name: name() },
        DiagCode::WindowsOverlap { name: name(), with: name() },
        DiagCode::NeverSeen { field: crate::model::field::Field::Source, value: name(), near: None },
        DiagCode::RepliesUnrecorded { rule: name(), source: name(), more: 2 },
        DiagCode::RepliesSilent { source: name(), leads: 3_114 },
    ];
    for code in codes {
        let said = Diagnostic {
            severity: Severity::Error,
            span: Span::default(),
            line: 1,
            column: 1,
            code,
            suggestion: None,
            keywords: Lang::Zh,
        };
        let (en, zh) = (said.message(Lang::En), said.message(Lang::Zh));
        assert!(!en.is_empty() && en != zh, "{said:?}");
        assert!(zh.chars().any(|c| c > '\u{2E80}'), "{zh}");
    }
}

#[test]
fn hours_name_people_of_the_desk_and_leave_them_some_time() {
    let names = Names {
        teams: [("Night".into(), vec!["li".into()])].into(),
        reps: vec![RepName { login: "li".into(), name: "李娜".into(), active: true, skills: vec![] }],
        ..Names::default()
    };
    let errors = |text: &str| {
        let told = check(&parse(&format!("calendar\n timezone UTC\n {text}\n")).tree, &names).diagnostics;
        told.into_iter()
            .filter(|d| d.severity == Severity::Error)
            .map(|d| d.message(Lang::En))
            .collect::<Vec<_>>()
    };
    let none: [&str; 0] = [];
    assert_eq!(errors("team Night works Mon..Fri 20:00..02:00"), none);
    assert_eq!(errors("rep 李娜 works Sat 10:00..16:00 and holidays"), none);
    assert_eq!(errors("team Nihgt works Mon 09:00..10:00"), ["unknown team \"Nihgt\""]);
    assert_eq!(errors("rep nobody works Mon 09:00..10:00"), ["unknown rep \"nobody\""]);
    assert_eq!(
        errors("workdays Mon 09:00..12:00 except 08:00..12:00"),
        ["these hours leave no working time at all"]
    );
    assert_eq!(
        errors("team Night works Mon 22:00..02:00 except 21:00..03:00"),
        ["these hours leave \"Night\" no working time at all"]
    );
    assert_eq!(errors("holiday 2026-10-01..2036-10-07"), ["3660d lies outside 1d .. 400d"]);
}

#[test]
fn a_year_without_holidays_is_told() {
    let years = |text: &str, today: Option<(i32, u32, u32)>| {
        let today = today.and_then(|(y, m, d)| chrono::NaiveDate::from_ymd_opt(y, m, d));
        let names = Names { today, ..Names::default() };
        let told = check(&parse(&format!("calendar\n timezone UTC\n {text}\n")).tree, &names).diagnostics;
        let year = |d: &Diagnostic| match d.code {
            DiagCode::YearWithoutHolidays { year } => Some(year),
            _ => None,
        };
        told.iter().filter_map(year).collect::<Vec<_>>()
    };
    assert_eq!(
        years("workdays Mon 09:00..10:00", Some((2027, 1, 1))),
        [0; 0],
        "a desk without holidays needs none"
    );
    assert_eq!(years("holiday 2026-10-01\n workday 2027-02-07", None), [2027]);
    assert_eq!(years("holiday 2025-10-01\n holiday 2027-10-01", None), [2026]);
    assert_eq!(years("holiday 2025-10-01\n holiday 2026-10-01", Some((2026, 5, 1))), [0; 0]);
    assert_eq!(years("holiday 2026-10-01", Some((2026, 11, 1))), [2027]);
    assert_eq!(years("holiday 2026-10-01", Some((2027, 3, 1))), [2027]);
}

#[test]
fn a_notify_line_says_what_can_be_told_once_through_a_known_channel() {
    let known = Some(vec![(ChannelKind::Wecom, "sales-leads".into()), (ChannelKind::Mail, "boss".into())]);
    let names =
        Names { teams: [("Promo".into(), vec!["r".into()])].into(), channels: known, ..Names::default() };
    let found = |text: &str| -> Vec<(Severity, DiagCode)> {
        let tree = crate::rulebook::parse(&format!("calendar\n  timezone UTC\n{text}\notherwise wait")).tree;
        check(&tree, &names).diagnostics.into_iter().map(|d| (d.severity, d.code)).collect()
    };
    assert_eq!(
        found("notify wecom sales-leads on page, digest\nnotify wecom sales-leads on warn to team Promo"),
        []
    );
    let unfit = |kind, topic| (Severity::Error, DiagCode::NotifyUnfit { kind, topic });
    assert_eq!(found("notify terminal all on assigned"), [unfit(ChannelKind::Terminal, Topic::Assigned)]);
    let sms = found("notify twilio pager on page, warn");
    assert_eq!(sms[0], unfit(ChannelKind::Twilio, Topic::Warn));
    let twice = found("notify mail boss on page\nnotify mail boss on digest");
    assert!(matches!(&twice[..], [(Severity::Error, DiagCode::Repeated { .. })]), "{twice:?}");
    let far = found("notify wecom sales-lead on page");
    let unknown = DiagCode::Unknown { noun: Noun::Channel, name: "sales-lead".into() };
    assert_eq!(far, [(Severity::Warning, unknown)]);
    let team = found("notify mail boss on page to team Prom");
    assert!(matches!(&team[..], [(Severity::Error, DiagCode::Unknown { noun: Noun::Team, .. })]), "{team:?}");
    let kind = found("notify wecon sales-leads on page");
    assert!(
        matches!(&kind[..], [(Severity::Error, DiagCode::Unknown { noun: Noun::Channel, .. })]),
        "{kind:?}"
    );
}
