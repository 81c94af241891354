//! The judge's own accounts: what each event books, by rep, scope and day; and what an undo must give back, lead by lead.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::again::Past;
use crate::model::event::{Body, Event};
use crate::model::id::{BatchId, LeadId, RepId, Seq};
use crate::model::lead::{Charge, Lead, LeadState, ParkReason};
use crate::model::time::DayNo;
use crate::world::World;
use crate::world::ledger::LEDGER_DAYS;
use crate::world::quiet::quiet_deadline;

/// What one bucket of the ledger holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Sum {
    turns: i64,
    entries: i64,
    placements: i64,
    claims: i64,
}

type Bucket = (RepId, SmolStr, DayNo);

/// What a batch did to one lead.
#[derive(Debug, Clone, Default)]
struct Turn {
    /// The row before the batch first touched it; `None` = the batch brought it.
    before: Option<Box<Lead>>,
    charges: Vec<Charge>,
}

/// Sums and batches.
#[derive(Debug, Clone, Default)]
pub(super) struct Accounts {
    sums: BTreeMap<Bucket, Sum>,
    batches: BTreeMap<(BatchId, LeadId), Turn>,
    undone: BTreeSet<BatchId>,
    /// The batch of each event, from seq 1.
    batch_of: Vec<BatchId>,
    /// Entries without a lead, for their negation.
    entries: BTreeMap<Seq, (RepId, Option<SmolStr>, DayNo, i64)>,
}

impl Accounts {
    /// Placements of `rep` on `day`.
    pub(super) fn placements(&self, rep: RepId, day: DayNo) -> i64 {
        self.sums.get(&(rep, SmolStr::default(), day)).map_or(0, |s| s.placements)
    }

    /// Leads `rep` claimed on `day`.
    pub(super) fn claims(&self, rep: RepId, day: DayNo) -> i64 {
        self.sums.get(&(rep, SmolStr::default(), day)).map_or(0, |s| s.claims)
    }

    /// Judges what an undo gives back. `world` and `past` are those before `event`.
    pub(super) fn judge(&self, world: &World, event: &Event) -> Result<(), String> {
        match &event.body {
            Body::LeadRestored(r) => {
                let undone = event.undoes.and_then(|s| self.batch(s)).ok_or("puts back without an undo")?;
                let lead = r.row.id;
                let turn =
                    self.batches.get(&(undone, lead)).ok_or("puts back what the batch never touched")?;
                let negated: Vec<Charge> = turn.charges.iter().map(Charge::negated).collect();
                if total(&negated) != total(&r.charges) {
                    let (want, got) = (&turn.charges, &r.charges);
                    return Err(format!("{lead}: the batch booked {want:?}, its undo books {got:?}"));
                }
                is_as_before(world, turn.before.as_deref(), r.withdrawn, &r.row, event)
            }
            Body::LedgerEntered { rep, team, day, milli, .. } => {
                let Some(of) = event.undoes else { return Ok(()) };
                let own = (*rep, team.clone(), *day, -milli);
                match self.entries.get(&of) {
                    Some(booked) if *booked == own => Ok(()),
                    other => Err(format!("takes back {own:?} where {other:?} was booked")),
                }
            }
            Body::BatchUndone { batch, .. } if self.undone.contains(batch) => {
                Err(format!("{batch} was undone before"))
            }
            _ => Ok(()),
        }
    }

    fn batch(&self, seq: Seq) -> Option<BatchId> {
        self.batch_of.get(usize::try_from(seq.0).ok()?.checked_sub(1)?).copied()
    }

    /// Books `event`; `world` is the one before it.
    pub(super) fn book(&mut self, world: &World, past: &Past, event: &Event) {
        self.batch_of.push(event.batch);
        if let Some(lead) = event.body.lead() {
            let looks = matches!(event.body, Body::LeadReceived(_));
            let turn = self.batches.entry((event.batch, lead)).or_insert_with(|| Turn {
                before: if looks { None } else { past.row(world, lead).map(Box::new) },
                charges: Vec::new(),
            });
            match &event.body {
                Body::LeadAssigned(a) => turn.charges.push(a.charge.clone()),
                Body::LeadRestored(r) => turn.charges.extend(r.charges.iter().cloned()),
                _ => {}
            }
        }
        match &event.body {
            Body::LeadAssigned(a) => self.charge(&a.charge),
            Body::LeadRestored(r) => r.charges.iter().for_each(|c| self.charge(c)),
            Body::LedgerEntered { rep, team, day, milli, .. } => {
                self.entries.insert(event.seq, (*rep, team.clone(), *day, *milli));
                self.sums.entry((*rep, team.clone().unwrap_or_default(), *day)).or_default().entries += milli;
            }
            Body::BatchUndone { batch, .. } => {
                self.undone.insert(*batch);
            }
            _ => {}
        }
    }

    fn charge(&mut self, charge: &Charge) {
        for team in std::iter::once(SmolStr::default()).chain(charge.team.clone()) {
            let sum = self.sums.entry((charge.rep, team, charge.day)).or_default();
            sum.turns += charge.milli;
            sum.placements += i64::from(charge.placements);
            sum.claims += i64::from(charge.claims);
        }
    }

    /// Where the world's ledgers hold something else than was booked.
    pub(super) fn compare(&self, world: &World) -> Vec<String> {
        let mut wrong = Vec::new();
        for rep in world.reps() {
            let own = std::iter::once((SmolStr::default(), &rep.ledger));
            for (team, ledger) in own.chain(rep.team_ledgers.iter().map(|(t, l)| (t.clone(), l))) {
                let last = ledger.buckets().last().map_or(0, |b| b.day.0);
                // Older ones are forgotten by and by.
                for bucket in ledger.buckets().iter().filter(|b| b.day.0 > last - LEDGER_DAYS) {
                    let (turns, entries) = (bucket.turns_milli, bucket.entries_milli);
                    let (placements, claims) = (i64::from(bucket.placements), i64::from(bucket.claims));
                    let holds = Sum { turns, entries, placements, claims };
                    let key = (rep.id, team.clone(), bucket.day);
                    let booked = self.sums.get(&key).copied().unwrap_or_default();
                    if holds != booked {
                        wrong.push(format!("the ledger holds {holds:?} at {key:?}, booked were {booked:?}"));
                    }
                }
            }
        }
        wrong
    }
}

/// Turns, placements and claims by bucket.
type Totals = BTreeMap<(RepId, Option<SmolStr>, DayNo), (i64, i32, i32)>;

fn total(charges: &[Charge]) -> Totals {
    let mut sums = Totals::new();
    for c in charges {
        let sum = sums.entry((c.rep, c.team.clone(), c.day)).or_default();
        *sum = (sum.0 + c.milli, sum.1 + c.placements, sum.2 + c.claims);
    }
    sums.retain(|_, sum| *sum != (0, 0, 0));
    sums
}

/// Whether a row put back is the row before the batch, or that row parked where it would only have waited again.
fn is_as_before(
    world: &World,
    before: Option<&Lead>,
    withdrawn: bool,
    row: &Lead,
    event: &Event,
) -> Result<(), String> {
    let Some(before) = before else {
        let gone = withdrawn && row.state == LeadState::Invalid && row.owner.is_none();
        return if gone { Ok(()) } else { Err(format!("an undone arrival is put back as {row:?}")) };
    };
    let is_gone = |id: &RepId| world.rep(*id).is_none_or(|r| !r.active);
    let was_placed = world.lead(row.id).is_some_and(|l| l.owner.is_some());
    let owner_gone = before.state.is_load() && before.owner.as_ref().is_none_or(is_gone);
    let mut want = Lead { hold: None, score: row.score, ..before.clone() };
    // Contact texts are not in the log: an undo leaves the new ones.
    want.attrs.has_phone = row.attrs.has_phone;
    want.attrs.has_email = row.attrs.has_email;
    if (before.state == LeadState::Waiting && was_placed) || owner_gone {
        want.state = LeadState::Parked;
        (want.owner, want.pinned) = (None, false);
        (want.assigned_at, want.contacted_at) = (None, None);
        want.park = Some(ParkReason::Undone { by: event.actor.clone() });
    }
    // What the pool's clock would take again at once stays with its owner.
    want.pinned |= quiet_deadline(world, &want).is_some_and(|at| at <= event.at);
    if want == *row { Ok(()) } else { Err(format!("puts back {row:?}, before the batch it was {want:?}")) }
}
