//! Looking for a text while it is typed, and writing another over what was found.

use super::{checked, top};
use crate::console::draft::find::{self, Finding};
use crate::console::draft::sheet::RuleSheet;
use crate::console::model::{Model, Severity};
use crate::console::msg::Effect;
use crate::console::text::Say;
use crate::console::widget::field::Field;

/// Opens the line, or adds the second field to it. A short marked text is what is looked for.
pub(super) fn open(model: &mut Model, replaces: bool) -> Vec<Effect> {
    if let Some(RuleSheet::Find(finding)) = top(model) {
        if replaces && finding.replace.is_none() {
            finding.replace = Some(Field::default());
        }
        finding.is_replacing = replaces;
        return Vec::new();
    }
    let finding = Finding {
        replace: replaces.then(Field::default),
        from: model.draft.editor.cursor(),
        ..Finding::default()
    };
    super::open(model, RuleSheet::Find(finding));
    Vec::new()
}

fn finding(model: &mut Model) -> Option<Finding> {
    match top(model) {
        Some(RuleSheet::Find(finding)) => Some(finding.clone()),
        _ => None,
    }
}

/// The first place from where looking began, at each character typed.
pub(super) fn typed(model: &mut Model) -> Vec<Effect> {
    let Some(finding) = finding(model).filter(|finding| !finding.is_replacing) else { return Vec::new() };
    let places = find::places(model.draft.editor.lines(), finding.find.text());
    if let Some((line, from, to)) = find::next(&places, finding.from, false).and_then(|at| places.get(at)) {
        model.draft.editor.mark((*line, *from), (*line, *to));
    }
    Vec::new()
}

/// To the next place; from the second field the place under the mark is written over first.
pub(super) fn next(model: &mut Model, is_back: bool) -> Vec<Effect> {
    let Some(finding) = finding(model) else { return Vec::new() };
    let what = finding.find.text();
    let mut effects = Vec::new();
    let places = find::places(model.draft.editor.lines(), what);
    // A mark made by looking ends at the cursor.
    let here = model.draft.editor.cursor();
    let marked = places.iter().find(|(line, _, to)| (*line, *to) == here).copied();
    if let (true, false, Some(with), Some((line, from, to))) =
        (finding.is_replacing, is_back, &finding.replace, marked)
    {
        model.draft.editor.replace_range((line, from), (line, to), with.text());
        effects = checked(model);
    }
    let places = find::places(model.draft.editor.lines(), what);
    let mut from = model.draft.editor.cursor();
    if let (true, Some((line, start, _))) = (is_back, marked) {
        from = (line, start);
    }
    if let Some((line, start, end)) = find::next(&places, from, is_back).and_then(|at| places.get(at)) {
        model.draft.editor.mark((*line, *start), (*line, *end));
        if let Some(RuleSheet::Find(finding)) = top(model) {
            finding.from = (*line, *start);
        }
    }
    effects
}

pub(super) fn other_field(model: &mut Model) -> Vec<Effect> {
    if let Some(RuleSheet::Find(finding)) = top(model) {
        if finding.replace.is_none() {
            finding.replace = Some(Field::default());
        }
        finding.is_replacing = !finding.is_replacing;
    }
    Vec::new()
}

pub(super) fn replace_all(model: &mut Model) -> Vec<Effect> {
    let Some(finding) = finding(model) else { return Vec::new() };
    let with = finding.replace.as_ref().map_or("", Field::text);
    let count = find::replace_all(&mut model.draft.editor, finding.find.text(), with);
    model.say(Severity::Done, Say::DidReplace(count));
    if count > 0 { checked(model) } else { Vec::new() }
}
