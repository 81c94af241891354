//! What may follow an incomplete chord, as a small window above the hints; what cannot run now is grey.

use super::Canvas;
use super::frame::frame;
use crate::console::command::{keymap, palette};
use crate::console::key::Key;
use crate::console::msg::Target;
use crate::console::theme::Role;
use crate::console::widget::erase::erase;
use crate::console::widget::fit::{Align, fit_with, width};
use ratatui::layout::Rect;

pub(super) fn draw(canvas: &mut Canvas, body: Rect) {
    let model = canvas.model;
    let place = model.place();
    let rows = keymap::follow(place, &model.chord);
    if model.chord.is_empty() || rows.is_empty() || body.height < 5 {
        return;
    }
    let titles: Vec<(String, &str, bool, Option<&'static str>)> = rows
        .iter()
        .map(|(key, command)| match command {
            Some(command) => {
                let is_ready = palette::ready(model, place, command).is_yes();
                (key.to_string(), command.title.get(model.lang), is_ready, Some(command.id))
            }
            None => (key.to_string(), canvas.glyphs.ellipsis, true, None),
        })
        .collect();
    let widest = |cells: fn(&(String, &str, bool, Option<&'static str>)) -> usize| {
        titles.iter().map(cells).max().unwrap_or(0)
    };
    let (key_cells, title_cells) = (widest(|row| width(&row.0)), widest(|row| width(row.1)));
    let keys: Vec<String> = model.chord.iter().map(Key::to_string).collect();
    let cols = u16::try_from(key_cells + title_cells + 6).unwrap_or(30).min(body.width);
    let height = u16::try_from(titles.len() + 2).unwrap_or(u16::MAX).min(body.height);
    let area = Rect::new(body.right() - cols, body.bottom() - height, cols, height);
    let ground = canvas.role(Role::Popup);
    erase(area, ground, canvas.buf);
    let inner = frame(canvas, area, &format!("{} {}", keys.join(" "), canvas.glyphs.ellipsis), "", true);
    for (y, (key, title, is_ready, id)) in (inner.y..inner.bottom()).zip(titles) {
        let (accent, text) =
            (canvas.role(Role::Accent), canvas.role(if is_ready { Role::Text } else { Role::Disabled }));
        let key = fit_with(&key, key_cells, Align::Left, canvas.glyphs);
        let used = canvas.put(inner.x + 1, y, &key, inner.width, accent);
        let x = inner.x + used + 3;
        canvas.put(x, y, title, inner.right().saturating_sub(x), text);
        if let Some(id) = id {
            canvas.hit(Rect::new(inner.x, y, inner.width, 1), Target::Command(id));
        }
    }
}
