//! What holds for each kind of alert: how long a condition must last, how long it must stay clear, how loudly it speaks. From
//! the book's `watch` line, or that of a promotion that is on; else from here.

use super::lifecycle::is_there;
use crate::model::alert::{AlertKey, AlertKind, Severity};
use crate::model::time::{HOUR_MS, MINUTE_MS, Millis};
use crate::rulebook::{Amount, Cmp, Loudness, Measure, Metric, WatchKind, WatchLine};
use crate::world::World;

/// How a kind of alert behaves. Times in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Terms {
    pub for_ms: i64,
    /// How long it must stay clear.
    pub keep_ms: i64,
    pub severity: Severity,
    /// Escalate when nobody took it on after this.
    pub page_after_ms: Option<i64>,
}

/// The kind of line of the book that sets a kind of alert; none for those the book does not know.
#[must_use]
pub fn watch_kind(kind: AlertKind) -> Option<WatchKind> {
    Some(match kind {
        AlertKind::Delayed | AlertKind::Queue => WatchKind::Delayed,
        AlertKind::Missed => WatchKind::Missed,
        AlertKind::Duplicate => WatchKind::Duplicate,
        AlertKind::AtCap | AlertKind::Full => WatchKind::AtCap,
        AlertKind::Unmatched => WatchKind::Unmatched,
        AlertKind::Unassigned => WatchKind::Unassigned,
        AlertKind::EngineStalled | AlertKind::Untouched => WatchKind::Stalled,
        AlertKind::Overdue => WatchKind::Overdue,
        AlertKind::LoadUneven => WatchKind::LoadUneven,
        AlertKind::Uneven | AlertKind::Spread => WatchKind::Uneven,
        AlertKind::Surge => WatchKind::Surge,
        AlertKind::Drought => WatchKind::Silent,
        AlertKind::Hoarded => WatchKind::Hoarded,
        AlertKind::Starved => WatchKind::Starved,
        AlertKind::RuleSilent => WatchKind::RuleSilent,
        AlertKind::RateShift => WatchKind::RateShift,
        AlertKind::DirtyFields => WatchKind::DirtyFields,
        AlertKind::Conversion => WatchKind::Conversion,
        AlertKind::TimerBudget
        | AlertKind::ClockSuspect
        | AlertKind::LeaseFlapping
        | AlertKind::DiskLow
        | AlertKind::OutboxStuck => return None,
    })
}

/// The figure a kind of alert is raised by, where the line of the book may set one.
fn figure(kind: AlertKind) -> Option<Metric> {
    match kind {
        // Two alerts share a kind of line; which of them a line is about, its figure says.
        AlertKind::EngineStalled | AlertKind::Delayed => Some(Metric::Waiting),
        AlertKind::Untouched => Some(Metric::Untouched),
        AlertKind::Queue => Some(Metric::Queue),
        AlertKind::AtCap => Some(Metric::Load),
        AlertKind::Full => Some(Metric::Full),
        AlertKind::Uneven => Some(Metric::Share),
        AlertKind::Spread => Some(Metric::Spread),
        kind => watch_kind(kind)?.figures().first().copied(),
    }
}

/// Whether there is no limit but the one the book names.
fn needs_figure(kind: AlertKind) -> bool {
    matches!(
        kind,
        AlertKind::Queue | AlertKind::Full | AlertKind::Spread | AlertKind::Unmatched | AlertKind::Unassigned
    )
}

/// The line of the book in force for a kind of alert: the one about its figure, else one that sets loudness alone.
#[must_use]
pub fn line(world: &World, kind: AlertKind, now: Millis) -> Option<&WatchLine> {
    world.watch_line(watch_kind(kind)?, figure(kind), now)
}

/// What the book says about `metric` for a kind of alert.
#[must_use]
pub fn measure(world: &World, kind: AlertKind, metric: Metric, now: Millis) -> Option<&Measure> {
    line(world, kind, now)?.measure(metric)
}

/// Whether `figure`s that only grow carry the book's `for` in their limit already.
fn grows(kind: AlertKind) -> bool {
    matches!(kind, AlertKind::Delayed | AlertKind::Missed | AlertKind::EngineStalled | AlertKind::Untouched)
}

/// How a kind of alert behaves at `now`.
#[must_use]
pub fn terms(world: &World, kind: AlertKind, now: Millis) -> Terms {
    let (for_ms, keep_ms) = match kind {
        // Loads breathe; a moment's imbalance is nobody's work.
        AlertKind::LoadUneven => (10 * MINUTE_MS, 10 * MINUTE_MS),
        AlertKind::Hoarded | AlertKind::DiskLow => (MINUTE_MS, 10 * MINUTE_MS),
        // Their evidence is long in coming, and as long in going.
        AlertKind::Uneven | AlertKind::Spread | AlertKind::Starved => (MINUTE_MS, HOUR_MS),
        // They come in lead by lead: what is past the limit at one look may not be at the next.
        AlertKind::Queue | AlertKind::Full => (MINUTE_MS, 10 * MINUTE_MS),
        AlertKind::Unmatched | AlertKind::Unassigned => (0, 30 * MINUTE_MS),
        AlertKind::Surge => (MINUTE_MS, 30 * MINUTE_MS),
        AlertKind::Drought => (0, 0),
        AlertKind::RuleSilent | AlertKind::RateShift | AlertKind::DirtyFields => (0, HOUR_MS),
        AlertKind::Conversion => (HOUR_MS, 24 * HOUR_MS),
        AlertKind::LeaseFlapping => (0, 30 * MINUTE_MS),
        // Invariants: as soon as they are broken, until they hold again.
        AlertKind::Delayed
        | AlertKind::Missed
        | AlertKind::Duplicate
        | AlertKind::AtCap
        | AlertKind::EngineStalled
        | AlertKind::Overdue
        | AlertKind::TimerBudget
        | AlertKind::ClockSuspect
        | AlertKind::OutboxStuck => (0, 0),
        // Who lags behind by a day passes the limit lead by lead: that is one piece of news, not one for each.
        AlertKind::Untouched => (0, HOUR_MS),
    };
    let line = line(world, kind, now);
    let said = line.map(|line| line.for_ms).filter(|ms| *ms > 0 && !grows(kind));
    Terms {
        for_ms: said.unwrap_or(for_ms),
        keep_ms: said.map_or(keep_ms, |ms| keep_ms.max(2 * ms)),
        severity: severity(kind, line),
        page_after_ms: line.and_then(|line| line.page_after_ms),
    }
}

fn severity(kind: AlertKind, line: Option<&WatchLine>) -> Severity {
    match line.map(|line| line.loudness) {
        Some(Loudness::Page) => Severity::Page,
        Some(Loudness::Warn) => Severity::Warn,
        Some(Loudness::Info | Loudness::Off) => Severity::Info,
        None => match kind {
            AlertKind::EngineStalled | AlertKind::DiskLow | AlertKind::ClockSuspect => Severity::Page,
            AlertKind::AtCap | AlertKind::Conversion => Severity::Info,
            _ => Severity::Warn,
        },
    }
}

/// Whether the book asks for a kind of alert at `now`; it need not say so, it may say no.
#[must_use]
pub fn is_on(world: &World, kind: AlertKind, now: Millis) -> bool {
    match line(world, kind, now) {
        Some(line) if line.loudness == Loudness::Off => false,
        line => !needs_figure(kind) || line.is_some_and(|line| line.figure() == figure(kind)),
    }
}

/// Whether what `key` is about is still there and the book still asks for it.
#[must_use]
pub fn is_watched(world: &World, key: AlertKey, now: Millis) -> bool {
    is_on(world, key.kind, now) && is_there(world, key.subject)
}

/// What the line of `kind` compares `metric` with, in thousandths for percentages and factors.
#[must_use]
pub fn milli(world: &World, kind: AlertKind, metric: Metric, now: Millis) -> Option<i64> {
    match measure(world, kind, metric, now)?.amount {
        Amount::Percent(n) | Amount::Times(n) => Some(n),
        Amount::Duration(_) | Amount::Count(_) => None,
    }
}

/// The least that is past a limit in thousandths: the limit itself, or one more where the line says `>`.
#[must_use]
pub fn least_milli(world: &World, kind: AlertKind, metric: Metric, now: Millis) -> Option<i64> {
    let above = measure(world, kind, metric, now).is_some_and(|m| m.op == Cmp::Gt);
    milli(world, kind, metric, now).map(|n| n + i64::from(above))
}

/// The count the line of `kind` compares `metric` with, as the most that is not past it.
#[must_use]
pub fn most(world: &World, kind: AlertKind, metric: Metric, now: Millis) -> Option<i64> {
    let measure = measure(world, kind, metric, now)?;
    let Amount::Count(n) = measure.amount else { return None };
    Some(n - i64::from(measure.op == Cmp::Ge))
}

/// The window the line of `kind` takes `metric` over, in milliseconds.
#[must_use]
pub fn over_ms(world: &World, kind: AlertKind, metric: Metric, now: Millis) -> Option<i64> {
    measure(world, kind, metric, now)?.over_ms
}
