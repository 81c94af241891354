//! `import folder`: a folder that is watched for files of leads. Each is taken in as `import leads` would, then moved to
//! `done/` or, with the reason beside it, to `rejected/`. A file is left alone while it is still being written.
//!
//! The folder is looked at, not listened to: that also holds for folders that lie on another machine. Moving happens after
//! the leads are safe; whoever is stopped in between takes the same file again, and nothing is added twice.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::TimeZone;
use tokio::signal::unix::{SignalKind, signal};

use super::super::args::{MappingArgs, TakingArgs};
use super::super::context::{CliError, Context, Done};
use super::leads::{self, Wish};
use super::reading::shown;
use crate::desk::Clock;
use crate::model::contact::clean_text;
use crate::model::lang::Lang;

/// A file that has not changed for so long is taken for whole.
const SETTLE: Duration = Duration::from_secs(2);
/// Files taken in one look; the rest is taken in the next.
const FILES_MAX: usize = 100;
/// Names of one day in `done/` or `rejected/` that may be the same.
const SAME_NAME_MAX: u32 = 10_000;
/// Endings of files that are read.
const ENDINGS: [&str; 7] = ["csv", "tsv", "txt", "xlsx", "xls", "jsonl", "ndjson"];
/// What the import of a file leaves beside it.
const REJECTED_ROWS: &str = ".rejected.csv";
const DONE: &str = "done";
const REJECTED: &str = "rejected";

/// The command as it was given.
pub struct Folder<'a> {
    pub dir: &'a Path,
    pub mapping: &'a MappingArgs,
    pub taking: TakingArgs,
    pub once: bool,
}

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Seen {
    inode: u64,
    bytes: u64,
    changed: (i64, i64),
}

impl Seen {
    fn of(meta: &Metadata) -> Seen {
        Seen { inode: meta.ino(), bytes: meta.len(), changed: (meta.mtime(), meta.mtime_nsec()) }
    }
}

/// Watches until a signal comes; with `once`, takes what lies there and ends.
///
/// # Errors
/// No such folder, one that may not be written, and with `once` whatever kept a file from being taken.
pub fn folder(ctx: &Context, wish: &Folder<'_>) -> Done {
    for name in [DONE, REJECTED] {
        let dir = wish.dir.join(name);
        if !dir.is_dir() {
            fs::create_dir(&dir).map_err(|e| unusable(ctx, &dir, &e))?;
        }
    }
    let mut mapping = wish.mapping.clone();
    // Exports of one folder are of one system, whatever each file is called.
    let name =
        wish.dir.canonicalize().ok().and_then(|d| d.file_name().map(|n| n.to_string_lossy().into_owned()));
    mapping.system = mapping.system.or(name);
    let mut look = Look { ctx, wish, mapping: &mapping, before: BTreeMap::new(), told: None };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (mut int, mut term) = {
        let _within = runtime.enter();
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?)
    };
    let mut is_all = look.round()? && wish.once;
    while !is_all {
        let is_over = runtime.block_on(async {
            tokio::select! {
                _ = int.recv() => true,
                _ = term.recv() => true,
                // The time a file must have stood still, which is also how often it is looked.
                () = tokio::time::sleep(SETTLE) => false,
            }
        });
        is_all = is_over || (look.round()? && wish.once);
    }
    Ok(())
}

struct Look<'a> {
    ctx: &'a Context,
    wish: &'a Folder<'a>,
    mapping: &'a MappingArgs,
    /// Files of the last look that were not taken.
    before: BTreeMap<PathBuf, Seen>,
    /// The trouble told last; the same is not told each two seconds.
    told: Option<String>,
}

impl Look<'_> {
    /// Takes the files that have not changed since the last look; says whether none is left.
    fn round(&mut self) -> Done<bool> {
        let now = match self.waiting() {
            Ok(files) => files,
            Err(error) if !self.wish.once => {
                self.trouble(&unusable(self.ctx, self.wish.dir, &error));
                return Ok(false);
            }
            Err(error) => return Err(unusable(self.ctx, self.wish.dir, &error)),
        };
        let before = std::mem::take(&mut self.before);
        for (path, seen) in now {
            if before.get(&path) != Some(&seen) {
                self.before.insert(path, seen);
                continue;
            }
            match self.take(&path, seen) {
                Ok(true) => self.told = None,
                Ok(false) => {}
                Err(error) if self.wish.once => return Err(error),
                Err(error) => {
                    self.trouble(&error);
                    self.before.insert(path, seen);
                }
            }
        }
        Ok(self.before.is_empty())
    }

    /// Files that may be taken, in the order of their names.
    fn waiting(&self) -> io::Result<BTreeMap<PathBuf, Seen>> {
        let mut found = BTreeMap::new();
        for entry in fs::read_dir(self.wish.dir)? {
            let path = entry?.path();
            // A link may lead anywhere; what vanished meanwhile is no trouble.
            let Ok(meta) = fs::symlink_metadata(&path) else { continue };
            if meta.is_file() && is_taken(&path) {
                found.insert(path, Seen::of(&meta));
            }
        }
        Ok(found.into_iter().take(FILES_MAX).collect())
    }

    /// Imports one file and moves it; `false` when it changed meanwhile and is left for another look.
    fn take(&mut self, path: &Path, seen: Seen) -> Done<bool> {
        let taking = self.wish.taking;
        let wish = Wish { file: path, mapping: self.mapping, taking, dry_run: false, each: false };
        let outcome = leads::leads(self.ctx, &wish);
        let is_same = fs::symlink_metadata(path).is_ok_and(|meta| Seen::of(&meta) == seen);
        if !is_same {
            return Ok(false);
        }
        let (into, why) = match outcome {
            Ok(()) => (DONE, None),
            Err(CliError::Input(why)) => (REJECTED, Some(why)),
            Err(error) => return Err(error),
        };
        self.put_away(path, into, why.as_deref())
            .map_err(|e| unusable(self.ctx, &self.wish.dir.join(into), &e))?;
        Ok(true)
    }

    fn put_away(&self, path: &Path, into: &str, why: Option<&str>) -> io::Result<()> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let target = self.free_name(into, &name)?;
        fs::rename(path, &target)?;
        let rows = path.with_file_name(format!("{name}{REJECTED_ROWS}"));
        if rows.exists() {
            fs::rename(&rows, self.wish.dir.join(REJECTED).join(file_name(&target) + REJECTED_ROWS))?;
        }
        if let Some(why) = why {
            fs::write(target.with_file_name(file_name(&target) + ".reason.txt"), format!("{why}\n"))?;
        }
        self.tell(into, &target, why);
        Ok(())
    }

    /// The file's own name, or with the moment in it where that is taken.
    fn free_name(&self, into: &str, name: &str) -> io::Result<PathBuf> {
        let dir = self.wish.dir.join(into);
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let now = chrono::Utc.timestamp_millis_opt(Clock::Machine.now().0).single().unwrap_or_default();
        let stamp = now.format("%Y%m%d-%H%M%S").to_string();
        let names = std::iter::once(name.to_owned())
            .chain((0..SAME_NAME_MAX).map(|n| match n {
                0 => format!("{stem}-{stamp}.{ending}"),
                n => format!("{stem}-{stamp}-{n}.{ending}"),
            }))
            .map(|name| dir.join(name));
        let free = names.into_iter().find(|path| fs::symlink_metadata(path).is_err());
        free.ok_or_else(|| io::Error::other("no free name is left"))
    }

    fn tell(&self, into: &str, target: &Path, why: Option<&str>) {
        let (file, ctx) = (shown(target), self.ctx);
        let line = if ctx.json {
            serde_json::json!({ "file": file, "is": into, "why": why }).to_string()
        } else {
            match (into == DONE, ctx.lang) {
                (true, Lang::En) => format!("done: {file}"),
                (true, Lang::Zh) => format!("完成：{file}"),
                (false, Lang::En) => format!("rejected: {file}\n{}", why.unwrap_or_default()),
                (false, Lang::Zh) => format!("拒收：{file}\n{}", why.unwrap_or_default()),
            }
        };
        let mut out = io::stdout().lock();
        // Nobody reading is no reason to stop.
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    }

    fn trouble(&mut self, error: &CliError) {
        let said = error.to_string();
        if self.told.as_ref() != Some(&said) {
            let again =
                self.ctx.say("The file stays where it is and is tried again.", "文件留在原处，稍后重试。");
            eprintln!("{said}\n{again}");
            self.told = Some(said);
        }
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// By its name: of a kind that is read, not hidden, not what a program keeps while it writes or edits.
fn is_taken(path: &Path) -> bool {
    let name = file_name(path).to_lowercase();
    let is_aside =
        name.starts_with(['.', '~']) || name.ends_with(REJECTED_ROWS) || name.ends_with(".reason.txt");
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    !is_aside && ending.is_some_and(|ending| ENDINGS.contains(&ending))
}

fn unusable(ctx: &Context, dir: &Path, why: &io::Error) -> CliError {
    let (dir, why) = (shown(dir), clean_text(&why.to_string()));
    CliError::Input(match ctx.lang {
        Lang::En => {
            format!("{dir} cannot be used: {why}. Nothing was moved. The folder must exist and be writable.")
        }
        Lang::Zh => format!("无法使用 {dir}：{why}。未移动任何文件。文件夹必须存在且可写。"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_what_is_still_being_written() {
        let taken = ["a.csv", "线索.XLSX", "x.y.jsonl", "b.tsv"];
        let left = [
            ".a.csv",
            "~$线索.xlsx",
            "a.csv.part",
            "a.csv.crdownload",
            "a.csv.rejected.csv",
            "a.csv.reason.txt",
            "a",
            "a.pdf",
        ];
        assert!(taken.iter().all(|name| is_taken(Path::new(name))));
        assert!(!left.iter().any(|name| is_taken(Path::new(name))));
    }
}
