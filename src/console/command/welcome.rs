//! What an empty desk offers.

use super::Ready;
use crate::console::model::Model;
use crate::console::msg::{Msg, Order};
use crate::console::text::T;

commands! {
    "start.import", Welcome, ["i"], CmdImport, CmdImportHelp, Rank(1), Undoable, is_new,
        |_| Msg::Order(Order::Import);
    "start.sample", Welcome, ["s"], CmdSample, CmdSampleHelp, Rank(2), Undoable, is_new,
        |_| Msg::Order(Order::LoadSample);
    "start.demo", Welcome, ["d"], CmdDemo, CmdDemoHelp, Rank(3), Undoable, is_new,
        |_| Msg::Order(Order::LoadDemo);
}

fn is_new(m: &Model) -> Ready {
    if !m.me.may_act { Ready::No(T::NotAllowed.into()) } else { Ready::when(m.desk.is_new(), T::OnlyWaiting) }
}
