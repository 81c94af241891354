//! Every decision of the engine made again from what the log holds: the world before it, the lead's row and the facts that
//! were used. The same answer, score and explanation must come out, and nobody who waits may have been overtaken.

use std::collections::BTreeMap;

use crate::engine::host::{CompanyHit, HITS_MAX, HITS_WITHIN_MS, Hit};
use crate::engine::route::{Answer, Decision, Exhausted, LeadFacts, route};
use crate::engine::trial::differs;
use crate::model::actor::ENGINE;
use crate::model::event::{Assigned, Body, Event, IntentId, Placer};
use crate::model::id::{LeadId, RepId};
use crate::model::key::{ContactKind, KeyHash};
use crate::model::lead::{Lead, LeadState, ParkReason};
use crate::model::time::Millis;
use crate::model::trial::Landing;
use crate::model::why::{Explanation, Verdict};
use crate::rulebook::{ContactKey, DupBy};
use crate::world::{Moment, QueueKey, World, fold_lead};

/// What the judge remembers of leads besides the world: which keys they came with, and what became of closed ones.
#[derive(Debug, Clone, Default)]
pub(super) struct Past {
    /// Every event of a lead, oldest first.
    events: BTreeMap<LeadId, Vec<Event>>,
    keys: BTreeMap<LeadId, Vec<KeyHash>>,
    withdrawn: BTreeMap<LeadId, bool>,
    /// The order that brought a lead, until it does something else with it than decide it.
    fresh: BTreeMap<LeadId, IntentId>,
    /// What a shadow said of the lead that is decided next.
    shadow: Option<(LeadId, Landing, Landing)>,
}

impl Past {
    pub(super) fn note(&mut self, event: &Event) {
        self.shadow = match &event.body {
            Body::TrialDiffered { lead, live, draft, .. } => Some((*lead, live.clone(), draft.clone())),
            _ => None,
        };
        let Some(lead) = event.body.lead() else { return };
        match &event.body {
            Body::LeadReceived(r) => {
                self.keys.insert(lead, r.key_hashes.clone());
                self.fresh.insert(lead, event.intent);
            }
            Body::LeadEdited(e) if e.contact => {
                self.keys.insert(lead, e.key_hashes.clone());
            }
            Body::LeadRestored(r) => {
                self.withdrawn.insert(lead, r.withdrawn);
            }
            _ => {}
        }
        if !matches!(event.body, Body::LeadReceived(_)) {
            self.fresh.remove(&lead);
        }
        self.events.entry(lead).or_default().push(event.clone());
    }

    /// The row of a lead, open or closed.
    pub(super) fn row(&self, world: &World, lead: LeadId) -> Option<Lead> {
        world.lead(lead).cloned().or_else(|| fold_lead(lead, self.events.get(&lead)?))
    }

    /// Earlier leads with one of `keys`, newest first, as many as a desk looks at: every lead is gone through.
    fn hits(&self, world: &World, keys: &[KeyHash], me: LeadId, now: Millis) -> Vec<Hit> {
        let since = Millis(now.0.saturating_sub(HITS_WITHIN_MS));
        let mut hits = Vec::new();
        for (_, key) in keys.iter().enumerate().filter(|(at, key)| !keys[..*at].contains(key)) {
            let is_it = |lead: &LeadId| !self.withdrawn.get(lead).copied().unwrap_or(false);
            let same =
                self.keys.range(..me).rev().filter(|(lead, theirs)| theirs.contains(key) && is_it(lead));
            for (lead, _) in same.take(HITS_MAX) {
                let Some(row) = self.row(world, *lead).filter(|r| r.arrived_at >= since) else { continue };
                let (state, owner, arrived_at) = (row.state, row.owner, row.arrived_at);
                hits.push(Hit { lead: *lead, key: key.hash, state, owner, arrived_at });
            }
        }
        hits.sort_unstable_by_key(|h| std::cmp::Reverse((h.arrived_at, h.lead, h.key)));
        hits.truncate(HITS_MAX);
        hits.iter_mut().for_each(|hit| self.follow(world, hit));
        hits
    }

    /// A merged lead answers for the one it was merged into.
    fn follow(&self, world: &World, hit: &mut Hit) {
        while hit.state == LeadState::Merged {
            let events = self.events.get(&hit.lead).map_or(&[][..], Vec::as_slice);
            let into = events.iter().rev().find_map(|e| match e.body {
                Body::LeadMerged { into, .. } => Some(into),
                _ => None,
            });
            let Some(row) = into.and_then(|into| self.row(world, into)) else { return };
            hit.lead = row.id;
            hit.state = row.state;
            hit.owner = row.owner;
            hit.arrived_at = hit.arrived_at.max(row.arrived_at);
        }
    }

    /// What the arrival says of earlier leads of the same person must be what the log says.
    pub(super) fn arrival(&self, world: &World, event: &Event) -> Result<(), String> {
        let Body::LeadReceived(r) = &event.body else { return Ok(()) };
        let hits = self.hits(world, &r.key_hashes, r.lead, event.at);
        let owner = hits.iter().find_map(|h| h.owner);
        let twin = hits.iter().find(|h| h.state.is_open()).map(|h| h.lead);
        if (owner, twin) != (r.known_owner, r.twin) {
            let (known, named) = (r.known_owner, r.twin);
            return Err(format!(
                "names {known:?} and {named:?} of the same person, not {owner:?} and {twin:?}"
            ));
        }
        Ok(())
    }

    /// The facts a decision rested on: for a newcomer what the log holds, later those that its explanation names.
    fn facts(
        &self,
        world: &World,
        event: &Event,
        why: &Explanation,
        named: Option<&ParkReason>,
    ) -> LeadFacts {
        let lead = event.body.lead().unwrap_or(LeadId(0));
        let mut facts = LeadFacts::default();
        let of_company = match why.verdict {
            Verdict::Duplicate { of, line, similarity_milli } => {
                let by = world.book().duplicates.get(usize::from(line)).map(|d| &d.by);
                matches!(by, Some(DupBy::CompanyLike(_))).then_some((of, similarity_milli))
            }
            _ => None,
        };
        if let Some((of, similarity_milli)) = of_company {
            let arrived_at = self.row(world, of).map_or(event.at, |r| r.arrived_at);
            facts.companies.push(CompanyHit { lead: of, similarity_milli, arrived_at });
        }
        if self.fresh.get(&lead) == Some(&event.intent) {
            facts.keys = self.keys.get(&lead).cloned().unwrap_or_default();
            facts.hits = self.hits(world, &facts.keys, lead, event.at);
            return facts;
        }
        // What a mode made of it rests on the same facts.
        let mut verdict = &why.verdict;
        while let Verdict::Proposed { would, .. } | Verdict::Withheld { would, .. } = verdict {
            verdict = would;
        }
        let (of, line) = match (verdict, of_company) {
            (Verdict::GivenToOwner { of, line, .. } | Verdict::OwnerOutOfHours { of, line, .. }, _) => {
                (*of, *line)
            }
            (Verdict::Duplicate { of, line, .. }, None) => (*of, *line),
            _ => return facts,
        };
        let Some(row) = self.row(world, of) else { return facts };
        let owner = match named {
            Some(ParkReason::Duplicate { owner, .. }) => *owner,
            _ => row.owner,
        };
        let kind = kind_of_line(world, usize::from(line));
        facts.keys.push(KeyHash { kind, hash: 1 });
        facts.hits.push(Hit { lead: of, key: 1, state: row.state, owner, arrived_at: row.arrived_at });
        facts
    }

    /// Decides again what `event` says the engine decided; what a person did is their affair.
    pub(super) fn decide_again_if_engine(&self, world: &World, event: &Event) -> Result<(), String> {
        if event.actor == ENGINE { self.decide_again(world, event) } else { Ok(()) }
    }

    fn decide_again(&self, world: &World, event: &Event) -> Result<(), String> {
        let (lead, score, why) = match &event.body {
            // A line of the book that acts is its own explanation, and judged as such.
            Body::LeadAssigned(Assigned { by: Placer::Remedy { .. }, .. }) => return Ok(()),
            Body::LeadAssigned(a) => (a.lead, a.score, &a.why),
            Body::LeadWaits { lead, score, why } | Body::LeadParked { lead, score, why, .. } => {
                (*lead, *score, why)
            }
            _ => return Ok(()),
        };
        let row = world.lead(lead).ok_or("the lead is not open")?;
        let moment = Moment::at(world.book().zone, event.at);
        let Some(why) = why else {
            // A timer that parks says so in the recall before it, in the same batch.
            let before = self.events.get(&lead).and_then(|e| e.last());
            let by_timer = before.is_some_and(|e| {
                e.batch == event.batch && matches!(e.body, Body::LeadRecalled { timer: Some(_), .. })
            });
            if by_timer && matches!(event.body, Body::LeadParked { .. }) {
                return Ok(());
            }
            // Time alone may change a score, and with it the place in the queue; nothing was decided by that.
            let moves = matches!(event.body, Body::LeadWaits { .. }) && row.state == LeadState::Waiting;
            let rescored = moves && row.score != score && world.score_of(row, event.at) == score;
            let message = || format!("{lead} is decided without an explanation");
            return if rescored { Ok(()) } else { Err(message()) };
        };
        let named = match &event.body {
            Body::LeadParked { reason, .. } => Some(reason),
            _ => None,
        };
        let facts = self.facts(world, event, why, named);
        let again = route(world, row, &facts, &moment, &mut Exhausted::default(), true);
        same_answer(&again, &event.body)?;
        if again.score != score {
            return Err(format!("{lead} has score {score}, decided again {}", again.score));
        }
        if again.why.as_deref() != Some(&**why) {
            return Err(format!("{lead} is explained by {why:?}, decided again by {:?}", again.why));
        }
        let shadow = differs(world, lead, &moment, &again).map(|(live, draft)| (lead, live, draft));
        if shadow != self.shadow {
            return Err(format!("of {lead} a shadow says {:?}, asked again {shadow:?}", self.shadow));
        }
        match &event.body {
            Body::LeadAssigned(_) => self.nobody_overtaken(world, row, &moment, self.given_up_for(event)),
            _ => Ok(()),
        }
    }

    /// Who had to give up the lead in the same breath: a timer that gives it on. The place this leaves is for the next.
    fn given_up_for(&self, event: &Event) -> Option<RepId> {
        let last = self.events.get(&event.body.lead()?)?.last()?;
        match &last.body {
            Body::LeadRecalled { from, timer: Some(_), .. } if last.batch == event.batch => Some(*from),
            _ => None,
        }
    }

    /// A lead that waits before this one in the queue and that nobody holds must have nobody but `vacated` who could take it.
    fn nobody_overtaken(
        &self,
        world: &World,
        row: &Lead,
        moment: &Moment,
        vacated: Option<RepId>,
    ) -> Result<(), String> {
        let mut exhausted = Exhausted::default();
        for key in world.waiting().range(..QueueKey::of(row)) {
            let Some(waits) = world.lead(key.lead).filter(|l| l.hold_at(moment.now).is_none()) else {
                continue;
            };
            let quick = route(world, waits, &LeadFacts::default(), moment, &mut exhausted, false).answer;
            if !matches!(quick, Answer::Give(_)) {
                continue;
            }
            // Who wrote before may wait for their own rep to come to work.
            let keys = self.keys.get(&key.lead).cloned().unwrap_or_default();
            let hits = self.hits(world, &keys, key.lead, moment.now);
            let facts = LeadFacts { keys, hits, ..LeadFacts::default() };
            if let Answer::Give(gift) = route(world, waits, &facts, moment, &mut exhausted, false).answer
                && Some(gift.rep) != vacated
            {
                return Err(format!("{} overtakes {}, which {} could take", row.id, key.lead, gift.rep));
            }
        }
        Ok(())
    }
}

/// A kind of key that the line names and, if there is one, no line before it.
fn kind_of_line(world: &World, line: usize) -> ContactKind {
    let lines = &world.book().duplicates;
    let kinds = |at: usize| match lines.get(at).map(|d| &d.by) {
        Some(DupBy::Same(kinds)) => kinds.clone(),
        _ => Vec::new(),
    };
    let earlier: Vec<ContactKey> = (0..line).flat_map(&kinds).collect();
    let own = kinds(line);
    let kind = own.iter().find(|k| !earlier.contains(k)).or(own.first());
    match kind {
        Some(ContactKey::Email) => ContactKind::Email,
        Some(ContactKey::Wechat) => ContactKind::Wechat,
        Some(ContactKey::Phone) | None => ContactKind::Phone,
    }
}

fn same_answer(again: &Decision, body: &Body) -> Result<(), String> {
    let same = match (&again.answer, body) {
        (Answer::Give(gift), Body::LeadAssigned(Assigned { rep, by, charge, turn, .. })) => {
            let (rule, divert) = match by {
                Placer::Engine { rule } => (rule.as_ref(), None),
                Placer::Divert { divert } => (None, Some(*divert)),
                Placer::Accepted { rule, divert } => (rule.as_ref(), *divert),
                Placer::Person { .. } | Placer::Claimed | Placer::Remedy { .. } => (None, None),
            };
            let same_way = gift.rule.as_ref() == rule && gift.divert == divert;
            gift.rep == *rep && same_way && gift.team == charge.team && gift.turn == *turn
        }
        // On assist a proposal is all that comes of it; where the desk is paused, not even that.
        (Answer::Wait | Answer::Propose(_), Body::LeadWaits { .. }) => true,
        (Answer::Park(reason), Body::LeadParked { reason: stored, .. }) => reason == stored,
        _ => false,
    };
    if same { Ok(()) } else { Err(format!("decided again it is {:?}, not {body:?}", again.answer)) }
}
