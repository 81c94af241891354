//! Who a rule reaches, when they work in an ordinary week, and how much they have in hand. Holidays, leave and promotions
//! are left aside: they end by themselves.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::super::book::{Book, Calendar, Rule, Target, WorkHours};
use super::super::check::Names;
use super::super::literal;
use super::super::worktime::WorkTime;
use crate::model::time::{DAY_MS, MINUTE_MS, Millis};

/// The week is looked at in steps of this many minutes.
const STEP_MINUTES: i64 = 15;
/// Steps of a week.
const STEPS: usize = (7 * 24 * 60 / STEP_MINUTES) as usize;
/// 1970-01-05, a Monday.
const MONDAY: i64 = 4;

/// The steps of a week, one bit each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Week([u64; STEPS.div_ceil(64)]);

impl Week {
    fn empty() -> Self {
        Week([0; STEPS.div_ceil(64)])
    }

    fn of(time: &WorkTime) -> Self {
        let mut week = Week::empty();
        for step in 0..STEPS {
            let at = Millis(MONDAY * DAY_MS + step as i64 * STEP_MINUTES * MINUTE_MS);
            if time.is_working(at)
                && let Some(word) = week.0.get_mut(step / 64)
            {
                *word |= 1 << (step % 64);
            }
        }
        week
    }

    fn join(&mut self, other: &Week) {
        self.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine |= theirs);
    }

    /// Steps that `self` has and `other` lacks.
    pub fn without(&self, other: &Week) -> Week {
        let mut left = self.clone();
        left.0.iter_mut().zip(other.0).for_each(|(mine, theirs)| *mine &= !theirs);
        left
    }

    /// Steps that are not in it.
    pub fn rest(&self) -> Week {
        let mut all = Week::empty();
        for step in 0..STEPS {
            if let Some(word) = all.0.get_mut(step / 64) {
                *word |= 1 << (step % 64);
            }
        }
        all.without(self)
    }

    /// The first step as ISO weekday and minute of the day, and how many minutes there are in all.
    pub fn first(&self) -> Option<(u8, u16, u32)> {
        let has = |step: &usize| self.0.get(step / 64).is_some_and(|word| word >> (step % 64) & 1 == 1);
        let first = i64::try_from((0..STEPS).find(has)?).ok()? * STEP_MINUTES;
        let steps: u32 = self.0.iter().map(|word| word.count_ones()).sum();
        let day = u8::try_from(first / 1440 + 1).ok()?;
        Some((day, u16::try_from(first % 1440).ok()?, steps * STEP_MINUTES as u32))
    }
}

/// Everybody of the desk, as far as rules can reach them.
pub(super) struct People<'a> {
    names: &'a Names,
    /// Places in `names.reps` by what a book may call them; a name that several have is nobody's.
    by_name: BTreeMap<&'a str, usize>,
    weeks: Vec<Week>,
    /// When anybody at all works.
    pub anybody: Week,
}

impl<'a> People<'a> {
    pub fn of(book: &Book, names: &'a Names) -> Self {
        let mut by_name: BTreeMap<&str, usize> = BTreeMap::new();
        let mut shared: Vec<&str> = Vec::new();
        for (i, rep) in names.reps.iter().enumerate() {
            if by_name.insert(&rep.name, i).is_some() {
                shared.push(&rep.name);
            }
        }
        by_name.retain(|name, _| !shared.contains(name));
        // A login names one person, whatever others are called.
        by_name.extend(names.reps.iter().enumerate().map(|(i, rep)| (rep.login.as_str(), i)));
        let mut people = People { names, by_name, weeks: Vec::new(), anybody: Week::empty() };
        let mut known: Vec<(Vec<&WorkHours>, Week)> = Vec::new();
        for i in 0..names.reps.len() {
            let lines = people.lines(book, i);
            let same = known.iter().find(|(had, _)| {
                had.len() == lines.len() && had.iter().zip(&lines).all(|(a, b)| std::ptr::eq(*a, *b))
            });
            let week = match same {
                Some((_, week)) => week.clone(),
                None => {
                    let time = WorkTime::of_lines(chrono_tz::UTC, &lines, &Calendar::default());
                    let week = Week::of(&time);
                    known.push((lines, week.clone()));
                    week
                }
            };
            if names.reps.get(i).is_some_and(|r| r.active) {
                people.anybody.join(&week);
            }
            people.weeks.push(week);
        }
        people
    }

    /// The lines of the calendar that give a rep's hours: their own, else those of their teams, else the desk's.
    fn lines<'b>(&self, book: &'b Book, rep: usize) -> Vec<&'b WorkHours> {
        let own = |is_theirs: &dyn Fn(&Target) -> bool| {
            let lines = book.calendar.own.iter().filter(|own| is_theirs(&own.whose));
            lines.map(|own| &own.hours).collect::<Vec<_>>()
        };
        let login = self.names.reps.get(rep).map(|r| r.login.as_str());
        let mine = own(&|t| matches!(t, Target::Rep(name) if self.by_name.get(name.as_str()) == Some(&rep)));
        if !mine.is_empty() {
            return mine;
        }
        let in_team = |team: &SmolStr| {
            let members = self.names.teams.get(team);
            members.is_some_and(|all| all.iter().any(|l| Some(l.as_str()) == login))
        };
        let teams = own(&|t| matches!(t, Target::Team(team) if in_team(team)));
        if teams.is_empty() { book.calendar.hours.iter().collect() } else { teams }
    }

    /// The active reps a rule reaches who have its skills; nothing where that cannot be said (the owner, unknown names).
    pub fn pool(&self, rule: &Rule) -> Option<Vec<usize>> {
        let mut pool: Vec<usize> = Vec::new();
        for target in &rule.give {
            match target {
                Target::Team(team) => {
                    let logins = self.names.teams.get(team)?;
                    pool.extend(logins.iter().filter_map(|l| self.by_name.get(l.as_str())));
                }
                Target::Rep(name) => pool.push(*self.by_name.get(name.as_str())?),
                Target::Owner => return None,
            }
        }
        pool.sort_unstable();
        pool.dedup();
        pool.retain(|i| {
            let rep = self.names.reps.get(*i).filter(|rep| rep.active);
            let has = |skill: &SmolStr| {
                let skill = literal::folded(skill);
                rep.is_some_and(|rep| rep.skills.iter().any(|s| literal::folded(s) == skill))
            };
            rep.is_some() && rule.needs_skills.iter().all(has)
        });
        Some(pool)
    }

    pub fn login(&self, rep: usize) -> Option<&'a SmolStr> {
        self.names.reps.get(rep).map(|r| &r.login)
    }

    /// When somebody of a pool works.
    pub fn week_of(&self, pool: &[usize]) -> Week {
        let mut week = Week::empty();
        pool.iter().filter_map(|i| self.weeks.get(*i)).for_each(|theirs| week.join(theirs));
        week
    }
}
