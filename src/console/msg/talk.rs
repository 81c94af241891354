//! What the model asks of the file or of another core, and what it is told: questions, news, what became of an order.

use super::Order;
use crate::console::desk::first::FirstPage;
use crate::console::desk::{DeskLook, Leadership};
use crate::console::draft::Named;
use crate::console::draft::keep::{Editing, Kept};
use crate::console::draft::sheet::VersionLine;
use crate::console::finding::SavedViews;
use crate::console::handwork::form::{Entry, Ready};
use crate::console::handwork::handover::Handover;
use crate::console::handwork::sheet::BatchLine;
use crate::console::text::Say;
use crate::console::whatif::{Question, Told};
use crate::engine::{Outcome, Papers, Refusal};
use crate::model::alert::AlertKey;
use crate::model::contact_card::ContactCard;
use crate::model::event::Event;
use crate::model::id::{BatchId, DivertId, LeadId, Seq};
use crate::model::lang::Lang;
use crate::model::lead::Lead;
use crate::model::outbox::{NoticeId, OutboxRow};
use crate::model::time::Millis;
use crate::model::trial::TrialId;
use crate::model::values::Values;
use crate::report::alerts::Review;
use crate::report::promotion::Beside;
use crate::rulebook::{LintFacts, Replied, Vocabulary};
use crate::watch::Remedy;
use crate::world::World;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A question to the file or to another core; the answer comes as news. A later question of the same kind replaces one
/// that was not begun.
#[derive(Debug, Clone, PartialEq)]
pub enum Ask {
    Contacts(Vec<LeadId>),
    /// What these leads' names are sorted by.
    Names(Vec<LeadId>),
    /// A lead's own events, newest first.
    Story {
        lead: LeadId,
        rev: Seq,
    },
    /// Leads whose contact answers to a text.
    Find {
        text: String,
    },
    /// Leads that answer to a text, best first, the open ones before the closed.
    Jump {
        text: String,
        open: Arc<Vec<LeadId>>,
    },
    /// The views this person kept, and keeping them.
    Views,
    KeepViews(SavedViews),
    /// Writes a list to a file.
    Export(Box<Export>),
    /// What is wrong with a draft.
    Check {
        text: Arc<str>,
        facts: Box<LintFacts>,
    },
    /// Of which sources replies are recorded.
    Replied,
    /// Keep the draft of the rules, or take it off the disk; answered like `Editors`.
    KeepDraft(Option<Box<Kept>>),
    /// A draft of the rules this person left behind.
    LeftDraft,
    /// Who else writes rules.
    Editors,
    /// The published versions of the rules.
    Versions,
    /// The last batch of this person that was not undone, from before this console.
    LastBatch,
    /// Who leads.
    Lease,
    /// The latest batches of persons, or of the one at this console.
    Batches {
        mine: bool,
    },
    /// Notices that wait or were given up, or all.
    Outbox {
        all: bool,
    },
    /// A notice is sent again, or never; then the outbox as it is.
    OutboxByHand {
        id: NoticeId,
        retry: bool,
        all: bool,
    },
    /// What the log says of a batch, for foreseeing its undo.
    Papers(BatchId),
    /// How many leads these diverts, set at these moments, gave until this place of the log.
    Diverted {
        diverts: Vec<(DivertId, Millis)>,
        upto: Seq,
    },
    /// What a promotion did, as of now.
    Promoted {
        name: SmolStr,
        now: Millis,
    },
    /// Where a draft on trial would have decided otherwise.
    Differed(TrialId),
    /// What happened since the person's last work.
    Since,
    /// A lead as typed, to be read as a file would be.
    Entry(Box<Entry>),
    /// What the draft would have done; none = nobody looks any more.
    WhatIf(Option<Box<Question>>),
    /// The live numbers of alerts.
    Alerts(DeskLook),
    /// The words the desk's leads use, for completing conditions.
    Words(DeskLook),
    /// The first page anew, while the desk is being opened.
    First,
    /// Which values leads had, over all leads ever.
    Values,
    /// What would help about an episode of an alert.
    Remedies {
        look: DeskLook,
        key: AlertKey,
        episode: Seq,
    },
    /// What happened to an episode of an alert.
    AlertStory {
        key: AlertKey,
        episode: Seq,
    },
    /// What became of the alerts of a week and of the one before.
    Review {
        back: u32,
        weeks: ((Millis, Millis), (Millis, Millis)),
    },
}

/// What the service tells.
#[derive(Debug, Clone)]
pub enum News {
    /// The desk as it is: on opening, and after events were lost.
    World(Box<World>),
    /// What the file shows of it while it is being opened.
    First(Box<FirstPage>),
    /// How much of the log is folded while it is being opened, of how much.
    Opening {
        folded: u64,
        total: u64,
    },
    /// It could not be opened; whoever opens it says why.
    NotOpened,
    /// Committed events, in order.
    Events(Arc<Vec<Event>>),
    Leading(Leadership),
    /// The file takes no more writes; says why.
    Trouble(Say),
    /// What became of an order.
    Answered {
        order: Box<Order>,
        reply: Reply,
    },
    Contacts {
        asked: Vec<LeadId>,
        found: Vec<(LeadId, ContactCard)>,
    },
    Story {
        lead: LeadId,
        rev: Seq,
        events: Vec<Event>,
    },
    Found {
        text: String,
        leads: Vec<LeadId>,
    },
    Jumped {
        text: String,
        leads: Vec<LeadId>,
        /// The rows of those that are closed.
        closed: Vec<Lead>,
    },
    Names(Vec<(LeadId, SmolStr)>),
    Views(SavedViews),
    /// Something asked of the file or the disk failed.
    Wrong(Say),
    Checked {
        text: Arc<str>,
        problems: Vec<Problem>,
        named: Named,
    },
    LeftDraft(Option<Box<Kept>>),
    Editors(Vec<Editing>),
    Replied(BTreeMap<SmolStr, Replied>),
    Versions(Vec<VersionLine>),
    LastBatch {
        batch: BatchId,
        what: Say,
    },
    Batches(Vec<BatchLine>),
    /// The outbox, and what is wrong with the channels' file.
    Outbox {
        rows: Vec<OutboxRow>,
        wrong: Option<Say>,
    },
    Papers {
        batch: BatchId,
        papers: Option<Box<Papers>>,
    },
    Diverted {
        upto: Seq,
        counts: Vec<(DivertId, u64)>,
    },
    Promoted {
        name: SmolStr,
        beside: Option<Box<Beside>>,
    },
    /// Where a draft on trial differed, the oldest first.
    Differed {
        trial: TrialId,
        lines: Vec<(Millis, Say)>,
    },
    Since(Handover),
    /// What was typed, ready or with what is wrong.
    Entry {
        entry: Box<Entry>,
        result: Result<Ready, Say>,
    },
    /// What came of what-if.
    WhatIf(Box<Told>),
    /// What is wrong now, for the numbers of the alerts that fire.
    Findings(Vec<crate::model::alert::Finding>),
    Words(Arc<Vocabulary>),
    Values(Box<Values>),
    /// What would help about an episode, as of an event.
    Remedies {
        key: AlertKey,
        episode: Seq,
        seq: Seq,
        remedies: Vec<Remedy>,
    },
    AlertStory {
        key: AlertKey,
        episode: Seq,
        events: Vec<Event>,
    },
    Reviewed {
        back: u32,
        weeks: Box<(Review, Review)>,
    },
    /// Something the person should read that no order caused.
    Notice(Say),
}

/// A list on its way to a file: every cell as it reads, guarded where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Export {
    /// As typed.
    pub path: String,
    pub lang: Lang,
    pub head: Vec<&'static str>,
    pub rows: Vec<Vec<SmolStr>>,
    /// The leads of the rows, whose contacts are added in the last two columns; empty for other lists.
    pub leads: Vec<LeadId>,
}

/// What became of an order.
#[derive(Debug, Clone)]
pub enum Reply {
    Done(Box<Outcome>),
    Refused(Refusal),
    /// The file's trouble, in words.
    Failed(Say),
}

/// A fault in the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Counted from 0, the column in characters.
    pub line: usize,
    pub column: usize,
    /// Characters it covers on its line; at least one.
    pub cells: usize,
    pub sentence: Say,
    /// What would be written instead.
    pub fix: Option<Fix>,
    /// Publishing is impossible while it stands.
    pub is_error: bool,
}

/// A suggestion: bytes of the draft and what to put there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    pub from: usize,
    pub to: usize,
    pub text: String,
}
