//! What can only be checked against the desk: names of teams, reps and skills, and rules that can never take a lead.
//! Decides nothing about who is free; an empty team is a warning, since people come back.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::book::Book;
use super::diagnostic::{DiagCode, Diagnostic, Noun, Severity, has_errors};
use super::literal;
use super::lower::{add_unknown, lower};
use super::parse::Findings;
use super::tree::{
    CalendarLine, Clause, ElseNode, GiveNode, Item, Line, Lines, Name, NotifyNode, OtherwiseNode, PoolLine,
    PromotionLine, PromotionNode, ReliefNode, ReliefWhat, RuleNode, TargetNode, Tree, WatchNode, WhoseNode,
};
use crate::model::channel::ChannelKind;

/// What the checker knows of the desk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// Team to the logins of its active reps.
    pub teams: BTreeMap<SmolStr, Vec<SmolStr>>,
    pub reps: Vec<RepName>,
    /// Sources seen or declared; when empty, sources are not checked.
    pub sources: BTreeSet<SmolStr>,
    /// The day on which the book is to hold; `None` when nobody knows.
    pub today: Option<chrono::NaiveDate>,
    /// Channels set up on this machine; `None` when nobody looked: then they are not checked.
    pub channels: Option<Vec<(ChannelKind, SmolStr)>>,
}

/// One rep, as far as names go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RepName {
    pub login: SmolStr,
    pub name: SmolStr,
    pub active: bool,
    pub skills: Vec<SmolStr>,
}

/// A book and everything found in its text, what `parse` told included, in the order of the text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Checked {
    pub book: Book,
    pub diagnostics: Vec<Diagnostic>,
}

impl Checked {
    /// True when the text may not be published.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
    }
}

/// Lowers a tree and checks it against the desk.
#[must_use]
pub fn check(tree: &Tree, names: &Names) -> Checked {
    let (book, findings) = lower(tree, Some(names));
    let mut checker = Checker { names, known: Known::of(names), findings };
    checker.rule_names(tree);
    checker.reachable(tree);
    for item in &tree.items {
        match &item.node {
            Item::Rule(rule) => checker.rule(rule),
            Item::Otherwise(OtherwiseNode::Give(give)) => {
                checker.give(give);
            }
            Item::Calendar(lines) => checker.hours(lines),
            Item::Promotion(promotion) => checker.promotion(promotion),
            Item::Watch(watch) => checker.watch(watch),
            Item::Ramp(ramp) => {
                if let Some(team) = &ramp.team {
                    checker.team(team);
                }
            }
            Item::Notify(notify) => checker.notify(notify),
            Item::Pool(lines) => {
                for line in lines {
                    if let Line::Good(PoolLine::Seen { by, .. }) = &line.node {
                        by.iter().for_each(|team| drop(checker.team(team)));
                    }
                }
            }
            Item::Define(_)
            | Item::Score(_)
            | Item::Duplicates(_)
            | Item::Otherwise(OtherwiseNode::Park(_) | OtherwiseNode::Wait)
            | Item::Replies(_)
            | Item::Salt(_)
            | Item::Timers(_)
            | Item::Broken(_) => {}
        }
    }
    let mut diagnostics = checker.findings.finish();
    diagnostics.extend(tree.source.diagnostics.iter().cloned());
    diagnostics.sort_by_key(|d| (d.span, std::cmp::Reverse(d.severity)));
    Checked { book, diagnostics }
}

/// Reps by what a rule may call them.
struct Known<'a> {
    reps: BTreeMap<&'a str, Vec<usize>>,
    skills: BTreeSet<&'a str>,
}

impl<'a> Known<'a> {
    fn of(names: &'a Names) -> Self {
        let mut reps: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (i, rep) in names.reps.iter().enumerate() {
            // A login names one person, whatever others are called.
            reps.insert(&rep.login, vec![i]);
        }
        let logins: BTreeSet<&str> = names.reps.iter().map(|r| r.login.as_str()).collect();
        for (i, rep) in names.reps.iter().enumerate() {
            if !logins.contains(rep.name.as_str()) {
                reps.entry(&rep.name).or_default().push(i);
            }
        }
        let skills = names.reps.iter().flat_map(|r| &r.skills).map(SmolStr::as_str).collect();
        Known { reps, skills }
    }
}

struct Checker<'a> {
    names: &'a Names,
    known: Known<'a>,
    findings: Findings<'a>,
}

impl<'a> Checker<'a> {
    fn rule_names(&mut self, tree: &Tree) {
        let mut seen = BTreeSet::new();
        for item in &tree.items {
            let Item::Rule(rule) = &item.node else { continue };
            let name = literal::normal(&rule.name.text);
            if !seen.insert(name.clone()) {
                self.findings.add(Severity::Error, rule.name.at.0, DiagCode::RuleNameTwice { name }, None);
            }
        }
    }

    /// A rule below one that takes or keeps every lead can never be asked.
    fn reachable(&mut self, tree: &Tree) {
        let mut taker: Option<SmolStr> = None;
        for item in &tree.items {
            let Item::Rule(rule) = &item.node else { continue };
            let name = literal::normal(&rule.name.text);
            match &taker {
                Some(by) if !rule.disabled => {
                    let code = DiagCode::Unreachable { rule: name, by: by.clone() };
                    self.findings.add(Severity::Warning, rule.name.at.0, code, None);
                }
                Some(_) => {}
                None if keeps_every_lead(rule) => taker = Some(name),
                None => {}
            }
        }
    }

    /// Whose hours the calendar gives.
    fn hours(&mut self, lines: &Lines<CalendarLine>) {
        for line in lines {
            match &line.node {
                Line::Good(CalendarLine::Hours(hours)) => self.whose(&hours.whose),
                Line::Good(_) | Line::Broken(_) => {}
            }
        }
    }

    fn whose(&mut self, whose: &WhoseNode) {
        match whose {
            WhoseNode::Desk => {}
            WhoseNode::Team(name) => drop(self.team(name)),
            WhoseNode::Rep(name) => drop(self.rep(name)),
        }
    }

    /// Whose caps, weights and hours a promotion gives.
    fn promotion(&mut self, promotion: &PromotionNode) {
        for line in &promotion.lines {
            match &line.node {
                Line::Good(PromotionLine::Hours(hours)) => self.whose(&hours.whose),
                Line::Good(PromotionLine::Cap { whose, .. } | PromotionLine::Weight { whose, .. }) => {
                    self.whose(whose);
                }
                Line::Good(PromotionLine::Watch(watch)) => self.watch(watch),
                Line::Good(PromotionLine::During(_)) | Line::Broken(_) => {}
            }
        }
    }

    fn rule(&mut self, rule: &RuleNode) {
        let mut pool: Vec<usize> = Vec::new();
        let mut open_ended = false;
        let mut skills: Vec<SmolStr> = Vec::new();
        for clause in &rule.clauses {
            match &clause.node {
                Clause::Give(give) => match self.give(give) {
                    Some(reps) => pool.extend(reps),
                    None => open_ended = true,
                },
                Clause::Needs(names) => skills.extend(self.skills(names)),
                Clause::During(_)
                | Clause::DuringPromotion(_)
                | Clause::When(_)
                | Clause::Cap(_)
                | Clause::Respond(_)
                | Clause::Else(_)
                | Clause::Broken(_) => {}
            }
        }
        let skilled = |i: &usize| {
            self.names.reps.get(*i).is_some_and(|rep| {
                rep.active
                    && skills.iter().all(|s| rep.skills.iter().any(|have| have.eq_ignore_ascii_case(s)))
            })
        };
        if !skills.is_empty() && !open_ended && !pool.is_empty() && !pool.iter().any(skilled) {
            let code = DiagCode::NobodySkilled { rule: literal::normal(&rule.name.text) };
            self.findings.add(Severity::Warning, rule.name.at.0, code, None);
        }
    }

    /// Checks the targets; the active reps they reach, or nothing when that cannot be said (owner, unknown names).
    fn give(&mut self, give: &GiveNode) -> Option<Vec<usize>> {
        let mut pool = Some(Vec::new());
        for target in &give.to {
            let reached = match target {
                TargetNode::Team(name) => self.team(name),
                TargetNode::Rep(name) => self.rep(name),
                TargetNode::Owner => None,
            };
            pool = match (pool, reached) {
                (Some(mut all), Some(more)) => {
                    all.extend(more);
                    Some(all)
                }
                _ => None,
            };
        }
        pool
    }

    /// Over whom a line spreads.
    fn watch(&mut self, watch: &WatchNode) {
        if let Some(ReliefNode { what: ReliefWhat::Spread(team), .. }) = &watch.relief {
            self.team(team);
        }
    }

    fn notify(&mut self, notify: &NotifyNode) {
        if let Some(team) = &notify.team {
            self.team(team);
        }
    }

    fn team(&mut self, name: &Name) -> Option<Vec<usize>> {
        let team = literal::normal(&name.text);
        let Some(active) = self.names.teams.get(&team) else {
            let known = self.names.teams.keys().map(SmolStr::as_str);
            add_unknown(&mut self.findings, Severity::Error, Noun::Team, &team, name.at.0, known);
            return None;
        };
        if active.is_empty() {
            self.findings.add(Severity::Warning, name.at.0, DiagCode::EmptyTeam { team }, None);
        }
        Some(
            active.iter().filter_map(|login| self.known.reps.get(login.as_str())?.first().copied()).collect(),
        )
    }

    fn rep(&mut self, name: &Name) -> Option<Vec<usize>> {
        let rep = literal::normal(&name.text);
        let found = self.known.reps.get(rep.as_str()).map_or(&[][..], Vec::as_slice);
        match found {
            [] => {
                let known = self.known.reps.keys().copied();
                add_unknown(&mut self.findings, Severity::Error, Noun::Rep, &rep, name.at.0, known);
                None
            }
            [one] => {
                let one = *one;
                if self.names.reps.get(one).is_some_and(|r| !r.active) {
                    self.findings.add(Severity::Warning, name.at.0, DiagCode::InactiveRep { rep }, None);
                }
                Some(vec![one])
            }
            _ => {
                self.findings.add(Severity::Error, name.at.0, DiagCode::AmbiguousRep { rep }, None);
                None
            }
        }
    }

    /// Checks the skills; gives back the known ones.
    fn skills(&mut self, names: &[Name]) -> Vec<SmolStr> {
        let mut known = Vec::new();
        for name in names {
            let skill = literal::normal(&name.text);
            if self.known.skills.iter().any(|s| s.eq_ignore_ascii_case(&skill)) {
                known.push(skill);
            } else {
                let all = self.known.skills.iter().copied();
                add_unknown(&mut self.findings, Severity::Error, Noun::Skill, &skill, name.at.0, all);
            }
        }
        known
    }
}

pub(super) fn keeps_every_lead(rule: &RuleNode) -> bool {
    let conditional = rule.clauses.iter().any(|c| {
        matches!(c.node, Clause::When(_) | Clause::During(_) | Clause::DuringPromotion(_) | Clause::Broken(_))
    });
    let keeps =
        rule.clauses.iter().any(|c| matches!(c.node, Clause::Else(ElseNode::Wait | ElseNode::Park(_))));
    keeps && !conditional && !rule.disabled
}

#[cfg(test)]
mod tests;
