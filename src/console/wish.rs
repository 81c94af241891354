//! What a person's order asks of the engine. Pure, so that an order can be thought through before it is given.

use crate::console::msg::{Order, Seen};
use crate::engine::{Intent, Progress, To};
use crate::model::id::LeadId;
use crate::model::time::Millis;
use smol_str::SmolStr;

fn ids(leads: &Seen) -> Vec<LeadId> {
    leads.iter().map(|(lead, _)| *lead).collect()
}

/// The intent behind an order and what the person had seen; none for an order of several.
#[must_use]
pub fn intent(order: &Order, now: Millis) -> Option<(Intent, Seen)> {
    let mut seen: Seen = Vec::new();
    let mut on = |leads: &Seen| {
        seen.clone_from(leads);
        ids(leads)
    };
    let intent = match order {
        Order::Place { leads, to, reason, is_forced, uses_turn } => Intent::Place {
            leads: on(leads),
            to: to.clone(),
            reason: reason.as_str().into(),
            force: *is_forced && matches!(to, To::Rep(_)),
            turn: *uses_turn,
        },
        Order::Recall { leads } => Intent::Recall { leads: on(leads), reason: SmolStr::default() },
        Order::Return { leads, reason } => {
            Intent::Return { leads: on(leads), reason: reason.as_str().into() }
        }
        Order::Park { leads, reason } => Intent::Park { leads: on(leads), reason: reason.as_str().into() },
        Order::Pool { leads, reason } => Intent::ToPool { leads: on(leads), reason: reason.as_str().into() },
        Order::Claim { leads } => Intent::Claim { leads: on(leads) },
        Order::Free { leads } => Intent::Free { leads: on(leads) },
        Order::Hold { leads, for_ms, .. } => Intent::Hold { leads: on(leads), until: now.plus(*for_ms) },
        Order::Release { leads, .. } => Intent::Release { leads: ids(leads) },
        Order::Mark { leads, state } => Intent::Progress {
            items: on(leads)
                .into_iter()
                .map(|lead| Progress { lead, to: *state, happened_at: None })
                .collect(),
            note: SmolStr::default(),
        },
        Order::Accept { leads, reps } => {
            Intent::Accept { items: on(leads).into_iter().zip(reps.iter().copied()).collect() }
        }
        Order::Unmask { lead } => Intent::Unmask { lead: *lead },
        Order::Undo { batch } | Order::Redo { batch } => Intent::Undo { batch: *batch },
        Order::Divert(wish) => Intent::SetDivert((**wish).clone()),
        Order::EndDivert { divert } => Intent::EndDivert { divert: *divert },
        Order::StartPromotion { promotion, until, reason } => Intent::StartPromotion {
            promotion: promotion.clone(),
            until: *until,
            reason: reason.as_str().into(),
        },
        Order::StopPromotion { promotion } => {
            Intent::StopPromotion { promotion: promotion.clone(), reason: SmolStr::default() }
        }
        Order::StartTrial(wish) => Intent::StartTrial((**wish).clone()),
        Order::StopTrial => Intent::StopTrial,
        Order::Merge { into, leads } => Intent::Merge { into: into.0, leads: on(leads) },
        Order::Unmerge { lead } => Intent::Unmerge { leads: vec![*lead] },
        Order::Enter { entry, ready } => {
            seen.extend(entry.lead);
            (*ready.0).clone()
        }
        Order::SetMode(mode) => Intent::SetMode(*mode),
        Order::SetDuty { rep, is_on } => Intent::Duty { rep: *rep, on: *is_on },
        Order::SetCap { rep, card } => Intent::EditRep { rep: *rep, card: (**card).clone() },
        Order::SetLeaves { rep, leaves } => Intent::SetLeaves { rep: *rep, leaves: leaves.clone() },
        Order::Deactivate { rep, theirs } => Intent::Deactivate { rep: *rep, theirs: *theirs },
        Order::Publish { text, note, base } => {
            Intent::Publish { text: text.as_str().into(), note: note.as_str().into(), base: *base }
        }
        Order::Alert { key, episode, wish, note } => Intent::HandleAlert {
            key: *key,
            episode: *episode,
            wish: wish.clone(),
            note: note.as_str().into(),
        },
        Order::Silence { kind, subject, until, reason } => Intent::SetSilence {
            kind: *kind,
            subject: *subject,
            until: *until,
            reason: reason.as_str().into(),
        },
        Order::Complain { lead, why } => Intent::Complain { lead: *lead, why: why.as_str().into() },
        Order::RuleOn { complaint, is_upheld, to, reason } => Intent::RuleOn {
            complaint: *complaint,
            upheld: *is_upheld,
            to: *to,
            reason: reason.as_str().into(),
        },
        Order::EndSilence { silence } => Intent::EndSilence { silence: *silence },
        Order::Remedy { key, episode, ready, .. } => {
            Intent::Remedy { key: *key, episode: *episode, order: Box::new((*ready.0).clone()) }
        }
        Order::Sample => return None,
    };
    if let Order::Merge { into, .. } = order {
        seen.push(*into);
    }
    Some((intent, seen))
}
