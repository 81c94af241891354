//! Unmatched 未匹配偏多 and unassigned 未分配偏多: more leads than the book allows match no rule, or find nobody free of the
//! rule they match. Only where a line says how many: a desk may well hand out most leads by `otherwise`.
//!
//! A number is compared as it is. A percentage is compared with evidence: two of the first three leads of a morning are
//! 67 %, and say nothing. Answers given while the desk is closed do not count, as nobody is free then by the calendar.

use super::Scene;
use super::evidence::{Test, needed, times_milli};
use super::fixed::{ONE, more_of};
use super::state::WatchState;
use super::terms::measure;
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Aspect, Finding, Sighting};
use crate::model::time::DAY_MS;
use crate::rulebook::{Amount, Metric};

/// Leads a percentage must rest on.
pub const LEADS_MIN: i64 = 20;

/// At most one alert of each kind, for the desk. Figure and limit are leads, or limit is a percentage in thousandths where there
/// is evidence; count is the leads answered for.
pub(super) fn detect(scene: &Scene<'_>, sums: &WatchState, out: &mut Vec<Sighting>) {
    let kinds = [(AlertKind::Unmatched, Metric::Unmatched), (AlertKind::Unassigned, Metric::Unassigned)];
    for (kind, metric) in kinds.into_iter().filter(|(kind, _)| scene.is_on(*kind)) {
        out.extend(of_kind(scene, sums, kind, metric));
    }
}

fn of_kind(scene: &Scene<'_>, sums: &WatchState, kind: AlertKind, metric: Metric) -> Option<Sighting> {
    let (world, now) = (scene.world, scene.moment.now);
    let said = measure(world, kind, metric, now)?;
    let (desk, over) = (world.desk_time(), said.over_ms.unwrap_or(DAY_MS));
    let always = desk.is_always() || desk.is_never();
    let count = sums.answers().within(now, over, &|at| always || desk.is_working(at));
    let (all, some) = (
        i64::from(count.all),
        i64::from(if kind == AlertKind::Unmatched { count.unmatched } else { count.unassigned }),
    );
    let key = AlertKey { kind, subject: AlertSubject::Desk };
    let finding = |limit| Finding { key, count: count.all, leads: Vec::new(), figure: some, limit };
    match said.amount {
        Amount::Count(limit) => said.is_past(some, limit).then(|| scene.breach(finding(limit))),
        Amount::Percent(part) => {
            let (observed, expected) = (some * ONE, all * part * (ONE / 1000));
            let test = Test {
                aspect: Aspect::Count,
                from: now.plus(-over),
                samples: all,
                samples_needed: LEADS_MIN,
                observed,
                expected,
                surprise: more_of(observed, expected, all * ONE),
                needed: needed(1),
                effect_milli: times_milli(observed, expected),
                effect_needed_milli: 1000,
                off: observed - expected,
                off_needed: 0,
            };
            let open = world.alerts().contains_key(&key);
            if !(test.holds() || open && test.lingers()) {
                return None;
            }
            let mut sighting = scene.breach(finding(part));
            sighting.detail.evidence = Some(Box::new(test.evidence()));
            sighting.breach = test.holds();
            Some(sighting)
        }
        Amount::Times(_) | Amount::Duration(_) => None,
    }
}
