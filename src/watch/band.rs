//! An alert's figure against the band in which it would be no alert, for a plot and for words. From the stored numbers alone;
//! nothing is detected again.

use crate::engine::words::{milli, span};
use crate::model::alert::{AlertKind, Detail, Evidence, Finding};
use crate::model::lang::Lang;
use crate::watch::fixed::ONE;
use crate::watch::hoarded;

/// What a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Milliseconds.
    Span,
    /// Thousandths.
    Percent,
    Leads,
    /// Millionths of a lead.
    Micro,
    /// Times.
    Count,
    Mib,
}

/// A figure and the band where it would be calm, both ends inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Band {
    pub unit: Unit,
    pub low: i64,
    /// None = however much.
    pub high: Option<i64>,
    pub expected: Option<i64>,
    /// As the alert fired.
    pub fired: i64,
    /// As of the last look, where that is another.
    pub now: Option<i64>,
}

impl Band {
    /// The figure to go by: the latest.
    #[must_use]
    pub fn figure(&self) -> i64 {
        self.now.unwrap_or(self.fired)
    }

    /// Whether the figure is calm.
    #[must_use]
    pub fn holds(&self, figure: i64) -> bool {
        figure >= self.low && self.high.is_none_or(|high| figure <= high)
    }

    /// The end of a scale from 0 on which everything of it can be seen.
    #[must_use]
    pub fn scale(&self) -> i64 {
        let all = [Some(self.fired), self.now, self.high, self.expected, Some(self.low)];
        let most = all.into_iter().flatten().max().unwrap_or(1).max(1);
        // Where the band has no end, some of what lies beyond shows.
        if self.high.is_none() { most.saturating_add(most / 4) } else { most }
    }
}

/// The band of an alert; `live` is what the last look found of it. None where no figure says what is wrong.
#[must_use]
pub fn band(finding: &Finding, detail: &Detail, live: Option<&Finding>) -> Option<Band> {
    let kind = finding.key.kind;
    if let Some(evidence) = &detail.evidence
        && kind != AlertKind::DirtyFields
    {
        return Some(of_evidence(kind, evidence));
    }
    let (figure, limit) = (finding.figure, finding.limit);
    let (unit, low, high, expected) = match kind {
        AlertKind::Delayed | AlertKind::Missed | AlertKind::EngineStalled | AlertKind::Untouched => {
            (Unit::Span, 0, Some(limit), None)
        }
        AlertKind::AtCap => (Unit::Leads, 0, Some(limit - 1), None),
        AlertKind::Overdue | AlertKind::TimerBudget => (Unit::Leads, 0, Some(limit), None),
        AlertKind::Hoarded => {
            let least = i64::try_from(hoarded::LEADS_MIN).unwrap_or(i64::MAX);
            (Unit::Leads, 0, Some(least.max(limit * hoarded::TIMES_MILLI / 1000) - 1), Some(limit))
        }
        AlertKind::LoadUneven => (Unit::Percent, 0, Some(limit - 1), None),
        AlertKind::DirtyFields => {
            let more = detail.evidence.as_ref().map_or(0, |e| e.effect_needed_milli - 1000);
            (Unit::Percent, 0, Some(limit + more), Some(limit))
        }
        AlertKind::LeaseFlapping => (Unit::Count, 0, Some(limit - 1), None),
        AlertKind::DiskLow => (Unit::Mib, limit, None, None),
        AlertKind::ClockSuspect | AlertKind::OutboxStuck => (Unit::Span, 0, Some(limit), None),
        _ => return None,
    };
    let (figure, live) = match kind {
        AlertKind::ClockSuspect => (figure.abs(), None),
        _ => (figure, live.map(|f| f.figure)),
    };
    Some(Band { unit, low, high, expected, fired: figure, now: live.filter(|now| *now != figure) })
}

/// The band of a test: what chance and the least size that matters leave room for.
fn of_evidence(kind: AlertKind, e: &Evidence) -> Band {
    let times = e.effect_needed_milli.max(1000);
    let (over, under) = (e.expected.saturating_mul(times) / 1000, e.expected.saturating_mul(1000) / times);
    let (low, high) = match kind {
        AlertKind::Uneven | AlertKind::Surge => (0, Some(over)),
        AlertKind::RateShift => (under, Some(over)),
        AlertKind::Conversion => (under, None),
        // Any lead would have ended it.
        _ => (ONE, None),
    };
    Band { unit: Unit::Micro, low, high, expected: Some(e.expected), fired: e.observed, now: None }
}

/// A figure with its unit.
#[must_use]
pub fn figure(unit: Unit, value: i64) -> String {
    match unit {
        Unit::Span => span(value),
        Unit::Percent => format!("{} %", milli(value * 100)),
        Unit::Leads | Unit::Count => value.to_string(),
        Unit::Micro => milli((value / (ONE / 10)) * 100),
        Unit::Mib => format!("{value} MiB"),
    }
}

/// The band in words: where it would be calm, what was to be expected, what it was and is.
#[must_use]
pub fn words(band: &Band, lang: Lang) -> String {
    let of = |value| figure(band.unit, value);
    let calm = match (band.low, band.high, lang) {
        (0, Some(high), Lang::En) => format!("calm up to {}", of(high)),
        (0, Some(high), Lang::Zh) => format!("正常不超过 {}", of(high)),
        (low, Some(high), Lang::En) => format!("calm from {} to {}", of(low), of(high)),
        (low, Some(high), Lang::Zh) => format!("正常为 {} 至 {}", of(low), of(high)),
        (low, None, Lang::En) => format!("calm from {} on", of(low)),
        (low, None, Lang::Zh) => format!("正常不少于 {}", of(low)),
    };
    let expected = band.expected.map(|value| match lang {
        Lang::En => format!("expected {}", of(value)),
        Lang::Zh => format!("预期 {}", of(value)),
    });
    let fired = match lang {
        Lang::En => format!("fired at {}", of(band.fired)),
        Lang::Zh => format!("触发时 {}", of(band.fired)),
    };
    let now = band.now.map(|value| match lang {
        Lang::En => format!("now {}", of(value)),
        Lang::Zh => format!("当前 {}", of(value)),
    });
    let parts: Vec<String> = [Some(calm), expected, Some(fired), now].into_iter().flatten().collect();
    parts.join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::alert::{AlertKey, AlertSubject, Aspect};
    use crate::model::time::{MINUTE_MS, Millis};

    fn finding(kind: AlertKind, figure: i64, limit: i64) -> Finding {
        let key = AlertKey { kind, subject: AlertSubject::Desk };
        Finding { key, count: 1, leads: Vec::new(), figure, limit }
    }

    #[test]
    fn an_exact_figure_lies_beyond_its_limit() {
        let fired = finding(AlertKind::Delayed, 12 * MINUTE_MS, 5 * MINUTE_MS);
        let live = finding(AlertKind::Delayed, 20 * MINUTE_MS, 5 * MINUTE_MS);
        let band = band(&fired, &Detail::default(), Some(&live)).unwrap();
        assert_eq!((band.figure(), band.holds(band.figure())), (20 * MINUTE_MS, false));
        assert!(band.holds(5 * MINUTE_MS));
        assert_eq!(band.scale(), 20 * MINUTE_MS);
        assert_eq!(words(&band, Lang::En), "calm up to 5m · fired at 12m · now 20m");
    }

    #[test]
    fn what_a_test_found_lies_outside_the_size_that_matters() {
        let evidence = |observed: i64, expected: i64, times: i64| Evidence {
            aspect: Aspect::Count,
            from: Millis(0),
            samples: 40,
            samples_needed: 20,
            observed: observed * ONE,
            expected: expected * ONE,
            surprise: 0,
            surprise_needed: 0,
            effect_milli: 0,
            effect_needed_milli: times,
            book: None,
        };
        let cases = [
            (AlertKind::Uneven, evidence(18, 10, 1500)),
            (AlertKind::Surge, evidence(30, 10, 2000)),
            (AlertKind::RateShift, evidence(3, 12, 2000)),
            (AlertKind::RateShift, evidence(30, 12, 2000)),
            (AlertKind::Conversion, evidence(4, 12, 1428)),
            (AlertKind::Drought, evidence(0, 9, 1500)),
            (AlertKind::RuleSilent, evidence(0, 5, 0)),
        ];
        for (kind, evidence) in cases {
            let detail = Detail { evidence: Some(Box::new(evidence)), ..Detail::default() };
            let band = band(&finding(kind, 0, 0), &detail, None).unwrap();
            assert!(!band.holds(band.figure()) && band.scale() >= band.figure(), "{kind:?} {band:?}");
            assert!(band.expected.is_some_and(|e| band.holds(e)), "{kind:?} {band:?}");
        }
    }

    #[test]
    fn a_full_disk_is_below_its_band() {
        let band = band(&finding(AlertKind::DiskLow, 100, 512), &Detail::default(), None).unwrap();
        assert!(!band.holds(100) && band.holds(4_000) && band.scale() > 512);
        assert_eq!(words(&band, Lang::Zh), "正常不少于 512 MiB · 触发时 100 MiB");
    }
}
