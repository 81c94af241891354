//! The world as a blob now and then, so that starting up folds only the tail. Droppable: whatever is wrong with one, the log
//! has the answer.

use std::hash::Hasher;

use rusqlite::{Connection, OptionalExtension, params};
use siphasher::sip::SipHasher13;

use super::Store;
use super::error::{At, StoreError};
use super::feed::{FOLD_CHUNK, id_of, sql_id};
use crate::model::id::Seq;
use crate::model::time::{DAY_MS, Millis};
use crate::watch::WatchState;
use crate::world::{FOLD_VERSION, World};

/// Newest checkpoints kept whatever their day.
const NEWEST_KEPT: usize = 2;
/// Days of which the last checkpoint is kept.
const DAYS_KEPT: i64 = 90;
/// Bytes all checkpoints together may take; the oldest go first.
const BYTES_KEPT: i64 = 1 << 30;
/// Largest checkpoint written: SQLite's own limit for one value is a little below 1 GB.
const BYTES_MAX: usize = 900_000_000;
/// Ends a blob that holds the watch's sums behind the world: their length stands before it. A build that does not know them
/// passes over what follows the world.
const WATCH_MARK: &[u8; 8] = b"LYwatch1";

struct Kept {
    seq: i64,
    at: i64,
    bytes: i64,
}

/// World and watch, one behind the other.
fn join(world: Vec<u8>, watch: Option<&WatchState>) -> Vec<u8> {
    let mut blob = world;
    // Sums that cannot be written are merely not kept.
    if let Some(sums) = watch.and_then(|watch| watch.encode().ok()) {
        blob.extend_from_slice(&sums);
        blob.extend_from_slice(&(sums.len() as u64).to_le_bytes());
        blob.extend_from_slice(WATCH_MARK);
    }
    blob
}

/// The watch's part of a blob, if it holds one.
fn watch_of(blob: &[u8]) -> Option<&[u8]> {
    let rest = blob.strip_suffix(WATCH_MARK)?;
    let (rest, len) = rest.split_last_chunk::<8>()?;
    let len = usize::try_from(u64::from_le_bytes(*len)).ok()?;
    rest.get(rest.len().checked_sub(len)?..)
}

fn sum(blob: &[u8]) -> i64 {
    let mut hasher = SipHasher13::new();
    hasher.write(blob);
    hasher.finish().cast_signed()
}

impl Store {
    /// The present world: newest readable checkpoint plus the events after it. `progress` gets (folded, to fold).
    ///
    /// # Errors
    /// `Damaged` when the log has a gap or an unreadable event; `NewerEvent`.
    pub fn load_world(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<World, StoreError> {
        self.world_at(Seq(u64::MAX), progress)
    }

    /// The world as it was after `seq` (or now, if that is earlier).
    ///
    /// # Errors
    /// As [`Store::load_world`].
    pub fn world_at(&self, seq: Seq, progress: &mut dyn FnMut(u64, u64)) -> Result<World, StoreError> {
        self.end_stale()?;
        let to = self.last_seq()?.min(seq);
        let mut world = self.newest_checkpoint(to)?.unwrap_or_default();
        self.fold_up_to(&mut world, to, progress)?;
        Ok(world)
    }

    /// The present world folded from the first event, without any checkpoint.
    ///
    /// # Errors
    /// As [`Store::load_world`].
    pub fn world_from_zero(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<World, StoreError> {
        let mut world = World::new();
        let to = self.last_seq()?;
        self.fold_up_to(&mut world, to, progress)?;
        Ok(world)
    }

    fn fold_up_to(
        &self,
        world: &mut World,
        to: Seq,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<(), StoreError> {
        let from = world.seq().0;
        let total = to.0.saturating_sub(from);
        progress(0, total);
        while world.seq() < to {
            // Each read ends before the next: the log only grows, so no snapshot needs to be held.
            if self.log().fold(world, to, FOLD_CHUNK, &mut |_| Ok(()))? == 0 {
                let what = format!("events #{} to #{to} are missing from the log", world.seq().0 + 1);
                return Err(StoreError::damaged(&self.path, what));
            }
            progress(world.seq().0 - from, total);
        }
        Ok(())
    }

    /// The newest checkpoint up to `to` that this build can read; damaged and foreign ones are passed over.
    fn newest_checkpoint(&self, to: Seq) -> Result<Option<World>, StoreError> {
        let sql = "SELECT seq, sum, blob FROM checkpoint
                   WHERE fold_version = ? AND seq <= ? ORDER BY seq DESC LIMIT 1";
        let mut below = to;
        loop {
            let mut ask = self.conn.prepare_cached(sql).at(&self.path)?;
            let found = ask.query_row(params![FOLD_VERSION, sql_id(below.0)], |r| {
                let (seq, want): (i64, i64) = (r.get(0)?, r.get(1)?);
                let blob = r.get_ref(2)?.as_blob().unwrap_or_default();
                let world = if sum(blob) == want { World::decode(blob).ok() } else { None };
                Ok((Seq(id_of(seq)), world))
            });
            match found.optional() {
                Ok(None) => return Ok(None),
                Ok(Some((seq, Some(world)))) if world.seq() == seq => return Ok(Some(world)),
                Ok(Some((seq, _))) if seq.0 > 0 => below = Seq(seq.0 - 1),
                // An unreadable page among checkpoints must not keep the desk from starting.
                Ok(Some(_)) | Err(_) => return Ok(None),
            }
        }
    }

    /// The newest readable sums of the watch up to `to`; `None` = there are none, fold them from the first event.
    ///
    /// # Errors
    /// The file's.
    pub fn load_watch(&self, to: Seq) -> Result<Option<WatchState>, StoreError> {
        let sql = "SELECT sum, blob FROM checkpoint WHERE fold_version = ? AND seq <= ? ORDER BY seq DESC";
        let mut ask = self.conn.prepare_cached(sql).at(&self.path)?;
        let mut rows = ask.query(params![FOLD_VERSION, sql_id(to.0)]).at(&self.path)?;
        while let Some(row) = rows.next().at(&self.path)? {
            let want: i64 = row.get(0).at(&self.path)?;
            let blob = row.get_ref(1).at(&self.path)?.as_blob().unwrap_or_default();
            let sums = watch_of(blob).filter(|_| sum(blob) == want);
            if let Some(state) = sums.and_then(|sums| WatchState::decode(sums).ok()).filter(|w| w.seq() <= to)
            {
                return Ok(Some(state));
            }
        }
        Ok(None)
    }

    /// Keeps `world`, with the sums of `watch` if there are any, as a checkpoint and drops those no longer wanted, in a short transaction of its own.
    ///
    /// # Errors
    /// `Busy`, `Full`, `TooMuch`; nothing is lost by not having one.
    pub fn write_checkpoint(
        &mut self,
        world: &World,
        watch: Option<&WatchState>,
        at: Millis,
    ) -> Result<(), StoreError> {
        let blob =
            world.encode().map_err(|e| StoreError::Fault { path: self.path.clone(), why: e.to_string() })?;
        let blob = join(blob, watch.filter(|watch| watch.seq() <= world.seq()));
        if blob.len() > BYTES_MAX {
            let limit = BYTES_MAX as u64;
            return Err(StoreError::TooMuch {
                path: self.path.clone(),
                what: "the checkpoint's size",
                limit,
            });
        }
        let txn = self.begin()?;
        let path = txn.store.path.as_path();
        if txn.log().last_seq()? < world.seq() {
            return Err(StoreError::Replaced { path: path.to_owned() });
        }
        let sql =
            "INSERT OR REPLACE INTO checkpoint (seq, fold_version, at, sum, blob) VALUES (?, ?, ?, ?, ?)";
        let line = params![sql_id(world.seq().0), FOLD_VERSION, at.0, sum(&blob), blob];
        txn.store.conn.prepare_cached(sql).and_then(|mut s| s.execute(line)).at(path)?;
        drop_unwanted(&txn.store.conn, at).at(path)?;
        txn.commit(world)
    }

    /// Drops every checkpoint; the next start folds the whole log.
    ///
    /// # Errors
    /// The file's.
    pub fn drop_checkpoints(&mut self) -> Result<(), StoreError> {
        let path = self.path.clone();
        let txn = self.begin()?;
        txn.store.conn.execute("DELETE FROM checkpoint", []).at(&path)?;
        txn.commit(&World::new())
    }

    /// Where checkpoints of this build stand, oldest first, with their size in bytes.
    ///
    /// # Errors
    /// The file's.
    pub fn checkpoints(&self) -> Result<Vec<(Seq, Millis, u64)>, StoreError> {
        let kept = kept(&self.conn).at(&self.path)?;
        Ok(kept.iter().rev().map(|k| (Seq(id_of(k.seq)), Millis(k.at), id_of(k.bytes))).collect())
    }
}

fn kept(conn: &Connection) -> rusqlite::Result<Vec<Kept>> {
    let sql = "SELECT seq, at, length(blob) FROM checkpoint WHERE fold_version = ? ORDER BY seq DESC";
    let mut ask = conn.prepare_cached(sql)?;
    let rows =
        ask.query_map([FOLD_VERSION], |r| Ok(Kept { seq: r.get(0)?, at: r.get(1)?, bytes: r.get(2)? }))?;
    rows.collect()
}

/// Keeps the newest few and the last of each day, within a span and a size; a foreign fold version goes.
fn drop_unwanted(conn: &Connection, now: Millis) -> rusqlite::Result<()> {
    conn.execute("DELETE FROM checkpoint WHERE fold_version <> ?", [FOLD_VERSION])?;
    let mut bytes = 0;
    let mut last_day = None;
    for (place, one) in kept(conn)?.iter().enumerate() {
        bytes += one.bytes;
        let day = one.at.div_euclid(DAY_MS);
        let is_last_of_day = last_day != Some(day);
        last_day = Some(day);
        let is_recent = day > now.0.div_euclid(DAY_MS) - DAYS_KEPT;
        if place >= NEWEST_KEPT && (!is_last_of_day || !is_recent || bytes > BYTES_KEPT) {
            conn.prepare_cached("DELETE FROM checkpoint WHERE seq = ?")?.execute([one.seq])?;
        }
    }
    Ok(())
}
