//! The rule book: opening it, and what can be done with the draft.

use super::{Ready, always};
use crate::console::model::{Model, OverlayKind, Screen};
use crate::console::msg::{Go, Msg};
use crate::console::text::T;
use crate::model::actor::Role;

commands! {
    "rules.open", Main, ["e"], CmdRules, CmdRulesHelp, Rank(23), Safe, always,
        |_| Msg::Go(Go::Screen(Screen::Rules));
    "rules.publish", Rules, ["ctrl-s"], CmdPublish, CmdPublishHelp, Rank(1), Undoable, can_publish,
        |_| Msg::Go(Go::Open(OverlayKind::Publish));
    "rules.next-problem", Rules, ["f2"], CmdNextProblem, CmdNextProblemHelp, Rank(2), Safe, has_problems,
        |_| Msg::Go(Go::NextProblem);
    "rules.fix", Rules, ["ctrl-f"], CmdFix, CmdFixHelp, Rank(3), Safe, has_fix,
        |_| Msg::Go(Go::Fix);
    "rules.format", Rules, ["ctrl-o"], CmdFormat, CmdFormatHelp, Rank(4), Safe, has_no_errors,
        |_| Msg::Go(Go::Format);
    "rules.close", Rules, ["esc"], CmdCloseRules, CmdCloseRulesHelp, Rank(5), Safe, always,
        |_| Msg::Go(Go::Back);
}

fn can_publish(m: &Model) -> Ready {
    if !m.may(Role::Supervisor) {
        Ready::No(T::NeedsSupervisor.into())
    } else if !m.draft.is_changed() {
        Ready::No(T::DraftUnchanged.into())
    } else {
        has_no_errors(m)
    }
}

fn has_no_errors(m: &Model) -> Ready {
    Ready::when(m.draft.problems.iter().all(|problem| !problem.is_error), T::DraftHasProblems)
}

fn has_problems(m: &Model) -> Ready {
    Ready::when(!m.draft.problems.is_empty(), T::NoProblems)
}

fn has_fix(m: &Model) -> Ready {
    let line = m.draft.editor.cursor().0;
    let is_fixable = m.draft.problems.iter().any(|problem| problem.line == line && problem.fix.is_some());
    Ready::when(is_fixable, T::NoFix)
}
