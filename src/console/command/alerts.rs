//! What can be done with the selected alert.

use super::Ready;
use crate::console::desk::AlertLine;
use crate::console::model::Model;
use crate::console::msg::{Go, Msg};
use crate::console::text::T;
use crate::console::update::watching;

commands! {
    "alert.help", Alert, ["1"], CmdAlertHelp, CmdAlertHelpHelp, Rank(2), Undoable, |m| has_remedy(m, 0),
        |m| remedy(m, 0);
    "alert.remedy-2", Alert, ["2"], CmdRemedy2, CmdRemedy2Help, Hidden, Undoable, |m| has_remedy(m, 1),
        |m| remedy(m, 1);
    "alert.remedy-3", Alert, ["3"], CmdRemedy3, CmdRemedy3Help, Hidden, Undoable, |m| has_remedy(m, 2),
        |m| remedy(m, 2);
    "alert.open", Alerts, ["o"], CmdAlertOpen, CmdAlertOpenHelp, Rank(3), Safe, is_about_lead,
        open_lead;
}

fn alert(m: &Model) -> Option<&AlertLine> {
    m.alerts.selected().and_then(|id| m.desk.alert(id))
}

/// How many remedies there are to choose from: those of the pane, or of what is looked at.
fn remedies(m: &Model) -> Option<usize> {
    let id = watching::chosen(m)?;
    if watching::shown(m).is_none() {
        return m.desk.alert(id).filter(|line| !line.is_thinking).map(|line| line.remedies.len());
    }
    let alert = watching::alert(m)?;
    m.desk.offered(id, alert.fired_seq).map(|offered| offered.len())
}

fn has_remedy(m: &Model, choice: usize) -> Ready {
    match (watching::alert(m), remedies(m)) {
        (None, _) => Ready::No(T::NoAlertSelected.into()),
        (Some(_), None) => Ready::No(T::WorkingOut.into()),
        (Some(_), Some(count)) => Ready::when(choice < count, T::NoRemedy),
    }
}

fn remedy(m: &Model, choice: usize) -> Msg {
    watching::chosen(m).map_or(Msg::Tick, |id| Msg::Go(Go::Help(id, choice)))
}

fn is_about_lead(m: &Model) -> Ready {
    Ready::when(alert(m).is_some_and(|alert| alert.lead.is_some()), T::NoLeadSelected)
}

fn open_lead(m: &Model) -> Msg {
    alert(m).and_then(|alert| alert.lead).map_or(Msg::Tick, |lead| Msg::Go(Go::Lead(lead)))
}
