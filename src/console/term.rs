//! The terminal itself: taking it over, giving it back, stopping and coming back. Unix only.
//!
//! There is one `restore`, used by quitting, the panic hook, signals and Ctrl-Z alike. It decides nothing about what is
//! drawn.

use crate::console::model::Size;
use crate::console::runtime::{Paint, Stage};
use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::{Hide, Show};
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
    EnableMouseCapture,
};
use crossterm::execute;
use crossterm::style::Print;
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use nix::unistd::{getppid, getsid};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use rustix::process::{Signal, kill_current_process_group};
use std::io::{self, IsTerminal, Stdout, stdout};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the terminal is ours; makes `restore` safe to call at any time, any number of times.
static IS_OURS: AtomicBool = AtomicBool::new(false);

/// Takes the terminal over.
fn enter(is_mouse_on: bool) -> io::Result<()> {
    enable_raw_mode()?;
    // From here on a failure must be undone, so the flag goes first.
    IS_OURS.store(true, Ordering::SeqCst);
    execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste, EnableFocusChange, Hide)?;
    if is_mouse_on {
        execute!(stdout(), EnableMouseCapture)?;
    }
    Ok(())
}

/// Gives the terminal back as it was found. Errors are swallowed: there is nobody left to tell.
pub fn restore() {
    if !IS_OURS.swap(false, Ordering::SeqCst) {
        return;
    }
    // One by one, so that a failing step does not keep the next from being undone.
    let _ = execute!(stdout(), EndSynchronizedUpdate);
    let _ = execute!(stdout(), DisableMouseCapture);
    let _ = execute!(stdout(), DisableFocusChange, DisableBracketedPaste);
    let _ = execute!(stdout(), LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

/// Restores the terminal before the panic's message is printed, so that it can be read.
fn install_panic_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let previous = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            restore();
            previous(info);
        }));
    });
}

/// The real terminal, ours as long as this value lives.
pub struct Tty {
    terminal: Terminal<CrosstermBackend<Stdout>>,
    is_mouse_on: bool,
}

impl Tty {
    /// Takes the terminal over; an error when standard input or output is none.
    pub fn take(is_mouse_on: bool) -> io::Result<Self> {
        if !io::stdin().is_terminal() || !stdout().is_terminal() {
            return Err(io::Error::other("the console needs a terminal on standard input and output"));
        }
        install_panic_hook();
        let taken = enter(is_mouse_on).and_then(|()| Terminal::new(CrosstermBackend::new(stdout())));
        match taken {
            Ok(terminal) => Ok(Self { terminal, is_mouse_on }),
            Err(error) => {
                restore();
                Err(error)
            }
        }
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        restore();
    }
}

/// Whether a shell that does job control started us: otherwise nobody could ever continue us.
///
/// By nix and not by rustix, whose `getsid` may not return 0, which is what the kernel answers for a session leader outside
/// our process namespace (a container's runner).
fn has_shell() -> bool {
    let parent = getppid();
    // 0: the parent is outside our process namespace too. Asked for 0, `getsid` would speak of ourselves.
    if parent.as_raw() == 0 {
        return false;
    }
    matches!((getsid(Some(parent)), getsid(None)), (Ok(theirs), Ok(ours)) if theirs == ours)
}

impl Stage for Tty {
    fn draw(&mut self, paint: &mut Paint<'_>) -> io::Result<()> {
        execute!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        let drawn = self.terminal.draw(|frame| {
            if let Some(at) = paint(frame.area(), frame.buffer_mut()) {
                frame.set_cursor_position(at);
            }
        });
        let drawn = drawn.map(|_| ());
        // Even after an error: a terminal left in a synchronized update shows nothing more.
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)?;
        drawn
    }

    fn clear(&mut self) -> io::Result<()> {
        // `Terminal::clear` asks the terminal where its cursor is, and the answer would go to the event stream.
        execute!(stdout(), Clear(ClearType::All))?;
        self.terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        let size = self.terminal.size()?;
        Ok(Size { cols: size.width, rows: size.height })
    }

    fn set_mouse(&mut self, is_on: bool) -> io::Result<()> {
        self.is_mouse_on = is_on;
        if is_on { execute!(stdout(), EnableMouseCapture) } else { execute!(stdout(), DisableMouseCapture) }
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(stdout(), CopyToClipboard::to_clipboard_from(text))
    }

    fn bell(&mut self) -> io::Result<()> {
        execute!(stdout(), Print('\u{7}'))
    }

    fn notify(&mut self, sequence: &str) -> io::Result<()> {
        execute!(stdout(), Print(sequence))
    }

    fn suspend(&mut self) -> io::Result<bool> {
        if !has_shell() {
            return Ok(false);
        }
        restore();
        // The whole group, as the terminal's own Ctrl-Z would; STOP because TSTP is caught to get here.
        if let Err(error) = kill_current_process_group(Signal::STOP) {
            self.resume()?;
            return Err(error.into());
        }
        Ok(true)
    }

    fn resume(&mut self) -> io::Result<()> {
        enter(self.is_mouse_on)?;
        self.clear()
    }
}
