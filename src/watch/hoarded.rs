//! Hoarded 线索囤积: a rep holds at least eight untouched leads, twice what the team mates hold, and the oldest has lain for two
//! working days. Who is away, and who got them minutes ago, holds nothing back.

use super::untouched::{Lying, working_day_ms};
use super::{NAMED_MAX, Scene};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding, Sighting};
use crate::world::RepState;

/// Untouched leads that matter.
pub const LEADS_MIN: usize = 8;
/// Times the median of team mates, in thousandths.
pub const TIMES_MILLI: i64 = 2000;
/// The same for an alert that is not over yet.
const TIMES_OVER_MILLI: i64 = 1500;

/// One alert a rep, naming the oldest leads. Figure and limit are leads.
pub(super) fn detect(scene: &Scene<'_>, held: &Lying, out: &mut Vec<Sighting>) {
    let (world, now) = (scene.world, scene.moment.now);
    if !scene.is_on(AlertKind::Hoarded) {
        return;
    }
    let day = working_day_ms(world);
    let holds = |rep: &RepState| held.get(&rep.id).map_or(0, Vec::len);
    for (rep, leads) in held.iter().filter(|(_, leads)| leads.len() >= LEADS_MIN / 2) {
        let Some(rep) = world.rep(*rep).filter(|rep| rep.is_present(now)) else { continue };
        let mates = world.reps().iter().filter(|r| r.id != rep.id && r.is_present(now) && r.shares_team(rep));
        let mut counts: Vec<usize> = mates.map(holds).collect();
        if counts.len() < 2 {
            continue;
        }
        counts.sort_unstable();
        let median = i64::try_from(counts[counts.len() / 2]).unwrap_or(0).max(1);
        let mine = i64::try_from(leads.len()).unwrap_or(i64::MAX);
        let old = leads.first().map_or(0, |(since, _)| world.worked_ms(rep.id, *since, now));
        if old <= 2 * day || mine * 1000 < TIMES_OVER_MILLI * median {
            continue;
        }
        let finding = Finding {
            key: AlertKey { kind: AlertKind::Hoarded, subject: AlertSubject::Rep(rep.id) },
            count: u32::try_from(mine).unwrap_or(u32::MAX),
            leads: leads.iter().take(NAMED_MAX).map(|(_, id)| *id).collect(),
            figure: mine,
            limit: median,
        };
        let breach = leads.len() >= LEADS_MIN && mine * 1000 >= TIMES_MILLI * median;
        out.push(Sighting { breach, ..scene.breach(finding) });
    }
}
