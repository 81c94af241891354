//! The console's state: where the person is and what they selected. Changed only by `update`; drawn by `view`.
//!
//! No terminal, clock or desk service in here; `now` is the moment of the last message.

mod asking;

pub use asking::{Pending, Purpose};

use crate::console::build::Building;
use crate::console::card::Card;
use crate::console::card::sheet::Sheet as CardSheet;
use crate::console::command::Place;
use crate::console::command::keymap::Keymap;
use crate::console::command::palette::Goal;
use crate::console::desk::sieve::Show;
use crate::console::desk::{AlertId, Choice, Desk, LeadLine, RepLine};
use crate::console::draft::Draft;
use crate::console::draft::sheet::RuleSheet;
use crate::console::finding::{Find, Jumping, Sort};
use crate::console::handwork::Handwork;
use crate::console::handwork::sheet::Sheet;
use crate::console::key::Key;
use crate::console::look::Look;
use crate::console::msg::{Errand, Seen};
use crate::console::osc::Osc;
use crate::console::seeing::See;
use crate::console::text::{Say, T};
use crate::console::watching::Watching;
use crate::console::whatif::WhatIf;
use crate::console::widget::field::Field;
use crate::console::widget::list::ListState;
use crate::model::actor::Role;
use crate::model::event::Event;
use crate::model::id::{LeadId, RepId, Seq};
use crate::model::lang::Lang;
use crate::model::time::Millis;
use crate::model::values::Values;
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The terminal's size in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Size {
    pub cols: u16,
    pub rows: u16,
}

/// The smallest screen that shows a header, one pane and the hints.
pub const SIZE_MIN: Size = Size { cols: 60, rows: 12 };

/// A whole screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Screen {
    #[default]
    Main,
    Rules,
    Roster,
    Calendar,
}

/// A pane of the main screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Pane {
    #[default]
    Queue,
    Loads,
    Alerts,
    Lead,
}

impl Pane {
    /// In the order of the tab key.
    pub const ALL: [Pane; 4] = [Pane::Queue, Pane::Loads, Pane::Alerts, Pane::Lead];

    /// The pane's title.
    #[must_use]
    pub const fn title(self) -> T {
        match self {
            Self::Queue => T::QueueTitle,
            Self::Loads => T::LoadsTitle,
            Self::Alerts => T::AlertsTitle,
            Self::Lead => T::LeadTitle,
        }
    }
}

/// A filtered choice: what is typed and which item is selected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picker<K> {
    pub field: Field,
    pub list: ListState<K>,
}

impl<K> Default for Picker<K> {
    fn default() -> Self {
        Self { field: Field::default(), list: ListState::default() }
    }
}

/// Leads being assigned, held as long as the picker is open.
#[derive(Debug, Clone, PartialEq)]
pub struct Assigning {
    pub leads: Seen,
    /// Teams they could be spread over, as of opening.
    pub teams: Vec<SmolStr>,
    pub picker: Picker<Choice>,
    /// When the hold ends.
    pub held_until: Millis,
    /// Those the picker itself holds: what the person held before stays held after.
    pub holds: Seen,
    /// Also those who are full or off duty, with a reason.
    pub is_forced: bool,
    pub uses_turn: bool,
}

/// A card that is open: what it is about, its lines, the first of them on screen.
#[derive(Debug, Clone, PartialEq)]
pub struct Carding {
    pub card: Card,
    pub sheet: CardSheet,
    pub offset: usize,
}

/// Something over the screen. The topmost has the keyboard.
#[derive(Debug, Clone, PartialEq)]
pub enum Overlay {
    Help(Picker<usize>),
    Palette(Picker<Goal>),
    Jump(Jumping),
    Views(Picker<u8>),
    Assign(Assigning),
    WhyNot {
        lead: LeadId,
        picker: Picker<RepId>,
    },
    Status {
        leads: Seen,
    },
    /// The stored reasons of a lead; with a rep, why not this one.
    Why {
        lead: LeadId,
        not: Option<RepId>,
        offset: usize,
    },
    /// A card, as of the last news or tick.
    Card(Carding),
    /// What becomes of the leads of a rep who leaves.
    Handover {
        rep: RepId,
    },
    /// Which colleague gets them all.
    HandTo {
        rep: RepId,
        picker: Picker<RepId>,
        uses_turn: bool,
    },
    Prompt {
        purpose: Purpose,
        field: Field,
    },
    Confirm {
        question: Say,
        pending: Pending,
    },
    Sheet(Box<Sheet>),
    /// The form that builds a rule.
    Build(Box<Building>),
    /// A sheet of the rule editor.
    Rules(Box<RuleSheet>),
    /// Alerts, looked at.
    Watching(Box<Watching>),
}

/// What can be opened without more arguments than the selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverlayKind {
    Help,
    Palette,
    Assign,
    WhyNot,
    Status,
    Why,
    Return,
    Park,
    Pool,
    Cap,
    Import,
    Complain,
}

/// How good or bad a notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    Done,
    Refused,
}

/// The line that says what just happened; it stands until the next one or Esc.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub severity: Severity,
    pub text: Say,
}

/// What happened to a lead, newest first, as read from the file.
#[derive(Debug, Clone)]
pub struct Story {
    pub lead: LeadId,
    pub rev: Seq,
    pub events: Vec<Event>,
}

/// Who sits here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    pub name: String,
    /// The role asked for; the desk's grant may be lower and then wins.
    pub asked: Role,
    /// The role in force.
    pub role: Role,
}

/// Rows each list shows, as last drawn; the view reports them, motions need them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pages {
    pub queue: usize,
    pub loads: usize,
    pub alerts: usize,
    pub overlay: usize,
    pub rules: usize,
}

impl Default for Pages {
    fn default() -> Self {
        Self { queue: 10, loads: 10, alerts: 5, overlay: 10, rules: 20 }
    }
}

/// Rows of the lead card unless moved, borders included.
pub const LEAD_ROWS: u16 = 6;

/// A line between panes that can be moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Divider {
    /// Between the queue and the panes on its right.
    Columns,
    /// Between loads and alerts.
    Right,
    /// Above the lead card.
    Lead,
}

/// Where the dividers stand; `None` where the layout's own place is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Split {
    /// Thousandths of the width for the queue.
    pub columns_milli: Option<u16>,
    /// Thousandths of the upper right for the loads.
    pub right_milli: Option<u16>,
    /// Rows of the lead card, borders included.
    pub lead_rows: Option<u16>,
}

/// How urgently a frame is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Dirty {
    #[default]
    Clean,
    /// Something in the background changed.
    Data,
    /// A person did something and waits for the answer.
    Key,
}

/// The whole state.
#[derive(Debug, Clone)]
pub struct Model {
    pub lang: Lang,
    pub look: Look,
    pub size: Size,
    pub me: Me,
    pub now: Millis,
    pub screen: Screen,
    pub focus: Pane,
    pub overlays: Vec<Overlay>,
    pub desk: Desk,
    pub queue: ListState<LeadId>,
    pub loads: ListState<RepId>,
    pub alerts: ListState<AlertId>,
    pub filter: Field,
    pub is_filtering: bool,
    pub find: Find,
    pub see: See,
    /// What became of the selected lead that left.
    pub left: Option<(LeadId, Say)>,
    /// Leads a command is meant for, when there are any; else it is the selected one.
    pub marks: BTreeSet<LeadId>,
    pub hand: Handwork,
    /// The lead whose phone is shown whole, until another is selected.
    pub unmasked: Option<LeadId>,
    pub story: Option<Story>,
    /// What was last asked for as a story.
    pub story_asked: Option<(LeadId, Seq)>,
    pub draft: Draft,
    pub what_if: WhatIf,
    /// Which values leads had, and when the file told.
    pub values: Option<(Millis, Arc<Values>)>,
    /// The keys of a chord that is not complete.
    pub chord: Vec<Key>,
    pub pages: Pages,
    pub notice: Option<Notice>,
    /// What the console was left for.
    pub errand: Option<Errand>,
    pub is_mouse_on: bool,
    pub has_focus: bool,
    pub dirty: Dirty,
    /// Which keys reach which command: the table's, or a person's own.
    pub keymap: Arc<Keymap>,
    /// Whether an alert that begins to fire rings the bell.
    pub has_bell: bool,
    /// How the terminal is asked to show it as a notification, if it is.
    pub notify: Option<Osc>,
    /// Alerts that have rung; nothing before the first desk.
    pub rung: Option<BTreeSet<AlertId>>,
    pub split: Split,
    /// The divider the mouse holds.
    pub dragged: Option<Divider>,
}

impl Model {
    /// A console for `me` before the first desk arrived.
    #[must_use]
    pub fn new(me: Me, file: &str, lang: Lang, look: Look, size: Size) -> Self {
        let desk = Desk::new(me.name.as_str().into(), file.to_owned());
        Self {
            lang,
            look,
            size,
            me,
            now: Millis(0),
            screen: Screen::Main,
            focus: Pane::Queue,
            overlays: Vec::new(),
            desk,
            queue: ListState::default(),
            loads: ListState::default(),
            alerts: ListState::default(),
            filter: Field::default(),
            is_filtering: false,
            find: Find::default(),
            see: See::default(),
            left: None,
            marks: BTreeSet::new(),
            hand: Handwork::default(),
            unmasked: None,
            story: None,
            story_asked: None,
            draft: Draft::default(),
            what_if: WhatIf::default(),
            values: None,
            chord: Vec::new(),
            pages: Pages::default(),
            notice: None,
            errand: None,
            is_mouse_on: true,
            has_focus: true,
            dirty: Dirty::Key,
            keymap: Keymap::standard(),
            has_bell: false,
            notify: None,
            rung: None,
            split: Split::default(),
            dragged: None,
        }
    }

    /// Who has the keyboard.
    #[must_use]
    pub fn place(&self) -> Place {
        match self.overlays.last() {
            Some(
                Overlay::Help(_)
                | Overlay::Palette(_)
                | Overlay::Jump(_)
                | Overlay::Views(_)
                | Overlay::WhyNot { .. },
            ) => Place::Picker,
            Some(Overlay::Assign(_)) => Place::Assign,
            Some(Overlay::Status { .. }) => Place::Status,
            Some(Overlay::Why { .. }) => Place::Why,
            Some(Overlay::Card(_)) => Place::Card,
            Some(Overlay::Handover { .. }) => Place::Handover,
            Some(Overlay::HandTo { .. }) => Place::HandTo,
            Some(Overlay::Prompt { .. }) => Place::Prompt,
            Some(Overlay::Confirm { .. }) => Place::Confirm,
            Some(Overlay::Sheet(sheet)) => Place::of_sheet(sheet),
            Some(Overlay::Build(_)) => Place::Build,
            Some(Overlay::Rules(sheet)) => Place::of_rules(sheet),
            Some(Overlay::Watching(watching)) => Place::of_watching(watching),
            None if self.screen == Screen::Rules && self.draft.chosen.is_some() => Place::Offers,
            None => self.place_below(),
        }
    }

    /// Who would have the keyboard without overlays; help and palette speak of this place.
    #[must_use]
    pub fn place_below(&self) -> Place {
        match (self.screen, self.focus) {
            (Screen::Rules, _) => Place::Rules,
            (Screen::Roster | Screen::Calendar, _) => Place::Roster,
            (Screen::Main, _) if self.is_filtering => Place::Filter,
            (Screen::Main, Pane::Queue) if self.is_welcome() => Place::Welcome,
            (Screen::Main, Pane::Queue) => Place::Queue,
            (Screen::Main, Pane::Loads) => Place::Loads,
            (Screen::Main, Pane::Alerts) => Place::Alerts,
            (Screen::Main, Pane::Lead) => Place::Lead,
        }
    }

    /// Whether the queue's place offers a start instead: the desk is there and has neither leads nor reps.
    #[must_use]
    pub fn is_welcome(&self) -> bool {
        self.desk.is_loaded() && self.desk.is_new()
    }

    /// The selected lead, if it is still open.
    #[must_use]
    pub fn lead(&self) -> Option<LeadLine> {
        self.queue.selected().and_then(|id| self.desk.lead(id))
    }

    /// The leads a command is meant for, as they are on screen: the marked ones, else the selected one.
    #[must_use]
    pub fn targets(&self) -> Seen {
        let with_rev = |id: &LeadId| self.desk.rev(*id).map(|rev| (*id, rev));
        if self.marks.is_empty() {
            self.queue.selected().iter().filter_map(with_rev).collect()
        } else {
            self.marks.iter().filter_map(with_rev).collect()
        }
    }

    /// Whether the person's role reaches `role`.
    #[must_use]
    pub fn may(&self, role: Role) -> bool {
        self.me.role >= role
    }

    /// The selected rep.
    #[must_use]
    pub fn rep(&self) -> Option<&RepLine> {
        let selected = match self.screen {
            Screen::Roster | Screen::Calendar => self.see.roster.selected(),
            Screen::Main | Screen::Rules => self.loads.selected(),
        };
        selected.and_then(|id| self.desk.rep(id))
    }

    /// Whether Esc has nothing left to leave.
    #[must_use]
    pub fn is_home(&self) -> bool {
        self.overlays.is_empty()
            && self.screen == Screen::Main
            && self.focus == Pane::Queue
            && !self.is_filtering
            && self.filter.is_empty()
            && self.chord.is_empty()
            && self.marks.is_empty()
            && !self.is_arranged()
            && self.desk.frozen().is_none()
    }

    /// Whether the queue shows another view or order than it opens with.
    #[must_use]
    pub fn is_arranged(&self) -> bool {
        self.desk.show() != Show::default() || self.desk.sort() != Sort::default()
    }

    /// Asks for a frame at least as soon as `dirty` says.
    pub fn soil(&mut self, dirty: Dirty) {
        self.dirty = self.dirty.max(dirty);
    }

    /// Says what happened.
    pub fn say(&mut self, severity: Severity, text: impl Into<Say>) {
        self.notice = Some(Notice { severity, text: text.into() });
    }
}
