//! Rows held in memory: what a workbook or lines of JSON come to, so that everything after it reads them as it reads a CSV.
//! It knows nothing of what a column means, and holds no more than [`TABLE_BYTES_MAX`] of text.

use super::csv::{MAX_CELL_BYTES, MAX_COLUMNS, MAX_ROW_BYTES, RawRow, RowFault};
use std::sync::Arc;

/// The most bytes of text a table may hold.
pub const TABLE_BYTES_MAX: usize = 128 * 1024 * 1024;
/// The most rows a table may have, its header included.
pub const TABLE_ROWS_MAX: usize = 1_000_000;

/// Why a row was not taken: the table would grow past its limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableFull {
    Text,
    Rows,
}

#[derive(Debug, Clone, Copy)]
struct RowAt {
    line: u64,
    fault: Option<RowFault>,
    /// Index behind the row's last cell in `Table::ends`.
    cells_to: usize,
}

/// Rows in one stretch of text.
#[derive(Debug, Default)]
pub struct Table {
    text: String,
    ends: Vec<u32>,
    rows: Vec<RowAt>,
}

impl Table {
    /// Adds a row. Cells beyond the limits of a row are cut and the row carries the fault, as in a CSV.
    ///
    /// # Errors
    /// When the table is full; the row is then not in it.
    pub fn push<'a>(
        &mut self,
        line: u64,
        fault: Option<RowFault>,
        cells: impl Iterator<Item = &'a str>,
    ) -> Result<(), TableFull> {
        if self.rows.len() >= TABLE_ROWS_MAX {
            return Err(TableFull::Rows);
        }
        let (from, mut fault) = (self.text.len(), fault);
        let first = self.ends.len();
        for (column, cell) in cells.enumerate() {
            if column >= MAX_COLUMNS {
                fault.get_or_insert(RowFault::TooMany { line });
                break;
            }
            let room = MAX_CELL_BYTES.min(MAX_ROW_BYTES - (self.text.len() - from).min(MAX_ROW_BYTES));
            let whole = cell.get(..boundary(cell, room)).unwrap_or_default();
            if whole.len() < cell.len() {
                fault.get_or_insert(RowFault::TooLong { line, column: column + 1 });
            }
            self.text.push_str(whole);
            self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        }
        if self.text.len() > TABLE_BYTES_MAX {
            self.text.truncate(from);
            self.ends.truncate(first);
            return Err(TableFull::Text);
        }
        self.rows.push(RowAt { line, fault, cells_to: self.ends.len() });
        Ok(())
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}

/// The last place at or before `at` where a character of `text` begins.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

/// One pass over a table.
#[derive(Debug)]
pub struct TableRows {
    table: Arc<Table>,
    at: usize,
    total_bytes: u64,
}

impl TableRows {
    /// From the first row on; `total_bytes` is the length of the file the table was read from.
    #[must_use]
    pub fn new(table: Arc<Table>, total_bytes: u64) -> Self {
        Self { table, at: 0, total_bytes }
    }

    /// The next row into `row`; `false` at the end. Rows of one empty cell are passed over, as blank lines are.
    pub fn read(&mut self, row: &mut RawRow) -> bool {
        while let Some(here) = self.table.rows.get(self.at) {
            let first = self.at.checked_sub(1).and_then(|i| self.table.rows.get(i)).map_or(0, |r| r.cells_to);
            self.at += 1;
            let start = |index: usize| {
                index.checked_sub(1).and_then(|i| self.table.ends.get(i)).map_or(0, |end| *end as usize)
            };
            let cells = (first..here.cells_to)
                .map(|i| self.table.text.get(start(i)..start(i + 1)).unwrap_or_default());
            row.refill(here.line, here.fault, cells);
            if row.fault.is_some() || row.len() > 1 || !row.get(0).is_empty() {
                return true;
            }
        }
        false
    }

    /// How far the pass has come, as bytes of the file, for a progress bar.
    #[must_use]
    pub fn consumed(&self) -> u64 {
        let rows = self.table.rows.len().max(1) as u64;
        if self.at as u64 >= rows { self.total_bytes } else { self.total_bytes / rows * self.at as u64 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(table: Table) -> Vec<(u64, Option<RowFault>, Vec<String>)> {
        let mut rows = TableRows::new(Arc::new(table), 1_000);
        let (mut row, mut all) = (RawRow::default(), Vec::new());
        while rows.read(&mut row) {
            all.push((row.line, row.fault, row.cells().map(str::to_owned).collect()));
        }
        assert_eq!(rows.consumed(), 1_000);
        all
    }

    #[test]
    fn rows_come_back_as_they_went_in_and_blank_ones_do_not() {
        let mut table = Table::default();
        table.push(3, None, ["编号", "name"].into_iter()).unwrap();
        table.push(4, None, [""].into_iter()).unwrap();
        table.push(9, Some(RowFault::NotJson { line: 9, column: 2 }), ["{oops"].into_iter()).unwrap();
        table.push(10, None, ["", "李雷", ""].into_iter()).unwrap();
        let read = rows(table);
        assert_eq!(read[0], (3, None, vec!["编号".into(), "name".into()]));
        assert_eq!(read[1].1, Some(RowFault::NotJson { line: 9, column: 2 }));
        assert_eq!(read[2], (10, None, vec![String::new(), "李雷".into(), String::new()]));
    }

    #[test]
    fn what_is_too_long_or_too_wide_is_cut_and_said() {
        let mut table = Table::default();
        let long = "长".repeat(MAX_CELL_BYTES);
        table.push(1, None, ["a", &long].into_iter()).unwrap();
        table.push(2, None, std::iter::repeat_n("x", MAX_COLUMNS + 1)).unwrap();
        let read = rows(table);
        assert_eq!(read[0].1, Some(RowFault::TooLong { line: 1, column: 2 }));
        assert!(read[0].2[1].len() <= MAX_CELL_BYTES && read[0].2[1].len() > MAX_CELL_BYTES - 3);
        assert_eq!((read[1].1, read[1].2.len()), (Some(RowFault::TooMany { line: 2 }), MAX_COLUMNS));
    }

    #[test]
    fn a_full_table_takes_nothing_more_and_keeps_what_it_has() {
        let mut table = Table::default();
        let block = "x".repeat(MAX_CELL_BYTES);
        let mut taken = 0;
        while table.push(taken + 1, None, std::iter::repeat_n(block.as_str(), 32)).is_ok() {
            taken += 1;
        }
        assert_eq!(taken as usize, TABLE_BYTES_MAX / (MAX_CELL_BYTES * 32));
        assert_eq!(rows(table).len(), taken as usize);
    }
}
