//! Duplicate assignment 重复分派: one person, two open leads, two owners. Equal contact keys only; names merely suggest.

use super::is_off;
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding};
use crate::rulebook::WatchKind;
use crate::world::{Moment, World};

/// One alert a pair, named by the later lead.
pub(super) fn detect(world: &World, moment: &Moment, out: &mut Vec<Finding>) {
    if is_off(world, moment, WatchKind::Duplicate) {
        return;
    }
    for lead in world.twins().iter().filter_map(|id| world.lead(*id)) {
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
}
