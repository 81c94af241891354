//! The console's settings file: where it is, reading it, and `config`. What may stand in it is `console::config`'s.

use std::path::{Path, PathBuf};

use super::args::{Common, ConfigArgs};
use super::context::{CliError, Context, Done};
use crate::console::config::{Config, Fault, print, read};
use crate::console::look::{Depth, Look};
use crate::console::text::Say;
use crate::model::lang::Lang;

/// The settings as found, with what is wrong in the file; only who needs them whole stumbles over a fault.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// Where they are, or would be; none where this user has no such folder.
    pub path: Option<PathBuf>,
    pub config: Config,
    faults: Vec<Fault>,
    /// `--color` and `--glyphs`, which go before the file.
    depth: Option<Option<Depth>>,
    is_ascii: Option<Option<bool>>,
}

impl Settings {
    /// Reads the file named, or the one in the user's folder if there is one.
    ///
    /// # Errors
    /// A file that was named and is not there, or an option's unknown value.
    pub fn find(common: &Common) -> Done<Settings> {
        let depth = match common.color.as_deref() {
            None => None,
            Some("auto") => Some(None),
            Some(text) => {
                let depth = text.parse().map_err(|e: String| CliError::Usage(format!("--color: {e}")))?;
                Some(Some(depth))
            }
        };
        let is_ascii = match common.glyphs.as_deref() {
            None => None,
            Some("auto") => Some(None),
            Some("unicode") => Some(Some(false)),
            Some("ascii") => Some(Some(true)),
            Some(other) => {
                return Err(CliError::Usage(format!("--glyphs {other}: there are auto, unicode, ascii")));
            }
        };
        let path = common.config.clone().or_else(default_path);
        let text = match &path {
            Some(path) => match std::fs::read_to_string(path) {
                Ok(text) => text,
                // A home that is not there, or somebody else's, holds no settings of ours.
                Err(e) if common.config.is_none() && is_elsewhere(e.kind()) => String::new(),
                Err(e) => return Err(CliError::Input(format!("{}: {e}", path.display()))),
            },
            None => String::new(),
        };
        let (config, faults) = read(&text);
        Ok(Settings { path, config, faults, depth, is_ascii })
    }

    /// The settings, if nothing in the file is wrong.
    ///
    /// # Errors
    /// Every fault with its line, column and what was perhaps meant.
    pub fn sound(&self, lang: Lang) -> Done<&Config> {
        if self.faults.is_empty() {
            return Ok(&self.config);
        }
        let path = self.path.as_deref().unwrap_or(Path::new("config.toml")).display();
        let lines: Vec<String> = self.faults.iter().map(|f| format!("{path}:{}", said(f, lang))).collect();
        Err(CliError::Input(lines.join("\n")))
    }

    /// The look of this terminal: options before the file, the file before what the environment suggests.
    #[must_use]
    pub fn look(&self) -> Look {
        let guessed = Look::guess(|key| std::env::var(key).ok());
        let mut look = self.config.look(guessed);
        if let Some(depth) = self.depth {
            look.depth = depth.unwrap_or(guessed.depth);
        }
        if let Some(is_ascii) = self.is_ascii {
            look.is_ascii = is_ascii.unwrap_or(guessed.is_ascii);
        }
        look
    }
}

fn said(fault: &Fault, lang: Lang) -> String {
    let hint = fault.hint.as_deref().map_or_else(String::new, |word| {
        let gap = if lang == Lang::Zh { "；" } else { "; " };
        format!("{gap}{}", Say::ConfDidYouMean(word).get(lang))
    });
    format!("{}:{}: {}{hint}", fault.line, fault.column, fault.sentence.get(lang))
}

/// `$XDG_CONFIG_HOME/leadyard/config.toml`, by default in `~/.config`; on macOS in `~/Library/Application Support`.
fn default_path() -> Option<PathBuf> {
    use etcetera::BaseStrategy;
    let base = etcetera::base_strategy::choose_native_strategy().ok()?;
    let folder = if cfg!(target_os = "macos") { base.data_dir() } else { base.config_dir() };
    Some(folder.join("leadyard").join("config.toml"))
}

/// `config`: the path; with `--print` the settings in force; with `--check` only whether the file is right.
///
/// # Errors
/// The file's faults.
pub fn config(ctx: &Context, args: &ConfigArgs) -> Done {
    let sound = ctx.settings.sound(ctx.lang)?;
    if args.print {
        print!("{}", print(sound, ctx.lang));
        return Ok(());
    }
    let Some(path) = &ctx.settings.path else {
        println!("{}", ctx.say("this user has no configuration folder", "该用户没有配置文件夹"));
        return Ok(());
    };
    let state = match (path.exists(), args.check) {
        (true, true) => ctx.say("right", "正确"),
        (true, false) => ctx.say("in force; --print shows it whole", "已生效；--print 显示全部设置"),
        (false, _) => ctx.say(
            "not there; the defaults are in force, --print shows them",
            "不存在，使用默认设置；--print 可查看",
        ),
    };
    println!("{}: {state}", path.display());
    Ok(())
}

/// Whether nobody can have put settings for us there.
fn is_elsewhere(kind: std::io::ErrorKind) -> bool {
    use std::io::ErrorKind::{NotADirectory, NotFound, PermissionDenied};
    matches!(kind, NotFound | NotADirectory | PermissionDenied)
}
