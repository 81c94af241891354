//! Promotions: the list with what the selected one changes, and the report of one beside the time before.

use super::super::Canvas;
use super::popup;
use super::sheet::{high, list};
use crate::console::desk::{day_and_hour, promotions::Stands};
use crate::console::handwork::sheet::Report;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::update::sheet;
use crate::console::widget::fit::{Align, fit_with};
use crate::console::widget::list::ListState;
use crate::report::promotion::lines;
use ratatui::layout::Rect;

/// Rows that say what the selected one changes.
const DETAIL: u16 = 9;
/// Cells of a figure of the report.
const FIGURE_CELLS: usize = 12;

pub(super) fn promotions(canvas: &mut Canvas, body: Rect, state: &ListState<usize>) {
    let rows = sheet::promotions(canvas.model);
    let above = high(body, rows.len(), 1).min(8);
    let detail = if rows.is_empty() { 0 } else { DETAIL };
    let inner = popup(canvas, body, canvas.t(T::PromotionsTitle), above + detail);
    let area = Rect::new(inner.x, inner.y, inner.width, above.min(inner.height));
    list(canvas, area, (state, &rows), T::NoPromotions, |canvas, at, _| row(canvas, at));
    let lines = state.selected().map_or_else(Vec::new, |at| detail_of(canvas, at));
    let (muted, text) = (canvas.role(Role::Muted), canvas.role(Role::Text));
    for (row, (line, is_quiet)) in (above + 1..inner.height).zip(&lines) {
        canvas.line(inner, row, &format!("   {line}"), if *is_quiet { muted } else { text });
    }
}

/// `Double 11   on until 11-12 00:00   window Double 11`.
fn row(canvas: &Canvas, at: usize) -> String {
    let (desk, g) = (&canvas.model.desk, canvas.glyphs);
    let Some(promotion) = desk.promotions().get(at) else { return String::new() };
    let mark = if matches!(desk.stands(&promotion.name), Stands::On(_)) { g.flag } else { " " };
    let name = fit_with(&promotion.name, 14, Align::Left, g);
    let stands = fit_with(canvas.say(&desk.stands_words(&promotion.name)), 32, Align::Left, g);
    let how =
        promotion.during.as_ref().map_or_else(|| T::PromoByHand.into(), |w| Say::PromoWindow(w.as_str()));
    format!("{mark} {name}  {stands}  {}", canvas.say(&how))
}

/// What it changes, its rules, and who switched it; the last is quiet.
fn detail_of(canvas: &Canvas, at: usize) -> Vec<(String, bool)> {
    let desk = &canvas.model.desk;
    let Some(promotion) = desk.promotions().get(at) else { return Vec::new() };
    let mut lines: Vec<(String, bool)> =
        desk.promotion_lines(promotion).into_iter().map(|line| (line.to_owned(), false)).collect();
    let rules = desk.rules_during(&promotion.name);
    lines.extend(rules.map(|rule| (canvas.say(&Say::PromoRule(rule.as_str())).to_owned(), false)));
    if let Some(switch) = desk.world().promotion_switches().get(&promotion.name) {
        let at = day_and_hour(switch.set_at, desk.moment());
        let set = Say::PromoSetBy(&switch.set_by, &at, &switch.reason);
        lines.insert(0, (canvas.say(&set).trim().to_owned(), true));
    }
    lines
}

pub(super) fn report(canvas: &mut Canvas, body: Rect, report: &Report) {
    let model = canvas.model;
    let title = Say::ReportTitle(&report.name);
    let lines = report
        .beside
        .as_ref()
        .map_or_else(Vec::new, |b| lines(model.desk.world(), [&b.before, &b.during], model.lang));
    let inner = popup(canvas, body, title.get(model.lang), high(body, lines.len() + 3, 5));
    let (text, muted, accent) =
        (canvas.role(Role::Text), canvas.role(Role::Muted), canvas.role(Role::Accent));
    let Some(beside) = &report.beside else {
        let words = if report.has_come { T::PromotionNeverRan } else { T::WhyAsking };
        canvas.line(inner, 0, &format!(" {}", canvas.t(words)), muted);
        return;
    };
    let at = |at| day_and_hour(at, model.desk.moment());
    let state = if beside.is_over { T::ReportOver } else { T::ReportSoFar };
    let span = Say::ReportSpan(&at(beside.run.from), &at(beside.run.until), state);
    canvas.line(inner, 0, &format!(" {}", canvas.say(&span)), muted);
    let mut used = 1;
    if let Some(begins) = beside.log_begins {
        let warn = canvas.role(Role::Warn);
        let words = Say::ReportBegins(&at(begins));
        canvas.line(inner, used, &format!(" {}", canvas.say(&words)), warn);
        used += 1;
    }
    let row = |canvas: &Canvas, title: &str, then: &str, here: &str| {
        let g = canvas.glyphs;
        let room = usize::from(inner.width).saturating_sub(2 * FIGURE_CELLS + 4);
        let title = fit_with(title, room, Align::Left, g);
        let (then, here) =
            (fit_with(then, FIGURE_CELLS, Align::Right, g), fit_with(here, FIGURE_CELLS, Align::Right, g));
        format!(" {title}{then}{here}")
    };
    let head = row(canvas, "", canvas.t(T::ReportBefore), canvas.t(T::ReportDuring));
    canvas.line(inner, used, &head, accent);
    used += 1;
    canvas.painted.pages.overlay = usize::from(inner.height.saturating_sub(used));
    for (y, (title, then, here)) in (used..inner.height).zip(lines.iter().skip(report.offset)) {
        let line = row(canvas, title, then, here);
        canvas.line(inner, y, &line, text);
    }
}
