//! A spreadsheet workbook (XLSX, XLS) as rows: one sheet of it, values as a person would type them. Whatever is in the
//! file, neither memory nor time grow past the limits here. It runs nothing: of a formula the stored result is read.
//!
//! What a spreadsheet destroyed is left visibly destroyed (`1.2345E17`), never repaired: what comes after flags it.

mod bomb;
mod value;

use super::csv::{MAX_CELL_BYTES, MAX_COLUMNS, RowFault};
use super::error::{IntakeError, WorkbookFault};
use super::table::{Table, TableFull};
use calamine::{Cell, DataRef, Reader, SheetType, SheetVisible, Xls, XlsError, Xlsx, XlsxError};
use std::io::Cursor;
use std::path::Path;

/// The largest workbook that is opened, in bytes.
pub const WORKBOOK_BYTES_MAX: u64 = 20 * 1024 * 1024;
/// The most rows of a sheet.
pub const SHEET_ROWS_MAX: usize = 200_000;
/// Rows above the header that may hold a title or nothing.
const TITLE_ROWS_MAX: usize = 10;

/// Which sheet was read, and its rows, the header first. Lines are the sheet's row numbers.
#[derive(Debug)]
pub struct Workbook {
    pub sheet: String,
    /// Sheets of the workbook that could have been read.
    pub sheets: usize,
    pub table: Table,
}

/// What kind of workbook the first bytes tell of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Xlsx,
    Xls,
}

impl Kind {
    /// `None` for what is no workbook of a kind that can be read, a zip of something else included.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Option<Kind> {
        if bytes.starts_with(b"PK\x03\x04") {
            bomb::is_xlsx(bytes).then_some(Kind::Xlsx)
        } else {
            bytes.starts_with(b"\xD0\xCF\x11\xE0").then_some(Kind::Xls)
        }
    }
}

/// Reads `sheet`, or the first visible sheet that has cells.
///
/// # Errors
/// [`IntakeError::Workbook`]: over a limit, protected, damaged, no such sheet, nothing in it.
pub fn read(path: &Path, kind: Kind, bytes: &[u8], sheet: Option<&str>) -> Result<Workbook, IntakeError> {
    let found = match kind {
        Kind::Xlsx => bomb::guard_xlsx(bytes).and_then(|()| read_xlsx(bytes, sheet)),
        Kind::Xls => bomb::guard_xls(bytes).and_then(|()| read_xls(bytes, sheet)),
    };
    found.map_err(|fault| IntakeError::Workbook { path: path.to_path_buf(), fault: Box::new(fault) })
}

fn read_xlsx(bytes: &[u8], sheet: Option<&str>) -> Result<Workbook, WorkbookFault> {
    let damaged = |error: XlsxError| match error {
        XlsxError::Password => WorkbookFault::Protected,
        other => WorkbookFault::Damaged { why: other.to_string() },
    };
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let names = choose(&book, sheet)?;
    let sheets = names.len();
    for name in wanted(names, sheet) {
        let mut rows = Gather::default();
        let mut cells = book.worksheet_cells_reader(&name).map_err(damaged)?;
        while let Some(cell) = cells.next_cell().map_err(damaged)? {
            rows.take(&cell)?;
        }
        if let Some(table) = rows.finish()? {
            return Ok(Workbook { sheet: name, sheets, table });
        }
    }
    Err(WorkbookFault::Empty)
}

fn read_xls(bytes: &[u8], sheet: Option<&str>) -> Result<Workbook, WorkbookFault> {
    let damaged = |error: XlsError| match error {
        XlsError::Password => WorkbookFault::Protected,
        other => WorkbookFault::Damaged { why: other.to_string() },
    };
    let mut book = Xls::new(Cursor::new(bytes)).map_err(damaged)?;
    let names = choose(&book, sheet)?;
    let sheets = names.len();
    for name in wanted(names, sheet) {
        let range = book.worksheet_range(&name).map_err(damaged)?;
        let (top, left) = range.start().unwrap_or((0, 0));
        let mut rows = Gather::default();
        for (row, column, data) in range.used_cells() {
            let place =
                |from: u32, index: usize| from.saturating_add(u32::try_from(index).unwrap_or(u32::MAX));
            rows.take(&Cell::new((place(top, row), place(left, column)), value::lent(data)))?;
        }
        if let Some(table) = rows.finish()? {
            return Ok(Workbook { sheet: name, sheets, table });
        }
    }
    Err(WorkbookFault::Empty)
}

/// The visible sheets with cells in them, or the one that was named.
fn choose<R: std::io::Read + std::io::Seek, B: Reader<R>>(
    book: &B,
    named: Option<&str>,
) -> Result<Vec<String>, WorkbookFault> {
    let all: Vec<&calamine::Sheet> =
        book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet).collect();
    if let Some(named) = named
        && !all.iter().any(|sheet| sheet.name == named)
    {
        let known = all.iter().map(|sheet| sheet.name.clone()).collect();
        return Err(WorkbookFault::NoSheet { given: named.to_owned(), known });
    }
    let shown = |sheet: &&&calamine::Sheet| {
        sheet.visible == SheetVisible::Visible || named == Some(sheet.name.as_str())
    };
    Ok(all.iter().filter(shown).map(|sheet| sheet.name.clone()).collect())
}

fn wanted(names: Vec<String>, named: Option<&str>) -> Vec<String> {
    match named {
        Some(name) => vec![name.to_owned()],
        None => names,
    }
}

/// Cells to rows, and the header found among what stands above it.
#[derive(Default)]
struct Gather {
    table: Table,
    /// The row being filled, from 0, and its cells.
    row: u32,
    cells: Vec<String>,
    fault: Option<RowFault>,
    /// Rows of at most one cell seen before the header: titles, or a sheet of a single column.
    lone: Vec<(u64, Option<RowFault>, Vec<String>)>,
    seen: usize,
    /// Cells of the header: a spreadsheet stores no empty cells at the end of a row, so rows are filled up to it.
    width: usize,
}

impl Gather {
    fn take(&mut self, cell: &Cell<DataRef<'_>>) -> Result<(), WorkbookFault> {
        let (row, column) = cell.get_position();
        if row < self.row {
            return Err(WorkbookFault::Damaged {
                why: format!("row {} comes after row {}", row + 1, self.row + 1),
            });
        }
        if row > self.row {
            self.flush()?;
            self.row = row;
        }
        let (line, column) = (u64::from(row) + 1, column as usize);
        let text = value::text(cell.get_value());
        if text.is_empty() {
            return Ok(());
        }
        if column >= MAX_COLUMNS {
            self.fault.get_or_insert(RowFault::TooMany { line });
            return Ok(());
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        if let Some(place) = self.cells.get_mut(column) {
            if text.len() > MAX_CELL_BYTES {
                self.fault.get_or_insert(RowFault::TooLong { line, column: column + 1 });
            }
            *place = text;
        }
        Ok(())
    }

    fn flush(&mut self) -> Result<(), WorkbookFault> {
        let (cells, fault) = (std::mem::take(&mut self.cells), self.fault.take());
        if cells.is_empty() && fault.is_none() {
            return Ok(());
        }
        self.seen += 1;
        if self.seen > SHEET_ROWS_MAX {
            return Err(WorkbookFault::TooManyRows);
        }
        let line = u64::from(self.row) + 1;
        let filled = cells.iter().filter(|cell| !cell.is_empty()).count();
        let before_header = self.table.is_empty();
        if before_header && filled <= 1 && self.lone.len() < TITLE_ROWS_MAX {
            self.lone.push((line, fault, cells));
            return Ok(());
        }
        if before_header && filled <= 1 {
            // A sheet of one column: what was set aside are its rows.
            self.keep_lone()?;
        }
        self.push(line, fault, cells)
    }

    fn push(
        &mut self,
        line: u64,
        fault: Option<RowFault>,
        mut cells: Vec<String>,
    ) -> Result<(), WorkbookFault> {
        if self.table.is_empty() {
            self.width = cells.len();
        }
        cells.resize(cells.len().max(self.width), String::new());
        let pushed = self.table.push(line, fault, cells.iter().map(String::as_str));
        pushed.map_err(|full| match full {
            TableFull::Rows => WorkbookFault::TooManyRows,
            TableFull::Text => WorkbookFault::Expands,
        })
    }

    fn keep_lone(&mut self) -> Result<(), WorkbookFault> {
        for (line, fault, cells) in std::mem::take(&mut self.lone) {
            self.push(line, fault, cells)?;
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Option<Table>, WorkbookFault> {
        self.flush()?;
        if self.table.is_empty() {
            self.keep_lone()?;
        }
        Ok((!self.table.is_empty()).then_some(self.table))
    }
}

#[cfg(test)]
mod tests;
