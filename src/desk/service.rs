//! The desk at work: one thread that owns the interlock, and [`DeskHandle`] for everyone else.
//!
//! It groups what is asked, notices what other consoles commit, and does the leader's work when it leads. It decides
//! nothing itself.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::{broadcast, oneshot};

use super::clock::{Clock, boot_id};
use super::interlock::{Answer, Denied, GROUP_MAX, Group, Interlock};
use super::leader::{LEASE_RENEW_MS, Leader};
use crate::engine::Order;
use crate::model::event::Event;
use crate::model::id::Seq;
use crate::store::{Store, StoreError};
use crate::world::World;

/// Committed groups a slow listener may lag behind before it must take a fresh copy of the world.
const FEED_MAX: usize = 4_096;
/// After a file event, looks at these moments (milliseconds): the event can come before the commit.
const LOOKS_MS: [u64; 5] = [0, 2, 10, 50, 150];
/// Least time between two wake-ups by file events; the looks after the first cover what comes meanwhile.
const WATCHER_REST: Duration = Duration::from_millis(2);
/// The fallback when file events do not come, in milliseconds.
const POLL_MS: u64 = 1_000;
/// Events after which an idle moment is used for a checkpoint.
const CHECKPOINT_EVENTS: u64 = 20_000;
/// Longest a group collects orders, in leads, so that bulk writers leave room for a person's key.
const GROUP_LEADS_MAX: usize = 500;
/// How long a group waits for as many orders as the one before had: whoever was answered just now is about to ask again, and
/// one sync for all of them costs as much as for one.
const GATHER: Duration = Duration::from_micros(200);

/// What listeners get after each commit.
#[derive(Debug, Clone)]
pub enum News {
    /// Events in seq order, already durable.
    Committed(Arc<Vec<Event>>),
    /// The world was read anew: take a fresh copy.
    Reloaded,
    /// Whether this process leads now.
    Leading(bool),
    /// The file takes no more writes; the sentence says why and what to do.
    Trouble(Arc<StoreError>),
}

enum Message {
    Order(Box<Order>, oneshot::Sender<Answer>),
    Snapshot(oneshot::Sender<Box<World>>),
    Wake,
    Close,
}

/// How a desk is opened.
#[derive(Debug, Clone)]
pub struct DeskOptions {
    pub clock: Clock,
    /// Whether this process may do the leader's work.
    pub may_lead: bool,
    /// Number of this console in the log.
    pub console: u32,
}

/// Everyone's way to the interlock. Cheap to clone.
#[derive(Debug, Clone)]
pub struct DeskHandle {
    tx: Sender<Message>,
    news: broadcast::Sender<News>,
    path: PathBuf,
    secret: [u8; 16],
    clock: Clock,
    console: u32,
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
        let (tx, rx) = channel();
        let (news, _) = broadcast::channel(FEED_MAX);
        let handle = DeskHandle {
            tx: tx.clone(),
            news: news.clone(),
            path: store.path().to_path_buf(),
            secret: store.secret(),
            clock: options.clock.clone(),
            console: options.console,
        };
        let path = handle.path.clone();
        let interlock = Interlock::new(store, progress)?;
        let leader = options.may_lead.then(|| Leader::new(options.console, boot_id()));
        let woken = Arc::new(AtomicBool::new(false));
        let watcher = watch_directory(&path, tx, Arc::clone(&woken));
        let mut service = Service {
            checkpoint_seq: interlock.world().seq(),
            interlock,
            rx,
            news,
            clock: options.clock,
            leader,
            looks: Vec::new(),
            version: None,
            sweep_more: false,
            crowd: 0,
            woken,
            askers: Vec::new(),
        };
        let thread = std::thread::Builder::new()
            .name("interlock".into())
            .spawn(move || {
                let _watcher = watcher;
                service.run();
            })
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

impl DeskHandle {
    /// Hands in an order; the answer comes after COMMIT returned.
    #[must_use]
    pub fn submit(&self, order: Order) -> oneshot::Receiver<Answer> {
        let (tx, rx) = oneshot::channel();
        if let Err(lost) = self.tx.send(Message::Order(Box::new(order), tx))
            && let Message::Order(_, tx) = lost.0
        {
            // A receiver that is gone does not want to know.
            let _ = tx.send(Err(Denied::Closing));
        }
        rx
    }

    /// Hands in an order and waits for its answer; not for async callers.
    ///
    /// # Errors
    /// See [`Denied`].
    pub fn submit_and_wait(&self, order: Order) -> Answer {
        self.submit(order).blocking_recv().unwrap_or(Err(Denied::Closing))
    }

    /// A copy of the world as committed, and everything committed after it.
    ///
    /// # Errors
    /// [`Denied::Closing`] when the desk is gone.
    pub async fn follow(&self) -> Result<(World, broadcast::Receiver<News>), Denied> {
        let news = self.news.subscribe();
        let (tx, rx) = oneshot::channel();
        self.tx.send(Message::Snapshot(tx)).map_err(|_| Denied::Closing)?;
        let world = rx.await.map_err(|_| Denied::Closing)?;
        Ok((*world, news))
    }

    /// A copy of the world as committed; not for async callers.
    ///
    /// # Errors
    /// [`Denied::Closing`] when the desk is gone.
    pub fn snapshot(&self) -> Result<World, Denied> {
        let (tx, rx) = oneshot::channel();
        self.tx.send(Message::Snapshot(tx)).map_err(|_| Denied::Closing)?;
        rx.blocking_recv().map(|world| *world).map_err(|_| Denied::Closing)
    }

    /// The file, for readers of their own.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The key for hashing contact keys.
    #[must_use]
    pub fn secret(&self) -> [u8; 16] {
        self.secret
    }

    /// The desk's clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// This console's number in the log.
    #[must_use]
    pub fn console(&self) -> u32 {
        self.console
    }
}

/// Wakes the interlock on changes beside the file; without such a watcher the poll still notices them.
fn watch_directory(
    path: &Path,
    tx: Sender<Message>,
    woken: Arc<AtomicBool>,
) -> Option<notify::RecommendedWatcher> {
    use notify::{EventKind, RecursiveMode, Watcher};
    let dir = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf();
    let stem = path.file_name()?.to_os_string();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        let ours = event.paths.iter().any(|p| {
            let name = p.file_name().unwrap_or_default().to_string_lossy();
            name.starts_with(&*stem.to_string_lossy())
        });
        let matters = ours && matches!(event.kind, EventKind::Modify(_) | EventKind::Create(_));
        // A commit of our own is many file events; one wake-up for all of them will do.
        if matters && !woken.swap(true, Ordering::AcqRel) {
            // A closed channel means the desk is closing.
            let _ = tx.send(Message::Wake);
            // While this thread sleeps its events are merged unread; awake, it would be woken for every page written.
            std::thread::park_timeout(WATCHER_REST);
        }
    })
    .ok()?;
    watcher.watch(&dir, RecursiveMode::NonRecursive).ok()?;
    Some(watcher)
}

struct Service {
    interlock: Interlock,
    rx: Receiver<Message>,
    news: broadcast::Sender<News>,
    clock: Clock,
    leader: Option<Leader>,
    /// Moments at which to look for others' commits.
    looks: Vec<Instant>,
    version: Option<i64>,
    checkpoint_seq: Seq,
    sweep_more: bool,
    /// Orders in the last group.
    crowd: usize,
    /// Whether a wake-up lies in the queue unread: another would say the same.
    woken: Arc<AtomicBool>,
    /// Who asked for the world.
    askers: Vec<oneshot::Sender<Box<World>>>,
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
            if !orders.is_empty() {
                self.crowd = orders.len();
                self.serve(orders);
            }
            self.look();
            if !close {
                self.lead();
                self.checkpoint_when_due();
            }
            if close {
                self.close();
                return;
            }
        }
    }

    /// Takes in what waits already, and for a moment what is about to come; `true` = close.
    fn gather(&mut self, orders: &mut Vec<(Order, oneshot::Sender<Answer>)>) -> bool {
        let mut leads: usize = orders.iter().map(|(o, _)| weight(o)).sum();
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
            leads += orders.get(had).map_or(0, |(o, _)| weight(o));
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
        if let Some(leader) = &self.leader {
            let due = leader.due_in_ms(self.clock.boot_ms());
            pause = pause.min(Duration::from_millis(u64::try_from(due).unwrap_or(0).min(POLL_MS)));
        }
        pause
    }

    /// Takes one message in; `true` = close.
    fn take(&mut self, message: Message, orders: &mut Vec<(Order, oneshot::Sender<Answer>)>) -> bool {
        match message {
            Message::Order(order, reply) => orders.push((*order, reply)),
            Message::Snapshot(reply) => {
                // A world with what was never committed is shown to nobody: whoever asks waits until it was read anew.
                self.askers.push(reply);
                if self.interlock.mend().is_ok() {
                    self.show();
                }
            }
            Message::Wake => {
                self.woken.store(false, Ordering::Release);
                let now = instant();
                if self.looks.len() < LOOKS_MS.len() {
                    self.looks = LOOKS_MS.iter().map(|ms| now + Duration::from_millis(*ms)).collect();
                }
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

    fn serve(&mut self, orders: Vec<(Order, oneshot::Sender<Answer>)>) {
        let (orders, replies): (Vec<Order>, Vec<_>) = orders.into_iter().unzip();
        let group = self.interlock.group(&orders, self.clock.now());
        self.sweep_more |= group.answers.iter().any(|a| a.as_ref().is_ok_and(|o| o.more));
        for (answer, reply) in group.answers.iter().zip(replies) {
            if let Err(Denied::Store(error)) = answer
                && error.stops_writing()
            {
                self.tell(News::Trouble(Arc::clone(error)));
            }
            // Whoever went away meanwhile does not want the answer.
            let _ = reply.send(answer.clone());
        }
        self.publish(group);
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

    /// Looks for others' commits when a look is due or the poll ran out.
    fn look(&mut self) {
        let now = instant();
        self.looks.retain(|at| *at > now);
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
            Err(error) => self.tell(News::Trouble(Arc::new(error))),
        }
    }

    fn lead(&mut self) {
        let Some(leader) = &mut self.leader else { return };
        let boot = self.clock.boot_ms();
        if !self.sweep_more && leader.due_in_ms(boot) > 0 {
            return;
        }
        let was = leader.leads();
        match leader.tick(&mut self.interlock, self.clock.now(), boot, self.sweep_more) {
            Ok((group, more)) => {
                self.sweep_more = more;
                let leads = leader.leads();
                self.publish(group);
                if leads != was {
                    self.tell(News::Leading(leads));
                }
            }
            Err(error) => {
                self.sweep_more = false;
                if !error.is_transient() {
                    self.tell(News::Trouble(Arc::new(error)));
                }
                // Reading it anew also took in what others wrote meanwhile.
                if !self.interlock.is_ahead() {
                    self.tell(News::Reloaded);
                }
            }
        }
    }

    fn checkpoint_when_due(&mut self) {
        let seq = self.interlock.world().seq();
        if seq.0 - self.checkpoint_seq.0.min(seq.0) >= CHECKPOINT_EVENTS && !self.sweep_more {
            // A checkpoint only saves time at the next start; failing to write one is no trouble.
            let _ = self.interlock.checkpoint(self.clock.now());
            self.checkpoint_seq = seq;
        }
    }

    fn close(&mut self) {
        if self.interlock.world().seq() != self.checkpoint_seq {
            let _ = self.interlock.checkpoint(self.clock.now());
        }
        if let Some(leader) = &mut self.leader {
            leader.resign(&mut self.interlock, self.clock.boot_ms());
        }
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
