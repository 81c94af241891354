//! Values that no lead ever had, with the one that was probably meant and how many leads have that.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::super::diagnostic::{DiagCode, Fix, Severity, Span};
use super::super::field::{Holds, built_in, custom_name};
use super::super::print::name_text;
use super::super::token::quote;
use super::super::tree::{Expr, FieldNode, Item, Line, Lit, OpNode, PoolLine, SetNode, TestNode, Tree};
use super::super::{literal, suggest};
use super::Lint;
use crate::model::field::Field;
use crate::model::values::ValuesOf;

/// Findings of this kind; a book with more was written for another desk.
const UNSEEN_MAX: usize = 50;
/// Leads before a value that none of them had, and that resembles no other, says anything.
const LEADS_MIN: u64 = 200;

/// Values looked through for the nearest one, the most frequent first.
const NEAREST_OF_MAX: usize = 2_000;

/// The values of one field, as text compares them.
struct Known<'f> {
    /// Folded text to what leads say and how many.
    counts: FxHashMap<SmolStr, (&'f SmolStr, u64)>,
    /// The most frequent first.
    ranked: Vec<(&'f SmolStr, u64)>,
}

impl<'f> Known<'f> {
    fn of(values: &'f ValuesOf) -> Self {
        let mut counts: FxHashMap<SmolStr, (&SmolStr, u64)> = FxHashMap::default();
        for (value, count) in &values.counts {
            counts.entry(literal::folded(value)).or_insert((value, 0)).1 += count;
        }
        let mut ranked: Vec<(&SmolStr, u64)> = counts.values().copied().collect();
        ranked.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        ranked.truncate(NEAREST_OF_MAX);
        Known { counts, ranked }
    }

    /// The known value that `text` was probably meant to be.
    fn nearest(&self, text: &str) -> Option<(SmolStr, u64)> {
        let bare = |text: &str| literal::folded(text).split_whitespace().collect::<String>();
        let wanted = bare(text);
        let spaced = self.ranked.iter().find(|(value, _)| bare(value) == wanted);
        let near = || {
            let name = suggest::nearest(text, self.ranked.iter().map(|(value, _)| value.as_str()))?;
            self.ranked.iter().find(|(value, _)| **value == name)
        };
        spaced.or_else(near).map(|(value, count)| ((*value).clone(), *count))
    }
}

impl Lint<'_> {
    /// Values in conditions, and in lists by name, that no lead ever had.
    pub(super) fn unseen_values(&mut self) {
        let facts = self.facts;
        let known: BTreeMap<&Field, Known<'_>> = facts
            .values
            .fields
            .iter()
            .filter(|(_, values)| values.is_whole && !values.counts.is_empty())
            .map(|(field, values)| (field, Known::of(values)))
            .collect();
        if known.is_empty() {
            return;
        }
        let tree: &Tree = self.tree;
        let defines: BTreeSet<SmolStr> = tree
            .items
            .iter()
            .filter_map(|i| {
                if let Item::Define(d) = &i.node { Some(literal::normal(&d.name.text)) } else { None }
            })
            .collect();
        // Which fields a list by name is compared with.
        let mut uses: BTreeMap<SmolStr, Field> = BTreeMap::new();
        let mut asked: Vec<(Field, &Lit)> = Vec::new();
        each_test(tree, &mut |test| {
            let Some(field) = text_field(&test.field) else { return };
            match &test.op {
                OpNode::Is(_, value) => asked.push((field, value)),
                OpNode::In { set: SetNode::List(values), .. } => {
                    asked.extend(values.iter().map(|value| (field.clone(), value)));
                }
                OpNode::In { set: SetNode::Define(name), .. } => {
                    uses.insert(literal::normal(&name.text), field);
                }
                OpNode::Contains(_) | OpNode::StartsWith(_) | OpNode::Empty { .. } => {}
            }
        });
        for item in &tree.items {
            match &item.node {
                Item::Define(define) => {
                    if let Some(field) = uses.get(&literal::normal(&define.name.text)) {
                        asked.extend(define.values.iter().map(|value| (field.clone(), value)));
                    }
                }
                Item::Replies(names) => {
                    let Some(known) = known.get(&Field::Source) else { continue };
                    names.iter().for_each(|n| self.unseen(&Field::Source, &n.text, n.at.0, known, false));
                }
                _ => {}
            }
        }
        let mut left = UNSEEN_MAX;
        for (field, lit) in asked {
            let text = literal::normal(&lit.text);
            let Some(known) = known.get(&field).filter(|_| lit.quoted || !defines.contains(&text)) else {
                continue;
            };
            if left > 0 && !known.counts.contains_key(&literal::folded(&text)) {
                left -= 1;
                self.unseen(&field, &text, lit.at.0, known, true);
            }
        }
    }

    fn unseen(&mut self, field: &Field, text: &str, span: Span, known: &Known<'_>, is_value: bool) {
        if known.counts.contains_key(&literal::folded(text)) {
            return;
        }
        let near = known.nearest(text);
        // A young desk has not seen much: there only what looks like a slip is worth a word.
        if near.is_none() && self.facts.values.leads < LEADS_MIN {
            return;
        }
        let fix = near.as_ref().map(|(name, _)| {
            let written = name_text(name, self.findings.keywords);
            // A figure is a text only in quotes.
            let quoted = is_value && literal::decimal(name).is_some();
            Fix { span, replacement: if quoted { quote(name).into() } else { written.into() } }
        });
        let code = DiagCode::NeverSeen { field: field.clone(), value: SmolStr::new(text), near };
        self.findings.add(Severity::Warning, span, code, fix);
    }
}

/// The field, if what leads say in it can be counted.
fn text_field(node: &FieldNode) -> Option<Field> {
    if node.custom {
        return Some(Field::Custom(custom_name(&node.name)));
    }
    built_in(&node.name).filter(|(_, _, holds)| *holds == Holds::Text).map(|(_, field, _)| field)
}

/// Every comparison of a book's conditions.
fn each_test<'t>(tree: &'t Tree, visit: &mut impl FnMut(&'t TestNode)) {
    for item in &tree.items {
        match &item.node {
            Item::Rule(rule) => {
                for clause in &rule.clauses {
                    if let super::Clause::When(expr) = &clause.node {
                        in_expr(expr, visit);
                    }
                }
            }
            Item::Score(lines) => {
                for line in lines {
                    if let Line::Good(score) = &line.node {
                        in_expr(&score.when, visit);
                    }
                }
            }
            Item::Pool(lines) => {
                for line in lines {
                    if let Line::Good(PoolLine::Seen { when: Some(expr), .. }) = &line.node {
                        in_expr(expr, visit);
                    }
                }
            }
            _ => {}
        }
    }
}

fn in_expr<'t>(expr: &'t Expr, visit: &mut impl FnMut(&'t TestNode)) {
    match expr {
        Expr::Or(all) | Expr::And(all) => all.iter().for_each(|e| in_expr(e, visit)),
        Expr::Not(inner) => in_expr(inner, visit),
        Expr::Test(test) => visit(test),
    }
}
