//! Moving within lists and between panes.

use super::always;
use crate::console::model::Pane;
use crate::console::msg::{Go, Msg};
use crate::console::widget::list::Motion;

commands! {
    "list.up", List, ["up", "k"], CmdUp, CmdUpHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Move(Motion::Up));
    "list.down", List, ["down", "j"], CmdDown, CmdDownHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Move(Motion::Down));
    "list.page-up", List, ["pageup", "ctrl-b"], CmdPageUp, CmdPageUpHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Move(Motion::PageUp));
    "list.page-down", List, ["pagedown", "ctrl-f"], CmdPageDown, CmdPageDownHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Move(Motion::PageDown));
    "list.home", List, ["home", "g g"], CmdHome, CmdHomeHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Move(Motion::Home));
    "list.end", List, ["end", "G"], CmdEnd, CmdEndHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Move(Motion::End));
    "pane.next", Main, ["tab"], CmdNextPane, CmdNextPaneHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::NextPane);
    "pane.previous", Main, ["shift-tab"], CmdPreviousPane, CmdPreviousPaneHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::PreviousPane);
    "pane.queue", Main, ["g q", "alt-1"], CmdGoQueue, CmdGoQueueHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Focus(Pane::Queue));
    "pane.loads", Main, ["g l", "alt-2"], CmdGoLoads, CmdGoLoadsHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Focus(Pane::Loads));
    "pane.alerts", Main, ["g a", "alt-3"], CmdGoAlerts, CmdGoAlertsHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Focus(Pane::Alerts));
    "pane.lead", Main, ["g d", "alt-4"], CmdGoLead, CmdGoLeadHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Focus(Pane::Lead));
    "pane.home", Main, ["esc"], CmdBack, CmdBackHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Back);
    "pane.wider", Main, ["alt-right"], CmdWider, CmdWiderHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Split(1));
    "pane.narrower", Main, ["alt-left"], CmdNarrower, CmdNarrowerHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Split(-1));
    "queue.filter", Main, ["/"], CmdFilter, CmdFilterHelp, Rank(22), Safe, always,
        |_| Msg::Go(Go::Filter);
}
