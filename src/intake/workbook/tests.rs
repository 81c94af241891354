//! Workbooks made here, part by part: what is read of them, and what is refused.

use super::*;
use crate::intake::csv::RawRow;
use crate::intake::table::TableRows;
use std::io::Write;
use std::sync::Arc;
use zip::write::SimpleFileOptions;

/// A workbook of sheets given as the XML of their rows.
fn xlsx(sheets: &[(&str, &str)], strings: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let mut part = |name: &str, text: &str| {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    let numbered: Vec<(usize, &(&str, &str))> = sheets.iter().enumerate().map(|(i, s)| (i + 1, s)).collect();
    let list: String = numbered
        .iter()
        .map(|(n, (name, _))| {
            let (name, state) =
                name.strip_prefix('~').map_or((*name, ""), |name| (name, " state=\"hidden\""));
            format!("<sheet name=\"{name}\" sheetId=\"{n}\" r:id=\"rId{n}\"{state}/>")
        })
        .collect();
    let links: String =
        numbered.iter().map(|(n, _)| format!("<Relationship Id=\"rId{n}\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet{n}.xml\"/>")).collect();
    part("[Content_Types].xml", "<Types/>");
    let root = "<Relationship Id=\"r\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/>";
    part("_rels/.rels", &format!("<Relationships>{root}</Relationships>"));
    part("xl/workbook.xml", &format!("<workbook xmlns:r=\"r\"><sheets>{list}</sheets></workbook>"));
    part("xl/_rels/workbook.xml.rels", &format!("<Relationships>{links}</Relationships>"));
    part("xl/sharedStrings.xml", &format!("<sst>{strings}</sst>"));
    part(
        "xl/styles.xml",
        "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"22\"/></cellXfs></styleSheet>",
    );
    for (n, (_, rows)) in &numbered {
        part(
            &format!("xl/worksheets/sheet{n}.xml"),
            &format!("<worksheet><sheetData>{rows}</sheetData></worksheet>"),
        );
    }
    zip.finish().unwrap().into_inner()
}

fn text(place: &str, text: &str) -> String {
    format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

fn number(place: &str, number: &str) -> String {
    format!("<c r=\"{place}\"><v>{number}</v></c>")
}

fn row(number: usize, cells: &[String]) -> String {
    format!("<row r=\"{number}\">{}</row>", cells.concat())
}

fn of(bytes: &[u8], sheet: Option<&str>) -> Result<Workbook, WorkbookFault> {
    let kind = Kind::of(bytes).unwrap();
    read(Path::new("book.xlsx"), kind, bytes, sheet).map_err(|error| match error {
        IntakeError::Workbook { fault, .. } => *fault,
        other => panic!("{other}"),
    })
}

fn rows(book: Workbook) -> Vec<(u64, Vec<String>)> {
    let mut rows = TableRows::new(Arc::new(book.table), 1);
    let (mut row, mut all) = (RawRow::default(), Vec::new());
    while rows.read(&mut row) {
        all.push((row.line, row.cells().map(str::to_owned).collect()));
    }
    all
}

#[test]
fn titles_above_the_header_are_passed_over_and_lines_are_the_sheets_rows() {
    let sheet = [
        row(1, &[text("A1", "线索导出")]),
        row(3, &[text("A3", "姓名"), text("B3", "电话"), text("C3", "时间")]),
        row(
            4,
            &[
                text("A4", "李雷"),
                number("B4", "13800138000"),
                "<c r=\"C4\" s=\"1\"><v>46325.5</v></c>".to_owned(),
            ],
        ),
        row(
            7,
            &[
                "<c r=\"B7\" t=\"e\"><v>#N/A</v></c>".to_owned(),
                "<c r=\"C7\" t=\"str\"><f>A1</f><v>算出</v></c>".to_owned(),
            ],
        ),
    ]
    .concat();
    let book = of(&xlsx(&[("空", ""), ("线索", &sheet)], ""), None).unwrap();
    assert_eq!((book.sheet.as_str(), book.sheets), ("线索", 2));
    let read = rows(book);
    assert_eq!(read[0], (3, vec!["姓名".into(), "电话".into(), "时间".into()]));
    assert_eq!(read[1], (4, vec!["李雷".into(), "13800138000".into(), "2026-10-30 12:00:00".into()]));
    assert_eq!(read[2], (7, vec![String::new(), "#N/A".into(), "算出".into()]));
}

#[test]
fn a_sheet_of_one_column_has_its_header_too() {
    let cells: String = (1..=30).map(|n| row(n, &[text(&format!("A{n}"), &format!("v{n}"))])).collect();
    let read = rows(of(&xlsx(&[("one", &cells)], ""), None).unwrap());
    assert_eq!((read.len(), &read[0].1[0], read[29].0), (30, &"v1".to_owned(), 30));
}

#[test]
fn hidden_sheets_are_read_only_when_named() {
    let cells = row(1, &[text("A1", "a"), text("B1", "b")]);
    let bytes = xlsx(&[("~secret", &cells), ("open", &cells)], "");
    assert_eq!(of(&bytes, None).unwrap().sheet, "open");
    assert_eq!(of(&bytes, Some("secret")).unwrap().sheet, "secret");
    let fault = of(&bytes, Some("opne")).unwrap_err();
    assert_eq!(
        fault,
        WorkbookFault::NoSheet { given: "opne".into(), known: vec!["secret".into(), "open".into()] }
    );
    assert_eq!(of(&xlsx(&[("open", "")], ""), None).unwrap_err(), WorkbookFault::Empty);
}

#[test]
fn far_corners_cost_nothing_and_too_wide_a_row_says_so() {
    let sheet = [
        row(1, &[text("A1", "id"), text("B1", "name")]),
        row(2, &[text("A2", "1"), text("XFD2", "far")]),
        row(1_048_576, &[text("A1048576", "2"), text("B1048576", "last")]),
    ]
    .concat();
    let book = of(&xlsx(&[("s", &sheet)], ""), None).unwrap();
    let mut pass = TableRows::new(Arc::new(book.table), 1);
    let mut row = RawRow::default();
    assert!(pass.read(&mut row) && pass.read(&mut row));
    assert_eq!(row.fault, Some(RowFault::TooMany { line: 2 }));
    assert!(pass.read(&mut row));
    assert_eq!((row.line, row.get(1)), (1_048_576, "last"));
}

#[test]
fn bombs_are_refused_before_they_unpack() {
    let blanks = " ".repeat(40 * 1024 * 1024);
    let bytes = xlsx(&[("s", &blanks)], "");
    assert!((bytes.len() as u64) < 1024 * 1024);
    assert_eq!(of(&bytes, None).unwrap_err(), WorkbookFault::Expands);
    // One long shared text used again and again.
    let strings = format!("<si><t>{}</t></si>", "x".repeat(30_000));
    let many: String =
        (1..=8_000).map(|n| format!("<row r=\"{n}\"><c r=\"A{n}\" t=\"s\"><v>0</v></c></row>")).collect();
    assert_eq!(of(&xlsx(&[("s", &many)], &strings), None).unwrap_err(), WorkbookFault::Expands);
}

#[test]
fn merged_cells_are_their_first_and_names_that_lead_outside_lead_nowhere() {
    // The other cells of a merged area are empty: what was merged is not guessed into them.
    let sheet = [
        row(1, &[text("A1", "name"), text("B1", "phone")]),
        row(2, &[text("A2", "Ann"), number("B2", "13800138000")]),
        row(3, &[number("B3", "13900139000")]),
    ]
    .concat()
        + "</sheetData><mergeCells count=\"1\"><mergeCell ref=\"A2:A3\"/></mergeCells><sheetData>";
    let bytes = xlsx(&[("s", &sheet)], "");
    let plain = rows(of(&bytes, None).unwrap());
    assert_eq!(plain[2], (3, vec![String::new(), "13900139000".into()]));
    // A part that calls itself elsewhere is never written anywhere.
    let dir = tempfile::tempdir().unwrap();
    let outside = dir.path().join("outside.xml");
    let named = outside.to_str().unwrap();
    let climbing = format!("{}{}", "../".repeat(30), named.trim_start_matches('/'));
    let mut zip = zip::ZipWriter::new_append(Cursor::new(bytes)).unwrap();
    for name in [climbing.as_str(), named] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(b"<x/>").unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    assert_eq!(rows(of(&bytes, None).unwrap()), plain);
    assert!(!outside.exists());
}

#[test]
fn torn_and_foreign_files_are_told_apart_from_workbooks() {
    let bytes = xlsx(&[("s", &row(1, &[text("A1", "a"), text("B1", "b")]))], "");
    for cut in [bytes.len() / 2, bytes.len() - 10] {
        assert_eq!(Kind::of(&bytes[..cut]), None, "without its directory a zip is nothing");
    }
    assert_eq!(Kind::of(b"id,name\n"), None);
    let xls = [&b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"[..], &[0; 600]].concat();
    assert!(matches!(of(&xls, None).unwrap_err(), WorkbookFault::Damaged { .. }));
    let backwards = [row(5, &[text("A5", "a"), text("B5", "b")]), row(2, &[text("A2", "c")])].concat();
    assert!(matches!(of(&xlsx(&[("s", &backwards)], ""), None).unwrap_err(), WorkbookFault::Damaged { .. }));
}

#[test]
fn whatever_the_bytes_are_reading_ends() {
    let good = xlsx(&[("s", &row(1, &[text("A1", "a"), number("B1", "5")]))], "<si><t>x</t></si>");
    let mut seed = 0x9E37_79B9_u64;
    for _ in 0..2_000 {
        let mut bytes = good.clone();
        for _ in 0..3 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let at = (seed >> 33) as usize % bytes.len();
            bytes[at] = (seed >> 20) as u8;
        }
        if let Some(kind) = Kind::of(&bytes) {
            let _ = read(Path::new("x"), kind, &bytes, None);
        }
    }
}
