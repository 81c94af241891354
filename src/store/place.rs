//! What must be true of a path before a database is opened there: local disk, right kind of thing, private mode. Looks with
//! `stat` only: opening and closing a database file by other means would drop this process's locks on it.

use std::fs::{DirBuilder, OpenOptions, Permissions};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::error::{At, StoreError};

/// Mode of every file with leads in it.
const FILE_MODE: u32 = 0o600;
/// Mode of a directory made for one.
const DIR_MODE: u32 = 0o700;
/// Most numbered names tried for a file put aside.
const ASIDE_MAX: u32 = 10_000;

/// Which file a path meant when it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileId {
    device: u64,
    inode: u64,
}

/// The file `path` means now.
pub(super) fn file_id(path: &Path) -> Result<FileId, StoreError> {
    let meta = std::fs::metadata(path).at(path)?;
    Ok(FileId { device: meta.dev(), inode: meta.ino() })
}

/// Refuses what cannot be a database: nothing there, a directory, a device, an empty file, a file with two names.
pub(super) fn must_be_file(path: &Path) -> Result<(), StoreError> {
    let meta = std::fs::metadata(path).at(path)?;
    let foreign = |why: &str| StoreError::Foreign { path: path.to_owned(), why: why.into() };
    if meta.is_dir() {
        return Err(foreign("it is a directory"));
    }
    if !meta.is_file() {
        return Err(foreign("it is not an ordinary file"));
    }
    if meta.len() == 0 {
        return Err(foreign("it is empty"));
    }
    if meta.nlink() > 1 {
        // Each name gets a write-ahead log of its own: whoever opens the other sees and keeps half of the desk.
        let why = "it has a second name (a hard link), under which others would not see what is written; remove one of the names";
        return Err(foreign(why));
    }
    Ok(())
}

/// The directory of `path`; `.` for a bare name.
pub(super) fn parent(path: &Path) -> &Path {
    match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    }
}

/// Makes the directory of `path`, private, when there is none.
pub(super) fn make_parent(path: &Path) -> Result<(), StoreError> {
    let dir = parent(path);
    if dir.is_dir() {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(DIR_MODE).create(dir).at(dir)
}

/// Makes an empty private file. An empty one that is there already will do; anything else is refused.
pub(super) fn make_file(path: &Path) -> Result<(), StoreError> {
    match OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path) {
        Ok(_) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
            let meta = std::fs::metadata(path).at(path)?;
            if !meta.is_file() || meta.len() != 0 {
                return Err(StoreError::Exists { path: path.to_owned() });
            }
            std::fs::set_permissions(path, Permissions::from_mode(FILE_MODE)).at(path)
        }
        Err(e) => Err(StoreError::io(path, &e)),
    }
}

/// Makes sure a finished file and its name are on the disk. Only for files no connection of ours has open.
pub(super) fn sync_closed(path: &Path) -> Result<(), StoreError> {
    OpenOptions::new().read(true).write(true).open(path).and_then(|f| f.sync_all()).at(path)?;
    let dir = parent(path);
    std::fs::File::open(dir).and_then(|d| d.sync_all()).at(dir)
}

/// `path` with `suffix` put behind its name.
pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The first name `path` + `suffix`, `path` + `suffix` + `-2` … that is free.
pub(super) fn free_name(path: &Path, suffix: &str) -> Result<PathBuf, StoreError> {
    let first = with_suffix(path, suffix);
    if !first.exists() {
        return Ok(first);
    }
    (2..=ASIDE_MAX)
        .map(|n| with_suffix(path, &format!("{suffix}-{n}")))
        .find(|p| !p.exists())
        .ok_or(StoreError::Exists { path: first })
}

/// Bytes free where `path` lies.
pub(super) fn free_bytes(path: &Path) -> Result<u64, StoreError> {
    let stat = rustix::fs::statvfs(parent(path)).map_err(|e| StoreError::io(path, &e.into()))?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// Refuses file systems on which several processes cannot share a write-ahead log.
#[cfg(target_os = "linux")]
pub(super) fn must_be_local(path: &Path) -> Result<(), StoreError> {
    let dir = if path.is_dir() { path } else { parent(path) };
    let stat = rustix::fs::statfs(dir).map_err(|e| StoreError::io(dir, &e.into()))?;
    #[expect(clippy::cast_sign_loss, reason = "magic numbers are bit patterns of 32 bits")]
    #[expect(clippy::cast_possible_truncation, reason = "magic numbers are bit patterns of 32 bits")]
    #[allow(clippy::unnecessary_cast, reason = "the field's type differs between targets")]
    match network_kind(stat.f_type as u32) {
        Some(kind) => Err(StoreError::NetworkFs { path: path.to_owned(), kind: kind.into() }),
        None => Ok(()),
    }
}

#[cfg(target_os = "linux")]
fn network_kind(magic: u32) -> Option<&'static str> {
    Some(match magic {
        0x6969 => "NFS",
        0x517B | 0xFF53_4D42 | 0xFE53_4D42 => "SMB",
        0x6573_5546 => "FUSE",
        0x0102_1997 => "9P",
        0x5346_414F | 0x6B41_4653 => "AFS",
        0x00C3_6400 => "Ceph",
        0x7375_7245 => "Coda",
        0x564C => "NCP",
        0x0BD0_0BD0 => "Lustre",
        0x0116_1970 => "GFS2",
        0x7461_636F => "OCFS2",
        0x786F_4256 => "a shared folder of a virtual machine",
        _ => return None,
    })
}

/// Refuses file systems on which several processes cannot share a write-ahead log.
#[cfg(target_os = "macos")]
pub(super) fn must_be_local(path: &Path) -> Result<(), StoreError> {
    /// `MNT_LOCAL` of `sys/mount.h`.
    const LOCAL: u32 = 0x1000;
    let dir = if path.is_dir() { path } else { parent(path) };
    let stat = rustix::fs::statfs(dir).map_err(|e| StoreError::io(dir, &e.into()))?;
    if stat.f_flags & LOCAL == 0 {
        return Err(StoreError::NetworkFs { path: path.to_owned(), kind: "not a local volume".into() });
    }
    Ok(())
}

/// Elsewhere there is no way to tell.
#[cfg(not(any(target_os = "linux", target_os = "macos")))]
pub(super) fn must_be_local(_path: &Path) -> Result<(), StoreError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn network_file_systems_are_known_by_their_numbers() {
        for magic in [0x6969, 0xFF53_4D42, 0xFE53_4D42, 0x6573_5546, 0x0102_1997] {
            assert!(network_kind(magic).is_some(), "{magic:x}");
        }
        // ext4, tmpfs, btrfs, xfs, overlay
        for magic in [0xEF53, 0x0102_1994, 0x9123_683E, 0x5846_5342, 0x794C_7630] {
            assert!(network_kind(magic).is_none(), "{magic:x}");
        }
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("desk.db");
        let first = free_name(&path, ".old").unwrap();
        std::fs::write(&first, "x").unwrap();
        assert_eq!(free_name(&path, ".old").unwrap(), dir.path().join("desk.db.old-2"));
    }
}
