//! The demo company can be read by the doors it will come through: roster and leads by intake, the book by the checker.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use leadyard::intake::file::{LeadFile, Options};
use leadyard::intake::row::LeadDraft;
use leadyard::rulebook::{self, Names, RepName, Severity};
use leadyard::sim::company;

fn asset(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo").join(name)
}

fn leads(name: &str) -> Vec<LeadDraft> {
    let file = LeadFile::open(&asset(name), &Options::default()).unwrap();
    file.rows().unwrap().map(|(line, row)| row.unwrap_or_else(|r| panic!("{name}:{line}: {r:?}"))).collect()
}

#[test]
fn the_roster_reads_the_same_by_intake_and_by_the_demo() {
    let roster = leadyard::intake::roster::read(&asset("roster.csv"), &Default::default(), &[]).unwrap();
    let cards = company::cards();
    assert!(roster.rejected.is_empty(), "{:?}", roster.rejected);
    assert_eq!((roster.reps.len(), cards.len()), (14, 14));
    for (draft, card) in roster.reps.iter().zip(&cards) {
        assert_eq!(draft.login, card.login);
        assert_eq!(draft.name, card.name);
        assert_eq!((draft.cap, draft.day_cap), (card.cap_open, card.cap_day), "{}", card.login);
        assert_eq!(draft.weight_milli, Some(card.weight_milli), "{}", card.login);
        let sorted = |list: &[String]| list.iter().cloned().collect::<BTreeSet<String>>();
        assert_eq!(sorted(&draft.teams), card.teams.iter().map(ToString::to_string).collect());
        assert_eq!(sorted(&draft.skills), card.skills.iter().map(ToString::to_string).collect());
    }
}

#[test]
fn the_book_has_neither_errors_nor_warnings_and_prints_as_it_stands() {
    let mut names = Names::default();
    for card in company::cards() {
        for team in &card.teams {
            names.teams.entry(team.clone()).or_default().push(card.login.clone());
        }
        names.reps.push(RepName { login: card.login, name: card.name, active: true, skills: card.skills });
    }
    let parsed = rulebook::parse(company::BOOK);
    let checked = rulebook::check(&parsed.tree, &names);
    let found: Vec<_> = parsed.diagnostics.iter().chain(&checked.diagnostics).collect();
    assert!(!found.iter().any(|d| d.severity != Severity::Info), "{found:#?}");
    assert_eq!(checked.book.rules.len(), 8);
    let printed = rulebook::print(&parsed.tree);
    assert_eq!(rulebook::parse(&printed).diagnostics, vec![]);
}

#[test]
fn sample_leads_are_read_without_loss() {
    for (name, least) in [("leads.csv", 60), ("leads-zh.csv", 35)] {
        let drafts = leads(name);
        assert!(drafts.len() >= least, "{name}: {}", drafts.len());
        let warned: Vec<_> = drafts.iter().flat_map(|d| &d.warnings).collect();
        assert!(warned.is_empty(), "{name}: {warned:?}");
        let ids: BTreeSet<_> = drafts.iter().map(LeadDraft::key).collect();
        assert_eq!(ids.len(), drafts.len(), "{name}: ids are unique");
        assert!(drafts.iter().all(|d| d.received_at.is_some() && !d.name.is_empty()));
        assert!(drafts.iter().any(|d| d.phone.is_empty()), "{name}: some lack a phone");
        assert!(drafts.iter().all(|d| d.email.is_empty() || d.email.ends_with("@example.com")));
    }
}

#[test]
fn sample_leads_hold_a_person_who_comes_twice() {
    let drafts = leads("leads.csv");
    let phones: Vec<_> = drafts.iter().map(|d| d.phone.as_str()).filter(|p| !p.is_empty()).collect();
    let different: BTreeSet<_> = phones.iter().collect();
    assert!(different.len() < phones.len());
}
