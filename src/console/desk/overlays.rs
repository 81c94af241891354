//! What lies over the rules at the moment: the header's banner, and what the engine proposes where it may not place.

use super::Desk;
use crate::console::text::Say;
use crate::engine::assist;
use crate::model::time::MINUTE_MS;
use crate::world::Moment;
use crate::world::moment::{instant_of, is_between};

/// Proposals shown; more than a screenful, fewer than would be felt.
const PROPOSALS_SHOWN_MAX: usize = 200;

impl Desk {
    /// Works the proposals out anew; free unless something is on assist.
    pub(super) fn refresh_proposals(&mut self) {
        let found = assist::proposals(&self.world, &self.moment, PROPOSALS_SHOWN_MAX);
        self.proposals = found.into_iter().map(|p| (p.lead, p.gift.rep)).collect();
    }

    /// What is on: the open window that ends first, and the divert that ends first.
    pub(super) fn banner(&self) -> Option<Say> {
        match (self.window_banner(), self.divert_banner()) {
            (Some(window), Some(divert)) => Some(Say::BothOn(&window, &divert)),
            (one, other) => one.or(other),
        }
    }

    fn divert_banner(&self) -> Option<Say> {
        let live = || self.world.diverts_at(self.moment.now).map(|state| &state.divert);
        let first = live().min_by_key(|divert| divert.until)?;
        let until = super::day_and_hour(first.until, &self.moment);
        Some(Say::DivertsOn(live().count(), &first.id.to_string(), &until))
    }

    fn window_banner(&self) -> Option<Say> {
        let windows = self.world.book().calendar.windows.iter();
        let Moment { now, zone, .. } = self.moment;
        let open = windows.filter(|w| is_between(zone, now, w.from, w.to)).min_by_key(|w| w.to)?;
        let left = instant_of(zone, open.to)?.since(now) / MINUTE_MS;
        let span = if left >= 24 * 60 {
            format!("{}d {}h", left / 1440, left % 1440 / 60)
        } else {
            format!("{}h {:02}m", left / 60, left % 60)
        };
        Some(Say::WindowEnds(open.name.as_str(), &span))
    }
}
