//! Everyone's way to the interlock: hand in orders, follow what is committed, ask who leads. Holds no world and decides nothing.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::mpsc::Sender;

use tokio::sync::{broadcast, oneshot};

use super::clock::Clock;
use super::interlock::{Answer, Denied};
use super::keep::{Errand, Keep};
use crate::engine::Order;
use crate::model::event::Event;
use crate::store::StoreError;
use crate::world::World;

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

/// What the interlock's thread is sent.
#[derive(Debug)]
pub(super) enum Message {
    Order(Box<Order>, Option<Box<Keep>>, oneshot::Sender<Answer>),
    Errand(Errand, oneshot::Sender<Result<usize, Denied>>),
    Snapshot(oneshot::Sender<Box<World>>),
    Wake,
    /// The file was looked through and is not sound.
    Unsound(StoreError),
    Close,
}

/// Everyone's way to the interlock. Cheap to clone.
#[derive(Debug, Clone)]
pub struct DeskHandle {
    pub(super) tx: Sender<Message>,
    pub(super) news: broadcast::Sender<News>,
    pub(super) path: PathBuf,
    pub(super) secret: [u8; 16],
    pub(super) clock: Clock,
    pub(super) console: u32,
    pub(super) standing: Arc<AtomicI64>,
    pub(super) errands: Arc<AtomicU64>,
}

/// [`Standing`] as one number: the epoch, or one of these.
pub(super) const UNSETTLED: i64 = -1;
pub(super) const FOLLOWS: i64 = 0;
pub(super) const READ_ONLY: i64 = -2;

/// Whether this process does the leader's work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It has not asked yet.
    Unsettled,
    /// Somebody else leads, or nobody, or it may not.
    Follows,
    /// It leads in this epoch.
    Leads(u64),
    /// The file takes no writes from it; the news say why.
    ReadOnly,
}

impl DeskHandle {
    /// Hands in an order; the answer comes after COMMIT returned.
    #[must_use]
    pub fn submit(&self, order: Order) -> oneshot::Receiver<Answer> {
        self.hand_in(order, None)
    }

    /// Hands in an order whose answer is kept in its own transaction: the same request under the same key is told the same
    /// again and nothing is done twice, whoever sends it and whatever died between.
    #[must_use]
    pub fn submit_keeping(&self, order: Order, keep: Keep) -> oneshot::Receiver<Answer> {
        self.hand_in(order, Some(Box::new(keep)))
    }

    fn hand_in(&self, order: Order, keep: Option<Box<Keep>>) -> oneshot::Receiver<Answer> {
        let (tx, rx) = oneshot::channel();
        if let Err(lost) = self.tx.send(Message::Order(Box::new(order), keep, tx))
            && let Message::Order(_, _, tx) = lost.0
        {
            // A receiver that is gone does not want to know.
            let _ = tx.send(Err(Denied::Closing));
        }
        rx
    }

    /// Hands in a change of what the doors keep; the answer, the number of rows changed, comes after COMMIT returned.
    #[must_use]
    pub fn errand(&self, errand: Errand) -> oneshot::Receiver<Result<usize, Denied>> {
        let (tx, rx) = oneshot::channel();
        if let Err(lost) = self.tx.send(Message::Errand(errand, tx))
            && let Message::Errand(_, tx) = lost.0
        {
            // A receiver that is gone does not want to know.
            let _ = tx.send(Err(Denied::Closing));
        }
        rx
    }

    /// Errands this desk has done: as long as it stands, what the doors keep was changed by other processes only.
    #[must_use]
    pub fn errands_done(&self) -> u64 {
        self.errands.load(Ordering::Acquire)
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

    /// Everything committed from now on, without a copy of the world.
    #[must_use]
    pub fn news(&self) -> broadcast::Receiver<News> {
        self.news.subscribe()
    }

    /// Whether this process leads. After SIGSTOP and the like it may only believe so until its next transaction.
    #[must_use]
    pub fn leads(&self) -> bool {
        matches!(self.standing(), Standing::Leads(_))
    }

    /// How this process stands to the lead.
    #[must_use]
    pub fn standing(&self) -> Standing {
        match self.standing.load(Ordering::Acquire) {
            FOLLOWS => Standing::Follows,
            READ_ONLY => Standing::ReadOnly,
            epoch => u64::try_from(epoch).map_or(Standing::Unsettled, Standing::Leads),
        }
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
