//! What can be done with the selected rep.

use super::Ready;
use crate::console::desk::Presence;
use crate::console::model::{Model, OverlayKind};
use crate::console::msg::{Go, Msg, Order};
use crate::console::text::T;
use crate::model::actor::Role;

commands! {
    "rep.duty", Loads, ["d"], CmdDuty, CmdDutyHelp, Rank(1), Undoable, can_set_duty,
        toggle_duty;
    "rep.cap", Loads, ["c"], CmdRepCap, CmdRepCapHelp, Rank(2), Undoable, can_set_cap,
        |_| Msg::Go(Go::Open(OverlayKind::Cap));
}

fn has_rep(m: &Model, needs: Role, otherwise: T) -> Ready {
    if !m.may(needs) { Ready::No(otherwise.into()) } else { Ready::when(m.rep().is_some(), T::NoRepSelected) }
}

fn can_set_duty(m: &Model) -> Ready {
    has_rep(m, Role::Coordinator, T::NotAllowed)
}

fn can_set_cap(m: &Model) -> Ready {
    has_rep(m, Role::Supervisor, T::NeedsSupervisor)
}

fn toggle_duty(m: &Model) -> Msg {
    m.rep().map_or(Msg::Tick, |rep| {
        Msg::Order(Order::SetDuty { rep: rep.id, is_on: rep.presence == Presence::OffDuty })
    })
}
