//! Sheets over the desk: diverts, proposals, duplicates, batches, forms, and the keys within them.

use super::lead::has_target;
use super::{Ready, always};
use crate::console::handwork::{Hand, SheetKind};
use crate::console::model::Model;
use crate::console::msg::{Go, Msg, Order};
use crate::console::text::T;
use crate::console::update::sheet;
use crate::model::actor::Role;
use crate::model::outbox::Stage;

commands! {
    "lead.divert", Lead, ["d"], CmdDivert, CmdDivertHelp, Rank(12), Safe, may_act,
        |_| open(SheetKind::Divert);
    "assign.divert", Assign, ["ctrl-d"], CmdDivertHere, CmdDivertHereHelp, Rank(5), Safe, always,
        |_| Msg::Go(Go::Hand(Hand::DivertHere));
    "divert.list", Main, ["D"], CmdDiverts, CmdDivertsHelp, Hidden, Safe, always,
        |_| open(SheetKind::Diverts);
    "divert.end", Diverts, ["x", "delete"], CmdDivertEnd, CmdDivertEndHelp, Rank(1), Undoable, has_divert,
        end_divert;
    "divert.new", Diverts, ["n"], CmdDivertNew, CmdDivertNewHelp, Rank(2), Safe, may_act,
        |_| open(SheetKind::Divert);
    "proposal.list", Main, ["Y"], CmdProposals, CmdProposalsHelp, Hidden, Safe, always,
        |_| open(SheetKind::Proposals);
    "proposal.accept", Proposals, ["enter", "y"], CmdProposalTake, CmdProposalTakeHelp, Rank(1), Undoable, has_proposal,
        accept_one;
    "proposal.accept-all", Proposals, ["A"], CmdProposalAll, CmdProposalAllHelp, Rank(2), Undoable, has_proposals,
        accept_all;
    "proposal.elsewhere", Proposals, ["a"], CmdElsewhere, CmdElsewhereHelp, Rank(3), Safe, has_proposal,
        |_| Msg::Go(Go::Hand(Hand::Elsewhere));
    "lead.twins", Lead, ["="], CmdTwins, CmdTwinsHelp, Hidden, Safe, always,
        |_| open(SheetKind::Twins);
    "twins.keep-first", Twins, ["enter", "1"], CmdKeepFirst, CmdKeepFirstHelp, Rank(1), Undoable, has_pair,
        |_| Msg::Go(Go::Hand(Hand::Merge { keeps_first: true }));
    "twins.keep-second", Twins, ["2"], CmdKeepSecond, CmdKeepSecondHelp, Rank(2), Undoable, has_pair,
        |_| Msg::Go(Go::Hand(Hand::Merge { keeps_first: false }));
    "twins.unmerge", Twins, ["s"], CmdUnmerge, CmdUnmergeHelp, Rank(3), Safe, may_act,
        |_| Msg::Go(Go::Hand(Hand::AskUnmerge));
    "batch.list", Main, ["B"], CmdBatches, CmdBatchesHelp, Hidden, Safe, always,
        |_| open(SheetKind::Batches);
    "batch.undo", Batches, ["u"], CmdBatchUndo, CmdBatchUndoHelp, Rank(1), Undoable, has_batch,
        undo_batch;
    "batch.mine", Batches, ["m"], CmdBatchMine, CmdBatchMineHelp, Rank(2), Safe, always,
        |_| Msg::Go(Go::Hand(Hand::Mine));
    "outbox.list", Main, ["g n"], CmdOutbox, CmdOutboxHelp, Hidden, Safe, always,
        |_| open(SheetKind::Outbox);
    "outbox.retry", Outbox, ["r", "enter"], CmdOutboxRetry, CmdOutboxRetryHelp, Rank(1), Safe, can_retry,
        |_| Msg::Go(Go::Hand(Hand::OutboxRetry));
    "outbox.drop", Outbox, ["x", "delete"], CmdOutboxDrop, CmdOutboxDropHelp, Rank(2), Safe, can_drop,
        |_| Msg::Go(Go::Hand(Hand::OutboxDrop));
    "outbox.all", Outbox, ["m"], CmdOutboxAll, CmdOutboxAllHelp, Rank(3), Safe, always,
        |_| Msg::Go(Go::Hand(Hand::OutboxAll));
    "desk.since", Main, ["g s"], CmdSince, CmdSinceHelp, Hidden, Safe, has_note,
        |_| open(SheetKind::Since);
    "lead.add", Main, ["n"], CmdAdd, CmdAddHelp, Hidden, Safe, may_act,
        |_| open(SheetKind::Add);
    "lead.edit", Lead, ["E"], CmdEdit, CmdEditHelp, Hidden, Safe, can_edit,
        |_| open(SheetKind::Edit);
    "form.accept", Form, ["enter"], CmdFormAccept, CmdFormAcceptHelp, Rank(1), Safe, always,
        |_| Msg::Go(Go::Accept);
    "form.next", Form, ["tab", "down"], CmdFormNext, CmdFormNextHelp, Rank(2), Safe, always,
        |_| Msg::Go(Go::Hand(Hand::Field { forward: true }));
    "form.previous", Form, ["shift-tab", "up"], CmdFormPrevious, CmdFormPreviousHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Hand(Hand::Field { forward: false }));
    "form.close", Form, ["esc"], CmdFormClose, CmdFormCloseHelp, Rank(3), Safe, always,
        |_| Msg::Go(Go::Back);
}

fn open(kind: SheetKind) -> Msg {
    Msg::Go(Go::Hand(Hand::Open(kind)))
}

fn may_act(m: &Model) -> Ready {
    Ready::when(m.may(Role::Coordinator), T::NotAllowed)
}

fn can_edit(m: &Model) -> Ready {
    match has_target(m, Role::Coordinator) {
        Ready::Yes => Ready::when(m.lead().is_some(), T::NoLeadSelected),
        no => no,
    }
}

fn with(m: &Model, is_there: bool, otherwise: T) -> Ready {
    match may_act(m) {
        Ready::Yes => Ready::when(is_there, otherwise),
        no => no,
    }
}

fn has_divert(m: &Model) -> Ready {
    with(m, sheet::selected_divert(m).is_some(), T::NoDivertSelected)
}

fn end_divert(m: &Model) -> Msg {
    sheet::selected_divert(m).map_or(Msg::Tick, |divert| Msg::Order(Order::EndDivert { divert }))
}

fn has_proposal(m: &Model) -> Ready {
    with(m, sheet::selected_proposal(m).is_some(), T::NoProposalSelected)
}

fn has_proposals(m: &Model) -> Ready {
    with(m, !m.desk.proposed().is_empty(), T::NoProposalSelected)
}

fn accept_one(m: &Model) -> Msg {
    let selected = sheet::selected_proposal(m);
    let line = m.desk.proposed().iter().find(|line| Some(line.lead) == selected);
    let seen = line.and_then(|line| Some(((line.lead, m.desk.rev(line.lead)?), line.rep)));
    seen.map_or(Msg::Tick, |(lead, rep)| Msg::Order(Order::Accept { leads: vec![lead], reps: vec![rep] }))
}

fn accept_all(m: &Model) -> Msg {
    let seen =
        m.desk.proposed().iter().filter_map(|line| Some(((line.lead, m.desk.rev(line.lead)?), line.rep)));
    let (leads, reps) = seen.unzip();
    Msg::Order(Order::Accept { leads, reps })
}

fn has_pair(m: &Model) -> Ready {
    with(m, sheet::selected_pair(m).is_some(), T::NoPairSelected)
}

fn has_batch(m: &Model) -> Ready {
    with(m, sheet::selected_batch(m).is_some(), T::NoBatchSelected)
}

fn undo_batch(m: &Model) -> Msg {
    sheet::selected_batch(m).map_or(Msg::Tick, |batch| Msg::Order(Order::Undo { batch }))
}

fn stage(m: &Model) -> Option<Stage> {
    sheet::selected_notice(m).map(|row| row.stage)
}

fn can_retry(m: &Model) -> Ready {
    match (may_act(m), stage(m)) {
        (Ready::Yes, None) => Ready::No(T::NoNoticeSelected.into()),
        (Ready::Yes, Some(stage)) => {
            Ready::when(!matches!(stage, Stage::Sent | Stage::Claimed), T::NoticeIsOut)
        }
        (no, _) => no,
    }
}

fn can_drop(m: &Model) -> Ready {
    match (may_act(m), stage(m)) {
        (Ready::Yes, None) => Ready::No(T::NoNoticeSelected.into()),
        (Ready::Yes, Some(stage)) => {
            Ready::when(!matches!(stage, Stage::Sent | Stage::Dropped), T::NoticeIsOut)
        }
        (no, _) => no,
    }
}

fn has_note(m: &Model) -> Ready {
    Ready::when(m.hand.handover.is_some(), T::NoHandover)
}
