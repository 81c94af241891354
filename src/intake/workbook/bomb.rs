//! What must be true of a workbook before it is opened: how far it unpacks, and over how large an area its cells lie.
//! Sizes written in the file are not believed; they are measured.

use super::super::error::WorkbookFault;
use std::io::{self, Cursor, Read};

/// The most bytes all parts of an XLSX may unpack to.
const UNPACKED_BYTES_MAX: u64 = 200 * 1024 * 1024;
/// How many times larger than packed they may become, once past [`RATIO_FROM_BYTES`].
const RATIO_MAX: u64 = 100;
/// Small parts may be as empty as they like.
const RATIO_FROM_BYTES: u64 = 16 * 1024 * 1024;
/// The most parts in the container.
const PARTS_MAX: usize = 2_000;
/// The most cells, filled or not, within the areas of all sheets of an XLS: they are laid out before they are read.
const AREA_CELLS_MAX: u64 = 6_000_000;

/// Whether a zip holds a workbook of the XML kind.
pub(super) fn is_xlsx(bytes: &[u8]) -> bool {
    zip::ZipArchive::new(Cursor::new(bytes))
        .is_ok_and(|zip| zip.file_names().flatten().any(|name| name.eq_ignore_ascii_case("xl/workbook.xml")))
}

/// Unpacks every part into nothing, counting.
pub(super) fn guard_xlsx(bytes: &[u8]) -> Result<(), WorkbookFault> {
    let damaged = |why: String| WorkbookFault::Damaged { why };
    let mut zip = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(e.to_string()))?;
    if zip.len() > PARTS_MAX {
        return Err(WorkbookFault::Expands);
    }
    let mut left = UNPACKED_BYTES_MAX;
    for index in 0..zip.len() {
        let part = zip.by_index(index).map_err(|e| damaged(e.to_string()))?;
        if part.encrypted() {
            return Err(WorkbookFault::Protected);
        }
        let packed = part.compressed_size();
        let mut part = part.take(left + 1);
        let unpacked = io::copy(&mut part, &mut io::sink()).map_err(|e| damaged(e.to_string()))?;
        let is_bomb = unpacked > RATIO_FROM_BYTES && unpacked / RATIO_MAX > packed.min(bytes.len() as u64);
        if unpacked > left || is_bomb {
            return Err(WorkbookFault::Expands);
        }
        left -= unpacked;
    }
    Ok(())
}

/// Adds up the areas of the sheets of an XLS from its cell records.
pub(super) fn guard_xls(bytes: &[u8]) -> Result<(), WorkbookFault> {
    let damaged = |e: io::Error| WorkbookFault::Damaged { why: e.to_string() };
    let mut container = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(damaged)?;
    if container.exists("/EncryptedPackage") {
        return Err(WorkbookFault::Protected);
    }
    let name = ["/Workbook", "/Book"].into_iter().find(|name| container.exists(name));
    let Some(name) = name else {
        return Err(WorkbookFault::Damaged { why: "no workbook inside".to_owned() });
    };
    let mut stream = Vec::new();
    container
        .open_stream(name)
        .and_then(|s| s.take(bytes.len() as u64).read_to_end(&mut stream))
        .map_err(damaged)?;
    if area(&stream) > AREA_CELLS_MAX { Err(WorkbookFault::Expands) } else { Ok(()) }
}

/// Records that put a value into a cell, as BIFF numbers them; each begins with row and column.
const CELL_RECORDS: [u16; 10] =
    [0x0006, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E, 0x00BD, 0x00BE, 0x00D6, 0x00FD];
/// The beginning of a sheet or of the workbook's own part.
const BEGIN: u16 = 0x0809;

/// Sum of the areas around the cells of each sheet.
fn area(stream: &[u8]) -> u64 {
    let (mut sum, mut rest) = (0_u64, stream);
    let mut frame: Option<[u64; 4]> = None;
    let of = |frame: Option<[u64; 4]>| {
        frame.map_or(0, |[top, bottom, left, right]| (bottom - top + 1) * (right - left + 1))
    };
    while let [a, b, c, d, tail @ ..] = rest {
        let (kind, length) = (u16::from_le_bytes([*a, *b]), usize::from(u16::from_le_bytes([*c, *d])));
        let body = tail.get(..length).unwrap_or(tail);
        rest = tail.get(length..).unwrap_or_default();
        if kind == BEGIN {
            sum = sum.saturating_add(of(frame.take()));
        } else if CELL_RECORDS.contains(&kind)
            && let [r0, r1, c0, c1, ..] = body
        {
            let (row, left) =
                (u64::from(u16::from_le_bytes([*r0, *r1])), u64::from(u16::from_le_bytes([*c0, *c1])));
            // A record of several cells ends with its last column.
            let last = match (kind, body) {
                (0x00BD | 0x00BE, [.., y, z]) => u64::from(u16::from_le_bytes([*y, *z])).max(left),
                _ => left,
            };
            let [top, bottom, from, to] = frame.unwrap_or([row, row, left, last]);
            frame = Some([top.min(row), bottom.max(row), from.min(left), to.max(last)]);
        }
    }
    sum.saturating_add(of(frame))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u16, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len()).unwrap();
        [&kind.to_le_bytes()[..], &length.to_le_bytes(), body].concat()
    }

    fn number(row: u16, column: u16) -> Vec<u8> {
        record(0x0203, &[&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 10]].concat())
    }

    #[test]
    fn two_far_corners_count_as_all_that_lies_between() {
        let sheet = [record(BEGIN, &[0; 8]), number(0, 0), number(65_535, 255)].concat();
        assert_eq!(area(&sheet), 65_536 * 256);
        let both = [sheet.clone(), sheet, record(BEGIN, &[]), number(5, 5)].concat();
        assert_eq!(area(&both), 2 * 65_536 * 256 + 1);
        assert_eq!(area(&[]), 0);
        assert_eq!(area(&[6, 0, 255]), 0, "a torn record is no cell");
    }
}
