//! Which promotions are on and what they give a rep, counted anew from the book's text and the switches, one line after
//! the other: nothing that the world worked out beforehand is asked.

use crate::model::time::Millis;
use crate::rulebook::{During, PromoCap, Promotion, Rule, Target};
use crate::world::{RepState, World};

/// Whether `promotion` is on at `at`: switched on, or by its window and not switched off.
fn is_on(world: &World, promotion: &Promotion, at: Millis) -> bool {
    let switch = world.promotion_switches().get(&promotion.name);
    if switch.is_some_and(|s| s.from <= at && at < s.until) {
        return true;
    }
    if switch.is_some_and(|s| at < s.quiet_until) {
        return false;
    }
    let Some(utc) = chrono::DateTime::from_timestamp_millis(at.0) else { return false };
    let local = utc.with_timezone(&world.book().zone).naive_local();
    let windows = world.book().calendar.windows.iter();
    windows.filter(|w| promotion.during.as_ref() == Some(&w.name)).any(|w| w.from <= local && local < w.to)
}

/// Open and day cap of a rep, rules left aside.
pub(super) fn own_caps(world: &World, rep: &RepState, at: Millis) -> (Option<u32>, Option<u32>) {
    let is_theirs = |cap: &&PromoCap| match &cap.whose {
        None => true,
        Some(Target::Team(team)) => rep.card.teams.contains(team),
        Some(Target::Rep(name)) => world.rep_named(name).is_some_and(|r| r.id == rep.id),
        Some(Target::Owner) => false,
    };
    let near = |cap: &&PromoCap| match &cap.whose {
        Some(Target::Rep(_)) => 0,
        Some(_) => 1,
        None => 2,
    };
    let given = |pick: fn(&PromoCap) -> Option<u32>| {
        let on = world.book().promotions.iter().filter(|p| is_on(world, p, at));
        let mut said = on.filter_map(|p| {
            let lines = p.caps.iter().filter(|c| pick(c).is_some()).filter(is_theirs);
            lines.min_by_key(near).and_then(pick)
        });
        said.next()
    };
    (given(|c| c.open).or(rep.card.cap_open), given(|c| c.day).or(rep.card.cap_day))
}

/// Whether the promotion that `rule` holds during is on, if it names one.
pub(super) fn rule_is_on(world: &World, rule: &Rule, at: Millis) -> bool {
    match &rule.during {
        Some(During::Promotion(name)) => {
            world.book().promotions.iter().any(|p| p.name == *name && is_on(world, p, at))
        }
        Some(During::Window(_)) | None => true,
    }
}
