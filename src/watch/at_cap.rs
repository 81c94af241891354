//! At cap: a rep on duty whose open or day cap is reached, so that the supervisor hears of it before the queue does.

use super::{cap_share_milli, is_off};
use crate::engine::eligible::{Limits, full};
use crate::model::alert::{AlertKey, AlertKind, AlertSubject, Finding};
use crate::model::why::LeftOut;
use crate::rulebook::WatchKind;
use crate::world::{Moment, World};

/// One alert a rep. Figure and limit are leads: in hand, or placed today.
pub(super) fn detect(world: &World, moment: &Moment, out: &mut Vec<Finding>) {
    if is_off(world, moment, WatchKind::AtCap) {
        return;
    }
    let share = cap_share_milli(world, moment);
    for rep in world.reps().iter().filter(|r| r.is_present(moment.now)) {
        let (figure, limit) = match full(rep, &Limits::default(), moment) {
            Some(LeftOut::OpenCap { cap } | LeftOut::PromotionOpenCap { cap, .. }) => {
                (i64::from(rep.load), i64::from(cap))
            }
            Some(LeftOut::DayCap { cap } | LeftOut::PromotionDayCap { cap, .. }) => {
                (i64::from(rep.ledger.placements_on(moment.day)), i64::from(cap))
            }
            _ => match rep.cap_open_at(moment.now) {
                Some(cap) if i64::from(rep.load) * 1000 >= share * i64::from(cap) => {
                    (i64::from(rep.load), i64::from(cap))
                }
                _ => continue,
            },
        };
        out.push(Finding {
            key: AlertKey { kind: AlertKind::AtCap, subject: AlertSubject::Rep(rep.id) },
            count: rep.load,
            leads: Vec::new(),
            figure,
            limit,
        });
    }
}
