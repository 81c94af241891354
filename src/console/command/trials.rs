//! A draft on trial: how it stands, starting one, ending it.

use super::{Ready, always};
use crate::console::handwork::{Hand, SheetKind};
use crate::console::model::Model;
use crate::console::msg::{Go, Msg, Order};
use crate::console::text::T;
use crate::console::update::sheet;
use crate::model::actor::Role;

commands! {
    "rules.trial", Rules, ["f10"], CmdTrial, CmdTrialHelp, Rank(8), Safe, always,
        |_| Msg::Go(Go::Hand(Hand::Open(SheetKind::Trial)));
    "trial.show", Main, [], CmdTrialShow, CmdTrialShowHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Hand(Hand::Open(SheetKind::Trial)));
    "trial.start", Trial, ["enter", "n"], CmdTrialStart, CmdTrialStartHelp, Rank(1), Safe, can_start,
        |_| Msg::Go(Go::Hand(Hand::StartTrial));
    "trial.stop", Trial, ["x", "delete"], CmdTrialStop, CmdTrialStopHelp, Rank(2), Undoable, can_stop,
        |_| Msg::Order(Order::StopTrial);
}

fn can_start(m: &Model) -> Ready {
    match (m.may(Role::Supervisor), sheet::hinders_trial(m)) {
        (false, _) => Ready::No(T::NotAllowed.into()),
        (true, Some(why)) => Ready::No(why.into()),
        (true, None) => Ready::Yes,
    }
}

fn can_stop(m: &Model) -> Ready {
    match m.may(Role::Supervisor) {
        false => Ready::No(T::NotAllowed.into()),
        true => Ready::when(m.desk.world().trial_on().is_some(), T::TrialNone),
    }
}
