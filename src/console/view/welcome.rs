//! An empty desk: what can be started, and the key that starts it.

use super::Canvas;
use super::frame::frame;
use crate::console::command::{Scope, table};
use crate::console::model::Pane;
use crate::console::msg::Target;
use crate::console::text::T;
use crate::console::theme::Role;
use ratatui::layout::Rect;

pub(super) fn draw(canvas: &mut Canvas, area: Rect) {
    let has_focus = canvas.model.focus == Pane::Queue;
    let inner = frame(canvas, area, canvas.t(T::WelcomeTitle), "", has_focus);
    let (text, style) = (canvas.t(T::WelcomeEmpty), canvas.role(Role::Text));
    canvas.put(inner.x + 1, inner.y, text, inner.width.saturating_sub(2), style);
    let muted = canvas.role(Role::Muted);
    for (row, line) in [(1, T::WelcomeHow), (2, T::WelcomeThen)] {
        if row < inner.height {
            canvas.put(inner.x + 1, inner.y + row, canvas.t(line), inner.width.saturating_sub(2), muted);
        }
    }
    let offers = table::all().filter(|command| command.scope == Scope::Welcome);
    for (row, command) in (4..inner.height).zip(offers) {
        let y = inner.y + row;
        let accent = canvas.role(Role::Accent);
        canvas.put(inner.x + 2, y, canvas.model.keymap.first(command), 3, accent);
        canvas.put(inner.x + 5, y, canvas.t(command.help), inner.width.saturating_sub(6), style);
        canvas.hit(Rect::new(inner.x, y, inner.width, 1), Target::Command(command.id));
    }
}
