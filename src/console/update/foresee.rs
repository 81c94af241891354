//! What Enter would come to, worked out by the engine while a picker, prompt or question stands, and kept until the desk or
//! the choice is another.

use crate::console::desk::Choice;
use crate::console::handwork::{FRESH_MS, Foreseen};
use crate::console::model::{Assigning, Model, Overlay, Pending, Purpose};
use crate::console::msg::Order;
use crate::engine::To;

/// A reason nobody will read: the engine asks whether there is one.
const SOME_REASON: &str = "-";

/// Brings what is foreseen in line with what is on top.
pub(super) fn foresee(model: &mut Model) {
    let Some(order) = wanted(model) else {
        model.hand.foreseen = None;
        return;
    };
    let (seq, step) = (model.desk.world().seq(), model.now.0.div_euclid(FRESH_MS));
    let stands = |f: &Foreseen| f.order == order && f.seq == seq && f.step == step;
    if model.hand.foreseen.as_ref().is_some_and(stands) {
        return;
    }
    let forecast = model.desk.foresee(&order, named(model, &order), model.me.asked);
    let (words, over) = (forecast.words, forecast.over);
    model.hand.foreseen = Some(Foreseen { order, seq, step, words, over });
}

/// How many leads an order names.
fn named(model: &Model, order: &Order) -> usize {
    if let Order::Deactivate { rep, .. } = order {
        return model.desk.world().leads().filter(|lead| lead.owner == Some(*rep)).count();
    }
    crate::console::update::leads_of(order).map_or(1, Vec::len)
}

/// The order that Enter would give.
fn wanted(model: &Model) -> Option<Order> {
    match model.overlays.last()? {
        Overlay::Assign(assigning) => placing(assigning, assigning.picker.list.selected()?),
        Overlay::Prompt { purpose, .. } => match purpose {
            Purpose::Return(leads) => {
                Some(Order::Return { leads: leads.clone(), reason: SOME_REASON.into() })
            }
            Purpose::Park(leads) => Some(Order::Park { leads: leads.clone(), reason: SOME_REASON.into() }),
            Purpose::Pool(leads) => Some(Order::Pool { leads: leads.clone(), reason: String::new() }),
            Purpose::Force { leads, rep, uses_turn, .. } => Some(Order::Place {
                leads: leads.clone(),
                to: To::Rep(*rep),
                reason: SOME_REASON.into(),
                is_forced: true,
                uses_turn: *uses_turn,
            }),
            Purpose::Cap(_)
            | Purpose::Import
            | Purpose::Leave(_)
            | Purpose::SaveView
            | Purpose::Export(_)
            | Purpose::Snooze(..)
            | Purpose::AlertComment(..)
            | Purpose::FalseAlarm(..)
            | Purpose::Complain(_)
            | Purpose::Uphold(_)
            | Purpose::Reject(_)
            | Purpose::Unmerge => None,
        },
        Overlay::Confirm { pending: Pending::Order(order), .. } => Some((**order).clone()),
        _ => None,
    }
}

/// What choosing `choice` would order; without the reason that is asked for afterwards.
pub(super) fn placing(assigning: &Assigning, choice: Choice) -> Option<Order> {
    let leads = assigning.leads.clone();
    let is_forced = assigning.is_forced;
    let reason = if is_forced { SOME_REASON.to_owned() } else { String::new() };
    let to = match choice {
        Choice::Rep(rep) => To::Rep(rep),
        Choice::Team(index) => To::Team(assigning.teams.get(index)?.clone()),
        Choice::Engine => return Some(Order::Free { leads }),
    };
    let is_forced = is_forced && matches!(to, To::Rep(_));
    Some(Order::Place { leads, to, reason, is_forced, uses_turn: assigning.uses_turn })
}
