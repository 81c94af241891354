//! The syntax tree: the text's statements in their order, with comments and with broken lines kept word for word, so that
//! printing a tree never loses what somebody wrote. Nothing here knows whether a name exists or a value fits.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};
use smol_str::SmolStr;

use super::book::{Amount, Cmp, ContactKey, Loudness, Metric, TimeSpan, WatchKind};
use super::diagnostic::{Diagnostic, Span};
use crate::model::channel::{ChannelKind, Topic};
use crate::model::lang::Lang;

/// Where a node was written. Two trees that say the same are equal wherever they were written, so all places are equal.
#[derive(Debug, Clone, Copy, Default)]
pub struct Place(pub Span);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Place {}

/// The text a tree was read from and what was wrong with it; like a place, no part of what the tree says. Empty for a
/// tree made by hand.
#[derive(Debug, Clone, Default)]
pub struct Source {
    pub text: Arc<str>,
    pub diagnostics: Arc<[Diagnostic]>,
    /// The language most of its keywords are written in.
    pub keywords: Lang,
}

impl PartialEq for Source {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// A whole text.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tree {
    pub items: Vec<Noted<Item>>,
    /// Comments after the last statement.
    pub tail: Vec<SmolStr>,
    pub source: Source,
}

/// A statement with its comments (without `#`, trimmed).
#[derive(Debug, Clone, PartialEq)]
pub struct Noted<T> {
    /// On lines of their own before it.
    pub before: Vec<SmolStr>,
    /// At the end of its line.
    pub trail: Option<SmolStr>,
    pub at: Place,
    pub node: T,
}

/// A line of a block, or one that could not be read.
#[derive(Debug, Clone, PartialEq)]
pub enum Line<T> {
    Good(T),
    Broken(SmolStr),
}

pub type Lines<T> = Vec<Noted<Line<T>>>;

/// A top-level statement.
#[derive(Debug, Clone, PartialEq)]
pub enum Item {
    Calendar(Lines<CalendarLine>),
    Define(DefineNode),
    Score(Lines<ScoreNode>),
    Duplicates(Lines<DupNode>),
    Rule(RuleNode),
    Otherwise(OtherwiseNode),
    Watch(WatchNode),
    Replies(Vec<Name>),
    Salt(u64),
    /// `timers move at most 60 per hour`
    Timers((u32, Place)),
    Ramp(RampNode),
    Pool(Lines<PoolLine>),
    Promotion(PromotionNode),
    Notify(NotifyNode),
    Broken(SmolStr),
}

/// `notify wecom "sales-leads" on page, digest to team Promo`
#[derive(Debug, Clone, PartialEq)]
pub struct NotifyNode {
    pub kind: ChannelKind,
    pub name: Name,
    pub on: Vec<Topic>,
    pub team: Option<Name>,
}

/// A name; quotes around it mean nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    pub text: SmolStr,
    pub at: Place,
}

/// A value; quotes make it a text that is neither a number nor a define's name.
#[derive(Debug, Clone, PartialEq)]
pub struct Lit {
    pub text: SmolStr,
    pub quoted: bool,
    pub at: Place,
}

#[derive(Debug, Clone, PartialEq)]
pub enum CalendarLine {
    Timezone(Name),
    Hours(HoursNode),
    Holiday(DaysNode),
    Workday(DaysNode),
    Window { name: Name, from: MomentNode, to: MomentNode, at: Place },
}

#[derive(Debug, Clone, PartialEq)]
pub struct HoursNode {
    pub whose: WhoseNode,
    pub days: Vec<u8>,
    pub spans: Vec<TimeSpan>,
    pub except: Vec<TimeSpan>,
    /// `and holidays`
    pub holidays: bool,
    pub at: Place,
}

/// Whose hours, cap or weight a line gives.
#[derive(Debug, Clone, PartialEq)]
pub enum WhoseNode {
    /// `workdays …`
    Desk,
    /// `team NAME works …`, `… for team NAME`
    Team(Name),
    /// `rep NAME works …`, `… for rep NAME`
    Rep(Name),
}

#[derive(Debug, Clone, PartialEq)]
pub struct DaysNode {
    pub from: NaiveDate,
    pub to: Option<NaiveDate>,
    pub name: Option<SmolStr>,
    pub at: Place,
}

/// A date with or without a time; without one a window starts at midnight or ends at the end of that day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MomentNode {
    Day(NaiveDate),
    Minute(NaiveDateTime),
}

#[derive(Debug, Clone, PartialEq)]
pub struct DefineNode {
    pub name: Name,
    pub values: Vec<Lit>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ScoreNode {
    pub points: i32,
    pub when: Expr,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DupNode {
    pub by: DupByNode,
    pub within_ms: i64,
    pub then: DupThenNode,
    /// Of the action.
    pub at: Place,
}

#[derive(Debug, Clone, PartialEq)]
pub enum DupByNode {
    Same(Vec<ContactKey>),
    /// Thousandths, not yet checked to lie in 0..1.
    CompanyLike(i64, Place),
}

#[derive(Debug, Clone, PartialEq)]
pub enum DupThenNode {
    GiveToOwner,
    Park(SmolStr),
}

/// Clauses are in canonical order, unless one is broken: then all stay where they were.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleNode {
    pub name: Name,
    pub disabled: bool,
    pub clauses: Vec<Noted<Clause>>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Clause {
    /// `during "Double 11"`: a window of the calendar.
    During(Name),
    /// `during promotion "Double 11"`
    DuringPromotion(Name),
    When(Expr),
    Give(GiveNode),
    Needs(Vec<Name>),
    Cap(CapNode),
    Respond(RespondNode),
    Else(ElseNode),
    Broken(SmolStr),
}

#[derive(Debug, Clone, PartialEq)]
pub struct GiveNode {
    pub to: Vec<TargetNode>,
    pub by: Option<StrategyNode>,
    pub within_team: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum TargetNode {
    Team(Name),
    Rep(Name),
    Owner,
}

#[derive(Debug, Clone, PartialEq)]
pub enum StrategyNode {
    Fair,
    RoundRobin,
    LeastLoaded,
    Weighted,
    /// `sticky`, or `sticky then …`.
    Sticky(Option<Box<StrategyNode>>),
}

#[derive(Debug, Clone, PartialEq)]
pub struct CapNode {
    pub open: Option<(u32, Place)>,
    pub day: Option<(u32, Place)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct RespondNode {
    pub within_ms: i64,
    pub steps: Vec<(StepNode, Place)>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum StepNode {
    /// Without a number: once.
    Reassign(Option<u32>),
    Escalate,
    /// Back into the queue.
    Recall,
    RecallToPool,
    Park(SmolStr),
}

#[derive(Debug, Clone, PartialEq)]
pub enum ElseNode {
    Pass,
    Wait,
    Park(SmolStr),
}

#[derive(Debug, Clone, PartialEq)]
pub enum OtherwiseNode {
    Park(SmolStr),
    Wait,
    Give(GiveNode),
}

/// `ramp for team East 25% in week 1, 50% in weeks 2..3, at least 1 per day`
#[derive(Debug, Clone, PartialEq)]
pub struct RampNode {
    pub team: Option<Name>,
    /// At least one.
    pub steps: Vec<RampStepNode>,
    pub at_least: Option<(u32, Place)>,
}

/// A share in thousandths and the weeks it holds for, both ends inclusive.
#[derive(Debug, Clone, PartialEq)]
pub struct RampStepNode {
    pub share_milli: i64,
    pub from: u32,
    pub to: u32,
    pub at: Place,
}

#[derive(Debug, Clone, PartialEq)]
pub enum PoolLine {
    /// Teams that see pooled leads; none = everyone.
    Seen {
        by: Vec<Name>,
        when: Option<Expr>,
    },
    /// At least one of the three.
    Claim {
        day: Option<(u32, Place)>,
        hand: Option<(u32, Place)>,
        turn: bool,
    },
    Cooldown(i64),
    Hold(i64),
    /// Working days.
    Return(u32, Place),
}

/// `promotion "Double 11"` and what holds while it lasts.
#[derive(Debug, Clone, PartialEq)]
pub struct PromotionNode {
    pub name: Name,
    pub lines: Lines<PromotionLine>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum PromotionLine {
    /// The window it is bound to.
    During(Name),
    /// `cap 60 open, 20 per day for team X`; at least one of the two figures.
    Cap {
        cap: CapNode,
        whose: WhoseNode,
    },
    /// In thousandths; never the whole desk's.
    Weight {
        milli: i64,
        whose: WhoseNode,
        at: Place,
    },
    Hours(HoursNode),
    Watch(WatchNode),
}

#[derive(Debug, Clone, PartialEq)]
pub struct WatchNode {
    pub kind: WatchKind,
    pub when: Vec<MeasureNode>,
    pub for_ms: Option<i64>,
    pub loudness: Loudness,
    pub page_after_ms: Option<i64>,
    pub relief: Option<ReliefNode>,
}

/// What stands behind the arrow of a watch line.
#[derive(Debug, Clone, PartialEq)]
pub struct ReliefNode {
    pub what: ReliefWhat,
    /// `at most 20 per hour`
    pub most: Option<(u32, Place)>,
    pub at: Place,
}

#[derive(Debug, Clone, PartialEq)]
pub enum ReliefWhat {
    Reassign,
    Recall,
    Spread(Name),
}

#[derive(Debug, Clone, PartialEq)]
pub struct MeasureNode {
    pub metric: Metric,
    pub op: Cmp,
    pub amount: Amount,
    /// `1.8x fair`: the word is only for reading.
    pub fair: bool,
    pub beside: Option<(Cmp, Amount)>,
    pub over_ms: Option<i64>,
    pub at: Place,
}

/// A condition as written. `Or` and `And` have at least two members.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    Or(Vec<Expr>),
    And(Vec<Expr>),
    Not(Box<Expr>),
    Test(TestNode),
}

#[derive(Debug, Clone, PartialEq)]
pub struct TestNode {
    pub field: FieldNode,
    pub op: OpNode,
    /// Of the operator.
    pub at: Place,
}

/// A field by name: built-in names in their canonical form, others as written.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldNode {
    pub name: SmolStr,
    /// Written `x.name`.
    pub custom: bool,
    pub at: Place,
}

#[derive(Debug, Clone, PartialEq)]
pub enum OpNode {
    Is(Cmp, Lit),
    In { negated: bool, set: SetNode },
    Contains(Lit),
    StartsWith(Lit),
    Empty { negated: bool },
}

#[derive(Debug, Clone, PartialEq)]
pub enum SetNode {
    /// `in 华东`
    Define(Name),
    /// `in (上海, 江苏)`
    List(Vec<Lit>),
}
