//! Screens of handwork over the desk: diverts, proposals, duplicates, batches, what happened meanwhile, and forms.

use super::form::Form;
use crate::console::text::Say;
use crate::console::whatif::Hands;
use crate::console::widget::list::ListState;
use crate::engine::Papers;
use crate::model::event::Verb;
use crate::model::id::{BatchId, DivertId, LeadId};
use crate::model::outbox::{NoticeId, OutboxRow};
use crate::model::time::Millis;
use crate::report::promotion::Beside;
use smol_str::SmolStr;

/// A sheet over the screen. At most one is open, in a box of its own.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "only ever one, boxed in its overlay")]
pub enum Sheet {
    Diverts(ListState<DivertId>),
    Proposals(ListState<LeadId>),
    Twins(Twins),
    Batches(Batches),
    Outbox(Outbox),
    /// The promotions of the book, by their place in it.
    Promotions(ListState<usize>),
    Report(Report),
    Trial(Trying),
    /// What happened since the person left, and the first line shown.
    Since(usize),
    Form(Form),
    /// Leads that a draft gives to somebody else.
    WhatIf(Hands),
}

/// A sheet is a place on screen: none is like another.
impl PartialEq for Sheet {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// Leads of one person, in pairs: the one that was here first, and the later one.
#[derive(Debug, Clone, Default)]
pub struct Twins {
    /// The later lead of the selected pair.
    pub list: ListState<LeadId>,
    /// Leads a person put side by side; empty = all the desk knows of.
    pub given: Vec<LeadId>,
}

/// What a promotion did.
#[derive(Debug, Clone)]
pub struct Report {
    pub name: SmolStr,
    /// None until it has come.
    pub beside: Option<Box<Beside>>,
    pub has_come: bool,
    pub offset: usize,
}

/// A draft on trial.
#[derive(Debug, Clone, Default)]
pub struct Trying {
    /// Where a shadow differed, the oldest first.
    pub differed: Vec<(Millis, Say)>,
    pub offset: usize,
}

/// One batch of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BatchLine {
    pub id: BatchId,
    pub at: Millis,
    pub actor: SmolStr,
    pub console: u32,
    /// What it began with.
    pub verb: Option<Verb>,
    pub leads: u64,
    pub undone: Option<(SmolStr, Millis)>,
}

/// Notices that wait or were given up.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    /// Newest first.
    pub rows: Vec<OutboxRow>,
    pub list: ListState<NoticeId>,
    /// What was sent or dropped too.
    pub all: bool,
    pub has_come: bool,
    /// What is wrong with the channels' file.
    pub wrong: Option<Say>,
}

/// The history of batches.
#[derive(Debug, Clone, Default)]
pub struct Batches {
    pub rows: Vec<BatchLine>,
    pub list: ListState<BatchId>,
    /// Only those of the person at this console.
    pub mine: bool,
    pub has_come: bool,
    /// For which batch papers were asked.
    pub asked: Option<BatchId>,
    /// What the log says of the selected one; none when it is too long to look through.
    pub papers: Option<(BatchId, Option<Papers>)>,
    /// What the selected one began with, in a sentence.
    pub what: Option<(BatchId, Say)>,
    /// What undoing the selected one would come to.
    pub verdict: Option<(BatchId, Say)>,
}
