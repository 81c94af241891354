//! What the panes show beyond the rows themselves: response clocks, the queue held still, gauges ordered and folded.

use super::Desk;
use crate::console::seeing::Gauges;
use crate::model::event::{Body, Event};
use crate::model::id::{LeadId, RepId};
use crate::model::lead::{ArrivalKind, Lead, LeadState};
use crate::model::mode::Mode;

/// The queue as it stood when a person held it still.
#[derive(Debug, Clone, Default)]
pub struct Frozen {
    pub(super) ids: Vec<LeadId>,
    /// Leads that came since.
    pub(super) arrived: usize,
}

impl Desk {
    /// Working time left to answer `lead`, in milliseconds (negative = overdue), and whether it runs now; nothing where no
    /// clock does.
    #[must_use]
    pub fn answer_left_ms(&self, lead: &Lead) -> Option<(i64, bool)> {
        let clock = self.world.clock(lead.id).filter(|_| lead.state == LeadState::Assigned)?;
        let within = self.world.respond(&clock.rule)?.within_ms;
        let now = self.moment.now;
        let rep = lead.owner.and_then(|id| self.world.rep(id))?;
        let runs = !clock.over
            && clock.since <= now
            && self.world.mode() != Mode::Paused
            && rep.is_present(now)
            && rep.is_at_work(now);
        // A lead whose time is over and whose last step was taken has nothing left to count.
        (!clock.over || clock.escalated).then(|| (within - self.world.answer_time(lead.id, now), runs))
    }

    /// Holds the queue still, or lets it go on.
    pub fn toggle_frozen(&mut self) {
        self.frozen = match self.frozen.take() {
            Some(_) => None,
            None => Some(Frozen { ids: self.rows.ids().to_vec(), arrived: 0 }),
        };
    }

    /// Leads that came since the queue was held still; `None` = it goes on.
    #[must_use]
    pub fn frozen(&self) -> Option<usize> {
        self.frozen.as_ref().map(|frozen| frozen.arrived)
    }

    /// Counts an arrival while the queue is held still.
    pub(super) fn note_frozen(&mut self, event: &Event) {
        let came = matches!(&event.body, Body::LeadReceived(r) if r.kind != ArrivalKind::History);
        if let Some(frozen) = self.frozen.as_mut().filter(|_| came) {
            frozen.arrived += 1;
        }
    }

    /// How the gauges are arranged.
    #[must_use]
    pub fn gauges(&self) -> &Gauges {
        &self.gauges
    }

    /// Arranges the gauges otherwise.
    pub fn arrange_gauges(&mut self, change: impl FnOnce(&mut Gauges)) {
        change(&mut self.gauges);
        let now = self.moment.now;
        self.refresh(now);
    }

    /// The reps that show, in order: those of folded teams do not.
    #[must_use]
    pub fn shown_reps(&self) -> Vec<RepId> {
        let shown = self.reps.iter().filter(|rep| !self.gauges.folded.contains(&rep.team));
        shown.map(|rep| rep.id).collect()
    }
}
