//! What takes longer than a frame to find out, because every open lead is read for it: a copy of the desk as it stood goes to
//! another thread, and the answer comes as news.

use super::{ALERTS_AGE_MS, ALERTS_GAP_MS, Desk, alerts};
use crate::model::actor::Role;
use crate::model::alert::Finding;
use crate::rulebook::Vocabulary;
use crate::watch;
use crate::world::{Moment, World};
use std::sync::Arc;

/// The desk as it stood at a moment. Costs nothing to take; while one is kept, folding on costs a copy of the rows' list.
#[derive(Clone)]
pub struct DeskLook {
    pub(super) world: Arc<World>,
    pub(super) moment: Moment,
}

impl DeskLook {
    /// What is wrong, by the detectors of the watch.
    #[must_use]
    pub fn findings(&self) -> Vec<Finding> {
        watch::findings(&self.world, &self.moment)
    }

    /// The words its leads use.
    #[must_use]
    pub fn vocabulary(&self) -> Vocabulary {
        super::vocabulary::vocabulary(&self.world)
    }
}

impl std::fmt::Debug for DeskLook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeskLook").field("seq", &self.world.seq()).field("now", &self.moment.now).finish()
    }
}

/// Two looks are one when they are at the same world at the same moment.
impl PartialEq for DeskLook {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.world, &other.world) && self.moment.now == other.moment.now
    }
}

impl Desk {
    /// A look for alerts, where one is due: at most once a second, and not while one is under way. It reads every open lead,
    /// so whoever takes it makes it elsewhere and brings the answer to [`Desk::put_findings`].
    pub fn look_for_alerts(&mut self) -> Option<DeskLook> {
        let (now, age) = (self.moment.now, self.moment.now.since(self.alerts_at));
        let is_due = (self.has_news && age >= ALERTS_GAP_MS) || age >= ALERTS_AGE_MS || self.alerts_at > now;
        // Without an alert there are no numbers to bring up to date; raising them is the leader's.
        if !self.is_loaded || !is_due || self.is_looking || self.world.alerts().is_empty() {
            return None;
        }
        (self.alerts_at, self.is_looking, self.has_news) = (now, true, false);
        Some(self.look())
    }

    /// The desk as it stands, for what is found out on another thread.
    #[must_use]
    pub fn look(&self) -> DeskLook {
        DeskLook { world: Arc::clone(&self.world), moment: self.moment }
    }

    /// Takes what a look for alerts found.
    pub fn put_findings(&mut self, findings: Vec<Finding>) {
        (self.findings, self.is_looking) = (findings, false);
        self.refresh_alerts();
    }

    pub(super) fn refresh_alerts(&mut self) {
        let mut lines = alerts::lines(&self.world, &self.moment, &self.findings, &|lead| self.called(lead));
        if self.role(Role::Admin) < Role::Supervisor {
            lines.retain(|line| !line.id.kind.is_private());
        }
        lines.iter_mut().for_each(|line| self.put_offers(line));
        self.alerts = lines;
    }
}
