//! Scores of leads in the queue: a function of the row and the book in force, kept on the row so that the queue stays in
//! serving order. Also what the book asks about, read once a publication.

use std::sync::Arc;

use smol_str::SmolStr;

use super::moment::{clock_in, instant_of};
use super::{QueueKey, World};
use crate::model::event::Body;
use crate::model::field::Field;
use crate::model::id::LeadId;
use crate::model::lead::{Lead, LeadState, LeadView};
use crate::model::time::Millis;
use crate::rulebook::{Book, Cond, During, Operand};

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

    /// Scores every waiting and parked lead by the book in force and moves the waiting to their places. Returns those whose
    /// score changed.
    pub(super) fn rescore_unowned(&mut self, now: Millis) -> Vec<LeadId> {
        let mut out: Vec<LeadId> = Vec::new();
        for id in &self.parked {
            let Some(score) = self.lead(*id).map(|lead| self.score_of(lead, now)) else { continue };
            if let Some(lead) = self.leads.get_mut(id).filter(|lead| lead.score != score).map(Arc::make_mut) {
                lead.score = score;
                out.push(*id);
            }
        }
        let changed: Vec<(QueueKey, i32)> = self
            .waiting
            .iter()
            .filter_map(|key| {
                let score = self.score_of(self.lead(key.lead)?, now);
                (score != key.rank.0).then_some((*key, score))
            })
            .collect();
        for (key, score) in &changed {
            self.waiting.remove(key);
            if let Some(lead) = self.leads.get_mut(&key.lead).map(Arc::make_mut) {
                lead.score = *score;
                self.waiting.insert(QueueKey::of(lead));
            }
        }
        out.extend(changed.into_iter().map(|(key, _)| key.lead));
        out
    }

    /// The score a lead nobody owns stands with, when the one on its row is of another book or of other attributes.
    pub(super) fn stale_score(&self, id: LeadId, now: Millis) -> Option<i32> {
        let lead = self.lead(id)?;
        if !matches!(lead.state, LeadState::Waiting | LeadState::Parked) {
            return None;
        }
        let score = self.score_of(lead, now);
        (score != lead.score).then_some(score)
    }

    /// Waiting leads that nobody holds and that time alone has given another score at `now`, at most `limit`.
    #[must_use]
    pub fn rescored_by_time(&self, now: Millis, limit: usize) -> Vec<(LeadId, i32)> {
        if !self.pools.scores_wait {
            return Vec::new();
        }
        let rows = self.waiting.iter().filter_map(|key| self.lead(key.lead));
        rows.filter(|lead| lead.hold_at(now).is_none())
            .map(|lead| (lead, self.score_of(lead, now)))
            .filter(|(lead, score)| lead.score != *score)
            .map(|(lead, score)| (lead.id, score))
            .take(limit)
            .collect()
    }
}

/// Whether a score line asks how long a lead has waited.
pub(super) fn scores_wait(book: &Book) -> bool {
    book.scores.iter().any(|line| line.when.fields().contains(&Field::Waiting))
}

/// Events that bring a lead back among those nobody owns, or change what is asked of it: its score is that of now. What
/// the engine decided carries its own.
pub(super) fn asks_score_again(body: &Body) -> bool {
    matches!(
        body,
        Body::LeadEdited(_)
            | Body::LeadRecalled { .. }
            | Body::LeadReturned { .. }
            | Body::LeadFreed { .. }
            | Body::LeadParked { .. }
            | Body::LeadPooled { .. }
            | Body::LeadRestored(_)
    )
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
    let named =
        |name: &SmolStr| book.rules.iter().any(|r| matches!(&r.during, Some(During::Window(n)) if n == name));
    let windows = book.calendar.windows.iter().filter(|w| named(&w.name));
    let mut out: Vec<Millis> =
        windows.flat_map(|w| [w.from, w.to]).filter_map(|local| instant_of(book.zone, local)).collect();
    out.sort_unstable();
    out.dedup();
    out
}
