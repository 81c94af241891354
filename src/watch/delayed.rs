//! Delayed assignment 延迟分派: live leads that wait longer than the limit, in working time of the desk. A pause explains
//! itself and is not delay, nor is a night: neither that of the desk, nor that of the source, rule or team a lead waits for
//! and for nothing else. Assist explains nothing: a proposal waits for somebody to accept it, and the customer with it.

use super::queue::queued;
use super::terms::most;
use super::{latest_late, limit_ms, longest};
use crate::engine::route::{Answer, Exhausted, LeadFacts, route};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding};
use crate::model::id::LeadId;
use crate::model::lead::{ArrivalKind, Lead};
use crate::model::mode::{Mode, ModeScope};
use crate::model::time::{MINUTE_MS, Millis};
use crate::rulebook::Metric;
use crate::world::{Moment, World};

/// Waiting time without a `watch delayed` line, in milliseconds of working time.
pub const LIMIT_MS: i64 = 5 * MINUTE_MS;

/// One alert for the desk, naming the leads that wait longest.
pub(super) fn detect(world: &World, moment: &Moment, out: &mut Vec<Finding>) {
    let Some(limit) = limit_ms(world, moment, AlertKind::Delayed, Metric::Waiting, LIMIT_MS) else { return };
    if world.mode_at(moment.now) == Mode::Paused {
        return;
    }
    let hours = world.desk_time();
    let mut late: Vec<(Millis, LeadId)> = world
        .waiting_rows()
        .filter(|lead| lead.kind == ArrivalKind::Live && moment.now.since(lead.waiting_since) > limit)
        .map(|lead| (lead.waiting_since, lead.id))
        .collect();
    let Some(since) = late.iter().map(|(since, _)| *since).min() else { return };
    let Some(latest) = latest_late(hours, since, moment.now, limit) else { return };
    let mut paused = Paused::new(world, moment);
    late.retain(|(since, id)| *since <= latest && world.lead(*id).is_some_and(|lead| !paused.explains(lead)));
    let Some(since) = late.iter().map(|(since, _)| *since).min() else { return };
    if most(world, AlertKind::Delayed, Metric::Queue, moment.now)
        .is_some_and(|most| queued(world, moment) <= most)
    {
        return;
    }
    out.push(Finding {
        key: AlertKey { kind: AlertKind::Delayed, subject: AlertSubject::Desk },
        count: u32::try_from(late.len()).unwrap_or(u32::MAX),
        figure: hours.working_ms_between(since, moment.now),
        limit,
        leads: longest(&mut late),
    });
}

/// Tells whether a pause of a part of the desk is all that a lead waits for.
pub(super) struct Paused<'a> {
    world: &'a World,
    moment: &'a Moment,
    exhausted: Exhausted,
    /// A team or a rule is paused: which leads that holds back only the engine's own answer tells.
    asks: bool,
}

impl<'a> Paused<'a> {
    pub(super) fn new(world: &'a World, moment: &'a Moment) -> Paused<'a> {
        let of_people = |scope: &ModeScope| matches!(scope, ModeScope::Team(_) | ModeScope::Rule(_));
        let asks =
            world.live_modes(moment.now).any(|(scope, set)| of_people(scope) && set.mode == Mode::Paused);
        Paused { world, moment, exhausted: Exhausted::default(), asks }
    }

    pub(super) fn explains(&mut self, lead: &Lead) -> bool {
        if self.world.source_mode(&lead.attrs.source, self.moment.now) == Mode::Paused {
            return true;
        }
        self.asks && {
            let (facts, exhausted) = (LeadFacts::default(), &mut self.exhausted);
            let decision = route(self.world, lead, &facts, self.moment, exhausted, false);
            // Somebody is free for it, and no proposal was made of that.
            decision.held_back && decision.answer == Answer::Wait
        }
    }
}

/// Whether `lead` waits for nobody but a person who accepts the engine's proposal.
#[must_use]
pub fn awaits_acceptance(world: &World, lead: &Lead, moment: &Moment) -> bool {
    world.is_assisted(moment.now) && lead.hold_at(moment.now).is_none() && {
        let mut exhausted = Exhausted::default();
        let decision = route(world, lead, &LeadFacts::default(), moment, &mut exhausted, false);
        matches!(decision.answer, Answer::Propose(_))
    }
}
