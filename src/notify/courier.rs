//! One channel's worker, a turn at a time: take what is due, merge it, hand it over, note what came of it. Claim and note are
//! transactions of the leader's; whatever dies between them is sent again as the same message under the same id.
//!
//! It waits for nothing but the vendor's answer: when the next turn is due is in what a turn returns.

mod plan;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use smol_str::{SmolStr, format_smolstr};

use self::plan::Plan;
use super::again::{self, Sending, Tried};
use super::channel::{Channel, To};
use super::config::Channels;
use super::letter::{self, Letter, Style};
use super::limit::Limits;
use super::people::People;
use super::verdict::Verdict;
use super::wire::Wire;
use crate::desk::Clock;
use crate::model::alert::Severity;
use crate::model::channel::ChannelKind;
use crate::model::id::LeadId;
use crate::model::lang::Lang;
use crate::model::outbox::{NoticeId, OutboxRow};
use crate::model::time::{HOUR_MS, MINUTE_MS, Millis, SECOND_MS};
use crate::store::{CONTACTS_MAX, Settled, Store, StoreError, Txn};
use crate::world::World;

/// Times a claim is begun anew because somebody else changed what was to be claimed.
const CLAIMS_MAX: usize = 3;
/// How long a worker waits for its world to hear of what was committed, in milliseconds.
const BEHIND_MS: i64 = 100;
/// What pages and would have to wait so long here goes by the fallback instead, in milliseconds.
const FALLBACK_WAIT_MS: i64 = 5 * MINUTE_MS;
/// A wait that a clock set back could have left behind is cut to this, in milliseconds.
const BLOCKED_MAX_MS: i64 = 6 * HOUR_MS;

/// What a turn came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Turn {
    /// Nothing is due before then; `None` = nothing is queued.
    Idle { until: Option<Millis> },
    /// Something is due and must wait for a limit.
    Waits { until: Millis },
    /// A message was handed over.
    Handed { message: NoticeId, notices: usize, verdict: Verdict },
    /// Another process leads: nothing was done, or nothing noted.
    NotLeading,
}

/// Notices claimed to be sent as one message.
#[derive(Debug, Clone)]
pub struct Parcel {
    pub message: NoticeId,
    /// Loudest first, then oldest.
    pub rows: Vec<OutboxRow>,
    /// It may have arrived before.
    pub is_repeat: bool,
}

/// What a claim came to.
#[derive(Debug)]
pub enum Claim {
    Parcel(Parcel),
    Nothing(Turn),
}

/// The worker of one channel.
#[derive(Debug)]
pub struct Courier<'a> {
    channel: &'a Channel,
    people: &'a People,
    wire: Wire,
    /// The channel that takes over what pages, when this one gives up.
    fallback: Option<(ChannelKind, SmolStr)>,
    /// Where its waits come from.
    seed: u64,
    /// The term in which what was left behind was looked through.
    looked_in: Option<u64>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Courier<'a> {
    /// A worker for `channel`.
    #[must_use]
    pub fn new(channel: &'a Channel, channels: &'a Channels, mut wire: Wire, seed: u64) -> Courier<'a> {
        wire.timeout = std::time::Duration::from_millis(channel.timeout_ms);
        let other = channel.fallback.as_ref().and_then(|name| channels.named(name));
        let fallback = other.map(|other| (other.kind, other.name.clone()));
        Courier { channel, people: &channels.people, wire, fallback, seed, looked_in: None }
    }

    /// The channel it works for.
    #[must_use]
    pub fn channel(&self) -> &Channel {
        self.channel
    }

    /// One turn in the leader's term `epoch`.
    ///
    /// # Errors
    /// The file's; what was claimed stays claimed and is sent again.
    pub async fn turn(
        &mut self,
        store: &Mutex<Store>,
        world: &Mutex<World>,
        clock: &Clock,
        epoch: u64,
    ) -> Result<Turn, StoreError> {
        let now = clock.now();
        let parcel = match self.claim(&mut locked(store), &locked(world), now, epoch)? {
            Claim::Parcel(parcel) => parcel,
            Claim::Nothing(turn) => return Ok(turn),
        };
        let letter = {
            let contacts = contacts(&locked(store), &parcel.rows)?;
            self.write(&parcel, &locked(world), &contacts, now)
        };
        let verdict = self.hand_over(&parcel, &letter, now).await;
        let done = clock.now();
        tracing::info!(
            channel = %self.channel.name,
            message = %parcel.message,
            notices = parcel.rows.len(),
            verdict = verdict_word(&verdict),
            why = verdict.why().map_or("", SmolStr::as_str),
            took_ms = done.since(now),
            "notice handed over"
        );
        if !self.note(&mut locked(store), &parcel, &verdict, done, epoch)? {
            return Ok(Turn::NotLeading);
        }
        Ok(Turn::Handed { message: parcel.message, notices: parcel.rows.len(), verdict })
    }

    /// Takes what is to be sent next, and counts it against the limits.
    ///
    /// # Errors
    /// The file's; nothing was taken.
    pub fn claim(
        &mut self,
        store: &mut Store,
        world: &World,
        now: Millis,
        epoch: u64,
    ) -> Result<Claim, StoreError> {
        let (kind, name) = (self.channel.kind, self.channel.name.as_str());
        if self.looked_in != Some(epoch) {
            if !self.take_over(store, now, epoch)? {
                return Ok(Claim::Nothing(Turn::NotLeading));
            }
            self.looked_in = Some(epoch);
        }
        for _ in 0..CLAIMS_MAX {
            let mut state = store.channel_state(kind, name)?;
            Limits::heal(&mut state, now, BLOCKED_MAX_MS);
            let Some(plan) = self.plan(store, world, &state, now)? else {
                let until = store.outbox_next_due(kind, name)?.filter(|due| *due > now);
                return Ok(Claim::Nothing(Turn::Idle { until }));
            };
            if plan.is_behind && plan.is_empty() {
                return Ok(Claim::Nothing(Turn::Waits { until: now.plus(BEHIND_MS) }));
            }
            let wait_ms = self.channel.limits.wait_ms(&state, now);
            if plan.parcel.is_some() && wait_ms > 0 {
                if self.hand_on(store, &plan, wait_ms, now, epoch)? {
                    continue;
                }
                return Ok(Claim::Nothing(Turn::Waits { until: now.plus(wait_ms) }));
            }
            let mut txn = store.begin()?;
            if !txn.fence(epoch)? {
                return Ok(Claim::Nothing(Turn::NotLeading));
            }
            txn.settle(&plan.stale, &Settled::Dropped { why: "no longer so".into() })?;
            txn.settle(&plan.expired, &Settled::Dead { error: "older than a day: news no more".into() })?;
            if let Some(due) = plan.digests_at {
                txn.postpone(&plan.digests, due)?;
            }
            let Some(parcel) = plan.parcel else {
                txn.commit_upkeep()?;
                continue;
            };
            let ids: Vec<NoticeId> = parcel.rows.iter().map(|row| row.id).collect();
            if !txn.claim(&ids, parcel.message, epoch)? {
                continue;
            }
            self.channel.limits.note(&mut state, now);
            txn.keep_channel(kind, name, &state)?;
            txn.commit_upkeep()?;
            return Ok(Claim::Parcel(parcel));
        }
        Ok(Claim::Nothing(Turn::Waits { until: now.plus(SECOND_MS) }))
    }

    /// What pages goes by the fallback where it would have to wait long here: blocked by the vendor, or for a day's limit.
    /// `false` = it stays.
    fn hand_on(
        &self,
        store: &mut Store,
        plan: &Plan,
        wait_ms: i64,
        now: Millis,
        epoch: u64,
    ) -> Result<bool, StoreError> {
        let pages: Vec<&OutboxRow> =
            plan.parcel.iter().flat_map(|p| &p.rows).filter(|row| row.severity == Severity::Page).collect();
        let Some((_, other)) = self.fallback.as_ref().filter(|_| wait_ms >= FALLBACK_WAIT_MS) else {
            return Ok(false);
        };
        if pages.is_empty() {
            return Ok(false);
        }
        let mut txn = store.begin()?;
        if !txn.fence(epoch)? {
            return Ok(false);
        }
        let minutes = wait_ms / MINUTE_MS;
        let error = format_smolstr!("it would have waited {minutes} min: {other} takes it over");
        for row in pages {
            txn.settle(&[row.id], &Settled::Dead { error: error.clone() })?;
            self.fall_back(&mut txn, row, now)?;
        }
        txn.commit_upkeep()?;
        Ok(true)
    }

    /// What pages must reach somebody: a copy for the other channel, where there is one.
    fn fall_back(&self, txn: &mut Txn<'_>, row: &OutboxRow, now: Millis) -> Result<(), StoreError> {
        match self.fallback.as_ref().filter(|_| row.severity == Severity::Page) {
            Some((kind, name)) => txn.fall_back(row.id, (*kind, name.as_str()), now),
            None => Ok(()),
        }
    }

    /// What was claimed when its sender stopped goes again, as the messages it was in; a text message, which may have been
    /// sent and is paid for, does not.
    fn take_over(&self, store: &mut Store, now: Millis, epoch: u64) -> Result<bool, StoreError> {
        let left = store.outbox_claimed(self.channel.kind, &self.channel.name)?;
        let ids: Vec<NoticeId> = left.iter().map(|row| row.id).collect();
        let mut txn = store.begin()?;
        if !txn.fence(epoch)? {
            return Ok(false);
        }
        if ids.is_empty() {
            return Ok(true);
        }
        if self.channel.kind.is_sms() {
            let error = SmolStr::new_static(
                "its sender stopped before it knew the answer; a text message is not sent twice",
            );
            txn.settle(&ids, &Settled::Dead { error })?;
            for row in &left {
                self.fall_back(&mut txn, row, now)?;
            }
        } else {
            let error = SmolStr::new_static("its sender stopped before it knew the answer");
            txn.settle(&ids, &Settled::Again { due: now, error, counts: true, alone: false, keep: true })?;
        }
        txn.commit_upkeep()?;
        Ok(true)
    }

    /// The message of a parcel.
    #[must_use]
    pub fn write(
        &self,
        parcel: &Parcel,
        world: &World,
        contacts: &BTreeMap<LeadId, crate::model::contact_card::ContactCard>,
        now: Millis,
    ) -> Letter {
        let tries = parcel.rows.iter().map(|row| row.tries).max().unwrap_or(0);
        let seen_twice = parcel.is_repeat && !self.channel.is_idempotent();
        let style = Style {
            lang: self.lang_of(parcel),
            keyword: &self.channel.keyword,
            attempt: if seen_twice { tries + 1 } else { 1 },
            mention_all: self.channel.mention_all,
        };
        let mut letter =
            letter::compose(&letter::Desk { world, contacts, now }, parcel.message, &parcel.rows, style);
        if letter.severity == Severity::Page {
            for login in &self.channel.mention {
                if !letter.mention.contains(login) {
                    letter.mention.push(login.clone());
                }
            }
        }
        letter
    }

    fn lang_of(&self, parcel: &Parcel) -> Lang {
        let receiver =
            parcel.rows.first().filter(|_| self.channel.kind.is_personal()).map(|row| &row.receiver);
        let person = receiver.and_then(|login| self.people.get(login));
        person.and_then(|person| person.lang).unwrap_or(self.channel.lang)
    }

    /// Hands a message to the vendor and judges its answer.
    pub async fn hand_over(&self, parcel: &Parcel, letter: &Letter, now: Millis) -> Verdict {
        let receiver =
            parcel.rows.first().filter(|_| self.channel.kind.is_personal()).map(|row| &row.receiver);
        let to = To {
            people: self.people,
            receiver: receiver.map_or("", SmolStr::as_str),
            mention: &letter.mention,
            everybody: letter.everybody,
        };
        self.channel.send(&self.wire, letter, to, now).await
    }

    /// Notes what came of a parcel; `false` = another process leads and will do it all again.
    ///
    /// # Errors
    /// The file's; the parcel stays claimed.
    pub fn note(
        &self,
        store: &mut Store,
        parcel: &Parcel,
        verdict: &Verdict,
        now: Millis,
        epoch: u64,
    ) -> Result<bool, StoreError> {
        let (kind, name) = (self.channel.kind, self.channel.name.as_str());
        let sending = Sending {
            message: parcel.message,
            now,
            seed: self.seed,
            is_idempotent: self.channel.is_idempotent(),
            is_paid: kind.is_sms(),
            merged: parcel.rows.len(),
            is_repeat: parcel.is_repeat,
        };
        let mut txn = store.begin()?;
        if !txn.fence(epoch)? {
            return Ok(false);
        }
        let mut state = txn.channel_state(kind, name)?;
        for row in &parcel.rows {
            let notice = Tried { id: row.id, tries: row.tries, created_at: row.created_at };
            let settled = again::settled(verdict, notice, &state, &sending);
            let is_dead = matches!(settled, Settled::Dead { .. });
            txn.settle(&[row.id], &settled)?;
            if is_dead {
                self.fall_back(&mut txn, row, now)?;
            }
        }
        again::note(verdict, &mut state, &sending);
        txn.keep_channel(kind, name, &state)?;
        txn.commit_upkeep()?;
        Ok(true)
    }

    /// Sends one message that is in no outbox, by the real path and under the real limits, for somebody who tries a channel
    /// out.
    ///
    /// # Errors
    /// The file's. `Ok(Err(ms))` = a limit asks to wait so long first.
    pub async fn test(
        &self,
        store: &Mutex<Store>,
        world: &World,
        row: OutboxRow,
        now: Millis,
    ) -> Result<Result<Verdict, i64>, StoreError> {
        let (kind, name) = (self.channel.kind, self.channel.name.as_str());
        {
            let mut store = locked(store);
            let mut txn = store.begin()?;
            let mut state = txn.channel_state(kind, name)?;
            Limits::heal(&mut state, now, BLOCKED_MAX_MS);
            // A channel that rests because its key was refused is just what is to be tried.
            if state.failures > 0 {
                state.blocked_until = Millis(0);
            }
            let wait_ms = self.channel.limits.wait_ms(&state, now);
            if wait_ms > 0 {
                return Ok(Err(wait_ms));
            }
            self.channel.limits.note(&mut state, now);
            txn.keep_channel(kind, name, &state)?;
            txn.commit_upkeep()?;
        }
        let parcel = Parcel { message: row.id, rows: vec![row], is_repeat: false };
        let letter = self.write(&parcel, world, &BTreeMap::new(), now);
        let verdict = self.hand_over(&parcel, &letter, now).await;
        let mut store = locked(store);
        let mut txn = store.begin()?;
        let mut state = txn.channel_state(kind, name)?;
        let sending = Sending {
            message: parcel.message,
            now,
            seed: self.seed,
            is_idempotent: true,
            is_paid: true,
            merged: 1,
            is_repeat: false,
        };
        again::note(&verdict, &mut state, &sending);
        txn.keep_channel(kind, name, &state)?;
        txn.commit_upkeep()?;
        Ok(Ok(verdict))
    }
}

/// Contact texts of the leads a parcel is about: read when it is sent, never kept in the outbox.
fn contacts(
    store: &Store,
    rows: &[OutboxRow],
) -> Result<BTreeMap<LeadId, crate::model::contact_card::ContactCard>, StoreError> {
    let mut leads: Vec<LeadId> = rows.iter().filter_map(|row| row.told.lead()).collect();
    leads.dedup();
    leads.truncate(CONTACTS_MAX);
    Ok(store.contacts(&leads)?.into_iter().collect())
}

fn verdict_word(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Delivered { .. } => "delivered",
        Verdict::Throttled { .. } => "throttled",
        Verdict::Transient { .. } => "transient",
        Verdict::Unknown { .. } => "unknown",
        Verdict::Permanent { .. } => "permanent",
    }
}
