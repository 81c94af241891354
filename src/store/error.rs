//! What can go wrong with the file, sorted by what the reader can do about it. Every sentence names the file, says what is
//! safe and what to do. No SQL type leaks out of here: nobody outside the store knows there is one.

use std::path::{Path, PathBuf};

use rusqlite::ErrorCode;

use crate::model::event::PayloadError;

/// Why the store could not do something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("{} is being written by another process; nothing was changed. Try again in a moment", path.display())]
    Busy { path: PathBuf },
    #[error("{} can only be read: {why}. Nothing was changed. Open it as a user who may write it", path.display())]
    ReadOnly { path: PathBuf, why: String },
    #[error(
        "{} has schema {found}, this Leadyard knows up to {knows}; a newer one wrote it. It can be read, not written. \
         Update Leadyard to write it", path.display()
    )]
    NewerSchema { path: PathBuf, found: u32, knows: u32 },
    #[error(
        "{} has schema {found}, this Leadyard needs {knows}. Its data are safe. Open it once for writing: that brings it \
         up to date after making a backup", path.display()
    )]
    OlderSchema { path: PathBuf, found: u32, knows: u32 },
    #[error("{}: event #{seq} was written by a newer Leadyard ({why}). Its data are safe. Update this one", path.display())]
    NewerEvent { path: PathBuf, seq: u64, why: String },
    #[error("{} is not a Leadyard file: {why}. It was not changed. Name another file, or create a new one", path.display())]
    Foreign { path: PathBuf, why: String },
    #[error("{} does not exist. Name the right file; `leadyard` and `leadyard import` begin a new one there", path.display())]
    Missing { path: PathBuf },
    #[error("{} exists already and was not changed. Name another file, or move that one away first", path.display())]
    Exists { path: PathBuf },
    #[error("{} is open in another process; nothing was changed. Close every console on it, then try again", path.display())]
    InUse { path: PathBuf },
    #[error(
        "the disk under {} is full. What was reported as saved is safe; nothing new can be taken. Free some space",
        path.display()
    )]
    Full { path: PathBuf },
    #[error(
        "{} is damaged: {what}. Stop writing to it, copy it with its -wal file, then run `leadyard check` and restore the \
         last good backup", path.display()
    )]
    Damaged { path: PathBuf, what: String },
    #[error(
        "{} lies on a network file system ({kind}), where several writers damage the file. Nothing was changed. Put it on \
         a local disk", path.display()
    )]
    NetworkFs { path: PathBuf, kind: String },
    #[error(
        "{} was replaced by another file while it was open; nothing more will be written to the old one. Restart to go on \
         with the new one", path.display()
    )]
    Replaced { path: PathBuf },
    #[error(
        "it is not known whether the last change reached {} ({why}). Whole changes only: it is there completely or not at \
         all. Reload and look", path.display()
    )]
    Uncertain { path: PathBuf, why: String },
    #[error(
        "the database library is {found}, which can lose commits; at least {needs} is needed. Rebuild Leadyard"
    )]
    OldLibrary { found: String, needs: &'static str },
    #[error(
        "the write-ahead log of {} has grown to {mib} MB: somebody keeps an old read of it open. Nothing is lost and writing \
         goes on. End that read (a query left open, a stopped program), then the log is cut back by itself", path.display()
    )]
    Pinned { path: PathBuf, mib: u64 },
    #[error("{}: {what} is over the limit of {limit}. Nothing was changed. Ask for less at a time", path.display())]
    TooMuch { path: PathBuf, what: &'static str, limit: u64 },
    #[error("{} could not be read or written: {why}. What was reported as saved is safe. Check the disk", path.display())]
    Io { path: PathBuf, why: String },
    #[error("{}: the change was refused by the file ({why}). Nothing was changed. This is a fault in Leadyard", path.display())]
    Fault { path: PathBuf, why: String },
}

impl StoreError {
    /// Whether the same request may succeed in a moment without anybody doing anything.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy { .. })
    }

    /// Whether the request itself is to blame, so that others beside it may go on.
    #[must_use]
    pub fn is_fault(&self) -> bool {
        matches!(self, Self::Fault { .. } | Self::TooMuch { .. })
    }

    /// Whether the file takes no more writes until somebody acts: read-only mode with a banner is the answer.
    #[must_use]
    pub fn stops_writing(&self) -> bool {
        match self {
            Self::ReadOnly { .. }
            | Self::NewerSchema { .. }
            | Self::NewerEvent { .. }
            | Self::Full { .. }
            | Self::Damaged { .. }
            | Self::Replaced { .. }
            | Self::Io { .. } => true,
            Self::Busy { .. }
            | Self::OlderSchema { .. }
            | Self::Foreign { .. }
            | Self::Missing { .. }
            | Self::Exists { .. }
            | Self::InUse { .. }
            | Self::NetworkFs { .. }
            | Self::Uncertain { .. }
            | Self::OldLibrary { .. }
            | Self::Pinned { .. }
            | Self::TooMuch { .. }
            | Self::Fault { .. } => false,
        }
    }

    pub(super) fn damaged(path: &Path, what: impl Into<String>) -> StoreError {
        StoreError::Damaged { path: path.to_owned(), what: what.into() }
    }

    pub(super) fn io(path: &Path, error: &std::io::Error) -> StoreError {
        let path = path.to_owned();
        match error.kind() {
            std::io::ErrorKind::NotFound => StoreError::Missing { path },
            std::io::ErrorKind::AlreadyExists => StoreError::Exists { path },
            std::io::ErrorKind::StorageFull => StoreError::Full { path },
            std::io::ErrorKind::PermissionDenied | std::io::ErrorKind::ReadOnlyFilesystem => {
                StoreError::ReadOnly { path, why: error.to_string() }
            }
            _ => StoreError::Io { path, why: error.to_string() },
        }
    }

    pub(super) fn payload(path: &Path, seq: u64, error: &PayloadError) -> StoreError {
        let path = path.to_owned();
        match error {
            PayloadError::NewerVerb { .. } | PayloadError::NewerFormat { .. } => {
                StoreError::NewerEvent { path, seq, why: error.to_string() }
            }
            PayloadError::Damaged { .. } => {
                StoreError::Damaged { path, what: format!("event #{seq}: {error}") }
            }
        }
    }

    pub(super) fn sql(path: &Path, error: &rusqlite::Error) -> StoreError {
        let owned = path.to_owned();
        let why = error.to_string();
        match error {
            rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::FileLockingProtocolFailed => StoreError::Busy { path: owned },
                ErrorCode::ReadOnly
                | ErrorCode::PermissionDenied
                | ErrorCode::AuthorizationForStatementDenied => StoreError::ReadOnly { path: owned, why },
                ErrorCode::NotADatabase => StoreError::Foreign { path: owned, why },
                ErrorCode::DatabaseCorrupt => StoreError::Damaged { path: owned, what: why },
                ErrorCode::DiskFull => StoreError::Full { path: owned },
                ErrorCode::CannotOpen if !path.exists() => StoreError::Missing { path: owned },
                ErrorCode::CannotOpen | ErrorCode::SystemIoFailure | ErrorCode::OutOfMemory => {
                    StoreError::Io { path: owned, why }
                }
                _ => StoreError::Fault { path: owned, why },
            },
            rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::Utf8Error(..) => StoreError::Damaged { path: owned, what: why },
            _ => StoreError::Fault { path: owned, why },
        }
    }
}

/// Gives an SQL result the file's name.
pub(super) trait At<T> {
    fn at(self, path: &Path) -> Result<T, StoreError>;
}

impl<T> At<T> for rusqlite::Result<T> {
    fn at(self, path: &Path) -> Result<T, StoreError> {
        self.map_err(|e| StoreError::sql(path, &e))
    }
}

impl<T> At<T> for std::io::Result<T> {
    fn at(self, path: &Path) -> Result<T, StoreError> {
        self.map_err(|e| StoreError::io(path, &e))
    }
}
