//! Spread 差距过大: what reps received of what was due to them lies further apart than the book allows, and that is no chance.
//! Only where a line says how far: whether the one who has most has too much is `uneven`'s to say without being asked.
//!
//! The figure is that of the reports (`model::share`), with clumps counted once and over the watch's three weeks or the span the
//! line names.

use super::Scene;
use super::evidence::{Test, needed};
use super::fixed::{ONE, more_of};
use super::state::WatchState;
use super::state::share::KEPT_MS;
use super::terms::{measure, milli, over_ms};
use super::uneven::{Span, TURNS_MIN, spans};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Aspect, Finding, Sighting};
use crate::model::id::RepId;
use crate::model::share::{ratio_micro, spread_milli};
use crate::rulebook::Metric;

/// The spread of a span and the two who are furthest apart: who received most of what was due, and who least.
struct Apart {
    spread: i64,
    most: RepId,
    least: RepId,
}

fn apart(scene: &Scene<'_>, span: &Span) -> Option<Apart> {
    let reps = scene.world.reps().iter().filter(|rep| rep.active);
    let ratio = |rep: RepId| {
        let sum = span.of(rep)?;
        Some((ratio_micro(sum.received[0], sum.expected[0])?, rep))
    };
    let ratios: Vec<(i64, RepId)> = reps.filter_map(|rep| ratio(rep.id)).collect();
    let spread = spread_milli(&ratios.iter().map(|(ratio, _)| *ratio).collect::<Vec<_>>())?;
    let (most, least) = (ratios.iter().max()?.1, ratios.iter().min()?.1);
    Some(Apart { spread, most, least })
}

fn whole(sums: &WatchState, scene: &Scene<'_>, over: Option<i64>) -> Span {
    let mut whole = Span::default();
    spans(sums, scene.moment.now, Some(over.unwrap_or(KEPT_MS)), |span| whole = span.clone());
    whole
}

/// Whether a `spread` beside a `share` on the line of `uneven` holds; without one it does.
pub(super) fn allows(scene: &Scene<'_>, sums: &WatchState) -> bool {
    let Some(said) = measure(scene.world, AlertKind::Uneven, Metric::Spread, scene.moment.now) else {
        return true;
    };
    let limit = milli(scene.world, AlertKind::Uneven, Metric::Spread, scene.moment.now).unwrap_or(0);
    let span = whole(sums, scene, said.over_ms);
    apart(scene, &span).is_some_and(|apart| said.is_past(apart.spread, limit))
}

/// One alert for the desk. Figure and limit are spreads in thousandths; count is the turns it rests on.
pub(super) fn detect(scene: &Scene<'_>, sums: &WatchState, out: &mut Vec<Sighting>) {
    let (world, now, kind) = (scene.world, scene.moment.now, AlertKind::Spread);
    let Some(limit) = milli(world, kind, Metric::Spread, now).filter(|_| scene.is_on(kind)) else { return };
    let span = whole(sums, scene, over_ms(world, kind, Metric::Spread, now));
    let Some(apart) = apart(scene, &span) else { return };
    let Some((rep, surprise)) = farthest(&span, &apart) else { return };
    let reps = world.reps().iter().filter(|rep| rep.active).count();
    let Some(sum) = span.of(rep) else { return };
    let test = Test {
        aspect: Aspect::Count,
        from: span.from,
        samples: i64::try_from(span.turns).unwrap_or(i64::MAX),
        samples_needed: TURNS_MIN,
        observed: sum.received[0],
        expected: sum.expected[0],
        surprise,
        // Each rep may have too much or too little.
        needed: needed(2 * reps),
        effect_milli: 1000 + apart.spread,
        effect_needed_milli: 1000 + limit,
        off: ONE,
        off_needed: 0,
    };
    let key = AlertKey { kind, subject: AlertSubject::Desk };
    if !(test.holds() || world.alerts().contains_key(&key) && test.lingers()) {
        return;
    }
    let finding = Finding {
        key,
        count: u32::try_from(span.turns).unwrap_or(u32::MAX),
        leads: Vec::new(),
        figure: apart.spread,
        limit,
    };
    let name = world.rep(rep).map_or_else(Default::default, |rep| rep.card.name.clone());
    let mut sighting = scene.breach(finding);
    sighting.detail = scene.detail(kind, &name);
    sighting.detail.evidence = Some(Box::new(test.evidence()));
    sighting.breach = test.holds();
    out.push(sighting);
}

/// Which of the two is the less likely by chance, and how unlikely.
fn farthest(span: &Span, apart: &Apart) -> Option<(RepId, i64)> {
    let surprise = |rep: RepId| {
        let sum = span.of(rep)?;
        let (received, expected, trials) = (sum.received[0], sum.expected[0], i64::from(sum.trials) * ONE);
        // Too few is too many of those that went elsewhere.
        let few = more_of(trials - received, trials - expected, trials);
        Some((rep, more_of(received, expected, trials).max(few)))
    };
    [apart.most, apart.least].into_iter().filter_map(surprise).max_by_key(|(_, surprise)| *surprise)
}
