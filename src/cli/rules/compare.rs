//! `rules diff`: what changes between two texts, rule by rule and line by line.

use std::path::Path;

use smol_str::SmolStr;

use super::super::context::{CliError, Context, Done};
use super::{VERSIONS_MAX, read};
use crate::model::id::BookVersion;
use crate::model::lang::Lang;
use crate::rulebook::{Became, Change, Side, Tree, diff as changes, parse};

/// Shows what changes from the book in force to `text`, or from `text` to `with`.
///
/// # Errors
/// A file that cannot be read, a version that never was.
pub fn diff(ctx: &Context, text: &str, with: Option<&str>) -> Done {
    let (before, after) = match with {
        Some(with) => (book(ctx, text)?, book(ctx, with)?),
        None => {
            let world = ctx.read()?.load_world(&mut |_, _| {})?;
            (parse(&world.published().text).tree, book(ctx, text)?)
        }
    };
    let found = changes(&before, &after);
    if ctx.json {
        println!("{}", json(&found));
        return Ok(());
    }
    if found.is_empty() {
        println!("{}", ctx.say("no change", "没有改动"));
    }
    for change in &found {
        println!("{}", shown(change, ctx.lang));
    }
    Ok(())
}

/// The text of a file, or of a version such as `v3`.
fn book(ctx: &Context, name: &str) -> Done<Tree> {
    let file = Path::new(name);
    let version = name.strip_prefix('v').and_then(|n| n.parse::<u32>().ok()).map(BookVersion);
    let Some(version) = version.filter(|_| !file.exists()) else {
        return Ok(parse(&read(file)?).tree);
    };
    let known = ctx.read()?.books(None, VERSIONS_MAX)?;
    let text: Option<SmolStr> = known.into_iter().find(|row| row.version == version).map(|row| row.text);
    text.map(|text| parse(&text).tree).ok_or_else(|| {
        CliError::Usage(match ctx.lang {
            Lang::En => format!("{version}: there is no such version; `rules log` lists them"),
            Lang::Zh => format!("{version}：没有这个版本；`rules log` 列出全部版本"),
        })
    })
}

fn shown(change: &Change, lang: Lang) -> String {
    let (en, zh) = match change.became {
        Became::Added => ("added", "新增"),
        Became::Removed => ("removed", "删除"),
        Became::Changed => ("changed", "修改"),
        Became::Moved => ("moved", "移动"),
    };
    let word = if lang == Lang::Zh { zh } else { en };
    let mut out = format!("{word}: {}", change.title);
    for (side, line) in &change.lines {
        let mark = match side {
            Side::Both => ' ',
            Side::Before => '-',
            Side::After => '+',
        };
        out.push_str(&format!("\n  {mark} {line}"));
    }
    out
}

fn json(found: &[Change]) -> serde_json::Value {
    let line = |(side, text): &(Side, SmolStr)| {
        let side = match side {
            Side::Both => "both",
            Side::Before => "before",
            Side::After => "after",
        };
        serde_json::json!({"side": side, "text": text.as_str()})
    };
    let became = |became: Became| match became {
        Became::Added => "added",
        Became::Removed => "removed",
        Became::Changed => "changed",
        Became::Moved => "moved",
    };
    found
        .iter()
        .map(|change| {
            let lines: Vec<serde_json::Value> = change.lines.iter().map(line).collect();
            serde_json::json!({"title": change.title.as_str(), "became": became(change.became), "lines": lines})
        })
        .collect()
}
