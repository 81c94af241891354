//! A tree as canonical text in either keyword language: two blanks of indentation, clauses in the tree's order, quotes only
//! where needed, long lists and conditions broken over lines. Broken lines come out word for word; nothing is ever left out.

mod expr;
mod line;

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use self::expr::{expr_lines, lit_text};
pub(super) use self::expr::{expr_text, is_bare, test_text};
pub(super) use self::line::amount_text;
pub(super) use self::line::spans_text;
use super::keyword::{Kw, MOVE_AT_MOST, PER_HOUR, Phrase};
use super::token::{is_plain, quote};
use super::tree::{DefineNode, Item, Line, Lines, Name, Noted, OtherwiseNode, Tree};
use crate::model::lang::Lang;

/// Lines wider than this are broken where the grammar lets them.
const COLUMNS_MAX: usize = 100;

/// The canonical text of a tree in the language most of its keywords were written in; English for a tree made by hand.
#[must_use]
pub fn print(tree: &Tree) -> String {
    print_in(tree, tree.source.keywords)
}

/// The canonical text of a tree with keywords of `lang`; `parse(&print_in(tree, lang)).tree == *tree`.
#[must_use]
pub fn print_in(tree: &Tree, lang: Lang) -> String {
    Printer { lang }.tree(tree)
}

/// Writes in one keyword language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Printer {
    pub lang: Lang,
}

impl Printer {
    fn tree(self, tree: &Tree) -> String {
        let mut out = String::new();
        let mut previous: Option<&Item> = None;
        for item in &tree.items {
            let glued = previous.is_some_and(|p| sits_together(p, &item.node)) && item.before.is_empty();
            if previous.is_some() && !glued {
                out.push('\n');
            }
            statement(&mut out, "", item, |_| self.header(&item.node));
            self.block(&mut out, &item.node);
            previous = Some(&item.node);
        }
        if !tree.tail.is_empty() && previous.is_some() {
            out.push('\n');
        }
        for comment in &tree.tail {
            comment_line(&mut out, "", comment);
        }
        out
    }

    /// The lines that belong to a header.
    fn block(self, out: &mut String, item: &Item) {
        match item {
            Item::Calendar(lines) => block(out, lines, |l| self.calendar(l)),
            Item::Score(lines) => block(out, lines, |s| {
                let when = self.kw(Kw::When);
                let lead = "+00  ".len() + when.width();
                format!("{:+} {when} {}", s.points, self.wrapped(&s.when, "  ", lead))
            }),
            Item::Duplicates(lines) => block(out, lines, |l| self.duplicate(l)),
            Item::Pool(lines) => block(out, lines, |l| self.pool(l)),
            Item::Promotion(promotion) => block(out, &promotion.lines, |l| self.promotion(l)),
            Item::Rule(rule) => {
                for clause in &rule.clauses {
                    statement(out, "  ", clause, |c| self.clause(c));
                }
            }
            Item::Define(_)
            | Item::Otherwise(_)
            | Item::Watch(_)
            | Item::Replies(_)
            | Item::Salt(_)
            | Item::Timers(_)
            | Item::Ramp(_)
            | Item::Notify(_)
            | Item::Broken(_) => {}
        }
    }

    fn header(self, item: &Item) -> String {
        let kw = |kw: Kw| self.kw(kw);
        match item {
            Item::Calendar(_) => kw(Kw::Calendar).to_owned(),
            Item::Score(_) => kw(Kw::Score).to_owned(),
            Item::Duplicates(_) => kw(Kw::Duplicates).to_owned(),
            Item::Pool(_) => kw(Kw::Pool).to_owned(),
            Item::Promotion(promotion) => format!("{} {}", kw(Kw::Promotion), quote(&promotion.name.text)),
            Item::Ramp(ramp) => self.ramp(ramp),
            Item::Define(define) => self.define(define),
            Item::Rule(rule) => {
                let disabled = if rule.disabled { format!(" {}", kw(Kw::Disabled)) } else { String::new() };
                format!("{} {}{disabled}", kw(Kw::Rule), quote(&rule.name.text))
            }
            Item::Otherwise(OtherwiseNode::Park(reason)) => {
                format!("{} {} {}", kw(Kw::Otherwise), kw(Kw::Park), quote(reason))
            }
            Item::Otherwise(OtherwiseNode::Wait) => format!("{} {}", kw(Kw::Otherwise), kw(Kw::Wait)),
            Item::Otherwise(OtherwiseNode::Give(give)) => {
                format!("{} {}", kw(Kw::Otherwise), self.give(give))
            }
            Item::Watch(watch) => self.watch(watch),
            Item::Replies(sources) => {
                format!("{} {}", self.phrase(Phrase::RepliesFrom), self.names(sources))
            }
            Item::Salt(salt) => format!("{} {salt}", self.phrase(Phrase::DrawSalt)),
            Item::Timers((most, _)) => {
                let (most_said, per) = (MOVE_AT_MOST.text(self.lang), PER_HOUR.text(self.lang));
                format!("{} {most_said} {most} {per}", kw(Kw::Timers))
            }
            Item::Notify(notify) => self.notify(notify),
            Item::Broken(raw) => raw.to_string(),
        }
    }

    /// A condition on one line if it fits, else one joint a line.
    fn wrapped(self, expr: &super::tree::Expr, indent: &str, lead: usize) -> String {
        let flat = expr_text(expr, self.lang);
        if indent.len() + lead + flat.width() <= COLUMNS_MAX {
            return flat;
        }
        expr_lines(expr, COLUMNS_MAX, self.lang).join(&format!("\n{indent}  "))
    }

    fn define(self, define: &DefineNode) -> String {
        let values: Vec<String> = define.values.iter().map(lit_text).collect();
        let head = format!("{} {} = (", self.kw(Kw::Define), self.name(&define.name));
        let flat = format!("{head}{})", values.join(", "));
        if flat.width() <= COLUMNS_MAX {
            return flat;
        }
        format!("{head}\n  {}\n)", expr::fill(&values, COLUMNS_MAX - 2).join("\n  "))
    }

    fn kw(self, kw: Kw) -> &'static str {
        kw.word(self.lang)
    }

    fn phrase(self, phrase: Phrase) -> String {
        phrase.text(self.lang)
    }

    fn name(self, name: &Name) -> String {
        name_text(&name.text, self.lang)
    }

    fn names(self, names: &[Name]) -> String {
        names.iter().map(|n| self.name(n)).collect::<Vec<_>>().join(", ")
    }
}

/// A name as it is written, in quotes where it must be.
pub(super) fn name_text(text: &str, lang: Lang) -> String {
    if is_plain(text, lang) { text.to_owned() } else { quote(text) }
}

/// One-line items of a kind stand in one paragraph.
fn sits_together(a: &Item, b: &Item) -> bool {
    matches!(
        (a, b),
        (Item::Define(_), Item::Define(_))
            | (Item::Watch(_), Item::Watch(_))
            | (Item::Ramp(_), Item::Ramp(_))
            | (Item::Notify(_), Item::Notify(_))
            | (Item::Broken(_), Item::Broken(_))
    )
}

fn statement<T>(out: &mut String, indent: &str, noted: &Noted<T>, text: impl Fn(&T) -> String) {
    for comment in &noted.before {
        comment_line(out, indent, comment);
    }
    let _ = write!(out, "{indent}{}", text(&noted.node));
    match &noted.trail {
        Some(comment) if comment.is_empty() => out.push_str("  #"),
        Some(comment) => {
            let _ = write!(out, "  # {comment}");
        }
        None => {}
    }
    out.push('\n');
}

fn comment_line(out: &mut String, indent: &str, comment: &str) {
    let gap = if comment.is_empty() { "" } else { " " };
    let _ = writeln!(out, "{indent}#{gap}{comment}");
}

fn block<T>(out: &mut String, lines: &Lines<T>, text: impl Fn(&T) -> String) {
    for line in lines {
        statement(out, "  ", line, |line| match line {
            Line::Good(good) => text(good),
            Line::Broken(raw) => raw.to_string(),
        });
    }
}

#[cfg(test)]
pub(super) mod tests;
