//! Switching promotions 大促 on and off by hand, and what an explanation keeps of them. Whether one is on is the world's
//! question; a promotion ends by itself and no event tells of it.

use smol_str::SmolStr;

use super::host::Host;
use super::overlay::check_end;
use super::refusal::Refusal;
use super::run::{Run, Step};
use crate::model::event::Body;
use crate::model::overlay::PromotionSwitch;
use crate::model::time::Millis;
use crate::model::why::{Overlay, Promoted};
use crate::world::{Moment, RepState, World, promotion};

/// Switches a promotion on until a moment. One that is on goes on until then, which may be sooner than its window says.
///
/// # Errors
/// Refused for a name the book does not know, a bad end, or when it is so already.
pub fn start<H: Host>(run: &mut Run<'_, H>, name: &SmolStr, until: Millis, reason: &SmolStr) -> Step<H> {
    let now = run.moment.now;
    let present = present(run.world, name, now)?;
    check_end(now, until)?;
    if present.is_some_and(|on| on.until == until) {
        return Err(Refusal::NothingToDo.into());
    }
    let from = present.map_or(now, |on| on.from);
    switch(run, name, (from, until), reason)
}

/// Ends a promotion that is on. Leads it gave stay where they are.
///
/// # Errors
/// Refused when the book does not know it or it is not on.
pub fn stop<H: Host>(run: &mut Run<'_, H>, name: &SmolStr, reason: &SmolStr) -> Step<H> {
    let now = run.moment.now;
    let on = present(run.world, name, now)?;
    let on = on.ok_or_else(|| Refusal::PromotionNotOn { name: name.clone() })?;
    switch(run, name, (on.from, now), reason)
}

/// The present run of a promotion of the book; `None` when it is not on.
fn present(world: &World, name: &str, now: Millis) -> Result<Option<promotion::Run>, Refusal> {
    if world.book().promotion(name).is_none() {
        return Err(Refusal::NoSuchPromotion { name: name.into() });
    }
    Ok(world.promotions_at(now).find(|(p, _)| p.name == name).map(|(_, on)| on))
}

fn switch<H: Host>(
    run: &mut Run<'_, H>,
    name: &SmolStr,
    (from, until): (Millis, Millis),
    reason: &SmolStr,
) -> Step<H> {
    let now = run.moment.now;
    // A window that is open would put it on again at once.
    let window = run.world.promotion_window(name).filter(|w| w.from <= now && now < w.until);
    let before = run.world.promotion_switches().get(name).cloned().map(Box::new);
    let after = PromotionSwitch {
        from,
        until,
        quiet_until: window.map_or(until, |w| w.until.max(until)),
        reason: reason.clone(),
        set_by: run.order.actor.name.clone(),
        set_at: now,
    };
    let (promotion, stops) = (name.clone(), after.is_stop());
    let after = Some(Box::new(after));
    run.emit(if stops {
        Body::PromotionStopped { promotion, before, after }
    } else {
        Body::PromotionStarted { promotion, before, after }
    })
}

/// What takes a switch back, when it still stands as `was` left it and going back makes a difference.
pub fn switch_back<H: Host>(run: &Run<'_, H>, was: &Body) -> Option<Body> {
    let now = run.moment.now;
    let (promotion, before, after, started) = match was {
        Body::PromotionStarted { promotion, before, after } => (promotion, before, after, true),
        Body::PromotionStopped { promotion, before, after } => (promotion, before, after, false),
        _ => return None,
    };
    let matters = before.iter().chain(after).any(|s| now < s.quiet_until);
    let stands = run.world.promotion_switches().get(promotion) == after.as_deref();
    let (promotion, before, after) = (promotion.clone(), after.clone(), before.clone());
    (stands && matters).then(|| {
        if started {
            Body::PromotionStopped { promotion, before, after }
        } else {
            Body::PromotionStarted { promotion, before, after }
        }
    })
}

/// What lay over the book when a rule was asked: `over`, and promotions as far as the rule holds during one (`rule`) or one
/// gave the chosen rep figures of its own.
pub(super) fn lay_over(
    world: &World,
    moment: &Moment,
    rule: Option<&SmolStr>,
    chosen: Option<&RepState>,
    over: Option<Overlay>,
) -> Option<Overlay> {
    let terms = chosen.and_then(|rep| rep.terms_at(moment.now));
    let of = |given: Option<&promotion::Given>, name: &SmolStr| {
        given.filter(|g| g.promotion == *name).map(|g| g.value)
    };
    let promotions: Vec<Promoted> = world
        .promotions_at(moment.now)
        .map(|(promotion, run)| Promoted {
            name: promotion.name.clone(),
            until: run.until,
            rule: rule == Some(&promotion.name),
            cap_open: of(terms.and_then(|t| t.open.as_ref()), &promotion.name),
            cap_day: of(terms.and_then(|t| t.day.as_ref()), &promotion.name),
            weight_milli: of(terms.and_then(|t| t.weight.as_ref()), &promotion.name),
        })
        .filter(|p| p.rule || p.cap_open.is_some() || p.cap_day.is_some() || p.weight_milli.is_some())
        .collect();
    if promotions.is_empty() {
        return over;
    }
    Some(Overlay::Promotions { promotions, over: over.map(Box::new) })
}
