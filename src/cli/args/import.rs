//! Arguments of `import`: files, how their columns are read, and what their rows are.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

/// Where phone numbers without a prefix are from when nobody says.
pub const DEFAULT_COUNTRY: &str = "CN";

/// How a file's columns are read.
#[derive(Debug, Clone, Default, Args)]
pub struct MappingArgs {
    /// Correct the guess: "Column=field", "Column=x.name" or "Column=ignore"; may be repeated
    #[arg(long = "map", value_name = "COLUMN=FIELD")]
    pub map: Vec<String>,
    /// Say what a state word means: "Word=state"; may be repeated
    #[arg(long = "state", value_name = "WORD=STATE")]
    pub state: Vec<String>,
    /// utf-8, gb18030, utf-16le, utf-16be … [default: found out]
    #[arg(long)]
    pub encoding: Option<String>,
    /// Field separator [default: found out]
    #[arg(long)]
    pub delimiter: Option<char>,
    /// The sheet of a workbook [default: the first visible one that has cells]
    #[arg(long)]
    pub sheet: Option<String>,
    /// Order of day and month where a file leaves it open: dmy, mdy, ymd
    #[arg(long)]
    pub dates: Option<String>,
    /// Zone of times without one [default: the rule book's]
    #[arg(long)]
    pub zone: Option<String>,
    /// Country of phone numbers without a prefix, two letters
    #[arg(long, default_value = DEFAULT_COUNTRY)]
    pub country: String,
    /// Name of the system the external ids are from [default: the file's name]
    #[arg(long)]
    pub system: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum As {
    /// Clocks run, the engine decides
    Live,
    /// The engine decides, response clocks do not run
    Backlog,
    /// Kept and counted, never assigned
    History,
}

/// How the leads of a file are taken in, whichever way the file comes.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct TakingArgs {
    /// Decide for all rows; otherwise rows older than 24 hours are backlog
    #[arg(long = "as", value_enum)]
    pub as_kind: Option<As>,
    /// Take the good rows of a file although some are rejected
    #[arg(long)]
    pub keep_going: bool,
}

#[derive(Debug, Subcommand)]
pub enum ImportCommand {
    /// Leads from a CSV, XLSX, XLS or JSON-lines file
    Leads {
        /// - reads standard input
        file: PathBuf,
        #[command(flatten)]
        mapping: MappingArgs,
        #[command(flatten)]
        taking: TakingArgs,
        /// Only show how the columns would be read
        #[arg(long)]
        dry_run: bool,
        /// Print a line for each lead after it is safe on disk
        #[arg(long)]
        each: bool,
    },
    /// Watch a folder: files of leads are taken in and moved to done/ or rejected/
    Folder {
        dir: PathBuf,
        #[command(flatten)]
        mapping: MappingArgs,
        #[command(flatten)]
        taking: TakingArgs,
        /// Take what lies there, and end
        #[arg(long)]
        once: bool,
    },
    /// A roster from a CSV, XLSX or XLS file
    Reps {
        file: PathBuf,
        /// Give every rep without one this open cap
        #[arg(long)]
        cap: Option<u32>,
        #[command(flatten)]
        mapping: MappingArgs,
    },
    /// A rule book from a text file: checked and published
    Rules {
        file: PathBuf,
        #[arg(long, default_value = "imported")]
        note: String,
    },
    /// Follow-up by external id: contacted, qualified, won, lost
    Activity {
        file: PathBuf,
        #[command(flatten)]
        mapping: MappingArgs,
        /// The state all rows mean, where the file has no state column
        #[arg(long)]
        to: Option<String>,
    },
}
