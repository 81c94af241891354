//! Lines of the calendar.

use chrono::NaiveDate;

use super::super::book::TimeSpan;
use super::super::diagnostic::{Noun, Want};
use super::super::keyword::{CALENDAR_LINES, Kw};
use super::super::literal;
use super::super::token::Tok;
use super::super::tree::{CalendarLine, DaysNode, HoursNode, MomentNode, Place, WhoseNode};
use super::{Parser, Read};

impl Parser<'_> {
    pub(super) fn calendar_line(&mut self) -> Read<CalendarLine> {
        let kw = self.kw();
        if !kw.is_some_and(|kw| CALENDAR_LINES.contains(&kw)) {
            return Err(self.unknown_word(&CALENDAR_LINES));
        }
        let start = self.pos;
        self.next();
        match kw {
            Some(kw @ (Kw::Workdays | Kw::Team | Kw::Rep)) => {
                Ok(CalendarLine::Hours(self.hours_line(kw, start)?))
            }
            Some(Kw::Holiday) => Ok(CalendarLine::Holiday(self.days(start)?)),
            Some(Kw::Workday) => Ok(CalendarLine::Workday(self.days(start)?)),
            Some(Kw::Window) => {
                let name = self.name()?;
                let from = self.moment()?;
                self.expect(Tok::Dots, Want::Dots)?;
                let to = self.moment()?;
                Ok(CalendarLine::Window { name, from, to, at: Place(self.since(start)) })
            }
            _ => Ok(CalendarLine::Timezone(self.name()?)),
        }
    }

    /// `workdays …`, `team NAME works …` or `rep NAME works …`, behind its first word.
    pub(super) fn hours_line(&mut self, kw: Kw, start: usize) -> Read<HoursNode> {
        if kw == Kw::Workdays {
            return self.hours(WhoseNode::Desk, start);
        }
        let name = self.name()?;
        self.expect_kw(Kw::Works)?;
        let whose = if kw == Kw::Team { WhoseNode::Team(name) } else { WhoseNode::Rep(name) };
        self.hours(whose, start)
    }

    /// `Mon..Fri 09:00..18:00 except 12:00..13:00`, and for teams and reps perhaps `and holidays`.
    fn hours(&mut self, whose: WhoseNode, start: usize) -> Read<HoursNode> {
        let mut days: Vec<u8> = Vec::new();
        loop {
            let from = self.weekday()?;
            let to = if self.eat(Tok::Dots) { self.weekday()? } else { from };
            let mut day = from;
            loop {
                days.push(day);
                if day == to {
                    break;
                }
                day = day % 7 + 1;
            }
            if !self.eat(Tok::Comma) {
                break;
            }
        }
        days.sort_unstable();
        days.dedup();
        let spans = self.list(Self::time_span)?;
        let except = if self.eat_kw(Kw::Except) { self.list(Self::time_span)? } else { Vec::new() };
        let holidays = whose != WhoseNode::Desk && self.eat_kw(Kw::And);
        if holidays {
            self.expect_kw(Kw::Holidays)?;
        }
        Ok(HoursNode { whose, days, spans, except, holidays, at: Place(self.since(start)) })
    }

    fn weekday(&mut self) -> Read<u8> {
        let token = self.peek();
        match token.tok {
            Tok::Word(_) => {
                let Some(day) = literal::weekday(self.slice(token.span)) else {
                    return Err(self.unknown(Noun::Weekday, token, literal::weekday_names()));
                };
                self.next_whole();
                Ok(day)
            }
            _ => Err(self.expected(Want::Weekday)),
        }
    }

    fn time_span(&mut self) -> Read<TimeSpan> {
        let from = self.word(Want::Time, literal::minute)?;
        self.expect(Tok::Dots, Want::Dots)?;
        Ok(TimeSpan { from, to: self.word(Want::Time, literal::minute)? })
    }

    /// `2026-10-01..2026-10-07 "国庆节"`
    fn days(&mut self, start: usize) -> Read<DaysNode> {
        let from = self.date()?;
        let to = if self.eat(Tok::Dots) { Some(self.date()?) } else { None };
        let name = if self.at_line_end() { None } else { Some(self.name()?.text) };
        Ok(DaysNode { from, to, name, at: Place(self.since(start)) })
    }

    fn date(&mut self) -> Read<NaiveDate> {
        self.word(Want::Date, literal::date)
    }

    fn moment(&mut self) -> Read<MomentNode> {
        let day = self.date()?;
        if self.at_line_end() || self.tok() == Tok::Dots {
            return Ok(MomentNode::Day(day));
        }
        let minute = self.word(Want::Time, literal::minute)?;
        // 24:00 is midnight of the next day.
        let moment = match literal::time_of(minute) {
            Some(time) => Some(day.and_time(time)),
            None => day.succ_opt().map(|next| next.and_time(chrono::NaiveTime::MIN)),
        };
        moment.map(MomentNode::Minute).ok_or_else(|| self.expected(Want::Time))
    }
}
