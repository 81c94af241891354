//! What-if beside the rule editor.

use super::{Ready, always};
use crate::console::model::Model;
use crate::console::msg::{Go, Msg};
use crate::console::text::T;
use crate::console::whatif::Step;

commands! {
    "whatif.range", Rules, ["ctrl-t"], CmdRange, CmdRangeHelp, Rank(6), Safe, always,
        |_| Msg::Go(Go::WhatIf(Step::Range));
    "whatif.tables", Rules, ["alt-t"], CmdTables, CmdTablesHelp, Hidden, Safe, is_below,
        |_| Msg::Go(Go::WhatIf(Step::Tall));
    "whatif.hands", Rules, ["f12"], CmdHands, CmdHandsHelp, Rank(7), Safe, has_preview,
        |_| Msg::Go(Go::WhatIf(Step::Hands));
    "whatif.why", WhatIf, ["enter"], CmdHandsWhy, CmdHandsWhyHelp, Rank(1), Safe, has_lead,
        |_| Msg::Go(Go::WhatIf(Step::Why));
}

fn has_preview(m: &Model) -> Ready {
    Ready::when(m.what_if.shown.is_some(), T::NoPreview)
}

/// Where there is room beside the editor the tables stand there.
fn is_below(m: &Model) -> Ready {
    Ready::when(m.size.cols < crate::console::view::WIDE_COLS, T::TablesBeside)
}

fn has_lead(m: &Model) -> Ready {
    Ready::when(crate::console::update::whatif::selected(m).is_some(), T::NoLeadSelected)
}
