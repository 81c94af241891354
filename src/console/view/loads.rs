//! The load of every rep under the heading of the team, and who is next in each.

use super::frame::{frame, more_below};
use super::{Canvas, row_style};
use crate::console::desk::{Presence, RepLine, TeamLine};
use crate::console::model::{Model, Pane};
use crate::console::msg::Target;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::widget::fit::{Align, fit_with, width};
use crate::console::widget::gauge::{bar, figures};
use ratatui::layout::Rect;

/// Cells of a name, of a gauge at most, and of what follows it.
const NAME_CELLS: usize = 10;
const GAUGE_CELLS_MAX: usize = 24;
const TAIL_CELLS: usize = 23;
/// Columns from which a row also says balance and ramp, and their cells.
const EXTRA_COLS: u16 = 72;
const FAIR_CELLS: usize = 12;
const RAMP_CELLS: usize = 11;

/// A line of the pane.
#[derive(Clone, Copy)]
enum Row {
    Heading(usize),
    Rep(usize),
}

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
    if let Some(pct) = model.desk.summary().spread_pct {
        title.push_str(&format!(" {} {}", canvas.glyphs.separator, Say::SpreadIs(pct).get(model.lang)));
    }
    let sorted = model.desk.gauges().sort.title().map(Say::SortedByWord);
    let sorted = sorted.as_ref().map_or("", |say| say.get(model.lang));
    let inner = frame(canvas, area, &title, sorted, model.focus == Pane::Loads);
    let teams = model.desk.teams();
    let height = usize::from(inner.height);
    // Headings take rows of the window; half of it is left to the reps in any case.
    canvas.painted.pages.loads = height.saturating_sub(teams.len()).max(height / 2).max(1);
    if reps.is_empty() {
        let text = if model.desk.is_loaded() { T::LoadsEmpty } else { T::Loading };
        let (text, style) = (canvas.t(text), canvas.role(Role::Muted));
        canvas.put(inner.x + 1, inner.y, text, inner.width.saturating_sub(2), style);
        return;
    }
    let rows = rows(model, teams, reps.len());
    let first = first_row(canvas, &rows, height);
    more_below(canvas, inner, rows.len().saturating_sub(first + height));
    for (y, row) in (inner.y..inner.bottom()).zip(rows.iter().skip(first)) {
        let at = Rect::new(inner.x, y, inner.width, 1);
        match row {
            Row::Heading(index) => heading(canvas, at, teams.get(*index)),
            Row::Rep(index) => {
                if let Some(rep) = reps.get(*index) {
                    rep_row(canvas, at, rep);
                }
            }
        }
    }
}

fn rows(model: &Model, teams: &[TeamLine], reps: usize) -> Vec<Row> {
    let folded = &model.desk.gauges().folded;
    let is_folded = |rep: usize| {
        model.desk.reps().get(rep).is_some_and(|rep| !folded.is_empty() && folded.contains(&rep.team))
    };
    let mut rows = Vec::with_capacity(reps + teams.len());
    for rep in 0..reps {
        if let Some(team) = teams.iter().position(|team| team.first == rep) {
            rows.push(Row::Heading(team));
        }
        if !is_folded(rep) {
            rows.push(Row::Rep(rep));
        }
    }
    rows
}

/// The row on top: the window's first rep with its heading, moved down as far as the selected rep needs.
fn first_row(canvas: &Canvas, rows: &[Row], height: usize) -> usize {
    let model = canvas.model;
    // The selection counts the reps that show; folded teams have rows for their headings only.
    let shown: Vec<usize> =
        rows.iter().enumerate().filter(|(_, row)| matches!(row, Row::Rep(_))).map(|(at, _)| at).collect();
    let place = |rep: usize| shown.get(rep).copied().unwrap_or(0);
    let reps = shown.len();
    let window = model.loads.visible(reps, canvas.painted.pages.loads);
    let mut first = place(window.start);
    if first > 0 && matches!(rows.get(first - 1), Some(Row::Heading(_))) {
        first -= 1;
    }
    if let Some(selected) = model.loads.index() {
        first = first.max((place(selected) + 1).saturating_sub(height));
    }
    first.min(rows.len().saturating_sub(height))
}

/// `Team                     next ▸ name`
fn heading(canvas: &mut Canvas, area: Rect, team: Option<&TeamLine>) {
    let Some(team) = team else { return };
    let name = if team.name.is_empty() { canvas.t(T::NoTeam) } else { team.name.as_str() };
    let next = match &team.next {
        Some(name) => Say::NextUpIs(canvas.glyphs.next, name.as_str()).get(canvas.model.lang).to_owned(),
        None if !canvas.model.desk.is_loaded() => String::new(),
        None => canvas.t(T::NextNobody).to_owned(),
    };
    let next = if canvas.model.desk.gauges().folded.contains(&team.name) {
        Say::FoldedTeam(team.on_duty, team.count, team.load).get(canvas.model.lang).to_owned()
    } else {
        next
    };
    let next_cells = width(&next).min(usize::from(area.width) / 2);
    let room = usize::from(area.width).saturating_sub(next_cells + 3);
    let (title, role) =
        (canvas.role(Role::Title), if team.next.is_some() { Role::Accent } else { Role::Warn });
    let name = fit_with(name, room, Align::Left, canvas.glyphs);
    canvas.put(area.x + 1, area.y, &name, area.width, title);
    let x = area.right().saturating_sub(u16::try_from(next_cells).unwrap_or(0) + 1);
    let style = canvas.role(role);
    canvas.put(x, area.y, &next, area.right().saturating_sub(x), style);
}

fn rep_row(canvas: &mut Canvas, area: Rect, rep: &RepLine) {
    let model = canvas.model;
    let is_selected = model.loads.selected() == Some(rep.id);
    let style = row_style(canvas, is_selected, model.focus == Pane::Loads);
    let g = canvas.glyphs;
    let marker = if is_selected { g.marker } else { " " };
    // Another shape than the selection's, which stands beside it.
    let turn = match (rep.is_next, model.look.is_ascii) {
        (false, _) => " ",
        (true, false) => "»",
        (true, true) => "+",
    };
    let extra = extra(canvas, rep, area.width);
    let name = fit_with(&rep.name, NAME_CELLS, Align::Left, g);
    let room = usize::from(area.width)
        .saturating_sub(NAME_CELLS + TAIL_CELLS + 13 + width(&extra))
        .min(GAUGE_CELLS_MAX);
    let (full, rest) = bar(rep.load, rep.cap, room, g);
    let lead = format!("{marker}{turn} {name}  ");
    let figures = figures(rep.load, rep.cap);
    let text = format!("{lead}{full}{rest} {figures}{extra}  {}", tail(canvas, rep));
    canvas.line(area, 0, &text, style);
    canvas.hit(area, Target::Rep(rep.id));
    if is_selected {
        return;
    }
    let cells = |text: &str| u16::try_from(width(text)).unwrap_or(0);
    let x = area.x + cells(&lead);
    let is_away = rep.presence != Presence::OnDuty;
    let gauge = canvas.role(match (is_away, rep.is_full()) {
        (true, _) => Role::Muted,
        (_, true) => Role::Warn,
        _ => Role::Gauge,
    });
    canvas.buf.set_style(Rect::new(x, area.y, cells(&full), 1).intersection(area), gauge);
    let style = canvas.role(Role::GaugeRest);
    canvas.buf.set_style(Rect::new(x + cells(&full), area.y, cells(&rest), 1).intersection(area), style);
    if is_away {
        let muted = canvas.role(Role::Muted);
        canvas.buf.set_style(area, muted);
    }
}

/// What was received against the mean, and the ramp, where there is room: `fair −2.1  ramp 50 %`.
fn extra(canvas: &Canvas, rep: &RepLine, cells: u16) -> String {
    if cells < EXTRA_COLS || !canvas.model.desk.is_loaded() {
        return String::new();
    }
    let tenths = rep.fair_tenths;
    let sign = if tenths < 0 { canvas.glyphs.minus } else { "+" };
    let fair = format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10);
    let fair = fit_with(Say::FairBy(&fair).get(canvas.model.lang), FAIR_CELLS, Align::Left, canvas.glyphs);
    let ramp = rep.ramp_percent.map(Say::RampIs);
    let ramp = ramp.as_ref().map_or("", |say| canvas.say(say));
    // No room is kept for ramps where nobody is being brought in.
    let has_ramps = canvas.model.desk.reps().iter().any(|rep| rep.ramp_percent.is_some());
    let cells = if has_ramps { RAMP_CELLS } else { 0 };
    format!("  {fair}{}", fit_with(ramp, cells, Align::Left, canvas.glyphs))
}

/// Why absent or full, what today brought, how long until full.
fn tail(canvas: &Canvas, rep: &RepLine) -> String {
    let lang = canvas.model.lang;
    match &rep.presence {
        Presence::OffDuty => return canvas.t(T::OffDuty).to_owned(),
        Presence::OnLeave(until) => return Say::OnLeaveUntil(until).get(lang).to_owned(),
        Presence::OutOfHours => return canvas.t(T::OffHours).to_owned(),
        Presence::OnDuty => {}
    }
    let today = match rep.day_cap {
        Some(cap) => format!("{} {:>5}", canvas.t(T::Today), format!("{}/{cap}", rep.today)),
        None => format!("{} {:>5}", canvas.t(T::Today), rep.today),
    };
    if rep.is_full() {
        return format!("{} {}  {today}", canvas.t(T::Full), canvas.glyphs.alert);
    }
    match rep.full_in_min {
        Some(min) if min >= 60 => format!("{today}  {}{}h {:02}m", canvas.glyphs.about, min / 60, min % 60),
        Some(min) => format!("{today}  {}{min}m", canvas.glyphs.about),
        None => today,
    }
}
