//! The draft of the rule book: keys go to the editor; every change asks for a check, the latest wins.

use crate::console::key::Key;
use crate::console::model::{Model, Severity};
use crate::console::msg::{Ask, Effect};
use crate::console::text::T;

pub(super) fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    if model.draft.editor.press(key) { checked(model) } else { Vec::new() }
}

/// Inserts pasted text.
pub(super) fn insert(model: &mut Model, text: &str) -> Vec<Effect> {
    model.draft.editor.insert(text);
    checked(model)
}

/// Asks what is wrong with the draft now.
pub(super) fn checked(model: &Model) -> Vec<Effect> {
    let names = Box::new(crate::engine::names(model.desk.world()));
    vec![Effect::Ask(Ask::Check { text: model.draft.editor.text().to_owned(), names })]
}

/// To the first problem below the cursor, or the first of all.
pub(super) fn next_problem(model: &mut Model) {
    let here = model.draft.editor.cursor();
    let below = model.draft.problems.iter().find(|problem| (problem.line, problem.column) > here);
    if let Some((line, column)) = below.or(model.draft.problems.first()).map(|p| (p.line, p.column)) {
        model.draft.editor.go_to(line, column);
    }
}

/// Writes the draft in its canonical form.
pub(super) fn format(model: &mut Model) -> Vec<Effect> {
    let parsed = crate::rulebook::parse(model.draft.editor.text());
    model.draft.editor.replace(&crate::rulebook::print(&parsed.tree));
    checked(model)
}

/// Takes the suggestion of the problem on the cursor's line.
pub(super) fn fix(model: &mut Model) -> Vec<Effect> {
    let line = model.draft.editor.cursor().0;
    let fix = model.draft.problems.iter().find(|p| p.line == line && p.fix.is_some());
    let Some(fix) = fix.and_then(|problem| problem.fix.clone()) else {
        model.say(Severity::Refused, T::NoFix);
        return Vec::new();
    };
    let mut text = model.draft.editor.text().to_owned();
    // The draft may have moved on since the check; then the place means nothing any more.
    if text.is_char_boundary(fix.from) && text.is_char_boundary(fix.to) && fix.from <= fix.to {
        text.replace_range(fix.from..fix.to, &fix.text);
        model.draft.editor.replace(&text);
    }
    checked(model)
}
