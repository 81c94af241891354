//! The tables keep their style: no missing words, no half-width marks between Han characters, Latin set off by a space.

use super::*;
use std::collections::HashSet;

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

#[test]
fn every_row_has_words_in_both_languages() {
    let mut names = HashSet::new();
    for row in rows() {
        assert!(!row.en.trim().is_empty() && !row.zh.trim().is_empty(), "{}", row.name);
        assert!(names.insert(row.name), "{} appears twice", row.name);
        assert!(!row.en.chars().any(is_han), "{}: Han in English", row.name);
    }
}

#[test]
fn chinese_keeps_its_punctuation_and_spacing() {
    for row in rows() {
        let chars: Vec<char> = row.zh.chars().collect();
        for pair in chars.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let text = row.zh;
            assert!(!(is_han(a) && ",:;?!".contains(b)), "{}: half-width mark in {text}", row.name);
            assert!(!(is_han(a) && b.is_ascii_alphanumeric()), "{}: no space in {text}", row.name);
            assert!(!(a.is_ascii_alphanumeric() && is_han(b)), "{}: no space in {text}", row.name);
        }
    }
}

#[test]
fn both_languages_name_the_same_arguments() {
    for row in rows() {
        let holes = |text: &str| {
            let mut found: Vec<String> =
                text.split('{').skip(1).filter_map(|s| s.split('}').next()).map(str::to_owned).collect();
            found.sort();
            found
        };
        assert_eq!(holes(row.en), holes(row.zh), "{}", row.name);
    }
}

#[test]
fn a_message_reads_in_the_language_around_it() {
    let said = Say::CannotDo(T::QueueTitle, &Say::from(T::NoLeadSelected));
    assert_eq!(said.get(Lang::En), "Queue: select a lead first");
    assert_eq!(said.get(Lang::Zh), "线索队列：请先选中一条线索");
    let said = Say::SpreadIs(3);
    assert_eq!((said.get(Lang::En), said.get(Lang::Zh)), ("spread 3 %", "均衡度 3%"));
}
