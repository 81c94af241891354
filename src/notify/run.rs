//! The workers together: while this process leads, each channel's courier takes its turns, woken by what is committed. Ends
//! when it is told to, after what is under way. It keeps a copy of the world, for what messages say, only while it leads.

use std::future::Future;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::stream::{FuturesUnordered, StreamExt};
use tokio::sync::{Notify, broadcast};

use super::config::Channels;
use super::courier::{Courier, Turn};
use super::wire::Wire;
use crate::desk::beside::Beside;
use crate::desk::clock::fresh_id;
use crate::desk::{Denied, DeskHandle, News, Standing};
use crate::model::time::{HOUR_MS, Millis};
use crate::store::{Store, StoreError};
use crate::world::World;

/// How often the queue is looked at although nothing was heard: another process may have put a notice back.
const POLL: Duration = Duration::from_secs(2);
/// How long a worker rests after trouble with the file.
const TROUBLE_REST: Duration = Duration::from_secs(5);
/// How long the end waits for what is under way.
const END_MAX: Duration = Duration::from_secs(5);
/// How often what was sent long ago is removed, in milliseconds.
const PRUNE_EVERY_MS: i64 = HOUR_MS;

/// What the workers of one term share.
struct Term<'a> {
    handle: &'a DeskHandle,
    store: Mutex<Store>,
    world: Mutex<World>,
    /// Something was committed.
    wake: Notify,
    /// No more turns are to be taken.
    end: tokio::sync::watch::Receiver<bool>,
}

/// Starts the workers on a thread of their own; dropping what it returns ends them. `None` when no channel is set up, or none
/// that anything is sent through.
///
/// # Errors
/// When the thread cannot be started.
pub fn start(handle: &DeskHandle, channels: Channels) -> std::io::Result<Option<Beside>> {
    use crate::model::channel::ChannelKind;
    if channels.all.iter().all(|channel| channel.kind == ChannelKind::Terminal) {
        return Ok(None);
    }
    let handle = handle.clone();
    Beside::start("outbox", move |stop| {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let Ok(runtime) = runtime else {
            tracing::error!("the outbox's worker cannot start: no notices are sent from here");
            return;
        };
        let seed = u64::try_from(fresh_id().0 & u128::from(u64::MAX)).unwrap_or(0);
        let wire = Wire::new(channels.guard.clone(), Duration::from_secs(15));
        runtime.block_on(run(&handle, &channels, &wire, seed, stop.told()));
    })
    .map(Some)
}

/// Sends what the outbox holds, whenever this process leads, until `stop`.
pub async fn run(
    handle: &DeskHandle,
    channels: &Channels,
    wire: &Wire,
    seed: u64,
    stop: impl Future<Output = ()>,
) {
    let mut stop = pin!(stop);
    let mut news = handle.news();
    loop {
        if handle.leads() {
            let ended = term(handle, channels, wire, seed, stop.as_mut()).await;
            match ended {
                Ok(true) | Err(Denied::Closing) => return,
                Ok(false) => {}
                Err(error) => tracing::warn!(%error, "the outbox rests"),
            }
        }
        tokio::select! {
            () = &mut stop => return,
            heard = news.recv() => match heard {
                Err(broadcast::error::RecvError::Closed) => return,
                Ok(_) | Err(broadcast::error::RecvError::Lagged(_)) => {}
            },
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// One term of leadership; `true` = told to end.
async fn term(
    handle: &DeskHandle,
    channels: &Channels,
    wire: &Wire,
    seed: u64,
    mut stop: std::pin::Pin<&mut impl Future<Output = ()>>,
) -> Result<bool, Denied> {
    let (world, mut news) = handle.follow().await?;
    let store = Store::open(handle.path())?;
    let (told, end) = tokio::sync::watch::channel(false);
    let term = Arc::new(Term {
        handle,
        store: Mutex::new(store),
        world: Mutex::new(world),
        wake: Notify::new(),
        end,
    });
    let mut workers: FuturesUnordered<_> = channels
        .all
        .iter()
        .map(|channel| work(Courier::new(channel, channels, wire.clone(), seed), Arc::clone(&term)))
        .collect();
    let mut pruned_at = Millis(i64::MIN);
    loop {
        let now = handle.clock().now();
        if now.since(pruned_at) >= PRUNE_EVERY_MS {
            pruned_at = now;
            prune(&term, now);
        }
        tokio::select! {
            () = &mut stop => {
                // A closed channel means that every worker has ended.
                let _ = told.send(true);
                let all = async { while workers.next().await.is_some() {} };
                // What is not done by then is sent again by whoever leads next.
                let _ = tokio::time::timeout(END_MAX, all).await;
                return Ok(true);
            }
            ended = workers.next() => if ended.is_none() { return Ok(false) },
            heard = news.recv() => match heard {
                Ok(News::Committed(events)) => {
                    let mut world = term.world.lock().unwrap_or_else(PoisonError::into_inner);
                    for event in events.iter().filter(|event| event.seq > world.seq()).cloned().collect::<Vec<_>>() {
                        world.apply(&event);
                    }
                    drop(world);
                    term.wake.notify_waiters();
                }
                Ok(News::Reloaded) | Err(broadcast::error::RecvError::Lagged(_)) => {
                    let (fresh, rest) = handle.follow().await?;
                    *term.world.lock().unwrap_or_else(PoisonError::into_inner) = fresh;
                    news = rest;
                    term.wake.notify_waiters();
                }
                Ok(News::Leading(_) | News::Trouble(_)) => term.wake.notify_waiters(),
                Err(broadcast::error::RecvError::Closed) => return Ok(true),
            },
        }
    }
}

/// One channel's turns until the term or the desk ends.
async fn work(mut courier: Courier<'_>, term: Arc<Term<'_>>) {
    let mut end = term.end.clone();
    loop {
        let Standing::Leads(epoch) = term.handle.standing() else { return };
        if *end.borrow() {
            return;
        }
        let clock = term.handle.clock();
        let rest = match courier.turn(&term.store, &term.world, clock, epoch).await {
            Ok(Turn::Handed { .. }) => continue,
            Ok(Turn::Idle { until: Some(until) } | Turn::Waits { until }) => {
                let ms = u64::try_from(until.since(clock.now())).unwrap_or(0);
                POLL.min(Duration::from_millis(ms.max(1)))
            }
            Ok(Turn::Idle { until: None } | Turn::NotLeading) => POLL,
            Err(StoreError::Busy { .. }) => POLL,
            Err(error) => {
                tracing::warn!(channel = %courier.channel().name, %error, "the outbox cannot be read or written");
                TROUBLE_REST
            }
        };
        tokio::select! {
            () = tokio::time::sleep(rest) => {}
            () = term.wake.notified() => {}
            _ = end.changed() => {}
        }
    }
}

fn prune(term: &Term<'_>, now: Millis) {
    let mut store = term.store.lock().unwrap_or_else(PoisonError::into_inner);
    let pruned = store.begin().and_then(|mut txn| {
        txn.prune_outbox(now)?;
        txn.commit_upkeep()
    });
    if let Err(error) = pruned {
        tracing::warn!(%error, "old notices were not removed");
    }
}
