//! Everything that can happen to the model, and everything it can ask for. Closed enums: a new case breaks the build
//! where it must be thought about.

use crate::console::build::Build;
use crate::console::command::CommandId;
use crate::console::desk::first::FirstPage;
use crate::console::desk::{AlertId, DeskLook, Leadership};
use crate::console::draft::Named;
use crate::console::draft::keep::{Editing, Kept};
use crate::console::draft::sheet::VersionLine;
use crate::console::draft::step::Step;
use crate::console::finding::{Finding, SavedViews};
use crate::console::handwork::form::{Entry, Ready};
use crate::console::handwork::handover::Handover;
use crate::console::handwork::sheet::BatchLine;
use crate::console::handwork::{Hand, Marking};
use crate::console::key::Key;
use crate::console::model::{Divider, OverlayKind, Pane, Screen, Size};
use crate::console::osc::Osc;
use crate::console::seeing::Seeing;
use crate::console::text::Say;
use crate::console::watching;
use crate::console::whatif::{self, Question, Told};
use crate::console::widget::list::Motion;
use crate::engine::{AlertWish, DivertWish, Outcome, Papers, Refusal, Theirs, To, TrialWish};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject};
use crate::model::contact_card::ContactCard;
use crate::model::event::Event;
use crate::model::id::{BatchId, BookVersion, ComplaintId, DivertId, LeadId, RepId, Seq, SilenceId};
use crate::model::lang::Lang;
use crate::model::lead::{Lead, LeadState};
use crate::model::mode::Mode;
use crate::model::outbox::{NoticeId, OutboxRow};
use crate::model::rep::{Leave, RepCard};
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

/// One thing that happened.
#[derive(Debug, Clone)]
pub enum Msg {
    Key(Key),
    Paste(String),
    /// A click on something the view reported.
    Click(Target),
    /// A click that marks: with shift everything from the last mark to there, else that one lead.
    ClickMark {
        target: Target,
        is_range: bool,
    },
    Wheel(Target, isize),
    /// The mouse moved to this cell with its button down.
    Drag(u16, u16),
    /// The mouse's button was let go.
    Drop,
    Resize(Size),
    /// The terminal window gained or lost the focus.
    Focused(bool),
    /// The clock shown on screen moved on.
    Tick,
    /// The terminal is ours again after a stop: everything must be drawn anew.
    Resumed,
    /// The terminal went away or a signal asked us to end.
    Terminate,
    /// A command, from the palette, a menu, a click or a test.
    Run(CommandId),
    Go(Go),
    App(App),
    /// Leave the screen for something that prints, and come back after it.
    Leave(Errand),
    Order(Order),
    News(News),
}

/// What the console is left for; whoever started it does it and opens it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    /// Bring in a file of leads, by its path as typed.
    Import(String),
    /// The living desk of an invented company.
    Demo,
}

/// Moving about.
#[derive(Debug, Clone, PartialEq)]
pub enum Go {
    Move(Motion),
    Focus(Pane),
    NextPane,
    PreviousPane,
    /// One step towards home: the main screen, no overlay, no filter, the queue.
    Back,
    Screen(Screen),
    Open(OverlayKind),
    /// Enter in a picker, a prompt or a confirmation.
    Accept,
    Filter,
    Finding(Finding),
    Seeing(Seeing),
    /// The next view of the queue.
    NextShow,
    /// Put the selected lead among those a command is meant for, or take it out.
    Mark,
    /// The same for many at once.
    Marks(Marking),
    /// Something a person does by hand on leads; see `handwork`.
    Hand(Hand),
    /// Select a lead in the queue, wherever the person is.
    Lead(LeadId),
    /// Do what an alert offers.
    Help(AlertId, usize),
    /// Something in the rule editor or one of its sheets.
    Rules(Step),
    NextProblem,
    /// Something in the form that builds a rule.
    Build(Build),
    /// Write the draft in its canonical form.
    Format,
    /// Take the problem's suggestion.
    Fix,
    /// A step in what-if.
    WhatIf(whatif::Step),
    /// A step in looking at alerts.
    Watch(watching::Step),
    /// Move the line between queue and loads by this many steps; positive gives the queue more.
    Split(i16),
}

/// The program itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum App {
    SwitchLang,
    ToggleMouse,
    /// The leads a command is meant for, into the terminal's clipboard.
    Copy,
    Redraw,
    Suspend,
    /// Asks first when a draft would be lost.
    Quit,
    Interrupt,
}

/// Leads with the event that had changed each last when the person looked.
pub type Seen = Vec<(LeadId, Seq)>;

/// What a person asks of the desk. The service turns it into an intent with actor and role.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    Place {
        leads: Seen,
        to: To,
        reason: String,
        is_forced: bool,
        /// Whether each uses a turn on the ledger.
        uses_turn: bool,
    },
    Recall {
        leads: Seen,
    },
    Return {
        leads: Seen,
        reason: String,
    },
    Park {
        leads: Seen,
        reason: String,
    },
    /// Into the pool.
    Pool {
        leads: Seen,
        reason: String,
    },
    /// From the pool, by the rep who sits here.
    Claim {
        leads: Seen,
    },
    Free {
        leads: Seen,
    },
    Hold {
        leads: Seen,
        for_ms: i64,
        /// Taken by a picker: it says nothing when it succeeds.
        is_quiet: bool,
    },
    Release {
        leads: Seen,
        is_quiet: bool,
    },
    Mark {
        leads: Seen,
        state: LeadState,
    },
    /// Proposals, with the rep shown for each lead.
    Accept {
        leads: Seen,
        reps: Vec<RepId>,
    },
    Unmask {
        lead: LeadId,
    },
    Undo {
        batch: BatchId,
    },
    /// Takes an undo back: `batch` is the undo's own.
    Redo {
        batch: BatchId,
    },
    Divert(Box<DivertWish>),
    EndDivert {
        divert: DivertId,
    },
    /// Switches a promotion of the book on until a moment.
    StartPromotion {
        promotion: SmolStr,
        until: Millis,
        reason: String,
    },
    StopPromotion {
        promotion: SmolStr,
    },
    StartTrial(Box<TrialWish>),
    StopTrial,
    /// `leads` are the same person's as `into`, which stays; with the rev of each.
    Merge {
        into: (LeadId, Seq),
        leads: Seen,
    },
    Unmerge {
        lead: LeadId,
    },
    /// A lead as typed, made ready by the reader.
    Enter {
        entry: Box<Entry>,
        ready: Ready,
    },
    SetMode(Mode),
    SetDuty {
        rep: RepId,
        is_on: bool,
    },
    /// The whole card: only the open cap differs from the one in force.
    SetCap {
        rep: RepId,
        card: Box<RepCard>,
    },
    /// All leaves of a rep, in place of those entered.
    SetLeaves {
        rep: RepId,
        leaves: Vec<Leave>,
    },
    /// A rep leaves; what becomes of their leads.
    Deactivate {
        rep: RepId,
        theirs: Theirs,
    },
    Publish {
        text: String,
        note: String,
        base: BookVersion,
    },
    /// The sample roster and book, for an empty desk.
    Sample,
    /// Taking an alert on, putting it off, saying something about it, closing it.
    Alert {
        key: AlertKey,
        episode: Seq,
        wish: AlertWish,
        note: String,
    },
    Silence {
        kind: Option<AlertKind>,
        subject: Option<AlertSubject>,
        until: Millis,
        reason: String,
    },
    EndSilence {
        silence: SilenceId,
    },
    Complain {
        lead: LeadId,
        why: String,
    },
    RuleOn {
        complaint: ComplaintId,
        is_upheld: bool,
        to: Option<RepId>,
        reason: String,
    },
    /// What the engine worked out that would help about an alert, in its words.
    Remedy {
        key: AlertKey,
        episode: Seq,
        ready: Ready,
        what: Say,
    },
}

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

/// What a place on the screen stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Pane(Pane),
    Lead(LeadId),
    Rep(RepId),
    Alert(AlertId),
    /// A row of the topmost overlay.
    Item(usize),
    /// The topmost overlay itself: swallows clicks and wheel.
    Overlay,
    Command(CommandId),
    /// The pane of the rule book's text.
    Editor,
    /// A cell of one of its lines, both from 0.
    Text {
        line: usize,
        cell: u16,
    },
    Divider(Divider),
}

/// What the runtime or the service must do. Nothing here waits: answers return as `Msg`.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    Order(Order),
    Ask(Ask),
    /// Events were lost: take the world anew.
    Reload,
    /// Forget what is on the terminal and draw everything.
    Redraw,
    Mouse(bool),
    /// Put this text into the terminal's clipboard.
    Copy(String),
    Bell,
    /// Show this as a notification of the desktop.
    Notify(Osc, String),
    Suspend,
    Quit,
}
