//! Load uneven 负载不均: a rep has 90 % of the open cap in hand while somebody who may take leads of the same rule has half or
//! less. Loads are counted, not sampled: no statistics.

use std::collections::BTreeSet;

use super::Scene;
use super::terms::{least_milli, measure};
use crate::engine::eligible::{Limits, barred};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding, Sighting};
use crate::model::id::{LeadId, RepId};
use crate::rulebook::{Amount, Cmp, Metric};
use crate::world::{Moment, Pool, RepState, World};

/// Load ÷ open cap, in thousandths, that is high, and one beside it that is low.
pub const HIGH_MILLI: i64 = 900;
pub const LOW_MILLI: i64 = 500;
/// Leads between the two that matter in practice.
pub const APART_MIN: u32 = 3;
/// How far a share must move back, in thousandths of the cap, before the alert is over.
const BAND_MILLI: i64 = 100;
/// Rules looked at; the pools of those below repeat them nearly always.
const RULES_LOOK_MAX: usize = 500;

/// Load ÷ open cap in thousandths; `None` without a cap.
#[must_use]
pub fn share_milli(rep: &RepState, moment: &Moment) -> Option<i64> {
    let cap = rep.cap_open_at(moment.now).filter(|cap| *cap > 0)?;
    Some(i64::from(rep.load) * 1000 / i64::from(cap))
}

/// The limits in force: high, and low beside it.
#[must_use]
pub fn limits_milli(world: &World, moment: &Moment) -> (i64, i64) {
    let high = least_milli(world, AlertKind::LoadUneven, Metric::Load, moment.now).unwrap_or(HIGH_MILLI);
    let low = match measure(world, AlertKind::LoadUneven, Metric::Load, moment.now).and_then(|m| m.beside) {
        Some((op, Amount::Percent(low))) => Some(low - i64::from(op == Cmp::Lt)),
        _ => None,
    };
    (high, low.unwrap_or(LOW_MILLI))
}

/// Who may take leads beside `rep` and has `low` or less in hand, least loaded first.
#[must_use]
pub fn beside(world: &World, rep: &RepState, low: i64, moment: &Moment) -> Vec<RepId> {
    let mut met = BTreeSet::new();
    let index = rep.id.0 - 1;
    for (pool, limits) in pools(world).filter(|(pool, _)| pool.reps.binary_search(&index).is_ok()) {
        for other in pool.reps.iter().filter(|other| **other != index) {
            let Some(other) = world.reps().get(*other as usize) else { continue };
            let has_room = share_milli(other, moment).is_some_and(|share| share <= low);
            if has_room && other.load + APART_MIN <= rep.load && barred(other, &limits, moment).is_none() {
                met.insert((share_milli(other, moment), other.id));
            }
        }
    }
    met.into_iter().map(|(_, id)| id).collect()
}

/// Who each rule gives to, and within which limits.
fn pools(world: &World) -> impl Iterator<Item = (&Pool, Limits<'_>)> {
    let rules = world.pools().rules.iter().zip(&world.book().rules).filter(|(_, rule)| !rule.disabled);
    let ruled = rules.take(RULES_LOOK_MAX).map(|(pool, rule)| {
        (pool, Limits { cap_open: rule.cap_open, cap_day: rule.cap_day, skills: &rule.needs_skills })
    });
    ruled.chain(std::iter::once((&world.pools().otherwise, Limits::default())))
}

/// One alert a rep. Figure and limit are shares of the cap in thousandths.
pub(super) fn detect(scene: &Scene<'_>, out: &mut Vec<Sighting>) {
    let (world, moment) = (scene.world, scene.moment);
    if !scene.is_on(AlertKind::LoadUneven) {
        return;
    }
    let (high, low) = limits_milli(world, moment);
    let present = world.reps().iter().filter(|r| r.is_present(moment.now));
    let loaded = present.filter_map(|r| Some((r, share_milli(r, moment)?)));
    for (rep, share) in loaded.filter(|(_, share)| *share >= high - BAND_MILLI) {
        let others = beside(world, rep, low + BAND_MILLI, moment);
        let Some(least) = others.first().and_then(|id| world.rep(*id)) else { continue };
        let lowest = share_milli(least, moment).unwrap_or(0);
        let finding = Finding {
            key: AlertKey { kind: AlertKind::LoadUneven, subject: AlertSubject::Rep(rep.id) },
            count: rep.load,
            leads: Vec::<LeadId>::new(),
            figure: share,
            limit: high,
        };
        let mut sighting = scene.breach(finding);
        sighting.detail.about = least.card.name.clone();
        sighting.breach = share >= high && lowest <= low;
        out.push(sighting);
    }
}
