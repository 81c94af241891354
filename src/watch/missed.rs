//! Missed leads 线索遗漏: no owner past the limit for whatever reason, parked ones included, or an owner who has left. The
//! limit is working time of the desk: what waits overnight by the book is not missed.

use super::{latest_late, limit_ms, longest};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding};
use crate::model::id::LeadId;
use crate::model::time::{HOUR_MS, Millis};
use crate::rulebook::Metric;
use crate::world::{Moment, World};

/// Time without an owner, in milliseconds of working time, without a `watch missed` line.
pub const LIMIT_MS: i64 = 2 * HOUR_MS;

/// One alert for the desk, naming the leads missed longest.
pub(super) fn detect(world: &World, moment: &Moment, out: &mut Vec<Finding>) {
    let Some(limit) = limit_ms(world, moment, AlertKind::Missed, Metric::Unowned, LIMIT_MS) else { return };
    let is_gone = |owner| world.rep(owner).is_none_or(|rep| !rep.active);
    // Whoever has no owner is judged by time, whoever has one only by whether that one is still here.
    let (mut left, mut missed) = (Vec::new(), Vec::new());
    for lead in world.leads() {
        match lead.owner {
            None if moment.now.since(lead.waiting_since) > limit => {
                missed.push((lead.waiting_since, lead.id))
            }
            Some(owner) if is_gone(owner) => {
                left.push((lead.assigned_at.unwrap_or(lead.arrived_at), lead.id));
            }
            None | Some(_) => {}
        }
    }
    let oldest = missed.iter().map(|(since, _)| *since).min();
    let latest = oldest.and_then(|oldest| latest_late(world.desk_time(), oldest, moment.now, limit));
    missed.retain(|(since, _)| latest.is_some_and(|latest| *since <= latest));
    missed.append(&mut left);
    let Some(since) = missed.iter().map(|(since, _): &(Millis, LeadId)| *since).min() else { return };
    out.push(Finding {
        key: AlertKey { kind: AlertKind::Missed, subject: AlertSubject::Desk },
        count: u32::try_from(missed.len()).unwrap_or(u32::MAX),
        figure: moment.now.since(since),
        limit,
        leads: longest(&mut missed),
    });
}
