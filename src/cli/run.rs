//! `run`: the leader's work without a screen: sweeps, timers, alerts. Stands by while somebody else leads, and takes over when
//! he is gone. Prints a line when that changes; reads nothing and decides nothing itself.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::context::{CliError, Context, Done};
use crate::desk::{DeskHandle, News, Standing};
use crate::store::{Store, StoreError};

/// Exit code when a second signal ends the process at once.
const IMPATIENT: i32 = 130;

/// Runs until a signal comes or the file can never be written again by this program.
///
/// # Errors
/// The file's: missing, of a newer schema (also while running), replaced by another.
pub fn run(ctx: &Context) -> Done {
    let again = Arc::new(AtomicBool::new(false));
    for number in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        signal_hook::flag::register_conditional_shutdown(number, IMPATIENT, Arc::clone(&again))?;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let desk = ctx.desk_leading(false, true)?;
    let handle = desk.handle().clone();
    let reader = Store::open_readonly(handle.path())?;
    // A wrong file stops no assignment: it is told, and nothing is sent.
    let (outbox, wrong) = match ctx.channels() {
        Ok(channels) => (super::outbox::start(ctx, &handle, channels), None),
        Err(error) => (None, Some(error)),
    };
    let mut teller = Teller { ctx, reader, told: Standing::Unsettled };
    let ended = runtime.block_on(async {
        let (mut int, mut term) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let (world, news) = handle.follow().await.map_err(|denied| ctx.denied(denied, None))?;
        drop(world);
        teller.started(&handle);
        if let Some(error) = wrong {
            teller.line("trouble", error.to_string(), &[]);
        }
        tokio::select! {
            ended = follow(&handle, news, &mut teller) => ended,
            _ = int.recv() => Ok(()),
            _ = term.recv() => Ok(()),
        }
    });
    // From here on another signal does not wait for the last commit and the lease.
    again.store(true, Ordering::SeqCst);
    drop(outbox);
    drop(desk);
    if ended.is_ok() {
        teller.line("stopped", ctx.say("stopped", "已停止").to_owned(), &[]);
    }
    ended
}

/// Prints what changes until the desk is of no more use.
async fn follow(handle: &DeskHandle, mut news: Receiver<News>, teller: &mut Teller<'_>) -> Done {
    loop {
        teller.standing(handle.standing());
        match news.recv().await {
            Ok(News::Trouble(error)) => {
                let is_final = matches!(*error, StoreError::NewerSchema { .. } | StoreError::Replaced { .. });
                if is_final {
                    return Err(CliError::Database(error.to_string()));
                }
                teller.line("trouble", error.to_string(), &[]);
            }
            Ok(News::Leading(_) | News::Committed(_) | News::Reloaded) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => return Ok(()),
        }
    }
}

struct Teller<'c> {
    ctx: &'c Context,
    reader: Store,
    told: Standing,
}

impl Teller<'_> {
    /// One line; a reader that went away does not stop the work.
    fn line(&self, is: &str, text: String, more: &[(&str, serde_json::Value)]) {
        let mut out = std::io::stdout().lock();
        let line = if self.ctx.json {
            let mut value = serde_json::json!({ "is": is, "says": text });
            for (key, with) in more {
                value[*key] = with.clone();
            }
            value.to_string()
        } else {
            text
        };
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    }

    fn started(&self, handle: &DeskHandle) {
        let process = handle.console();
        let text = match self.ctx.lang {
            crate::model::lang::Lang::En => {
                format!("running on {} as process {process}", handle.path().display())
            }
            crate::model::lang::Lang::Zh => {
                format!("已在 {} 上运行，进程 {process}", handle.path().display())
            }
        };
        self.line("running", text, &[("process", process.into())]);
    }

    fn standing(&mut self, now: Standing) {
        if std::mem::replace(&mut self.told, now) == now {
            return;
        }
        let is_zh = self.ctx.lang == crate::model::lang::Lang::Zh;
        match now {
            // The trouble itself is told.
            Standing::Unsettled | Standing::ReadOnly => {}
            Standing::Leads(epoch) => {
                let text = if is_zh {
                    format!("主控，第 {epoch} 任")
                } else {
                    format!("leading, term {epoch}")
                };
                self.line("leading", text, &[("epoch", epoch.into())]);
            }
            Standing::Follows => {
                let holder = self.reader.lease().ok().flatten().map(|lease| lease.holder);
                let by = holder.as_deref().and_then(|h| h.split_once('-')).map_or("", |(process, _)| process);
                let text = match (is_zh, by) {
                    (false, "") => "standing by: nobody leads".to_owned(),
                    (false, by) => format!("standing by: process {by} leads"),
                    (true, "") => "待命：暂无主控".to_owned(),
                    (true, by) => format!("待命：进程 {by} 为主控"),
                };
                self.line("standing by", text, &[("leader", by.parse::<u32>().ok().into())]);
            }
        }
    }
}
