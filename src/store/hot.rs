//! Statements a transaction runs for every lead, held for its length. rusqlite's own cache hashes the whole text at each use,
//! which at ten statements a lead costs more than a look-up.

use rusqlite::{CachedStatement, Connection};

/// The statements worth holding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sql {
    PutEvent,
    PutContact,
    PutKey,
    PutReference,
    PutCompany,
    PutAssignment,
    PutIntent,
    PutBatch,
    PutLedger,
    AskKey,
    AskReference,
}

/// How many there are.
const COUNT: usize = 11;

impl Sql {
    #[cfg(test)]
    const ALL: [Sql; COUNT] = [
        Sql::PutEvent,
        Sql::PutContact,
        Sql::PutKey,
        Sql::PutReference,
        Sql::PutCompany,
        Sql::PutAssignment,
        Sql::PutIntent,
        Sql::PutBatch,
        Sql::PutLedger,
        Sql::AskKey,
        Sql::AskReference,
    ];

    /// In the questions: not `key = ?` and no bound limit. With an ORDER BY either makes SQLite 3.54 prepare the statement
    /// anew at each use, which costs more than the look-up.
    const fn text(self) -> &'static str {
        match self {
            Sql::PutEvent => {
                "INSERT INTO event (seq, at, actor, role, console, intent, batch, verb, version, lead, payload, undoes)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            }
            Sql::PutContact => {
                "INSERT OR REPLACE INTO contact (lead, name, phone, email, wechat, note, raw)
                 VALUES (?, ?, ?, ?, ?, ?, ?)"
            }
            Sql::PutKey => "INSERT OR IGNORE INTO lead_key (key, lead) VALUES (?, ?)",
            Sql::PutReference => "INSERT OR IGNORE INTO lead_ref (hash, lead) VALUES (?, ?)",
            Sql::PutCompany => "INSERT OR IGNORE INTO company (block, lead) VALUES (?, ?)",
            Sql::PutAssignment => {
                "INSERT INTO assignment (seq, lead, rep, from_rep, at, placed_by, rule, book)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
            }
            Sql::PutIntent => {
                "INSERT INTO intent (id, first_seq, last_seq, batch) VALUES (?, ?, ?, ?)
                 ON CONFLICT DO UPDATE SET last_seq = excluded.last_seq"
            }
            Sql::PutBatch => {
                "INSERT INTO batch (id, at, actor, console, verb, last_seq, events, leads)
                 VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                 ON CONFLICT DO UPDATE SET last_seq = excluded.last_seq, events = events + excluded.events,
                   leads = leads + excluded.leads"
            }
            Sql::PutLedger => {
                "INSERT INTO ledger (rep, team, day, turns_milli, entries_milli, placements)
                 VALUES (?, ?, ?, ?, ?, ?)
                 ON CONFLICT DO UPDATE SET turns_milli = turns_milli + excluded.turns_milli,
                   entries_milli = entries_milli + excluded.entries_milli,
                   placements = placements + excluded.placements"
            }
            Sql::AskKey => {
                "SELECT lead FROM lead_key WHERE key BETWEEN ?1 AND ?1 ORDER BY key DESC, lead DESC LIMIT 50"
            }
            Sql::AskReference => {
                "SELECT lead FROM lead_ref WHERE hash BETWEEN ?1 AND ?1 ORDER BY hash, lead LIMIT 256"
            }
        }
    }
}

/// The statements of one connection that were needed so far.
pub(super) struct Hot<'c> {
    conn: &'c Connection,
    held: [Option<CachedStatement<'c>>; COUNT],
}

impl<'c> Hot<'c> {
    pub fn new(conn: &'c Connection) -> Hot<'c> {
        Hot { conn, held: [const { None }; COUNT] }
    }

    /// The statement, prepared on its first use.
    pub fn get(&mut self, sql: Sql) -> rusqlite::Result<&mut CachedStatement<'c>> {
        let slot = &mut self.held[sql as usize];
        match slot {
            Some(statement) => Ok(statement),
            None => Ok(slot.insert(self.conn.prepare_cached(sql.text())?)),
        }
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;
    use crate::store::{Access, open, schema};

    #[test]
    fn each_statement_has_its_own_place() {
        for (at, sql) in Sql::ALL.into_iter().enumerate() {
            assert_eq!(sql as usize, at);
        }
    }

    /// The reason for the odd wording of the questions.
    #[test]
    fn asking_again_does_not_prepare_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("desk.db");
        std::fs::write(&path, "").unwrap();
        let conn = open::connect(&path, Access::Write).unwrap();
        conn.execute_batch(schema::first_step_sql()).unwrap();
        conn.execute_batch(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
               INSERT INTO event SELECT i, 0, 'a', 1, 1, NULL, 1, 1, 1, i / 3, x'00', NULL FROM n;
             INSERT INTO lead_key SELECT seq % 40, seq FROM event;
             INSERT INTO lead_ref SELECT seq % 40, seq FROM event;
             PRAGMA optimize = 0x10002; ANALYZE;",
        )
        .unwrap();
        let lead_sql = [
            "SELECT seq FROM event WHERE lead BETWEEN ?1 AND ?1 AND seq < ?2 ORDER BY lead, seq",
            "SELECT seq FROM event WHERE lead BETWEEN ?1 AND ?1 AND seq < ?2 ORDER BY lead DESC, seq DESC LIMIT 1",
        ];
        for sql in [Sql::AskKey.text(), Sql::AskReference.text()].into_iter().chain(lead_sql) {
            let mut ask = conn.prepare(sql).unwrap();
            for value in [3_i64, 5, 8] {
                for at in 1..=ask.parameter_count() {
                    ask.raw_bind_parameter(at, value).unwrap();
                }
                let mut rows = ask.raw_query();
                while rows.next().unwrap().is_some() {}
            }
            assert_eq!(ask.get_status(StatementStatus::RePrepare), 0, "{sql}");
            let plan: Vec<String> = conn
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
                .unwrap()
                .query_map(
                    [1_i64; 2].get(..ask.parameter_count()).map(rusqlite::params_from_iter).unwrap(),
                    |r| r.get(3),
                )
                .unwrap()
                .map(Result::unwrap)
                .collect();
            assert!(plan.iter().all(|step| step.contains("SEARCH")), "{sql}: {plan:?}");
        }
    }
}
