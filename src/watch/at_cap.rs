//! At cap 达到上限: a rep on duty whose open or day cap is reached, so that the supervisor hears of it before the queue does.
//! Full 多人满额: so many of those on duty are, as a line of the book says.

use super::terms::{is_on, least_milli, measure};
use crate::engine::eligible::{Limits, full};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding};
use crate::model::why::LeftOut;
use crate::rulebook::{Amount, Metric};
use crate::world::{Moment, RepState, World};

/// One alert a rep: figure and limit are leads, in hand or placed today. One for the desk: reps at their cap, and how many
/// of those on duty are still none too many.
pub(super) fn detect(world: &World, moment: &Moment, out: &mut Vec<Finding>) {
    let now = moment.now;
    let on_duty = || world.reps().iter().filter(|r| r.is_present(now));
    if is_on(world, AlertKind::AtCap, now) {
        let share = least_milli(world, AlertKind::AtCap, Metric::Load, now).unwrap_or(1000);
        out.extend(on_duty().filter_map(|rep| {
            let (figure, limit) = reached(rep, share, moment)?;
            let key = AlertKey { kind: AlertKind::AtCap, subject: AlertSubject::Rep(rep.id) };
            Some(Finding { key, count: rep.load, leads: Vec::new(), figure, limit })
        }));
    }
    let said =
        measure(world, AlertKind::Full, Metric::Full, now).filter(|_| is_on(world, AlertKind::Full, now));
    let Some(said) = said else { return };
    let share = least_milli(world, AlertKind::Full, Metric::Load, now).unwrap_or(1000);
    let whole = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let reps = whole(on_duty().count());
    let at_cap = whole(on_duty().filter(|rep| reached(rep, share, moment).is_some()).count());
    let (is_past, limit) = match said.amount {
        Amount::Percent(part) => (said.is_past(at_cap * 1000, part * reps), part * reps / 1000),
        Amount::Count(limit) => (said.is_past(at_cap, limit), limit),
        Amount::Times(_) | Amount::Duration(_) => return,
    };
    if is_past && at_cap > 0 {
        let key = AlertKey { kind: AlertKind::Full, subject: AlertSubject::Desk };
        let count = u32::try_from(reps).unwrap_or(u32::MAX);
        out.push(Finding { key, count, leads: Vec::new(), figure: at_cap, limit });
    }
}

/// What a rep has, and the cap it reaches or comes near to: `share` thousandths of the open cap are enough.
fn reached(rep: &RepState, share: i64, moment: &Moment) -> Option<(i64, i64)> {
    let load = i64::from(rep.load);
    match full(rep, &Limits::default(), moment) {
        Some(LeftOut::OpenCap { cap } | LeftOut::PromotionOpenCap { cap, .. }) => {
            Some((load, i64::from(cap)))
        }
        Some(LeftOut::DayCap { cap } | LeftOut::PromotionDayCap { cap, .. }) => {
            Some((i64::from(rep.ledger.placements_on(moment.day)), i64::from(cap)))
        }
        _ => {
            let cap = i64::from(rep.cap_open_at(moment.now)?);
            (load * 1000 >= share * cap).then_some((load, cap))
        }
    }
}
