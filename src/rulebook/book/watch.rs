//! Watch lines of a book: which alert, from which figures, how loudly. What a figure may look like is `lower`'s to check.

use smol_str::SmolStr;

use super::Cmp;
use crate::rulebook::diagnostic::Span;

/// One line of watch: when to raise which alert, how loudly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchLine {
    pub kind: WatchKind,
    /// All must hold; empty means the detector's own thresholds.
    pub when: Vec<Measure>,
    /// How long it must hold before the alert fires; 0 when not said.
    pub for_ms: i64,
    pub loudness: Loudness,
    /// `page after 15m`: still open after this long, it pages.
    pub page_after_ms: Option<i64>,
    /// `-> reassign`: what the engine does about it by itself.
    pub relief: Option<LineRelief>,
    pub span: Span,
}

/// What a watch line has done about an alert that fires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRelief {
    pub what: ReliefKind,
    /// Leads moved at most in an hour; the engine's own limit when not said.
    pub per_hour: Option<u32>,
}

/// How a watch line helps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReliefKind {
    /// To others, by the rules.
    Reassign,
    /// Back into the queue.
    Recall,
    /// Over the members of a team.
    Spread(SmolStr),
}

impl ReliefKind {
    /// Whether it can be done about what `kind` watches: leads of a rep can be moved every way, leads nobody has can only be
    /// spread.
    #[must_use]
    pub fn suits(&self, kind: WatchKind) -> bool {
        match kind {
            WatchKind::Uneven
            | WatchKind::LoadUneven
            | WatchKind::AtCap
            | WatchKind::Stalled
            | WatchKind::Hoarded => true,
            WatchKind::Delayed | WatchKind::Missed => matches!(self, ReliefKind::Spread(_)),
            WatchKind::Duplicate
            | WatchKind::Unmatched
            | WatchKind::Unassigned
            | WatchKind::Overdue
            | WatchKind::Surge
            | WatchKind::Silent
            | WatchKind::Starved
            | WatchKind::RuleSilent
            | WatchKind::RateShift
            | WatchKind::DirtyFields
            | WatchKind::Conversion => false,
        }
    }
}

impl WatchLine {
    /// The figure the line sets, the first of its kind where there are two; none for a line that sets loudness alone.
    #[must_use]
    pub fn figure(&self) -> Option<Metric> {
        self.kind.figures().iter().copied().find(|figure| self.measure(*figure).is_some())
    }

    /// What the line says about `metric`.
    #[must_use]
    pub fn measure(&self, metric: Metric) -> Option<&Measure> {
        self.when.iter().find(|m| m.metric == metric)
    }

    /// The first duration this line compares `metric` with, e.g. 300_000 for `delayed when waiting > 5m`.
    #[must_use]
    pub fn duration_ms(&self, metric: Metric) -> Option<i64> {
        self.when.iter().find(|m| m.metric == metric).and_then(|m| match m.amount {
            Amount::Duration(ms) => Some(ms),
            Amount::Percent(_) | Amount::Times(_) | Amount::Count(_) => None,
        })
    }
}

/// Of `lines` the one that sets `figure` of a detector, else the one that sets no figure.
#[must_use]
pub fn line_for(lines: &[WatchLine], kind: WatchKind, figure: Option<Metric>) -> Option<&WatchLine> {
    let of = |figure| lines.iter().find(|line| line.kind == kind && line.figure() == figure);
    of(figure).or_else(|| of(None))
}

/// The detectors a watch line can set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WatchKind {
    Uneven,
    LoadUneven,
    Duplicate,
    Delayed,
    Missed,
    AtCap,
    Stalled,
    Unmatched,
    Unassigned,
    Overdue,
    Surge,
    Silent,
    Hoarded,
    Starved,
    RuleSilent,
    RateShift,
    DirtyFields,
    Conversion,
}

impl WatchKind {
    /// The figures a line of this kind may set; each that is first on a line is an alert of its own.
    #[must_use]
    pub fn figures(self) -> &'static [Metric] {
        match self {
            WatchKind::Uneven => &[Metric::Share, Metric::Spread],
            WatchKind::LoadUneven => &[Metric::Load],
            WatchKind::Duplicate => &[Metric::Duplicates],
            WatchKind::Delayed => &[Metric::Waiting, Metric::Queue],
            WatchKind::Missed => &[Metric::Unowned],
            WatchKind::AtCap => &[Metric::Full, Metric::Load],
            WatchKind::Stalled => &[Metric::Untouched, Metric::Waiting],
            WatchKind::Unmatched => &[Metric::Unmatched],
            WatchKind::Unassigned => &[Metric::Unassigned],
            WatchKind::Overdue => &[Metric::Overdue],
            WatchKind::Surge => &[Metric::Arrivals],
            WatchKind::Silent => &[Metric::Silence],
            WatchKind::Hoarded
            | WatchKind::Starved
            | WatchKind::RuleSilent
            | WatchKind::RateShift
            | WatchKind::DirtyFields
            | WatchKind::Conversion => &[],
        }
    }

    /// Whether there is no limit but the one the book names: who hands out most leads by `otherwise` wants no alert of it.
    #[must_use]
    pub fn needs_figure(self) -> bool {
        matches!(self, WatchKind::Unmatched | WatchKind::Unassigned)
    }
}

/// What a watch line measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// A rep's load ÷ cap; `beside` compares the least loaded of the team.
    Load,
    /// A rep's received ÷ expected.
    Share,
    /// The spread of the desk or a team.
    Spread,
    /// How long a lead has waited.
    Waiting,
    /// How long a lead has had no owner, whatever the reason.
    Unowned,
    /// How long an assigned lead has not been touched.
    Untouched,
    /// How many leads wait.
    Queue,
    /// Reps at their cap, of those on duty.
    Full,
    /// Leads that only `otherwise` matched.
    Unmatched,
    /// Leads whose rule had nobody free.
    Unassigned,
    /// Duplicates that reached two owners.
    Duplicates,
    /// Leads past their response limit.
    Overdue,
    /// Arrivals against what is usual.
    Arrivals,
    /// How long a source has sent nothing.
    Silence,
}

/// One comparison of a watch line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measure {
    pub metric: Metric,
    pub op: Cmp,
    pub amount: Amount,
    /// `beside <= 50%`: at the same time someone else is there.
    pub beside: Option<(Cmp, Amount)>,
    /// The window the figure is taken over.
    pub over_ms: Option<i64>,
}

impl Measure {
    /// Whether `figure`, in the unit of the amount, is past the limit.
    #[must_use]
    pub fn is_past(&self, figure: i64, limit: i64) -> bool {
        figure > limit || (figure == limit && self.op == Cmp::Ge)
    }
}

/// A figure with its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Amount {
    /// Thousandths: 90 % is 900.
    Percent(i64),
    /// Thousandths: 1.8x is 1800.
    Times(i64),
    /// Milliseconds.
    Duration(i64),
    Count(i64),
}

/// How loudly an alert speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Loudness {
    /// The detector is switched off.
    Off,
    Info,
    Warn,
    Page,
}
