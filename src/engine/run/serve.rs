//! Who is asked when: the queue in its order, newcomers at their place in it, as much as one transaction should hold.
//! It decides nothing about a lead.

use std::collections::BTreeMap;

use super::{Look, Run, Step};
use crate::engine::host::Host;
use crate::engine::route::{Exhausted, LeadFacts};
use crate::engine::sweep::HeldBack;
use crate::model::event::Body;
use crate::model::id::LeadId;
use crate::model::mode::Mode;
use crate::world::QueueKey;

/// Most waiting leads one sweep looks at; what is left is the next transaction's.
pub const SWEEP_LOOK_MAX: usize = 20_000;
/// Most leads one sweep places; bounds the transaction so that a person's key does not wait behind it.
pub const SWEEP_PLACE_MAX: usize = 400;

/// Most leads one sweep gives the score that time alone has changed; what is left is the next transaction's.
const SWEEP_RESCORE_MAX: usize = 2_000;

impl<H: Host> Run<'_, H> {
    /// Gives each of `fresh` its answer: by a whole sweep when somebody may have become free for a lead that waits longer,
    /// so that all take their place in one order.
    ///
    /// # Errors
    /// The host's.
    pub fn serve(&mut self, fresh: BTreeMap<LeadId, LeadFacts>) -> Step<H> {
        if !self.world.is_settled(self.moment.now) || self.world.has_modes_of_parts() {
            return self.sweep(fresh);
        }
        self.answer_the_rest(fresh)?;
        if self.world.pools().asks_time() {
            // A newcomer that waits may be the next whom time frees.
            self.world.settle(self.moment.now, self.world.next_change(&self.moment));
        }
        Ok(())
    }

    /// Serves the queue in order until everybody was looked at, those held back by a mode again after each placement.
    /// `fresh` are leads of this order that have not been decided yet, with their facts: they take their place in the order,
    /// and each gets an answer, unless the sweep is cut short before: then they wait for the next like everybody else.
    ///
    /// # Errors
    /// The host's.
    pub fn sweep(&mut self, mut fresh: BTreeMap<LeadId, LeadFacts>) -> Step<H> {
        self.swept = true;
        if !self.rescore_by_time()? {
            self.outcome.more = true;
            return Ok(());
        }
        let from_front = self.world.sweep_cursor(self.moment.now).is_none();
        let (keys, mut cut) = self.to_look_at(&fresh);
        let mut exhausted = Exhausted::default();
        let mut placed = 0;
        let mut last = None;
        let parts = self.world.has_modes_of_parts();
        let mut held_back = HeldBack::default();
        for key in keys {
            if self.world.mode_at(self.moment.now) == Mode::Paused {
                cut = false;
                break;
            }
            if placed >= SWEEP_PLACE_MAX {
                cut = true;
                break;
            }
            last = Some(key);
            if self.world.lead(key.lead).is_none_or(|row| row.hold_at(self.moment.now).is_some()) {
                continue;
            }
            let look = match fresh.remove(&key.lead) {
                Some(facts) => self.look_first(key.lead, &facts)?,
                None => self.look_again(key.lead, &mut exhausted)?,
            };
            match look {
                Look::Stays => {}
                Look::HeldBack if parts => held_back.note(key),
                Look::HeldBack => {}
                Look::Placed => {
                    placed += 1;
                    exhausted.forget_live();
                    if parts && !held_back.look_back(self, &mut exhausted, &mut placed)? {
                        // Nobody behind may go before them: the next sweep begins in front.
                        self.outcome.more = true;
                        return Ok(());
                    }
                }
            }
        }
        let until = self.world.next_change(&self.moment);
        self.outcome.more = cut;
        match last.filter(|_| cut) {
            // Those held back in front come before whoever lies behind.
            Some(_) if parts && placed >= SWEEP_PLACE_MAX => {}
            Some(key) => self.world.swept_to(key, self.moment.now, until),
            None => {
                self.answer_the_rest(fresh)?;
                if from_front || !parts || placed == 0 {
                    self.world.settle(self.moment.now, until);
                }
            }
        }
        Ok(())
    }

    /// Serves the queue before anything else, if somebody in it may be placed.
    ///
    /// # Errors
    /// The host's.
    pub fn sweep_first(&mut self) -> Step<H> {
        if !self.world.waiting().is_empty() && !self.world.is_settled(self.moment.now) {
            self.sweep(BTreeMap::new())?;
            self.swept = false;
        }
        Ok(())
    }

    /// Moves waiting leads whose score time alone has changed to their places, so that the sweep serves in the order of now.
    /// False when there are more than one transaction should hold.
    fn rescore_by_time(&mut self) -> Step<H, bool> {
        if self.world.mode_at(self.moment.now) == Mode::Paused {
            return Ok(true);
        }
        let changed = self.world.rescored_by_time(self.moment.now, SWEEP_RESCORE_MAX);
        let all = changed.len() < SWEEP_RESCORE_MAX;
        for (lead, score) in changed {
            self.emit_engine(Body::LeadWaits { lead, score, why: None })?;
        }
        Ok(all)
    }

    /// The part of the queue a sweep looks at, and whether more lies behind. It goes on where the last one was cut short;
    /// newcomers before that place have not been looked at.
    fn to_look_at(&self, fresh: &BTreeMap<LeadId, LeadFacts>) -> (Vec<QueueKey>, bool) {
        use std::ops::Bound::{Excluded, Unbounded};
        let queue = self.world.waiting();
        let mut keys: Vec<QueueKey> = Vec::new();
        let from = match self.world.sweep_cursor(self.moment.now) {
            Some(cursor) => {
                keys.extend(fresh.keys().filter_map(|id| self.world.lead(*id)).map(QueueKey::of));
                keys.retain(|key| *key <= cursor);
                keys.sort_unstable();
                Excluded(cursor)
            }
            None => Unbounded,
        };
        let mut rest = queue.range((from, Unbounded));
        keys.extend(rest.by_ref().take(SWEEP_LOOK_MAX));
        (keys, rest.next().is_some())
    }

    /// Newcomers the sweep did not come to: each still gets its decision, in order.
    ///
    /// # Errors
    /// The host's.
    pub fn answer_the_rest(&mut self, fresh: BTreeMap<LeadId, LeadFacts>) -> Step<H> {
        let mut rest: Vec<(QueueKey, LeadFacts)> = fresh
            .into_iter()
            .filter_map(|(lead, facts)| Some((QueueKey::of(self.world.lead(lead)?), facts)))
            .collect();
        rest.sort_by_key(|(key, _)| *key);
        for (key, facts) in rest {
            self.decide(key.lead, &facts)?;
        }
        Ok(())
    }
}
