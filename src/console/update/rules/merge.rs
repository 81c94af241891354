//! Two drafts on one book: the second publisher sees the base, theirs and mine, and chooses where both changed the same.

use super::{checked, open as push, top};
use crate::console::draft::merge::{Merge, Side};
use crate::console::draft::sheet::{Merging, RuleSheet};
use crate::console::model::{Model, Severity};
use crate::console::msg::Effect;
use crate::console::text::{Say, T};
use crate::console::widget::list::{ListState, Motion};

/// Lays the draft beside what was published since it was begun.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let published = model.desk.world().published();
    let (theirs, by, text) = (published.version, published.by.clone(), published.text.to_string());
    let merge = Merge::of(&model.draft.base_text, &text, model.draft.editor.text());
    let mut list = ListState::default();
    let rows: Vec<usize> = (0..merge.items.len()).collect();
    list.sync(&rows, model.pages.overlay);
    // What must be chosen comes first to hand.
    if let Some(first) = merge.items.iter().position(|item| item.take.is_none()) {
        list.select(first, &rows, model.pages.overlay);
    }
    let base = model.draft.base;
    push(model, RuleSheet::Merge(Merging { merge, list, base, theirs, by, theirs_text: text }));
    Vec::new()
}

/// Takes the selected statement from a side, and goes on to the next that must be chosen.
pub(super) fn take(model: &mut Model, side: Side) -> Vec<Effect> {
    let page = model.pages.overlay;
    let Some(RuleSheet::Merge(merging)) = top(model) else { return Vec::new() };
    let Some(at) = merging.list.selected() else { return Vec::new() };
    merging.merge.take(at, side);
    let rows: Vec<usize> = (0..merging.merge.items.len()).collect();
    let open = |from: usize| merging.merge.items.iter().skip(from).position(|item| item.take.is_none());
    if let Some(next) = open(at).map(|n| n + at).or(open(0)) {
        merging.list.select(next, &rows, page);
    } else {
        merging.list.go(Motion::Down, &rows, page);
    }
    Vec::new()
}

/// The draft becomes what both made, based on theirs.
pub(super) fn join(model: &mut Model) -> Vec<Effect> {
    let Some(RuleSheet::Merge(merging)) = top(model) else { return Vec::new() };
    let Some(text) = merging.merge.text() else {
        model.say(Severity::Refused, T::MergeFirst);
        return Vec::new();
    };
    let (theirs, theirs_text) = (merging.theirs, merging.theirs_text.clone());
    model.overlays.pop();
    let draft = &mut model.draft;
    draft.editor.replace(&text);
    draft.base = theirs;
    draft.base_text = crate::console::widget::editor::Editor::new(&theirs_text).text().to_owned();
    model.say(Severity::Done, Say::DidMergeDrafts(theirs.0));
    checked(model)
}
