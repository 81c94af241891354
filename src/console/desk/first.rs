//! What the panes show between opening and the moment the desk is there: a first page from the file. It takes no orders and
//! claims nothing it does not know: no mode, no owner of the lead, no due time, no balance, nobody next.

use super::Desk;
use crate::model::contact_card::ContactCard;
use crate::model::id::{LeadId, Seq};
use crate::model::time::Millis;
use crate::world::World;
use std::sync::Arc;

/// The first page as it was read.
#[derive(Debug, Clone)]
pub struct FirstPage {
    /// A picture of the desk: roster, book, alerts and the leads on top of the queue.
    pub world: World,
    /// All of them, also those beyond the page.
    pub waiting: usize,
    pub parked: usize,
    pub contacts: Vec<(LeadId, ContactCard)>,
}

/// What is known of the desk while it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Opening {
    /// Whether a first page is shown, and as of which event.
    pub page: Option<Seq>,
    pub waiting: usize,
    pub parked: usize,
    /// Events folded, and all there are to fold, where that takes long enough to be told.
    pub progress: Option<(u64, u64)>,
}

impl Desk {
    /// Shows a first page, or a later one; nothing once the desk is there.
    pub fn show_first(&mut self, page: FirstPage, now: Millis) {
        if self.is_loaded {
            return;
        }
        let FirstPage { world, waiting, parked, contacts } = page;
        self.opening = Opening { page: Some(world.seq()), waiting, parked, ..self.opening };
        self.world = Arc::new(world);
        let leads: Vec<LeadId> = self.world.leads().map(|lead| lead.id).collect();
        self.contacts.put(&leads, contacts);
        self.refresh(now);
        self.refresh_alerts();
        self.fill_rows();
    }

    /// How far the opening has come; the last word of it when the desk is there.
    #[must_use]
    pub fn opening(&self) -> Opening {
        self.opening
    }

    /// Notes how much of the log is folded.
    pub fn set_progress(&mut self, folded: u64, total: u64) {
        self.opening.progress = Some((folded, total));
    }
}
