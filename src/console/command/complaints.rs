//! Complaints: making one about a lead, the list of open ones, ruling.

use super::lead::has_target;
use super::{Ready, always};
use crate::console::model::{Model, OverlayKind};
use crate::console::msg::{Go, Msg};
use crate::console::text::T;
use crate::console::update::watching::selected_complaint;
use crate::console::watching::Step;
use crate::model::actor::Role;

commands! {
    "lead.complain", Lead, ["C"], CmdComplain, CmdComplainHelp, Hidden, Undoable, may_complain,
        |_| Msg::Go(Go::Open(OverlayKind::Complain));
    "complaint.list", Main, ["g k"], CmdComplaints, CmdComplaintsHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Watch(Step::Complaints));
    "complaint.uphold", Complaints, ["y"], CmdUphold, CmdUpholdHelp, Rank(2), Undoable, may_rule,
        |_| Msg::Go(Go::Watch(Step::Uphold));
    "complaint.reject", Complaints, ["x"], CmdReject, CmdRejectHelp, Rank(3), Undoable, may_rule,
        |_| Msg::Go(Go::Watch(Step::Reject));
    "complaint.lead", Complaints, ["enter"], CmdAlertLead, CmdComplaintLeadHelp, Rank(1), Safe, has_complaint,
        |_| Msg::Go(Go::Watch(Step::Lead));
}

fn may_complain(m: &Model) -> Ready {
    match has_target(m, Role::Rep) {
        Ready::Yes => Ready::when(m.lead().is_some(), T::NoLeadSelected),
        no => no,
    }
}

fn has_complaint(m: &Model) -> Ready {
    Ready::when(selected_complaint(m).is_some(), T::NoComplaintSelected)
}

fn may_rule(m: &Model) -> Ready {
    if m.may(Role::Supervisor) { has_complaint(m) } else { Ready::No(T::NeedsSupervisor.into()) }
}
