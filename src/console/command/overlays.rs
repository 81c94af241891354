//! Pickers, prompts, confirmations and cards: choosing and leaving.

use super::{Ready, always};
use crate::console::model::{Model, Overlay, OverlayKind, Purpose};
use crate::console::msg::{Go, Msg};
use crate::console::text::T;
use crate::console::widget::list::Motion;

commands! {
    "filter.clear", Filter, ["esc"], CmdFilterClear, CmdFilterClearHelp, Rank(2), Safe, always,
        |_| Msg::Go(Go::Back);
    "picker.accept", Picker, ["enter"], CmdAccept, CmdAcceptHelp, Rank(1), Safe, always,
        |_| Msg::Go(Go::Accept);
    "picker.close", Picker, ["esc"], CmdPickerClose, CmdPickerCloseHelp, Rank(2), Safe, always,
        |_| Msg::Go(Go::Back);
    "picker.up", Picker, ["up", "ctrl-p"], CmdPickerUp, CmdPickerUpHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Move(Motion::Up));
    "picker.down", Picker, ["down", "ctrl-n"], CmdPickerDown, CmdPickerDownHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Move(Motion::Down));
    "picker.page-up", Picker, ["pageup"], CmdPickerPageUp, CmdPickerPageUpHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Move(Motion::PageUp));
    "picker.page-down", Picker, ["pagedown"], CmdPickerPageDown, CmdPickerPageDownHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Move(Motion::PageDown));
    "prompt.accept", Prompt, ["enter"], CmdPromptAccept, CmdPromptAcceptHelp, Rank(1), Safe, has_reason,
        |_| Msg::Go(Go::Accept);
    "prompt.close", Prompt, ["esc"], CmdPromptClose, CmdPromptCloseHelp, Rank(2), Safe, always,
        |_| Msg::Go(Go::Back);
    "why.not", Why, ["n"], CmdWhyNot, CmdWhyNotHelp, Rank(1), Safe, always,
        |_| Msg::Go(Go::Open(OverlayKind::WhyNot));
    "confirm.yes", Confirm, ["enter", "y"], CmdConfirm, CmdConfirmHelp, Rank(1), Safe, always,
        |_| Msg::Go(Go::Accept);
    "overlay.close", Overlay, ["esc", "q"], CmdClose, CmdCloseHelp, Rank(2), Safe, always,
        |_| Msg::Go(Go::Back);
}

fn has_reason(m: &Model) -> Ready {
    match m.overlays.last() {
        Some(Overlay::Prompt { purpose: Purpose::Cap(_), field }) => {
            let text = field.text().trim();
            Ready::when(text.is_empty() || text.parse::<u32>().is_ok(), T::BadCap)
        }
        Some(Overlay::Prompt { purpose, field }) => {
            Ready::when(purpose.may_be_empty() || !field.text().trim().is_empty(), T::NoReason)
        }
        _ => Ready::Yes,
    }
}
