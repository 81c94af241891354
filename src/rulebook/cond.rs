//! Lowered conditions and their evaluation: the naive oracle. Nothing is allocated while a condition is asked, and nothing
//! here parses text. Two-valued: a field that is not known equals nothing, so `=` fails and `!=` holds.

use std::cmp::Ordering;
use std::sync::Arc;

use smol_str::SmolStr;

use super::book::Cmp;
use super::literal;
use crate::model::field::{Field, Subject, Value};
use crate::model::lang::Lang;
use crate::model::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};

/// A condition on a lead.
#[derive(Debug, Clone, PartialEq)]
pub enum Cond {
    Always,
    All(Vec<Cond>),
    /// An empty `Any` never holds; a condition that could not be read becomes one.
    Any(Vec<Cond>),
    Not(Box<Cond>),
    Test(Test),
}

/// One comparison, ready to be asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    pub field: Field,
    pub op: Op,
    pub operand: Operand,
    /// The clause as canonically written, defines by name.
    pub text: SmolStr,
}

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Op {
    Is(Cmp),
    In,
    NotIn,
    Contains,
    StartsWith,
    Empty,
    NotEmpty,
}

/// What it is compared with. Texts are NFKC-normalised and ASCII-lower-cased.
#[derive(Debug, Clone, PartialEq)]
pub enum Operand {
    Nothing,
    /// Thousandths, or milliseconds for `waiting`.
    Number(i64),
    Text(SmolStr),
    /// A custom field's operand: a number where both sides are one, else a text.
    Either(Loose),
    Numbers(Arc<[i64]>),
    /// Sorted.
    Texts(Arc<[SmolStr]>),
    Eithers(Arc<[Loose]>),
}

/// A literal that is a number if what it meets is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loose {
    pub text: SmolStr,
    /// Thousandths; `None` when it is no number or was quoted.
    pub number: Option<i64>,
}

/// What a clause saw in the lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Seen {
    Nothing,
    /// Known, its content is not kept here.
    Known,
    Text(SmolStr),
}

/// One line of an explanation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// As canonically written; under a `not`, with `not` before it.
    pub text: SmolStr,
    pub field: Field,
    pub value: Seen,
    pub holds: bool,
}

impl Cond {
    /// Whether it holds of `subject`.
    #[must_use]
    pub fn holds(&self, subject: &dyn Subject) -> bool {
        self.holds_for(subject)
    }

    /// The same without a virtual call for each field.
    #[must_use]
    pub fn holds_for<S: Subject + ?Sized>(&self, subject: &S) -> bool {
        match self {
            Cond::Always => true,
            Cond::All(all) => all.iter().all(|c| c.holds_for(subject)),
            Cond::Any(any) => any.iter().any(|c| c.holds_for(subject)),
            Cond::Not(inner) => !inner.holds_for(subject),
            Cond::Test(test) => test.holds_for(subject),
        }
    }

    /// The fields it asks, each once, in order of first mention.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let mut out = Vec::new();
        self.each_test(&mut |test| {
            if !out.contains(&test.field) {
                out.push(test.field.clone());
            }
        });
        out
    }

    /// Visits every comparison in the order of the text.
    pub(super) fn each_test<'a>(&'a self, visit: &mut impl FnMut(&'a Test)) {
        match self {
            Cond::Always => {}
            Cond::All(all) | Cond::Any(all) => all.iter().for_each(|c| c.each_test(visit)),
            Cond::Not(inner) => inner.each_test(visit),
            Cond::Test(test) => visit(test),
        }
    }

    /// Every clause with what it saw, in the order of the text.
    #[must_use]
    pub fn explain(&self, subject: &dyn Subject) -> Vec<Clause> {
        let mut out = Vec::new();
        self.explain_into(subject, false, &mut out);
        out
    }

    fn explain_into(&self, subject: &dyn Subject, negated: bool, out: &mut Vec<Clause>) {
        match self {
            Cond::Always => {}
            Cond::All(all) | Cond::Any(all) => all.iter().for_each(|c| c.explain_into(subject, negated, out)),
            Cond::Not(inner) => inner.explain_into(subject, !negated, out),
            Cond::Test(test) => out.push(Clause {
                text: if negated { format!("not {}", test.text).into() } else { test.text.clone() },
                field: test.field.clone(),
                value: seen(&test.field, subject.value(&test.field)),
                holds: test.holds_for(subject) != negated,
            }),
        }
    }
}

impl Test {
    /// Whether the comparison holds of `subject`.
    #[must_use]
    pub fn holds_for<S: Subject + ?Sized>(&self, subject: &S) -> bool {
        let value = match subject.value(&self.field) {
            Value::Text("") => Value::Empty,
            value => value,
        };
        match self.op {
            Op::Empty => value == Value::Empty,
            Op::NotEmpty => value != Value::Empty,
            Op::Is(Cmp::Ne) => !equal(value, &self.operand),
            Op::Is(Cmp::Eq) => equal(value, &self.operand),
            Op::Is(Cmp::Lt) => order(value, &self.operand) == Some(Ordering::Less),
            Op::Is(Cmp::Le) => order(value, &self.operand).is_some_and(Ordering::is_le),
            Op::Is(Cmp::Gt) => order(value, &self.operand) == Some(Ordering::Greater),
            Op::Is(Cmp::Ge) => order(value, &self.operand).is_some_and(Ordering::is_ge),
            Op::In => among(value, &self.operand),
            Op::NotIn => !among(value, &self.operand),
            Op::Contains => {
                matches!((value, &self.operand), (Value::Text(v), Operand::Text(t)) if contains(v, t))
            }
            Op::StartsWith => {
                matches!((value, &self.operand), (Value::Text(v), Operand::Text(t)) if starts_with(v, t))
            }
        }
    }
}

fn equal(value: Value<'_>, operand: &Operand) -> bool {
    match (value, operand) {
        // Equality of texts needs no order, which is the dearer question.
        (Value::Text(v), Operand::Text(t)) => v.eq_ignore_ascii_case(t),
        _ => order(value, operand) == Some(Ordering::Equal),
    }
}

/// How a value stands to an operand; nothing if they cannot be compared.
fn order(value: Value<'_>, operand: &Operand) -> Option<Ordering> {
    match (value, operand) {
        (Value::Number(v), Operand::Number(n)) => Some(v.cmp(n)),
        (Value::Text(v), Operand::Text(t)) => Some(fold_cmp(v, t)),
        (_, Operand::Either(loose)) => loose_order(value, loose),
        _ => None,
    }
}

fn loose_order(value: Value<'_>, loose: &Loose) -> Option<Ordering> {
    match (value, loose.number) {
        (Value::Number(v), Some(n)) => Some(v.cmp(&n)),
        (Value::Text(v), Some(n)) => {
            Some(literal::decimal(v.trim()).map_or_else(|| fold_cmp(v, &loose.text), |d| d.cmp(&n)))
        }
        (Value::Text(v), None) => Some(fold_cmp(v, &loose.text)),
        (Value::Empty | Value::Present, _) | (Value::Number(_), None) => None,
    }
}

fn among(value: Value<'_>, operand: &Operand) -> bool {
    match (value, operand) {
        (Value::Text(v), Operand::Texts(all)) => all.binary_search_by(|t| fold_cmp(v, t).reverse()).is_ok(),
        (Value::Number(v), Operand::Numbers(all)) => all.contains(&v),
        (_, Operand::Eithers(all)) => all.iter().any(|l| loose_order(value, l) == Some(Ordering::Equal)),
        _ => false,
    }
}

/// Order of a value and a lower-cased literal by bytes, ASCII case aside.
fn fold_cmp(value: &str, literal: &str) -> Ordering {
    value.bytes().map(|b| b.to_ascii_lowercase()).cmp(literal.bytes())
}

fn starts_with(value: &str, literal: &str) -> bool {
    value.as_bytes().get(..literal.len()).is_some_and(|head| head.eq_ignore_ascii_case(literal.as_bytes()))
}

/// Bytes suffice: UTF-8 never matches in the middle of a character.
fn contains(value: &str, literal: &str) -> bool {
    literal.is_empty()
        || value.as_bytes().windows(literal.len()).any(|w| w.eq_ignore_ascii_case(literal.as_bytes()))
}

fn seen(field: &Field, value: Value<'_>) -> Seen {
    match (value, field) {
        (Value::Empty | Value::Text(""), _) => Seen::Nothing,
        (Value::Present, _) => Seen::Known,
        (Value::Text(text), _) => Seen::Text(SmolStr::new(text)),
        (Value::Number(ms), Field::Waiting) => Seen::Text(age_text(ms)),
        (Value::Number(day), Field::Weekday) => Seen::Text(SmolStr::new_static(literal::weekday_text(
            u8::try_from(day / 1000).unwrap_or(1),
            Lang::En,
        ))),
        (Value::Number(n), _) => Seen::Text(literal::decimal_text(n).into()),
    }
}

/// An age by its two largest units, `5m 12s`.
fn age_text(ms: i64) -> SmolStr {
    let units = [(DAY_MS, "d"), (HOUR_MS, "h"), (MINUTE_MS, "m"), (SECOND_MS, "s")];
    let mut parts: Vec<String> = Vec::new();
    let mut rest = ms.max(0);
    for (unit, letter) in units {
        if (rest >= unit || unit == SECOND_MS) && parts.len() < 2 {
            parts.push(format!("{}{letter}", rest / unit));
        } else if !parts.is_empty() {
            break;
        }
        rest %= unit;
    }
    parts.join(" ").into()
}

#[cfg(test)]
mod tests;
