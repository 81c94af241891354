//! All clauses of a matcher on one field, answered for one distinct value after the other.

use aho_corasick::{AhoCorasick, MatchKind};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::columns::Held;
use super::index::{FieldIndex, Only, other_than};
use super::{Matcher, WORD};
use crate::model::field::{Field, Value};
use crate::rulebook::book::Cmp;
use crate::rulebook::cond::{Cond, Op, Operand, Test};

/// Clauses on the field by condition.
type Clauses<'a> = Vec<(usize, Vec<&'a Cond>)>;

pub(super) struct Asker<'a> {
    field: &'a Field,
    index: Option<&'a FieldIndex>,
    words: usize,
    /// Must be asked of every value.
    odd: Clauses<'a>,
    /// Look for texts inside: only a value in which one is found can be answered unlike a text that nobody names.
    inside: Clauses<'a>,
    finder: Option<Finder>,
}

/// Finds every text that `inside` names in one pass.
struct Finder {
    texts: AhoCorasick,
    /// For each text, who of `inside` names it.
    named_by: Vec<Vec<usize>>,
    /// The row of a text in which none is found.
    other: Vec<u64>,
}

/// The rows found so far, each kept once, and where the plain ones of the index are.
#[derive(Default)]
struct Rows {
    rows: Vec<u64>,
    known: FxHashMap<Vec<u64>, u32>,
    plain: FxHashMap<usize, u32>,
}

impl Rows {
    fn start_of(&mut self, row: Vec<u64>) -> u32 {
        let next = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        *self.known.entry(row).or_insert_with_key(|row| {
            self.rows.extend_from_slice(row);
            next
        })
    }
}

impl<'a> Asker<'a> {
    pub(super) fn new(matcher: &'a Matcher, field: &'a Field) -> Asker<'a> {
        let index = matcher.fields.iter().find(|index| index.field == *field);
        let (mut odd, mut inside) = (Clauses::new(), Clauses::new());
        for (rule, rest) in matcher.rest.iter().enumerate() {
            let clauses = rest.single.iter().filter(|(asked, _)| asked == field).map(|(_, clause)| clause);
            let clauses: Vec<&Cond> = clauses.collect();
            if clauses.is_empty() {
                continue;
            }
            let kind = if clauses.iter().all(|c| looks_inside(c)) { &mut inside } else { &mut odd };
            kind.push((rule, clauses));
        }
        let finder = Finder::new(field, &inside, matcher.words);
        if finder.is_none() {
            odd.append(&mut inside);
        }
        Asker { field, index, words: matcher.words, odd, inside, finder }
    }

    /// For each of `values` where its row starts, and the rows.
    pub(super) fn lay(&self, values: &[Held]) -> (Vec<u32>, Vec<u64>) {
        let mut rows = Rows::default();
        let starts = values.iter().map(|held| self.start(held.value(), &mut rows)).collect();
        (starts, rows.rows)
    }

    /// The row of one value.
    pub(super) fn row(&self, held: &Held) -> Vec<u64> {
        let value = held.value();
        let found = self.found(value);
        self.row_of(value, found.as_deref())
    }

    fn start(&self, value: Value<'_>, rows: &mut Rows) -> u32 {
        let found = self.found(value);
        let is_plain = self.odd.is_empty() && found.as_ref().is_some_and(Vec::is_empty);
        if !is_plain {
            return rows.start_of(self.row_of(value, found.as_deref()));
        }
        let class = self.index.map_or(0, |index| index.class(value));
        if let Some(start) = rows.plain.get(&class) {
            return *start;
        }
        let start = rows.start_of(self.row_of(value, found.as_deref()));
        rows.plain.insert(class, start);
        start
    }

    /// Who of `inside` must be asked about `value`; `None` = all.
    fn found(&self, value: Value<'_>) -> Option<Vec<usize>> {
        let (Some(finder), Value::Text(text)) = (&self.finder, value) else {
            return if self.inside.is_empty() { Some(Vec::new()) } else { None };
        };
        let mut found = Vec::new();
        for hit in finder.texts.find_overlapping_iter(text) {
            found.extend(finder.named_by.get(hit.pattern().as_usize()).into_iter().flatten().copied());
        }
        found.sort_unstable();
        found.dedup();
        Some(found)
    }

    fn row_of(&self, value: Value<'_>, found: Option<&[usize]>) -> Vec<u64> {
        let mut row =
            self.index.map_or_else(|| vec![u64::MAX; self.words], |index| index.row(value).to_vec());
        match (found, &self.finder) {
            (Some(found), Some(finder)) => {
                let mut inside = finder.other.clone();
                let asked = found.iter().filter_map(|at| self.inside.get(*at));
                asked.for_each(|(rule, clauses)| put(&mut inside, *rule, holds(clauses, self.field, value)));
                row.iter_mut().zip(inside).for_each(|(word, other)| *word &= other);
            }
            (None, _) => {
                for (rule, _) in self.inside.iter().filter(|(_, c)| !holds(c, self.field, value)) {
                    put(&mut row, *rule, false);
                }
            }
            (Some(_), None) => {}
        }
        for (rule, _) in self.odd.iter().filter(|(_, c)| !holds(c, self.field, value)) {
            put(&mut row, *rule, false);
        }
        row
    }
}

impl Finder {
    fn new(field: &Field, inside: &Clauses<'_>, words: usize) -> Option<Finder> {
        let mut texts: Vec<SmolStr> = Vec::new();
        let mut known: FxHashMap<SmolStr, usize> = FxHashMap::default();
        let mut named_by: Vec<Vec<usize>> = Vec::new();
        for (at, (_, clauses)) in inside.iter().enumerate() {
            each_test(clauses, &mut |test| {
                for text in named(test) {
                    let slot = *known.entry(text.clone()).or_insert(texts.len());
                    if slot == texts.len() {
                        texts.push(text.clone());
                        named_by.push(Vec::new());
                    }
                    named_by.get_mut(slot).into_iter().for_each(|clauses| clauses.push(at));
                }
            });
        }
        let other = other_than(&texts);
        let mut row = vec![u64::MAX; words];
        for (rule, _) in inside.iter().filter(|(_, c)| !holds(c, field, Value::Text(&other))) {
            put(&mut row, *rule, false);
        }
        let mut builder = AhoCorasick::builder();
        builder.ascii_case_insensitive(true).match_kind(MatchKind::Standard);
        // Too many texts for it: then every value is asked about each.
        let texts = builder.build(&texts).ok()?;
        Some(Finder { texts, named_by, other: row })
    }
}

fn put(row: &mut [u64], rule: usize, holds: bool) {
    let bit = 1 << (rule % WORD);
    if let Some(word) = row.get_mut(rule / WORD) {
        *word = if holds { *word | bit } else { *word & !bit };
    }
}

fn holds(clauses: &[&Cond], field: &Field, value: Value<'_>) -> bool {
    clauses.iter().all(|clause| clause.holds_for(&Only(field, value)))
}

fn each_test<'a>(clauses: &[&'a Cond], visit: &mut impl FnMut(&'a Test)) {
    clauses.iter().for_each(|clause| clause.each_test(visit));
}

/// Whether only a text that `clause` names, found inside a value, can change its answer.
fn looks_inside(clause: &Cond) -> bool {
    let mut all = true;
    clause.each_test(&mut |test| {
        all &= match (test.op, &test.operand) {
            (Op::Empty | Op::NotEmpty, _) => true,
            (Op::Contains | Op::StartsWith | Op::Is(Cmp::Eq | Cmp::Ne), Operand::Text(text)) => {
                !text.is_empty()
            }
            (Op::In | Op::NotIn, Operand::Texts(texts)) => texts.iter().all(|text| !text.is_empty()),
            _ => false,
        };
    });
    all
}

fn named(test: &Test) -> &[SmolStr] {
    match &test.operand {
        Operand::Text(text) => std::slice::from_ref(text),
        Operand::Texts(texts) => texts,
        _ => &[],
    }
}
