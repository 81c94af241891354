//! The rule book: opening it, what can be done with the draft, and the keys of its sheets.

use super::{Ready, always};
use crate::console::draft::find::Finding;
use crate::console::draft::merge::Side;
use crate::console::draft::sheet::RuleSheet;
use crate::console::draft::step::Step;
use crate::console::model::{Model, Overlay, Screen};
use crate::console::msg::{Go, Msg};
use crate::console::text::T;
use crate::console::update::rules::selected_version;
use crate::model::actor::Role;

commands! {
    "rules.open", Main, ["e"], CmdRules, CmdRulesHelp, Rank(23), Safe, always,
        |_| Msg::Go(Go::Screen(Screen::Rules));
    "rules.publish", Rules, ["ctrl-s"], CmdPublish, CmdPublishHelp, Rank(1), Undoable, can_publish,
        |_| step(Step::Publish);
    "rules.fix", Rules, ["f3", "alt-enter"], CmdFix, CmdFixHelp, Rank(2), Safe, has_fix,
        |_| Msg::Go(Go::Fix);
    "rules.next-problem", Rules, ["f2"], CmdNextProblem, CmdNextProblemHelp, Rank(3), Safe, has_problems,
        |_| Msg::Go(Go::NextProblem);
    "rules.complete", Rules, ["tab"], CmdOffer, CmdOfferHelp, Rank(4), Safe, always,
        |_| step(Step::Offer);
    "rules.outline", Rules, ["f5"], CmdOutline, CmdOutlineHelp, Rank(6), Safe, always,
        |_| step(Step::Outline);
    "rules.history", Rules, ["f4"], CmdVersions, CmdVersionsHelp, Rank(7), Safe, always,
        |_| step(Step::Versions);
    "rules.find", Rules, ["ctrl-f"], CmdFind, CmdFindHelp, Rank(8), Safe, always,
        |_| step(Step::Find { replaces: false });
    "rules.replace", Rules, ["ctrl-r"], CmdReplace, CmdReplaceHelp, Hidden, Safe, always,
        |_| step(Step::Find { replaces: true });
    "rules.undo", Rules, ["ctrl-u"], CmdRuleUndo, CmdRuleUndoHelp, Rank(9), Safe, can_undo,
        |_| step(Step::Undo);
    "rules.redo", Rules, ["ctrl-y"], CmdRuleRedo, CmdRuleRedoHelp, Hidden, Safe, can_redo,
        |_| step(Step::Redo);
    "rules.format", Rules, ["ctrl-o"], CmdFormat, CmdFormatHelp, Rank(11), Safe, has_no_errors,
        |_| Msg::Go(Go::Format);
    "rules.read", Rules, ["f6"], CmdSentences, CmdSentencesHelp, Rank(10), Safe, always,
        |_| step(Step::Sentences);
    "rules.close", Rules, ["esc"], CmdCloseRules, CmdCloseRulesHelp, Rank(5), Safe, always,
        |_| Msg::Go(Go::Back);
    "rule.up", Rule, ["alt-up", "f7"], CmdRuleUp, CmdRuleUpHelp, Rank(12), Safe, has_rule,
        |_| step(Step::Move { up: true });
    "rule.down", Rule, ["alt-down", "f8"], CmdRuleDown, CmdRuleDownHelp, Rank(13), Safe, has_rule,
        |_| step(Step::Move { up: false });
    "rule.comment", Rule, ["f9", "ctrl-7"], CmdRuleComment, CmdRuleCommentHelp, Rank(14), Safe, always,
        |_| step(Step::Comment);
    "offers.take", Offers, ["enter", "tab"], CmdOfferTake, CmdOfferTakeHelp, Rank(1), Safe, always,
        |_| step(Step::TakeOffer);
    "offers.next", Offers, ["down", "ctrl-n"], CmdNextOffer, CmdNextOfferHelp, Rank(2), Safe, always,
        |_| step(Step::NextOffer);
    "offers.previous", Offers, ["up", "ctrl-p"], CmdPreviousOffer, CmdPreviousOfferHelp, Hidden, Safe, always,
        |_| step(Step::PreviousOffer);
    "offers.close", Offers, ["esc"], CmdOfferClose, CmdOfferCloseHelp, Rank(3), Safe, always,
        |_| step(Step::CloseOffers);
    "find.next", Find, ["enter", "down"], CmdFindNext, CmdFindNextHelp, Rank(1), Safe, always,
        |_| step(Step::FindNext { back: false });
    "find.previous", Find, ["up"], CmdFindPrevious, CmdFindPreviousHelp, Rank(2), Safe, always,
        |_| step(Step::FindNext { back: true });
    "find.field", Find, ["tab", "ctrl-r"], CmdFindField, CmdFindFieldHelp, Rank(3), Safe, always,
        |_| step(Step::OtherField);
    "find.all", Find, ["ctrl-a"], CmdReplaceAll, CmdReplaceAllHelp, Rank(4), Safe, is_replacing,
        |_| step(Step::ReplaceAll);
    "find.close", Find, ["esc"], CmdFindClose, CmdFindCloseHelp, Rank(5), Safe, always,
        |_| Msg::Go(Go::Back);
    "publish.now", Publish, ["enter"], CmdPublishNow, CmdPublishNowHelp, Rank(1), Undoable, is_supervisor,
        |_| step(Step::Do);
    "publish.page-up", Publish, ["pageup", "up"], CmdScrollUp, CmdScrollUpHelp, Hidden, Safe, always,
        |_| step(Step::Scroll { up: true });
    "publish.page-down", Publish, ["pagedown", "down"], CmdScrollDown, CmdScrollDownHelp, Rank(3), Safe, always,
        |_| step(Step::Scroll { up: false });
    "publish.close", Publish, ["esc"], CmdPublishClose, CmdPublishCloseHelp, Rank(2), Safe, always,
        |_| Msg::Go(Go::Back);
    "merge.mine", Merge, ["m", "right"], CmdTakeMine, CmdTakeMineHelp, Rank(1), Safe, has_item,
        |_| step(Step::Take(Side::Mine));
    "merge.theirs", Merge, ["t", "left"], CmdTakeTheirs, CmdTakeTheirsHelp, Rank(2), Safe, has_item,
        |_| step(Step::Take(Side::Theirs));
    "merge.join", Merge, ["enter"], CmdMergeDone, CmdMergeDoneHelp, Rank(3), Safe, all_chosen,
        |_| step(Step::Do);
    "version.compare", Versions, ["enter"], CmdCompare, CmdCompareHelp, Rank(1), Safe, has_version,
        |_| step(Step::Do);
    "version.mark", Versions, ["space"], CmdVersionMark, CmdVersionMarkHelp, Rank(2), Safe, has_version,
        |_| step(Step::Mark);
    "version.roll-back", Versions, ["R"], CmdRollBack, CmdRollBackHelp, Rank(3), Undoable, can_roll_back,
        |_| step(Step::RollBack);
    "left-draft.take-up", LeftDraft, ["enter"], CmdTakeUp, CmdTakeUpHelp, Rank(1), Safe, always,
        |_| step(Step::Do);
    "left-draft.throw-away", LeftDraft, ["x", "delete"], CmdThrowAway, CmdThrowAwayHelp, Rank(2), Safe, always,
        |_| step(Step::Discard);
    "left-draft.later", LeftDraft, ["esc"], CmdLater, CmdLaterHelp, Rank(3), Safe, always,
        |_| step(Step::Later);
}

fn step(step: Step) -> Msg {
    Msg::Go(Go::Rules(step))
}

fn is_supervisor(m: &Model) -> Ready {
    Ready::when(m.may(Role::Supervisor), T::NeedsSupervisor)
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

/// Problems of a text that is no longer there hinder nothing; the desk itself refuses a book with errors.
fn has_no_errors(m: &Model) -> Ready {
    if *m.draft.checked != *m.draft.editor.text() {
        return Ready::Yes;
    }
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

fn can_undo(m: &Model) -> Ready {
    Ready::when(m.draft.editor.can_undo(), T::NothingWritten)
}

fn can_redo(m: &Model) -> Ready {
    Ready::when(m.draft.editor.can_redo(), T::NothingTakenBack)
}

fn has_rule(m: &Model) -> Ready {
    Ready::when(!m.draft.editor.text().is_empty(), T::NoRuleHere)
}

fn sheet(m: &Model) -> Option<&RuleSheet> {
    match m.overlays.last() {
        Some(Overlay::Rules(sheet)) => Some(sheet),
        _ => None,
    }
}

fn is_replacing(m: &Model) -> Ready {
    let has_second =
        matches!(sheet(m), Some(RuleSheet::Find(Finding { replace: Some(_), find, .. })) if !find.is_empty());
    Ready::when(has_second, T::NotHere)
}

fn has_item(m: &Model) -> Ready {
    let is_there = matches!(sheet(m), Some(RuleSheet::Merge(merging)) if merging.list.selected().is_some());
    Ready::when(is_there, T::NotHere)
}

fn all_chosen(m: &Model) -> Ready {
    let is_chosen = matches!(sheet(m), Some(RuleSheet::Merge(merging)) if merging.merge.open() == 0);
    Ready::when(is_chosen, T::MergeFirst)
}

fn has_version(m: &Model) -> Ready {
    Ready::when(selected_version(m).is_some(), T::NoVersionSelected)
}

fn can_roll_back(m: &Model) -> Ready {
    if !m.may(Role::Supervisor) {
        return Ready::No(T::NeedsSupervisor.into());
    }
    match selected_version(m) {
        None => Ready::No(T::NoVersionSelected.into()),
        Some(version) => Ready::when(version != m.desk.world().published().version, T::IsInForce),
    }
}
