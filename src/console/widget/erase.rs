//! Makes room for a popup: blanks the area and the other half of every wide glyph that straddles its edges.
//!
//! ratatui's `Clear` resets only the area, so a wide glyph that begins one cell to the left keeps its lead cell and the
//! terminal draws half of it under the popup.

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Rect;
use ratatui::style::Style;

/// Blanks `area` in `style`, and what its edges would leave of wide glyphs outside it.
pub fn erase(area: Rect, style: Style, buf: &mut Buffer) {
    let area = area.intersection(*buf.area());
    for y in area.top()..area.bottom() {
        blank_straddler(area.left(), y, buf);
        blank_straddler(area.right(), y, buf);
        for x in area.left()..area.right() {
            if let Some(cell) = buf.cell_mut((x, y)) {
                cell.reset();
                cell.set_style(style);
            }
        }
    }
}

/// Replaces the wide glyph that covers both `x - 1` and `x` with spaces, keeping its style.
fn blank_straddler(x: u16, y: u16, buf: &mut Buffer) {
    let Some(lead) = x.checked_sub(1).filter(|lead| *lead >= buf.area().left()) else { return };
    let is_wide = buf.cell((lead, y)).is_some_and(|cell| cell.symbol().cell_width() > 1);
    if !is_wide {
        return;
    }
    for x in [lead, x] {
        if let Some(cell) = buf.cell_mut((x, y)) {
            cell.set_symbol(" ");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(buf: &Buffer) -> String {
        (0..buf.area().width).map(|x| buf[(x, 0)].symbol().to_owned()).collect::<Vec<_>>().join("|")
    }

    #[test]
    fn no_half_glyph_stays_on_either_side() {
        let area = Rect::new(0, 0, 8, 1);
        let mut buf = Buffer::empty(area);
        buf.set_string(0, 0, "北京上海", Style::default());
        erase(Rect::new(3, 0, 2, 1), Style::default(), &mut buf);
        assert_eq!(row(&buf), "北| | | | | |海| ");
    }

    #[test]
    fn aligned_edges_keep_their_neighbours() {
        let area = Rect::new(0, 0, 8, 1);
        let mut buf = Buffer::empty(area);
        buf.set_string(0, 0, "北京上海", Style::default());
        erase(Rect::new(2, 0, 4, 1), Style::default(), &mut buf);
        assert_eq!(row(&buf), "北| | | | | |海| ");
        erase(Rect::new(6, 0, 40, 9), Style::default(), &mut buf);
        assert_eq!(row(&buf), "北| | | | | | | ");
    }
}
