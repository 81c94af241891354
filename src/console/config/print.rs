//! The settings in force as a TOML text with comments; reading it back gives the same settings.

use super::{Config, NOTIFY, VIEWS};
use crate::console::command::{Scope, table};
use crate::console::look::{Depth, Ground, Paint};
use crate::console::text::T;
use crate::model::lang::Lang;
use std::fmt::Write;

/// The whole text; comments are in `lang`.
#[must_use]
pub fn print(config: &Config, lang: Lang) -> String {
    let mut page = String::new();
    let mut line = |comment: T, name: &str, value: &str| {
        // Writing into a String cannot fail.
        let _ = writeln!(page, "# {}\n{name} = {value}\n", comment.get(lang));
    };
    let language = match config.lang {
        None => "auto",
        Some(Lang::En) => "en",
        Some(Lang::Zh) => "zh",
    };
    line(T::ConfLanguage, "language", &quoted(language));
    let view = VIEWS.iter().find(|(_, show)| *show == config.show).map_or("todo", |(name, _)| *name);
    line(T::ConfView, "view", &quoted(view));
    line(T::ConfMouse, "mouse", &config.is_mouse_on.to_string());
    line(T::ConfBell, "bell", &config.has_bell.to_string());
    let notify = NOTIFY.iter().find(|(_, osc)| *osc == config.notify).map_or("off", |(name, _)| *name);
    line(T::ConfNotify, "notify", &quoted(notify));
    let glyphs = match config.is_ascii {
        None => "auto",
        Some(false) => "unicode",
        Some(true) => "ascii",
    };
    line(T::ConfGlyphs, "glyphs", &quoted(glyphs));
    theme(&mut page, config, lang);
    keys(&mut page, config, lang);
    page
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn theme(page: &mut String, config: &Config, lang: Lang) {
    let depth = match config.depth {
        None => "auto",
        Some(Depth::None) => "never",
        Some(Depth::Ansi16) => "16",
        Some(Depth::Ansi256) => "256",
        Some(Depth::True) => "truecolor",
    };
    let ground = match config.ground {
        None => "auto",
        Some(Ground::Dark) => "dark",
        Some(Ground::Light) => "light",
    };
    let _ = writeln!(page, "[theme]\n# {}\ncolor = {}\n", T::ConfColour.get(lang), quoted(depth));
    let _ = writeln!(page, "# {}\nground = {}\n", T::ConfGround.get(lang), quoted(ground));
    let _ = writeln!(page, "# {}\n[theme.own]", T::ConfOwn.get(lang));
    for (paint, name) in Paint::ALL {
        let _ = match config.own.get(paint) {
            Some(colour) => writeln!(page, "{name} = {}", quoted(&colour.to_string())),
            None => writeln!(page, "# {name} = \"#…\""),
        };
    }
}

/// Every command under the heading of its place; those with the table's own keys are comments, so that a later version may
/// change them.
fn keys(page: &mut String, config: &Config, lang: Lang) {
    let _ = writeln!(page, "\n# {}\n[keys]", T::ConfKeys.get(lang));
    for scope in Scope::ALL {
        let _ = writeln!(page, "\n# {}", scope.title().get(lang));
        for command in table::all().filter(|command| command.scope == scope) {
            let own = config.keys.get(command.id);
            let chords: Vec<String> = match own {
                Some(own) => own.iter().map(|keys| quoted(keys)).collect(),
                None => command.keys.iter().map(|keys| quoted(keys)).collect(),
            };
            let mark = if own.is_some() { "" } else { "# " };
            let about = command.title.get(lang);
            let _ = writeln!(page, "{mark}{} = [{}]  # {about}", quoted(command.id), chords.join(", "));
        }
    }
}
