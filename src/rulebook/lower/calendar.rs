//! The calendar's lines as nouns: zone, hours, days and windows, each checked to end after it starts.

use std::str::FromStr;

use chrono::NaiveDateTime;
use smol_str::SmolStr;

use super::super::book::{Days, Window, WorkHours};
use super::super::diagnostic::{DiagCode, Noun, Severity, Span};
use super::super::literal;
use super::super::tree::{CalendarLine, DaysNode, Item, MomentNode, Name, Tree};
use super::{Lowering, good};

impl Lowering<'_> {
    pub(super) fn calendar(&mut self, tree: &Tree) {
        let mut zone_known = false;
        let mut first = Span::default();
        for item in &tree.items {
            let Item::Calendar(lines) = &item.node else { continue };
            if first == Span::default() {
                first = item.at.0;
            }
            for line in good(lines) {
                match line.node {
                    CalendarLine::Timezone(_) if zone_known => {
                        self.error(line.span, DiagCode::Repeated { what: SmolStr::new_static("timezone") });
                    }
                    CalendarLine::Timezone(name) => {
                        zone_known = true;
                        self.timezone(name);
                    }
                    CalendarLine::Hours { days, spans, except, at } => {
                        if spans.iter().chain(except).any(|s| s.from >= s.to) {
                            self.error(at.0, DiagCode::EndsBeforeStart);
                        } else {
                            let (days, spans, except) = (days.clone(), spans.clone(), except.clone());
                            self.book.calendar.hours.push(WorkHours { days, spans, except });
                        }
                    }
                    CalendarLine::Holiday(node) => {
                        let days = self.days(node);
                        self.book.calendar.holidays.extend(days);
                    }
                    CalendarLine::Workday(node) => {
                        let days = self.days(node);
                        self.book.calendar.workdays.extend(days);
                    }
                    CalendarLine::Window { name, from, to, at } => self.window(name, from, to, at.0),
                }
            }
        }
        if !zone_known {
            self.warn(first, DiagCode::NoTimezone);
        }
    }

    fn timezone(&mut self, name: &Name) {
        let text = literal::normal(&name.text);
        if let Ok(zone) = chrono_tz::Tz::from_str(&text) {
            self.book.zone = zone;
            return;
        }
        let known = chrono_tz::TZ_VARIANTS.iter().map(|tz| tz.name());
        self.unknown(Severity::Error, Noun::Timezone, &text, name.at.0, known);
    }

    fn days(&mut self, node: &DaysNode) -> Option<Days> {
        let to = node.to.unwrap_or(node.from);
        if to < node.from {
            self.error(node.at.0, DiagCode::EndsBeforeStart);
            return None;
        }
        Some(Days { from: node.from, to, name: node.name.as_deref().map(literal::normal) })
    }

    fn window(&mut self, name: &Name, from: &MomentNode, to: &MomentNode, span: Span) {
        let start = match from {
            MomentNode::Day(day) => day.and_time(chrono::NaiveTime::MIN),
            MomentNode::Minute(minute) => *minute,
        };
        let end: NaiveDateTime = match to {
            MomentNode::Day(day) => day.succ_opt().unwrap_or(*day).and_time(chrono::NaiveTime::MIN),
            MomentNode::Minute(minute) => *minute,
        };
        let text = literal::normal(&name.text);
        if end <= start {
            self.error(span, DiagCode::EndsBeforeStart);
        } else if self.book.calendar.windows.iter().any(|w| w.name == text) {
            self.error(name.at.0, DiagCode::WindowTwice { name: text });
        } else {
            self.book.calendar.windows.push(Window { name: text, from: start, to: end });
        }
    }
}
