//! A draft on trial: what it is, and its figures beside the rest or where it differed.

use super::super::Canvas;
use super::popup;
use crate::console::handwork::sheet::Trying;
use crate::console::text::T;
use crate::console::theme::Role;
use crate::console::update::sheet::trial_lines;
use ratatui::layout::Rect;

pub(super) fn draw(canvas: &mut Canvas, body: Rect, trying: &Trying) {
    let lines = trial_lines(canvas.model, trying);
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX).max(3);
    let inner = popup(canvas, body, canvas.t(T::TrialTitle), rows);
    let (text, accent) = (canvas.role(Role::Text), canvas.role(Role::Accent));
    canvas.painted.pages.overlay = usize::from(inner.height).max(1);
    for (row, line) in (0..inner.height).zip(lines.iter().skip(trying.offset)) {
        let style = if row == 0 && trying.offset == 0 { accent } else { text };
        canvas.line(inner, row, &format!(" {}", canvas.say(line)), style);
    }
}
