//! What became of an order, as one sentence; and what this console may take back.

use super::news::mode_word;
use crate::console::desk::hour_and_minute;
use crate::console::desk::lines::state_word;
use crate::console::model::{Model, Overlay, Severity};
use crate::console::msg::{Effect, Order, Reply, Seen};
use crate::console::text::{Say, T};
use crate::engine::{Outcome, Refusal, Theirs, To};
use crate::model::lang::Lang;
use crate::model::time::MINUTE_MS;

pub(super) fn answered(model: &mut Model, order: &Order, reply: Reply) -> Vec<Effect> {
    match reply {
        Reply::Done(outcome) => done(model, order, &outcome),
        Reply::Refused(refusal) => {
            let text = refused(model, &refusal);
            close_if_held(model, order);
            model.say(Severity::Refused, text);
        }
        Reply::Failed(why) => {
            close_if_held(model, order);
            model.say(Severity::Refused, why);
        }
    }
    Vec::new()
}

/// A picker whose hold was refused must not stay: somebody else has the leads.
fn close_if_held(model: &mut Model, order: &Order) {
    if matches!(order, Order::Hold { is_quiet: true, .. })
        && matches!(model.overlays.last(), Some(Overlay::Assign(_)))
    {
        model.overlays.pop();
    }
}

/// A refusal in both languages.
pub(super) fn refused(model: &Model, refusal: &Refusal) -> Say {
    let clock = |at| hour_and_minute(at, model.desk.moment());
    Say::both(refusal.message(Lang::En, &clock), refusal.message(Lang::Zh, &clock))
}

fn done(model: &mut Model, order: &Order, outcome: &Outcome) {
    if let Order::Unmask { lead } = order {
        model.unmasked = Some(*lead);
        return;
    }
    let is_quiet =
        matches!(order, Order::Hold { is_quiet: true, .. } | Order::Release { is_quiet: true, .. });
    if let (true, Order::Hold { .. }, Some((_, refusal))) = (is_quiet, order, outcome.skipped.first()) {
        // Some are held by others: they stay, and the person hears whose they are.
        let why = refused(model, refusal);
        model.say(Severity::Refused, why);
        return;
    }
    if is_quiet {
        return;
    }
    let what = sentence(model, order);
    let is_undoable = !matches!(order, Order::Hold { .. } | Order::Release { .. } | Order::Undo { .. });
    if let (Some(batch), true) = (outcome.batch, is_undoable) {
        model.desk.did(batch, what.clone());
    }
    let text = match outcome.skipped.first() {
        Some((_, refusal)) => Say::ButKept(&what, outcome.skipped.len(), &refused(model, refusal)),
        None => what,
    };
    model.say(Severity::Done, text);
    if let Order::Publish { base, .. } = order {
        model.draft.base = crate::model::id::BookVersion(base.0 + 1);
    }
}

/// One lead by name, several by number.
fn leads(model: &Model, leads: &Seen) -> Say {
    match leads.as_slice() {
        [(lead, _)] => Say::verbatim(model.desk.called(*lead)),
        many => Say::ManyLeads(many.len()),
    }
}

/// What was done.
fn sentence(model: &Model, order: &Order) -> Say {
    match order {
        Order::Undo { batch } => {
            let what = model.desk.own_words(*batch).cloned();
            Say::DidUndo(&what.unwrap_or_else(|| Say::verbatim(batch.to_string())))
        }
        Order::SetMode(mode) => Say::DidMode(mode_word(*mode)),
        Order::SetDuty { rep, is_on } => {
            Say::DidDuty(&model.desk.rep_name(*rep), if *is_on { T::OnDuty } else { T::OffDuty })
        }
        Order::SetCap { rep, card } => {
            let cap =
                card.cap_open.map_or_else(|| Say::from(T::NoLimit), |cap| Say::verbatim(cap.to_string()));
            let name = model.desk.rep_name(*rep);
            Say::both(
                Say::DidCap(&name, cap.get(Lang::En)).get(Lang::En),
                Say::DidCap(&name, cap.get(Lang::Zh)).get(Lang::Zh),
            )
        }
        Order::SetLeaves { rep, leaves } => {
            let name = model.desk.rep_name(*rep);
            if leaves.is_empty() { Say::DidNoLeaves(&name) } else { Say::DidLeaves(&name) }
        }
        Order::Deactivate { rep, theirs } => {
            let name = model.desk.rep_name(*rep);
            match theirs {
                Theirs::Spread => Say::DidSpread(&name),
                Theirs::Park => Say::DidParkAll(&name),
                Theirs::Keep => Say::DidKeepAll(&name),
            }
        }
        Order::Publish { base, .. } => Say::DidPublish(base.0 + 1),
        Order::Sample => T::DidSample.into(),
        Order::Place { leads: on, .. }
        | Order::Recall { leads: on }
        | Order::Return { leads: on, .. }
        | Order::Park { leads: on, .. }
        | Order::Free { leads: on }
        | Order::Hold { leads: on, .. }
        | Order::Release { leads: on, .. }
        | Order::Accept { leads: on, .. }
        | Order::Mark { leads: on, .. } => {
            let on = leads(model, on);
            let word = |lang| about_leads(model, order, on.get(lang)).get(lang).to_owned();
            Say::both(word(Lang::En), word(Lang::Zh))
        }
        Order::Unmask { lead } => Say::verbatim(model.desk.called(*lead)),
    }
}

fn about_leads(model: &Model, order: &Order, on: &str) -> Say {
    match order {
        Order::Place { to: To::Rep(rep), .. } => Say::DidPlace(on, &model.desk.rep_name(*rep)),
        Order::Place { to: To::Team(team), .. } => Say::DidPlace(on, team.as_str()),
        Order::Recall { .. } => Say::DidRecall(on),
        Order::Return { .. } => Say::DidReturn(on),
        Order::Park { .. } => Say::DidPark(on),
        Order::Free { .. } => Say::DidFree(on),
        Order::Hold { for_ms, .. } => Say::DidHold(on, for_ms / MINUTE_MS),
        Order::Release { .. } => Say::DidRelease(on),
        Order::Mark { state, .. } => Say::DidMark(on, state_word(*state)),
        Order::Accept { .. } => Say::DidAccept(on),
        Order::Unmask { .. }
        | Order::Undo { .. }
        | Order::SetMode(_)
        | Order::SetDuty { .. }
        | Order::SetCap { .. }
        | Order::SetLeaves { .. }
        | Order::Deactivate { .. }
        | Order::Publish { .. }
        | Order::Sample => Say::verbatim(on),
    }
}
