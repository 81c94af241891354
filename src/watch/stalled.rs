//! Engine stalled: leads wait that somebody could take, and nothing was assigned for minutes. This is how "the rules
//! silently stopped after an upgrade" looks from outside, whatever the cause.

use super::{NAMED_MAX, limit_ms};
use crate::engine::route::{Answer, Exhausted, LeadFacts, route};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding};
use crate::model::mode::Mode;
use crate::model::time::MINUTE_MS;
use crate::rulebook::{Metric, WatchKind};
use crate::world::{Moment, World};

/// Time without an assignment, in milliseconds of the desk's working time, without a `watch stalled` line.
pub const LIMIT_MS: i64 = 6 * MINUTE_MS;
/// Placeable leads that must wait before it counts.
pub const LEADS_MIN: usize = 4;
/// Waiting leads looked at; more would only repeat the news.
const LOOK_MAX: usize = 200;

/// One alert for the desk.
pub(super) fn detect(world: &World, moment: &Moment, out: &mut Vec<Finding>) {
    let Some(limit) = limit_ms(world, moment, WatchKind::Stalled, Metric::Waiting, LIMIT_MS) else { return };
    let worked = |since| world.desk_time().working_ms_between(since, moment.now);
    let idle = worked(world.last_assigned_at());
    if world.mode_at(moment.now) == Mode::Paused || idle <= limit || world.waiting().len() < LEADS_MIN {
        return;
    }
    let mut exhausted = Exhausted::default();
    let placeable: Vec<_> = world
        .waiting()
        .iter()
        .take(LOOK_MAX)
        .filter_map(|key| world.lead(key.lead))
        .filter(|lead| lead.hold_at(moment.now).is_none() && worked(lead.waiting_since) > limit)
        .filter(|lead| {
            let decision = route(world, lead, &LeadFacts::default(), moment, &mut exhausted, false);
            matches!(decision.answer, Answer::Give(_))
        })
        .map(|lead| lead.id)
        .collect();
    if placeable.len() >= LEADS_MIN {
        out.push(Finding {
            key: AlertKey { kind: AlertKind::EngineStalled, subject: AlertSubject::Desk },
            count: u32::try_from(placeable.len()).unwrap_or(u32::MAX),
            figure: idle,
            limit,
            leads: placeable.into_iter().take(NAMED_MAX).collect(),
        });
    }
}
