//! Complaints about where a lead went: anybody of the desk may make one, a supervisor rules. An upheld one moves the lead in
//! the same batch, so that one undo takes both back.

use smol_str::{SmolStr, format_smolstr};

use super::host::Host;
use super::intent::To;
use super::manual::{place, recall, row_of};
use super::refusal::Refusal;
use super::run::{Run, Step};
use crate::model::complaint::{Complaint, Ruling};
use crate::model::event::Body;
use crate::model::id::{ComplaintId, LeadId, RepId};

/// Open complaints at most; more are no longer read.
pub const OPEN_MAX: usize = 1_000;

/// Disputes where `lead` is, with the reason.
///
/// # Errors
/// Refused without a reason, about a lead there is none of or that is closed, or when the same person's is open already.
pub fn complain<H: Host>(run: &mut Run<'_, H>, lead: LeadId, why: &SmolStr) -> Step<H> {
    if why.trim().is_empty() {
        return Err(Refusal::NeedsReason.into());
    }
    let (row, closed) = row_of(run, lead)?;
    if closed.is_some() {
        return Err(Refusal::Closed { lead, state: row.state }.into());
    }
    let by = run.order.actor.name.clone();
    if run.world.complaints_of(lead).any(|c| c.ruling.is_none() && c.by == by) {
        return Err(Refusal::AlreadySo { lead }.into());
    }
    if run.world.open_complaints().count() >= OPEN_MAX {
        return Err(Refusal::TooMany { max: OPEN_MAX }.into());
    }
    let complaint = run.world.next_complaint();
    let after = Box::new(Complaint {
        id: complaint,
        lead,
        rep: run.world.reps().iter().find(|rep| rep.card.login == by).map(|rep| rep.id),
        by,
        at: run.moment.now,
        owner: row.owner,
        about: row.touched.seq,
        why: why.clone(),
        ruling: None,
    });
    run.emit(Body::ComplaintRaised { complaint, lead, before: None, after: Some(after) })
}

/// Rules on a complaint. Upheld: the lead goes to `to`, else the engine decides it anew without whoever has it; one that has
/// closed meanwhile stays where it is.
///
/// # Errors
/// Refused when there is no such complaint or it was ruled on, without a reason, or when the lead cannot go there.
pub fn rule<H: Host>(
    run: &mut Run<'_, H>,
    id: ComplaintId,
    upheld: bool,
    to: Option<RepId>,
    reason: &SmolStr,
) -> Step<H> {
    if reason.trim().is_empty() {
        return Err(Refusal::NeedsReason.into());
    }
    let found = run.world.complaint(id).filter(|c| c.ruling.is_none()).cloned();
    let complaint = found.ok_or(Refusal::NoSuchComplaint { complaint: id })?;
    let lead = complaint.lead;
    run.owns(lead);
    let words = format_smolstr!("{id}: {reason}");
    let is_open = run.world.lead(lead).is_some();
    match to.filter(|_| upheld && is_open) {
        Some(rep) => place(run, &[lead], &To::Rep(rep), &words, true, true)?,
        None if upheld && run.world.lead(lead).is_some_and(|row| row.owner.is_some()) => {
            recall(run, &[lead], &words)?;
        }
        None => {}
    }
    let ruling = Ruling {
        by: run.order.actor.name.clone(),
        at: run.moment.now,
        upheld,
        reason: reason.clone(),
        to: to.filter(|_| upheld && is_open),
    };
    run.emit(Body::ComplaintRuled { complaint: id, lead, before: None, after: Some(Box::new(ruling)) })
}

/// The event that takes one of these back, when what it set still stands. What was ruled on is not taken back by whoever made
/// it.
#[must_use]
pub fn back<H: Host>(run: &Run<'_, H>, body: &Body) -> Option<Body> {
    match body {
        Body::ComplaintRaised { complaint, lead, before, after } => {
            (run.world.complaint(*complaint) == after.as_deref()).then(|| Body::ComplaintRaised {
                complaint: *complaint,
                lead: *lead,
                before: after.clone(),
                after: before.clone(),
            })
        }
        Body::ComplaintRuled { complaint, lead, before, after } => {
            let stands = run.world.complaint(*complaint)?.ruling.as_ref() == after.as_deref();
            stands.then(|| Body::ComplaintRuled {
                complaint: *complaint,
                lead: *lead,
                before: after.clone(),
                after: before.clone(),
            })
        }
        _ => None,
    }
}
