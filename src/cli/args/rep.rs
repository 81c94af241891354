//! `rep …` as types: who gets leads, and when.

use clap::{Args, Subcommand, ValueEnum};

/// What can be set about a rep.
#[derive(Debug, Clone, Default, Args)]
pub struct RepFields {
    #[arg(long)]
    pub name: Option<String>,
    /// May be repeated
    #[arg(long = "team")]
    pub teams: Vec<String>,
    /// Share of leads, e.g. 1, 0.5, 2
    #[arg(long)]
    pub weight: Option<String>,
    /// Most leads in hand; "none" = no limit
    #[arg(long)]
    pub cap: Option<String>,
    /// Most leads a day; "none" = no limit
    #[arg(long)]
    pub day_cap: Option<String>,
    /// May be repeated
    #[arg(long = "skill")]
    pub skills: Vec<String>,
    /// Day of hire, e.g. 2026-11-23: the book's ramp counts from it; "none" = long here
    #[arg(long, value_name = "DATE")]
    pub started: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TheirLeads {
    Spread,
    Keep,
    Park,
}

#[derive(Debug, Subcommand)]
pub enum RepCommand {
    Add {
        login: String,
        #[command(flatten)]
        fields: RepFields,
    },
    Edit {
        rep: String,
        #[command(flatten)]
        fields: RepFields,
    },
    /// On leave from a moment to a moment; "cancel" ends all leaves
    Leave {
        rep: String,
        /// e.g. 2026-11-23, "2026-11-23 13:00", or cancel
        from: String,
        /// Exclusive; a bare date means its end
        to: Option<String>,
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// on or off
    Duty {
        rep: String,
        state: String,
    },
    /// The rep no longer works here
    Deactivate {
        rep: String,
        #[arg(long, value_enum, required_unless_present = "to")]
        their_leads: Option<TheirLeads>,
        /// All their leads to this one colleague, whatever caps and duty say
        #[arg(long, value_name = "REP", conflicts_with = "their_leads")]
        to: Option<String>,
        /// With --to: do not use turns of the colleague
        #[arg(long, requires = "to")]
        no_turn: bool,
    },
    Reactivate {
        rep: String,
    },
    /// The roster with loads
    List,
}
