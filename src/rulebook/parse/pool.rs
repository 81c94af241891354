//! Lines of the pool: who sees it, how much may be claimed, how long one waits, when leads go back to it.

use super::super::diagnostic::Want;
use super::super::keyword::{Kw, POOL_LINES};
use super::super::literal;
use super::super::token::Tok;
use super::super::tree::{Name, PoolLine};
use super::{Parser, Read};

impl Parser<'_> {
    pub(super) fn pool_line(&mut self) -> Read<PoolLine> {
        let kw = self.kw();
        if !kw.is_some_and(|kw| POOL_LINES.contains(&kw)) {
            return Err(self.unknown_word(&POOL_LINES));
        }
        self.next();
        match kw {
            Some(Kw::Seen) => self.seen(),
            Some(Kw::Claim) => self.claim(),
            Some(Kw::Cooldown) => {
                let ms = self.word(Want::Duration, literal::duration)?;
                if self.eat_kw(Kw::For) {
                    self.said("previous")?;
                    self.expect_kw(Kw::Owner)?;
                }
                Ok(PoolLine::Cooldown(ms))
            }
            Some(Kw::Hold) => {
                self.said("new")?;
                self.said("leads")?;
                Ok(PoolLine::Hold(self.word(Want::Duration, literal::duration)?))
            }
            _ => {
                self.expect_kw(Kw::After)?;
                let (days, at) = self.counted()?;
                for word in ["working", "days", "without", "contact"] {
                    self.said(word)?;
                }
                Ok(PoolLine::Return(days, at))
            }
        }
    }

    /// A word that means something only here.
    pub(super) fn said(&mut self, word: &'static str) -> Read<()> {
        let singular = word.strip_suffix('s').filter(|_| word == "days");
        let fits =
            |w: &str| w.eq_ignore_ascii_case(word) || singular.is_some_and(|s| w.eq_ignore_ascii_case(s));
        if matches!(self.tok(), Tok::Word(_)) && fits(self.slice(self.peek().span)) {
            self.next();
            return Ok(());
        }
        Err(self.expected_one_of(Want::Words(word), &[word]))
    }

    /// `seen by everyone`, `seen by team East, team West when region = 上海`
    fn seen(&mut self) -> Read<PoolLine> {
        self.expect_kw(Kw::By)?;
        let mut by: Vec<Name> = Vec::new();
        if !self.eat_kw(Kw::Everyone) {
            loop {
                // After a comma the word `team` may be left out, as in a rule.
                if by.is_empty() {
                    if self.kw() != Some(Kw::Team) {
                        return Err(
                            self.expected_one_of(Want::Words("everyone / team"), &["everyone", "team"])
                        );
                    }
                    self.next();
                } else {
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

    /// `claim 10 per day, 30 in hand, uses a turn`
    fn claim(&mut self) -> Read<PoolLine> {
        let (mut day, mut hand, mut turn) = (None, None, false);
        loop {
            if !turn && self.eat_kw(Kw::Uses) {
                self.said("a")?;
                self.said("turn")?;
                turn = true;
            } else {
                let counted = self.counted()?;
                if day.is_none() && self.eat_kw(Kw::Per) {
                    self.expect_kw(Kw::Day)?;
                    day = Some(counted);
                } else if hand.is_none() && self.eat_kw(Kw::In) {
                    self.expect_kw(Kw::Hand)?;
                    hand = Some(counted);
                } else {
                    return Err(self.expected_one_of(Want::Words("per day / in hand"), &["per", "in"]));
                }
            }
            if !self.eat(Tok::Comma) {
                return Ok(PoolLine::Claim { day, hand, turn });
            }
        }
    }
}
