//! What the console asks of the log itself: batches of persons, the papers of one, what happened since somebody left.
//! Bounded reads on the reader's thread.

use std::collections::BTreeSet;

use crate::console::draft::sheet::{Effect, VersionLine};
use crate::console::handwork::handover::Handover;
use crate::console::handwork::sheet::BatchLine;
use crate::engine::{BatchFacts, Papers};
use crate::model::actor::ENGINE;
use crate::model::event::{Body, Verb};
use crate::model::id::{BatchId, BookVersion, LeadId, Seq};
use crate::store::{PAGE_MAX, Store, StoreError};

/// Longest batch whose undo is thought through before it is asked for, in events.
const PAPERS_MAX: usize = 2_000;
/// Most events counted for a handover.
const SINCE_MAX: usize = 50_000;
/// Pages of batches looked through for those of persons.
const PAGES_MAX: usize = 20;
/// Own placements looked at for what others moved since.
const PLACED_MAX: usize = 5_000;

/// What a person did in one go; locks and looks are no work.
fn is_work(verb: Option<Verb>) -> bool {
    !matches!(
        verb,
        Some(
            Verb::LeadHeld
                | Verb::LeadReleased
                | Verb::LeadUnmasked
                | Verb::AlertFired
                | Verb::AlertCleared
                | Verb::TimersResumed
        )
    )
}

/// The latest batches of persons. What a form or channel sent in is nobody's work, unless `actor` typed it.
pub fn batches(store: &Store, actor: &str, limit: usize) -> Vec<BatchLine> {
    let mut rows = Vec::new();
    let mut below = None;
    for _ in 0..PAGES_MAX {
        let page = store.batches(below, PAGE_MAX).unwrap_or_default();
        let Some(oldest) = page.last().map(|row| row.id) else { break };
        below = Some(oldest);
        rows.extend(page.into_iter().filter(|row| {
            let is_sent = row.verb == Some(Verb::LeadReceived) && row.actor != actor;
            row.actor != ENGINE && is_work(row.verb) && !is_sent
        }));
        if rows.len() >= limit {
            break;
        }
    }
    let rows = rows.into_iter().take(limit);
    rows.map(|row| BatchLine {
        id: row.id,
        at: row.at,
        actor: row.actor,
        console: row.console,
        verb: row.verb,
        leads: row.leads,
        undone: row.undone,
    })
    .collect()
}

/// What undo would ask of the log for this batch; none when it is too long.
pub fn papers(store: &Store, batch: BatchId) -> Result<Option<Papers>, StoreError> {
    let Some(row) = store.batch(batch)? else { return Ok(None) };
    if row.events as usize > PAPERS_MAX || row.last.0.saturating_sub(batch.0) as usize > PAPERS_MAX {
        return Ok(None);
    }
    let mut events = store.events(Seq(batch.0), row.last, PAPERS_MAX + 1)?;
    events.retain(|event| event.batch == batch);
    let mut papers = Papers::default();
    let leads: BTreeSet<LeadId> = events.iter().filter_map(|event| event.body.lead()).collect();
    for lead in leads {
        papers.events.insert(lead, store.lead_events(lead)?);
        if let Some(row) = store.lead(lead)?.filter(|row| !row.state.is_open()) {
            papers.closed.insert(lead, row);
        }
    }
    for event in &events {
        if let Body::BookPublished { version, .. } = &event.body {
            let before = BookVersion(version.0.saturating_sub(1));
            if let Some(text) = store.book_text(before)? {
                papers.books.insert(before, text);
            }
        }
    }
    papers.batch = Some(BatchFacts { actor: row.actor, console: row.console, events, undone: row.undone });
    Ok(Some(papers))
}

/// The latest versions of the rules with what each led to, newest first.
pub fn versions(store: &Store, limit: usize) -> Result<Vec<VersionLine>, StoreError> {
    let books = store.books(None, limit)?;
    let mut effects = store.effects(&books)?;
    let line = |book: crate::store::BookRow| {
        let effect = effects.remove(&book.version).unwrap_or_default();
        VersionLine {
            version: book.version,
            at: book.at,
            by: book.by,
            note: book.note,
            text: book.text.as_str().into(),
            effect: Effect {
                engine: effect.engine,
                person: effect.person,
                parked: effect.parked,
                rules: effect.rules,
                is_cut: effect.is_cut,
            },
        }
    };
    Ok(books.into_iter().map(line).collect())
}

/// What happened since `actor`'s last work; none when they never did any, or too long ago to find.
pub fn since(store: &Store, actor: &str) -> Result<Option<Handover>, StoreError> {
    let mut below = None;
    let last = loop {
        let page = store.batches(below, PAGE_MAX)?;
        let Some(oldest) = page.last().map(|row| row.id) else { return Ok(None) };
        if let Some(row) = page.into_iter().find(|row| row.actor == actor) {
            break row;
        }
        // A week of the engine's batches at a busy desk; who was away longer reads the reports.
        let end = store.last_seq()?;
        if end.0.saturating_sub(oldest.0) > SINCE_MAX as u64 * 4 {
            return Ok(None);
        }
        below = Some(oldest);
    };
    let events = store.events(Seq(last.last.0 + 1), Seq(i64::MAX as u64), SINCE_MAX + 1)?;
    let is_cut = events.len() > SINCE_MAX;
    let from = Seq(last.last.0.saturating_sub(PLACED_MAX as u64));
    let placed = store.events(from, last.last, PLACED_MAX + 1)?;
    let placed: BTreeSet<LeadId> = placed
        .iter()
        .filter(|event| event.actor == actor && matches!(event.body, Body::LeadAssigned(_)))
        .filter_map(|event| event.body.lead())
        .collect();
    let left_at = store.events(last.last, last.last, 1)?.first().map_or(last.at, |event| event.at);
    Ok(Some(Handover::of(
        left_at,
        events.get(..events.len().min(SINCE_MAX)).unwrap_or_default(),
        &placed,
        is_cut,
    )))
}
