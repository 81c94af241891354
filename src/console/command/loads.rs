//! What can be done with the selected rep.

use super::Ready;
use crate::console::desk::Presence;
use crate::console::model::Model;
use crate::console::msg::{Msg, Order};
use crate::console::text::T;

commands! {
    "rep.duty", Loads, ["d"], CmdDuty, CmdDutyHelp, Rank(1), Undoable, can_set_duty,
        toggle_duty;
}

fn can_set_duty(m: &Model) -> Ready {
    if !m.me.may_act {
        Ready::No(T::NotAllowed.into())
    } else {
        Ready::when(m.rep().is_some(), T::NoRepSelected)
    }
}

fn toggle_duty(m: &Model) -> Msg {
    m.rep().map_or(Msg::Tick, |rep| {
        Msg::Order(Order::SetDuty { rep: rep.id, is_on: rep.presence != Presence::OnDuty })
    })
}
