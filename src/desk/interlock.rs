//! The interlock: the only writer. One group of orders is one transaction: catch up with what others wrote, decide each
//! order, append, commit. Nobody sees anything of it before COMMIT returned.
//!
//! No thread and no clock here: `service` drives it, and so does the simulation.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use smol_str::SmolStr;

use super::keep::{Errand, Keep};
use crate::engine::{self, BatchFacts, CompanyHit, Hit, Host, Order, Outcome, Refusal, Stop};
use crate::model::contact_card::ContactCard;
use crate::model::event::{Event, IntentId};
use crate::model::id::{BatchId, BookVersion, LeadId, Seq};
use crate::model::lead::Lead;
use crate::model::time::Millis;
use crate::store::{CATCH_UP_MAX, Store, StoreError, Txn};
use crate::watch::{WatchState, tell};
use crate::world::{Touched, World};

/// Most leads or orders put into one transaction, so that a commit stays short.
pub const GROUP_MAX: usize = 500;
/// Events folded per read when catching up outside a transaction.
const TAIL_MAX: usize = 5_000;
/// Most events of others handed on one by one; whoever missed more takes a fresh copy of the world.
const NEWS_MAX: usize = 20_000;
/// Events the watch's sums fold in one go when they have to catch up with the log: some tens of milliseconds.
const WATCH_TAIL_MAX: usize = 5_000;
/// Times a transaction is given up because others wrote faster than we folded, before it says so.
const BEHIND_MAX: usize = 20;

/// Why an order has no outcome.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Denied {
    /// The business "no"; nothing was appended.
    #[error("{0:?}")]
    Refused(Refusal),
    /// The file's trouble; nothing of this order was kept unless the error says it is uncertain.
    #[error("{0}")]
    Store(Arc<StoreError>),
    /// The desk is closing.
    #[error("the desk is closing; nothing was changed")]
    Closing,
}

impl From<StoreError> for Denied {
    fn from(error: StoreError) -> Self {
        Denied::Store(Arc::new(error))
    }
}

/// What an order came to.
pub type Answer = Result<Outcome, Denied>;

/// What a group came to.
#[derive(Debug)]
pub struct Group {
    /// One answer an order, in order.
    pub answers: Vec<Answer>,
    /// Everything new since the last group: others' events first, then ours. All committed.
    pub events: Vec<Event>,
    /// The world was read anew from the file; whoever folds along must take a fresh copy.
    pub reloaded: bool,
}

/// Every point of a transaction at which a simulated crash can strike; at a statement, before and after it.
pub const CRASH_POINTS: [&str; 11] = [
    "known",
    "key hits",
    "company hits",
    "closed lead",
    "lead events",
    "batch",
    "book text",
    "contact",
    "record",
    "before commit",
    "after commit",
];

/// Where a simulated crash can strike; `true` = here.
pub type Trip = Box<dyn FnMut(&'static str) -> bool + Send>;

/// The writer's side of one open desk.
pub struct Interlock {
    store: Store,
    world: World,
    /// A transaction failed and the log could not be read since: the world may hold what was never committed.
    is_ahead: bool,
    /// Whether the last failure of the leader's work made the world be read anew.
    was_reloaded: bool,
    trip: Option<Trip>,
    /// The watch's sums, of committed events only; kept from the first time this process leads.
    watch: Option<WatchState>,
}

impl std::fmt::Debug for Interlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Interlock").field("path", &self.store.path()).field("seq", &self.world.seq()).finish()
    }
}

impl Interlock {
    /// Loads the world of an open store.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn new(store: Store, progress: &mut dyn FnMut(u64, u64)) -> Result<Interlock, StoreError> {
        let world = store.load_world(progress)?;
        Ok(Interlock { store, world, is_ahead: false, was_reloaded: false, trip: None, watch: None })
    }

    /// Plants a crash for the simulation: `trip` is asked before and after every statement.
    pub fn plant(&mut self, trip: Trip) {
        self.trip = Some(trip);
    }

    /// The connection, for a simulation to make trouble on.
    pub fn store_mut(&mut self) -> &mut Store {
        &mut self.store
    }

    /// Whether the world may hold what was never committed, because the log could not be read after a failure. Nobody may
    /// be shown it then; [`Interlock::mend`] comes first.
    #[must_use]
    pub fn is_ahead(&self) -> bool {
        self.is_ahead
    }

    /// Reads the world anew if it may be ahead of the log. `true` = it was read: followers must take a fresh copy.
    ///
    /// # Errors
    /// When the log still cannot be read.
    pub fn mend(&mut self) -> Result<bool, StoreError> {
        let ahead = self.is_ahead;
        if ahead {
            self.reload()?;
        }
        Ok(ahead)
    }

    /// The world after the last group.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The connection, for reads.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.store.path()
    }

    /// The watch's sums, when they are those of the present world.
    #[must_use]
    pub fn watch(&self) -> Option<&WatchState> {
        self.watch.as_ref().filter(|watch| watch.seq() == self.world.seq())
    }

    /// Brings the watch's sums up to the world: from the newest checkpoint that has them, else from the first event, some
    /// thousand events a call. `true` = they are there.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn keep_watch(&mut self) -> Result<bool, StoreError> {
        let to = self.world.seq();
        let mut watch = match self.watch.take().filter(|watch| watch.seq() <= to) {
            Some(watch) => watch,
            None => self.store.load_watch(to)?.unwrap_or_default(),
        };
        if watch.seq() < to {
            let from = Seq(watch.seq().0 + 1);
            let events = self.store.events(from, to, WATCH_TAIL_MAX)?;
            for event in &events {
                watch.apply(event);
            }
            if events.len() == WATCH_TAIL_MAX {
                self.store.forget_pages()?;
            }
        }
        let is_there = watch.seq() == to;
        self.watch = Some(watch);
        Ok(is_there)
    }

    /// Folds committed events into the watch's sums. What does not follow on is left to [`Interlock::keep_watch`].
    fn follow(&mut self, events: &[Event]) {
        let Some(watch) = &mut self.watch else { return };
        for event in events {
            if event.seq.0 == watch.seq().0 + 1 {
                watch.apply(event);
            }
        }
    }

    /// Folds what others committed, without taking the write lock.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn catch_up(&mut self) -> Result<Vec<Event>, StoreError> {
        let mut all = Vec::new();
        loop {
            let events = self.store.tail(&mut self.world, TAIL_MAX)?;
            let done = events.len() < TAIL_MAX;
            self.follow(&events);
            all.extend(events);
            if done {
                return Ok(all);
            }
        }
    }

    /// Writes a checkpoint of the present world.
    ///
    /// # Errors
    /// When the file refuses.
    pub fn checkpoint(&mut self, at: Millis) -> Result<(), StoreError> {
        self.store.write_checkpoint(&self.world, self.watch.as_ref(), at)
    }

    /// Whether the leader's work failed after the world had moved, so that it was read anew and listeners must do so too.
    #[must_use]
    pub fn was_reloaded(&self) -> bool {
        self.was_reloaded
    }

    /// Keeps the write-ahead log short; see [`Store::trim_wal`].
    ///
    /// # Errors
    /// `Pinned`, the file's.
    pub fn trim_wal(&mut self) -> Result<u64, StoreError> {
        self.store.trim_wal()
    }

    /// See [`Store::optimize`].
    ///
    /// # Errors
    /// `Busy`; nothing is lost.
    pub fn optimize(&mut self) -> Result<(), StoreError> {
        self.store.optimize()
    }

    /// Carries out `orders` in one transaction. A fault in one makes all run one by one, so that only the culprit fails.
    pub fn group(&mut self, orders: &[Order], now: Millis) -> Group {
        self.group_keeping(orders, &[], now)
    }

    /// The same with the answers that are to be kept, one an order; none for orders past the end of `keeps`.
    pub fn group_keeping(&mut self, orders: &[Order], keeps: &[Option<Box<Keep>>], now: Millis) -> Group {
        match self.attempt(orders, keeps, now, &mut |_, _| Ok(true)) {
            Ok(group) => group,
            Err(error) => self.after_failure(orders, keeps, now, error),
        }
    }

    /// Changes what the doors keep, in a transaction of its own. The world is not concerned.
    ///
    /// # Errors
    /// The file's trouble; nothing was kept unless it says it is uncertain.
    pub fn errand(&mut self, errand: &Errand) -> Result<usize, StoreError> {
        let mut txn = self.store.begin()?;
        let done = errand.run(&mut txn)?;
        txn.commit(&self.world)?;
        Ok(done)
    }

    /// The leader's work: `lease` renews or takes the lease in the same transaction and says whether we lead; without the
    /// lead nothing is carried out.
    ///
    /// # Errors
    /// The file's trouble; nothing was kept.
    pub fn lead(
        &mut self,
        orders: &[Order],
        now: Millis,
        lease: &mut dyn FnMut(&mut Txn<'_>, &World) -> Result<bool, StoreError>,
    ) -> Result<Group, StoreError> {
        match self.attempt(orders, &[], now, lease) {
            Ok(group) => Ok(group),
            Err(error) => {
                // If the reading fails too, the world stays marked and nothing is shown of it.
                self.was_reloaded = self.is_ahead && self.reload().is_ok();
                Err(error)
            }
        }
    }

    fn attempt(
        &mut self,
        orders: &[Order],
        keeps: &[Option<Box<Keep>>],
        now: Millis,
        before: &mut dyn FnMut(&mut Txn<'_>, &World) -> Result<bool, StoreError>,
    ) -> Result<Group, StoreError> {
        let mut reloaded = self.mend()?;
        let Interlock { store, world, trip, is_ahead, .. } = self;
        let (mut events, mut tries) = (Vec::new(), 0);
        let (mut txn, last) = loop {
            let txn = store.begin()?;
            tries += 1;
            let last = txn.last_seq()?;
            if last.0.saturating_sub(world.seq().0) <= CATCH_UP_MAX || tries > BEHIND_MAX {
                break (txn, last);
            }
            // Nobody else may write while we hold the transaction: fold the bulk outside it. Should that fail half way, the
            // followers were not told of the first half.
            drop(txn);
            *is_ahead = true;
            while store.last_seq()? > world.seq() {
                let more = store.tail(world, TAIL_MAX)?;
                if more.is_empty() {
                    break;
                }
                events.extend(more);
                if events.len() > NEWS_MAX {
                    events.clear();
                    reloaded = true;
                }
            }
        };
        // Until COMMIT returned, whatever fails leaves the world with what is not in the log.
        *is_ahead = true;
        events.extend(txn.catch_up_to(world, last)?);
        let mut answers = Vec::with_capacity(orders.len());
        let mut swept = (0, Millis::default());
        if before(&mut txn, world)? {
            let mut guarded = Guarded { txn: &mut txn, trip };
            for (at, order) in orders.iter().enumerate() {
                let keep = keeps.get(at).and_then(Option::as_deref);
                if let Some(told) = keep.map(|keep| keep.before(guarded.txn)).transpose()?.flatten() {
                    answers.push(Ok(told));
                    continue;
                }
                match engine::execute(world, &mut guarded, order, now) {
                    Ok(mut done) => {
                        events.extend(done.events);
                        if let Some(keep) = keep {
                            keep.after(guarded.txn, world, &mut done.outcome, now)?;
                            swept = (swept.0 + u32::from(keep.key.is_some()), keep.since);
                        }
                        answers.push(Ok(done.outcome));
                    }
                    Err(Stop::Refused(refusal)) => answers.push(Err(Denied::Refused(refusal))),
                    Err(Stop::Host(error)) => return Err(error),
                }
            }
        }
        if swept.0 > 0 {
            txn.sweep_answers(swept.1, swept.0)?;
        }
        tripped(trip, "before commit")?;
        txn.commit(world)?;
        tripped(trip, "after commit")
            .map_err(|error| StoreError::Uncertain { path: PathBuf::new(), why: error.to_string() })?;
        *is_ahead = false;
        self.follow(&events);
        Ok(Group { answers, events, reloaded })
    }

    /// The world may be ahead of the log: read it anew, then find out what became of each order. What cannot be looked up
    /// is answered with the first error: it says whether the change may have reached the disk.
    fn after_failure(
        &mut self,
        orders: &[Order],
        keeps: &[Option<Box<Keep>>],
        now: Millis,
        error: StoreError,
    ) -> Group {
        let alone = error.is_fault() && orders.len() > 1;
        let denied = Denied::from(error);
        let moved = self.is_ahead;
        if moved && self.reload().is_err() {
            let answers = orders.iter().map(|_| Err(denied.clone())).collect();
            return Group { answers, events: Vec::new(), reloaded: false };
        }
        let mut answers = Vec::with_capacity(orders.len());
        for (at, order) in orders.iter().enumerate() {
            let keep = keeps.get(at).unwrap_or(&None);
            answers.push(match self.looked_up(order, keep.as_deref()) {
                Ok(Some(outcome)) => Ok(outcome),
                Ok(None) if alone => self.one(order, keep, now),
                Ok(None) | Err(_) => Err(denied.clone()),
            });
        }
        Group { answers, events: Vec::new(), reloaded: (moved || alone) && !self.is_ahead }
    }

    /// What became of an order whose transaction failed, as far as the file knows it.
    fn looked_up(&self, order: &Order, keep: Option<&Keep>) -> Result<Option<Outcome>, StoreError> {
        // A kept answer tells it whole, also of an order that had nothing to append.
        if let Some((keep, key)) = keep.and_then(|keep| Some((keep, keep.key.as_ref()?)))
            && let Some(kept) = self.store.kept_answer(key)?
        {
            return Ok(Some(keep.told(kept)));
        }
        let Some(record) = self.store.outcome(order.id)? else { return Ok(None) };
        let mut outcome = self.outcome_from_log(order.id, &record);
        if let Some(keep) = keep {
            let (status, body) = (keep.render)(&self.world, &outcome);
            outcome.told = Some(engine::Told::Now { status, body });
        }
        Ok(Some(outcome))
    }

    fn one(&mut self, order: &Order, keep: &Option<Box<Keep>>, now: Millis) -> Answer {
        match self.attempt(std::slice::from_ref(order), std::slice::from_ref(keep), now, &mut |_, _| Ok(true))
        {
            Ok(mut group) => group.answers.pop().unwrap_or(Err(Denied::Closing)),
            Err(error) => {
                if self.is_ahead {
                    // If this fails too, the world stays marked and nothing is shown of it.
                    let _ = self.reload();
                }
                match self.looked_up(order, keep.as_deref()) {
                    Ok(Some(outcome)) => Ok(outcome),
                    Ok(None) | Err(_) => Err(error.into()),
                }
            }
        }
    }

    /// What the log says an order did, for a caller whose answer was lost.
    fn outcome_from_log(&self, id: IntentId, record: &crate::store::IntentRecord) -> Outcome {
        let mut outcome = Outcome {
            batch: Some(record.batch),
            first: record.first,
            last: record.last,
            ..Outcome::default()
        };
        if let Ok(events) = self.store.events(record.first, record.last, TAIL_MAX) {
            for event in events.iter().filter(|e| e.intent == id) {
                outcome.events += 1;
                match &event.body {
                    crate::model::event::Body::LeadReceived(r) => {
                        outcome.taken.push(engine::Taken::New(r.lead));
                    }
                    crate::model::event::Body::RepAdded { rep, .. } => outcome.reps.push(*rep),
                    body => outcome.done.extend(body.lead()),
                }
            }
        }
        outcome.done.sort_unstable();
        outcome.done.dedup();
        outcome
    }

    /// Drops the world and reads it from the file.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub fn reload(&mut self) -> Result<(), StoreError> {
        self.world = self.store.load_world(&mut |_, _| {})?;
        self.is_ahead = false;
        Ok(())
    }
}

/// Asks the planted crash, if there is one, whether it strikes here.
fn tripped(trip: &mut Option<Trip>, at: &'static str) -> Result<(), StoreError> {
    match trip {
        Some(trip) => {
            if trip(at) {
                let why = format!("planted crash at {at}");
                return Err(StoreError::Io { path: PathBuf::new(), why });
            }
            Ok(())
        }
        None => Ok(()),
    }
}

/// The transaction as the engine's host, with planted crashes before and after each statement.
struct Guarded<'a, 'b> {
    txn: &'a mut Txn<'b>,
    trip: &'a mut Option<Trip>,
}

impl Guarded<'_, '_> {
    fn guard<T>(
        &mut self,
        at: &'static str,
        call: impl FnOnce(&mut Txn<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        tripped(self.trip, at)?;
        let answer = call(self.txn)?;
        tripped(self.trip, at)?;
        Ok(answer)
    }
}

impl Host for Guarded<'_, '_> {
    type Error = StoreError;

    fn key_hits(&mut self, world: &World, keys: &[u64], since: Millis) -> Result<Vec<Hit>, StoreError> {
        self.guard("key hits", |txn| txn.key_hits(world, keys, since))
    }

    fn company_hits(
        &mut self,
        company: &str,
        least: u32,
        since: Millis,
    ) -> Result<Vec<CompanyHit>, StoreError> {
        self.guard("company hits", |txn| txn.company_hits(company, least, since))
    }

    fn known(&mut self, system: &str, external_id: &str) -> Result<Option<LeadId>, StoreError> {
        self.guard("known", |txn| txn.known(system, external_id))
    }

    fn closed_lead(&mut self, lead: LeadId) -> Result<Option<Lead>, StoreError> {
        self.guard("closed lead", |txn| txn.closed_lead(lead))
    }

    fn lead_events(&mut self, lead: LeadId, before: Seq) -> Result<Vec<Event>, StoreError> {
        self.guard("lead events", |txn| txn.lead_events(lead, before))
    }

    fn batch(&mut self, batch: BatchId) -> Result<Option<BatchFacts>, StoreError> {
        self.guard("batch", |txn| txn.batch(batch))
    }

    fn book_text(&mut self, version: BookVersion) -> Result<Option<SmolStr>, StoreError> {
        self.guard("book text", |txn| txn.book_text(version))
    }

    fn keep_contact(&mut self, lead: LeadId, contact: &ContactCard) -> Result<(), StoreError> {
        self.guard("contact", |txn| txn.keep_contact(lead, contact))
    }

    fn record(&mut self, world: &World, event: &Event, touched: &Touched) -> Result<(), StoreError> {
        self.guard("record", |txn| {
            txn.record(world, event, touched)?;
            let tidings = tell::tidings(world, event);
            if tidings.is_empty() { Ok(()) } else { txn.tell(event, &tidings) }
        })
    }
}
