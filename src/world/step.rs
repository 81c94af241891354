//! One lead's own fold: what an event does to its row. Depends on nothing but the row and the event, so undo and closed
//! leads can be folded from their own events alone.

use crate::model::event::{Body, Event, Received};
use crate::model::id::{LeadId, RepId};
use crate::model::lead::{Hold, Lead, LeadState, ParkReason, Touch};

/// The row a lead starts with.
pub(super) fn received(r: &Received, event: &Event) -> Lead {
    Lead {
        id: r.lead,
        attrs: r.attrs.clone(),
        received_at: r.received_at,
        arrived_at: event.at,
        kind: r.kind,
        state: r.state,
        owner: r.owner,
        score: r.attrs.base_score,
        pinned: false,
        hold: None,
        park: None,
        not_to: Vec::new(),
        known_owner: r.known_owner,
        twin: r.twin,
        waiting_since: event.at,
        assigned_at: r.owner.map(|_| event.at),
        contacted_at: None,
        do_not_contact: r.do_not_contact,
        touched: Touch::default(),
    }
}

fn must_not(lead: &mut Lead, rep: RepId) {
    if let Err(at) = lead.not_to.binary_search(&rep) {
        lead.not_to.insert(at, rep);
    }
}

fn back_to_queue(lead: &mut Lead, event: &Event) {
    lead.state = LeadState::Waiting;
    lead.owner = None;
    lead.pinned = false;
    lead.park = None;
    lead.assigned_at = None;
    lead.contacted_at = None;
    lead.waiting_since = event.at;
}

/// Applies `event` to the row it names. `lead` must be that row (for `lead.received` any; it is replaced).
pub(super) fn step(lead: &mut Lead, event: &Event) {
    match &event.body {
        Body::LeadReceived(r) => *lead = received(r, event),
        Body::LeadEdited(e) => lead.attrs = (*e.after).clone(),
        Body::LeadAssigned(a) => {
            // Pinning a lead to the owner it has starts no clock anew and forgets no contact.
            if !(lead.owner == Some(a.rep) && lead.state.is_load()) {
                lead.state = LeadState::Assigned;
                lead.assigned_at = Some(event.at);
                lead.contacted_at = None;
            }
            lead.owner = Some(a.rep);
            lead.score = a.score;
            lead.pinned = a.by.pins();
            lead.hold = None;
            lead.park = None;
        }
        Body::LeadWaits { score, .. } => {
            if lead.state != LeadState::Waiting {
                back_to_queue(lead, event);
            }
            lead.score = *score;
        }
        Body::LeadParked { reason, score, .. } => {
            if !matches!(lead.state, LeadState::Waiting | LeadState::Parked) {
                back_to_queue(lead, event);
            }
            lead.state = LeadState::Parked;
            lead.park = Some(reason.clone());
            lead.score = *score;
        }
        Body::LeadPooled { from, why, score, .. } => {
            if let Some(from) = from {
                must_not(lead, *from);
            }
            if !matches!(lead.state, LeadState::Waiting | LeadState::Parked) {
                back_to_queue(lead, event);
            }
            lead.state = LeadState::Parked;
            lead.park = Some(ParkReason::Pool { since: event.at, from: *from, why: why.clone() });
            lead.score = *score;
        }
        Body::LeadRecalled { from, .. } | Body::LeadReturned { from, .. } => {
            must_not(lead, *from);
            back_to_queue(lead, event);
        }
        Body::LeadHeld { until, .. } => {
            // A hold is a lock, not a change: it must not stand in the way of an undo.
            lead.hold = Some(Hold { actor: event.actor.clone(), until: *until });
            return;
        }
        Body::LeadReleased { .. } => {
            lead.hold = None;
            return;
        }
        Body::LeadFreed { .. } => {
            lead.pinned = false;
            if lead.state == LeadState::Parked {
                lead.state = LeadState::Waiting;
                lead.park = None;
            }
        }
        Body::LeadProgressed { to, happened_at, .. } => {
            lead.state = *to;
            // Winning or qualifying somebody means having spoken to them; finding a lead invalid does not.
            let spoke = matches!(to, LeadState::Qualified | LeadState::Won) && lead.contacted_at.is_none();
            if *to == LeadState::Contacted || spoke {
                lead.contacted_at = Some(*happened_at);
            }
            if !to.is_open() {
                lead.hold = None;
                lead.pinned = false;
                lead.park = None;
            }
        }
        Body::LeadMerged { .. } => {
            // The owner stays on the row: it is the person's known owner, and an undo needs no more.
            lead.state = LeadState::Merged;
            lead.hold = None;
            lead.pinned = false;
            lead.park = None;
        }
        Body::LeadRestored(r) => *lead = (*r.row).clone(),
        Body::LeadUnmasked { .. }
        | Body::ComplaintRaised { .. }
        | Body::ComplaintRuled { .. }
        | Body::LeadReminded(_)
        | Body::LeadEscalated(_)
        | Body::TimersResumed { .. }
        | Body::RepAdded { .. }
        | Body::RepEdited { .. }
        | Body::RepDuty { .. }
        | Body::RepLeave { .. }
        | Body::RepActive { .. }
        | Body::LedgerEntered { .. }
        | Body::BookPublished { .. }
        | Body::ModeSet { .. }
        | Body::RoleGranted { .. }
        | Body::AlertFired { .. }
        | Body::AlertCleared { .. }
        | Body::AlertPending { .. }
        | Body::AlertDropped { .. }
        | Body::AlertCondition { .. }
        | Body::AlertHandled { .. }
        | Body::AlertNoted { .. }
        | Body::SilenceSet { .. }
        | Body::AlertNoticed(_)
        | Body::AlertRemedied(_)
        | Body::ImportBegan { .. }
        | Body::ImportEnded { .. }
        | Body::BatchUndone { .. }
        | Body::DivertChanged { .. }
        | Body::TrialChanged { .. }
        | Body::TrialDiffered { .. }
        | Body::PromotionStarted { .. }
        | Body::PromotionStopped { .. }
        | Body::ScopeModeSet { .. } => return,
    }
    lead.touched = Touch { seq: event.seq, at: event.at, actor: event.actor.clone() };
}

/// Folds one lead's own events, oldest first; `None` when they do not start with its arrival or a whole row.
#[must_use]
pub fn fold_lead<'a>(id: LeadId, events: impl IntoIterator<Item = &'a Event>) -> Option<Lead> {
    let mut row: Option<Lead> = None;
    for event in events {
        if event.body.lead() != Some(id) {
            continue;
        }
        match (&mut row, &event.body) {
            (slot, Body::LeadReceived(r)) => {
                let mut lead = received(r, event);
                lead.touched = Touch { seq: event.seq, at: event.at, actor: event.actor.clone() };
                *slot = Some(lead);
            }
            (Some(lead), _) => step(lead, event),
            (None, Body::LeadRestored(r)) => row = Some((*r.row).clone()),
            (None, _) => {}
        }
    }
    row
}
