//! The outbox: notices written in the transaction of their cause, and the leader's book-keeping while it sends them. What is
//! told and how it is sent is not known here. No part of the log: a replay writes none of it.

mod read;

use std::hash::Hasher;

use rusqlite::{OptionalExtension, params};
use siphasher::sip128::{Hasher128, SipHasher13};
use smol_str::SmolStr;

use super::Store;
use super::error::{At, StoreError};
use super::feed::sql_id;
use super::txn::Txn;
use crate::model::channel::{ChannelKind, Topic};
use crate::model::event::Event;
use crate::model::id::{LeadId, Seq};
use crate::model::outbox::{ChannelState, Draft, LeadNews, LeadWhy, NoticeId, Stage, Tiding, Told};
use crate::model::time::{DAY_MS, Millis};

pub use read::{OUTBOX_PAGE_MAX, OutboxFilter};

/// How long what was sent is kept, in milliseconds: as long a correction can still follow it.
pub const SENT_KEPT_MS: i64 = 7 * DAY_MS;
/// How long what was given up or dropped is kept, in milliseconds.
pub const DEAD_KEPT_MS: i64 = 30 * DAY_MS;
/// Rows one pruning removes at most, so that nobody waits behind it.
pub const PRUNED_MAX: usize = 500;
/// Bytes of an error that are kept.
pub const ERROR_BYTES_MAX: usize = 300;

/// What became of notices that were claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    Sent {
        at: Millis,
        vendor: SmolStr,
    },
    /// To be tried again.
    Again {
        due: Millis,
        error: SmolStr,
        /// Whether it counts as a try.
        counts: bool,
        /// Each by itself from now on.
        alone: bool,
        /// In the very message it was sent in: that may have arrived, and its receiver shall know it again.
        keep: bool,
    },
    Dead {
        error: SmolStr,
    },
    Dropped {
        why: SmolStr,
    },
}

/// What a person does about a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ByHand {
    /// Send it, now and anew.
    Retry,
    Drop,
}

/// What a notice is called: the time of its cause, and a hash of cause, place and channel: the same whoever asks.
fn notice_id(desk: &str, at: Millis, cause: Seq, place: usize, draft: &Draft) -> NoticeId {
    let mut hasher = SipHasher13::new();
    for part in [desk, draft.kind.word(), &draft.channel, &draft.receiver] {
        hasher.write(part.as_bytes());
        hasher.write_u8(0xff);
    }
    hasher.write_u64(cause.0);
    hasher.write_usize(place);
    let chance = hasher.finish128().as_u128();
    let ms = u64::try_from(at.0).unwrap_or(0);
    NoticeId(ulid::Ulid::from_parts(ms, chance).0)
}

/// The word of column `news`.
fn news_word(told: &Told) -> &'static str {
    match told {
        Told::Alerts(_) => "alerts",
        Told::Test { .. } => "test",
        Told::Lead(news) => match news.why {
            LeadWhy::Given => "given",
            LeadWhy::Reminded => "reminded",
            LeadWhy::Moved => "moved",
            LeadWhy::Undone => "undone",
        },
    }
}

fn topic_word(topic: Topic) -> &'static str {
    match topic {
        Topic::Page => "page",
        Topic::Warn => "warn",
        Topic::Info => "info",
        Topic::Digest => "digest",
        Topic::Assigned => "assigned",
    }
}

/// At most [`ERROR_BYTES_MAX`] bytes, cut at a character.
fn short(error: &str) -> &str {
    let mut end = error.len().min(ERROR_BYTES_MAX);
    while !error.is_char_boundary(end) {
        end -= 1;
    }
    error.get(..end).unwrap_or_default()
}

impl Txn<'_> {
    /// Writes what an event, just recorded, means for the outbox.
    ///
    /// # Errors
    /// The file's.
    pub fn tell(&mut self, event: &Event, tidings: &[Tiding]) -> Result<(), StoreError> {
        for (place, tiding) in tidings.iter().enumerate() {
            match tiding {
                Tiding::Put(draft) => self.put_notice(event.at, event.seq, place, draft)?,
                Tiding::Moved { lead, owner, why } => self.lead_moved(event, place, *lead, owner, *why)?,
            }
        }
        Ok(())
    }

    fn put_notice(&mut self, at: Millis, cause: Seq, place: usize, draft: &Draft) -> Result<(), StoreError> {
        let path = &self.store.path;
        let id = notice_id(&self.store.desk, at, cause, place, draft);
        let fault = |why: String| StoreError::Fault { path: path.clone(), why };
        let told = serde_json::to_string(&draft.told).map_err(|e| fault(e.to_string()))?;
        // A second time the same cause writes nothing: the notice is there already.
        let sql =
            "INSERT OR IGNORE INTO outbox (id, kind, channel, topic, severity, receiver, lead, news, told,
                     cause, created_at, due_at, stage, tries, last_error, alone, vendor, handled_by)
                   VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, '', 0, '', '')";
        let line = params![
            id.0.to_be_bytes(),
            draft.kind.word(),
            draft.channel.as_str(),
            topic_word(draft.topic),
            draft.told.severity() as u8,
            draft.receiver.as_str(),
            draft.told.lead().map(|lead| sql_id(lead.0)),
            news_word(&draft.told),
            told,
            sql_id(cause.0),
            at.0,
            at.0,
        ];
        self.store.conn.prepare_cached(sql).and_then(|mut s| s.execute(line)).at(path)?;
        Ok(())
    }

    /// What was not sent yet about a lead that changed hands is dropped; whoever was told is told better, also who has it
    /// back after an undo.
    fn lead_moved(
        &mut self,
        event: &Event,
        place: usize,
        lead: LeadId,
        owner: &str,
        why: LeadWhy,
    ) -> Result<(), StoreError> {
        let path = self.store.path.clone();
        let sql = "UPDATE outbox SET stage = 4, last_error = 'no longer so' WHERE lead = ?1 AND stage = 0
                     AND iif(receiver = ?2, news IN ('moved', 'undone'), news IN ('given', 'reminded'))";
        let line = params![sql_id(lead.0), owner];
        self.store.conn.prepare_cached(sql).and_then(|mut s| s.execute(line)).at(&path)?;
        let drafts = self.corrections(lead, owner, why).at(&path)?;
        for draft in &drafts {
            self.put_notice(event.at, event.seq, place, draft)?;
        }
        Ok(())
    }

    /// For each who was told something about a lead that is not so now: what is.
    fn corrections(&self, lead: LeadId, owner: &str, why: LeadWhy) -> rusqlite::Result<Vec<Draft>> {
        // The last thing each of them was told, or may have been.
        let sql = "SELECT kind, channel, receiver, told, news, max(cause) FROM outbox
                   WHERE lead = ? AND stage IN (1, 2) AND receiver <> '' GROUP BY kind, channel, receiver";
        let mut ask = self.store.conn.prepare_cached(sql)?;
        let mut rows = ask.query([sql_id(lead.0)])?;
        let mut drafts = Vec::new();
        while let Some(row) = rows.next()? {
            let (kind, channel, receiver): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let (told, news): (String, String) = (row.get(3)?, row.get(4)?);
            let told = serde_json::from_str::<Told>(&told);
            let (Some(kind), Ok(Told::Lead(before))) = (ChannelKind::from_word(&kind), told) else {
                continue;
            };
            let thinks_so = matches!(news.as_str(), "given" | "reminded");
            let why = match (receiver == owner, thinks_so) {
                (false, true) => why,
                // A placement tells its owner by itself.
                (true, false) if why == LeadWhy::Undone => LeadWhy::Given,
                (true, _) | (false, false) => continue,
            };
            let told = Told::Lead(LeadNews { lead, rep: before.rep, why, within_ms: None });
            let (channel, receiver) = (channel.into(), receiver.into());
            drafts.push(Draft { kind, channel, topic: Topic::Assigned, receiver, told });
        }
        Ok(drafts)
    }

    /// Takes queued notices to be sent as one message, named by `message`. `false` = one of them is queued no more: roll
    /// back and look again.
    ///
    /// # Errors
    /// The file's.
    pub fn claim(&mut self, ids: &[NoticeId], message: NoticeId, epoch: u64) -> Result<bool, StoreError> {
        let sql = "UPDATE outbox SET stage = 1, message = ?, epoch = ? WHERE id = ? AND stage = 0";
        let mut put = self.store.conn.prepare_cached(sql).at(&self.store.path)?;
        let mut taken = 0;
        for id in ids {
            let line = params![message.0.to_be_bytes(), sql_id(epoch), id.0.to_be_bytes()];
            taken += put.execute(line).at(&self.store.path)?;
        }
        Ok(taken == ids.len())
    }

    /// Notes what became of notices.
    ///
    /// # Errors
    /// The file's.
    pub fn settle(&mut self, ids: &[NoticeId], settled: &Settled) -> Result<(), StoreError> {
        let conn = &self.store.conn;
        for id in ids {
            let id = id.0.to_be_bytes();
            let done = match settled {
                Settled::Sent { at, vendor } => conn
                    .prepare_cached(
                        "UPDATE outbox SET stage = 2, sent_at = ?, vendor = ?, last_error = '' WHERE id = ?",
                    )
                    .and_then(|mut s| s.execute(params![at.0, short(vendor), id])),
                Settled::Again { due, error, counts, alone, keep } => conn
                    .prepare_cached(
                        "UPDATE outbox SET stage = 0, due_at = ?, last_error = ?, tries = tries + ?,
                           alone = max(alone, ?), message = iif(?, message, NULL) WHERE id = ? AND stage = 1",
                    )
                    .and_then(|mut s| s.execute(params![due.0, short(error), *counts, *alone, *keep, id])),
                Settled::Dead { error } => conn
                    .prepare_cached("UPDATE outbox SET stage = 3, last_error = ? WHERE id = ? AND stage < 2")
                    .and_then(|mut s| s.execute(params![short(error), id])),
                Settled::Dropped { why } => conn
                    .prepare_cached("UPDATE outbox SET stage = 4, last_error = ? WHERE id = ? AND stage < 2")
                    .and_then(|mut s| s.execute(params![short(why), id])),
            };
            done.at(&self.store.path)?;
        }
        Ok(())
    }

    /// Puts queued notices off.
    ///
    /// # Errors
    /// The file's.
    pub fn postpone(&mut self, ids: &[NoticeId], due: Millis) -> Result<(), StoreError> {
        let sql = "UPDATE outbox SET due_at = ? WHERE id = ? AND stage = 0";
        let mut put = self.store.conn.prepare_cached(sql).at(&self.store.path)?;
        for id in ids {
            put.execute(params![due.0, id.0.to_be_bytes()]).at(&self.store.path)?;
        }
        Ok(())
    }

    /// How a channel stands, as this transaction sees it.
    ///
    /// # Errors
    /// The file's.
    pub fn channel_state(&self, kind: ChannelKind, channel: &str) -> Result<ChannelState, StoreError> {
        self.store.channel_state(kind, channel)
    }

    /// Puts a copy of a notice that was given up onto another channel, once.
    ///
    /// # Errors
    /// The file's.
    pub fn fall_back(
        &mut self,
        id: NoticeId,
        (kind, channel): (ChannelKind, &str),
        now: Millis,
    ) -> Result<(), StoreError> {
        let mut hasher = SipHasher13::new();
        hasher.write_u128(id.0);
        hasher.write(channel.as_bytes());
        let ms = u64::try_from(now.0).unwrap_or(0);
        let other = NoticeId(ulid::Ulid::from_parts(ms, hasher.finish128().as_u128()).0);
        let sql = "INSERT INTO outbox (id, kind, channel, topic, severity, receiver, lead, news, told, cause,
                     created_at, due_at, stage, tries, last_error, alone, vendor, handled_by)
                   SELECT ?1, ?2, ?3, topic, severity, receiver, lead, news, told, cause, ?4, ?4, 0, 0, '', 0, '', ''
                   FROM outbox o WHERE o.id = ?5
                     AND NOT EXISTS (SELECT 1 FROM outbox p
                                     WHERE p.cause = o.cause AND p.kind = ?2 AND p.channel = ?3
                                       AND p.receiver = o.receiver AND p.news = o.news)";
        let line = params![other.0.to_be_bytes(), kind.word(), channel, now.0, id.0.to_be_bytes()];
        self.store.conn.prepare_cached(sql).and_then(|mut s| s.execute(line)).at(&self.store.path)?;
        Ok(())
    }

    /// Writes how a channel stands.
    ///
    /// # Errors
    /// The file's.
    pub fn keep_channel(
        &mut self,
        kind: ChannelKind,
        channel: &str,
        state: &ChannelState,
    ) -> Result<(), StoreError> {
        let recent: Vec<i64> = state.recent.iter().map(|at| at.0).collect();
        let sql = "INSERT OR REPLACE INTO channel_state (kind, channel, recent, blocked_until, failures,
                     last_error, last_ok_at) VALUES (?, ?, ?, ?, ?, ?, ?)";
        let line = params![
            kind.word(),
            channel,
            serde_json::Value::from(recent).to_string(),
            state.blocked_until.0,
            state.failures,
            short(&state.last_error),
            state.last_ok_at.map(|at| at.0),
        ];
        self.store.conn.prepare_cached(sql).and_then(|mut s| s.execute(line)).at(&self.store.path)?;
        Ok(())
    }

    /// Does by hand what a person asks for; `false` when there is no such notice or it is past that.
    ///
    /// # Errors
    /// The file's.
    pub fn by_hand(
        &mut self,
        id: NoticeId,
        what: ByHand,
        who: &str,
        now: Millis,
    ) -> Result<bool, StoreError> {
        let sql = match what {
            // Waiting ones are hurried, those given up or dropped are sent after all; one under way or sent is not.
            ByHand::Retry => {
                "UPDATE outbox SET stage = 0, due_at = ?1, tries = 0, created_at = ?1, message = NULL,
                   handled_by = ?2, handled_at = ?1 WHERE id = ?3 AND stage IN (0, 3, 4)"
            }
            ByHand::Drop => {
                "UPDATE outbox SET stage = 4, last_error = 'dropped by hand', handled_by = ?2, handled_at = ?1
                 WHERE id = ?3 AND stage IN (0, 1, 3)"
            }
        };
        let line = params![now.0, who, id.0.to_be_bytes()];
        let changed = self.store.conn.prepare_cached(sql).and_then(|mut s| s.execute(line));
        Ok(changed.at(&self.store.path)? == 1)
    }

    /// Lets a channel send at once what it was made to wait with.
    ///
    /// # Errors
    /// The file's.
    pub fn unblock_channel_of(&mut self, id: NoticeId) -> Result<(), StoreError> {
        let sql = "UPDATE channel_state SET blocked_until = 0
                   WHERE failures > 0 AND (kind, channel) IN (SELECT kind, channel FROM outbox WHERE id = ?)";
        let done = self.store.conn.prepare_cached(sql).and_then(|mut s| s.execute([id.0.to_be_bytes()]));
        done.at(&self.store.path).map(|_| ())
    }

    /// Removes what was sent or given up long ago, [`PRUNED_MAX`] rows at most. How many.
    ///
    /// # Errors
    /// The file's.
    pub fn prune_outbox(&mut self, now: Millis) -> Result<usize, StoreError> {
        let sql = "DELETE FROM outbox WHERE id IN (
                     SELECT id FROM outbox WHERE stage >= 2
                       AND created_at < CASE stage WHEN 2 THEN ?1 ELSE ?2 END LIMIT ?3)";
        let most = i64::try_from(PRUNED_MAX).unwrap_or(i64::MAX);
        let line = params![now.plus(-SENT_KEPT_MS).0, now.plus(-DEAD_KEPT_MS).0, most];
        self.store.conn.prepare_cached(sql).and_then(|mut s| s.execute(line)).at(&self.store.path)
    }
}

impl Store {
    /// How a channel stands; of one that never sent, as at the beginning.
    ///
    /// # Errors
    /// The file's.
    pub fn channel_state(&self, kind: ChannelKind, channel: &str) -> Result<ChannelState, StoreError> {
        let sql = "SELECT recent, blocked_until, failures, last_error, last_ok_at FROM channel_state
                   WHERE kind = ? AND channel = ?";
        let mut ask = self.conn.prepare_cached(sql).at(&self.path)?;
        let found = ask.query_row(params![kind.word(), channel], |r| read::channel_state(r, 0)).optional();
        Ok(found.at(&self.path)?.unwrap_or_default())
    }
}

const _: () = assert!(Stage::ALL.len() == 5, "stages are written as numbers in the statements above");
