//! Watch lines: which alert, from which figures, how loudly.

use super::super::book::{Amount, Cmp, Loudness};
use super::super::diagnostic::{Noun, Want};
use super::super::keyword::{
    AT_MOST, COMPARISONS, Kw, LOUDNESSES, METRICS, PER_HOUR, SPREAD_OVER, WATCHES, meaning, words_of,
};
use super::super::literal;
use super::super::token::Tok;
use super::super::tree::{MeasureNode, Place, ReliefNode, ReliefWhat, WatchNode};
use super::{Parser, Read};
use crate::model::lang::Lang;

impl Parser<'_> {
    /// `watch delayed when waiting > 5m warn, page after 15m`
    pub(super) fn watch(&mut self) -> Read<WatchNode> {
        self.next();
        let token = self.peek();
        let Some(kind) = meaning(WATCHES, self.slice(token.span)) else {
            if self.at_line_end() {
                return Err(self.expected(Want::Name));
            }
            return Err(self.unknown(Noun::Watch, token, words_of(WATCHES)));
        };
        self.next_whole();
        let mut when = Vec::new();
        if self.eat_kw(Kw::When) {
            when.push(self.measure()?);
            while self.eat_kw(Kw::And) {
                when.push(self.measure()?);
            }
        }
        let for_ms = if self.eat_kw(Kw::For) { Some(self.length()?) } else { None };
        let loudness = self.loudness()?;
        let page_after_ms = if self.eat(Tok::Comma) { Some(self.page_after()?) } else { None };
        let relief = if self.tok() == Tok::Arrow { Some(self.relief()?) } else { None };
        Ok(WatchNode { kind, when, for_ms, loudness, page_after_ms, relief })
    }

    /// `-> reassign`, `-> spread over Promo at most 20 per hour`
    fn relief(&mut self) -> Read<ReliefNode> {
        let start = self.pos;
        self.next();
        let what = if self.eat_kw(Kw::Reassign) {
            ReliefWhat::Reassign
        } else if self.eat_kw(Kw::Recall) {
            ReliefWhat::Recall
        } else if self.is_word(SPREAD_OVER.zh) || SPREAD_OVER.en.first().is_some_and(|w| self.is_word(w)) {
            self.said(SPREAD_OVER)?;
            ReliefWhat::Spread(self.name()?)
        } else {
            let words =
                [Kw::Reassign, Kw::Recall].into_iter().flat_map(|kw| [kw.word(Lang::En), kw.word(Lang::Zh)]);
            return Err(self.expected_one_of(Want::Relief, words.chain(["spread", SPREAD_OVER.zh])));
        };
        let at = Place(self.since(start));
        let most = if self.is_word(AT_MOST.zh) || AT_MOST.en.first().is_some_and(|w| self.is_word(w)) {
            self.said(AT_MOST)?;
            let most = self.counted()?;
            self.said(PER_HOUR)?;
            Some(most)
        } else {
            None
        };
        Ok(ReliefNode { what, most, at })
    }

    /// `load >= 90% beside <= 50%`, `share > 1.8x fair over 4h`
    fn measure(&mut self) -> Read<MeasureNode> {
        let start = self.pos;
        let token = self.peek();
        let Some(metric) = meaning(METRICS, self.slice(token.span)) else {
            return Err(match token.tok {
                Tok::Word(_) => self.unknown(Noun::Metric, token, words_of(METRICS)),
                _ => self.expected(Want::Name),
            });
        };
        self.next_whole();
        let (op, amount) = self.against()?;
        let fair = self.eat_kw(Kw::Fair);
        let beside = if self.eat_kw(Kw::Beside) { Some(self.against()?) } else { None };
        let over_ms = if self.eat_kw(Kw::Over) { Some(self.length()?) } else { None };
        Ok(MeasureNode { metric, op, amount, fair, beside, over_ms, at: Place(self.since(start)) })
    }

    /// `page after 15m`; Chinese says the time first.
    fn page_after(&mut self) -> Read<i64> {
        let late = self.eat_kw(Kw::After);
        if late {
            let ms = self.length()?;
            self.expect_kw(Kw::Page)?;
            return Ok(ms);
        }
        self.expect_kw(Kw::Page)?;
        self.expect_kw(Kw::After)?;
        self.length()
    }

    fn against(&mut self) -> Read<(Cmp, Amount)> {
        let op = match self.tok() {
            Tok::Cmp(op) => Some(op),
            Tok::Word(None) => meaning(COMPARISONS, self.slice(self.peek().span)),
            _ => None,
        };
        let Some(op) = op else { return Err(self.expected(Want::Comparison)) };
        self.next();
        let amount = self.word(Want::Amount, |word| {
            literal::percent(word)
                .map(Amount::Percent)
                .or_else(|| literal::times(word).map(Amount::Times))
                .or_else(|| literal::duration(word).map(Amount::Duration))
                .or_else(|| literal::whole(word).and_then(|n| i64::try_from(n).ok()).map(Amount::Count))
        })?;
        Ok((op, amount))
    }

    fn length(&mut self) -> Read<i64> {
        self.word(Want::Duration, literal::duration)
    }

    fn loudness(&mut self) -> Read<Loudness> {
        let token = self.peek();
        match meaning(LOUDNESSES, self.slice(token.span)) {
            Some(loudness) => {
                self.next_whole();
                Ok(loudness)
            }
            None => Err(self.expected_one_of(Want::Severity, words_of(LOUDNESSES))),
        }
    }
}
