//! `rules explain`, and findings for programs.

use super::super::context::{CliError, Context, Done};
use crate::engine::names;
use crate::model::lang::Lang;
use crate::rulebook::{Diagnostic, Severity, explain as told, parse};

/// Tells the book in force in plain sentences.
///
/// # Errors
/// The file's, or a rep nobody knows.
pub fn explain(ctx: &Context, rep: Option<&str>) -> Done {
    let world = ctx.read()?.load_world(&mut |_, _| {})?;
    let names = names(&world);
    if let Some(rep) = rep
        && !names.reps.iter().any(|r| r.login == rep || r.name == rep)
    {
        return Err(CliError::Usage(match ctx.lang {
            Lang::En => format!("--rep {rep}: no rep of this desk has that login or name"),
            Lang::Zh => format!("--rep {rep}：没有这个登录名或姓名的销售"),
        }));
    }
    let parts = told(&parse(&world.published().text).tree, &names, rep, ctx.lang);
    if ctx.json {
        let all = parts.iter().map(|p| serde_json::json!({"heading": p.heading, "sentences": p.sentences}));
        println!("{}", serde_json::Value::Array(all.collect()));
        return Ok(());
    }
    for part in parts {
        println!("{}", part.heading);
        part.sentences.iter().for_each(|sentence| println!("  {sentence}"));
    }
    Ok(())
}

/// Findings as JSON, with the fix where there is one.
pub fn findings_json(found: &[Diagnostic], lang: Lang) -> serde_json::Value {
    let severity = |severity: Severity| match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    found
        .iter()
        .map(|d| {
            let fix = d.suggestion.as_ref().map(|fix| {
                let (start, end) = (fix.span.start, fix.span.end);
                serde_json::json!({"start": start, "end": end, "text": fix.replacement.as_str()})
            });
            serde_json::json!({
                "severity": severity(d.severity), "line": d.line, "column": d.column,
                "start": d.span.start, "end": d.span.end, "message": d.message(lang), "hint": d.hint(lang), "fix": fix,
            })
        })
        .collect()
}
