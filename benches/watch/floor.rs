//! A small desk with the real engine, for what must be exact.

use leadyard::engine::memory::Memory;
use leadyard::engine::{AlertStep, Intent, NewLead, Order, execute};
use leadyard::model::actor::{Actor, Role};
use leadyard::model::alert::{Alert, AlertKind};
use leadyard::model::contact_card::ContactCard;
use leadyard::model::event::IntentId;
use leadyard::model::id::{BatchId, RepId};
use leadyard::model::lead::{ArrivalKind, Attrs, LeadState};
use leadyard::model::rep::RepCard;
use leadyard::model::time::Millis;
use leadyard::watch::{Scene, Site, look};
use leadyard::world::{Moment, World};

pub struct Floor {
    pub world: World,
    pub host: Memory,
    pub site: Site,
    pub now: Millis,
    orders: u128,
}

impl Floor {
    pub fn new(now: Millis) -> Floor {
        Floor { world: World::new(), host: Memory::default(), site: Site::NONE, now, orders: 0 }
    }

    pub fn give(&mut self, role: Role, intent: Intent) -> Option<BatchId> {
        self.orders += 1;
        let name = if role == Role::Engine { "engine" } else { "王芳" };
        let actor = Actor { name: name.into(), role, console: 0 };
        let order = Order { id: IntentId(self.orders), actor, intent, seen: Vec::new() };
        execute(&mut self.world, &mut self.host, &order, self.now).ok().and_then(|done| done.outcome.batch)
    }

    pub fn publish(&mut self, text: &str) {
        let base = self.world.published().version;
        self.give(Role::Admin, Intent::Publish { text: text.into(), note: "".into(), base });
    }

    pub fn hire(&mut self, n: u32, cap: Option<u32>) {
        let mut card = RepCard::new(&format!("r{n}"), &format!("r{n}"));
        card.teams.push("E".into());
        card.cap_open = cap;
        self.give(Role::Admin, Intent::AddReps { cards: vec![card] });
    }

    pub fn receive(&mut self, change: impl FnOnce(&mut NewLead)) {
        let mut lead = NewLead {
            attrs: Attrs { source: "web".into(), ..Attrs::default() },
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
        change(&mut lead);
        self.give(Role::Coordinator, Intent::Receive { leads: vec![lead], import: None });
    }

    /// One look; the kinds of the alerts it raises. A desk that `records` them is served by that very order, so that an engine
    /// that stands still must only be looked at.
    pub fn look(&mut self, records: bool) -> Vec<AlertKind> {
        let moment = Moment::at(self.world.book().zone, self.now);
        let scene = Scene { world: &self.world, sums: None, site: &self.site, moment: &moment };
        let steps = look(&scene, true, false).steps;
        let raised = steps.iter().filter_map(|step| match step {
            AlertStep::Fire(seen) => Some(seen.finding.key.kind),
            _ => None,
        });
        let raised = raised.collect();
        if !steps.is_empty() && records {
            self.give(Role::Engine, Intent::Watch { steps });
        }
        raised
    }

    pub fn alert(&self, kind: AlertKind) -> Option<Alert> {
        self.world.alerts().values().find(|a| a.finding.key.kind == kind).cloned()
    }

    pub fn loads(&self) -> Vec<u32> {
        self.world.reps().iter().map(|rep| rep.load).collect()
    }

    /// Load of the first rep, in thousandths of `cap`.
    pub fn share(&self, cap: u32) -> i64 {
        self.world.rep(RepId(1)).map_or(0, |rep| i64::from(rep.load) * 1000 / i64::from(cap))
    }
}
