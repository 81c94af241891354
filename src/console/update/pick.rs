//! Filtered lists: the queue's filter, and the rows of the picker on top.

use crate::console::command::palette;
use crate::console::model::{Model, Overlay, Picker};
use crate::console::widget::list::Motion;
use crate::model::id::{LeadId, RepId};

/// Whether `typed` is part of one of `fields`, ignoring case; nothing typed matches everything.
fn matches(typed: &str, fields: &[&str]) -> bool {
    let needle = typed.trim().to_lowercase();
    needle.split_whitespace().all(|word| fields.iter().any(|field| field.to_lowercase().contains(word)))
}

/// The queue's rows by the filter, the selection following its lead.
pub fn refilter(model: &mut Model) {
    let typed = model.filter.text();
    let keep = |id: &LeadId| {
        model.desk.lead(*id).is_some_and(|lead| {
            matches(typed, &[&lead.name, &lead.source, &lead.region, &lead.product, &lead.id.to_string()])
        })
    };
    model.queue_rows = if typed.trim().is_empty() {
        model.desk.queue().to_vec()
    } else {
        model.desk.queue().iter().copied().filter(keep).collect()
    };
    model.queue.sync(&model.queue_rows, model.pages.queue);
}

/// Reps by what is typed: those who can take a lead first, each group in the desk's order.
#[must_use]
pub fn reps(model: &Model, typed: &str) -> Vec<RepId> {
    let mut found: Vec<_> =
        model.desk.reps().iter().filter(|rep| matches(typed, &[&rep.name, &rep.team])).collect();
    found.sort_by_key(|rep| rep.refusal.is_some());
    found.into_iter().map(|rep| rep.id).collect()
}

/// Typing starts the choice anew at the best match.
fn restart<K: Copy + Eq>(picker: &mut Picker<K>, rows: &[K], page: usize) {
    picker.list = crate::console::widget::list::ListState::default();
    picker.list.sync(rows, page);
}

/// Recomputes the rows of the picker on top after something was typed.
pub fn refresh(model: &mut Model) {
    let page = model.pages.overlay;
    let Some(mut top) = model.overlays.pop() else { return };
    match &mut top {
        Overlay::Help(picker) => restart(picker, &palette::help(model, picker.field.text()), page),
        Overlay::Palette(picker) => restart(picker, &palette::offers(model, picker.field.text()), page),
        Overlay::Assign { picker, .. } | Overlay::WhyNot { picker, .. } => {
            restart(picker, &reps(model, picker.field.text()), page);
        }
        Overlay::Status { .. } | Overlay::Why { .. } | Overlay::Prompt { .. } | Overlay::Confirm { .. } => {}
    }
    model.overlays.push(top);
}

/// Moves the selection, or the text, of the overlay on top.
pub fn shift(model: &mut Model, motion: Motion) {
    let page = model.pages.overlay;
    let Some(mut top) = model.overlays.pop() else { return };
    match &mut top {
        Overlay::Help(picker) => picker.list.go(motion, &palette::help(model, picker.field.text()), page),
        Overlay::Palette(picker) => {
            picker.list.go(motion, &palette::offers(model, picker.field.text()), page)
        }
        Overlay::Assign { picker, .. } | Overlay::WhyNot { picker, .. } => {
            picker.list.go(motion, &reps(model, picker.field.text()), page);
        }
        Overlay::Why { lines, offset, .. } => {
            let last = lines.as_ref().map_or(0, |lines| lines.len().saturating_sub(page));
            *offset = match motion {
                Motion::Up => offset.saturating_sub(1),
                Motion::Down => *offset + 1,
                Motion::PageUp => offset.saturating_sub(page),
                Motion::PageDown => *offset + page,
                Motion::Home => 0,
                Motion::End => last,
            }
            .min(last);
        }
        Overlay::Status { .. } | Overlay::Prompt { .. } | Overlay::Confirm { .. } => {}
    }
    model.overlays.push(top);
}
