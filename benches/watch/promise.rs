//! Whether a remedy keeps its promise: exactly at the instant, nearly so half an hour later while the desk goes on, and whether
//! undo takes it back.

use leadyard::engine::memory::Memory;
use leadyard::engine::{Intent, NewLead, Order, Progress, execute};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::alert::{Alert, AlertKind};
use leadyard::model::contact_card::ContactCard;
use leadyard::model::event::IntentId;
use leadyard::model::id::{BatchId, LeadId, RepId};
use leadyard::model::lead::{ArrivalKind, Attrs, LeadState};
use leadyard::model::rep::RepCard;
use leadyard::model::time::{MINUTE_MS, Millis};
use leadyard::watch::{Scene, look, remedies};
use leadyard::world::{Moment, World};

use super::arrivals::Dice;

const BOOK: &str = "rule A\n give to team E by least-loaded\notherwise wait\n";
const CAP: u32 = 20;

struct Floor {
    world: World,
    host: Memory,
    now: Millis,
    orders: u128,
}

impl Floor {
    fn give(&mut self, role: Role, intent: Intent) -> Option<BatchId> {
        self.orders += 1;
        let name = if role == Role::Engine { "engine" } else { "王芳" };
        let actor = Actor { name: name.into(), role, console: 0 };
        let order = Order { id: IntentId(self.orders), actor, intent, seen: Vec::new() };
        execute(&mut self.world, &mut self.host, &order, self.now).ok().and_then(|done| done.outcome.batch)
    }

    fn hire(&mut self, n: u32) {
        let mut card = RepCard::new(&format!("r{n}"), &format!("r{n}"));
        card.teams.push("E".into());
        card.cap_open = Some(CAP);
        self.give(Role::Admin, Intent::AddReps { cards: vec![card] });
    }

    fn receive(&mut self) {
        let lead = NewLead {
            attrs: Attrs::default(),
            contact: ContactCard::default(),
            keys: Vec::new(),
            system: "bench".into(),
            external_id: format!("{}", self.orders).into(),
            received_at: None,
            kind: ArrivalKind::Live,
            state: LeadState::Waiting,
            owner: None,
            do_not_contact: false,
        };
        self.give(Role::Coordinator, Intent::Receive { leads: vec![lead], import: None });
    }

    /// Leads come and end: on average one of each every three minutes.
    fn go_on(&mut self, dice: &mut Dice) {
        self.now = self.now.plus(MINUTE_MS);
        if dice.below(3) == 0 {
            self.receive();
        }
        if dice.below(3) == 0 {
            let mut open: Vec<LeadId> =
                self.world.leads().filter(|l| l.owner.is_some()).map(|l| l.id).collect();
            open.sort_unstable();
            if let Some(lead) = open.get(usize::try_from(dice.below(open.len() as u64)).unwrap_or(0)) {
                let to = if dice.below(2) == 0 { LeadState::Contacted } else { LeadState::Lost };
                let items = vec![Progress { lead: *lead, to, happened_at: None }];
                self.give(Role::Coordinator, Intent::Progress { items, note: "".into() });
            }
        }
    }

    fn look(&mut self) {
        let moment = Moment::at(self.world.book().zone, self.now);
        let steps = look(&Scene::exact(&self.world, &moment), true, false).steps;
        if !steps.is_empty() {
            self.give(Role::Engine, Intent::Watch { steps });
        }
    }

    fn alert(&self) -> Option<Alert> {
        self.world.alerts().values().find(|a| a.finding.key.kind == AlertKind::LoadUneven).cloned()
    }

    fn loads(&self) -> Vec<u32> {
        self.world.reps().iter().map(|rep| rep.load).collect()
    }

    fn share(&self) -> i64 {
        self.world.rep(RepId(1)).map_or(0, |rep| i64::from(rep.load) * 1000 / i64::from(CAP))
    }
}

/// What came of the promises of `seeds` desks.
#[derive(Default)]
pub struct Kept {
    pub desks: usize,
    pub exact: usize,
    pub near_later: usize,
    pub undone: usize,
}

/// The first rep was alone for a while; then others came, and the alert offers to even out.
pub fn keep(start: Millis, seeds: u64) -> Kept {
    let mut kept = Kept::default();
    for seed in 0..seeds {
        let mut dice = Dice::new(seed + 77);
        let mut floor = Floor { world: World::new(), host: Memory::default(), now: start, orders: 0 };
        floor.hire(1);
        let base = floor.world.published().version;
        floor.give(Role::Admin, Intent::Publish { text: BOOK.into(), note: "".into(), base });
        for _ in 0..18 + dice.below(3) {
            floor.receive();
        }
        for n in 2..4 + u32::try_from(dice.below(4)).unwrap_or(0) {
            floor.hire(n);
        }
        let mut alert = None;
        for _ in 0..3 {
            floor.look();
            floor.now = floor.now.plus(6 * MINUTE_MS);
            alert = floor.alert();
        }
        let Some(alert) = alert else { continue };
        let moment = Moment::at(floor.world.book().zone, floor.now);
        let Some(best) = remedies(&floor.world, &alert, &moment).into_iter().next() else { continue };
        let Some(effect) = best.effect else { continue };
        kept.desks += 1;
        let before = floor.loads();
        let batch = floor.give(Role::Coordinator, best.intent.clone());
        kept.exact += usize::from(floor.share() == effect.after);
        if let Some(batch) = batch {
            floor.give(Role::Coordinator, Intent::Undo { batch });
        }
        kept.undone += usize::from(floor.loads() == before);
        floor.give(Role::Coordinator, best.intent);
        for _ in 0..30 {
            floor.go_on(&mut dice);
        }
        let off = (floor.share() - effect.after).abs();
        kept.near_later += usize::from(off * 5 <= effect.after);
    }
    kept
}
