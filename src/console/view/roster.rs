//! Everybody with teams, caps, duty, leave and turns; those who left at the end.

use super::frame::frame;
use super::{Canvas, row_style};
use crate::console::card::rep::presence;
use crate::console::msg::Target;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::update::seeing::roster;
use crate::console::widget::fit::Align;
use crate::console::widget::gauge::figures;
use crate::console::widget::list::Line;
use crate::console::widget::table::{Column, Need, lay_out};
use crate::engine::words;
use crate::world::RepState;
use ratatui::layout::Rect;

const COLUMNS: &[Column] = &[
    Column {
        header: Some(T::ColName),
        need: Need::Flex { min: 10, weight: 2 },
        align: Align::Left,
        priority: 0,
    },
    Column {
        header: Some(T::ColLogin),
        need: Need::Flex { min: 8, weight: 1 },
        align: Align::Left,
        priority: 5,
    },
    Column {
        header: Some(T::ColTeams),
        need: Need::Flex { min: 10, weight: 2 },
        align: Align::Left,
        priority: 1,
    },
    Column {
        header: Some(T::ColDuty),
        need: Need::Flex { min: 20, weight: 1 },
        align: Align::Left,
        priority: 0,
    },
    Column { header: Some(T::ColLoad), need: Need::Cells(7), align: Align::Right, priority: 0 },
    Column { header: Some(T::Today), need: Need::Cells(7), align: Align::Right, priority: 2 },
    Column { header: Some(T::LedgerWord), need: Need::Cells(8), align: Align::Right, priority: 3 },
    Column { header: Some(T::ColWeight), need: Need::Cells(6), align: Align::Right, priority: 4 },
    Column {
        header: Some(T::ColLeave),
        need: Need::Flex { min: 12, weight: 1 },
        align: Align::Left,
        priority: 6,
    },
    Column {
        header: Some(T::ColSkills),
        need: Need::Flex { min: 8, weight: 1 },
        align: Align::Left,
        priority: 7,
    },
];

pub(super) fn draw(canvas: &mut Canvas, area: Rect) {
    let model = canvas.model;
    let rows = roster(model);
    let active = model.desk.reps().len();
    let counts = Say::RosterCounts(active, rows.len() - active.min(rows.len()));
    let title = format!("{} {} {}", canvas.t(T::RosterTitle), canvas.glyphs.rule, counts.get(model.lang));
    let inner = frame(canvas, area, &title, canvas.t(T::RosterHint), true);
    if inner.height < 2 {
        return;
    }
    if rows.is_empty() {
        let (text, style) = (canvas.t(T::LoadsEmpty), canvas.role(Role::Muted));
        canvas.put(inner.x + 1, inner.y, text, inner.width.saturating_sub(2), style);
        return;
    }
    let columns = lay_out(COLUMNS, usize::from(inner.width.saturating_sub(3)), model.lang);
    let muted = canvas.role(Role::Muted);
    let header = columns.header(COLUMNS, canvas.glyphs, model.lang);
    canvas.put(inner.x + 2, inner.y, &header, inner.width.saturating_sub(2), muted);
    let list = Rect::new(inner.x, inner.y + 1, inner.width, inner.height - 1);
    canvas.painted.pages.rules = usize::from(list.height);
    let lines = model.see.roster.lines(rows.len(), usize::from(list.height));
    for (row, line) in (0..list.height).zip(lines) {
        let Line::Row(index) = line else { continue };
        let Some(rep) = rows.get(index).and_then(|id| model.desk.world().rep(*id)) else { continue };
        let is_selected = model.see.roster.selected() == Some(rep.id);
        let style = row_style(canvas, is_selected, true);
        let marker = if is_selected { canvas.glyphs.marker } else { " " };
        let text = columns.line(COLUMNS, canvas.glyphs, |column| cell(canvas, rep, column));
        canvas.line(list, row, &format!("{marker} {text}"), style);
        let at = Rect::new(list.x, list.y + row, list.width, 1);
        canvas.hit(at, Target::Rep(rep.id));
        if !is_selected && !rep.is_present(model.desk.moment().now) {
            canvas.buf.set_style(at, muted);
        }
    }
}

fn cell(canvas: &Canvas, rep: &RepState, column: usize) -> String {
    let (desk, card) = (&canvas.model.desk, &rep.card);
    let moment = desk.moment();
    match column {
        0 => card.name.to_string(),
        1 => card.login.to_string(),
        2 => card.teams.join(", "),
        3 => canvas.say(&presence(desk, rep)).to_owned(),
        4 => figures(rep.load, rep.cap_open_at(moment.now)),
        5 => figures(rep.ledger.placements_on(moment.day), rep.cap_day_at(moment.now)),
        6 => words::milli(rep.ledger_sum(None, moment.day) / 100 * 100),
        7 => words::milli(i64::from(rep.weight_at(moment.now))),
        8 => {
            let next = rep.leaves.iter().find(|leave| leave.to > moment.now);
            next.map_or_else(String::new, |leave| {
                format!(
                    "{} {}",
                    moment.day_of(leave.from).to_date_text().get(5..).unwrap_or_default(),
                    leave.reason
                )
            })
        }
        _ => card.skills.join(", "),
    }
}
