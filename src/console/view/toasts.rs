//! What others just did to marked leads: a few lines at the upper right, over everything, for some seconds.

use super::Canvas;
use crate::console::theme::Role;
use crate::console::widget::erase::erase;
use crate::console::widget::fit::width;
use ratatui::layout::Rect;

/// Cells of a toast at most.
const TOAST_COLS_MAX: u16 = 60;

pub(super) fn draw(canvas: &mut Canvas, body: Rect) {
    let model = canvas.model;
    for (row, toast) in (0..body.height.saturating_sub(2)).zip(model.see.toasts.iter().rev()) {
        let text = format!(" {} {} ", canvas.glyphs.flag, canvas.say(&toast.text));
        let cells = u16::try_from(width(&text)).unwrap_or(u16::MAX);
        let cols = cells.min(TOAST_COLS_MAX).min(body.width.saturating_sub(4));
        let area = Rect::new(body.right().saturating_sub(cols + 2), body.y + 1 + row, cols, 1);
        let ground = canvas.role(Role::Popup);
        erase(area, ground, canvas.buf);
        let style = canvas.role(Role::Selected);
        canvas.line(area, 0, &text, style);
        // It goes by itself, so the clock must come round.
        canvas.painted.has_countdown = true;
    }
}
