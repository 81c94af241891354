//! Duplicate assignment 重复分派: one person, two open leads, two owners. Equal contact keys only; names merely suggest.

use super::terms::{is_on, most, over_ms};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding};
use crate::rulebook::Metric;
use crate::world::{Moment, World};

/// One alert a pair, named by the later lead; none while there are no more than the book lets pass.
pub(super) fn detect(world: &World, moment: &Moment, out: &mut Vec<Finding>) {
    let (kind, now) = (AlertKind::Duplicate, moment.now);
    if !is_on(world, kind, now) {
        return;
    }
    let over = over_ms(world, kind, Metric::Duplicates, now).unwrap_or(i64::MAX);
    let let_pass = most(world, kind, Metric::Duplicates, now).unwrap_or(0);
    let before = out.len();
    let recent = |at| now.since(at) <= over;
    for lead in world.twins().iter().filter_map(|id| world.lead(*id)).filter(|l| recent(l.arrived_at)) {
        let Some(twin) = lead.twin.and_then(|id| world.lead(id)) else { continue };
        let (Some(mine), Some(theirs)) = (lead.owner, twin.owner) else { continue };
        if mine != theirs {
            out.push(Finding {
                key: AlertKey { kind: AlertKind::Duplicate, subject: AlertSubject::Lead(lead.id) },
                count: 2,
                leads: vec![twin.id, lead.id],
                figure: 2,
                limit: 1,
            });
        }
    }
    if i64::try_from(out.len() - before).unwrap_or(i64::MAX) <= let_pass {
        out.truncate(before);
    }
}
