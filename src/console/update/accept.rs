//! Enter in whatever is on top: a choice, a line typed, a question answered.

use super::{finding, foresee, give, go, rules, run, seeing, sheet, step, watching};
use crate::console::card::Card;
use crate::console::command::palette::Goal;
use crate::console::command::{Ready, palette, table};
use crate::console::desk::Choice;
use crate::console::finding::Finding;
use crate::console::model::{Assigning, Model, Overlay, Pane, Pending, Purpose, Screen, Severity};
use crate::console::msg::{Effect, Errand, Go, Msg, Order};
use crate::console::seeing::Seeing;
use crate::console::text::Say;
use crate::console::widget::field::Field;
use crate::engine::{Theirs, To};
use crate::model::id::RepId;

pub(super) fn accept(model: &mut Model) -> Vec<Effect> {
    match model.overlays.pop() {
        Some(Overlay::Help(picker)) => command(model, picker.list.selected()),
        Some(Overlay::Palette(picker)) => goal(model, picker.list.selected()),
        Some(Overlay::Views(picker)) => match picker.list.selected() {
            Some(key) => finding::finding(model, Finding::View(key)),
            None => Vec::new(),
        },
        Some(Overlay::Jump(jumping)) => match jumping.list.selected() {
            // What is closed has no row to go to: its card tells of it.
            Some(lead) if jumping.closed.iter().any(|row| row.id == lead) => {
                model.find.closed = jumping.closed.into_iter().find(|row| row.id == lead).map(Box::new);
                seeing::seeing(model, Seeing::Card(Card::Lead(lead)))
            }
            Some(lead) => go::go(model, Go::Lead(lead)),
            None => {
                model.overlays.push(Overlay::Jump(jumping));
                Vec::new()
            }
        },
        Some(Overlay::Assign(assigning)) => assign(model, assigning),
        Some(Overlay::WhyNot { lead, picker }) => {
            if let Some(rep) = picker.list.selected() {
                // The card below answers; a second question replaces the first.
                model.overlays.retain(|overlay| !matches!(overlay, Overlay::Why { .. }));
                model.overlays.push(Overlay::Why { lead, not: Some(rep), offset: 0 });
            }
            Vec::new()
        }
        Some(Overlay::HandTo { rep, picker, uses_turn }) => {
            let heir = picker.list.selected();
            // The choice stays below: Esc leads back to it.
            model.overlays.push(Overlay::HandTo { rep, picker, uses_turn });
            if let Some(heir) = heir {
                let order = Order::Deactivate { rep, theirs: Theirs::To { rep: heir, uses_turn } };
                let question = Say::AskHandTo(&model.desk.rep_name(rep), &model.desk.rep_name(heir));
                model.overlays.push(Overlay::Confirm { question, pending: Pending::Order(Box::new(order)) });
            }
            Vec::new()
        }
        Some(Overlay::Prompt { purpose, field }) => prompted(model, purpose, field.text().trim()),
        Some(Overlay::Confirm { pending: Pending::Command(id), .. }) => confirmed(model, id),
        Some(Overlay::Confirm { pending: Pending::Order(order), .. }) => give(model, *order),
        Some(Overlay::Confirm { pending: Pending::Quit, .. }) => vec![Effect::Quit],
        Some(form @ Overlay::Sheet(_)) => {
            model.overlays.push(form);
            sheet::accept_form(model)
        }
        Some(sheet @ Overlay::Rules(_)) => {
            model.overlays.push(sheet);
            rules::step(model, crate::console::draft::step::Step::Do)
        }
        Some(
            other @ (Overlay::Status { .. }
            | Overlay::Why { .. }
            | Overlay::Card(_)
            | Overlay::Handover { .. }
            | Overlay::Watching(_)
            | Overlay::Build(_)),
        ) => {
            model.overlays.push(other);
            Vec::new()
        }
        None => Vec::new(),
    }
}

fn command(model: &mut Model, index: Option<usize>) -> Vec<Effect> {
    match index.and_then(table::nth) {
        Some(command) => run(model, command),
        None => Vec::new(),
    }
}

/// Where the palette leads.
fn goal(model: &mut Model, goal: Option<Goal>) -> Vec<Effect> {
    match goal {
        None => Vec::new(),
        Some(Goal::Command(index)) => command(model, Some(index)),
        Some(Goal::View(key)) => finding::finding(model, Finding::View(key)),
        Some(Goal::Show(show)) => {
            (model.screen, model.focus) = (Screen::Main, Pane::Queue);
            model.desk.set_show(show);
            super::news::sync(model);
            Vec::new()
        }
        Some(Goal::Promotion(place)) => {
            let effects = sheet::open_promotions(model, Some(place));
            super::pick::resync(model);
            effects
        }
        Some(Goal::Team(team)) => {
            let Some(team) = model.desk.teams().get(team).cloned() else { return Vec::new() };
            if let Some(first) = model.desk.reps().get(team.first).map(|rep| rep.id) {
                goal_rep(model, first);
            }
            seeing::seeing(model, Seeing::Card(Card::Team(team.name)))
        }
        Some(Goal::Rep(rep)) => {
            goal_rep(model, rep);
            seeing::seeing(model, Seeing::Card(Card::Rep(rep)))
        }
    }
}

fn goal_rep(model: &mut Model, rep: RepId) {
    (model.screen, model.focus) = (Screen::Main, Pane::Loads);
    seeing::unfold(model, rep);
    let reps = model.desk.shown_reps();
    model.loads.select(rep, &reps, model.pages.loads);
}

/// Somebody who cannot take the leads by the rules is asked about once, with the reason for the record.
fn assign(model: &mut Model, assigning: Assigning) -> Vec<Effect> {
    let Some(choice) = assigning.picker.list.selected() else {
        model.overlays.push(Overlay::Assign(assigning));
        return Vec::new();
    };
    let Some(order) = foresee::placing(&assigning, choice) else { return Vec::new() };
    if let Choice::Rep(rep) = choice {
        let all = super::pick::candidates(model, &assigning);
        let why = all.into_iter().find(|c| c.rep == rep).and_then(|c| c.refusal);
        // Foreseen for this very choice: how many go only because the person insists.
        let over = model.hand.foreseen.as_ref().filter(|f| f.order == order).map_or(0, |f| f.over);
        let why = why.or_else(|| (over > 0).then(|| Say::Insisted(over)));
        if let Some(why) = why {
            // The picker stays below, and with it the hold: Esc leads back to the choice.
            let (leads, uses_turn) = (assigning.leads.clone(), assigning.uses_turn);
            model.overlays.push(Overlay::Assign(assigning));
            let purpose = Purpose::Force { leads, rep, why, uses_turn };
            model.overlays.push(Overlay::Prompt { purpose, field: Field::default() });
            return Vec::new();
        }
    }
    let order = match order {
        Order::Place { leads, to, uses_turn, .. } => {
            Order::Place { leads, to, reason: String::new(), is_forced: false, uses_turn }
        }
        other => other,
    };
    let mut effects = Vec::new();
    if matches!(order, Order::Free { .. }) && !assigning.holds.is_empty() {
        effects.push(Effect::Order(Order::Release { leads: assigning.holds, is_quiet: true }));
    }
    effects.extend(give(model, order));
    effects
}

fn prompted(model: &mut Model, purpose: Purpose, text: &str) -> Vec<Effect> {
    let reason = text.to_owned();
    match purpose {
        Purpose::Return(leads) => give(model, Order::Return { leads, reason }),
        Purpose::Park(leads) => give(model, Order::Park { leads, reason }),
        Purpose::Pool(leads) => give(model, Order::Pool { leads, reason }),
        Purpose::Force { leads, rep, uses_turn, .. } => {
            model.overlays.retain(|overlay| !matches!(overlay, Overlay::Assign(_)));
            give(model, Order::Place { leads, to: To::Rep(rep), reason, is_forced: true, uses_turn })
        }
        Purpose::Cap(rep) => {
            let Some(state) = model.desk.world().rep(rep) else { return Vec::new() };
            let mut card = Box::new(state.card.clone());
            card.cap_open = text.parse::<u32>().ok();
            give(model, Order::SetCap { rep, card })
        }
        Purpose::Leave(rep) => seeing::leave(model, rep, text),
        Purpose::SaveView => finding::save_view(model, text),
        Purpose::Export(pane) => finding::export(model, pane, text),
        Purpose::Snooze(..) | Purpose::AlertComment(..) | Purpose::FalseAlarm(..) => {
            watching::prompted(model, purpose, text)
        }
        Purpose::Complain(lead) => give(model, Order::Complain { lead, why: reason }),
        Purpose::Uphold(_) | Purpose::Reject(_) => watching::ruled(model, purpose, text),
        Purpose::Unmerge => sheet::unmerge(model, text),
        Purpose::Import => step(model, Msg::Leave(Errand::Import(reason))),
    }
}

fn confirmed(model: &mut Model, id: &'static str) -> Vec<Effect> {
    let Some(command) = table::by_id(id) else { return Vec::new() };
    // The desk may have moved on while the question stood.
    match palette::ready(model, model.place(), command) {
        Ready::Yes => {
            let msg: Msg = (command.act)(model);
            step(model, msg)
        }
        Ready::No(why) => {
            model.say(Severity::Refused, Say::CannotDo(command.title, &why));
            Vec::new()
        }
    }
}
