//! `import rules`: a rule book from a text file, checked against the roster, published as the next version.

use std::path::Path;

use super::super::context::{CliError, Context, Done};
use super::reading::shown;
use crate::engine::{Intent, names};
use crate::model::lang::Lang;
use crate::rulebook::{self, BOOK_BYTES_MAX, Diagnostic, Severity};
use crate::world::World;

/// Publishes a book from a file.
///
/// # Errors
/// See [`CliError`].
pub fn rules(ctx: &Context, file: &Path, note: &str) -> Done {
    let text = read_text(ctx, file)?;
    let desk = if ctx.db.exists() { Some(ctx.desk(false)?) } else { None };
    let world = match &desk {
        Some(desk) => desk.handle().snapshot().map_err(|d| ctx.denied(d, None))?,
        None => World::new(),
    };
    if world.published().version.0 > 0 && world.published().text == text {
        let version = world.published().version;
        return done(
            ctx,
            version,
            ctx.say("is in force already; nothing was changed", "已在使用，未作改动"),
            false,
        );
    }
    let parsed = rulebook::parse(&text);
    let checked = rulebook::check(&parsed.tree, &names(&world));
    let mut found: Vec<&Diagnostic> = parsed.diagnostics.iter().chain(&checked.diagnostics).collect();
    found.sort_by_key(|d| (d.line, d.column));
    // Parsing and checking may both have come upon it.
    found.dedup();
    let lines: Vec<String> = found.iter().flat_map(|d| lines_of(ctx, file, d)).collect();
    let errors = found.iter().filter(|d| d.severity == Severity::Error).count();
    if errors > 0 {
        let head = match ctx.lang {
            Lang::En => format!("{}: {errors} error(s); the book was not published.", shown(file)),
            Lang::Zh => format!("{}：{errors} 处错误，未发布。", shown(file)),
        };
        return Err(CliError::Input(format!("{head}\n{}", lines.join("\n"))));
    }
    lines.iter().for_each(|line| eprintln!("{line}"));
    let desk = match desk {
        Some(desk) => desk,
        None => ctx.desk(true)?,
    };
    let base = world.published().version;
    let intent = Intent::Publish { text: text.into(), note: note.into(), base };
    ctx.run(desk.handle(), intent)?;
    let version = crate::model::id::BookVersion(base.0 + 1);
    done(ctx, version, ctx.say("is in force", "已发布"), true)
}

fn done(ctx: &Context, version: crate::model::id::BookVersion, what: &str, changed: bool) -> Done {
    if ctx.json {
        println!("{}", serde_json::json!({"version": version.0, "published": changed}));
    } else {
        println!("{version} {what}");
    }
    Ok(())
}

fn read_text(ctx: &Context, file: &Path) -> Done<String> {
    let name = shown(file);
    let trouble = |why: String| {
        CliError::Input(match ctx.lang {
            Lang::En => format!("{name}: {why}. Nothing was changed."),
            Lang::Zh => format!("{name}：{why}。未作任何改动。"),
        })
    };
    let length = std::fs::metadata(file).map_err(|e| trouble(e.to_string()))?.len();
    if length > BOOK_BYTES_MAX as u64 {
        let most = BOOK_BYTES_MAX / 1024;
        return Err(trouble(match ctx.lang {
            Lang::En => format!("longer than a rule book may be ({most} KB)"),
            Lang::Zh => format!("超过规则文本上限（{most} KB）"),
        }));
    }
    let bytes = std::fs::read(file).map_err(|e| trouble(e.to_string()))?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) if text.trim().is_empty() => {
            Err(trouble(ctx.say("the file is empty", "文件为空").to_owned()))
        }
        Ok(text) => Ok(text.to_owned()),
        Err(e) => {
            let good = bytes.get(..e.valid_up_to()).unwrap_or_default();
            let line = good.iter().filter(|b| **b == b'\n').count() + 1;
            Err(trouble(match ctx.lang {
                Lang::En => format!("line {line} is not UTF-8; save the file as UTF-8"),
                Lang::Zh => format!("第 {line} 行不是 UTF-8；请另存为 UTF-8"),
            }))
        }
    }
}

fn lines_of(ctx: &Context, file: &Path, found: &Diagnostic) -> Vec<String> {
    let kind = match found.severity {
        Severity::Error => ctx.say("error", "错误"),
        Severity::Warning => ctx.say("warning", "警告"),
        Severity::Info => ctx.say("note", "提示"),
    };
    let (line, column) = (found.line, found.column);
    let mut lines = vec![format!("{}:{line}:{column}: {kind}: {}", shown(file), found.message(ctx.lang))];
    lines.extend(found.hint(ctx.lang).map(|hint| format!("    {hint}")));
    lines
}
