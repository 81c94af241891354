//! The alerts, each with its sentence and what would help; the selected one shows its remedies.

use super::frame::{frame, more_below};
use super::{Canvas, row_style, span};
use crate::console::desk::AlertLine;
use crate::console::desk::lines::alert_word;
use crate::console::model::Pane;
use crate::console::msg::Target;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::widget::fit::{Align, fit_with};
use crate::console::widget::list::Line;
use crate::model::alert::AlertKind;
use crate::model::lang::Lang;
use crate::model::time::MINUTE_MS;
use ratatui::layout::Rect;

/// Cells of the kind and of how long it has fired.
const fn kind_cells(lang: Lang) -> usize {
    match lang {
        Lang::En => 9,
        Lang::Zh => 10,
    }
}
const AGE_CELLS: usize = 6;

pub(super) fn draw(canvas: &mut Canvas, area: Rect) {
    let model = canvas.model;
    let alerts = model.desk.alerts();
    let counts = Say::AlertCounts(alerts.len());
    let title = match alerts.len() {
        0 => canvas.t(T::AlertsTitle).to_owned(),
        _ => format!("{} {} {}", canvas.t(T::AlertsTitle), canvas.glyphs.rule, counts.get(model.lang)),
    };
    let inner = frame(canvas, area, &title, "", model.focus == Pane::Alerts);
    // Every alert may unfold its remedies; a third of the rows is a page that always fits.
    canvas.painted.pages.alerts = usize::from(inner.height).div_ceil(3).max(1);
    if alerts.is_empty() {
        // Alerts of the first page are those the leader raised: none means none, also while the desk opens.
        let is_known = model.desk.is_loaded() || model.desk.opening().page.is_some();
        let text = if is_known { T::AlertsEmpty } else { T::Loading };
        let (text, style) = (canvas.t(text), canvas.role(Role::Muted));
        canvas.put(inner.x + 1, inner.y, text, inner.width.saturating_sub(2), style);
        return;
    }
    let (mut row, mut shown) = (0, 0);
    for line in model.alerts.lines(alerts.len(), usize::from(inner.height)) {
        if let Line::Row(index) = line
            && let Some(alert) = alerts.get(index)
            && row < inner.height
        {
            row += alert_rows(canvas, inner, row, alert);
            shown = index + 1;
        }
    }
    more_below(canvas, inner, alerts.len().saturating_sub(shown));
}

/// Draws one alert from `row` on and returns the rows used.
fn alert_rows(canvas: &mut Canvas, area: Rect, row: u16, alert: &AlertLine) -> u16 {
    let model = canvas.model;
    let is_selected = model.alerts.selected() == Some(alert.id);
    let style = row_style(canvas, is_selected, model.focus == Pane::Alerts);
    let g = canvas.glyphs;
    let (shape, role) = match alert.id.kind {
        // A full rep is worth knowing; the others are somebody's work now.
        AlertKind::AtCap => (g.about, Role::Warn),
        _ => (g.alert, Role::Danger),
    };
    let marker = if is_selected { g.marker } else { " " };
    let kind = canvas.t(alert_word(alert.id.kind));
    // Whole minutes: how long it fires is no countdown, and an idle screen must not tick for it.
    let minutes = model.now.since(alert.since) / MINUTE_MS;
    let age = if minutes < 60 { format!("{minutes}m") } else { span(minutes * MINUTE_MS, g) };
    let kind = fit_with(kind, kind_cells(model.lang), Align::Left, g);
    let text = format!("{marker}{shape} {kind} {}", canvas.say(&alert.sentence));
    let age_cells = AGE_CELLS.min(usize::from(area.width) / 4);
    let room = usize::from(area.width).saturating_sub(age_cells + 1);
    let text =
        format!("{} {}", fit_with(&text, room, Align::Left, g), fit_with(&age, age_cells, Align::Right, g));
    canvas.line(area, row, &text, style);
    if !is_selected {
        let style = canvas.role(role);
        canvas.put(area.x + 1, area.y + row, shape, 1, style);
    }
    let mut used = 1;
    if is_selected {
        for (number, (remedy, _)) in alert.remedies.iter().enumerate() {
            let key = format!("{:>5}", number + 1);
            let accent = canvas.role(Role::Accent);
            canvas.line(area, row + used, &format!("     {key} {}", canvas.say(remedy)), accent);
            used += 1;
        }
        if alert.is_thinking {
            let (text, muted) = (canvas.t(T::WorkingOut), canvas.role(Role::Muted));
            canvas.line(area, row + used, &format!("       {text}"), muted);
            used += 1;
        }
    }
    let rows = used.min(area.height - row);
    canvas.hit(Rect::new(area.x, area.y + row, area.width, rows), Target::Alert(alert.id));
    used
}
