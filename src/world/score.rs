//! Scores of leads in the queue: a function of the row and the book in force, kept on the row so that the queue stays in
//! serving order. Also what the book asks about, read once a publication.

use smol_str::SmolStr;

use super::moment::{clock_in, instant_of};
use super::{QueueKey, World};
use crate::model::field::Field;
use crate::model::id::LeadId;
use crate::model::lead::{Lead, LeadView};
use crate::model::time::Millis;
use crate::rulebook::{Book, Cond, Operand};

impl World {
    /// Score of `lead` by the book in force: imported base plus matched lines, saturating.
    #[must_use]
    pub fn score_of(&self, lead: &Lead, now: Millis) -> i32 {
        let base = lead.attrs.base_score;
        let book = self.book();
        if book.scores.is_empty() {
            return base;
        }
        let (hour, weekday) =
            if self.pools.asks_clock { clock_in(book.zone, lead.arrived_at) } else { (0, 1) };
        let owner = lead.owner.and_then(|id| self.rep(id));
        let view = LeadView {
            lead,
            score: base,
            owner_login: owner.map(|r| r.card.login.as_str()),
            owner_team: owner.and_then(|r| r.card.teams.first()).map(SmolStr::as_str),
            hour,
            weekday,
            now,
        };
        book.scores
            .iter()
            .filter(|line| line.when.holds_for(&view))
            .fold(base, |sum, line| sum.saturating_add(line.points))
    }

    /// Scores every waiting lead by the book in force and moves it to its place. Returns those whose score changed.
    pub(super) fn rescore_waiting(&mut self, now: Millis) -> Vec<LeadId> {
        let changed: Vec<(QueueKey, i32)> = self
            .waiting
            .iter()
            .filter_map(|key| {
                let score = self.score_of(self.leads.get(&key.lead)?, now);
                (score != key.rank.0).then_some((*key, score))
            })
            .collect();
        for (key, score) in &changed {
            self.waiting.remove(key);
            if let Some(lead) = self.leads.get_mut(&key.lead) {
                lead.score = *score;
                self.waiting.insert(QueueKey::of(lead));
            }
        }
        changed.into_iter().map(|(key, _)| key.lead).collect()
    }
}

/// Fields any condition of the book asks for.
#[must_use]
pub fn asked_fields(book: &Book) -> Vec<Field> {
    let mut fields: Vec<Field> = conditions(book).flat_map(Cond::fields).collect();
    fields.sort();
    fields.dedup();
    fields
}

fn conditions(book: &Book) -> impl Iterator<Item = &Cond> {
    book.rules.iter().map(|r| &r.when).chain(book.scores.iter().map(|s| &s.when))
}

/// Waiting times the book and `others` compare with, in milliseconds.
pub(super) fn waits<'a>(book: &'a Book, others: impl Iterator<Item = &'a Cond>) -> Vec<i64> {
    let mut out = Vec::new();
    conditions(book).chain(others).for_each(|cond| waits_in(cond, &mut out));
    out.sort_unstable();
    out.dedup();
    out
}

fn waits_in(cond: &Cond, out: &mut Vec<i64>) {
    match cond {
        Cond::Always => {}
        Cond::All(all) | Cond::Any(all) => all.iter().for_each(|c| waits_in(c, out)),
        Cond::Not(inner) => waits_in(inner, out),
        Cond::Test(test) if test.field == Field::Waiting => match &test.operand {
            Operand::Number(ms) => out.push(*ms),
            Operand::Numbers(all) => out.extend(all.iter()),
            _ => {}
        },
        Cond::Test(_) => {}
    }
}

/// Starts and ends of the windows that rules name, ascending.
pub(super) fn edges(book: &Book) -> Vec<Millis> {
    let named = |name: &SmolStr| book.rules.iter().any(|r| r.during.as_ref() == Some(name));
    let windows = book.calendar.windows.iter().filter(|w| named(&w.name));
    let mut out: Vec<Millis> =
        windows.flat_map(|w| [w.from, w.to]).filter_map(|local| instant_of(book.zone, local)).collect();
    out.sort_unstable();
    out.dedup();
    out
}
