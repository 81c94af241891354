//! One desk in memory, judged at every step: the simulation without a file, and the bed for the judge's own tests.

use super::judge::Judge;
use crate::engine::memory::Memory;
use crate::engine::{self, Intent, Order, Outcome, Refusal, Stop};
use crate::model::actor::Actor;
use crate::model::event::{Event, IntentId};
use crate::model::time::Millis;
use crate::world::World;

/// A desk in memory with its judge.
#[derive(Debug, Clone, Default)]
pub struct Yard {
    world: World,
    memory: Memory,
    judge: Judge,
    orders: u128,
}

impl Yard {
    /// An empty desk.
    #[must_use]
    pub fn new() -> Yard {
        Yard::default()
    }

    /// The desk.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The log.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.memory.events
    }

    /// The judge.
    #[must_use]
    pub fn judge(&self) -> &Judge {
        &self.judge
    }

    /// Carries out a wish. The inner answer is the desk's, a refusal among it.
    ///
    /// # Errors
    /// What the judge found.
    pub fn ask(
        &mut self,
        actor: Actor,
        intent: Intent,
        now: Millis,
    ) -> Result<Result<Outcome, Refusal>, String> {
        self.orders += 1;
        let order = Order { id: IntentId(self.orders), actor, intent, seen: Vec::new() };
        self.carry_out(&order, now)
    }

    /// Carries out an order.
    ///
    /// # Errors
    /// What the judge found.
    pub fn carry_out(&mut self, order: &Order, now: Millis) -> Result<Result<Outcome, Refusal>, String> {
        let before = self.memory.events.len();
        let answer = match engine::execute(&mut self.world, &mut self.memory, order, now) {
            Ok(done) => Ok(done.outcome),
            Err(Stop::Refused(refusal)) => Err(refusal),
            Err(Stop::Host(never)) => match never {},
        };
        let new = self.memory.events.get(before..).unwrap_or_default();
        if answer.is_err() && !new.is_empty() {
            return Err(format!("a refused order left {} events", new.len()));
        }
        for event in new {
            self.judge.see(event)?;
        }
        self.judge.agrees(&self.world)?;
        Ok(answer)
    }
}
