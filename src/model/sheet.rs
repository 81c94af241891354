//! Cells for spreadsheets: a text from outside must never run as a formula in whatever opens the file.

/// A cell beginning with one of these is a formula to some spreadsheet.
pub const FORMULA_STARTS: [char; 10] = ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠'];

/// The cell with a leading quote when it would be a formula.
#[must_use]
pub fn safe_cell(cell: &str) -> String {
    if cell.starts_with(FORMULA_STARTS) { format!("'{cell}") } else { cell.to_string() }
}
