//! Every example in docs/rules.md is read and checked, so that the page cannot teach what the program refuses.

#![expect(clippy::expect_used, clippy::panic, reason = "a test may stop at once")]

use std::collections::BTreeMap;

use leadyard::model::lang::Lang;
use leadyard::rulebook::{
    Names, RepName, Severity, check, parse, parse_condition, print, print_in, word_pairs,
};

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
    for (_, text) in all.iter().filter(|(kind, _)| kind.starts_with("leadyard")) {
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

/// English and Chinese examples stand beside each other and are the same book.
#[test]
fn every_example_stands_in_both_languages() {
    let (_, all) = page();
    let mut seen = 0;
    for (place, (kind, text)) in all.iter().enumerate() {
        let twin = all.get(place + 1).map(|(kind, text)| (kind.as_str(), text.as_str()));
        match (kind.as_str(), twin) {
            ("leadyard", Some(("leadyard-zh", chinese))) => {
                let (tree, other) = (parse(text).tree, parse(chinese));
                assert_eq!(other.diagnostics, vec![], "{chinese}");
                assert_eq!(other.tree, tree, "{text}\n{chinese}");
                assert_eq!(other.tree.source.keywords, Lang::Zh, "{chinese}");
                let printed = [Lang::En, Lang::Zh].map(|lang| parse(&print_in(&tree, lang)).tree);
                assert_eq!(printed, [tree.clone(), tree], "{chinese}");
                seen += 1;
            }
            ("condition", Some(("condition-zh", chinese))) => {
                let rule = |line: &str| parse(&format!("rule R\nwhen {line}\ngive to owner")).tree;
                let lines: Vec<&str> = chinese.lines().collect();
                assert_eq!(lines.len(), text.lines().count());
                for (english, chinese) in text.lines().zip(lines) {
                    assert_eq!(rule(chinese), rule(english), "{english} / {chinese}");
                }
                seen += 1;
            }
            ("leadyard" | "condition", _) => panic!("no Chinese twin of\n{text}"),
            _ => {}
        }
    }
    assert!(seen >= 15, "only {seen} pairs found");
}

#[test]
fn every_word_is_listed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rules.md");
    let page = std::fs::read_to_string(path).expect("docs/rules.md");
    let list = page.split("## Words").nth(1).expect("a list of words");
    let missing: Vec<String> = word_pairs()
        .into_iter()
        .map(|(en, zh)| format!("`{en}` {zh}"))
        .filter(|pair| !list.contains(pair.as_str()))
        .collect();
    assert!(missing.is_empty(), "not in the list of words: {}", missing.join(" · "));
}

#[test]
fn every_example_of_a_condition_is_free_of_errors() {
    let (names, all) = page();
    let mut seen = 0;
    for (_, text) in all.iter().filter(|(kind, _)| kind.starts_with("condition")) {
        for line in text.lines().filter(|l| !l.trim().is_empty()) {
            let (_, said) = parse_condition(line, Some(&names));
            assert!(said.iter().all(|d| d.severity != Severity::Error), "{line}: {said:?}");
            seen += 1;
        }
    }
    assert!(seen >= 10, "only {seen} conditions found");
}
