//! The demo company at work: arrivals, reps and a coordinator as one stream of wishes, for `leadyard demo`.
//!
//! The caller owns the desk and the clock. To pre-fill history it turns the hands itself:
//!
//! ```text
//! for (actor, wish) in demo::opening(user, company::cards(), company::BOOK) { ask the desk at `start` }
//! loop { now = demo.next_at(); if now > until { break }
//!        for (actor, wish) in demo.due(world, now) { answer = ask the desk at `now`; demo.did(&actor, &wish, answer's batch) } }
//! ```
//!
//! and goes on the same way in real time. `due` sees what was placed since; call it at least every few seconds.

use smol_str::SmolStr;

use super::arrivals::{ArrivalOptions, Arrivals};
use super::coordinator::{Coordinator, CoordinatorOptions};
use super::people::{Play, PlayOptions, person};
use crate::engine::Intent;
use crate::engine::intent::LEADS_MAX;
use crate::model::actor::{Actor, Role};
use crate::model::id::{BatchId, BookVersion};
use crate::model::rep::RepCard;
use crate::model::time::{Millis, SECOND_MS};
use crate::world::World;

/// The name under which leads come in.
pub const DOOR: &str = "intake";
/// While something is open the demo is asked again this soon, since placements are noticed only by looking.
const LOOK_EVERY_MS: i64 = 5 * SECOND_MS;

/// The first wishes of an empty desk: `admin` and everybody's roles, the roster, the book.
#[must_use]
pub fn opening(admin: &str, cards: Vec<RepCard>, book: &str) -> Vec<(Actor, Intent)> {
    let asker = person(admin, Role::Admin, 1);
    let grant = |name: &str, role: Role| Intent::Grant { actor: name.into(), role: Some(role) };
    let mut wishes = vec![grant(admin, Role::Admin), grant(DOOR, Role::Coordinator)];
    wishes.push(grant(&CoordinatorOptions::default().name, Role::Coordinator));
    wishes.push(grant(&PlayOptions::default().supervisor, Role::Supervisor));
    // Whoever opens the demo may be called like one of its people: then they stay admin.
    let others = cards.iter().filter(|card| card.login != admin);
    wishes.extend(others.map(|card| grant(&card.login, Role::Rep)));
    wishes.push(Intent::AddReps { cards });
    let note = SmolStr::new_static("demo");
    wishes.push(Intent::Publish { text: book.into(), note, base: BookVersion(0) });
    wishes.into_iter().map(|wish| (asker.clone(), wish)).collect()
}

/// How the demo goes.
#[derive(Debug, Clone, Default)]
pub struct DemoOptions {
    pub arrivals: ArrivalOptions,
    pub people: PlayOptions,
    /// `None` = nobody overrides the engine but the person at the console.
    pub coordinator: Option<CoordinatorOptions>,
}

/// The demo of a seed.
#[derive(Debug, Clone)]
pub struct Demo {
    arrivals: Arrivals,
    people: Play,
    coordinator: Option<Coordinator>,
    looked: Millis,
}

impl Demo {
    /// A demo that begins at `start`.
    #[must_use]
    pub fn new(seed: u64, options: DemoOptions, start: Millis) -> Demo {
        Demo {
            arrivals: Arrivals::new(seed, options.arrivals, start),
            people: Play::new(seed, options.people, start),
            coordinator: options.coordinator.map(|o| Coordinator::new(seed, o, start)),
            looked: start,
        }
    }

    /// When to ask again: at the next wish known of, and before long in any case.
    pub fn next_at(&mut self) -> Millis {
        let coordinator = self.coordinator.as_ref().map(Coordinator::next_at);
        let soon = self.looked.plus(LOOK_EVERY_MS);
        [self.arrivals.next_at(), coordinator, Some(self.people.next_at())]
            .into_iter()
            .flatten()
            .fold(soon, Millis::min)
            .max(self.looked)
    }

    /// Everything wanted up to `now`: leads first, then what people do.
    pub fn due(&mut self, world: &World, now: Millis) -> Vec<(Actor, Intent)> {
        self.looked = self.looked.max(now);
        let door = person(DOOR, Role::Coordinator, 9_000);
        let leads: Vec<_> = self.arrivals.due(now).into_iter().map(|(_, lead)| lead).collect();
        let mut wishes: Vec<(Actor, Intent)> = leads
            .chunks(LEADS_MAX)
            .map(|chunk| (door.clone(), Intent::Receive { leads: chunk.to_vec(), import: None }))
            .collect();
        wishes.extend(self.people.due(world, now));
        if let Some(coordinator) = &mut self.coordinator {
            wishes.extend(coordinator.due(world, now));
        }
        wishes
    }

    /// Tells which batch a wish of `actor` became, so that the coordinator can undo their own.
    pub fn did(&mut self, actor: &Actor, wish: &Intent, batch: Option<BatchId>) {
        if let Some(coordinator) = &mut self.coordinator
            && actor.name == coordinator.name()
            && !matches!(wish, Intent::Undo { .. } | Intent::Duty { .. })
        {
            coordinator.did(batch);
        }
    }
}

#[cfg(test)]
mod tests;
