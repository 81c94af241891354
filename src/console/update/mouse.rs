//! Clicks, the wheel and dragging, on things the view reported.

use super::{build, go, marks, pick, rules, run, seeing};
use crate::console::command::table;
use crate::console::handwork::Marking;
use crate::console::key::{Code, Key};
use crate::console::model::{Divider, LEAD_ROWS, Model, Overlay, Pane};
use crate::console::msg::{Effect, Go, Target};
use crate::console::widget::list::Motion;

/// What the queue may take of the width, and the loads of the right side, in thousandths.
const COLUMNS_MILLI: (u16, u16) = (250, 750);
const RIGHT_MILLI: (u16, u16) = (200, 800);
/// Where the columns divide unless moved, in thousandths: the layout's 6 of 11.
const COLUMNS_DEFAULT_MILLI: u16 = 545;
/// A step of the keys that move it.
const STEP_MILLI: i16 = 50;
/// The fewest rows of the lead card.
const LEAD_ROWS_MIN: u16 = 3;

pub(super) fn click(model: &mut Model, target: Target) -> Vec<Effect> {
    model.dragged = None;
    // What lies under an overlay is out of reach.
    let is_covered = !model.overlays.is_empty();
    match target {
        Target::Command(id) => return table::by_id(id).map_or_else(Vec::new, |command| run(model, command)),
        Target::Item(index) => return item(model, index),
        Target::Overlay | Target::Editor => {}
        _ if is_covered => {}
        Target::Text { line, cell } => rules::click(model, line, usize::from(cell)),
        Target::Divider(divider) => {
            // The line is also the title of the pane below it.
            match divider {
                Divider::Columns => {}
                Divider::Right => model.focus = Pane::Alerts,
                Divider::Lead => model.focus = Pane::Lead,
            }
            model.dragged = Some(divider);
        }
        Target::Pane(pane) => model.focus = pane,
        Target::Lead(lead) => {
            model.focus = Pane::Queue;
            model.queue.select(lead, model.desk.queue(), model.pages.queue);
        }
        Target::Rep(rep) if seeing::is_roster(model) => {
            let rows = seeing::roster(model);
            model.see.roster.select(rep, &rows, model.pages.rules);
        }
        Target::Rep(rep) => {
            model.focus = Pane::Loads;
            let reps = model.desk.shown_reps();
            model.loads.select(rep, &reps, model.pages.loads);
        }
        Target::Alert(alert) => {
            model.focus = Pane::Alerts;
            let alerts: Vec<_> = model.desk.alerts().iter().map(|alert| alert.id).collect();
            model.alerts.select(alert, &alerts, model.pages.alerts);
        }
    }
    Vec::new()
}

/// A click on a lead with a key held down marks it, or everything from the last mark, else from the selected lead, to it.
pub(super) fn click_mark(model: &mut Model, target: Target, is_range: bool) -> Vec<Effect> {
    let Target::Lead(lead) = target else { return click(model, target) };
    if !model.overlays.is_empty() {
        return Vec::new();
    }
    if is_range && model.hand.anchor.is_none() {
        model.hand.anchor = model.queue.selected();
    }
    click(model, target);
    if is_range {
        return marks::marks(model, Marking::Range);
    }
    marks::turn(model, lead);
    Vec::new()
}

/// Clicking a row of a picker chooses it.
fn item(model: &mut Model, index: usize) -> Vec<Effect> {
    let rows = match model.overlays.last() {
        Some(
            Overlay::Help(_)
            | Overlay::Palette(_)
            | Overlay::Jump(_)
            | Overlay::Views(_)
            | Overlay::Assign(_)
            | Overlay::WhyNot { .. }
            | Overlay::HandTo { .. },
        ) => index,
        Some(Overlay::Build(_)) => return build::click(model, index),
        // In a sheet a click selects; what is done there is done by key.
        Some(Overlay::Sheet(_) | Overlay::Rules(_) | Overlay::Watching(_)) => {
            pick::shift(model, Motion::Home);
            (0..index).for_each(|_| pick::shift(model, Motion::Down));
            return Vec::new();
        }
        _ => return Vec::new(),
    };
    pick::shift(model, Motion::Home);
    (0..rows).for_each(|_| pick::shift(model, Motion::Down));
    go::go(model, Go::Accept)
}

pub(super) fn wheel(model: &mut Model, target: Target, rows: isize) -> Vec<Effect> {
    if !model.overlays.is_empty() {
        let motion = if rows < 0 { Motion::Up } else { Motion::Down };
        (0..rows.unsigned_abs()).for_each(|_| pick::shift(model, motion));
        return Vec::new();
    }
    let pages = model.pages;
    match target {
        _ if seeing::is_roster(model) => {
            let len = seeing::roster(model).len();
            model.see.roster.wheel(rows, len, pages.rules);
        }
        Target::Pane(Pane::Queue) | Target::Lead(_) => {
            model.queue.wheel(rows, model.desk.queue().len(), pages.queue)
        }
        Target::Pane(Pane::Loads) | Target::Rep(_) => {
            model.loads.wheel(rows, model.desk.shown_reps().len(), pages.loads)
        }
        Target::Pane(Pane::Alerts) | Target::Alert(_) => {
            model.alerts.wheel(rows, model.desk.alerts().len(), pages.alerts);
        }
        Target::Editor | Target::Text { .. } => {
            let code = if rows < 0 { Code::Up } else { Code::Down };
            return (0..rows.unsigned_abs()).flat_map(|_| rules::press(model, Key::plain(code))).collect();
        }
        Target::Pane(Pane::Lead)
        | Target::Item(_)
        | Target::Overlay
        | Target::Command(_)
        | Target::Divider(_) => {}
    }
    Vec::new()
}

/// Moves the divider that is held to this cell, as far as both sides stay readable.
pub(super) fn drag(model: &mut Model, x: u16, y: u16) -> Vec<Effect> {
    let size = model.size;
    let milli = |part: u16, whole: u16| {
        let milli = u32::from(part) * 1000 / u32::from(whole.max(1));
        u16::try_from(milli).unwrap_or(1000)
    };
    // A header above, the hints below.
    let body = size.rows.saturating_sub(2);
    match model.dragged {
        None => {}
        Some(Divider::Columns) => {
            let at = milli(x, size.cols).clamp(COLUMNS_MILLI.0, COLUMNS_MILLI.1);
            model.split.columns_milli = Some(at);
        }
        Some(Divider::Right) => {
            let upper = body.saturating_sub(model.split.lead_rows.unwrap_or(LEAD_ROWS));
            let at = milli(y.saturating_sub(1), upper).clamp(RIGHT_MILLI.0, RIGHT_MILLI.1);
            model.split.right_milli = Some(at);
        }
        Some(Divider::Lead) => {
            let rows = size.rows.saturating_sub(y + 1);
            model.split.lead_rows = Some(rows.clamp(LEAD_ROWS_MIN, (body / 2).max(LEAD_ROWS_MIN)));
        }
    }
    Vec::new()
}

/// The keys' way to move the line between the columns.
pub(super) fn nudge(model: &mut Model, steps: i16) {
    let here = model.split.columns_milli.unwrap_or(COLUMNS_DEFAULT_MILLI);
    let there = here.saturating_add_signed(steps.saturating_mul(STEP_MILLI));
    model.split.columns_milli = Some(there.clamp(COLUMNS_MILLI.0, COLUMNS_MILLI.1));
}
