//! Whether a rep can take a lead now. Asked for every rep of every pool, so it reads numbers and allocates nothing.

use smol_str::SmolStr;

use crate::model::lead::Lead;
use crate::model::why::LeftOut;
use crate::world::{Moment, RepState};

/// What a rule adds to a rep's own limits.
#[derive(Debug, Clone, Copy, Default)]
pub struct Limits<'a> {
    pub cap_open: Option<u32>,
    pub cap_day: Option<u32>,
    pub skills: &'a [SmolStr],
}

/// The lower of two caps; none = no limit.
fn lower(a: Option<u32>, b: Option<u32>) -> Option<u32> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, other) => one.or(other),
    }
}

/// The open cap in force for `rep` under `limits` at `moment`.
#[must_use]
pub fn open_cap(rep: &RepState, limits: &Limits<'_>, moment: &Moment) -> Option<u32> {
    lower(rep.cap_open_at(moment.now), limits.cap_open)
}

/// The day cap in force for `rep` under `limits` at `moment`.
#[must_use]
pub fn day_cap(rep: &RepState, limits: &Limits<'_>, moment: &Moment) -> Option<u32> {
    lower(rep.cap_day_at(moment.now), limits.cap_day)
}

/// The cap that stops `rep`, if one does.
#[must_use]
pub fn full(rep: &RepState, limits: &Limits<'_>, moment: &Moment) -> Option<LeftOut> {
    let terms = rep.terms_at(moment.now);
    if let Some(cap) = open_cap(rep, limits, moment)
        && rep.load >= cap
    {
        let given = terms.and_then(|t| t.open.as_ref()).filter(|g| g.value == cap);
        return Some(match given {
            Some(given) => LeftOut::PromotionOpenCap { cap, promotion: given.promotion.clone() },
            None => LeftOut::OpenCap { cap },
        });
    }
    let cap = day_cap(rep, limits, moment).filter(|cap| rep.ledger.placements_on(moment.day) >= *cap)?;
    let given = terms.and_then(|t| t.day.as_ref()).filter(|g| g.value == cap);
    Some(match given {
        Some(given) => LeftOut::PromotionDayCap { cap, promotion: given.promotion.clone() },
        None => LeftOut::DayCap { cap },
    })
}

/// Why `rep` cannot take any lead under these limits, whichever it is.
#[must_use]
pub fn barred(rep: &RepState, limits: &Limits<'_>, moment: &Moment) -> Option<LeftOut> {
    if !rep.active {
        return Some(LeftOut::Inactive);
    }
    if !rep.duty {
        return Some(LeftOut::OffDuty);
    }
    if !rep.leaves.is_empty() && rep.leave_at(moment.now).is_some() {
        return Some(LeftOut::OnLeave);
    }
    if !rep.is_at_work(moment.now) {
        return Some(LeftOut::OutOfHours);
    }
    if let Some(skill) = limits.skills.iter().find(|s| !rep.card.skills.contains(s)) {
        return Some(LeftOut::LacksSkill(skill.clone()));
    }
    full(rep, limits, moment)
}

/// Why `rep` cannot take this lead; `None` when they can.
#[must_use]
pub fn left_out(rep: &RepState, lead: &Lead, limits: &Limits<'_>, moment: &Moment) -> Option<LeftOut> {
    match barred(rep, limits, moment) {
        None if !lead.not_to.is_empty() && lead.not_to.binary_search(&rep.id).is_ok() => Some(LeftOut::HadIt),
        other => other,
    }
}
