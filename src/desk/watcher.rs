//! Wakes the interlock when the files of the desk change, so that other consoles' commits are seen at once. It sleeps while
//! our own commits follow on each other: each page they write would be an event, and whoever commits looks for others' work
//! anyway. It reads nothing; without it the poll still notices everything.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::handle::Message;

/// Least time between two wake-ups by file events; the looks after the first cover what comes meanwhile.
const REST: Duration = Duration::from_millis(2);

/// The watcher of one desk's directory.
#[derive(Debug)]
pub(super) struct FileWatcher {
    inner: RecommendedWatcher,
    dir: PathBuf,
    is_awake: bool,
}

impl FileWatcher {
    /// Watches beside the file; `woken` says that a wake-up lies unread. None where the system has no watcher to give.
    pub(super) fn open(path: &Path, tx: Sender<Message>, woken: Arc<AtomicBool>) -> Option<FileWatcher> {
        let dir = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_path_buf();
        let stem = path.file_name()?.to_os_string();
        let inner = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let Ok(event) = event else { return };
            let ours = event.paths.iter().any(|p| {
                let name = p.file_name().unwrap_or_default().to_string_lossy();
                name.starts_with(&*stem.to_string_lossy())
            });
            let matters = ours && matches!(event.kind, EventKind::Modify(_) | EventKind::Create(_));
            // A commit is many file events; one wake-up for all of them will do.
            if matters && !woken.swap(true, Ordering::AcqRel) {
                // A closed channel means the desk is closing.
                let _ = tx.send(Message::Wake);
                // While this thread sleeps its events are merged unread; awake, it would be woken for every page written.
                std::thread::park_timeout(REST);
            }
        });
        let mut watcher = FileWatcher { inner: inner.ok()?, dir, is_awake: false };
        watcher.wake();
        watcher.is_awake.then_some(watcher)
    }

    /// Whether file events come.
    pub(super) fn is_awake(&self) -> bool {
        self.is_awake
    }

    /// Asks for no more events.
    pub(super) fn sleep(&mut self) {
        // What cannot be left is only watched on.
        self.is_awake = self.is_awake && self.inner.unwatch(&self.dir).is_err();
    }

    /// Asks for events again. Whoever calls this looks for himself afterwards: what came in between made no event.
    pub(super) fn wake(&mut self) {
        if !self.is_awake {
            self.is_awake = self.inner.watch(&self.dir, RecursiveMode::NonRecursive).is_ok();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    /// Long enough for an event that comes.
    const SOON: Duration = Duration::from_secs(5);

    #[test]
    fn it_leaves_the_directory_and_comes_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("desk.db");
        let (tx, rx) = channel();
        let woken = Arc::new(AtomicBool::new(false));
        let mut watcher = FileWatcher::open(&path, tx, Arc::clone(&woken)).unwrap();
        let told = |what: &str| {
            std::fs::write(&path, what).unwrap();
            let told = rx.recv_timeout(SOON).is_ok();
            woken.store(false, Ordering::Release);
            told
        };
        assert!(told("awake"));
        watcher.sleep();
        assert!(!watcher.is_awake());
        // The system watches nothing now: there is nothing to leave.
        assert!(watcher.inner.unwatch(&watcher.dir).is_err());
        watcher.wake();
        assert!(watcher.is_awake());
        // What lay unread from before must not pass for the next.
        while rx.try_recv().is_ok() {}
        woken.store(false, Ordering::Release);
        assert!(told("awake again"));
    }
}
