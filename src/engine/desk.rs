//! What concerns the whole desk: the book, the mode, roles, the clock.

use smol_str::SmolStr;

use super::host::Host;
use super::refusal::Refusal;
use super::run::{Run, Step};
use super::timers::CLOCK_SUSPECT;
use crate::model::actor::Role;
use crate::model::alert::{Cleared, Ending};
use crate::model::event::Body;
use crate::model::id::BookVersion;
use crate::model::lang::Lang;
use crate::model::mode::{Mode, ModeScope};
use crate::model::time::Millis;
use crate::rulebook::{self, InHand, LintFacts, Names, RepName, Severity};
use crate::world::{RepState, World};

/// What the checker may know of the desk.
#[must_use]
pub fn names(world: &World) -> Names {
    let login = |id: &crate::model::id::RepId| world.rep(*id).map(|r| r.card.login.clone());
    Names {
        teams: world
            .teams()
            .iter()
            .map(|(team, reps)| (team.clone(), reps.iter().filter_map(login).collect()))
            .collect(),
        reps: world
            .reps()
            .iter()
            .map(|r| RepName {
                login: r.card.login.clone(),
                name: r.card.name.clone(),
                active: r.active,
                skills: r.card.skills.clone(),
            })
            .collect(),
        sources: std::collections::BTreeSet::new(),
        // The day of the last event is near enough to tell which years' holidays should be listed.
        today: (world.last_at().0 > 0).then(|| local_day(world)).flatten(),
        channels: None,
    }
}

/// What lint may know of the desk at `now`. Values and replies are the store's to count; they are left empty.
#[must_use]
pub fn lint_facts(world: &World, now: Millis) -> LintFacts {
    let reps = world.reps().iter();
    let in_hand =
        |r: &RepState| (r.card.login.clone(), InHand { load: r.load, cap_open: r.cap_open_at(now) });
    let loads = reps.map(in_hand).collect();
    LintFacts { names: names(world), now: Some(now), loads, ..LintFacts::default() }
}

fn local_day(world: &World) -> Option<chrono::NaiveDate> {
    let at = chrono::DateTime::from_timestamp_millis(world.last_at().0)?;
    Some(at.with_timezone(&world.book().zone).date_naive())
}

/// Publishes a book as the next version; the queue is served by it at once.
///
/// # Errors
/// Refused when it has errors or another version came in between.
pub fn publish<H: Host>(run: &mut Run<'_, H>, text: &SmolStr, note: &SmolStr, base: BookVersion) -> Step<H> {
    let now = run.world.published().version;
    if base != now {
        return Err(Refusal::BookMoved { base, now }.into());
    }
    check_book(run.world, text)?;
    run.emit(Body::BookPublished { version: BookVersion(now.0 + 1), text: text.clone(), note: note.clone() })
}

/// Refuses a book with errors.
///
/// # Errors
/// [`Refusal::BookHasErrors`] with the first.
pub(super) fn check_book(world: &World, text: &str) -> Result<(), Refusal> {
    let parsed = rulebook::parse(text);
    let checked = rulebook::check(&parsed.tree, &names(world));
    let errors: Vec<_> = checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
    match errors.first() {
        Some(first) => Err(Refusal::BookHasErrors {
            first: first.message(Lang::En).into(),
            line: first.line,
            column: first.column,
            count: errors.len(),
        }),
        None => Ok(()),
    }
}

/// Sets the engine's mode.
///
/// # Errors
/// Refused when it is so already.
pub fn set_mode<H: Host>(run: &mut Run<'_, H>, after: Mode) -> Step<H> {
    let before = run.world.mode();
    // A mode with an end would go on over the one that is set now.
    let ended = run.world.modes().get(&ModeScope::Desk).cloned();
    if before == after && !ended.as_ref().is_some_and(|m| m.is_live(run.moment.now)) {
        return Err(Refusal::NothingToDo.into());
    }
    if let Some(before) = ended {
        run.emit(Body::ScopeModeSet { scope: ModeScope::Desk, before: Some(before), after: None })?;
    }
    if before == after {
        return Ok(());
    }
    run.emit(Body::ModeSet { before, after })
}

/// Grants or withdraws a role.
///
/// # Errors
/// Refused when it would leave the desk without an admin or change nothing.
pub fn grant<H: Host>(run: &mut Run<'_, H>, actor: &SmolStr, after: Option<Role>) -> Step<H> {
    if actor.trim().is_empty() || after == Some(Role::Engine) {
        return Err(Refusal::BadLogin { login: actor.clone() }.into());
    }
    let before = run.world.roles().get(actor).copied();
    if before == after {
        return Err(Refusal::NothingToDo.into());
    }
    if after != Some(Role::Admin) && !has_other_admin(run.world, actor) {
        return Err(Refusal::LastAdmin.into());
    }
    run.emit(Body::RoleGranted { actor: actor.clone(), before, after })
}

/// Whether somebody besides `actor` is admin.
#[must_use]
pub fn has_other_admin(world: &World, actor: &str) -> bool {
    world.roles().iter().any(|(name, role)| name != actor && *role == Role::Admin)
}

/// Notes that time since `from` counts for no response clock.
///
/// # Errors
/// Refused when no clock runs.
pub fn resume_timers<H: Host>(run: &mut Run<'_, H>, from: Millis) -> Step<H> {
    if !run.world.has_clocks() && run.world.quiet().is_empty() {
        return Err(Refusal::NothingToDo.into());
    }
    run.emit(Body::TimersResumed { from: from.min(run.moment.now) })
}

/// Ends the suspicion about the clock: what it shows is right. The time it jumped over counts for no response clock.
///
/// # Errors
/// Refused when nobody suspects it.
pub fn confirm_clock<H: Host>(run: &mut Run<'_, H>) -> Step<H> {
    let Some(alert) = run.world.alerts().get(&CLOCK_SUSPECT) else {
        return Err(Refusal::NothingToDo.into());
    };
    let from = alert.fired_at.plus(-alert.finding.figure.max(0));
    let cleared = Cleared { why: Ending::Expected, ..Cleared::default() };
    run.emit(Body::AlertCleared { key: CLOCK_SUSPECT, cleared })?;
    run.emit(Body::TimersResumed { from: from.min(run.moment.now) })
}
