//! Trying a draft of the rule book: starting and ending a trial, where a shadow would have decided otherwise, and what becomes
//! of a canary when its time is over. What a canary decides is `route`'s; the figures are the fold's.

use smol_str::SmolStr;

use super::host::Host;
use super::overlay::check_end;
use super::refusal::Refusal;
use super::route::{Answer, Decision, LeadFacts, route_by_draft};
use super::run::{Run, Step};
use crate::model::event::Body;
use crate::model::id::{BookVersion, LeadId};
use crate::model::time::Millis;
use crate::model::trial::{Landing, Share, Term, Trial, TrialEnd, TrialKind, parse_terms};
use crate::model::why::Verdict;
use crate::rulebook::{self, Book, duration_ms};
use crate::world::{Moment, World};

/// A trial that is wished for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialWish {
    /// The whole draft.
    pub text: SmolStr,
    pub kind: TrialKind,
    pub reason: SmolStr,
    /// The version the draft was written on.
    pub base: BookVersion,
}

/// The terms of a canary's condition.
///
/// # Errors
/// Refused with the part that cannot be read.
pub fn terms(promote_when: &str) -> Result<Vec<Term>, Refusal> {
    parse_terms(promote_when, duration_ms).map_err(|part| Refusal::BadTerm { part })
}

/// Starts a trial.
///
/// # Errors
/// Refused while another one is on, when the draft has errors or is of another version, and for a share, an end or a
/// condition that make no sense.
pub fn start<H: Host>(run: &mut Run<'_, H>, wish: &TrialWish) -> Step<H> {
    if let Some(state) = run.world.trial_on() {
        return Err(Refusal::TrialIsOn { trial: state.trial().id }.into());
    }
    let now = run.world.published().version;
    if wish.base != now {
        return Err(Refusal::BookMoved { base: wish.base, now }.into());
    }
    if let TrialKind::Canary { share, until, promote_when } = &wish.kind {
        check_end(run.moment.now, *until)?;
        terms(promote_when)?;
        match share {
            Share::Leads { permille, .. } if !(1..=999).contains(permille) => {
                return Err(Refusal::BadShare.into());
            }
            Share::Team(team) if !run.world.teams().contains_key(team) => {
                return Err(Refusal::NoSuchTeam { name: team.clone() }.into());
            }
            Share::Leads { .. } | Share::Team(_) => {}
        }
    }
    super::desk::check_book(run.world, &wish.text)?;
    let trial = Trial {
        id: run.world.next_trial(),
        kind: wish.kind.clone(),
        text: wish.text.clone(),
        base: wish.base,
        reason: wish.reason.clone(),
        set_by: run.order.actor.name.clone(),
        set_at: run.moment.now,
    };
    run.emit(Body::TrialChanged { trial: trial.id, before: None, after: Some(Box::new(trial)), end: None })
}

/// Stops the trial that is on. Leads it placed stay where they are.
///
/// # Errors
/// Refused when there is none.
pub fn stop<H: Host>(run: &mut Run<'_, H>) -> Step<H> {
    let Some(trial) = run.world.trial_on().map(|state| state.trial().clone()) else {
        return Err(Refusal::NoTrial.into());
    };
    run.emit(Body::TrialChanged {
        trial: trial.id,
        before: Some(Box::new(trial)),
        after: None,
        end: Some(TrialEnd::Stopped),
    })
}

/// Whether a canary's time is over and nobody has said what becomes of it.
#[must_use]
pub fn is_due(world: &World, now: Millis) -> bool {
    world.trial_on().and_then(|state| state.trial().until()).is_some_and(|until| until <= now)
}

/// Ends a canary whose time is over: publishes its draft when its condition holds, withdraws it otherwise. The leader's work.
///
/// # Errors
/// The host's.
pub fn settle<H: Host>(run: &mut Run<'_, H>) -> Step<H> {
    if !is_due(run.world, run.moment.now) {
        return Ok(());
    }
    let Some(state) = run.world.trial_on() else { return Ok(()) };
    let trial = state.trial().clone();
    let end = verdict(run.world, &trial);
    run.emit_engine(Body::TrialChanged {
        trial: trial.id,
        before: Some(Box::new(trial.clone())),
        after: None,
        end: Some(end.clone()),
    })?;
    if end != TrialEnd::Promoted {
        return Ok(());
    }
    let note = smol_str::format_smolstr!("{} {}", trial.id, trial.reason).trim_end().into();
    let version = BookVersion(trial.base.0 + 1);
    run.emit_engine(Body::BookPublished { version, text: trial.text, note })
}

/// What becomes of a canary now.
fn verdict(world: &World, trial: &Trial) -> TrialEnd {
    let TrialKind::Canary { promote_when, .. } = &trial.kind else { return TrialEnd::Stopped };
    let Some(state) = world.trial() else { return TrialEnd::Stopped };
    let parts = promote_when.split(" and ").map(str::trim);
    let read = terms(promote_when).unwrap_or_default();
    if read.is_empty() {
        return TrialEnd::Unmet(SmolStr::default());
    }
    if let Some((_, part)) = read.iter().zip(parts).find(|(term, _)| !term.holds(state.tally())) {
        return TrialEnd::Unmet(part.into());
    }
    if world.published().version != trial.base {
        return TrialEnd::BookMoved;
    }
    match super::desk::check_book(world, &trial.text) {
        Ok(()) => TrialEnd::Promoted,
        Err(Refusal::BookHasErrors { first, .. }) => TrialEnd::Broken(first),
        Err(_) => TrialEnd::Broken(SmolStr::default()),
    }
}

/// What takes the begin or end of a trial back, when it still stands so.
pub fn trial_back<H: Host>(run: &Run<'_, H>, was: &Body) -> Option<Body> {
    let Body::TrialChanged { trial, before, after, .. } = was else { return None };
    let state = run.world.trial().filter(|state| state.trial().id == *trial)?;
    match (before, after) {
        (None, Some(started)) if state.is_on() => Some(Body::TrialChanged {
            trial: *trial,
            before: Some(started.clone()),
            after: None,
            end: Some(TrialEnd::Stopped),
        }),
        (Some(ended), None) => {
            let ahead = ended.until().is_none_or(|until| run.moment.now < until);
            let stands = !state.is_on() && run.world.published().version == ended.base;
            (stands && ahead).then(|| Body::TrialChanged {
                trial: *trial,
                before: None,
                after: Some(ended.clone()),
                end: None,
            })
        }
        _ => None,
    }
}

/// Where a shadow sends `lead` and where `decision` does, when that is not the same. What `duplicates` lines decide is the
/// same for both: a draft does not try those.
#[must_use]
pub fn differs(
    world: &World,
    lead: LeadId,
    moment: &Moment,
    decision: &Decision,
) -> Option<(Landing, Landing)> {
    let state = world.trial_on().filter(|state| state.trial().until().is_none())?;
    let row = world.lead(lead)?;
    let mut verdict = decision.why.as_ref().map(|why| &why.verdict)?;
    let rule = decision.why.as_ref().and_then(|why| why.rules.last());
    while let Verdict::Proposed { would, .. } | Verdict::Withheld { would, .. } = verdict {
        verdict = would;
    }
    let of_gift = |answer: &Answer| match answer {
        Answer::Give(gift) | Answer::Propose(gift) => Landing::Rep { rep: gift.rep, rule: gift.rule.clone() },
        Answer::Park(_) => Landing::Parked,
        Answer::Wait => Landing::Waits,
    };
    let live = match (verdict, &decision.answer) {
        (
            Verdict::GivenToOwner { .. }
            | Verdict::Duplicate { .. }
            | Verdict::OwnerOutOfHours { .. }
            | Verdict::Paused
            | Verdict::NotDecided,
            _,
        ) => return None,
        (Verdict::Chosen { rep, .. }, Answer::Wait) => {
            let named = rule.filter(|rule| rule.rule.is_some()).map(|rule| rule.name.clone());
            Landing::Rep { rep: *rep, rule: named }
        }
        (_, answer) => of_gift(answer),
    };
    let draft = of_gift(&route_by_draft(world, state, row, &LeadFacts::default(), moment).answer);
    (live != draft).then_some((live, draft))
}

/// What of the draft is not tried because it is no rule: its parts that say something else than the book in force.
#[must_use]
pub fn untried(world: &World) -> Vec<&'static str> {
    let Some(state) = world.trial() else { return Vec::new() };
    untried_of(state.draft(), world.book())
}

/// The same for any draft and book.
#[must_use]
pub fn untried_of(draft: &Book, book: &Book) -> Vec<&'static str> {
    // Where a line stands is no difference.
    let bare = |of: &Book| {
        let mut of = Book { rules: Vec::new(), ..of.clone() };
        let promotions = of.promotions.iter_mut();
        promotions.for_each(|p| {
            p.span = rulebook::Span::default();
            p.watch.iter_mut().for_each(|line| line.span = rulebook::Span::default());
        });
        of.watch.iter_mut().for_each(|line| line.span = rulebook::Span::default());
        of
    };
    let (draft, book) = (bare(draft), bare(book));
    let parts = [
        ("score", draft.scores != book.scores),
        ("duplicates", draft.duplicates != book.duplicates),
        ("calendar", draft.zone != book.zone || draft.calendar != book.calendar),
        ("ramp", draft.ramps != book.ramps),
        ("pool", draft.pool != book.pool),
        ("promotion", draft.promotions != book.promotions),
        ("watch", draft.watch != book.watch),
        ("replies", draft.replies_from != book.replies_from),
        ("timers", draft.timer_moves != book.timer_moves),
    ];
    parts.into_iter().filter(|(_, differs)| *differs).map(|(part, _)| part).collect()
}
