//! A file opened for reading rows: looked at once for encoding and fingerprint, then streamed as often as wanted. Text is
//! streamed from where it lies; a workbook and JSON lines become a table in memory, and standard input is held.
//! What the columns mean is decided by its callers.

use super::csv::{self, CsvReader, RawRow};
use super::encoding::{self, Utf8Reader};
use super::error::{IntakeError, Kind, Undecodable, WorkbookFault};
use super::table::{Table, TableRows};
use super::{jsonl, workbook};
use crate::model::contact::clean_text;
use encoding_rs::Encoding;
use std::fs::File;
use std::io::{self, Cursor, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Rows kept at opening for guessing what the columns mean.
pub const SAMPLE_ROWS: usize = 200;

/// The most bytes these rows may have together.
const SAMPLE_BYTES: usize = 4 * 1024 * 1024;

/// The most bytes held of standard input, or of a file of JSON lines.
const HELD_BYTES_MAX: u64 = 256 * 1024 * 1024;

/// The name that stands for standard input.
pub const STDIN: &str = "-";

/// How a person wants a file to be read, where it is not to be found out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading<'a> {
    pub encoding: Option<&'a str>,
    pub delimiter: Option<u8>,
    /// The sheet of a workbook.
    pub sheet: Option<&'a str>,
}

/// What the file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    Text,
    /// A workbook: the sheet that is read, of how many.
    Workbook {
        sheet: String,
        sheets: usize,
    },
    JsonLines,
}

/// Where the bytes of a text are.
#[derive(Debug, Clone)]
enum Place {
    OnDisk,
    Held(Arc<[u8]>),
    Table(Arc<Table>),
}

/// One pass over the rows.
pub enum Rows {
    Text(Box<CsvReader<Utf8Reader<Bytes>>>),
    Table(TableRows),
}

impl Rows {
    /// Reads the next row into `row`; `false` at the end. Blank lines are passed over.
    ///
    /// # Errors
    /// When the source fails; the shape of a row is in its `fault`.
    pub fn read(&mut self, row: &mut RawRow) -> io::Result<bool> {
        match self {
            Self::Text(rows) => rows.read(row),
            Self::Table(rows) => Ok(rows.read(row)),
        }
    }

    /// Bytes read so far, of [`Source::total_bytes`].
    #[must_use]
    pub fn consumed(&self) -> u64 {
        match self {
            Self::Text(rows) => rows.source().consumed(),
            Self::Table(rows) => rows.consumed(),
        }
    }
}

/// A text on disk or held.
pub enum Bytes {
    File(File),
    Held(Cursor<Arc<[u8]>>),
}

impl Read for Bytes {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(into),
            Self::Held(bytes) => bytes.read(into),
        }
    }
}

/// A readable table of text.
#[derive(Debug, Clone)]
pub struct Source {
    pub path: PathBuf,
    pub form: Form,
    pub total_bytes: u64,
    /// Hash of the content: names a file across runs, so that an interrupted import is recognised.
    pub fingerprint: u128,
    pub encoding: &'static Encoding,
    pub delimiter: u8,
    /// Header texts, cleaned.
    pub headers: Vec<String>,
    /// The first rows.
    pub sample: Vec<RawRow>,
    /// The sample holds every row there is.
    pub sample_is_all: bool,
    skip_sep_line: bool,
    place: Place,
}

impl Source {
    /// Opens `path`, `-` being standard input: one pass for encoding and fingerprint, then header and sample.
    ///
    /// # Errors
    /// A sentence with the cure: missing, folder, empty, header only, binary, undecodable, too wide, no such sheet.
    pub fn open(path: &Path, how: &Reading<'_>) -> Result<Self, IntakeError> {
        let held = if path == Path::new(STDIN) { Some(held(path, io::stdin().lock())?) } else { None };
        let mut head = Vec::new();
        match &held {
            Some(bytes) => {
                head.extend_from_slice(bytes.get(..bytes.len().min(csv::SNIFF_BYTES)).unwrap_or_default())
            }
            None => {
                let take = open(path)?.take(csv::SNIFF_BYTES as u64).read_to_end(&mut head);
                take.map_err(|e| unreadable(path, &e))?;
            }
        }
        if head.starts_with(ZIP) || head.starts_with(CONTAINER) {
            return Self::open_workbook(path, held, how);
        }
        refuse_binary(path, &head)?;
        if jsonl::looks_like(&head) {
            return Self::open_lines(path, held);
        }
        if head.trim_ascii_start().starts_with(b"[{") {
            return Err(IntakeError::JsonArray { path: path.to_path_buf() });
        }
        Self::open_text(path, held, how)
    }

    fn open_text(path: &Path, held: Option<Arc<[u8]>>, how: &Reading<'_>) -> Result<Self, IntakeError> {
        let empty = || IntakeError::Empty { path: path.to_path_buf() };
        let forced = match how.encoding {
            None => None,
            Some(name) => Some(
                encoding::by_name(name)
                    .ok_or_else(|| IntakeError::UnknownEncoding { given: name.to_string() })?,
            ),
        };
        let place = held.map_or(Place::OnDisk, Place::Held);
        let found = encoding::survey(bytes(path, &place)?, forced).map_err(|e| unreadable(path, &e))?;
        if found.bytes == 0 {
            return Err(empty());
        }
        let encoding = *found.verdict.as_ref().map_err(|misfit| undecodable(path, misfit))?;
        let mut start = Vec::new();
        let mut text = Utf8Reader::new(bytes(path, &place)?, encoding).take(csv::SNIFF_BYTES as u64);
        text.read_to_end(&mut start).map_err(|e| unreadable(path, &e))?;
        let head = String::from_utf8_lossy(&start);
        if head.trim().is_empty() {
            return Err(empty());
        }
        let mut source = Self {
            encoding,
            delimiter: how.delimiter.unwrap_or_else(|| csv::sniff(&head)),
            skip_sep_line: csv::sep_line(&head).is_some(),
            ..Self::bare(path, Form::Text, place, &found)
        };
        source.read_head()?;
        Ok(source)
    }

    fn open_workbook(path: &Path, held: Option<Arc<[u8]>>, how: &Reading<'_>) -> Result<Self, IntakeError> {
        let large = |bytes| {
            let fault = Box::new(WorkbookFault::TooLarge { bytes });
            IntakeError::Workbook { path: path.to_path_buf(), fault }
        };
        let bytes = match held {
            Some(bytes) if bytes.len() as u64 > workbook::WORKBOOK_BYTES_MAX => {
                return Err(large(bytes.len() as u64));
            }
            Some(bytes) => bytes,
            None => {
                let size = std::fs::metadata(path).map_err(|e| unreadable(path, &e))?.len();
                if size > workbook::WORKBOOK_BYTES_MAX {
                    return Err(large(size));
                }
                self::held(path, open(path)?)?
            }
        };
        let Some(kind) = workbook::Kind::of(&bytes) else {
            let looks_like = Kind {
                en: "a zip archive or a workbook of another kind",
                zh: "压缩包或其他格式的工作簿",
            };
            return Err(IntakeError::Binary { path: path.to_path_buf(), looks_like });
        };
        let book = workbook::read(path, kind, &bytes, how.sheet)?;
        let form = Form::Workbook { sheet: clean_text(&book.sheet), sheets: book.sheets };
        Self::of_table(path, form, &bytes, book.table)
    }

    fn open_lines(path: &Path, held: Option<Arc<[u8]>>) -> Result<Self, IntakeError> {
        let bytes = match held {
            Some(bytes) => bytes,
            None => self::held(path, open(path)?)?,
        };
        let table = jsonl::read(path, &bytes)?;
        Self::of_table(path, Form::JsonLines, &bytes, table)
    }

    fn of_table(path: &Path, form: Form, bytes: &[u8], table: Table) -> Result<Self, IntakeError> {
        let found = encoding::survey(bytes, Some(encoding_rs::UTF_8)).map_err(|e| unreadable(path, &e))?;
        let mut source = Self::bare(path, form, Place::Table(Arc::new(table)), &found);
        source.read_head()?;
        Ok(source)
    }

    fn bare(path: &Path, form: Form, place: Place, found: &encoding::Survey) -> Self {
        Self {
            path: path.to_path_buf(),
            form,
            place,
            total_bytes: found.bytes,
            fingerprint: found.fingerprint,
            encoding: encoding_rs::UTF_8,
            delimiter: b',',
            headers: Vec::new(),
            sample: Vec::new(),
            sample_is_all: false,
            skip_sep_line: false,
        }
    }

    fn read_head(&mut self) -> Result<(), IntakeError> {
        let (mut rows, header) = self.rows_with_header()?;
        self.headers = header.cells().map(clean_text).collect();
        let mut row = RawRow::default();
        let mut held = 0;
        while self.sample.len() < SAMPLE_ROWS && held < SAMPLE_BYTES {
            match rows.read(&mut row) {
                Ok(true) => {
                    held += row.cells().map(str::len).sum::<usize>();
                    self.sample.push(row.clone());
                }
                Ok(false) => {
                    self.sample_is_all = true;
                    break;
                }
                Err(e) => return Err(unreadable(&self.path, &e)),
            }
        }
        if self.sample.is_empty() {
            return Err(IntakeError::HeaderOnly { path: self.path.clone(), columns: self.headers.len() });
        }
        Ok(())
    }

    /// A fresh pass over the rows after the header.
    ///
    /// # Errors
    /// When the file can no longer be read.
    pub fn rows(&self) -> Result<Rows, IntakeError> {
        self.rows_with_header().map(|(rows, _)| rows)
    }

    fn rows_with_header(&self) -> Result<(Rows, RawRow), IntakeError> {
        let mut rows = match &self.place {
            Place::Table(table) => Rows::Table(TableRows::new(table.clone(), self.total_bytes)),
            place => {
                let text = Utf8Reader::new(bytes(&self.path, place)?, self.encoding);
                Rows::Text(Box::new(CsvReader::new(text, self.delimiter)))
            }
        };
        let mut header = RawRow::default();
        for _ in 0..=usize::from(self.skip_sep_line) {
            if !rows.read(&mut header).map_err(|e| unreadable(&self.path, &e))? {
                return Err(IntakeError::Empty { path: self.path.clone() });
            }
        }
        match header.fault {
            None => Ok((rows, header)),
            Some(csv::RowFault::TooMany { .. }) => {
                Err(IntakeError::TooManyColumns { path: self.path.clone(), columns: header.len() + 1 })
            }
            Some(
                csv::RowFault::Torn { line, column }
                | csv::RowFault::TooLong { line, column }
                | csv::RowFault::NotJson { line, column },
            ) => Err(IntakeError::BadHeader { path: self.path.clone(), line, column }),
        }
    }

    /// The fingerprint as it is written and compared.
    #[must_use]
    pub fn fingerprint_hex(&self) -> String {
        format!("{:032x}", self.fingerprint)
    }
}

fn open(path: &Path) -> Result<File, IntakeError> {
    match std::fs::metadata(path) {
        Ok(meta) if meta.is_dir() => return Err(IntakeError::Directory { path: path.to_path_buf() }),
        Ok(_) => {}
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            return Err(IntakeError::Missing { path: path.to_path_buf() });
        }
        Err(e) => return Err(unreadable(path, &e)),
    }
    File::open(path).map_err(|e| unreadable(path, &e))
}

/// How a zip begins, and how an older office document does.
const ZIP: &[u8] = b"PK\x03\x04";
const CONTAINER: &[u8] = b"\xD0\xCF\x11\xE0";

/// Reads it all, within [`HELD_BYTES_MAX`].
fn held(path: &Path, from: impl Read) -> Result<Arc<[u8]>, IntakeError> {
    let mut bytes = Vec::new();
    from.take(HELD_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(|e| unreadable(path, &e))?;
    if bytes.len() as u64 > HELD_BYTES_MAX {
        return Err(IntakeError::TooMuchInput { bytes: HELD_BYTES_MAX });
    }
    Ok(bytes.into())
}

fn bytes(path: &Path, place: &Place) -> Result<Bytes, IntakeError> {
    match place {
        Place::Held(bytes) => Ok(Bytes::Held(Cursor::new(bytes.clone()))),
        Place::OnDisk | Place::Table(_) => open(path).map(Bytes::File),
    }
}

fn refuse_binary(path: &Path, head: &[u8]) -> Result<(), IntakeError> {
    let kind = |en, zh| Kind { en, zh };
    let known: [(&[u8], Kind); 3] = [
        (b"\x1F\x8B", kind("a gzip archive", " gzip 压缩包")),
        (b"%PDF", kind("a PDF", " PDF")),
        (b"SQLite f", kind("a SQLite database", " SQLite 数据库")),
    ];
    match known.iter().find(|(mark, _)| head.starts_with(mark)) {
        Some((_, kind)) => Err(IntakeError::Binary { path: path.to_path_buf(), looks_like: *kind }),
        None => Ok(()),
    }
}

fn undecodable(path: &Path, misfit: &encoding::Misfit) -> IntakeError {
    let misfit = Undecodable {
        encoding: misfit.encoding.name().to_string(),
        forced: misfit.forced,
        offset: misfit.place.offset,
        line: misfit.place.line,
        column: misfit.place.column,
        hint: misfit.hint.map(str::to_string),
    };
    IntakeError::Undecodable { path: path.to_path_buf(), misfit: Box::new(misfit) }
}

fn unreadable(path: &Path, why: &io::Error) -> IntakeError {
    IntakeError::Unreadable { path: path.to_path_buf(), why: why.to_string() }
}
