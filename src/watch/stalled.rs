//! Engine stalled: leads wait that somebody could take, and nothing was assigned for minutes. This is how "the rules
//! silently stopped after an upgrade" looks from outside, whatever the cause. What a pause or assist withholds is no such
//! lead, whether of the desk or of a part, and hides none behind it.

use super::{NAMED_MAX, limit_ms};
use crate::engine::route::{Answer, Exhausted, LeadFacts, route};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding};
use crate::model::mode::Mode;
use crate::model::time::MINUTE_MS;
use crate::rulebook::Metric;
use crate::world::{Moment, World};

/// Time without an assignment, in milliseconds of the desk's working time, without a `watch stalled` line.
pub const LIMIT_MS: i64 = 6 * MINUTE_MS;
/// Placeable leads that must wait before it counts.
pub const LEADS_MIN: usize = 4;
/// Waiting leads looked at that no mode holds back; more would only repeat the news.
const LOOK_MAX: usize = 200;
/// Leads asked about to find these.
const ASK_MAX: usize = 2_000;

/// One alert for the desk.
pub(super) fn detect(world: &World, moment: &Moment, out: &mut Vec<Finding>) {
    let Some(limit) = limit_ms(world, moment, AlertKind::EngineStalled, Metric::Waiting, LIMIT_MS) else {
        return;
    };
    let worked = |since| world.desk_time().working_ms_between(since, moment.now);
    let idle = worked(world.last_assigned_at());
    if world.mode_at(moment.now) == Mode::Paused || idle <= limit || world.waiting().len() < LEADS_MIN {
        return;
    }
    let mut exhausted = Exhausted::default();
    let placeable: Vec<_> = world
        .waiting()
        .iter()
        .filter_map(|key| world.lead(key.lead))
        .filter(|lead| lead.hold_at(moment.now).is_none() && worked(lead.waiting_since) > limit)
        .take(ASK_MAX)
        .map(|lead| (lead.id, route(world, lead, &LeadFacts::default(), moment, &mut exhausted, false)))
        .filter(|(_, decision)| !decision.held_back)
        .take(LOOK_MAX)
        .filter(|(_, decision)| matches!(decision.answer, Answer::Give(_)))
        .map(|(id, _)| id)
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
