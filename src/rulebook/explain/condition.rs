//! A condition as part of a sentence.

use super::super::book::{Book, Cmp};
use super::super::field::{Holds, built_in, name_in, translated};
use super::super::literal;
use super::super::tree::{Expr, FieldNode, Lit, OpNode, SetNode, TestNode};
use crate::model::lang::Lang;

/// Values of a list by name that are told beside the name.
const VALUES_MAX: usize = 8;

/// `the region is one of 上海, 江苏 and the score is at least 80`
pub(super) fn sentence(book: &Book, expr: &Expr, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let joined = |all: &[Expr], joint: &str| {
        let part = |e: &Expr| match e {
            Expr::Or(_) | Expr::And(_) => bracketed(&sentence(book, e, lang), lang),
            Expr::Not(_) | Expr::Test(_) => sentence(book, e, lang),
        };
        all.iter().map(part).collect::<Vec<_>>().join(joint)
    };
    match expr {
        Expr::Or(all) => joined(all, if zh { "，或" } else { " or " }),
        Expr::And(all) => joined(all, if zh { "，且" } else { " and " }),
        Expr::Not(inner) => {
            let inner = bracketed(&sentence(book, inner, lang), lang);
            if zh { format!("并非{inner}") } else { format!("it is not so that {inner}") }
        }
        Expr::Test(test) => compared(book, test, lang),
    }
}

fn bracketed(text: &str, lang: Lang) -> String {
    if lang == Lang::Zh { format!("（{text}）") } else { format!("({text})") }
}

fn compared(book: &Book, test: &TestNode, lang: Lang) -> String {
    let zh = lang == Lang::Zh;
    let node = &test.field;
    let field = if node.custom { node.name.as_str() } else { name_in(&node.name, lang) };
    let value = |lit: &Lit| value_text(node, lit, lang);
    let (en, chinese) = match &test.op {
        OpNode::Is(cmp, lit) => {
            let (en, chinese) = comparison(*cmp);
            (format!("is {en}{}", value(lit)), format!("{chinese} {}", value(lit)))
        }
        OpNode::In { negated, set } => {
            let all = set_text(book, node, set, lang);
            let (en, chinese) = if *negated { ("is none of", "不是") } else { ("is one of", "是") };
            (format!("{en} {all}"), format!("{chinese} {all} 之一"))
        }
        OpNode::Contains(lit) => (format!("contains {}", value(lit)), format!("包含 {}", value(lit))),
        OpNode::StartsWith(lit) => (format!("starts with {}", value(lit)), format!("以 {} 开头", value(lit))),
        OpNode::Empty { negated: false } => ("is not known".to_owned(), "未知".to_owned()),
        OpNode::Empty { negated: true } => ("is known".to_owned(), "已知".to_owned()),
    };
    if zh { format!("{field}{chinese}") } else { format!("the {field} {en}") }
}

fn comparison(cmp: Cmp) -> (&'static str, &'static str) {
    match cmp {
        Cmp::Eq => ("", "是"),
        Cmp::Ne => ("not ", "不是"),
        Cmp::Lt => ("less than ", "小于"),
        Cmp::Le => ("at most ", "不超过"),
        Cmp::Gt => ("more than ", "大于"),
        Cmp::Ge => ("at least ", "不低于"),
    }
}

fn set_text(book: &Book, node: &FieldNode, set: &SetNode, lang: Lang) -> String {
    let joint = if lang == Lang::Zh { "、" } else { ", " };
    match set {
        SetNode::List(values) => {
            values.iter().map(|v| value_text(node, v, lang)).collect::<Vec<_>>().join(joint)
        }
        SetNode::Define(name) => {
            let values = book.defines.get(&literal::normal(&name.text)).map_or(&[][..], Vec::as_slice);
            let shown = values.iter().take(VALUES_MAX).map(|v| v.as_str()).collect::<Vec<_>>().join(joint);
            let more = if values.len() > VALUES_MAX { "…" } else { "" };
            format!("{} {}", name.text, bracketed(&format!("{shown}{more}"), lang))
        }
    }
}

fn value_text(node: &FieldNode, lit: &Lit, lang: Lang) -> String {
    let holds: Option<Holds> =
        if node.custom { None } else { built_in(&node.name).map(|(_, _, holds)| holds) };
    let told = holds.and_then(|holds| translated(holds, lit, lang));
    told.map_or_else(|| lit.text.to_string(), |text| text.to_string())
}
