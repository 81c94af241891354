//! Ramp and pool: figures in range, weeks without a gap, each line of the pool at most once (who sees it: any number).

use smol_str::SmolStr;

use super::super::book::{PoolTerms, Ramp, Sight};
use super::super::cond::Cond;
use super::super::diagnostic::{DiagCode, Severity, Span};
use super::super::keyword::Kw;
use super::super::literal;
use super::super::tree::{Lines, Place, PoolLine, RampNode};
use super::{Lowering, good};

/// A ramp longer than this is a slip of the finger.
const RAMP_WEEKS_MAX: u32 = 52;
/// Longest time without contact, in working days.
const RETURN_DAYS_MAX: u32 = 60;

impl Lowering<'_> {
    pub(super) fn ramp(&mut self, node: &RampNode, span: Span) {
        let mut weeks: Vec<u32> = Vec::new();
        for step in &node.steps {
            let share = u32::try_from(step.share_milli).ok().filter(|s| (1..=1000).contains(s));
            let Some(share) = share else {
                let found = literal::percent_text(step.share_milli).into();
                return self.error(step.at.0, DiagCode::OutOfRange { found, range: "0.1% .. 100%" });
            };
            if step.to > RAMP_WEEKS_MAX {
                let found = SmolStr::new(step.to.to_string());
                return self.error(step.at.0, DiagCode::OutOfRange { found, range: "1 .. 52" });
            }
            let next = u32::try_from(weeks.len()).unwrap_or(u32::MAX).saturating_add(1);
            if step.from != next || step.to < step.from {
                return self.error(step.at.0, DiagCode::RampWeeks);
            }
            weeks.extend((step.from..=step.to).map(|_| share));
        }
        if let Some((0, at)) = node.at_least {
            return self.error(at.0, out_of_range(0, "1 .."));
        }
        let team = node.team.as_ref().map(|t| literal::normal(&t.text));
        if !self.ramped.insert(team.clone()) {
            return self.twice(span, Kw::Ramp);
        }
        self.book.ramps.push(Ramp { team, weeks, at_least: node.at_least.map_or(0, |(n, _)| n) });
    }

    pub(super) fn pool(&mut self, lines: &Lines<PoolLine>) {
        let mut terms = PoolTerms::default();
        let mut had = [false; 4];
        for line in good(lines) {
            let (slot, word) = match line.node {
                PoolLine::Seen { by, when } => {
                    self.seen(&mut terms, by, when.as_ref());
                    continue;
                }
                PoolLine::Claim { .. } => (0, Kw::Claim),
                PoolLine::Cooldown(_) => (1, Kw::Cooldown),
                PoolLine::Hold(_) => (2, Kw::Hold),
                PoolLine::Return(..) => (3, Kw::Return),
            };
            if had.get_mut(slot).is_some_and(|had| std::mem::replace(had, true)) {
                self.twice(line.span, word);
                continue;
            }
            match line.node {
                PoolLine::Seen { .. } => {}
                PoolLine::Claim { day, hand, turn } => self.claim(&mut terms, *day, *hand, *turn),
                PoolLine::Cooldown(ms) => terms.cooldown_ms = *ms,
                PoolLine::Hold(ms) => terms.hold_ms = *ms,
                PoolLine::Return(days, at) => self.returns(&mut terms, *days, at.0),
            }
        }
        self.book.pool = Some(terms);
    }

    fn seen(
        &mut self,
        terms: &mut PoolTerms,
        by: &[super::super::tree::Name],
        when: Option<&super::super::tree::Expr>,
    ) {
        let when = match when {
            Some(expr) => match self.cond(expr) {
                Some(cond) => cond,
                None => return,
            },
            None => Cond::Always,
        };
        terms.seen.push(Sight { teams: by.iter().map(|t| literal::normal(&t.text)).collect(), when });
    }

    fn claim(
        &mut self,
        terms: &mut PoolTerms,
        day: Option<(u32, Place)>,
        hand: Option<(u32, Place)>,
        turn: bool,
    ) {
        for (count, at) in [day, hand].into_iter().flatten() {
            if count == 0 {
                self.error(at.0, out_of_range(0, "1 .."));
            }
        }
        terms.claim_day = day.map(|(n, _)| n);
        terms.claim_hand = hand.map(|(n, _)| n);
        terms.claim_turn = turn;
    }

    fn returns(&mut self, terms: &mut PoolTerms, days: u32, span: Span) {
        if !(1..=RETURN_DAYS_MAX).contains(&days) {
            return self.error(span, out_of_range(days, "1 .. 60"));
        }
        if !self.replies_declared {
            self.findings.add(Severity::Info, span, DiagCode::NeverReturns, None);
        }
        terms.return_days = Some(days);
    }
}

fn out_of_range(found: u32, range: &'static str) -> DiagCode {
    DiagCode::OutOfRange { found: SmolStr::new(found.to_string()), range }
}
