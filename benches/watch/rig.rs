//! A desk for the bench whose world holds reps, book and alerts; leads are the stream's.

use leadyard::engine::memory::Memory;
use leadyard::engine::{AlertStep, Intent, Order, execute};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::alert::AlertKey;
use leadyard::model::event::IntentId;
use leadyard::model::rep::RepCard;
use leadyard::model::time::{HOUR_MS, Millis};
use leadyard::watch::{Scene, Site, look};
use leadyard::world::{Moment, World};

use super::stream::Stream;

/// A Monday 00:00 in Shanghai.
pub const START: Millis = Millis(1_794_153_600_000);

#[derive(Clone)]
pub struct Rig {
    pub world: World,
    pub host: Memory,
    orders: u128,
}

impl Rig {
    pub fn new(reps: u32) -> Rig {
        let mut rig = Rig { world: World::new(), host: Memory::default(), orders: 0 };
        // Long before the leads: who joined yesterday is judged otherwise.
        let joined = START.plus(-1000 * HOUR_MS);
        let cards = (1..=reps).map(|n| {
            let mut card = RepCard::new(&format!("r{n}"), &format!("r{n}"));
            card.teams.push("E".into());
            card
        });
        rig.give(Role::Admin, Intent::AddReps { cards: cards.collect() }, joined);
        let text = "calendar\n timezone Asia/Shanghai\nrule A\n when product = a\n give to team E\nrule C\n when product = c\n \
                    give to team E\nrule D\n when product = d\n give to team E\nrule B\n give to team E\notherwise wait\n";
        let base = rig.world.published().version;
        rig.give(Role::Admin, Intent::Publish { text: text.into(), note: "".into(), base }, joined);
        rig
    }

    pub fn give(&mut self, role: Role, intent: Intent, now: Millis) {
        self.orders += 1;
        let name = if role == Role::Engine { "engine" } else { "王芳" };
        let actor = Actor { name: name.into(), role, console: 0 };
        let order = Order { id: IntentId(self.orders), actor, intent, seen: Vec::new() };
        let done = execute(&mut self.world, &mut self.host, &order, now);
        assert!(done.is_ok(), "the bench's orders are sound");
    }

    /// One look as the leader has it; the alerts that began to fire.
    pub fn look(&mut self, stream: &Stream) -> Vec<AlertKey> {
        let moment = Moment::at(self.world.book().zone, stream.now);
        let scene =
            Scene { world: &self.world, sums: Some(&stream.sums), site: &Site::NONE, moment: &moment };
        let look = look(&scene, true, false);
        let fired = look.steps.iter().filter_map(|step| match step {
            AlertStep::Fire(seen) => Some(seen.finding.key),
            _ => None,
        });
        let fired = fired.collect();
        if !look.steps.is_empty() {
            self.give(Role::Engine, Intent::Watch { steps: look.steps }, stream.now);
            self.host = Memory::default();
        }
        fired
    }
}
