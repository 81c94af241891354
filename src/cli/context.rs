//! What every command shares: which file, which language, who asks, and how answers and errors are worded.

use std::path::{Path, PathBuf};

use indicatif::ProgressBar;
use smol_str::SmolStr;

use super::args::Common;
use super::config::Settings;
use super::import::bar;
use crate::desk::clock::{fresh_id, os_user};
use crate::desk::leader::LEASE_TTL_MS;
use crate::desk::{Answer, Clock, Denied, Desk, DeskHandle, DeskOptions};
use crate::engine::{Intent, Order, Outcome, Refusal};
use crate::model::actor::{Actor, Role};
use crate::model::id::{LeadId, RepId};
use crate::model::lang::Lang;
use crate::model::time::Millis;
use crate::store::{Store, StoreError};
use crate::world::World;

/// Leads told line by line after an order that touched many.
const REPORT_MAX: usize = 50;

/// Fewest events to be folded at the start of which somebody is told; fewer are read before they could look up.
pub const TOLD_EVENTS_MIN: u64 = 20_000;

/// Why a command failed; decides the exit code.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// 1: `check` found something.
    #[error("{0}")]
    Findings(String),
    /// 2: the arguments make no sense together.
    #[error("{0}")]
    Usage(String),
    /// 3: the desk said no.
    #[error("{0}")]
    Refused(String),
    /// 4: a file to read is bad; names file, line, column.
    #[error("{0}")]
    Input(String),
    /// 5: trouble with the database file.
    #[error("{0}")]
    Database(String),
}

impl CliError {
    /// The process's exit code.
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            CliError::Findings(_) => 1,
            CliError::Usage(_) => 2,
            CliError::Refused(_) => 3,
            CliError::Input(_) => 4,
            CliError::Database(_) => 5,
        }
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> Self {
        CliError::Database(error.to_string())
    }
}

impl From<std::io::Error> for CliError {
    fn from(error: std::io::Error) -> Self {
        CliError::Input(error.to_string())
    }
}

/// The result of a command.
pub type Done<T = ()> = Result<T, CliError>;

/// What every command shares.
#[derive(Debug, Clone)]
pub struct Context {
    pub db: PathBuf,
    pub lang: Lang,
    pub json: bool,
    pub actor: Actor,
    /// The OS user behind the actor.
    pub user: String,
    /// The console's settings.
    pub settings: Settings,
    /// The channels' file, when one was named.
    pub channels: Option<PathBuf>,
    /// Whether notices may leave; not those of an invented company.
    pub sends: bool,
}

impl Context {
    /// Settles the common options.
    ///
    /// # Errors
    /// An unknown language or role, or no data folder to put the default file in.
    pub fn new(common: &Common) -> Done<Context> {
        let settings = Settings::find(common)?;
        let lang = match &common.lang {
            Some(text) => text.parse().map_err(|_| {
                CliError::Usage(format!("--lang {text}: there are en (English) and zh (简体中文)"))
            })?,
            None => settings.config.lang.unwrap_or_else(lang_of_locale),
        };
        let role = match &common.role {
            Some(word) => Role::from_word(word).ok_or_else(|| {
                CliError::Usage(format!(
                    "--role {word}: there are viewer, rep, coordinator, supervisor, admin"
                ))
            })?,
            None => Role::Admin,
        };
        let user = os_user();
        let name = common.actor.clone().unwrap_or_else(|| user.clone());
        let actor = Actor { name: name.into(), role, console: std::process::id() };
        let db = match &common.db {
            Some(db) => db.clone(),
            None => default_db()?,
        };
        let channels = common.channels.clone();
        Ok(Context { db, lang, json: common.json, actor, user, settings, channels, sends: true })
    }

    /// Picks the text of the reader's language.
    #[must_use]
    pub fn say<'t>(&self, en: &'t str, zh: &'t str) -> &'t str {
        match self.lang {
            Lang::En => en,
            Lang::Zh => zh,
        }
    }

    /// Reads the channels notices leave by.
    ///
    /// # Errors
    /// [`CliError::Input`]: the file is wrong, or others may read it.
    pub fn channels(&self) -> Done<crate::notify::Channels> {
        let read = crate::notify::load(self.channels.as_deref());
        read.map_err(|error| CliError::Input(error.message(self.lang)))
    }

    /// Opens the existing file for reading only.
    ///
    /// # Errors
    /// The file's.
    pub fn read(&self) -> Done<Store> {
        Ok(Store::open_readonly(&self.db)?)
    }

    /// Opens the desk for a command: its own interlock, never the leader. Creates the file with `create`.
    ///
    /// # Errors
    /// The file's, or a signature this OS user may not use.
    pub fn desk(&self, create: bool) -> Done<Desk> {
        self.desk_leading(create, false)
    }

    /// The same for a process that stays and may lead.
    ///
    /// # Errors
    /// The file's, or a signature this OS user may not use.
    pub fn desk_leading(&self, create: bool, may_lead: bool) -> Done<Desk> {
        self.desk_telling(create, may_lead, &mut self.folding())
    }

    /// The same, telling `progress` how many events are folded, of how many.
    ///
    /// # Errors
    /// The file's, or a signature this OS user may not use.
    pub fn desk_telling(
        &self,
        create: bool,
        may_lead: bool,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Done<Desk> {
        let clock = Clock::Machine;
        let store = match open_or_create(&self.db, create, clock.now()) {
            // Whoever stays to look may look; the desk tells why it takes no orders.
            Err(StoreError::NewerSchema { .. }) if may_lead => Store::open_readonly(&self.db)?,
            opened => opened?,
        };
        let options = DeskOptions { clock, may_lead, console: self.actor.console };
        let is_new = store.last_seq()?.0 == 0;
        let desk = Desk::start_with_lease(store, options, lease_ms(), progress)?;
        // A copy of a big desk costs time and memory: only where there is something to look up in it.
        if is_new || self.actor.name != self.user {
            let world = desk.handle().snapshot().map_err(|d| self.denied(d, None))?;
            self.found(desk.handle(), &world)?;
            self.check_signature(&world)?;
        }
        Ok(desk)
    }

    /// Shows how far reading the log is where that takes long: without a checkpoint, or with none that this build can use.
    /// Shows nothing unless stderr is a terminal.
    fn folding(&self) -> impl FnMut(u64, u64) + use<> {
        let what = self.say("reading the log anew", "正在重新读取日志");
        let mut shown: Option<ProgressBar> = None;
        move |folded, total| {
            if total < TOLD_EVENTS_MIN {
                return;
            }
            let bar = shown.get_or_insert_with(|| bar(total, what));
            bar.set_position(folded);
            if folded >= total {
                bar.finish_and_clear();
            }
        }
    }

    /// A new file belongs to whoever made it.
    fn found(&self, handle: &DeskHandle, world: &World) -> Done {
        if world.roles().is_empty() && world.seq().0 == 0 {
            let intent = Intent::Grant { actor: self.user.as_str().into(), role: Some(Role::Admin) };
            let actor =
                Actor { name: self.user.as_str().into(), role: Role::Admin, console: self.actor.console };
            handle
                .submit_and_wait(Order { id: fresh_id(), actor, intent, seen: Vec::new() })
                .map_err(|d| self.denied(d, None))?;
        }
        Ok(())
    }

    fn check_signature(&self, world: &World) -> Done {
        if self.actor.name == self.user {
            return Ok(());
        }
        let me = Actor { name: self.user.as_str().into(), role: Role::Admin, console: 0 };
        if world.role_of(&me) >= Role::Admin {
            return Ok(());
        }
        Err(CliError::Refused(
            self.say("only an admin of this desk may sign as somebody else", "只有管理员可以以他人名义操作")
                .to_owned(),
        ))
    }

    /// Carries out one intent and waits for it.
    ///
    /// # Errors
    /// The refusal in words, or the file's trouble.
    pub fn run(&self, handle: &DeskHandle, intent: Intent) -> Done<Outcome> {
        self.answer(handle.submit_and_wait(self.order(intent)), handle)
    }

    /// An order in this user's name.
    #[must_use]
    pub fn order(&self, intent: Intent) -> Order {
        Order { id: fresh_id(), actor: self.actor.clone(), intent, seen: Vec::new() }
    }

    /// Words a denied answer.
    ///
    /// # Errors
    /// The refusal in words, or the file's trouble.
    pub fn answer(&self, answer: Answer, handle: &DeskHandle) -> Done<Outcome> {
        answer.map_err(|denied| {
            let world = handle.snapshot().ok();
            self.denied(denied, world.as_ref())
        })
    }

    /// A denial as an error of the command.
    #[must_use]
    pub fn denied(&self, denied: Denied, world: Option<&World>) -> CliError {
        match denied {
            Denied::Refused(refusal) => CliError::Refused(self.refusal(&refusal, world)),
            Denied::Store(error) => CliError::Database(error.to_string()),
            Denied::Closing => CliError::Database(denied.to_string()),
        }
    }

    /// A refusal in the reader's language, clocks in the book's zone.
    #[must_use]
    pub fn refusal(&self, refusal: &Refusal, world: Option<&World>) -> String {
        let zone = world.map_or(chrono_tz::UTC, |w| w.book().zone);
        refusal.message(self.lang, &|at| clock(at, zone))
    }

    /// Reads a lead id.
    ///
    /// # Errors
    /// When it is none.
    pub fn lead_id(&self, text: &str) -> Done<LeadId> {
        text.parse().map_err(|_| {
            CliError::Usage(format!(
                "{text}: {}",
                self.say("a lead is written L123 or 123", "线索编号写作 L123 或 123")
            ))
        })
    }

    /// Reads lead ids.
    ///
    /// # Errors
    /// When there is none or one of them is not an id.
    pub fn lead_ids(&self, texts: &[String]) -> Done<Vec<LeadId>> {
        if texts.is_empty() {
            return Err(CliError::Usage(self.say("name at least one lead", "请给出至少一条线索").to_owned()));
        }
        texts.iter().map(|t| self.lead_id(t)).collect()
    }

    /// Finds a rep by login or name.
    ///
    /// # Errors
    /// When there is none.
    pub fn rep_id(&self, world: &World, text: &str) -> Done<RepId> {
        let by_number = text.strip_prefix('R').and_then(|n| n.parse().ok()).map(RepId);
        let found = world.rep_named(text).map(|r| r.id).or(by_number.filter(|id| world.rep(*id).is_some()));
        found.ok_or_else(|| {
            CliError::Refused(self.refusal(&Refusal::NoSuchRep { name: SmolStr::new(text) }, Some(world)))
        })
    }

    /// Prints what an outcome did, and what it skipped.
    pub fn report(&self, outcome: &Outcome, world: &World, what: &str) {
        if self.json {
            self.report_json(outcome, world);
            return;
        }
        let batch = outcome.batch.map_or_else(String::new, |b| format!(" · {b}"));
        println!("{what}{batch}");
        let taken = outcome.taken.iter().map(|taken| taken.lead());
        let leads: Vec<_> = outcome.done.iter().copied().chain(taken).collect();
        for lead in leads.iter().take(REPORT_MAX) {
            println!("  {}", super::show::one_line(self, world, *lead));
        }
        self.more_than_shown(leads.len());
        for (lead, refusal) in outcome.skipped.iter().take(REPORT_MAX) {
            println!("  {lead}: {}", self.refusal(refusal, Some(world)));
        }
        self.more_than_shown(outcome.skipped.len());
    }

    /// Says how many of `all` lines were kept back.
    fn more_than_shown(&self, all: usize) {
        let more = all.saturating_sub(REPORT_MAX);
        match self.lang {
            _ if more == 0 => {}
            Lang::En => println!("  … and {more} more; --json lists all"),
            Lang::Zh => println!("  … 还有 {more} 条，--json 列出全部"),
        }
    }

    fn report_json(&self, outcome: &Outcome, world: &World) {
        let skipped: Vec<_> = outcome
            .skipped
            .iter()
            .map(|(lead, refusal)| {
                serde_json::json!({"lead": lead.0, "code": refusal.code(), "why": self.refusal(refusal, Some(world))})
            })
            .collect();
        let leads: Vec<_> = outcome
            .done
            .iter()
            .copied()
            .chain(outcome.taken.iter().map(|t| t.lead()))
            .map(|lead| super::show::lead_json(world, lead))
            .collect();
        let value = serde_json::json!({
            "batch": outcome.batch.map(|b| b.0),
            "events": outcome.events,
            "leads": leads,
            "reps": outcome.reps.iter().map(|r| r.0).collect::<Vec<_>>(),
            "skipped": skipped,
        });
        println!("{value}");
    }
}

/// How long a lease lasts, in milliseconds. Tests of taking over shorten it; nobody else has reason to.
fn lease_ms() -> i64 {
    let asked = std::env::var("LEADYARD_TEST_LEASE_MS").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(LEASE_TTL_MS)
}

/// Opens an existing file, or makes one where `create` allows it.
///
/// # Errors
/// The file's.
pub fn open_or_create(path: &Path, create: bool, now: Millis) -> Result<Store, StoreError> {
    if create && !path.exists() { Store::create(path, now) } else { Store::open(path) }
}

/// `HH:MM`, or with the date when it is not of today's kind of nearness.
#[must_use]
pub fn clock(at: Millis, zone: chrono_tz::Tz) -> String {
    chrono::DateTime::from_timestamp_millis(at.0)
        .map_or_else(String::new, |t| t.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string())
}

fn lang_of_locale() -> Lang {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .iter()
        .filter_map(|key| std::env::var(key).ok())
        .find(|value| !value.is_empty())
        .map_or(
            Lang::En,
            |value| if value.to_ascii_lowercase().starts_with("zh") { Lang::Zh } else { Lang::En },
        )
}

/// The desk's file when none is named.
fn default_db() -> Done<PathBuf> {
    use etcetera::BaseStrategy;
    let base = etcetera::choose_base_strategy().map_err(|e| {
        CliError::Usage(format!("there is no data folder for this user ({e}); name a file with --db FILE"))
    })?;
    Ok(base.data_dir().join("leadyard").join("desk.db"))
}
