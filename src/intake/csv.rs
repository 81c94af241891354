//! Text to rows, in chunks: delimiter, quotes, line numbers, and limits that keep a torn file from filling memory.
//! It knows nothing of what a column means. A row is reused; nothing of the file is kept but the row at hand.

use std::io::{self, Read};

/// The most columns a row may have.
pub const MAX_COLUMNS: usize = 200;
/// The most bytes of UTF-8 one cell may have.
pub const MAX_CELL_BYTES: usize = 32 * 1024;
/// The most bytes all cells of one row may have together.
pub const MAX_ROW_BYTES: usize = 1024 * 1024;
/// Bytes of text looked at to find the delimiter.
pub const SNIFF_BYTES: usize = 64 * 1024;
/// Rows looked at to find the delimiter.
const SNIFF_ROWS: usize = 50;

/// The delimiters that are recognised.
pub const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];

/// What is wrong with the shape of a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFault {
    /// The file ends inside quotes; they were opened at this line and cell.
    Torn { line: u64, column: usize },
    /// This cell is over [`MAX_CELL_BYTES`], or the row over [`MAX_ROW_BYTES`].
    TooLong { line: u64, column: usize },
    /// More than [`MAX_COLUMNS`] cells.
    TooMany { line: u64 },
    /// In a file of JSON lines: this line is no JSON object, as of this character.
    NotJson { line: u64, column: usize },
}

/// One row of cells. Lines count from 1 as an editor counts them, also inside quotes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RawRow {
    /// The line the row begins on.
    pub line: u64,
    pub fault: Option<RowFault>,
    text: String,
    ends: Vec<usize>,
}

impl RawRow {
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Bytes of memory this row holds.
    #[must_use]
    pub fn held_bytes(&self) -> usize {
        self.text.capacity() + self.ends.capacity() * size_of::<usize>()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The cell, or `""` beyond the end of a short row.
    #[must_use]
    pub fn get(&self, index: usize) -> &str {
        let Some(&end) = self.ends.get(index) else { return "" };
        let start = index.checked_sub(1).and_then(|i| self.ends.get(i)).copied().unwrap_or(0);
        self.text.get(start..end).unwrap_or_default()
    }

    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|i| self.get(i))
    }

    /// Takes the place of what the row held, keeping its memory.
    pub(super) fn refill<'a>(
        &mut self,
        line: u64,
        fault: Option<RowFault>,
        cells: impl Iterator<Item = &'a str>,
    ) {
        (self.line, self.fault) = (line, fault);
        self.text.clear();
        self.ends.clear();
        for cell in cells {
            self.text.push_str(cell);
            self.ends.push(self.text.len());
        }
    }

    /// A row made of cells, for tests and other sources.
    #[must_use]
    pub fn of(line: u64, cells: &[&str]) -> Self {
        let text = String::with_capacity(cells.iter().map(|cell| cell.len()).sum());
        let mut row = Self { text, ends: Vec::with_capacity(cells.len()), ..Self::default() };
        row.refill(line, None, cells.iter().copied());
        row
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    CellStart,
    Plain,
    Quoted,
    /// A quote inside quotes: the end of the cell, or the first half of a doubled quote.
    QuoteSeen,
}

/// Reads rows from UTF-8 text.
pub struct CsvReader<R> {
    from: R,
    delimiter: u8,
    buf: Vec<u8>,
    at: usize,
    end: usize,
    ended: bool,
    line: u64,
    after_cr: bool,
    /// Scratch for the row being read.
    bytes: Vec<u8>,
}

enum Step {
    More,
    RowDone,
}

/// Where the row being read stands.
struct Progress {
    state: State,
    cell_from: usize,
    opened_line: u64,
    skipping: bool,
    any: bool,
}

impl<R: Read> CsvReader<R> {
    pub fn new(from: R, delimiter: u8) -> Self {
        Self {
            from,
            delimiter,
            buf: vec![0; 64 * 1024],
            at: 0,
            end: 0,
            ended: false,
            line: 1,
            after_cr: false,
            bytes: Vec::new(),
        }
    }

    pub fn source(&self) -> &R {
        &self.from
    }

    /// Bytes of memory this reader holds; bounded by the limits above, however long the source is.
    pub fn held_bytes(&self) -> usize {
        self.buf.capacity() + self.bytes.capacity()
    }

    /// Reads the next row into `row`; `false` at the end. Blank lines are passed over.
    ///
    /// # Errors
    /// When the source fails; the shape of a row is in its `fault`.
    pub fn read(&mut self, row: &mut RawRow) -> io::Result<bool> {
        loop {
            if !self.read_any(row)? {
                return Ok(false);
            }
            if row.fault.is_some() || row.len() > 1 || !row.get(0).is_empty() {
                return Ok(true);
            }
        }
    }

    fn read_any(&mut self, row: &mut RawRow) -> io::Result<bool> {
        row.ends.clear();
        row.fault = None;
        self.bytes.clear();
        row.line = self.line;
        let mut now = Progress {
            state: State::CellStart,
            cell_from: 0,
            opened_line: self.line,
            skipping: false,
            any: false,
        };
        loop {
            let Some(byte) = self.next_byte()? else {
                return Ok(self.finish_at_end(row, &now));
            };
            if byte == b'\n' && self.after_cr {
                self.after_cr = false;
                if now.state == State::Quoted {
                    self.push(row, &mut now, byte);
                } else if !now.any {
                    row.line = self.line;
                }
                continue;
            }
            self.after_cr = byte == b'\r';
            if byte == b'\n' || byte == b'\r' {
                self.line += 1;
            }
            now.any = true;
            if let Step::RowDone = self.step(row, &mut now, byte) {
                self.seal(row);
                return Ok(true);
            }
        }
    }

    fn step(&mut self, row: &mut RawRow, now: &mut Progress, byte: u8) -> Step {
        let newline = byte == b'\n' || byte == b'\r';
        match now.state {
            State::Quoted => match byte {
                b'"' => now.state = State::QuoteSeen,
                _ => self.push(row, now, byte),
            },
            State::QuoteSeen if byte == b'"' => {
                self.push(row, now, byte);
                now.state = State::Quoted;
            }
            State::CellStart if byte == b'"' => {
                now.state = State::Quoted;
                now.opened_line = self.line;
            }
            _ if byte == self.delimiter => self.end_cell(row, now),
            _ if newline => {
                self.end_cell(row, now);
                return Step::RowDone;
            }
            _ => {
                now.state = State::Plain;
                self.push(row, now, byte);
            }
        }
        Step::More
    }

    fn push(&mut self, row: &mut RawRow, now: &mut Progress, byte: u8) {
        if now.skipping {
            return;
        }
        if self.bytes.len() - now.cell_from >= MAX_CELL_BYTES || self.bytes.len() >= MAX_ROW_BYTES {
            now.skipping = true;
            // whole characters only
            while self.bytes.last().is_some_and(|b| b & 0xC0 == 0x80) {
                self.bytes.pop();
            }
            if self.bytes.last().is_some_and(|b| *b >= 0xC0) {
                self.bytes.pop();
            }
            let line = if now.state == State::Plain { row.line } else { now.opened_line };
            row.fault.get_or_insert(RowFault::TooLong { line, column: row.ends.len() + 1 });
            return;
        }
        self.bytes.push(byte);
    }

    fn end_cell(&mut self, row: &mut RawRow, now: &mut Progress) {
        if row.ends.len() < MAX_COLUMNS {
            row.ends.push(self.bytes.len());
        } else {
            self.bytes.truncate(row.ends.last().copied().unwrap_or(0));
            row.fault.get_or_insert(RowFault::TooMany { line: row.line });
        }
        now.cell_from = self.bytes.len();
        now.state = State::CellStart;
        now.skipping = false;
    }

    fn finish_at_end(&mut self, row: &mut RawRow, now: &Progress) -> bool {
        if !now.any {
            return false;
        }
        if now.state == State::Quoted {
            row.fault = Some(RowFault::Torn { line: now.opened_line, column: row.ends.len() + 1 });
        }
        row.ends.push(self.bytes.len());
        self.seal(row);
        true
    }

    fn seal(&mut self, row: &mut RawRow) {
        let spent = std::mem::take(&mut row.text).into_bytes();
        let bytes = std::mem::replace(&mut self.bytes, spent);
        row.text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(e) => String::from_utf8_lossy(e.as_bytes()).into_owned(),
        };
    }

    fn next_byte(&mut self) -> io::Result<Option<u8>> {
        if self.at == self.end {
            if self.ended {
                return Ok(None);
            }
            self.end = loop {
                match self.from.read(&mut self.buf) {
                    Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                    other => break other?,
                }
            };
            self.at = 0;
            self.ended = self.end == 0;
        }
        let byte = self.buf.get(..self.end).and_then(|b| b.get(self.at)).copied();
        self.at += 1;
        Ok(byte)
    }
}

/// The delimiter that splits the first rows most evenly; a `sep=;` line decides. A single column gives a comma.
/// Quotes are honoured. The text may be cut in the middle of a row.
#[must_use]
pub fn sniff(text: &str) -> u8 {
    if let Some(given) = sep_line(text) {
        return given;
    }
    DELIMITERS
        .into_iter()
        .rev()
        .max_by_key(|d| evenness(text, *d))
        .filter(|d| evenness(text, *d) > (0, 0))
        .unwrap_or(b',')
}

/// The delimiter of Excel's `sep=;` first line.
#[must_use]
pub fn sep_line(text: &str) -> Option<u8> {
    let first = text.lines().next()?.trim().trim_matches('"');
    let mark = first.strip_prefix("sep=").or_else(|| first.strip_prefix("SEP="))?;
    match mark.as_bytes() {
        [byte] if DELIMITERS.contains(byte) => Some(*byte),
        [] if text.starts_with("sep=\t") || text.starts_with("SEP=\t") => Some(b'\t'),
        _ => None,
    }
}

/// (per mille of rows as wide as the header, width): a lone column is worth nothing.
fn evenness(text: &str, delimiter: u8) -> (usize, usize) {
    let mut reader = CsvReader::new(text.as_bytes(), delimiter);
    let mut row = RawRow::default();
    let mut widths = Vec::new();
    while widths.len() < SNIFF_ROWS && matches!(reader.read(&mut row), Ok(true)) {
        widths.push(row.len());
    }
    // the last row may be cut by the end of the sample
    if widths.len() > 2 {
        widths.pop();
    }
    let Some(&header) = widths.first() else { return (0, 0) };
    if header < 2 {
        return (0, 0);
    }
    let even = widths.iter().filter(|w| **w == header).count();
    (even * 1000 / widths.len(), header)
}
