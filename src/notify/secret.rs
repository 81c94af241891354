//! A secret that no log, error or debug text can show, and the files that hold some: nothing of one is read that others may
//! read too. It does not wipe memory: whoever reads ours reads the file too.

use std::fmt;
use std::fs::File;
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Why a file of secrets is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileTrouble {
    /// In the system's words.
    Unreadable(String),
    /// Others than its owner may read or write it: its mode.
    TooOpen(u32),
    /// Longer than so many bytes.
    TooLong(u64),
}

/// Reads a file of secrets. It is opened once, and what is looked at is what is read: nobody can put another in its place
/// between the two.
///
/// # Errors
/// See [`FileTrouble`].
pub fn read_private(path: &Path, bytes_max: u64) -> Result<String, FileTrouble> {
    let unreadable = |error: std::io::Error| FileTrouble::Unreadable(error.to_string());
    let file = File::open(path).map_err(unreadable)?;
    let mode = file.metadata().map_err(unreadable)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(FileTrouble::TooOpen(mode));
    }
    let mut text = String::new();
    // One byte more tells a file that is too long, also one that grows or has no length.
    file.take(bytes_max + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > bytes_max {
        return Err(FileTrouble::TooLong(bytes_max));
    }
    Ok(text)
}

/// A token, key or password.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    #[must_use]
    pub fn new(text: String) -> Secret {
        Secret(text)
    }

    /// The secret itself, for the one place that sends it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}
