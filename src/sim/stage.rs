//! The demo's stage: an invented company set up on a desk, leads coming in bursts, reps at work. Deterministic by seed;
//! whoever drives it turns the clock and hands in what it wants.

use smol_str::SmolStr;

use super::arrivals::{ArrivalOptions, Arrivals, Promotion};
use super::company::cards;
use super::people::{Play, PlayOptions, person};
use crate::engine::{Intent, Order};
use crate::model::actor::{Actor, Role};
use crate::model::event::IntentId;
use crate::model::id::BookVersion;
use crate::model::time::{HOUR_MS, MINUTE_MS, Millis};
use crate::world::World;

/// The demo's rule book, windows as written; [`book`] moves its promotion to the day of the demo.
const BOOK: &str = include_str!("../../assets/demo/book.rules");
/// The console number of the demo's people.
const CONSOLE: u32 = 9_001;
/// The name the demo's web form signs with.
const WEB: &str = "web-form";
/// How long the promotion has been on when the console opens, and how long it still lasts.
const PROMOTION: (i64, i64) = (20 * MINUTE_MS, 3 * HOUR_MS);

/// Everybody in the demo but the person at the console.
#[derive(Debug, Clone)]
pub struct Stage {
    arrivals: Arrivals,
    play: Play,
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
        let promotion = Promotion::livestream(now.plus(-PROMOTION.0), now.plus(PROMOTION.1));
        let arrivals = ArrivalOptions {
            rate_milli: u64::from(rate) * 1000,
            promotions: vec![promotion],
            secret,
            ..ArrivalOptions::default()
        };
        let people = PlayOptions { console: CONSOLE, ..PlayOptions::default() };
        Stage {
            arrivals: Arrivals::new(seed, arrivals, start),
            play: Play::new(seed, people, start),
            next_id: u128::from(seed) << 64,
        }
    }

    /// What founds the company: roles, roster, book. To be carried out one after the other, at the play's start.
    pub fn founding(&mut self, owner: &str, now: Millis) -> Vec<Order> {
        let admin = Actor { name: owner.into(), role: Role::Admin, console: CONSOLE };
        let grant = |name: &str, role| Intent::Grant { actor: name.into(), role: Some(role) };
        let mut intents = vec![
            grant(owner, Role::Admin),
            grant("wang.fang", Role::Coordinator),
            grant("zhao.lei", Role::Supervisor),
            grant(WEB, Role::Coordinator),
        ];
        let cards = cards();
        intents.extend(cards.iter().map(|card| grant(&card.login, Role::Rep)));
        intents.push(Intent::AddReps { cards });
        let text = SmolStr::from(book(now));
        intents.push(Intent::Publish { text, note: "demo".into(), base: BookVersion(0) });
        intents.into_iter().map(|intent| self.order(admin.clone(), intent)).collect()
    }

    /// Everything that happens up to `now`: leads first, then what people want.
    pub fn due(&mut self, world: &World, now: Millis) -> Vec<Order> {
        let leads: Vec<_> = self.arrivals.due(now).into_iter().map(|(_, lead)| lead).collect();
        let mut orders = Vec::new();
        for lead in leads {
            let intent = Intent::Receive { leads: vec![lead], import: None };
            orders.push(self.order(person(WEB, Role::Coordinator, CONSOLE), intent));
        }
        for (actor, intent) in self.play.due(world, now) {
            orders.push(self.order(actor, intent));
        }
        orders
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
