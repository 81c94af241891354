//! `apply`: folds one event into the world. Never fails and never decides; what it cannot place it counts as a fault.
//!
//! Loads, counts and queues follow from the row before and after, so no verb can forget one of them. Events about people are
//! folded by `people`.

mod people;

use std::sync::Arc;

use super::quiet::{Quiet, owing_since};
use super::score::asks_score_again;
use super::step::{received, step};
use super::{OpenImport, Published, QueueKey, World};
use crate::model::alert::AlertKind;
use crate::model::event::{Assigned, Body, Event, Restored};
use crate::model::id::{LeadId, RepId};
use crate::model::lead::{Charge, Lead, LeadState, Touch};
use crate::model::share::Eligible;
use crate::model::time::Millis;

/// What an event changed: which rows to write, and whether somebody may be free now.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    pub lead: Option<LeadId>,
    /// The row as it left the world, when this event closed it.
    pub gone: Option<Arc<Lead>>,
    /// Reps whose card, load or ledger changed (at most a handful).
    pub reps: Vec<RepId>,
    /// Somebody may be able to take a waiting lead now, or one came back to the queue.
    pub frees: bool,
    /// The book was replaced.
    pub book: bool,
    /// Waiting leads whose score the new book changed: their rows are to be written too.
    pub rescored: Vec<LeadId>,
}

impl Touched {
    fn rep(&mut self, rep: RepId) {
        if !self.reps.contains(&rep) {
            self.reps.push(rep);
        }
    }
}

/// What of a lead is counted elsewhere; compared before and after.
#[derive(Clone, Copy)]
struct Traces {
    state: LeadState,
    carrier: Option<RepId>,
    queue: QueueKey,
    hold_end: Option<Millis>,
    twin: bool,
    owing_since: Option<Millis>,
    quiet: Option<Millis>,
}

impl Traces {
    fn of(lead: &Lead, clock: Quiet<'_>, had: &[(RepId, Millis)]) -> Traces {
        Traces {
            state: lead.state,
            carrier: lead.owner.filter(|_| lead.state.is_load()),
            queue: QueueKey::of(lead),
            hold_end: lead.hold.as_ref().map(|h| h.until),
            twin: lead.twin.is_some(),
            owing_since: owing_since(lead, had),
            quiet: clock.goes_to_pool_at(lead, had),
        }
    }
}

impl World {
    /// Folds `event` in. Events must come in seq order, each once.
    pub fn apply(&mut self, event: &Event) -> Touched {
        debug_assert_eq!(event.seq.0, self.seq.0 + 1, "events are folded in order");
        let mut touched = Touched::default();
        self.tally(event);
        match &event.body {
            Body::LeadReceived(r) => {
                self.next_lead = self.next_lead.max(r.lead.0 + 1);
                self.admit_new(event, &mut touched);
            }
            Body::LeadEdited(e) => self.change(e.lead, e.readmit.as_deref(), event, &mut touched),
            Body::LeadAssigned(a) => self.assigned(a, event, &mut touched),
            Body::LeadProgressed { lead, readmit, .. } | Body::LeadMerged { lead, readmit, .. } => {
                self.change(*lead, readmit.as_deref(), event, &mut touched);
            }
            Body::LeadRestored(r) => self.restored(r, event, &mut touched),
            Body::LeadWaits { lead, .. }
            | Body::LeadParked { lead, .. }
            | Body::LeadRecalled { lead, .. }
            | Body::LeadReturned { lead, .. }
            | Body::LeadHeld { lead, .. }
            | Body::LeadReleased { lead }
            | Body::LeadFreed { lead }
            | Body::LeadPooled { lead, .. } => self.change(*lead, None, event, &mut touched),
            Body::LeadUnmasked { .. } => {}
            Body::ComplaintRaised { complaint, after, .. } => {
                self.put_complaint(*complaint, after.as_deref());
            }
            Body::ComplaintRuled { complaint, after, .. } => self.put_ruling(*complaint, after.as_deref()),
            Body::BatchUndone { batch, .. } => self.relief_undone(*batch),
            Body::LeadReminded(note) => self.reminded(note),
            Body::LeadEscalated(note) => self.escalated(note, event.at),
            Body::TimersResumed { from } => {
                self.skip_time(*from, event.at);
                self.leave_out(*from, event.at);
            }
            Body::RepAdded { .. }
            | Body::RepEdited { .. }
            | Body::RepDuty { .. }
            | Body::RepLeave { .. }
            | Body::RepActive { .. }
            | Body::LedgerEntered { .. } => self.roster_event(event, &mut touched),
            Body::BookPublished { version, text, note } => {
                self.settle_clocks(None, event.at);
                let (book, matcher) = super::compiled(text);
                self.published = Published {
                    version: *version,
                    text: text.clone(),
                    note: note.clone(),
                    by: event.actor.clone(),
                    at: event.at,
                    batch: event.batch,
                    book,
                    matcher,
                };
                self.refresh_pools();
                self.refresh_quiet();
                self.set_timers(None);
                touched.rescored = self.rescore_unowned(event.at);
                touched.book = true;
                touched.frees = true;
            }
            Body::ModeSet { after, .. } => {
                self.set_mode(*after, event.at);
                touched.frees = true;
            }
            Body::ScopeModeSet { scope, after, .. } => {
                self.set_scope_mode(scope, after.as_ref(), event.at);
                touched.frees = true;
            }
            Body::DivertChanged { divert, after, .. } => {
                self.put_divert(*divert, after.as_deref(), event.at);
                touched.frees = true;
            }
            Body::PromotionStarted { promotion, after, .. }
            | Body::PromotionStopped { promotion, after, .. } => {
                self.switch_promotion(promotion, after.as_deref(), event.at);
                touched.frees = true;
            }
            Body::TrialChanged { trial, after, end, .. } => {
                self.settle_clocks(None, event.at);
                self.put_trial(*trial, after.as_deref(), end.as_ref(), event.at);
                self.set_timers(None);
                touched.frees = true;
            }
            Body::TrialDiffered { .. } => {}
            Body::RoleGranted { actor, after, .. } => match after {
                Some(role) => {
                    self.roles.insert(actor.clone(), *role);
                }
                None => {
                    self.roles.remove(actor);
                }
            },
            Body::AlertPending { .. }
            | Body::AlertDropped { .. }
            | Body::AlertFired { .. }
            | Body::AlertCondition { .. }
            | Body::AlertHandled { .. }
            | Body::AlertNoted { .. }
            | Body::SilenceSet { .. }
            | Body::AlertNoticed(_)
            | Body::AlertRemedied(_) => self.alert_event(event),
            Body::AlertCleared { key, cleared } => {
                self.alert_cleared(*key, cleared, event.at);
                if key.kind == AlertKind::ClockSuspect {
                    self.trust_clock(event.at);
                }
            }
            Body::ImportBegan { fingerprint, name, .. } => {
                let open = OpenImport { batch: event.batch, name: name.clone(), began_at: event.at };
                self.imports.insert(*fingerprint, open);
            }
            Body::ImportEnded { fingerprint, .. } => {
                self.imports.remove(fingerprint);
            }
        }
        if touched.frees || !touched.reps.is_empty() && self.has_modes_of_parts() {
            self.settled = None;
            self.swept_to = None;
        }
        self.seq = event.seq;
        self.last_at = event.at;
        touched
    }

    fn admit_new(&mut self, event: &Event, touched: &mut Touched) {
        let Body::LeadReceived(r) = &event.body else { return };
        let mut lead = received(r, event);
        lead.touched = Touch { seq: event.seq, at: event.at, actor: event.actor.clone() };
        if lead.state == LeadState::Waiting {
            lead.score = self.score_of(&lead, event.at);
        }
        if lead.state == LeadState::Waiting {
            self.settle_until_it_waited(lead.waiting_since);
        }
        self.counts[lead.state as usize] += 1;
        let clock = Quiet { book: &self.published.book, reps: &self.reps, gaps: &self.gaps };
        self.enter(Traces::of(&lead, clock, &[]), lead.id, touched);
        self.keep(lead, touched);
    }

    /// A newcomer may be the next whom time frees, also one that another process took in.
    fn settle_until_it_waited(&mut self, since: Millis) {
        let Some(edge) = self.pools.waits.iter().map(|wait| since.plus((*wait).max(1))).min() else { return };
        if let Some((_, until)) = &mut self.settled {
            *until = edge.min(*until);
        }
        if let Some((_, _, until)) = &mut self.swept_to {
            *until = edge.min(*until);
        }
    }

    /// Runs the row step and squares the accounts. `readmit` is the row of a lead that had left.
    fn change(&mut self, id: LeadId, readmit: Option<&Lead>, event: &Event, touched: &mut Touched) {
        let clock = Quiet { book: &self.published.book, reps: &self.reps, gaps: &self.gaps };
        let had = self.had.get(&id).map_or(&[][..], Vec::as_slice);
        let before = if let Some(lead) = self.leads.get_mut(&id).map(Arc::make_mut) {
            let before = Traces::of(lead, clock, had);
            step(lead, event);
            before
        } else if let Some(row) = readmit {
            let mut lead = row.clone();
            let mut before = Traces::of(&lead, clock, &[]);
            before.quiet = None;
            before.carrier = None;
            before.hold_end = None;
            before.twin = false;
            step(&mut lead, event);
            self.leads.insert(id, Arc::new(lead));
            before
        } else {
            self.faults += 1;
            return;
        };
        if asks_score_again(&event.body)
            && let Some(score) = self.stale_score(id, event.at)
            && let Some(lead) = self.lead_mut(id)
        {
            lead.score = score;
        }
        self.remember_owner(id, before.carrier.zip(before.owing_since), event);
        let clock = Quiet { book: &self.published.book, reps: &self.reps, gaps: &self.gaps };
        let had = self.had_of(id);
        let Some(after) = self.lead(id).map(|lead| Traces::of(lead, clock, had)) else { return };
        if before.state != after.state {
            self.counts[before.state as usize] = self.counts[before.state as usize].saturating_sub(1);
            self.counts[after.state as usize] += 1;
        }
        self.leave(before, id, touched);
        self.enter(after, id, touched);
        touched.frees |= after.state == LeadState::Waiting && before.state != LeadState::Waiting;
        touched.frees |= before.carrier != after.carrier;
        touched.frees |= before.hold_end.is_some() && after.hold_end.is_none();
        touched.lead = Some(id);
        if !self.clocks.is_empty() {
            // Whoever answers stops the clock, and so does another owner; a hold or a pin only moves the timer.
            if after.state == LeadState::Assigned && after.carrier == before.carrier {
                self.set_timer(id);
            } else {
                self.drop_clock(id);
            }
        }
        if let Body::LeadRecalled { timer: Some(_), .. } = &event.body {
            self.timer_moved(event.at);
        }
        if !after.state.is_open() {
            touched.gone = self.leads.remove(&id);
            self.trial_forgets(id);
            self.had.remove(&id);
        }
    }

    /// Takes the traces of a row out of every index and sum.
    fn leave(&mut self, t: Traces, id: LeadId, touched: &mut Touched) {
        match t.state {
            LeadState::Waiting => {
                self.waiting.remove(&t.queue);
            }
            LeadState::Parked => {
                self.parked.remove(&id);
            }
            _ => {}
        }
        if let Some(until) = t.hold_end {
            self.held.remove(&(until, id));
        }
        if t.twin {
            self.twins.remove(&id);
        }
        if let Some(at) = t.quiet {
            self.quiet.remove(&(at, id));
        }
        if let Some(rep) = t.carrier {
            touched.rep(rep);
            match self.rep_mut(rep) {
                Some(r) if r.load > 0 => r.load -= 1,
                _ => self.faults += 1,
            }
        }
    }

    /// Puts the traces of a row into every index and sum.
    fn enter(&mut self, t: Traces, id: LeadId, touched: &mut Touched) {
        if !t.state.is_open() {
            return;
        }
        match t.state {
            LeadState::Waiting => {
                self.waiting.insert(t.queue);
            }
            LeadState::Parked => {
                self.parked.insert(id);
            }
            _ => {}
        }
        if let Some(until) = t.hold_end {
            self.held.insert((until, id));
        }
        if t.twin {
            self.twins.insert(id);
        }
        if let Some(at) = t.quiet {
            self.quiet.insert((at, id));
        }
        if let Some(rep) = t.carrier {
            touched.rep(rep);
            match self.rep_mut(rep) {
                Some(r) => r.load += 1,
                None => self.faults += 1,
            }
        }
    }

    /// Keeps an open row, or hands a closed one out.
    fn keep(&mut self, lead: Lead, touched: &mut Touched) {
        touched.lead = Some(lead.id);
        if lead.state.is_open() {
            self.leads.insert(lead.id, Arc::new(lead));
        } else {
            touched.gone = Some(Arc::new(lead));
        }
    }

    fn assigned(&mut self, a: &Assigned, event: &Event, touched: &mut Touched) {
        self.change(a.lead, a.readmit.as_deref(), event, touched);
        self.book_charge(&a.charge, touched);
        self.count_turn(a);
        if let Some(start) = &a.clock {
            self.start_clock(a.lead, start, event.at);
        }
        if let Some(rep) = self.rep_mut(a.rep)
            && a.charge.milli != 0
        {
            rep.last_turn = event.seq;
        }
        if let Some((rule, _)) = &a.turn {
            self.turns.insert(rule.clone(), a.rep);
        }
        self.last_assigned_at = event.at;
        // Giving somebody a lead frees nobody, unless it took it from someone.
        touched.frees = a.from.is_some_and(|from| from != a.rep);
    }

    fn restored(&mut self, r: &Restored, event: &Event, touched: &mut Touched) {
        let id = r.row.id;
        if self.leads.contains_key(&id) {
            self.change(id, None, event, touched);
        } else {
            self.readmit_restored(r, event, touched);
        }
        for charge in &r.charges {
            self.book_charge(charge, touched);
        }
        for share in &r.shares {
            let how = (i64::from(share.leads), self.reps.len());
            self.shares.count(share.day, share.rep, share.free.iter().copied(), &share.weights, how);
        }
        if let Some(start) = &r.clock {
            self.start_clock(id, start, event.at);
        }
        for (rule, rep) in &r.turns {
            match rep {
                Some(rep) => self.turns.insert(rule.clone(), *rep),
                None => self.turns.remove(rule),
            };
        }
        touched.frees = true;
    }

    /// An undo brings back a lead that had left: `was` tells the count it leaves.
    fn readmit_restored(&mut self, r: &Restored, event: &Event, touched: &mut Touched) {
        let mut lead = (*r.row).clone();
        step(&mut lead, event);
        let was = r.was as usize;
        self.counts[was] = self.counts[was].saturating_sub(1);
        self.counts[lead.state as usize] += 1;
        if matches!(lead.state, LeadState::Waiting | LeadState::Parked) {
            lead.score = self.score_of(&lead, event.at);
        }
        let clock = Quiet { book: &self.published.book, reps: &self.reps, gaps: &self.gaps };
        self.enter(Traces::of(&lead, clock, &[]), lead.id, touched);
        self.keep(lead, touched);
    }

    fn count_turn(&mut self, a: &Assigned) {
        let how = (1, self.reps.len());
        match a.eligible() {
            Some(Eligible::Pool(trace)) => {
                let free = trace.free.iter().map(|(rep, _)| *rep);
                self.shares.count(a.charge.day, a.rep, free, &trace.weights, how);
            }
            Some(Eligible::Alone) => {
                self.shares.count(a.charge.day, a.rep, std::iter::once(a.rep), &[], how);
            }
            None => {}
        }
    }

    fn book_charge(&mut self, charge: &Charge, touched: &mut Touched) {
        touched.rep(charge.rep);
        let Some(rep) = self.rep_mut(charge.rep) else {
            self.faults += 1;
            return;
        };
        rep.ledger.book(charge.day, charge.milli, 0, charge.placements);
        if charge.claims != 0 {
            rep.ledger.book_claims(charge.day, charge.claims);
        }
        rep.lifetime_milli += charge.milli;
        if let Some(team) = &charge.team {
            rep.team_ledger_mut(team).book(charge.day, charge.milli, 0, charge.placements);
        }
    }
}
