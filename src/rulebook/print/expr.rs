//! Conditions as text, with brackets only where the tree needs them.

use unicode_width::UnicodeWidthStr;

use super::super::field::{self, built_in};
use super::super::keyword::{Kw, Phrase, sign_of};
use super::super::token::{Token, is_one_word, quote};
use super::super::tree::{Expr, FieldNode, Lit, OpNode, SetNode, TestNode};
use super::name_text;
use crate::model::lang::Lang;

pub(super) fn expr_text(expr: &Expr, lang: Lang) -> String {
    let joined = |all: &[Expr], kw: Kw| {
        let members: Vec<String> = all.iter().map(|e| within(e, kw == Kw::Or, lang)).collect();
        members.join(&format!(" {} ", kw.word(lang)))
    };
    match expr {
        Expr::Or(all) => joined(all, Kw::Or),
        Expr::And(all) => joined(all, Kw::And),
        Expr::Not(inner) => format!("{} {}", Kw::Not.word(lang), within(inner, false, lang)),
        Expr::Test(test) => test_text(test, lang),
    }
}

/// A member of an `or` (which may be a bare `and`) or of anything tighter.
fn within(expr: &Expr, in_or: bool, lang: Lang) -> String {
    let bare = match expr {
        Expr::Or(_) => false,
        Expr::And(_) => in_or,
        Expr::Not(_) | Expr::Test(_) => true,
    };
    if bare { expr_text(expr, lang) } else { format!("({})", expr_text(expr, lang)) }
}

/// A condition over several lines: one member of its outermost `and` or `or` a line.
pub(super) fn expr_lines(expr: &Expr, columns_max: usize, lang: Lang) -> Vec<String> {
    let (all, joint) = match expr {
        Expr::Or(all) => (all, Kw::Or),
        Expr::And(all) => (all, Kw::And),
        Expr::Test(TestNode { field, op: OpNode::In { negated, set: SetNode::List(values) }, .. }) => {
            let values: Vec<String> = values.iter().map(|v| value_text(field, v, lang)).collect();
            let mut lines = vec![format!("{} {} (", field_text(field, lang), in_text(*negated, lang))];
            lines.extend(fill(&values, columns_max - 8).into_iter().map(|l| format!("  {l}")));
            lines.push(")".to_owned());
            return lines;
        }
        Expr::Not(_) | Expr::Test(_) => return vec![expr_text(expr, lang)],
    };
    let member = |(i, e)| {
        let text = within(e, joint == Kw::Or, lang);
        if i == 0 { text } else { format!("{} {text}", joint.word(lang)) }
    };
    all.iter().enumerate().map(member).collect()
}

/// Words with commas, as many a line as fit.
pub(super) fn fill(words: &[String], columns_max: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut width = 0;
    for (i, word) in words.iter().enumerate() {
        let comma = if i + 1 < words.len() { "," } else { "" };
        let more = word.width() + comma.len() + 1;
        match lines.last_mut() {
            Some(line) if width + more <= columns_max => {
                line.push(' ');
                line.push_str(word);
                line.push_str(comma);
                width += more;
            }
            _ => {
                lines.push(format!("{word}{comma}"));
                width = more;
            }
        }
    }
    lines
}

/// One comparison in canonical form.
pub(in super::super) fn test_text(test: &TestNode, lang: Lang) -> String {
    let field = field_text(&test.field, lang);
    let value = |v| value_text(&test.field, v, lang);
    match &test.op {
        OpNode::Is(cmp, v) => format!("{field} {} {}", sign_of(*cmp), value(v)),
        OpNode::In { negated, set: SetNode::Define(name) } => {
            format!("{field} {} {}", in_text(*negated, lang), name_text(&name.text, lang))
        }
        OpNode::In { negated, set: SetNode::List(values) } => {
            let all = values.iter().map(value).collect::<Vec<_>>().join(", ");
            format!("{field} {} ({all})", in_text(*negated, lang))
        }
        OpNode::Contains(v) => format!("{field} {} {}", Kw::Contains.word(lang), value(v)),
        OpNode::StartsWith(v) => format!("{field} {} {}", Phrase::StartsWith.text(lang), value(v)),
        OpNode::Empty { negated: false } => format!("{field} {}", Phrase::IsEmpty.text(lang)),
        OpNode::Empty { negated: true } => format!("{field} {}", Phrase::IsNotEmpty.text(lang)),
    }
}

fn in_text(negated: bool, lang: Lang) -> String {
    if negated { Phrase::NotIn.text(lang) } else { Kw::In.word(lang).to_owned() }
}

fn field_text(node: &FieldNode, lang: Lang) -> String {
    if !node.custom {
        return field::name_in(&node.name, lang).to_owned();
    }
    let bare = format!("x.{}", node.name);
    if is_bare(&bare) && bare.len() > 2 { bare } else { format!("x.{}", quote(&node.name)) }
}

/// A value; words of the language (weekdays, states, durations) in that language.
fn value_text(node: &FieldNode, lit: &Lit, lang: Lang) -> String {
    let holds = if node.custom { None } else { built_in(&node.name).map(|(_, _, holds)| holds) };
    match holds.and_then(|holds| field::translated(holds, lit, lang)) {
        Some(text) => text.to_string(),
        None => lit_text(lit),
    }
}

pub(super) fn lit_text(lit: &Lit) -> String {
    if lit.quoted || !is_bare(&lit.text) { quote(&lit.text) } else { lit.text.to_string() }
}

/// Whether the text reads as one word that may stand for a value.
fn is_bare(text: &str) -> bool {
    is_one_word(text).as_ref().is_some_and(Token::is_free_word)
}
