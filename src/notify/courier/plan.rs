//! One look at a channel's queue: what is to be sent next as one message, what is no longer so, what is news no more, and which
//! digests wait for a quieter minute. It changes nothing.

use super::super::again::{AGE_MAX_MS, OUTAGE_FAILURES};
use super::super::channel::MERGED_MAX;
use super::super::letter;
use super::{Courier, Parcel};
use crate::model::alert::Severity;
use crate::model::channel::Topic;
use crate::model::outbox::{ChannelState, NoticeId, OutboxRow, Told};
use crate::model::time::{MINUTE_MS, Millis, SECOND_MS};
use crate::store::{Store, StoreError};
use crate::watch::tell::still_holds;
use crate::world::World;

/// Vendors ask callers to stay away from full and half hours: a digest goes out this many minutes past.
const DIGEST_MINUTE: i64 = 7;

/// What one look at the queue comes to.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub parcel: Option<Parcel>,
    pub stale: Vec<NoticeId>,
    pub expired: Vec<NoticeId>,
    pub digests: Vec<NoticeId>,
    pub digests_at: Option<Millis>,
    /// There is something the world does not know of yet.
    pub is_behind: bool,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.parcel.is_none() && self.stale.is_empty() && self.expired.is_empty() && self.digests.is_empty()
    }

    /// A message that went out before, as it was.
    pub fn repeat(message: NoticeId, rows: Vec<OutboxRow>) -> Plan {
        let parcel = (!rows.is_empty()).then_some(Parcel { message, rows, is_repeat: true });
        Plan { parcel, ..Plan::default() }
    }
}

/// When a digest goes out that is due at `now`; `None` = now. Near full and half hours of the desk's zone it waits a little,
/// not everybody's as long.
fn digest_at(world: &World, now: Millis, seed: u64) -> Option<Millis> {
    let (_, minute) = letter::hour_and_minute(world.book().zone, now);
    let past = i64::from(minute) % 30;
    let jitter = i64::try_from(seed % 60).unwrap_or(0) * SECOND_MS;
    (past < DIGEST_MINUTE).then(|| {
        let minute_start = now.0 - now.0.rem_euclid(MINUTE_MS);
        Millis(minute_start + (DIGEST_MINUTE - past) * MINUTE_MS + jitter)
    })
}

impl Courier<'_> {
    /// What to send next, what is no longer so, and which digests wait for a quieter minute; `None` = nothing is due.
    pub(super) fn plan(
        &self,
        store: &Store,
        world: &World,
        state: &ChannelState,
        now: Millis,
    ) -> Result<Option<Plan>, StoreError> {
        let (kind, name) = (self.channel.kind, self.channel.name.as_str());
        // A channel that is down is tried with what may have arrived, not with ever more messages.
        if state.failures >= OUTAGE_FAILURES
            && let Some(message) = store.outbox_kept(kind, name)?
        {
            return Ok(Some(Plan::repeat(message, store.outbox_message(kind, name, message)?)));
        }
        let due = store.outbox_due(kind, name, now, MERGED_MAX)?;
        let most = self.channel.merged_max();
        let mut plan = Plan::default();
        let mut rows: Vec<OutboxRow> = Vec::new();
        let digests_at = digest_at(world, now, self.seed);
        for row in due {
            if let Some(message) = row.message.filter(|_| rows.is_empty()) {
                let whole = store.outbox_message(kind, name, message)?;
                return Ok(Some(Plan { parcel: Plan::repeat(message, whole).parcel, ..plan }));
            }
            if row.cause > world.seq() {
                // What this world does not know yet it cannot judge: its news are on their way.
                plan.is_behind = true;
                continue;
            }
            let is_stale = matches!(&row.told, Told::Lead(news) if !still_holds(world, news));
            if row.message.is_none() && is_stale {
                plan.stale.push(row.id);
            } else if row.message.is_none() && now.since(row.created_at) >= AGE_MAX_MS {
                plan.expired.push(row.id);
            } else if row.topic == Topic::Digest && row.due_at == row.created_at && digests_at.is_some() {
                plan.digests_at = digests_at;
                plan.digests.push(row.id);
            } else if rows.len() < most && rows.first().is_none_or(|first| self.goes_with(first, &row)) {
                rows.push(row);
            }
        }
        if let Some(first) = rows.first() {
            plan.parcel = Some(Parcel { message: first.id, rows, is_repeat: false });
        }
        Ok((plan.is_behind || !plan.is_empty()).then_some(plan))
    }

    /// Whether two notices may share a message: neither was sent before, both are for the same person where a message goes
    /// to one, and what pages is not buried under what does not.
    fn goes_with(&self, first: &OutboxRow, row: &OutboxRow) -> bool {
        let pages = |row: &OutboxRow| row.severity == Severity::Page;
        let is_free = |row: &OutboxRow| row.message.is_none() && !row.alone;
        let same = !self.channel.kind.is_personal() || first.receiver == row.receiver;
        is_free(first) && is_free(row) && same && pages(first) == pages(row)
    }
}
