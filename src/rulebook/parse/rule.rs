//! A rule and its clauses.

use super::super::diagnostic::{Noun, Want};
use super::super::keyword::{CLAUSES, Kw, spellings};
use super::super::literal;
use super::super::token::Tok;
use super::super::tree::{
    CapNode, Clause, ElseNode, GiveNode, Item, Name, Noted, Place, RespondNode, RuleNode, StepNode,
    StrategyNode, TargetNode,
};
use super::{Parser, Read};
use crate::model::lang::Lang;

const STRATEGIES: [Kw; 5] = [Kw::Fair, Kw::RoundRobin, Kw::LeastLoaded, Kw::Weighted, Kw::Sticky];

/// `sticky then sticky then …` must end somewhere.
const STICKY_MAX: usize = 4;

impl Parser<'_> {
    pub(super) fn rule_header(&mut self) -> Read<Item> {
        self.next();
        let name = self.name()?;
        let disabled = self.eat_kw(Kw::Disabled);
        Ok(Item::Rule(RuleNode { name, disabled, clauses: Vec::new() }))
    }

    pub(super) fn clauses(&mut self, rule: &mut RuleNode) {
        while self.at_block_line(&CLAUSES) {
            let clause = self.statement_until(Self::clause, Self::end_of_clause);
            let node = clause.node.unwrap_or_else(Clause::Broken);
            rule.clauses.push(Noted { before: clause.before, trail: clause.trail, at: clause.at, node });
        }
        let broken = rule.clauses.iter().any(|c| matches!(c.node, Clause::Broken(_)));
        if !broken {
            rule.clauses.sort_by_key(|c| rank(&c.node));
        }
    }

    /// The end of the line, or the next clause on the same line.
    pub(super) fn end_of_clause(&mut self) -> Read<()> {
        // `respond within 5m else …` lacks its comma.
        let lacks_comma = self.statement_kw == Some(Kw::Respond) && self.kw() == Some(Kw::Else);
        if self.opens_clause() && !lacks_comma { Ok(()) } else { self.end_of_line() }
    }

    fn opens_clause(&self) -> bool {
        self.kw().is_some_and(|kw| CLAUSES.contains(&kw))
    }

    fn clause(&mut self) -> Read<Clause> {
        match self.kw() {
            Some(Kw::During) => {
                let during = self.next();
                // A window may be called promotion; then nothing follows.
                let bare = |t: Option<Tok>| matches!(t, None | Some(Tok::Newline | Tok::Eof));
                let follows = self.tokens.get(self.pos + 1).map(|t| t.tok);
                let is_one_word = self.peek().span == during.span;
                if self.kw() == Some(Kw::Promotion) && (is_one_word || !bare(follows)) {
                    self.next();
                    return Ok(Clause::DuringPromotion(self.name()?));
                }
                Ok(Clause::During(self.name()?))
            }
            Some(Kw::When) => {
                self.next();
                Ok(Clause::When(self.expr()?))
            }
            Some(Kw::Give) => Ok(Clause::Give(self.give()?)),
            Some(Kw::Needs) => {
                self.next();
                self.expect_kw(Kw::Skill)?;
                Ok(Clause::Needs(self.list(Self::name)?))
            }
            Some(Kw::Cap) => Ok(Clause::Cap(self.cap()?)),
            Some(Kw::Respond) => self.respond(),
            Some(Kw::Else) => self.otherwise_in_rule(),
            _ => Err(self.unknown_word(&CLAUSES)),
        }
    }

    /// `give to team A, rep b by fair within team`
    pub(super) fn give(&mut self) -> Read<GiveNode> {
        let opening = self.next().lang;
        self.expect_kw(Kw::To)?;
        let mut to = Vec::new();
        loop {
            let target = self.target(to.last(), opening)?;
            to.push(target);
            if !self.eat(Tok::Comma) {
                break;
            }
            self.skip_breaks();
        }
        let by = if self.eat_kw(Kw::By) { Some(self.strategy()?) } else { None };
        let within_team = self.eat_kw(Kw::Within);
        if within_team {
            self.expect_kw(Kw::Team)?;
        }
        Ok(GiveNode { to, by, within_team })
    }

    /// After a comma the word `team` or `rep` may be left out.
    fn target(&mut self, previous: Option<&TargetNode>, opening: Lang) -> Read<TargetNode> {
        let kw = self.kw().filter(|_| previous.is_none() || self.is_target_word(opening));
        let make: fn(Name) -> TargetNode = match (kw, previous) {
            (Some(Kw::Owner), _) => {
                self.next();
                return Ok(TargetNode::Owner);
            }
            (Some(Kw::Team), _) => {
                self.next();
                TargetNode::Team
            }
            (Some(Kw::Rep), _) => {
                self.next();
                TargetNode::Rep
            }
            (_, Some(TargetNode::Team(_))) => TargetNode::Team,
            (_, Some(TargetNode::Rep(_))) => TargetNode::Rep,
            (_, Some(TargetNode::Owner) | None) => {
                return Err(self.expected_one_of(Want::Target, spellings(&[Kw::Team, Kw::Rep, Kw::Owner])));
            }
        };
        Ok(make(self.name()?))
    }

    /// Whether the word after a comma is a keyword and not a name. A team may be called 团队 or 负责人: where the clause opens
    /// in English, a Chinese word is a keyword only if a name follows it.
    pub(super) fn is_target_word(&self, opening: Lang) -> bool {
        let token = self.peek();
        let follows = self.tokens.get(self.pos + 1).map_or(Tok::Eof, |t| t.tok);
        let named = match follows {
            Tok::Quoted => true,
            Tok::Word(kw) => !matches!(kw, Some(Kw::By | Kw::Within | Kw::When)),
            _ => false,
        };
        opening == Lang::Zh || token.lang == Lang::En || named
    }

    fn strategy(&mut self) -> Read<StrategyNode> {
        let mut stickies = 0;
        loop {
            let token = self.peek();
            let inner = match self.kw() {
                Some(Kw::Fair) => StrategyNode::Fair,
                Some(Kw::RoundRobin) => StrategyNode::RoundRobin,
                Some(Kw::LeastLoaded) => StrategyNode::LeastLoaded,
                Some(Kw::Weighted) => StrategyNode::Weighted,
                Some(Kw::Sticky) if stickies < STICKY_MAX => {
                    self.next();
                    stickies += 1;
                    if self.eat_kw(Kw::Then) {
                        continue;
                    }
                    return Ok(wrap(None, stickies));
                }
                _ if matches!(token.tok, Tok::Word(_)) => {
                    return Err(self.unknown(Noun::Strategy, token, spellings(&STRATEGIES)));
                }
                _ => return Err(self.expected_kw(&STRATEGIES)),
            };
            self.next();
            return Ok(wrap(Some(inner), stickies));
        }
    }

    /// `cap 40 open, 12 per day`; Chinese says the unit first.
    pub(super) fn cap(&mut self) -> Read<CapNode> {
        self.next();
        let mut cap = CapNode { open: None, day: None };
        loop {
            let first = self.cap_unit(&cap)?;
            let counted = self.counted()?;
            let unit = match first {
                Some(unit) => Some(unit),
                None => self.cap_unit(&cap)?,
            };
            match unit {
                Some(Kw::Open) => cap.open = Some(counted),
                Some(_) => cap.day = Some(counted),
                None => return Err(self.expected_kw(&[Kw::Open, Kw::Per])),
            }
            if !self.eat(Tok::Comma) {
                return Ok(cap);
            }
        }
    }

    /// `open` or `per day`, where it may still come.
    fn cap_unit(&mut self, cap: &CapNode) -> Read<Option<Kw>> {
        if cap.open.is_none() && self.eat_kw(Kw::Open) {
            return Ok(Some(Kw::Open));
        }
        if cap.day.is_none() && self.eat_kw(Kw::Per) {
            self.expect_kw(Kw::Day)?;
            return Ok(Some(Kw::Day));
        }
        Ok(None)
    }

    /// `respond within 10m, else reassign 2 times, then escalate`
    fn respond(&mut self) -> Read<Clause> {
        self.next();
        self.expect_kw(Kw::Within)?;
        let within_ms = self.word(Want::Duration, literal::duration)?;
        let mut steps = Vec::new();
        while self.eat(Tok::Comma) {
            self.skip_step_break();
            self.expect_kw(if steps.is_empty() { Kw::Else } else { Kw::Then })?;
            let start = self.pos;
            let step = self.step()?;
            steps.push((step, Place(self.since(start))));
        }
        Ok(Clause::Respond(RespondNode { within_ms, steps }))
    }

    /// A long clause may go on after a comma; here even before `else`, which elsewhere opens a clause.
    fn skip_step_break(&mut self) {
        let mut next = self.pos;
        while self.tokens.get(next).is_some_and(|t| t.tok == Tok::Newline) {
            next += 1;
        }
        if matches!(self.tokens.get(next).map(|t| t.tok), Some(Tok::Word(Some(Kw::Else | Kw::Then)))) {
            self.pos = next;
        }
    }

    fn step(&mut self) -> Read<StepNode> {
        let kw = self.kw();
        let step = match kw {
            Some(Kw::Reassign) => {
                self.next();
                if self.at_line_end() || self.tok() == Tok::Comma || self.opens_clause() {
                    return Ok(StepNode::Reassign(None));
                }
                let times = self.whole()?;
                self.expect_kw(Kw::Times)?;
                return Ok(StepNode::Reassign(Some(times)));
            }
            Some(Kw::Escalate) => StepNode::Escalate,
            Some(Kw::Recall) => {
                self.next();
                if self.kw() != Some(Kw::To) {
                    return Ok(StepNode::Recall);
                }
                self.next();
                self.expect_kw(Kw::Pool)?;
                return Ok(StepNode::RecallToPool);
            }
            Some(Kw::Park) => {
                self.next();
                return Ok(StepNode::Park(self.quoted()?));
            }
            _ => {
                return Err(self.expected_kw(&[Kw::Reassign, Kw::Escalate, Kw::Recall, Kw::Park]));
            }
        };
        self.next();
        Ok(step)
    }

    fn otherwise_in_rule(&mut self) -> Read<Clause> {
        self.next();
        Ok(Clause::Else(match self.kw() {
            Some(Kw::Pass) => {
                self.next();
                ElseNode::Pass
            }
            Some(Kw::Wait) => {
                self.next();
                ElseNode::Wait
            }
            Some(Kw::Park) => {
                self.next();
                ElseNode::Park(self.quoted()?)
            }
            _ => {
                return Err(self.expected_kw(&[Kw::Wait, Kw::Park, Kw::Pass]));
            }
        }))
    }
}

fn wrap(inner: Option<StrategyNode>, stickies: usize) -> StrategyNode {
    let mut node = inner;
    for _ in 0..stickies {
        node = Some(StrategyNode::Sticky(node.map(Box::new)));
    }
    node.unwrap_or(StrategyNode::Fair)
}

fn rank(clause: &Clause) -> usize {
    match clause {
        Clause::During(_) | Clause::DuringPromotion(_) => 0,
        Clause::When(_) => 1,
        Clause::Give(_) => 2,
        Clause::Needs(_) => 3,
        Clause::Cap(_) => 4,
        Clause::Respond(_) => 5,
        Clause::Else(_) => 6,
        Clause::Broken(_) => 7,
    }
}
