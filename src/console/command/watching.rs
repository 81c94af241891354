//! Looking at alerts in full, all of them, and the weekly review; handling the one that is chosen.

use super::{Ready, always};
use crate::console::model::Model;
use crate::console::msg::{Go, Msg, Order};
use crate::console::text::T;
use crate::console::update::watching::{alert, selected_lead, selected_silence, shown};
use crate::console::watching::{Step, Watching, review};
use crate::engine::AlertWish;
use crate::model::actor::Role;
use crate::model::id::BatchId;
use crate::world::relief::Relieved;

commands! {
    "alert.details", Alerts, ["enter"], CmdAlertDetails, CmdAlertDetailsHelp, Rank(1), Safe, is_open,
        |_| go(Step::Open);
    "alert.acknowledge", Alert, ["a"], CmdAck, CmdAckHelp, Rank(4), Undoable, may_handle,
        |m| handle(m, AlertWish::Acknowledge { until: None });
    "alert.snooze", Alert, ["s"], CmdSnooze, CmdSnoozeHelp, Rank(5), Undoable, may_handle,
        |_| go(Step::Snooze);
    "alert.silence", Alert, ["S"], CmdSilence, CmdSilenceHelp, Rank(33), Undoable, may_handle,
        |_| go(Step::Silence);
    "alert.comment", Alert, ["c"], CmdComment, CmdCommentHelp, Rank(34), Safe, may_handle,
        |_| go(Step::Comment);
    "alert.false-alarm", Alert, ["x"], CmdFalseAlarm, CmdFalseAlarmHelp, Rank(35), Safe, may_handle,
        |_| go(Step::FalseAlarm);
    "alert.reopen", Alert, ["r"], CmdReopen, CmdReopenHelp, Rank(36), Undoable, is_handled,
        |m| handle(m, AlertWish::Reopen);
    "alert.lead", AlertView, ["enter"], CmdAlertLead, CmdAlertLeadHelp, Rank(1), Safe, has_lead,
        |_| go(Step::Lead);
    "alert.undo", AlertView, ["u"], CmdAlertUndo, CmdAlertUndoHelp, Rank(3), Undoable, has_relief,
        |m| relief(m).map_or(Msg::Tick, |batch| Msg::Order(Order::Undo { batch }));
    "alert.list", Main, ["!"], CmdAlertList, CmdAlertListHelp, Hidden, Safe, always,
        |_| go(Step::List);
    "alert.show", AlertList, ["enter"], CmdAlertDetails, CmdAlertDetailsHelp, Rank(1), Safe, is_open,
        |_| go(Step::Open);
    "silence.end", AlertList, ["delete", "E"], CmdSilenceEnd, CmdSilenceEndHelp, Rank(2), Undoable, has_silence,
        |m| selected_silence(m).map_or(Msg::Tick, |silence| Msg::Order(Order::EndSilence { silence }));
    "alert.review", Main, ["g w"], CmdReview, CmdReviewHelp, Hidden, Safe, always,
        |_| go(Step::Review);
    "alert.history", Alert, ["R"], CmdReview, CmdReviewHelp, Hidden, Safe, always,
        |_| go(Step::Review);
    "review.episodes", Review, ["enter"], CmdReviewKind, CmdReviewKindHelp, Rank(1), Safe, has_kind,
        |_| go(Step::Episodes);
    "review.earlier", Review, ["[", "left"], CmdReviewEarlier, CmdReviewEarlierHelp, Rank(2), Safe, always,
        |_| go(Step::Earlier);
    "review.later", Review, ["]", "right"], CmdReviewLater, CmdReviewLaterHelp, Rank(3), Safe, is_past,
        |_| go(Step::Later);
}

const fn go(step: Step) -> Msg {
    Msg::Go(Go::Watch(step))
}

fn is_open(m: &Model) -> Ready {
    Ready::when(alert(m).is_some(), T::NoAlertSelected)
}

fn may_handle(m: &Model) -> Ready {
    if !m.may(Role::Coordinator) {
        return Ready::No(T::NotAllowed.into());
    }
    match shown(m) {
        Some(Watching::One(_)) => Ready::when(alert(m).is_some(), T::AlertOverAlready),
        _ => is_open(m),
    }
}

fn is_handled(m: &Model) -> Ready {
    match may_handle(m) {
        Ready::Yes => Ready::when(alert(m).is_some_and(|a| !a.handling.is_open(m.now)), T::NotHandled),
        no => no,
    }
}

fn handle(m: &Model, wish: AlertWish) -> Msg {
    alert(m).map_or(Msg::Tick, |alert| {
        let (key, episode) = (alert.finding.key, alert.fired_seq);
        Msg::Order(Order::Alert { key, episode, wish, note: String::new() })
    })
}

/// What was done last about the alert in view, and not taken back: also what the book asked for.
fn relief(m: &Model) -> Option<BatchId> {
    let Some(Watching::One(one)) = shown(m) else { return None };
    let of = |r: &&Relieved| (r.key, r.episode) == (one.key(), one.episode()) && !r.is_undone;
    m.desk.world().relieved().iter().rev().find(of).map(|r| r.batch)
}

fn has_relief(m: &Model) -> Ready {
    if !m.may(Role::Coordinator) {
        return Ready::No(T::NotAllowed.into());
    }
    Ready::when(relief(m).is_some(), T::NothingWasDone)
}

fn has_lead(m: &Model) -> Ready {
    Ready::when(selected_lead(m).is_some(), T::NoLeadSelected)
}

fn has_silence(m: &Model) -> Ready {
    if !m.may(Role::Coordinator) {
        return Ready::No(T::NotAllowed.into());
    }
    Ready::when(selected_silence(m).is_some(), T::NoSilenceSelected)
}

fn has_kind(m: &Model) -> Ready {
    let has = matches!(shown(m), Some(Watching::Review(of)) if of.kind.is_none()
        && of.kinds.selected().is_some_and(|kind| review::kinds(of).contains(&kind)));
    Ready::when(has, T::NoKindSelected)
}

fn is_past(m: &Model) -> Ready {
    Ready::when(matches!(shown(m), Some(Watching::Review(of)) if of.back > 0), T::LatestWeek)
}
