//! The lowered rule book: what the engine, the watch and the fold read. No text positions beyond one span a rule, no
//! names resolved: teams and reps are as written, and a rep may be written by login or by name.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use smol_str::SmolStr;

use super::cond::Cond;
use super::diagnostic::Span;
use crate::model::channel::{ChannelKind, Topic};

mod watch;

pub use watch::*;

/// A whole rule book, lowered. `Book::default()` is the book of an empty text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Book {
    pub zone: chrono_tz::Tz,
    /// Name to values, with nested defines already expanded.
    pub defines: BTreeMap<SmolStr, Vec<SmolStr>>,
    pub duplicates: Vec<DupRule>,
    pub scores: Vec<ScoreLine>,
    pub rules: Vec<Rule>,
    pub otherwise: Fallback,
    pub watch: Vec<WatchLine>,
    pub calendar: Calendar,
    /// Sources whose replies are recorded here, so that `respond within` may move their leads.
    pub replies_from: Vec<SmolStr>,
    /// `draw salt N`; 0 when not given.
    pub salt: u64,
    /// `timers move at most N per hour`; `None` = as many as the engine allows by itself.
    pub timer_moves: Option<u32>,
    /// How new hires are brought in; the first that fits a rep counts, a team's before everybody's.
    pub ramps: Vec<Ramp>,
    /// `None` = the book knows no pool.
    pub pool: Option<PoolTerms>,
    /// In the order of the text: where several say something about the same, the first that is on counts.
    pub promotions: Vec<Promotion>,
    /// Who is told what, outside the console.
    pub notify: Vec<Route>,
}

/// What is told through one channel. The channel itself, its address and its secret, is set up outside the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub kind: ChannelKind,
    pub name: SmolStr,
    /// At least one, each once.
    pub topics: Vec<Topic>,
    /// Only what is about reps of this team.
    pub team: Option<SmolStr>,
    pub span: Span,
}

/// What holds while a promotion is on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Promotion {
    pub name: SmolStr,
    /// Name of the window it is bound to; `None` = only switched on by hand.
    pub during: Option<SmolStr>,
    /// Caps instead of those on the cards; for a rep the first that fits, theirs before a team's before everybody's.
    pub caps: Vec<PromoCap>,
    /// Weights instead of those on the cards, in thousandths; a rep's before a team's.
    pub weights: Vec<(Target, u32)>,
    /// Instead of the desk's `workdays` lines, when there are any.
    pub hours: Vec<WorkHours>,
    /// Instead of the calendar's lines of the same team or rep.
    pub own: Vec<OwnHours>,
    /// Instead of the book's line of the same kind.
    pub watch: Vec<WatchLine>,
    pub span: Span,
}

impl Promotion {
    /// Whether it changes somebody's working hours.
    #[must_use]
    pub fn has_hours(&self) -> bool {
        !self.hours.is_empty() || !self.own.is_empty()
    }
}

/// A cap line of a promotion; at least one figure is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromoCap {
    /// `None` = everybody; never the owner.
    pub whose: Option<Target>,
    pub open: Option<u32>,
    pub day: Option<u32>,
}

/// The share of an ordinary turn a new hire gets, week by week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ramp {
    pub team: Option<SmolStr>,
    /// Shares in thousandths of the rep's own weight, from the first week on; full weight afterwards.
    pub weeks: Vec<u32>,
    /// The protected minimum a day; 0 = none.
    pub at_least: u32,
}

/// What the book says about the pool.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PoolTerms {
    /// Several add up; none = everyone sees everything.
    pub seen: Vec<Sight>,
    /// Most claims of a rep a day.
    pub claim_day: Option<u32>,
    /// A rep with this many leads in hand may not claim.
    pub claim_hand: Option<u32>,
    /// Whether a claim uses a turn on the ledger and counts against the day cap.
    pub claim_turn: bool,
    /// How long whoever had the lead before may not claim it, in milliseconds since it came into the pool.
    pub cooldown_ms: i64,
    /// How long nobody may claim it, in milliseconds since it came into the pool.
    pub hold_ms: i64,
    /// Working days without contact after which a lead goes to the pool; `None` = never.
    pub return_days: Option<u32>,
}

/// Who sees which pooled leads.
#[derive(Debug, Clone, PartialEq)]
pub struct Sight {
    /// None = everyone.
    pub teams: Vec<SmolStr>,
    pub when: Cond,
}

/// One rule, in the order of the text.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    pub name: SmolStr,
    pub when: Cond,
    pub during: Option<During>,
    /// Who may get it; the union of all.
    pub give: Vec<Target>,
    pub strategy: Strategy,
    pub scope: FairScope,
    /// A rep must have all of these.
    pub needs_skills: Vec<SmolStr>,
    pub cap_open: Option<u32>,
    pub cap_day: Option<u32>,
    pub respond_within: Option<Respond>,
    pub otherwise: ElseDo,
    pub span: Span,
    pub disabled: bool,
}

/// When a rule holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum During {
    /// While this window of the calendar is open.
    Window(SmolStr),
    /// While this promotion is on.
    Promotion(SmolStr),
}

/// Who a rule gives to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    Team(SmolStr),
    /// Login or name, as written.
    Rep(SmolStr),
    /// Whoever owns this person's earlier lead.
    Owner,
}

/// How one of several eligible reps is chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Strategy {
    #[default]
    Fair,
    RoundRobin,
    LeastLoaded,
    Weighted,
    /// The person's owner first, then as inside.
    Sticky(Box<Strategy>),
}

/// Against whom fairness is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FairScope {
    #[default]
    Org,
    WithinTeam,
}

/// What a rule that matched does when nobody is eligible.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum ElseDo {
    #[default]
    PassOn,
    Wait,
    Park(SmolStr),
}

/// A response limit in working time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Respond {
    pub within_ms: i64,
    /// In order; empty means "only escalate".
    pub steps: Vec<LateStep>,
}

/// What happens when the response limit passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LateStep {
    /// To someone else, this many times at most.
    Reassign(u32),
    Escalate,
    /// Back into the queue.
    Recall,
    RecallToPool,
    Park(SmolStr),
}

/// What becomes of a lead that no rule took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fallback {
    Park(SmolStr),
    Wait,
    Give { to: Vec<Target>, strategy: Strategy, scope: FairScope },
}

/// The park reason of a book without `otherwise`.
pub const NO_CATCH_ALL: &str = "no catch-all";

impl Default for Fallback {
    fn default() -> Self {
        Fallback::Park(SmolStr::new_static(NO_CATCH_ALL))
    }
}

/// One line of `score`.
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreLine {
    /// Whole points, possibly negative.
    pub points: i32,
    pub when: Cond,
}

/// One line of `duplicates`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DupRule {
    pub by: DupBy,
    /// How far back, in milliseconds of plain time.
    pub within_ms: i64,
    pub then: DupThen,
}

/// What makes two leads duplicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DupBy {
    /// Any of these equal.
    Same(Vec<ContactKey>),
    /// Company similarity of at least this many thousandths.
    CompanyLike(u16),
}

/// The kinds of contact key a duplicate line can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContactKey {
    Phone,
    Email,
    Wechat,
}

/// What becomes of a duplicate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DupThen {
    GiveToOwner,
    Park(SmolStr),
}

/// The calendar as nouns; no arithmetic here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Calendar {
    /// Several lines add up. Empty means every hour is a working hour.
    pub hours: Vec<WorkHours>,
    /// Hours of teams and reps, in the order of the text; several lines for the same add up.
    pub own: Vec<OwnHours>,
    pub holidays: Vec<Days>,
    /// Days worked although their weekday or a holiday says otherwise.
    pub workdays: Vec<Days>,
    pub windows: Vec<Window>,
}

/// Working hours of some weekdays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkHours {
    /// ISO weekdays, 1 = Monday .. 7, ascending, each once.
    pub days: Vec<u8>,
    pub spans: Vec<TimeSpan>,
    pub except: Vec<TimeSpan>,
    /// These hours are worked on holidays too.
    pub holidays: bool,
}

/// Hours of a team or a rep, instead of the desk's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnHours {
    /// A team, or a rep by login or name as written; never the owner.
    pub whose: Target,
    pub hours: WorkHours,
}

/// Minutes of a day, start inclusive, end exclusive, both at most 1440 and never equal. One that ends at or before its
/// start ends on the next day, like a night shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeSpan {
    pub from: u16,
    pub to: u16,
}

/// Calendar days, both ends inclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Days {
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub name: Option<SmolStr>,
}

/// A promotion window in local time of the book's zone, start inclusive, end exclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    pub name: SmolStr,
    pub from: NaiveDateTime,
    pub to: NaiveDateTime,
}

impl Book {
    /// The line that sets `figure` of this detector, else the one that sets no figure.
    #[must_use]
    pub fn watch_line(&self, kind: WatchKind, figure: Option<Metric>) -> Option<&WatchLine> {
        line_for(&self.watch, kind, figure)
    }

    /// A promotion by name, with its place in the book.
    #[must_use]
    pub fn promotion(&self, name: &str) -> Option<(usize, &Promotion)> {
        self.promotions.iter().enumerate().find(|(_, p)| p.name == name)
    }
}

/// An order comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cmp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}
