//! Handwork: the pool's view, how an assignment counts, and the soft hold that goes with it.

use super::{go, pick, sheet};
use crate::console::desk::sieve::Show;
use crate::console::handwork::Hand;
use crate::console::model::{Model, Overlay, Pane, Picker};
use crate::console::msg::{Effect, Order, Reply, Seen};
use crate::model::time::SECOND_MS;

/// With less than this left a key in the picker takes the hold anew, in milliseconds.
const RENEW_MS: i64 = 30 * SECOND_MS;

pub(super) fn hand(model: &mut Model, step: Hand) -> Vec<Effect> {
    match step {
        Hand::Open(kind) => return sheet::open(model, kind),
        Hand::DivertHere => return sheet::divert_here(model),
        Hand::Merge { keeps_first } => return sheet::merge(model, keeps_first),
        Hand::AskUnmerge => return sheet::ask_unmerge(model),
        Hand::Elsewhere => return sheet::elsewhere(model),
        Hand::Mine => return sheet::turn_mine(model),
        Hand::OutboxAll => return sheet::turn_outbox(model),
        Hand::OutboxRetry => return sheet::by_hand(model, true),
        Hand::OutboxDrop => return sheet::by_hand(model, false),
        Hand::StartTrial => return sheet::ask_trial(model),
        Hand::StartPromotion => return sheet::ask_promotion(model),
        Hand::Report => return sheet::report(model),
        Hand::HandTo => hand_to(model),
        Hand::HandTurn => {
            if let Some(Overlay::HandTo { uses_turn, .. }) = model.overlays.last_mut() {
                *uses_turn = !*uses_turn;
            }
        }
        Hand::Field { forward } => {
            if let Some(crate::console::handwork::sheet::Sheet::Form(form)) = sheet::top(model) {
                form.step(forward);
            }
        }
        Hand::Force => in_picker(model, |assigning| assigning.is_forced = !assigning.is_forced),
        Hand::Turn => in_picker(model, |assigning| assigning.uses_turn = !assigning.uses_turn),
        Hand::ShowPool => {
            model.desk.set_show(Show::Pool);
            model.focus = Pane::Queue;
            pick::reselect(model);
        }
    }
    Vec::new()
}

/// From the menu of a leaver's handover, or for the rep selected now.
fn hand_to(model: &mut Model) {
    let rep = match model.overlays.last() {
        Some(Overlay::Handover { rep }) => Some(*rep),
        _ => model.rep().map(|rep| rep.id),
    };
    if let Some(rep) = rep {
        model.overlays.push(Overlay::HandTo { rep, picker: Picker::default(), uses_turn: false });
        pick::refresh(model);
    }
}

/// The view after the present one; without a pool in the rules there is none of it.
pub(super) fn next_show(model: &Model) -> Show {
    let next = model.desk.show().next();
    if next == Show::Pool && model.desk.world().book().pool.is_none() { next.next() } else { next }
}

fn in_picker(model: &mut Model, change: impl FnOnce(&mut crate::console::model::Assigning)) {
    if let Some(Overlay::Assign(assigning)) = model.overlays.last_mut() {
        change(assigning);
    }
    pick::resync(model);
}

/// Those of `leads` the person does not hold already: a hold taken on purpose outlives the picker.
pub(super) fn unheld(model: &Model, leads: &Seen) -> Seen {
    let me = model.desk.me();
    let is_held = |lead| {
        let row = model.desk.world().lead(lead);
        row.and_then(|row| row.hold_at(model.now)).is_some_and(|hold| hold.actor == me)
    };
    leads.iter().copied().filter(|(lead, _)| !is_held(*lead)).collect()
}

/// A person who is choosing keeps the leads: a key late in the hold takes it anew.
pub(super) fn renew(model: &mut Model) -> Vec<Effect> {
    let now = model.now;
    let Some(assigning) = model.overlays.iter_mut().find_map(|overlay| match overlay {
        Overlay::Assign(assigning) => Some(assigning),
        _ => None,
    }) else {
        return Vec::new();
    };
    if assigning.holds.is_empty() || assigning.held_until.0 - now.0 > RENEW_MS {
        return Vec::new();
    }
    assigning.held_until = now.plus(go::HOLD_MS);
    let leads = assigning.holds.clone();
    vec![Effect::Order(Order::Hold { leads, for_ms: go::HOLD_MS, is_quiet: true })]
}

/// Leads a placement did not move are still held for a picker that is closed: the hold ends.
pub(super) fn leftover(model: &Model, order: &Order, reply: &Reply) -> Vec<Effect> {
    let Order::Place { leads, .. } = order else { return Vec::new() };
    let me = model.desk.me();
    let limit = model.now.plus(go::HOLD_MS);
    let stayed = |lead| match reply {
        Reply::Done(outcome) => outcome.skipped.iter().any(|(skipped, _)| *skipped == lead),
        Reply::Refused(_) | Reply::Failed(_) => true,
    };
    // A longer hold was taken on purpose.
    let is_pickers = |lead| {
        let hold = model.desk.world().lead(lead).and_then(|row| row.hold_at(model.now));
        hold.is_some_and(|hold| hold.actor == me && hold.until <= limit)
    };
    let leads: Seen = leads.iter().copied().filter(|(lead, _)| stayed(*lead) && is_pickers(*lead)).collect();
    if leads.is_empty() { Vec::new() } else { vec![Effect::Order(Order::Release { leads, is_quiet: true })] }
}
