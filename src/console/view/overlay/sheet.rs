//! Sheets of handwork: diverts, proposals, duplicates side by side, the history of batches, what happened meanwhile.

use super::super::{Canvas, span};
use super::{form, popup, promotion};
use crate::console::desk::lines::state_word;
use crate::console::desk::{LeadLine, day_and_hour, hour_and_minute};
use crate::console::handwork::sheet::{BatchLine, Batches, Sheet};
use crate::console::msg::Target;
use crate::console::text::{Say, T};
use crate::console::theme::Role;
use crate::console::update::sheet;
use crate::console::widget::fit::{Align, fit_with};
use crate::console::widget::list::{Line, ListState};
use crate::engine::words;
use crate::model::event::Verb;
use crate::model::id::{DivertId, LeadId};
use ratatui::layout::Rect;

/// Rows of the comparison of two leads.
const FACTS: u16 = 11;

pub(super) fn draw(canvas: &mut Canvas, body: Rect, sheet: &Sheet) {
    match sheet {
        Sheet::Diverts(list) => diverts(canvas, body, list),
        Sheet::Proposals(list) => proposals(canvas, body, list),
        Sheet::Twins(pairs) => twins(canvas, body, &pairs.list),
        Sheet::Batches(history) => batches(canvas, body, history),
        Sheet::Outbox(outbox) => super::outbox::draw(canvas, body, outbox),
        Sheet::Promotions(list) => promotion::promotions(canvas, body, list),
        Sheet::Report(report) => promotion::report(canvas, body, report),
        Sheet::Trial(trying) => super::trial::draw(canvas, body, trying),
        Sheet::Since(offset) => since(canvas, body, *offset),
        Sheet::Form(of) => form::draw(canvas, body, of),
        Sheet::WhatIf(hands) => super::whatif::draw(canvas, body, hands),
    }
}

/// A list with the selection marked, or a sentence where there is nothing.
pub(in crate::console::view) fn list<K: Copy + Eq>(
    canvas: &mut Canvas,
    area: Rect,
    (state, rows): (&ListState<K>, &[K]),
    empty: T,
    row: impl Fn(&Canvas, K, usize) -> String,
) {
    let page = usize::from(area.height);
    canvas.painted.pages.overlay = page.max(1);
    if rows.is_empty() {
        let (text, muted) = (canvas.t(empty), canvas.role(Role::Muted));
        canvas.line(area, 0, &format!(" {text}"), muted);
        return;
    }
    for (line, y) in state.lines(rows.len(), page).into_iter().zip(0..) {
        let Line::Row(index) = line else { continue };
        let Some(key) = rows.get(index).copied() else { continue };
        let is_selected = state.selected() == Some(key);
        let text = row(canvas, key, usize::from(area.width.saturating_sub(3)));
        let marker = if is_selected { canvas.glyphs.marker } else { " " };
        let style = canvas.role(if is_selected { Role::Selected } else { Role::Text });
        canvas.line(area, y, &format!(" {marker} {text}"), style);
        canvas.hit(Rect::new(area.x, area.y + y, area.width, 1), Target::Item(index));
    }
}

pub(in crate::console::view) fn high(body: Rect, rows: usize, least: u16) -> u16 {
    u16::try_from(rows).unwrap_or(u16::MAX).clamp(least, body.height.saturating_sub(4).max(least))
}

fn diverts(canvas: &mut Canvas, body: Rect, state: &ListState<DivertId>) {
    let rows = sheet::diverts(canvas.model);
    let inner = popup(canvas, body, canvas.t(T::DivertsTitle), high(body, rows.len(), 3));
    list(canvas, inner, (state, &rows), T::NoDiverts, |canvas, id, _| {
        let model = canvas.model;
        let Some(divert) = model.desk.world().divert(id) else { return id.to_string() };
        let left = span(divert.until.0 - model.now.0, canvas.glyphs);
        let to = words::divert_to(model.desk.world(), divert, model.lang);
        let scope = if divert.scope.is_empty() { canvas.t(T::EveryLead) } else { divert.scope.as_str() };
        // The end stands as what is left; the line has no room for it twice.
        let (arrow, sep) = (canvas.glyphs.arrow, canvas.glyphs.separator);
        let gave = model.desk.diverted(id).map(Say::SoFar);
        let gave = gave.as_ref().map_or(String::new(), |say| format!(" {sep} {}", canvas.say(say)));
        format!("{id}  {left}  {scope} {arrow} {to}{gave} {sep} {} {}", divert.set_by, divert.reason)
    });
    canvas.painted.has_countdown |= !rows.is_empty();
}

fn proposals(canvas: &mut Canvas, body: Rect, state: &ListState<LeadId>) {
    let rows = sheet::proposals(canvas.model);
    let count = Say::ProposedCount(rows.len());
    let title =
        format!("{} {} {}", canvas.t(T::ProposalsTitle), canvas.glyphs.rule, count.get(canvas.model.lang));
    let inner = popup(canvas, body, &title, high(body, rows.len(), 3));
    list(canvas, inner, (state, &rows), T::NoProposals, |canvas, id, _| {
        let (model, g) = (canvas.model, canvas.glyphs);
        let Some(line) = model.desk.proposed().iter().find(|line| line.lead == id) else {
            return id.to_string();
        };
        let lead = fit_with(&model.desk.called(id), 18, Align::Left, g);
        let about = model
            .desk
            .lead(id)
            .map_or_else(String::new, |lead| format!("{} {}", lead.source, lead.region).trim().to_owned());
        let about = fit_with(&about, 16, Align::Left, g);
        let rep = fit_with(&model.desk.rep_name(line.rep), 12, Align::Left, g);
        let by = line.by.as_ref().map(|by| Say::ByRule(by).get(model.lang).to_owned()).unwrap_or_default();
        let score = fit_with(&line.score.to_string(), 4, Align::Right, g);
        format!("{lead}  {about} {score}  {} {rep} {by}", g.arrow)
    });
}

/// The pairs above, the selected one side by side below.
fn twins(canvas: &mut Canvas, body: Rect, state: &ListState<LeadId>) {
    let pairs = sheet::twins(canvas.model);
    let ids: Vec<LeadId> = pairs.iter().map(|(_, later)| *later).collect();
    let rows = high(body, pairs.len(), 3).min(6);
    let inner = popup(canvas, body, canvas.t(T::TwinsTitle), rows + FACTS + 1);
    let above = Rect::new(inner.x, inner.y, inner.width, rows.min(inner.height));
    list(canvas, above, (state, &ids), T::NoTwins, |canvas, later, _| {
        let first = pairs.iter().find(|(_, id)| *id == later).map_or(later, |(first, _)| *first);
        let name = |lead: LeadId| format!("{lead} {}", canvas.model.desk.called(lead));
        format!("{}  =  {}", name(first), name(later))
    });
    let Some((first, later)) = sheet::selected_pair(canvas.model) else { return };
    let below = Rect::new(
        inner.x,
        (inner.y + rows + 1).min(inner.bottom()),
        inner.width,
        inner.height.saturating_sub(rows + 1),
    );
    side_by_side(canvas, below, first, later);
}

fn side_by_side(canvas: &mut Canvas, area: Rect, first: LeadId, later: LeadId) {
    let (Some(a), Some(b)) = (canvas.model.desk.lead(first), canvas.model.desk.lead(later)) else { return };
    let g = canvas.glyphs;
    let half = usize::from(area.width).saturating_sub(14) / 2;
    for (row, ((label, left), (_, right))) in
        (0..area.height).zip(facts(canvas, &a).into_iter().zip(facts(canvas, &b)))
    {
        let label = fit_with(canvas.t(label), 10, Align::Right, g);
        let is_same = left == right || row == 0;
        let (l, r) = (fit_with(&left, half, Align::Left, g), fit_with(&right, half, Align::Left, g));
        let style = canvas.role(if is_same { Role::Muted } else { Role::Text });
        canvas.line(area, row, &format!(" {label}  {l} {r}"), style);
    }
}

/// What two leads are compared by.
fn facts(canvas: &Canvas, lead: &LeadLine) -> Vec<(T, String)> {
    let model = canvas.model;
    let card = model.desk.card(lead.id).unwrap_or_default();
    let phone = super::super::phone(canvas, lead).unwrap_or_default();
    let owner = lead.owner.map_or_else(String::new, |owner| model.desk.rep_name(owner));
    vec![
        (T::Lead, format!("{} {}", lead.id, card.name)),
        (T::Phone, phone),
        (T::SlotWechat, card.wechat),
        (T::SlotCompany, lead.company.to_string()),
        (T::Source, lead.source.to_string()),
        (T::Region, lead.region.to_string()),
        (T::Product, lead.product.to_string()),
        (T::Score, lead.score.to_string()),
        (T::StateWord, canvas.t(state_word(lead.state)).to_owned()),
        (T::Owner, owner),
        (T::Arrived, day_and_hour(lead.arrived_at, model.desk.moment())),
    ]
}

fn batches(canvas: &mut Canvas, body: Rect, history: &Batches) {
    let ids: Vec<_> = history.rows.iter().map(|row| row.id).collect();
    let rows = high(body, ids.len() + 3, 6);
    let title = if history.mine { T::BatchesMine } else { T::BatchesTitle };
    let inner = popup(canvas, body, canvas.t(title), rows);
    let above = Rect::new(inner.x, inner.y, inner.width, inner.height.saturating_sub(3));
    let empty = if history.has_come { T::NoBatches } else { T::WhyAsking };
    list(canvas, above, (&history.list, &ids), empty, |canvas, id, _| {
        history.rows.iter().find(|row| row.id == id).map_or_else(String::new, |row| batch_row(canvas, row))
    });
    if let Some((_, what)) = history.what.as_ref().filter(|(of, _)| history.list.selected() == Some(*of)) {
        let text = canvas.role(Role::Text);
        let words = canvas.say(what);
        canvas.line(inner, inner.height.saturating_sub(2), &format!(" {words}"), text);
    }
    let verdict = history.verdict.as_ref().filter(|(of, _)| history.list.selected() == Some(*of));
    if let Some((_, words)) = verdict {
        let style = canvas.role(Role::Warn);
        let words = canvas.say(words);
        canvas.line(inner, inner.height.saturating_sub(1), &format!(" {words}"), style);
    }
}

/// `14:31  王芳  assigned  38 leads  undone by 赵敏 14:40`.
fn batch_row(canvas: &Canvas, row: &BatchLine) -> String {
    let (model, g) = (canvas.model, canvas.glyphs);
    let at = hour_and_minute(row.at, model.desk.moment());
    let who = fit_with(&row.actor, 12, Align::Left, g);
    let what = fit_with(canvas.t(verb_word(row.verb)), 14, Align::Left, g);
    let count = match row.leads {
        0 => Say::verbatim(""),
        1 => T::OfOneLead.into(),
        many => Say::OfLeads(many),
    };
    let count = fit_with(count.get(model.lang), 10, Align::Left, g);
    let undone = row.undone.as_ref().map(|(by, at)| {
        let at = hour_and_minute(*at, model.desk.moment());
        Say::UndoneBy(by, &at).get(model.lang).to_owned()
    });
    format!("{at}  {who}  {what}  {count}  {}", undone.unwrap_or_default())
}

/// What a batch began with, in a word.
fn verb_word(verb: Option<Verb>) -> T {
    match verb {
        Some(Verb::LeadReceived) => T::VerbReceived,
        Some(Verb::LeadEdited) => T::VerbEdited,
        Some(Verb::LeadAssigned) => T::Assigned,
        Some(Verb::LeadParked) => T::BecomeParked,
        Some(Verb::LeadRecalled) => T::BecomeRecalled,
        Some(Verb::LeadReturned) => T::BecomeReturned,
        Some(Verb::LeadFreed) => T::BecomeFree,
        Some(Verb::LeadProgressed) => T::VerbProgressed,
        Some(Verb::LeadPooled) => T::BecomePooled,
        Some(Verb::LeadMerged) => T::BecomeMerged,
        Some(Verb::LeadRestored | Verb::BatchUndone) => T::VerbUndo,
        Some(Verb::RepAdded | Verb::RepEdited | Verb::RepDuty | Verb::RepLeave | Verb::RepActive) => {
            T::VerbRep
        }
        Some(Verb::LedgerEntered) => T::VerbLedger,
        Some(Verb::BookPublished) => T::VerbBook,
        Some(Verb::ModeSet | Verb::ScopeModeSet) => T::VerbMode,
        Some(Verb::RoleGranted) => T::VerbRole,
        Some(Verb::DivertChanged) => T::VerbDivert,
        Some(Verb::PromotionStarted | Verb::PromotionStopped) => T::PromotionsTitle,
        Some(Verb::ImportBegan | Verb::ImportEnded) => T::VerbImport,
        _ => T::VerbOther,
    }
}

fn since(canvas: &mut Canvas, body: Rect, offset: usize) {
    let model = canvas.model;
    let lines = sheet::since_lines(model);
    let left = model.hand.handover.as_ref().map(|note| day_and_hour(note.left_at, model.desk.moment()));
    let title = Say::SinceTitle(&left.unwrap_or_default());
    let inner = popup(canvas, body, title.get(model.lang), high(body, lines.len(), 3));
    canvas.painted.pages.overlay = usize::from(inner.height);
    let text = canvas.role(Role::Text);
    for (row, line) in (0..inner.height).zip(lines.iter().skip(offset)) {
        let words = canvas.say(line).to_owned();
        canvas.line(inner, row, &format!(" {words}"), text);
    }
}
