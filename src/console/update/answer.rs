//! What became of an order, as one sentence; and what this console may take back.

use crate::console::desk::forecast::{join, kept};
use crate::console::desk::lines::state_word;
use crate::console::desk::mode_word;
use crate::console::handwork::form::{Entry, Slot};
use crate::console::model::{Model, Overlay, Severity};
use crate::console::msg::{Effect, Order, Reply, Seen};
use crate::console::text::{Say, T};
use crate::engine::{AlertWish, Outcome, Refusal, Taken, Theirs, To};
use crate::model::lang::Lang;
use crate::model::time::MINUTE_MS;

pub(super) fn answered(model: &mut Model, order: &Order, reply: Reply) -> Vec<Effect> {
    let leftover = super::hand::leftover(model, order, &reply);
    let mut overtaken = Vec::new();
    match reply {
        Reply::Done(outcome) => {
            done(model, order, &outcome);
            if !is_quiet(order) && super::leads_of(order).is_some_and(|leads| leads.len() > 1) {
                let stayed: Vec<_> = outcome.skipped.iter().map(|(lead, _)| *lead).collect();
                super::marks::keep(model, &stayed);
            }
        }
        // Nobody waits for the end of a hold.
        Reply::Refused(_) if matches!(order, Order::Release { is_quiet: true, .. }) => {}
        Reply::Refused(refusal) => {
            let text = refused(model, &refusal);
            give_up(model, order);
            close_if_held(model, order);
            if matches!(refusal, Refusal::BookMoved { .. }) {
                overtaken = super::rules::overtaken(model);
            }
            model.say(Severity::Refused, text);
        }
        Reply::Failed(why) => {
            close_if_held(model, order);
            model.say(Severity::Refused, why);
        }
    }
    let mut effects = leftover;
    effects.extend(overtaken);
    if matches!(order, Order::Publish { .. }) {
        effects.extend(super::rules::keep(model));
    }
    if !is_quiet(order) {
        effects.extend(super::sheet::refresh(model));
    }
    effects
}

/// What became of a lead that was typed in.
fn entered(model: &Model, entry: &Entry, outcome: &Outcome) -> Say {
    match (entry.lead, outcome.taken.first()) {
        (Some((lead, _)), _) => Say::DidEdit(&model.desk.called(lead)),
        (None, Some(Taken::Known(lead))) => Say::KnownLead(&lead.to_string()),
        (None, taken) => {
            let id = taken.map_or_else(String::new, |taken| taken.lead().to_string());
            let name = entry.values.iter().find(|(slot, _)| *slot == Slot::Name);
            Say::DidAdd(&id, name.map_or("", |(_, name)| name))
        }
    }
}

/// A lock of the picker, of which only trouble is told.
fn is_quiet(order: &Order) -> bool {
    matches!(order, Order::Hold { is_quiet: true, .. } | Order::Release { is_quiet: true, .. })
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
    model.desk.refusal(refusal)
}

fn done(model: &mut Model, order: &Order, outcome: &Outcome) {
    if let Order::Unmask { lead } = order {
        model.unmasked = Some(*lead);
        return;
    }
    let is_quiet = is_quiet(order);
    if let (true, Order::Hold { .. }, Some((_, refusal))) = (is_quiet, order, outcome.skipped.first()) {
        // Some are held by others: they stay, and the person hears whose they are.
        let why = refused(model, refusal);
        model.say(Severity::Refused, why);
        return;
    }
    if is_quiet {
        return;
    }
    let what = sentence(model, order, outcome);
    let is_undoable = !matches!(
        order,
        Order::Hold { .. }
            | Order::Release { .. }
            | Order::Undo { .. }
            | Order::Alert { wish: AlertWish::Comment | AlertWish::Close(_), .. }
    );
    if let (Some(batch), true) = (outcome.batch, is_undoable) {
        let words = redo_words(model, order).unwrap_or_else(|| what.clone());
        model.desk.did(batch, words);
    }
    note_redo(model, order, outcome);
    let text = match (outcome.skipped.as_slice(), kept(&outcome.skipped)) {
        ([(_, refusal)], _) => Say::ButKept(&what, 1, &refused(model, refusal)),
        (_, Some(stay)) => join(&[what, stay], "; ", "；"),
        (_, None) => what,
    };
    model.say(Severity::Done, text);
    // Going back to an old version leaves a draft on what it was begun on.
    if let Order::Publish { base, text, .. } = order
        && model.draft.editor.text() == text
    {
        model.draft.base = crate::model::id::BookVersion(base.0 + 1);
        model.draft.base_text.clone_from(text);
    }
}

/// What a redo brings back, in the words of the work itself.
fn redo_words(model: &Model, order: &Order) -> Option<Say> {
    let Order::Redo { batch } = order else { return None };
    model.hand.redo.iter().find(|(undo, _)| undo == batch).map(|(_, what)| what.clone())
}

/// An own undo can be taken back until something else is done.
fn note_redo(model: &mut Model, order: &Order, outcome: &Outcome) {
    match (order, outcome.batch) {
        (Order::Undo { batch }, Some(undo)) => {
            let what = model.desk.own_words(*batch).cloned();
            model.hand.redo.push((undo, what.unwrap_or_else(|| Say::verbatim(batch.to_string()))));
        }
        (Order::Redo { batch }, _) => model.hand.redo.retain(|(undo, _)| undo != batch),
        (Order::Hold { .. } | Order::Release { .. }, _) => {}
        _ => model.hand.redo.clear(),
    }
}

/// What cannot be taken back (any more) must not stand in the way of what can.
fn give_up(model: &mut Model, order: &Order) {
    match order {
        Order::Undo { batch } => model.desk.forget_own(*batch),
        Order::Redo { batch } => model.hand.redo.retain(|(undo, _)| undo != batch),
        _ => {}
    }
}

/// One lead by name, several by number: those that were changed, of those that were meant.
fn leads(model: &Model, leads: &Seen, done: usize) -> Say {
    match leads.as_slice() {
        [(lead, _)] => Say::verbatim(model.desk.called(*lead)),
        many => Say::ManyLeads(if done > 0 { done } else { many.len() }),
    }
}

/// What was done.
fn sentence(model: &Model, order: &Order, outcome: &Outcome) -> Say {
    match order {
        Order::Undo { batch } => {
            let what = model.desk.own_words(*batch).cloned();
            Say::DidUndo(&what.unwrap_or_else(|| Say::verbatim(batch.to_string())))
        }
        Order::Redo { batch } => {
            let what = redo_words(model, order);
            Say::DidRedo(&what.unwrap_or_else(|| Say::verbatim(batch.to_string())))
        }
        Order::Divert(wish) => {
            let (en, zh) = [Lang::En, Lang::Zh].map(|lang| model.desk.divert_words(wish, lang)).into();
            Say::both(Say::DidDivert(&en).get(Lang::En), Say::DidDivert(&zh).get(Lang::Zh))
        }
        Order::EndDivert { divert } => Say::DidEndDivert(&divert.to_string()),
        Order::Remedy { what, .. } => what.clone(),
        Order::Alert { wish, .. } => match wish {
            AlertWish::Acknowledge { .. } => T::DidAck.into(),
            AlertWish::Snooze { until } => Say::DidSnooze(&model.desk.until_words(*until)),
            AlertWish::Reopen => T::DidReopen.into(),
            AlertWish::Comment => T::DidComment.into(),
            AlertWish::Close(_) => T::DidFalseAlarm.into(),
        },
        Order::Silence { until, .. } => Say::DidSilence(&model.desk.until_words(*until)),
        Order::EndSilence { silence } => Say::DidEndSilence(&silence.to_string()),
        Order::Complain { lead, .. } => Say::DidComplain(&model.desk.called(*lead)),
        Order::RuleOn { complaint, is_upheld: true, .. } => Say::DidUphold(&complaint.to_string()),
        Order::RuleOn { complaint, .. } => Say::DidReject(&complaint.to_string()),
        Order::StartPromotion { promotion, until, .. } => {
            Say::DidStartPromotion(promotion, &model.desk.until_words(*until))
        }
        Order::StartTrial(_) => T::DidStartTrial.into(),
        Order::StopTrial => T::DidStopTrial.into(),
        Order::StopPromotion { promotion } => Say::DidStopPromotion(promotion),
        Order::Merge { into, leads } => Say::DidMerge(leads.len(), &model.desk.called(into.0)),
        Order::Unmerge { lead } => Say::DidUnmerge(&model.desk.called(*lead)),
        Order::Enter { entry, .. } => entered(model, entry, outcome),
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
                Theirs::To { rep, .. } => Say::DidHandTo(&name, &model.desk.rep_name(*rep)),
            }
        }
        Order::Publish { base, .. } => {
            let done = Say::DidPublish(base.0 + 1);
            // Parked leads wait for a person, but nobody knows that who has just written their first rule.
            match model.desk.unmatched().count() {
                0 => done,
                count => join(&[done, Say::StillUnmatched(count)], "; ", "；"),
            }
        }
        Order::Sample => T::DidSample.into(),
        Order::Place { leads: on, .. }
        | Order::Recall { leads: on }
        | Order::Return { leads: on, .. }
        | Order::Park { leads: on, .. }
        | Order::Pool { leads: on, .. }
        | Order::Claim { leads: on }
        | Order::Free { leads: on }
        | Order::Hold { leads: on, .. }
        | Order::Release { leads: on, .. }
        | Order::Accept { leads: on, .. }
        | Order::Mark { leads: on, .. } => {
            let on = leads(model, on, outcome.done.len());
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
        Order::Pool { .. } => Say::DidPool(on),
        Order::Claim { .. } => Say::DidClaim(on),
        Order::Free { .. } => Say::DidFree(on),
        Order::Hold { for_ms, .. } => Say::DidHold(on, for_ms / MINUTE_MS),
        Order::Release { .. } => Say::DidRelease(on),
        Order::Mark { state, .. } => Say::DidMark(on, state_word(*state)),
        Order::Accept { .. } => Say::DidAccept(on),
        Order::Unmask { .. }
        | Order::Undo { .. }
        | Order::Redo { .. }
        | Order::Divert(_)
        | Order::EndDivert { .. }
        | Order::StartPromotion { .. }
        | Order::StopPromotion { .. }
        | Order::StartTrial(_)
        | Order::StopTrial
        | Order::Merge { .. }
        | Order::Unmerge { .. }
        | Order::Enter { .. }
        | Order::SetMode(_)
        | Order::SetDuty { .. }
        | Order::SetCap { .. }
        | Order::SetLeaves { .. }
        | Order::Deactivate { .. }
        | Order::Publish { .. }
        | Order::Alert { .. }
        | Order::Silence { .. }
        | Order::EndSilence { .. }
        | Order::Complain { .. }
        | Order::RuleOn { .. }
        | Order::Remedy { .. }
        | Order::Sample => Say::verbatim(on),
    }
}
