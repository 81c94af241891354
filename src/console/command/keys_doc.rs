//! docs/keys.md, written from the table in both languages. A test compares the file with it.

use super::{Scope, table};
use crate::console::text::T;
use crate::model::lang::Lang;
use std::fmt::Write;

/// The whole page.
#[must_use]
pub fn keys_markdown() -> String {
    let mut page = String::new();
    for lang in [Lang::En, Lang::Zh] {
        // Writing into a String cannot fail.
        let _ = writeln!(page, "# {}\n\n{}\n", T::KeysTitle.get(lang), T::KeysIntro.get(lang));
        for scope in Scope::ALL {
            section(&mut page, scope, lang);
        }
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

fn section(page: &mut String, scope: Scope, lang: Lang) {
    let headers = [T::KeyColumn, T::CommandColumn, T::WhatColumn].map(|t| t.get(lang));
    let _ = writeln!(
        page,
        "## {}\n\n| {} | id |\n|---|---|---|---|",
        scope.title().get(lang),
        headers.join(" | ")
    );
    for command in table::all().filter(|command| command.scope == scope) {
        let keys: Vec<String> = command.keys.iter().map(|keys| format!("`{keys}`")).collect();
        let (title, help) = (command.title.get(lang), command.help.get(lang));
        let _ = writeln!(page, "| {} | {title} | {help} | `{}` |", keys.join(" "), command.id);
    }
    page.push('\n');
}
