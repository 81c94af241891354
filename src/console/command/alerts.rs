//! What can be done with the selected alert.

use super::Ready;
use crate::console::desk::AlertLine;
use crate::console::model::Model;
use crate::console::msg::{Go, Msg};
use crate::console::text::T;

commands! {
    "alert.help", Alerts, ["enter", "1"], CmdAlertHelp, CmdAlertHelpHelp, Rank(1), Safe, |m| has_remedy(m, 0),
        |m| remedy(m, 0);
    "alert.remedy-2", Alerts, ["2"], CmdRemedy2, CmdRemedy2Help, Hidden, Safe, |m| has_remedy(m, 1),
        |m| remedy(m, 1);
    "alert.remedy-3", Alerts, ["3"], CmdRemedy3, CmdRemedy3Help, Hidden, Safe, |m| has_remedy(m, 2),
        |m| remedy(m, 2);
    "alert.open", Alerts, ["o"], CmdAlertOpen, CmdAlertOpenHelp, Rank(2), Safe, is_about_lead,
        open_lead;
}

fn alert(m: &Model) -> Option<&AlertLine> {
    m.alerts.selected().and_then(|id| m.desk.alert(id))
}

fn has_remedy(m: &Model, choice: usize) -> Ready {
    match alert(m) {
        None => Ready::No(T::NoAlertSelected.into()),
        Some(alert) => Ready::when(choice < alert.remedies.len(), T::NoRemedy),
    }
}

fn remedy(m: &Model, choice: usize) -> Msg {
    alert(m).map_or(Msg::Tick, |alert| Msg::Go(Go::Help(alert.id, choice)))
}

fn is_about_lead(m: &Model) -> Ready {
    Ready::when(alert(m).is_some_and(|alert| alert.lead.is_some()), T::NoLeadSelected)
}

fn open_lead(m: &Model) -> Msg {
    alert(m).and_then(|alert| alert.lead).map_or(Msg::Tick, |lead| Msg::Go(Go::Lead(lead)))
}
