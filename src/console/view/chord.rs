//! What may follow an incomplete chord, as a small window above the hints; what cannot run now is grey.

use super::Canvas;
use super::frame::frame;
use crate::console::command::{CommandId, palette};
use crate::console::key::Key;
use crate::console::msg::Target;
use crate::console::theme::Role;
use crate::console::widget::erase::erase;
use crate::console::widget::fit::{Align, fit_with, width};
use ratatui::layout::Rect;

/// One key that may follow.
struct Row {
    key: String,
    title: &'static str,
    is_ready: bool,
    id: Option<CommandId>,
}

pub(super) fn draw(canvas: &mut Canvas, body: Rect) {
    let model = canvas.model;
    if model.chord.is_empty() || body.height < 5 {
        return;
    }
    let place = model.place();
    let rows = model.keymap.follow(place, &model.chord);
    if rows.is_empty() {
        return;
    }
    let rows: Vec<Row> = rows
        .into_iter()
        .map(|(key, command)| Row {
            key: key.to_string(),
            title: command.map_or(canvas.glyphs.ellipsis, |command| command.title.get(model.lang)),
            is_ready: command.is_none_or(|command| palette::ready(model, place, command).is_yes()),
            id: command.map(|command| command.id),
        })
        .collect();
    let key_cells = rows.iter().map(|row| width(&row.key)).max().unwrap_or(0);
    let title_cells = rows.iter().map(|row| width(row.title)).max().unwrap_or(0);
    let keys: Vec<String> = model.chord.iter().map(Key::to_string).collect();
    let cols = u16::try_from(key_cells + title_cells + 6).unwrap_or(30).min(body.width);
    let height = u16::try_from(rows.len() + 2).unwrap_or(u16::MAX).min(body.height);
    let area = Rect::new(body.right() - cols, body.bottom() - height, cols, height);
    let ground = canvas.role(Role::Popup);
    erase(area, ground, canvas.buf);
    let inner = frame(canvas, area, &format!("{} {}", keys.join(" "), canvas.glyphs.ellipsis), "", true);
    for (y, row) in (inner.y..inner.bottom()).zip(rows) {
        let text = canvas.role(if row.is_ready { Role::Text } else { Role::Disabled });
        let accent = canvas.role(Role::Accent);
        let key = fit_with(&row.key, key_cells, Align::Left, canvas.glyphs);
        let used = canvas.put(inner.x + 1, y, &key, inner.width, accent);
        let x = inner.x + used + 3;
        canvas.put(x, y, row.title, inner.right().saturating_sub(x), text);
        if let Some(id) = row.id {
            canvas.hit(Rect::new(inner.x, y, inner.width, 1), Target::Command(id));
        }
    }
}
