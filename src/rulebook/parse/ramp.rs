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
            if matches!(self.kw(), Some(Kw::At | Kw::Per)) {
                at_least = Some(self.at_least()?);
                break;
            }
            steps.push(self.ramp_step()?);
        }
        Ok(Item::Ramp(RampNode { team, steps, at_least }))
    }

    /// `at least 1 per day`; Chinese begins with the day.
    fn at_least(&mut self) -> Read<(u32, Place)> {
        let day_first = self.eat_kw(Kw::Per);
        if day_first {
            self.expect_kw(Kw::Day)?;
        }
        self.expect_kw(Kw::At)?;
        self.expect_kw(Kw::Least)?;
        let least = self.counted()?;
        if !day_first {
            self.expect_kw(Kw::Per)?;
            self.expect_kw(Kw::Day)?;
        }
        Ok(least)
    }

    /// `50% in weeks 2..3`, or as Chinese has it, `第 2..3 周 50%`
    fn ramp_step(&mut self) -> Read<RampStepNode> {
        let start = self.pos;
        let share = |p: &mut Self| p.word(Want::Signs("25%"), literal::percent);
        if self.eat_kw(Kw::In) {
            let (from, to) = self.weeks()?;
            self.week()?;
            let share_milli = share(self)?;
            return Ok(RampStepNode { share_milli, from, to, at: Place(self.since(start)) });
        }
        let share_milli = share(self)?;
        self.expect_kw(Kw::In)?;
        self.week()?;
        let (from, to) = self.weeks()?;
        Ok(RampStepNode { share_milli, from, to, at: Place(self.since(start)) })
    }

    fn week(&mut self) -> Read<()> {
        if self.eat_kw(Kw::Weeks) { Ok(()) } else { self.expect_kw(Kw::Week) }
    }

    fn weeks(&mut self) -> Read<(u32, u32)> {
        let (from, _) = self.counted()?;
        Ok((from, if self.eat(Tok::Dots) { self.counted()?.0 } else { from }))
    }

    /// A whole number with its place.
    pub(super) fn counted(&mut self) -> Read<(u32, Place)> {
        let at = Place(self.peek().span);
        Ok((self.whole()?, at))
    }
}
