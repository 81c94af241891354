//! The form that builds a rule: its answers and the ways through it.

use super::{Ready, always};
use crate::console::build::{Asks, Build, Step};
use crate::console::model::{Model, Overlay};
use crate::console::msg::{Go, Msg};
use crate::console::text::T;
use crate::console::widget::list::Motion;
use crate::model::actor::Role;

commands! {
    "rules.build", Rules, ["ctrl-g"], CmdBuild, CmdBuildHelp, Rank(2), Safe, always,
        |_| Msg::Go(Go::Build(Build::Open));
    "rules.release", Screen, [], CmdUnmatched, CmdUnmatchedHelp, Hidden, Destructive, has_unmatched,
        |_| Msg::Go(Go::Build(Build::Release));
    "build.accept", Build, ["enter"], CmdBuildAccept, CmdBuildAcceptHelp, Rank(1), Safe, always,
        |_| Msg::Go(Go::Build(Build::Accept));
    "build.tick", Build, ["ctrl-t"], CmdBuildTick, CmdBuildTickHelp, Rank(2), Safe, is_many,
        |_| Msg::Go(Go::Build(Build::Tick));
    "build.all", Build, ["ctrl-a"], CmdBuildAll, CmdBuildAllHelp, Rank(6), Safe, is_many,
        |_| Msg::Go(Go::Build(Build::All));
    "build.next", Build, ["tab"], CmdBuildNext, CmdBuildNextHelp, Rank(3), Safe, always,
        |_| Msg::Go(Go::Build(Build::Next));
    "build.previous", Build, ["shift-tab"], CmdBuildPrevious, CmdBuildPreviousHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Build(Build::Previous));
    "build.turn", Build, ["right"], CmdBuildTurn, CmdBuildTurnHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Build(Build::Turn { forward: true }));
    "build.turn-back", Build, ["left"], CmdBuildTurnBack, CmdBuildTurnBackHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Build(Build::Turn { forward: false }));
    "build.remove", Build, ["ctrl-x"], CmdBuildRemove, CmdBuildRemoveHelp, Rank(7), Safe, can_remove,
        |_| Msg::Go(Go::Build(Build::Remove));
    "build.write", Build, ["ctrl-s"], CmdBuildWrite, CmdBuildWriteHelp, Rank(4), Safe, can_write,
        |_| Msg::Go(Go::Build(Build::Write));
    "build.back", Build, ["esc"], CmdBuildBack, CmdBuildBackHelp, Rank(5), Safe, always,
        |_| Msg::Go(Go::Build(Build::Back));
    "build.up", Build, ["up", "ctrl-p"], CmdPickerUp, CmdPickerUpHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Build(Build::Move(Motion::Up)));
    "build.down", Build, ["down", "ctrl-n"], CmdPickerDown, CmdPickerDownHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Build(Build::Move(Motion::Down)));
    "build.page-up", Build, ["pageup"], CmdPickerPageUp, CmdPickerPageUpHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Build(Build::Move(Motion::PageUp)));
    "build.page-down", Build, ["pagedown"], CmdPickerPageDown, CmdPickerPageDownHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Build(Build::Move(Motion::PageDown)));
}

fn building(m: &Model) -> Option<&crate::console::build::Building> {
    match m.overlays.last() {
        Some(Overlay::Build(building)) => Some(building),
        _ => None,
    }
}

fn has_unmatched(m: &Model) -> Ready {
    if !m.may(Role::Coordinator) {
        return Ready::No(T::NotAllowed.into());
    }
    Ready::when(m.desk.unmatched().next().is_some(), T::NothingUnmatched)
}

fn is_many(m: &Model) -> Ready {
    Ready::when(building(m).is_some_and(|b| b.asks() == Asks::Many), T::OneAnswer)
}

fn can_remove(m: &Model) -> Ready {
    let can = |b: &crate::console::build::Building| {
        b.asks() == Asks::Many || (b.step == Step::Which && !b.asked().rows.is_empty())
    };
    Ready::when(building(m).is_some_and(can), T::NothingToRemove)
}

fn can_write(m: &Model) -> Ready {
    match building(m) {
        Some(b) if b.is_whole() => Ready::Yes,
        Some(b) => Ready::No(b.lacks().into()),
        None => Ready::No(T::NotHere.into()),
    }
}
