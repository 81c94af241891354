//! Seeing: cards, the roster and the calendar, the gauges' order, the queue held still, a leaver's handover.

use super::{Ready, always};
use crate::console::card::Card;
use crate::console::handwork::Hand;
use crate::console::model::{Model, Overlay, Screen};
use crate::console::msg::{Go, Msg, Order};
use crate::console::seeing::Seeing;
use crate::console::text::T;
use crate::engine::Theirs;
use crate::model::actor::Role;

commands! {
    "rep.card", Loads, ["enter"], CmdRepCard, CmdRepCardHelp, Rank(3), Safe, has_rep,
        |m| m.rep().map_or(Msg::Tick, |rep| go(Seeing::Card(Card::Rep(rep.id))));
    "team.card", Loads, ["t"], CmdTeamCard, CmdTeamCardHelp, Rank(4), Safe, has_rep,
        |m| m.rep().map_or(Msg::Tick, |rep| go(Seeing::Card(Card::Team(rep.team.clone()))));
    "loads.sort", Loads, ["o"], CmdGaugeSort, CmdGaugeSortHelp, Rank(7), Safe, always,
        |_| go(Seeing::GaugeSort);
    "loads.fold", Loads, ["-"], CmdFold, CmdFoldHelp, Rank(8), Safe, has_rep,
        |_| go(Seeing::Fold);
    "loads.unfold", Loads, ["+", "="], CmdUnfold, CmdUnfoldHelp, Hidden, Safe, is_folded,
        |_| go(Seeing::UnfoldAll);
    "rep.leave", Loads, ["l"], CmdLeave, CmdLeaveHelp, Rank(5), Undoable, can_set_leave,
        |_| go(Seeing::Leave);
    "rep.handover", Loads, ["H"], CmdHandover, CmdHandoverHelp, Rank(6), Undoable, can_hand_over,
        |_| go(Seeing::Handover);
    "lead.timeline", Lead, ["t"], CmdTimeline, CmdTimelineHelp, Rank(7), Safe, has_lead,
        |m| m.queue.selected().map_or(Msg::Tick, |lead| go(Seeing::Card(Card::Lead(lead))));
    "lead.owner-card", Lead, ["g o"], CmdOwnerCard, CmdOwnerCardHelp, Hidden, Safe, has_owner,
        |m| m.lead().and_then(|lead| lead.owner).map_or(Msg::Tick, |rep| go(Seeing::Card(Card::Rep(rep))));
    "desk.freeze", Main, ["z"], CmdFreeze, CmdFreezeHelp, Rank(25), Safe, always,
        |_| go(Seeing::Freeze);
    "roster.open", Main, ["g r"], CmdRoster, CmdRosterHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Screen(Screen::Roster));
    "calendar.open", Main, ["g c"], CmdCalendar, CmdCalendarHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Screen(Screen::Calendar));
    "handover.spread", Handover, ["s"], CmdSpread, CmdSpreadHelp, Rank(1), Undoable, can_hand_over,
        |m| hand_over(m, Theirs::Spread);
    "handover.park", Handover, ["p"], CmdParkAll, CmdParkAllHelp, Rank(1), Undoable, can_hand_over,
        |m| hand_over(m, Theirs::Park);
    "handover.keep", Handover, ["k"], CmdKeepAll, CmdKeepAllHelp, Rank(1), Undoable, can_hand_over,
        |m| hand_over(m, Theirs::Keep);
    "handover.to", Handover, ["t"], CmdHandTo, CmdHandToHelp, Rank(1), Safe, can_hand_over,
        |_| Msg::Go(Go::Hand(Hand::HandTo));
    "handover.turn", HandTo, ["tab"], CmdHandTurn, CmdHandTurnHelp, Rank(3), Safe, always,
        |_| Msg::Go(Go::Hand(Hand::HandTurn));
}

const fn go(seeing: Seeing) -> Msg {
    Msg::Go(Go::Seeing(seeing))
}

fn has_rep(m: &Model) -> Ready {
    Ready::when(m.rep().is_some(), T::NoRepSelected)
}

fn has_lead(m: &Model) -> Ready {
    Ready::when(m.lead().is_some(), T::NoLeadSelected)
}

fn has_owner(m: &Model) -> Ready {
    match m.lead() {
        None => Ready::No(T::NoLeadSelected.into()),
        Some(lead) => Ready::when(lead.owner.is_some(), T::NoOwnerCard),
    }
}

fn is_folded(m: &Model) -> Ready {
    Ready::when(!m.desk.gauges().folded.is_empty(), T::NothingFolded)
}

fn can_set_leave(m: &Model) -> Ready {
    if m.may(Role::Supervisor) { has_rep(m) } else { Ready::No(T::NeedsSupervisor.into()) }
}

fn can_hand_over(m: &Model) -> Ready {
    let is_open = matches!(m.overlays.last(), Some(Overlay::Handover { .. }));
    match m.may(Role::Supervisor) {
        false => Ready::No(T::NeedsSupervisor.into()),
        true if is_open => Ready::Yes,
        true => has_rep(m),
    }
}

/// The menu keeps the rep it was opened for; from the palette the order is for the one selected now.
fn hand_over(m: &Model, theirs: Theirs) -> Msg {
    let rep = match m.overlays.last() {
        Some(Overlay::Handover { rep }) => Some(*rep),
        _ => m.rep().map(|rep| rep.id),
    };
    rep.map_or(Msg::Tick, |rep| Msg::Order(Order::Deactivate { rep, theirs }))
}
