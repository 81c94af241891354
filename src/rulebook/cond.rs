//! Lowered conditions and their evaluation: the naive oracle. Nothing is allocated while a condition is asked, and nothing
//! here parses text. Two-valued: a field that is not known equals nothing, so `=` fails and `!=` holds.

use smol_str::SmolStr;

use super::book::Cmp;
use crate::model::field::{Field, Subject};

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
    Numbers(Box<[i64]>),
    /// Sorted.
    Texts(Box<[SmolStr]>),
    Eithers(Box<[Loose]>),
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

    /// The same, monomorphic.
    #[must_use]
    pub fn holds_for<S: Subject + ?Sized>(&self, _subject: &S) -> bool {
        true
    }

    /// The fields it asks, each once, in order of first mention.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        Vec::new()
    }

    /// Every clause with what it saw.
    #[must_use]
    pub fn explain(&self, _subject: &dyn Subject) -> Vec<Clause> {
        Vec::new()
    }
}
