//! A pane's border and titles. Drawn cell by cell so that titles are cut by width and ASCII works.

use super::Canvas;
use crate::console::theme::Role;
use crate::console::widget::fit::{cut, width};
use ratatui::layout::Rect;

/// Draws the border and returns the area inside. `left` is the title, `right` what stands at the other end.
pub(super) fn frame(canvas: &mut Canvas, area: Rect, left: &str, right: &str, has_focus: bool) -> Rect {
    if area.width < 4 || area.height < 2 {
        return Rect::default();
    }
    let style = canvas.role(if has_focus { Role::BorderFocus } else { Role::Border });
    let [tl, tr, bl, br, horizontal, vertical] = canvas.glyphs.border;
    let inner = usize::from(area.width) - 2;
    let bar = horizontal.repeat(inner);
    canvas.buf.set_string(area.x, area.y, format!("{tl}{bar}{tr}"), style);
    canvas.buf.set_string(area.x, area.bottom() - 1, format!("{bl}{bar}{br}"), style);
    for y in area.y + 1..area.bottom() - 1 {
        canvas.buf.set_string(area.x, y, vertical, style);
        canvas.buf.set_string(area.right() - 1, y, vertical, style);
    }
    let title = cut(left, inner.saturating_sub(2), canvas.glyphs);
    let title_style = canvas.role(Role::Title);
    let used = canvas.put(area.x + 1, area.y, &format!(" {title} "), area.width - 2, title_style);
    let right_cells = width(right) + 2;
    if !right.is_empty() && usize::from(used) + right_cells + 2 <= inner {
        let x = area.right() - 2 - u16::try_from(right_cells).unwrap_or(0);
        let muted = canvas.role(Role::Muted);
        canvas.put(x, area.y, &format!(" {right} "), area.width, muted);
    }
    Rect::new(area.x + 1, area.y + 1, area.width - 2, area.height - 2)
}

/// Rows below that are counted one by one.
const MORE_MAX: usize = 99;

/// How many rows of a list do not show, on the border below `inner`.
pub(super) fn more_below(canvas: &mut Canvas, inner: Rect, count: usize) {
    if count == 0 {
        return;
    }
    // Whoever has so many below looks for them otherwise; the figure need not be right.
    let count = if count > MORE_MAX { format!("{MORE_MAX}+") } else { count.to_string() };
    let more = format!(" {} {count} ", canvas.glyphs.down);
    let cells = u16::try_from(width(&more)).unwrap_or(0);
    let accent = canvas.role(Role::Accent);
    canvas.put(inner.right().saturating_sub(cells + 1), inner.bottom(), &more, cells, accent);
}
