//! Trouble made on purpose, with SQLite's own means: a simulation must see what the desk does when a statement fails or
//! the disk is full. Nothing of it is there until it is asked for, and it ends with the connection.

use super::Store;
use super::error::{At, StoreError};

/// Pages a file may have when nothing is wrong: SQLite's own limit.
const PAGES_MAX: i64 = 4_294_967_294;
/// Steps of SQLite's machine between two looks at whether a statement shall fail.
const OPS: i32 = 8;

/// What goes wrong on a connection from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing any more.
    None,
    /// The file can grow by so many pages (4 KiB each), then the disk is full.
    Full { pages: u32 },
    /// After so many units of work a statement fails; with `forever` every later one too, reads among them.
    Fail { after: u32, forever: bool },
}

impl Store {
    /// Makes trouble on this connection, or ends it. For simulations and tests of what follows from it.
    ///
    /// # Errors
    /// The file's.
    pub fn make_trouble(&mut self, trouble: Trouble) -> Result<(), StoreError> {
        let Store { conn, path, .. } = self;
        conn.progress_handler(0, None::<fn() -> bool>).at(path)?;
        let pages: i64 = match trouble {
            Trouble::Full { pages } => {
                let has: i64 = conn.pragma_query_value(None, "page_count", |r| r.get(0)).at(path)?;
                has + i64::from(pages)
            }
            Trouble::None | Trouble::Fail { .. } => PAGES_MAX,
        };
        conn.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(())).at(path)?;
        if let Trouble::Fail { after, forever } = trouble {
            let mut left = i64::from(after);
            let fails = move || {
                left -= 1;
                if forever { left < 0 } else { left == -1 }
            };
            conn.progress_handler(OPS, Some(fails)).at(path)?;
        }
        Ok(())
    }
}
