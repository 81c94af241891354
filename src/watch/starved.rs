//! Starved 长期未分到: a rep was free for so many leads, for a working day at least, that getting none of them is no chance. Who
//! was not free for any is not starved: the reasons of each assignment say why they were left out.

use super::Scene;
use super::evidence::{Test, needed};
use super::fixed::ONE;
use super::state::WatchState;
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Aspect, Finding, Sighting};
use crate::model::time::HOUR_MS;

/// Leads a rep must have been free for.
pub const LEADS_MIN: i64 = 10;
/// A working day of a desk without working hours, in milliseconds.
pub const DAY_MS: i64 = 8 * HOUR_MS;

/// One alert a rep. Figure is leads that went elsewhere, limit a working day in milliseconds.
pub(super) fn detect(scene: &Scene<'_>, sums: &WatchState, out: &mut Vec<Sighting>) {
    let (world, now) = (scene.world, scene.moment.now);
    if !scene.is_on(AlertKind::Starved) {
        return;
    }
    let reps = || world.reps().iter().filter(|r| r.active);
    let needed = needed(reps().count());
    let desk = world.desk_time();
    let day = desk.day_ms().filter(|_| !desk.is_always()).unwrap_or(DAY_MS);
    for rep in reps().filter(|r| r.is_present(now)) {
        let passed = sums.shares().passed(rep.id);
        if passed.surprise < needed {
            continue;
        }
        let test = Test {
            aspect: Aspect::Count,
            from: passed.since,
            samples: i64::from(passed.leads),
            samples_needed: LEADS_MIN,
            observed: 0,
            expected: passed.surprise,
            surprise: passed.surprise,
            needed,
            effect_milli: i64::MAX,
            effect_needed_milli: 0,
            off: ONE,
            off_needed: 0,
        };
        let worked = world.worked_ms(rep.id, passed.since, now);
        if !test.holds() || worked < day {
            continue;
        }
        let finding = Finding {
            key: AlertKey { kind: AlertKind::Starved, subject: AlertSubject::Rep(rep.id) },
            count: passed.leads,
            leads: Vec::new(),
            figure: worked,
            limit: day,
        };
        let mut sighting = scene.breach(finding);
        let evidence = super::evidence::Test { effect_milli: 0, ..test }.evidence();
        sighting.detail.evidence = Some(Box::new(evidence));
        out.push(sighting);
    }
}
