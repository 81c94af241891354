//! Marking leads, so that a command goes to all of them.

use super::Ready;
use crate::console::handwork::Marking;
use crate::console::model::Model;
use crate::console::msg::{Go, Msg};
use crate::console::text::T;

commands! {
    "mark.range", Queue, ["V"], CmdMarkRange, CmdMarkRangeHelp, Hidden, Safe, has_lead,
        |_| Msg::Go(Go::Marks(Marking::Range));
    "mark.all", Queue, ["A"], CmdMarkAll, CmdMarkAllHelp, Hidden, Safe, has_rows,
        |_| Msg::Go(Go::Marks(Marking::All));
    "mark.invert", Queue, ["i"], CmdMarkInvert, CmdMarkInvertHelp, Hidden, Safe, has_rows,
        |_| Msg::Go(Go::Marks(Marking::Invert));
    "mark.clear", Queue, ["-"], CmdMarkClear, CmdMarkClearHelp, Hidden, Safe, has_marks,
        |_| Msg::Go(Go::Marks(Marking::Clear));
    "mark.up", Queue, ["shift-up"], CmdMarkUp, CmdMarkUpHelp, Hidden, Safe, has_lead,
        |_| Msg::Go(Go::Marks(Marking::Up));
    "mark.down", Queue, ["shift-down"], CmdMarkDown, CmdMarkDownHelp, Hidden, Safe, has_lead,
        |_| Msg::Go(Go::Marks(Marking::Down));
}

fn has_lead(m: &Model) -> Ready {
    Ready::when(m.lead().is_some(), T::NoLeadSelected)
}

fn has_rows(m: &Model) -> Ready {
    Ready::when(!m.desk.queue().is_empty(), T::NothingShown)
}

fn has_marks(m: &Model) -> Ready {
    Ready::when(!m.marks.is_empty(), T::NothingMarked)
}
