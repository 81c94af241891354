//! Editing the draft of the rule book: a plain editor by grapheme. Every change asks for a check; the latest wins.

use crate::console::key::{Code, Key};
use crate::console::model::{Draft, Model};
use crate::console::msg::{Effect, Order};
use crate::console::widget::fit::clean;
use unicode_segmentation::UnicodeSegmentation;

fn line(draft: &Draft, at: usize) -> &str {
    draft.text.split('\n').nth(at).unwrap_or_default()
}

fn graphemes(draft: &Draft, at: usize) -> usize {
    line(draft, at).graphemes(true).count()
}

/// Byte offset of the cursor.
fn offset(draft: &Draft) -> usize {
    let before: usize = draft.text.split('\n').take(draft.line).map(|line| line.len() + 1).sum();
    let inside: usize = line(draft, draft.line).graphemes(true).take(draft.column).map(str::len).sum();
    (before + inside).min(draft.text.len())
}

pub(super) fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    let draft = &mut model.draft;
    let lines = draft.text.split('\n').count();
    // Another version may have replaced the text under the cursor.
    draft.line = draft.line.min(lines - 1);
    draft.column = draft.column.min(graphemes(draft, draft.line));
    if let Some(c) = key.typed() {
        return insert(model, c.encode_utf8(&mut [0; 4]));
    }
    match key.code {
        Code::Enter => return insert(model, "\n"),
        Code::Tab => return insert(model, "  "),
        Code::Backspace if draft.line + draft.column > 0 => {
            left(draft);
            return delete(model);
        }
        Code::Delete => return delete(model),
        Code::Left => left(draft),
        Code::Right if draft.column < graphemes(draft, draft.line) => draft.column += 1,
        Code::Right if draft.line + 1 < lines => (draft.line, draft.column) = (draft.line + 1, 0),
        Code::Up => to_line(draft, draft.line.saturating_sub(1)),
        Code::Down => to_line(draft, draft.line + 1),
        Code::PageUp => to_line(draft, draft.line.saturating_sub(model.pages.rules)),
        Code::PageDown => to_line(draft, draft.line + model.pages.rules),
        Code::Home => draft.column = 0,
        Code::End => draft.column = graphemes(draft, draft.line),
        Code::Char(_) | Code::F(_) | Code::Esc | Code::Backspace | Code::Insert | Code::Right => {}
    }
    Vec::new()
}

fn left(draft: &mut Draft) {
    if draft.column > 0 {
        draft.column -= 1;
    } else if draft.line > 0 {
        draft.line -= 1;
        draft.column = graphemes(draft, draft.line);
    }
}

fn to_line(draft: &mut Draft, at: usize) {
    draft.line = at.min(draft.text.split('\n').count() - 1);
    draft.column = draft.column.min(graphemes(draft, draft.line));
}

/// Inserts typed or pasted text; line breaks stay, whatever else could disturb a screen goes.
pub(super) fn insert(model: &mut Model, text: &str) -> Vec<Effect> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<String> =
        text.split('\n').map(|line| clean(&line.replace('\t', "  ")).into_owned()).collect();
    let draft = &mut model.draft;
    let at = offset(draft);
    draft.text.insert_str(at, &lines.join("\n"));
    place(draft, at + lines.join("\n").len());
    checked(model)
}

/// Puts the cursor at a byte offset, after the grapheme that covers it.
fn place(draft: &mut Draft, at: usize) {
    let head = draft.text.get(..at).unwrap_or(&draft.text);
    draft.line = head.matches('\n').count();
    let inside = head.len() - head.rfind('\n').map_or(0, |i| i + 1);
    let starts = line(draft, draft.line).grapheme_indices(true).take_while(|(i, _)| *i < inside).count();
    draft.column = starts;
}

fn delete(model: &mut Model) -> Vec<Effect> {
    let draft = &mut model.draft;
    let at = offset(draft);
    let Some(next) = draft.text.get(at..).and_then(|rest| rest.graphemes(true).next()) else {
        return Vec::new();
    };
    let end = at + next.len();
    draft.text.replace_range(at..end, "");
    checked(model)
}

fn checked(model: &mut Model) -> Vec<Effect> {
    vec![Effect::Order(Order::Check { text: model.draft.text.clone() })]
}

/// To the first problem below the cursor, or the first of all.
pub(super) fn next_problem(model: &mut Model) {
    let here = (model.draft.line, model.draft.column);
    let below = model.draft.problems.iter().find(|problem| (problem.line, problem.column) > here);
    if let Some(problem) = below.or(model.draft.problems.first()) {
        (model.draft.line, model.draft.column) = (problem.line, problem.column);
    }
}
