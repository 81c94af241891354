//! The compiled matcher: which rules hold of a lead, at a cost that hardly grows with their number. Each field keeps, for
//! every class of values that its tests can tell apart, one bit a rule; the rows of a lead's values are AND-ed. What cannot
//! be indexed (clauses over several fields, patterns, custom fields) is asked of the few rules that are left.
//!
//! Not a second meaning of conditions: every bit is what [`Cond::holds_for`] says of a representative value, and that stays
//! the oracle of its tests. Knows nothing of windows, switched-off rules or who is free.

mod asker;
mod columns;
mod index;

use super::cond::{Cond, Op, Operand};
use crate::model::field::{Field, Subject};
pub use columns::{Column, Columns, Held, Over};
use index::FieldIndex;

/// Fields that can be indexed: the built-in ones.
const INDEXED_MAX: usize = 18;
/// Rules in one word of bits.
const WORD: usize = u64::BITS as usize;

/// Conditions compiled together; they are known by their place in the list given to [`Matcher::compile`].
#[derive(Debug, Clone, Default)]
pub struct Matcher {
    rules: usize,
    /// Words of bits a row.
    words: usize,
    fields: Vec<FieldIndex>,
    rest: Vec<Rest>,
}

/// What is left of one condition.
#[derive(Debug, Clone, Default)]
struct Rest {
    /// Clauses over one field each that no class of values can answer: asked of the lead, or once a stored value.
    single: Vec<(Field, Cond)>,
    /// Clauses over several fields.
    mixed: Vec<Cond>,
}

/// How a clause is answered.
enum Kind {
    /// By the index of this field.
    Indexed(Field),
    /// By this field's value alone.
    Single(Field),
    Mixed,
}

impl Matcher {
    /// Compiles `conds`, which keep their order.
    #[must_use]
    pub fn compile<'a>(conds: impl IntoIterator<Item = &'a Cond>) -> Matcher {
        let mut indexed: Vec<(Field, Vec<(usize, Cond)>)> = Vec::new();
        let mut rest = Vec::new();
        for (rule, cond) in conds.into_iter().enumerate() {
            let mut left = Rest::default();
            each_clause(cond, &mut |clause| match kind(clause) {
                Kind::Indexed(field) => match indexed.iter_mut().find(|(known, _)| *known == field) {
                    Some((_, clauses)) => clauses.push((rule, clause.clone())),
                    None => indexed.push((field, vec![(rule, clause.clone())])),
                },
                Kind::Single(field) => left.single.push((field, clause.clone())),
                Kind::Mixed => left.mixed.push(clause.clone()),
            });
            rest.push(left);
        }
        let words = rest.len().div_ceil(WORD);
        let fields = indexed.into_iter().map(|(field, clauses)| FieldIndex::build(field, &clauses, words));
        Matcher { rules: rest.len(), words, fields: fields.collect(), rest }
    }

    /// How many conditions it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules == 0
    }

    /// The conditions that hold of `subject`, in order; each is found when it is asked for.
    pub fn matches<'m, S: Subject + ?Sized>(&'m self, subject: &'m S) -> Matches<'m, S> {
        let mut rows: [&[u64]; INDEXED_MAX] = [&[]; INDEXED_MAX];
        for (slot, index) in rows.iter_mut().zip(&self.fields) {
            *slot = index.row(subject.value(&index.field));
        }
        let bits = Bits::new(rows, self.fields.len(), self.rules);
        Matches { matcher: self, subject, bits }
    }

    /// What the index leaves to be asked of `subject` about condition `rule`.
    fn rest_holds<S: Subject + ?Sized>(&self, rule: usize, subject: &S) -> bool {
        self.rest.get(rule).is_some_and(|rest| {
            rest.single.iter().all(|(_, c)| c.holds_for(subject))
                && rest.mixed.iter().all(|c| c.holds_for(subject))
        })
    }

    /// The same where every value's own clauses are answered already.
    fn mixed_holds<S: Subject + ?Sized>(&self, rule: usize, subject: &S) -> bool {
        self.rest.get(rule).is_some_and(|rest| rest.mixed.iter().all(|c| c.holds_for(subject)))
    }
}

/// The conditions that hold of one lead.
#[derive(Debug)]
pub struct Matches<'m, S: ?Sized> {
    matcher: &'m Matcher,
    subject: &'m S,
    bits: Bits<'m>,
}

impl<S: Subject + ?Sized> Iterator for Matches<'_, S> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let (matcher, subject) = (self.matcher, self.subject);
        self.bits.by_ref().find(|rule| matcher.rest_holds(*rule, subject))
    }
}

/// The set bits of rows AND-ed, word by word, lowest first.
#[derive(Debug)]
struct Bits<'m> {
    rows: [&'m [u64]; INDEXED_MAX],
    used: usize,
    rules: usize,
    at: usize,
    word: u64,
}

impl<'m> Bits<'m> {
    fn new(rows: [&'m [u64]; INDEXED_MAX], used: usize, rules: usize) -> Bits<'m> {
        let mut bits = Bits { rows, used, rules, at: 0, word: 0 };
        bits.word = bits.load(0);
        bits
    }

    fn load(&self, at: usize) -> u64 {
        let rows = self.rows.get(..self.used).unwrap_or_default();
        rows.iter().fold(all_of_word(self.rules, at), |word, row| word & row.get(at).copied().unwrap_or(0))
    }
}

impl Iterator for Bits<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.word == 0 {
            self.at += 1;
            if self.at * WORD >= self.rules {
                return None;
            }
            self.word = self.load(self.at);
        }
        let bit = self.word.trailing_zeros() as usize;
        self.word &= self.word - 1;
        Some(self.at * WORD + bit)
    }
}

/// The bits of word `at` that stand for one of `rules`.
fn all_of_word(rules: usize, at: usize) -> u64 {
    let left = rules.saturating_sub(at * WORD);
    if left >= WORD { u64::MAX } else { (1 << left) - 1 }
}

/// The clauses that must all hold for `cond` to hold.
fn each_clause<'a>(cond: &'a Cond, visit: &mut impl FnMut(&'a Cond)) {
    match cond {
        Cond::Always => {}
        Cond::All(all) => all.iter().for_each(|c| each_clause(c, visit)),
        Cond::Any(any) if any.len() == 1 => any.iter().for_each(|c| each_clause(c, visit)),
        other => visit(other),
    }
}

fn kind(clause: &Cond) -> Kind {
    let mut fields = clause.fields();
    match (fields.pop(), fields.is_empty()) {
        (Some(field), true) if is_indexable(clause) => Kind::Indexed(field),
        (Some(field), true) => Kind::Single(field),
        _ => Kind::Mixed,
    }
}

/// Whether classes of values answer `clause`: equality of texts, order of numbers, known or not.
fn is_indexable(clause: &Cond) -> bool {
    let mut all = true;
    clause.each_test(&mut |test| {
        use super::book::Cmp::{Eq, Ne};
        all &= !matches!(test.field, Field::Custom(_))
            && matches!(
                (test.op, &test.operand),
                (Op::Empty | Op::NotEmpty, _)
                    | (Op::Is(_), Operand::Number(_))
                    | (Op::In | Op::NotIn, Operand::Numbers(_) | Operand::Texts(_))
                    | (Op::Is(Eq | Ne), Operand::Text(_))
            );
    });
    all
}

#[cfg(test)]
mod tests;
