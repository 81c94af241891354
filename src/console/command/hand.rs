//! What a coordinator does by hand beyond one lead: the pool, and how an assignment counts.

use super::lead::{can_when, has_target};
use super::{Ready, always};
use crate::console::handwork::Hand;
use crate::console::model::{Model, OverlayKind};
use crate::console::msg::{Go, Msg, Order};
use crate::console::text::T;
use crate::model::actor::Role;

commands! {
    "lead.pool", Lead, ["P"], CmdPool, CmdPoolHelp, Hidden, Undoable, can_pool,
        |_| Msg::Go(Go::Open(OverlayKind::Pool));
    "lead.claim", Lead, ["c"], CmdClaim, CmdClaimHelp, Hidden, Undoable, can_claim,
        |m| Msg::Order(Order::Claim { leads: m.targets() });
    "desk.redo", Main, ["U", "ctrl-r"], CmdRedo, CmdRedoHelp, Hidden, Undoable, can_redo,
        |m| m.hand.redo.last().map_or(Msg::Tick, |(batch, _)| Msg::Order(Order::Redo { batch: *batch }));
    "queue.pool", Main, ["g p"], CmdShowPool, CmdShowPoolHelp, Hidden, Safe, has_pool,
        |_| Msg::Go(Go::Hand(Hand::ShowPool));
    "assign.force", Assign, ["ctrl-o"], CmdForce, CmdForceHelp, Rank(3), Safe, always,
        |_| Msg::Go(Go::Hand(Hand::Force));
    "assign.turn", Assign, ["tab"], CmdTurn, CmdTurnHelp, Rank(4), Safe, always,
        |_| Msg::Go(Go::Hand(Hand::Turn));
}

fn can_redo(m: &Model) -> Ready {
    if !m.may(Role::Coordinator) {
        return Ready::No(T::NotAllowed.into());
    }
    Ready::when(!m.hand.redo.is_empty(), T::NothingToRedo)
}

fn has_pool(m: &Model) -> Ready {
    Ready::when(m.desk.world().book().pool.is_some(), T::NoPoolInBook)
}

fn can_pool(m: &Model) -> Ready {
    match has_pool(m) {
        Ready::Yes => can_when(m, Role::Coordinator, |lead| lead.pooled_since.is_none(), T::AlreadyPooled),
        no => no,
    }
}

/// Only a rep may claim, in their own name.
fn can_claim(m: &Model) -> Ready {
    match (has_pool(m), has_target(m, Role::Rep)) {
        (Ready::Yes, Ready::Yes) => {}
        (Ready::Yes, no) | (no, _) => return no,
    }
    if m.desk.world().rep_of_login(&m.me.name).is_none() {
        return Ready::No(T::OnlyRepsClaim.into());
    }
    can_when(m, Role::Rep, |lead| lead.pooled_since.is_some(), T::NotInThePool)
}
