//! Dirty fields 字段缺失: a source leaves out a key field it used to fill: a form was changed, a mapping broke. Compared with the
//! source's own past, lead by lead over the last twelve, twenty, forty and sixty-four.

use super::Scene;
use super::evidence::{Test, needed};
use super::fixed::{ONE, ln, more_than_before, ratio};
use super::state::WatchState;
use super::state::source::{Empties, KeyField, RECENT};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Aspect, Finding, Sighting, name_key};
use crate::model::time::Millis;

/// The last leads looked at; the first is the least that is needed.
pub const LAST: [u32; 4] = [12, 20, 40, RECENT];
/// The last leads an alert that is open is judged by: it is not over because a few in a row were filled.
const OVER_LAST: u32 = 20;
/// Leads before them.
pub const BEFORE_MIN: u32 = 50;
/// How much more often the field must be empty, in thousandths of the leads.
pub const MORE_MILLI: i64 = 250;

fn aspect(field: KeyField) -> Aspect {
    match field {
        KeyField::Contact => Aspect::Contact,
        KeyField::Region => Aspect::Region,
        KeyField::Product => Aspect::Product,
        KeyField::Campaign => Aspect::Campaign,
    }
}

fn test(empties: &Empties, n: u32, field: KeyField, needed: i64, last: Millis) -> Option<Test> {
    let (x, (was, of)) = (empties.of_last(n), empties.before_last(n));
    if n > empties.recent() || of < BEFORE_MIN {
        return None;
    }
    let (rate, usual) = (ratio(x.into(), n.into()), ratio(was.into(), of.into()));
    let (x, n) = (i64::from(x), i64::from(n));
    let surprise = more_than_before(x, n, was.into(), of.into());
    let more = (rate - usual) / (ONE / 1000);
    Some(Test {
        aspect: aspect(field),
        from: last,
        samples: n,
        samples_needed: LAST[0].into(),
        observed: x * ONE,
        expected: n * usual,
        surprise,
        needed,
        effect_milli: 1000 + more,
        effect_needed_milli: 1000 + MORE_MILLI,
        off: ONE,
        off_needed: 0,
    })
}

/// One alert a source, for the field that is missed most. Figure and limit are the part of leads without it, in thousandths.
pub(super) fn detect(scene: &Scene<'_>, sums: &WatchState, out: &mut Vec<Sighting>) {
    if !scene.is_on(AlertKind::DirtyFields) {
        return;
    }
    let needed = needed(sums.sources().iter().count() * KeyField::ALL.len()) + ln(4);
    for (no, source) in sums.sources().iter() {
        let name = sums.source_name(no);
        let key = AlertKey { kind: AlertKind::DirtyFields, subject: AlertSubject::Source(name_key(name)) };
        let open = scene.world.alerts().contains_key(&key);
        let tests = KeyField::ALL.into_iter().zip(&source.empties).flat_map(|(field, empties)| {
            LAST.into_iter().filter_map(move |n| test(empties, n, field, needed, source.last))
        });
        let counts =
            tests.filter(|t| t.holds() || (open && t.samples == i64::from(OVER_LAST) && t.lingers()));
        let Some(worst) = counts.max_by_key(|t| (t.holds(), t.surprise)) else { continue };
        let milli = |part: i64| ratio(part / ONE, worst.samples) / (ONE / 1000);
        let finding = Finding {
            key,
            count: u32::try_from(worst.samples).unwrap_or(0),
            leads: Vec::new(),
            figure: milli(worst.observed),
            limit: milli(worst.expected),
        };
        let mut sighting = scene.breach(finding);
        sighting.detail = scene.detail(AlertKind::DirtyFields, name);
        sighting.detail.evidence = Some(Box::new(worst.evidence()));
        sighting.breach = worst.holds();
        out.push(sighting);
    }
}
