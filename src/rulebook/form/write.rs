//! Putting rules and other statements into a text that people write by hand: what is not meant stays byte for byte, lines of
//! a rule that did not change too.

use smol_str::SmolStr;

use super::super::check::keeps_every_lead;
use super::super::diagnostic::Span;
use super::super::parse::parse;
use super::super::print::print_in;
use super::super::tree::{
    CalendarLine, Clause, Item, Line, Lines, Noted, OtherwiseNode, PromotionNode, RampNode, RuleNode, Tree,
};
use super::bare;
use crate::model::lang::Lang;

/// Where new rules go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spot {
    /// Before the first rule.
    Top,
    /// After the rule that is this item of the tree.
    After(usize),
    /// After the last rule and before `otherwise`, but before a rule that keeps every lead: behind it none is asked.
    Bottom,
}

/// Something to put into a book.
#[derive(Debug, Clone, PartialEq)]
pub enum Addition {
    Rules(Vec<RuleNode>, Spot),
    /// Into the calendar; a book without one gets one.
    Calendar(CalendarLine),
    Ramp(RampNode),
    Promotion(PromotionNode),
    /// Where there is none yet.
    Otherwise(OtherwiseNode),
}

/// A text with something in it that was not there before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Written {
    pub text: String,
    /// Lines that are new or were rewritten, counted from 0, the last one included.
    pub first_line: usize,
    pub last_line: usize,
}

/// The rule on a line (counted from 0), as an item of the tree; comments above a rule belong to it.
#[must_use]
pub fn rule_at(tree: &Tree, line: usize) -> Option<usize> {
    let text: &str = &tree.source.text;
    let offset = line_start(text, line);
    let holds = |item: &Noted<Item>| {
        let Item::Rule(_) = &item.node else { return false };
        (start_of(text, item)..=extent(text, item).end).contains(&offset)
    };
    tree.items.iter().position(holds)
}

/// The names of all rules, in order.
#[must_use]
pub fn rule_names(tree: &Tree) -> Vec<SmolStr> {
    let name = |item: &Noted<Item>| match &item.node {
        Item::Rule(rule) => Some(rule.name.text.clone()),
        _ => None,
    };
    tree.items.iter().filter_map(name).collect()
}

/// The text with the rule at item `index` in a new form; lines of it that say the same stay as they were written. An index
/// that is no rule changes nothing.
#[must_use]
pub fn replace(tree: &Tree, index: usize, new: &RuleNode) -> Written {
    let text: &str = &tree.source.text;
    let Some(item) = tree.items.get(index) else { return whole(text) };
    let Item::Rule(old) = &item.node else { return whole(text) };
    let at = extent(text, item);
    let body = if old == new {
        text.get(at.start..at.end).unwrap_or_default().to_owned()
    } else {
        mended(tree, item, old, new)
    };
    splice(text, at, body.trim_end_matches('\n'))
}

/// The draft's text with the additions in it, in their order.
#[must_use]
pub fn add_to(tree: &Tree, additions: &[Addition]) -> Written {
    let mut written = whole(&tree.source.text);
    let mut is_first = true;
    for addition in additions {
        let next =
            if is_first { add_one(tree, addition) } else { add_one(&parse(&written.text).tree, addition) };
        if next.text == written.text {
            continue;
        }
        let grown = next.text.matches('\n').count().saturating_sub(written.text.matches('\n').count());
        let before = |line: usize| if line >= next.first_line { line + grown } else { line };
        let (first, last) = (before(written.first_line), before(written.last_line));
        written = Written {
            first_line: if is_first { next.first_line } else { first.min(next.first_line) },
            last_line: if is_first { next.last_line } else { last.max(next.last_line) },
            text: next.text,
        };
        is_first = false;
    }
    written
}

fn add_one(tree: &Tree, addition: &Addition) -> Written {
    let text: &str = &tree.source.text;
    match addition {
        Addition::Rules(rules, spot) => {
            let at = spot_of(tree, *spot);
            let items: Vec<Item> = rules.iter().map(|rule| Item::Rule(rule.clone())).collect();
            if items.is_empty() {
                whole(text)
            } else {
                paragraph(text, at, &items_text(items, tree.source.keywords))
            }
        }
        Addition::Calendar(line) => calendar(tree, line),
        Addition::Ramp(ramp) => paragraph(
            text,
            spot_of(tree, Spot::Top),
            &item_text(&Item::Ramp(ramp.clone()), tree.source.keywords),
        ),
        Addition::Promotion(promotion) => paragraph(
            text,
            spot_of(tree, Spot::Top),
            &item_text(&Item::Promotion(promotion.clone()), tree.source.keywords),
        ),
        Addition::Otherwise(otherwise) => {
            if tree.items.iter().any(|item| matches!(item.node, Item::Otherwise(_))) {
                return whole(text);
            }
            let last = tree.items.iter().rposition(|item| matches!(item.node, Item::Rule(_)));
            let spot = last.map_or(Spot::Bottom, Spot::After);
            paragraph(
                text,
                spot_of(tree, spot),
                &item_text(&Item::Otherwise(otherwise.clone()), tree.source.keywords),
            )
        }
    }
}

fn calendar(tree: &Tree, line: &CalendarLine) -> Written {
    let text: &str = &tree.source.text;
    let good: Lines<CalendarLine> = vec![bare(Line::Good(line.clone()))];
    let printed = item_text(&Item::Calendar(good), tree.source.keywords);
    let found = tree.items.iter().find_map(|item| match &item.node {
        Item::Calendar(lines) => Some((item, lines)),
        _ => None,
    });
    let Some((item, lines)) = found else { return paragraph(text, 0, &printed) };
    let says = |l: &Noted<Line<CalendarLine>>| {
        matches!(&l.node, Line::Good(good) if good == line
            || matches!((good, line), (CalendarLine::Timezone(_), CalendarLine::Timezone(_))))
    };
    if lines.iter().any(says) {
        return whole(text);
    }
    let end = extent(text, item).end;
    let body = printed.split_once('\n').map_or("", |(_, body)| body).trim_end_matches('\n');
    splice(text, Span::new(end, end), &format!("\n{body}"))
}

/// Where a new paragraph starts, in bytes, always at the start of a line.
fn spot_of(tree: &Tree, spot: Spot) -> usize {
    let text: &str = &tree.source.text;
    let is_rule = |item: &&Noted<Item>| matches!(item.node, Item::Rule(_));
    let is_end = |item: &&Noted<Item>| matches!(item.node, Item::Otherwise(_));
    let after = |item: &Noted<Item>| (extent(text, item).end + 1).min(text.len());
    let otherwise = || tree.items.iter().find(is_end).map(|item| start_of(text, item));
    match spot {
        Spot::Top => {
            let first = tree.items.iter().find(is_rule).map(|item| start_of(text, item));
            first.or_else(otherwise).unwrap_or(text.len())
        }
        Spot::After(index) => match tree.items.get(index).filter(is_rule) {
            Some(item) => after(item),
            None => spot_of(tree, Spot::Bottom),
        },
        Spot::Bottom => {
            let keeps =
                |item: &&Noted<Item>| matches!(&item.node, Item::Rule(rule) if keeps_every_lead(rule));
            if let Some(item) = tree.items.iter().find(keeps) {
                return start_of(text, item);
            }
            match tree.items.iter().rfind(is_rule) {
                Some(item) => after(item),
                None => otherwise().unwrap_or(text.len()),
            }
        }
    }
}

/// The lines of an item without comments above it, up to but without its last line end.
fn extent(text: &str, item: &Noted<Item>) -> Span {
    let own = item.at.0;
    let last = match &item.node {
        Item::Rule(rule) => rule.clauses.iter().map(|c| c.at.0.end).max(),
        Item::Calendar(lines) => last_of(lines),
        Item::Score(lines) => last_of(lines),
        Item::Duplicates(lines) => last_of(lines),
        Item::Pool(lines) => last_of(lines),
        Item::Promotion(promotion) => last_of(&promotion.lines),
        Item::Define(_)
        | Item::Otherwise(_)
        | Item::Watch(_)
        | Item::Replies(_)
        | Item::Salt(_)
        | Item::Timers(_)
        | Item::Ramp(_)
        | Item::Notify(_)
        | Item::Broken(_) => None,
    };
    Span::new(line_of(text, own.start), line_end(text, last.unwrap_or(own.end).max(own.end)))
}

fn last_of<T>(lines: &Lines<T>) -> Option<usize> {
    lines.iter().map(|line| line.at.0.end).max()
}

/// Where an item begins with the comments right above it.
fn start_of(text: &str, item: &Noted<Item>) -> usize {
    let mut start = line_of(text, item.at.0.start);
    while start > 0 {
        let above = line_of(text, start - 1);
        let line = text.get(above..start).unwrap_or_default();
        if !line.trim_start().starts_with('#') {
            break;
        }
        start = above;
    }
    start
}

/// The start of the line that holds this byte.
fn line_of(text: &str, at: usize) -> usize {
    text.get(..at).and_then(|head| head.rfind('\n')).map_or(0, |i| i + 1)
}

/// The end of the line that holds this byte, without its line end.
fn line_end(text: &str, at: usize) -> usize {
    text.get(at..).and_then(|tail| tail.find('\n')).map_or(text.len(), |i| at + i)
}

/// Where line `line` starts.
fn line_start(text: &str, line: usize) -> usize {
    let ends = text.match_indices('\n').map(|(i, _)| i + 1);
    std::iter::once(0).chain(ends).nth(line).unwrap_or(text.len())
}

/// The rule's lines: those that stayed as they were written, the others printed.
fn mended(tree: &Tree, item: &Noted<Item>, old: &RuleNode, new: &RuleNode) -> String {
    let (text, lang): (&str, Lang) = (&tree.source.text, tree.source.keywords);
    let header = line_end(text, item.at.0.end);
    let start = line_of(text, item.at.0.start);
    let shares = |from: usize, end: usize| {
        move |other: &&Noted<Clause>| from < other.at.0.end && other.at.0.start < end
    };
    let is_alone = !old.clauses.iter().any(|c| shares(start, header)(&c));
    let mut out = if is_alone && (&old.name, old.disabled) == (&new.name, new.disabled) {
        format!("{}\n", text.get(start..header).unwrap_or_default())
    } else {
        let bare_rule = RuleNode { clauses: Vec::new(), ..new.clone() };
        let noted =
            Noted { before: Vec::new(), trail: item.trail.clone(), at: item.at, node: Item::Rule(bare_rule) };
        print_in(&Tree { items: vec![noted], ..Tree::default() }, lang)
    };
    // What was written of each old clause: from the end of the line before it in the text, so its comments come along.
    let mut ends: Vec<usize> = old.clauses.iter().map(|c| line_end(text, c.at.0.end)).collect();
    ends.push(header);
    let slice = |clause: &Noted<Clause>| {
        let end = line_end(text, clause.at.0.end);
        let from = ends.iter().filter(|e| **e < end).max().map_or(end, |e| e + 1);
        // A line with another clause on it is not this clause's to keep.
        let is_own = old.clauses.iter().filter(shares(from, end)).count() == 1;
        text.get(from..end).filter(|_| is_own && from < end)
    };
    let mut used = vec![false; old.clauses.len()];
    for clause in &new.clauses {
        let same = old.clauses.iter().zip(&used).position(|(o, used)| !used && o == clause);
        if let Some(used) = same.and_then(|i| used.get_mut(i)) {
            *used = true;
        }
        match same.and_then(|i| slice(old.clauses.get(i)?)) {
            Some(lines) => {
                out.push_str(lines);
                out.push('\n');
            }
            None => out.push_str(&clause_lines(clause, lang)),
        }
    }
    out
}

/// A clause with its comments as the printer has it.
fn clause_lines(clause: &Noted<Clause>, lang: Lang) -> String {
    let rule = RuleNode { name: super::name(&"".into()), disabled: false, clauses: vec![clause.clone()] };
    let printed = item_text(&Item::Rule(rule), lang);
    printed.split_once('\n').map_or(String::new(), |(_, body)| body.to_owned())
}

/// A statement as canonical text.
pub(super) fn item_text(item: &Item, lang: Lang) -> String {
    items_text(vec![item.clone()], lang)
}

fn items_text(items: Vec<Item>, lang: Lang) -> String {
    print_in(&Tree { items: items.into_iter().map(bare).collect(), ..Tree::default() }, lang)
}

/// The text as it is.
fn whole(text: &str) -> Written {
    Written { text: text.to_owned(), first_line: 0, last_line: 0 }
}

/// `body` in place of these bytes.
fn splice(text: &str, at: Span, body: &str) -> Written {
    let (head, tail) = (text.get(..at.start).unwrap_or_default(), text.get(at.end..).unwrap_or_default());
    let skipped = body.len() - body.trim_start_matches('\n').len();
    let first_line = head.matches('\n').count() + skipped;
    let lines = body.trim_start_matches('\n').matches('\n').count();
    Written { text: format!("{head}{body}{tail}"), first_line, last_line: first_line + lines }
}

/// `body` as a paragraph of its own that starts at `at`, the start of a line: an empty line before and after it.
fn paragraph(text: &str, at: usize, body: &str) -> Written {
    let (head, tail) = text.split_at_checked(at).unwrap_or((text, ""));
    let gap = match head {
        "" => "",
        _ if head.ends_with("\n\n") => "",
        _ if head.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let rest = if tail.is_empty() || tail.starts_with('\n') { "\n" } else { "\n\n" };
    let body = format!("{gap}{}{rest}", body.trim_end_matches('\n'));
    let mut written = splice(text, Span::new(at, at), &body);
    written.last_line = written.last_line.saturating_sub(rest.len());
    written
}
