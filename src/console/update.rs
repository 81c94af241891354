//! What a message does to the model, and what it asks of the outside. No IO, clock or ratatui.

use crate::console::command::keymap::Found;
use crate::console::command::{Command, Place, Ready, Risk, palette, table};
use crate::console::desk::AlertId;
use crate::console::desk::lines::alert_word;
use crate::console::key::{Code, Key};
use crate::console::model::{Dirty, Model, Overlay, Pending, Severity};
use crate::console::msg::{App, Effect, Msg, News, Order, Seen};
use crate::console::text::{Say, T};
use crate::model::lang::Lang;
use crate::model::time::Millis;
use crate::watch::tell::rings as rings_for;
use crate::watch::words;
use std::collections::BTreeSet;

mod accept;
mod answer;
pub mod build;
mod copy;
pub mod export;
pub mod finding;
mod foresee;
mod go;
mod hand;
mod help;
pub mod marks;
mod mouse;
mod news;
pub mod pick;
pub mod rules;
pub mod seeing;
pub mod sheet;
mod typing;
mod wants;
pub mod watching;
pub mod whatif;

pub use news::before;

/// Applies `msg`, which happened at `now`.
pub fn update(model: &mut Model, msg: Msg, now: Millis) -> Vec<Effect> {
    model.now = now;
    let urgency = match msg {
        // What a person waits for comes as news too.
        Msg::News(
            News::Answered { .. }
            | News::Contacts { .. }
            | News::Story { .. }
            | News::Batches(_)
            | News::Outbox { .. }
            | News::Papers { .. }
            | News::Promoted { .. }
            | News::Entry { .. }
            | News::Versions(_)
            | News::LeftDraft(_)
            | News::Remedies { .. }
            | News::AlertStory { .. }
            | News::Reviewed { .. },
        ) => Dirty::Key,
        Msg::News(_) | Msg::Tick | Msg::Focused(_) => Dirty::Data,
        _ => Dirty::Key,
    };
    model.soil(urgency);
    if matches!(msg, Msg::Key(_) | Msg::Click(_) | Msg::ClickMark { .. } | Msg::Wheel(..) | Msg::Paste(_)) {
        model.see.look(now);
    }
    let is_told = matches!(msg, Msg::News(_) | Msg::Tick);
    let mut effects = step(model, msg);
    if is_told && (model.has_bell || model.notify.is_some()) {
        effects.extend(rings(model));
    }
    effects.extend(wants::wants(model));
    foresee::foresee(model);
    effects
}

/// The bell and the notification for alerts that fire and did not a moment ago; those found on opening ring nothing, nor
/// does what is silenced, or only repeats what another alert says.
fn rings(model: &mut Model) -> Vec<Effect> {
    if !model.desk.is_loaded() {
        return Vec::new();
    }
    let firing: BTreeSet<AlertId> = model.desk.alerts().iter().map(|alert| alert.id).collect();
    let Some(before) = model.rung.replace(firing.clone()) else { return Vec::new() };
    let world = model.desk.world();
    let asked =
        |id: &AlertId| world.alerts().get(id).is_some_and(|a| rings_for(world, *id, a.detail.severity));
    let new = || firing.difference(&before).filter(|id| world.speaks(**id, model.now) && asked(id));
    let Some(first) = new().next().and_then(|id| world.alerts().get(id)) else { return Vec::new() };
    let mut effects = Vec::new();
    if model.has_bell {
        effects.push(Effect::Bell);
    }
    if let Some(osc) = model.notify {
        // By number and not by name: a notification is seen by whoever stands beside the screen.
        let cause = words::cause(world, &first.finding, &first.detail, model.lang);
        let kind = alert_word(first.finding.key.kind).get(model.lang);
        let text = match new().count() {
            1 => Say::Notification(kind, &cause),
            more => Say::NotificationMore(kind, &cause, more - 1),
        };
        effects.push(Effect::Notify(osc, text.get(model.lang).to_owned()));
    }
    effects
}

fn step(model: &mut Model, msg: Msg) -> Vec<Effect> {
    match msg {
        Msg::Key(key) => press(model, key),
        Msg::Paste(text) => typing::paste(model, &text),
        Msg::Click(target) => mouse::click(model, target),
        Msg::ClickMark { target, is_range } => mouse::click_mark(model, target, is_range),
        Msg::Wheel(target, rows) => mouse::wheel(model, target, rows),
        Msg::Drag(x, y) => mouse::drag(model, x, y),
        Msg::Drop => {
            model.dragged = None;
            Vec::new()
        }
        Msg::Resize(size) => {
            model.size = size;
            Vec::new()
        }
        Msg::Focused(has_focus) => {
            model.has_focus = has_focus;
            Vec::new()
        }
        Msg::Tick => {
            model.desk.refresh(model.now);
            model.see.expire(model.now);
            news::sync(model);
            rules::ticked(model)
        }
        Msg::Resumed => vec![Effect::Redraw],
        Msg::Terminate => app_step(model, App::Interrupt),
        Msg::Run(id) => table::by_id(id).map_or_else(Vec::new, |command| run(model, command)),
        Msg::Go(go) => go::go(model, go),
        Msg::App(app) => app_step(model, app),
        Msg::Leave(errand) => {
            let effects = app_step(model, App::Quit);
            model.errand = Some(errand);
            effects
        }
        Msg::Order(order) => order_step(model, order),
        Msg::News(news) => news::news(model, news),
    }
}

/// Looks the key up; what is no command is typed, where something can be typed.
fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    let mut effects = hand::renew(model);
    effects.extend(pressed(model, key));
    effects
}

fn pressed(model: &mut Model, key: Key) -> Vec<Effect> {
    let place = model.place();
    if !model.chord.is_empty() && key == Key::plain(Code::Esc) {
        model.chord.clear();
        return Vec::new();
    }
    model.chord.push(key);
    match model.keymap.find(place, &model.chord) {
        Found::Command(command) => {
            model.chord.clear();
            run(model, command)
        }
        Found::Prefix => Vec::new(),
        Found::Nothing => {
            let keys = std::mem::take(&mut model.chord);
            unbound(model, place, key, &keys)
        }
    }
}

fn unbound(model: &mut Model, place: Place, key: Key, keys: &[Key]) -> Vec<Effect> {
    if place == Place::Offers && key.typed().is_none() {
        // What is chosen gives way to a key that means something to the editor.
        model.draft.chosen = None;
        return pressed(model, key);
    }
    if place.is_text() {
        return typing::press(model, key);
    }
    let shown: Vec<String> = keys.iter().map(Key::to_string).collect();
    model.say(Severity::Refused, Say::UnknownKey(&shown.join(" ")));
    Vec::new()
}

/// Runs a command if it is ready, says why not otherwise, and asks first where a mistake would be dear.
pub fn run(model: &mut Model, command: &'static Command) -> Vec<Effect> {
    match palette::ready(model, model.place(), command) {
        Ready::No(why) => {
            model.say(Severity::Refused, Say::CannotDo(command.title, &why));
            Vec::new()
        }
        Ready::Yes if command.risk == Risk::Destructive => {
            let question = Say::AskDo(command.title);
            model.overlays.push(Overlay::Confirm { question, pending: Pending::Command(command.id) });
            Vec::new()
        }
        Ready::Yes => {
            let msg = (command.act)(model);
            // In the sheet of proposals the next one is selected before this one leaves.
            if let (Msg::Order(order @ Order::Accept { .. }), Place::Proposals) = (&msg, model.place())
                && leads_of(order).is_some_and(|leads| leads.len() == 1)
            {
                return sheet::accept(model, order.clone());
            }
            step(model, msg)
        }
    }
}

fn app_step(model: &mut Model, app: App) -> Vec<Effect> {
    match app {
        App::SwitchLang => {
            model.lang = if model.lang == Lang::En { Lang::Zh } else { Lang::En };
            // Cards keep their lines: they are worded anew.
            news::sync(model);
            Vec::new()
        }
        App::ToggleMouse => {
            model.is_mouse_on = !model.is_mouse_on;
            vec![Effect::Mouse(model.is_mouse_on)]
        }
        App::Copy => copy::copy(model),
        App::Redraw => vec![Effect::Redraw],
        App::Suspend => vec![Effect::Suspend],
        App::Quit if model.draft.is_changed() => {
            model.errand = None;
            let question = T::AskQuit.into();
            model.overlays.push(Overlay::Confirm { question, pending: Pending::Quit });
            Vec::new()
        }
        App::Quit | App::Interrupt => {
            model.errand = None;
            vec![Effect::Quit]
        }
    }
}

/// The leads an order is about, with what was seen of them, where it names them.
pub(crate) fn leads_of(order: &Order) -> Option<&Seen> {
    match order {
        Order::Place { leads, .. }
        | Order::Recall { leads }
        | Order::Return { leads, .. }
        | Order::Park { leads, .. }
        | Order::Pool { leads, .. }
        | Order::Claim { leads }
        | Order::Free { leads }
        | Order::Hold { leads, .. }
        | Order::Release { leads, .. }
        | Order::Mark { leads, .. }
        | Order::Merge { leads, .. }
        | Order::Accept { leads, .. } => Some(leads),
        Order::Unmask { .. }
        | Order::Undo { .. }
        | Order::Redo { .. }
        | Order::Divert(_)
        | Order::EndDivert { .. }
        | Order::StartPromotion { .. }
        | Order::StopPromotion { .. }
        | Order::StartTrial(_)
        | Order::StopTrial
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
        | Order::Sample => None,
    }
}

/// An order on several leads that was given by one key is shown first: what it would come to, and Enter.
fn order_step(model: &mut Model, order: Order) -> Vec<Effect> {
    let asks = matches!(
        order,
        Order::Recall { .. }
            | Order::Free { .. }
            | Order::Claim { .. }
            | Order::Mark { .. }
            | Order::Accept { .. }
    );
    if !asks || leads_of(&order).is_none_or(|leads| leads.len() < 2) {
        return give(model, order);
    }
    if matches!(model.overlays.last(), Some(Overlay::Status { .. })) {
        model.overlays.pop();
    }
    let question = marks::ask(model, &order);
    model.overlays.push(Overlay::Confirm { question, pending: Pending::Order(Box::new(order)) });
    Vec::new()
}

fn give(model: &mut Model, order: Order) -> Vec<Effect> {
    // The menu of statuses has served; every other overlay closes by its own step.
    while matches!(
        model.overlays.last(),
        Some(Overlay::Status { .. } | Overlay::Handover { .. } | Overlay::HandTo { .. })
    ) {
        model.overlays.pop();
    }
    model.notice = None;
    // Marked leads were meant for one command.
    if leads_of(&order).is_some()
        && !matches!(order, Order::Hold { is_quiet: true, .. } | Order::Release { is_quiet: true, .. })
    {
        model.marks.clear();
    }
    vec![Effect::Order(order)]
}
