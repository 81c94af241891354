//! Promotions by hand: the list, and what can be done with the selected one.

use super::{Ready, always};
use crate::console::desk::promotions::Stands;
use crate::console::handwork::{Hand, SheetKind};
use crate::console::model::Model;
use crate::console::msg::{Go, Msg, Order};
use crate::console::text::T;
use crate::console::update::sheet;
use crate::model::actor::Role;

commands! {
    "promotion.list", Main, ["F"], CmdPromotions, CmdPromotionsHelp, Hidden, Safe, always,
        |_| Msg::Go(Go::Hand(Hand::Open(SheetKind::Promotions)));
    "assign.promotion", Assign, ["ctrl-t"], CmdPromotionsHere, CmdPromotionsHereHelp, Rank(6), Safe, always,
        |_| Msg::Go(Go::Hand(Hand::Open(SheetKind::Promotions)));
    "promotion.start", Promotions, ["enter", "n"], CmdPromotionStart, CmdPromotionStartHelp, Rank(1), Safe, can_start,
        |_| Msg::Go(Go::Hand(Hand::StartPromotion));
    "promotion.stop", Promotions, ["x", "delete"], CmdPromotionStop, CmdPromotionStopHelp, Rank(2), Undoable, can_stop,
        |m| sheet::selected_promotion(m).map_or(Msg::Tick, |promotion| Msg::Order(Order::StopPromotion { promotion }));
    "promotion.report", Promotions, ["r"], CmdPromotionReport, CmdPromotionReportHelp, Rank(3), Safe, has_run,
        |_| Msg::Go(Go::Hand(Hand::Report));
}

fn stands(m: &Model) -> Option<Stands> {
    sheet::selected_promotion(m).map(|name| m.desk.stands(&name))
}

fn can_start(m: &Model) -> Ready {
    match m.may(Role::Coordinator) {
        true => Ready::when(stands(m).is_some(), T::NoPromotionSelected),
        false => Ready::No(T::NotAllowed.into()),
    }
}

fn can_stop(m: &Model) -> Ready {
    match can_start(m) {
        Ready::Yes => Ready::when(matches!(stands(m), Some(Stands::On(_))), T::PromotionIsOff),
        no => no,
    }
}

fn has_run(m: &Model) -> Ready {
    match stands(m) {
        None => Ready::No(T::NoPromotionSelected.into()),
        Some(stands) => Ready::when(ran(m, stands), T::PromotionNeverRan),
    }
}

/// One that comes may have been on before.
fn ran(m: &Model, stands: Stands) -> bool {
    match stands {
        Stands::On(_) | Stands::Over(_) => true,
        Stands::Comes(_) => {
            sheet::selected_promotion(m).is_some_and(|name| m.desk.world().last_run(&name, m.now).is_some())
        }
        Stands::Never => false,
    }
}
