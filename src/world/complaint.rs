//! Complaints as the log tells them: open ones, and those ruled on as long as somebody may ask. The fold only.

use super::World;
use crate::model::complaint::{Complaint, Ruling};
use crate::model::id::{ComplaintId, LeadId};

/// Complaints that were ruled on and are remembered; the oldest make room.
const RULED_MAX: usize = 500;

impl World {
    /// Complaints by number: the open ones, and the latest that were ruled on.
    pub fn complaints(&self) -> impl DoubleEndedIterator<Item = &Complaint> {
        self.complaints.values()
    }

    /// One complaint.
    #[must_use]
    pub fn complaint(&self, id: ComplaintId) -> Option<&Complaint> {
        self.complaints.get(&id)
    }

    /// Those nobody has ruled on, the oldest first.
    pub fn open_complaints(&self) -> impl Iterator<Item = &Complaint> {
        self.complaints.values().filter(|complaint| complaint.ruling.is_none())
    }

    /// Those about a lead, the oldest first.
    pub fn complaints_of(&self, lead: LeadId) -> impl Iterator<Item = &Complaint> {
        self.complaints.values().filter(move |complaint| complaint.lead == lead)
    }

    /// The number the next complaint gets.
    #[must_use]
    pub fn next_complaint(&self) -> ComplaintId {
        ComplaintId(self.last_complaint + 1)
    }

    /// A complaint was made (`after`), or taken back.
    pub(super) fn put_complaint(&mut self, id: ComplaintId, after: Option<&Complaint>) {
        self.last_complaint = self.last_complaint.max(id.0);
        match after {
            Some(complaint) => self.complaints.insert(id, complaint.clone()),
            None => self.complaints.remove(&id),
        };
    }

    /// A complaint was ruled on, or its ruling taken back.
    pub(super) fn put_ruling(&mut self, id: ComplaintId, after: Option<&Ruling>) {
        if let Some(complaint) = self.complaints.get_mut(&id) {
            complaint.ruling = after.cloned();
        }
        let ruled = self.complaints.values().filter(|c| c.ruling.is_some()).count();
        if ruled > RULED_MAX {
            let oldest = self.complaints.values().find(|c| c.ruling.is_some()).map(|c| c.id);
            oldest.and_then(|id| self.complaints.remove(&id));
        }
    }
}
