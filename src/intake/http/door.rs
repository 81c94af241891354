//! What handlers share: the desk, readers of its file, a world folded along, limits, figures. It answers nothing itself.
//!
//! The world here is a copy folded after each commit, for names and pictures; what a sender is told of its own request is
//! made inside the transaction, never from here.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

use chrono_tz::Tz;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use super::auth::Seen;
use super::metrics::Metrics;
use super::problem::Problem;
use super::rate::Rates;
use super::serve::Limits;
use crate::desk::beside::aside;
use crate::desk::{Denied, DeskHandle, News};
use crate::intake::vendor::map_file::MapFile;
use crate::intake::vendor::secrets::Secrets;
use crate::model::actor::Actor;
use crate::model::contact::CountryCode;
use crate::model::time::{DAY_MS, Millis};
use crate::store::{Store, StoreError};
use crate::world::World;

/// How long an answer is kept for whoever asks again, in milliseconds (30 days).
pub const KEPT_MS: i64 = 30 * DAY_MS;
/// Readers of the file kept open.
const READERS_MAX: usize = 8;
/// How long a door goes on without tokens before it asks the file again.
const TOKENLESS: Duration = Duration::from_millis(50);
/// How long a picture waits for commits that are in the file already.
const CATCH_UP: Duration = Duration::from_millis(500);

/// How a door is opened.
#[derive(Clone)]
pub struct DoorOptions {
    /// Who stands for requests that come without a token: whoever runs the process.
    pub actor: Actor,
    /// Zone of times without one; otherwise the rule book's.
    pub zone: Option<Tz>,
    /// Country of phone numbers without a prefix.
    pub country: CountryCode,
    /// What vendors sign with.
    pub secrets: Secrets,
    /// How the world sees this door, e.g. `https://leads.example.com`: part of what HubSpot signs.
    pub public_url: Option<String>,
    /// Adapters of the operator's own.
    pub maps: Vec<MapFile>,
    pub limits: Limits,
}

impl DoorOptions {
    /// A door without vendors, in `actor`'s name.
    #[must_use]
    pub fn new(actor: Actor) -> DoorOptions {
        DoorOptions {
            actor,
            zone: None,
            country: CountryCode::CN,
            secrets: Secrets::default(),
            public_url: None,
            maps: Vec::new(),
            limits: Limits::default(),
        }
    }
}

/// What handlers share.
pub struct Door {
    pub handle: DeskHandle,
    pub options: DoorOptions,
    pub metrics: Metrics,
    pub rates: Rates,
    /// Signatures that were used.
    pub seen: Seen,
    /// One permit a request that is being handled.
    pub in_flight: Semaphore,
    /// One permit a byte of a body that is held.
    pub held: Arc<Semaphore>,
    /// Signatures older than the process cannot be told from replays.
    pub started: Millis,
    world: RwLock<World>,
    seq: watch::Sender<u64>,
    readers: Mutex<Vec<Store>>,
    closing: AtomicBool,
    /// What the last look for tokens found.
    tokens: Mutex<Option<TokensSeen>>,
    /// Why the file takes no writes, while that holds.
    trouble: RwLock<Option<Arc<StoreError>>>,
}

/// Whether there were tokens when the file was asked.
#[derive(Debug, Clone, Copy)]
struct TokensSeen {
    found: bool,
    at: Instant,
    /// Errands this desk had done by then.
    errands: u64,
}

impl std::fmt::Debug for Door {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Door").finish_non_exhaustive()
    }
}

impl Door {
    /// A door to the desk behind `handle`. [`Door::follow`] keeps it up to date.
    ///
    /// # Errors
    /// When the desk is gone or its file cannot be read.
    pub async fn open(handle: DeskHandle, options: DoorOptions) -> Result<Arc<Door>, Denied> {
        let (world, _) = handle.follow().await?;
        let started = handle.clock().now();
        let limits = &options.limits;
        let reader = Store::open_readonly(handle.path())?;
        Ok(Arc::new(Door {
            metrics: Metrics::default(),
            rates: Rates::default(),
            seen: Seen::default(),
            in_flight: Semaphore::new(limits.in_flight),
            held: Arc::new(Semaphore::new(limits.held_bytes)),
            started,
            seq: watch::Sender::new(world.seq().0),
            world: RwLock::new(world),
            readers: Mutex::new(vec![reader]),
            closing: AtomicBool::new(false),
            tokens: Mutex::new(None),
            trouble: RwLock::new(None),
            handle,
            options,
        }))
    }

    /// Folds what is committed, until the desk closes.
    ///
    /// # Errors
    /// When the file can never be written again by this program: the process had better end.
    pub async fn follow(&self) -> Result<(), Arc<StoreError>> {
        loop {
            let Ok((world, mut news)) = self.handle.follow().await else { return Ok(()) };
            self.seq.send_replace(world.seq().0);
            *self.world.write().unwrap_or_else(PoisonError::into_inner) = world;
            loop {
                match news.recv().await {
                    Ok(News::Committed(events)) => {
                        let mut world = self.world.write().unwrap_or_else(PoisonError::into_inner);
                        for event in events.iter().filter(|e| e.seq > world.seq()).collect::<Vec<_>>() {
                            world.apply(event);
                            self.metrics.note_event(event);
                        }
                        self.seq.send_replace(world.seq().0);
                        *self.trouble.write().unwrap_or_else(PoisonError::into_inner) = None;
                    }
                    Ok(News::Trouble(error)) => {
                        if matches!(*error, StoreError::NewerSchema { .. } | StoreError::Replaced { .. }) {
                            return Err(error);
                        }
                        tracing::error!(error = %error, "trouble");
                        if error.stops_writing() {
                            *self.trouble.write().unwrap_or_else(PoisonError::into_inner) = Some(error);
                        }
                    }
                    Ok(News::Leading(leads)) => tracing::info!(leads, "standing"),
                    Ok(News::Reloaded) | Err(RecvError::Lagged(_)) => break,
                    Err(RecvError::Closed) => return Ok(()),
                }
            }
        }
    }

    /// From now on every request is told to come again later.
    pub fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
    }

    /// Whether it closes.
    #[must_use]
    pub fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// Why the file takes no writes, while that holds.
    #[must_use]
    pub fn trouble(&self) -> Option<Arc<StoreError>> {
        self.trouble.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Wall time, by the desk's clock.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.handle.clock().now()
    }

    /// Zone of times that name none.
    #[must_use]
    pub fn zone(&self) -> Tz {
        self.options.zone.unwrap_or_else(|| self.with_world(|world| world.book().zone))
    }

    /// Looks at the world as last committed.
    pub fn with_world<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        look(&self.world.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits until the world holds what is in the file now, so that a picture never lacks what its asker was told before.
    pub async fn caught_up(&self) {
        let Ok(last) = self.read(|store| store.last_seq()) else { return };
        let mut seq = self.seq.subscribe();
        // The picture of a moment ago is better than none.
        let _ = tokio::time::timeout(CATCH_UP, seq.wait_for(|seq| *seq >= last.0)).await;
    }

    /// Asks the file something small; what takes longer belongs into [`Door::look`].
    ///
    /// # Errors
    /// The file's.
    pub fn read<T>(&self, ask: impl FnOnce(&Store) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let kept = self.readers.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let store = match kept {
            Some(store) => store,
            None => Store::open_readonly(self.handle.path())?,
        };
        let answer = ask(&store)?;
        let mut readers = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if readers.len() < READERS_MAX {
            readers.push(store);
        }
        Ok(answer)
    }

    /// Whether a token was ever made. One that another process makes is noticed within [`TOKENLESS`]; none is ever unmade.
    ///
    /// # Errors
    /// The file's.
    pub fn has_tokens(&self) -> Result<bool, StoreError> {
        let (errands, now) = (self.handle.errands_done(), Instant::now());
        let seen = *self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let holds = |seen: &TokensSeen| seen.found || (seen.errands == errands && now < seen.at + TOKENLESS);
        if let Some(seen) = seen.filter(holds) {
            return Ok(seen.found);
        }
        let found = self.read(Store::has_tokens)?;
        *self.tokens.lock().unwrap_or_else(PoisonError::into_inner) =
            Some(TokensSeen { found, at: now, errands });
        Ok(found)
    }

    /// Asks the file and the world off the threads that serve sockets.
    ///
    /// # Errors
    /// What the asking says, or the file's trouble as a problem.
    pub async fn look<T: Send + 'static>(
        self: &Arc<Self>,
        ask: impl FnOnce(&Door, &Store) -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let door = Arc::clone(self);
        let asked = aside(move || {
            let mut answer = Err(Problem::later("busy", "the desk's file could not be read", 1));
            let read = door.read(|store| {
                answer = ask(&door, store);
                Ok(())
            });
            read.map_err(|error| Problem::store(&error)).and(answer)
        });
        asked.await.unwrap_or_else(|| Err(Problem::later("fault", "the answer was lost; ask again", 1)))
    }

    /// Waits for room to handle one more request.
    ///
    /// # Errors
    /// 503 when there is none for a while.
    pub async fn slot(&self) -> Result<tokio::sync::SemaphorePermit<'_>, Problem> {
        let busy = || Problem::later("busy", "too many requests at once; nothing was changed", 1);
        match tokio::time::timeout(self.options.limits.slot_wait, self.in_flight.acquire()).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(busy()),
        }
    }
}
