//! `rules …`: the book in force, a file checked or formatted, the versions. Publishing is `import rules`.

use std::path::Path;

use super::args::RulesCommand;
use super::context::{CliError, Context, Done, clock};
use crate::engine::names;
use crate::rulebook::{self, BOOK_BYTES_MAX, Names, Severity};

/// Versions listed at once.
const VERSIONS_MAX: usize = 200;

/// Runs a `rules` command.
///
/// # Errors
/// See [`CliError`].
pub fn rules(ctx: &Context, command: &RulesCommand) -> Done {
    match command {
        RulesCommand::Show => show(ctx),
        RulesCommand::Check { file } => check(ctx, file),
        RulesCommand::Fmt { file } => {
            let parsed = rulebook::parse(&read(file)?);
            print!("{}", rulebook::print(&parsed.tree));
            Ok(())
        }
        RulesCommand::Log => log(ctx),
        RulesCommand::Whatif(args) => super::whatif::whatif(ctx, args),
        RulesCommand::Shadow(command) => super::trial::shadow(ctx, command),
        RulesCommand::Canary(command) => super::trial::canary(ctx, command),
    }
}

/// Reads a book file.
///
/// # Errors
/// Missing, too long or not UTF-8.
pub fn read(file: &Path) -> Done<String> {
    let name = file.display();
    let bytes = std::fs::read(file).map_err(|e| CliError::Input(format!("{name}: {e}")))?;
    if bytes.len() > BOOK_BYTES_MAX {
        return Err(CliError::Input(format!(
            "{name}: longer than {BOOK_BYTES_MAX} bytes; is it a rule book?"
        )));
    }
    let text = String::from_utf8(bytes).map_err(|e| {
        CliError::Input(format!(
            "{name}: not UTF-8 at byte {}; save it as UTF-8",
            e.utf8_error().valid_up_to()
        ))
    })?;
    Ok(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned))
}

fn show(ctx: &Context) -> Done {
    let world = ctx.read()?.load_world(&mut |_, _| {})?;
    let p = world.published();
    if ctx.json {
        println!(
            "{}",
            serde_json::json!({"version": p.version.0, "by": p.by.to_string(), "note": p.note.to_string(), "at": p.at.to_rfc3339(), "text": p.text.to_string()})
        );
    } else {
        print!("{}", p.text);
    }
    Ok(())
}

/// Names of the desk's roster when there is a desk; otherwise nothing is known.
fn known_names(ctx: &Context) -> Option<Names> {
    let store = ctx.read().ok()?;
    let world = store.load_world(&mut |_, _| {}).ok()?;
    Some(names(&world))
}

/// Findings as `file:line:column: message`, hints below; the number of errors.
#[must_use]
pub fn findings(ctx: &Context, file: &Path, text: &str, names: &Names) -> (Vec<String>, usize) {
    let checked = rulebook::check(&rulebook::parse(text).tree, names);
    let mut lines = Vec::new();
    for d in &checked.diagnostics {
        let word = match d.severity {
            Severity::Error => ctx.say("error", "错误"),
            Severity::Warning => ctx.say("warning", "警告"),
            Severity::Info => ctx.say("note", "提示"),
        };
        lines.push(format!("{}:{}:{}: {word}: {}", file.display(), d.line, d.column, d.message(ctx.lang)));
        if let Some(hint) = d.hint(ctx.lang) {
            lines.push(format!("    {hint}"));
        }
    }
    let errors = checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).count();
    (lines, errors)
}

fn check(ctx: &Context, file: &Path) -> Done {
    let text = read(file)?;
    let names = known_names(ctx).unwrap_or_default();
    let (lines, errors) = findings(ctx, file, &text, &names);
    if errors > 0 {
        return Err(CliError::Input(lines.join("\n")));
    }
    for line in lines {
        println!("{line}");
    }
    println!("{}: {}", file.display(), ctx.say("no errors", "没有错误"));
    Ok(())
}

fn log(ctx: &Context) -> Done {
    let store = ctx.read()?;
    let world = store.load_world(&mut |_, _| {})?;
    for row in store.books(None, VERSIONS_MAX)? {
        println!(
            "{:<5} {} {} · {}",
            row.version.to_string(),
            clock(row.at, world.book().zone),
            row.by,
            row.note
        );
    }
    Ok(())
}
