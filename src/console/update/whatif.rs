//! Asking what-if while the editor is open, taking what comes, and the sheet of leads that change hands.

use super::sheet;
use crate::console::handwork::sheet::Sheet;
use crate::console::model::{Model, Overlay, Screen};
use crate::console::msg::{Ask, Effect};
use crate::console::whatif::{Hands, Question, Range, Step, Told, What, WhatIf, ranges};
use crate::desk::whatif::Span;
use crate::model::id::LeadId;
use std::sync::Arc;

/// What is to be asked after a message: the draft as it is now, or that nobody looks any more.
pub(super) fn wants(model: &mut Model) -> Vec<Effect> {
    if model.screen != Screen::Rules || !model.desk.is_loaded() {
        if model.what_if.asked.is_none() {
            return Vec::new();
        }
        // What it holds in memory is given back on leaving; the range stays as chosen.
        model.what_if = WhatIf {
            choice: model.what_if.choice,
            is_tall: model.what_if.is_tall,
            generation: model.what_if.generation + 1,
            ..WhatIf::default()
        };
        return vec![Effect::Ask(Ask::WhatIf(None))];
    }
    let now = (model.draft.editor.shared(), range(model), model.draft.base);
    if model.what_if.asked.as_ref() == Some(&now) {
        return Vec::new();
    }
    let question = question(model, now.0.clone(), None);
    model.what_if.asked = Some(now);
    model.what_if.is_updating = true;
    vec![Effect::Ask(Ask::WhatIf(Some(Box::new(question))))]
}

fn question(model: &mut Model, draft: Arc<str>, why: Option<LeadId>) -> Question {
    model.what_if.generation += 1;
    let (generation, range, base) = (model.what_if.generation, range(model), model.draft.base);
    Question { generation, range, base, draft, why }
}

/// The range chosen.
#[must_use]
pub fn range(model: &Model) -> Range {
    let offered = offered(model);
    let at = model.what_if.choice % offered.len().max(1);
    offered.get(at).cloned().unwrap_or(Range { span: Span::All, when: None })
}

fn offered(model: &Model) -> Vec<Range> {
    let filter =
        Some(model.desk.filter()).filter(|filter| filter.is_condition() && filter.trouble().is_none());
    ranges(model.desk.world(), filter.map(|filter| filter.text()))
}

pub(super) fn told(model: &mut Model, told: Told) {
    let state = &mut model.what_if;
    if told.generation != state.generation {
        return;
    }
    match told.what {
        What::Reading(done, all) => state.reading = Some((done, all)),
        What::Answer(shown) => {
            state.is_updating = shown.is_partial;
            (state.reading, state.failed, state.has_problem) = (None, None, false);
            state.shown = Some(shown);
            sheet::sync(model);
        }
        What::Problem => (state.has_problem, state.is_updating, state.reading) = (true, false, None),
        What::Failed(why) => (state.failed, state.is_updating, state.reading) = (Some(why), false, None),
        What::Why(lead, why) => {
            state.is_updating = false;
            if let Some(Sheet::WhatIf(hands)) = sheet::top(model) {
                hands.why = Some((lead, why));
            }
        }
    }
}

pub(super) fn step(model: &mut Model, step: Step) -> Vec<Effect> {
    match step {
        Step::Range => {
            let count = offered(model).len().max(1);
            model.what_if.choice = (model.what_if.choice + 1) % count;
            Vec::new()
        }
        Step::Tall => {
            model.what_if.is_tall = !model.what_if.is_tall;
            Vec::new()
        }
        Step::Hands => {
            sheet::push(model, Sheet::WhatIf(Hands::default()));
            Vec::new()
        }
        Step::Why => {
            let Some(lead) = selected(model) else { return Vec::new() };
            if let Some(Sheet::WhatIf(hands)) = sheet::top(model) {
                (hands.asked, hands.why) = (Some(lead), None);
            }
            let draft = model.draft.editor.shared();
            let question = question(model, draft, Some(lead));
            vec![Effect::Ask(Ask::WhatIf(Some(Box::new(question))))]
        }
    }
}

/// Leads that change hands, the latest first.
#[must_use]
pub fn rows(model: &Model) -> Vec<LeadId> {
    model.what_if.shown.as_ref().map_or_else(Vec::new, |s| s.answer.latest.iter().map(|c| c.lead).collect())
}

/// The selected one of them.
#[must_use]
pub fn selected(model: &Model) -> Option<LeadId> {
    match model.overlays.last() {
        Some(Overlay::Sheet(sheet)) => match &**sheet {
            Sheet::WhatIf(hands) => hands.list.selected(),
            _ => None,
        },
        _ => None,
    }
}
