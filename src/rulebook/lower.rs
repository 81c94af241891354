//! A tree to a book: figures in range, defines expanded, conditions typed. What does not fit is told and left out; a rule
//! with anything wrong in it is left out whole, because half a rule would match what its author did not mean.
//! Knows names only to warn of unknown sources; teams, reps and skills are for `check`.

mod calendar;
mod notify;
mod pool;
mod promotion;
mod rule;
mod test;
pub(super) mod watch;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use smol_str::SmolStr;

use super::book::{Book, DupBy, DupRule, DupThen, Fallback, ScoreLine};
use super::check::Names;
use super::cond::Cond;
use super::diagnostic::{DiagCode, Diagnostic, Fix, Limit, Noun, Severity, Span, has_errors};
use super::keyword::Kw;
use super::parse::{Findings, parse, parse_expr};
use super::print::name_text;
use super::tree::{DefineNode, DupByNode, DupNode, DupThenNode, Expr, Item, Line, Lit, Name, Noted, Tree};
use super::{RULES_MAX, literal, suggest};
use crate::model::lang::Lang;

/// Most timer moves an hour a book may allow; more is no budget.
const TIMER_MOVES_MAX: u32 = 10_000;
/// Values copied by expanding defines, over the whole book; more is a text made to hurt.
const EXPANDED_VALUES_MAX: usize = 500_000;

/// Parses and lowers a text without names, for the fold; what cannot be lowered is dropped.
#[must_use]
pub fn compile(text: &str) -> Book {
    lower(&parse(text).tree, None).0
}

/// Reads one condition: a filter, a selection, a scope. One with errors never holds; an empty text always does.
#[must_use]
pub fn parse_condition(text: &str, names: Option<&Names>) -> (Cond, Vec<Diagnostic>) {
    parse_condition_in(text, names, &Book::default())
}

/// The same, with the defines of `book`.
#[must_use]
pub fn parse_condition_in(text: &str, names: Option<&Names>, book: &Book) -> (Cond, Vec<Diagnostic>) {
    let (read, mut diagnostics, keywords) = parse_expr(text);
    let expr = match read {
        Ok(Some(expr)) => expr,
        Ok(None) => return (Cond::Always, diagnostics),
        Err(()) => return (Cond::Any(Vec::new()), diagnostics),
    };
    let mut lowering = Lowering::new(text, names, keywords);
    lowering.defines = book.defines.iter().map(|(k, v)| (k.clone(), Arc::from(v.as_slice()))).collect();
    let cond = lowering.cond(&expr);
    diagnostics.extend(lowering.findings.finish());
    match cond {
        Some(cond) if !has_errors(&diagnostics) => (cond, diagnostics),
        Some(_) | None => (Cond::Any(Vec::new()), diagnostics),
    }
}

/// Lowers a whole tree. The findings are not finished, so that `check` can add its own.
pub(super) fn lower<'a>(tree: &'a Tree, names: Option<&'a Names>) -> (Book, Findings<'a>) {
    let mut lowering = Lowering::new(&tree.source.text, names, tree.source.keywords);
    lowering.replies_declared = tree.items.iter().any(|i| matches!(i.node, Item::Replies(_)));
    lowering.pool_declared = tree.items.iter().any(|i| matches!(i.node, Item::Pool(_)));
    lowering.calendar(tree);
    lowering.defines(tree);
    lowering.name_promotions(tree);
    lowering.items(tree);
    lowering.leftovers(tree);
    (lowering.book, lowering.findings)
}

struct Lowering<'a> {
    names: Option<&'a Names>,
    findings: Findings<'a>,
    book: Book,
    defines: BTreeMap<SmolStr, Arc<[SmolStr]>>,
    used: BTreeSet<SmolStr>,
    /// Lowered text sets of defines, shared by all rules that name them.
    text_sets: BTreeMap<SmolStr, Arc<[SmolStr]>>,
    expanded: usize,
    replies_declared: bool,
    pool_declared: bool,
    /// Names of the windows.
    windows: BTreeSet<SmolStr>,
    /// Teams that have a ramp.
    ramped: BTreeSet<Option<SmolStr>>,
    /// Names of the promotions, with those rules hold during.
    promotions: BTreeMap<SmolStr, bool>,
}

impl<'a> Lowering<'a> {
    fn new(text: &'a str, names: Option<&'a Names>, keywords: Lang) -> Self {
        Lowering {
            names,
            findings: Findings::new(text, keywords),
            book: Book::default(),
            defines: BTreeMap::new(),
            used: BTreeSet::new(),
            text_sets: BTreeMap::new(),
            expanded: 0,
            replies_declared: false,
            pool_declared: false,
            windows: BTreeSet::new(),
            ramped: BTreeSet::new(),
            promotions: BTreeMap::new(),
        }
    }

    /// The language in which words of the language are quoted and proposed.
    fn lang(&self) -> Lang {
        self.findings.keywords
    }

    /// Said twice.
    fn twice(&mut self, span: Span, kw: Kw) {
        let what = SmolStr::new_static(kw.word(self.lang()));
        self.error(span, DiagCode::Repeated { what });
    }

    fn error(&mut self, span: Span, code: DiagCode) {
        self.findings.add(Severity::Error, span, code, None);
    }

    fn warn(&mut self, span: Span, code: DiagCode) {
        self.findings.add(Severity::Warning, span, code, None);
    }

    /// A name that should have been one of `known`.
    fn unknown<'n>(
        &mut self,
        severity: Severity,
        noun: Noun,
        name: &str,
        span: Span,
        known: impl IntoIterator<Item = &'n str>,
    ) {
        add_unknown(&mut self.findings, severity, noun, name, span, known);
    }

    fn defines(&mut self, tree: &Tree) {
        for item in &tree.items {
            let Item::Define(define) = &item.node else { continue };
            let name = literal::normal(&define.name.text);
            if self.defines.contains_key(&name) {
                self.error(define.name.at.0, DiagCode::DefineTwice { name });
                continue;
            }
            let values = self.define_values(define);
            self.book.defines.insert(name.clone(), values.clone());
            self.defines.insert(name, values.into());
        }
    }

    /// The values of a define; a bare word that names an earlier one stands for its values.
    fn define_values(&mut self, define: &DefineNode) -> Vec<SmolStr> {
        let mut seen = BTreeSet::new();
        let mut out = Vec::new();
        for value in &define.values {
            for text in self.expand(value).iter() {
                if seen.insert(text.clone()) {
                    out.push(text.clone());
                }
            }
        }
        out
    }

    /// The values a literal in a list stands for.
    fn expand(&mut self, value: &Lit) -> Arc<[SmolStr]> {
        let text = literal::normal(&value.text);
        let found = if value.quoted { None } else { self.defines.get(&text).cloned() };
        let Some(values) = found else { return Arc::from([text]) };
        self.used.insert(text);
        self.expanded += values.len();
        if self.expanded > EXPANDED_VALUES_MAX {
            let code = DiagCode::TooMuch { limit: Limit::DefineValues, max: EXPANDED_VALUES_MAX };
            self.error(value.at.0, code);
            return Arc::from([]);
        }
        values
    }

    fn items(&mut self, tree: &Tree) {
        let mut otherwise = false;
        let mut salted = false;
        for item in &tree.items {
            match &item.node {
                Item::Calendar(_) | Item::Define(_) | Item::Broken(_) => {}
                Item::Score(lines) => {
                    for line in good(lines) {
                        if let Some(when) = self.cond(&line.node.when) {
                            self.book.scores.push(ScoreLine { points: line.node.points, when });
                        }
                    }
                }
                Item::Duplicates(lines) => {
                    for line in good(lines) {
                        self.duplicate(line.node);
                    }
                }
                Item::Rule(rule) => self.rule(rule, item.at.0),
                Item::Otherwise(node) if !otherwise => {
                    otherwise = true;
                    self.otherwise(node, item.at.0);
                }
                Item::Otherwise(_) => self.twice(item.at.0, Kw::Otherwise),
                Item::Watch(watch) => {
                    let line = self.watch(watch, item.at.0);
                    let mut lines = std::mem::take(&mut self.book.watch);
                    self.add_watch(&mut lines, line);
                    self.book.watch = lines;
                }
                Item::Promotion(promotion) => self.promotion(promotion, item.at.0),
                Item::Replies(sources) => self.replies(sources),
                Item::Salt(salt) if !salted => {
                    salted = true;
                    self.book.salt = *salt;
                }
                Item::Salt(_) => self.twice(item.at.0, Kw::Salt),
                Item::Timers(_) if self.book.timer_moves.is_some() => self.twice(item.at.0, Kw::Timers),
                Item::Timers((most, at)) => self.timer_moves(*most, at.0),
                Item::Ramp(ramp) => self.ramp(ramp, item.at.0),
                Item::Notify(notify) => self.notify(notify, item.at.0),
                Item::Pool(_) if self.book.pool.is_some() => self.twice(item.at.0, Kw::Pool),
                Item::Pool(lines) => self.pool(lines),
            }
        }
        if !otherwise {
            let end = tree.source.text.len();
            self.warn(Span::new(end, end), DiagCode::NoCatchAll);
        }
    }

    fn timer_moves(&mut self, most: u32, span: Span) {
        if (1..=TIMER_MOVES_MAX).contains(&most) {
            self.book.timer_moves = Some(most);
            return;
        }
        let found = SmolStr::new(most.to_string());
        self.error(span, DiagCode::OutOfRange { found, range: "1 .. 10000" });
    }

    fn replies(&mut self, sources: &[Name]) {
        let mut seen: BTreeSet<SmolStr> = self.book.replies_from.iter().cloned().collect();
        for source in sources {
            self.check_source(&source.text, source.at.0);
            let name = literal::normal(&source.text);
            if seen.insert(name.clone()) {
                self.book.replies_from.push(name);
            }
        }
    }

    /// Warns of a source the desk has never heard of; it may yet come, so this is no error.
    fn check_source(&mut self, text: &str, span: Span) {
        let Some(names) = self.names.filter(|n| !n.sources.is_empty()) else { return };
        let name = literal::normal(text);
        if !names.sources.iter().any(|s| s.eq_ignore_ascii_case(&name)) {
            let known = names.sources.iter().map(SmolStr::as_str);
            self.unknown(Severity::Warning, Noun::Source, &name, span, known);
        }
    }

    fn duplicate(&mut self, node: &DupNode) {
        let then = match &node.then {
            DupThenNode::GiveToOwner => DupThen::GiveToOwner,
            DupThenNode::Park(reason) => DupThen::Park(literal::normal(reason)),
        };
        let by = match &node.by {
            DupByNode::Same(keys) => DupBy::Same(keys.clone()),
            DupByNode::CompanyLike(share, at) => {
                let Some(share) = u16::try_from(*share).ok().filter(|s| (1..=1000).contains(s)) else {
                    let found = literal::decimal_text(*share).into();
                    return self.error(at.0, DiagCode::OutOfRange { found, range: "0.001 .. 1" });
                };
                if then == DupThen::GiveToOwner {
                    let (park, why) = match self.lang() {
                        Lang::En => (Kw::Park.word(Lang::En), "possible duplicate"),
                        Lang::Zh => (Kw::Park.word(Lang::Zh), "疑似重复"),
                    };
                    let replacement = smol_str::format_smolstr!("{park} \"{why}\"");
                    let fix = Fix { span: node.at.0, replacement };
                    self.findings.add(Severity::Error, node.at.0, DiagCode::LikeMayOnlyPark, Some(fix));
                    return;
                }
                DupBy::CompanyLike(share)
            }
        };
        self.book.duplicates.push(DupRule { by, within_ms: node.within_ms, then });
    }

    /// What can only be said once everything was read.
    fn leftovers(&mut self, tree: &Tree) {
        if self.book.rules.len() > RULES_MAX {
            let span = self.book.rules.get(RULES_MAX).map_or(Span::default(), |r| r.span);
            self.error(span, DiagCode::TooMuch { limit: Limit::Rules, max: RULES_MAX });
        }
        self.promotion_leftovers(tree);
        for item in &tree.items {
            if let Item::Define(define) = &item.node {
                let name = literal::normal(&define.name.text);
                if !self.used.contains(&name) {
                    self.findings.add(
                        Severity::Info,
                        define.name.at.0,
                        DiagCode::DefineUnused { name },
                        None,
                    );
                }
            }
        }
    }

    /// A typed condition, or nothing if any part of it was wrong; every part is looked at, so all faults are told at once.
    fn cond(&mut self, expr: &Expr) -> Option<Cond> {
        match expr {
            Expr::Or(all) => self.all(all).map(Cond::Any),
            Expr::And(all) => self.all(all).map(Cond::All),
            Expr::Not(inner) => self.cond(inner).map(|c| Cond::Not(Box::new(c))),
            Expr::Test(test) => self.test(test).map(Cond::Test),
        }
    }

    fn all(&mut self, exprs: &[Expr]) -> Option<Vec<Cond>> {
        let lowered: Vec<Option<Cond>> = exprs.iter().map(|e| self.cond(e)).collect();
        lowered.into_iter().collect()
    }

    fn otherwise(&mut self, node: &super::tree::OtherwiseNode, span: Span) {
        use super::tree::OtherwiseNode;
        self.book.otherwise = match node {
            OtherwiseNode::Park(reason) => Fallback::Park(literal::normal(reason)),
            OtherwiseNode::Wait => Fallback::Wait,
            OtherwiseNode::Give(give) => {
                let (to, strategy, scope) = self.give(give, span);
                Fallback::Give { to, strategy, scope }
            }
        };
    }
}

/// The lines of a block that could be read, with their notes.
fn good<T>(lines: &[Noted<Line<T>>]) -> impl Iterator<Item = GoodLine<'_, T>> {
    lines.iter().filter_map(|line| match &line.node {
        Line::Good(node) => Some(GoodLine { node, span: line.at.0 }),
        Line::Broken(_) => None,
    })
}

struct GoodLine<'t, T> {
    node: &'t T,
    span: Span,
}

/// Tells of an unknown name and proposes the nearest known one.
pub(super) fn add_unknown<'n>(
    findings: &mut Findings<'_>,
    severity: Severity,
    noun: Noun,
    name: &str,
    span: Span,
    known: impl IntoIterator<Item = &'n str>,
) {
    let near = if findings.is_full() { None } else { suggest::nearest(name, known) };
    let fix = near.map(|n| Fix { span, replacement: name_text(&n, findings.keywords).into() });
    findings.add(severity, span, DiagCode::Unknown { noun, name: SmolStr::new(name) }, fix);
}

#[cfg(test)]
mod tests;
