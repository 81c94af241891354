//! Setting and ending what lies over the rule book. Whether an overlay is in force is the world's question; here is only
//! who may lay one and for how long.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::host::Host;
use super::intent::DivertWish;
use super::refusal::Refusal;
use super::run::{Run, Step};
use crate::model::event::Body;
use crate::model::id::DivertId;
use crate::model::mode::{Mode, ModeScope, ScopedMode};
use crate::model::overlay::{Divert, DivertTo, OVERLAY_MAX_MS};
use crate::model::time::Millis;
use crate::rulebook::{Book, Severity, parse_condition_in};
use crate::world::World;

/// Most diverts in force at once: each is asked of every lead before the rules.
pub const DIVERTS_MAX: usize = 50;

/// Refuses an end that is not ahead, or further than an overlay may last.
///
/// # Errors
/// [`Refusal::BadEnd`].
pub fn check_end(now: Millis, until: Millis) -> Result<(), Refusal> {
    if until <= now || until.since(now) > OVERLAY_MAX_MS { Err(Refusal::BadEnd) } else { Ok(()) }
}

/// Sets a divert. Leads that wait and are of its scope are served by it at once.
///
/// # Errors
/// Refused with a bad end, an unreadable scope, unknown or no people, or too many diverts.
pub fn set_divert<H: Host>(run: &mut Run<'_, H>, wish: &DivertWish) -> Step<H> {
    let now = run.moment.now;
    check_end(now, wish.until)?;
    let (_, found) = parse_condition_in(&wish.scope, None, run.world.book());
    if let Some(error) = found.into_iter().find(|d| d.severity == Severity::Error) {
        return Err(Refusal::BadCondition(Box::new(error)).into());
    }
    check_people(run.world, &wish.to)?;
    if run.world.diverts_at(now).count() >= DIVERTS_MAX {
        return Err(Refusal::TooManyDiverts { max: DIVERTS_MAX }.into());
    }
    let id = run.world.next_divert();
    let divert = Divert {
        id,
        scope: wish.scope.clone(),
        defines: named_lists(run.world.book(), &wish.scope),
        to: wish.to.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect(),
        by: wish.by,
        until: wish.until,
        reason: wish.reason.clone(),
        set_by: run.order.actor.name.clone(),
        set_at: now,
    };
    run.emit(Body::DivertChanged { divert: id, before: None, after: Some(Box::new(divert)) })
}

fn check_people(world: &World, to: &[DivertTo]) -> Result<(), Refusal> {
    let mut any = false;
    for target in to {
        any |= match target {
            DivertTo::Team(name) => match world.teams().get(name) {
                Some(members) => !members.is_empty(),
                None => return Err(Refusal::NoSuchTeam { name: name.clone() }),
            },
            DivertTo::Rep(id) => match world.rep(*id) {
                Some(rep) => rep.active,
                None => return Err(Refusal::NoSuchRep { name: id.to_string().into() }),
            },
        };
    }
    if any { Ok(()) } else { Err(Refusal::EmptyPool) }
}

/// The lists of the book whose name stands in `scope`; one too many does no harm.
fn named_lists(book: &Book, scope: &str) -> Vec<(SmolStr, Vec<SmolStr>)> {
    let list = |(name, values): (&SmolStr, &Vec<SmolStr>)| (name.clone(), values.clone());
    let named: Vec<_> = book.defines.iter().filter(|(n, _)| scope.contains(n.as_str())).map(list).collect();
    let alone = Book { defines: named.iter().cloned().collect(), ..Book::default() };
    let is_whole = !crate::rulebook::has_errors(&parse_condition_in(scope, None, &alone).1);
    // A name may be written otherwise than it is kept (full-width letters); then all lists come along.
    if is_whole { named } else { book.defines.iter().map(list).collect() }
}

/// Ends a divert now. Leads it gave stay where they are.
///
/// # Errors
/// Refused when there is none or it is over.
pub fn end_divert<H: Host>(run: &mut Run<'_, H>, id: DivertId) -> Step<H> {
    let now = run.moment.now;
    let Some(divert) = run.world.divert(id).cloned() else {
        return Err(Refusal::NoSuchDivert { divert: id }.into());
    };
    if !divert.is_live(now) {
        return Err(Refusal::DivertOver { divert: id, until: divert.until }.into());
    }
    let after = Box::new(Divert { until: now, ..divert.clone() });
    run.emit(Body::DivertChanged { divert: id, before: Some(Box::new(divert)), after: Some(after) })
}

/// What takes a change of a divert back, when it still stands as the change left it and going back makes a difference.
pub fn divert_back<H: Host>(
    run: &Run<'_, H>,
    id: DivertId,
    before: Option<&Divert>,
    after: Option<&Divert>,
) -> Option<Body> {
    let now = run.moment.now;
    let matters = before.into_iter().chain(after).any(|d| d.is_live(now));
    let stands = run.world.divert(id) == after;
    (stands && matters).then(|| Body::DivertChanged {
        divert: id,
        before: after.cloned().map(Box::new),
        after: before.cloned().map(Box::new),
    })
}

/// Sets the mode of a part of the desk, or of the whole with an end.
///
/// # Errors
/// Refused with a bad end, an unknown team or rule, or when it is so already.
pub fn set_scope_mode<H: Host>(
    run: &mut Run<'_, H>,
    scope: &ModeScope,
    mode: Mode,
    until: Option<Millis>,
) -> Step<H> {
    let now = run.moment.now;
    if let Some(until) = until {
        check_end(now, until)?;
    } else if *scope == ModeScope::Desk {
        return super::desk::set_mode(run, mode);
    }
    match scope {
        ModeScope::Team(name) if !run.world.teams().contains_key(name) => {
            return Err(Refusal::NoSuchTeam { name: name.clone() }.into());
        }
        ModeScope::Rule(name) if run.world.book().rules.iter().all(|r| r.name != *name) => {
            return Err(Refusal::NoSuchRule { name: name.clone() }.into());
        }
        ModeScope::Source(name) if name.trim().is_empty() => return Err(Refusal::NothingToDo.into()),
        ModeScope::Desk | ModeScope::Team(_) | ModeScope::Rule(_) | ModeScope::Source(_) => {}
    }
    let before = run.world.modes().get(scope).cloned();
    let live = before.as_ref().filter(|m| m.is_live(now));
    let after = (mode != Mode::Auto).then(|| ScopedMode {
        mode,
        until,
        set_by: run.order.actor.name.clone(),
        set_at: now,
    });
    let as_before = live.map(|m| (m.mode, m.until)) == after.as_ref().map(|m| (m.mode, m.until));
    if as_before {
        return Err(Refusal::NothingToDo.into());
    }
    run.emit(Body::ScopeModeSet { scope: scope.clone(), before, after })
}
