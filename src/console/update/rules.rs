//! The draft of the rule book: keys go to the editor; every change asks for a check and for keeping, the latest wins. What its
//! sheets do is in the files beside.

use crate::console::command::Place;
use crate::console::desk::vocabulary::vocabulary;
use crate::console::draft::blocks::blocks;
use crate::console::draft::keep::Kept;
use crate::console::draft::sheet::RuleSheet;
use crate::console::draft::step::Step;
use crate::console::key::Key;
use crate::console::model::{Model, Overlay, Picker, Screen, Severity};
use crate::console::msg::{Ask, Effect};
use crate::console::text::T;
use crate::rulebook::{LintFacts, Replied, Vocabulary, complete_line};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::sync::Arc;

mod find;
mod merge;
mod offers;
mod publish;
mod versions;

pub use publish::{Stand, fate_word, stand};
pub use versions::selected as selected_version;

/// The draft this person left behind, if there was one: asked about once, before anything is written over it.
pub(super) fn left(model: &mut Model, left: Option<Box<Kept>>) -> Vec<Effect> {
    let Some(kept) = left else { return Vec::new() };
    let published = model.desk.world().published();
    if kept.text == kept.base_text || kept.text == published.text {
        return vec![Effect::Ask(Ask::KeepDraft(None))];
    }
    if model.screen == Screen::Rules {
        open(model, RuleSheet::Left(kept));
    } else {
        // Nobody looks any more: it is asked for again.
        model.draft.has_asked = false;
    }
    Vec::new()
}

/// The versions asked for came.
pub(super) fn versions_came(model: &mut Model, rows: Vec<crate::console::draft::sheet::VersionLine>) {
    versions::came(model, rows);
}

/// What the file knows of replies came: the check knows more now.
pub(super) fn replied(model: &mut Model, replied: BTreeMap<SmolStr, Replied>) -> Vec<Effect> {
    model.draft.replied = replied;
    known_more(model)
}

/// The file told something: the check knows more now.
pub(super) fn known_more(model: &Model) -> Vec<Effect> {
    if model.screen == Screen::Rules { vec![check(model)] } else { Vec::new() }
}

/// Somebody published while this draft was on its way: the two are laid side by side.
pub(super) fn overtaken(model: &mut Model) -> Vec<Effect> {
    if model.screen == Screen::Rules && stand(model) == Stand::Behind {
        merge::open(model)
    } else {
        Vec::new()
    }
}

/// The draft is looked at: what the desk knows is read anew, and once a console what was left behind is asked for.
pub(super) fn opened(model: &mut Model) -> Vec<Effect> {
    model.draft.words = Some(Arc::new(vocabulary(model.desk.world())));
    let asks = [Ask::Editors, Ask::Replied, Ask::Values];
    let mut effects = vec![check(model)];
    effects.extend(asks.map(Effect::Ask));
    if !model.draft.has_asked {
        model.draft.has_asked = true;
        effects.insert(0, Effect::Ask(Ask::LeftDraft));
    }
    effects
}

/// Who sits beside may have begun since.
pub(super) fn ticked(model: &Model) -> Vec<Effect> {
    if model.screen == Screen::Rules { vec![Effect::Ask(Ask::Editors)] } else { Vec::new() }
}

pub(super) fn press(model: &mut Model, key: Key) -> Vec<Effect> {
    if !model.draft.editor.press(key) {
        offers::close(model);
        return Vec::new();
    }
    offers::refresh(model);
    checked(model)
}

/// Inserts pasted text.
pub(super) fn insert(model: &mut Model, text: &str) -> Vec<Effect> {
    model.draft.editor.insert(text);
    offers::close(model);
    checked(model)
}

/// A click into the text.
pub(super) fn click(model: &mut Model, line: usize, cell: usize) {
    offers::close(model);
    model.draft.editor.go_to_cell(line, cell);
}

/// After a change: asks what is wrong with the draft now, and keeps it.
pub(super) fn checked(model: &mut Model) -> Vec<Effect> {
    [Some(check(model)), keep(model)].into_iter().flatten().collect()
}

/// What the desk and its file know, for lint.
pub(super) fn facts(model: &Model) -> Box<LintFacts> {
    let mut facts = Box::new(crate::engine::lint_facts(model.desk.world(), model.now));
    facts.replies.clone_from(&model.draft.replied);
    if let Some((_, values)) = &model.values {
        facts.values = Arc::clone(values);
    }
    facts
}

fn check(model: &Model) -> Effect {
    let facts = facts(model);
    Effect::Ask(Ask::Check { text: model.draft.editor.shared(), facts })
}

/// What differs from its base is kept on disk; what does not is taken from there, if we put it there.
pub(super) fn keep(model: &mut Model) -> Option<Effect> {
    let draft = &mut model.draft;
    if !draft.is_changed() {
        let was_kept = std::mem::take(&mut draft.is_kept);
        return was_kept.then_some(Effect::Ask(Ask::KeepDraft(None)));
    }
    draft.is_kept = true;
    let kept = Kept {
        base: draft.base.0,
        base_text: draft.base_text.clone(),
        text: draft.editor.text().to_owned(),
        line: draft.editor.cursor().0,
        at_ms: model.now.0,
    };
    Some(Effect::Ask(Ask::KeepDraft(Some(Box::new(kept)))))
}

/// To the first problem below the cursor, or the first of all.
pub(super) fn next_problem(model: &mut Model) {
    let here = model.draft.editor.cursor();
    let below = model.draft.problems.iter().find(|problem| (problem.line, problem.column) > here);
    if let Some((line, column)) = below.or(model.draft.problems.first()).map(|p| (p.line, p.column)) {
        offers::close(model);
        model.draft.editor.go_to(line, column);
    }
}

/// Writes the draft in its canonical form.
pub(super) fn format(model: &mut Model) -> Vec<Effect> {
    let parsed = crate::rulebook::parse(model.draft.editor.text());
    model.draft.editor.replace(&crate::rulebook::print(&parsed.tree));
    offers::close(model);
    checked(model)
}

/// Takes the suggestion of the problem on the cursor's line; of several, the one at the cursor or behind it.
pub(super) fn fix(model: &mut Model) -> Vec<Effect> {
    let (line, column) = model.draft.editor.cursor();
    // The draft may have moved on since the check; then the place means nothing any more.
    let is_checked = model.draft.is_checked();
    let here = model.draft.problems.iter().filter(|p| is_checked && p.line == line && p.fix.is_some());
    let fix = here.clone().find(|p| p.column + p.cells >= column).or(here.clone().next());
    let Some(fix) = fix.and_then(|problem| problem.fix.clone()) else {
        model.say(Severity::Refused, T::NoFix);
        return Vec::new();
    };
    offers::close(model);
    model.draft.take_fix(&fix);
    checked(model)
}

/// One step in the editor or its sheets.
pub(super) fn step(model: &mut Model, step: Step) -> Vec<Effect> {
    match step {
        Step::Undo | Step::Redo => {
            let is_done =
                if step == Step::Undo { model.draft.editor.undo() } else { model.draft.editor.redo() };
            offers::close(model);
            if is_done { checked(model) } else { Vec::new() }
        }
        Step::Move { up } => move_rule(model, up),
        Step::Comment => {
            match outlined(model).and_then(|at| blocks(model.draft.editor.lines()).into_iter().nth(at)) {
                Some(block) => model.draft.comment(block.head_line..block.end),
                None => model.draft.comment_here(),
            }
            offers::close(model);
            let effects = checked(model);
            super::pick::resync(model);
            effects
        }
        Step::Outline => {
            let here = model.draft.block_here();
            let all = blocks(model.draft.editor.lines());
            let mut picker = Picker::default();
            let rows: Vec<usize> = (0..all.len()).collect();
            picker.list.sync(&rows, model.pages.overlay);
            if let Some(at) = here.and_then(|here| all.iter().position(|block| *block == here)) {
                picker.list.select(at, &rows, model.pages.overlay);
            }
            open(model, RuleSheet::Outline(picker));
            Vec::new()
        }
        Step::Find { replaces } => find::open(model, replaces),
        Step::FindNext { back } => find::next(model, back),
        Step::OtherField => find::other_field(model),
        Step::ReplaceAll => find::replace_all(model),
        Step::Offer => offers::offer(model),
        Step::NextOffer => offers::choose(model, 1),
        Step::PreviousOffer => offers::choose(model, -1),
        Step::TakeOffer => offers::take(model),
        Step::CloseOffers => {
            offers::close(model);
            Vec::new()
        }
        Step::Publish => publish::open(model),
        Step::Scroll { up } => publish::scroll(model, up),
        Step::Do => enter(model),
        Step::Take(side) => merge::take(model, side),
        Step::Versions => versions::open(model),
        Step::Mark => versions::mark(model),
        Step::RollBack => versions::roll_back(model),
        Step::Sentences => versions::sentences(model),
        Step::Discard => publish::discard(model),
        Step::Later => {
            model.overlays.pop();
            model.screen = Screen::Main;
            model.draft.has_asked = false;
            Vec::new()
        }
    }
}

/// Enter in the sheet on top.
fn enter(model: &mut Model) -> Vec<Effect> {
    match top(model) {
        Some(RuleSheet::Outline(_)) => jump(model),
        Some(RuleSheet::Publish(_)) => publish::publish(model),
        Some(RuleSheet::Merge(_)) => merge::join(model),
        Some(RuleSheet::Versions(_)) => versions::compare(model),
        Some(RuleSheet::Left(_)) => publish::take_up(model),
        Some(RuleSheet::Find(_) | RuleSheet::Compare(_) | RuleSheet::Sentences(_)) | None => Vec::new(),
    }
}

pub(super) fn open(model: &mut Model, sheet: RuleSheet) {
    offers::close(model);
    model.notice = None;
    model.overlays.push(Overlay::Rules(Box::new(sheet)));
}

pub(super) fn top(model: &mut Model) -> Option<&mut RuleSheet> {
    match model.overlays.last_mut() {
        Some(Overlay::Rules(sheet)) => Some(sheet),
        _ => None,
    }
}

/// The one-line field of the sheet on top.
pub(super) fn field(model: &mut Model) -> Option<&mut crate::console::widget::field::Field> {
    match top(model)? {
        RuleSheet::Outline(picker) => Some(&mut picker.field),
        RuleSheet::Find(finding) => match &mut finding.replace {
            Some(replace) if finding.is_replacing => Some(replace),
            _ => Some(&mut finding.find),
        },
        RuleSheet::Publish(publishing) => Some(&mut publishing.why),
        RuleSheet::Merge(_)
        | RuleSheet::Versions(_)
        | RuleSheet::Compare(_)
        | RuleSheet::Sentences(_)
        | RuleSheet::Left(_) => None,
    }
}

/// Something was typed into the field of the sheet on top.
pub(super) fn typed(model: &mut Model) -> Vec<Effect> {
    match top(model) {
        Some(RuleSheet::Find(_)) => find::typed(model),
        Some(RuleSheet::Outline(_)) => {
            let page = model.pages.overlay;
            let rows = outline(model);
            if let Some(RuleSheet::Outline(picker)) = top(model) {
                picker.list = Default::default();
                picker.list.sync(&rows, page);
            }
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Closing a sheet; a comparison leads back to its list, and what was found is no longer marked.
pub(super) fn closed(model: &mut Model, sheet: RuleSheet) {
    match sheet {
        RuleSheet::Compare(comparing) => {
            model.overlays.push(Overlay::Rules(Box::new(RuleSheet::Versions(comparing.below))));
        }
        RuleSheet::Find(_) => {
            let (line, column) = model.draft.editor.cursor();
            model.draft.editor.go_to(line, column);
        }
        _ => {}
    }
}

/// Moves the selection, or the text, of the sheet on top.
pub(super) fn shift(model: &mut Model, motion: crate::console::widget::list::Motion) {
    let page = model.pages.overlay;
    let rows = outline(model);
    match top(model) {
        Some(RuleSheet::Outline(picker)) => picker.list.go(motion, &rows, page),
        Some(RuleSheet::Merge(merging)) => {
            let rows: Vec<usize> = (0..merging.merge.items.len()).collect();
            merging.list.go(motion, &rows, page);
        }
        Some(RuleSheet::Versions(versions)) => {
            let ids: Vec<_> = versions.rows.iter().map(|row| row.version).collect();
            versions.list.go(motion, &ids, page);
        }
        Some(RuleSheet::Compare(comparing)) => {
            comparing.offset = publish::moved(comparing.offset, motion, page, comparing.diff.len());
        }
        Some(RuleSheet::Publish(publishing)) => {
            publishing.offset = publish::moved(publishing.offset, motion, page, publishing.diff.len());
        }
        Some(RuleSheet::Sentences(reading)) => {
            reading.offset = publish::moved(reading.offset, motion, page, reading.lines.len());
        }
        Some(RuleSheet::Find(_) | RuleSheet::Left(_)) | None => {}
    }
}

/// Statements the outline shows for what is typed, by their number in the draft.
#[must_use]
pub fn outline(model: &Model) -> Vec<usize> {
    let Some(Overlay::Rules(sheet)) = model.overlays.last() else { return Vec::new() };
    let RuleSheet::Outline(picker) = &**sheet else { return Vec::new() };
    let lines = model.draft.editor.lines();
    let typed = picker.field.text();
    let fits = |block: &crate::console::draft::blocks::Block| match &block.head {
        Some(head) => super::pick::matches(typed, &[&head.word, &head.name]),
        None => super::pick::matches(typed, &[lines.get(block.start).map_or("", String::as_str)]),
    };
    let all = blocks(lines);
    all.iter().enumerate().filter(|(_, block)| fits(block)).map(|(at, _)| at).collect()
}

/// The statement selected in the outline, when it is open.
fn outlined(model: &Model) -> Option<usize> {
    match model.overlays.last() {
        Some(Overlay::Rules(sheet)) => match &**sheet {
            RuleSheet::Outline(picker) => picker.list.selected(),
            _ => None,
        },
        _ => None,
    }
}

/// The statement that would be moved: the one selected in the outline, else the cursor's.
#[must_use]
pub fn meant(model: &Model) -> Option<usize> {
    if model.place() == Place::Outline {
        return outlined(model);
    }
    let here = model.draft.block_here()?;
    blocks(model.draft.editor.lines()).iter().position(|block| *block == here)
}

fn move_rule(model: &mut Model, up: bool) -> Vec<Effect> {
    let Some(at) = meant(model) else {
        model.say(Severity::Refused, T::NoRuleHere);
        return Vec::new();
    };
    let all = blocks(model.draft.editor.lines());
    let other = crate::console::draft::Draft::neighbour(&all, at, up);
    if !model.draft.move_block(at, up) {
        model.say(Severity::Refused, T::NoRuleBeyond);
        return Vec::new();
    }
    offers::close(model);
    let page = model.pages.overlay;
    let rows = outline(model);
    if let (Some(RuleSheet::Outline(picker)), Some(other)) = (top(model), other) {
        picker.list.select(other, &rows, page);
    }
    checked(model)
}

/// To the statement selected in the outline.
fn jump(model: &mut Model) -> Vec<Effect> {
    let at = outlined(model).and_then(|at| blocks(model.draft.editor.lines()).into_iter().nth(at));
    model.overlays.pop();
    if let Some(block) = at {
        model.draft.editor.go_to(block.head_line, 0);
    }
    Vec::new()
}

/// What may come next at the cursor, by the desk's words and the draft's own.
fn complete_here(model: &Model) -> Vec<crate::rulebook::Offer> {
    let editor = &model.draft.editor;
    let head = editor.before_cursor();
    let mut words: Vocabulary = model.draft.words.as_deref().cloned().unwrap_or_default();
    words.keywords = model.lang;
    let named = &model.draft.named;
    for (mine, known) in [
        (&named.defines, &mut words.defines),
        (&named.windows, &mut words.windows),
        (&named.promotions, &mut words.promotions),
    ] {
        if !mine.is_empty() {
            known.clone_from(mine);
        }
    }
    complete_line(&model.draft.within(), head, head.len(), &words)
}
