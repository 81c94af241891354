//! What the doors in keep beside the log: tokens, answers given under a key, leads announced by number only. None of it is
//! truth about leads. Whether somebody may pass is decided at the door; this only remembers.

use rusqlite::{OptionalExtension, Row, params};
use smol_str::SmolStr;

use super::Store;
use super::error::{At, StoreError};
use super::txn::Txn;
use crate::model::time::Millis;

/// Most tokens one desk may have, revoked ones included.
pub const TOKENS_MAX: u64 = 1_000;
/// Most leads announced by number that are remembered; the oldest give way.
pub const AWAITED_MAX: u64 = 100_000;
/// Answers past their time that one transaction takes out for each that it puts in.
const KEPT_SWEPT: u32 = 2;

/// What somebody who posts may do, as it is stored; the secret itself is nowhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub name: SmolStr,
    /// The beginning of the secret, by which it is found.
    pub prefix: SmolStr,
    /// SHA-256 of the secret.
    pub hash: [u8; 32],
    /// The one source it may speak for; `*` = any.
    pub source: SmolStr,
    /// One bit a scope; the door knows which.
    pub scopes: u8,
    /// Leads or other requests a minute.
    pub rate_per_min: u32,
    pub created_at: Millis,
    pub created_by: SmolStr,
    pub expires_at: Option<Millis>,
    /// When and by whom it was taken back.
    pub revoked: Option<(Millis, SmolStr)>,
}

/// An answer as it was given first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// Hash of the request it was given to.
    pub request: [u8; 32],
    pub status: u16,
    pub body: String,
}

/// A lead somebody else has, known here by its number only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Awaited {
    pub system: SmolStr,
    pub external_id: SmolStr,
    pub at: Millis,
    /// Other numbers needed to fetch it, as JSON.
    pub about: SmolStr,
}

const TOKEN_COLUMNS: &str = "name, prefix, hash, source, scopes, rate_per_min, created_at, created_by, expires_at, \
                             revoked_at, revoked_by FROM token";

fn read_token(r: &Row<'_>) -> rusqlite::Result<Token> {
    let text = |at| -> rusqlite::Result<SmolStr> { Ok(SmolStr::new(r.get_ref(at)?.as_str()?)) };
    let (at, by): (Option<i64>, Option<String>) = (r.get(9)?, r.get(10)?);
    Ok(Token {
        name: text(0)?,
        prefix: text(1)?,
        hash: r.get(2)?,
        source: text(3)?,
        scopes: r.get(4)?,
        rate_per_min: r.get(5)?,
        created_at: Millis(r.get(6)?),
        created_by: text(7)?,
        expires_at: r.get::<_, Option<i64>>(8)?.map(Millis),
        revoked: at.zip(by).map(|(at, by)| (Millis(at), by.into())),
    })
}

fn read_kept(r: &Row<'_>) -> rusqlite::Result<KeptAnswer> {
    Ok(KeptAnswer { request: r.get(0)?, status: r.get(1)?, body: r.get(2)? })
}

impl Store {
    /// Every token there ever was, by name.
    ///
    /// # Errors
    /// The file's.
    pub fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        let sql = format!("SELECT {TOKEN_COLUMNS} ORDER BY name");
        let mut ask = self.conn.prepare_cached(&sql).at(&self.path)?;
        let found = ask.query_map([], read_token).at(&self.path)?;
        found.collect::<rusqlite::Result<Vec<_>>>().at(&self.path)
    }

    /// The token whose secret begins so.
    ///
    /// # Errors
    /// The file's.
    pub fn token_by_prefix(&self, prefix: &str) -> Result<Option<Token>, StoreError> {
        let sql = format!("SELECT {TOKEN_COLUMNS} WHERE prefix = ?");
        let mut ask = self.conn.prepare_cached(&sql).at(&self.path)?;
        ask.query_row([prefix], read_token).optional().at(&self.path)
    }

    /// Whether a token was ever made here. One that was taken back counts: a door once locked does not open by itself.
    ///
    /// # Errors
    /// The file's.
    pub fn has_tokens(&self) -> Result<bool, StoreError> {
        let mut ask = self.conn.prepare_cached("SELECT 1 FROM token LIMIT 1").at(&self.path)?;
        ask.exists([]).at(&self.path)
    }

    /// The answer kept under `key`.
    ///
    /// # Errors
    /// The file's.
    pub fn kept_answer(&self, key: &[u8; 32]) -> Result<Option<KeptAnswer>, StoreError> {
        let sql = "SELECT request, status, body FROM kept_answer WHERE key = ?";
        let mut ask = self.conn.prepare_cached(sql).at(&self.path)?;
        ask.query_row([&key[..]], read_kept).optional().at(&self.path)
    }

    /// Leads announced by number that have not come, the longest awaited first.
    ///
    /// # Errors
    /// The file's.
    pub fn awaited(&self, limit: usize) -> Result<Vec<Awaited>, StoreError> {
        let sql =
            "SELECT system, external_id, at, about FROM awaited ORDER BY at, system, external_id LIMIT ?";
        let mut ask = self.conn.prepare_cached(sql).at(&self.path)?;
        let found = ask.query_map([i64::try_from(limit).unwrap_or(i64::MAX)], |r| {
            Ok(Awaited {
                system: SmolStr::new(r.get_ref(0)?.as_str()?),
                external_id: SmolStr::new(r.get_ref(1)?.as_str()?),
                at: Millis(r.get(2)?),
                about: SmolStr::new(r.get_ref(3)?.as_str()?),
            })
        });
        found.at(&self.path)?.collect::<rusqlite::Result<Vec<_>>>().at(&self.path)
    }

    fn count_of(&self, sql: &str) -> Result<u64, StoreError> {
        let mut ask = self.conn.prepare_cached(sql).at(&self.path)?;
        ask.query_row([], |r| r.get::<_, i64>(0)).map(super::feed::id_of).at(&self.path)
    }

    /// How many leads announced by number have not come.
    ///
    /// # Errors
    /// The file's.
    pub fn awaited_count(&self) -> Result<u64, StoreError> {
        self.count_of("SELECT count(*) FROM awaited")
    }

    /// The lead known as `external_id` in `system`, also one that is closed. A plain read.
    ///
    /// # Errors
    /// The file's.
    pub fn lead_by_reference(
        &self,
        system: &str,
        external_id: &str,
    ) -> Result<Option<crate::model::id::LeadId>, StoreError> {
        Ok(self.by_reference(Some(system), external_id)?.first().copied())
    }
}

impl Txn<'_> {
    /// Stores a token. A name is never used twice, so that the log's signatures stay unambiguous.
    ///
    /// # Errors
    /// `TooMuch`; `Fault` when name or prefix are taken; the file's.
    pub fn add_token(&mut self, token: &Token) -> Result<(), StoreError> {
        if self.store.count_of("SELECT count(*) FROM token")? >= TOKENS_MAX {
            let what = "the number of tokens";
            return Err(StoreError::TooMuch { path: self.store.path.clone(), what, limit: TOKENS_MAX });
        }
        let sql =
            "INSERT INTO token (name, prefix, hash, source, scopes, rate_per_min, created_at, created_by,
                   expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
        let line = params![
            token.name.as_str(),
            token.prefix.as_str(),
            &token.hash[..],
            token.source.as_str(),
            token.scopes,
            token.rate_per_min,
            token.created_at.0,
            token.created_by.as_str(),
            token.expires_at.map(|at| at.0),
        ];
        self.store.conn.execute(sql, line).at(&self.store.path).map(|_| ())
    }

    /// Takes a token back for good; one that was taken back before keeps its first date. `false` = there is none.
    ///
    /// # Errors
    /// The file's.
    pub fn revoke_token(&mut self, name: &str, at: Millis, by: &str) -> Result<bool, StoreError> {
        let sql =
            "UPDATE token SET revoked_at = coalesce(revoked_at, ?2), revoked_by = coalesce(revoked_by, ?3)
                   WHERE name = ?1";
        let done = self.store.conn.execute(sql, params![name, at.0, by]).at(&self.store.path)?;
        Ok(done > 0)
    }

    /// The answer kept under `key`, as this transaction sees it.
    ///
    /// # Errors
    /// The file's.
    pub fn kept_answer(&self, key: &[u8; 32]) -> Result<Option<KeptAnswer>, StoreError> {
        self.store.kept_answer(key)
    }
    /// Keeps an answer under `key`.
    ///
    /// # Errors
    /// The file's.
    pub fn keep_answer(
        &mut self,
        key: &[u8; 32],
        request: &[u8; 32],
        told: (u16, &str),
        at: Millis,
    ) -> Result<(), StoreError> {
        let sql = "INSERT INTO kept_answer (key, request, at, status, body) VALUES (?, ?, ?, ?, ?)";
        let line = params![&key[..], &request[..], at.0, told.0, told.1];
        let put = self.store.conn.prepare_cached(sql).and_then(|mut s| s.execute(line));
        put.at(&self.store.path).map(|_| ())
    }

    /// Takes answers older than `since` out, the oldest first: more than the `kept` that were put in, so that the table cannot
    /// grow for ever.
    ///
    /// # Errors
    /// The file's.
    pub fn sweep_answers(&mut self, since: Millis, kept: u32) -> Result<(), StoreError> {
        let (conn, path) = (&self.store.conn, &self.store.path);
        // Looked up first: a DELETE by itself would make room for the keys it might find, at a cost above that of an answer.
        let sql = "SELECT key FROM kept_answer WHERE at < ? ORDER BY at LIMIT ?";
        let mut ask = conn.prepare_cached(sql).at(path)?;
        let most = kept.saturating_mul(KEPT_SWEPT);
        let old = ask.query_map(params![since.0, most], |row| row.get::<_, Vec<u8>>(0)).at(path)?;
        for key in old.collect::<rusqlite::Result<Vec<_>>>().at(path)? {
            let sql = "DELETE FROM kept_answer WHERE key = ?";
            conn.prepare_cached(sql).and_then(|mut s| s.execute([key])).at(path)?;
        }
        Ok(())
    }

    /// Remembers leads announced by number. One that is here already, or announced before, adds nothing. Returns how many
    /// are new.
    ///
    /// # Errors
    /// The file's.
    pub fn await_leads(&mut self, leads: &[Awaited]) -> Result<usize, StoreError> {
        let mut added = 0;
        for lead in leads {
            if self.store.lead_by_reference(&lead.system, &lead.external_id)?.is_some() {
                continue;
            }
            let sql = "INSERT OR IGNORE INTO awaited (system, external_id, at, about) VALUES (?, ?, ?, ?)";
            let line =
                params![lead.system.as_str(), lead.external_id.as_str(), lead.at.0, lead.about.as_str()];
            added += self.store.conn.execute(sql, line).at(&self.store.path)?;
        }
        let over = self.store.awaited_count()?.saturating_sub(AWAITED_MAX);
        if over > 0 {
            let sql = "DELETE FROM awaited WHERE (system, external_id) IN
                       (SELECT system, external_id FROM awaited ORDER BY at LIMIT ?)";
            self.store.conn.execute(sql, [super::feed::sql_id(over)]).at(&self.store.path)?;
        }
        Ok(added)
    }

    /// A lead that was announced has come.
    ///
    /// # Errors
    /// The file's.
    pub fn no_longer_await(&mut self, system: &str, external_id: &str) -> Result<(), StoreError> {
        let sql = "DELETE FROM awaited WHERE system = ? AND external_id = ?";
        let mut drop = self.store.conn.prepare_cached(sql).at(&self.store.path)?;
        drop.execute(params![system, external_id]).at(&self.store.path).map(|_| ())
    }
}
