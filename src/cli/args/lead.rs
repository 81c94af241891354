//! `lead …` as types: leads taken in, corrected and moved by hand.

use clap::{Args, Subcommand};

/// Fields of a lead on the command line.
#[derive(Debug, Clone, Default, Args)]
pub struct LeadFields {
    #[arg(long)]
    pub name: Option<String>,
    #[arg(long)]
    pub phone: Option<String>,
    #[arg(long)]
    pub email: Option<String>,
    #[arg(long)]
    pub wechat: Option<String>,
    #[arg(long)]
    pub company: Option<String>,
    #[arg(long)]
    pub source: Option<String>,
    #[arg(long)]
    pub campaign: Option<String>,
    #[arg(long)]
    pub region: Option<String>,
    #[arg(long)]
    pub city: Option<String>,
    #[arg(long)]
    pub product: Option<String>,
    #[arg(long)]
    pub industry: Option<String>,
    #[arg(long)]
    pub language: Option<String>,
    #[arg(long)]
    pub score: Option<i32>,
    #[arg(long)]
    pub note: Option<String>,
    /// A custom field: "name=value"; may be repeated
    #[arg(long = "x", value_name = "NAME=VALUE")]
    pub custom: Vec<String>,
    /// Country of a phone number without a prefix, two letters
    #[arg(long, default_value = "CN")]
    pub country: String,
}

#[derive(Debug, Subcommand)]
pub enum LeadCommand {
    /// Take in one lead
    Add {
        #[command(flatten)]
        fields: LeadFields,
        /// The id it has elsewhere; the same id again adds nothing
        #[arg(long)]
        external_id: Option<String>,
        #[arg(long, default_value = "cli")]
        system: String,
    },
    /// Correct a lead; a corrected region routes again
    Edit {
        lead: String,
        #[command(flatten)]
        fields: LeadFields,
    },
    /// Give leads to a rep, or over a team by fair share
    Assign {
        leads: Vec<String>,
        #[arg(long, value_name = "REP", conflicts_with = "team")]
        to: Option<String>,
        #[arg(long)]
        team: Option<String>,
        #[arg(long, default_value = "")]
        reason: String,
        /// Also over cap, off duty or on leave; needs a reason
        #[arg(long)]
        force: bool,
        /// Do not use a turn on the ledger
        #[arg(long)]
        no_turn: bool,
    },
    /// Take leads back into the queue
    Recall {
        leads: Vec<String>,
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Give leads back, as a rep
    Return {
        leads: Vec<String>,
        #[arg(long)]
        reason: String,
    },
    /// Put leads aside
    Park {
        leads: Vec<String>,
        #[arg(long, default_value = "")]
        reason: String,
    },
    /// Back to the engine: unpark, unpin
    Free { leads: Vec<String> },
    /// Leads of one person become one; nothing is deleted
    Merge {
        #[arg(required = true)]
        leads: Vec<String>,
        /// The lead that stays
        #[arg(long, value_name = "LEAD")]
        into: String,
    },
    /// Merged leads become leads of their own again
    Unmerge {
        #[arg(required = true)]
        leads: Vec<String>,
    },
    /// Lock leads for yourself
    Hold {
        leads: Vec<String>,
        /// Seconds
        #[arg(long = "for", default_value_t = 90)]
        seconds: u32,
    },
    /// End a hold
    Release { leads: Vec<String> },
    /// Follow-up: contacted, qualified, won, lost, invalid
    Mark {
        state: String,
        leads: Vec<String>,
        #[arg(long, default_value = "")]
        note: String,
    },
    /// One lead with its history
    Show {
        lead: String,
        /// Show the whole phone number; this is recorded
        #[arg(long)]
        unmask: bool,
    },
    /// Leads by state
    List {
        /// waiting, parked, assigned, contacted, qualified, won, lost, invalid
        #[arg(long)]
        state: Option<String>,
        /// A condition of the rule language, e.g. "region = 上海 and score >= 80"
        #[arg(long = "where")]
        filter: Option<String>,
        #[arg(long, default_value_t = 50)]
        limit: usize,
    },
}
