//! The bare loop that durability is measured against: the very rows a desk's file holds of its leads, written again with the
//! statements' work alone. It decides nothing and keeps no world.

use std::path::Path;

use leadyard::desk::clock::fresh_id;
use leadyard::model::time::Millis;
use leadyard::store::Store;
use rusqlite::Connection;
use rusqlite::types::Value;

/// Tables whose rows a taken lead adds, with the SQL that reads them in the order of leads.
const TABLES: &[(&str, &str)] = &[
    ("event", "SELECT lead, * FROM event WHERE lead IS NOT NULL ORDER BY seq"),
    ("lead", "SELECT id, * FROM lead ORDER BY id"),
    ("contact", "SELECT lead, * FROM contact ORDER BY lead"),
    ("lead_key", "SELECT lead, * FROM lead_key ORDER BY lead"),
    ("lead_ref", "SELECT lead, * FROM lead_ref ORDER BY lead"),
    ("company", "SELECT lead, * FROM company ORDER BY lead"),
    ("assignment", "SELECT lead, * FROM assignment ORDER BY seq"),
    // The answers a door keeps: one a lead where leads are posted one by one.
    ("kept_answer", "SELECT row_number() OVER (ORDER BY at), * FROM kept_answer"),
];

struct Rows {
    table: &'static str,
    columns: usize,
    /// Lead and row, ascending by lead.
    rows: Vec<(i64, Vec<Value>)>,
}

fn rows_of(path: &Path) -> Vec<Rows> {
    let conn = Connection::open(path).unwrap();
    TABLES
        .iter()
        .map(|(table, sql)| {
            let mut statement = conn.prepare(sql).unwrap();
            let columns = statement.column_count() - 1;
            let mut rows: Vec<(i64, Vec<Value>)> = statement
                .query_map([], |row| {
                    let values = (1..=columns).map(|c| row.get(c)).collect::<Result<_, _>>()?;
                    Ok((row.get(0)?, values))
                })
                .unwrap()
                .map(Result::unwrap)
                .collect();
            rows.sort_by_key(|(lead, _)| *lead);
            Rows { table, columns, rows }
        })
        .collect()
}

/// A file in the making.
pub struct Bare {
    conn: Connection,
    all: Vec<Rows>,
    statements: Vec<String>,
    /// The next row of each table.
    at: Vec<usize>,
    reps: i64,
}

impl Bare {
    /// A fresh file at `path`, to be filled with the rows of the desk at `model`, which has `reps` reps.
    pub fn new(path: &Path, model: &Path, reps: usize, now: Millis) -> Bare {
        drop(Store::create(path, now).unwrap());
        let conn = Connection::open(path).unwrap();
        conn.pragma_update(None, "synchronous", "FULL").unwrap();
        // The store's own settings: a WAL that is checkpointed earlier grows less and syncs cheaper, which is no merit of the
        // statements.
        conn.pragma_update(None, "cache_size", -65_536).unwrap();
        conn.query_row("PRAGMA wal_autocheckpoint = 4000", [], |_| Ok(())).unwrap();
        conn.set_prepared_statement_cache_capacity(64);
        for rep in 1..=reps as i64 {
            let sql = "INSERT INTO rep VALUES (?1,'x','x','[]',1000,NULL,NULL,'[]',1,1,'[]',0,0,0,0,NULL)";
            conn.execute(sql, [rep]).unwrap();
        }
        let all = rows_of(model);
        let insert = |rows: &Rows| {
            let marks = vec!["?"; rows.columns].join(",");
            format!("INSERT INTO {} VALUES ({marks})", rows.table)
        };
        let statements = all.iter().map(insert).collect();
        Bare { conn, at: vec![0; all.len()], all, statements, reps: reps as i64 }
    }

    /// How many leads there are to write.
    #[allow(dead_code, reason = "not every bench asks")]
    pub fn leads(&self) -> i64 {
        self.all[1].rows.len() as i64
    }

    /// One transaction: the leads from `from` on, before `to`, each table once over, with one ledger row a rep touched and an
    /// intent and a batch for every `order` leads.
    pub fn write(&mut self, from: i64, to: i64, order: i64) {
        self.conn.execute_batch("BEGIN IMMEDIATE").unwrap();
        for ((rows, sql), at) in self.all.iter().zip(&self.statements).zip(&mut self.at) {
            let mut insert = self.conn.prepare_cached(sql).unwrap();
            while let Some((_, row)) = rows.rows.get(*at).filter(|(lead, _)| *lead < to) {
                insert.execute(rusqlite::params_from_iter(row)).unwrap();
                *at += 1;
            }
        }
        let run = |sql: &str, params: &[&dyn rusqlite::ToSql]| {
            self.conn.prepare_cached(sql).unwrap().execute(params).unwrap();
        };
        for rep in 1..=self.reps.min(to - from) {
            for team in ["", "East"] {
                let sql = "INSERT INTO ledger VALUES (?1,?2,1,1,0,1) ON CONFLICT DO UPDATE SET turns_milli = turns_milli + 1";
                run(sql, &[&rep, &team]);
            }
            run("UPDATE rep SET load = load + 1, last_turn = ?2 WHERE id = ?1", &[&rep, &from]);
        }
        for first in (from..to).step_by(order as usize) {
            let id = fresh_id().0.to_be_bytes();
            run("INSERT INTO intent VALUES (?1, ?2, ?2, ?2)", &[&id.as_slice(), &first]);
            let sql = "INSERT INTO batch VALUES (?1, 1, 'bench', 1, 1, 1, 1, 1, NULL, NULL, NULL)";
            run(sql, &[&first]);
        }
        self.conn.execute_batch("COMMIT").unwrap();
    }
}
