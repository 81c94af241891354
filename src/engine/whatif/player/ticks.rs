//! Moments of the replayed desk's own. A desk that went another way than history has timers due, holds and leaves ending
//! and replies coming when the log shows nothing; they are served then, as a leader who looks all the time would.

use std::sync::Arc;

use super::{Replay, given, never};
use crate::engine::{pool, timers};
use crate::model::id::LeadId;
use crate::model::time::Millis;

/// Most moments served between two orders of the log, against going round in a circle.
const TICKS_MAX: usize = 100_000;

/// When what was looked at last.
#[derive(Debug, Clone)]
pub(super) struct Ticks {
    /// Timers due up to here were looked at.
    timers: Millis,
    /// Some that were due could not be served, since their owner is not at work: they are looked at again then.
    again: Option<Millis>,
    /// The sweep was cut short.
    pub more: bool,
    gap: usize,
}

/// What a moment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum For {
    Reply,
    Timers,
    Quiet,
    Queue,
}

impl Ticks {
    pub fn new(now: Millis) -> Ticks {
        Ticks { timers: now, again: None, more: false, gap: 0 }
    }
}

impl Replay {
    /// Serves what comes before `to`. With `serves` the order at `to` serves the timers itself, so those due at that very
    /// moment are left to it.
    pub(super) fn catch_up(&mut self, to: Millis, serves: bool) {
        for _ in 0..TICKS_MAX {
            let Some((at, what)) = self.next_moment() else { return };
            if at > to || (at == to && serves && what == For::Timers) {
                return;
            }
            self.tick(at.max(self.now).min(to), what);
        }
    }

    fn next_moment(&mut self) -> Option<(Millis, For)> {
        let reply = self.scribe.course.next_moved().map(|at| (at, For::Reply));
        if !self.diverged {
            return reply;
        }
        let timers = self.next_timers().map(|at| (at, For::Timers));
        let quiet = self.next_quiet().map(|at| (at, For::Quiet));
        let queue = self.next_queue().map(|at| (at, For::Queue));
        let own = [timers, quiet, queue].into_iter().flatten().min();
        let own = own.map(|(at, what)| (self.after_gap(at), what));
        reply.into_iter().chain(own).min()
    }

    /// Nobody led then: what came due waited for the end of it.
    fn after_gap(&mut self, at: Millis) -> Millis {
        let gaps = &self.tape.gaps;
        while gaps.get(self.ticks.gap).is_some_and(|(_, end)| *end < self.now) {
            self.ticks.gap += 1;
        }
        match gaps.get(self.ticks.gap) {
            Some((from, end)) if *from <= at && at < *end => *end,
            _ => at,
        }
    }

    /// Whether history serves this lead's clocks when they are due here.
    fn is_histories(&self, lead: LeadId) -> bool {
        self.same_terms && self.scribe.course.has_same_clock(&self.world, lead)
    }

    fn next_timers(&self) -> Option<Millis> {
        let own = self.world.timers_after(self.ticks.timers).filter(|(_, lead)| !self.is_histories(*lead));
        own.map(|(at, _)| at).next().into_iter().chain(self.ticks.again).min()
    }

    fn next_quiet(&self) -> Option<Millis> {
        let is_free = |lead: LeadId, at| self.world.lead(lead).is_some_and(|row| row.hold_at(at).is_none());
        let mut own = self.world.quiet().iter().filter(|(_, lead)| !self.is_histories(*lead));
        let at =
            own.find(|(at, lead)| is_free(*lead, (*at).max(self.now))).map(|(at, _)| (*at).max(self.now))?;
        // A pause or a clock that nobody trusts keeps it from going there.
        pool::due(&self.world, at).next().map(|_| at)
    }

    /// Something happened: a timer may be due whose time lies behind, because somebody came back or the clock was settled.
    pub(super) fn look_again(&mut self) {
        let mut over = self.world.timers_after(Millis(i64::MIN)).take_while(|(due, _)| *due <= self.now);
        if self.diverged && over.any(|(_, lead)| !self.is_histories(lead)) {
            self.ticks.again = Some(self.now);
        }
    }

    fn next_queue(&self) -> Option<Millis> {
        if self.ticks.more {
            return Some(self.now);
        }
        self.world.settled_until().filter(|_| !self.world.waiting().is_empty())
    }

    fn tick(&mut self, at: Millis, what: For) {
        self.scribe.placed.clear();
        self.scribe.decided.clear();
        match what {
            For::Reply => {
                if let Some(key) = self.scribe.course.take_moved(&self.world) {
                    self.scribe.side.moved_replies += 1;
                    let tape = Arc::clone(&self.tape);
                    self.carry_out(at, (false, false), |run| given::reply_now(run, &tape, key));
                }
            }
            For::Timers => self.tick_timers(at),
            For::Quiet => {
                self.carry_out(at, (false, false), |run| {
                    never(pool::take_quiet(run));
                });
            }
            For::Queue => {
                self.ticks.more = false;
                self.carry_out(at, (true, true), |_| ());
            }
        }
        self.follow_replies();
    }

    /// Timers due up to `at` were looked at; those nobody could serve are looked at again when that changes.
    pub(super) fn timers_served(&mut self, at: Millis) {
        self.ticks.timers = self.ticks.timers.max(at);
        let moment = self.moment(at);
        let over = |(due, lead): (Millis, LeadId)| due <= at && !self.is_histories(lead);
        let stuck = self.world.timers_after(Millis(i64::MIN)).take_while(|(due, _)| *due <= at).any(over);
        self.ticks.again = stuck.then(|| self.world.next_change(&moment));
    }

    fn tick_timers(&mut self, at: Millis) {
        let moment = self.moment(at);
        let mut due = timers::due(&self.world, &moment);
        due.retain(|lead| !self.is_histories(*lead));
        if !due.is_empty() {
            self.carry_out(at, (false, true), |run| {
                never(timers::serve_each(run, &due));
            });
        }
        self.timers_served(at);
    }
}
