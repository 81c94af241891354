//! Reading a stretch of the log for what-if: which one is meant, the desk before it, its columns. The replays are the
//! engine's; whoever looks does so on a thread of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use smol_str::SmolStr;

use crate::engine::whatif::{LEADS_MAX, Recorder, Tape};
use crate::model::id::Seq;
use crate::model::time::{DAY_MS, Millis};
use crate::store::{PIECE, Piece, Store, StoreError};
use crate::world::World;

/// A stretch of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// The last so many days of 24 hours.
    Days(u16),
    /// The run of a promotion that is on, or its last one.
    Promotion(SmolStr),
    /// The whole log.
    All,
}

/// The longest [`Span::Days`].
pub const DAYS_MAX: u16 = 3_660;

/// What is read of the log.
#[derive(Debug, Clone)]
pub struct Stretch {
    pub tape: Arc<Tape>,
    /// The desk before it.
    pub start: World,
    pub from: Millis,
    /// The book in force at the end of the log.
    pub published: SmolStr,
}

/// Why there is no stretch.
#[derive(Debug, thiserror::Error)]
pub enum NoStretch {
    #[error("the rule book has no promotion {0:?}")]
    NoPromotion(SmolStr),
    #[error("the promotion {0:?} has not been on yet")]
    NotYet(SmolStr),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where stretches come from: a desk's file, or a test's log.
pub trait Shelf {
    /// Reads `span` as of `now`; `None` when `goes_on`, which gets (read, to read), says stop.
    ///
    /// # Errors
    /// See [`NoStretch`].
    fn stretch(
        &mut self,
        span: &Span,
        now: Millis,
        goes_on: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Option<Stretch>, NoStretch>;
}

/// A desk's file, opened anew for each reading and for reading only.
#[derive(Debug, Clone)]
pub struct FileShelf {
    path: PathBuf,
}

impl FileShelf {
    /// The shelf of the file at `path`.
    #[must_use]
    pub fn new(path: &Path) -> FileShelf {
        FileShelf { path: path.to_owned() }
    }
}

impl Shelf for FileShelf {
    fn stretch(
        &mut self,
        span: &Span,
        now: Millis,
        goes_on: &mut dyn FnMut(u64, u64) -> bool,
    ) -> Result<Option<Stretch>, NoStretch> {
        let store = Store::open_readonly(&self.path)?;
        let present = store.load_world(&mut |_, _| {})?;
        let (from, to) = bounds(&present, span, now)?;
        let before = match from {
            Millis(i64::MIN) => Seq(0),
            from => store.seq_at(from.plus(-1))?,
        };
        let until = if to >= now { present.seq() } else { store.seq_at(to)? };
        let published = present.published().text.clone();
        // Its memory is wanted for the stretch.
        drop(present);
        let start = if before.0 == 0 { World::new() } else { store.world_at(before, &mut |_, _| {})? };
        let tape = read(&store, &self.path, &start, until, goes_on)?;
        Ok(tape.map(|tape| Stretch { tape: Arc::new(tape), start, from, published }))
    }
}

/// Threads that read and decode pieces of the log while another puts them into columns.
const READERS: usize = 2;

/// What follows `start` in the log, up to `to`. `goes_on` gets (read, to read) and may stop it, which gives `None`.
///
/// # Errors
/// Those of [`Store::piece`]; `TooMuch` when more than [`LEADS_MAX`] leads arrive in the stretch.
fn read(
    store: &Store,
    path: &Path,
    start: &World,
    to: Seq,
    goes_on: &mut dyn FnMut(u64, u64) -> bool,
) -> Result<Option<Tape>, StoreError> {
    let (first, to) = (start.seq().0, store.last_seq()?.min(to));
    let ends = |at: u64| Seq(to.0.min(at.saturating_add(PIECE as u64)));
    std::thread::scope(|scope| {
        // A reader ends when the receiver of its pieces is gone.
        let readers: Vec<Receiver<_>> = (0..READERS)
            .map(|reader| {
                let (sender, receiver) = sync_channel(1);
                let starts = (first..to.0).step_by(PIECE).skip(reader).step_by(READERS);
                scope.spawn(move || hand_on(path, starts.map(|at| (Seq(at), ends(at))), &sender));
                receiver
            })
            .collect();
        let mut recorder = Recorder::new(start);
        let pieces = (first..to.0).step_by(PIECE).zip(readers.iter().cycle());
        for (at, reader) in pieces {
            if !goes_on(at - first, to.0 - first) {
                return Ok(None);
            }
            let Ok(piece) = reader.recv() else { return Ok(None) };
            piece?.record(&mut recorder);
            if recorder.leads() > LEADS_MAX {
                return Err(store.too_many_leads());
            }
        }
        Ok(Some(recorder.finish()))
    })
}

/// Reads one piece after another, each as soon as the one before was taken.
fn hand_on(
    path: &Path,
    pieces: impl Iterator<Item = (Seq, Seq)>,
    to: &SyncSender<Result<Piece, StoreError>>,
) {
    let store = match Store::open_readonly(path) {
        Ok(store) => store,
        Err(error) => return drop(to.send(Err(error))),
    };
    for (after, until) in pieces {
        let piece = store.piece(after, until);
        let is_over = piece.is_err();
        if to.send(piece).is_err() || is_over {
            return;
        }
    }
}

/// From when to when `span` goes as of `now`; the whole log begins at the least moment there is.
///
/// # Errors
/// When the promotion is unknown or was never on.
pub fn bounds(present: &World, span: &Span, now: Millis) -> Result<(Millis, Millis), NoStretch> {
    match span {
        Span::All => Ok((Millis(i64::MIN), now)),
        Span::Days(days) => Ok((now.plus(-i64::from((*days).min(DAYS_MAX)) * DAY_MS), now)),
        Span::Promotion(name) => {
            if present.book().promotion(name).is_none() {
                return Err(NoStretch::NoPromotion(name.clone()));
            }
            let run = present.last_run(name, now).ok_or_else(|| NoStretch::NotYet(name.clone()))?;
            Ok((run.from, run.until.min(now)))
        }
    }
}
