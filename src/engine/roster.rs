//! People joining, changing, coming, going. Leads of a leaver go where the supervisor says, in the same batch.

use smol_str::SmolStr;

use super::credit;
use super::host::Host;
use super::intent::Theirs;
use super::manual;
use super::refusal::Refusal;
use super::run::{Run, Step};
use crate::model::event::{Body, LedgerReason};
use crate::model::id::{LeadId, RepId};
use crate::model::lead::ParkReason;
use crate::model::rep::{Leave, RepCard};
use crate::world::RepState;

/// The reason on leads taken from a rep who left.
pub(super) const OWNER_LEFT: SmolStr = SmolStr::new_static("owner left");

fn check_card<H: Host>(run: &Run<'_, H>, card: &RepCard, me: Option<RepId>) -> Result<(), Refusal> {
    let login = &card.login;
    if login.is_empty() || login.chars().any(char::is_whitespace) || login == crate::model::actor::ENGINE {
        return Err(Refusal::BadLogin { login: login.clone() });
    }
    match run.world.reps().iter().find(|r| r.card.login.eq_ignore_ascii_case(login)) {
        Some(other) if Some(other.id) != me => Err(Refusal::LoginTaken { login: login.clone() }),
        _ => Ok(()),
    }
}

fn known<H: Host>(run: &Run<'_, H>, rep: RepId) -> Result<RepState, Refusal> {
    run.world.rep(rep).cloned().ok_or_else(|| Refusal::NoSuchRep { name: rep.to_string().into() })
}

/// Adds reps, all or none.
///
/// # Errors
/// Refused when a login is taken, twice in the list, or no login.
pub fn add<H: Host>(run: &mut Run<'_, H>, cards: &[RepCard]) -> Step<H> {
    for (at, card) in cards.iter().enumerate() {
        check_card(run, card, None)?;
        let twice = cards.iter().take(at).any(|c| c.login.eq_ignore_ascii_case(&card.login));
        if twice {
            return Err(Refusal::LoginTaken { login: card.login.clone() }.into());
        }
    }
    if cards.is_empty() {
        return Err(Refusal::NothingToDo.into());
    }
    for card in cards {
        let rep = run.world.next_rep();
        run.emit(Body::RepAdded { rep, card: card.clone().tidy() })?;
        run.outcome.reps.push(rep);
        credit::newcomer(run, rep, &card.clone().tidy().teams)?;
    }
    Ok(())
}

/// Changes a rep's card.
///
/// # Errors
/// Refused when there is no such rep, the login is taken, or nothing changes.
pub fn edit<H: Host>(run: &mut Run<'_, H>, rep: RepId, card: &RepCard) -> Step<H> {
    let before = known(run, rep)?.card;
    check_card(run, card, Some(rep))?;
    let after = card.clone().tidy();
    if after == before {
        return Err(Refusal::NothingToDo.into());
    }
    let joined: Vec<SmolStr> = after.teams.iter().filter(|t| !before.teams.contains(t)).cloned().collect();
    run.emit(Body::RepEdited { rep, before, after })?;
    // In a team one joins one is a newcomer: nobody is flooded for having changed teams.
    if joined.is_empty() { Ok(()) } else { credit::newcomer(run, rep, &joined) }
}

/// Puts a rep on or off duty. Coming back after long credits what the others received meanwhile.
///
/// # Errors
/// Refused when there is no such rep or nothing changes.
pub fn duty<H: Host>(run: &mut Run<'_, H>, rep: RepId, on: bool) -> Step<H> {
    let state = known(run, rep)?;
    if !state.active {
        return Err(Refusal::Inactive { rep: state.card.name }.into());
    }
    if state.duty == on {
        return Err(Refusal::NothingToDo.into());
    }
    let credit = if on { credit::duty_credit(run.world, &state, &run.moment) } else { None };
    run.emit(Body::RepDuty { rep, on })?;
    if let Some((entries, away_since)) = credit {
        for (team, day, milli) in entries {
            let reason = LedgerReason::ReEntry { away_since };
            run.emit(Body::LedgerEntered { rep, team, day, milli, reason })?;
        }
    }
    Ok(())
}

/// Replaces a rep's leaves.
///
/// # Errors
/// Refused when there is no such rep, a leave ends before it starts, or nothing changes.
pub fn leaves<H: Host>(run: &mut Run<'_, H>, rep: RepId, leaves: &[Leave]) -> Step<H> {
    let before = known(run, rep)?.leaves;
    if leaves.iter().any(|l| l.to <= l.from) {
        return Err(Refusal::BadEnd.into());
    }
    let mut after = leaves.to_vec();
    after.sort_by_key(|l| (l.from, l.to));
    if after == before {
        return Err(Refusal::NothingToDo.into());
    }
    run.emit(Body::RepLeave { rep, before, after })
}

/// Deactivates a rep and disposes of their open leads.
///
/// # Errors
/// Refused when there is no such rep or they are inactive already; likewise for the colleague who is to have the leads.
pub fn deactivate<H: Host>(run: &mut Run<'_, H>, rep: RepId, theirs: Theirs) -> Step<H> {
    let state = known(run, rep)?;
    if !state.active {
        return Err(Refusal::Inactive { rep: state.card.name }.into());
    }
    if let Theirs::To { rep: heir, .. } = theirs {
        let colleague = known(run, heir)?;
        if heir == rep || !colleague.active {
            return Err(Refusal::Inactive { rep: colleague.card.name }.into());
        }
    }
    run.emit(Body::RepActive { rep, active: false })?;
    dispose(run, rep, theirs)
}

/// What becomes of the open leads of a rep who left.
///
/// # Errors
/// The host's.
pub(super) fn dispose<H: Host>(run: &mut Run<'_, H>, rep: RepId, theirs: Theirs) -> Step<H> {
    let mut leads: Vec<LeadId> = run.world.leads().filter(|l| l.owner == Some(rep)).map(|l| l.id).collect();
    leads.sort_unstable();
    for lead in leads {
        run.owns(lead);
        match theirs {
            Theirs::Keep => break,
            Theirs::Spread => {
                run.emit(Body::LeadRecalled { lead, from: rep, reason: OWNER_LEFT, timer: None })?;
            }
            Theirs::Park => park(run, lead, rep)?,
            Theirs::To { rep: heir, uses_turn } => {
                let Some(row) = run.world.lead(lead).cloned() else { continue };
                if row.do_not_contact || manual::guard(run, &row).is_err() {
                    // Not to be given away, or in somebody's hands just now: a person has to look at it.
                    park(run, lead, rep)?;
                } else {
                    let charge = run.charge(heir, None, uses_turn);
                    manual::put(run, &row, heir, &OWNER_LEFT, charge)?;
                }
            }
        }
        run.outcome.done.push(lead);
    }
    Ok(())
}

fn park<H: Host>(run: &mut Run<'_, H>, lead: LeadId, owner: RepId) -> Step<H> {
    let score = run.world.lead(lead).map_or(0, |l| l.score);
    run.emit(Body::LeadParked { lead, reason: ParkReason::OwnerLeft(owner), score, why: None })
}

/// Brings a rep back; they are lifted to the mean like a newcomer.
///
/// # Errors
/// Refused when there is no such rep or they are active.
pub fn reactivate<H: Host>(run: &mut Run<'_, H>, rep: RepId) -> Step<H> {
    let state = known(run, rep)?;
    if state.active {
        return Err(Refusal::NothingToDo.into());
    }
    run.emit(Body::RepActive { rep, active: true })?;
    credit::newcomer(run, rep, &state.card.teams)
}
