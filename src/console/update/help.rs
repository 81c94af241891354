//! What an alert offers, done.

use super::{go, watching};
use crate::console::desk::{AlertId, Help};
use crate::console::model::{Model, OverlayKind, Pane, Screen, Severity};
use crate::console::msg::{Effect, Go, Order};
use crate::console::text::T;
use crate::model::actor::Role;
use crate::model::id::LeadId;
use crate::model::mode::Mode;

pub(super) fn help(model: &mut Model, alert: AlertId, choice: usize) -> Vec<Effect> {
    if watching::shown(model).is_some() {
        return watching::remedy(model, alert, choice);
    }
    let Some(help) =
        model.desk.alert(alert).and_then(|a| a.remedies.get(choice)).map(|(_, help)| help.clone())
    else {
        return Vec::new();
    };
    match help {
        Help::Remedy(at) => watching::remedy(model, alert, at),
        Help::Open(lead) => go::go(model, Go::Lead(lead)),
        Help::Assign(lead) => {
            go::go(model, Go::Lead(lead));
            if !allowed(model, Role::Coordinator) {
                return Vec::new();
            }
            model.marks.clear();
            go::go(model, Go::Open(OverlayKind::Assign))
        }
        Help::RaiseCap(rep) => {
            if !allowed(model, Role::Supervisor) {
                return Vec::new();
            }
            model.focus = Pane::Loads;
            let reps = model.desk.shown_reps();
            model.loads.select(rep, &reps, model.pages.loads);
            go::go(model, Go::Open(OverlayKind::Cap))
        }
        Help::Show(show) => {
            model.filter.clear();
            model.desk.set_filter("");
            model.desk.set_show(show);
            model.focus = Pane::Queue;
            super::news::sync(model);
            Vec::new()
        }
        Help::Both(a, b) => both(model, a, b),
        Help::Auto if model.desk.summary().mode == Mode::Auto => {
            model.say(Severity::Refused, T::AlreadyAuto);
            Vec::new()
        }
        Help::Auto => {
            if allowed(model, Role::Coordinator) {
                vec![Effect::Order(Order::SetMode(Mode::Auto))]
            } else {
                Vec::new()
            }
        }
        Help::Rules => {
            model.screen = Screen::Rules;
            Vec::new()
        }
    }
}

fn allowed(model: &mut Model, role: Role) -> bool {
    let may = model.may(role);
    if !may {
        model.say(Severity::Refused, T::NotAllowed);
    }
    may
}

/// The two leads of one person, and nothing else.
fn both(model: &mut Model, a: LeadId, b: LeadId) -> Vec<Effect> {
    model.desk.set_show(crate::console::desk::sieve::Show::All);
    model.filter = crate::console::widget::field::Field::new(&format!("{a} | {b}"));
    model.desk.set_filter_to(&[a, b], model.filter.text());
    model.focus = Pane::Queue;
    super::news::sync(model);
    go::go(model, Go::Lead(b))
}
