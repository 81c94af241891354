//! A file opened for reading rows: looked at once for encoding and fingerprint, then streamed as often as wanted.
//! What the columns mean is decided by its callers.

use super::csv::{self, CsvReader, RawRow};
use super::encoding::{self, Utf8Reader};
use super::error::{IntakeError, Kind, Undecodable};
use crate::model::contact::clean_text;
use encoding_rs::Encoding;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// Rows kept at opening for guessing what the columns mean.
pub const SAMPLE_ROWS: usize = 200;

/// The most bytes these rows may have together.
const SAMPLE_BYTES: usize = 4 * 1024 * 1024;

/// The streaming reader of one pass.
pub type Rows = CsvReader<Utf8Reader<File>>;

/// A readable table of text.
#[derive(Debug, Clone)]
pub struct Source {
    pub path: PathBuf,
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
}

impl Source {
    /// Opens `path`: one pass for encoding and fingerprint, then header and sample.
    ///
    /// # Errors
    /// A sentence with the cure: missing, folder, empty, header only, binary, undecodable, too wide.
    pub fn open(path: &Path, encoding: Option<&str>, delimiter: Option<u8>) -> Result<Self, IntakeError> {
        let owned = path.to_path_buf();
        let forced = match encoding {
            None => None,
            Some(name) => Some(
                encoding::by_name(name)
                    .ok_or_else(|| IntakeError::UnknownEncoding { given: name.to_string() })?,
            ),
        };
        refuse_binary(path)?;
        let found = encoding::survey(open(path)?, forced).map_err(|e| unreadable(path, &e))?;
        if found.bytes == 0 {
            return Err(IntakeError::Empty { path: owned });
        }
        let encoding = found.verdict.map_err(|misfit| undecodable(path, &misfit))?;
        let mut head = String::new();
        let mut start = Vec::new();
        let mut text = Utf8Reader::new(open(path)?, encoding).take(csv::SNIFF_BYTES as u64);
        text.read_to_end(&mut start).map_err(|e| unreadable(path, &e))?;
        head.push_str(&String::from_utf8_lossy(&start));
        if head.trim().is_empty() {
            return Err(IntakeError::Empty { path: owned });
        }
        let mut source = Self {
            path: owned,
            total_bytes: found.bytes,
            fingerprint: found.fingerprint,
            encoding,
            delimiter: delimiter.unwrap_or_else(|| csv::sniff(&head)),
            headers: Vec::new(),
            sample: Vec::new(),
            sample_is_all: false,
            skip_sep_line: csv::sep_line(&head).is_some(),
        };
        source.read_head()?;
        Ok(source)
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
        let mut rows = CsvReader::new(Utf8Reader::new(open(&self.path)?, self.encoding), self.delimiter);
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
            Some(csv::RowFault::Torn { line, column } | csv::RowFault::TooLong { line, column }) => {
                Err(IntakeError::BadHeader { path: self.path.clone(), line, column })
            }
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

fn refuse_binary(path: &Path) -> Result<(), IntakeError> {
    let mut magic = Vec::new();
    open(path)?.take(8).read_to_end(&mut magic).map_err(|e| unreadable(path, &e))?;
    let kind = |en, zh| Kind { en, zh };
    let known: [(&[u8], Kind); 5] = [
        (b"PK\x03\x04", kind("an Excel workbook (xlsx) or another zip", "Excel 工作簿（xlsx）或其他压缩包")),
        (b"\xD0\xCF\x11\xE0", kind("an old Excel workbook (xls)", "旧版 Excel 工作簿（xls）")),
        (b"\x1F\x8B", kind("a gzip archive", " gzip 压缩包")),
        (b"%PDF", kind("a PDF", " PDF")),
        (b"SQLite f", kind("a SQLite database", " SQLite 数据库")),
    ];
    match known.iter().find(|(mark, _)| magic.starts_with(mark)) {
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
