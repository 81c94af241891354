//! Promotions by hand: the list, the form that switches one on, the stop, the report.

use super::form::end_of;
use super::{push, top};
use crate::console::desk::promotions::Stands;
use crate::console::handwork::form::{Form, FormKind, Slot};
use crate::console::handwork::sheet::{Report, Sheet};
use crate::console::model::{Model, Overlay};
use crate::console::msg::{Ask, Effect, Order};
use crate::console::text::T;
use crate::console::update::give;
use crate::console::widget::list::ListState;
use crate::model::time::Millis;
use crate::report::promotion::Beside;
use smol_str::SmolStr;

/// How long a promotion lasts unless the person or its window says otherwise.
const LONG: &str = "3h";

/// The places of all promotions in the book.
#[must_use]
pub fn promotions(model: &Model) -> Vec<usize> {
    (0..model.desk.promotions().len()).collect()
}

/// Opens the list at the promotion that is on, or at `place`.
pub(in crate::console::update) fn open(model: &mut Model, place: Option<usize>) -> Vec<Effect> {
    push(model, Sheet::Promotions(ListState::default()));
    let is_on = |at: &usize| {
        let promotion = model.desk.promotions().get(*at);
        promotion.is_some_and(|p| matches!(model.desk.stands(&p.name), Stands::On(_)))
    };
    let all = promotions(model);
    let first = place.or_else(|| all.iter().copied().find(is_on));
    let page = model.pages.overlay;
    if let (Some(first), Some(Sheet::Promotions(list))) = (first, top(model)) {
        list.select(first, &all, page);
    }
    Vec::new()
}

/// The name of the selected promotion.
#[must_use]
pub fn selected_promotion(model: &Model) -> Option<SmolStr> {
    let at = match model.overlays.last() {
        Some(Overlay::Sheet(sheet)) => match &**sheet {
            Sheet::Promotions(list) => list.selected(),
            _ => None,
        },
        _ => None,
    }?;
    model.desk.promotions().get(at).map(|promotion| promotion.name.clone())
}

/// Asks until when; filled in as it is, or as its window says.
pub(in crate::console::update) fn ask(model: &mut Model) -> Vec<Effect> {
    let Some(name) = selected_promotion(model) else { return Vec::new() };
    let now = model.now;
    let window = model.desk.world().promotion_window(&name).filter(|run| run.from <= now && now < run.until);
    let end = match model.desk.stands(&name) {
        Stands::On(run) => Some(run.until),
        _ => window.map(|run| run.until),
    };
    let until = end.map_or_else(|| LONG.to_owned(), |end| model.desk.until_words(end));
    let texts = [(Slot::Until, until.as_str()), (Slot::Reason, "")];
    let mut form = Form::new(FormKind::Promotion, &texts);
    form.about = name;
    push(model, Sheet::Form(form));
    Vec::new()
}

/// Hands the form in.
pub(super) fn accept(model: &mut Model) -> Vec<Effect> {
    let Some(Sheet::Form(form)) = top(model) else { return Vec::new() };
    let form = form.clone();
    match end_of(model, form.text(Slot::Until)) {
        Some(until) => {
            model.overlays.pop();
            let (promotion, reason) = (form.about.clone(), form.text(Slot::Reason).to_owned());
            give(model, Order::StartPromotion { promotion, until, reason })
        }
        None => {
            if let Some(Sheet::Form(form)) = top(model) {
                form.problem = Some(T::BadEnd.into());
            }
            Vec::new()
        }
    }
}

/// Asks for the report of the selected one.
pub(in crate::console::update) fn report(model: &mut Model) -> Vec<Effect> {
    let Some(name) = selected_promotion(model) else { return Vec::new() };
    let now = model.now;
    push(model, Sheet::Report(Report { name: name.clone(), beside: None, has_come: false, offset: 0 }));
    vec![Effect::Ask(Ask::Promoted { name, now })]
}

/// The report came; one for a sheet that is closed is dropped.
pub(in crate::console::update) fn promoted(model: &mut Model, name: &SmolStr, beside: Option<Box<Beside>>) {
    if let Some(Sheet::Report(report)) = top(model)
        && report.name == *name
    {
        (report.beside, report.has_come) = (beside, true);
    }
}

/// When the form's end would be, as typed.
#[must_use]
pub fn form_end(model: &Model, form: &Form) -> Option<Millis> {
    end_of(model, form.text(Slot::Until))
}
