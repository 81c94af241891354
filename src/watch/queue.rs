//! Queue 排队过长: more live leads wait than the book allows. Only where a line says how many; what a pause explains does not
//! count, and while the desk is closed nothing is raised: a night's leads wait by the book.

use super::delayed::Paused;
use super::longest;
use super::terms::{is_on, most};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding};
use crate::model::id::LeadId;
use crate::model::lead::ArrivalKind;
use crate::model::mode::Mode;
use crate::model::time::Millis;
use crate::rulebook::Metric;
use crate::world::{Moment, World};

/// Live leads that wait and that no pause explains.
fn waiting(world: &World, moment: &Moment) -> Vec<(Millis, LeadId)> {
    let mut paused = Paused::new(world, moment);
    let live = world.waiting_rows().filter(|lead| lead.kind == ArrivalKind::Live);
    live.filter(|lead| !paused.explains(lead)).map(|lead| (lead.waiting_since, lead.id)).collect()
}

/// How many they are.
pub(super) fn queued(world: &World, moment: &Moment) -> i64 {
    i64::try_from(waiting(world, moment).len()).unwrap_or(i64::MAX)
}

/// One alert for the desk, naming the leads that wait longest. Figure and limit are leads.
pub(super) fn detect(world: &World, moment: &Moment, out: &mut Vec<Finding>) {
    let (kind, now) = (AlertKind::Queue, moment.now);
    let Some(limit) = most(world, kind, Metric::Queue, now).filter(|_| is_on(world, kind, now)) else {
        return;
    };
    let desk = world.desk_time();
    let is_closed = !desk.is_always() && !desk.is_working(now);
    // Most desks are short of the limit, whatever a pause explains.
    let few = i64::try_from(world.waiting().len()).is_ok_and(|all| all <= limit);
    if world.mode_at(now) == Mode::Paused || is_closed || few {
        return;
    }
    let mut leads = waiting(world, moment);
    let count = i64::try_from(leads.len()).unwrap_or(i64::MAX);
    if count > limit {
        out.push(Finding {
            key: AlertKey { kind, subject: AlertSubject::Desk },
            count: u32::try_from(count).unwrap_or(u32::MAX),
            figure: count,
            limit,
            leads: longest(&mut leads),
        });
    }
}
