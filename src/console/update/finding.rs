//! Finding, step by step: completion of the filter, the order of the queue, kept views, jumping, lists on their way to a file.

use super::{news, pick};
use crate::console::desk::sieve::Show;
use crate::console::finding::{Finding, Jumping, SavedView, Sort, key_for};
use crate::console::model::{Model, Overlay, Pane, Picker, Purpose, Screen, Severity};
use crate::console::msg::{Ask, Effect, Export};
use crate::console::text::{Say, T};
use crate::console::widget::field::Field;
use crate::console::widget::list::ListState;
use crate::model::id::LeadId;
use crate::model::lead::Lead;
use crate::rulebook::{Offer, Vocabulary, complete};
use std::sync::Arc;

pub(super) fn finding(model: &mut Model, finding: Finding) -> Vec<Effect> {
    match finding {
        Finding::Sort => {
            let by = model.desk.sort().by.next();
            sort(model, Sort { by, is_reversed: false });
        }
        Finding::SortReverse => {
            let Sort { by, is_reversed } = model.desk.sort();
            sort(model, Sort { by, is_reversed: !is_reversed });
        }
        Finding::View(key) => return view(model, key),
        Finding::SaveView => prompt(model, Purpose::SaveView, Field::default()),
        Finding::Views => {
            model.overlays.push(Overlay::Views(Picker::default()));
            pick::refresh(model);
        }
        Finding::RemoveView => return remove_view(model),
        Finding::TakeOffer => return take_offer(model),
        Finding::NextOffer => choose_offer(model, 1),
        Finding::PreviousOffer => choose_offer(model, -1),
        Finding::FilterEnter if model.find.chosen.is_some() => return take_offer(model),
        Finding::FilterEnter => {
            model.is_filtering = false;
            model.find.offers.clear();
        }
        Finding::Jump => jump(model),
        Finding::Export => {
            let field = Field::new(&super::export::file_name(model));
            prompt(model, Purpose::Export(model.focus), field);
        }
    }
    Vec::new()
}

fn prompt(model: &mut Model, purpose: Purpose, field: Field) {
    model.overlays.push(Overlay::Prompt { purpose, field });
}

pub(super) fn sort(model: &mut Model, sort: Sort) {
    model.desk.set_sort(sort);
    news::sync(model);
}

/// The queue as it opens: view and order.
pub(super) fn arrange_anew(model: &mut Model) {
    model.desk.set_show(Show::default());
    model.desk.set_sort(Sort::default());
    pick::reselect(model);
}

/// The filter's input opens; the words of the desk are read anew meanwhile, from every lead.
pub(super) fn begin_filter(model: &mut Model) -> Vec<Effect> {
    (model.is_filtering, model.screen, model.focus) = (true, Screen::Main, Pane::Queue);
    refresh_offers(model);
    vec![Effect::Ask(Ask::Words(model.desk.look()))]
}

/// The words came: offers that were made without them are made again.
pub(super) fn words_came(model: &mut Model, words: Arc<Vocabulary>) {
    model.find.words = Some(words);
    if model.is_filtering && model.find.chosen.is_none() {
        refresh_offers(model);
    }
}

/// What may stand at the cursor, in the words that are known by now.
fn offers(model: &Model) -> Vec<Offer> {
    let words = model.find.words.clone().unwrap_or_default();
    complete(model.filter.text(), model.filter.cursor(), &words)
}

/// What the text may go on with; on an empty line nothing pushes itself forward.
pub(super) fn refresh_offers(model: &mut Model) {
    let text = model.filter.text();
    model.find.chosen = None;
    model.find.offers =
        if text.trim().is_empty() || !model.is_filtering { Vec::new() } else { offers(model) };
}

fn choose_offer(model: &mut Model, step: isize) {
    let len = model.find.offers.len();
    let next = match model.find.chosen {
        None if step > 0 => 0,
        None => len.saturating_sub(1),
        Some(at) => (at + len).saturating_add_signed(step) % len.max(1),
    };
    model.find.chosen = (len > 0).then_some(next);
}

fn take_offer(model: &mut Model) -> Vec<Effect> {
    if model.find.offers.is_empty() {
        let text = model.filter.text();
        if text.trim().is_empty() {
            model.find.offers = offers(model);
        }
        return Vec::new();
    }
    let Some(offer) = model.find.offers.get(model.find.chosen.unwrap_or(0)).cloned() else {
        return Vec::new();
    };
    let goes_on = model.filter.text().get(offer.span.end..).is_some_and(|rest| rest.starts_with(' '));
    let gap = if goes_on || offer.text == "(" { "" } else { " " };
    model.filter.replace(offer.span.start, offer.span.end, &format!("{}{gap}", offer.text));
    let effects = pick::refilter(model);
    refresh_offers(model);
    effects
}

fn view(model: &mut Model, key: u8) -> Vec<Effect> {
    let Some(view) = model.find.views.get(&key).cloned() else { return Vec::new() };
    (model.screen, model.focus, model.is_filtering) = (Screen::Main, Pane::Queue, false);
    model.find.offers.clear();
    model.filter = Field::new(&view.filter);
    model.desk.set_show(view.show);
    model.desk.set_sort(view.sort);
    pick::refilter(model)
}

/// Keeps what is shown under `name`; the same name again replaces it.
pub(super) fn save_view(model: &mut Model, name: &str) -> Vec<Effect> {
    let Some(key) = key_for(&model.find.views, name) else {
        model.say(Severity::Refused, T::NoFreeKey);
        return Vec::new();
    };
    let filter = model.filter.text().trim().to_owned();
    let view = SavedView { name: name.to_owned(), filter, show: model.desk.show(), sort: model.desk.sort() };
    model.find.views.insert(key, view);
    model.say(Severity::Done, Say::DidSaveView(name, key));
    vec![Effect::Ask(Ask::KeepViews(model.find.views.clone()))]
}

fn remove_view(model: &mut Model) -> Vec<Effect> {
    let key = match model.overlays.last() {
        Some(Overlay::Views(picker)) => picker.list.selected(),
        _ => None,
    };
    let Some(view) = key.and_then(|key| model.find.views.remove(&key)) else { return Vec::new() };
    model.say(Severity::Done, Say::DidRemoveView(&view.name));
    if model.find.views.is_empty() {
        model.overlays.pop();
    } else {
        pick::refresh(model);
    }
    vec![Effect::Ask(Ask::KeepViews(model.find.views.clone()))]
}

/// The kept views by name.
#[must_use]
pub fn views(model: &Model, typed: &str) -> Vec<u8> {
    let found = model
        .find
        .views
        .iter()
        .filter(|(key, view)| pick::matches(typed, &[&view.name, &view.filter, &key.to_string()]));
    found.map(|(key, _)| *key).collect()
}

fn jump(model: &mut Model) {
    let open: Vec<LeadId> = model.desk.world().leads().map(|lead| lead.id).collect();
    let jumping = Jumping {
        field: Field::default(),
        list: ListState::default(),
        found: Vec::new(),
        closed: Vec::new(),
        open: Arc::new(open),
    };
    model.overlays.push(Overlay::Jump(jumping));
}

/// What was typed goes to the reader, who knows every name; the rows stay until it answers.
pub(super) fn look_for(model: &Model) -> Vec<Effect> {
    match model.overlays.last() {
        Some(Overlay::Jump(jumping)) if !jumping.field.text().trim().is_empty() => {
            let (text, open) = (jumping.field.text().to_owned(), Arc::clone(&jumping.open));
            vec![Effect::Ask(Ask::Jump { text, open })]
        }
        _ => Vec::new(),
    }
}

/// The reader's answer; one to an older text is dropped.
pub(super) fn jumped(model: &mut Model, text: &str, leads: Vec<LeadId>, closed: Vec<Lead>) {
    let page = model.pages.overlay;
    if let Some(Overlay::Jump(jumping)) = model.overlays.last_mut()
        && jumping.field.text() == text
    {
        (jumping.found, jumping.closed) = (leads, closed);
        jumping.list = ListState::default();
        jumping.list.sync(&jumping.found, page);
    }
}

/// A list goes to the file that was typed.
pub(super) fn export(model: &mut Model, pane: Pane, path: &str) -> Vec<Effect> {
    let export: Export = super::export::table(model, pane, path);
    vec![Effect::Ask(Ask::Export(Box::new(export)))]
}
