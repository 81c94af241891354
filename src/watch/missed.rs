//! Missed leads 线索遗漏: no owner past the limit for whatever reason, parked ones included, or an owner who has left. The
//! limit is working time of the desk: what waits overnight by the book is not missed.

use super::{NAMED_MAX, limit_ms};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding};
use crate::model::id::LeadId;
use crate::model::time::{HOUR_MS, Millis};
use crate::rulebook::{Metric, WatchKind};
use crate::world::{Moment, World};

/// Time without an owner, in milliseconds of working time, without a `watch missed` line.
pub const LIMIT_MS: i64 = 2 * HOUR_MS;

/// One alert for the desk, naming the leads missed longest.
pub(super) fn detect(world: &World, moment: &Moment, out: &mut Vec<Finding>) {
    let Some(limit) = limit_ms(world, moment, WatchKind::Missed, Metric::Unowned, LIMIT_MS) else { return };
    let worked = |since: Millis| world.desk_time().working_ms_between(since, moment.now);
    let mut missed: Vec<(Millis, LeadId)> = world
        .leads()
        .filter_map(|lead| match lead.owner {
            None => {
                let since = lead.waiting_since;
                let late = moment.now.since(since) > limit && worked(since) > limit;
                late.then_some((since, lead.id))
            }
            Some(owner) => {
                let gone = world.rep(owner).is_none_or(|rep| !rep.active);
                gone.then_some((lead.assigned_at.unwrap_or(lead.arrived_at), lead.id))
            }
        })
        .collect();
    missed.sort_unstable();
    let Some((since, _)) = missed.first() else { return };
    out.push(Finding {
        key: AlertKey { kind: AlertKind::Missed, subject: AlertSubject::Desk },
        count: u32::try_from(missed.len()).unwrap_or(u32::MAX),
        figure: moment.now.since(*since),
        limit,
        leads: missed.iter().take(NAMED_MAX).map(|(_, id)| *id).collect(),
    });
}
