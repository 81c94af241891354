//! `rules …`: the book in force, and a book kept in a file: checked, formatted, compared, published. A file that is not
//! sound is never published, and a check changes nothing.

mod compare;
mod tell;

use std::path::Path;

use super::args::{FmtArgs, RulesCommand};
use super::context::{CliError, Context, Done, clock};
use crate::desk::Clock;
use crate::engine::{Intent, lint_facts};
use crate::model::id::BookVersion;
use crate::model::lang::Lang;
use crate::rulebook::{self, BOOK_BYTES_MAX, DiagCode, Diagnostic, LintFacts, Severity};

/// Versions listed at once.
const VERSIONS_MAX: usize = 200;

/// Runs a `rules` command.
///
/// # Errors
/// See [`CliError`].
pub fn rules(ctx: &Context, command: &RulesCommand) -> Done {
    match command {
        RulesCommand::Show => show(ctx),
        RulesCommand::Check { file, strict } => check(ctx, file, *strict),
        RulesCommand::Fmt(args) => fmt(ctx, args),
        RulesCommand::Diff { text, with } => compare::diff(ctx, text, with.as_deref()),
        RulesCommand::Publish { file, why } => publish(ctx, file, why),
        RulesCommand::Log => log(ctx),
        RulesCommand::Whatif(args) => super::whatif::whatif(ctx, args),
        RulesCommand::Shadow(command) => super::trial::shadow(ctx, command),
        RulesCommand::Canary(command) => super::trial::canary(ctx, command),
        RulesCommand::Explain { rep } => tell::explain(ctx, rep.as_deref()),
    }
}

/// Reads a book file.
///
/// # Errors
/// Missing, too long or not UTF-8.
pub fn read(file: &Path) -> Done<String> {
    let name = file.display();
    let long = || CliError::Input(format!("{name}: longer than {BOOK_BYTES_MAX} bytes; is it a rule book?"));
    // A file somebody named by mistake may be larger than memory.
    if std::fs::metadata(file).is_ok_and(|m| m.len() > BOOK_BYTES_MAX as u64) {
        return Err(long());
    }
    let bytes = std::fs::read(file).map_err(|e| CliError::Input(format!("{name}: {e}")))?;
    if bytes.len() > BOOK_BYTES_MAX {
        return Err(long());
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

/// What lint may know: everything where there is a desk, nothing otherwise.
fn facts(ctx: &Context) -> Done<LintFacts> {
    if !ctx.db.exists() {
        return Ok(LintFacts::default());
    }
    let store = ctx.read()?;
    let world = store.load_world(&mut |_, _| {})?;
    let mut facts = lint_facts(&world, Clock::Machine.now());
    facts.names.channels = super::outbox::set_up(ctx);
    Ok(LintFacts { values: store.values()?.into(), replies: store.replied()?, ..facts })
}

/// Findings as `file:line:column: message`, hints below.
pub fn lines_of(ctx: &Context, file: &Path, found: &[Diagnostic]) -> Vec<String> {
    let mut lines = Vec::new();
    for d in found {
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
    lines
}

fn count(found: &[Diagnostic], severity: Severity) -> usize {
    found.iter().filter(|d| d.severity == severity).count()
}

fn check(ctx: &Context, file: &Path, strict: bool) -> Done {
    let text = read(file)?;
    let mut found = rulebook::lint(&rulebook::parse(&text).tree, &facts(ctx)?);
    if !ctx.db.exists() {
        // Whom a desk that is not there knows, nobody can tell.
        found.retain(|d| !matches!(d.code, DiagCode::Unknown { .. }));
    }
    let (errors, warnings) = (count(&found, Severity::Error), count(&found, Severity::Warning));
    let bad = errors > 0 || (strict && warnings > 0);
    if ctx.json {
        println!("{}", tell::findings_json(&found, ctx.lang));
    } else if !bad {
        lines_of(ctx, file, &found).iter().for_each(|line| println!("{line}"));
    }
    let tally = match (ctx.lang, errors) {
        (Lang::En, 0) if warnings == 0 => "no errors".to_owned(),
        (Lang::En, 0) => format!("no errors, {warnings} warning(s)"),
        (Lang::En, _) => format!("{errors} error(s), {warnings} warning(s)"),
        (Lang::Zh, 0) if warnings == 0 => "没有错误".to_owned(),
        (Lang::Zh, 0) => format!("没有错误，{warnings} 个警告"),
        (Lang::Zh, _) => format!("{errors} 处错误，{warnings} 个警告"),
    };
    let head = format!("{}: {tally}", file.display());
    if bad {
        let lines = if ctx.json { String::new() } else { lines_of(ctx, file, &found).join("\n") + "\n" };
        return Err(CliError::Input(format!("{lines}{head}")));
    }
    if !ctx.json {
        println!("{head}");
    }
    Ok(())
}

fn fmt(ctx: &Context, args: &FmtArgs) -> Done {
    let text = read(&args.file)?;
    let tree = rulebook::parse(&text).tree;
    let keywords = match &args.keywords {
        Some(word) => word.parse().map_err(|_| {
            CliError::Usage(format!("--keywords {word}: there are en (English) and zh (简体中文)"))
        })?,
        None => tree.source.keywords,
    };
    let canonical = rulebook::print_in(&tree, keywords);
    if args.check {
        if canonical == text {
            return Ok(());
        }
        let file = args.file.display();
        return Err(CliError::Findings(match ctx.lang {
            Lang::En => format!("{file}: not in canonical form; `rules fmt --write {file}` mends it"),
            Lang::Zh => format!("{file}：格式不规范；`rules fmt --write {file}` 可以整理"),
        }));
    }
    if args.write {
        if canonical != text {
            std::fs::write(&args.file, canonical)?;
        }
        return Ok(());
    }
    print!("{canonical}");
    Ok(())
}

fn publish(ctx: &Context, file: &Path, why: &str) -> Done {
    if why.trim().is_empty() {
        return Err(CliError::Usage(
            ctx.say("--why: say in one line why the rules change", "--why：请用一句话说明为什么修改")
                .to_owned(),
        ));
    }
    let text = read(file)?;
    let found = rulebook::lint(&rulebook::parse(&text).tree, &facts(ctx)?);
    let lines = lines_of(ctx, file, &found);
    let errors = count(&found, Severity::Error);
    if errors > 0 {
        let head = match ctx.lang {
            Lang::En => format!("{}: {errors} error(s); the book was not published.", file.display()),
            Lang::Zh => format!("{}：{errors} 处错误，未发布。", file.display()),
        };
        return Err(CliError::Input(format!("{}\n{head}", lines.join("\n"))));
    }
    lines.iter().for_each(|line| eprintln!("{line}"));
    let desk = ctx.desk(false)?;
    let world = desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?;
    let base = world.published().version;
    if base.0 > 0 && world.published().text == text {
        return told(
            ctx,
            base,
            ctx.say("is in force already; nothing was changed", "已在使用，未作改动"),
            false,
        );
    }
    ctx.run(desk.handle(), Intent::Publish { text: text.into(), note: why.trim().into(), base })?;
    told(ctx, BookVersion(base.0 + 1), ctx.say("is in force", "已发布"), true)
}

fn told(ctx: &Context, version: BookVersion, what: &str, published: bool) -> Done {
    if ctx.json {
        println!("{}", serde_json::json!({"version": version.0, "published": published}));
    } else {
        println!("{version} {what}");
    }
    Ok(())
}

fn log(ctx: &Context) -> Done {
    let store = ctx.read()?;
    let world = store.load_world(&mut |_, _| {})?;
    for row in store.books(None, VERSIONS_MAX)? {
        if ctx.json {
            let (by, note) = (row.by.to_string(), row.note.to_string());
            println!(
                "{}",
                serde_json::json!({"version": row.version.0, "at": row.at.to_rfc3339(), "by": by, "why": note})
            );
            continue;
        }
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
