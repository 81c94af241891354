//! Clicks and the wheel, on things the view reported.

use super::{go, pick, run, seeing};
use crate::console::command::table;
use crate::console::model::{Model, Overlay, Pane};
use crate::console::msg::{Effect, Go, Target};
use crate::console::widget::list::Motion;

pub(super) fn click(model: &mut Model, target: Target) -> Vec<Effect> {
    // What lies under an overlay is out of reach.
    let is_covered = !model.overlays.is_empty();
    match target {
        Target::Command(id) => return table::by_id(id).map_or_else(Vec::new, |command| run(model, command)),
        Target::Item(index) => return item(model, index),
        Target::Overlay => {}
        _ if is_covered => {}
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

/// Clicking a row of a picker chooses it.
fn item(model: &mut Model, index: usize) -> Vec<Effect> {
    let rows = match model.overlays.last() {
        Some(
            Overlay::Help(_)
            | Overlay::Palette(_)
            | Overlay::Jump(_)
            | Overlay::Views(_)
            | Overlay::Assign(_)
            | Overlay::WhyNot { .. },
        ) => index,
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
        Target::Pane(Pane::Lead) | Target::Item(_) | Target::Overlay | Target::Command(_) => {}
    }
    Vec::new()
}
