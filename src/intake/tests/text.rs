//! Encodings and CSV.

use crate::intake::csv::{CsvReader, MAX_CELL_BYTES, MAX_COLUMNS, RawRow, RowFault, sniff};
use crate::intake::encoding::{self, Utf8Reader, by_name, survey};
use proptest::prelude::*;
use std::io::Read;

fn decode(bytes: &[u8], encoding: &'static encoding_rs::Encoding) -> std::io::Result<String> {
    let mut out = String::new();
    Utf8Reader::new(bytes, encoding).read_to_string(&mut out).map(|_| out)
}

fn utf16(text: &str, big: bool, bom: bool) -> Vec<u8> {
    let order = |u: u16| if big { u.to_be_bytes() } else { u.to_le_bytes() };
    let marked = if bom { "\u{FEFF}".to_string() + text } else { text.to_string() };
    marked.encode_utf16().flat_map(order).collect()
}

fn found(bytes: &[u8]) -> &'static str {
    survey(bytes, None).unwrap().verdict.map_or("none", |e| e.name())
}

fn rows(text: &str, delimiter: u8) -> Vec<(u64, Option<RowFault>, Vec<String>)> {
    let mut reader = CsvReader::new(text.as_bytes(), delimiter);
    let mut row = RawRow::default();
    let mut all = Vec::new();
    while reader.read(&mut row).unwrap() {
        all.push((row.line, row.fault, row.cells().map(str::to_string).collect()));
    }
    all
}

fn cells(text: &str) -> Vec<Vec<String>> {
    rows(text, b',').into_iter().map(|(_, _, cells)| cells).collect()
}

#[test]
fn encodings_are_recognised() {
    let chinese = "线索编号,姓名,来源\n1,张三,线上活动\n2,李四,推广介绍\n";
    assert_eq!(found(chinese.as_bytes()), "UTF-8");
    assert_eq!(found(format!("\u{FEFF}{chinese}").as_bytes()), "UTF-8");
    assert_eq!(found(b"id,name\n1,Ann\n"), "UTF-8");
    assert_eq!(found(b""), "UTF-8");
    let gbk = encoding::encode(chinese, by_name("gbk").unwrap()).unwrap();
    assert_eq!(found(&gbk), "gb18030");
    for (big, name) in [(false, "UTF-16LE"), (true, "UTF-16BE")] {
        for bom in [false, true] {
            let bytes = utf16("id,name\n1,Ann\n2,张三\n", big, bom);
            assert_eq!(found(&bytes), name, "bom {bom}");
            assert_eq!(decode(&bytes, by_name(name).unwrap()).unwrap(), "id,name\n1,Ann\n2,张三\n");
        }
    }
    assert_eq!(decode(&gbk, by_name("GB2312").unwrap()).unwrap(), chinese);
}

#[test]
fn a_file_that_fits_nothing_is_refused_with_its_place() {
    let mut torn = "编号,姓名\n1,张三\n2,李".as_bytes().to_vec();
    torn.pop();
    let misfit = survey(torn.as_slice(), None).unwrap().verdict.unwrap_err();
    assert_eq!((misfit.place.line, misfit.place.column, misfit.forced), (3, 3, false));
    assert_eq!(misfit.place.offset, torn.len() as u64 - 2);
    let latin = b"id,name\n1,Jos\xE9 Mu\xF1oz\n2,Ren\xE9e Fran\xE7ois\n3,Bj\xF6rn\n";
    let misfit = survey(latin.as_slice(), None).unwrap().verdict.unwrap_err();
    assert_eq!((misfit.place.line, misfit.place.column), (2, 6));
    assert_eq!(misfit.hint, Some("windows-1252"));
    let forced = survey(latin.as_slice(), by_name("utf-8")).unwrap().verdict.unwrap_err();
    assert!(forced.forced);
    assert!(survey(latin.as_slice(), by_name("latin1")).unwrap().verdict.is_ok());
    assert_eq!(by_name("klingon"), None);
    assert!(decode(latin, by_name("utf-8").unwrap()).is_err());
    let korean =
        encoding::encode("이름,전화\n김철수,안녕하세요 반갑습니다 고객님\n", by_name("euc-kr").unwrap())
            .unwrap();
    assert_eq!(found(&korean), "none", "Korean is not read as Chinese");
}

#[test]
fn fingerprints_name_the_content() {
    let of = |b: &[u8]| survey(b, None).unwrap().fingerprint;
    assert_eq!(of(b"a,b\n"), of(b"a,b\n"));
    assert_ne!(of(b"a,b\n"), of(b"a,c\n"));
}

#[test]
fn delimiters_are_found_and_quotes_honoured() {
    for (text, delimiter) in [
        ("a,b,c\n1,2,3\n", b','),
        ("a;b;c\n1,5;2;3\n", b';'),
        ("a\tb\tc\n1, x\t2\t3\n", b'\t'),
        ("a|b\n1|2\n", b'|'),
        ("\"a;x\",b\n\"1;2;3\",4\n", b','),
        ("\"age\";\"job\"\n30;\"x,y,z\"\n", b';'),
        ("lonely\n1\n2\n", b','),
        ("sep=;\na,b;c\n", b';'),
        ("", b','),
        ("name,note\nA,\"x;y;z\nw;v\"\nB,q\n", b','),
    ] {
        assert_eq!(char::from(sniff(text)), char::from(delimiter), "{text:?}");
    }
}

#[test]
fn rows_quotes_and_lines() {
    assert_eq!(cells("a,b\r\nc,d"), [["a", "b"], ["c", "d"]]);
    assert_eq!(cells("a,b\rc,d\r"), [["a", "b"], ["c", "d"]]);
    assert_eq!(cells("\"a \"\"x\"\"\",\"b,c\"\n"), [["a \"x\"", "b,c"]]);
    assert_eq!(cells("a,\n,b\n"), [["a", ""], ["", "b"]]);
    assert_eq!(cells("a\"b,c\n"), [["a\"b", "c"]]);
    assert_eq!(cells("\"a\"b,c\n"), [["ab", "c"]]);
    assert_eq!(cells("\n\n\r\n"), Vec::<Vec<String>>::new());
    let lines: Vec<u64> =
        rows("h,i\r\n\"x\r\ny\r\nz\",1\r\n\r\nlast,2\r\n", b',').iter().map(|r| r.0).collect();
    assert_eq!(lines, [1, 2, 6]);
    let lines: Vec<u64> = rows("h,i\n\"x\ny\",1\n\nlast,2\n", b',').iter().map(|r| r.0).collect();
    assert_eq!(lines, [1, 2, 5]);
}

#[test]
fn torn_and_oversized_rows_are_marked_not_swallowed() {
    let torn = rows("a,b\n1,\"never closed\n2,x\n3,y\n", b',');
    assert_eq!(torn.len(), 2);
    assert_eq!(torn[1].1, Some(RowFault::Torn { line: 2, column: 2 }));
    let long = format!("a,b\n1,\"{}\"\n2,ok\n", "长".repeat(MAX_CELL_BYTES));
    let read = rows(&long, b',');
    assert_eq!(read[1].1, Some(RowFault::TooLong { line: 2, column: 2 }));
    assert_eq!(read[2], (3, None, vec!["2".to_string(), "ok".to_string()]));
    assert!(read[1].2.iter().all(|c| c.len() <= MAX_CELL_BYTES));
    let wide = ["x"; MAX_COLUMNS + 50].join(",");
    let read = rows(&format!("{wide}\n1,2\n"), b',');
    assert_eq!(read[0].1, Some(RowFault::TooMany { line: 1 }));
    assert_eq!((read[0].2.len(), read[1].2.len()), (MAX_COLUMNS, 2));
}

/// Rows made as they are asked for: nothing of the file exists beforehand or stays afterwards.
struct Endless {
    next: u64,
    last: u64,
    part: Vec<u8>,
}

impl Read for Endless {
    fn read(&mut self, buf: &mut [u8]) -> std::io::Result<usize> {
        while self.part.len() < buf.len() && self.next <= self.last {
            let n = self.next;
            let line = format!("{n},客户{n},138{:08},来源{},\"x, {n}\"\n", n % 100_000_000, n % 7);
            self.part.extend_from_slice(line.as_bytes());
            self.next += 1;
        }
        let size = self.part.len().min(buf.len());
        buf[..size].copy_from_slice(&self.part[..size]);
        self.part.drain(..size);
        Ok(size)
    }
}

#[test]
fn a_million_rows_stream_in_bounded_memory() {
    let source = Endless { next: 1, last: 1_000_000, part: Vec::new() };
    let mut reader = CsvReader::new(Utf8Reader::new(source, encoding_rs::UTF_8), b',');
    let mut row = RawRow::default();
    let (mut count, mut held) = (0_u64, 0);
    while reader.read(&mut row).unwrap() {
        count += 1;
        held = held.max(reader.held_bytes() + row.held_bytes());
        assert_eq!((row.line, row.len()), (count, 5));
    }
    assert_eq!(count, 1_000_000);
    assert!(held < 128 * 1024, "the reader held {held} bytes");
    assert!(reader.source().consumed() > 40_000_000);
}

proptest! {
    #[test]
    fn what_is_encoded_is_read_again(text in "[\\x20-\\x7e一-龥\n,]{0,200}") {
        for name in ["utf-8", "gb18030"] {
            let encoding = by_name(name).unwrap();
            let bytes = encoding::encode(&text, encoding).unwrap();
            prop_assert_eq!(decode(&bytes, encoding).unwrap(), text.clone());
            prop_assert!(survey(bytes.as_slice(), Some(encoding)).unwrap().verdict.is_ok());
        }
        prop_assert_eq!(decode(&utf16(&text, false, true), by_name("utf-16le").unwrap()).unwrap(), text.clone());
        prop_assert_eq!(decode(&utf16(&text, true, true), by_name("utf-16be").unwrap()).unwrap(), text);
    }

    #[test]
    fn the_reader_reads_what_a_writer_writes(
        table in prop::collection::vec(prop::collection::vec("[a-z\"',;|\t\n\r一-三 ]{0,12}", 3), 1..12),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
    ) {
        let mut out = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        for row in &table {
            out.write_record(row).unwrap();
        }
        let text = String::from_utf8(out.into_inner().unwrap()).unwrap();
        let read: Vec<Vec<String>> = rows(&text, delimiter).into_iter().map(|r| r.2).collect();
        prop_assert_eq!(read, table);
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = survey(bytes.as_slice(), None).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let read = rows(&text, sniff(&text));
        prop_assert!(read.iter().all(|r| r.0 >= 1));
        prop_assert!(read.windows(2).all(|w| w[0].0 <= w[1].0));
    }
}
