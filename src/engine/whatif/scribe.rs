//! The host of a replay: answers what decisions ask from what is on the tape, and keeps the figures. Nothing is durable.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::course::Course;
use super::tape::{Fact, NONE, Tape, bit, key_of, rep_column, rep_of};
use super::{Fate, Mark, Side};
use crate::engine::host::{BatchFacts, CompanyHit, Hit, Host};
use crate::engine::merge::CHAIN_MAX;
use crate::engine::route::LeadFacts;
use crate::model::contact_card::ContactCard;
use crate::model::event::{Assigned, Body, Event, Placer};
use crate::model::id::{BatchId, BookVersion, LeadId, RepId, Seq};
use crate::model::key::{ContactKind, KeyHash};
use crate::model::lead::{Lead, LeadState, ParkReason};
use crate::model::respond::TimerStep;
use crate::model::share::LEAD_MICRO;
use crate::model::time::Millis;
use crate::model::why::Verdict;
use crate::world::{Touched, World};

/// The kinds of contact keys.
const KINDS: [ContactKind; 3] = [ContactKind::Phone, ContactKind::Email, ContactKind::Wechat];

/// What an engine decided about a lead, for comparing with what is recorded: a rep's column, or one of these.
pub(super) const WAITS: u16 = 0xFFF0;
pub(super) const PARKED: u16 = 0xFFF1;

/// The host.
#[derive(Clone)]
pub(super) struct Scribe {
    pub tape: Arc<Tape>,
    pub side: Side,
    /// The step the order at hand began with.
    pub order_step: u32,
    pub course: Course,
    /// Leads given to somebody by the order at hand, and those somebody answered.
    pub placed: Vec<LeadId>,
    pub replied: Vec<LeadId>,
    /// The engine's decisions of the order at hand.
    pub decided: Vec<(u32, u16)>,
    /// Facts are only those the decisions name: the `duplicates` lines are those of history.
    pub same_duplicates: bool,
    /// Leads that were parked as duplicates, and those a person cleared of being one.
    parked: FxHashSet<LeadId>,
    pub cleared: FxHashSet<LeadId>,
    /// Leads whose arrival was undone: nobody was here before as one of them.
    withdrawn: FxHashSet<LeadId>,
    /// Leads merged in this stretch, by what they became one with.
    merged: FxHashMap<LeadId, LeadId>,
    /// Events about this lead are kept whole.
    pub told: Option<LeadId>,
    /// Every event is kept: for proofs.
    pub keeps_all: bool,
}

impl Scribe {
    pub fn new(tape: &Arc<Tape>, start: &World) -> Scribe {
        let parts = vec![(0, 0); start.reps().len()];
        Scribe {
            tape: Arc::clone(tape),
            side: Side { parts, ..Side::default() },
            order_step: 0,
            course: Course::new(tape, start),
            placed: Vec::new(),
            replied: Vec::new(),
            decided: Vec::new(),
            same_duplicates: true,
            parked: start
                .leads()
                .filter(|l| l.park.as_ref().is_some_and(is_duplicate))
                .map(|l| l.id)
                .collect(),
            cleared: FxHashSet::default(),
            withdrawn: FxHashSet::default(),
            merged: FxHashMap::default(),
            told: None,
            keeps_all: false,
        }
    }

    pub fn fate(&mut self, lead: LeadId) -> Option<&mut Fate> {
        let row = self.tape.row_of(lead)?;
        self.side.fates.get_mut(row)
    }

    /// The facts of `lead`, which the world may not hold yet.
    pub fn facts(&mut self, world: &World, lead: LeadId, row: Option<&Lead>) -> LeadFacts {
        if world.book().duplicates.is_empty() {
            return LeadFacts::default();
        }
        if let Some(known) = self.tape.facts.get(&lead)
            && let Some((fact, is_of_now)) =
                fact_at(known, self.order_step).filter(|_| !self.cleared.contains(&lead))
        {
            let of = if is_of_now { Some(fact.of) } else { self.still(fact.of, lead) };
            return of.map_or_else(LeadFacts::default, |of| self.facts_of(world, &Fact { of, ..fact }));
        }
        match row.filter(|_| !self.same_duplicates && !self.cleared.contains(&lead)) {
            Some(row) => self.likely(world, row),
            None => LeadFacts::default(),
        }
    }

    /// Who is meant by an earlier lead of which something was said at another moment: none when its arrival was undone since,
    /// the survivor when it was merged, and that only if it is earlier than `lead` too.
    fn still(&self, of: LeadId, lead: LeadId) -> Option<LeadId> {
        let mut of = of;
        for _ in 0..CHAIN_MAX {
            match self.merged.get(&of) {
                Some(into) => of = *into,
                None => break,
            }
        }
        (of < lead && !self.withdrawn.contains(&of)).then_some(of)
    }

    /// Notes whether the arrival of `lead` is undone.
    pub fn withdraw(&mut self, lead: LeadId, withdrawn: bool) {
        if withdrawn {
            self.withdrawn.insert(lead);
        } else {
            self.withdrawn.remove(&lead);
        }
    }

    fn facts_of(&self, world: &World, fact: &Fact) -> LeadFacts {
        let open = world.lead(fact.of);
        let fate = self.tape.row_of(fact.of).and_then(|row| self.side.fates.get(row));
        // It was near enough for its line then, whatever is known of its arrival.
        let least = world.last_at().plus(-fact.within_ms);
        let arrived_at = match open {
            Some(row) if !self.same_duplicates => row.arrived_at,
            Some(row) => row.arrived_at.max(least),
            None => least,
        };
        if fact.kinds == 0 {
            let hit = CompanyHit { lead: fact.of, similarity_milli: fact.similarity_milli, arrived_at };
            return LeadFacts { companies: vec![hit], ..LeadFacts::default() };
        }
        let (state, owner) = match open {
            Some(row) => (row.state, row.owner),
            None => (LeadState::Won, fate.and_then(|f| rep_of(f.rep)).or(fact.owner)),
        };
        hits(fact.kinds, &Hit { lead: fact.of, key: 0, state, owner, arrived_at })
    }

    /// What an arrival says of an earlier lead of the same person, where the lines that ask for it are not those of history:
    /// by which contact key they met is not in the log.
    fn likely(&mut self, world: &World, row: &Lead) -> LeadFacts {
        let is_gone = row.twin.is_some_and(|twin| self.withdrawn.contains(&twin));
        if is_gone || row.twin.is_none() && row.known_owner.is_none() {
            return LeadFacts::default();
        }
        self.side.unsure += 1;
        let twin = row.twin.and_then(|id| world.lead(id));
        let (state, owner) = match twin {
            Some(twin) => (twin.state, twin.owner),
            None => (LeadState::Won, row.known_owner),
        };
        let kinds = KINDS.into_iter().filter(|kind| match kind {
            ContactKind::Phone => row.attrs.has_phone,
            ContactKind::Email => row.attrs.has_email,
            ContactKind::Wechat => true,
        });
        let of = row.twin.unwrap_or(LeadId(0));
        let hit = Hit { lead: of, key: 0, state, owner, arrived_at: row.arrived_at };
        hits(kinds.fold(0, |bits, kind| bits | bit(kind)), &hit)
    }

    fn gave(&mut self, a: &Assigned) {
        self.placed.push(a.lead);
        let rule = Mark::of(a);
        if let Some(fate) = self.fate(a.lead) {
            (fate.rep, fate.rule) = (rep_column(Some(a.rep)), rule);
        }
        let engine = matches!(a.by, Placer::Engine { .. } | Placer::Divert { .. });
        if engine {
            self.decided.push((key_of(a.lead), rep_column(Some(a.rep))));
        }
        let Some(why) = a.why.as_deref() else { return };
        let capped = why
            .rules
            .iter()
            .any(|rule| rule.left_out.iter().any(|(out, _)| out.is_cap()) && rule.free.is_empty());
        let matched = why.rules.iter().any(|rule| rule.rule.is_some());
        let direct = !matches!(why.verdict, Verdict::Chosen { .. });
        if let Some(fate) = self.fate(a.lead) {
            fate.capped |= capped;
            fate.unmatched = !matched && !direct && matches!(a.by, Placer::Engine { rule: None });
        }
        if matches!(a.by, Placer::Engine { .. }) {
            self.count_turn(a);
        }
    }

    /// Adds a turn as the spread counts it.
    fn count_turn(&mut self, a: &Assigned) {
        let Some(why) = a.why.as_deref() else { return };
        let slot = |id: RepId| (id.0 as usize).wrapping_sub(1);
        let parts = &mut self.side.parts;
        if parts.len() <= slot(a.rep) {
            parts.resize(slot(a.rep) + 1, (0, 0));
        }
        let mut left = LEAD_MICRO;
        if let (Verdict::Chosen { .. }, Some(trace)) = (&why.verdict, why.rules.last()) {
            let total: i64 = trace.weights.iter().map(|w| i64::from(*w)).sum();
            let count = i64::try_from(trace.free.len().max(1)).unwrap_or(1);
            for (at, (rep, _)) in trace.free.iter().enumerate() {
                let part = match trace.weights.get(at) {
                    Some(weight) => LEAD_MICRO * i64::from(*weight) / total.max(1),
                    None => LEAD_MICRO / count,
                };
                if let Some(sum) = parts.get_mut(slot(*rep)) {
                    sum.1 += part;
                    left -= part;
                }
            }
        }
        if let Some(sum) = parts.get_mut(slot(a.rep)) {
            sum.0 += LEAD_MICRO;
            sum.1 += left;
        }
    }

    fn stays(&mut self, lead: LeadId, event: &Event, code: u16) {
        if event.role == crate::model::actor::Role::Engine {
            self.decided.push((key_of(lead), code));
        }
        let why = match &event.body {
            Body::LeadWaits { why, .. } | Body::LeadParked { why, .. } => why.as_deref(),
            _ => None,
        };
        let unmatched = matches!(&event.body, Body::LeadParked { reason: ParkReason::Unmatched, .. })
            || why.is_some_and(|why| {
                why.rules.iter().all(|r| r.rule.is_none())
                    && matches!(why.verdict, Verdict::NobodyFree | Verdict::Parked)
            });
        let capped = why.is_some_and(|why| {
            why.rules.iter().any(|r| r.free.is_empty() && r.left_out.iter().any(|(out, _)| out.is_cap()))
        });
        if let Some(fate) = self.fate(lead) {
            (fate.rep, fate.rule) = (0, Mark::NOBODY);
            fate.unmatched = unmatched;
            fate.capped |= capped;
        }
    }
}

/// Whether a lead was parked for one that was there before.
fn is_duplicate(reason: &ParkReason) -> bool {
    matches!(reason, ParkReason::Duplicate { .. } | ParkReason::SimilarCompany { .. })
}

/// What history said of earlier leads at step `at`, and whether it said so right then: the decision of that very order, else
/// the last one that named one, else the next, which was true already and led to nothing.
fn fact_at(known: &[(u32, Option<Fact>)], at: u32) -> Option<(Fact, bool)> {
    let behind = known.partition_point(|(step, _)| *step <= at);
    let last = behind.checked_sub(1).and_then(|last| known.get(last));
    match last {
        Some((step, fact)) if *step == at => fact.map(|fact| (fact, true)),
        Some((_, Some(fact))) => Some((*fact, false)),
        _ => known.get(behind).and_then(|(_, fact)| fact.map(|fact| (fact, false))),
    }
}

fn hits(kinds: u8, hit: &Hit) -> LeadFacts {
    let mut facts = LeadFacts::default();
    for (kind, key) in KINDS.into_iter().zip(1..).filter(|(kind, _)| kinds & bit(*kind) != 0) {
        facts.keys.push(KeyHash { kind, hash: key });
        facts.hits.push(Hit { key, ..hit.clone() });
    }
    facts
}

impl Host for Scribe {
    type Error = std::convert::Infallible;

    fn key_hits(&mut self, _: &World, _: &[u64], _: Millis) -> Result<Vec<Hit>, Self::Error> {
        Ok(Vec::new())
    }

    fn company_hits(&mut self, _: &str, _: u32, _: Millis) -> Result<Vec<CompanyHit>, Self::Error> {
        Ok(Vec::new())
    }

    fn known(&mut self, _: &str, _: &str) -> Result<Option<LeadId>, Self::Error> {
        Ok(None)
    }

    fn closed_lead(&mut self, _: LeadId) -> Result<Option<Lead>, Self::Error> {
        Ok(None)
    }

    fn lead_events(&mut self, _: LeadId, _: Seq) -> Result<Vec<Event>, Self::Error> {
        Ok(Vec::new())
    }

    fn batch(&mut self, _: BatchId) -> Result<Option<BatchFacts>, Self::Error> {
        Ok(None)
    }

    fn book_text(&mut self, _: BookVersion) -> Result<Option<SmolStr>, Self::Error> {
        Ok(None)
    }

    fn kept_facts(&mut self, world: &World, lead: LeadId) -> Option<LeadFacts> {
        Some(self.facts(world, lead, world.lead(lead)))
    }

    fn keep_contact(&mut self, _: LeadId, _: &ContactCard) -> Result<(), Self::Error> {
        Ok(())
    }

    fn record(&mut self, _: &World, event: &Event, _: &Touched) -> Result<(), Self::Error> {
        if self.keeps_all || self.told.is_some() && self.told == event.body.lead() {
            self.side.told.push(event.clone());
        }
        match &event.body {
            Body::LeadReceived(r) if self.tape.row_of(r.lead) == Some(self.side.fates.len()) => {
                self.side.fates.push(Fate { rep: rep_column(r.owner), ..Fate::default() });
            }
            Body::LeadAssigned(a) => self.gave(a),
            Body::LeadWaits { lead, .. } => self.stays(*lead, event, WAITS),
            Body::LeadParked { lead, reason, .. } => {
                if is_duplicate(reason) {
                    self.parked.insert(*lead);
                    self.cleared.remove(lead);
                }
                self.stays(*lead, event, PARKED);
            }
            Body::LeadRecalled { lead, timer, .. } => {
                if let Some(fate) = self.fate(*lead) {
                    (fate.rep, fate.rule) = (0, Mark::NOBODY);
                    fate.overdue |= timer.as_ref().is_some_and(|note| note.step != TimerStep::Remind);
                }
            }
            Body::LeadEscalated(note) => {
                if let Some(fate) = self.fate(note.lead) {
                    fate.overdue = true;
                }
            }
            Body::LeadReturned { lead, .. } | Body::LeadPooled { lead, .. } => {
                if let Some(fate) = self.fate(*lead) {
                    (fate.rep, fate.rule) = (0, Mark::NOBODY);
                }
            }
            Body::LeadMerged { lead, into, .. } => {
                self.merged.insert(*lead, *into);
            }
            Body::LeadRestored(r) => {
                self.merged.remove(&r.row.id);
                let (lead, rep) = (r.row.id, rep_column(r.row.owner));
                self.cleared.remove(&lead);
                if r.row.park.as_ref().is_some_and(is_duplicate) {
                    self.parked.insert(lead);
                } else {
                    self.parked.remove(&lead);
                }
                if let Some(fate) = self.fate(r.row.id) {
                    (fate.rep, fate.rule) = (rep, if rep == 0 { Mark::NOBODY } else { Mark::HAND });
                }
            }
            Body::LeadFreed { lead } if self.parked.contains(lead) => {
                self.cleared.insert(*lead);
            }
            Body::LeadEdited(e) if e.contact => {
                self.cleared.remove(&e.lead);
            }
            _ => {}
        }
        Ok(())
    }
}

impl Mark {
    /// What gave a lead, as a column.
    fn of(a: &Assigned) -> u16 {
        let by_rule = |why: &crate::model::why::Explanation| match why.verdict {
            Verdict::Chosen { .. } => {
                why.rules.last().map_or(Mark::OTHERWISE, |r| r.rule.unwrap_or(Mark::OTHERWISE))
            }
            _ => Mark::OWNER,
        };
        match &a.by {
            Placer::Engine { .. } | Placer::Accepted { divert: None, .. } => {
                a.why.as_deref().map_or(Mark::OTHERWISE, by_rule)
            }
            Placer::Divert { .. } | Placer::Accepted { divert: Some(_), .. } => Mark::DIVERT,
            // Given in history by a line of the watch: it stands like a placement by hand.
            Placer::Person { .. } | Placer::Remedy { .. } => Mark::HAND,
            Placer::Claimed => Mark::CLAIMED,
        }
    }
}

/// The owner known for an arrival whose earlier lead may be somebody else's in this replay.
pub(super) fn known_owner(
    world: &World,
    twin: u32,
    recorded: Option<RepId>,
    twin_in_step: bool,
) -> Option<RepId> {
    if twin == NONE || twin_in_step {
        return recorded;
    }
    world.lead(LeadId(u64::from(twin))).map_or(recorded, |row| row.owner.or(recorded))
}
