//! The command line as types. What each command does stands in its own file.

mod import;
mod lead;
mod rep;
mod rules;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use import::{As, DEFAULT_COUNTRY, ImportCommand, MappingArgs, TakingArgs};
pub use lead::{LeadCommand, LeadFields};
pub use rep::{RepCommand, RepFields, TheirLeads};
pub use rules::{CanaryCommand, FmtArgs, RulesCommand, ShadowCommand};

/// Hands out inbound sales leads: a console for the terminal, and the same desk as commands.
///
/// Without a command the console opens. Exit codes: 0 done, 1 `check` found something wrong, 2 wrong arguments,
/// 3 the desk refused (who and why is said), 4 bad input (file, line, column are said), 5 trouble with the database file.
#[derive(Debug, Parser)]
#[command(name = "leadyard", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options every command takes.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// The desk's file [default: leadyard/desk.db in the user's data folder]
    #[arg(long, global = true, env = "LEADYARD_DB", value_name = "FILE")]
    pub db: Option<PathBuf>,
    /// Language of texts: en or zh [default: from LC_ALL, LC_MESSAGES or LANG]
    #[arg(long, global = true, env = "LEADYARD_LANG", value_name = "LANG")]
    pub lang: Option<String>,
    /// Print JSON instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// Act in a lower role than you have: viewer, rep, coordinator, supervisor, admin
    #[arg(long, global = true, value_name = "ROLE")]
    pub role: Option<String>,
    /// Sign as this name; only an admin of the desk may sign as somebody else
    #[arg(long, global = true, env = "LEADYARD_ACTOR", value_name = "NAME")]
    pub actor: Option<String>,
    /// Settings of the console [default: leadyard/config.toml in the user's configuration folder]
    #[arg(long, global = true, env = "LEADYARD_CONFIG", value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Colours of the console: auto, never, 16, 256, truecolor
    #[arg(long, global = true, value_name = "WHEN")]
    pub color: Option<String>,
    /// Shapes of the console: auto, unicode, ascii
    #[arg(long, global = true, value_name = "SET")]
    pub glyphs: Option<String>,
    /// Channels notices leave by; must be readable by you alone [default: leadyard/channels.toml in the user's
    /// configuration folder]
    #[arg(long, global = true, env = "LEADYARD_CHANNELS", value_name = "FILE")]
    pub channels: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the console (also without any command)
    Open,
    /// Open a living console on a throwaway file with an invented company
    Demo(DemoArgs),
    /// Do the leader's work without a screen, until SIGTERM or SIGINT; several may run, one leads
    Run,
    /// The same with leads by HTTP: posts from forms, platforms and programs; see docs/http.md
    Serve(super::serve::ServeArgs),
    /// Who may post: make, list and revoke tokens
    #[command(subcommand)]
    Token(super::token::TokenCommand),
    /// Play timestamped leads from a file into the desk by a virtual clock
    Replay(ReplayArgs),
    /// Bring in leads, reps, rules or follow-up from files
    #[command(subcommand)]
    Import(ImportCommand),
    /// Add, correct, place and follow leads
    #[command(subcommand)]
    Lead(LeadCommand),
    /// The roster
    #[command(subcommand)]
    Rep(RepCommand),
    /// The rule book
    #[command(subcommand)]
    Rules(RulesCommand),
    /// A rep's page of the fairness ledger, or an adjustment of it
    Ledger(super::ledger::LedgerArgs),
    /// Leads for reps to take: list, put, claim, forecast
    #[command(subcommand)]
    Pool(super::pool::PoolCommand),
    /// Show or set the engine's mode, of the desk or a part of it; the most restrictive that applies wins
    Mode(ModeArgs),
    /// What the engine proposes where it is on assist, in the order of the queue
    Proposals {
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
    /// Accept proposals; one that is not the same any more is refused with the difference
    Accept {
        /// L123, or L123=REP for the rep you were shown
        leads: Vec<String>,
        /// Every proposal there is, 500 at most
        #[arg(long, conflicts_with = "leads")]
        all: bool,
        /// Place each with the rep named although the engine would do otherwise: a placement by hand
        #[arg(long)]
        as_shown: bool,
    },
    /// What is wrong, why, what would help; take it on, put it off, silence it
    #[command(subcommand)]
    Alert(super::alert::AlertCommand),
    /// Channels notices leave by: list them, try one out
    #[command(subcommand)]
    Channel(super::channel::ChannelCommand),
    /// Notices that wait or were given up: list, retry, drop
    #[command(subcommand)]
    Outbox(super::outbox::OutboxCommand),
    /// Look at file, disk, clock, leader, channels and terminal; say of each what to do. Exits 1 when something is bad
    Doctor,
    /// Dispute where a lead went; a supervisor rules
    Complain {
        /// L123
        lead: String,
        #[arg(long)]
        why: String,
    },
    /// Complaints about where leads went: list them, rule on them
    #[command(subcommand)]
    Complaint(super::complaint::ComplaintCommand),
    /// Send leads of a kind to certain people for a while, before the rules
    #[command(subcommand)]
    Divert(DivertCommand),
    /// Promotions of the rule book: caps, weights, hours, rules and watch lines that hold for a while
    #[command(subcommand)]
    Promotion(PromotionCommand),
    /// Say that this machine's clock is right although it stepped, so that response timers go on
    ConfirmClock,
    /// Undo a batch: leads, loads and turns go back
    Undo {
        /// B123, or nothing for your own last one
        batch: Option<String>,
    },
    /// List what was done, newest first
    Batches {
        #[arg(long, default_value_t = 20)]
        limit: usize,
    },
    /// Explain who got a lead and why, or why somebody did not
    Why {
        /// L123
        lead: String,
        /// A rep's login or name
        #[arg(long, value_name = "REP")]
        not: Option<String>,
    },
    /// Counts, loads, spread, book, leader
    Status,
    /// Grant a role to a user of this machine; `none` takes it away
    Role {
        user: String,
        /// viewer, rep, coordinator, supervisor, admin or none
        #[arg(id = "granted", value_name = "ROLE")]
        granted: String,
    },
    /// Prove that log, tables and memory agree; names what is wrong and exits 1
    Check,
    /// Write a full copy of the desk, also while it is in use
    Backup { file: PathBuf },
    /// Put a backup in place of the desk; the old file is moved aside
    Restore { file: PathBuf },
    /// Write a compact copy for other programs to read
    Snapshot { file: PathBuf },
    /// Print the log
    Log(LogArgs),
    /// Print what happens as it happens, a line each, until interrupted
    Watch(WatchArgs),
    /// Run seeded simulations of three desks on one file, or kill a writing desk many times
    Sim(SimArgs),
    /// Print every key and what it does, as Markdown
    Keys,
    /// Print a pane as plain sentences, one record a line: for screen readers, pipes and paper
    List(ListArgs),
    /// Where the console's settings are, what is in force, and whether the file is right
    Config(ConfigArgs),
    /// Print completions of this command line for a shell
    Completions {
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one for every command into a folder
    Man {
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
    },
}

/// Leads a listing prints unless told otherwise.
pub const LIST_LIMIT: usize = 200;

#[derive(Debug, Args)]
pub struct ListArgs {
    #[arg(value_enum)]
    pub pane: PlainPane,
    /// What the queue shows: todo (waiting and parked), waiting, parked, assigned, all [default: the settings']
    #[arg(long)]
    pub view: Option<String>,
    /// Only leads that match, as behind / in the console: words or a condition of the rules
    #[arg(long, value_name = "TEXT")]
    pub filter: Option<String>,
    #[arg(long, default_value_t = LIST_LIMIT)]
    pub limit: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlainPane {
    Queue,
    Loads,
    Alerts,
    Rules,
}

#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// Print the settings in force as a file with comments
    #[arg(long)]
    pub print: bool,
    /// Only look whether the file is right; exits 4 when it is not
    #[arg(long, conflicts_with = "print")]
    pub check: bool,
}

/// Seed of the demo unless given.
pub const DEMO_SEED: u64 = 7;
/// Leads a minute of the demo unless given.
pub const DEMO_RATE: u32 = 4;

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("lasting").args(["kill_cycles", "soak"])))]
pub struct SimArgs {
    #[arg(long, default_value_t = 300)]
    pub seeds: u64,
    #[arg(long, default_value_t = 1)]
    pub from: u64,
    /// Steps of each seed
    #[arg(long, default_value_t = 60)]
    pub steps: u32,
    /// Instead of seeds: kill -9 a writing desk this many times and look what is lost
    #[arg(long, value_name = "N")]
    pub kill_cycles: Option<u64>,
    /// Instead of seeds: two engines on one file under five leads a second for so long; memory, handles and log must stay level
    #[arg(long, value_name = "MINUTES")]
    pub soak: Option<f64>,
    /// Where the files of --soak or --kill-cycles are kept; the latter goes on there where it stopped
    #[arg(long, value_name = "DIR", requires = "lasting")]
    pub folder: Option<PathBuf>,
    /// The process that --kill-cycles kills: takes leads into --db until it dies
    #[arg(long, hide = true, value_name = "LIFE")]
    pub writer: Option<u64>,
}

#[derive(Debug, Args)]
pub struct ModeArgs {
    /// auto, assist (propose only) or paused
    pub mode: Option<String>,
    /// Only placements with members of this team
    #[arg(long)]
    pub team: Option<String>,
    /// Only placements by this rule
    #[arg(long, conflicts_with = "team")]
    pub rule: Option<String>,
    /// Only leads of this source
    #[arg(long, conflicts_with_all = ["team", "rule"])]
    pub source: Option<String>,
    /// Ends by itself: a moment, or a length from now such as 2h; 31 days at most
    #[arg(long)]
    pub until: Option<String>,
}

#[derive(Debug, Args)]
pub struct DemoArgs {
    /// The same seed plays the same day
    #[arg(long, default_value_t = DEMO_SEED)]
    pub seed: u64,
    /// Leads a minute outside the promotion
    #[arg(long, default_value_t = DEMO_RATE)]
    pub rate: u32,
    /// Keep the file here instead of throwing it away
    #[arg(long, value_name = "FILE")]
    pub keep: Option<PathBuf>,
    /// Play without a screen for this many seconds of the demo's time, then print the status
    #[arg(long, value_name = "SECONDS")]
    pub headless: Option<u64>,
}

#[derive(Debug, Args)]
pub struct ReplayArgs {
    pub file: PathBuf,
    /// Start at this moment of the file, e.g. 2018-05-01 or 2018-05-01T09:00:00Z
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Virtual seconds a real second; 0 = as fast as it goes
    #[arg(long, default_value_t = 3600)]
    pub speed: u32,
    #[command(flatten)]
    pub mapping: MappingArgs,
    /// Stop after this many leads
    #[arg(long)]
    pub limit: Option<usize>,
}

#[derive(Debug, Subcommand)]
pub enum DivertCommand {
    /// The diverts in force, the newest first: that is the order in which they are asked
    List,
    /// Set one; it obeys caps and duty, and leaves owned leads alone
    Add {
        /// A condition of the rule language; without it every lead
        #[arg(long = "where", default_value = "", value_name = "CONDITION")]
        scope: String,
        /// May be repeated
        #[arg(long = "team", value_name = "TEAM")]
        teams: Vec<String>,
        /// A rep's login or name; may be repeated
        #[arg(long = "to", value_name = "REP")]
        reps: Vec<String>,
        /// fair, round-robin, least-loaded, weighted
        #[arg(long, default_value = "fair")]
        by: String,
        /// A moment, or a length from now such as 2h; 31 days at most
        #[arg(long)]
        until: String,
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// End one now; the leads it gave stay
    End {
        /// D3
        divert: String,
    },
}

#[derive(Debug, Subcommand)]
pub enum PromotionCommand {
    /// Every promotion of the book: on, to come, or off
    List,
    /// Switch one on until a moment; one that is on then ends at that moment
    Start {
        name: String,
        /// A moment, or a length from now such as 2h; 31 days at most
        #[arg(long)]
        until: String,
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// End one now, also within its window; the leads it gave stay
    Stop {
        name: String,
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Every run in the log, and what the present or last one did beside a stretch of the same length before it
    Report {
        name: String,
        /// Another run, by its number in the list
        #[arg(long, value_name = "N")]
        run: Option<usize>,
    },
}

#[derive(Debug, Args)]
pub struct WatchArgs {
    /// Only these: a kind of event (lead, alert, rep …) or one of it (lead.assigned); several with commas
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub only: Vec<String>,
    /// Begin with what was done from this number of the log on, instead of now
    #[arg(long, value_name = "SEQ")]
    pub from: Option<u64>,
    /// End after so many lines
    #[arg(long, value_name = "N")]
    pub count: Option<u64>,
    /// End after so long: 90s, 10m, 2h
    #[arg(long = "for", value_name = "TIME")]
    pub lasts: Option<String>,
}

#[derive(Debug, Args)]
pub struct LogArgs {
    /// Only events of this lead
    #[arg(long)]
    pub lead: Option<String>,
    /// From this seq
    #[arg(long, default_value_t = 1)]
    pub from: u64,
    #[arg(long)]
    pub limit: Option<u64>,
}
