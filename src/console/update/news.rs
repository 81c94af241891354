//! What the service tells: the desk, committed events, answers, checks. An answer to a question no longer asked is dropped.

use super::{answer, build, finding, seeing};
use crate::console::handwork::handover::Handover;
use crate::console::handwork::sheet::Sheet;
use crate::console::model::{Model, Overlay, Severity, Story};
use crate::console::msg::{Ask, Effect, News};
use crate::console::text::Say;
use crate::model::event::{Body, Event};
use crate::model::lead::ArrivalKind;
use crate::world::World;

/// A break shorter than this needs no handover, in milliseconds.
const AWAY_MS: i64 = 5 * crate::model::time::MINUTE_MS;

pub(super) fn news(model: &mut Model, news: News) -> Vec<Effect> {
    match news {
        News::World(world) => return world_came(model, *world),
        News::First(page) => {
            model.desk.show_first(*page, model.now);
            sync(model);
        }
        News::Opening { folded, total } => model.desk.set_progress(folded, total),
        News::NotOpened => return vec![Effect::Quit],
        News::Events(events) => return events_came(model, &events),
        News::Leading(leadership) => model.desk.set_leadership(leadership),
        News::Trouble(why) => {
            model.desk.set_leadership(crate::console::desk::Leadership::ReadOnly);
            model.say(Severity::Refused, why);
        }
        News::Answered { order, reply } => return answer::answered(model, &order, reply),
        News::Contacts { asked, found } => {
            model.desk.put_contacts(&asked, found);
            // A sheet that speaks of them says their names.
            super::sheet::sync(model);
        }
        News::Story { lead, rev, events } => {
            if model.story_asked.is_some_and(|(asked, _)| asked == lead) {
                model.story = Some(Story { lead, rev, events });
                // A card that waited for it tells it now.
                seeing::sync(model);
            }
        }
        News::Found { text, leads } => {
            model.desk.set_found(&text, leads);
            sync(model);
        }
        News::Jumped { text, leads, closed } => finding::jumped(model, &text, leads, closed),
        News::Names(names) => {
            model.desk.put_names(names);
            sync(model);
        }
        News::Views(views) => model.find.views = views,
        News::Wrong(why) => model.say(Severity::Refused, why),
        News::Values(values) => return build::values_came(model, *values),
        News::Checked { text, problems, named } => {
            build::checked(model, &text, &problems);
            if *model.draft.editor.text() == *text {
                (model.draft.problems, model.draft.named, model.draft.checked) = (problems, named, text);
            }
        }
        News::LeftDraft(left) => return super::rules::left(model, left),
        News::Editors(others) => model.draft.others = others,
        News::Replied(replied) => return super::rules::replied(model, replied),
        News::Versions(rows) => super::rules::versions_came(model, rows),
        News::LastBatch { batch, what } => model.desk.did_before(batch, what),
        News::Batches(rows) => {
            if let Some(Sheet::Batches(batches)) = super::sheet::top(model) {
                (batches.rows, batches.has_come) = (rows, true);
            }
            super::sheet::sync(model);
        }
        News::Outbox { rows, wrong } => super::sheet::outbox_came(model, rows, wrong),
        News::Papers { batch, papers } => {
            if let Some(Sheet::Batches(batches)) = super::sheet::top(model) {
                batches.papers = Some((batch, papers.map(|papers| *papers)));
            }
            super::sheet::sync(model);
        }
        News::Diverted { upto, counts } => model.desk.put_diverted(upto, &counts),
        News::Differed { trial, lines } => super::sheet::differed(model, trial, lines),
        News::Promoted { name, beside } => super::sheet::promoted(model, &name, beside),
        News::Since(note) => since_came(model, note),
        News::Entry { entry, result } => return super::sheet::entry_answered(model, entry, result),
        News::WhatIf(told) => super::whatif::told(model, *told),
        News::Findings(findings) => {
            model.desk.put_findings(findings);
            sync(model);
        }
        News::Words(words) => finding::words_came(model, words),
        News::Remedies { key, episode, seq, remedies } => {
            model.desk.put_remedies(key, episode, seq, remedies);
            sync(model);
        }
        News::AlertStory { key, episode, events } => super::watching::story_came(model, key, episode, events),
        News::Reviewed { back, weeks } => super::watching::reviewed(model, back, *weeks),
        News::Notice(text) => model.say(Severity::Done, text),
    }
    Vec::new()
}

fn world_came(model: &mut Model, world: World) -> Vec<Effect> {
    let is_first = !model.desk.is_loaded();
    model.desk.take(world, model.now);
    book_came(model);
    role_came(model);
    sync(model);
    let diverts = model.desk.world().diverts_at(model.now);
    let diverts = diverts.map(|state| (state.divert.id, state.divert.set_at)).collect();
    let counts = Ask::Diverted { diverts, upto: model.desk.world().seq() };
    if is_first {
        model.see.look(model.now);
        [Ask::LastBatch, Ask::Lease, Ask::Views, Ask::Since, counts].map(Effect::Ask).into()
    } else {
        vec![Effect::Ask(counts)]
    }
}

/// Told in one line; the sheet has the rest. What nobody was away for is not told.
fn since_came(model: &mut Model, note: Handover) {
    if note.is_empty() || model.now.since(note.left_at) < AWAY_MS {
        return;
    }
    let left = crate::console::desk::day_and_hour(note.left_at, model.desk.moment());
    if model.notice.is_none() {
        model.say(Severity::Done, note.line(&left));
    }
    model.hand.handover = Some(note);
}

fn events_came(model: &mut Model, events: &[Event]) -> Vec<Effect> {
    let watched = model.queue.selected().or(model.queue.ghost());
    let folded = model.desk.fold(events, watched, model.now);
    super::watching::events_came(model, events);
    // A complaint changes no row, but the story of its lead.
    let told = model.story_asked.map(|(lead, _)| lead);
    let is_complaint =
        |e: &Event| matches!(e.body, Body::ComplaintRaised { .. } | Body::ComplaintRuled { .. });
    if events.iter().any(|e| is_complaint(e) && e.body.lead() == told) {
        model.story_asked = None;
    }
    seeing::toasts(model, events);
    model.see.arrived += events.iter().filter(|event| is_live(event)).count();
    if let (Some(lead), Some(sentence)) = (watched, folded.moved) {
        model.left = Some((lead, sentence));
    }
    if folded.has_book {
        book_came(model);
    }
    role_came(model);
    super::marks::told(model, events);
    sync(model);
    if folded.has_gap { vec![Effect::Reload] } else { Vec::new() }
}

fn is_live(event: &Event) -> bool {
    matches!(&event.body, Body::LeadReceived(r) if r.kind == ArrivalKind::Live)
}

/// A draft in progress stays; an untouched one follows what was published.
fn book_came(model: &mut Model) {
    let published = model.desk.world().published();
    let (text, version) = (published.text.to_string(), published.version);
    let is_in_force = model.draft.editor.text() == text;
    if !model.draft.is_changed() || is_in_force {
        model.draft.editor.replace(&text);
        if !is_in_force {
            model.draft.problems.clear();
        }
        model.draft.base = version;
        // The editor drops what no screen may hold, so what it made of the text is what "unchanged" means.
        model.draft.base_text = model.draft.editor.text().to_owned();
    }
}

fn role_came(model: &mut Model) {
    model.me.role = model.desk.role(model.me.asked);
}

/// Brings selections in line with changed rows.
pub(super) fn sync(model: &mut Model) {
    model.queue.sync(model.desk.queue(), model.pages.queue);
    let reps = model.desk.shown_reps();
    model.loads.sync(&reps, model.pages.loads);
    let alerts: Vec<_> = model.desk.alerts().iter().map(|alert| alert.id).collect();
    model.alerts.sync(&alerts, model.pages.alerts);
    seeing::sync(model);
    let desk = &model.desk;
    model.marks.retain(|lead| desk.world().lead(*lead).is_some());
    if let Some(Overlay::Assign(_) | Overlay::WhyNot { .. } | Overlay::HandTo { .. }) = model.overlays.last()
    {
        super::pick::resync(model);
    }
    super::sheet::sync(model);
    super::watching::sync(model);
}

/// A person's last batch from before, worded by its number alone.
#[must_use]
pub fn before(batch: crate::model::id::BatchId) -> Say {
    Say::DidBefore(&batch.to_string())
}
