//! What can be done with the selected alert.

use super::Ready;
use crate::console::desk::AlertLine;
use crate::console::model::Model;
use crate::console::msg::{Go, Msg, Order};
use crate::console::text::T;

commands! {
    "alert.help", Alerts, ["enter"], CmdAlertHelp, CmdAlertHelpHelp, Rank(1), Undoable, |m| has_remedy(m, 0),
        |m| remedy(m, 0);
    "alert.remedy-2", Alerts, ["2"], CmdRemedy2, CmdRemedy2Help, Hidden, Undoable, |m| has_remedy(m, 1),
        |m| remedy(m, 1);
    "alert.remedy-3", Alerts, ["3"], CmdRemedy3, CmdRemedy3Help, Hidden, Undoable, |m| has_remedy(m, 2),
        |m| remedy(m, 2);
    "alert.open", Alerts, ["o"], CmdAlertOpen, CmdAlertOpenHelp, Rank(2), Safe, is_about_lead,
        open_lead;
    "alert.acknowledge", Alerts, ["c"], CmdAcknowledge, CmdAcknowledgeHelp, Rank(3), Undoable, can_acknowledge,
        acknowledge;
}

fn alert(m: &Model) -> Option<&AlertLine> {
    m.alerts.selected().and_then(|id| m.desk.alert(id))
}

fn has_remedy(m: &Model, choice: usize) -> Ready {
    match alert(m) {
        _ if !m.me.may_act => Ready::No(T::NotAllowed.into()),
        None => Ready::No(T::NoAlertSelected.into()),
        Some(alert) => Ready::when(choice < alert.remedies.len(), T::NoRemedy),
    }
}

fn remedy(m: &Model, choice: usize) -> Msg {
    alert(m).map_or(Msg::Tick, |alert| Msg::Order(Order::Remedy { alert: alert.id, choice }))
}

fn is_about_lead(m: &Model) -> Ready {
    Ready::when(alert(m).is_some_and(|alert| alert.lead.is_some()), T::NoLeadSelected)
}

fn open_lead(m: &Model) -> Msg {
    alert(m).and_then(|alert| alert.lead).map_or(Msg::Tick, |lead| Msg::Go(Go::Lead(lead)))
}

fn can_acknowledge(m: &Model) -> Ready {
    Ready::when(alert(m).is_some(), T::NoAlertSelected)
}

fn acknowledge(m: &Model) -> Msg {
    alert(m).map_or(Msg::Tick, |alert| Msg::Order(Order::Acknowledge { alert: alert.id }))
}
