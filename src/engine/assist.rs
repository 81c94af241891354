//! Assist 建议: what the engine would do if it were let, as proposals, and accepting them. Proposals are no events: whoever
//! asks computes them from the world and the moment, in the order of the queue, each as if those before had been accepted.
//!
//! Accepting computes them again under the lock; what a person saw and what holds now must be the same, or it is refused
//! with the difference.

use rustc_hash::FxHashMap;

use super::eligible::{Limits, left_out};
use super::host::{Hit, Host};
use super::manual::guard;
use super::receive::facts_again;
use super::refusal::Refusal;
use super::route::{Answer, Decision, Exhausted, Gift, LeadFacts, route};
use super::run::{Run, SWEEP_LOOK_MAX, Step, Stop, charge};
use super::timers::clock_for;
use crate::model::event::{Assigned, Body, Placer};
use crate::model::id::{LeadId, RepId, Seq};
use crate::model::key::{ContactKind, KeyHash};
use crate::model::lead::{Lead, LeadState};
use crate::model::why::{Explanation, Verdict};
use crate::rulebook::DupThen;
use crate::world::{Moment, World};

/// Most proposals worked out at once.
pub const PROPOSALS_MAX: usize = 500;

/// A placement the engine would make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub lead: LeadId,
    pub gift: Gift,
    pub score: i32,
    pub why: Option<Box<Explanation>>,
}

/// The proposals at `moment` in the order of the queue, at most `max` (and [`PROPOSALS_MAX`]). Caps hold cumulatively; so do
/// shares and turns. Leads that were never looked at for duplicates are looked at when they are accepted.
#[must_use]
pub fn proposals(world: &World, moment: &Moment, max: usize) -> Vec<Proposal> {
    let max = max.min(PROPOSALS_MAX);
    if !world.is_assisted(moment.now) || max == 0 {
        return Vec::new();
    }
    let mut table = Table::new(world, moment);
    let rows = world.waiting().iter().take(SWEEP_LOOK_MAX).filter_map(|key| world.lead(key.lead));
    rows.filter_map(|row| table.propose(row)).take(max).collect()
}

/// What the row itself tells of an earlier lead of the same person: enough for a proposal, which is decided with the facts
/// when it is accepted. Without a line that gives to the owner it tells nothing: what would be parked is parked already.
fn likely_facts(world: &World, row: &Lead) -> LeadFacts {
    let gives = world.book().duplicates.iter().any(|line| line.then == DupThen::GiveToOwner);
    if !gives || (row.twin.is_none() && row.known_owner.is_none()) {
        return LeadFacts::default();
    }
    let twin = row.twin.and_then(|id| world.lead(id));
    let (state, owner) = match twin {
        Some(twin) => (twin.state, twin.owner),
        None => (LeadState::Won, row.known_owner),
    };
    let kinds = [ContactKind::Phone, ContactKind::Email, ContactKind::Wechat];
    let keys: Vec<KeyHash> = kinds.into_iter().zip(0..).map(|(kind, hash)| KeyHash { kind, hash }).collect();
    let hit = |key: &KeyHash| Hit {
        lead: row.twin.unwrap_or(LeadId(0)),
        key: key.hash,
        state,
        owner,
        arrived_at: row.arrived_at,
    };
    LeadFacts { hits: keys.iter().map(hit).collect(), keys, companies: Vec::new() }
}

/// A copy of the desk without its leads, on which proposals are played one after the other.
struct Table<'a> {
    world: &'a World,
    desk: World,
    moment: &'a Moment,
    exhausted: Exhausted,
    /// Proposals so far: they take the place of turns in the order of service.
    count: u64,
}

impl<'a> Table<'a> {
    fn new(world: &'a World, moment: &'a Moment) -> Table<'a> {
        Table { world, desk: world.without_leads(), moment, exhausted: Exhausted::default(), count: 0 }
    }

    /// What is proposed for `row`, if anything; then it counts as done.
    fn propose(&mut self, row: &Lead) -> Option<Proposal> {
        if row.hold_at(self.moment.now).is_some() {
            return None;
        }
        let facts = likely_facts(self.world, row);
        let quick = route(&self.desk, row, &facts, self.moment, &mut self.exhausted, false);
        let gift = match quick.answer {
            Answer::Propose(gift) => gift,
            // An open part of the desk serves itself, and what it will take is taken here too.
            Answer::Give(gift) => {
                self.play(&gift);
                return None;
            }
            Answer::Wait | Answer::Park(_) => return None,
        };
        let Decision { score, why, .. } =
            route(&self.desk, row, &facts, self.moment, &mut Exhausted::default(), true);
        self.play(&gift);
        Some(Proposal { lead: row.id, gift, score, why })
    }

    fn play(&mut self, gift: &Gift) {
        self.count += 1;
        let charge = charge(&self.desk, self.moment, gift.rep, gift.team.clone(), true);
        let after = Seq(self.desk.seq().0 + self.count);
        self.desk.pretend(&charge, gift.turn.as_ref().map(|(rule, _)| rule), after);
        self.exhausted.forget_live();
    }
}

/// Accepts proposals. Each is worked out again; the same answer is placed in the engine's way on behalf of the person.
///
/// # Errors
/// Refused when none of them holds any more; those that do not are listed with the difference.
pub fn accept<H: Host>(run: &mut Run<'_, H>, items: &[(LeadId, RepId)]) -> Step<H> {
    if items.is_empty() {
        return Err(Refusal::NothingToDo.into());
    }
    let now: FxHashMap<LeadId, Proposal> = proposals(run.world, &run.moment, PROPOSALS_MAX)
        .into_iter()
        .map(|proposal| (proposal.lead, proposal))
        .collect();
    for (lead, shown) in items {
        match accept_one(run, *lead, *shown, now.get(lead)) {
            Ok(()) => run.outcome.done.push(*lead),
            Err(Stop::Refused(refusal)) => run.outcome.skipped.push((*lead, refusal)),
            Err(host) => return Err(host),
        }
    }
    match run.outcome.skipped.first() {
        Some((_, refusal)) if run.outcome.done.is_empty() => Err(refusal.clone().into()),
        _ => Ok(()),
    }
}

/// Places what is proposed for `lead` (`proposal`, unless the person is known), whoever was shown once: what a replay makes
/// of an accepted proposal. False when nothing is proposed.
///
/// # Errors
/// The host's.
pub(super) fn accept_present<H: Host>(
    run: &mut Run<'_, H>,
    lead: LeadId,
    proposal: Option<Proposal>,
) -> Step<H, bool> {
    let waits = run.world.lead(lead).is_some_and(|row| row.owner.is_none());
    if !waits {
        return Ok(false);
    }
    let Some(proposal) = known_person(run, lead)?.unwrap_or(proposal) else { return Ok(false) };
    place(run, lead, proposal).map(|()| true)
}

fn accept_one<H: Host>(
    run: &mut Run<'_, H>,
    lead: LeadId,
    shown: RepId,
    proposal: Option<&Proposal>,
) -> Step<H> {
    let (row, closed) = super::manual::row_of(run, lead)?;
    if closed.is_some() {
        return Err(Refusal::Closed { lead, state: row.state }.into());
    }
    guard(run, &row)?;
    if run.world.rep(shown).is_none() {
        return Err(Refusal::NoSuchRep { name: shown.to_string().into() }.into());
    }
    if row.owner.is_some() {
        return Err(Refusal::NotNow { lead, state: row.state }.into());
    }
    let proposal = known_person(run, lead)?.unwrap_or_else(|| proposal.cloned());
    match proposal {
        Some(proposal) if proposal.gift.rep == shown => place(run, lead, proposal),
        other => Err(moved(run, &row, shown, other.map(|p| p.gift.rep)).into()),
    }
}

/// What the `duplicates` lines say of the lead, if they say anything: it may have come while nobody asked whether the
/// person is here already. The inner `None`: they park it, or it waits for its rep.
fn known_person<H: Host>(run: &mut Run<'_, H>, lead: LeadId) -> Step<H, Option<Option<Proposal>>> {
    if run.world.book().duplicates.is_empty() {
        return Ok(None);
    }
    let facts = facts_again(run, lead)?;
    let Some(row) = run.world.lead(lead) else { return Ok(None) };
    let Decision { answer, score, why, .. } =
        route(run.world, row, &facts, &run.moment, &mut Exhausted::default(), true);
    let by_duplicates = why.as_ref().is_some_and(|why| {
        let verdict = if let Verdict::Proposed { would, .. } = &why.verdict { would } else { &why.verdict };
        matches!(
            verdict,
            Verdict::GivenToOwner { .. } | Verdict::OwnerOutOfHours { .. } | Verdict::Duplicate { .. }
        )
    });
    if !by_duplicates {
        return Ok(None);
    }
    Ok(Some(match answer {
        Answer::Propose(gift) | Answer::Give(gift) => Some(Proposal { lead, gift, score, why }),
        Answer::Wait | Answer::Park(_) => None,
    }))
}

fn moved<H: Host>(run: &Run<'_, H>, row: &Lead, shown: RepId, now: Option<RepId>) -> Refusal {
    let name = |id: RepId| run.world.rep(id).map_or_else(|| id.to_string().into(), |r| r.card.name.clone());
    let because = run.world.rep(shown).and_then(|rep| left_out(rep, row, &Limits::default(), &run.moment));
    Refusal::ProposalMoved { lead: row.id, shown: name(shown), now: now.map(name), because }
}

fn place<H: Host>(run: &mut Run<'_, H>, lead: LeadId, proposal: Proposal) -> Step<H> {
    let Proposal { gift: Gift { rep, rule, divert, team, turn }, score, mut why, .. } = proposal;
    let charge = run.charge(rep, team, true);
    // The pointer before is the desk's, not that of the proposals ahead.
    let turn = turn.map(|(rule, _)| {
        let before = run.world.last_turn(&rule);
        (rule, before)
    });
    if let Some(why) = &mut why
        && let Verdict::Proposed { would, .. } = &why.verdict
    {
        why.verdict = (**would).clone();
    }
    let clock = run.world.lead(lead).and_then(|row| clock_for(run.world, row, rule.as_ref(), 0));
    run.owns(lead);
    run.emit(Body::LeadAssigned(Assigned {
        lead,
        rep,
        from: None,
        by: Placer::Accepted { rule, divert },
        book: run.world.published().version,
        score,
        charge,
        turn,
        why,
        clock,
        readmit: None,
    }))
}
