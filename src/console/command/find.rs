//! Finding: sorting, kept views, jumping, completing the filter, writing a list to a file.

use super::{Ready, always};
use crate::console::finding::{Finding, SortBy};
use crate::console::model::{Model, Overlay};
use crate::console::msg::{Go, Msg};
use crate::console::text::{Say, T};

commands! {
    "queue.sort", Queue, ["o"], CmdSort, CmdSortHelp, Rank(12), Safe, always,
        |_| go(Finding::Sort);
    "queue.sort-reverse", Queue, ["O"], CmdSortReverse, CmdSortReverseHelp, Hidden, Safe, is_sorted,
        |_| go(Finding::SortReverse);
    "view.save", Queue, ["S"], CmdViewSave, CmdViewSaveHelp, Hidden, Safe, always,
        |_| go(Finding::SaveView);
    "view.1", Queue, ["1"], CmdView1, CmdViewHelp, Hidden, Safe, |m| has_view(m, 1), |_| go(Finding::View(1));
    "view.2", Queue, ["2"], CmdView2, CmdViewHelp, Hidden, Safe, |m| has_view(m, 2), |_| go(Finding::View(2));
    "view.3", Queue, ["3"], CmdView3, CmdViewHelp, Hidden, Safe, |m| has_view(m, 3), |_| go(Finding::View(3));
    "view.4", Queue, ["4"], CmdView4, CmdViewHelp, Hidden, Safe, |m| has_view(m, 4), |_| go(Finding::View(4));
    "view.5", Queue, ["5"], CmdView5, CmdViewHelp, Hidden, Safe, |m| has_view(m, 5), |_| go(Finding::View(5));
    "view.6", Queue, ["6"], CmdView6, CmdViewHelp, Hidden, Safe, |m| has_view(m, 6), |_| go(Finding::View(6));
    "view.7", Queue, ["7"], CmdView7, CmdViewHelp, Hidden, Safe, |m| has_view(m, 7), |_| go(Finding::View(7));
    "view.8", Queue, ["8"], CmdView8, CmdViewHelp, Hidden, Safe, |m| has_view(m, 8), |_| go(Finding::View(8));
    "view.9", Queue, ["9"], CmdView9, CmdViewHelp, Hidden, Safe, |m| has_view(m, 9), |_| go(Finding::View(9));
    "view.list", Main, ["g v"], CmdViews, CmdViewsHelp, Hidden, Safe, has_views,
        |_| go(Finding::Views);
    "view.remove", Picker, ["ctrl-x"], CmdViewRemove, CmdViewRemoveHelp, Rank(3), Safe, is_view_list,
        |_| go(Finding::RemoveView);
    "desk.jump", Main, ["f"], CmdJump, CmdJumpHelp, Rank(24), Safe, always,
        |_| go(Finding::Jump);
    "list.export", Main, ["X"], CmdExport, CmdExportHelp, Hidden, Safe, always,
        |_| go(Finding::Export);
    "filter.done", Filter, ["enter"], CmdFilterDone, CmdFilterDoneHelp, Rank(1), Safe, can_be_kept,
        |_| go(Finding::FilterEnter);
    "filter.complete", Filter, ["tab"], CmdComplete, CmdCompleteHelp, Rank(3), Safe, always,
        |_| go(Finding::TakeOffer);
    "filter.next-offer", Filter, ["down", "ctrl-n"], CmdNextOffer, CmdNextOfferHelp, Hidden, Safe, has_offers,
        |_| go(Finding::NextOffer);
    "filter.previous-offer", Filter, ["up", "ctrl-p"], CmdPreviousOffer, CmdPreviousOfferHelp, Hidden, Safe,
        has_offers, |_| go(Finding::PreviousOffer);
}

const fn go(finding: Finding) -> Msg {
    Msg::Go(Go::Finding(finding))
}

fn is_sorted(m: &Model) -> Ready {
    Ready::when(m.desk.sort().by != SortBy::Serving, T::NotSorted)
}

fn has_view(m: &Model, key: u8) -> Ready {
    Ready::when(m.find.views.contains_key(&key), T::NoSuchView)
}

fn has_views(m: &Model) -> Ready {
    Ready::when(!m.find.views.is_empty(), T::NoViews)
}

fn is_view_list(m: &Model) -> Ready {
    Ready::when(matches!(m.overlays.last(), Some(Overlay::Views(_))), T::NotHere)
}

fn has_offers(m: &Model) -> Ready {
    Ready::when(!m.find.offers.is_empty(), T::NothingFound)
}

/// A condition that cannot be read is not kept: the rows would not be those it asks for.
fn can_be_kept(m: &Model) -> Ready {
    match m.desk.filter().trouble() {
        Some(trouble) if m.find.chosen.is_none() => {
            Ready::No(Say::AtColumn(trouble.column, &trouble.sentence))
        }
        _ => Ready::Yes,
    }
}
