//! The calendar's lines as nouns: zone, hours, days and windows, each checked to end after it starts.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use chrono::{Datelike, NaiveDateTime};
use smol_str::SmolStr;

use super::super::WorkTime;
use super::super::book::{Calendar, Days, OwnHours, Target, Window, WorkHours};
use super::super::diagnostic::{DiagCode, Noun, Severity, Span};
use super::super::keyword::Kw;
use super::super::literal;
use super::super::tree::{CalendarLine, DaysNode, HoursNode, Item, MomentNode, Name, Tree, WhoseNode};
use super::{Lowering, good};

/// Minutes of a day: `24:00`, where nothing can start.
const END_OF_DAY: u16 = 1440;
/// Days one `holiday` or `workday` line may cover; more is a slip of the year.
const RANGE_DAYS_MAX: i64 = 400;
/// From November on the next year's holidays are known and should be listed.
const NEXT_YEAR_FROM_MONTH: u32 = 11;
/// Years told of; more have one cause.
const BARE_YEARS_MAX: usize = 3;

/// Whose own lines leave no weekday any working time. Each is asked once, however many lines there are.
pub(super) fn never_work(own: &[OwnHours]) -> Vec<SmolStr> {
    let mut lines: BTreeMap<&Target, Vec<&WorkHours>> = BTreeMap::new();
    own.iter().for_each(|own| lines.entry(&own.whose).or_default().push(&own.hours));
    let never =
        |lines: &[&WorkHours]| WorkTime::of_lines(chrono_tz::UTC, lines, &Calendar::default()).is_never();
    let wrong = lines.into_iter().filter(|(_, lines)| never(lines));
    let name = |whose: &Target| match whose {
        Target::Team(name) | Target::Rep(name) => Some(name.clone()),
        Target::Owner => None,
    };
    wrong.filter_map(|(whose, _)| name(whose)).collect()
}

/// Whom a line names; nobody = the whole desk.
pub(super) fn whose(node: &WhoseNode) -> Option<Target> {
    match node {
        WhoseNode::Desk => None,
        WhoseNode::Team(name) => Some(Target::Team(literal::normal(&name.text))),
        WhoseNode::Rep(name) => Some(Target::Rep(literal::normal(&name.text))),
    }
}

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
                        self.twice(line.span, Kw::Timezone);
                    }
                    CalendarLine::Timezone(name) => {
                        zone_known = true;
                        self.timezone(name);
                    }
                    CalendarLine::Hours(node) => match self.hours(node) {
                        Some((None, hours)) => self.book.calendar.hours.push(hours),
                        Some((Some(whose), hours)) => {
                            self.book.calendar.own.push(OwnHours { whose, hours });
                        }
                        None => {}
                    },
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
        self.never(first);
        self.bare_years(first);
    }

    /// Hours and whose they are; nobody = the desk's.
    pub(super) fn hours(&mut self, node: &HoursNode) -> Option<(Option<Target>, WorkHours)> {
        if node.spans.iter().chain(&node.except).any(|s| s.from == s.to || s.from == END_OF_DAY) {
            self.error(node.at.0, DiagCode::EndsBeforeStart);
            return None;
        }
        let (days, spans, except) = (node.days.clone(), node.spans.clone(), node.except.clone());
        Some((whose(&node.whose), WorkHours { days, spans, except, holidays: node.holidays }))
    }

    /// Hours of which the breaks leave nothing.
    fn never(&mut self, span: Span) {
        let mut wrong: BTreeSet<SmolStr> = BTreeSet::new();
        if WorkTime::of_desk(&self.book).is_never() {
            wrong.insert(SmolStr::default());
        }
        wrong.extend(never_work(&self.book.calendar.own));
        for whose in wrong {
            self.error(span, DiagCode::NeverWorks { whose });
        }
    }

    /// Years that somebody has listed special days around, but no holiday of.
    fn bare_years(&mut self, span: Span) {
        let calendar = &self.book.calendar;
        let years =
            |days: &[Days]| days.iter().flat_map(|d| [d.from.year(), d.to.year()]).collect::<BTreeSet<_>>();
        let listed = years(&calendar.holidays);
        let mut asked = years(&calendar.workdays);
        if let (Some(first), Some(last)) = (listed.first(), listed.last()) {
            asked.extend(*first..=*last);
            if let Some(today) = self.names.and_then(|n| n.today) {
                asked.retain(|year| *year >= today.year());
                asked.insert(today.year());
                asked.extend((today.month() >= NEXT_YEAR_FROM_MONTH).then(|| today.year() + 1));
            }
        }
        let bare: Vec<i32> = asked.difference(&listed).take(BARE_YEARS_MAX).copied().collect();
        for year in bare {
            self.warn(span, DiagCode::YearWithoutHolidays { year });
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
        let long = (to - node.from).num_days() + 1;
        if long > RANGE_DAYS_MAX {
            let found = SmolStr::new(format!("{long}d"));
            self.error(node.at.0, DiagCode::OutOfRange { found, range: "1d .. 400d" });
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
        } else if !self.windows.insert(text.clone()) {
            self.error(name.at.0, DiagCode::WindowTwice { name: text });
        } else {
            self.book.calendar.windows.push(Window { name: text, from: start, to: end });
        }
    }
}
