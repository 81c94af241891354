//! What a sound book may still get wrong, seen beside the desk it is for: rules that can never win, pools with nobody at
//! work, caps that are full already, windows that are over, values no lead ever had, replies nobody records. Everything it
//! knows of the desk is given; it says what it found and proposes a fix where one can be computed.

mod people;
mod reach;
mod values;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDateTime};
use smol_str::SmolStr;

use self::people::People;
use self::reach::{Fate, fates};
use super::book::{Book, Cmp, During, ElseDo, LateStep, Rule};
use super::check::{Names, check};
use super::cond::{Cond, Op, Operand};
use super::diagnostic::{DiagCode, Diagnostic, Severity, Span};
use super::literal;
use super::parse::Findings;
use super::tree::{CalendarLine, Clause, Item, Line, RuleNode, Tree};
use crate::model::field::Field;
use crate::model::time::Millis;
use crate::model::values::Values;

/// Leads a source must have had before its silence says anything.
const SILENT_LEADS_MIN: u64 = 20;
/// Windows compared with each other.
const WINDOWS_MAX: usize = 200;
/// Rules named when several together take all.
const NAMED_MAX: usize = 3;

/// What lint may know of the desk. What is empty or missing is not checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct LintFacts {
    pub names: Names,
    /// The present, for windows that are over.
    pub now: Option<Millis>,
    /// What each rep has in hand, by login.
    pub loads: BTreeMap<SmolStr, InHand>,
    /// How many leads ever had each value, by field. Fields of which not all values were counted are not checked.
    pub values: Arc<Values>,
    /// Of each source, how many leads came from it and of how many a first contact was recorded.
    pub replies: BTreeMap<SmolStr, Replied>,
}

/// A rep's present load.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct InHand {
    pub load: u32,
    /// The open cap on the card; `None` = no limit.
    pub cap_open: Option<u32>,
}

/// What is known of a source's replies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Replied {
    pub leads: u64,
    pub contacted: u64,
}

/// Everything that is to be said of a text: what reading and checking found, and what lint did, in the order of the text.
/// An `Error` forbids publishing, a `Warning` asks first.
#[must_use]
pub fn lint(tree: &Tree, facts: &LintFacts) -> Vec<Diagnostic> {
    let mut names = facts.names.clone();
    if facts.values.fields.get(&Field::Source).is_some_and(|known| known.is_whole) {
        // Lint counts the sources that leads came from, and says more of one that none did.
        names.sources.clear();
    }
    let checked = check(tree, &names);
    let known = Lint {
        tree,
        facts,
        book: &checked.book,
        findings: Findings::new(&tree.source.text, tree.source.keywords),
    };
    let mut all = known.findings(&checked.diagnostics);
    all.extend(checked.diagnostics);
    all.sort_by_key(|d| (d.span, std::cmp::Reverse(d.severity)));
    all
}

struct Lint<'a> {
    tree: &'a Tree,
    facts: &'a LintFacts,
    book: &'a Book,
    findings: Findings<'a>,
}

impl<'a> Lint<'a> {
    fn findings(mut self, told: &[Diagnostic]) -> Vec<Diagnostic> {
        let nodes: BTreeMap<SmolStr, &RuleNode> = self
            .tree
            .items
            .iter()
            .filter_map(|item| match &item.node {
                Item::Rule(node) => Some((literal::normal(&node.name.text), node)),
                _ => None,
            })
            .collect();
        self.dead_rules(&nodes, told);
        self.people(&nodes);
        self.windows();
        self.replies(&nodes);
        self.unseen_values();
        self.findings.finish()
    }

    fn add(&mut self, severity: Severity, span: Span, code: DiagCode) {
        self.findings.add(severity, span, code, None);
    }

    /// Rules that can never win. Those told of as standing below one that takes everything are not told again.
    fn dead_rules(&mut self, nodes: &BTreeMap<SmolStr, &RuleNode>, told: &[Diagnostic]) {
        for (rule, fate) in self.book.rules.iter().zip(fates(self.book)) {
            let Some(node) = nodes.get(&rule.name) else { continue };
            let span = node.name.at.0;
            let unreachable =
                |d: &Diagnostic| d.span == span && matches!(d.code, DiagCode::Unreachable { .. });
            let code = match fate {
                Fate::Open => continue,
                Fate::Taken(_) if told.iter().any(unreachable) => continue,
                Fate::Never => {
                    let when = node.clauses.iter().find(|c| matches!(c.node, Clause::When(_)));
                    let span = when.map_or(span, |c| c.at.0);
                    self.add(Severity::Warning, span, DiagCode::NeverMatches { rule: rule.name.clone() });
                    continue;
                }
                Fate::Taken(by) => {
                    let more = by.len().saturating_sub(NAMED_MAX);
                    let names = by.iter().take(NAMED_MAX).filter_map(|i| self.book.rules.get(*i));
                    let by = names.map(|r| r.name.clone()).collect();
                    DiagCode::Shadowed { rule: rule.name.clone(), by, more }
                }
            };
            self.add(Severity::Warning, span, code);
        }
    }

    /// Pools with nobody at work while others are, and pools that are full already.
    fn people(&mut self, nodes: &BTreeMap<SmolStr, &RuleNode>) {
        if self.facts.names.reps.iter().all(|r| !r.active) {
            return;
        }
        let people = People::of(self.book, &self.facts.names);
        let idle = people.anybody.rest().first();
        if let Some((day, minute, minutes)) = idle {
            let calendar = self.tree.items.iter().find(|i| matches!(i.node, Item::Calendar(_)));
            let span = calendar.map_or(Span::default(), |i| i.at.0);
            self.add(Severity::Info, span, DiagCode::NobodyWorks { day, minute, minutes });
        }
        let book = self.book;
        for rule in book.rules.iter().filter(|r| !r.disabled) {
            let Some(node) = nodes.get(&rule.name) else { continue };
            let Some(pool) = people.pool(rule).filter(|pool| !pool.is_empty()) else { continue };
            let gap = people.anybody.without(&people.week_of(&pool));
            if let Some((day, minute, minutes)) = gap.first() {
                // Whoever passes leads on leaves them to a later rule.
                let passes = rule.otherwise == ElseDo::PassOn;
                let severity = if passes { Severity::Info } else { Severity::Warning };
                let code = DiagCode::PoolEmpty { rule: rule.name.clone(), day, minute, minutes };
                self.add(severity, node.name.at.0, code);
            }
            self.caps(rule, node, &people, &pool);
        }
    }

    fn caps(&mut self, rule: &Rule, node: &RuleNode, people: &People<'_>, pool: &[usize]) {
        let in_hand = pool.iter().filter_map(|i| self.facts.loads.get(people.login(*i)?));
        let full = |hand: &&InHand| {
            let cap = [hand.cap_open, rule.cap_open].into_iter().flatten().min();
            cap.is_some_and(|cap| hand.load >= cap)
        };
        let (known, full) = (in_hand.clone().count(), in_hand.filter(full).count());
        let all = full == pool.len();
        if full == 0 || known < pool.len() || !(all || rule.cap_open.is_some()) {
            return;
        }
        let cap = node.clauses.iter().find(|c| matches!(c.node, Clause::Cap(_)));
        let span = cap.map_or(node.name.at.0, |c| c.at.0);
        let code = DiagCode::CapsFull { rule: rule.name.clone(), full, of: pool.len() };
        self.add(if all { Severity::Warning } else { Severity::Info }, span, code);
    }

    /// Windows that are over, and such as overlap.
    fn windows(&mut self) {
        let local = |at: Millis| {
            DateTime::from_timestamp_millis(at.0).map(|at| at.with_timezone(&self.book.zone).naive_local())
        };
        let now: Option<NaiveDateTime> = self.facts.now.and_then(local);
        let book = self.book;
        let windows = book.calendar.windows.iter().take(WINDOWS_MAX);
        for (place, window) in windows.enumerate() {
            let Some(span) = self.window_span(&window.name) else { continue };
            if now.is_some_and(|now| window.to <= now) {
                let named =
                    |r: &Rule| r.during.as_ref() == Some(&During::Window(window.name.clone())) && !r.disabled;
                let used = book.rules.iter().any(named)
                    || book.promotions.iter().any(|p| p.during.as_ref() == Some(&window.name));
                let severity = if used { Severity::Warning } else { Severity::Info };
                self.add(severity, span, DiagCode::WindowPast { name: window.name.clone() });
                continue;
            }
            let before = book.calendar.windows.iter().take(place);
            let mut over = before.filter(|w| w.from < window.to && window.from < w.to);
            if let Some(with) = over.next() {
                let code = DiagCode::WindowsOverlap { name: window.name.clone(), with: with.name.clone() };
                self.add(Severity::Info, span, code);
            }
        }
    }

    fn window_span(&self, wanted: &str) -> Option<Span> {
        let lines = self.tree.items.iter().filter_map(|item| match &item.node {
            Item::Calendar(lines) => Some(lines),
            _ => None,
        });
        lines.flatten().find_map(|line| match &line.node {
            Line::Good(CalendarLine::Window { name, at, .. }) if literal::normal(&name.text) == wanted => {
                Some(at.0)
            }
            _ => None,
        })
    }

    /// Rules whose response limit moves leads of sources of which no reply is recorded, and sources that are declared and
    /// never were.
    fn replies(&mut self, nodes: &BTreeMap<SmolStr, &RuleNode>) {
        let book = self.book;
        let declared: BTreeSet<SmolStr> = book.replies_from.iter().map(|s| literal::folded(s)).collect();
        for rule in book.rules.iter().filter(|r| !r.disabled && !declared.is_empty()) {
            let moves = rule
                .respond_within
                .as_ref()
                .is_some_and(|respond| respond.steps.iter().any(|step| !matches!(step, LateStep::Escalate)));
            let Some(node) = nodes.get(&rule.name).filter(|_| moves) else { continue };
            let mut silent: Vec<SmolStr> = sources_of(&rule.when).unwrap_or_default();
            silent.retain(|source| !declared.contains(source));
            let Some(first) = silent.first().cloned() else { continue };
            let clause = node.clauses.iter().find(|c| matches!(c.node, Clause::Respond(_)));
            let span = clause.map_or(node.name.at.0, |c| c.at.0);
            let more = silent.len() - 1;
            let code = DiagCode::RepliesUnrecorded { rule: rule.name.clone(), source: first, more };
            self.add(Severity::Warning, span, code);
        }
        let seen = self.facts.replies.iter().map(|(source, replied)| (literal::folded(source), *replied));
        let seen: BTreeMap<SmolStr, Replied> = seen.collect();
        let items = self.tree.items.iter();
        for name in
            items.flat_map(|i| if let Item::Replies(names) = &i.node { names.as_slice() } else { &[] })
        {
            let silent = |r: &&Replied| r.leads >= SILENT_LEADS_MIN && r.contacted == 0;
            if let Some(replied) = seen.get(&literal::folded(&name.text)).filter(silent) {
                let code = DiagCode::RepliesSilent { source: name.text.clone(), leads: replied.leads };
                self.add(Severity::Warning, name.at.0, code);
            }
        }
    }
}

/// The sources a condition restricts to; `None` where it takes any.
fn sources_of(cond: &Cond) -> Option<Vec<SmolStr>> {
    match cond {
        Cond::All(all) => all.iter().find_map(sources_of),
        Cond::Any(any) => {
            let each: Option<Vec<Vec<SmolStr>>> = any.iter().map(sources_of).collect();
            Some(each?.concat())
        }
        Cond::Test(test) if test.field == Field::Source => match (&test.op, &test.operand) {
            (Op::Is(Cmp::Eq), Operand::Text(text)) => Some(vec![text.clone()]),
            (Op::In, Operand::Texts(texts)) => Some(texts.to_vec()),
            _ => None,
        },
        Cond::Always | Cond::Not(_) | Cond::Test(_) => None,
    }
}

#[cfg(test)]
mod tests;
