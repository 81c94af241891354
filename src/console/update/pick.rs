//! Filtered lists: the queue's filter, and the rows of the picker on top.

use crate::console::command::palette;
use crate::console::desk::{Candidate, Choice, Presence, RepLine};
use crate::console::model::{Assigning, Model, Overlay, Picker};
use crate::console::msg::{Ask, Effect};
use crate::console::pinyin;
use crate::console::widget::list::{ListState, Motion};
use crate::model::id::{LeadId, RepId};
use smol_str::SmolStr;

/// Whether every word of `typed` is part of one of `fields`, ignoring case, or spells a Chinese one; nothing typed matches
/// everything.
pub(super) fn matches(typed: &str, fields: &[&str]) -> bool {
    let needle = typed.trim().to_lowercase();
    let says = |field: &&str, word: &str| field.to_lowercase().contains(word) || pinyin::spells(field, word);
    needle.split_whitespace().all(|word| fields.iter().any(|field| says(field, word)))
}

/// The queue's rows by the filter, the selection following its lead; asks the file for persons of that name.
pub(super) fn refilter(model: &mut Model) -> Vec<Effect> {
    let text = model.filter.text().to_owned();
    model.desk.set_filter(&text);
    reselect(model);
    let filter = model.desk.filter();
    if filter.wants_contacts() {
        return vec![Effect::Ask(Ask::Find { text: filter.text().to_owned() })];
    }
    Vec::new()
}

/// The person chose other rows: the selection stays with its lead where it shows, and stands on the first row where not.
/// Only what others do leaves a ghost.
pub(super) fn reselect(model: &mut Model) {
    let wanted = model.find.hidden.or(model.queue.selected()).or(model.queue.ghost());
    let page = model.pages.queue;
    model.find.hidden = wanted.filter(|lead| !model.queue.select(*lead, model.desk.queue(), page));
    if model.find.hidden.is_some() {
        model.queue = ListState::default();
    }
    super::news::sync(model);
}

/// Reps by what is typed, in the order of the load pane.
#[must_use]
pub fn reps(model: &Model, typed: &str) -> Vec<RepId> {
    let found = model.desk.reps().iter().filter(|rep| matches(typed, &[&rep.name, &rep.team]));
    found.map(|rep| rep.id).collect()
}

/// Colleagues who could have a leaver's leads, the one with the most room first.
#[must_use]
pub fn heirs(model: &Model, leaver: RepId, typed: &str) -> Vec<RepId> {
    let all = model.desk.reps().iter().filter(|rep| rep.id != leaver);
    let mut found: Vec<_> = all.filter(|rep| matches(typed, &[&rep.name, &rep.team])).collect();
    let room = |rep: &RepLine| rep.cap.map_or(u32::MAX, |cap| cap.saturating_sub(rep.load));
    found.sort_by_key(|rep| (rep.presence != Presence::OnDuty, std::cmp::Reverse(room(rep))));
    found.into_iter().map(|rep| rep.id).collect()
}

/// Whom the leads could go to.
#[must_use]
pub fn candidates(model: &Model, assigning: &Assigning) -> Vec<Candidate> {
    let leads: Vec<LeadId> = assigning.leads.iter().map(|(lead, _)| *lead).collect();
    crate::console::desk::loads::candidates(model.desk.world(), &leads, model.desk.moment())
}

/// The picker's rows: who can take them, then teams and the engine, then who cannot, and teams without anybody free.
#[must_use]
pub fn choices(model: &Model, assigning: &Assigning) -> Vec<Choice> {
    let typed = assigning.picker.field.text();
    let all = candidates(model, assigning);
    let found: Vec<&Candidate> = all.iter().filter(|c| matches(typed, &[&c.name, &c.team])).collect();
    let (greyed, free): (Vec<&Candidate>, Vec<&Candidate>) =
        found.into_iter().partition(|c| c.refusal.is_some());
    let teams = assigning.teams.iter().enumerate().filter(|(_, team)| matches(typed, &[team]));
    let (open, closed): (Vec<_>, Vec<_>) = teams.partition(|(_, team)| takes(model, team, &all));
    let engine = matches(typed, &["engine", "引擎"]).then_some(Choice::Engine);
    let mut rows: Vec<Choice> = free.iter().map(|c| Choice::Rep(c.rep)).collect();
    rows.extend(open.into_iter().map(|(index, _)| Choice::Team(index)));
    rows.extend(engine);
    rows.extend(greyed.iter().map(|c| Choice::Rep(c.rep)));
    rows.extend(closed.into_iter().map(|(index, _)| Choice::Team(index)));
    rows
}

/// Whether anybody of the team could take one of the leads.
#[must_use]
pub fn takes(model: &Model, team: &SmolStr, candidates: &[Candidate]) -> bool {
    let members = model.desk.world().teams().get(team).map_or(&[][..], Vec::as_slice);
    candidates.iter().any(|c| c.refusal.is_none() && members.contains(&c.rep))
}

/// Typing starts the choice anew at the best match.
fn restart<K: Copy + Eq>(picker: &mut Picker<K>, rows: &[K], page: usize) {
    picker.list = ListState::default();
    picker.list.sync(rows, page);
}

/// Recomputes the rows of the picker on top after something was typed.
pub fn refresh(model: &mut Model) {
    let page = model.pages.overlay;
    let Some(mut top) = model.overlays.pop() else { return };
    match &mut top {
        Overlay::Help(picker) => restart(picker, &palette::help(model, picker.field.text()), page),
        Overlay::Palette(picker) => restart(picker, &palette::offers(model, picker.field.text()), page),
        Overlay::Views(picker) => restart(picker, &super::finding::views(model, picker.field.text()), page),
        Overlay::Assign(assigning) => {
            let rows = choices(model, assigning);
            restart(&mut assigning.picker, &rows, page);
        }
        Overlay::WhyNot { picker, .. } => restart(picker, &reps(model, picker.field.text()), page),
        Overlay::HandTo { rep, picker, .. } => {
            restart(picker, &heirs(model, *rep, picker.field.text()), page)
        }
        Overlay::Jump(jumping) if jumping.field.text().trim().is_empty() => jumping.found.clear(),
        // The reader's answer brings its rows.
        Overlay::Jump(_)
        | Overlay::Status { .. }
        | Overlay::Why { .. }
        | Overlay::Card(_)
        | Overlay::Handover { .. }
        | Overlay::Prompt { .. }
        | Overlay::Confirm { .. }
        | Overlay::Sheet(_)
        | Overlay::Build(_)
        | Overlay::Watching(_)
        | Overlay::Rules(_) => {}
    }
    model.overlays.push(top);
}

/// The desk changed under the picker: the selection follows its row.
pub fn resync(model: &mut Model) {
    let page = model.pages.overlay;
    let Some(mut top) = model.overlays.pop() else { return };
    match &mut top {
        Overlay::Assign(assigning) => {
            let rows = choices(model, assigning);
            assigning.picker.list.sync(&rows, page);
        }
        Overlay::WhyNot { picker, .. } => picker.list.sync(&reps(model, picker.field.text()), page),
        Overlay::HandTo { rep, picker, .. } => {
            picker.list.sync(&heirs(model, *rep, picker.field.text()), page);
        }
        _ => {}
    }
    model.overlays.push(top);
}

/// The first line on screen after a motion, not yet bounded.
fn moved(offset: usize, motion: Motion, page: usize) -> usize {
    match motion {
        Motion::Up => offset.saturating_sub(1),
        Motion::Down => offset + 1,
        Motion::PageUp => offset.saturating_sub(page),
        Motion::PageDown => offset + page,
        Motion::Home => 0,
        Motion::End => usize::MAX / 2,
    }
}

/// Moves the selection, or the text, of the overlay on top.
pub fn shift(model: &mut Model, motion: Motion) {
    if matches!(model.overlays.last(), Some(Overlay::Sheet(_))) {
        return super::sheet::shift(model, motion);
    }
    if matches!(model.overlays.last(), Some(Overlay::Build(_))) {
        return super::build::shift(model, motion);
    }
    if matches!(model.overlays.last(), Some(Overlay::Rules(_))) {
        return super::rules::shift(model, motion);
    }
    if matches!(model.overlays.last(), Some(Overlay::Watching(_))) {
        return super::watching::shift(model, motion);
    }
    let page = model.pages.overlay;
    let Some(mut top) = model.overlays.pop() else { return };
    match &mut top {
        Overlay::Help(picker) => picker.list.go(motion, &palette::help(model, picker.field.text()), page),
        Overlay::Palette(picker) => {
            picker.list.go(motion, &palette::offers(model, picker.field.text()), page)
        }
        Overlay::Jump(jumping) => jumping.list.go(motion, &jumping.found, page),
        Overlay::Views(picker) => {
            picker.list.go(motion, &super::finding::views(model, picker.field.text()), page)
        }
        Overlay::Assign(assigning) => {
            let rows = choices(model, assigning);
            assigning.picker.list.go(motion, &rows, page);
        }
        Overlay::WhyNot { picker, .. } => picker.list.go(motion, &reps(model, picker.field.text()), page),
        Overlay::HandTo { rep, picker, .. } => {
            picker.list.go(motion, &heirs(model, *rep, picker.field.text()), page);
        }
        Overlay::Why { offset, .. } => {
            // Bounded below, where the lines are known.
            *offset = moved(*offset, motion, page);
        }
        Overlay::Card(open) => {
            let last = open.sheet.lines.len().saturating_sub(page.max(1));
            open.offset = moved(open.offset, motion, page).min(last);
        }
        Overlay::Handover { .. }
        | Overlay::Status { .. }
        | Overlay::Prompt { .. }
        | Overlay::Confirm { .. }
        | Overlay::Sheet(_)
        | Overlay::Build(_)
        | Overlay::Watching(_)
        | Overlay::Rules(_) => {}
    }
    model.overlays.push(top);
    if let Some(Overlay::Why { lead, not, .. }) = model.overlays.last() {
        let last = crate::console::card::lines(model, *lead, *not).len().saturating_sub(page.max(1));
        if let Some(Overlay::Why { offset, .. }) = model.overlays.last_mut() {
            *offset = (*offset).min(last);
        }
    }
}
