//! The crew of a simulated company: whoever may want something of a desk, in one place. A world in, the next orders out.

use super::arrivals::{ArrivalOptions, Arrivals};
use super::chance::Chance;
use super::company;
use super::coordinator::{Coordinator, CoordinatorOptions};
use super::people::{Play, PlayOptions, person};
use crate::engine::intent::Theirs;
use crate::engine::{Intent, NewLead};
use crate::model::actor::{Actor, Role};
use crate::model::id::{BatchId, RepId};
use crate::model::rep::{Leave, RepCard};
use crate::model::time::{HOUR_MS, MINUTE_MS, Millis};
use crate::world::World;

/// The one who sets the desk up.
pub const ADMIN: &str = "admin";
/// Leads remembered, of which some are sent again under the same external id.
const RESENT_MAX: usize = 40;

/// The crew of a seed.
#[derive(Debug, Clone)]
pub struct Crew {
    chance: Chance,
    arrivals: Arrivals,
    people: Play,
    coordinator: Coordinator,
    sent: Vec<NewLead>,
    batches: Vec<BatchId>,
    imports: u64,
}

/// The first wishes of an empty desk. `tight` caps make refusals and full teams frequent.
#[must_use]
pub fn opening(tight: bool) -> Vec<(Actor, Intent)> {
    let mut cards: Vec<RepCard> = company::cards();
    if tight {
        for (card, extra) in cards.iter_mut().zip(0..) {
            card.cap_open = Some(2 + extra % 4);
            card.cap_day = Some(4 + extra % 5);
        }
    }
    super::demo::opening(ADMIN, cards, company::BOOK)
}

impl Crew {
    /// A crew that starts at `start`.
    #[must_use]
    pub fn new(seed: u64, start: Millis) -> Crew {
        let arrivals = ArrivalOptions { repeat_permille: 150, system: "sim".into(), ..Default::default() };
        let people =
            PlayOptions { break_every_ms: Some(HOUR_MS), returned_permille: 200, ..Default::default() };
        Crew {
            chance: Chance::apart(seed, 5),
            arrivals: Arrivals::new(seed, arrivals, start),
            people: Play::new(seed, people, start),
            coordinator: Coordinator::new(seed, CoordinatorOptions::default(), start),
            sent: Vec::new(),
            batches: Vec::new(),
            imports: 0,
        }
    }

    /// Tells the crew which batch a wish of `actor` became.
    pub fn did(&mut self, actor: &Actor, batch: Option<BatchId>) {
        self.batches.extend(batch);
        if actor.role == Role::Coordinator {
            self.coordinator.did(batch);
        }
    }

    /// What somebody wants next; empty when nobody wants anything.
    pub fn wishes(&mut self, world: &World, now: Millis) -> Vec<(Actor, Intent)> {
        let coordinator = person(&CoordinatorOptions::default().name, Role::Coordinator, 2);
        let supervisor = person(&PlayOptions::default().supervisor, Role::Supervisor, 3);
        match self.chance.weighted(&[35, 25, 28, 8, 4]) {
            0 => vec![(coordinator, self.receive(now))],
            1 => self.people.due(world, now),
            2 => self.coordinator.wish(world, now).map(|wish| (coordinator, wish)).into_iter().collect(),
            3 => self.supervise(world, now).map(|wish| (supervisor, wish)).into_iter().collect(),
            _ => vec![(coordinator, self.bracket(world))],
        }
    }

    fn receive(&mut self, now: Millis) -> Intent {
        let count = self.chance.between(1, 4);
        let mut leads = Vec::new();
        for _ in 0..count {
            let again = self.chance.permille(120);
            match self.chance.pick(&self.sent).filter(|_| again).cloned() {
                Some(old) => leads.push(old),
                None => {
                    let mut lead = self.arrivals.one_more(now);
                    lead.do_not_contact = self.chance.permille(20);
                    self.sent.push(lead.clone());
                    leads.push(lead);
                }
            }
        }
        let forget = self.sent.len().saturating_sub(RESENT_MAX);
        self.sent.drain(..forget);
        let import = (self.imports % 2 == 1).then_some(self.imports);
        Intent::Receive { leads, import }
    }

    /// Opens an import, or ends the one that is open.
    fn bracket(&mut self, world: &World) -> Intent {
        if self.imports % 2 == 1 && world.open_import(self.imports).is_some() {
            let fingerprint = self.imports;
            self.imports += 1;
            return Intent::EndImport { fingerprint, added: 0, known: 0, rejected: 0 };
        }
        self.imports |= 1;
        Intent::BeginImport { fingerprint: self.imports, name: "leads.csv".into(), rows: 8 }
    }

    /// Hours and recorded replies, so that shifts open and close and timers move leads; or neither.
    fn timed(&mut self) -> &'static str {
        const HOURS: &str = "calendar\n  workdays Mon..Sun 08:00..23:00 except 12:00..13:00\n  \
             team Inside works Mon..Sun 10:00..04:00 and holidays\n  holiday 2026-11-12\n";
        const REPLIES: &str = "replies from 官网, 抖音, 百度, 转介绍\n";
        let both = concat!(
            "calendar\n  workdays Mon..Sun 08:00..23:00 except 12:00..13:00\n",
            "replies from 官网, 抖音, 百度, 微信公众号\n"
        );
        self.chance.pick(&["", HOURS, REPLIES, both]).copied().unwrap_or_default()
    }

    /// A supervisor's wish: roster, leave, book, somebody's batch.
    fn supervise(&mut self, world: &World, now: Millis) -> Option<Intent> {
        let reps: Vec<RepId> = world.reps().iter().map(|r| r.id).collect();
        let rep = *self.chance.pick(&reps)?;
        let state = world.rep(rep)?;
        match self.chance.weighted(&[4, 2, 3, 2, 3, 8]) {
            0 => {
                let mut card = state.card.clone();
                card.cap_open = Some(u32::try_from(self.chance.between(1, 6)).unwrap_or(1));
                Some(Intent::EditRep { rep, card })
            }
            1 => {
                let theirs = [Theirs::Spread, Theirs::Keep, Theirs::Park];
                let theirs = *self.chance.pick(&theirs)?;
                Some(Intent::Deactivate { rep, theirs })
            }
            2 => Some(Intent::Reactivate {
                rep: world.reps().iter().find(|r| !r.active).map_or(rep, |r| r.id),
            }),
            3 => {
                let from = now.plus(self.chance.between(-30, 60) * MINUTE_MS);
                let to = from.plus(self.chance.between(10, 400) * MINUTE_MS);
                Some(Intent::SetLeaves { rep, leaves: vec![Leave { from, to, reason: "培训".into() }] })
            }
            4 => Some(Intent::Publish {
                text: format!("{}\n# {}\n{}", company::BOOK, self.chance.below(9), self.timed()).into(),
                note: "changed".into(),
                base: world.published().version,
            }),
            _ => self.chance.pick(&self.batches).map(|batch| Intent::Undo { batch: *batch }),
        }
    }
}
