//! One comparison while it is made: a field, how it is compared, with what.

use crate::console::text::T;
use crate::model::field::Field;
use crate::rulebook::Cmp;
use crate::rulebook::form::{self, FieldKind, Row};
use crate::rulebook::tree::{Lit, Name, OpNode, Place, SetNode, TestNode};

/// How a field is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    OneOf,
    NoneOf,
    Contains,
    StartsWith,
    AtLeast,
    Above,
    AtMost,
    Below,
    Equals,
    Known,
    Empty,
}

impl How {
    /// The ways that suit a field, the usual one first.
    #[must_use]
    pub const fn all(kind: FieldKind) -> &'static [How] {
        match kind {
            FieldKind::Text => {
                &[How::OneOf, How::NoneOf, How::Contains, How::StartsWith, How::Known, How::Empty]
            }
            FieldKind::Number => {
                &[How::AtLeast, How::Below, How::AtMost, How::Above, How::Equals, How::Known, How::Empty]
            }
            FieldKind::Weekday => &[How::OneOf, How::NoneOf],
            FieldKind::Flag => &[How::Known, How::Empty],
            FieldKind::Either => &[
                How::OneOf,
                How::NoneOf,
                How::AtLeast,
                How::Below,
                How::Contains,
                How::StartsWith,
                How::Known,
                How::Empty,
            ],
        }
    }

    /// Its words.
    #[must_use]
    pub const fn title(self) -> T {
        match self {
            How::OneOf => T::HowOneOf,
            How::NoneOf => T::HowNoneOf,
            How::Contains => T::HowContains,
            How::StartsWith => T::HowStartsWith,
            How::AtLeast => T::HowAtLeast,
            How::Above => T::HowAbove,
            How::AtMost => T::HowAtMost,
            How::Below => T::HowBelow,
            How::Equals => T::HowEquals,
            How::Known => T::HowKnown,
            How::Empty => T::HowEmpty,
        }
    }

    /// The comparison of one figure; none for the other ways.
    #[must_use]
    pub const fn cmp(self) -> Option<Cmp> {
        match self {
            How::AtLeast => Some(Cmp::Ge),
            How::Above => Some(Cmp::Gt),
            How::AtMost => Some(Cmp::Le),
            How::Below => Some(Cmp::Lt),
            How::Equals => Some(Cmp::Eq),
            How::OneOf | How::NoneOf | How::Contains | How::StartsWith | How::Known | How::Empty => None,
        }
    }

    /// Whether several values can be ticked.
    #[must_use]
    pub const fn takes_many(self) -> bool {
        matches!(self, How::OneOf | How::NoneOf)
    }

    /// Whether nothing more is asked.
    #[must_use]
    pub const fn takes_nothing(self) -> bool {
        matches!(self, How::Known | How::Empty)
    }
}

/// A comparison in the making.
#[derive(Debug, Clone, PartialEq)]
pub struct RowEdit {
    /// Which row of the rule it is; none for a new one.
    pub index: Option<usize>,
    pub field: Field,
    pub kind: FieldKind,
    pub how: How,
    /// Values as they will be written; a bare name of a list stands for the list.
    pub values: Vec<Lit>,
}

impl RowEdit {
    /// A comparison of `field` that says nothing yet; none for a field no form asks.
    #[must_use]
    pub fn new(field: Field) -> Option<RowEdit> {
        let kind = form::field_kind(&field)?;
        let how = How::all(kind).first().copied()?;
        Some(RowEdit { index: None, field, kind, how, values: Vec::new() })
    }

    /// A row of the rule; none when the form cannot ask it and keeps it as written.
    #[must_use]
    pub fn of(index: usize, row: &Row) -> Option<RowEdit> {
        let Row::Test(test) = row else { return None };
        let mut edit = RowEdit::new(form::field_of(&test.field)?)?;
        edit.index = Some(index);
        (edit.how, edit.values) = match &test.op {
            OpNode::Is(Cmp::Eq, value) if edit.kind == FieldKind::Number => {
                (How::Equals, vec![value.clone()])
            }
            OpNode::Is(Cmp::Eq, value) => (How::OneOf, vec![value.clone()]),
            OpNode::Is(Cmp::Ne, value) => (How::NoneOf, vec![value.clone()]),
            OpNode::Is(Cmp::Ge, value) => (How::AtLeast, vec![value.clone()]),
            OpNode::Is(Cmp::Gt, value) => (How::Above, vec![value.clone()]),
            OpNode::Is(Cmp::Le, value) => (How::AtMost, vec![value.clone()]),
            OpNode::Is(Cmp::Lt, value) => (How::Below, vec![value.clone()]),
            OpNode::In { negated, set } => {
                let values = match set {
                    SetNode::List(values) => values.clone(),
                    SetNode::Define(name) => {
                        vec![Lit { text: name.text.clone(), quoted: false, at: Place::default() }]
                    }
                };
                (if *negated { How::NoneOf } else { How::OneOf }, values)
            }
            OpNode::Contains(value) => (How::Contains, vec![value.clone()]),
            OpNode::StartsWith(value) => (How::StartsWith, vec![value.clone()]),
            OpNode::Empty { negated } => (if *negated { How::Known } else { How::Empty }, Vec::new()),
        };
        How::all(edit.kind).contains(&edit.how).then_some(edit)
    }

    /// The comparison; none while it says nothing. `is_list` tells names of lists.
    #[must_use]
    pub fn test(&self, is_list: impl Fn(&Lit) -> bool) -> Option<TestNode> {
        let field = form::field_node(&self.field)?;
        let at = Place::default();
        let first = || self.values.first().cloned();
        let op = match self.how {
            How::Known => OpNode::Empty { negated: true },
            How::Empty => OpNode::Empty { negated: false },
            How::Contains => OpNode::Contains(first()?),
            How::StartsWith => OpNode::StartsWith(first()?),
            How::OneOf | How::NoneOf => {
                let negated = self.how == How::NoneOf;
                match self.values.as_slice() {
                    [] => return None,
                    [list] if !list.quoted && is_list(list) => {
                        let name = Name { text: list.text.clone(), at };
                        OpNode::In { negated, set: SetNode::Define(name) }
                    }
                    _ => return Some(form::one_of(field, self.values.clone(), negated)),
                }
            }
            How::AtLeast | How::Above | How::AtMost | How::Below | How::Equals => {
                OpNode::Is(self.how.cmp()?, first()?)
            }
        };
        Some(TestNode { field, op, at })
    }

    /// The next or the previous way of comparing; values stay where they suit.
    pub fn turn(&mut self, forward: bool) {
        let all = How::all(self.kind);
        let at = all.iter().position(|how| *how == self.how).unwrap_or(0);
        let step = if forward { 1 } else { all.len().saturating_sub(1) };
        let Some(next) = all.get((at + step) % all.len().max(1)) else { return };
        if next.takes_many() != self.how.takes_many() && !next.takes_nothing() && !self.how.takes_nothing() {
            self.values.clear();
        }
        self.how = *next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::lang::Lang;
    use crate::rulebook::form::RuleForm;
    use crate::rulebook::tree::Item;

    fn rows(condition: &str) -> Vec<Row> {
        let tree = crate::rulebook::parse(&format!("rule A\nwhen {condition}\ngive to owner")).tree;
        let Some(Item::Rule(rule)) = tree.items.first().map(|item| &item.node) else { panic!("no rule") };
        RuleForm::of(rule).asked.rows
    }

    #[test]
    fn a_comparison_comes_out_as_it_went_in() {
        let text = "source = 抖音 and source != a and region in (a, b) and region not in 华东 and score >= 80 \
                    and score < 3 and x.budget >= 5 and company contains b and company starts with c \
                    and phone is empty and email is not empty and weekday in (Sat, Sun) and hour = 3 and city in 华东";
        for row in rows(text) {
            let edit = RowEdit::of(0, &row).unwrap_or_else(|| panic!("{}", row.text(Lang::En)));
            let again = edit.test(|lit| lit.text == "华东").map(Row::Test);
            assert_eq!(again, Some(row.clone()), "{}", row.text(Lang::En));
        }
        for text in ["owner = a", "state = waiting", "not source = a", "a = b", "weekday >= 3"] {
            assert_eq!(RowEdit::of(0, &rows(text)[0]), None, "{text}");
        }
    }

    #[test]
    fn turning_goes_round() {
        for field in [Field::Source, Field::Score, Field::Phone, Field::Weekday, Field::Custom("b".into())] {
            let mut edit = RowEdit::new(field).unwrap();
            let first = edit.how;
            (0..How::all(edit.kind).len()).for_each(|_| edit.turn(true));
            assert_eq!(edit.how, first);
            edit.turn(false);
            edit.turn(true);
            assert_eq!(edit.how, first);
        }
    }
}
