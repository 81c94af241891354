//! The world as bytes, for checkpoints and for comparing two worlds. Only what cannot be derived is written.

use std::hash::Hasher;
use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};
use siphasher::sip128::{Hasher128, SipHasher13};
use smol_str::SmolStr;

use super::alerts::Watched;
use super::clocks::Clock;
use super::quiet::Had;
use super::{DivertState, OpenImport, Published, QueueKey, RepState, Shares, World};
use crate::model::actor::Role;
use crate::model::alert::Alert;
use crate::model::complaint::Complaint;
use crate::model::id::{BatchId, BookVersion, LeadId, RepId, Seq};
use crate::model::lead::{Lead, LeadState};
use crate::model::mode::{Mode, ModeScope, ScopedMode};
use crate::model::overlay::{Divert, PromotionSwitch};
use crate::model::time::Millis;

/// Changes whenever the fold or this image means something else: an image of another version is dropped and the log folded
/// from zero.
pub const FOLD_VERSION: u32 = 6;

#[derive(Serialize, Deserialize)]
struct Image<Leads> {
    seq: Seq,
    last_at: Millis,
    next_lead: u64,
    reps: Vec<RepState>,
    book: (BookVersion, SmolStr, SmolStr, SmolStr, Millis, BatchId),
    mode: Mode,
    roles: Vec<(SmolStr, Role)>,
    alerts: Vec<Alert>,
    watched: Watched,
    complaints: Vec<Complaint>,
    last_complaint: u32,
    turns: Vec<(SmolStr, RepId)>,
    imports: Vec<(u64, OpenImport)>,
    shares: Shares,
    diverts: Vec<Divert>,
    modes: Vec<(ModeScope, ScopedMode)>,
    last_divert: u32,
    switches: Vec<(SmolStr, PromotionSwitch)>,
    trial: Option<super::trial::Kept>,
    counts: [u64; 9],
    last_assigned_at: Millis,
    faults: u64,
    clocks: Vec<(LeadId, Clock)>,
    moved: Vec<Millis>,
    had: Vec<(LeadId, Had)>,
    gaps: Vec<(Millis, Millis)>,
    leads: Leads,
}

/// Most rows room is made for on the word of an image; more come in as they are read.
const ROOM_MAX: usize = 1 << 20;

/// The rows of an image, each put where it stays as it is read: a list of all of them first would double what a start needs.
struct Rows(FxHashMap<LeadId, Arc<Lead>>);

impl<'de> Deserialize<'de> for Rows {
    fn deserialize<D: Deserializer<'de>>(source: D) -> Result<Rows, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Rows;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("leads")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<Rows, A::Error> {
                let room = rows.size_hint().unwrap_or(0).min(ROOM_MAX);
                let mut leads = FxHashMap::with_capacity_and_hasher(room, FxBuildHasher);
                while let Some(lead) = rows.next_element::<Lead>()? {
                    leads.insert(lead.id, Arc::new(lead));
                }
                Ok(Rows(leads))
            }
        }
        source.deserialize_seq(Reader)
    }
}

/// Why bytes could not be read as a world; the cure is a fold from zero.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the checkpoint cannot be read ({0}); the log will be folded from its start instead")]
pub struct ImageError(String);

impl World {
    fn image(&self) -> Image<Vec<&Lead>> {
        let mut leads: Vec<&Lead> = self.leads().collect();
        leads.sort_unstable_by_key(|l| l.id);
        let mut clocks: Vec<(LeadId, Clock)> = self.clocks.iter().map(|(l, c)| (*l, c.clone())).collect();
        clocks.sort_unstable_by_key(|(lead, _)| *lead);
        let mut had: Vec<_> = self.had.iter().map(|(lead, had)| (*lead, had.clone())).collect();
        had.sort_unstable();
        let p = &self.published;
        Image {
            seq: self.seq,
            last_at: self.last_at,
            next_lead: self.next_lead,
            reps: self.reps.clone(),
            book: (p.version, p.text.clone(), p.note.clone(), p.by.clone(), p.at, p.batch),
            mode: self.mode,
            roles: self.roles.iter().map(|(a, r)| (a.clone(), *r)).collect(),
            alerts: self.alerts.values().cloned().collect(),
            watched: self.watched.clone(),
            complaints: self.complaints.values().cloned().collect(),
            last_complaint: self.last_complaint,
            turns: self.turns.iter().map(|(r, id)| (r.clone(), *id)).collect(),
            imports: self.imports.iter().map(|(f, i)| (*f, i.clone())).collect(),
            shares: self.shares.clone(),
            diverts: self.diverts.iter().map(|d| d.divert.clone()).collect(),
            modes: self.modes.iter().map(|(s, m)| (s.clone(), m.clone())).collect(),
            last_divert: self.last_divert,
            switches: self.switches.iter().map(|(n, s)| (n.clone(), s.clone())).collect(),
            trial: self.trial.as_ref().map(|state| state.kept.clone()),
            counts: self.counts,
            last_assigned_at: self.last_assigned_at,
            faults: self.faults,
            clocks,
            moved: self.moved.clone(),
            had,
            gaps: self.gaps.clone(),
            leads,
        }
    }

    /// The world as bytes; equal worlds give equal bytes.
    ///
    /// # Errors
    /// Only when postcard refuses, which these types do not give it cause to.
    pub fn encode(&self) -> Result<Vec<u8>, ImageError> {
        postcard::to_stdvec(&self.image()).map_err(|e| ImageError(e.to_string()))
    }

    /// Reads bytes written by [`World::encode`] of the same [`FOLD_VERSION`].
    ///
    /// # Errors
    /// Damaged or foreign bytes.
    pub fn decode(bytes: &[u8]) -> Result<World, ImageError> {
        let image: Image<Rows> = postcard::from_bytes(bytes).map_err(|e| ImageError(e.to_string()))?;
        let mut world = World::new();
        world.seq = image.seq;
        world.last_at = image.last_at;
        world.next_lead = image.next_lead;
        world.reps = image.reps;
        let (version, text, note, by, at, batch) = image.book;
        let (book, matcher) = super::compiled(&text);
        world.published = Published { version, text, note, by, at, batch, book, matcher };
        world.mode = image.mode;
        world.roles = image.roles.into_iter().collect();
        world.watched = image.watched;
        world.complaints = image.complaints.into_iter().map(|c| (c.id, c)).collect();
        world.last_complaint = image.last_complaint;
        world.alerts = image.alerts.into_iter().map(|a| (a.finding.key, a)).collect();
        world.turns = image.turns.into_iter().collect();
        world.imports = image.imports.into_iter().collect();
        world.shares = image.shares;
        world.diverts = image.diverts.into_iter().map(DivertState::new).collect();
        world.last_divert = image.last_divert;
        world.switches = image.switches.into_iter().collect();
        world.modes = image.modes.into_iter().collect();
        world.trial = image.trial.map(|kept| Box::new(super::TrialState::new(kept)));
        world.counts = image.counts;
        world.last_assigned_at = image.last_assigned_at;
        world.faults = image.faults;
        world.had = image.had.into_iter().collect();
        world.gaps = image.gaps;
        world.leads = image.leads.0;
        world.index_all();
        world.clocks = image.clocks.into_iter().collect();
        world.moved = image.moved;
        world.refresh_roster();
        world.set_timers(None);
        world.refresh_quiet();
        Ok(world)
    }

    /// Puts every row into the indexes of an empty world. Sorted once and not row by row: this is most of a start's time.
    fn index_all(&mut self) {
        let rows = || self.leads.values();
        let of = |state: LeadState| rows().filter(move |lead| lead.state == state);
        let waiting = of(LeadState::Waiting).map(|lead| QueueKey::of(lead)).collect();
        let parked = of(LeadState::Parked).map(|lead| lead.id).collect();
        let held = rows().filter_map(|lead| Some((lead.hold.as_ref()?.until, lead.id))).collect();
        let twins = rows().filter(|lead| lead.twin.is_some()).map(|lead| lead.id).collect();
        (self.waiting, self.parked, self.held, self.twins) = (waiting, parked, held, twins);
    }

    pub(super) fn index(&mut self, lead: &Lead) {
        match lead.state {
            LeadState::Waiting => {
                self.waiting.insert(QueueKey::of(lead));
            }
            LeadState::Parked => {
                self.parked.insert(lead.id);
            }
            _ => {}
        }
        if let Some(hold) = &lead.hold {
            self.held.insert((hold.until, lead.id));
        }
        if lead.twin.is_some() {
            self.twins.insert(lead.id);
        }
    }

    /// A 128-bit digest of everything in the image: equal for equal worlds.
    #[must_use]
    pub fn digest(&self) -> u128 {
        let mut hasher = SipHasher13::new();
        match self.encode() {
            Ok(bytes) => hasher.write(&bytes),
            Err(_) => hasher.write_u64(self.seq.0),
        }
        hasher.finish128().as_u128()
    }

    /// Sums that must agree with the rows they sum; a sentence per disagreement. Empty for a sound world.
    #[must_use]
    pub fn inconsistencies(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut loads = vec![0u32; self.reps.len()];
        let mut open = [0u64; 9];
        for lead in self.leads() {
            open[lead.state as usize] += 1;
            if !lead.state.is_open() {
                wrong.push(format!("lead {} is {} but still in the world", lead.id, lead.state.word()));
            }
            if lead.state.is_load() != lead.owner.is_some() {
                wrong.push(format!("lead {} is {} with owner {:?}", lead.id, lead.state.word(), lead.owner));
            }
            match lead.owner.map(|r| loads.get_mut(r.0 as usize - 1)) {
                Some(Some(load)) => *load += 1,
                Some(None) => wrong.push(format!("lead {} is owned by an unknown rep", lead.id)),
                None => {}
            }
        }
        for (rep, load) in self.reps.iter().zip(&loads) {
            if rep.load != *load {
                wrong.push(format!(
                    "{} carries load {} but owns {} open leads",
                    rep.card.login, rep.load, load
                ));
            }
        }
        for state in LeadState::ALL.into_iter().filter(|s| s.is_open()) {
            if open[state as usize] != self.count(state) {
                wrong.push(format!(
                    "{} leads are counted {} but {} are there",
                    self.count(state),
                    state.word(),
                    open[state as usize]
                ));
            }
        }
        for day in self.shares.unequal() {
            wrong.push(format!("on day {} not as much was due to reps as they received", day.0));
        }
        self.index_faults(&mut wrong);
        if self.faults > 0 {
            wrong.push(format!("{} events name a lead or rep that is not there", self.faults));
        }
        wrong
    }

    /// What the derived indexes say beside what the rows say.
    fn index_faults(&self, wrong: &mut Vec<String>) {
        let mut fresh = World::new();
        fresh.published.book = std::sync::Arc::clone(&self.published.book);
        for lead in self.leads() {
            fresh.index(lead);
        }
        let pairs = [
            ("the queue", self.waiting == fresh.waiting),
            ("the parked leads", self.parked == fresh.parked),
            ("the held leads", self.held == fresh.held),
            ("the twins", self.twins == fresh.twins),
            ("the pool's clock", self.quiet == self.quiet_of_rows()),
        ];
        let pairs = pairs.into_iter().chain([("the response clocks", self.clocks_are_sound())]);
        for (what, same) in pairs {
            if !same {
                wrong.push(format!("{what} are indexed otherwise than the rows say"));
            }
        }
    }
}
