//! A picture of the desk from rows read at once, for a screen to show while the log is still being folded. It has no ledger
//! beyond the day's placements, no mode, overlay or response clock, and only some of the leads: nothing may be decided by
//! it, and what it lacks must not be shown.

use std::sync::Arc;

use smol_str::SmolStr;

use super::{Published, RepState, World};
use crate::model::alert::Alert;
use crate::model::id::{BookVersion, Seq};
use crate::model::lead::Lead;
use crate::model::time::Millis;

/// The rows of a picture, all as of one place in the log.
#[derive(Debug, Clone, Default)]
pub struct Picture {
    pub seq: Seq,
    /// By id, without a gap.
    pub reps: Vec<RepState>,
    pub version: BookVersion,
    pub book: SmolStr,
    pub alerts: Vec<Alert>,
    pub leads: Vec<Lead>,
}

impl World {
    /// The picture as a world to be looked at.
    #[must_use]
    pub fn pictured(picture: Picture) -> World {
        let mut world = World::new();
        let next = picture.leads.iter().map(|lead| lead.id.0 + 1).max();
        (world.seq, world.next_lead) = (picture.seq, next.unwrap_or(1));
        world.reps = picture.reps;
        let book = Arc::new(crate::rulebook::compile(&picture.book));
        let (version, text, at) = (picture.version, picture.book, Millis(0));
        // Nobody asks a picture which rules match, so none are compiled for that.
        let (matcher, empty) = (Arc::default(), SmolStr::default());
        let batch = crate::model::id::BatchId(0);
        world.published =
            Published { version, text, note: empty.clone(), by: empty, at, batch, book, matcher };
        world.alerts = picture.alerts.into_iter().map(|alert| (alert.finding.key, alert)).collect();
        for lead in picture.leads {
            world.index(&lead);
            world.leads.insert(lead.id, Arc::new(lead));
        }
        world.refresh_roster();
        world
    }
}
