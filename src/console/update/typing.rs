//! Characters and editing keys on their way into the field that has the keyboard.

use super::{build, finding, pick, rules, sheet};
use crate::console::command::Place;
use crate::console::handwork::sheet::Sheet;
use crate::console::key::Key;
use crate::console::model::{Model, Overlay};
use crate::console::msg::Effect;
use crate::console::widget::field::Field;

/// The one-line field that has the keyboard.
fn field(model: &mut Model) -> Option<&mut Field> {
    match model.overlays.last() {
        Some(Overlay::Sheet(_)) => return sheet::field(model),
        Some(Overlay::Rules(_)) => return rules::field(model),
        _ => {}
    }
    match model.overlays.last_mut() {
        Some(Overlay::Help(picker)) => Some(&mut picker.field),
        Some(Overlay::Palette(picker)) => Some(&mut picker.field),
        Some(Overlay::Views(picker)) => Some(&mut picker.field),
        Some(Overlay::Jump(jumping)) => Some(&mut jumping.field),
        Some(Overlay::Assign(assigning)) => Some(&mut assigning.picker.field),
        Some(Overlay::WhyNot { picker, .. } | Overlay::HandTo { picker, .. }) => Some(&mut picker.field),
        Some(Overlay::Prompt { field, .. }) => Some(field),
        Some(
            Overlay::Status { .. }
            | Overlay::Why { .. }
            | Overlay::Card(_)
            | Overlay::Handover { .. }
            | Overlay::Confirm { .. }
            | Overlay::Sheet(_)
            | Overlay::Build(_)
            | Overlay::Watching(_)
            | Overlay::Rules(_),
        ) => None,
        None if model.is_filtering => Some(&mut model.filter),
        None => None,
    }
}

pub(super) fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    if matches!(model.place(), Place::Rules | Place::Offers) {
        return rules::press(model, key);
    }
    if model.place() == Place::Build {
        return build::press(model, key);
    }
    if field(model).is_some_and(|field| field.press(key)) { typed(model) } else { Vec::new() }
}

pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    if matches!(model.place(), Place::Rules | Place::Offers) {
        return rules::insert(model, text);
    }
    if model.place() == Place::Build {
        return build::paste(model, text);
    }
    if sheet::paste(model, text) {
        return Vec::new();
    }
    // Where nothing can be typed a paste is nothing: its letters must never run as commands.
    if let Some(field) = field(model) {
        field.insert(text);
        return typed(model);
    }
    Vec::new()
}

fn typed(model: &mut Model) -> Vec<Effect> {
    // What was wrong with a form was said of what stood there before.
    if let Some(Sheet::Form(form)) = sheet::top(model) {
        form.problem = None;
    }
    if model.overlays.is_empty() {
        let effects = pick::refilter(model);
        finding::refresh_offers(model);
        return effects;
    }
    if matches!(model.overlays.last(), Some(Overlay::Rules(_))) {
        return rules::typed(model);
    }
    pick::refresh(model);
    finding::look_for(model)
}
