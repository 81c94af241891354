//! The load of every rep, by team, and who is next.

use super::frame::frame;
use super::{Canvas, row_style};
use crate::console::desk::{Presence, RepLine};
use crate::console::model::Pane;
use crate::console::msg::Target;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::widget::fit::{Align, fit_with};
use crate::console::widget::gauge::{bar, figures};
use crate::console::widget::list::Line;
use ratatui::layout::Rect;

/// Cells of a name and of what follows the gauge.
const NAME_CELLS: usize = 10;
const TAIL_CELLS: usize = 28;

pub(super) fn draw(canvas: &mut Canvas, area: Rect) {
    let model = canvas.model;
    let reps = model.desk.reps();
    let on = reps.iter().filter(|rep| rep.presence == Presence::OnDuty).count();
    let mut title = format!(
        "{} {} {}",
        canvas.t(T::LoadsTitle),
        canvas.glyphs.rule,
        Say::LoadCounts(on, reps.len()).get(model.lang)
    );
    if let Some(pct) = model.desk.summary.spread_pct {
        title.push_str(&format!(" {} {}", canvas.glyphs.separator, Say::SpreadIs(pct).get(model.lang)));
    }
    let inner = frame(canvas, area, &title, "", model.focus == Pane::Loads);
    canvas.painted.pages.loads = usize::from(inner.height);
    if reps.is_empty() {
        let (text, style) = (canvas.t(T::LoadsEmpty), canvas.role(Role::Muted));
        canvas.put(inner.x + 1, inner.y, text, inner.width.saturating_sub(2), style);
        return;
    }
    let lines = model.loads.lines(reps.len(), usize::from(inner.height));
    for (row, line) in (0..inner.height).zip(lines) {
        let at = Rect::new(inner.x, inner.y + row, inner.width, 1);
        if let Line::Row(index) = line
            && let Some(rep) = reps.get(index)
        {
            rep_row(canvas, at, rep);
        }
    }
}

fn rep_row(canvas: &mut Canvas, area: Rect, rep: &RepLine) {
    let model = canvas.model;
    let is_selected = model.loads.selected() == Some(rep.id);
    let style = row_style(canvas, is_selected, model.focus == Pane::Loads);
    let g = canvas.glyphs;
    let marker = if is_selected { g.marker } else { " " };
    let name = fit_with(&rep.name, NAME_CELLS, Align::Left, g);
    let room = usize::from(area.width).saturating_sub(NAME_CELLS + TAIL_CELLS + 4);
    let (full, rest) = bar(rep.load, rep.cap, room.min(24), g);
    let lead = format!("{marker} {name}  ");
    let text = format!("{lead}{full}{rest}{}  {}", figures(rep.load, rep.cap), tail(canvas, rep));
    canvas.line(area, 0, &text, style);
    canvas.hit(area, Target::Rep(rep.id));
    if !is_selected {
        let is_full = rep.cap.is_some_and(|cap| rep.load >= cap);
        let x = area.x + u16::try_from(NAME_CELLS + 4).unwrap_or(0);
        let (used, gauge) = (
            u16::try_from(full.chars().count()).unwrap_or(0),
            canvas.role(if is_full { Role::Warn } else { Role::Gauge }),
        );
        canvas.buf.set_style(Rect::new(x, area.y, used, 1).intersection(area), gauge);
        let (rest, style) = (u16::try_from(rest.chars().count()).unwrap_or(0), canvas.role(Role::GaugeRest));
        canvas.buf.set_style(Rect::new(x + used, area.y, rest, 1).intersection(area), style);
    }
}

/// Next, full, absent, or how long until full.
fn tail(canvas: &Canvas, rep: &RepLine) -> String {
    let today = format!("{} {:>2}", canvas.t(T::Today), rep.today);
    match rep.presence {
        Presence::OffDuty => return canvas.t(T::OffDuty).to_owned(),
        Presence::OnLeave => return canvas.t(T::OnLeave).to_owned(),
        Presence::OnDuty => {}
    }
    if rep.cap.is_some_and(|cap| rep.load >= cap) {
        return format!("{today}  {} {}", canvas.t(T::Full), canvas.glyphs.alert);
    }
    match (rep.is_next, rep.full_in_min) {
        (true, _) => format!("{today}  {} {}", canvas.glyphs.next, canvas.t(T::NextUp)),
        (false, Some(min)) => format!("{today}  {}{min}m", canvas.glyphs.about),
        (false, None) => today,
    }
}
