//! Conditions as text, with brackets only where the tree needs them.

use unicode_width::UnicodeWidthStr;

use super::super::keyword::{COMPARISONS, Kw, word_for};
use super::super::token::{Tok, Token, lex, quote};
use super::super::tree::{Expr, FieldNode, Lit, OpNode, SetNode, TestNode};
use super::name_text;

pub(in super::super) fn expr_text(expr: &Expr) -> String {
    match expr {
        Expr::Or(all) => all.iter().map(|e| within(e, true)).collect::<Vec<_>>().join(" or "),
        Expr::And(all) => all.iter().map(|e| within(e, false)).collect::<Vec<_>>().join(" and "),
        Expr::Not(inner) => format!("not {}", within(inner, false)),
        Expr::Test(test) => test_text(test),
    }
}

/// A member of an `or` (which may be a bare `and`) or of anything tighter.
fn within(expr: &Expr, in_or: bool) -> String {
    let bare = match expr {
        Expr::Or(_) => false,
        Expr::And(_) => in_or,
        Expr::Not(_) | Expr::Test(_) => true,
    };
    if bare { expr_text(expr) } else { format!("({})", expr_text(expr)) }
}

/// A condition over several lines: one member of its outermost `and` or `or` a line.
pub(super) fn expr_lines(expr: &Expr, columns_max: usize) -> Vec<String> {
    let (all, joint, in_or) = match expr {
        Expr::Or(all) => (all, "or ", true),
        Expr::And(all) => (all, "and ", false),
        Expr::Test(TestNode { field, op: OpNode::In { negated, set: SetNode::List(values) }, .. }) => {
            let word = if *negated { "not in" } else { "in" };
            let values: Vec<String> = values.iter().map(lit_text).collect();
            let mut lines = vec![format!("{} {word} (", field_text(field))];
            lines.extend(fill(&values, columns_max - 8).into_iter().map(|l| format!("  {l}")));
            lines.push(")".to_owned());
            return lines;
        }
        Expr::Not(_) | Expr::Test(_) => return vec![expr_text(expr)],
    };
    all.iter()
        .enumerate()
        .map(|(i, e)| if i == 0 { within(e, in_or) } else { format!("{joint}{}", within(e, in_or)) })
        .collect()
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
pub(in super::super) fn test_text(test: &TestNode) -> String {
    let field = field_text(&test.field);
    match &test.op {
        OpNode::Is(cmp, value) => format!("{field} {} {}", word_for(COMPARISONS, *cmp), lit_text(value)),
        OpNode::In { negated, set } => {
            format!("{field} {} {}", if *negated { "not in" } else { "in" }, set_text(set))
        }
        OpNode::Contains(value) => format!("{field} contains {}", lit_text(value)),
        OpNode::StartsWith(value) => format!("{field} starts with {}", lit_text(value)),
        OpNode::Empty { negated: false } => format!("{field} is empty"),
        OpNode::Empty { negated: true } => format!("{field} is not empty"),
    }
}

fn set_text(set: &SetNode) -> String {
    match set {
        SetNode::Define(name) => name_text(name),
        SetNode::List(values) => format!("({})", values.iter().map(lit_text).collect::<Vec<_>>().join(", ")),
    }
}

fn field_text(field: &FieldNode) -> String {
    if !field.custom {
        return field.name.to_string();
    }
    let bare = format!("x.{}", field.name);
    if is_bare(&bare) && bare.len() > 2 { bare } else { format!("x.{}", quote(&field.name)) }
}

pub(super) fn lit_text(lit: &Lit) -> String {
    if lit.quoted || !is_bare(&lit.text) { quote(&lit.text) } else { lit.text.to_string() }
}

/// Whether the text reads as one word that may stand for a value.
pub(in super::super) fn is_bare(text: &str) -> bool {
    matches!(lex(text).tokens.as_slice(),
        [Token { tok: Tok::Word(kw), span }, _]
            if span.start == 0 && span.end == text.len() && !kw.is_some_and(Kw::is_reserved))
}
