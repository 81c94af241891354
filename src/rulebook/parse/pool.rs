//! Lines of the pool: who sees it, how much may be claimed, how long one waits, when leads go back to it.

use super::super::diagnostic::Want;
use super::super::keyword::{
    A_TURN, Kw, NEW_LEADS, POOL_LINES, PREVIOUS, PREVIOUS_OWNER, WITHOUT_CONTACT, WORKING_DAYS,
};
use super::super::literal;
use super::super::token::Tok;
use super::super::tree::{Name, PoolLine};
use super::{Parser, Read};
use crate::model::lang::Lang;

impl Parser<'_> {
    pub(super) fn pool_line(&mut self) -> Read<PoolLine> {
        let kw = self.kw();
        if !kw.is_some_and(|kw| POOL_LINES.contains(&kw)) {
            return Err(self.unknown_word(&POOL_LINES));
        }
        let opening = self.next().lang;
        match kw {
            Some(Kw::Seen) => self.seen(opening),
            Some(Kw::Claim) => self.claim(),
            Some(Kw::Cooldown) => {
                let ms = self.word(Want::Duration, literal::duration)?;
                if self.eat_kw(Kw::For) {
                    self.previous_owner()?;
                }
                Ok(PoolLine::Cooldown(ms))
            }
            Some(Kw::Hold) => {
                self.said(NEW_LEADS)?;
                Ok(PoolLine::Hold(self.word(Want::Duration, literal::duration)?))
            }
            _ => {
                self.expect_kw(Kw::After)?;
                let (days, at) = self.counted()?;
                self.said(WORKING_DAYS)?;
                self.said(WITHOUT_CONTACT)?;
                Ok(PoolLine::Return(days, at))
            }
        }
    }

    /// `previous owner`
    fn previous_owner(&mut self) -> Read<()> {
        if self.is_word(PREVIOUS_OWNER) {
            self.next_whole();
            return Ok(());
        }
        self.said(PREVIOUS)?;
        self.expect_kw(Kw::Owner)
    }

    /// `seen by everyone`, `seen by team East, team West when region = 上海`
    fn seen(&mut self, opening: Lang) -> Read<PoolLine> {
        self.expect_kw(Kw::By)?;
        let mut by: Vec<Name> = Vec::new();
        if !self.eat_kw(Kw::Everyone) {
            loop {
                // After a comma the word `team` may be left out, as in a rule.
                if by.is_empty() {
                    if self.kw() != Some(Kw::Team) {
                        return Err(self.expected_kw(&[Kw::Everyone, Kw::Team]));
                    }
                    self.next();
                } else if self.is_target_word(opening) {
                    self.eat_kw(Kw::Team);
                }
                by.push(self.name()?);
                if !self.eat(Tok::Comma) {
                    break;
                }
                self.skip_breaks();
            }
        }
        let when = if self.eat_kw(Kw::When) { Some(self.expr()?) } else { None };
        Ok(PoolLine::Seen { by, when })
    }

    /// `claim 10 per day, 30 in hand, uses a turn`; Chinese says the unit first.
    fn claim(&mut self) -> Read<PoolLine> {
        let (mut day, mut hand, mut turn) = (None, None, false);
        loop {
            if !turn && self.eat_kw(Kw::Uses) {
                self.said(A_TURN)?;
                turn = true;
            } else {
                let first = self.claim_unit(day.is_none(), hand.is_none())?;
                let counted = self.counted()?;
                let unit = match first {
                    Some(unit) => Some(unit),
                    None => self.claim_unit(day.is_none(), hand.is_none())?,
                };
                match unit {
                    Some(Kw::Day) => day = Some(counted),
                    Some(_) => hand = Some(counted),
                    None => return Err(self.expected_kw(&[Kw::Per, Kw::In])),
                }
            }
            if !self.eat(Tok::Comma) {
                return Ok(PoolLine::Claim { day, hand, turn });
            }
        }
    }

    /// `per day` or `in hand`, where it may still come.
    fn claim_unit(&mut self, day: bool, hand: bool) -> Read<Option<Kw>> {
        if day && self.eat_kw(Kw::Per) {
            self.expect_kw(Kw::Day)?;
            return Ok(Some(Kw::Day));
        }
        if hand && self.eat_kw(Kw::In) {
            self.expect_kw(Kw::Hand)?;
            return Ok(Some(Kw::Hand));
        }
        Ok(None)
    }
}
