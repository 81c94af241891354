//! What a person looks at of alerts beyond their pane: one alert in full, all of them, the weekly review; and complaints. State and messages
//! only; what they do is `update::watching`'s affair.

use crate::console::desk::AlertId;
use crate::console::widget::list::ListState;
use crate::model::alert::{Alert, AlertKey, AlertKind};
use crate::model::event::Event;
use crate::model::id::{ComplaintId, LeadId, Seq, SilenceId};
use crate::report::alerts::Review;

pub mod plot;
pub mod review;
pub mod sheet;

/// What is open. Only ever one, boxed in its overlay.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "only ever one, boxed in its overlay")]
pub enum Watching {
    One(One),
    All(ListState<Row>),
    Review(Reviewing),
    /// Complaints nobody has ruled on.
    Complaints(ListState<ComplaintId>),
}

/// A place on screen: none is like another.
impl PartialEq for Watching {
    fn eq(&self, _: &Self) -> bool {
        false
    }
}

/// One episode of an alert, which stays on screen when it is over.
#[derive(Debug, Clone)]
pub struct One {
    /// As it stands, or stood last.
    pub alert: Alert,
    pub is_over: bool,
    /// What happened to it, oldest first.
    pub events: Vec<Event>,
    pub has_come: bool,
    /// The leads it names.
    pub leads: ListState<LeadId>,
    /// The first line on screen.
    pub offset: usize,
}

impl One {
    /// An alert as it stands; its story comes later.
    #[must_use]
    pub fn new(alert: Alert) -> One {
        let leads = ListState::default();
        One { alert, is_over: false, events: Vec::new(), has_come: false, leads, offset: 0 }
    }

    #[must_use]
    pub fn key(&self) -> AlertKey {
        self.alert.finding.key
    }

    #[must_use]
    pub fn episode(&self) -> Seq {
        self.alert.fired_seq
    }
}

/// Columns of what lies over the screen, and the frame and margin on both sides of it.
const COLS_MAX: u16 = 84;
const AROUND: u16 = 4;

/// Cells of a line of the full view on a screen of `cols`.
#[must_use]
pub fn cells(cols: u16) -> usize {
    usize::from(cols.saturating_sub(AROUND).min(COLS_MAX).saturating_sub(AROUND))
}

/// A line of the list of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Row {
    Alert(AlertId),
    /// Seen, and to last a while before it fires.
    Pending(AlertKey),
    Silence(SilenceId),
}

/// The review of a week beside the one before.
#[derive(Debug, Clone)]
pub struct Reviewing {
    /// Whole weeks back from now.
    pub back: u32,
    /// None until they have come: that week, and the one before.
    pub weeks: Option<Box<(Review, Review)>>,
    pub kinds: ListState<AlertKind>,
    /// The detector whose episodes are listed.
    pub kind: Option<AlertKind>,
    pub episodes: ListState<Seq>,
}

impl Reviewing {
    /// The review of the week that ended `back` weeks ago.
    #[must_use]
    pub fn new(back: u32, kind: Option<AlertKind>) -> Reviewing {
        let (kinds, episodes) = (ListState::default(), ListState::default());
        Reviewing { back, weeks: None, kinds, kind, episodes }
    }
}

/// A step in what is looked at of alerts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The full view of the alert that is selected.
    Open,
    /// Everything that fires, is seen, or is silenced.
    List,
    /// The week's figures.
    Review,
    /// The episodes of the selected detector.
    Episodes,
    /// One week back, or forward again.
    Earlier,
    Later,
    /// The selected lead of the alert, or of the complaint.
    Lead,
    Snooze,
    Silence,
    Comment,
    FalseAlarm,
    /// Complaints nobody has ruled on; what is said about the selected one.
    Complaints,
    Uphold,
    Reject,
}
