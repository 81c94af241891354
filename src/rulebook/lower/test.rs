//! One comparison: whether the field can be compared so, and the value in the field's own unit.

use std::sync::Arc;

use smol_str::SmolStr;

use super::super::book::Cmp;
use super::super::cond::{Loose, Op, Operand, Test};
use super::super::diagnostic::{DiagCode, Fix, Kind, Noun, Severity, Span};
use super::super::field::{Holds, STATES, built_in, custom_name, field_names_in, state};
use super::super::keyword::{Kw, Phrase, sign_of};
use super::super::literal::{self, Figure};
use super::super::print::{name_text, test_text};
use super::super::token::quote;
use super::super::tree::{FieldNode, Lit, OpNode, Place, SetNode, TestNode};
use super::Lowering;
use crate::model::field::Field;
use crate::model::lang::Lang;

impl Lowering<'_> {
    pub(super) fn test(&mut self, node: &TestNode) -> Option<Test> {
        let (field, holds) = self.field(&node.field)?;
        let name = &node.field.name;
        let at = node.at.0;
        let (op, operand) = match &node.op {
            OpNode::Empty { negated } => (if *negated { Op::NotEmpty } else { Op::Empty }, Operand::Nothing),
            _ if holds == Holds::Flag => {
                self.error(at, DiagCode::OnlyEmpty { field: name.clone() });
                return None;
            }
            OpNode::Is(cmp, value) => {
                let ordered = !matches!(cmp, Cmp::Eq | Cmp::Ne);
                if ordered && matches!(holds, Holds::Text | Holds::State) {
                    return self.wrong_comparison(name, sign_of(*cmp).into(), at);
                }
                self.equals_define(value, *cmp, at);
                (Op::Is(*cmp), self.operand(&field, holds, name, value)?)
            }
            OpNode::In { negated, set } => {
                (if *negated { Op::NotIn } else { Op::In }, self.set(&field, holds, name, set)?)
            }
            OpNode::Contains(value) | OpNode::StartsWith(value) => {
                let contains = matches!(node.op, OpNode::Contains(_));
                if !matches!(holds, Holds::Text | Holds::Either) {
                    let lang = self.lang();
                    let op =
                        if contains { Kw::Contains.word(lang).into() } else { Phrase::StartsWith.text(lang) };
                    return self.wrong_comparison(name, op.into(), at);
                }
                let op = if contains { Op::Contains } else { Op::StartsWith };
                (op, Operand::Text(literal::folded(&value.text)))
            }
        };
        Some(Test { field, op, operand, text: test_text(node, self.lang()).into() })
    }

    fn field(&mut self, node: &FieldNode) -> Option<(Field, Holds)> {
        if node.custom {
            return Some((Field::Custom(custom_name(&node.name)), Holds::Either));
        }
        if let Some((_, field, holds)) = built_in(&node.name) {
            return Some((field, holds));
        }
        self.unknown(
            Severity::Error,
            Noun::Field,
            &node.name,
            node.at.0,
            field_names_in(Lang::En).chain(field_names_in(Lang::Zh)),
        );
        None
    }

    fn wrong_comparison<T>(&mut self, field: &SmolStr, op: SmolStr, span: Span) -> Option<T> {
        self.error(span, DiagCode::WrongComparison { field: field.clone(), op });
        None
    }

    fn wrong_value<T>(&mut self, field: &SmolStr, want: Kind, value: &Lit) -> Option<T> {
        let replacement = match want {
            Kind::Text => Some(quote(&value.text)),
            Kind::Duration if literal::whole(&value.text).is_some() => {
                Some(format!("{}{}", value.text, if self.lang() == Lang::Zh { "分钟" } else { "m" }))
            }
            Kind::Number | Kind::Duration | Kind::Hour => None,
        };
        let fix = replacement.map(|r| Fix { span: value.at.0, replacement: r.into() });
        let code = DiagCode::WrongValue { field: field.clone(), want, found: value.text.clone() };
        self.findings.add(Severity::Error, value.at.0, code, fix);
        None
    }

    /// `region = 华东` where 华东 is a define compares with the word itself, which is seldom meant.
    fn equals_define(&mut self, value: &Lit, cmp: Cmp, span: Span) {
        let name = literal::normal(&value.text);
        if !value.quoted && matches!(cmp, Cmp::Eq | Cmp::Ne) && self.defines.contains_key(&name) {
            self.used.insert(name.clone());
            let lang = self.lang();
            let word = if cmp == Cmp::Eq { Kw::In.word(lang).to_owned() } else { Phrase::NotIn.text(lang) };
            let fix = Fix { span, replacement: format!("{word} {}", value.text).into() };
            self.findings.add(Severity::Warning, span, DiagCode::EqualsDefine { name }, Some(fix));
        }
    }

    fn operand(&mut self, field: &Field, holds: Holds, name: &SmolStr, value: &Lit) -> Option<Operand> {
        match holds {
            Holds::Text => self.text(field, name, value).map(Operand::Text),
            Holds::State => self.state(value).map(Operand::Text),
            Holds::Either => self.loose(value).map(Operand::Either),
            Holds::Number | Holds::Duration | Holds::Hour | Holds::Weekday => {
                self.number(holds, name, value).map(Operand::Number)
            }
            Holds::Flag => None,
        }
    }

    fn text(&mut self, field: &Field, name: &SmolStr, value: &Lit) -> Option<SmolStr> {
        let normal = literal::normal(&value.text);
        if !value.quoted && literal::decimal(&normal).is_some() {
            return self.wrong_value(name, Kind::Text, value);
        }
        if *field == Field::Source {
            self.check_source(&normal, value.at.0);
        }
        Some(literal::folded(&normal))
    }

    fn state(&mut self, value: &Lit) -> Option<SmolStr> {
        if let Some(word) = state(&value.text) {
            return Some(SmolStr::new_static(word));
        }
        let known = STATES.iter().flat_map(|(en, zh)| [*en, *zh]);
        self.unknown(Severity::Error, Noun::State, &value.text, value.at.0, known);
        None
    }

    fn loose(&mut self, value: &Lit) -> Option<Loose> {
        let text = literal::folded(&value.text);
        let number = match literal::figure(&value.text) {
            _ if value.quoted => None,
            Figure::Exact(number) => Some(number),
            Figure::TooPrecise => {
                self.error(value.at.0, DiagCode::TooPrecise { found: value.text.clone() });
                return None;
            }
            Figure::NotOne => None,
        };
        Some(Loose { text, number })
    }

    fn number(&mut self, holds: Holds, name: &SmolStr, value: &Lit) -> Option<i64> {
        match holds {
            Holds::Duration => {
                literal::duration(&value.text).or_else(|| self.wrong_value(name, Kind::Duration, value))
            }
            Holds::Hour => match literal::whole(&value.text).and_then(|n| i64::try_from(n).ok()) {
                Some(hour) if hour < 24 => Some(hour * 1000),
                Some(_) => self.out_of_range(value, "0 .. 23"),
                None => self.wrong_value(name, Kind::Hour, value),
            },
            Holds::Weekday => {
                if let Some(day) = literal::weekday(&value.text) {
                    return Some(i64::from(day) * 1000);
                }
                match literal::whole(&value.text).and_then(|n| i64::try_from(n).ok()) {
                    Some(day) if (1..=7).contains(&day) => Some(day * 1000),
                    Some(_) => self.out_of_range(value, "1 .. 7"),
                    None => {
                        let known = literal::weekday_names();
                        self.unknown(Severity::Error, Noun::Weekday, &value.text, value.at.0, known);
                        None
                    }
                }
            }
            Holds::Number | Holds::Text | Holds::State | Holds::Flag | Holds::Either => {
                match literal::figure(&value.text) {
                    Figure::Exact(number) => Some(number),
                    Figure::TooPrecise => {
                        self.error(value.at.0, DiagCode::TooPrecise { found: value.text.clone() });
                        None
                    }
                    Figure::NotOne => self.wrong_value(name, Kind::Number, value),
                }
            }
        }
    }

    fn out_of_range<T>(&mut self, value: &Lit, range: &'static str) -> Option<T> {
        self.error(value.at.0, DiagCode::OutOfRange { found: value.text.clone(), range });
        None
    }

    fn set(&mut self, field: &Field, holds: Holds, name: &SmolStr, set: &SetNode) -> Option<Operand> {
        let define = match set {
            SetNode::List(values) => {
                let values = self.expanded_list(holds, values);
                return self.set_of(field, holds, name, &values);
            }
            SetNode::Define(define) => define,
        };
        let key = literal::normal(&define.text);
        let Some(values) = self.defines.get(&key).cloned() else {
            let near = if self.findings.is_full() {
                None
            } else {
                super::super::suggest::nearest(&key, self.defines.keys().map(SmolStr::as_str))
            };
            let replacement = match near {
                Some(text) => name_text(&text, self.lang()),
                None => format!("({})", name_text(&define.text, self.lang())),
            };
            let replacement = replacement.into();
            let fix = Fix { span: define.at.0, replacement };
            self.findings.add(Severity::Error, define.at.0, DiagCode::NotADefine { name: key }, Some(fix));
            return None;
        };
        self.used.insert(key.clone());
        if holds == Holds::Text {
            // One lowered copy serves every rule that names the define.
            let shared = self
                .text_sets
                .entry(key)
                .or_insert_with(|| sorted(values.iter().map(|v| literal::folded(v))));
            return Some(Operand::Texts(shared.clone()));
        }
        let values: Vec<Lit> = values.iter().map(|v| as_lit(v, holds, define.at)).collect();
        self.set_of(field, holds, name, &values)
    }

    /// The list with defines replaced by their values.
    fn expanded_list(&mut self, holds: Holds, values: &[Lit]) -> Vec<Lit> {
        let mut out = Vec::with_capacity(values.len());
        for value in values {
            if !value.quoted && self.defines.contains_key(&literal::normal(&value.text)) {
                let all = self.expand(value);
                // A define's values were written in its own list; here they stand for texts as they are.
                out.extend(all.iter().map(|v| as_lit(v, holds, value.at)));
            } else {
                out.push(value.clone());
            }
        }
        out
    }

    fn set_of(&mut self, field: &Field, holds: Holds, name: &SmolStr, values: &[Lit]) -> Option<Operand> {
        match holds {
            Holds::Text | Holds::State => {
                let texts: Vec<Option<SmolStr>> = values
                    .iter()
                    .map(|v| if holds == Holds::State { self.state(v) } else { self.text(field, name, v) })
                    .collect();
                let texts: Option<Vec<SmolStr>> = texts.into_iter().collect();
                Some(Operand::Texts(sorted(texts?.into_iter())))
            }
            Holds::Either => {
                let all: Vec<Option<Loose>> = values.iter().map(|v| self.loose(v)).collect();
                let all: Option<Vec<Loose>> = all.into_iter().collect();
                Some(Operand::Eithers(all?.into()))
            }
            Holds::Number | Holds::Duration | Holds::Hour | Holds::Weekday => {
                let all: Vec<Option<i64>> = values.iter().map(|v| self.number(holds, name, v)).collect();
                let all: Option<Vec<i64>> = all.into_iter().collect();
                Some(Operand::Numbers(all?.into()))
            }
            Holds::Flag => None,
        }
    }
}

/// A define's value where a literal is wanted. A define says what it lists, so a figure in it is no mistake under a text
/// field; under a custom field it stays a number where it is one.
fn as_lit(value: &SmolStr, holds: Holds, at: Place) -> Lit {
    Lit { text: value.clone(), quoted: holds != Holds::Either, at }
}

fn sorted(texts: impl Iterator<Item = SmolStr>) -> Arc<[SmolStr]> {
    let mut all: Vec<SmolStr> = texts.collect();
    all.sort_unstable();
    all.dedup();
    all.into()
}
