//! Rules: each clause at most once, figures in range, something to give to.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::super::book::{During, ElseDo, FairScope, LateStep, Respond, Rule, Strategy, Target};
use super::super::cond::Cond;
use super::super::diagnostic::{DiagCode, Noun, Severity, Span};
use super::super::keyword::Kw;
use super::super::literal;
use super::super::tree::{
    CapNode, Clause, ElseNode, GiveNode, Name, RespondNode, RuleNode, StepNode, StrategyNode, TargetNode,
};
use super::{Lowering, add_unknown};

/// Reassigning more often than this is a lead nobody wants.
const REASSIGN_MAX: u32 = 20;

/// Which clauses a rule has had.
#[derive(Default)]
struct Had([bool; 7]);

impl Had {
    /// Marks a clause; false if it was there before.
    fn first(&mut self, slot: usize) -> bool {
        self.0.get_mut(slot).is_some_and(|had| !std::mem::replace(had, true))
    }
}

impl Lowering<'_> {
    pub(super) fn rule(&mut self, node: &RuleNode, header: Span) {
        let name = literal::normal(&node.name.text);
        let mut rule =
            blank(name.clone(), node.clauses.iter().fold(header, |s, c| s.to(c.at.0)), node.disabled);
        let mut had = Had::default();
        let mut sound = true;
        for clause in &node.clauses {
            let Some((slot, word)) = slot(&clause.node) else {
                sound = false;
                continue;
            };
            if had.first(slot) {
                sound &= self.clause(&clause.node, clause.at.0, &mut rule);
            } else {
                self.twice(clause.at.0, word);
            }
        }
        if !had.0[2] {
            // A broken line may have been the one that gives; its own message is enough then.
            if sound {
                self.error(node.name.at.0, DiagCode::NoGive { rule: name });
            }
            return;
        }
        self.only_escalates(&rule, node);
        if sound {
            self.book.rules.push(rule);
        }
    }

    /// Lowers one clause into the rule; false if it was wrong.
    fn clause(&mut self, clause: &Clause, span: Span, rule: &mut Rule) -> bool {
        match clause {
            Clause::During(window) => {
                rule.during = Some(During::Window(literal::normal(&window.text)));
                self.known_window(window)
            }
            Clause::DuringPromotion(name) => {
                rule.during = Some(During::Promotion(literal::normal(&name.text)));
                self.known_promotion(name)
            }
            Clause::When(expr) => match self.cond(expr) {
                Some(cond) => {
                    rule.when = cond;
                    true
                }
                None => false,
            },
            Clause::Give(give) => {
                (rule.give, rule.strategy, rule.scope) = self.give(give, span);
                true
            }
            Clause::Needs(skills) => {
                rule.needs_skills = skills.iter().map(|s| literal::normal(&s.text)).collect();
                true
            }
            Clause::Cap(cap) => self.cap(cap, rule),
            Clause::Respond(respond) => {
                rule.respond_within = self.respond(respond, span);
                rule.respond_within.is_some()
            }
            Clause::Else(otherwise) => {
                rule.otherwise = match otherwise {
                    ElseNode::Pass => ElseDo::PassOn,
                    ElseNode::Wait => ElseDo::Wait,
                    ElseNode::Park(reason) => ElseDo::Park(literal::normal(reason)),
                };
                true
            }
            Clause::Broken(_) => false,
        }
    }

    pub(super) fn known_window(&mut self, window: &Name) -> bool {
        let name = literal::normal(&window.text);
        if self.windows.contains(&name) {
            return true;
        }
        let known = self.book.calendar.windows.iter().map(|w| w.name.as_str());
        add_unknown(&mut self.findings, Severity::Error, Noun::Window, &name, window.at.0, known);
        false
    }

    pub(super) fn give(&mut self, node: &GiveNode, span: Span) -> (Vec<Target>, Strategy, FairScope) {
        let mut seen: BTreeSet<Target> = BTreeSet::new();
        let mut to: Vec<Target> = Vec::new();
        for target in &node.to {
            let target = match target {
                TargetNode::Team(name) => Target::Team(literal::normal(&name.text)),
                TargetNode::Rep(name) => Target::Rep(literal::normal(&name.text)),
                TargetNode::Owner => Target::Owner,
            };
            if seen.insert(target.clone()) {
                to.push(target);
            } else {
                let what = match &target {
                    Target::Team(name) | Target::Rep(name) => name.clone(),
                    Target::Owner => SmolStr::new_static(Kw::Owner.word(self.lang())),
                };
                self.warn(span, DiagCode::Repeated { what });
            }
        }
        let strategy = node.by.as_ref().map_or(Strategy::Fair, strategy);
        (to, strategy, if node.within_team { FairScope::WithinTeam } else { FairScope::Org })
    }

    fn cap(&mut self, cap: &CapNode, rule: &mut Rule) -> bool {
        let mut sound = true;
        for (count, at) in [cap.open, cap.day].into_iter().flatten() {
            if count == 0 {
                self.error(at.0, DiagCode::CapZero);
                sound = false;
            }
        }
        rule.cap_open = cap.open.map(|(n, _)| n);
        rule.cap_day = cap.day.map(|(n, _)| n);
        sound
    }

    fn respond(&mut self, node: &RespondNode, span: Span) -> Option<Respond> {
        if node.within_ms == 0 {
            self.error(span, DiagCode::OutOfRange { found: SmolStr::new_static("0s"), range: "1s .." });
            return None;
        }
        let mut steps = Vec::new();
        let mut ended = false;
        for (step, at) in &node.steps {
            if ended {
                self.warn(at.0, DiagCode::StepNeverReached);
                break;
            }
            steps.push(match step {
                StepNode::Reassign(times) => {
                    let times = times.unwrap_or(1);
                    if !(1..=REASSIGN_MAX).contains(&times) {
                        let found = SmolStr::new(times.to_string());
                        self.error(at.0, DiagCode::OutOfRange { found, range: "1 .. 20" });
                        return None;
                    }
                    LateStep::Reassign(times)
                }
                StepNode::Escalate => LateStep::Escalate,
                StepNode::Recall => LateStep::Recall,
                StepNode::RecallToPool if !self.pool_declared => {
                    self.error(at.0, DiagCode::NoPoolSection);
                    return None;
                }
                StepNode::RecallToPool => LateStep::RecallToPool,
                StepNode::Park(reason) => LateStep::Park(literal::normal(reason)),
            });
            ended = matches!(step, StepNode::Recall | StepNode::RecallToPool | StepNode::Park(_));
        }
        Some(Respond { within_ms: node.within_ms, steps })
    }

    /// Steps that move a lead do so only where replies are recorded; a book that records none should know.
    fn only_escalates(&mut self, rule: &Rule, node: &RuleNode) {
        let moves = rule
            .respond_within
            .as_ref()
            .is_some_and(|r| r.steps.iter().any(|s| !matches!(s, LateStep::Escalate)));
        if moves && !self.replies_declared {
            let clause = node.clauses.iter().find(|c| matches!(c.node, Clause::Respond(_)));
            let span = clause.map_or(node.name.at.0, |c| c.at.0);
            let code = DiagCode::OnlyEscalates { rule: rule.name.clone() };
            self.findings.add(Severity::Info, span, code, None);
        }
    }
}

fn blank(name: SmolStr, span: Span, disabled: bool) -> Rule {
    Rule {
        name,
        when: Cond::Always,
        during: None,
        give: Vec::new(),
        strategy: Strategy::Fair,
        scope: FairScope::Org,
        needs_skills: Vec::new(),
        cap_open: None,
        cap_day: None,
        respond_within: None,
        otherwise: ElseDo::PassOn,
        span,
        disabled,
    }
}

fn slot(clause: &Clause) -> Option<(usize, Kw)> {
    Some(match clause {
        Clause::During(_) | Clause::DuringPromotion(_) => (0, Kw::During),
        Clause::When(_) => (1, Kw::When),
        Clause::Give(_) => (2, Kw::Give),
        Clause::Needs(_) => (3, Kw::Needs),
        Clause::Cap(_) => (4, Kw::Cap),
        Clause::Respond(_) => (5, Kw::Respond),
        Clause::Else(_) => (6, Kw::Else),
        Clause::Broken(_) => return None,
    })
}

fn strategy(node: &StrategyNode) -> Strategy {
    match node {
        StrategyNode::Fair => Strategy::Fair,
        StrategyNode::RoundRobin => Strategy::RoundRobin,
        StrategyNode::LeastLoaded => Strategy::LeastLoaded,
        StrategyNode::Weighted => Strategy::Weighted,
        StrategyNode::Sticky(then) => {
            Strategy::Sticky(Box::new(then.as_deref().map_or(Strategy::Fair, strategy)))
        }
    }
}
