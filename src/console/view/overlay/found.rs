//! Overlays of finding: the palette, the kept views, the leads that answer to a text.

use super::{command_row, picker_rows, popup, typed, whole_help};
use crate::console::command::palette::{self, Goal};
use crate::console::command::table;
use crate::console::desk::day_and_hour;
use crate::console::desk::lines::state_word;
use crate::console::finding::{Jumping, SavedView};
use crate::console::model::Picker;
use crate::console::text::T;
use crate::console::theme::Role;
use crate::console::update::finding;
use crate::console::view::{Canvas, called, phone};
use crate::console::widget::fit::{Align, fit_with};
use crate::model::contact::mask_phone;
use crate::model::lead::Lead;
use ratatui::layout::Rect;

/// Cells of the keys and the title before what a row is about.
const KEY_CELLS: usize = 14;
const TITLE_CELLS: usize = 16;

pub(super) fn palette(canvas: &mut Canvas, body: Rect, picker: &Picker<Goal>) {
    let rows = palette::offers(canvas.model, picker.field.text());
    let inner = popup(canvas, body, canvas.t(T::PaletteTitle), body.height.saturating_sub(4).min(22));
    typed(canvas, inner, &picker.field);
    let command = match picker.list.selected() {
        Some(Goal::Command(index)) => table::nth(index),
        _ => None,
    };
    whole_help(canvas, inner, command);
    let list = Rect::new(inner.x, inner.y, inner.width, inner.height.saturating_sub(1));
    picker_rows(canvas, list, &picker.list, &rows, goal_row);
}

fn goal_row(canvas: &Canvas, goal: Goal, cells: usize) -> (String, bool) {
    let model = canvas.model;
    let row = |key: &str, title: &str, about: &str| {
        let g = canvas.glyphs;
        let rest = cells.saturating_sub(KEY_CELLS + TITLE_CELLS + 4);
        let key = fit_with(key, KEY_CELLS, Align::Left, g);
        let title = fit_with(title, TITLE_CELLS, Align::Left, g);
        (format!("{key}  {title}  {}", fit_with(about, rest, Align::Left, g)), true)
    };
    match goal {
        Goal::Command(index) => match table::nth(index) {
            Some(command) => command_row(canvas, model.place_below(), command, cells),
            None => (String::new(), false),
        },
        Goal::Show(show) => row(canvas.t(T::GoalView), canvas.t(show.title()), canvas.t(T::GoalShow)),
        Goal::View(key) => match model.find.views.get(&key) {
            Some(view) => row(&format!("{} {key}", canvas.t(T::GoalView)), &view.name, &about(canvas, view)),
            None => (String::new(), false),
        },
        Goal::Promotion(index) => match model.desk.promotions().get(index) {
            Some(p) => {
                let stands = model.desk.stands_words(&p.name);
                row(canvas.t(T::PromotionsTitle), &p.name, canvas.say(&stands))
            }
            None => (String::new(), false),
        },
        Goal::Team(index) => {
            let name = model.desk.teams().get(index).map_or("", |team| team.name.as_str());
            let name = if name.is_empty() { canvas.t(T::NoTeam) } else { name };
            row(canvas.t(T::Team), name, canvas.t(T::LoadsTitle))
        }
        Goal::Rep(id) => match model.desk.rep(id) {
            Some(rep) => {
                let load = crate::console::widget::gauge::figures(rep.load, rep.cap);
                row(canvas.t(T::Rep), &rep.name, &format!("{}  {}", load.trim(), rep.team))
            }
            None => (String::new(), false),
        },
    }
}

pub(super) fn views(canvas: &mut Canvas, body: Rect, picker: &Picker<u8>) {
    let rows = finding::views(canvas.model, picker.field.text());
    let inner = popup(canvas, body, canvas.t(T::ViewsTitle), 11);
    typed(canvas, inner, &picker.field);
    picker_rows(canvas, inner, &picker.list, &rows, |canvas, key, cells| {
        let Some(view) = canvas.model.find.views.get(&key) else { return (String::new(), false) };
        let name = fit_with(&view.name, 20, Align::Left, canvas.glyphs);
        let rest = fit_with(&about(canvas, view), cells.saturating_sub(25), Align::Left, canvas.glyphs);
        (format!("{key}  {name}  {rest}"), true)
    });
}

/// `waiting · score >= 80 · by score ▼`
fn about(canvas: &Canvas, view: &SavedView) -> String {
    let mut parts = vec![canvas.t(view.show.title()).to_owned()];
    if !view.filter.is_empty() {
        parts.push(view.filter.clone());
    }
    parts.extend(super::super::queue::sorted_by(canvas, view.sort));
    parts.join(&format!(" {} ", canvas.glyphs.separator))
}

pub(super) fn jump(canvas: &mut Canvas, body: Rect, jumping: &Jumping) {
    let inner = popup(canvas, body, canvas.t(T::JumpTitle), body.height.saturating_sub(4).min(16));
    typed(canvas, inner, &jumping.field);
    if jumping.field.text().trim().is_empty() {
        canvas.painted.pages.overlay = usize::from(inner.height.saturating_sub(1));
        let (text, muted) = (canvas.t(T::JumpHint), canvas.role(Role::Muted));
        canvas.put(inner.x + 3, inner.y + 1, text, inner.width.saturating_sub(4), muted);
        return;
    }
    picker_rows(canvas, inner, &jumping.list, &jumping.found, |canvas, id, cells| {
        let g = canvas.glyphs;
        let Some(lead) = canvas.model.desk.lead(id) else {
            return match jumping.closed.iter().find(|row| row.id == id) {
                Some(row) => (closed_row(canvas, row, cells), true),
                None => (id.to_string(), false),
            };
        };
        let who = match phone(canvas, &lead) {
            Some(phone) => format!("{}  {phone}", called(&lead)),
            None => called(&lead),
        };
        let owner = lead.owner.map_or_else(String::new, |rep| canvas.model.desk.rep_name(rep));
        let number = fit_with(&id.to_string(), 8, Align::Left, g);
        let who = fit_with(&who, who_cells(cells), Align::Left, g);
        let state = fit_with(canvas.t(state_word(lead.state)), 10, Align::Left, g);
        let rest = format!(
            "{state}  {}",
            fit_with(&format!("{owner}  {}", lead.source), left(cells), Align::Left, g)
        );
        (format!("{number}  {who}  {rest}"), true)
    });
}

/// What number, person and state leave of a row.
const fn left(cells: usize) -> usize {
    cells.saturating_sub(8 + 2 + who_cells(cells) + 2 + 10 + 2)
}

/// Cells of name and phone.
const fn who_cells(cells: usize) -> usize {
    if cells < 76 { 25 } else { 32 }
}

/// A closed lead: nobody sees its row in the queue any more, so it says when it closed.
fn closed_row(canvas: &Canvas, row: &Lead, cells: usize) -> String {
    let (desk, g) = (&canvas.model.desk, canvas.glyphs);
    let card = desk.card(row.id).unwrap_or_default();
    let phone = if card.phone.is_empty() { String::new() } else { mask_phone(&card.phone) };
    let name = if card.name.trim().is_empty() { row.attrs.company.as_str() } else { card.name.trim() };
    let number = fit_with(&row.id.to_string(), 8, Align::Left, g);
    let who = fit_with(&format!("{name}  {phone}"), who_cells(cells), Align::Left, g);
    let state = fit_with(canvas.t(state_word(row.state)), 10, Align::Left, g);
    let at = day_and_hour(row.touched.at, desk.moment());
    let owner = row.owner.map_or_else(String::new, |rep| desk.rep_name(rep));
    format!("{number}  {who}  {state}  {}", fit_with(&format!("{at}  {owner}"), left(cells), Align::Left, g))
}
