//! Moving about: focus, lists, overlays, and the one way back home.

use super::{pick, rules, run, step};
use crate::console::command::{Ready, palette, table};
use crate::console::model::{Model, Overlay, OverlayKind, Pane, Pending, Picker, Purpose, Screen, Severity};
use crate::console::msg::{Effect, Go, Msg, Order};
use crate::console::text::Say;
use crate::console::widget::field::Field;
use crate::console::widget::list::Motion;
use crate::model::id::RepId;

pub(super) fn go(model: &mut Model, go: Go) -> Vec<Effect> {
    match go {
        Go::Move(motion) => shift(model, motion),
        Go::Focus(pane) => model.focus = pane,
        Go::NextPane => model.focus = neighbour(model.focus, 1),
        Go::PreviousPane => model.focus = neighbour(model.focus, Pane::ALL.len() - 1),
        Go::Back => back(model),
        Go::Screen(screen) => model.screen = screen,
        Go::Open(kind) => return open(model, kind),
        Go::Accept => return accept(model),
        Go::Filter => (model.is_filtering, model.focus) = (true, Pane::Queue),
        Go::FilterDone => model.is_filtering = false,
        Go::Lead(lead) => {
            (model.screen, model.focus) = (Screen::Main, Pane::Queue);
            if !model.queue.select(lead, &model.queue_rows, model.pages.queue) {
                // Hidden by the filter, or not in the queue at all: show everything and try again.
                model.filter.clear();
                pick::refilter(model);
                model.queue.select(lead, &model.queue_rows, model.pages.queue);
            }
        }
        Go::NextProblem => rules::next_problem(model),
    }
    Vec::new()
}

fn neighbour(pane: Pane, step: usize) -> Pane {
    let at = Pane::ALL.iter().position(|p| *p == pane).unwrap_or(0);
    Pane::ALL.get((at + step) % Pane::ALL.len()).copied().unwrap_or_default()
}

/// One step home; the order is what a person sees on top.
fn back(model: &mut Model) {
    if model.overlays.pop().is_some() {
        return;
    }
    if model.is_filtering || !model.filter.is_empty() {
        model.is_filtering = false;
        model.filter.clear();
        pick::refilter(model);
    } else if model.screen != Screen::Main {
        model.screen = Screen::Main;
    } else if model.notice.take().is_none() {
        model.focus = Pane::Queue;
    }
}

fn shift(model: &mut Model, motion: Motion) {
    let pages = model.pages;
    let reps: Vec<RepId> = model.desk.reps().iter().map(|rep| rep.id).collect();
    if model.overlays.is_empty() {
        match model.focus {
            Pane::Queue | Pane::Lead => model.queue.go(motion, &model.queue_rows, pages.queue),
            Pane::Loads => model.loads.go(motion, &reps, pages.loads),
            Pane::Alerts => {
                let alerts: Vec<_> = model.desk.alerts().iter().map(|alert| alert.id).collect();
                model.alerts.go(motion, &alerts, pages.alerts);
            }
        }
        return;
    }
    pick::shift(model, motion);
}

fn open(model: &mut Model, kind: OverlayKind) -> Vec<Effect> {
    let lead = model.queue.selected();
    let overlay = match (kind, lead) {
        (OverlayKind::Help, _) => Overlay::Help(Picker::default()),
        (OverlayKind::Palette, _) => Overlay::Palette(Picker::default()),
        (OverlayKind::Assign, Some(lead)) => Overlay::Assign { leads: vec![lead], picker: Picker::default() },
        (OverlayKind::Status, Some(lead)) => Overlay::Status { lead },
        (OverlayKind::Return, Some(lead)) => {
            Overlay::Prompt { purpose: Purpose::Return(lead), field: Field::default() }
        }
        (OverlayKind::Park, Some(lead)) => {
            Overlay::Prompt { purpose: Purpose::Park(lead), field: Field::default() }
        }
        (OverlayKind::Why, Some(lead)) => {
            model.overlays.push(Overlay::Why { lead, lines: None, offset: 0 });
            return vec![Effect::Order(Order::Why { lead })];
        }
        (OverlayKind::WhyNot, _) => match model.overlays.last() {
            Some(Overlay::Why { lead, .. }) => Overlay::WhyNot { lead: *lead, picker: Picker::default() },
            _ => return Vec::new(),
        },
        (_, None) => return Vec::new(),
    };
    model.overlays.push(overlay);
    pick::refresh(model);
    Vec::new()
}

/// Enter in whatever is on top.
fn accept(model: &mut Model) -> Vec<Effect> {
    match model.overlays.pop() {
        Some(Overlay::Help(picker) | Overlay::Palette(picker)) => {
            match picker.list.selected().and_then(table::nth) {
                Some(command) => run(model, command),
                None => Vec::new(),
            }
        }
        Some(Overlay::Assign { leads, picker }) => assign(model, leads, picker),
        Some(Overlay::WhyNot { lead, picker }) => match picker.list.selected() {
            Some(rep) => vec![Effect::Order(Order::WhyNot { lead, rep })],
            None => Vec::new(),
        },
        Some(Overlay::Prompt { purpose, field }) => {
            let reason = field.text().trim().to_owned();
            let order = match purpose {
                Purpose::Return(lead) => Order::Return { lead, reason },
                Purpose::Park(lead) => Order::Park { lead, reason },
            };
            vec![Effect::Order(order)]
        }
        Some(Overlay::Confirm { pending, .. }) => confirmed(model, pending),
        Some(other @ (Overlay::Status { .. } | Overlay::Why { .. })) => {
            model.overlays.push(other);
            Vec::new()
        }
        None => Vec::new(),
    }
}

/// A rep who cannot take the lead by the rules is asked about once.
fn assign(model: &mut Model, leads: Vec<crate::model::id::LeadId>, picker: Picker<RepId>) -> Vec<Effect> {
    let Some(rep) = picker.list.selected().and_then(|id| model.desk.rep(id)) else { return Vec::new() };
    match &rep.refusal {
        None => vec![Effect::Order(Order::Assign { leads, rep: rep.id, is_forced: false })],
        Some(why) => {
            let question = Say::AskAssign(&rep.name, why);
            let pending = Pending::Assign { leads, rep: rep.id };
            model.overlays.push(Overlay::Confirm { question, pending });
            Vec::new()
        }
    }
}

fn confirmed(model: &mut Model, pending: Pending) -> Vec<Effect> {
    match pending {
        Pending::Assign { leads, rep } => vec![Effect::Order(Order::Assign { leads, rep, is_forced: true })],
        Pending::Command(id) => match table::by_id(id) {
            // The desk may have moved on while the question stood.
            Some(command) if palette::ready(model, model.place(), command).is_yes() => {
                let msg: Msg = (command.act)(model);
                step(model, msg)
            }
            Some(command) => {
                if let Ready::No(why) = palette::ready(model, model.place(), command) {
                    model.say(Severity::Refused, Say::CannotDo(command.title, &why));
                }
                Vec::new()
            }
            None => Vec::new(),
        },
    }
}
