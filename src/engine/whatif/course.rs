//! Where each lead is in history beside the replay, and which of its replies are still to come.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::rows::Rows;
use super::tape::{AS_RECORDED, Kind, NONE, REP_UNKNOWN, RULE_NONE, Reply, Step, Tape, rep_column};
use crate::model::event::{Body, Event};
use crate::model::id::LeadId;
use crate::model::time::Millis;
use crate::world::World;

/// Who has a lead in history, and since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Held {
    pub rep: u16,
    /// The rule whose response clock runs, if one does.
    pub rule: u16,
    pub since: Millis,
}

pub(super) const NOBODY: Held = Held { rep: 0, rule: RULE_NONE, since: Millis(i64::MIN) };

/// The course of history.
#[derive(Debug, Clone)]
pub(super) struct Course {
    tape: Arc<Tape>,
    held: Rows<Held>,
    older: FxHashMap<LeadId, Held>,
    /// The next reply of each arrival; [`NONE`] = no more.
    next_reply: Rows<u32>,
    older_next: FxHashMap<LeadId, u32>,
    /// Replies that come at another moment than recorded, by the moment.
    moved: BinaryHeap<Reverse<(Millis, u32)>>,
}

impl Course {
    pub fn new(tape: &Arc<Tape>, start: &World) -> Course {
        let older = start.leads().map(|l| {
            let since = l.assigned_at.filter(|_| l.owner.is_some()).unwrap_or(NOBODY.since);
            let rule = start.clock(l.id).map_or(RULE_NONE, |clock| tape.rule_known(&clock.rule));
            (l.id, Held { rep: rep_column(l.owner), rule, since })
        });
        Course {
            tape: Arc::clone(tape),
            held: Rows::default(),
            older: older.collect(),
            next_reply: tape.first_reply.clone(),
            older_next: tape.older_reply.clone(),
            moved: BinaryHeap::new(),
        }
    }

    /// Bytes it takes beside `other`, about.
    pub fn bytes_beside(&self, other: &Course) -> usize {
        self.held.bytes_beside(&other.held) + self.next_reply.bytes_beside(&other.next_reply)
    }

    /// Bytes it takes by itself, about.
    pub fn bytes(&self) -> usize {
        self.held.bytes() + self.next_reply.bytes_beside(&self.tape.first_reply)
    }

    /// A lead arrived.
    pub fn arrived(&mut self, rep: u16, at: Millis) {
        self.held.push(if rep == 0 { NOBODY } else { Held { rep, rule: RULE_NONE, since: at } });
    }

    /// Whether `lead`, which is open in `world`, is with the same owner since the same moment as in history.
    pub fn in_step(&self, world: &World, lead: LeadId) -> bool {
        let held = self.held(lead);
        world.lead(lead).is_none_or(|row| {
            let since = row.assigned_at.filter(|_| row.owner.is_some()).unwrap_or(NOBODY.since);
            held.rep != REP_UNKNOWN && rep_column(row.owner) == held.rep && since == held.since
        })
    }

    /// Whether the response clock of `lead` is that of history too.
    pub fn has_same_clock(&self, world: &World, lead: LeadId) -> bool {
        let rule = |clock: &crate::world::clocks::Clock| {
            self.tape.rules.get(usize::from(self.held(lead).rule)).is_some_and(|name| *name == clock.rule)
        };
        self.in_step(world, lead) && world.clock(lead).is_none_or(rule)
    }

    fn held(&self, lead: LeadId) -> Held {
        match self.tape.row_of(lead) {
            Some(row) => self.held.get(row).copied().unwrap_or(NOBODY),
            None => self.older.get(&lead).copied().unwrap_or(NOBODY),
        }
    }

    fn hold(&mut self, lead: LeadId, held: Held) {
        match self.tape.row_of(lead) {
            Some(row) => {
                if let Some(slot) = self.held.get_mut(row) {
                    *slot = held;
                }
            }
            None => {
                self.older.insert(lead, held);
            }
        }
    }

    /// Where the lead of `step` is in history after it.
    pub fn remember(&mut self, step: &Step) {
        let lead = LeadId(u64::from(step.key));
        match step.kind {
            Kind::Gave => {
                if let Some(placed) = self.tape.placed.get(step.key as usize).copied() {
                    let held = Held { rep: placed.rep, rule: placed.rule, since: step.at };
                    self.hold(LeadId(u64::from(placed.lead)), held);
                }
            }
            Kind::Parked | Kind::TimerTook | Kind::QuietTook | Kind::Pooled => self.hold(lead, NOBODY),
            Kind::Given => {
                let tape = Arc::clone(&self.tape);
                if let Some(event) = tape.given.get(step.key as usize) {
                    self.remember_given(event);
                }
            }
            // Whoever answers stops the clock.
            Kind::Reply => {
                if let Some(reply) = self.tape.replies.get(step.key as usize) {
                    let lead = LeadId(u64::from(reply.lead));
                    self.hold(lead, Held { rule: RULE_NONE, ..self.held(lead) });
                }
            }
            Kind::Arrival | Kind::Waits | Kind::TimerTold | Kind::Credit => {}
        }
    }

    fn remember_given(&mut self, event: &Event) {
        match &event.body {
            Body::LeadReceived(r) => {
                self.hold(r.lead, Held { rep: rep_column(r.owner), rule: RULE_NONE, since: event.at });
            }
            Body::LeadAssigned(a) if a.from == Some(a.rep) => {}
            Body::LeadAssigned(a) => {
                let rule = a.clock.as_ref().map_or(RULE_NONE, |clock| self.tape.rule_known(&clock.rule));
                self.hold(a.lead, Held { rep: rep_column(Some(a.rep)), rule, since: event.at });
            }
            Body::LeadRecalled { lead, .. }
            | Body::LeadReturned { lead, .. }
            | Body::LeadParked { lead, .. }
            | Body::LeadPooled { lead, .. } => self.hold(*lead, NOBODY),
            Body::LeadRestored(r) => {
                let rule = r.clock.as_ref().map_or(RULE_NONE, |clock| self.tape.rule_known(&clock.rule));
                self.hold(r.row.id, Held { rule, ..held_by(&r.row) });
            }
            Body::LeadProgressed { lead, readmit: Some(row), .. } => self.hold(*lead, held_by(row)),
            _ => {}
        }
    }

    /// The next reply of `lead`.
    pub fn next_reply(&self, lead: LeadId) -> Option<(u32, Reply)> {
        let next = match self.tape.row_of(lead) {
            Some(row) => self.next_reply.get(row).copied(),
            None => self.older_next.get(&lead).copied(),
        };
        let next = next.filter(|next| *next != NONE)?;
        Some((next, *self.tape.replies.get(next as usize)?))
    }

    /// The reply came: the one behind it is next.
    pub fn replied(&mut self, reply: &Reply) {
        let lead = LeadId(u64::from(reply.lead));
        match self.tape.row_of(lead).and_then(|row| self.next_reply.get_mut(row)) {
            Some(slot) => *slot = reply.next,
            None => {
                self.older_next.insert(lead, reply.next);
            }
        }
    }

    /// Minds the next reply of `lead`, where the log does not bring it at its time: the lead is not as in history, or the
    /// reply lies before step `at`, passed over while nobody had the lead here. It comes so long after the lead was given.
    pub fn follow(&mut self, world: &World, lead: LeadId, at: usize) {
        let Some((next, reply)) = self.next_reply(lead).filter(|(_, r)| r.delay != AS_RECORDED) else {
            return;
        };
        let Some(row) = world.lead(lead).filter(|row| row.owner.is_some()) else { return };
        let is_behind = (reply.step as usize) < at;
        if let Some(since) = row.assigned_at.filter(|_| is_behind || !self.in_step(world, lead)) {
            self.moved.push(Reverse((since.plus(i64::from(reply.delay)), next)));
        }
    }

    /// When the next moved reply comes.
    pub fn next_moved(&self) -> Option<Millis> {
        self.moved.peek().map(|Reverse((due, _))| *due)
    }

    /// The next moved reply, if it still comes then: its lead may have changed hands again.
    pub fn take_moved(&mut self, world: &World) -> Option<u32> {
        let Reverse((due, key)) = self.moved.pop()?;
        let reply = self.tape.replies.get(key as usize)?;
        let lead = LeadId(u64::from(reply.lead));
        let is_next = self.next_reply(lead).is_some_and(|(next, _)| next == key);
        let row = world.lead(lead).filter(|row| row.owner.is_some())?;
        let comes = row.assigned_at.is_some_and(|since| since.plus(i64::from(reply.delay)) == due);
        (is_next && comes).then_some(key)
    }

    /// Replies that lie before step `at` and have not come, because nobody has the lead in `world`.
    pub fn left_behind(&self, world: &World, at: usize) -> usize {
        let behind =
            |next: &u32| self.tape.replies.get(*next as usize).is_some_and(|r| (r.step as usize) < at);
        let rows = self.next_reply.iter().take(self.held.len()).enumerate();
        rows.filter(|(row, next)| {
            behind(next) && world.lead(self.tape.lead_at(*row)).is_some_and(|lead| lead.owner.is_none())
        })
        .count()
    }
}

fn held_by(row: &crate::model::lead::Lead) -> Held {
    match row.owner.and(row.assigned_at) {
        Some(since) => Held { rep: rep_column(row.owner), rule: RULE_NONE, since },
        None => Held { rep: rep_column(row.owner), ..NOBODY },
    }
}
