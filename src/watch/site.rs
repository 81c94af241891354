//! What is around the desk: how often the lead changed hands, how much room the disk has, whether notices get out. The desk
//! measures; this compares.

use super::Scene;
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding, Sighting};
use crate::model::time::{MINUTE_MS, Millis};

/// Terms of leadership begun within an hour from which it is flapping, and up to which it is calm again.
pub const LEADERS_MAX: u32 = 6;
pub const LEADERS_CALM: u32 = 2;
/// Free bytes below which the disk is low, and from which it is no more.
pub const FREE_MIN: u64 = 512 << 20;
pub const FREE_CALM: u64 = 1 << 30;

/// How long a notice may wait, in milliseconds: longer than a channel rests that asked for it (DingTalk's ten minutes).
pub const NOTICE_WAIT_MAX_MS: i64 = 15 * MINUTE_MS;

/// How notices fare.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outbox {
    /// When the oldest notice that waits was written.
    pub oldest: Option<Millis>,
    /// Notices given up that nobody sent again or dropped.
    pub given_up: u32,
}

/// Facts of the machine; none where they could not be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Site {
    /// Terms of leadership begun within the last hour.
    pub leaders_an_hour: Option<u32>,
    /// Bytes free where the desk's file lies.
    pub free_bytes: Option<u64>,
    /// Notices on their way.
    pub outbox: Option<Outbox>,
}

impl Site {
    /// Nothing measured.
    pub const NONE: Site = Site { leaders_an_hour: None, free_bytes: None, outbox: None };
}

/// At most one alert of each kind, for the desk. Figures are terms, mebibytes free, and milliseconds the oldest notice waits.
pub(super) fn detect(scene: &Scene<'_>, out: &mut Vec<Sighting>) {
    if let Some(terms) = scene.site.leaders_an_hour.filter(|terms| *terms > LEADERS_CALM) {
        let (figure, limit) = (i64::from(terms), i64::from(LEADERS_MAX));
        out.push(sighting(scene, AlertKind::LeaseFlapping, figure, limit, terms >= LEADERS_MAX));
    }
    if let Some(free) = scene.site.free_bytes.filter(|free| *free < FREE_CALM) {
        let mib = |bytes: u64| i64::try_from(bytes >> 20).unwrap_or(i64::MAX);
        out.push(sighting(scene, AlertKind::DiskLow, mib(free), mib(FREE_MIN), free < FREE_MIN));
    }
    if let Some(outbox) = scene.site.outbox {
        let waited = outbox.oldest.map_or(0, |since| scene.moment.now.since(since));
        if waited >= NOTICE_WAIT_MAX_MS || outbox.given_up > 0 {
            let mut seen = sighting(scene, AlertKind::OutboxStuck, waited, NOTICE_WAIT_MAX_MS, true);
            seen.finding.count = outbox.given_up;
            out.push(seen);
        }
    }
}

fn sighting(scene: &Scene<'_>, kind: AlertKind, figure: i64, limit: i64, breach: bool) -> Sighting {
    let key = AlertKey { kind, subject: AlertSubject::Desk };
    let finding =
        Finding { key, count: u32::try_from(figure).unwrap_or(0), leads: Vec::new(), figure, limit };
    Sighting { breach, ..scene.breach(finding) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::{Moment, World};

    #[test]
    fn notices_that_wait_too_long_or_were_given_up_are_told() {
        let (world, now) = (World::new(), Millis(1_795_000_000_000));
        let moment = Moment::at(chrono_tz::UTC, now);
        let seen = |waited: Option<i64>, given_up: u32| -> Vec<(i64, u32)> {
            let outbox = Outbox { oldest: waited.map(|ms| now.plus(-ms)), given_up };
            let site = Site { outbox: Some(outbox), ..Site::NONE };
            let mut out = Vec::new();
            detect(&Scene { world: &world, sums: None, site: &site, moment: &moment }, &mut out);
            out.into_iter().map(|seen| (seen.finding.figure, seen.finding.count)).collect()
        };
        assert_eq!(seen(None, 0), []);
        assert_eq!(seen(Some(NOTICE_WAIT_MAX_MS - 1), 0), []);
        assert_eq!(seen(Some(NOTICE_WAIT_MAX_MS), 0), [(NOTICE_WAIT_MAX_MS, 0)]);
        assert_eq!(seen(None, 2), [(0, 2)]);
    }
}
