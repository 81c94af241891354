//! Reading the outbox: what is due, for the worker; pages and figures, for people.

use rusqlite::{OptionalExtension, Row, params};
use smol_str::SmolStr;

use super::super::Store;
use super::super::error::{At, StoreError};
use super::super::feed::id_of;
use crate::model::alert::Severity;
use crate::model::channel::{ChannelKind, Topic};
use crate::model::id::Seq;
use crate::model::outbox::{ChannelFigures, ChannelState, NoticeId, OutboxRow, Stage, Told};
use crate::model::time::Millis;
use crate::watch::Outbox;

/// Most rows a page of the outbox holds.
pub const OUTBOX_PAGE_MAX: usize = 1_000;

const COLUMNS: &str = "id, kind, channel, topic, severity, receiver, told, cause, created_at, due_at, stage, tries, \
                       last_error, alone, message, sent_at, handled_by";

/// Which notices a page shows, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OutboxFilter {
    /// What waits, is under way or was given up.
    #[default]
    Open,
    All,
}

pub(super) fn channel_state(r: &Row<'_>, from: usize) -> rusqlite::Result<ChannelState> {
    let recent: String = r.get(from)?;
    let recent: Vec<i64> = serde_json::from_str(&recent).unwrap_or_default();
    Ok(ChannelState {
        recent: recent.into_iter().map(Millis).collect(),
        blocked_until: Millis(r.get(from + 1)?),
        failures: r.get(from + 2)?,
        last_error: SmolStr::new(r.get_ref(from + 3)?.as_str()?),
        last_ok_at: r.get::<_, Option<i64>>(from + 4)?.map(Millis),
    })
}

fn notice_id(bytes: [u8; 16]) -> NoticeId {
    NoticeId(u128::from_be_bytes(bytes))
}

fn text(r: &Row<'_>, at: usize) -> rusqlite::Result<SmolStr> {
    Ok(SmolStr::new(r.get_ref(at)?.as_str()?))
}

/// `None` for a row that a newer Leadyard wrote and this one does not understand.
fn row(r: &Row<'_>) -> rusqlite::Result<Option<OutboxRow>> {
    let topic: String = r.get(3)?;
    let topic = serde_json::from_value::<Topic>(topic.into());
    let told: String = r.get(6)?;
    let (kind, told) = (ChannelKind::from_word(&text(r, 1)?), serde_json::from_str::<Told>(&told));
    let stage: u8 = r.get(10)?;
    let (Some(kind), Ok(told), Ok(topic), Some(stage)) =
        (kind, told, topic, Stage::ALL.get(usize::from(stage)).copied())
    else {
        return Ok(None);
    };
    Ok(Some(OutboxRow {
        id: notice_id(r.get(0)?),
        kind,
        channel: text(r, 2)?,
        topic,
        severity: match r.get::<_, u8>(4)? {
            0 => Severity::Info,
            1 => Severity::Warn,
            _ => Severity::Page,
        },
        receiver: text(r, 5)?,
        told,
        cause: Seq(id_of(r.get(7)?)),
        created_at: Millis(r.get(8)?),
        due_at: Millis(r.get(9)?),
        stage,
        tries: r.get(11)?,
        last_error: text(r, 12)?,
        alone: r.get(13)?,
        message: r.get::<_, Option<[u8; 16]>>(14)?.map(notice_id),
        sent_at: r.get::<_, Option<i64>>(15)?.map(Millis),
        handled_by: text(r, 16)?,
    }))
}

impl Store {
    fn outbox_rows(&self, rest: &str, with: &[&dyn rusqlite::ToSql]) -> Result<Vec<OutboxRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM outbox {rest}");
        let mut ask = self.conn.prepare_cached(&sql).at(&self.path)?;
        let mut rows = ask.query(with).at(&self.path)?;
        let mut all = Vec::new();
        while let Some(r) = rows.next().at(&self.path)? {
            all.extend(row(r).at(&self.path)?);
        }
        Ok(all)
    }

    /// What a channel may send at `now`, the loudest first, then the oldest.
    ///
    /// # Errors
    /// The file's.
    pub fn outbox_due(
        &self,
        kind: ChannelKind,
        channel: &str,
        now: Millis,
        limit: usize,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let limit = i64::try_from(limit.min(OUTBOX_PAGE_MAX)).unwrap_or(0);
        let rest = "WHERE kind = ? AND channel = ? AND stage = 0 AND stage < 2 AND due_at <= ?
                    ORDER BY severity DESC, cause, id LIMIT ?";
        self.outbox_rows(rest, params![kind.word(), channel, now.0, limit])
    }

    /// What a channel had claimed when whoever claimed it stopped, message by message.
    ///
    /// # Errors
    /// The file's.
    pub fn outbox_claimed(&self, kind: ChannelKind, channel: &str) -> Result<Vec<OutboxRow>, StoreError> {
        let rest = "WHERE kind = ? AND channel = ? AND stage = 1 AND stage < 2
                    ORDER BY message, severity DESC, cause, id LIMIT 1000";
        self.outbox_rows(rest, params![kind.word(), channel])
    }

    /// The oldest message of a channel that was sent, may have arrived, and waits to go again.
    ///
    /// # Errors
    /// The file's.
    pub fn outbox_kept(&self, kind: ChannelKind, channel: &str) -> Result<Option<NoticeId>, StoreError> {
        let sql = "SELECT message FROM outbox WHERE kind = ? AND channel = ? AND stage = 0 AND stage < 2
                     AND message IS NOT NULL ORDER BY cause, id LIMIT 1";
        let mut ask = self.conn.prepare_cached(sql).at(&self.path)?;
        let found = ask.query_row(params![kind.word(), channel], |r| r.get::<_, [u8; 16]>(0)).optional();
        Ok(found.at(&self.path)?.map(notice_id))
    }

    /// The notices of such a message, as they stood in it.
    ///
    /// # Errors
    /// The file's.
    pub fn outbox_message(
        &self,
        kind: ChannelKind,
        channel: &str,
        message: NoticeId,
    ) -> Result<Vec<OutboxRow>, StoreError> {
        let rest = "WHERE kind = ? AND channel = ? AND stage = 0 AND stage < 2 AND message = ?
                    ORDER BY severity DESC, cause, id";
        self.outbox_rows(rest, params![kind.word(), channel, message.0.to_be_bytes()])
    }

    /// When the next notice of a channel falls due.
    ///
    /// # Errors
    /// The file's.
    pub fn outbox_next_due(&self, kind: ChannelKind, channel: &str) -> Result<Option<Millis>, StoreError> {
        let sql = "SELECT min(due_at) FROM outbox WHERE kind = ? AND channel = ? AND stage = 0 AND stage < 2";
        let mut ask = self.conn.prepare_cached(sql).at(&self.path)?;
        let due: Option<i64> = ask.query_row(params![kind.word(), channel], |r| r.get(0)).at(&self.path)?;
        Ok(due.map(Millis))
    }

    /// A page of the outbox for people, newest first.
    ///
    /// # Errors
    /// The file's.
    pub fn outbox_page(&self, filter: OutboxFilter, limit: usize) -> Result<Vec<OutboxRow>, StoreError> {
        let limit = i64::try_from(limit.min(OUTBOX_PAGE_MAX)).unwrap_or(0);
        let rest = match filter {
            OutboxFilter::Open => "WHERE stage IN (0, 1, 3) ORDER BY id DESC LIMIT ?",
            OutboxFilter::All => "ORDER BY id DESC LIMIT ?",
        };
        self.outbox_rows(rest, params![limit])
    }

    /// One notice.
    ///
    /// # Errors
    /// The file's.
    pub fn outbox_row(&self, id: NoticeId) -> Result<Option<OutboxRow>, StoreError> {
        Ok(self.outbox_rows("WHERE id = ?", params![id.0.to_be_bytes()])?.pop())
    }

    /// How notices fare, all channels together.
    ///
    /// # Errors
    /// The file's.
    pub fn outbox_state(&self) -> Result<Outbox, StoreError> {
        let sql = "SELECT (SELECT min(created_at) FROM outbox WHERE stage < 2),
                          (SELECT count(*) FROM outbox WHERE stage = 3)";
        let mut ask = self.conn.prepare_cached(sql).at(&self.path)?;
        let read = |r: &rusqlite::Row<'_>| {
            let oldest = r.get::<_, Option<i64>>(0)?.map(Millis);
            Ok(Outbox { oldest, given_up: u32::try_from(r.get::<_, i64>(1)?).unwrap_or(u32::MAX) })
        };
        ask.query_row([], read).at(&self.path)
    }

    /// Figures of every channel that has notices or ever sent one.
    ///
    /// # Errors
    /// The file's.
    pub fn outbox_figures(&self) -> Result<Vec<ChannelFigures>, StoreError> {
        let sql = "SELECT c.kind, c.channel,
                     (SELECT count(*) FROM outbox o WHERE o.kind = c.kind AND o.channel = c.channel AND o.stage < 2),
                     (SELECT count(*) FROM outbox o WHERE o.kind = c.kind AND o.channel = c.channel AND o.stage = 3),
                     (SELECT min(created_at) FROM outbox o
                       WHERE o.kind = c.kind AND o.channel = c.channel AND o.stage < 2),
                     coalesce(s.recent, '[]'), coalesce(s.blocked_until, 0), coalesce(s.failures, 0),
                     coalesce(s.last_error, ''), s.last_ok_at
                   FROM (SELECT kind, channel FROM outbox UNION SELECT kind, channel FROM channel_state) c
                   LEFT JOIN channel_state s ON s.kind = c.kind AND s.channel = c.channel
                   ORDER BY c.kind, c.channel";
        let mut ask = self.conn.prepare_cached(sql).at(&self.path)?;
        let found = ask.query_map([], |r| {
            let Some(kind) = ChannelKind::from_word(&text(r, 0)?) else { return Ok(None) };
            Ok(Some(ChannelFigures {
                kind,
                channel: text(r, 1)?,
                queued: id_of(r.get(2)?),
                dead: id_of(r.get(3)?),
                oldest: r.get::<_, Option<i64>>(4)?.map(Millis),
                state: channel_state(r, 5)?,
            }))
        });
        let all: rusqlite::Result<Vec<_>> = found.at(&self.path)?.collect();
        Ok(all.at(&self.path)?.into_iter().flatten().collect())
    }
}
