//! The desk as a whole and the program itself.

use super::{Ready, always};
use crate::console::model::{Model, OverlayKind};
use crate::console::msg::{App, Go, Msg, Order};
use crate::console::text::T;
use crate::model::actor::Role;
use crate::model::mode::Mode;

commands! {
    "desk.undo", Main, ["u"], CmdUndo, CmdUndoHelp, Rank(20), Undoable, can_undo,
        undo;
    "engine.mode", Main, ["m"], CmdMode, CmdModeHelp, Rank(21), Undoable, may_act,
        toggle_mode;
    "desk.import", Main, ["I"], CmdImport, CmdImportHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Open(OverlayKind::Import));
    "app.help", Screen, ["?", "f1"], CmdHelp, CmdHelpHelp, Rank(31), Safe, always,
        |_| Msg::Go(Go::Open(OverlayKind::Help));
    "app.palette", Screen, [":", "ctrl-p"], CmdPalette, CmdPaletteHelp, Rank(30), Safe, always,
        |_| Msg::Go(Go::Open(OverlayKind::Palette));
    "app.language", Screen, ["L"], CmdLang, CmdLangHelp, Hidden, Safe, always,
        |_| Msg::App(App::SwitchLang);
    "app.mouse", Screen, ["M"], CmdMouse, CmdMouseHelp, Hidden, Safe, always,
        |_| Msg::App(App::ToggleMouse);
    "app.quit", Screen, ["q"], CmdQuit, CmdQuitHelp, Rank(40), Safe, always,
        |_| Msg::App(App::Quit);
    "app.redraw", Global, ["ctrl-l"], CmdRedraw, CmdRedrawHelp, Hidden, Safe, always,
        |_| Msg::App(App::Redraw);
    "app.suspend", Global, ["ctrl-z"], CmdSuspend, CmdSuspendHelp, Hidden, Safe, always,
        |_| Msg::App(App::Suspend);
    "app.interrupt", Global, ["ctrl-c"], CmdInterrupt, CmdInterruptHelp, Hidden, Safe, always,
        |_| Msg::App(App::Interrupt);
}

fn may_act(m: &Model) -> Ready {
    Ready::when(m.may(Role::Coordinator), T::NotAllowed)
}

fn can_undo(m: &Model) -> Ready {
    if !m.may(Role::Rep) {
        return Ready::No(T::NotAllowed.into());
    }
    Ready::when(m.desk.last_own().is_some(), T::NothingToUndo)
}

fn undo(m: &Model) -> Msg {
    m.desk.last_own().map_or(Msg::Tick, |(batch, _)| Msg::Order(Order::Undo { batch: *batch }))
}

fn toggle_mode(m: &Model) -> Msg {
    Msg::Order(Order::SetMode(match m.desk.summary().mode {
        Mode::Auto => Mode::Assist,
        Mode::Assist => Mode::Paused,
        Mode::Paused => Mode::Auto,
    }))
}
