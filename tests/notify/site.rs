//! A desk with channels: leads, alerts, a leader's term, and workers that are driven turn by turn on hands of the test's.

use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use leadyard::desk::{Clock, Interlock};
use leadyard::engine::{AlertStep, Intent, NewLead, Order};
use leadyard::model::actor::{Actor, ENGINE, Role};
use leadyard::model::alert::{AlertKey, AlertKind, AlertSubject, Notice, NoticeWhy, Severity};
use leadyard::model::contact_card::ContactCard;
use leadyard::model::event::IntentId;
use leadyard::model::id::Seq;
use leadyard::model::lead::{ArrivalKind, Attrs, LeadState};
use leadyard::model::outbox::{OutboxRow, Stage};
use leadyard::model::rep::RepCard;
use leadyard::model::time::Millis;
use leadyard::notify::{Channels, Courier, Turn, Wire, config};
use leadyard::store::{LeaseAnswer, LeaseAsk, OutboxFilter, Store};
use leadyard::world::World;

/// 2026-11-10 10:10 in Shanghai: neither a full nor a half hour.
pub const NOW: Millis = Millis(1_794_276_600_000);

pub const BOOK: &str = "calendar\n  timezone Asia/Shanghai\n\
    rule \"All\"\n  give to team Sales by round-robin\n  respond within 30m, else escalate\n\
    otherwise wait\n";

pub struct Site {
    pub dir: tempfile::TempDir,
    pub desk: Interlock,
    pub clock: Clock,
    pub epoch: u64,
    orders: u128,
}

pub fn quiet(_: u64, _: u64) {}

impl Site {
    /// A desk whose book has these `notify` lines.
    pub fn new(notify: &str) -> Site {
        let memory = Path::new("/dev/shm");
        let dir = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        let store = Store::create(&dir.path().join("desk.db"), NOW).unwrap();
        let desk = Interlock::new(store, &mut quiet).unwrap();
        let mut site = Site { dir, desk, clock: Clock::hands(NOW), epoch: 0, orders: 0 };
        let card = |login: &str, name: &str| {
            let mut card = RepCard::new(login, name);
            card.teams = vec!["Sales".into()];
            card
        };
        let cards = vec![card("lina", "李娜"), card("obrien", "O'Brien")];
        for (actor, intent) in leadyard::sim::demo::opening("boss", cards, &format!("{BOOK}{notify}\n")) {
            site.ask_as(actor, intent);
        }
        site.epoch = site.take_lead("first");
        site
    }

    pub fn path(&self) -> PathBuf {
        self.dir.path().join("desk.db")
    }

    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    pub fn try_as(&mut self, actor: Actor, intent: Intent) -> leadyard::desk::Answer {
        self.orders += 1;
        let order = Order { id: IntentId(self.orders), actor, intent, seen: Vec::new() };
        let now = self.clock.now();
        self.desk.group(&[order], now).answers.remove(0)
    }

    pub fn ask_as(&mut self, actor: Actor, intent: Intent) -> leadyard::engine::Outcome {
        self.try_as(actor, intent).unwrap()
    }

    pub fn ask(&mut self, intent: Intent) -> leadyard::engine::Outcome {
        self.ask_as(Actor { name: "boss".into(), role: Role::Admin, console: 1 }, intent)
    }

    /// A new term for a leader of this name; whoever led before is fenced off.
    pub fn take_lead(&mut self, holder: &str) -> u64 {
        let boot = self.now().0 + i64::try_from(self.orders).unwrap() * 3_600_000;
        let ask = LeaseAsk { holder, boot_id: "boot", now_boot_ms: boot, ttl_ms: 1_000 };
        let mut epoch = 0;
        let now = self.now();
        self.orders += 1;
        self.desk
            .lead(&[], now, &mut |txn, _| {
                if let LeaseAnswer::Yours { epoch: mine } = txn.lease_acquire(ask)? {
                    epoch = mine;
                }
                Ok(true)
            })
            .unwrap();
        assert!(epoch > 0);
        epoch
    }

    /// A lead at the door; the rule gives it to one of the two at once.
    pub fn try_lead(&mut self, name: &str, company: &str) -> leadyard::desk::Answer {
        self.orders += 1;
        let lead = NewLead {
            attrs: Attrs {
                source: "官网".into(),
                company: company.into(),
                has_phone: true,
                ..Attrs::default()
            },
            contact: ContactCard { name: name.into(), phone: "13800138000".into(), ..ContactCard::default() },
            keys: Vec::new(),
            system: "web".into(),
            external_id: format!("x{}", self.orders).into(),
            received_at: None,
            kind: ArrivalKind::Live,
            state: LeadState::Waiting,
            owner: None,
            do_not_contact: false,
        };
        let boss = Actor { name: "boss".into(), role: Role::Admin, console: 1 };
        self.try_as(boss, Intent::Receive { leads: vec![lead], import: None })
    }

    pub fn lead(&mut self, name: &str, company: &str) -> leadyard::model::id::LeadId {
        self.try_lead(name, company).unwrap().taken[0].lead()
    }

    /// Notices of the watch, as its lifecycle would write them.
    pub fn alerts(&mut self, count: usize, severity: Severity) {
        let kind = AlertKind::Missed;
        let step = |n: usize| {
            let key = AlertKey { kind, subject: AlertSubject::Source(n as u64) };
            AlertStep::Notice(Box::new(Notice {
                group: Some(kind),
                why: NoticeWhy::Fired,
                severity,
                firing: 1,
                resolved: 0,
                keys: vec![(key, Seq(n as u64 + 1))],
            }))
        };
        let all: Vec<usize> = (0..count).collect();
        for some in all.chunks(400) {
            let steps = some.iter().map(|n| step(*n)).collect();
            self.ask_as(
                Actor { name: ENGINE.into(), role: Role::Engine, console: 0 },
                Intent::Watch { steps },
            );
        }
    }

    pub fn rows(&self) -> Vec<OutboxRow> {
        let mut rows = self.store().outbox_page(OutboxFilter::All, 1_000).unwrap();
        rows.sort_by_key(|row| (row.cause, row.id));
        rows
    }

    pub fn stages(&self) -> Vec<Stage> {
        self.rows().into_iter().map(|row| row.stage).collect()
    }

    pub fn store(&self) -> Store {
        Store::open(&self.path()).unwrap()
    }

    pub fn world(&self) -> World {
        self.desk.world().clone()
    }
}

/// The channels of a configuration that may send to this machine.
pub fn channels(text: &str) -> Channels {
    let text = format!("[guard]\nloopback_for_tests = true\n{text}");
    config::read(&text, Path::new("channels.toml"), &|_| None).unwrap()
}

/// One channel's worker on a site, with connections of its own.
pub struct Hand<'a> {
    pub courier: Courier<'a>,
    pub store: Mutex<Store>,
    pub world: Mutex<World>,
    pub runtime: tokio::runtime::Runtime,
    pub epoch: u64,
}

impl<'a> Hand<'a> {
    pub fn new(site: &Site, channels: &'a Channels, name: &str) -> Hand<'a> {
        let wire = Wire::new(channels.guard.clone(), Duration::from_secs(5));
        Hand::by(site, channels, name, wire)
    }

    pub fn by(site: &Site, channels: &'a Channels, name: &str, wire: Wire) -> Hand<'a> {
        let channel = channels.named(name).unwrap();
        Hand {
            courier: Courier::new(channel, channels, wire, 7),
            store: Mutex::new(site.store()),
            world: Mutex::new(site.world()),
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap(),
            epoch: site.epoch,
        }
    }

    pub fn turn(&mut self, site: &Site) -> Turn {
        *self.world.lock().unwrap() = site.world();
        let (store, world) = (&self.store, &self.world);
        self.runtime.block_on(self.courier.turn(store, world, &site.clock, self.epoch)).unwrap()
    }

    /// Turns until nothing is queued, or `until` is reached; the hands go to whatever is waited for. What was handed over when.
    pub fn drive(&mut self, site: &Site, until: Millis) -> Vec<(Millis, Turn)> {
        let mut handed = Vec::new();
        loop {
            let before = site.now();
            match self.turn(site) {
                turn @ Turn::Handed { .. } => handed.push((before, turn)),
                Turn::Idle { until: Some(at) } | Turn::Waits { until: at } if at <= until => {
                    site.clock.turn_to(at)
                }
                Turn::Idle { .. } | Turn::Waits { .. } | Turn::NotLeading => return handed,
            }
        }
    }
}
