//! What can be done with the selected lead, from the queue and from its own pane.

use super::Ready;
use crate::console::desk::State;
use crate::console::model::{Model, OverlayKind, Pane};
use crate::console::msg::{Go, Msg, Order};
use crate::console::text::T;
use crate::model::id::LeadId;

commands! {
    "lead.open", Queue, ["enter"], CmdLeadOpen, CmdLeadOpenHelp, Rank(9), Safe, has_lead,
        |_| Msg::Go(Go::Focus(Pane::Lead));
    "lead.assign", Lead, ["a"], CmdAssign, CmdAssignHelp, Rank(1), Undoable, can_act,
        |_| Msg::Go(Go::Open(OverlayKind::Assign));
    "lead.recall", Lead, ["r"], CmdRecall, CmdRecallHelp, Rank(3), Undoable, has_owner,
        |m| with_lead(m, |lead| Order::Recall { lead });
    "lead.return", Lead, ["R"], CmdReturn, CmdReturnHelp, Hidden, Undoable, has_owner,
        |_| Msg::Go(Go::Open(OverlayKind::Return));
    "lead.park", Lead, ["p"], CmdPark, CmdParkHelp, Rank(5), Undoable, can_park,
        |_| Msg::Go(Go::Open(OverlayKind::Park));
    "lead.hold", Lead, ["h"], CmdHold, CmdHoldHelp, Rank(4), Undoable, can_hold,
        |m| with_lead(m, |lead| Order::Hold { lead });
    "lead.release", Lead, ["H"], CmdRelease, CmdReleaseHelp, Hidden, Undoable, holds_it,
        |m| with_lead(m, |lead| Order::Release { lead });
    "lead.back-to-engine", Lead, ["b"], CmdBackToEngine, CmdBackToEngineHelp, Hidden, Undoable, is_ours,
        |m| with_lead(m, |lead| Order::BackToEngine { lead });
    "lead.status", Lead, ["s"], CmdStatus, CmdStatusHelp, Rank(6), Safe, can_act,
        |_| Msg::Go(Go::Open(OverlayKind::Status));
    "lead.why", Lead, ["w"], CmdWhy, CmdWhyHelp, Rank(2), Safe, has_lead,
        |_| Msg::Go(Go::Open(OverlayKind::Why));
    "lead.unmask-phone", Lead, ["x"], CmdUnmask, CmdUnmaskHelp, Hidden, Safe, has_phone,
        |m| with_lead(m, |lead| Order::Unmask { lead });
    "lead.contacted", Status, ["c"], CmdContacted, CmdContactedHelp, Rank(1), Undoable, can_act,
        |m| with_lead(m, |lead| Order::Mark { lead, state: State::Contacted });
    "lead.qualified", Status, ["v"], CmdQualified, CmdQualifiedHelp, Rank(1), Undoable, can_act,
        |m| with_lead(m, |lead| Order::Mark { lead, state: State::Qualified });
    "lead.won", Status, ["w"], CmdWon, CmdWonHelp, Rank(1), Undoable, can_act,
        |m| with_lead(m, |lead| Order::Mark { lead, state: State::Won });
    "lead.lost", Status, ["l"], CmdLost, CmdLostHelp, Rank(1), Undoable, can_act,
        |m| with_lead(m, |lead| Order::Mark { lead, state: State::Lost });
    "lead.invalid", Status, ["i"], CmdInvalid, CmdInvalidHelp, Rank(1), Undoable, can_act,
        |m| with_lead(m, |lead| Order::Mark { lead, state: State::Invalid });
}

/// The order for the selected lead. Without one nothing happens; `ready` has said why.
fn with_lead(m: &Model, order: impl Fn(LeadId) -> Order) -> Msg {
    m.queue.selected().map_or(Msg::Tick, |lead| Msg::Order(order(lead)))
}

fn has_lead(m: &Model) -> Ready {
    Ready::when(m.lead().is_some(), T::NoLeadSelected)
}

fn can_act(m: &Model) -> Ready {
    if !m.me.may_act { Ready::No(T::NotAllowed.into()) } else { has_lead(m) }
}

/// The lead is there, the role allows it, and `holds` is true of it.
fn can_when(m: &Model, holds: impl Fn(&crate::console::desk::LeadLine) -> bool, otherwise: T) -> Ready {
    match (can_act(m), m.lead()) {
        (Ready::Yes, Some(lead)) => Ready::when(holds(lead), otherwise),
        (no, _) => no,
    }
}

fn has_owner(m: &Model) -> Ready {
    can_when(m, |lead| lead.owner.is_some(), T::NoOwner)
}

fn can_park(m: &Model) -> Ready {
    can_when(m, |lead| lead.state != State::Parked, T::AlreadyWaiting)
}

fn can_hold(m: &Model) -> Ready {
    can_when(m, |lead| lead.hold.is_none(), T::AlreadyHeld)
}

fn holds_it(m: &Model) -> Ready {
    can_when(m, |lead| lead.hold.as_ref().is_some_and(|hold| hold.is_mine), T::NotHeldByYou)
}

fn is_ours(m: &Model) -> Ready {
    can_when(m, |lead| lead.is_pinned || lead.state == State::Parked, T::NotPinned)
}

fn has_phone(m: &Model) -> Ready {
    can_when(m, |lead| lead.phone.is_some(), T::NoPhone)
}
