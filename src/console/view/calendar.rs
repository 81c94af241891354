//! Who works and who is away on the coming days: one row a rep, one small cell a day, today on the left.

use super::frame::frame;
use super::{Canvas, row_style};
use crate::console::msg::Target;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::update::seeing::roster;
use crate::console::widget::fit::{Align, fit_with};
use crate::console::widget::list::Line;
use crate::model::id::RepId;
use crate::model::time::DayNo;
use crate::world::RepState;
use crate::world::moment::{clock_in, start_of_day};
use ratatui::layout::Rect;

/// Cells of a name, and of a day with its gap.
const NAME_CELLS: u16 = 12;
const DAY_CELLS: u16 = 4;
/// Days shown at most.
const DAYS_MAX: u16 = 28;

pub(super) fn draw(canvas: &mut Canvas, area: Rect) {
    let model = canvas.model;
    let g = canvas.glyphs;
    let leave = g.gauge_full.repeat(2);
    let legend = Say::CalendarLegend(&leave, g.dot, "o", g.separator, g.rule).get(model.lang).to_owned();
    let inner = frame(canvas, area, canvas.t(T::CalendarTitle), &legend, true);
    if inner.height < 4 {
        return;
    }
    let days = (inner.width.saturating_sub(NAME_CELLS + 3) / DAY_CELLS).min(DAYS_MAX);
    let rows: Vec<RepId> = roster(model).into_iter().filter(|id| model.desk.rep(*id).is_some()).collect();
    head(canvas, inner, days);
    let list = Rect::new(inner.x, inner.y + 2, inner.width, inner.height - 2);
    canvas.painted.pages.rules = usize::from(list.height);
    let lines = model.see.roster.lines(rows.len(), usize::from(list.height));
    for (row, line) in (0..list.height).zip(lines) {
        let Line::Row(index) = line else { continue };
        if let Some(rep) = rows.get(index).and_then(|id| model.desk.world().rep(*id)) {
            rep_row(canvas, Rect::new(list.x, list.y + row, list.width, 1), rep, days);
        }
    }
}

fn x_of(inner: Rect, day: u16) -> u16 {
    inner.x + NAME_CELLS + 3 + day * DAY_CELLS
}

/// Weekday over day of the month; the first of a month says which.
fn head(canvas: &mut Canvas, inner: Rect, days: u16) {
    let moment = canvas.model.desk.moment();
    let names: Vec<&str> = canvas.t(T::WeekdayShort).split(' ').collect();
    let (muted, title, accent) =
        (canvas.role(Role::Muted), canvas.role(Role::Title), canvas.role(Role::Accent));
    for day in 0..days {
        let number = DayNo(moment.day.0 + i32::from(day));
        let (_, weekday) = clock_in(moment.zone, start_of_day(moment.zone, number));
        let name = names.get(usize::from(weekday.saturating_sub(1))).copied().unwrap_or_default();
        let style = if day == 0 { accent } else { muted };
        canvas.put(x_of(inner, day), inner.y, name, 3, style);
        let date = number.to_date_text();
        let of_month = date.get(8..).unwrap_or_default();
        let is_first = of_month == "01" || day == 0;
        let text =
            if is_first { date.get(5..7).unwrap_or_default().to_owned() + "/" } else { of_month.to_owned() };
        let text = if day == 0 { of_month.to_owned() } else { text };
        canvas.put(x_of(inner, day), inner.y + 1, &text, 3, if is_first { title } else { muted });
    }
}

fn rep_row(canvas: &mut Canvas, area: Rect, rep: &RepState, days: u16) {
    let model = canvas.model;
    let is_selected = model.see.roster.selected() == Some(rep.id);
    let style = row_style(canvas, is_selected, true);
    let marker = if is_selected { canvas.glyphs.marker } else { " " };
    let name = fit_with(&rep.card.name, usize::from(NAME_CELLS), Align::Left, canvas.glyphs);
    canvas.line(area, 0, &format!("{marker} {name}"), style);
    canvas.hit(area, Target::Rep(rep.id));
    for day in 0..days {
        let (text, role) = cell(canvas, rep, day);
        let style = if is_selected { style } else { canvas.role(role) };
        canvas.put(x_of(area, day), area.y, &text, 3, style);
    }
}

/// Away, at work, or off that day; today also whether on duty.
fn cell(canvas: &Canvas, rep: &RepState, day: u16) -> (String, Role) {
    let g = canvas.glyphs;
    let moment = canvas.model.desk.moment();
    let number = |after: i32| DayNo(moment.day.0 + i32::from(day) + after);
    let (from, to) = (start_of_day(moment.zone, number(0)), start_of_day(moment.zone, number(1)));
    let covers = |whole: bool| {
        rep.leaves
            .iter()
            .any(|l| if whole { l.from <= from && l.to >= to } else { l.from < to && l.to > from })
    };
    if covers(true) {
        return (g.gauge_full.repeat(3), Role::Held);
    }
    if covers(false) {
        return (g.gauge_full.to_owned() + &g.gauge_rest.repeat(2), Role::Held);
    }
    if rep.shift.time().working_ms_between(from, to) == 0 {
        return (format!(" {}", g.rule), Role::Muted);
    }
    match (day, rep.duty) {
        (0, true) => (format!(" {}", g.dot), Role::Ok),
        (0, false) => (" o".to_owned(), Role::Muted),
        _ => (format!(" {}", g.separator), Role::Muted),
    }
}
