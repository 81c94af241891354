//! Everything that can happen to the model, and everything it can ask for. Closed enums: a new case breaks the build
//! where it must be thought about. Questions and their answers stand in `talk`.

mod talk;

use crate::console::build::Build;
use crate::console::command::CommandId;
use crate::console::desk::AlertId;
use crate::console::draft::step::Step;
use crate::console::finding::Finding;
use crate::console::handwork::form::{Entry, Ready};
use crate::console::handwork::{Hand, Marking};
use crate::console::key::Key;
use crate::console::model::{Divider, OverlayKind, Pane, Screen, Size};
use crate::console::osc::Osc;
use crate::console::seeing::Seeing;
use crate::console::text::Say;
use crate::console::watching;
use crate::console::whatif;
use crate::console::widget::list::Motion;
use crate::engine::{AlertWish, DivertWish, Theirs, To, TrialWish};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject};
use crate::model::id::{BatchId, BookVersion, ComplaintId, DivertId, LeadId, RepId, Seq, SilenceId};
use crate::model::lead::LeadState;
use crate::model::mode::Mode;
use crate::model::rep::{Leave, RepCard};
use crate::model::time::Millis;
use smol_str::SmolStr;

pub use talk::{Ask, Export, Fix, News, Problem, Reply};

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
