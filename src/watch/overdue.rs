//! Overdue answers 超时未响应: leads past their response limit that stayed where they are, and timers that stopped moving
//! leads because they moved too many. Whether a limit passed is the timers' affair.

use super::NAMED_MAX;
use super::terms::{is_on, most};
use crate::engine::timers::moves_an_hour_max;
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding};
use crate::model::id::LeadId;
use crate::rulebook::Metric;
use crate::world::{Moment, World};

/// At most one alert of each kind for the desk; figures are leads.
pub(super) fn detect(world: &World, moment: &Moment, out: &mut Vec<Finding>) {
    if is_on(world, AlertKind::Overdue, moment.now) && world.has_clocks() {
        let leads: Vec<LeadId> = world.overdue().collect();
        let (count, limit) = (i64::try_from(leads.len()).unwrap_or(i64::MAX), allowed(world, moment));
        if count > limit {
            out.push(finding(AlertKind::Overdue, &leads, count, limit));
        }
    }
    let moved = world.timer_moves(moment.now);
    let most = moves_an_hour_max(world);
    if moved >= most {
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        out.push(finding(AlertKind::TimerBudget, &[], i64::try_from(moved).unwrap_or(limit), limit));
    }
}

/// `watch overdue when overdue > 3`: 3; 0 when the book does not say.
fn allowed(world: &World, moment: &Moment) -> i64 {
    most(world, AlertKind::Overdue, Metric::Overdue, moment.now).unwrap_or(0)
}

fn finding(kind: AlertKind, leads: &[LeadId], figure: i64, limit: i64) -> Finding {
    Finding {
        key: AlertKey { kind, subject: AlertSubject::Desk },
        count: u32::try_from(figure).unwrap_or(u32::MAX),
        leads: leads.iter().take(NAMED_MAX).copied().collect(),
        figure,
        limit,
    }
}
