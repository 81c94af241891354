//! Completion: offers follow the typing and push themselves forward only when asked for; then one is chosen.

use super::{checked, complete_here};
use crate::console::key::{Code, Key};
use crate::console::model::{Model, Severity};
use crate::console::msg::Effect;
use crate::console::text::T;

/// After typing: what may come next, where the line says anything yet. None is chosen.
pub(super) fn refresh(model: &mut Model) {
    let was_chosen = model.draft.chosen.is_some();
    model.draft.chosen = None;
    let is_begun = !model.draft.editor.before_cursor().trim().is_empty();
    model.draft.offers = if is_begun { complete_here(model) } else { Vec::new() };
    if was_chosen && !model.draft.offers.is_empty() {
        model.draft.chosen = Some(0);
    }
}

pub(super) fn close(model: &mut Model) {
    model.draft.offers.clear();
    model.draft.chosen = None;
}

/// The one thing that may come next is written; of several one is to be chosen; where nothing may, the key indents.
pub(super) fn offer(model: &mut Model) -> Vec<Effect> {
    if model.draft.offers.is_empty() {
        model.draft.offers = complete_here(model);
    }
    match model.draft.offers.len() {
        0 if model.draft.editor.before_cursor().trim().is_empty() => {
            model.draft.editor.press(Key::plain(Code::Tab));
            checked(model)
        }
        0 => {
            model.say(Severity::Refused, T::NoOffers);
            Vec::new()
        }
        1 => {
            model.draft.chosen = Some(0);
            take(model)
        }
        _ => {
            model.draft.chosen = Some(0);
            Vec::new()
        }
    }
}

/// Chooses among the offers, round the ends.
pub(super) fn choose(model: &mut Model, step: isize) -> Vec<Effect> {
    let count = model.draft.offers.len();
    if let Some(chosen) = &mut model.draft.chosen
        && count > 0
    {
        *chosen = chosen.saturating_add_signed(step.rem_euclid(count.cast_signed())) % count;
    }
    Vec::new()
}

/// Writes the chosen offer in place of the word begun, and a blank where more must follow.
pub(super) fn take(model: &mut Model) -> Vec<Effect> {
    let offer = model.draft.chosen.and_then(|at| model.draft.offers.get(at)).cloned();
    let Some(offer) = offer else { return Vec::new() };
    let (line, column) = model.draft.editor.cursor();
    let head = model.draft.editor.before_cursor();
    let from = head.get(..offer.span.start).map_or(column, |text| text.chars().count());
    model.draft.editor.replace_range((line, from), (line, column), &offer.text);
    close(model);
    checked(model)
}
