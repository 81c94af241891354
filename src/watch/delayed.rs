//! Delayed assignment 延迟分派: live leads that wait longer than the limit, in working time of the desk. A pause explains
//! itself and is not delay, nor is a night.

use super::{latest_late, limit_ms, longest};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding};
use crate::model::id::LeadId;
use crate::model::lead::ArrivalKind;
use crate::model::mode::{Mode, ModeScope};
use crate::model::time::{MINUTE_MS, Millis};
use crate::rulebook::{Metric, WatchKind};
use crate::world::{Moment, World};
use smol_str::SmolStr;

/// Waiting time without a `watch delayed` line, in milliseconds of working time.
pub const LIMIT_MS: i64 = 5 * MINUTE_MS;

/// One alert for the desk, naming the leads that wait longest.
pub(super) fn detect(world: &World, moment: &Moment, out: &mut Vec<Finding>) {
    let Some(limit) = limit_ms(world, moment, WatchKind::Delayed, Metric::Waiting, LIMIT_MS) else { return };
    if world.mode_at(moment.now) == Mode::Paused {
        return;
    }
    let hours = world.desk_time();
    let is_paused = |source: &SmolStr| {
        let scope = || ModeScope::Source(source.clone());
        !world.modes().is_empty() && world.scoped_mode(&scope(), moment.now) == Mode::Paused
    };
    let mut late: Vec<(Millis, LeadId)> = world
        .waiting_rows()
        .filter(|lead| lead.kind == ArrivalKind::Live && moment.now.since(lead.waiting_since) > limit)
        .filter(|lead| !is_paused(&lead.attrs.source))
        .map(|lead| (lead.waiting_since, lead.id))
        .collect();
    let Some(since) = late.iter().map(|(since, _)| *since).min() else { return };
    let Some(latest) = latest_late(hours, since, moment.now, limit) else { return };
    late.retain(|(since, _)| *since <= latest);
    out.push(Finding {
        key: AlertKey { kind: AlertKind::Delayed, subject: AlertSubject::Desk },
        count: u32::try_from(late.len()).unwrap_or(u32::MAX),
        figure: hours.working_ms_between(since, moment.now),
        limit,
        leads: longest(&mut late),
    });
}
