//! The log of a process without a screen: a line of JSON an event, appended to a file of its owner's or to stderr. Only our own
//! events, at most info: libraries may say what we would not. Who writes an event keeps secrets, query strings and contacts out.

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Mutex;

use tracing_subscriber::Layer;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::writer::BoxMakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use super::super::context::{CliError, Context, Done};
use crate::model::lang::Lang;

/// Begins to log, for the rest of the process.
///
/// # Errors
/// When the file cannot be opened.
pub fn start(ctx: &Context, file: Option<&Path>) -> Done {
    let writer = match file {
        Some(path) => {
            let opened = OpenOptions::new().create(true).append(true).mode(0o600).open(path);
            let opened = opened.map_err(|error| {
                CliError::Input(match ctx.lang {
                    Lang::En => format!("--log {}: {error}; nothing was started", path.display()),
                    Lang::Zh => format!("--log {}：{error}；未启动", path.display()),
                })
            })?;
            BoxMakeWriter::new(Mutex::new(opened))
        }
        None => BoxMakeWriter::new(std::io::stderr),
    };
    let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(writer);
    let ours = Targets::new().with_target("leadyard", LevelFilter::INFO);
    // A second call in one process keeps the first log: there is one.
    let _ = tracing_subscriber::registry().with(lines.with_filter(ours)).try_init();
    Ok(())
}
