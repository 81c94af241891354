//! The rule book: opening it, and what can be done with the draft.

use super::{Ready, always};
use crate::console::model::{Model, Screen};
use crate::console::msg::{Go, Msg, Order};
use crate::console::text::T;

commands! {
    "rules.open", Main, ["e"], CmdRules, CmdRulesHelp, Rank(23), Safe, always,
        |_| Msg::Go(Go::Screen(Screen::Rules));
    "rules.publish", Rules, ["ctrl-s"], CmdPublish, CmdPublishHelp, Rank(1), Destructive, can_publish,
        publish;
    "rules.next-problem", Rules, ["f2"], CmdNextProblem, CmdNextProblemHelp, Rank(2), Safe, has_problems,
        |_| Msg::Go(Go::NextProblem);
    "rules.format", Rules, ["ctrl-o"], CmdFormat, CmdFormatHelp, Rank(3), Safe, has_no_problems,
        format;
    "rules.close", Rules, ["esc"], CmdCloseRules, CmdCloseRulesHelp, Rank(4), Safe, always,
        |_| Msg::Go(Go::Back);
}

fn can_publish(m: &Model) -> Ready {
    if !m.me.may_act {
        Ready::No(T::NotAllowed.into())
    } else if m.draft.text == m.draft.published {
        Ready::No(T::DraftUnchanged.into())
    } else {
        has_no_problems(m)
    }
}

fn has_no_problems(m: &Model) -> Ready {
    Ready::when(m.draft.problems.is_empty(), T::DraftHasProblems)
}

fn has_problems(m: &Model) -> Ready {
    Ready::when(!m.draft.problems.is_empty(), T::NoProblems)
}

fn publish(m: &Model) -> Msg {
    Msg::Order(Order::Publish { text: m.draft.text.clone() })
}

fn format(m: &Model) -> Msg {
    Msg::Order(Order::Format { text: m.draft.text.clone() })
}
