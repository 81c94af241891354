//! One lead's decision within a run: asked of the router, and carried out as the events that follow from it. Whoever waits on
//! is told so only when that is news; whether it was here before is looked up anew only when that may have changed.

use super::{Detail, Look, Run, Step};
use crate::engine::eligible::{Limits, left_out};
use crate::engine::host::Host;
use crate::engine::route::{Answer, Decision, Exhausted, LeadFacts, route, route_counted};
use crate::engine::{receive, timers, trial};
use crate::model::event::{Assigned, Body, Event, Placer};
use crate::model::id::LeadId;
use crate::model::lead::Lead;

impl<H: Host> Run<'_, H> {
    /// Decides a lead of this order and appends what follows; waiting is worth an event with its reasons. Returns whether it
    /// was placed.
    ///
    /// # Errors
    /// The host's.
    pub fn decide(&mut self, lead: LeadId, facts: &LeadFacts) -> Step<H, bool> {
        Ok(self.look_first(lead, facts)? == Look::Placed)
    }

    pub(super) fn look_first(&mut self, lead: LeadId, facts: &LeadFacts) -> Step<H, Look> {
        let Some(row) = self.world.lead(lead) else { return Ok(Look::Stays) };
        let decision = self.route_explained(row, facts, &mut Exhausted::default());
        self.carry_decision(lead, decision)
    }

    /// The decision with as much of its explanation as this run writes down.
    fn route_explained(&self, row: &Lead, facts: &LeadFacts, exhausted: &mut Exhausted) -> Decision {
        match self.detail {
            Detail::Counted(told) if told != Some(row.id) => {
                route_counted(self.world, row, facts, &self.moment, exhausted)
            }
            Detail::Whole | Detail::Counted(_) => {
                route(self.world, row, facts, &self.moment, exhausted, true)
            }
        }
    }

    /// Decides a lead that waited already; that it waits on is no news, unless its place in the queue is another.
    ///
    /// # Errors
    /// The host's.
    pub(in crate::engine) fn look_again(&mut self, lead: LeadId, exhausted: &mut Exhausted) -> Step<H, Look> {
        let Some(row) = self.world.lead(lead) else { return Ok(Look::Stays) };
        let asks_facts = !self.world.book().duplicates.is_empty();
        let was_here = row.twin.is_some() || row.known_owner.is_some();
        // Whoever waits was no duplicate when it came: another look-up is worth its cost only on such occasions.
        let anew = || self.asks_anew() || self.owner_is_back(row) || self.pause_is_over(row);
        let was_here = asks_facts && was_here && anew();
        let mut facts = LeadFacts::default();
        if was_here {
            facts = receive::facts_again(self, lead)?;
        }
        let Some(row) = self.world.lead(lead) else { return Ok(Look::Stays) };
        let quick = route(self.world, row, &facts, &self.moment, exhausted, false);
        if matches!(quick.answer, Answer::Wait | Answer::Propose(_)) && quick.score == row.score {
            return Ok(if quick.held_back { Look::HeldBack } else { Look::Stays });
        }
        if asks_facts && !was_here {
            // It may have come while the engine was paused, when nobody asked.
            facts = receive::facts_again(self, lead)?;
        }
        let Some(row) = self.world.lead(lead) else { return Ok(Look::Stays) };
        let decision = self.route_explained(row, &facts, exhausted);
        let waits = matches!(decision.answer, Answer::Wait | Answer::Propose(_));
        if decision.held_back && waits && decision.score == row.score {
            return Ok(Look::HeldBack);
        }
        self.carry_decision(lead, decision)
    }

    fn carry_decision(&mut self, lead: LeadId, decision: Decision) -> Step<H, Look> {
        if let Some((live, draft)) = trial::differs(self.world, lead, &self.moment, &decision)
            && let Some(trial) = self.world.trial_on().map(|state| state.trial().id)
        {
            self.emit_engine(Body::TrialDiffered { trial, lead, live, draft })?;
        }
        let Decision { answer, score, why, held_back } = decision;
        let stays = if held_back { Look::HeldBack } else { Look::Stays };
        match answer {
            Answer::Wait | Answer::Propose(_) => {
                self.emit_engine(Body::LeadWaits { lead, score, why }).map(|()| stays)
            }
            Answer::Park(reason) => {
                self.emit_engine(Body::LeadParked { lead, reason, score, why }).map(|()| Look::Stays)
            }
            Answer::Give(gift) => {
                let charge = self.charge(gift.rep, gift.team, true);
                let going = self.goes_on.as_ref().filter(|(rule, _)| gift.rule.as_ref() == Some(rule));
                let done = going.map_or(0, |(_, done)| *done);
                let row = self.world.lead(lead);
                let clock = row.and_then(|row| timers::clock_for(self.world, row, gift.rule.as_ref(), done));
                let by = match gift.divert {
                    Some(divert) => Placer::Divert { divert },
                    None => Placer::Engine { rule: gift.rule },
                };
                let body = Body::LeadAssigned(Assigned {
                    lead,
                    rep: gift.rep,
                    from: None,
                    by,
                    book: self.world.published().version,
                    score,
                    charge,
                    turn: gift.turn,
                    why,
                    clock,
                    readmit: None,
                });
                self.emit_engine(body).map(|()| Look::Placed)
            }
        }
    }

    /// Whether the lead may have waited for the person's owner to come to work.
    fn owner_is_back(&self, row: &Lead) -> bool {
        let owner = row.known_owner.and_then(|id| self.world.rep(id));
        let timed = owner.filter(|rep| !rep.shift.time().is_always());
        timed.is_some_and(|rep| left_out(rep, row, &Limits::default(), &self.moment).is_none())
    }

    /// Whether a mode that may have kept the lead from the person's owner has ended by itself, without an event.
    fn pause_is_over(&self, row: &Lead) -> bool {
        let now = self.moment.now;
        let mut ends = self.world.modes().values().filter_map(|set| set.until);
        ends.any(|until| row.waiting_since < until && until <= now)
    }

    /// Whether this order may have made leads duplicates that were none when they came, or came while nobody asked.
    fn asks_anew(&self) -> bool {
        let asks = |e: &Event| {
            matches!(
                e.body,
                Body::BookPublished { .. }
                    | Body::ModeSet { .. }
                    | Body::ScopeModeSet { .. }
                    | Body::LeadFreed { .. }
            )
        };
        self.events.iter().any(asks)
    }
}
