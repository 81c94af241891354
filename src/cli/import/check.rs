//! Rows that are refused: the first of them in words, all of them in a file beside the source. And the first pass over a
//! file, which changes nothing.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};

use super::super::context::{CliError, Context, Done};
use super::reading::{is_stdin, shown, unreadable};
use super::summary::Warnings;
use crate::intake::file::LeadFile;
use crate::intake::rejects::RejectWriter;
use crate::intake::row::Rejection;

/// Refused rows put in words; the rest is in the side file.
const SHOWN_MAX: usize = 10;

/// Refused rows, collected while a file is read.
pub struct Rejects<'a> {
    ctx: &'a Context,
    file: &'a Path,
    headers: &'a [String],
    writes: bool,
    out: Option<RejectWriter<BufWriter<File>>>,
    pub side_file: Option<PathBuf>,
    /// Why no side file could be written.
    trouble: Option<String>,
    pub first: Vec<String>,
    pub count: u64,
}

impl<'a> Rejects<'a> {
    /// No row yet. Without `writes` no side file is made.
    #[must_use]
    pub fn new(ctx: &'a Context, file: &'a Path, headers: &'a [String], writes: bool) -> Rejects<'a> {
        let (first, out, side_file, trouble) = (Vec::new(), None, None, None);
        Rejects { ctx, file, headers, writes, out, side_file, trouble, first, count: 0 }
    }

    /// Notes one refused row.
    pub fn push(&mut self, rejection: &Rejection) {
        if self.count == 0 && self.writes {
            self.open();
        }
        self.count += 1;
        if self.first.len() < SHOWN_MAX {
            self.first.push(sentence(self.ctx, self.file, rejection));
        }
        if let Some(out) = &mut self.out
            && let Err(why) = out.write(rejection)
        {
            self.trouble = Some(why.to_string());
            self.out = None;
        }
    }

    /// Beside the source, or in the current directory when that may not be written.
    fn open(&mut self) {
        let Some(name) = self.file.file_name() else { return };
        let name = if is_stdin(self.file) { "stdin".into() } else { name.to_string_lossy() };
        let name = format!("{name}.rejected.csv");
        let beside = self.file.with_file_name(&name);
        for path in [beside, PathBuf::from(&name)] {
            let made = File::create(&path)
                .and_then(|f| RejectWriter::new(BufWriter::new(f), self.headers, self.ctx.lang));
            match made {
                Ok(out) => {
                    self.out = Some(out);
                    self.side_file = Some(path);
                    self.trouble = None;
                    return;
                }
                Err(why) => self.trouble = Some(why.to_string()),
            }
        }
    }

    /// Closes the side file. Lines for the person: the first rows, how many more, and where all of them are.
    pub fn finish(&mut self) -> Vec<String> {
        if let Some(out) = self.out.take()
            && let Err(why) = out.finish().and_then(|w| w.into_inner().map_err(|e| e.into_error()))
        {
            self.trouble = Some(why.to_string());
        }
        let mut lines: Vec<String> = self.first.iter().map(|line| format!("  {line}")).collect();
        let more = self.count.saturating_sub(self.first.len() as u64);
        if more > 0 {
            lines.push(format!(
                "  {} {more} {}",
                self.ctx.say("… and", "……另有"),
                self.ctx.say("more", "行")
            ));
        }
        match (&self.side_file, &self.trouble) {
            (_, Some(why)) => {
                let said =
                    self.ctx.say("the rejected rows could not be written to a file:", "无法写出被拒行文件：");
                lines.push(format!("  {said} {why}"));
            }
            (Some(path), None) => {
                let said = self.ctx.say("All rejected rows, with reasons, are in", "所有被拒行及原因见");
                lines.push(format!("  {said} {}", shown(path)));
            }
            (None, None) => {}
        }
        lines
    }
}

fn sentence(ctx: &Context, file: &Path, rejection: &Rejection) -> String {
    let name = shown(Path::new(file.file_name().unwrap_or_default()));
    format!("{name}{}{}", ctx.say(", ", "，"), rejection.message(ctx.lang))
}

/// The error of a file with refused rows, nothing having been changed.
pub fn refused(ctx: &Context, file: &Path, rejects: &mut Rejects<'_>, rows: u64) -> CliError {
    let (name, count) = (shown(file), rejects.count);
    let head = match ctx.lang {
        crate::model::lang::Lang::En => {
            format!("{name}: {count} of {rows} rows rejected; nothing was changed.")
        }
        crate::model::lang::Lang::Zh => format!("{name}：共 {rows} 行，拒收 {count} 行；未作任何改动。"),
    };
    let cure = ctx.say(
        "Repair them and import again, or take the good rows now with --keep-going.",
        "请修正后重新导入，或加 --keep-going 先导入其余各行。",
    );
    let mut lines = vec![head];
    lines.extend(rejects.finish());
    lines.push(format!("  {cure}"));
    CliError::Input(lines.join("\n"))
}

/// What the first pass found.
#[derive(Debug, Default)]
pub struct Checked {
    pub good: u64,
    pub warnings: Warnings,
}

/// Reads every row and changes nothing.
///
/// # Errors
/// When the file can no longer be read.
pub fn check(ctx: &Context, file: &LeadFile, rejects: &mut Rejects<'_>) -> Done<Checked> {
    let bar = bar(file.total_bytes(), ctx.say("checking", "检查"));
    let mut checked = Checked::default();
    let mut rows = file.rows().map_err(|e| unreadable(ctx, &e))?;
    while let Some((_, row)) = rows.next() {
        match row {
            Ok(draft) => {
                checked.good += 1;
                checked.warnings.note(&draft.warnings);
            }
            Err(rejection) => rejects.push(&rejection),
        }
        if rows.seen() % 1024 == 0 {
            bar.set_position(rows.bytes_read());
        }
    }
    bar.finish_and_clear();
    Ok(checked)
}

/// A bar over the bytes of a file or the events of a log; shows nothing unless stderr is a terminal.
#[must_use]
pub fn bar(bytes: u64, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {percent:>3} % {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(bytes).with_style(style.progress_chars("=> ")).with_message(what)
}
