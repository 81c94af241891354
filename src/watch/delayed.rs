//! Delayed assignment 延迟分派: live leads that wait longer than the limit, in working time of the desk. A pause explains
//! itself and is not delay, nor is a night.

use super::{NAMED_MAX, limit_ms};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding};
use crate::model::lead::ArrivalKind;
use crate::model::mode::{Mode, ModeScope};
use crate::model::time::MINUTE_MS;
use crate::rulebook::{Metric, WatchKind};
use crate::world::{Moment, World};

/// Waiting time without a `watch delayed` line, in milliseconds of working time.
pub const LIMIT_MS: i64 = 5 * MINUTE_MS;

/// One alert for the desk, naming the leads that wait longest.
pub(super) fn detect(world: &World, moment: &Moment, out: &mut Vec<Finding>) {
    let Some(limit) = limit_ms(world, moment, WatchKind::Delayed, Metric::Waiting, LIMIT_MS) else { return };
    if world.mode_at(moment.now) == Mode::Paused {
        return;
    }
    let hours = world.desk_time();
    let mut late: Vec<_> = world
        .waiting()
        .iter()
        .filter_map(|key| world.lead(key.lead))
        .filter(|lead| {
            world.scoped_mode(&ModeScope::Source(lead.attrs.source.clone()), moment.now) != Mode::Paused
        })
        .filter(|lead| lead.kind == ArrivalKind::Live && moment.now.since(lead.waiting_since) > limit)
        .filter(|lead| hours.working_ms_between(lead.waiting_since, moment.now) > limit)
        .map(|lead| (lead.waiting_since, lead.id))
        .collect();
    late.sort_unstable();
    let Some((since, _)) = late.first() else { return };
    out.push(Finding {
        key: AlertKey { kind: AlertKind::Delayed, subject: AlertSubject::Desk },
        count: u32::try_from(late.len()).unwrap_or(u32::MAX),
        figure: hours.working_ms_between(*since, moment.now),
        limit,
        leads: late.iter().take(NAMED_MAX).map(|(_, id)| *id).collect(),
    });
}
