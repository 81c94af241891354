//! `rules …` as types: the book in force, books kept in files, what-if, and drafts on trial.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub struct FmtArgs {
    pub file: PathBuf,
    /// Write the words of the language in English or in Chinese; as the file has them unless given
    #[arg(long, value_name = "zh|en")]
    pub keywords: Option<String>,
    /// Print nothing; exits 1 when the file is not in canonical form
    #[arg(long, conflicts_with = "write")]
    pub check: bool,
    /// Write the file instead of printing it
    #[arg(long)]
    pub write: bool,
}

#[derive(Debug, Subcommand)]
pub enum RulesCommand {
    /// The book in force
    Show,
    /// Check a file against this desk without publishing: errors block, warnings ask
    Check {
        file: PathBuf,
        /// Warnings fail too
        #[arg(long)]
        strict: bool,
    },
    /// Print a file in canonical form
    Fmt(FmtArgs),
    /// What changes, rule by rule: the book in force against a file, or one text against another
    Diff {
        /// A file, or a version of the desk such as v3
        text: String,
        /// Compare with this file or version instead of the book in force
        with: Option<String>,
    },
    /// Publish a file as the next version
    Publish {
        file: PathBuf,
        /// One line that says why
        #[arg(long)]
        why: String,
    },
    /// Versions with who, when and why
    Log,
    /// The book in force in plain sentences
    Explain {
        /// Only what can give leads to this rep: login or name
        #[arg(long)]
        rep: Option<String>,
    },
    /// What a draft would have done to the leads of a stretch of the log, beside the published book
    Whatif(super::super::whatif::WhatifArgs),
    /// Let a draft decide along without effect, and see where it differs
    #[command(subcommand)]
    Shadow(ShadowCommand),
    /// Let a draft decide a part of the leads until a time, then publish or withdraw it by a condition
    #[command(subcommand)]
    Canary(CanaryCommand),
}

#[derive(Debug, Subcommand)]
pub enum ShadowCommand {
    /// Start one; one draft is tried at a time
    Start {
        file: PathBuf,
        #[arg(long, default_value = "")]
        reason: String,
    },
    Stop,
    /// Decisions it would have made otherwise
    Report,
}

#[derive(Debug, Subcommand)]
pub enum CanaryCommand {
    /// Start one; one draft is tried at a time
    Start {
        file: PathBuf,
        /// Of all leads, drawn by their number: 10%
        #[arg(long, conflicts_with = "team")]
        share: Option<String>,
        /// Instead, the leads that the book in force would give to this team
        #[arg(long)]
        team: Option<String>,
        /// A moment, or a length from now such as 2h; 31 days at most
        #[arg(long)]
        until: String,
        /// Then publish it if this holds: "placed >= 20 and overridden <= rest"; without it, it is withdrawn
        #[arg(long, default_value = "")]
        promote_when: String,
        #[arg(long, default_value = "")]
        reason: String,
    },
    Stop,
    /// Its figures beside those of the rest
    Report,
}
