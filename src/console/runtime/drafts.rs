//! Drafts of the rules on disk: each console keeps its own in the user's state folder, and shows beside the desk's file that
//! it has one open, so that two editors see each other.
//!
//! That somebody writes decides nothing, so it is no event; it must end with the process, so it is no row. It is a small file
//! in `DESK-drafts/` that its console holds locked: whoever finds it unlocked knows that its writer is gone, and removes it.
//! A kept draft has a place of its own per person and desk for each of a few consoles, held in the same way.

use crate::console::draft::keep::{Editing, Kept};
use crate::console::text::Say;
use siphasher::sip::SipHasher13;
use std::fs::{File, OpenOptions, TryLockError};
use std::hash::Hasher;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Consoles of one person on one desk that keep a draft each.
const PLACES_MAX: usize = 8;
/// Others looked at; more do not edit one book.
const OTHERS_MAX: usize = 50;

/// The drafts of one console.
#[derive(Debug)]
pub struct Drafts {
    /// None where the user has no folder for such things: then nothing survives, and the console works all the same.
    folder: Option<PathBuf>,
    desk: PathBuf,
    actor: String,
    console: u32,
    /// The place that is ours, and what keeps it so.
    place: Option<(PathBuf, File)>,
    shown: Option<(PathBuf, File)>,
}

impl Drafts {
    /// Of `actor` at a console of this number, on the desk's file, kept in `folder`.
    #[must_use]
    pub fn new(folder: Option<PathBuf>, desk: &Path, actor: &str, console: u32) -> Drafts {
        let desk = desk.canonicalize().unwrap_or_else(|_| desk.to_owned());
        Drafts { folder, desk, actor: actor.to_owned(), console, place: None, shown: None }
    }

    /// The draft this person left on this desk, if one was left.
    ///
    /// # Errors
    /// What is wrong with its file, in words.
    pub fn left(&mut self) -> Result<Option<Kept>, Say> {
        let Some(path) = self.place() else { return Ok(None) };
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                serde_json::from_str(&text).map(Some).map_err(|error| trouble(&path, &error.to_string()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(trouble(&path, &error.to_string())),
        }
    }

    /// Keeps the draft, or takes it off the disk, and shows others whether one is open.
    ///
    /// # Errors
    /// Why it cannot be kept, in words.
    pub fn keep(&mut self, draft: Option<&Kept>) -> Result<(), Say> {
        let kept = self.place().map_or(Ok(()), |path| Self::write(&path, draft));
        // Seen or not, the draft is kept by now, which is what matters.
        let _ = self.show(draft);
        kept
    }

    fn write(path: &Path, draft: Option<&Kept>) -> Result<(), Say> {
        let done = match draft {
            Some(kept) => {
                serde_json::to_vec(kept).map_err(io::Error::from).and_then(|text| replace(path, &text))
            }
            None => match std::fs::remove_file(path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
        };
        done.map_err(|error| trouble(path, &error.to_string()))
    }

    /// Who else has a draft open on this desk.
    #[must_use]
    pub fn others(&self) -> Vec<Editing> {
        let Ok(found) = std::fs::read_dir(self.beside()) else { return Vec::new() };
        let mine = self.file_name();
        let mut all: Vec<Editing> = found
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy() != mine)
            .take(OTHERS_MAX)
            .filter_map(|entry| alive(&entry.path()))
            .collect();
        all.sort_by(|a, b| (&a.actor, a.console).cmp(&(&b.actor, b.console)));
        all
    }

    /// The file of our draft: the first place that holds one and nobody's console, else the first free.
    fn place(&mut self) -> Option<PathBuf> {
        if let Some((path, _)) = &self.place {
            return Some(path.clone());
        }
        let folder = self.folder.as_ref()?;
        std::fs::create_dir_all(folder).ok()?;
        let mut hash = SipHasher13::new();
        hash.write(self.actor.as_bytes());
        hash.write_u8(0);
        hash.write(self.desk.as_os_str().as_encoded_bytes());
        let name = format!("{:016x}", hash.finish());
        let paths = (0..PLACES_MAX).map(|n| folder.join(format!("{name}-{n}.json")));
        let (held, free): (Vec<PathBuf>, Vec<PathBuf>) = paths.partition(|path| path.exists());
        for path in held.into_iter().chain(free) {
            let lock = own(
                OpenOptions::new().write(true).create(true).truncate(false),
                &path.with_extension("lock"),
            );
            if let Some(lock) = lock.ok().filter(|lock| lock.try_lock().is_ok()) {
                self.place = Some((path.clone(), lock));
                return Some(path);
            }
        }
        None
    }

    /// `DESK-drafts`, beside the desk's own files.
    fn beside(&self) -> PathBuf {
        let mut name = self.desk.as_os_str().to_owned();
        name.push("-drafts");
        PathBuf::from(name)
    }

    fn file_name(&self) -> String {
        format!("{}.json", self.console)
    }

    fn show(&mut self, draft: Option<&Kept>) -> io::Result<()> {
        let Some(kept) = draft else {
            self.hide();
            return Ok(());
        };
        let path = self.beside().join(self.file_name());
        if self.shown.is_none() || !path.exists() {
            std::fs::create_dir_all(self.beside())?;
            let file = OpenOptions::new().write(true).create(true).truncate(false).open(&path)?;
            file.try_lock().map_err(io::Error::from)?;
            self.shown = Some((path, file));
        }
        let Some((_, file)) = &mut self.shown else { return Ok(()) };
        let me = Editing { actor: self.actor.clone(), console: self.console, base: kept.base };
        let text = serde_json::to_vec(&me)?;
        file.set_len(0)?;
        io::Seek::rewind(file)?;
        file.write_all(&text)
    }

    fn hide(&mut self) {
        if let Some((path, _)) = self.shown.take() {
            let _ = std::fs::remove_file(path);
            // Stays where others are shown.
            let _ = std::fs::remove_dir(self.beside());
        }
    }
}

/// Whoever leaves is seen no more; what they wrote is kept.
impl Drop for Drafts {
    fn drop(&mut self) {
        self.hide();
    }
}

/// Who is shown in a file, if its console still runs; else the file is removed.
fn alive(path: &Path) -> Option<Editing> {
    let file = File::open(path).ok()?;
    match file.try_lock_shared() {
        Err(TryLockError::WouldBlock) => serde_json::from_slice(&std::fs::read(path).ok()?).ok(),
        Ok(()) => {
            let _ = std::fs::remove_file(path);
            None
        }
        Err(TryLockError::Error(_)) => None,
    }
}

/// Opens a file for its owner alone.
fn own(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt;
    options.mode(0o600).open(path)
}

/// Writes a file whole or not at all.
fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let fresh = path.with_extension("new");
    let mut file = own(OpenOptions::new().write(true).create(true).truncate(true), &fresh)?;
    file.write_all(text)?;
    file.sync_all()?;
    std::fs::rename(&fresh, path)
}

fn trouble(path: &Path, why: &str) -> Say {
    Say::DraftTrouble(&path.display().to_string(), why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn kept(text: &str) -> Kept {
        Kept { base: 3, base_text: "base".into(), text: text.into(), line: 2, at_ms: 5 }
    }

    #[test]
    fn a_draft_outlives_its_console_and_is_the_persons_alone() {
        let dir = tempfile::tempdir().unwrap();
        let desk = dir.path().join("desk.db");
        std::fs::write(&desk, "").unwrap();
        let open = |actor: &str, console| Drafts::new(Some(dir.path().join("state")), &desk, actor, console);
        let mut first = open("王芳", 1);
        assert_eq!(first.left(), Ok(None));
        assert_eq!(first.keep(Some(&kept("mine"))), Ok(()));
        let path = first.place().unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        // A second console of the same person has a place of its own; another person sees nothing of it.
        assert_eq!(open("王芳", 2).left(), Ok(None));
        assert_eq!(open("赵敏", 3).left(), Ok(None));
        drop(first);
        let mut again = open("王芳", 4);
        assert_eq!(again.left(), Ok(Some(kept("mine"))));
        assert_eq!(again.keep(None), Ok(()));
        assert_eq!(open("王芳", 5).left(), Ok(None));
        std::fs::write(&path, "{ broken").unwrap();
        drop(again);
        assert!(open("王芳", 6).left().is_err());
    }

    #[test]
    fn editors_see_each_other_as_long_as_they_live() {
        let dir = tempfile::tempdir().unwrap();
        let desk = dir.path().join("desk.db");
        std::fs::write(&desk, "").unwrap();
        let open = |actor: &str, console| Drafts::new(None, &desk, actor, console);
        let (mut a, mut b) = (open("王芳", 1), open("赵敏", 2));
        assert_eq!((a.keep(Some(&kept("x"))), b.others().len()), (Ok(()), 1));
        assert_eq!(b.others()[0], Editing { actor: "王芳".into(), console: 1, base: 3 });
        assert_eq!((b.keep(Some(&kept("y"))), a.others().len()), (Ok(()), 1));
        assert_eq!((a.keep(None), b.others().len()), (Ok(()), 0));
        // What a process that died left behind is nobody.
        std::fs::write(dir.path().join("desk.db-drafts/99.json"), r#"{"actor":"x","console":99,"base":1}"#)
            .unwrap();
        assert_eq!(b.others(), []);
        drop(b);
        assert!(!dir.path().join("desk.db-drafts").exists());
    }
}
