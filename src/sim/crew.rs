//! The crew of a simulated company: whoever may want something of a desk, as one table of acts. A world in, the next orders
//! out. A new kind of intent gets its line in [`ACTS`] and its wish beside the others of its sort.

mod aside;
mod door;
mod office;

use super::arrivals::{ArrivalOptions, Arrivals, Promotion};
use super::chance::Chance;
use super::company;
use super::coordinator::{Coordinator, CoordinatorOptions};
use super::people::{Play, PlayOptions, person};
use crate::engine::{Intent, NewLead};
use crate::model::actor::{Actor, Role};
use crate::model::id::BatchId;
use crate::model::rep::RepCard;
use crate::model::time::{HOUR_MS, Millis};
use crate::world::World;

/// The one who sets the desk up.
pub const ADMIN: &str = "admin";
/// Somebody of this machine without a role.
pub const STRANGER: &str = "passer.by";
/// Leads an hour in the stream of arrivals, in thousandths a minute.
const RATE_MILLI: u64 = 60;
/// Most wishes of reps in one step.
const PEOPLE_MAX: usize = 12;
/// The coordinators with their consoles.
pub const COORDINATORS: [(&str, u32); 3] = [("wang.fang", 2), ("lin.qiang", 12), ("g.o'neill", 22)];

/// What somebody wants, in order.
pub type Wishes = Vec<(Actor, Intent)>;

/// One thing that may come to somebody's mind.
#[derive(Clone, Copy)]
pub struct Act {
    pub name: &'static str,
    /// How often, beside the others.
    pub weight: u64,
    /// Whether the desk always says no: then that is what must come of it.
    pub is_refused: bool,
    wish: fn(&mut Crew, &World, Millis) -> Wishes,
}

const fn act(name: &'static str, weight: u64, wish: fn(&mut Crew, &World, Millis) -> Wishes) -> Act {
    Act { name, weight, is_refused: false, wish }
}

const fn never(name: &'static str, weight: u64, wish: fn(&mut Crew, &World, Millis) -> Wishes) -> Act {
    Act { name, weight, is_refused: true, wish }
}

/// Everything that may come to anybody's mind.
pub const ACTS: &[Act] = &[
    act("arrivals", 260, door::arrivals),
    act("a lead by hand", 60, door::one),
    act("a burst", 25, door::burst),
    act("sent again", 30, door::again),
    act("a lead in hand", 15, door::in_hand),
    act("import begins or ends", 30, door::bracket),
    act("people", 260, Crew::people),
    act("a coordinator", 260, Crew::coordinate),
    act("a closed lead", 25, office::closed),
    act("unmask", 10, office::unmask),
    act("edit a rep", 30, office::edit_rep),
    act("a joiner", 12, office::join),
    act("a leaver", 14, office::leave),
    act("back for good", 36, office::rejoin),
    act("leaves", 18, office::leaves),
    act("publish", 16, office::publish),
    act("a book taken back", 22, office::unpublish),
    act("undo somebody's", 60, office::undo),
    act("a role", 8, office::grant),
    never("a stranger", 10, office::stranger),
    act("somebody else's lead", 10, office::not_mine),
    act("a divert", 12, aside::divert),
    act("a divert ends", 20, aside::end_divert),
    act("a mode of a part", 14, aside::mode),
    act("accept", 30, aside::accept),
    act("merge", 12, aside::merge),
    act("into the pool", 14, aside::pool),
    act("claim", 24, aside::claim),
    act("adjust a ledger", 8, aside::adjust),
    act("a trial", 20, office::try_draft),
    act("a trial ends", 8, office::end_trial),
    act("a promotion", 16, aside::promote),
    act("a promotion ends", 24, aside::demote),
    act("an alert", 40, aside::alert),
    act("a silence", 10, aside::silence),
    act("a remedy", 20, aside::remedy),
    act("a complaint", 14, aside::complain),
    act("a ruling", 12, aside::rule),
];

/// The crew of a seed.
#[derive(Debug, Clone)]
pub struct Crew {
    chance: Chance,
    arrivals: Arrivals,
    people: Play,
    coordinators: Vec<Coordinator>,
    sent: Vec<NewLead>,
    batches: Vec<BatchId>,
    /// Publications, and the act whose wishes are carried out now.
    books: Vec<BatchId>,
    doing: &'static str,
    imports: u64,
    joined: u32,
}

/// The first wishes of an empty desk. `tight` caps make refusals and full teams frequent.
#[must_use]
pub fn opening(tight: bool) -> Wishes {
    let mut cards: Vec<RepCard> = company::cards();
    if tight {
        for (card, extra) in cards.iter_mut().zip(0..) {
            card.cap_open = Some(2 + extra % 4);
            card.cap_day = Some(4 + extra % 5);
        }
    }
    let mut wishes = super::demo::opening(ADMIN, cards, super::books::RECORDED);
    let admin = person(ADMIN, Role::Admin, 1);
    let grants = COORDINATORS.iter().skip(1).map(|(name, _)| {
        let role = Some(Role::Coordinator);
        (admin.clone(), Intent::Grant { actor: (*name).into(), role })
    });
    // Behind the first, which makes the admin.
    wishes.splice(1..1, grants);
    wishes
}

impl Crew {
    /// A crew that starts at `start`. For some hours of its day the livestream sends ten times as much.
    #[must_use]
    pub fn new(seed: u64, start: Millis) -> Crew {
        let arrivals = ArrivalOptions {
            rate_milli: RATE_MILLI,
            repeat_permille: 150,
            system: "sim".into(),
            promotions: vec![Promotion::livestream(start.plus(2 * HOUR_MS), start.plus(8 * HOUR_MS))],
            ..Default::default()
        };
        let people =
            PlayOptions { break_every_ms: Some(HOUR_MS), returned_permille: 200, ..Default::default() };
        let coordinator = |&(name, console): &(&str, u32)| {
            let options = CoordinatorOptions { name: name.into(), console, ..CoordinatorOptions::default() };
            Coordinator::new(seed ^ u64::from(console), options, start)
        };
        Crew {
            chance: Chance::apart(seed, 5),
            arrivals: Arrivals::new(seed, arrivals, start),
            people: Play::new(seed, people, start),
            coordinators: COORDINATORS.iter().map(coordinator).collect(),
            sent: Vec::new(),
            batches: Vec::new(),
            books: Vec::new(),
            doing: "",
            imports: 0,
            joined: 0,
        }
    }

    /// Tells the crew which batch a wish of `actor` became.
    pub fn did(&mut self, actor: &Actor, batch: Option<BatchId>) {
        self.batches.extend(batch);
        self.books.extend(batch.filter(|_| self.doing == "publish"));
        for coordinator in &mut self.coordinators {
            if coordinator.name() == actor.name {
                coordinator.did(batch);
            }
        }
    }

    /// What somebody wants next, and which act that is; empty when it has no object.
    pub fn wishes(&mut self, world: &World, now: Millis) -> (&'static Act, Wishes) {
        let weights: Vec<u64> = ACTS.iter().map(|act| act.weight).collect();
        let at = self.chance.weighted(&weights);
        let act = ACTS.get(at).unwrap_or(&ACTS[0]);
        self.doing = act.name;
        (act, (act.wish)(self, world, now))
    }

    /// After a long time many want something: the others find their lead elsewhere the next time they look.
    fn people(&mut self, world: &World, now: Millis) -> Wishes {
        let mut wishes = self.people.due(world, now);
        wishes.truncate(PEOPLE_MAX);
        wishes
    }

    fn coordinate(&mut self, world: &World, now: Millis) -> Wishes {
        let at = usize::try_from(self.chance.below(self.coordinators.len() as u64)).unwrap_or(0);
        let Some(coordinator) = self.coordinators.get_mut(at) else { return Vec::new() };
        let me = person(coordinator.name(), Role::Coordinator, coordinator.console());
        coordinator.wish(world, now).map(|wish| (me, wish)).into_iter().collect()
    }

    /// One of the coordinators.
    fn coordinator(&mut self) -> Actor {
        let (name, console) = self.chance.pick(&COORDINATORS).copied().unwrap_or(COORDINATORS[0]);
        person(name, Role::Coordinator, console)
    }
}

/// The supervisor.
fn supervisor() -> Actor {
    person(&PlayOptions::default().supervisor, Role::Supervisor, 3)
}
