//! Marks: which leads a command goes to. By id, so they outlive sorting, filters and whatever comes in.

use super::go;
use crate::console::handwork::Marking;
use crate::console::model::{Model, Severity};
use crate::console::msg::{Effect, Go};
use crate::console::text::{Say, T};
use crate::console::widget::list::Motion;
use crate::engine::intent::LEADS_MAX;
use crate::model::event::Event;
use crate::model::id::LeadId;

pub(super) fn marks(model: &mut Model, marking: Marking) -> Vec<Effect> {
    match marking {
        Marking::Range => range(model),
        Marking::All => add(model, model.desk.queue().to_vec()),
        Marking::Invert => invert(model),
        Marking::Clear => {
            model.marks.clear();
            model.hand.anchor = None;
        }
        Marking::Up => return step(model, Motion::Up),
        Marking::Down => return step(model, Motion::Down),
    }
    Vec::new()
}

/// Marks the selected lead, or takes its mark away, and goes on.
pub(super) fn toggle(model: &mut Model) -> Vec<Effect> {
    let Some(lead) = model.queue.selected() else { return Vec::new() };
    turn(model, lead);
    go::go(model, Go::Move(Motion::Down))
}

/// Marks a lead, or takes its mark away.
pub(super) fn turn(model: &mut Model, lead: LeadId) {
    if model.marks.remove(&lead) {
        model.hand.anchor = None;
    } else {
        add(model, vec![lead]);
    }
}

fn step(model: &mut Model, motion: Motion) -> Vec<Effect> {
    if let Some(lead) = model.queue.selected() {
        add(model, vec![lead]);
    }
    go::go(model, Go::Move(motion))
}

fn range(model: &mut Model) {
    let Some(here) = model.queue.selected() else { return };
    let rows = model.desk.queue();
    let place = |lead: LeadId| rows.iter().position(|row| *row == lead);
    let from = model.hand.anchor.and_then(place);
    let between = match (from, place(here)) {
        (Some(a), Some(b)) => rows.get(a.min(b)..=a.max(b)).unwrap_or_default().to_vec(),
        _ => vec![here],
    };
    add(model, between);
    model.hand.anchor = Some(here);
}

fn invert(model: &mut Model) {
    let rows = model.desk.queue().to_vec();
    let (marked, others): (Vec<LeadId>, Vec<LeadId>) =
        rows.into_iter().partition(|lead| model.marks.contains(lead));
    for lead in marked {
        model.marks.remove(&lead);
    }
    add(model, others);
}

/// Adds as many as one order may name, and says so when there are more.
fn add(model: &mut Model, leads: Vec<LeadId>) {
    let shown = leads.len();
    for lead in leads {
        if model.marks.len() >= LEADS_MAX && !model.marks.contains(&lead) {
            let many = shown > 1;
            let full = if many { Say::MarksFullOf(LEADS_MAX, shown) } else { Say::MarksFull(LEADS_MAX) };
            model.say(Severity::Refused, full);
            return;
        }
        model.marks.insert(lead);
        model.hand.anchor = Some(lead);
    }
}

/// Tells which marked leads others took off the desk; what else is done to them is a toast (`seeing::toasts`).
pub(super) fn told(model: &mut Model, events: &[Event]) {
    let me = model.desk.me();
    let is_gone = |lead: &LeadId| model.marks.contains(lead) && model.desk.world().lead(*lead).is_none();
    let gone =
        events.iter().filter(|event| event.actor != me && event.body.lead().is_some_and(|l| is_gone(&l)));
    let told: Vec<Say> = gone.filter_map(|event| model.desk.sentence(event)).collect();
    let desk = &model.desk;
    model.marks.retain(|lead| desk.world().lead(*lead).is_some());
    let Some(last) = told.last() else { return };
    let sentence = if told.len() > 1 { Say::WithMore(last, told.len() - 1) } else { last.clone() };
    model.say(Severity::Refused, Say::MarkLeft(&sentence));
}

/// The chip of the footer: how many, and how many of them are not to be seen.
#[must_use]
pub fn chip(model: &Model) -> Option<Say> {
    if model.marks.is_empty() {
        return None;
    }
    let away = model.marks.iter().filter(|lead| !model.desk.is_listed(**lead)).count();
    let count = model.marks.len();
    Some(if away > 0 { Say::MarkedAway(count, away) } else { Say::MarkedCount(count) })
}

/// After an order on several leads those that stayed are what is left to do.
pub(super) fn keep(model: &mut Model, stayed: &[LeadId]) {
    let desk = &model.desk;
    model.marks = stayed.iter().copied().filter(|lead| desk.world().lead(*lead).is_some()).collect();
    model.hand.anchor = None;
    if !model.marks.is_empty()
        && let Some(notice) = &mut model.notice
    {
        let still = Say::StillMarked(model.marks.len());
        notice.text = crate::console::desk::forecast::join(&[notice.text.clone(), still], "; ", "；");
    }
}

/// A word for what a bulk would do, for the question before it.
pub(super) fn ask(model: &Model, order: &crate::console::msg::Order) -> Say {
    use crate::console::msg::Order;
    let count = super::leads_of(order).map_or(model.marks.len(), Vec::len);
    let what = match order {
        Order::Recall { .. } => T::CmdRecall,
        Order::Free { .. } => T::CmdBackToEngine,
        Order::Claim { .. } => T::CmdClaim,
        Order::Accept { .. } => T::CmdAcceptLead,
        Order::Mark { state, .. } => crate::console::desk::lines::state_word(*state),
        _ => T::AssignTitle,
    };
    Say::AskMany(what, count)
}
