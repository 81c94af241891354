//! The demo's stage: the invented company on a desk of today, as orders with ids. Its promotion is moved to the hours
//! around the demo. Deterministic by seed; whoever drives it turns the clock and hands the orders in.

use super::arrivals::{ArrivalOptions, Promotion};
use super::company::{BOOK, cards};
use super::demo::{self, Demo, DemoOptions};
use super::people::{PlayOptions, person};
use crate::engine::{Intent, Order, timers};
use crate::model::actor::{Actor, ENGINE, Role};
use crate::model::event::IntentId;
use crate::model::time::{HOUR_MS, MINUTE_MS, Millis};
use crate::world::{Moment, World};

/// How long the promotion has been on when the console opens, and how long it still lasts.
const PROMOTION: (i64, i64) = (20 * MINUTE_MS, 3 * HOUR_MS);

/// Leads a minute that the company's people can just keep up with as they are.
const RATE_OF_PEOPLE: u32 = 7;

/// How much more comes from the livestream while it lasts.
const PROMOTION_TIMES: u64 = 5;

/// Everybody in the demo but the person at the console.
#[derive(Debug, Clone)]
pub struct Stage {
    demo: Demo,
    /// Leads a minute.
    rate: u32,
    next_id: u128,
}

/// The demo's book with its promotion around `now`.
#[must_use]
pub fn book(now: Millis) -> String {
    let zone = crate::rulebook::compile(BOOK).zone;
    let local = |at: Millis| {
        chrono::DateTime::from_timestamp_millis(at.0)
            .map(|t| t.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string())
            .unwrap_or_default()
    };
    let (from, to) = (local(now.plus(-PROMOTION.0)), local(now.plus(PROMOTION.1)));
    let window = format!("  window \"Double 11\" {from} .. {to}");
    let lines =
        BOOK.lines().map(|line| if line.contains("window \"Double 11\"") { window.as_str() } else { line });
    let mut text: String = lines.collect::<Vec<_>>().join("\n");
    text.push('\n');
    text
}

impl Stage {
    /// A stage whose play begins at `start` and whose promotion surrounds `now`; `rate` leads a minute.
    #[must_use]
    pub fn new(seed: u64, rate: u32, secret: [u8; 16], start: Millis, now: Millis) -> Stage {
        let livestream = Promotion::livestream(now.plus(-PROMOTION.0), now.plus(PROMOTION.1));
        // Enough to fill the promotion's team while the others have room: somebody has to step in.
        let promotion = Promotion { times: PROMOTION_TIMES, ..livestream };
        let arrivals = ArrivalOptions {
            rate_milli: u64::from(rate) * 1000,
            promotions: vec![promotion],
            secret,
            ..ArrivalOptions::default()
        };
        let mut people = PlayOptions::default();
        if rate > RATE_OF_PEOPLE {
            // Quicker people where more comes: the desk shall be pressed, not drowned.
            let slower = |ms: i64| ms * i64::from(RATE_OF_PEOPLE) / i64::from(rate);
            people.outcome_ms = slower(people.outcome_ms);
            people.answer_ms = slower(people.answer_ms);
            people.never_permille = people.never_permille * RATE_OF_PEOPLE / rate;
        }
        let options = DemoOptions { arrivals, people, ..DemoOptions::default() };
        Stage { demo: Demo::new(seed, options, start), rate, next_id: u128::from(seed) << 64 }
    }

    /// What founds the company: roles, roster, book. To be carried out one after the other, at the play's start.
    pub fn founding(&mut self, owner: &str, now: Millis) -> Vec<Order> {
        let mut cards = cards();
        for cap in cards.iter_mut().filter_map(|card| card.cap_day.as_mut()) {
            // A day's cap is set for a day's leads: a desk that gets more would be full by noon.
            *cap = (*cap).max(*cap * self.rate / RATE_OF_PEOPLE);
        }
        let wishes = demo::opening(owner, cards, &book(now));
        wishes.into_iter().map(|(actor, intent)| self.order(actor, intent)).collect()
    }

    /// Everything that happens up to `now`: leads first, then what people want.
    pub fn due(&mut self, world: &World, now: Millis) -> Vec<Order> {
        let wishes = self.demo.due(world, now);
        wishes.into_iter().map(|(actor, intent)| self.order(actor, intent)).collect()
    }

    /// What a leader would do at `now`: the day before the desk opens has nobody else to serve its timers.
    pub fn timers(&mut self, world: &World, now: Millis) -> Option<Order> {
        let due = timers::due(world, &Moment::at(world.book().zone, now));
        (!due.is_empty()).then(|| self.order(person(ENGINE, Role::Engine, 0), Intent::Timers))
    }

    fn order(&mut self, actor: Actor, intent: Intent) -> Order {
        self.next_id += 1;
        Order { id: IntentId(self.next_id), actor, intent, seen: Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rulebook::{Severity, check, parse};

    #[test]
    fn the_book_of_the_day_has_no_errors_and_its_promotion_is_on() {
        let now = Millis(1_795_000_000_000);
        let mut memory = crate::engine::memory::Memory::default();
        let mut world = World::new();
        let mut stage = Stage::new(7, 12, [0; 16], now, now);
        for order in stage.founding("boss", now) {
            crate::engine::execute(&mut world, &mut memory, &order, now).unwrap();
        }
        let checked = check(&parse(&world.published().text).tree, &crate::engine::names(&world));
        let errors: Vec<_> = checked.diagnostics.iter().filter(|d| d.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let window = &world.book().calendar.windows[0];
        let local = chrono::DateTime::from_timestamp_millis(now.0).unwrap().with_timezone(&world.book().zone);
        assert!(window.from < local.naive_local() && local.naive_local() < window.to);
    }
}
