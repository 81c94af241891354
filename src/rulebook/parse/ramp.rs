//! The ramp: which share a new hire gets in which week, and the protected minimum.

use super::super::diagnostic::Want;
use super::super::keyword::Kw;
use super::super::literal;
use super::super::token::Tok;
use super::super::tree::{Item, Place, RampNode, RampStepNode};
use super::{Parser, Read};

impl Parser<'_> {
    /// `ramp for team East 25% in week 1, 50% in weeks 2..3, at least 1 per day`
    pub(super) fn ramp(&mut self) -> Read<Item> {
        self.next();
        let team = if self.eat_kw(Kw::For) {
            self.expect_kw(Kw::Team)?;
            Some(self.name()?)
        } else {
            None
        };
        let mut steps = vec![self.ramp_step()?];
        let mut at_least = None;
        while self.eat(Tok::Comma) {
            self.skip_breaks();
            if self.eat_kw(Kw::At) {
                self.expect_kw(Kw::Least)?;
                at_least = Some(self.counted()?);
                self.expect_kw(Kw::Per)?;
                self.expect_kw(Kw::Day)?;
                break;
            }
            steps.push(self.ramp_step()?);
        }
        Ok(Item::Ramp(RampNode { team, steps, at_least }))
    }

    fn ramp_step(&mut self) -> Read<RampStepNode> {
        let start = self.pos;
        let share_milli = self.word(Want::Words("25%"), literal::percent)?;
        self.expect_kw(Kw::In)?;
        let several = self.kw() == Some(Kw::Weeks);
        if !several {
            self.expect_kw(Kw::Week)?;
        } else {
            self.next();
        }
        let (from, _) = self.counted()?;
        let to = if self.eat(Tok::Dots) { self.counted()?.0 } else { from };
        Ok(RampStepNode { share_milli, from, to, at: Place(self.since(start)) })
    }

    /// A whole number with its place.
    pub(super) fn counted(&mut self) -> Read<(u32, Place)> {
        let at = Place(self.peek().span);
        let count =
            self.word(Want::WholeNumber, |w| literal::whole(w).and_then(|n| u32::try_from(n).ok()))?;
        Ok((count, at))
    }
}
