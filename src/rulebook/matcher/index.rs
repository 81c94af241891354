//! The index of one field: classes of values that its clauses can tell apart, and a row of bits for each.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::WORD;
use crate::model::field::{Field, Subject, Value};
use crate::rulebook::cond::{Cond, Operand};

/// Every row begins with the class of what is not known.
const EMPTY: usize = 0;
const PRESENT: usize = 1;
/// A text that no clause names.
const OTHER: usize = 2;
/// The first class of a number: below the lowest edge.
const NUMBERS: usize = 3;

#[derive(Debug, Clone)]
pub(super) struct FieldIndex {
    pub field: Field,
    words: usize,
    /// Texts that clauses name, lower-cased, with their classes.
    texts: FxHashMap<SmolStr, usize>,
    /// Numbers that clauses name, sorted: each is a class, and so is what lies between two.
    edges: Vec<i64>,
    /// One row a class.
    rows: Vec<u64>,
}

/// A lead of which one field is known.
pub(super) struct Only<'a>(pub &'a Field, pub Value<'a>);

impl Subject for Only<'_> {
    fn value(&self, field: &Field) -> Value<'_> {
        if field == self.0 { self.1 } else { Value::Empty }
    }
}

impl FieldIndex {
    /// `clauses` ask `field` alone, each for the condition at its place; `words` is the length of a row.
    pub(super) fn build(field: Field, clauses: &[(usize, Cond)], words: usize) -> FieldIndex {
        let mut edges = Vec::new();
        let mut names: Vec<SmolStr> = Vec::new();
        for (_, clause) in clauses {
            clause.each_test(&mut |test| match &test.operand {
                Operand::Number(n) => edges.push(*n),
                Operand::Numbers(all) => edges.extend_from_slice(all),
                Operand::Text(text) => names.push(text.clone()),
                Operand::Texts(all) => names.extend(all.iter().cloned()),
                Operand::Nothing | Operand::Either(_) | Operand::Eithers(_) => {}
            });
        }
        edges.sort_unstable();
        edges.dedup();
        names.sort_unstable();
        names.dedup();
        let other = other_than(&names);
        let mut values = vec![Value::Empty, Value::Present, Value::Text(&other)];
        values.push(Value::Number(edges.first().map_or(0, |first| first.saturating_sub(1))));
        for edge in &edges {
            values.extend([Value::Number(*edge), Value::Number(edge.saturating_add(1))]);
        }
        let first_text = values.len();
        values.extend(names.iter().map(|name| Value::Text(name)));
        let mut rows = vec![u64::MAX; values.len() * words];
        for (row, value) in rows.chunks_mut(words.max(1)).zip(&values) {
            for (rule, clause) in clauses {
                if !clause.holds_for(&Only(&field, *value))
                    && let Some(word) = row.get_mut(rule / WORD)
                {
                    *word &= !(1 << (rule % WORD));
                }
            }
        }
        let texts = names.iter().enumerate().map(|(at, name)| (name.clone(), first_text + at)).collect();
        FieldIndex { field, words, texts, edges, rows }
    }

    /// The conditions whose clauses on this field hold of `value`.
    pub(super) fn row(&self, value: Value<'_>) -> &[u64] {
        let from = self.class(value) * self.words;
        self.rows.get(from..from + self.words).unwrap_or_default()
    }

    /// The class of `value`.
    pub(super) fn class(&self, value: Value<'_>) -> usize {
        match value {
            Value::Empty | Value::Text("") => EMPTY,
            Value::Present => PRESENT,
            Value::Text(text) => self.text_class(text),
            Value::Number(number) => match self.edges.binary_search(&number) {
                Ok(at) => NUMBERS + 2 * at + 1,
                Err(at) => NUMBERS + 2 * at,
            },
        }
    }

    fn text_class(&self, text: &str) -> usize {
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            let lower = text.to_ascii_lowercase();
            return self.texts.get(lower.as_str()).copied().unwrap_or(OTHER);
        }
        self.texts.get(text).copied().unwrap_or(OTHER)
    }
}

/// A text that equals none of `names` and has none of them inside.
pub(super) fn other_than(names: &[SmolStr]) -> String {
    let is_free = |c: &char| !names.iter().any(|name| name.contains(*c));
    // Characters for private use: no name is long enough to hold them all.
    ('\u{E000}'..='\u{F8FF}').find(is_free).map_or_else(String::new, String::from)
}
