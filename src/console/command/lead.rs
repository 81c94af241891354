//! What can be done with the selected lead or the marked ones, from the queue and from the lead's own pane.

use super::Ready;
use crate::console::desk::LeadLine;
use crate::console::model::{Model, Overlay, OverlayKind, Pane};
use crate::console::msg::{App, Go, Msg, Order, Seen};
use crate::console::text::T;
use crate::model::actor::Role;
use crate::model::id::{LeadId, RepId};
use crate::model::lead::LeadState;
use crate::model::time::MINUTE_MS;

/// How long a hold taken by key lasts.
const HOLD_MS: i64 = 10 * MINUTE_MS;

commands! {
    "lead.open", Queue, ["enter"], CmdLeadOpen, CmdLeadOpenHelp, Rank(9), Safe, has_lead,
        |_| Msg::Go(Go::Focus(Pane::Lead));
    "lead.mark", Queue, ["space"], CmdMark, CmdMarkHelp, Rank(10), Safe, has_lead,
        |_| Msg::Go(Go::Mark);
    "queue.show", Queue, ["v"], CmdShow, CmdShowHelp, Rank(11), Safe, super::always,
        |_| Msg::Go(Go::NextShow);
    "lead.assign", Lead, ["a"], CmdAssign, CmdAssignHelp, Rank(1), Undoable, can_act,
        |_| Msg::Go(Go::Open(OverlayKind::Assign));
    "lead.accept", Lead, ["y"], CmdAcceptLead, CmdAcceptLeadHelp, Rank(1), Undoable, is_proposed,
        accept;
    "lead.recall", Lead, ["r"], CmdRecall, CmdRecallHelp, Rank(3), Undoable, has_owner,
        |m| Msg::Order(Order::Recall { leads: m.targets() });
    "lead.return", Lead, ["R"], CmdReturn, CmdReturnHelp, Hidden, Undoable, can_return,
        |_| Msg::Go(Go::Open(OverlayKind::Return));
    "lead.park", Lead, ["p"], CmdPark, CmdParkHelp, Rank(5), Undoable, can_park,
        |_| Msg::Go(Go::Open(OverlayKind::Park));
    "lead.hold", Lead, ["h"], CmdHold, CmdHoldHelp, Rank(4), Undoable, can_hold,
        |m| Msg::Order(Order::Hold { leads: m.targets(), for_ms: HOLD_MS, is_quiet: false });
    "lead.release", Lead, ["H"], CmdRelease, CmdReleaseHelp, Hidden, Undoable, holds_it,
        |m| Msg::Order(Order::Release { leads: m.targets(), is_quiet: false });
    "lead.back-to-engine", Lead, ["b"], CmdBackToEngine, CmdBackToEngineHelp, Hidden, Undoable, is_ours,
        |m| Msg::Order(Order::Free { leads: m.targets() });
    "lead.status", Lead, ["s"], CmdStatus, CmdStatusHelp, Rank(6), Safe, can_progress,
        |_| Msg::Go(Go::Open(OverlayKind::Status));
    "lead.why", Lead, ["w"], CmdWhy, CmdWhyHelp, Rank(2), Safe, has_lead,
        |_| Msg::Go(Go::Open(OverlayKind::Why));
    "lead.copy", Lead, ["ctrl-y"], CmdCopy, CmdCopyHelp, Hidden, Safe, has_lead,
        |_| Msg::App(App::Copy);
    "lead.unmask-phone", Lead, ["x"], CmdUnmask, CmdUnmaskHelp, Hidden, Safe, has_phone,
        |m| m.queue.selected().map_or(Msg::Tick, |lead| Msg::Order(Order::Unmask { lead }));
    "lead.contacted", Status, ["c"], CmdContacted, CmdContactedHelp, Rank(1), Undoable, can_progress,
        |m| mark(m, LeadState::Contacted);
    "lead.qualified", Status, ["v"], CmdQualified, CmdQualifiedHelp, Rank(1), Undoable, can_progress,
        |m| mark(m, LeadState::Qualified);
    "lead.won", Status, ["w"], CmdWon, CmdWonHelp, Rank(1), Undoable, can_progress,
        |m| mark(m, LeadState::Won);
    "lead.lost", Status, ["l"], CmdLost, CmdLostHelp, Rank(1), Undoable, can_progress,
        |m| mark(m, LeadState::Lost);
    "lead.invalid", Status, ["i"], CmdInvalid, CmdInvalidHelp, Rank(1), Undoable, can_progress,
        |m| mark(m, LeadState::Invalid);
}

/// The menu keeps the leads it was opened for; from the palette the order is for those selected now.
fn mark(m: &Model, state: LeadState) -> Msg {
    let leads: Seen = match m.overlays.last() {
        Some(Overlay::Status { leads }) => leads.clone(),
        _ => m.targets(),
    };
    Msg::Order(Order::Mark { leads, state })
}

/// The marked leads, or the selected one, with the rep proposed for each; those without a proposal are left out.
fn proposed(m: &Model) -> (Seen, Vec<RepId>) {
    let rep = |lead: &LeadId| m.desk.lead(*lead).and_then(|line| line.proposed);
    m.targets().into_iter().filter_map(|seen| Some((seen, rep(&seen.0)?))).unzip()
}

fn accept(m: &Model) -> Msg {
    let (leads, reps) = proposed(m);
    Msg::Order(Order::Accept { leads, reps })
}

fn is_proposed(m: &Model) -> Ready {
    match has_target(m, Role::Coordinator) {
        Ready::Yes => Ready::when(!proposed(m).0.is_empty(), T::NoProposal),
        no => no,
    }
}

fn has_lead(m: &Model) -> Ready {
    Ready::when(m.lead().is_some(), T::NoLeadSelected)
}

pub(super) fn has_target(m: &Model, needs: Role) -> Ready {
    if !m.may(needs) {
        return Ready::No(T::NotAllowed.into());
    }
    // The status menu stands over its own leads, whatever became of the selection.
    let has_own = matches!(m.overlays.last(), Some(Overlay::Status { leads }) if !leads.is_empty());
    Ready::when(has_own || !m.marks.is_empty() || m.lead().is_some(), T::NoLeadSelected)
}

fn can_act(m: &Model) -> Ready {
    has_target(m, Role::Coordinator)
}

fn can_progress(m: &Model) -> Ready {
    has_target(m, Role::Rep)
}

/// The role allows it and `holds` is true of the selected lead. Of marked ones the desk tells lead by lead.
pub(super) fn can_when(m: &Model, needs: Role, holds: impl Fn(&LeadLine) -> bool, otherwise: T) -> Ready {
    match (has_target(m, needs), m.lead()) {
        (Ready::Yes, Some(lead)) if m.marks.is_empty() => Ready::when(holds(&lead), otherwise),
        (ready, _) => ready,
    }
}

fn has_owner(m: &Model) -> Ready {
    can_when(m, Role::Coordinator, |lead| lead.owner.is_some(), T::NoOwner)
}

fn can_return(m: &Model) -> Ready {
    can_when(m, Role::Rep, |lead| lead.owner.is_some(), T::NoOwner)
}

fn can_park(m: &Model) -> Ready {
    can_when(m, Role::Coordinator, |lead| lead.state != LeadState::Parked, T::AlreadyWaiting)
}

fn can_hold(m: &Model) -> Ready {
    can_when(m, Role::Coordinator, |lead| lead.hold.is_none(), T::AlreadyHeld)
}

fn holds_it(m: &Model) -> Ready {
    let is_mine = |lead: &LeadLine| lead.hold.as_ref().is_some_and(|hold| hold.is_mine);
    can_when(m, Role::Coordinator, is_mine, T::NotHeldByYou)
}

fn is_ours(m: &Model) -> Ready {
    let is_ours = |lead: &LeadLine| lead.is_pinned || lead.state == LeadState::Parked;
    can_when(m, Role::Coordinator, is_ours, T::NotPinned)
}

fn has_phone(m: &Model) -> Ready {
    match (m.may(Role::Coordinator), m.lead()) {
        (false, _) => Ready::No(T::NotAllowed.into()),
        (_, None) => Ready::No(T::NoLeadSelected.into()),
        (_, Some(lead)) => Ready::when(lead.phone.is_some(), T::NoPhone),
    }
}
