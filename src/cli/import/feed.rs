//! Leads into the desk, a chunk a transaction, all under one batch. What is known already is looked up first, so that
//! importing a file again writes nothing; once something new turned up the engine itself tells what is known.

use std::hash::Hasher;
use std::io::Write;
use std::time::Duration;

use siphasher::sip::SipHasher24;
use smol_str::SmolStr;

use super::super::context::{CliError, Context, Done};
use super::lookup::Lookup;
use super::summary::Tally;
use crate::desk::DeskHandle;
use crate::engine::{Intent, NewLead, Taken};
use crate::model::id::LeadId;

/// A transaction takes about this long, in milliseconds: others wait no longer for their turn. At 15, which would still be
/// allowed, one write in twenty beside an import waited for more than 20.
const TXN_MS: i64 = 8;
/// Chunks stay within these bounds, in leads.
const CHUNK_MIN: usize = 32;
const CHUNK_MAX: usize = 500;
/// Pause between chunks: a person's key gets its turn.
const PAUSE: Duration = Duration::from_millis(3);

/// Names an import across runs: the same content under the same system goes on where it stopped.
#[must_use]
pub fn fingerprint(content: &str, system: &str) -> u64 {
    let mut hasher = SipHasher24::new();
    hasher.write(content.as_bytes());
    hasher.write(&[0x1f]);
    hasher.write(system.as_bytes());
    hasher.finish()
}

/// One import on its way into the desk.
pub struct Feed<'a> {
    pub ctx: &'a Context,
    pub handle: &'a DeskHandle,
    pub lookup: Lookup,
    pub system: SmolStr,
    pub fingerprint: u64,
    pub name: SmolStr,
    /// Rows expected; 0 = not counted before.
    pub rows: u64,
    /// Print a line a lead.
    pub each: bool,
    /// An earlier run left its bracket open.
    pub resumes: bool,
    pub tally: Tally,
    pending: Vec<NewLead>,
    chunk: usize,
    opened: bool,
}

impl<'a> Feed<'a> {
    /// An import that has taken nothing yet.
    #[must_use]
    pub fn new(
        ctx: &'a Context,
        handle: &'a DeskHandle,
        lookup: Lookup,
        system: SmolStr,
        fingerprint: u64,
        name: SmolStr,
    ) -> Feed<'a> {
        Feed {
            ctx,
            handle,
            lookup,
            system,
            fingerprint,
            name,
            rows: 0,
            each: false,
            resumes: false,
            tally: Tally::default(),
            pending: Vec::new(),
            chunk: CHUNK_MIN,
            opened: false,
        }
    }

    /// Hands in one lead; it is safe on disk when `finish` returned, or when its line was printed.
    ///
    /// # Errors
    /// A refusal, the file's trouble.
    pub fn push(&mut self, lead: NewLead) -> Done {
        self.pending.push(lead);
        if self.pending.len() >= self.chunk { self.send() } else { Ok(()) }
    }

    fn send(&mut self) -> Done {
        let leads = std::mem::take(&mut self.pending);
        if leads.is_empty() {
            return Ok(());
        }
        let started = self.handle.clock().boot_ms();
        if !self.opened && self.all_known(&leads)? {
            return Ok(());
        }
        self.open()?;
        let ids: Vec<SmolStr> = leads.iter().map(|l| l.external_id.clone()).collect();
        let intent = Intent::Receive { leads, import: Some(self.fingerprint) };
        let outcome = self.ctx.run(self.handle, intent)?;
        self.tally.batch = self.tally.batch.or(outcome.batch);
        for taken in &outcome.taken {
            match taken {
                Taken::New(lead) => {
                    self.tally.added += 1;
                    self.tally.spans.push(*lead);
                }
                Taken::Known(_) => self.tally.known += 1,
            }
        }
        self.print(outcome.taken.iter().copied().zip(ids.iter()));
        self.pace(self.handle.clock().boot_ms() - started);
        Ok(())
    }

    /// Whether the chunk brings nothing new; then it is counted and needs no transaction.
    fn all_known(&mut self, leads: &[NewLead]) -> Done<bool> {
        let found = self.lookup.known(&self.system, leads.iter().map(|l| l.external_id.as_str()))?;
        let Some(known) = found.into_iter().collect::<Option<Vec<LeadId>>>() else { return Ok(false) };
        self.tally.known += known.len() as u64;
        let ids = leads.iter().map(|l| &l.external_id);
        self.print(known.into_iter().map(Taken::Known).zip(ids));
        // Looking up is quick and takes no lock, so the chunk may grow.
        self.chunk = CHUNK_MAX;
        Ok(true)
    }

    fn open(&mut self) -> Done {
        if self.opened {
            return Ok(());
        }
        let (fingerprint, name, rows) = (self.fingerprint, self.name.clone(), self.rows);
        let outcome = self.ctx.run(self.handle, Intent::BeginImport { fingerprint, name, rows })?;
        self.tally.batch = outcome.batch;
        self.opened = true;
        self.chunk = self.chunk.min(CHUNK_MIN * 4);
        Ok(())
    }

    /// Sizes the next chunk by how long this one took, and leaves a gap for others.
    fn pace(&mut self, took_ms: i64) {
        let size = i64::try_from(self.chunk).unwrap_or(i64::MAX);
        let fitting = size.saturating_mul(TXN_MS) / took_ms.max(1);
        let fitting = usize::try_from(fitting).unwrap_or(CHUNK_MIN);
        self.chunk = fitting.min(self.chunk * 2).clamp(CHUNK_MIN, CHUNK_MAX);
        std::thread::park_timeout(PAUSE);
    }

    /// One line a lead, after COMMIT. Nobody reading is no reason to stop.
    fn print<'i>(&self, taken: impl Iterator<Item = (Taken, &'i SmolStr)>) {
        if !self.each {
            return;
        }
        let mut out = std::io::stdout().lock();
        for (taken, id) in taken {
            let (word, lead) = match taken {
                Taken::New(lead) => ("taken", lead),
                Taken::Known(lead) => ("known", lead),
            };
            let line = if self.ctx.json {
                serde_json::json!({"lead": lead.0, "is": word, "external_id": id.as_str()}).to_string()
            } else {
                format!("{word} {lead} {id}")
            };
            if writeln!(out, "{line}").is_err() {
                return;
            }
        }
        // A reader that went away is told nothing, and misses nothing of the import.
        let _ = out.flush();
    }

    /// Sends what is left and closes the bracket, if there is one.
    ///
    /// # Errors
    /// A refusal, the file's trouble.
    pub fn finish(&mut self, rejected: u64) -> Done {
        self.send()?;
        if self.opened || self.resumes {
            let Tally { added, known, .. } = self.tally;
            let fingerprint = self.fingerprint;
            self.ctx.run(self.handle, Intent::EndImport { fingerprint, added, known, rejected })?;
        }
        Ok(())
    }

    /// What to say when it stopped in between: how far it came, and that running it again goes on.
    #[must_use]
    pub fn stopped(&self, error: CliError) -> CliError {
        if self.tally.added == 0 {
            return error;
        }
        let said = match self.ctx.lang {
            crate::model::lang::Lang::En => format!(
                "{error}; {} leads are in, safe on disk; run the same command again to take the rest",
                self.tally.added
            ),
            crate::model::lang::Lang::Zh => {
                format!("{error}；已安全写入 {} 条，重新运行同一命令即可继续", self.tally.added)
            }
        };
        match error {
            CliError::Refused(_) => CliError::Refused(said),
            CliError::Input(_) => CliError::Input(said),
            _ => CliError::Database(said),
        }
    }
}
