//! A file of leads: opened, its meaning guessed, streamed as often as wanted. One row is held at a time.
//! It submits nothing: whoever iterates decides what a draft becomes.

use super::csv::RawRow;
use super::dates::{DateEvidence, DateOrder};
use super::error::IntakeError;
use super::field::Target;
use super::mapping::Mapping;
use super::row::{LeadDraft, Reason, Rejection, RowReader};
use super::source::{Form, Reading, Rows, Source};
use super::state::StateTable;
use crate::model::contact::CountryCode;
use chrono_tz::Tz;
use std::path::Path;

/// What the person said about the file; everything else is found out.
#[derive(Debug, Clone)]
pub struct Options {
    /// `--encoding`.
    pub encoding: Option<String>,
    /// `--delimiter`.
    pub delimiter: Option<u8>,
    /// `--sheet`.
    pub sheet: Option<String>,
    /// `--map "Column=field"`, in order.
    pub maps: Vec<String>,
    /// `--state "Word=state"`, in order.
    pub states: Vec<String>,
    /// `--dates`.
    pub dates: Option<DateOrder>,
    /// Local times are read in this zone.
    pub zone: Tz,
    /// Numbers without `+` are of this country.
    pub country: CountryCode,
}

impl Options {
    /// What of it concerns the file's form.
    #[must_use]
    pub fn reading(&self) -> Reading<'_> {
        Reading {
            encoding: self.encoding.as_deref(),
            delimiter: self.delimiter,
            sheet: self.sheet.as_deref(),
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            encoding: None,
            delimiter: None,
            sheet: None,
            maps: Vec::new(),
            states: Vec::new(),
            dates: None,
            zone: Tz::Asia__Shanghai,
            country: CountryCode::CN,
        }
    }
}

/// A file of leads, ready to be streamed.
#[derive(Debug, Clone)]
pub struct LeadFile {
    source: Source,
    reader: RowReader,
}

impl LeadFile {
    /// Opens a file: encoding, delimiter, headers, mapping, date order. Reads it once; twice when the date order is
    /// open after the first rows.
    ///
    /// # Errors
    /// A sentence with the cure.
    pub fn open(path: &Path, options: &Options) -> Result<Self, IntakeError> {
        let source = Source::open(path, &options.reading())?;
        let mut mapping = Mapping::guess(&source.headers, &source.sample);
        for map in &options.maps {
            mapping.apply_override(map)?;
        }
        match options.dates {
            Some(order) => mapping.force_dates(order),
            None => settle_dates(&source, &mut mapping)?,
        }
        let mut states = StateTable::default();
        for state in &options.states {
            states.apply_override(state)?;
        }
        let reader = RowReader { mapping, states, zone: options.zone, country: options.country };
        Ok(Self { source, reader })
    }

    #[must_use]
    pub fn headers(&self) -> &[String] {
        &self.source.headers
    }

    #[must_use]
    pub fn mapping(&self) -> &Mapping {
        &self.reader.mapping
    }

    #[must_use]
    pub fn total_bytes(&self) -> u64 {
        self.source.total_bytes
    }

    /// Names this content across runs and places: the same bytes, the same text.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        self.source.fingerprint_hex()
    }

    /// What kind of file it is.
    #[must_use]
    pub fn form(&self) -> &Form {
        &self.source.form
    }

    /// The encoding found or given, as it is usually called.
    #[must_use]
    pub fn encoding_name(&self) -> &'static str {
        self.source.encoding.name()
    }

    #[must_use]
    pub fn delimiter(&self) -> u8 {
        self.source.delimiter
    }

    /// A fresh pass over all rows.
    ///
    /// # Errors
    /// When the file can no longer be opened.
    pub fn rows(&self) -> Result<LeadRows<'_>, IntakeError> {
        let rows = self.source.rows()?;
        Ok(LeadRows { rows, reader: &self.reader, row: RawRow::default(), ended: false, seen: 0 })
    }
}

/// Reads every value of the columns whose dates the header and sample leave open.
fn settle_dates(source: &Source, mapping: &mut Mapping) -> Result<(), IntakeError> {
    let mut open: Vec<(usize, DateEvidence)> = Vec::new();
    for (index, column) in mapping.columns.iter_mut().enumerate() {
        if column.target != Target::ReceivedAt && column.dates.is_none() {
            continue;
        }
        let mut evidence = DateEvidence::default();
        source.sample.iter().for_each(|row| evidence.observe(row.get(index)));
        let telling = evidence.dates > 0 && !evidence.undecided();
        if !telling && !source.sample_is_all {
            open.push((index, DateEvidence::default()));
        } else {
            column.dates = Some(evidence.reading(None));
        }
    }
    if open.is_empty() {
        return Ok(());
    }
    let (mut rows, mut row) = (source.rows()?, RawRow::default());
    while matches!(rows.read(&mut row), Ok(true)) {
        open.iter_mut().for_each(|(index, evidence)| evidence.observe(row.get(*index)));
    }
    for (index, evidence) in open {
        if let Some(column) = mapping.columns.get_mut(index) {
            column.dates = Some(evidence.reading(None));
        }
    }
    Ok(())
}

/// One pass: `(line, draft or rejection)`. Rows with nothing in them are passed over.
pub struct LeadRows<'a> {
    rows: Rows,
    reader: &'a RowReader,
    row: RawRow,
    ended: bool,
    seen: u64,
}

impl LeadRows<'_> {
    /// Bytes read so far, of [`LeadFile::total_bytes`].
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.rows.consumed()
    }

    /// Rows given so far.
    #[must_use]
    pub fn seen(&self) -> u64 {
        self.seen
    }
}

impl Iterator for LeadRows<'_> {
    type Item = (u64, Result<LeadDraft, Rejection>);

    fn next(&mut self) -> Option<Self::Item> {
        while !self.ended {
            match self.rows.read(&mut self.row) {
                Ok(true) => {
                    if let Some(result) = self.reader.read(&self.row) {
                        self.seen += 1;
                        return Some((self.row.line, result));
                    }
                }
                Ok(false) => self.ended = true,
                Err(e) => {
                    self.ended = true;
                    let reason = Reason::Unreadable(e.to_string());
                    let rejection = Rejection { line: self.row.line, reason, ..Rejection::whole_row() };
                    return Some((self.row.line, Err(rejection)));
                }
            }
        }
        None
    }
}
