//! The alerts, each with its sentence and what would help; the selected one shows its remedies.

use super::frame::frame;
use super::{Canvas, row_style};
use crate::console::desk::{AlertLine, Stage};
use crate::console::model::Pane;
use crate::console::msg::Target;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::widget::list::Line;
use ratatui::layout::Rect;

pub(super) fn draw(canvas: &mut Canvas, area: Rect) {
    let model = canvas.model;
    let alerts = model.desk.alerts();
    let firing = alerts.iter().filter(|alert| alert.stage == Stage::Firing).count();
    let silenced = alerts.iter().filter(|alert| alert.is_silenced).count();
    let counts = Say::AlertCounts(firing, silenced);
    let title = format!("{} {} {}", canvas.t(T::AlertsTitle), canvas.glyphs.rule, counts.get(model.lang));
    let inner = frame(canvas, area, &title, "", model.focus == Pane::Alerts);
    // Every alert may unfold its remedies; a third of the rows is a page that always fits.
    canvas.painted.pages.alerts = usize::from(inner.height).div_ceil(3).max(1);
    if alerts.is_empty() {
        let (text, style) = (canvas.t(T::AlertsEmpty), canvas.role(Role::Muted));
        canvas.put(inner.x + 1, inner.y, text, inner.width.saturating_sub(2), style);
        return;
    }
    let mut row = 0;
    for line in model.alerts.lines(alerts.len(), usize::from(inner.height)) {
        if let Line::Row(index) = line
            && let Some(alert) = alerts.get(index)
            && row < inner.height
        {
            row += alert_rows(canvas, inner, row, alert);
        }
    }
}

/// Draws one alert from `row` on and returns the rows used.
fn alert_rows(canvas: &mut Canvas, area: Rect, row: u16, alert: &AlertLine) -> u16 {
    let model = canvas.model;
    let is_selected = model.alerts.selected() == Some(alert.id);
    let style = row_style(canvas, is_selected, model.focus == Pane::Alerts);
    let g = canvas.glyphs;
    let (shape, role) = match alert.stage {
        Stage::Firing if !alert.is_silenced => (g.alert, Role::Danger),
        Stage::Pending => (g.about, Role::Warn),
        Stage::Firing | Stage::Recovering => (g.separator, Role::Muted),
        Stage::Resolved => (g.check, Role::Ok),
    };
    let marker = if is_selected { g.marker } else { " " };
    let taken =
        if alert.is_acknowledged { format!("  ({})", canvas.t(T::Acknowledged)) } else { String::new() };
    let text = format!("{marker}{shape} {}  {}{taken}", canvas.t(alert.kind), canvas.say(&alert.sentence));
    canvas.line(area, row, &text, style);
    if !is_selected {
        let style = canvas.role(role);
        canvas.put(area.x + 1, area.y + row, shape, 1, style);
    }
    let mut used = 1;
    if is_selected {
        for (number, remedy) in alert.remedies.iter().enumerate() {
            let key = if number == 0 { "enter".to_owned() } else { (number + 1).to_string() };
            let accent = canvas.role(Role::Accent);
            canvas.line(area, row + used, &format!("     {key} {}", canvas.say(remedy)), accent);
            used += 1;
        }
    }
    let rows = used.min(area.height - row);
    canvas.hit(Rect::new(area.x, area.y + row, area.width, rows), Target::Alert(alert.id));
    used
}
