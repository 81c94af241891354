//! A session in a pseudo-terminal: the real program, its screen as text, what it leaves behind. Waits for text, never for
//! time; a wait that fails prints the screen.
#![allow(clippy::disallowed_methods, reason = "a wait needs the clock to end")]

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use std::io::{Read, Write};
use std::num::NonZero;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// How long anything may take before a test gives up.
const PATIENCE: Duration = Duration::from_secs(15);

/// What the reader thread has seen so far.
struct Seen {
    parser: vt100::Parser,
    raw: Vec<u8>,
    /// When the program wrote last.
    last: Instant,
    has_ended: bool,
}

/// A program running in a pseudo-terminal.
pub struct Session {
    master: Box<dyn MasterPty + Send>,
    writer: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
}

/// What a program left of the terminal.
#[derive(Debug, PartialEq, Eq)]
pub struct Leavings {
    pub is_alternate: bool,
    pub is_cursor_hidden: bool,
    pub has_bracketed_paste: bool,
    pub has_mouse: bool,
    pub has_focus_events: bool,
}

/// As a program should leave it.
pub const CLEAN: Leavings = Leavings {
    is_alternate: false,
    is_cursor_hidden: false,
    has_bracketed_paste: false,
    has_mouse: false,
    has_focus_events: false,
};

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("a terminal has cells")
}

impl Session {
    /// Starts `program` with `args` and `env` on a terminal of this size.
    pub fn spawn(program: &str, args: &[&str], env: &[(&str, &str)], cols: u16, rows: u16) -> Self {
        let size = PtySize { rows, cols, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).unwrap();
        let mut command = CommandBuilder::new(program);
        command.args(args);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        for (key, value) in env {
            command.env(key, value);
        }
        let child = pair.slave.spawn_command(command).unwrap();
        drop(pair.slave);
        let mut reader = pair.master.try_clone_reader().unwrap();
        let writer = pair.master.take_writer().unwrap();
        let first = Seen {
            parser: vt100::Parser::new(cells(rows), cells(cols), 0),
            raw: Vec::new(),
            last: Instant::now(),
            has_ended: false,
        };
        let seen = Arc::new((Mutex::new(first), Condvar::new()));
        let shared = Arc::clone(&seen);
        std::thread::spawn(move || {
            let mut buf = [0; 8192];
            loop {
                let read = reader.read(&mut buf).unwrap_or(0);
                // A test that failed while it looked has no more use for us.
                let Ok(mut seen) = shared.0.lock() else { return };
                seen.parser.process(&buf[..read]);
                seen.raw.extend_from_slice(&buf[..read]);
                seen.last = Instant::now();
                seen.has_ended = read == 0;
                shared.1.notify_all();
                if read == 0 {
                    return;
                }
            }
        });
        Self { master: pair.master, writer, child, seen }
    }

    /// Types raw bytes.
    pub fn type_(&mut self, bytes: &str) {
        self.writer.write_all(bytes.as_bytes()).unwrap();
        self.writer.flush().unwrap();
    }

    /// Waits until the screen satisfies `holds`, which is called `what` when it does not.
    #[track_caller]
    pub fn wait_until(&self, what: &str, holds: impl Fn(&vt100::Screen) -> bool) {
        let end = Instant::now() + PATIENCE;
        let mut seen = self.seen.0.lock().unwrap();
        while !holds(seen.parser.screen()) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "waited in vain for {what}; the screen:\n{}",
                seen.parser.screen().contents()
            );
            seen = self.seen.1.wait_timeout(seen, left).unwrap().0;
        }
    }

    /// Waits until the screen shows `text`.
    #[track_caller]
    pub fn wait_for(&self, text: &str) {
        self.wait_until(text, |screen| screen.contents().contains(text));
    }

    /// Bytes written so far.
    pub fn written(&self) -> usize {
        self.seen.0.lock().unwrap().raw.len()
    }

    /// Waits until a whole frame came after the first `from` bytes; returns when its last byte did.
    #[track_caller]
    pub fn wait_for_frame(&self, from: usize) -> Instant {
        let end = Instant::now() + PATIENCE;
        let mut seen = self.seen.0.lock().unwrap();
        while seen.raw.len() <= from || !seen.raw.ends_with(b"\x1b[?2026l") {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "no frame; the screen:\n{}", seen.parser.screen().contents());
            seen = self.seen.1.wait_timeout(seen, left).unwrap().0;
        }
        seen.last
    }

    /// When the program wrote last, once it has been quiet for `span`.
    pub fn last_write(&self, span: Duration) -> Instant {
        while self.bytes_while_idle(span) > 0 {}
        self.seen.0.lock().unwrap().last
    }

    /// Waits until the program has written `bytes`, which need not show.
    #[track_caller]
    pub fn wait_for_bytes(&self, bytes: &str) {
        let end = Instant::now() + PATIENCE;
        let mut seen = self.seen.0.lock().unwrap();
        while !seen.raw.windows(bytes.len()).any(|part| part == bytes.as_bytes()) {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "waited in vain for the bytes {bytes:?}");
            seen = self.seen.1.wait_timeout(seen, left).unwrap().0;
        }
    }

    /// Counts the bytes the program writes while nobody touches it.
    pub fn bytes_while_idle(&self, span: Duration) -> usize {
        let mut seen = self.seen.0.lock().unwrap();
        let (before, end) = (seen.raw.len(), Instant::now() + span);
        while let left = end.saturating_duration_since(Instant::now())
            && !left.is_zero()
        {
            seen = self.seen.1.wait_timeout(seen, left).unwrap().0;
        }
        seen.raw.len() - before
    }

    /// Changes the size of the terminal.
    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.seen.0.lock().unwrap().parser.screen_mut().set_size(cells(rows), cells(cols));
        self.master.resize(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }).unwrap();
    }

    /// The program's process.
    pub fn id(&self) -> u32 {
        self.child.process_id().unwrap()
    }

    /// Whether the screen shows `text` now.
    pub fn shows(&self, text: &str) -> bool {
        self.seen.0.lock().unwrap().parser.screen().contents().contains(text)
    }

    /// Whether `text` was ever written, also if it is gone from the screen.
    pub fn wrote(&self, text: &str) -> bool {
        let seen = self.seen.0.lock().unwrap();
        seen.raw.windows(text.len()).any(|piece| piece == text.as_bytes())
    }

    /// Sends a signal to the program.
    pub fn signal(&self, signal: Signal) {
        let pid = self.child.process_id().and_then(|id| Pid::from_raw(i32::try_from(id).unwrap())).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Waits for the end; returns the exit code and what is left of the terminal.
    #[track_caller]
    pub fn end(mut self) -> (u32, Leavings) {
        let end = Instant::now() + PATIENCE;
        let mut seen = self.seen.0.lock().unwrap();
        while !seen.has_ended {
            let left = end.saturating_duration_since(Instant::now());
            assert!(!left.is_zero(), "still running; the screen:\n{}", seen.parser.screen().contents());
            seen = self.seen.1.wait_timeout(seen, left).unwrap().0;
        }
        let screen = seen.parser.screen();
        // vt100 does not follow focus reporting, so the last of its two sequences decides.
        let last = |sequence: &[u8]| seen.raw.windows(sequence.len()).rposition(|w| w == sequence);
        let leavings = Leavings {
            is_alternate: screen.alternate_screen(),
            is_cursor_hidden: screen.hide_cursor(),
            has_bracketed_paste: screen.bracketed_paste(),
            has_mouse: screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None,
            has_focus_events: last(b"\x1b[?1004h") > last(b"\x1b[?1004l"),
        };
        drop(seen);
        (self.child.wait().unwrap().exit_code(), leavings)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // A failed test must not leave its program behind; one that ended is no longer there to kill.
        let _ = self.child.kill();
    }
}
