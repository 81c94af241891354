//! Looking back in a sweep. Where a team or a rule is on assist or paused, a lead that would go there waits, and a placement
//! behind it may make somebody elsewhere the next in turn. So after each placement those held back are looked at again, in
//! order, before the sweep goes on: nobody is overtaken, and a finished sweep leaves a settled queue.

use super::host::Host;
use super::route::Exhausted;
use super::run::{Look, Run, SWEEP_LOOK_MAX, SWEEP_PLACE_MAX, Step};
use crate::world::QueueKey;

/// Leads that a sweep has looked at and that only a mode keeps waiting, in order.
#[derive(Debug, Default)]
pub(super) struct HeldBack {
    keys: Vec<QueueKey>,
    /// Looks back so far: a sweep makes at most [`SWEEP_LOOK_MAX`] of them.
    looks: usize,
}

impl HeldBack {
    pub fn note(&mut self, key: QueueKey) {
        self.keys.push(key);
    }

    /// Looks again at everybody held back until nobody among them can be placed; counts up `placed`. False when that was
    /// cut short: what lies behind must wait for the next sweep, which begins in front.
    ///
    /// # Errors
    /// The host's.
    pub fn look_back<H: Host>(
        &mut self,
        run: &mut Run<'_, H>,
        exhausted: &mut Exhausted,
        placed: &mut usize,
    ) -> Step<H, bool> {
        let mut at = 0;
        while let Some(key) = self.keys.get(at) {
            if self.looks >= SWEEP_LOOK_MAX || *placed >= SWEEP_PLACE_MAX {
                return Ok(false);
            }
            self.looks += 1;
            match run.look_again(key.lead, exhausted)? {
                Look::HeldBack => at += 1,
                // A placement frees nobody: whoever nobody could take now waits on.
                Look::Stays => drop(self.keys.remove(at)),
                Look::Placed => {
                    self.keys.remove(at);
                    *placed += 1;
                    exhausted.forget_live();
                    at = 0;
                }
            }
        }
        Ok(true)
    }
}
