//! A promotion and its lines: when it is on, and which caps, weights, hours and watch lines hold while it lasts.

use super::super::diagnostic::Want;
use super::super::keyword::{Kw, PROMOTION_LINES};
use super::super::literal;
use super::super::tree::{Item, Place, PromotionLine, PromotionNode, WhoseNode};
use super::{Parser, Read};

impl Parser<'_> {
    pub(super) fn promotion_header(&mut self) -> Read<Item> {
        self.next();
        Ok(Item::Promotion(PromotionNode { name: self.name()?, lines: Vec::new() }))
    }

    pub(super) fn promotion_line(&mut self) -> Read<PromotionLine> {
        let start = self.pos;
        match self.kw() {
            Some(Kw::During) => {
                self.next();
                Ok(PromotionLine::During(self.name()?))
            }
            Some(Kw::Cap) => {
                let cap = self.cap()?;
                let whose = self.for_whom()?;
                Ok(PromotionLine::Cap { cap, whose })
            }
            Some(Kw::Weight) => {
                self.next();
                let milli = self.word(Want::Number, literal::exact)?;
                let whose = self.for_whom()?;
                if whose == WhoseNode::Desk {
                    return Err(self.expected_kw(&[Kw::For]));
                }
                Ok(PromotionLine::Weight { milli, whose, at: Place(self.since(start)) })
            }
            Some(kw @ (Kw::Workdays | Kw::Team | Kw::Rep)) => {
                self.next();
                Ok(PromotionLine::Hours(self.hours_line(kw, start)?))
            }
            Some(Kw::Watch) => Ok(PromotionLine::Watch(self.watch()?)),
            _ => Err(self.unknown_word(&PROMOTION_LINES)),
        }
    }

    /// `for team NAME`, `for rep NAME`, or nothing: the whole desk.
    fn for_whom(&mut self) -> Read<WhoseNode> {
        if !self.eat_kw(Kw::For) {
            return Ok(WhoseNode::Desk);
        }
        match self.kw() {
            Some(Kw::Team) => {
                self.next();
                Ok(WhoseNode::Team(self.name()?))
            }
            Some(Kw::Rep) => {
                self.next();
                Ok(WhoseNode::Rep(self.name()?))
            }
            _ => Err(self.expected_kw(&[Kw::Team, Kw::Rep])),
        }
    }
}
