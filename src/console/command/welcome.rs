//! What an empty desk offers.

use super::{Ready, always};
use crate::console::model::{Model, OverlayKind};
use crate::console::msg::{Errand, Go, Msg, Order};
use crate::console::text::T;
use crate::model::actor::Role;

commands! {
    "start.import", Welcome, ["i"], CmdImport, CmdImportHelp, Rank(1), Safe, always,
        |_| Msg::Go(Go::Open(OverlayKind::Import));
    "start.sample", Welcome, ["s"], CmdSample, CmdSampleHelp, Rank(2), Undoable, is_new,
        |_| Msg::Order(Order::Sample);
    "start.demo", Welcome, ["d"], CmdDemo, CmdDemoHelp, Rank(3), Safe, always,
        |_| Msg::Leave(Errand::Demo);
}

fn is_new(m: &Model) -> Ready {
    if !m.may(Role::Supervisor) {
        Ready::No(T::NeedsSupervisor.into())
    } else {
        Ready::when(m.desk.is_new(), T::OnlyWaiting)
    }
}
