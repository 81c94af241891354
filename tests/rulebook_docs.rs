//! Every example in docs/rules.md is read and checked, so that the page cannot teach what the program refuses.

#![expect(clippy::expect_used, clippy::panic, reason = "a test may stop at once")]

use std::collections::BTreeMap;

use leadyard::rulebook::{Names, RepName, Severity, check, parse, parse_condition, print};

/// A fenced block: its language word and its text.
fn blocks(page: &str) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(kind) = line.strip_prefix("```") else { continue };
        let body: Vec<&str> = lines.by_ref().take_while(|l| !l.starts_with("```")).collect();
        out.push((kind.trim().to_owned(), body.join("\n")));
    }
    out
}

/// The desk of the page: `team NAME: login, login` and `rep login NAME: skill, skill` lines.
fn desk(text: &str) -> Names {
    let mut names = Names { teams: BTreeMap::new(), ..Names::default() };
    for line in text.lines().filter(|l| !l.trim().is_empty()) {
        let (head, list) = line.split_once(':').expect("a colon");
        let words: Vec<&str> = list.split(',').map(str::trim).filter(|w| !w.is_empty()).collect();
        if let Some(team) = head.strip_prefix("team ") {
            names.teams.insert(team.into(), words.iter().map(|w| (*w).into()).collect());
        } else if let Some(rep) = head.strip_prefix("rep ") {
            let (login, name) = rep.split_once(' ').expect("login and name");
            let skills = words.iter().map(|w| (*w).into()).collect();
            names.reps.push(RepName { login: login.into(), name: name.into(), active: true, skills });
        } else if head == "sources" {
            names.sources = words.iter().map(|w| (*w).into()).collect();
        } else {
            panic!("unknown desk line {line}");
        }
    }
    names
}

fn page() -> (Names, Vec<(String, String)>) {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md");
    let all = blocks(&std::fs::read_to_string(path).expect("docs/rules.md"));
    let names = desk(&all.iter().find(|(kind, _)| kind == "desk").expect("a desk block").1);
    (names, all)
}

#[test]
fn every_example_of_a_book_is_free_of_errors_and_round_trips() {
    let (names, all) = page();
    let mut seen = 0;
    for (_, text) in all.iter().filter(|(kind, _)| kind == "leadyard") {
        let parsed = parse(text);
        let wrong: Vec<String> = check(&parsed.tree, &names)
            .diagnostics
            .iter()
            .filter(|d| d.severity == Severity::Error)
            .map(|d| format!("{}:{} {:?}", d.line, d.column, d.code))
            .collect();
        assert_eq!(wrong, Vec::<String>::new(), "{text}");
        assert_eq!(parse(&print(&parsed.tree)).tree, parsed.tree, "{text}");
        seen += 1;
    }
    assert!(seen >= 10, "only {seen} examples found");
}

#[test]
fn every_example_of_a_condition_is_free_of_errors() {
    let (names, all) = page();
    let mut seen = 0;
    for (_, text) in all.iter().filter(|(kind, _)| kind == "condition") {
        for line in text.lines().filter(|l| !l.trim().is_empty()) {
            let (_, said) = parse_condition(line, Some(&names));
            assert!(said.iter().all(|d| d.severity != Severity::Error), "{line}: {said:?}");
            seen += 1;
        }
    }
    assert!(seen >= 10, "only {seen} conditions found");
}
