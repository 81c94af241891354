//! One order from wish to events: checks the role, decides step by step against a world that already holds the steps
//! before, and serves whoever waits. Deterministic in (world, facts, order, now).
//!
//! It knows no transaction: the host makes the events durable or throws all of them away.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::eligible::{Limits, left_out};
use super::host::Host;
use super::intent::{Intent, LEADS_MAX, Order, Outcome, REASON_BYTES_MAX, Relief};
use super::refusal::Refusal;
use super::route::{Answer, Decision, Exhausted, LeadFacts, route, route_counted};
use super::sweep::HeldBack;
use super::{
    alerts, assist, complaint, credit, desk, ledger, manual, merge, overlay, pool, promotion, receive,
    remedy, roster, timers, trial, undo,
};
use crate::model::actor::{ENGINE, Role};
use crate::model::event::{Assigned, Body, Event, Placer};
use crate::model::id::{BatchId, LeadId, RepId, Seq};
use crate::model::lead::{Charge, Lead};
use crate::model::mode::Mode;
use crate::model::time::Millis;
use crate::world::ramp::turn_cost_milli;
use crate::world::{Moment, QueueKey, World};

/// Most waiting leads one sweep looks at; what is left is the next transaction's.
pub const SWEEP_LOOK_MAX: usize = 20_000;
/// Most leads one sweep places; bounds the transaction so that a person's key does not wait behind it.
pub const SWEEP_PLACE_MAX: usize = 400;

/// Most leads one sweep gives the score that time alone has changed; what is left is the next transaction's.
pub const SWEEP_RESCORE_MAX: usize = 2_000;

/// Why a run stopped: a business "no", or the host's trouble.
#[derive(Debug)]
pub enum Stop<E> {
    Refused(Refusal),
    Host(E),
}

impl<E> From<Refusal> for Stop<E> {
    fn from(refusal: Refusal) -> Self {
        Stop::Refused(refusal)
    }
}

/// Shorthand for what steps return.
pub type Step<H, T = ()> = Result<T, Stop<<H as Host>::Error>>;

/// A run in progress.
pub struct Run<'a, H: Host> {
    pub world: &'a mut World,
    pub host: &'a mut H,
    pub order: &'a Order,
    pub moment: Moment,
    pub role: Role,
    pub outcome: Outcome,
    /// Events so far, in order.
    pub events: Vec<Event>,
    /// Leads the order itself named or brought: what the engine then does with them belongs to the same batch.
    own: BTreeSet<LeadId>,
    /// Set by an import: its chunks share one batch.
    batch: Option<BatchId>,
    engine_batch: Option<BatchId>,
    /// The rule whose timer gives a lead on, and how many of its steps are done then.
    goes_on: Option<(SmolStr, u8)>,
    swept: bool,
    detail: Detail,
}

/// How much of their explanations decisions carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Detail {
    Whole,
    /// What figures need, and everything for one lead.
    Counted(Option<LeadId>),
}

/// What came of looking at one lead.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    Placed,
    /// A mode keeps it from somebody who is free: the next turn may be another's.
    HeldBack,
    Stays,
}

/// What came of an order.
#[derive(Debug)]
pub struct Done {
    pub outcome: Outcome,
    pub events: Vec<Event>,
}

/// Carries out `order` at `now`.
///
/// # Errors
/// A refusal (then no event was recorded) or the host's error (then the caller must throw the transaction away and
/// reload `world`, which may be ahead of the log).
pub fn execute<H: Host>(world: &mut World, host: &mut H, order: &Order, now: Millis) -> Step<H, Done> {
    let role = world.role_of(&order.actor);
    let needs = order.intent.needs();
    if role < needs {
        return Err(Refusal::NotAllowed { needs, has: role }.into());
    }
    check_limits(&order.intent)?;
    let moment = Moment::at(world.book().zone, now);
    world.look_at_clock(now);
    let mut run = Run::new(world, host, order, moment, role, Detail::Whole);
    run.carry_out()?;
    run.aftermath()?;
    Ok(run.finish())
}

/// Leads an order names: what the engine then does with them belongs to its batch.
fn own_leads(intent: &Intent) -> BTreeSet<LeadId> {
    match intent.inner() {
        Intent::Rebalance { moves, .. } | Intent::Relieve { relief: Relief::Give { moves, .. }, .. } => {
            moves.iter().map(|(lead, _)| *lead).collect()
        }
        other => other.leads().iter().copied().collect(),
    }
}

fn check_limits(intent: &Intent) -> Result<(), Refusal> {
    let intent = intent.inner();
    let count = match intent {
        Intent::Receive { leads, .. } => leads.len(),
        Intent::Progress { items, .. } => items.len(),
        Intent::Accept { items } => items.len(),
        Intent::AddReps { cards } => cards.len(),
        Intent::Rebalance { moves, .. } | Intent::Relieve { relief: Relief::Give { moves, .. }, .. } => {
            moves.len()
        }
        other => other.leads().len(),
    };
    if count > LEADS_MAX {
        return Err(Refusal::TooMany { max: LEADS_MAX });
    }
    let text = match intent {
        Intent::Place { reason, .. }
        | Intent::Recall { reason, .. }
        | Intent::Return { reason, .. }
        | Intent::ToPool { reason, .. }
        | Intent::AdjustLedger { reason, .. }
        | Intent::SetSilence { reason, .. }
        | Intent::HandleAlert { note: reason, .. }
        | Intent::Rebalance { reason, .. }
        | Intent::Complain { why: reason, .. }
        | Intent::RuleOn { reason, .. }
        | Intent::Park { reason, .. } => reason,
        Intent::Progress { note, .. } | Intent::Publish { note, .. } => note,
        Intent::SetDivert(wish) => &wish.reason,
        Intent::StartTrial(wish) => &wish.reason,
        Intent::StartPromotion { reason, .. } | Intent::StopPromotion { reason, .. } => reason,
        _ => return Ok(()),
    };
    if text.len() > REASON_BYTES_MAX { Err(Refusal::TooLong { max: REASON_BYTES_MAX }) } else { Ok(()) }
}

/// The ledger entry of a placement at `moment`; without a `turn` it costs none.
pub(super) fn charge(
    world: &World,
    moment: &Moment,
    rep: RepId,
    team: Option<SmolStr>,
    turn: bool,
) -> Charge {
    let milli = world.rep(rep).filter(|_| turn).map_or(0, |r| turn_cost_milli(world.book(), r, moment));
    Charge { rep, team, day: moment.day, milli, placements: 1, claims: 0 }
}

impl<'a, H: Host> Run<'a, H> {
    /// A run of `order` before its first step.
    pub(super) fn new(
        world: &'a mut World,
        host: &'a mut H,
        order: &'a Order,
        moment: Moment,
        role: Role,
        detail: Detail,
    ) -> Self {
        Run {
            world,
            host,
            order,
            moment,
            role,
            outcome: Outcome::default(),
            events: Vec::new(),
            own: own_leads(&order.intent),
            batch: None,
            engine_batch: None,
            goes_on: None,
            swept: false,
            detail,
        }
    }
}

impl<H: Host> Run<'_, H> {
    fn carry_out(&mut self) -> Step<H> {
        let order = self.order;
        self.carry(&order.intent)
    }

    /// Carries out one wish of the order.
    ///
    /// # Errors
    /// See [`Refusal`]; the host's.
    pub(super) fn carry(&mut self, intent: &Intent) -> Step<H> {
        match intent {
            Intent::Receive { leads, import } => receive::receive(self, leads, *import),
            Intent::BeginImport { .. } | Intent::EndImport { .. } => receive::bracket(self, intent),
            Intent::Place { leads, to, reason, force, turn } => {
                manual::place(self, leads, to, reason, *force, *turn)
            }
            Intent::Recall { leads, reason } => manual::recall(self, leads, reason),
            Intent::Return { leads, reason } => manual::give_back(self, leads, reason),
            Intent::Park { leads, reason } => manual::park(self, leads, reason),
            Intent::Free { leads } => manual::free(self, leads),
            Intent::Hold { leads, until } => manual::hold(self, leads, *until),
            Intent::Release { leads } => manual::release(self, leads),
            Intent::Progress { items, note } => manual::progress(self, items, note),
            Intent::Merge { into, leads } => merge::merge(self, *into, leads),
            Intent::Unmerge { leads } => merge::unmerge(self, leads),
            Intent::Edit { lead, attrs, contact, keys } => {
                receive::edit(self, *lead, attrs, contact.as_deref(), keys.as_deref())
            }
            Intent::Unmask { lead } => manual::unmask(self, *lead),
            Intent::AddReps { cards } => roster::add(self, cards),
            Intent::EditRep { rep, card } => roster::edit(self, *rep, card),
            Intent::Duty { rep, on } => roster::duty(self, *rep, *on),
            Intent::SetLeaves { rep, leaves } => roster::leaves(self, *rep, leaves),
            Intent::Deactivate { rep, theirs } => roster::deactivate(self, *rep, *theirs),
            Intent::Reactivate { rep } => roster::reactivate(self, *rep),
            Intent::Publish { text, note, base } => desk::publish(self, text, note, *base),
            Intent::SetMode(mode) => desk::set_mode(self, *mode),
            Intent::SetScopeMode { scope, mode, until } => {
                overlay::set_scope_mode(self, scope, *mode, *until)
            }
            Intent::Accept { items } => assist::accept(self, items),
            Intent::SetDivert(wish) => overlay::set_divert(self, wish),
            Intent::EndDivert { divert } => overlay::end_divert(self, *divert),
            Intent::StartPromotion { promotion, until, reason } => {
                promotion::start(self, promotion, *until, reason)
            }
            Intent::StopPromotion { promotion, reason } => promotion::stop(self, promotion, reason),
            Intent::StartTrial(wish) => trial::start(self, wish),
            Intent::StopTrial => trial::stop(self),
            Intent::SettleTrial => trial::settle(self),
            Intent::Grant { actor, role } => desk::grant(self, actor, *role),
            Intent::Undo { batch } => undo::undo(self, *batch),
            Intent::ToPool { leads, reason } => pool::put(self, leads, reason),
            Intent::Claim { leads } => pool::claim(self, leads),
            Intent::TakeQuiet => pool::take_quiet(self),
            Intent::AdjustLedger { rep, team, milli, reason } => {
                ledger::adjust(self, *rep, team.as_ref(), *milli, reason)
            }
            Intent::Sweep => Ok(()),
            Intent::Timers => timers::serve(self),
            Intent::ResumeTimers { from } => desk::resume_timers(self, *from),
            Intent::ConfirmClock => desk::confirm_clock(self),
            Intent::Watch { steps } => alerts::take(self, steps),
            Intent::HandleAlert { key, episode, wish, note } => {
                alerts::handle(self, *key, *episode, wish, note)
            }
            Intent::SetSilence { kind, subject, until, reason } => {
                alerts::silence(self, *kind, *subject, *until, reason)
            }
            Intent::EndSilence { silence } => alerts::end_silence(self, *silence),
            Intent::Rebalance { moves, reason } => manual::rebalance(self, moves, reason),
            Intent::Complain { lead, why } => complaint::complain(self, *lead, why),
            Intent::RuleOn { complaint, upheld, to, reason } => {
                complaint::rule(self, *complaint, *upheld, *to, reason)
            }
            Intent::Remedy { key, episode, order } => remedy::by_hand(self, *key, *episode, order),
            Intent::Relieve { key, episode, line, relief } => {
                remedy::by_book(self, *key, *episode, line, relief)
            }
        }
    }

    /// What follows every order: returns are settled, and the queue is served where somebody may have become free.
    pub(super) fn aftermath(&mut self) -> Step<H> {
        credit::settle_returns(self)?;
        // A replay asks millions of times: while nobody waits there is nothing to settle, and whoever comes next is swept.
        if self.detail != Detail::Whole && self.world.waiting().is_empty() {
            return Ok(());
        }
        let forced = matches!(self.order.intent, Intent::Sweep);
        if !self.swept && (forced || !self.world.is_settled(self.moment.now)) {
            self.sweep(BTreeMap::new())?;
        }
        Ok(())
    }

    fn finish(self) -> Done {
        let mut outcome = self.outcome;
        outcome.events = self.events.len();
        outcome.first = self.events.first().map_or(Seq(0), |e| e.seq);
        outcome.last = self.events.last().map_or(Seq(0), |e| e.seq);
        outcome.batch = self.events.first().map(|e| e.batch);
        Done { outcome, events: self.events }
    }

    /// The batch this order continues instead of opening its own.
    pub fn under_batch(&mut self, batch: BatchId) {
        self.batch = Some(batch);
    }

    /// What the engine does next is a batch of its own.
    pub fn fresh_batch(&mut self) {
        self.engine_batch = None;
    }

    /// The next placement goes on with a timer's steps instead of starting at the first.
    pub fn goes_on(&mut self, with: (SmolStr, u8)) {
        self.goes_on = Some(with);
    }

    /// Placements start at the first step again.
    pub fn goes_on_no_more(&mut self) {
        self.goes_on = None;
    }

    /// Marks a lead as the order's own.
    pub fn owns(&mut self, lead: LeadId) {
        self.own.insert(lead);
    }

    /// Appends an event in the asker's name.
    ///
    /// # Errors
    /// The host's.
    pub fn emit(&mut self, body: Body) -> Step<H> {
        self.emit_undoing(body, None)
    }

    /// Appends an event in the asker's name that takes back `undoes`.
    ///
    /// # Errors
    /// The host's.
    pub fn emit_undoing(&mut self, body: Body, undoes: Option<Seq>) -> Step<H> {
        let actor = self.order.actor.name.clone();
        let batch = *self.batch.get_or_insert(BatchId(self.world.seq().0 + 1));
        self.append(actor, self.role, batch, body, undoes)
    }

    /// Appends an event in the engine's name. What it does with the order's own leads belongs to the order's batch.
    ///
    /// # Errors
    /// The host's.
    pub fn emit_engine(&mut self, body: Body) -> Step<H> {
        let next = BatchId(self.world.seq().0 + 1);
        let own = body.lead().is_some_and(|lead| self.own.contains(&lead));
        let slot = if own { &mut self.batch } else { &mut self.engine_batch };
        let batch = *slot.get_or_insert(next);
        self.append(SmolStr::new_static(ENGINE), Role::Engine, batch, body, None)
    }

    /// Appends what a log says that people did, at this run's moment.
    ///
    /// # Errors
    /// The host's.
    pub(super) fn append_given(&mut self, given: &Event, body: Body) -> Step<H> {
        let next = BatchId(self.world.seq().0 + 1);
        let batch = *self.batch.get_or_insert(next);
        self.append(given.actor.clone(), given.role, batch, body, given.undoes)
    }

    fn append(
        &mut self,
        actor: SmolStr,
        role: Role,
        batch: BatchId,
        body: Body,
        undoes: Option<Seq>,
    ) -> Step<H> {
        let event = Event {
            seq: Seq(self.world.seq().0 + 1),
            at: self.moment.now,
            actor,
            role,
            console: self.order.actor.console,
            intent: self.order.id,
            batch,
            undoes,
            body,
        };
        let touched = self.world.apply(&event);
        self.world.look_at_clock(self.moment.now);
        if touched.book {
            // Another book may count days in another zone.
            self.moment = Moment::at(self.world.book().zone, self.moment.now);
        }
        self.host.record(self.world, &event, &touched).map_err(Stop::Host)?;
        self.events.push(event);
        Ok(())
    }

    /// Decides a lead of this order and appends what follows; waiting is worth an event with its reasons. Returns whether it
    /// was placed.
    ///
    /// # Errors
    /// The host's.
    pub fn decide(&mut self, lead: LeadId, facts: &LeadFacts) -> Step<H, bool> {
        Ok(self.look_first(lead, facts)? == Look::Placed)
    }

    fn look_first(&mut self, lead: LeadId, facts: &LeadFacts) -> Step<H, Look> {
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
    pub(super) fn look_again(&mut self, lead: LeadId, exhausted: &mut Exhausted) -> Step<H, Look> {
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

    /// The ledger entry of a placement now.
    #[must_use]
    pub fn charge(&self, rep: RepId, team: Option<SmolStr>, turn: bool) -> Charge {
        charge(self.world, &self.moment, rep, team, turn)
    }

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
