//! The numbered steps from an empty file to the present schema. Each runs in its own transaction and, on a file that holds
//! something, after a copy of it was made. A step that was released is never changed again.

use std::path::Path;

use rusqlite::{Connection, TransactionBehavior, params};

use super::error::{At, StoreError};
use crate::model::actor::Role;
use crate::model::event::Verb;
use crate::model::lead::LeadState;

/// "Lead" in ASCII: marks the file as ours.
pub(super) const APPLICATION_ID: i32 = 0x4C65_6164;

/// The schema this build writes.
pub const SCHEMA_VERSION: u32 = 4;

/// What brings a file from the version before to this one.
struct Step {
    to: u32,
    sql: &'static str,
}

const STEPS: &[Step] = &[
    Step { to: 1, sql: include_str!("schema/v1.sql") },
    Step { to: 2, sql: include_str!("schema/v2.sql") },
    Step { to: 3, sql: include_str!("schema/v3.sql") },
    Step { to: 4, sql: include_str!("schema/v4.sql") },
];

/// The tables a replay writes, without the log itself: what `check` compares.
pub(super) fn first_step_sql() -> &'static str {
    include_str!("schema/v1.sql")
}

/// The schema version of the open file.
pub(super) fn version(conn: &Connection, path: &Path) -> Result<u32, StoreError> {
    conn.prepare_cached("PRAGMA user_version").and_then(|mut s| s.query_row([], |r| r.get(0))).at(path)
}

/// Runs the steps the file lacks. Two processes may do this at once: each step looks again under the write lock.
pub(super) fn migrate(conn: &mut Connection, path: &Path) -> Result<(), StoreError> {
    for step in STEPS {
        if version(conn, path)? >= step.to {
            continue;
        }
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).at(path)?;
        if version(&tx, path)? < step.to {
            tx.execute_batch(step.sql).at(path)?;
            if step.to >= 2 {
                write_words(&tx).at(path)?;
            }
            tx.pragma_update(None, "user_version", step.to).at(path)?;
        }
        tx.commit().at(path)?;
    }
    add_words(conn, path)
}

/// A file of this schema may have been made before a verb was: then its word is added. Usually only looks.
fn add_words(conn: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let sql = "SELECT count(*) FROM word WHERE kind = 'verb'";
    let known: i64 = conn.prepare_cached(sql).and_then(|mut s| s.query_row([], |r| r.get(0))).at(path)?;
    if usize::try_from(known).is_ok_and(|known| known >= Verb::ALL.len())
        || version(conn, path)? != SCHEMA_VERSION
    {
        return Ok(());
    }
    let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate).at(path)?;
    write_words(&tx).at(path)?;
    tx.commit().at(path)
}

/// The words of this build's codes, so that views speak.
fn write_words(conn: &Connection) -> rusqlite::Result<()> {
    let mut put =
        conn.prepare("INSERT OR REPLACE INTO word (kind, code, word, word_zh) VALUES (?, ?, ?, ?)")?;
    for verb in Verb::ALL {
        put.execute(params!["verb", verb.code(), verb.word(), verb.word()])?;
    }
    for state in LeadState::ALL {
        put.execute(params!["state", state as u8, state.word(), state.word_zh()])?;
    }
    for role in ROLES {
        put.execute(params!["role", role as u8, role.word(), role.word_zh()])?;
    }
    Ok(())
}

/// Roles by their code in the file.
pub(super) const ROLES: [Role; 6] =
    [Role::Viewer, Role::Rep, Role::Coordinator, Role::Supervisor, Role::Admin, Role::Engine];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_numbered_without_gaps() {
        for (at, step) in STEPS.iter().enumerate() {
            assert_eq!(step.to as usize, at + 1);
        }
        assert_eq!(STEPS.last().unwrap().to, SCHEMA_VERSION);
    }

    #[test]
    fn codes_in_the_file_are_positions() {
        for (at, role) in ROLES.into_iter().enumerate() {
            assert_eq!(role as usize, at);
        }
        for (at, state) in LeadState::ALL.into_iter().enumerate() {
            assert_eq!(state as usize, at);
        }
    }
}
