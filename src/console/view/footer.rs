//! The bottom line: what just happened, an incomplete chord, or the keys that work here.

use super::Canvas;
use crate::console::command::{Command, palette, table};
use crate::console::desk::hour_and_minute;
use crate::console::key::Key;
use crate::console::model::Severity;
use crate::console::msg::Target;
use crate::console::text::Say;
use crate::console::theme::Role;
use crate::console::widget::fit::width;
use ratatui::layout::Rect;

pub(super) fn draw(canvas: &mut Canvas, area: Rect) {
    let model = canvas.model;
    if !model.chord.is_empty() {
        return chord(canvas, area);
    }
    let mut start = area.x;
    if let Some(chip) = crate::console::update::marks::chip(model).filter(|_| model.overlays.is_empty()) {
        let text = format!("{} {}", canvas.glyphs.check, canvas.say(&chip));
        let style = canvas.role(Role::Accent);
        start += canvas.put(area.x + 1, area.y, &text, area.width.saturating_sub(2), style) + 2;
    }
    let mut end = area.right();
    if let Some(notice) = &model.notice {
        let (role, mark) = match notice.severity {
            Severity::Done => (Role::Ok, canvas.glyphs.check),
            Severity::Refused => (Role::Warn, canvas.glyphs.alert),
        };
        // The notice stands at the right and takes what it needs; hints give way.
        let text = format!("{mark} {}", canvas.say(&notice.text));
        let room = area.right().saturating_sub(start + 2 + help_cells(canvas));
        let cells = u16::try_from(width(&text)).unwrap_or(room).min(room);
        end = area.right().saturating_sub(cells + 2);
        let style = canvas.role(role);
        canvas.put(end + 1, area.y, &text, cells, style);
    }
    if let (None, Some((count, at))) = (&model.notice, model.see.news(model.now)) {
        let at = hour_and_minute(at, model.desk.moment());
        let text = Say::ArrivedSince(count, &at).get(model.lang).to_owned();
        let cells = u16::try_from(width(&text)).unwrap_or(0).min(area.right().saturating_sub(start + 2));
        end = area.right().saturating_sub(cells + 2);
        let style = canvas.role(Role::Accent);
        canvas.put(end + 1, area.y, &text, cells, style);
    }
    hints(canvas, Rect::new(start, area.y, end.saturating_sub(start), 1));
}

/// What the way to all keys needs: a notice leaves that much of the line, where it can be used.
fn help_cells(canvas: &Canvas) -> u16 {
    let place = canvas.model.place();
    let command = table::by_id("app.help").filter(|command| place.stack().contains(&command.scope));
    command.map_or(0, |command| cells_of(canvas, command) + 1)
}

fn cells_of(canvas: &Canvas, command: &Command) -> u16 {
    let cells = width(canvas.model.keymap.first(command)) + 1 + width(canvas.t(command.title));
    u16::try_from(cells).unwrap_or(u16::MAX)
}

/// Enabled commands by rank, whole or not at all; behind them, wherever it can be used, the way to all keys.
fn hints(canvas: &mut Canvas, area: Rect) {
    let mut x = area.x + 1;
    let rows = palette::hints(canvas.model);
    let (help, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(|command| command.id == "app.help");
    let kept = help.first().map_or(0, |help| cells_of(canvas, help) + 2);
    let fits = |x: u16, cells: u16, kept: u16| x + cells + kept <= area.right();
    let mut shown = Vec::new();
    for command in others {
        let cells = cells_of(canvas, command);
        if !fits(x, cells, kept) {
            break;
        }
        shown.push((command, x, cells));
        x += cells + 2;
    }
    let help = help.into_iter().map(|help| (help, x, cells_of(canvas, help)));
    shown.extend(help.filter(|(_, x, cells)| fits(*x, *cells, 0)));
    for (command, x, cells) in shown {
        let (accent, muted) = (canvas.role(Role::Accent), canvas.role(Role::Muted));
        let used = canvas.put(x, area.y, canvas.model.keymap.first(command), cells, accent);
        canvas.put(x + used + 1, area.y, canvas.t(command.title), cells, muted);
        canvas.hit(Rect::new(x, area.y, cells, 1), Target::Command(command.id));
    }
}

/// What may follow the keys pressed so far.
fn chord(canvas: &mut Canvas, area: Rect) {
    let model = canvas.model;
    let keys: Vec<String> = model.chord.iter().map(Key::to_string).collect();
    let mut text = format!("{} {}", keys.join(" "), canvas.glyphs.ellipsis);
    for (key, command) in model.keymap.follow(model.place(), &model.chord) {
        let title = command.map_or(canvas.glyphs.ellipsis, |command| command.title.get(model.lang));
        text.push_str(&format!("  {key} {title}"));
    }
    let style = canvas.role(Role::Accent);
    canvas.put(area.x + 1, area.y, &text, area.width.saturating_sub(2), style);
}
