//! Publishing: what changes and what nobody can check is shown, why is asked, and whoever comes second does not overwrite.

use super::{checked, keep, merge, open as push, top};
use crate::console::draft::diff::{DiffLine, Fate, diff, summary};
use crate::console::draft::sheet::{Publishing, RuleSheet};
use crate::console::draft::unchecked::unchecked;
use crate::console::model::{Model, Severity};
use crate::console::msg::{Ask, Effect, Order};
use crate::console::text::{Say, T};
use crate::console::update::give;
use crate::console::widget::field::Field;
use crate::console::widget::list::Motion;
use crate::model::id::BookVersion;
use std::sync::Arc;

/// Statements named in a note nobody wrote.
const NOTED_MAX: usize = 3;

/// How the draft stands to what is in force.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    Same,
    Changed,
    /// Another version was published since the draft began.
    Behind,
}

/// How the draft stands to what is in force.
#[must_use]
pub fn stand(model: &Model) -> Stand {
    match (model.draft.is_changed(), model.desk.world().published().version == model.draft.base) {
        (false, _) => Stand::Same,
        (true, true) => Stand::Changed,
        (true, false) => Stand::Behind,
    }
}

/// Shows what publishing the draft would change; two drafts are joined first.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if stand(model) == Stand::Behind {
        return merge::open(model);
    }
    let text = model.draft.editor.shared();
    let warnings = model.draft.problems.iter().filter(|problem| !problem.is_error).count();
    show(model, text, None, warnings);
    vec![Effect::Ask(Ask::Editors)]
}

/// Shows the sheet for a text that would become the next version.
pub(super) fn show(model: &mut Model, text: Arc<str>, back_to: Option<BookVersion>, warnings: usize) {
    let published = model.desk.world().published();
    let (base, before) = (published.version, published.text.clone());
    let diff = diff(&before, &text);
    let words = back_to.map_or_else(|| noted(&diff), |version| Say::RollBackNote(version.0));
    let known = model.draft.words.clone().unwrap_or_default();
    let unchecked = unchecked(&crate::rulebook::compile(&text), &known, model.now);
    push(
        model,
        RuleSheet::Publish(Publishing {
            text,
            base,
            back_to,
            diff,
            warnings,
            is_told: false,
            unchecked,
            words,
            why: Field::default(),
            offset: 0,
        }),
    );
}

/// A note for who writes none: what became of which statement.
fn noted(diff: &[DiffLine]) -> Say {
    let all = summary(diff);
    let say = |lang| {
        let one = |(fate, key): &(Fate, crate::console::draft::diff::Key)| {
            let name = if key.name.is_empty() { &key.word } else { &key.name };
            format!("{} {name}", fate_word(*fate).get(lang))
        };
        let shown: Vec<String> = all.iter().take(NOTED_MAX).map(one).collect();
        let more = all.len().saturating_sub(NOTED_MAX);
        let tail = if more > 0 { format!(" +{more}") } else { String::new() };
        format!("{}{tail}", shown.join(", "))
    };
    Say::both(say(crate::model::lang::Lang::En), say(crate::model::lang::Lang::Zh))
}

/// What became of a statement, in a word.
#[must_use]
pub const fn fate_word(fate: Fate) -> T {
    match fate {
        Fate::Added => T::FateAdded,
        Fate::Removed => T::FateRemoved,
        Fate::Changed => T::FateChanged,
        Fate::Moved => T::FateMoved,
        Fate::MovedChanged => T::FateMovedChanged,
    }
}

/// The next line on top of a text of `len` lines after a motion.
pub(super) fn moved(offset: usize, motion: Motion, page: usize, len: usize) -> usize {
    let last = len.saturating_sub(page.max(1));
    let to = match motion {
        Motion::Up => offset.saturating_sub(1),
        Motion::Down => offset + 1,
        Motion::PageUp => offset.saturating_sub(page),
        Motion::PageDown => offset + page,
        Motion::Home => 0,
        Motion::End => last,
    };
    to.min(last)
}

pub(super) fn scroll(model: &mut Model, up: bool) -> Vec<Effect> {
    super::shift(model, if up { Motion::PageUp } else { Motion::PageDown });
    Vec::new()
}

/// Enter: warnings are told once more, then it is given to the desk.
pub(super) fn publish(model: &mut Model) -> Vec<Effect> {
    let lang = model.lang;
    let Some(RuleSheet::Publish(publishing)) = top(model) else { return Vec::new() };
    if publishing.warnings > 0 && !publishing.is_told {
        publishing.is_told = true;
        return Vec::new();
    }
    let typed = publishing.why.text().trim();
    let note = if typed.is_empty() { publishing.words.get(lang).to_owned() } else { typed.to_owned() };
    let (text, base) = (publishing.text.to_string(), publishing.base);
    model.overlays.pop();
    // The list of versions below has served: it would not show the newest.
    model.overlays.clear();
    give(model, Order::Publish { text, note, base })
}

/// The draft that was left is the draft again, on the version it was begun on.
pub(super) fn take_up(model: &mut Model) -> Vec<Effect> {
    let Some(RuleSheet::Left(kept)) = top(model) else { return Vec::new() };
    let kept = kept.clone();
    model.overlays.pop();
    let draft = &mut model.draft;
    draft.editor.replace(&kept.text);
    draft.editor.go_to(kept.line, 0);
    (draft.base, draft.base_text) = (BookVersion(kept.base), kept.base_text);
    model.say(Severity::Done, T::DidTakeUp);
    checked(model)
}

/// The draft that was left is thrown away.
pub(super) fn discard(model: &mut Model) -> Vec<Effect> {
    model.overlays.pop();
    model.draft.is_kept = true;
    keep(model).into_iter().collect()
}
