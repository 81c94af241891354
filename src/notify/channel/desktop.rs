//! A notice on the desktop of the machine that leads (a console, or `serve` started within a session). The system's own program
//! shows it: `notify-send` where there is D-Bus, `osascript` on macOS. A library for it (`notify-rust`) would bring a second
//! executor and a dozen crates for one call a minute.
//!
//! What is said travels as arguments, never through a shell and never within a script; other users of the machine may see it in
//! the process list, so it holds no more than any other channel's text, and never a secret: the child gets only the few
//! variables it needs. It cannot be known whether anybody looked.

use std::path::Path;
use std::process::{ExitStatus, Stdio};

use smol_str::{SmolStr, format_smolstr};
use tokio::process::Command;

use super::super::fit::cut;
use super::super::letter::Letter;
use super::super::verdict::Verdict;
use super::super::wire::Wire;
use crate::model::alert::Severity;

/// Bytes of a text: a bubble shows a few lines.
pub const TEXT_BYTES_MAX: usize = 600;
const TITLE_BYTES_MAX: usize = 150;
/// What the child is told of our surroundings; secrets may stand in the rest.
const VARIABLES: [&str; 9] = [
    "DBUS_SESSION_BUS_ADDRESS",
    "DISPLAY",
    "HOME",
    "LANG",
    "LC_ALL",
    "PATH",
    "USER",
    "WAYLAND_DISPLAY",
    "XDG_RUNTIME_DIR",
];
/// Reads title and text from its arguments.
#[cfg(target_os = "macos")]
const SCRIPT: [&str; 3] =
    ["on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run"];

/// The program that shows it.
#[cfg(target_os = "macos")]
pub const PROGRAM: &str = "osascript";
#[cfg(not(target_os = "macos"))]
pub const PROGRAM: &str = "notify-send";

#[derive(Debug)]
pub struct Desktop {
    /// A name on the search path, or a path.
    pub program: String,
}

impl Desktop {
    /// What is wrong where its program cannot be found from here.
    #[must_use]
    pub fn missing(&self) -> Option<SmolStr> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let is_there = if self.program.contains('/') {
            Path::new(&self.program).is_file()
        } else {
            std::env::split_paths(&path).any(|dir| dir.join(&self.program).is_file())
        };
        (!is_there).then(|| absent(&self.program))
    }

    /// Shows it, within the channel's time.
    pub async fn send(&self, wire: &Wire, letter: &Letter) -> Verdict {
        let child = Command::new(&self.program)
            .args(arguments(letter))
            .env_clear()
            .envs(VARIABLES.iter().filter_map(|name| std::env::var_os(name).map(|value| (*name, value))))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn();
        let mut child = match child {
            Ok(child) => child,
            Err(error) => return unstarted(&self.program, &error),
        };
        match tokio::time::timeout(wire.timeout, child.wait()).await {
            Ok(Ok(status)) => judge(status),
            Ok(Err(_)) => Verdict::Unknown { why: "the connection ended without an answer".into() },
            // It is ended when it is dropped; it may have been shown.
            Err(_) => Verdict::Unknown { why: "no answer in time".into() },
        }
    }
}

/// What the program is given. Nothing of a text is an option, markup or an escape to it.
fn arguments(letter: &Letter) -> Vec<String> {
    let plain = |text: &str| text.replace('&', "＆").replace('\\', "＼");
    let title = plain(&cut(&letter.title, TITLE_BYTES_MAX));
    let text = plain(&letter.body(TEXT_BYTES_MAX));
    let mut all = options(letter.severity);
    all.extend(["--".to_owned(), title, text]);
    all
}

#[cfg(target_os = "macos")]
fn options(_: Severity) -> Vec<String> {
    SCRIPT.iter().flat_map(|line| ["-e".to_owned(), (*line).to_owned()]).collect()
}

#[cfg(not(target_os = "macos"))]
fn options(severity: Severity) -> Vec<String> {
    let urgency = match severity {
        Severity::Page => "critical",
        Severity::Warn => "normal",
        Severity::Info => "low",
    };
    vec!["--app-name=Leadyard".to_owned(), format!("--urgency={urgency}")]
}

fn absent(program: &str) -> SmolStr {
    format_smolstr!("{program} is not on this machine: install it, or give the channel `program`")
}

/// It did not come to showing anything.
fn unstarted(program: &str, error: &std::io::Error) -> Verdict {
    use std::io::ErrorKind;
    let why = match error.kind() {
        ErrorKind::NotFound => absent(program),
        ErrorKind::PermissionDenied => {
            format_smolstr!("{program} may not be run: check its permissions")
        }
        // No room for another process: it may be there in a moment.
        _ => return Verdict::Transient { why: "no connection".into(), written: false },
    };
    Verdict::Permanent { why, channel: true }
}

/// What its end means: anything but success is a desktop that is not there, now.
fn judge(status: ExitStatus) -> Verdict {
    if status.success() {
        return Verdict::delivered();
    }
    let how = status.code().map_or_else(|| "killed".to_owned(), |code| format!("exit {code}"));
    let why = format_smolstr!("no desktop answers here ({how}): a service without a session has none");
    Verdict::Transient { why, written: false }
}
