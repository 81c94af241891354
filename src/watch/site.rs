//! The machine under the desk: how often the lead changed hands, how much room the disk has. The desk measures; this compares.

use super::Scene;
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding, Sighting};

/// Terms of leadership begun within an hour from which it is flapping, and up to which it is calm again.
pub const LEADERS_MAX: u32 = 6;
pub const LEADERS_CALM: u32 = 2;
/// Free bytes below which the disk is low, and from which it is no more.
pub const FREE_MIN: u64 = 512 << 20;
pub const FREE_CALM: u64 = 1 << 30;

/// Facts of the machine; none where they could not be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Site {
    /// Terms of leadership begun within the last hour.
    pub leaders_an_hour: Option<u32>,
    /// Bytes free where the desk's file lies.
    pub free_bytes: Option<u64>,
}

impl Site {
    /// Nothing measured.
    pub const NONE: Site = Site { leaders_an_hour: None, free_bytes: None };
}

/// At most one alert of each kind, for the desk. Figures are terms, and mebibytes free.
pub(super) fn detect(scene: &Scene<'_>, out: &mut Vec<Sighting>) {
    if let Some(terms) = scene.site.leaders_an_hour.filter(|terms| *terms > LEADERS_CALM) {
        let (figure, limit) = (i64::from(terms), i64::from(LEADERS_MAX));
        out.push(sighting(scene, AlertKind::LeaseFlapping, figure, limit, terms >= LEADERS_MAX));
    }
    if let Some(free) = scene.site.free_bytes.filter(|free| *free < FREE_CALM) {
        let mib = |bytes: u64| i64::try_from(bytes >> 20).unwrap_or(i64::MAX);
        out.push(sighting(scene, AlertKind::DiskLow, mib(free), mib(FREE_MIN), free < FREE_MIN));
    }
}

fn sighting(scene: &Scene<'_>, kind: AlertKind, figure: i64, limit: i64, breach: bool) -> Sighting {
    let key = AlertKey { kind, subject: AlertSubject::Desk };
    let finding =
        Finding { key, count: u32::try_from(figure).unwrap_or(0), leads: Vec::new(), figure, limit };
    Sighting { breach, ..scene.breach(finding) }
}
