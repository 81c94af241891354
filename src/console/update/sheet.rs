//! Sheets over the desk: opening them, moving in them, and what their keys do. Forms are `form`'s affair.

use super::{give, go, step};
use crate::console::handwork::SheetKind;
use crate::console::handwork::sheet::{Batches, Outbox, Report, Sheet, Trying, Twins};
use crate::console::model::{Model, Overlay, OverlayKind, Purpose, Severity};
use crate::console::msg::{Ask, Effect, Go, Msg, Order};
use crate::console::text::{Say, T};
use crate::console::widget::field::Field;
use crate::console::widget::list::{ListState, Motion};
use crate::engine::{Order as Wish, rehearse, words};
use crate::model::actor::Actor;
use crate::model::event::IntentId;
use crate::model::id::{BatchId, DivertId, LeadId};
use crate::model::lang::Lang;
use crate::model::outbox::{NoticeId, OutboxRow};
use crate::report::promotion::lines;

mod form;
mod promotion;
mod trial;

pub use form::{LOOK_MAX, scope_takes};
pub use promotion::{form_end, promotions, selected_promotion};
pub use trial::{hinders_trial, trial_lines};

pub(super) use promotion::{ask as ask_promotion, open as open_promotions, promoted, report};

pub(super) use trial::{ask as ask_trial, differed};

pub(super) use form::{accept as accept_form, answered as entry_answered, divert_here, end_of, field, paste};

/// Rows of a sheet whose contacts are fetched.
const SHOWN_MAX: usize = 100;

/// Opens a sheet, its list at the first row.
pub(super) fn open(model: &mut Model, kind: SheetKind) -> Vec<Effect> {
    let (sheet, effects) = match kind {
        SheetKind::Diverts => (Sheet::Diverts(ListState::default()), Vec::new()),
        SheetKind::Proposals => (Sheet::Proposals(ListState::default()), Vec::new()),
        SheetKind::Twins => {
            let given: Vec<LeadId> =
                if model.marks.len() > 1 { model.marks.iter().copied().collect() } else { Vec::new() };
            (Sheet::Twins(Twins { list: ListState::default(), given }), Vec::new())
        }
        SheetKind::Batches => {
            (Sheet::Batches(Batches::default()), vec![Effect::Ask(Ask::Batches { mine: false })])
        }
        SheetKind::Outbox => {
            (Sheet::Outbox(Outbox::default()), vec![Effect::Ask(Ask::Outbox { all: false })])
        }
        SheetKind::Promotions => return promotion::open(model, None),
        SheetKind::Trial => return trial::open(model),
        SheetKind::Since => (Sheet::Since(0), Vec::new()),
        SheetKind::Divert => return form::open_divert(model, None),
        SheetKind::Add => return form::open_add(model),
        SheetKind::Edit => return form::open_edit(model),
    };
    // The pair of the lead the person looks at comes first.
    let here = model.queue.selected();
    push(model, sheet);
    if let (SheetKind::Twins, Some(here)) = (kind, here) {
        let rows = twins(model);
        if let Some((_, later)) = rows.iter().find(|(first, later)| *first == here || *later == here) {
            let (ids, page) = (rows.iter().map(|(_, later)| *later).collect::<Vec<_>>(), model.pages.overlay);
            if let Some(Sheet::Twins(sheet)) = top(model) {
                sheet.list.select(*later, &ids, page);
            }
        }
    }
    effects
}

pub(super) fn push(model: &mut Model, sheet: Sheet) {
    model.notice = None;
    model.overlays.push(Overlay::Sheet(Box::new(sheet)));
    sync(model);
}

pub(super) fn top(model: &mut Model) -> Option<&mut Sheet> {
    match model.overlays.last_mut() {
        Some(Overlay::Sheet(sheet)) => Some(sheet),
        _ => None,
    }
}

/// The diverts in force, the newest first, as the engine asks them.
#[must_use]
pub fn diverts(model: &Model) -> Vec<DivertId> {
    model.desk.world().diverts_at(model.now).map(|state| state.divert.id).collect()
}

/// Leads with a proposal, in the order of the queue.
#[must_use]
pub fn proposals(model: &Model) -> Vec<LeadId> {
    model.desk.proposed().iter().map(|line| line.lead).collect()
}

/// The pairs of the sheet of duplicates.
#[must_use]
pub fn twins(model: &Model) -> Vec<(LeadId, LeadId)> {
    match model.overlays.last() {
        Some(Overlay::Sheet(sheet)) => match &**sheet {
            Sheet::Twins(twins) => pairs(model, &twins.given),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// Open leads of one person, or leads the person put side by side: the one that was here first, then the other.
fn pairs(model: &Model, given: &[LeadId]) -> Vec<(LeadId, LeadId)> {
    let world = model.desk.world();
    if given.is_empty() {
        let pair = |lead: &LeadId| {
            let twin = world.lead(*lead)?.twin.filter(|twin| world.lead(*twin).is_some())?;
            Some((twin, *lead))
        };
        return world.twins().iter().filter_map(pair).collect();
    }
    let mut open: Vec<LeadId> = given.iter().copied().filter(|lead| world.lead(*lead).is_some()).collect();
    open.sort_by_key(|lead| world.lead(*lead).map(|row| (row.arrived_at, row.id)));
    match open.split_first() {
        Some((first, others)) => others.iter().map(|other| (*first, *other)).collect(),
        None => Vec::new(),
    }
}

/// Brings the lists of the sheet on top in line with the desk.
pub(super) fn sync(model: &mut Model) {
    let page = model.pages.overlay;
    if !matches!(model.overlays.last(), Some(Overlay::Sheet(_))) {
        return;
    }
    let Some(Overlay::Sheet(mut sheet)) = model.overlays.pop() else { return };
    match &mut *sheet {
        Sheet::Diverts(list) => list.sync(&diverts(model), page),
        Sheet::Proposals(list) => list.sync(&proposals(model), page),
        Sheet::Promotions(list) => list.sync(&promotions(model), page),
        Sheet::Twins(sheet) => {
            let ids: Vec<LeadId> = pairs(model, &sheet.given).into_iter().map(|(_, later)| later).collect();
            sheet.list.sync(&ids, page);
        }
        Sheet::Batches(batches) => {
            let ids: Vec<BatchId> = batches.rows.iter().map(|row| row.id).collect();
            batches.list.sync(&ids, page);
            judge(model, batches);
        }
        Sheet::Outbox(outbox) => {
            let ids: Vec<NoticeId> = outbox.rows.iter().map(|row| row.id).collect();
            outbox.list.sync(&ids, page);
        }
        Sheet::WhatIf(hands) => hands.list.sync(&super::whatif::rows(model), page),
        Sheet::Since(_) | Sheet::Report(_) | Sheet::Trial(_) | Sheet::Form(_) => {}
    }
    model.overlays.push(Overlay::Sheet(sheet));
}

/// Moves the selection of the sheet on top.
pub(super) fn shift(model: &mut Model, motion: Motion) {
    let page = model.pages.overlay;
    let pairs: Vec<LeadId> = twins(model).into_iter().map(|(_, later)| later).collect();
    let (diverted, proposed) = (diverts(model), proposals(model));
    let (promoted, lines) = (promotions(model), text_lines(model));
    let last = lines.saturating_sub(page.max(1));
    let handed = super::whatif::rows(model);
    match top(model) {
        Some(Sheet::Diverts(list)) => list.go(motion, &diverted, page),
        Some(Sheet::Proposals(list)) => list.go(motion, &proposed, page),
        Some(Sheet::Promotions(list)) => list.go(motion, &promoted, page),
        Some(Sheet::Twins(twins)) => twins.list.go(motion, &pairs, page),
        Some(Sheet::Batches(batches)) => {
            let ids: Vec<BatchId> = batches.rows.iter().map(|row| row.id).collect();
            batches.list.go(motion, &ids, page);
        }
        Some(Sheet::Outbox(outbox)) => {
            let ids: Vec<NoticeId> = outbox.rows.iter().map(|row| row.id).collect();
            outbox.list.go(motion, &ids, page);
        }
        Some(
            Sheet::Since(offset) | Sheet::Report(Report { offset, .. }) | Sheet::Trial(Trying { offset, .. }),
        ) => {
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
        Some(Sheet::WhatIf(hands)) => hands.list.go(motion, &handed, page),
        Some(Sheet::Form(_)) | None => {}
    }
    sync(model);
}

/// Lines of a sheet that is only read.
fn text_lines(model: &Model) -> usize {
    match model.overlays.last() {
        Some(Overlay::Sheet(sheet)) => match &**sheet {
            Sheet::Since(_) => since_lines(model).len(),
            Sheet::Trial(trying) => trial_lines(model, trying).len(),
            Sheet::Report(Report { beside: Some(beside), .. }) => {
                lines(model.desk.world(), [&beside.before, &beside.during], model.lang).len()
            }
            _ => 0,
        },
        _ => 0,
    }
}

/// The handover note, line by line.
#[must_use]
pub fn since_lines(model: &Model) -> Vec<Say> {
    let desk = &model.desk;
    let note = model.hand.handover.as_ref();
    note.map_or_else(Vec::new, |note| note.lines(&|rep| desk.rep_name(rep), &|lead| desk.called(lead)))
}

/// Ends the selected divert.
#[must_use]
pub fn selected_divert(model: &Model) -> Option<DivertId> {
    match model.overlays.last() {
        Some(Overlay::Sheet(sheet)) => match &**sheet {
            Sheet::Diverts(list) => list.selected(),
            _ => None,
        },
        _ => None,
    }
}

/// The lead whose proposal is selected.
#[must_use]
pub fn selected_proposal(model: &Model) -> Option<LeadId> {
    match model.overlays.last() {
        Some(Overlay::Sheet(sheet)) => match &**sheet {
            Sheet::Proposals(list) => list.selected(),
            _ => None,
        },
        _ => None,
    }
}

/// The selected pair.
#[must_use]
pub fn selected_pair(model: &Model) -> Option<(LeadId, LeadId)> {
    let selected = match model.overlays.last() {
        Some(Overlay::Sheet(sheet)) => match &**sheet {
            Sheet::Twins(pairs) => pairs.list.selected(),
            _ => None,
        },
        _ => None,
    }?;
    twins(model).into_iter().find(|(_, later)| *later == selected)
}

/// The selected batch.
#[must_use]
pub fn selected_batch(model: &Model) -> Option<BatchId> {
    match model.overlays.last() {
        Some(Overlay::Sheet(sheet)) => match &**sheet {
            Sheet::Batches(batches) => batches.list.selected(),
            _ => None,
        },
        _ => None,
    }
}

/// The selected notice of the outbox.
#[must_use]
pub fn selected_notice(model: &Model) -> Option<&OutboxRow> {
    let Some(Overlay::Sheet(sheet)) = model.overlays.last() else { return None };
    let Sheet::Outbox(outbox) = &**sheet else { return None };
    let id = outbox.list.selected()?;
    outbox.rows.iter().find(|row| row.id == id)
}

/// What was sent or dropped too, or not.
pub(super) fn turn_outbox(model: &mut Model) -> Vec<Effect> {
    if let Some(Sheet::Outbox(outbox)) = top(model) {
        *outbox = Outbox { all: !outbox.all, ..Outbox::default() };
    }
    refresh(model)
}

/// Sends the selected notice again, or never; answered with the outbox as it is then.
pub(super) fn by_hand(model: &mut Model, retry: bool) -> Vec<Effect> {
    let Some(id) = selected_notice(model).map(|row| row.id) else { return Vec::new() };
    let Some(Sheet::Outbox(outbox)) = top(model) else { return Vec::new() };
    vec![Effect::Ask(Ask::OutboxByHand { id, retry, all: outbox.all })]
}

/// The outbox has come.
pub(super) fn outbox_came(model: &mut Model, rows: Vec<OutboxRow>, wrong: Option<Say>) {
    if let Some(Sheet::Outbox(outbox)) = top(model) {
        (outbox.rows, outbox.wrong, outbox.has_come) = (rows, wrong, true);
    }
    sync(model);
}

/// Accepts the proposal and goes on to the next, so that Enter, Enter, Enter works through them.
pub(super) fn accept(model: &mut Model, order: Order) -> Vec<Effect> {
    let rows = proposals(model);
    let selected = selected_proposal(model);
    let is_last = rows.last().copied() == selected;
    shift(model, if is_last { Motion::Up } else { Motion::Down });
    give(model, order)
}

/// Somebody else than proposed: the picker, on that lead.
pub(super) fn elsewhere(model: &mut Model) -> Vec<Effect> {
    let Some(lead) = selected_proposal(model) else { return Vec::new() };
    model.overlays.pop();
    model.marks.clear();
    let mut effects = go::go(model, Go::Lead(lead));
    effects.extend(go::go(model, Go::Open(OverlayKind::Assign)));
    effects
}

/// Merges the selected pair into the one that stays.
pub(super) fn merge(model: &mut Model, keeps_first: bool) -> Vec<Effect> {
    let Some((first, later)) = selected_pair(model) else { return Vec::new() };
    let (stays, goes) = if keeps_first { (first, later) } else { (later, first) };
    let with_rev = |lead| model.desk.rev(lead).map(|rev| (lead, rev));
    match (with_rev(stays), with_rev(goes)) {
        (Some(into), Some(lead)) => step(model, Msg::Order(Order::Merge { into, leads: vec![lead] })),
        _ => Vec::new(),
    }
}

/// Asks for the number of a merged lead.
pub(super) fn ask_unmerge(model: &mut Model) -> Vec<Effect> {
    model.overlays.push(Overlay::Prompt { purpose: Purpose::Unmerge, field: Field::default() });
    Vec::new()
}

/// `L12` or `12`.
pub(super) fn unmerge(model: &mut Model, text: &str) -> Vec<Effect> {
    match text.trim_start_matches(['L', 'l', '#']).parse() {
        Ok(number) => give(model, Order::Unmerge { lead: LeadId(number) }),
        Err(_) => {
            model.say(Severity::Refused, T::BadLeadNumber);
            Vec::new()
        }
    }
}

/// Papers of the selected batch, if they have not been asked for.
pub(super) fn wants(model: &mut Model) -> Vec<Effect> {
    let Some(Sheet::Batches(batches)) = top(model) else { return Vec::new() };
    let Some(selected) = batches.list.selected().filter(|id| batches.asked != Some(*id)) else {
        return Vec::new();
    };
    batches.asked = Some(selected);
    vec![Effect::Ask(Ask::Papers(selected))]
}

/// Everybody's batches, or one's own.
pub(super) fn turn_mine(model: &mut Model) -> Vec<Effect> {
    if let Some(Sheet::Batches(batches)) = top(model) {
        *batches = Batches { mine: !batches.mine, ..Batches::default() };
    }
    refresh(model)
}

/// After something was done the history is asked for again.
pub(super) fn refresh(model: &mut Model) -> Vec<Effect> {
    match top(model) {
        Some(Sheet::Batches(batches)) => {
            batches.asked = None;
            vec![Effect::Ask(Ask::Batches { mine: batches.mine })]
        }
        Some(Sheet::Outbox(outbox)) => vec![Effect::Ask(Ask::Outbox { all: outbox.all })],
        _ => Vec::new(),
    }
}

/// What undoing the selected batch would come to: the engine's own undo on a copy.
fn judge(model: &Model, batches: &mut Batches) {
    let Some(selected) = batches.list.selected() else { return };
    let Some((batch, papers)) = &batches.papers else { return };
    if *batch != selected {
        return;
    }
    let first = papers.iter().filter_map(|papers| papers.batch.as_ref()).find_map(|b| b.events.first());
    batches.what = first.map(|event| {
        let words = |lang| {
            let what = words::history(model.desk.world(), event, lang);
            let Some(lead) = event.body.lead() else { return what };
            let (id, name) = (lead.to_string(), model.desk.called(lead));
            if id == name { format!("{id}: {what}") } else { format!("{id} {name}: {what}") }
        };
        (selected, Say::both(words(Lang::En), words(Lang::Zh)))
    });
    let Some(papers) = papers else {
        batches.verdict = Some((selected, T::UndoTooLong.into()));
        return;
    };
    let actor = Actor { name: model.desk.me(), role: model.me.asked, console: 0 };
    let intent = crate::engine::Intent::Undo { batch: selected };
    let wish = Wish { id: IntentId(0), actor, intent, seen: Vec::new() };
    let verdict = match rehearse(model.desk.world(), &wish, &mut papers.clone(), model.now) {
        Ok(done) => model.desk.undo_words(&done),
        Err(refusal) => model.desk.refusal(&refusal),
    };
    batches.verdict = Some((selected, verdict));
}

/// Leads of the sheet on top whose contacts it shows.
pub(super) fn twins_shown(model: &Model) -> Vec<LeadId> {
    match model.overlays.last() {
        Some(Overlay::Sheet(sheet)) => match &**sheet {
            Sheet::Twins(_) => {
                twins(model).into_iter().take(SHOWN_MAX).flat_map(|(first, later)| [first, later]).collect()
            }
            Sheet::Proposals(_) => proposals(model).into_iter().take(SHOWN_MAX).collect(),
            Sheet::Batches(Batches { papers: Some((_, Some(papers))), .. }) => {
                let events = papers.batch.iter().flat_map(|batch| &batch.events);
                events.filter_map(|event| event.body.lead()).take(1).collect()
            }
            Sheet::Since(_) => {
                let note = model.hand.handover.iter().flat_map(|note| &note.moved);
                note.map(|(lead, ..)| *lead).take(SHOWN_MAX).collect()
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}
