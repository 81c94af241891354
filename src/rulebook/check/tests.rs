//! Standing warnings, and that a checked text tells all: what the parser said is in the list too.

use super::super::*;
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
        DiagCode::WrongComparison { field: name(), op: "<" },
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
        DiagCode::WrongAmount { metric: name(), takes: "5m" },
        DiagCode::WindowTwice { name: name() },
    ];
    for code in codes {
        let said = Diagnostic {
            severity: Severity::Error,
            span: Span::default(),
            line: 1,
            column: 1,
            code,
            suggestion: None,
        };
        let (en, zh) = (said.message(Lang::En), said.message(Lang::Zh));
        assert!(!en.is_empty() && en != zh, "{said:?}");
        assert!(zh.chars().any(|c| c > '\u{2E80}'), "{zh}");
    }
}
