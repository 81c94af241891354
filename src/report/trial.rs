//! What came of a draft on trial 试运行: where a shadow would have decided otherwise, and figures in words.

use crate::engine::words;
use crate::model::event::{Body, Event, Verb};
use crate::model::id::Seq;
use crate::model::trial::{Figure, Side, TrialId};
use crate::store::{Store, StoreError};

/// Differences kept of a report, the newest.
pub const SHOWN_MAX: usize = 50;
/// Events read at once.
const PAGE: usize = 2_000;

/// The newest differences the trial noted, the oldest of them first.
///
/// # Errors
/// The file's.
pub fn differences(store: &Store, trial: TrialId) -> Result<Vec<Event>, StoreError> {
    let mut found: Vec<Event> = Vec::new();
    let mut from = Seq(1);
    loop {
        let page = store.events_of(&[Verb::TrialDiffered], from, PAGE)?;
        let Some(last) = page.last() else { return Ok(found) };
        from = Seq(last.seq.0 + 1);
        let of_it = |e: &Event| matches!(&e.body, Body::TrialDiffered { trial: of, .. } if *of == trial);
        found.extend(page.into_iter().filter(of_it));
        let spare = found.len().saturating_sub(SHOWN_MAX);
        found.drain(..spare);
    }
}

/// A figure of one side as a person reads it; `–` where nothing was decided that it could speak of.
#[must_use]
pub fn figure_words(figure: Figure, side: &Side) -> String {
    match (side.figure(figure), figure) {
        (None, _) => "–".into(),
        (Some(count), Figure::Placed) => count.to_string(),
        (Some(ms), Figure::Response) => words::span(ms),
        (Some(permille), _) => format!("{} %", words::milli(permille * 100)),
    }
}
