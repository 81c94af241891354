//! Clicks and the wheel, on things the view reported.

use super::{go, pick, run};
use crate::console::command::table;
use crate::console::model::{Model, Overlay, Pane};
use crate::console::msg::{Effect, Go, Target};
use crate::console::widget::list::Motion;
use crate::model::id::RepId;

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
        Target::Rep(rep) => {
            model.focus = Pane::Loads;
            let reps: Vec<RepId> = model.desk.reps().iter().map(|rep| rep.id).collect();
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
        Some(Overlay::Help(_) | Overlay::Palette(_) | Overlay::Assign(_) | Overlay::WhyNot { .. }) => index,
        // In a sheet a click selects; what is done there is done by key.
        Some(Overlay::Sheet(_)) => {
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
        Target::Pane(Pane::Queue) | Target::Lead(_) => {
            model.queue.wheel(rows, model.desk.queue().len(), pages.queue)
        }
        Target::Pane(Pane::Loads) | Target::Rep(_) => {
            model.loads.wheel(rows, model.desk.reps().len(), pages.loads)
        }
        Target::Pane(Pane::Alerts) | Target::Alert(_) => {
            model.alerts.wheel(rows, model.desk.alerts().len(), pages.alerts);
        }
        Target::Pane(Pane::Lead) | Target::Item(_) | Target::Overlay | Target::Command(_) => {}
    }
    Vec::new()
}
