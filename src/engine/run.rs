//! One order from wish to events: checks the role, decides step by step against a world that already holds the steps
//! before, and serves whoever waits. Deterministic in (world, facts, order, now).
//!
//! It knows no transaction: the host makes the events durable or throws all of them away. What becomes of one lead is
//! `decide`'s affair, in which order those who wait are asked `serve`'s.

mod decide;
mod serve;

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::host::Host;
use super::intent::{Intent, LEADS_MAX, Order, Outcome, REASON_BYTES_MAX, Relief};
use super::refusal::Refusal;
use super::{
    alerts, assist, complaint, credit, desk, ledger, manual, merge, overlay, pool, promotion, receive,
    remedy, roster, timers, trial, undo,
};
use crate::model::actor::{ENGINE, Role};
use crate::model::event::{Body, Event};
use crate::model::id::{BatchId, LeadId, RepId, Seq};
use crate::model::lead::Charge;
use crate::model::time::Millis;
use crate::world::ramp::turn_cost_milli;
use crate::world::{Moment, World};

pub use serve::{SWEEP_LOOK_MAX, SWEEP_PLACE_MAX};

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

    /// The ledger entry of a placement now.
    #[must_use]
    pub fn charge(&self, rep: RepId, team: Option<SmolStr>, turn: bool) -> Charge {
        charge(self.world, &self.moment, rep, team, turn)
    }
}
