//! Adjustments of the fairness ledger: a supervisor's signed, reasoned entries. What the engine books by itself is `credit`'s.

use smol_str::SmolStr;

use super::host::Host;
use super::intent::ADJUST_MAX_MILLI;
use super::refusal::Refusal;
use super::run::{Run, Step};
use crate::model::event::{Body, LedgerReason};
use crate::model::id::RepId;

/// Books `milli` thousandths of a turn on the ledger of `rep`, org-wide or in one of their teams. More turns than the
/// others' means served after them.
///
/// # Errors
/// Refused without a reason, beyond [`ADJUST_MAX_MILLI`], for nothing, for an unknown rep or a team that is not theirs.
pub fn adjust<H: Host>(
    run: &mut Run<'_, H>,
    rep: RepId,
    team: Option<&SmolStr>,
    milli: i64,
    reason: &SmolStr,
) -> Step<H> {
    let Some(state) = run.world.rep(rep) else {
        return Err(Refusal::NoSuchRep { name: rep.to_string().into() }.into());
    };
    if let Some(team) = team.filter(|team| !state.in_team(team)) {
        return Err(Refusal::NotInTeam { rep: state.card.name.clone(), team: team.clone() }.into());
    }
    if reason.trim().is_empty() {
        return Err(Refusal::NeedsReason.into());
    }
    if milli == 0 {
        return Err(Refusal::NothingToDo.into());
    }
    if milli.unsigned_abs() > ADJUST_MAX_MILLI.unsigned_abs() {
        return Err(Refusal::TooManyTurns { max_milli: ADJUST_MAX_MILLI }.into());
    }
    run.emit(Body::LedgerEntered {
        rep,
        team: team.cloned(),
        day: run.moment.day,
        milli,
        reason: LedgerReason::Adjustment(reason.clone()),
    })
}
