//! Everything that can happen to the model, and everything it can ask for. Closed enums: a new case breaks the build
//! where it must be thought about.

use crate::console::command::CommandId;
use crate::console::desk::{AlertId, Desk, Mode, State};
use crate::console::key::Key;
use crate::console::model::{OverlayKind, Pane, Screen, Size};
use crate::console::text::Say;
use crate::console::widget::list::Motion;
use crate::model::id::{LeadId, RepId};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Msg {
    Key(Key),
    Paste(String),
    /// A click on something the view reported.
    Click(Target),
    Wheel(Target, isize),
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
    Order(Order),
    News(News),
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
    FilterDone,
    /// Select a lead in the queue, wherever the person is.
    Lead(LeadId),
    NextProblem,
}

/// The program itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum App {
    SwitchLang,
    ToggleMouse,
    Redraw,
    Suspend,
    Quit,
}

/// What a person asks of the desk. The service turns it into an intent with actor and role.
#[derive(Debug, Clone, PartialEq)]
pub enum Order {
    Assign {
        leads: Vec<LeadId>,
        rep: RepId,
        is_forced: bool,
    },
    Recall {
        lead: LeadId,
    },
    Return {
        lead: LeadId,
        reason: String,
    },
    Park {
        lead: LeadId,
        reason: String,
    },
    Hold {
        lead: LeadId,
    },
    Release {
        lead: LeadId,
    },
    BackToEngine {
        lead: LeadId,
    },
    Mark {
        lead: LeadId,
        state: State,
    },
    Unmask {
        lead: LeadId,
    },
    Undo,
    SetMode(Mode),
    SetDuty {
        rep: RepId,
        is_on: bool,
    },
    Remedy {
        alert: AlertId,
        choice: usize,
    },
    Acknowledge {
        alert: AlertId,
    },
    /// The answer comes as `News::Why`.
    Why {
        lead: LeadId,
    },
    WhyNot {
        lead: LeadId,
        rep: RepId,
    },
    Publish {
        text: String,
    },
    /// Check a draft; latest wins, the answer comes as `News::Checked`.
    Check {
        text: String,
    },
    Format {
        text: String,
    },
    Import,
    LoadSample,
    LoadDemo,
}

/// What the service tells.
#[derive(Debug, Clone, PartialEq)]
pub enum News {
    /// The desk as it is after a commit.
    Desk(Box<Desk>),
    /// A selected lead left the queue: where it went and who moved it.
    Left {
        lead: LeadId,
        sentence: Say,
    },
    /// An order was carried out, or refused with a reason.
    Done(Say),
    Refused(Say),
    Why {
        lead: LeadId,
        lines: Vec<Say>,
    },
    /// The rule book as published.
    Book {
        text: String,
    },
    Checked {
        text: String,
        problems: Vec<Problem>,
    },
    Formatted {
        text: String,
    },
}

/// A fault in the draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Counted from 0.
    pub line: usize,
    pub column: usize,
    pub sentence: Say,
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
}

/// What the runtime or the service must do. Nothing here waits: answers return as `Msg`.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    Order(Order),
    /// Forget what is on the terminal and draw everything.
    Redraw,
    Mouse(bool),
    Suspend,
    Quit,
}
