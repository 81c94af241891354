//! A coordinator at work: now and then something is placed by hand, recalled, parked, held, corrected, undone, paused.
//!
//! As pure as the other players: a world and a moment in, wishes out. What the desk answered comes back by [`Coordinator::did`],
//! so that an undo names a batch that exists.

use smol_str::SmolStr;

use super::chance::Chance;
use super::company::Words;
use super::people::person;
use crate::engine::{Intent, To};
use crate::model::actor::{Actor, Role};
use crate::model::id::{BatchId, LeadId, RepId};
use crate::model::lead::{Lead, LeadState};
use crate::model::mode::Mode;
use crate::model::time::{MINUTE_MS, Millis};
use crate::world::World;

/// How busy and how bold.
#[derive(Debug, Clone)]
pub struct CoordinatorOptions {
    pub name: SmolStr,
    pub console: u32,
    /// Mean time between two actions.
    pub every_ms: i64,
    /// Pauses the engine now and then, always for a short time.
    pub pauses: bool,
}

impl Default for CoordinatorOptions {
    fn default() -> Self {
        CoordinatorOptions {
            name: SmolStr::new_static("wang.fang"),
            console: 9_002,
            every_ms: 90_000,
            pauses: true,
        }
    }
}

/// What may come to a coordinator's mind, with how often.
const MOODS: [(Mood, u64); 11] = [
    (Mood::Place, 22),
    (Mood::Unpark, 18),
    (Mood::Move, 14),
    (Mood::Hold, 10),
    (Mood::Release, 20),
    (Mood::Recall, 7),
    (Mood::Park, 6),
    (Mood::Correct, 8),
    (Mood::Undo, 7),
    (Mood::ToTeam, 6),
    (Mood::Pause, 2),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Place,
    Unpark,
    Move,
    Hold,
    Release,
    Recall,
    Park,
    Correct,
    Undo,
    ToTeam,
    Pause,
}

/// A coordinator of a seed.
#[derive(Debug, Clone)]
pub struct Coordinator {
    options: CoordinatorOptions,
    chance: Chance,
    words: Words,
    next: Millis,
    resume_at: Option<Millis>,
    last_batch: Option<BatchId>,
}

impl Coordinator {
    /// One who sits down at `start`.
    #[must_use]
    pub fn new(seed: u64, options: CoordinatorOptions, start: Millis) -> Coordinator {
        let mut chance = Chance::apart(seed, 4);
        let next = start.plus(chance.wait(options.every_ms));
        Coordinator { options, chance, words: Words::load(), next, resume_at: None, last_batch: None }
    }

    /// When they next act.
    #[must_use]
    pub fn next_at(&self) -> Millis {
        self.resume_at.map_or(self.next, |at| at.min(self.next))
    }

    /// Who they are.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.options.name
    }

    /// Where they sit.
    #[must_use]
    pub fn console(&self) -> u32 {
        self.options.console
    }

    /// Everything they want up to `now`, in order.
    pub fn due(&mut self, world: &World, now: Millis) -> Vec<(Actor, Intent)> {
        let mut wishes = Vec::new();
        while self.next_at() <= now {
            let at = self.next_at();
            if self.resume_at.is_some_and(|resume| resume <= at) {
                self.resume_at = None;
                wishes.push(Intent::SetMode(Mode::Auto));
                continue;
            }
            wishes.extend(self.wish(world, at));
            self.next = at.plus(self.chance.wait(self.options.every_ms).max(1));
        }
        let me = person(&self.options.name, Role::Coordinator, self.options.console);
        wishes.into_iter().map(|intent| (me.clone(), intent)).collect()
    }

    /// Tells what the desk made of a wish: the batch it became.
    pub fn did(&mut self, batch: Option<BatchId>) {
        self.last_batch = batch.or(self.last_batch);
    }

    /// One wish for the present world; `None` when what came to mind has no object.
    pub fn wish(&mut self, world: &World, at: Millis) -> Option<Intent> {
        let weights = MOODS.map(|(_, weight)| weight);
        let mood = MOODS.get(self.chance.weighted(&weights)).map(|(mood, _)| *mood)?;
        match mood {
            Mood::Place => {
                let leads =
                    self.some(world, 3, |l| matches!(l.state, LeadState::Waiting | LeadState::Parked))?;
                self.place(world, leads, at)
            }
            Mood::Move => {
                let leads = self.some(world, 2, |l| l.state == LeadState::Assigned)?;
                self.place(world, leads, at)
            }
            Mood::ToTeam => {
                let leads = self.some(world, 4, |l| l.owner.is_none())?;
                let teams: Vec<&SmolStr> = world.teams().keys().collect();
                let team = (*self.chance.pick(&teams)?).clone();
                Some(Intent::Place {
                    leads,
                    to: To::Team(team),
                    reason: SmolStr::default(),
                    force: false,
                    turn: true,
                })
            }
            Mood::Unpark => Some(Intent::Free {
                leads: self.some(world, 3, |l| l.state == LeadState::Parked || l.pinned)?,
            }),
            Mood::Hold => {
                let leads = self.some(world, 2, |l| l.hold_at(at).is_none())?;
                Some(Intent::Hold { leads, until: at.plus(self.chance.between(2, 9) * MINUTE_MS) })
            }
            Mood::Release => {
                let me = self.options.name.clone();
                let leads = self.some(world, 2, |l| l.hold_at(at).is_some_and(|h| h.actor == me))?;
                Some(Intent::Release { leads })
            }
            Mood::Recall => Some(Intent::Recall {
                leads: self.some(world, 2, |l| l.state == LeadState::Assigned)?,
                reason: SmolStr::new_static("超时未联系"),
            }),
            Mood::Park => Some(Intent::Park {
                leads: self.some(world, 1, |l| l.state == LeadState::Waiting)?,
                reason: SmolStr::new_static("信息不全，先核实"),
            }),
            Mood::Correct => self.correct(world),
            Mood::Undo => self.last_batch.take().map(|batch| Intent::Undo { batch }),
            Mood::Pause => self.pause(world, at),
        }
    }

    fn place(&mut self, world: &World, leads: Vec<LeadId>, at: Millis) -> Option<Intent> {
        let present: Vec<RepId> = world.reps().iter().filter(|r| r.is_present(at)).map(|r| r.id).collect();
        let rep = *self.chance.pick(&present)?;
        let force = self.chance.permille(200);
        let reason = if force { "老客户点名要他 · asked for by name" } else { "" };
        let turn = self.chance.permille(700);
        Some(Intent::Place { leads, to: To::Rep(rep), reason: SmolStr::new_static(reason), force, turn })
    }

    fn correct(&mut self, world: &World) -> Option<Intent> {
        let lead = *self.some(world, 1, |_| true)?.first()?;
        let mut attrs = world.lead(lead)?.attrs.clone();
        let region = self.words.regions.draw(&mut self.chance);
        attrs.region = region.text;
        attrs.city = region.second;
        Some(Intent::Edit { lead, attrs: Box::new(attrs), contact: None, keys: None })
    }

    fn pause(&mut self, world: &World, at: Millis) -> Option<Intent> {
        if !self.options.pauses {
            return None;
        }
        if world.mode() == Mode::Paused {
            return Some(Intent::SetMode(Mode::Auto));
        }
        self.resume_at = Some(at.plus(self.chance.between(1, 3) * MINUTE_MS));
        Some(Intent::SetMode(Mode::Paused))
    }

    /// Up to `most` neighbouring leads that suit; `None` when none does.
    fn some(&mut self, world: &World, most: usize, suits: impl Fn(&Lead) -> bool) -> Option<Vec<LeadId>> {
        let mut all: Vec<LeadId> = world.leads().filter(|l| suits(l)).map(|l| l.id).collect();
        all.sort_unstable();
        let from = usize::try_from(self.chance.below(all.len() as u64)).unwrap_or(0);
        let count = usize::try_from(self.chance.between(1, i64::try_from(most).unwrap_or(1))).unwrap_or(1);
        let leads: Vec<LeadId> = all.into_iter().skip(from).take(count).collect();
        (!leads.is_empty()).then_some(leads)
    }
}
