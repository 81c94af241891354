//! Refused rows written back to a CSV: the original cells, then line, column and reason, so they can be repaired and
//! imported again. Cells that a spreadsheet would run as a formula get a leading quote.

use super::row::Rejection;
use crate::model::lang::Lang;
pub use crate::model::sheet::{FORMULA_STARTS, safe_cell};
use std::io::{self, Write};

/// The columns added; importing the file again ignores them.
pub const ADDED: [&str; 3] = ["reject line", "reject column", "reject reason"];

/// Writes the refused rows of one import.
pub struct RejectWriter<W: Write> {
    out: csv::Writer<W>,
    width: usize,
    lang: Lang,
    written: u64,
}

impl<W: Write> RejectWriter<W> {
    /// Starts the file: byte-order mark (spreadsheets need it for Chinese) and headers.
    ///
    /// # Errors
    /// When writing fails.
    pub fn new(mut to: W, headers: &[String], lang: Lang) -> io::Result<Self> {
        to.write_all("\u{FEFF}".as_bytes())?;
        let mut out = csv::WriterBuilder::new().flexible(true).from_writer(to);
        let safe: Vec<String> = headers.iter().map(|h| safe_cell(h)).collect();
        out.write_record(safe.iter().map(String::as_str).chain(ADDED))?;
        Ok(Self { out, width: headers.len(), lang, written: 0 })
    }

    /// Adds one row.
    ///
    /// # Errors
    /// When writing fails.
    pub fn write(&mut self, rejection: &Rejection) -> io::Result<()> {
        let mut cells: Vec<String> = rejection.cells.iter().map(|c| safe_cell(c)).collect();
        if cells.len() < self.width {
            cells.resize(self.width, String::new());
        }
        cells.push(rejection.line.to_string());
        cells.push(if rejection.column == 0 { String::new() } else { rejection.column.to_string() });
        cells.push(safe_cell(&rejection.message(self.lang)));
        self.out.write_record(&cells)?;
        self.written += 1;
        Ok(())
    }

    /// Rows written so far.
    #[must_use]
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Finishes the file and gives back the writer.
    ///
    /// # Errors
    /// When writing fails.
    pub fn finish(self) -> io::Result<W> {
        self.out.into_inner().map_err(|e| io::Error::other(e.to_string()))
    }
}
