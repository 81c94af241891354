//! The desk at work: one thread that owns the interlock, and [`DeskHandle`] for everyone else.
//!
//! It groups what is asked, notices what other consoles commit, and does the leader's work when it leads. It decides
//! nothing itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::{broadcast, oneshot};

use super::clock::{Clock, boot_id};
use super::handle::{DeskHandle, FOLLOWS, Message, News, READ_ONLY, UNSETTLED};
use super::interlock::{Answer, Denied, GROUP_MAX, Group, Interlock};
use super::keep::Keep;
use super::leader::{LEASE_RENEW_MS, LEASE_TTL_MS, Leader};
use super::watcher::FileWatcher;
use crate::engine::Order;
use crate::model::id::Seq;
use crate::store::{Store, StoreError};
use crate::world::World;

/// Committed groups a slow listener may lag behind before it must take a fresh copy of the world.
const FEED_MAX: usize = 4_096;
/// After a file event, looks at these moments (milliseconds): the event can come before the commit.
const LOOKS_MS: [u64; 5] = [0, 2, 10, 50, 150];
/// The same after a commit of our own: the event is most likely ours, and somebody else's at the same time is seen a little
/// later.
const LOOKS_OWN_MS: [u64; 1] = [150];
/// How long after a commit of our own file events count as ours.
const OWN_EVENTS: Duration = Duration::from_millis(20);
/// Commits of our own, each within [`LOOKS_OWN_MS`] of the last, after which the watcher of the files sleeps.
const STREAK: u32 = 3;
/// The fallback when file events do not come, in milliseconds.
const POLL_MS: u64 = 1_000;
/// Events after which an idle moment is used for a checkpoint.
const CHECKPOINT_EVENTS: u64 = 20_000;
/// Events after which one is written whoever waits: folding them again takes a start some tenths of a second.
const CHECKPOINT_OVERDUE: u64 = 200_000;
/// Longest a group collects orders, in leads, so that bulk writers leave room for a person's key.
const GROUP_LEADS_MAX: usize = 500;
/// How long a group waits for as many orders as the one before had: whoever was answered just now is about to ask again, and
/// one sync for all of them costs as much as for one.
const GATHER: Duration = Duration::from_micros(100);

/// How a desk is opened.
#[derive(Debug, Clone)]
pub struct DeskOptions {
    pub clock: Clock,
    /// Whether this process may do the leader's work.
    pub may_lead: bool,
    /// Number of this console in the log.
    pub console: u32,
}

/// The running thread; dropping it closes the desk and waits for it.
#[derive(Debug)]
pub struct Desk {
    handle: DeskHandle,
    thread: Option<JoinHandle<()>>,
}

impl Desk {
    /// Opens the desk on `store` and starts its thread.
    ///
    /// # Errors
    /// When the log cannot be read or the thread not started.
    pub fn start(
        store: Store,
        options: DeskOptions,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Desk, StoreError> {
        Desk::start_with_lease(store, options, LEASE_TTL_MS, progress)
    }

    /// As [`Desk::start`], with a lease of `lease_ms` of boot time: tests of taking over have no time to wait.
    ///
    /// # Errors
    /// As [`Desk::start`].
    pub fn start_with_lease(
        store: Store,
        options: DeskOptions,
        lease_ms: i64,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Desk, StoreError> {
        let (tx, rx) = channel();
        let (news, _) = broadcast::channel(FEED_MAX);
        let handle = DeskHandle {
            tx: tx.clone(),
            news: news.clone(),
            path: store.path().to_path_buf(),
            secret: store.secret(),
            clock: options.clock.clone(),
            console: options.console,
            standing: Arc::new(AtomicI64::new(if options.may_lead { UNSETTLED } else { FOLLOWS })),
            errands: Arc::default(),
        };
        let path = handle.path.clone();
        let interlock = Interlock::new(store, progress)?;
        let by_hand = matches!(options.clock, Clock::Hands(_));
        let leader = options.may_lead.then(|| Leader::new(options.console, boot_id()).with_lease(lease_ms));
        let leader = leader.map(|leader| if by_hand { leader.by_hand() } else { leader });
        let woken = Arc::new(AtomicBool::new(false));
        let watcher = FileWatcher::open(&path, tx.clone(), Arc::clone(&woken));
        let mut service = Service {
            checkpoint_seq: interlock.world().seq(),
            interlock,
            rx,
            tx,
            news,
            clock: options.clock,
            leader,
            looks: Vec::new(),
            version: None,
            watcher,
            own_last: None,
            streak: 0,
            sweep_more: false,
            crowd: 0,
            woken,
            askers: Vec::new(),
            standing: Arc::clone(&handle.standing),
            errands: Arc::clone(&handle.errands),
            looked: None,
            trouble: None,
            is_unsound: false,
        };
        let thread = std::thread::Builder::new()
            .name("interlock".into())
            .spawn(move || service.run())
            .map_err(|e| StoreError::Io { path, why: e.to_string() })?;
        Ok(Desk { handle, thread: Some(thread) })
    }

    /// The handle for others.
    #[must_use]
    pub fn handle(&self) -> &DeskHandle {
        &self.handle
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        // The thread may be gone already after a fault; then there is nobody left to tell.
        let _ = self.handle.tx.send(Message::Close);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// An order as it waits for its group.
struct Asked {
    order: Order,
    keep: Option<Box<Keep>>,
    reply: oneshot::Sender<Answer>,
}

struct Service {
    interlock: Interlock,
    rx: Receiver<Message>,
    /// For threads of our own that have something to say.
    tx: Sender<Message>,
    news: broadcast::Sender<News>,
    clock: Clock,
    leader: Option<Leader>,
    /// Moments at which to look for others' commits.
    looks: Vec<Instant>,
    version: Option<i64>,
    /// Wakes us on changes of the files; none where the system has none.
    watcher: Option<FileWatcher>,
    /// Our own last commit.
    own_last: Option<Instant>,
    /// Commits of our own in a row.
    streak: u32,
    checkpoint_seq: Seq,
    sweep_more: bool,
    /// Orders in the last group.
    crowd: usize,
    /// Whether a wake-up lies in the queue unread: another would say the same.
    woken: Arc<AtomicBool>,
    /// Who asked for the world.
    askers: Vec<oneshot::Sender<Box<World>>>,
    standing: Arc<AtomicI64>,
    /// Errands done.
    errands: Arc<AtomicU64>,
    /// The last look for others' commits.
    looked: Option<Instant>,
    /// What was told last and still holds, so that it is told once.
    trouble: Option<StoreError>,
    /// The file is not sound: we write no more to it. The lease runs out, and whoever takes over looks for himself.
    is_unsound: bool,
}

#[expect(clippy::disallowed_methods, reason = "the service's own pacing; nothing is decided by it")]
fn instant() -> Instant {
    Instant::now()
}

impl Service {
    fn run(&mut self) {
        loop {
            let mut orders = Vec::new();
            let mut close = false;
            match self.rx.recv_timeout(self.pause()) {
                Ok(message) => close = self.take(message, &mut orders),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => close = true,
            }
            close = close || self.gather(&mut orders);
            let is_idle = orders.is_empty();
            if !is_idle {
                self.crowd = orders.len();
                self.serve(orders);
            }
            if is_idle || self.is_look_late() {
                self.look();
            }
            if !close && !self.is_unsound {
                self.lead();
                self.checkpoint_when_due(is_idle);
            }
            if close {
                self.close();
                return;
            }
        }
    }

    /// Takes in what waits already, and for a moment what is about to come; `true` = close.
    fn gather(&mut self, orders: &mut Vec<Asked>) -> bool {
        let mut leads: usize = orders.iter().map(|asked| weight(&asked.order)).sum();
        let mut until = None;
        while orders.len() < GROUP_MAX && leads < GROUP_LEADS_MAX {
            let message = match self.rx.try_recv() {
                Ok(message) => message,
                Err(_) if orders.is_empty() || orders.len() >= self.crowd => return false,
                Err(_) => {
                    let now = instant();
                    let until = *until.get_or_insert(now + GATHER);
                    match self.rx.recv_timeout(until.saturating_duration_since(now)) {
                        Ok(message) => message,
                        Err(_) => return false,
                    }
                }
            };
            let had = orders.len();
            if self.take(message, orders) {
                return true;
            }
            leads += orders.get(had).map_or(0, |asked| weight(&asked.order));
        }
        false
    }

    /// How long nothing needs doing.
    fn pause(&self) -> Duration {
        if self.sweep_more {
            // Leave the others a gap to write in.
            return Duration::from_millis(3);
        }
        let mut pause = Duration::from_millis(POLL_MS);
        let now = instant();
        if let Some(next) = self.looks.iter().min() {
            pause = pause.min(next.saturating_duration_since(now));
        }
        if let Some(leader) = self.leader.as_ref().filter(|_| !self.is_unsound) {
            let due = leader.due_in_ms(self.clock.boot_ms());
            pause = pause.min(Duration::from_millis(u64::try_from(due).unwrap_or(0).min(POLL_MS)));
        }
        pause
    }

    /// Takes one message in; `true` = close.
    fn take(&mut self, message: Message, orders: &mut Vec<Asked>) -> bool {
        match message {
            Message::Order(order, keep, reply) => orders.push(Asked { order: *order, keep, reply }),
            Message::Errand(errand, reply) => {
                // Whoever went away meanwhile does not want the answer.
                let _ = reply.send(self.errand(&errand));
            }
            Message::Snapshot(reply) => {
                // A world with what was never committed is shown to nobody: whoever asks waits until it was read anew.
                self.askers.push(reply);
                if self.interlock.mend().is_ok() {
                    self.show();
                }
                // Whoever begins to follow must hear of what began before.
                if let Some(error) = &self.trouble {
                    self.tell(News::Trouble(Arc::new(error.clone())));
                }
            }
            Message::Wake => {
                self.woken.store(false, Ordering::Release);
                let now = instant();
                let is_own = self.own_last.is_some_and(|at| now < at + OWN_EVENTS);
                let looks = if is_own { &LOOKS_OWN_MS[..] } else { &LOOKS_MS[..] };
                if self.looks.len() < looks.len() {
                    self.looks = looks.iter().map(|ms| now + Duration::from_millis(*ms)).collect();
                }
            }
            Message::Unsound(error) => {
                self.is_unsound = true;
                self.trouble(&error);
                self.stand(None);
            }
            Message::Close => return true,
        }
        false
    }

    fn show(&mut self) {
        for reply in self.askers.drain(..) {
            // Whoever went away meanwhile does not want it.
            let _ = reply.send(Box::new(self.interlock.world().clone()));
        }
    }

    fn serve(&mut self, orders: Vec<Asked>) {
        if let Some(error) = self.trouble.as_ref().filter(|_| self.is_unsound) {
            let denied = Denied::Store(Arc::new(error.clone()));
            for asked in orders {
                // Whoever went away meanwhile does not want the answer.
                let _ = asked.reply.send(Err(denied.clone()));
            }
            return;
        }
        let (mut wishes, mut keeps, mut replies) = (Vec::new(), Vec::new(), Vec::new());
        for asked in orders {
            wishes.push(asked.order);
            keeps.push(asked.keep);
            replies.push(asked.reply);
        }
        let mut group = self.interlock.group_keeping(&wishes, &keeps, self.clock.now());
        self.sweep_more |= group.answers.iter().any(|a| a.as_ref().is_ok_and(|o| o.more));
        for (answer, reply) in std::mem::take(&mut group.answers).into_iter().zip(replies) {
            match &answer {
                Err(Denied::Store(error)) if error.stops_writing() => self.trouble(error),
                Ok(_) => self.works_again(),
                Err(_) => {}
            }
            // Whoever went away meanwhile does not want the answer.
            let _ = reply.send(answer);
        }
        self.publish(group);
        self.note_own_commit();
    }

    fn errand(&mut self, errand: &super::keep::Errand) -> Result<usize, Denied> {
        if let Some(error) = self.trouble.as_ref().filter(|_| self.is_unsound) {
            return Err(Denied::Store(Arc::new(error.clone())));
        }
        let done = self.interlock.errand(errand);
        self.errands.fetch_add(1, Ordering::AcqRel);
        self.note_own_commit();
        match &done {
            Err(error) if error.stops_writing() => self.trouble(error),
            Ok(_) => self.works_again(),
            Err(_) => {}
        }
        done.map_err(Denied::from)
    }

    fn publish(&mut self, group: Group) {
        if group.reloaded {
            self.tell(News::Reloaded);
        } else if !group.events.is_empty() {
            self.tell(News::Committed(Arc::new(group.events)));
        }
    }

    fn tell(&self, news: News) {
        // No listener is a normal state: a command without a screen.
        let _ = self.news.send(news);
    }

    /// Lets the watcher sleep while our own commits follow on each other: the look after each sees others' too.
    fn note_own_commit(&mut self) {
        let now = instant();
        let quiet = Duration::from_millis(LOOKS_OWN_MS[0]);
        let is_next = self.own_last.replace(now).is_some_and(|last| now < last + quiet);
        self.streak = if is_next { self.streak.saturating_add(1) } else { 1 };
        if self.streak < STREAK {
            return;
        }
        if let Some(watcher) = &mut self.watcher {
            watcher.sleep();
            self.looks = vec![now + quiet];
        }
    }

    /// A group of our own saw what others had committed before it, so that a look after each would see nothing new; but who
    /// leads is seen by looks only.
    fn is_look_late(&self) -> bool {
        let rest = Duration::from_millis(LOOKS_OWN_MS[0]);
        self.interlock.is_ahead() || self.looked.is_none_or(|at| instant() >= at + rest)
    }

    /// Looks for others' commits when a look is due or the poll ran out.
    fn look(&mut self) {
        let now = instant();
        self.looked = Some(now);
        self.looks.retain(|at| *at > now);
        if self.looks.is_empty()
            && let Some(watcher) = self.watcher.as_mut().filter(|watcher| !watcher.is_awake())
        {
            watcher.wake();
        }
        match self.interlock.mend() {
            Ok(false) => {}
            Ok(true) => {
                self.show();
                self.tell(News::Reloaded);
            }
            // It was told when it began.
            Err(_) => return,
        }
        let Ok(version) = self.interlock.store().data_version() else { return };
        if self.version.replace(version) == Some(version) {
            return;
        }
        match self.interlock.catch_up() {
            Ok(events) if events.is_empty() => {}
            Ok(events) => self.tell(News::Committed(Arc::new(events))),
            Err(error) => self.trouble(&error),
        }
        if let Some(leader) = &mut self.leader
            && let Ok(lease) = self.interlock.store().lease()
        {
            let boot = self.clock.boot_ms();
            leader.look(lease.as_ref(), boot);
            if leader.due_in_ms(boot) > 0 {
                let epoch = leader.epoch();
                self.stand(epoch);
            }
        }
    }

    /// Tells of trouble that holds on once, not at every try.
    fn trouble(&mut self, error: &StoreError) {
        let is_settled = self.is_unsound && matches!(self.trouble, Some(StoreError::Damaged { .. }));
        if self.trouble.as_ref() != Some(error) && !is_settled {
            self.trouble = Some(error.clone());
            self.tell(News::Trouble(Arc::new(error.clone())));
        }
    }

    /// A write went through: what stopped writing is over.
    fn works_again(&mut self) {
        if self.trouble.take_if(|error| error.stops_writing()).is_some() {
            self.stand(self.leader.as_ref().and_then(Leader::epoch));
        }
    }

    fn lead(&mut self) {
        let Some(leader) = &mut self.leader else { return };
        let boot = self.clock.boot_ms();
        if !self.sweep_more && leader.due_in_ms(boot) > 0 {
            return;
        }
        let ticked = leader.tick(&mut self.interlock, self.clock.now(), boot, self.sweep_more);
        let (epoch, followed_death) = (leader.epoch(), leader.follows_a_death());
        self.note_own_commit();
        match ticked {
            Ok((group, more)) => {
                self.sweep_more = more;
                self.publish(group);
                self.works_again();
            }
            Err(error) => {
                self.sweep_more = false;
                if self.interlock.was_reloaded() {
                    self.tell(News::Reloaded);
                }
                if !error.is_transient() {
                    self.trouble(&error);
                }
            }
        }
        self.stand(epoch);
        if followed_death {
            self.examine();
        }
        if epoch.is_some() {
            self.mind_the_log();
        }
    }

    /// Notes and tells how we stand to the lead.
    fn stand(&mut self, epoch: Option<u64>) {
        let is_stopped = self.trouble.as_ref().is_some_and(StoreError::stops_writing);
        let now = if is_stopped {
            READ_ONLY
        } else {
            epoch.map_or(FOLLOWS, |epoch| i64::try_from(epoch).unwrap_or(i64::MAX))
        };
        if self.standing.swap(now, Ordering::AcqRel) != now && !is_stopped {
            self.tell(News::Leading(epoch.is_some()));
        }
    }

    /// Keeps the write-ahead log short; says so when somebody's old read prevents it.
    fn mind_the_log(&mut self) {
        match self.interlock.trim_wal() {
            Err(error @ StoreError::Pinned { .. }) => {
                // One sentence an episode, not one for each megabyte more.
                if !matches!(self.trouble, Some(StoreError::Pinned { .. })) {
                    self.trouble(&error);
                }
            }
            // Whatever else is in the way meets the next write too.
            Ok(_) | Err(_) => drop(self.trouble.take_if(|e| matches!(e, StoreError::Pinned { .. }))),
        }
    }

    /// Looks through the file beside the running desk: the last leader stopped without a word.
    fn examine(&self) {
        let (path, tx) = (self.interlock.path().to_path_buf(), self.tx.clone());
        let look = move || {
            let sound = Store::open_readonly(&path).and_then(|store| store.quick_check());
            if let Err(error @ StoreError::Damaged { .. }) = sound {
                // A closed channel means the desk is closing.
                let _ = tx.send(Message::Unsound(error));
            }
        };
        // Without the thread the file is as sound as it was.
        let _ = std::thread::Builder::new().name("examine".into()).spawn(look);
    }

    fn checkpoint_when_due(&mut self, is_idle: bool) {
        let seq = self.interlock.world().seq();
        // Whoever waits for an answer meanwhile waits longer: where nobody does is the better moment.
        let due = if is_idle && !self.sweep_more { CHECKPOINT_EVENTS } else { CHECKPOINT_OVERDUE };
        if seq.0 - self.checkpoint_seq.0.min(seq.0) >= due {
            // A checkpoint only saves time at the next start; failing to write one is no trouble.
            let _ = self.interlock.checkpoint(self.clock.now());
            self.checkpoint_seq = seq;
        }
    }

    fn close(&mut self) {
        if self.is_unsound {
            return;
        }
        if self.interlock.world().seq() != self.checkpoint_seq {
            let _ = self.interlock.checkpoint(self.clock.now());
        }
        if let Some(leader) = &mut self.leader {
            leader.resign(&mut self.interlock, self.clock.boot_ms());
            // Processes that come and go leave this to those that stay.
            let _ = self.interlock.optimize();
        }
        self.stand(None);
    }
}

/// Leads an order brings or names: what its transaction will take.
fn weight(order: &Order) -> usize {
    match &order.intent {
        crate::engine::Intent::Receive { leads, .. } => leads.len(),
        crate::engine::Intent::Progress { items, .. } => items.len(),
        other => other.leads().len().max(1),
    }
}

const _: () =
    assert!(LEASE_RENEW_MS >= 1_000, "renewing more often than each second would keep an idle desk writing");
