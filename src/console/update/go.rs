//! Moving about: focus, lists, overlays, and the one way back home.

use super::{accept, build, finding, hand, help, marks, mouse, news, pick, rules, seeing};
use crate::console::desk::sieve::Show;
use crate::console::model::{Assigning, Model, Overlay, OverlayKind, Pane, Picker, Purpose, Screen};
use crate::console::msg::{Effect, Go, Order};
use crate::console::seeing::Seeing;
use crate::console::widget::field::Field;
use crate::console::widget::list::Motion;
use crate::model::id::LeadId;
use crate::model::time::SECOND_MS;

/// How long a picker holds its leads.
pub(super) const HOLD_MS: i64 = 60 * SECOND_MS;

pub(super) fn go(model: &mut Model, go: Go) -> Vec<Effect> {
    match go {
        Go::Move(motion) => shift(model, motion),
        Go::Focus(pane) => (model.screen, model.focus) = (Screen::Main, pane),
        Go::NextPane => (model.screen, model.focus) = (Screen::Main, neighbour(model.focus, 1)),
        Go::PreviousPane => {
            (model.screen, model.focus) = (Screen::Main, neighbour(model.focus, Pane::ALL.len() - 1));
        }
        Go::Back => return back(model),
        Go::Screen(screen) => return screen_to(model, screen),
        Go::Open(kind) => return open(model, kind),
        Go::Accept => return accept::accept(model),
        Go::Filter => return finding::begin_filter(model),
        Go::Seeing(step) => return seeing::seeing(model, step),
        Go::Finding(step) => return finding::finding(model, step),
        Go::NextShow => {
            model.desk.set_show(hand::next_show(model));
            pick::reselect(model);
        }
        Go::Mark => return marks::toggle(model),
        Go::Marks(marking) => return marks::marks(model, marking),
        Go::Hand(step) => return hand::hand(model, step),
        Go::Lead(lead) => to_lead(model, lead),
        Go::Help(alert, choice) => return help::help(model, alert, choice),
        Go::Rules(step) => return rules::step(model, step),
        Go::Format => return rules::format(model),
        Go::WhatIf(step) => return super::whatif::step(model, step),
        Go::Watch(step) => return super::watching::step(model, step),
        Go::Fix => return rules::fix(model),
        Go::Build(step) => return build::build(model, step),
        Go::NextProblem => rules::next_problem(model),
        Go::Split(steps) => mouse::nudge(model, steps),
    }
    Vec::new()
}

fn neighbour(pane: Pane, step: usize) -> Pane {
    let at = Pane::ALL.iter().position(|p| *p == pane).unwrap_or(0);
    Pane::ALL.get((at + step) % Pane::ALL.len()).copied().unwrap_or_default()
}

/// To a lead; what hides it gives way.
fn to_lead(model: &mut Model, lead: LeadId) {
    (model.screen, model.focus) = (Screen::Main, Pane::Queue);
    if model.queue.select(lead, model.desk.queue(), model.pages.queue) {
        return;
    }
    model.filter.clear();
    model.desk.set_filter("");
    let shows = model.desk.world().lead(lead).is_some_and(|row| model.desk.show().shows(row));
    if !shows {
        model.desk.set_show(Show::All);
    }
    news::sync(model);
    model.queue.select(lead, model.desk.queue(), model.pages.queue);
}

/// Opening the rules checks the draft at once: the roster may have changed since.
fn screen_to(model: &mut Model, screen: Screen) -> Vec<Effect> {
    model.screen = screen;
    news::sync(model);
    if screen == Screen::Rules { rules::opened(model) } else { Vec::new() }
}

/// One step home; the order is what a person sees on top.
fn back(model: &mut Model) -> Vec<Effect> {
    if super::watching::back(model) {
        return Vec::new();
    }
    if let Some(closed) = model.overlays.pop() {
        return match closed {
            Overlay::Assign(assigning) if !assigning.holds.is_empty() => {
                vec![Effect::Order(Order::Release { leads: assigning.holds, is_quiet: true })]
            }
            Overlay::Rules(sheet) => {
                rules::closed(model, *sheet);
                Vec::new()
            }
            _ => Vec::new(),
        };
    }
    if model.screen != Screen::Main {
        model.screen = Screen::Main;
        return Vec::new();
    }
    if model.is_filtering && model.find.chosen.take().is_some() {
        return Vec::new();
    }
    if model.is_filtering || !model.filter.is_empty() {
        model.is_filtering = false;
        model.find.offers.clear();
        model.filter.clear();
        return pick::refilter(model);
    } else if !model.marks.is_empty() {
        model.marks.clear();
    } else if model.notice.take().is_some() {
        // Read and done with.
    } else if model.focus != Pane::Queue {
        model.focus = Pane::Queue;
    } else if model.desk.frozen().is_some() {
        return seeing::seeing(model, Seeing::Freeze);
    } else {
        finding::arrange_anew(model);
    }
    Vec::new()
}

fn shift(model: &mut Model, motion: Motion) {
    model.find.hidden = None;
    let pages = model.pages;
    let reps = model.desk.shown_reps();
    if model.overlays.is_empty() {
        match model.focus {
            _ if seeing::is_roster(model) => {
                let rows = seeing::roster(model);
                model.see.roster.go(motion, &rows, pages.rules);
            }
            Pane::Queue | Pane::Lead => model.queue.go(motion, model.desk.queue(), pages.queue),
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
    let targets = model.targets();
    let prompt = |purpose| Overlay::Prompt { purpose, field: Field::default() };
    let mut effects = Vec::new();
    let overlay = match (kind, model.queue.selected()) {
        (OverlayKind::Help, _) => Overlay::Help(Picker::default()),
        (OverlayKind::Palette, _) => Overlay::Palette(Picker::default()),
        (OverlayKind::Import, _) => prompt(Purpose::Import),
        (OverlayKind::Cap, _) => match model.rep() {
            Some(rep) => {
                let field = Field::new(&rep.cap.map_or_else(String::new, |cap| cap.to_string()));
                Overlay::Prompt { purpose: Purpose::Cap(rep.id), field }
            }
            None => return effects,
        },
        (OverlayKind::WhyNot, _) => match model.overlays.last() {
            Some(Overlay::Why { lead, .. }) => Overlay::WhyNot { lead: *lead, picker: Picker::default() },
            _ => return effects,
        },
        (OverlayKind::Complain, Some(lead)) => prompt(Purpose::Complain(lead)),
        (OverlayKind::Why, Some(lead)) => Overlay::Why { lead, not: None, offset: 0 },
        (OverlayKind::Assign, _) if !targets.is_empty() => {
            let holds = hand::unheld(model, &targets);
            if !holds.is_empty() {
                let leads = holds.clone();
                effects.push(Effect::Order(Order::Hold { leads, for_ms: HOLD_MS, is_quiet: true }));
            }
            Overlay::Assign(Assigning {
                leads: targets,
                teams: model.desk.world().teams().keys().cloned().collect(),
                picker: Picker::default(),
                held_until: model.now.plus(HOLD_MS),
                holds,
                is_forced: false,
                uses_turn: true,
            })
        }
        (OverlayKind::Status, _) if !targets.is_empty() => Overlay::Status { leads: targets },
        (OverlayKind::Return, _) if !targets.is_empty() => prompt(Purpose::Return(targets)),
        (OverlayKind::Park, _) if !targets.is_empty() => prompt(Purpose::Park(targets)),
        (OverlayKind::Pool, _) if !targets.is_empty() => prompt(Purpose::Pool(targets)),
        (
            OverlayKind::Why
            | OverlayKind::Complain
            | OverlayKind::Assign
            | OverlayKind::Status
            | OverlayKind::Return
            | OverlayKind::Park
            | OverlayKind::Pool,
            _,
        ) => {
            return effects;
        }
    };
    // What was said before is about what is covered now.
    model.notice = None;
    model.overlays.push(overlay);
    pick::refresh(model);
    effects
}
