//! What is told of an offer: who was left out and why, who was free and by which figure they were compared. Reasons that do not
//! depend on the rule are told once, texts are kept to a line. It chooses nobody.

use smol_str::SmolStr;

use super::{Offer, Router};
use crate::engine::eligible::left_out;
use crate::engine::pick::{Ground, Pick, figure, measure};
use crate::engine::promotion;
use crate::model::id::RepId;
use crate::model::lead::LeadView;
use crate::model::why::{LeftOut, RuleTrace};
use crate::rulebook::Strategy;
use crate::world::RepState;
use crate::world::ramp::weight_milli;

impl Router<'_> {
    /// Whether the reason was not told with an earlier rule; those that do not depend on the rule are told once.
    pub(super) fn is_news(&mut self, index: u32, rep: &RepState, why: &LeftOut) -> bool {
        let of_rule = match why {
            LeftOut::LacksSkill(_) => true,
            LeftOut::OpenCap { cap } => rep.cap_open_at(self.moment.now) != Some(*cap),
            LeftOut::DayCap { cap } => rep.cap_day_at(self.moment.now) != Some(*cap),
            LeftOut::Inactive
            | LeftOut::OffDuty
            | LeftOut::OnLeave
            | LeftOut::OutOfHours
            | LeftOut::PromotionOpenCap { .. }
            | LeftOut::PromotionDayCap { .. }
            | LeftOut::HadIt => false,
        };
        if of_rule {
            return true;
        }
        let (word, bit) = (index as usize / 64, 1u64 << (index % 64));
        if self.told.len() <= word {
            self.told.resize(word + 1, 0);
        }
        let Some(slot) = self.told.get_mut(word) else { return true };
        let news = *slot & bit == 0;
        *slot |= bit;
        news
    }

    /// What [`super::route_counted`] keeps of an offer.
    pub(super) fn count(&mut self, offer: &Offer<'_>, ground: &Ground<'_>, pick: Option<Pick>) {
        let capped = |&i: &u32| {
            let rep = ground.reps.get(i as usize)?;
            let why = left_out(rep, self.lead, &offer.limits, self.moment)?;
            why.is_cap().then(|| (why, vec![rep.id]))
        };
        let left_out = if pick.is_none() {
            offer.pool.reps.iter().find_map(capped).into_iter().collect()
        } else {
            Vec::new()
        };
        let mut free = Vec::with_capacity(self.scratch.len());
        free.extend(self.scratch.iter().filter_map(|&i| ground.reps.get(i as usize)).map(|rep| (rep.id, 0)));
        self.rules.push(RuleTrace {
            rule: offer.index.and_then(|i| u16::try_from(i).ok()),
            name: offer.name.clone(),
            values: Vec::new(),
            left_out,
            free,
            weights: self.weights(ground),
            measure: None,
            overlay: None,
        });
    }

    pub(super) fn trace(
        &mut self,
        offer: &Offer<'_>,
        view: &LeadView<'_>,
        ground: &Ground<'_>,
        pick: Option<Pick>,
        left_out: Vec<(LeftOut, Vec<RepId>)>,
    ) {
        // A sticky rule that fell back compared its people by the inner strategy.
        let mut strategy = offer.strategy;
        while let Strategy::Sticky(then) = strategy {
            if pick.is_some_and(|p| p.measure == crate::model::why::Measure::KnownOwner) {
                break;
            }
            strategy = then;
        }
        let free = self
            .scratch
            .iter()
            .filter_map(|&i| ground.reps.get(i as usize))
            .map(|rep| (rep.id, figure(strategy, rep, ground)))
            .collect();
        let weights = self.weights(ground);
        let chosen = pick.and_then(|p| ground.reps.get(p.rep as usize));
        let values =
            offer.when.explain(view).into_iter().map(|c| (brief(c.text), brief(seen(c.value)))).collect();
        self.rules.push(RuleTrace {
            rule: offer.index.and_then(|i| u16::try_from(i).ok()),
            name: offer.name.clone(),
            values,
            left_out,
            free,
            weights,
            measure: Some(measure(strategy)),
            overlay: promotion::lay_over(
                self.world,
                self.moment,
                offer.promotion,
                chosen,
                offer.overlay.clone(),
            ),
        });
    }

    /// Weights of those in `scratch` as the ledger counts them; empty when all are alike, as on most desks.
    fn weights(&self, ground: &Ground<'_>) -> Vec<u32> {
        let weights = || {
            let reps = self.scratch.iter().filter_map(|&i| ground.reps.get(i as usize));
            reps.map(|rep| weight_milli(ground.ramps, rep, ground.moment).max(1))
        };
        let mut all = weights();
        let first = all.next();
        if all.all(|weight| Some(weight) == first) { Vec::new() } else { weights().collect() }
    }
}

fn seen(value: crate::rulebook::Seen) -> SmolStr {
    match value {
        crate::rulebook::Seen::Nothing => SmolStr::default(),
        crate::rulebook::Seen::Known => SmolStr::new_static("✓"),
        crate::rulebook::Seen::Text(text) => text,
    }
}

/// Texts of an explanation are kept to a line: the book's version holds them whole.
fn brief(text: SmolStr) -> SmolStr {
    const BYTES_MAX: usize = 96;
    if text.len() <= BYTES_MAX {
        return text;
    }
    let end = (0..=BYTES_MAX).rev().find(|&i| text.is_char_boundary(i)).unwrap_or(0);
    format!("{}…", &text[..end]).into()
}
