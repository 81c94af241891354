//! What-if beside the rule editor: what is asked, what came of it, how far it is. The replays run on a thread of their own
//! (`runtime::whatif`); the old answer stays until the new one is there.

use crate::console::text::{Say, T};
use crate::console::widget::list::ListState;
use crate::desk::whatif::Span;
use crate::engine::whatif::Answer;
use crate::model::id::{BookVersion, LeadId};
use crate::world::World;
use std::sync::Arc;

/// The days offered, beside each promotion that was on and the whole log.
const DAYS: [u16; 3] = [30, 90, 7];

/// Over which leads it is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    pub span: Span,
    /// Of these only those on which the condition holds are counted; all are replayed.
    pub when: Option<Arc<str>>,
}

/// A question: the latest one counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Counted up; an answer to an older one is dropped.
    pub generation: u64,
    pub range: Range,
    /// The version in force, whose side the answer stands beside.
    pub base: BookVersion,
    pub draft: Arc<str>,
    /// Why this lead goes where, instead of figures.
    pub why: Option<LeadId>,
}

/// What the thread tells.
#[derive(Debug, Clone)]
pub struct Told {
    pub generation: u64,
    pub what: What,
}

/// What became of a question.
#[derive(Debug, Clone)]
pub enum What {
    /// Reading the log or replaying the published side: done, in all.
    Reading(u64, u64),
    Answer(Arc<Shown>),
    /// The draft has errors.
    Problem,
    Failed(Say),
    /// What happens to a lead under the published book and under the draft, line by line.
    Why(LeadId, Box<[Vec<Say>; 2]>),
}

/// An answer with what a pane needs of it.
#[derive(Debug, Clone)]
pub struct Shown {
    pub range: Range,
    pub answer: Answer,
    /// Of the latest leads only; the whole is on its way.
    pub is_partial: bool,
    pub took_ms: u64,
    /// In thousandths, published and draft.
    pub spread_milli: [Option<i64>; 2],
    pub version: BookVersion,
    /// What the answer cannot know.
    pub unknowns: Vec<Say>,
    /// Each lead of `answer.latest` with what it is about, in the same order.
    pub about: Vec<String>,
    /// Reps by id, for names.
    pub names: Vec<String>,
}

/// What the pane holds.
#[derive(Debug, Clone, Default)]
pub struct WhatIf {
    /// Which of [`ranges`].
    pub choice: usize,
    pub generation: u64,
    /// What was asked last: draft, range, version.
    pub asked: Option<(Arc<str>, Range, BookVersion)>,
    pub shown: Option<Arc<Shown>>,
    /// Below the editor: the whole tables.
    pub is_tall: bool,
    pub reading: Option<(u64, u64)>,
    pub is_updating: bool,
    /// The draft has errors: the last valid answer stands.
    pub has_problem: bool,
    pub failed: Option<Say>,
}

/// Leads that change hands, over the editor.
#[derive(Debug, Clone, Default)]
pub struct Hands {
    pub list: ListState<LeadId>,
    /// For which lead the reasons were asked.
    pub asked: Option<LeadId>,
    pub why: Option<(LeadId, Box<[Vec<Say>; 2]>)>,
}

/// A step in the pane.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Another range.
    Range,
    /// Below the editor: the tables, or only what it comes to.
    Tall,
    /// The leads that change hands.
    Hands,
    /// Why the selected one goes where.
    Why,
}

/// The ranges offered; `filter` = the condition the queue is filtered by.
#[must_use]
pub fn ranges(world: &World, filter: Option<&str>) -> Vec<Range> {
    let promotions = world.book().promotions.iter().filter(|p| !world.promotion_runs(&p.name).is_empty());
    let mut spans: Vec<Span> = DAYS.into_iter().map(Span::Days).collect();
    spans.extend(promotions.map(|p| Span::Promotion(p.name.clone())));
    spans.push(Span::All);
    let mut out: Vec<Range> = spans.into_iter().map(|span| Range { span, when: None }).collect();
    out.extend(filter.map(|when| Range { span: Span::All, when: Some(when.into()) }));
    out
}

/// A range in words.
#[must_use]
pub fn range_words(range: &Range) -> Say {
    if let Some(when) = &range.when {
        return Say::RangeWhere(when);
    }
    match &range.span {
        Span::Days(days) => Say::LastDays(*days),
        Span::Promotion(name) => Say::verbatim(name.to_string()),
        Span::All => T::WholeLog.into(),
    }
}

/// `48,210`.
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_grouped_by_thousands() {
        assert_eq!(
            [0, 999, 1_000, 48_210, 1_234_567].map(grouped),
            ["0", "999", "1,000", "48,210", "1,234,567"]
        );
    }
}
