//! Who is at work: working hours of each rep by the book in force, compiled once a publication or roster change, and the
//! answer for the present looked up once a spell, not once a decision. Derived; never in the image.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use smol_str::SmolStr;

use super::World;
use crate::model::id::RepId;
use crate::model::time::Millis;
use crate::rulebook::{Book, Calendar, Promotion, Target, WorkTime};

/// The working hours of one rep, with the answer for the spell it was last asked for. All are equal: they follow from the
/// book and the roster.
#[derive(Debug, Clone)]
pub struct Shift {
    time: WorkTime,
    from: Millis,
    until: Millis,
    open: bool,
}

impl Default for Shift {
    fn default() -> Self {
        Shift { time: WorkTime::always(), from: Millis(0), until: Millis(0), open: false }
    }
}

impl PartialEq for Shift {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Shift {}

impl Shift {
    /// Whether `now` is within their working hours.
    #[must_use]
    pub fn is_open(&self, now: Millis) -> bool {
        if self.from <= now && now < self.until { self.open } else { self.time.is_working(now) }
    }

    /// Their working time.
    #[must_use]
    pub fn time(&self) -> &WorkTime {
        &self.time
    }
}

/// The distinct working times of the desk.
#[derive(Debug, Clone, Default)]
pub struct Hours {
    /// What `workdays` lines say: for leads nobody owns.
    desk: WorkTime,
    distinct: Vec<WorkTime>,
    /// Which of them is each rep's, by index.
    of: Vec<usize>,
    /// The spell for which every rep's answer was looked up.
    from: Millis,
    until: Millis,
}

impl Hours {
    /// The hours of the rep at this place; the desk's for one nobody knows.
    fn time_of(&self, rep: usize) -> &WorkTime {
        self.of.get(rep).and_then(|index| self.distinct.get(*index)).unwrap_or(&self.desk)
    }
}

impl World {
    /// The desk's own working time: that of leads nobody owns.
    #[must_use]
    pub fn desk_time(&self) -> &WorkTime {
        &self.hours.desk
    }

    /// Compiles everybody's hours: a rep's own, else those of their teams added up, else the desk's; and over them those of
    /// promotions, each for its time.
    pub(super) fn refresh_hours(&mut self) {
        let book = Arc::clone(&self.published.book);
        let mut hours = self.plain_hours(&book);
        if book.promotions.iter().any(Promotion::has_hours) {
            hours = self.with_promotions(&book, hours);
        }
        for (rep, index) in self.reps.iter_mut().zip(&hours.of) {
            let time = hours.distinct.get(*index).cloned().unwrap_or_default();
            rep.shift = Shift { time, ..Shift::default() };
        }
        self.hours = hours;
    }

    /// Everybody's hours by the calendar of `book` alone.
    fn plain_hours(&self, book: &Book) -> Hours {
        let desk = WorkTime::of_desk(book);
        let mut hours = Hours { desk: desk.clone(), ..Hours::default() };
        let own: Vec<(&Target, Option<RepId>)> = book
            .calendar
            .own
            .iter()
            .map(|own| match &own.whose {
                Target::Rep(name) => (&own.whose, self.rep_named(name).map(|r| r.id)),
                Target::Team(_) | Target::Owner => (&own.whose, None),
            })
            .collect();
        let mut known: BTreeMap<Vec<&Target>, usize> = BTreeMap::new();
        for rep in &self.reps {
            let mut lines: Vec<&Target> =
                own.iter().filter(|(_, id)| *id == Some(rep.id)).map(|(whose, _)| *whose).collect();
            if lines.is_empty() {
                let team = |whose: &&Target| matches!(whose, Target::Team(t) if rep.in_team(t));
                lines = own.iter().map(|(whose, _)| *whose).filter(team).collect();
            }
            lines.sort_unstable();
            lines.dedup();
            let next = hours.distinct.len();
            let index = *known.entry(lines).or_insert_with_key(|lines| {
                let time = WorkTime::of_own(book, |whose| lines.contains(&whose));
                hours.distinct.push(time.unwrap_or_else(|| desk.clone()));
                next
            });
            hours.of.push(index);
        }
        hours
    }

    /// `plain` with other hours for each stretch in which a promotion that gives some is on.
    fn with_promotions(&self, book: &Book, plain: Hours) -> Hours {
        let gives = |place: &usize| book.promotions.get(*place).is_some_and(Promotion::has_hours);
        let mut by_on: BTreeMap<Vec<usize>, Hours> = BTreeMap::new();
        let mut layers: Vec<(Millis, Millis, Vec<usize>)> = Vec::new();
        for (from, until, on) in self.promos.stretches() {
            let on: Vec<usize> = on.iter().copied().filter(gives).collect();
            if on.is_empty() {
                continue;
            }
            by_on.entry(on.clone()).or_insert_with_key(|on| self.plain_hours(&self.promoted_book(book, on)));
            layers.push((from, until, on));
        }
        let over = |base: &WorkTime, of: &dyn Fn(&Hours) -> WorkTime| {
            let piece =
                |(from, until, on): &(Millis, Millis, Vec<usize>)| Some((*from, *until, of(by_on.get(on)?)));
            base.with_pieces(layers.iter().filter_map(piece))
        };
        let mut hours = Hours { desk: over(&plain.desk, &|layer| layer.desk.clone()), ..Hours::default() };
        let mut known: BTreeMap<Vec<usize>, usize> = BTreeMap::new();
        for rep in 0..self.reps.len() {
            let index = |hours: &Hours| hours.of.get(rep).copied().unwrap_or(0);
            let key = std::iter::once(index(&plain)).chain(by_on.values().map(index)).collect();
            let next = hours.distinct.len();
            let found = *known.entry(key).or_insert_with(|| {
                hours.distinct.push(over(plain.time_of(rep), &|layer| layer.time_of(rep).clone()));
                next
            });
            hours.of.push(found);
        }
        hours
    }

    /// The calendar while the promotions at these places are on: what the first of them says about the desk, a team or a
    /// rep stands instead of the calendar's own lines.
    fn promoted_book(&self, book: &Book, on: &[usize]) -> Book {
        let mut calendar = Calendar {
            holidays: book.calendar.holidays.clone(),
            workdays: book.calendar.workdays.clone(),
            ..Calendar::default()
        };
        // A rep may be called by login in one line and by name in another.
        let who = |target: &Target| match target {
            Target::Rep(name) => (self.rep_named(name).map(|r| r.id), None),
            Target::Team(name) => (None, Some(name.clone())),
            Target::Owner => (None, None),
        };
        let mut said: BTreeSet<(Option<RepId>, Option<SmolStr>)> = BTreeSet::new();
        let own = on.iter().filter_map(|place| book.promotions.get(*place)).map(|p| (&p.hours, &p.own));
        for (desk, own) in own.chain(std::iter::once((&book.calendar.hours, &book.calendar.own))) {
            if calendar.hours.is_empty() {
                calendar.hours.clone_from(desk);
            }
            calendar.own.extend(own.iter().filter(|o| !said.contains(&who(&o.whose))).cloned());
            said.extend(own.iter().map(|o| who(&o.whose)));
        }
        Book { zone: book.zone, calendar, ..Book::default() }
    }

    /// Looks up who is at work at `now`, unless it is known already. Only saves time: every answer is the same without.
    pub fn look_at_clock(&mut self, now: Millis) {
        if self.hours.from <= now && now < self.hours.until {
            return;
        }
        let spells: Vec<(bool, Millis)> = self.hours.distinct.iter().map(|time| time.spell(now)).collect();
        for (rep, index) in self.reps.iter_mut().zip(&self.hours.of) {
            if let Some((open, until)) = spells.get(*index) {
                (rep.shift.from, rep.shift.until, rep.shift.open) = (now, *until, *open);
            }
        }
        self.hours.from = now;
        self.hours.until = spells.iter().map(|(_, until)| *until).min().unwrap_or(Millis(i64::MAX));
    }

    /// The next opening or closing of anybody's hours after `now`.
    pub(super) fn next_shift(&self, now: Millis) -> Millis {
        if self.hours.from <= now && now < self.hours.until {
            return self.hours.until;
        }
        let ends = self.hours.distinct.iter().map(|time| time.spell(now).1);
        ends.min().unwrap_or(Millis(i64::MAX))
    }

    /// Working milliseconds of `rep` between two instants; plain ones for a rep nobody knows.
    #[must_use]
    pub fn worked_ms(&self, rep: RepId, from: Millis, to: Millis) -> i64 {
        self.rep(rep).map_or_else(|| to.since(from), |r| r.shift.time.working_ms_between(from, to))
    }
}
